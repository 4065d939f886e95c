//! What people say about which articles belong together, and the stories as one reader has them because of it.

use std::collections::{BTreeMap, BTreeSet};

use crate::{ArticleId, ReaderId, RepairId, StoryId, Timestamp};

/// What a reader said about which articles belong together. Kept, and taken back when they say so; never edited.
#[derive(Clone, Debug, PartialEq)]
pub struct Repair {
    pub id: RepairId,
    pub reader: ReaderId,
    pub at: Timestamp,
    pub says: Says,
    /// The stories themselves are mended, for every reader; else only this reader has them so.
    pub for_all: bool,
}

/// Said of articles, not of stories: a story's number may go with a mending, an article stays what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// These (rising) do not tell of what that one tells of: they are a story of their own.
    Apart { articles: Vec<ArticleId>, from: ArticleId },
    /// Both tell of the same.
    Together { one: ArticleId, other: ArticleId },
}

impl Says {
    /// Every article that it names.
    pub fn articles(&self) -> Vec<ArticleId> {
        match self {
            Says::Apart { articles, from } => articles.iter().chain([from]).copied().collect(),
            Says::Together { one, other } => vec![*one, *other],
        }
    }

    /// Two by two: whether they belong together.
    pub fn pairs(&self) -> Vec<(ArticleId, ArticleId, bool)> {
        match self {
            Says::Apart { articles, from } => articles.iter().map(|it| (*it, *from, false)).collect(),
            Says::Together { one, other } => vec![(*one, *other, true)],
        }
    }
}

/// The stories as one reader has them: only where they differ from everybody's. Empty for nearly everyone.
///
/// A story that a reader made by splitting has the number of its oldest article, as it would have had it been split for
/// everybody; one that was merged goes by the older number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Own {
    moved: BTreeMap<ArticleId, StoryId>,
    merged: BTreeMap<StoryId, StoryId>,
    /// Everybody's stories of which something left, with where it went.
    parted: BTreeMap<StoryId, BTreeSet<StoryId>>,
}

impl Own {
    /// The repairs in their order; `everyones` is where an article stands for everybody, if it is still there.
    pub fn of(repairs: &[Repair], everyones: impl Fn(ArticleId) -> Option<StoryId>) -> Own {
        let mut own = Own::default();
        for repair in repairs {
            match &repair.says {
                Says::Apart { articles, from } => own.part(articles, *from, &everyones),
                Says::Together { one, other } => own.merge(*one, *other, &everyones),
            }
        }
        own
    }

    fn part(
        &mut self,
        articles: &[ArticleId],
        from: ArticleId,
        everyones: &impl Fn(ArticleId) -> Option<StoryId>,
    ) {
        let (Some(stays), Some(first)) = (everyones(from), articles.first()) else { return };
        let (stays, new) = (self.story_of(from, stays), StoryId(first.0));
        for &article in articles {
            let Some(real) = everyones(article) else { continue };
            if self.story_of(article, real) == stays && new != stays {
                self.moved.insert(article, new);
                self.parted.entry(real).or_default().insert(new);
            }
        }
    }

    fn merge(&mut self, one: ArticleId, other: ArticleId, everyones: &impl Fn(ArticleId) -> Option<StoryId>) {
        let (Some(one_real), Some(other_real)) = (everyones(one), everyones(other)) else { return };
        let (one, other) = (self.story_of(one, one_real), self.story_of(other, other_real));
        let (stays, gone) = (one.min(other), one.max(other));
        if stays == gone {
            return;
        }
        for story in self.moved.values_mut().chain(self.merged.values_mut()).filter(|it| **it == gone) {
            *story = stays;
        }
        for went in self.parted.values_mut() {
            if went.remove(&gone) {
                went.insert(stays);
            }
        }
        self.merged.insert(gone, stays);
    }

