//! What each ground counts for: fitted so that pairs of articles of one story become likely, and others unlikely.
//!
//! A logistic regression over pairs at most ten days apart, each article as it was when it came. A story is held against
//! another by the mean of its pairs, so weights of pairs are weights of stories. What the pairs cannot tell is how much is
//! enough, and how much likeness of stories as a whole counts beside that of pairs: found by trying, with whole sets
//! placed and mended.

use std::path::Path;

use anyhow::Result;
use cluster::{Asking, FEATURES, Features, GROUNDS, Index, Policy, Weights};
use news::StoryId;

use crate::evaluate::stories::{
    measure::{Measured, measure, measure_some},
    place,
};

use super::sets::{FOLDS, Set, said, sets};

const ROUNDS: i32 = 150;
const PULL: f32 = 1e-4;
/// Of pairs that have hardly a word in common and are of two stories, one in so many is learnt from, and counts for all.
const FEW: usize = 8;
const HARDLY: f32 = 0.08;
/// What the sets hardly have, and feeds do: links between articles, and wire copy under two headlines.
const UNSEEN: [(&str, f32); 2] = [("linked", 2.0), ("same text", 3.0)];
const FORMS: [&str; 3] = ["", "lead: ", "headline: "];
/// Grounds of pairs that are grounds of the whole ("all: ") too.
const WHOLE: [&str; 4] = ["words", "headline told", "meaning", "names"];

struct Pair {
    features: Features,
    same: bool,
    weight: f32,
    folds: [usize; 2],
}

pub fn make(data: &Path, by_readers: Option<&Path>, held: Option<&Path>) -> Result<Vec<u8>> {
    let mut sets = sets(data)?;
    if let Some(file) = by_readers {
        sets.push(said(file)?);
    }
    let pairs: Vec<Pair> = sets.iter().filter(|it| 0.0 < it.learnt).flat_map(pairs).collect();
    eprintln!("{} pairs", pairs.len());
    let weights = balanced(&sets, learnt(&pairs, None), None);
    for (name, weight) in cluster::grounds().zip(&weights.0) {
        eprintln!("{name:28} {weight:8.3}");
    }
    tell(&sets, &weights);
    if let Some(folder) = held {
        for fold in 0..FOLDS {
            let weights = balanced(&sets, learnt(&pairs, Some(fold)), Some(fold));
            std::fs::write(folder.join(format!("without-{fold}.txt")), weights.write())?;
        }
    }
    Ok(weights.write().into_bytes())
}

pub fn tell(sets: &[Set], weights: &Weights) {
    eprintln!("{:34} {:^20}  {:^20}", "", "BCubed  p    r    F1", "pairs");
    for set in sets {
        let placed = place(&set.sketches, &policy(weights));
        let Measured { bcubed, pairwise } = measure(&set.truth, &placed.mended);
        eprintln!("{:34} {bcubed}  {pairwise}", set.name);
    }
}

fn policy(weights: &Weights) -> Policy {
    Policy { weights: weights.clone(), ..Policy::default() }
}

fn at(name: &str) -> usize {
    cluster::grounds().position(|it| it == name).unwrap_or(0)
}

// ── how sure is sure enough ──

/// Where the search begins: pairs are of one story less often than our sample has it.
const LESS: [f32; 3] = [1.5, 1.2, 0.0];
const BY_WHOLE: f32 = 0.5;

/// What may be shifted: how much must speak for joining articles of each form, and stories; and the share that likeness as
/// a whole has of its ground.
fn balanced(sets: &[Set], mut weights: Weights, without: Option<usize>) -> Weights {
    for (form, less) in FORMS.into_iter().zip(LESS) {
        weights.0[at(&format!("{form}base"))] -= less;
        give_to_whole(&mut weights, form, BY_WHOLE);
    }
    let mut best = value(sets, &weights, without);
    for by in [0.8, -0.8, 0.3, -0.3] {
        for step in steps(by) {
            loop {
                let tried = step.taken(&weights);
                let its = if tried == weights { best } else { value(sets, &tried, without) };
                if its <= best {
                    break;
                }
                (best, weights) = (its, tried);
                eprintln!("  balanced to {best:.4}");
            }
        }
    }
    weights
}

/// What is shifted together. Likeness as a whole grows with the stories, so that more of it asks for more from the grown.
struct Step {
    form: &'static str,
    base: f32,
    to_whole: f32,
    grown: f32,
    mending: f32,
}

fn steps(by: f32) -> Vec<Step> {
    let none = |form| Step { form, base: 0.0, to_whole: 0.0, grown: 0.0, mending: 0.0 };
    let mut steps = vec![Step { mending: by, ..none("") }];
    for form in FORMS {
        steps.push(Step { base: by, ..none(form) });
        steps.push(Step { to_whole: by / 2.0, grown: -2.0 * by, ..none(form) });
        steps.push(Step { to_whole: by / 2.0, grown: -by, ..none(form) });
        steps.push(Step { grown: by, ..none(form) });
    }
    steps
}

impl Step {
    fn taken(&self, weights: &Weights) -> Weights {
        let mut taken = weights.clone();
        taken.0[at(&format!("{}base", self.form))] += self.base;
        taken.0[at(&format!("{}grown", self.form))] += self.grown;
        taken.0[at("mending")] += self.mending;
        give_to_whole(&mut taken, self.form, self.to_whole);
        taken
    }
}

/// More of these grounds' weight to the whole, by so much of all.
fn give_to_whole(weights: &mut Weights, form: &str, more: f32) {
    for ground in WHOLE {
        let (pair, whole) = (at(&format!("{form}{ground}")), at(&format!("{form}all: {ground}")));
        let all = weights.0[pair] + weights.0[whole];
        let share = if all == 0.0 { 0.0 } else { (weights.0[whole] / all + more).clamp(0.0, 1.0) };
        weights.0[whole] = share * all;
        weights.0[pair] = all - share * all;
    }
}

