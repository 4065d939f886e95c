use crate::{ArticleId, EditionId, ReaderId, SignalId, StoryId, Timestamp};

/// Something one reader did, kept for ever and never edited: what we know of them is a fold over these.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    /// Given out by the store; 0 before it is recorded.
    pub id: SignalId,
    pub reader: ReaderId,
    pub story: StoryId,
    pub article: Option<ArticleId>,
    /// The edition in which it stood, so that learning knows with which reasons it was shown.
    pub edition: Option<EditionId>,
    pub at: Timestamp,
    pub kind: SignalKind,
    /// Where it was done: `web`, `cli`, `fever`…; so that a device can be left out of learning.
    pub device: String,
}

/// Ends the device of what was done while learning was paused. It stands with the signal, because interests are a fold
/// over signals and nothing else: made anew at any time, they are the same.
pub const UNLEARNT: &str = " (learning paused)";

impl Signal {
    pub fn is_learnt_from(&self) -> bool {
        !self.device.ends_with(UNLEARNT)
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SignalKind {
    /// It was in an edition that was looked at, at this place (0 is the first).
    Shown {
        position: u16,
    },
    Opened,
    /// Really looked at for so long, down to this share of the text (0 to 1).
    Read {
        seconds: u32,
        depth: f32,
    },
    Saved,
    Unsaved,
    Shared,
    MoreLikeThis,
    LessLikeThis,
    /// Not interested in this story.
    NotInterested,
    AlreadyKnew,
    /// Takes back the last signal of that reader on that story that was asked for by hand.
    Undo,
}
