//! What each ground counts for: fitted so that the decisions that people made become likely.
//!
//! For each article, in order of time, with all before it where people put them: the odds of each story nearby (its most
//! alike member's) against those of a new one. Gradient ascent on the logarithm of the share that the right choice has
//! (a multinomial logit, McFadden, 1974), with a little pull of every weight to zero.

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use cluster::{FEATURES, Features, Index, Policy, Weights};
use news::StoryId;

use crate::evaluate::stories::{
    measure::{Measured, measure, measure_some},
    place,
};

use super::sets::{FOLDS, Set, said, sets};

const ROUNDS: usize = 150;
const PULL: f32 = 2e-4;
/// What the sets hardly have, and feeds do: links between articles, and wire copy under two headlines.
const UNSEEN: [(&str, f32); 2] = [("linked", 2.0), ("same text", 3.0)];
/// What makes joining easier or harder: tried in steps, those of one line together.
const STEPS: [&[(&str, f32)]; 3] = [&[("base", 1.0)], &[("short: base", 1.0)], &[("time apart", 1.0)]];

/// One article: the stories nearby, each with its members' grounds, and which is right.
struct Decision {
    stories: Vec<(StoryId, Vec<Features>)>,
    right: Option<usize>,
    fold: usize,
    weight: f32,
}

pub fn make(data: &Path, pairs: Option<&Path>, held: bool) -> Result<Vec<u8>> {
    let mut sets = sets(data)?;
    if let Some(pairs) = pairs {
        sets.push(said(pairs)?);
    }
    let decisions: Vec<Decision> = sets.iter().flat_map(decisions).collect();
    let reachable = decisions.iter().filter(|it| it.right.is_some()).count();
    eprintln!("{} decisions, {reachable} to join", decisions.len());
    let weights = balanced(&sets, fit(&decisions, None), None);
    for (name, weight) in FEATURES.iter().zip(&weights.0) {
        eprintln!("{name:24} {weight:8.3}");
    }
    eprintln!("{:24} {:^20}  {:^20}", "", "BCubed  p    r    F1", "pairs");
    let policy = |weights: &Weights| Policy { weights: weights.clone(), ..Policy::default() };
    for set in &sets {
        let placed = place(&set.sketches, policy(&weights));
        tell(set.name, &measure(&set.truth, &placed));
    }
    if held {
        held_out(&sets, &decisions);
    }
    Ok(weights.write().into_bytes())
}

/// Each fold by weights that were fitted without it, among all the other articles.
fn held_out(sets: &[Set], decisions: &[Decision]) {
    let folds: Vec<Weights> =
        (0..FOLDS).map(|fold| balanced(sets, fit(decisions, Some(fold)), Some(fold))).collect();
    for set in sets.iter().filter(|it| it.measured) {
        let mut sum = Measured::default();
        for (fold, weights) in folds.iter().enumerate() {
            let placed = place(&set.sketches, Policy { weights: weights.clone(), ..Policy::default() });
            let part = measure_some(&set.truth, &placed, |at| set.fold[at] == fold);
            let share = set.fold.iter().filter(|it| **it == fold).count() as f64 / set.fold.len() as f64;
            sum.bcubed.p += part.bcubed.p * share;
            sum.bcubed.r += part.bcubed.r * share;
            sum.pairwise.p += part.pairwise.p / FOLDS as f64;
            sum.pairwise.r += part.pairwise.r / FOLDS as f64;
        }
        tell(&format!("{} (held out)", set.name), &sum);
    }
}

fn tell(name: &str, measured: &Measured) {
    eprintln!("{name:34} {}  {}", measured.bcubed, measured.pairwise);
}

// ── how sure is sure enough ──

/// What is likely for one decision is not what is best for all: one wrong joining brings others with it. So how much
/// must speak for joining is found by trying, with whole sets placed online.
fn balanced(sets: &[Set], mut weights: Weights, without: Option<usize>) -> Weights {
    let mut best = value(sets, &weights, without);
    for by in [0.8, -0.8, 0.3, -0.3] {
        for step in STEPS {
            loop {
                let mut tried = weights.clone();
                for (name, much) in step {
                    let at = FEATURES.iter().position(|it| it == name).unwrap_or(0);
                    tried.0[at] = kept_in_sense(at, tried.0[at] + by * much);
                }
                let its = value(sets, &tried, without);
                if its <= best {
                    break;
                }
                (best, weights) = (its, tried);
            }
        }
    }
    weights
}

/// Mean BCubed F1 of the sets, as they are weighed, without one fold.
fn value(sets: &[Set], weights: &Weights, without: Option<usize>) -> f64 {
    let policy = Policy { weights: weights.clone(), ..Policy::default() };
    let f1 = &|set: &Set| {
        let placed = place(&set.sketches, policy.clone());
        measure_some(&set.truth, &placed, |at| Some(set.fold[at]) != without).bcubed.f1()
            * f64::from(set.weight)
    };
    std::thread::scope(|scope| {
        let tasks: Vec<_> = sets.iter().map(|set| scope.spawn(move || f1(set))).collect();
        tasks.into_iter().filter_map(|it| it.join().ok()).sum::<f64>()
    })
}

