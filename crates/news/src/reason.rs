use crate::{Retrieval, SourceId, StoryId, Target};

/// Why a story is in an edition. Turned into words where it is shown, in the reader's language.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    YouFollow(Target),
    /// Guessed from what they read: `liked` and `disliked` are the evidence.
    YouOftenRead {
        target: Target,
        liked: f32,
        disliked: f32,
    },
    /// Near one of the centres of interest; `example` is a headline of it.
    LikeWhatYouRead {
        example: String,
        likeness: f32,
    },
    /// Of all that they read, this one speaks most for it.
    LikeOneYouRead(StoryId),
    /// Of all that they passed over, this one speaks most against it.
    LikeOneYouPassedOver(StoryId),
    WidelyCovered {
        outlets: u32,
    },
    /// So many of the reader's own sources tell it.
    YourSources {
        sources: u32,
    },
    JustHappened {
        hours: u32,
    },
    /// So many of its articles came since the reader last looked and told something that the story had not told.
    NewSince {
        articles: u32,
    },
    /// This source publishes this seldom: so many entries in a week.
    SeldomPublishes {
        source: SourceId,
        a_week: f32,
    },
    /// Shown to find out whether they care; `odds` is what we guessed before.
    Exploring {
        odds: f32,
    },
    From(SourceId),
    /// In the reader's own languages.
    YourLanguage,
    /// In a language of none of their sources.
    NotYourLanguage,
    /// It was in so many editions already, and was not opened.
    ShownBefore {
        times: u32,
    },
    /// Was found so; says no more than that.
    FoundBy(Retrieval),
    /// Where every story begins: the reader's general readiness to open one.
    Base,
}

/// A reason and its part of the score.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// The feature that it comes from.
    pub feature: String,
    pub reason: Reason,
    /// What was measured, and how much it weighs for this reader: `share = value × weight`.
    pub value: f32,
    pub weight: f32,
}

impl Because {
    /// Its part of the score (log-odds); the parts of a story add up to its score.
    pub fn share(&self) -> f32 {
        self.value * self.weight
    }
}
