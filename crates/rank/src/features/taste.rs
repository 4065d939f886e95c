use std::collections::HashMap;

use news::{Example, Reason};

use crate::{
    Feature,
    about::Plain,
    view::{Look, View},
};

/// It lies in the direction of what they open, away from what they pass over.
pub struct Taste;

impl Feature for Taste {
    fn name(&self) -> &'static str {
        "taste"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        look.story.centre.along(&view.profile.interests.taste) + view.words(look.story)
    }

    /// The one story that they met which says most of it.
    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        let sign = self.measure(view, look).signum();
        let words = Words::of(look);
        let mut strongest: Option<(f32, &Example)> = None;
        for example in view.profile.interests.examples.iter().filter(|it| it.story != look.story.story) {
            let pull = example.pull * sign;
            let meaning = pull * example.direction.likeness(&look.story.centre);
            // The words of two stories can be no more alike than equal: most examples need no second look.
            if strongest.is_none_or(|(most, _)| most < meaning + pull.abs()) {
                let says = meaning + pull * words.shared(&example.words);
                if strongest.is_none_or(|(most, _)| most < says) {
                    strongest = Some((says, example));
                }
            }
        }
        match strongest {
            Some((_, example)) if 0.0 < example.liking => Reason::LikeOneYouRead(example.story),
            Some((_, example)) => Reason::LikeOneYouPassedOver(example.story),
            None => Reason::Base,
        }
    }
}

/// A story's words as a direction of length 1, to be compared with many.
struct Words(HashMap<u32, f32, Plain>);

impl Words {
    fn of(look: &Look<'_>) -> Words {
        let terms = &look.story.terms;
        let length = terms.iter().map(|it| it.weight * it.weight).sum::<f32>().sqrt().max(1e-6);
        Words(terms.iter().map(|it| (it.hash, it.weight / length)).collect())
    }

    fn shared(&self, words: &[(u32, f32)]) -> f32 {
        words.iter().map(|(word, weight)| weight * self.0.get(word).unwrap_or(&0.0)).sum()
    }
}
