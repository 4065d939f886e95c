//! BCubed (Bagga, Baldwin, 1998; Amigó et al., 2009) and pairwise precision, recall and F1 of a grouping.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, hash::Hash};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    pub p: f64,
    pub r: f64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    pub bcubed: Score,
    pub pairwise: Score,
}

impl Score {
    pub fn f1(&self) -> f64 {
        if self.p + self.r == 0.0 { 0.0 } else { 2.0 * self.p * self.r / (self.p + self.r) }
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::json!({"p": self.p, "r": self.r, "f1": self.f1()})
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:6.3} {:6.3} {:6.3}", self.p, self.r, self.f1())
    }
}

/// One label of each for every article, in the same order.
pub fn measure<T: Hash + Eq, P: Hash + Eq>(truth: &[T], placed: &[P]) -> Measured {
    measure_some(truth, placed, |_| true)
}

/// BCubed as the mean over some of the articles only; pairs over all.
pub fn measure_some<T: Hash + Eq, P: Hash + Eq>(
    truth: &[T],
    placed: &[P],
    some: impl Fn(usize) -> bool,
) -> Measured {
    let (of_truth, of_placed) = (sizes(truth.iter()), sizes(placed.iter()));
    let both = sizes(truth.iter().zip(placed));
    let mut bcubed = Score::default();
    let mut counted = 0.0_f64;
    for (_, (truth, placed)) in truth.iter().zip(placed).enumerate().filter(|(at, _)| some(*at)) {
        let together = both[&(truth, placed)] as f64;
        bcubed.p += together / of_placed[placed] as f64;
        bcubed.r += together / of_truth[truth] as f64;
        counted += 1.0;
    }
    let counted = counted.max(1.0);
    let together = pairs(both.values());
    let share = |all: f64| if all == 0.0 { 1.0 } else { together / all };
    Measured {
        bcubed: Score { p: bcubed.p / counted, r: bcubed.r / counted },
        pairwise: Score { p: share(pairs(of_placed.values())), r: share(pairs(of_truth.values())) },
    }
}

fn sizes<K: Hash + Eq>(labels: impl Iterator<Item = K>) -> HashMap<K, usize> {
    let mut sizes = HashMap::new();
    labels.for_each(|label| *sizes.entry(label).or_default() += 1);
    sizes
}

fn pairs<'a>(sizes: impl Iterator<Item = &'a usize>) -> f64 {
    sizes.map(|&n| (n * n.saturating_sub(1) / 2) as f64).sum()
}
