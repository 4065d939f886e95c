//! The nouns of tidings: plain data that every other crate shares.
//!
//! No I/O, no async, no clock, no serialisation. One file for one noun; the glossary is in `ARCHITECTURE.md`.

mod address;
mod alert;
mod arrival;
mod article;
mod decision;
mod edition;
mod entry;
mod follow;
mod id;
mod interest;
mod quote;
mod reader;
mod reason;
mod repair;
mod signal;
mod source;
mod story;
mod time;
mod understanding;
pub mod words;

pub use address::{canonical, host_of, may_be_told, outlet_of, unwrapped};
pub use alert::Alert;
pub use arrival::{Arrival, ArrivalKind, Mailbox, Subscription, Wish};
pub use article::{Article, Author, AuthorKind, Completeness, Extracted, Media, Picture, SafeHtml};
pub use decision::{Evidence, Mending, Placement, Refreshed, Retrieval, Trouble};
pub use edition::{Edition, Section, Slot};
pub use entry::{Enclosure, Entry, Known, NewEntry, Published};
pub use follow::{Follow, Place, Stance, Target, Weight};
pub use id::{
    AlertId, ArticleId, EditionId, EntryId, FollowId, ReaderId, RepairId, SignalId, SourceId, StoryId,
};
pub use interest::{Belief, Centre, Example, Interests, Ranker};
pub use quote::{KeyPoint, Quote};
pub use reader::{Reader, ReaderSettings};
pub use reason::{Because, Reason};
pub use repair::{Own, Repair, Says};
pub use signal::{Signal, SignalKind, UNLEARNT};
pub use source::{Access, Health, Hub, Mailing, Pace, Source, SourceKind};
pub use story::{Face, Member, Said, Sketch, Story, StorySketch};
pub use time::{Clock, FixedClock, Timestamp};
pub use understanding::{Embedding, Language, Model, Name, NameKind, Term, Topic, Understanding};
