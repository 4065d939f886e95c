//! What speaks for each of the stories nearby, before anything is decided.

use news::{Sketch, StoryId};

use crate::{
    Index,
    keep::Number,
    likeness::{Asking, Features, same_text, texts},
};

impl Index {
    /// The stories that an article may join, each with its grounds: for fitting.
    pub fn weighed_for(&mut self, sketch: &Sketch) -> Vec<(StoryId, Features)> {
        let asking = self.alone(sketch);
        let weighed = self.weighed(&asking, sketch).into_iter();
        weighed.filter_map(|(number, features)| Some((self.stories.get(number)?.id, features))).collect()
    }

    pub(crate) fn weighed(&mut self, asking: &Asking, sketch: &Sketch) -> Vec<(Number, Features)> {
        let text = texts(sketch);
        let linked = self.linked(sketch);
        let candidates = self.candidates(&asking.centre, None, &linked).into_iter();
        let weighed = candidates.filter_map(|it| {
            let told = self.stories.get(it.number)?;
            let same = told.texts.iter().map(|its| same_text(&text, its)).fold(0.0, f32::max);
            Some((it.number, asking.measure(&told.centre, it.linked, same)))
        });
        weighed.collect()
    }

    /// The stories that one which has grown may be one with, each with its grounds; none while it is not looked at.
    pub fn weighed_beside(&mut self, story: StoryId) -> Vec<(StoryId, Features)> {
        let number = self.number_of(story);
        let Some(told) = number.and_then(|it| self.stories.get(it)) else { return Vec::new() };
        // A story of one was compared when it was placed.
        let alone = told.centre.members == 1 && self.policy.join_at <= self.policy.mend_at;
        if alone || !is_looked_at(told.centre.members) {
            return Vec::new();
        }
        let asking = Asking::of(told.centre.clone(), &self.rarity);
        let candidates = self.candidates(&asking.centre, number, &[]);
        let told = candidates.into_iter().filter_map(|it| self.stories.get(it.number));
        let weighed = told.map(|it| (it.id, asking.measure(&it.centre, false, 0.0)));
        let parted = |other: StoryId| self.apart.contains(&(story.min(other), story.max(other)));
        weighed.filter(|it| !parted(it.0)).collect()
    }
}

/// A great one changes little with each article: it is looked at again when it has grown by an eighth.
fn is_looked_at(members: u32) -> bool {
    members < 16 || members.is_multiple_of(members.next_power_of_two() / 16)
}
