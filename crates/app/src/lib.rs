//! Everything that one can ask tidings, or tell it: plain functions over plain data. No HTTP, no HTML.
//!
//! Pages, APIs, the command line and the terminal all come through here, so that each rule about what a reader may
//! see or do stands once.

mod alerts;
mod behind;
mod beliefs;
mod beliefs_file;
mod changes;
mod doctor;
mod edition;
mod feeds;
mod follows;
mod leaving;
mod muting;
mod own;
mod proof;
mod receiving;
mod signals;
mod situation;
mod sources;
mod stale;
mod starters;
mod story;
mod telling;
mod unread;

use std::sync::Arc;

use fetch::Fetcher;
use news::{Clock, Timestamp};
use store::{Keeping, Queue, Reading, Receiving, StoreError};

pub use alerts::{AlertView, is_quiet};
pub use beliefs::Beliefs;
pub use changes::{Said, Version};
pub use cluster::unfolded;
pub use doctor::{Complaint, Report};
pub use edition::{EditionPage, Freshness, Why, minutes_of};
pub use feeds::{OutFeed, OutItem};
pub use follows::{
    SECTIONS, looks_into_texts, parse_place, parse_target, place_word, same_target, target_word, target_words,
};
pub use muting::{Muting, Spot, is_hidden_by_its_text};
pub use own::{Pair, PairOf, Repaired, Taught};
pub use receiving::{Addressed, Pushed, WaysIn};
pub use signals::Act;
pub use situation::TargetPage;
pub use sources::{Added, Import, LIST_AT_MOST, SourcePage, shown_address};
pub use stale::Stale;
pub use starters::{Starter, starters};
pub use store::{
    Byline, Counts, EntryFilter, EntryHead, FollowMark, Found, Leaving, Mark, NewFollow, NewSource,
    SourceView, StageLoad, StoryState,
};
pub use story::{ArticlePage, Looking, Newest, PartedFrom, RepairSaid, StoryPage};
pub use telling::{Fresh, Telling};

pub struct App {
    pub store: Arc<dyn Reading>,
    pub keeping: Arc<dyn Keeping>,
    pub queue: Arc<dyn Queue>,
    pub receiving: Arc<dyn Receiving>,
    pub ways_in: WaysIn,
    pub fetcher: Arc<dyn Fetcher>,
    pub clock: Arc<dyn Clock>,
    pub rank: rank::Policy,
    pub learn: learn::Policy,
}

impl App {
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

pub type Result<T> = std::result::Result<T, AppError>;

/// What a caller can do something about.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    #[error("not found")]
    NotFound,
    /// The reader does not want to see it: this mute says so. Whoever asks for it all the same is shown it.
    #[error("it is hidden, because you mute {}", target_words(&.0.target))]
    Muted(Box<news::Follow>),
    /// What was asked cannot be done as it was asked; the sentence says why, for the person who asked.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for AppError {
    fn from(error: StoreError) -> AppError {
        match error {
            StoreError::NotFound => AppError::NotFound,
            other => AppError::Store(other),
        }
    }
}
