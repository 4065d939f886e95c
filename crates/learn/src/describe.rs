use news::{Belief, Interests, Target, Timestamp};

use crate::{Policy, fading::left};

/// One belief about a reader, as they may see and correct it.
#[derive(Clone, Debug, PartialEq)]
pub struct BeliefView {
    pub target: Target,
    /// From −1 (passes it over) to 1 (opens it): the reader's own say, where there is one.
    pub strength: f32,
    /// From 0 (certain) to 1 (knows nothing).
    pub uncertainty: f32,
    /// The evidence, as much as is left of it: opened stories for, refused ones against.
    pub liked: f32,
    pub disliked: f32,
    pub corrected: Option<f32>,
}

/// Everything that is believed of a reader, the strongest first.
pub fn describe(interests: &Interests, now: Timestamp, policy: &Policy) -> Vec<BeliefView> {
    let keep = left(interests.as_of.age(now), policy.half_life);
    let mut views: Vec<BeliefView> =
        interests.beliefs.iter().map(|(target, belief)| view(target, belief, keep)).collect();
    let certainty = |it: &BeliefView| it.strength.abs() * (1.0 - it.uncertainty);
    views.sort_by(|a, b| certainty(b).total_cmp(&certainty(a)).then_with(|| a.target.cmp(&b.target)));
    views
}

fn view(target: &Target, belief: &Belief, keep: f32) -> BeliefView {
    let (liked, disliked) = (belief.liked * keep, belief.disliked * keep);
    // The mean and the spread of Beta(1 + liked, 1 + disliked), from 0..1 to −1..1.
    let (a, b) = (1.0 + liked, 1.0 + disliked);
    let spread = (a * b / ((a + b) * (a + b) * (a + b + 1.0))).sqrt();
    let guessed = (a - b) / (a + b);
    BeliefView {
        target: target.clone(),
        strength: belief.corrected.unwrap_or(guessed),
        // The spread of knowing nothing, Beta(1, 1), is √(1/12).
        uncertainty: if belief.corrected.is_some() { 0.0 } else { (spread * 12_f32.sqrt()).min(1.0) },
        liked,
        disliked,
        corrected: belief.corrected,
    }
}