/// Mean BCubed F1 of the sets, as they are weighed, without one fold.
fn value(sets: &[Set], weights: &Weights, without: Option<usize>) -> f64 {
    let policy = policy(weights);
    let f1 = &|set: &Set| {
        let placed = place(&set.sketches, &policy).mended;
        measure_some(&set.truth, &placed, |at| Some(set.fold[at]) != without).bcubed.f1()
            * f64::from(set.tried)
    };
    let all: f64 = sets.iter().map(|it| f64::from(it.tried)).sum();
    std::thread::scope(|scope| {
        let tried = sets.iter().filter(|it| 0.0 < it.tried);
        let tasks: Vec<_> = tried.map(|set| scope.spawn(move || f1(set))).collect();
        tasks.into_iter().filter_map(|it| it.join().ok()).sum::<f64>() / all
    })
}

// ── learning ──

fn pairs(set: &Set) -> Vec<Pair> {
    let mut index = Index::new(Policy::default());
    let mut came: Vec<Asking> = Vec::new();
    let mut pairs = Vec::new();
    let words = FORMS.map(|form| at(&format!("{form}words")));
    let quiet = Policy::default().quiet;
    let mut passed = 0;
    for (place, sketch) in set.sketches.iter().enumerate() {
        let asking = index.alone(sketch);
        for (other, before) in came.iter().enumerate() {
            if quiet < sketch.at.apart(set.sketches[other].at) {
                continue;
            }
            let features = asking.beside(before);
            let same = set.truth[place] == set.truth[other];
            let telling = same || words.iter().any(|&it| HARDLY < features[it]);
            passed += usize::from(!telling);
            if telling || passed.is_multiple_of(FEW) {
                let weight = if telling { 1.0 } else { FEW as f32 };
                let folds = [set.fold[place], set.fold[other]];
                pairs.push(Pair { features, same, weight, folds });
            }
        }
        index.insert(sketch.clone(), StoryId(sketch.article.0));
        came.push(asking);
    }
    // Each set counts as it is weighed, whatever its pairs; those of two stories for less, of which there is no end.
    let counted = |it: &Pair| it.weight * if it.same { 1.0 } else { APART };
    let all: f32 = pairs.iter().map(counted).sum();
    for pair in &mut pairs {
        pair.weight = counted(pair) * set.learnt / all;
    }
    pairs
}

const APART: f32 = 0.3;

fn learnt(pairs: &[Pair], without: Option<usize>) -> Weights {
    let pairs: Vec<&Pair> =
        pairs.iter().filter(|it| it.folds.iter().all(|fold| Some(*fold) != without)).collect();
    let all: f32 = pairs.iter().map(|it| it.weight).sum();
    let scale = scales(&pairs);
    let names: Vec<String> = cluster::grounds().collect();
    let mut weights = [0.0_f32; FEATURES];
    let (mut speed, mut size) = ([0.0_f32; FEATURES], [0.0_f32; FEATURES]);
    for round in 1..=ROUNDS {
        let mut gradient = [0.0_f32; FEATURES];
        for pair in &pairs {
            // Only one form's grounds are not 0.
            let form = (0..3).find(|form| pair.features[form * GROUNDS.len()] != 0.0).unwrap_or(0);
            let places = form * GROUNDS.len()..(form + 1) * GROUNDS.len();
            let odds: f32 = places.clone().map(|at| pair.features[at] * weights[at] * scale[at]).sum();
            let wanted = f32::from(u8::from(pair.same)) - 1.0 / (1.0 + (-odds).exp());
            places.for_each(|at| gradient[at] += pair.weight * wanted * pair.features[at] * scale[at]);
        }
        for at in 0..FEATURES {
            // Adam (Kingma, Ba, 2015), all data in each round.
            let pull = if names[at].ends_with("base") { 0.0 } else { PULL * weights[at] };
            let up = gradient[at] / all - pull;
            speed[at] = 0.9 * speed[at] + 0.1 * up;
            size[at] = 0.99 * size[at] + 0.01 * up * up;
            let (speed, size) =
                (speed[at] / (1.0 - 0.9_f32.powi(round)), size[at] / (1.0 - 0.99_f32.powi(round)));
            weights[at] = kept_in_sense(&names[at], weights[at] + 0.1 * speed / (size.sqrt() + 1e-8));
        }
    }
    let mut weights = Weights(std::array::from_fn(|at| weights[at] * scale[at]));
    for (name, weight) in UNSEEN {
        weights.0[at(name)] = weight;
    }
    weights
}

/// What is alike never speaks against, time apart never for: where the sets say otherwise they say it of their editors.
/// Likeness as a whole is that of the pair, for two articles: it gets its share later.
fn kept_in_sense(name: &str, weight: f32) -> f32 {
    match name {
        _ if name.contains("all: ") || name.ends_with("grown") => 0.0,
        _ if name.ends_with("base") => weight,
        _ if name.contains("time ") || name.ends_with("long apart") => weight.min(0.0),
        _ => weight.max(0.0),
    }
}

/// So that every ground is of about the same size while it is fitted.
fn scales(pairs: &[&Pair]) -> Features {
    let mut squares = [0.0_f32; FEATURES];
    for pair in pairs {
        (0..FEATURES).for_each(|at| squares[at] += pair.features[at] * pair.features[at]);
    }
    squares.map(|it| if it == 0.0 { 1.0 } else { 1.0 / (it / pairs.len() as f32).sqrt() })
}
