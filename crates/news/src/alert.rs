use crate::{AlertId, FollowId, ReaderId, StoryId, Timestamp};

/// Something happened to what a reader follows, and they wished to be told at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Given out by the store; 0 before it is recorded.
    pub id: AlertId,
    pub reader: ReaderId,
    pub follow: FollowId,
    pub story: StoryId,
    pub at: Timestamp,
    /// Turns that the story had then: it alerts again only when it has more.
    pub turns: u32,
    /// The reader has looked at it.
    pub seen: bool,
}
