use news::{Example, Reason};

use crate::{
    Feature,
    view::{Look, View},
};

/// It lies in the direction of what they open, away from what they pass over.
pub struct Taste;

impl Feature for Taste {
    fn name(&self) -> &'static str {
        "taste"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        let taste = &view.profile.interests.taste;
        let story = &look.story.centre;
        if taste.len() != story.values().len() || story.is_empty() {
            return 0.0;
        }
        story.along(taste)
    }

    /// The one story that they met which says most of it.
    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        let for_it = 0.0 < self.measure(view, look);
        let says = |it: &Example| it.pull * it.direction.likeness(&look.story.centre);
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
