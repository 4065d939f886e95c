//! Evidence fades: what someone read a year ago says little of what they want today.

use std::time::Duration;

use news::{Interests, Timestamp};

use crate::Policy;

/// What is left of evidence after so long.
pub fn left(age: Duration, half_life: Duration) -> f32 {
    (-(age.as_secs_f64() / half_life.as_secs_f64().max(1.0)) * std::f64::consts::LN_2).exp() as f32
}

/// Brings everything to `now`. Signals may come late, so time never runs backwards here.
pub fn fade_to(believed: &mut Interests, now: Timestamp, policy: &Policy) {
    if now <= believed.as_of {
        return;
    }
    if believed.as_of == Timestamp::default() {
        believed.as_of = now;
        return;
    }
    let age = believed.as_of.age(now);
    believed.as_of = now;
    let keep = left(age, policy.half_life);
    believed.beliefs.retain(|_, belief| {
        belief.liked *= keep;
        belief.disliked *= keep;
        belief.corrected.is_some() || policy.negligible <= belief.liked + belief.disliked
    });
    for centre in &mut believed.centres {
        centre.weight *= keep;
    }
    believed.centres.retain(|centre| policy.negligible <= centre.weight);
    believed.taste.iter_mut().for_each(|it| *it *= keep);
    believed.constant *= keep;
    believed.words.iter_mut().for_each(|(_, it)| *it *= keep);
    believed.examples.iter_mut().for_each(|it| it.pull *= keep);
    // The ranker grows less sure of what it learnt, never less sure than at the beginning.
    let keep = policy.ranker_keeps.powf((age.as_secs_f64() / policy.half_life.as_secs_f64().max(1.0)) as f32);
    for (feature, (_, precision)) in &mut believed.ranker.weights {
        let beginning = crate::ranker::beginning(feature, policy);
        *precision = beginning + (*precision - beginning).max(0.0) * keep;
    }
}