// ── fitting ──

fn decisions(set: &Set) -> Vec<Decision> {
    let mut index = Index::new(Policy::default());
    let mut first: HashMap<&str, StoryId> = HashMap::new();
    let mut decisions = Vec::new();
    let mut unseen = 0;
    for (at, sketch) in set.sketches.iter().enumerate() {
        let mut stories: Vec<(StoryId, Vec<Features>)> = Vec::new();
        for considered in index.consider(sketch) {
            match stories.iter_mut().find(|it| it.0 == considered.story) {
                Some(known) => known.1.push(considered.features),
                None => stories.push((considered.story, vec![considered.features])),
            }
        }
        let truth = *first.entry(&set.truth[at]).or_insert(StoryId(sketch.article.0));
        let right = stories.iter().position(|it| it.0 == truth);
        unseen += usize::from(right.is_none() && truth.0 != sketch.article.0);
        // A story that was not found cannot be chosen: nothing to learn here.
        if !stories.is_empty() && (right.is_some() || truth.0 == sketch.article.0) {
            // Who joins the first of a story to another brings all that follow.
            let follow = set.truth.iter().filter(|it| **it == set.truth[at]).count() as f32;
            let counts = if truth.0 == sketch.article.0 { follow.sqrt() } else { 1.0 };
            let weight = counts * set.weight * 1_000.0 / set.sketches.len() as f32;
            decisions.push(Decision { stories, right, fold: set.fold[at], weight });
        }
        index.insert(sketch.clone(), truth);
    }
    eprintln!("{}: {} articles, {unseen} whose story was not looked at", set.name, set.sketches.len());
    decisions
}

fn fit(decisions: &[Decision], without: Option<usize>) -> Weights {
    let decisions: Vec<&Decision> = decisions.iter().filter(|it| Some(it.fold) != without).collect();
    let all: f32 = decisions.iter().map(|it| it.weight).sum();
    let scale = scales(&decisions);
    let mut weights = [0.0_f32; FEATURES.len()];
    weights[0] = -2.0;
    let (mut speed, mut size) = ([0.0_f32; FEATURES.len()], [0.0_f32; FEATURES.len()]);
    for round in 1..=ROUNDS {
        let mut gradient = [0.0_f32; FEATURES.len()];
        for decision in &decisions {
            climb(decision, &weights, &scale, &mut gradient);
        }
        for at in 0..FEATURES.len() {
            // Adam (Kingma, Ba, 2015), all data in each round.
            let up = gradient[at] / all - if at == 0 { 0.0 } else { PULL * weights[at] };
            speed[at] = 0.9 * speed[at] + 0.1 * up;
            size[at] = 0.99 * size[at] + 0.01 * up * up;
            let (speed, size) = (
                speed[at] / (1.0 - 0.9_f32.powi(round as i32)),
                size[at] / (1.0 - 0.99_f32.powi(round as i32)),
            );
            weights[at] = kept_in_sense(at, weights[at] + 0.08 * speed / (size.sqrt() + 1e-8));
        }
    }
    let mut weights = Weights(std::array::from_fn(|at| weights[at] * scale[at]));
    for (name, weight) in UNSEEN {
        let at = FEATURES.iter().position(|it| *it == name).unwrap_or(0);
        weights.0[at] = weights.0[at].max(weight);
    }
    weights
}

/// What is alike never speaks against, time apart never for: where the sets say otherwise they say it of their editors.
fn kept_in_sense(feature: usize, weight: f32) -> f32 {
    match FEATURES[feature] {
        "base" | "short: base" => weight,
        "time apart" | "long apart" | "busy days" => weight.min(0.0),
        _ => weight.max(0.0),
    }
}

/// So that every ground is of about the same size while it is fitted.
fn scales(decisions: &[&Decision]) -> Features {
    let mut squares = [0.0_f32; FEATURES.len()];
    let mut count = 0.0;
    for features in decisions.iter().flat_map(|it| &it.stories).flat_map(|it| &it.1) {
        (0..FEATURES.len()).for_each(|at| squares[at] += features[at] * features[at]);
        count += 1.0;
    }
    squares.map(|it| if it == 0.0 { 1.0 } else { 1.0 / (it / count).sqrt() })
}

fn climb(decision: &Decision, weights: &Features, scale: &Features, gradient: &mut Features) {
    let weights = Weights(std::array::from_fn(|at| weights[at] * scale[at]));
    let stories: Vec<(f32, Features)> = decision
        .stories
        .iter()
        .map(|it| cluster::most_alike(&it.1, &weights))
        .map(|(_, features, odds)| (odds, features))
        .collect();
    let most = stories.iter().map(|it| it.0).fold(0.0_f32, f32::max);
    let all: f32 = (-most).exp() + stories.iter().map(|it| (it.0 - most).exp()).sum::<f32>();
    for (place, (odds, features)) in stories.iter().enumerate() {
        let share = (odds - most).exp() / all;
        let wanted = if decision.right == Some(place) { 1.0 } else { 0.0 };
        for at in 0..FEATURES.len() {
            gradient[at] += decision.weight * (wanted - share) * features[at] * scale[at];
        }
    }
}
