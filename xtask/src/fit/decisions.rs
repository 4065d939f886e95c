//! What is decided while a set is placed: for each article, each story nearby that it might join; for each story that has
//! grown, each that it might be one with.

use std::collections::BTreeMap;

use cluster::{FEATURES, Features, GROUNDS, Index, Policy, Weights};
use news::{Mending, StoryId};

use super::sets::Set;

/// One such story, with the truth.
pub struct Decision {
    pub features: Features,
    /// The share of pairs, one article of each, that are of one story.
    pub same: f32,
    pub weight: f32,
}

/// What is not near at all is learnt from once in so many times, and counts for all.
const FEW: usize = 6;
const FAR: f32 = -5.0;
/// How much decisions on two stories count beside those on an article.
const MENDING: f32 = 0.3;

/// As the set is placed by these weights: right and wrong, as it will be.
pub fn decisions(set: &Set, weights: &Weights) -> Vec<Decision> {
    let mut seen = Seen { weights, of: BTreeMap::new(), decisions: Vec::new(), passed: 0 };
    let mut index = Index::new(Policy { weights: weights.clone(), ..Policy::default() });
    for (at, sketch) in set.sketches.iter().enumerate() {
        let before = seen.decisions.len();
        for (story, features) in index.weighed_for(sketch) {
            let same = seen.share(story, &set.truth[at]);
            seen.note(features, same, 1.0);
        }
        seen.even(before);
        let story = index.place(sketch.clone()).story;
        *seen.of.entry(story).or_default().entry(set.truth[at].as_str()).or_default() += 1.0;
        for (other, features) in index.weighed_beside(story) {
            let same = seen.alike(story, other);
            seen.note(features, same, MENDING);
        }
        for mending in index.mend(story) {
            let Mending::Join { story, gone, .. } = mending else { continue };
            let gone = seen.of.remove(&gone).unwrap_or_default();
            let kept = seen.of.entry(story).or_default();
            gone.into_iter().for_each(|(truth, many)| *kept.entry(truth).or_default() += many);
        }
    }
    seen.decisions
}

struct Seen<'a> {
    weights: &'a Weights,
    /// The true stories of the members of each.
    of: BTreeMap<StoryId, BTreeMap<&'a str, f32>>,
    decisions: Vec<Decision>,
    passed: usize,
}

impl Seen<'_> {
    fn share(&self, story: StoryId, truth: &str) -> f32 {
        let Some(members) = self.of.get(&story) else { return 0.0 };
        members.get(truth).copied().unwrap_or(0.0) / members.values().sum::<f32>()
    }

    fn alike(&self, one: StoryId, other: StoryId) -> f32 {
        let Some(members) = self.of.get(&one) else { return 0.0 };
        let all: f32 = members.values().sum();
        members.iter().map(|(truth, many)| many / all * self.share(other, truth)).sum()
    }

    fn note(&mut self, features: Features, same: f32, weight: f32) {
        let near = 0.0 < same || FAR < cluster::odds(&features, self.weights);
        self.passed += usize::from(!near);
        if near || self.passed.is_multiple_of(FEW) {
            let weight = if near { weight } else { weight * FEW as f32 };
            self.decisions.push(Decision { features, same, weight });
        }
    }

    /// A story that fell into many is one decision for an article, not many.
    fn even(&mut self, from: usize) {
        let its = &mut self.decisions[from..];
        let right: f32 = its.iter().map(|it| it.same).sum();
        its.iter_mut().filter(|it| 0.5 < it.same).for_each(|it| it.weight /= right.max(1.0));
    }
}

/// Only one form's grounds are not 0.
pub fn form_of(features: &Features) -> usize {
    (0..3).find(|form| features[form * GROUNDS.len()] != 0.0).unwrap_or(0)
}

/// Each set counts as it is weighed, whatever its decisions.
pub fn evened(mut decisions: Vec<Decision>, learnt: f32) -> Vec<Decision> {
    let all: f32 = decisions.iter().map(|it| it.weight).sum();
    decisions.iter_mut().for_each(|it| it.weight *= learnt / all.max(f32::MIN_POSITIVE));
    decisions
}

const _: () = assert!(3 * GROUNDS.len() < FEATURES);
