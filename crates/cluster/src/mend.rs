//! Stories that are one after all, and stories that are two.
//!
//! An article is placed by what is known when it comes. Two stories that began apart may turn out to be one when both
//! have grown: what was one outlet's angle is then what all say. So after each placement the story that grew is held
//! against those nearby, all members of the one against all of the other ("average link": Sokal, Michener, 1958), and
//! what is one is joined. Decisions of their own, recorded in the order of placements.

#[cfg(test)]
mod tests;

use std::time::Duration;

use news::{ArticleId, Evidence, Mending, Sketch, StoryId};

use crate::{
    Index,
    centre::Centre,
    evidence,
    likeness::{Features, odds, probability},
    told::Told,
};

impl Index {
    /// What is to be mended now that this story has grown: decided and done. Who replays records calls [`Index::apply`]
    /// with each instead, after the placement behind which it stands.
    pub fn mend(&mut self, story: StoryId) -> Vec<Mending> {
        let mut mended = Vec::new();
        let mut grown = story;
        while let Some((mending, kept)) = self.one_with(grown) {
            self.apply(&mending, &[]);
            grown = kept;
            mended.push(self.with_face(mending));
        }
        mended
    }

    /// Replays what was recorded. Articles and stories that it does not have are passed over. The sketches, in any order, are
    /// those of the [`members`](Index::members) of the story that is split; none are wanted for a join.
    pub fn apply(&mut self, mending: &Mending, sketches: &[Sketch]) {
        match mending {
            Mending::Join { story, gone, evidence, .. } => self.join(*story, *gone, evidence.is_empty()),
            Mending::Split { story, into, articles, .. } => self.split_off(*story, *into, articles, sketches),
        }
    }

    /// Parts a story by what somebody says, or for a reason: done, and told for the record. The sketches are those of all its
    /// articles; `leaves` says which of them make up a story of their own. None when nobody leaves or nobody stays.
    pub fn split(
        &mut self,
        story: StoryId,
        sketches: &[Sketch],
        evidence: Vec<Evidence>,
        leaves: impl Fn(&Sketch) -> bool,
    ) -> Option<Mending> {
        let (mut left, mut stays): (Vec<&Sketch>, Vec<&Sketch>) = sketches.iter().partition(|it| leaves(it));
        // The story keeps its number with the article that it has it from.
        if left.iter().any(|it| it.article.0 == story.0) {
            std::mem::swap(&mut left, &mut stays);
        }
        let into = StoryId(left.iter().map(|it| it.article.0).min()?);
        if stays.is_empty() || self.told(story).is_none() {
            return None;
        }
        let mut articles: Vec<ArticleId> = left.iter().map(|it| it.article).collect();
        articles.sort_unstable();
        let (face, new_face) = Default::default();
        let mending = Mending::Split { story, into, articles, evidence, face, new_face };
        self.apply(&mending, sketches);
        Some(self.with_face(mending))
    }

    /// The story nearby that this one is one with, if there is any.
    fn one_with(&mut self, story: StoryId) -> Option<(Mending, StoryId)> {
        let mut best: Option<(f32, StoryId, Features)> = None;
        for (other, features) in self.weighed_beside(story) {
            let odds = odds(&features, &self.policy.weights);
            if self.policy.mend_at <= odds && best.as_ref().is_none_or(|it| it.0 < odds) {
                best = Some((odds, other, features));
            }
        }
        let (odds, other, features) = best?;
        let (one, other) = (self.told(story)?, self.told(other)?);
        let evidence = evidence::told(&features, &self.policy, &[], gap(&one.centre, &other.centre));
        // The greater keeps its number, so that most readers find theirs where it was; of equals the older.
        let order = |it: &Told| (std::cmp::Reverse(it.centre.members), it.id);
        let (kept, gone) = if order(one) <= order(other) { (one.id, other.id) } else { (other.id, one.id) };
        let (likeness, facts) = (probability(odds), self.brings(kept, gone));
        let join = Mending::Join { story: kept, gone, likeness, evidence, facts, face: Box::default() };
        Some((join, kept))
    }

    fn with_face(&self, mending: Mending) -> Mending {
        let its = |story| Box::new(self.face(story).unwrap_or_default());
        match mending {
            Mending::Join { story, gone, likeness, evidence, facts, .. } => {
                Mending::Join { story, gone, likeness, evidence, facts, face: its(story) }
            }
            Mending::Split { story, into, articles, evidence, .. } => {
                let (face, new_face) = (its(story), its(into));
                Mending::Split { story, into, articles, evidence, face, new_face }
            }
        }
    }
}

fn gap(one: &Centre, other: &Centre) -> Duration {
    let (first, second) = if one.began <= other.began { (one, other) } else { (other, one) };
    if second.began <= first.last_grew { Duration::ZERO } else { first.last_grew.apart(second.began) }
}
