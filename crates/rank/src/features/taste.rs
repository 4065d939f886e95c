use news::{Example, Reason};

use crate::{
    Feature,
    view::{Look, View},
};

/// How much a story has in common with an example: in meaning, and in words.
fn alike(example: &Example, look: &Look<'_>) -> f32 {
    let length = look.story.terms.iter().map(|it| it.weight * it.weight).sum::<f32>().sqrt().max(1e-6);
    let shared = look.story.terms.iter().filter_map(|term| {
        let (_, weight) = example.words.iter().find(|(word, _)| *word == term.hash)?;
        Some(weight * term.weight / length)
    });
    example.direction.likeness(&look.story.centre) + shared.sum::<f32>()
}

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
        let for_it = 0.0 < self.measure(view, look);
        let says = |it: &Example| it.pull * alike(it, look);
        let examples = view.profile.interests.examples.iter().filter(|it| it.story != look.story.story);
        let strongest = examples.max_by(|a, b| {
            let (a, b) = if for_it { (says(a), says(b)) } else { (-says(a), -says(b)) };
            a.total_cmp(&b)
        });
        match strongest {
            Some(example) if 0.0 < example.liking => Reason::LikeOneYouRead(example.story),
            Some(example) => Reason::LikeOneYouPassedOver(example.story),
            None => Reason::Base,
        }
    }
}
