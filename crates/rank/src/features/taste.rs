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
        view.profile.interests.along(&look.story.centre) + view.words(look.story)
    }

    /// The one story that they met which says most of it.
    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        let sign = self.measure(view, look).signum();
        let words = Words::of(look);
        let mut strongest: Option<(f32, &Example)> = None;
        for &example in view.examples().iter().filter(|it| it.story != look.story.story) {
            let pull = example.pull * sign;
            // Meaning and words say at most as much as the pull each, and those that follow have a smaller one.
            if strongest.is_some_and(|(most, _)| 2.0 * pull.abs() <= most) {
                break;
            }
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

/// A story's words as a direction of length 1, to be compared with many. Bits say at once of nearly every other word
/// that it is not among them.
struct Words {
    bits: [u64; 16],
    weights: HashMap<u32, f32, Plain>,
}

impl Words {
    fn of(look: &Look<'_>) -> Words {
        let terms = &look.story.terms;
        let length = terms.iter().map(|it| it.weight * it.weight).sum::<f32>().sqrt().max(1e-6);
        let mut words = Words { bits: [0; 16], weights: HashMap::default() };
        for term in terms {
            let (word, bit) = Words::place(term.hash);
            words.bits[word] |= bit;
            words.weights.insert(term.hash, term.weight / length);
        }
        words
    }

    fn place(word: u32) -> (usize, u64) {
        ((word >> 6 & 15) as usize, 1 << (word & 63))
    }

    fn shared(&self, words: &[(u32, f32)]) -> f32 {
        let may_be = |word: u32| {
            let (at, bit) = Words::place(word);
            self.bits[at] & bit != 0
        };
        let both = words.iter().filter(|(word, _)| may_be(*word));
        both.map(|(word, weight)| weight * self.weights.get(word).unwrap_or(&0.0)).sum()
    }
}
