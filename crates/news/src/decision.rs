//! What the stages decide: the only things that the store is ever asked to write down.

use crate::{EntryId, Face, Health, Language, Mailing, NewEntry, SourceId, StoryId};

/// Something that went wrong in the world: data, not an error. Shown to the reader and in `doctor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// A short, stable word for scripts: `not_found`, `gone`, `dns`, `timeout`, `too_big`, `not_a_feed`, `refused`…
    pub word: String,
    /// A sentence for people: what happened, and what they can do.
    pub says: String,
}

impl Trouble {
    pub fn new(word: &str, says: impl Into<String>) -> Trouble {
        Trouble { word: word.into(), says: says.into() }
    }
}

/// What came of looking at one source.
#[derive(Clone, Debug)]
pub struct Refreshed {
    pub source: SourceId,
    /// What the source says of itself now, where it said anything.
    pub title: Option<String>,
    pub site: Option<String>,
    pub language: Option<Language>,
    /// The address under which it is asked from now on, when a lasting move has been seen often enough.
    pub new_address: Option<String>,
    pub added: Vec<NewEntry>,
    /// Entries that we have and whose headline or text is another now.
    pub changed: Vec<(EntryId, NewEntry)>,
    pub health: Health,
    /// What a newsletter's mail says of who sends it; kept where it says nothing.
    pub mailing: Option<Mailing>,
}

impl Refreshed {
    /// It told nothing that is new, of itself neither.
    pub fn nothing(source: SourceId, health: Health) -> Refreshed {
        Refreshed {
            source,
            title: None,
            site: None,
            language: None,
            new_address: None,
            added: Vec::new(),
            changed: Vec::new(),
            health,
            mailing: None,
        }
    }
}

/// Where one article belongs. Carries all that is written down of the story.
#[derive(Clone, Debug)]
pub struct Placement {
    pub article: crate::ArticleId,
    /// The story: the article's own number when it begins one.
    pub story: StoryId,
    /// How sure we are that it belongs there, 0 to 1; 1 for the one that began it.
    pub likeness: f32,
    /// The grounds, strongest first; empty for the one that began the story.
    pub evidence: Vec<Evidence>,
    /// How many things it tells that its story had not told; 0 for a copy, and for the same in other words. Whoever read
    /// the story is shown it again only for what brings some.
    pub facts: u32,
    /// The face of the story now that the article is in it.
    pub face: Face,
}

/// A change of which articles belong together, found after they were placed. It counts from where it stands among the
/// placements: what is placed after it is placed among the stories as it left them.
#[derive(Clone, Debug, PartialEq)]
pub enum Mending {
    /// Two stories that are one: all of `gone` belongs to `story`.
    /// `facts`: what `gone` tells that `story` does not. Without evidence somebody said so: such a story is not parted again
    /// but by somebody.
    Join {
        story: StoryId,
        gone: StoryId,
        likeness: f32,
        evidence: Vec<Evidence>,
        facts: u32,
        face: Box<Face>,
    },
    /// One story that is two: these articles belong to `into`, which is the number of one of them. They are not joined
    /// again. `face` is that of what stays, `new_face` that of what left. The evidence says how little they have in common;
    /// there is none when somebody said so.
    Split {
        story: StoryId,
        into: StoryId,
        articles: Vec<crate::ArticleId>,
        evidence: Vec<Evidence>,
        face: Box<Face>,
        new_face: Box<Face>,
    },
}

/// One ground for (or, with a negative part, against) two texts telling of the same happening.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// What was compared: `headline words`, `names`, `time apart`, `meaning`, `same text`…
    pub ground: String,
    /// In words, with the things named: "both name Shin Won-sik and Ukraine".
    pub says: String,
    /// Its part of the log-odds.
    pub part: f32,
}

/// One way of finding stories that may matter to a reader. Plain data: the store carries it out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Retrieval {
    /// About something that the reader follows.
    Followed,
    /// Near what they read.
    Similar,
    /// Told by many outlets now.
    WidelyCovered,
    /// From their own sources, newest first.
    FromSources,
    /// From sources that seldom publish.
    RareSources,
    /// Outside of what they usually see.
    Unfamiliar,
}
