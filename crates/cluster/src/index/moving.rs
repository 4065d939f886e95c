//! Stories that become one, and one that becomes two.

use news::{ArticleId, Sketch, StoryId};

use super::{short, telling};
use crate::{Index, centre::Centre, keep::Number, told::Told};

impl Index {
    pub(crate) fn number_of(&self, story: StoryId) -> Option<Number> {
        self.by_story.get(&(story.0 as u64)).copied()
    }

    pub(crate) fn join(&mut self, story: StoryId, gone: StoryId, said: bool) {
        let (Some(number), Some(left)) = (self.number_of(story), self.number_of(gone)) else { return };
        if number == left {
            return;
        }
        let Some(left) = self.stories.move_to(left, number) else { return };
        self.by_story.remove(&(gone.0 as u64));
        let Some(told) = self.stories.get_mut(number) else { return };
        let counted = told.take_in(left);
        told.said |= said;
        counted.names.into_iter().for_each(|it| self.names.release(it));
        counted.topics.into_iter().for_each(|it| self.topics.release(it));
        for pair in self.apart.iter_mut().filter(|it| it.0 == gone || it.1 == gone) {
            let other = if pair.0 == gone { pair.1 } else { pair.0 };
            *pair = (other.min(story), other.max(story));
        }
        self.found_by_meaning(number);
    }

    /// Both parts are made anew from what their articles tell; what is known of none of them is forgotten.
    pub(crate) fn split_off(
        &mut self,
        story: StoryId,
        into: StoryId,
        articles: &[ArticleId],
        sketches: &[Sketch],
    ) {
        let Some(number) = self.number_of(story) else { return };
        let Some(told) = self.stories.get_mut(number) else { return };
        let members = std::mem::take(&mut told.members);
        let (names, topics) = (std::mem::take(&mut told.names), std::mem::take(&mut told.topics));
        let (placed, said) = (told.placed, told.said);
        let made = |part: &[&Sketch], story: StoryId, index: &Index| {
            let mut told = index.told_by(part, story)?;
            (told.placed, told.said) = (placed, said);
            Some(told)
        };
        names.iter().for_each(|it| self.names.release(it.0));
        topics.iter().for_each(|it| self.topics.release(it.0));
        let mut known: Vec<&Sketch> = sketches.iter().filter(|it| members.contains(&it.article)).collect();
        known.sort_unstable_by_key(|it| it.article);
        let (left, stays): (Vec<&Sketch>, Vec<&Sketch>) =
            known.into_iter().partition(|it| articles.contains(&it.article));
        match (made(&stays, story, self), self.stories.get_mut(number)) {
            (Some(anew), Some(told)) => *told = anew,
            _ => {
                self.stories.take(number);
                self.by_story.remove(&(story.0 as u64));
            }
        }
        stays.iter().for_each(|it| self.count(number, it));
        self.found_by_meaning(number);
        if let Some(anew) = made(&left, into, self) {
            let words = telling(&anew.centre, self.policy.looked_up);
            let new = self.stories.push(anew);
            self.by_story.insert(into.0 as u64, new);
            for sketch in left {
                self.count(new, sketch);
                self.by_address.remove(&short(sketch.address));
                self.found_under(new, sketch);
            }
            words.into_iter().for_each(|(_, word)| self.found_by(new, word));
            self.found_by_meaning(new);
        }
        self.apart.push((story.min(into), story.max(into)));
    }

    /// A story of these, its names not counted yet.
    fn told_by(&self, sketches: &[&Sketch], story: StoryId) -> Option<Told> {
        let (first, others) = sketches.split_first()?;
        let mut told = Told::begun_by(Centre::of(first, &self.rarity), first, story);
        others.iter().for_each(|it| told.joined_by(&Centre::of(it, &self.rarity), it));
        Some(told)
    }
}
