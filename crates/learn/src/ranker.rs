//! How much each feature matters to this reader: Bayesian logistic regression with a Gaussian for each weight,
//! updated by one story at a time (cf. Graepel et al. 2010, AdPredictor; the update is the diagonal Laplace one of
//! Chapelle & Li 2011).

use std::f32::consts::PI;

use news::Ranker;

use crate::Policy;

/// Steps and certainties are kept within this, so that no run of strange signals can blow a weight up.
const LARGEST: f32 = 1e4;

/// `shown_with`: feature, value, and the weight that it had, which is where a weight begins that is not known yet.
pub fn update(
    ranker: &mut Ranker,
    shown_with: &[(String, f32, f32)],
    opened: bool,
    times: f32,
    policy: &Policy,
) {
    let usable = || shown_with.iter().filter(|(_, value, weight)| value.is_finite() && weight.is_finite());
    let belief = |ranker: &Ranker, feature: &str, weight: f32| {
        ranker.weights.get(feature).copied().unwrap_or((weight, beginning(feature, policy)))
    };
    let (mut score, mut variance) = (0.0, 0.0);
    for (feature, value, weight) in usable() {
        let (mean, precision) = belief(ranker, feature, *weight);
        score += mean * value;
        variance += value * value / precision;
    }
    // What is uncertain is believed less: the logistic of a Gaussian (MacKay 1992).
    let odds = logistic(score / (1.0 + PI * variance / 8.0).sqrt());
    let off = f32::from(u8::from(opened)) - odds;
    for (feature, value, weight) in usable() {
        let (mean, precision) = belief(ranker, feature, *weight);
        let precision = (precision + times * value * value * odds * (1.0 - odds)).min(LARGEST);
        let mean = (mean + times * off * value / precision).clamp(-LARGEST, LARGEST);
        ranker.weights.insert(feature.clone(), (mean, precision));
    }
}

/// How sure a feature's weight is before anything was learnt.
pub fn beginning(feature: &str, policy: &Policy) -> f32 {
    if feature == "base" { policy.base_sureness } else { policy.sureness }
}

fn logistic(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}
