//! What each kind of signal says.

use news::SignalKind;

/// Evidence for (above 0) or against (below 0) what the story is about; one opened story is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Effect {
    pub liking: f32,
    /// The reader said so in so many words, and can take it back.
    pub by_hand: bool,
    /// It is about this story alone, not about what it tells of.
    pub story_only: bool,
}

/// `None`: says nothing by itself (merely shown), or is dealt with elsewhere (undo).
pub fn of(kind: SignalKind) -> Option<Effect> {
    let effect = |liking| Some(Effect { liking, by_hand: false, story_only: false });
    let by_hand = |liking| Some(Effect { liking, by_hand: true, story_only: false });
    match kind {
        SignalKind::Shown { .. } | SignalKind::Undo => None,
        SignalKind::Opened => effect(1.0),
        SignalKind::Read { seconds, depth } => effect(reading(seconds, depth)),
        SignalKind::Saved | SignalKind::Shared => by_hand(1.5),
        SignalKind::Unsaved => None,
        SignalKind::MoreLikeThis => by_hand(3.0),
        SignalKind::LessLikeThis => by_hand(-3.0),
        SignalKind::NotInterested => by_hand(-1.0),
        // Whoever knew it already may care very much.
        SignalKind::AlreadyKnew => Some(Effect { liking: 0.0, by_hand: true, story_only: true }),
    }
}

/// Opened and closed at once is a mistake of ours; reading to the end says half as much again as opening.
fn reading(seconds: u32, depth: f32) -> f32 {
    if seconds < 5 {
        return -0.7;
    }
    let depth = if depth.is_finite() { depth.clamp(0.0, 1.0) } else { 0.0 };
    let dwell = (seconds as f32 / 120.0).min(1.0);
    0.5 * depth.max(dwell)
}
