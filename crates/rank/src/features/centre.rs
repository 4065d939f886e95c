use news::Reason;

use crate::{
    Feature,
    view::{Look, Side, View},
};

/// It is near one of the sides of the reader's interest.
pub struct Centre;

/// Likeness that any two stories have.
const NOTHING: f32 = 0.2;

/// More places than any embedder gives.
const PLACES: usize = 1024;

/// As [`news::Embedding::likeness`], of values that were widened before: a product of them is one instruction.
fn likeness(side: &Side<'_>, story: &news::Embedding, values: &[i16]) -> f32 {
    let lengths = side.centre.direction.length() * story.length();
    if side.values.len() != values.len() || lengths == 0.0 {
        return 0.0;
    }
    let dot: i32 = side.values.iter().zip(values).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
    dot as f32 / lengths
}

impl Centre {
    fn nearest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, &'a news::Centre)> {
        let story = &look.story.centre;
        let mut buffer = [0_i16; PLACES];
        let values = buffer.get_mut(..story.values().len())?;
        for (to, value) in values.iter_mut().zip(story.values()) {
            *to = (*value).into();
        }
        let sure = |it: &news::Centre| it.weight / (it.weight + 1.0);
        (view.sides.iter())
            .map(|it| ((likeness(it, story, values) - NOTHING) * sure(it.centre), it.centre))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
    }
}

impl Feature for Centre {
    fn name(&self) -> &'static str {
        "centre"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.nearest(view, look).map_or(0.0, |(likeness, _)| likeness.max(0.0))
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        match self.nearest(view, look) {
            Some((_, centre)) => Reason::LikeWhatYouRead {
                example: centre.example.clone(),
                likeness: centre.direction.likeness(&look.story.centre),
            },
            None => Reason::Base,
        }
    }
}