    pub fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.merged.is_empty()
    }

    /// Where the reader has an article that stands in this story for everybody.
    pub fn story_of(&self, article: ArticleId, everyones: StoryId) -> StoryId {
        let moved = self.moved.get(&article).or_else(|| self.merged.get(&everyones));
        moved.copied().unwrap_or(everyones)
    }

    /// Whether only this reader has a story of this number.
    pub fn is_new(&self, story: StoryId) -> bool {
        self.moved.get(&ArticleId(story.0)) == Some(&story)
    }

    /// Where the reader finds what everybody has under this number.
    pub fn stands_at(&self, story: StoryId) -> StoryId {
        self.merged.get(&story).copied().unwrap_or(story)
    }

    /// Whether this number means another set of articles to the reader than to everybody.
    pub fn differs(&self, story: StoryId) -> bool {
        !self.is_empty()
            && (self.merged.contains_key(&story)
                || self.parted.contains_key(&story)
                || self.merged.values().chain(self.moved.values()).any(|it| *it == story))
    }

    /// The reader's stories in which something of everybody's story is.
    pub fn made_of(&self, everyones: StoryId) -> Vec<StoryId> {
        let parted = self.parted.get(&everyones).into_iter().flatten().copied();
        let mut stories: Vec<StoryId> = parted.chain([self.stands_at(everyones)]).collect();
        stories.sort_unstable();
        stories.dedup();
        stories
    }

    /// Everybody's stories of which the reader's story is made.
    pub fn sources_of(&self, story: StoryId) -> Vec<StoryId> {
        let merged = self.merged.iter().filter(|it| *it.1 == story).map(|it| *it.0);
        let parted = self.parted.iter().filter(|it| it.1.contains(&story)).map(|it| *it.0);
        let itself = (!self.merged.contains_key(&story)).then_some(story);
        let mut stories: Vec<StoryId> = merged.chain(parted).chain(itself).collect();
        stories.sort_unstable();
        stories.dedup();
        stories
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Articles 1 to 3 are story 1 for everybody, 4 and 5 story 4, 6 is story 6.
    fn everyones(article: ArticleId) -> Option<StoryId> {
        match article.0 {
            1..=3 => Some(StoryId(1)),
            4..=5 => Some(StoryId(4)),
            6 => Some(StoryId(6)),
            _ => None,
        }
    }

    fn apart(articles: &[i64], from: i64) -> Says {
        Says::Apart { articles: articles.iter().map(|it| ArticleId(*it)).collect(), from: ArticleId(from) }
    }

    fn together(one: i64, other: i64) -> Says {
        Says::Together { one: ArticleId(one), other: ArticleId(other) }
    }

    /// The reader's story of each of the articles 1 to 6.
    fn check(said: &[Says], stories: [i64; 6]) -> Own {
        let repair = |(number, says): (i64, &Says)| Repair {
            id: RepairId(number),
            reader: ReaderId(1),
            at: Timestamp(number),
            says: says.clone(),
            for_all: false,
        };
        let repairs: Vec<Repair> = (1..).zip(said).map(repair).collect();
        let own = Own::of(&repairs, everyones);
        let found = [1, 2, 3, 4, 5, 6].map(|it| {
            let article = ArticleId(it);
            own.story_of(article, everyones(article).expect("it is there")).0
        });
        assert_eq!(found, stories, "{said:?}");
        own
    }

    #[test]
    fn what_does_not_belong_is_a_story_of_its_own() {
        let own = check(&[apart(&[2, 3], 1)], [1, 2, 2, 4, 4, 6]);
        assert_eq!(own.sources_of(StoryId(2)), [StoryId(1), StoryId(2)]);
        assert_eq!(own.made_of(StoryId(1)), [StoryId(1), StoryId(2)]);
        assert!(own.differs(StoryId(1)) && own.differs(StoryId(2)) && !own.differs(StoryId(4)));
        // Already apart: nothing changes.
        assert!(check(&[apart(&[4], 1)], [1, 1, 1, 4, 4, 6]).is_empty());
    }

    #[test]
    fn what_is_the_same_goes_by_the_older_number() {
        let own = check(&[together(5, 2)], [1, 1, 1, 1, 1, 6]);
        assert_eq!(own.sources_of(StoryId(1)), [StoryId(1), StoryId(4)]);
        assert_eq!((own.stands_at(StoryId(4)), own.made_of(StoryId(4))), (StoryId(1), vec![StoryId(1)]));
        check(&[together(6, 4), together(5, 1)], [1, 1, 1, 1, 1, 1]);
        check(&[together(2, 1)], [1, 1, 1, 4, 4, 6]);
    }

    #[test]
    fn repairs_count_in_the_order_in_which_they_were_said() {
        check(&[together(5, 2), apart(&[4, 5], 1)], [1, 1, 1, 4, 4, 6]);
        check(&[apart(&[3], 1), together(3, 6)], [1, 1, 3, 4, 4, 3]);
        check(&[apart(&[3], 1), together(3, 6), together(6, 1)], [1, 1, 1, 4, 4, 1]);
        check(&[apart(&[2, 3], 1), apart(&[3], 2)], [1, 2, 3, 4, 4, 6]);
        // Of an article that is gone nothing follows.
        check(&[together(9, 2), apart(&[9], 1)], [1, 1, 1, 4, 4, 6]);
    }
}
