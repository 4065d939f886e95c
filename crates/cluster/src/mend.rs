//! Stories that are one after all, and stories that are two.
//!
//! An article is placed by what is known when it comes. Two stories that began apart may turn out to be one when both
//! have grown: what was one outlet's angle is then what all say. So after each placement the story that grew is held
//! against those nearby, all members of the one against all of the other ("average link": Sokal, Michener, 1958), and
//! what is one is joined. Decisions of their own, recorded in the order of placements.

#[cfg(test)]
mod tests;

use news::{Mending, Sketch, StoryId};

use crate::{
    Index, evidence,
    likeness::{FEATURES, Features, measure, measure_alone, odds, probability},
};

/// So many members of each are held against each other, spread evenly over the order in which they came.
const MEMBERS: usize = 8;
/// So many stories nearby are looked at.
const STORIES: usize = 6;

impl Index {
    /// What is to be mended now that this story has grown: decided and done. Who replays records calls [`Index::apply`]
    /// with each instead, after the placement behind which it stands.
    pub fn mend(&mut self, story: StoryId) -> Vec<Mending> {
        let mut mended = Vec::new();
        let mut grown = story;
        while let Some(mending) = self.one_with(grown) {
            let Mending::Join { story, .. } = mending else { break };
            self.apply(&mending);
            grown = story;
            mended.push(self.with_face(mending));
        }
        mended
    }

    /// Replays what was recorded. Articles and stories that it does not have are passed over.
    pub fn apply(&mut self, mending: &Mending) {
        match mending {
            Mending::Join { story, gone, .. } => self.join(*story, *gone),
            Mending::Split { story, into, articles, face, new_face } => {
                self.split_off(*story, *into, articles, face, new_face);
            }
        }
    }

    /// Parts a story by what somebody says: done, and told for the record. The sketches are those of all its articles, in
    /// the order in which they were placed; `leaves` says which of them make up a story of their own. None when nobody
    /// leaves or nobody stays.
    pub fn split(
        &mut self,
        story: StoryId,
        sketches: &[Sketch],
        leaves: impl Fn(&Sketch) -> bool,
    ) -> Option<Mending> {
        let (mut left, mut stays): (Vec<&Sketch>, Vec<&Sketch>) = sketches.iter().partition(|it| leaves(it));
        // The story keeps its number with the article that it has it from.
        if left.iter().any(|it| it.article.0 == story.0) {
            std::mem::swap(&mut left, &mut stays);
        }
        let into = StoryId(left.iter().map(|it| it.article.0).min()?);
        let articles = left.iter().map(|it| it.article).collect();
        let (face, new_face) = (self.face_of(&stays)?.into(), self.face_of(&left)?.into());
        let mending = Mending::Split { story, into, articles, face, new_face };
        self.apply(&mending);
        Some(self.with_face(mending))
    }

    /// The story nearby that this one is one with, if there is any.
    fn one_with(&mut self, story: StoryId) -> Option<Mending> {
        let others = self.nearby(story, STORIES);
        let mut best: Option<(f32, StoryId, Features)> = None;
        for other in others {
            if self.apart.contains(&in_order(story, other)) {
                continue;
            }
            let Some((odds, features)) = self.together(story, other) else { continue };
            if self.policy.mend_at <= odds && best.as_ref().is_none_or(|it| it.0 < odds) {
                best = Some((odds, other, features));
            }
        }
        let (odds, other, features) = best?;
        let (story, gone) = self.keeps_its_number(story, other);
        let evidence = evidence::told(&features, &self.policy, &[], self.gap(story, gone));
        Some(Mending::Join { story, gone, likeness: probability(odds), evidence, face: Box::default() })
    }

    /// How likely two stories are one: the mean over pairs of members.
    fn together(&self, one: StoryId, other: StoryId) -> Option<(f32, Features)> {
        let mut sum: Features = [0.0; FEATURES.len()];
        let (mut all, mut pairs) = (0.0, 0.0);
        let others: Vec<_> =
            self.some_members(other, MEMBERS).into_iter().filter_map(|it| self.print(it)).collect();
        for asking in self.some_members(one, MEMBERS).into_iter().filter_map(|it| self.asking_again(it)) {
            for print in &others {
                let mut features = measure(&asking, print);
                measure_alone(&mut features, &asking, print);
                all += odds(&features, &self.policy.weights);
                sum.iter_mut().zip(&features).for_each(|(sum, it)| *sum += it);
                pairs += 1.0;
            }
        }
        (0.0 < pairs).then(|| (all / pairs, sum.map(|it| it / pairs)))
    }

    fn with_face(&self, mending: Mending) -> Mending {
        let its = |story| Box::new(self.face(story).unwrap_or_default());
        match mending {
            Mending::Join { story, gone, likeness, evidence, .. } => {
                Mending::Join { story, gone, likeness, evidence, face: its(story) }
            }
            Mending::Split { story, into, articles, .. } => {
                Mending::Split { story, into, articles, face: its(story), new_face: its(into) }
            }
        }
    }
}

pub fn in_order(one: StoryId, other: StoryId) -> (StoryId, StoryId) {
    (one.min(other), one.max(other))
}
