//! What each ground counts for: fitted so that what is decided while sets are placed is decided rightly.
//!
//! A logistic regression over decisions as they come up: sets are placed by the weights so far, right and wrong, and what
//! was decided there is learnt from together with the truth; then again. What that cannot tell is how much is enough: an
//! article that is wrongly alone costs another price than one that is wrongly with others, and the price differs from set
//! to set. So that is found by trying, with whole sets placed and mended.

use std::path::Path;

use anyhow::Result;
use cluster::{FEATURES, GROUNDS, Policy, Weights};

use super::{
    decisions::{Decision, decisions, evened},
    learn::{kept_in_sense, learnt},
    sets::{FOLDS, Set, said, sets},
};
use crate::evaluate::stories::{
    measure::{Measured, measure},
    placed::place,
};

const HEAD: &str = "# Learnt from decisions on the building sets and balanced by their kinds (`cargo xtask fit stories`); \
                    see docs/decisions/stories.md.";
/// So many times sets are placed and learnt from.
const TIMES: usize = 2;

pub fn make(data: &Path, by_readers: Option<&Path>, held: Option<&Path>) -> Result<Vec<u8>> {
    let mut sets = sets(data)?;
    if let Some(file) = by_readers {
        sets.push(said(file)?);
    }
    let (weights, without) = std::thread::scope(|scope| {
        let folds = if held.is_some() { FOLDS } else { 0 };
        let others = (0..folds).map(|fold| sets.iter().map(|it| it.without(fold)).collect::<Vec<Set>>());
        let without: Vec<_> = others.map(|it| scope.spawn(move || fitted(&it))).collect();
        (fitted(&sets), without.into_iter().filter_map(|it| it.join().ok()).collect::<Vec<_>>())
    });
    tell(&sets, &weights);
    for (fold, weights) in without.iter().enumerate() {
        let file = held.unwrap_or(Path::new(".")).join(format!("without-{fold}.txt"));
        std::fs::write(file, weights.write())?;
    }
    Ok(format!("{HEAD}\n{}", weights.write()).into_bytes())
}

pub fn tell_of(data: &Path, weights: &str) -> Result<()> {
    tell(&sets(data)?, &Weights::read(weights));
    Ok(())
}

fn fitted(sets: &[Set]) -> Weights {
    let mut weights = begun();
    for _ in 0..TIMES {
        let seen = seen(sets, &weights);
        weights = learnt(&seen);
        eprintln!("{} decisions, value {:.4}", seen.len(), Tried::of(sets, weights.clone()).value());
    }
    balanced(sets, weights)
}

/// Words alone: enough for the first sets to be placed, right and wrong. Not the weights in use, of which the next would
/// then be made.
fn begun() -> Weights {
    let mut weights = Weights([0.0; FEATURES]);
    for form in ["", "lead: ", "headline: "] {
        weights.0[at(&format!("{form}base"))] = -3.0;
        weights.0[at(&format!("{form}words"))] = 10.0;
    }
    weights
}

fn seen(sets: &[Set], weights: &Weights) -> Vec<Decision> {
    std::thread::scope(|scope| {
        let learnt = sets.iter().filter(|it| 0.0 < it.learnt);
        let tasks: Vec<_> =
            learnt.map(|set| scope.spawn(move || evened(decisions(set, weights), set.learnt))).collect();
        tasks.into_iter().filter_map(|it| it.join().ok()).flatten().collect()
    })
}

pub fn tell(sets: &[Set], weights: &Weights) {
    eprintln!("value {:.4}", Tried::of(sets, weights.clone()).value());
    eprintln!("{:34} {:^20}  {:^20}", "", "BCubed  p    r    F1", "pairs");
    for set in sets {
        let placed = place(&set.sketches, &policy(weights));
        let first = measure(&set.truth, &placed.first).bcubed.f1();
        let Measured { bcubed, pairwise } = measure(&set.truth, &placed.mended);
        eprintln!("{:34} {bcubed}  {pairwise}   before mending {first:.3}", set.name);
    }
}

fn policy(weights: &Weights) -> Policy {
    Policy { weights: weights.clone(), ..Policy::default() }
}

pub fn at(name: &str) -> usize {
    cluster::grounds().position(|it| it == name).unwrap_or(0)
}

// ── how sure is sure enough ──

/// What may be shifted: how much must speak for joining articles of each form, those without a day, and stories.
const SHIFTED: [&str; 11] = [
    "base",
    "grown",
    "undated",
    "lead: base",
    "lead: grown",
    "lead: undated",
    "headline: base",
    "headline: grown",
    "headline: undated",
    "mending",
    "mending grown",
];

fn balanced(sets: &[Set], weights: Weights) -> Weights {
    let mut best = Tried::of(sets, weights);
    for by in [0.5, 0.2] {
        for (name, by) in SHIFTED.into_iter().flat_map(|it| [(it, by), (it, -by)]) {
            loop {
                let tried = best.shifted(sets, name, by);
                if tried.value() <= best.value() {
                    break;
                }
                best = tried;
            }
        }
        eprintln!("  balanced to {:.4}", best.value());
    }
    best.weights
}

/// Weights, with what they make of each set.
struct Tried {
    weights: Weights,
    /// BCubed F1, and how much it counts.
    f1: Vec<(f64, f64)>,
}

impl Tried {
    fn of(sets: &[Set], weights: Weights) -> Tried {
        let none = vec![(0.0, 0.0); sets.len()];
        Tried { weights, f1: none }.measured(sets, |_| true)
    }

    /// Mean BCubed F1 of the sets, as they are weighed.
    fn value(&self) -> f64 {
        let all: f64 = self.f1.iter().map(|it| it.1).sum();
        self.f1.iter().map(|it| it.0 * it.1).sum::<f64>() / all
    }

    /// Sets that have no articles of the form stay as they are.
    fn shifted(&self, sets: &[Set], name: &str, by: f32) -> Tried {
        let mut weights = self.weights.clone();
        weights.0[at(name)] = kept_in_sense(name, weights.0[at(name)] + by);
        let form = at(name) / GROUNDS.len();
        Tried { weights, f1: self.f1.clone() }.measured(sets, |set| 3 <= form || set.has_form(form))
    }

    fn measured(mut self, sets: &[Set], which: impl Fn(&Set) -> bool) -> Tried {
        let policy = &policy(&self.weights);
        std::thread::scope(|scope| {
            for (set, f1) in sets.iter().zip(&mut self.f1).filter(|it| 0.0 < it.0.tried && which(it.0)) {
                scope.spawn(move || {
                    let placed = place(&set.sketches, policy).mended;
                    *f1 = (measure(&set.truth, &placed).bcubed.f1(), f64::from(set.tried));
                });
            }
        });
        self
    }
}
