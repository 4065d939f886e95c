//! Numbers that one may argue about.

use std::{sync::LazyLock, time::Duration};

use crate::likeness::{FEATURES, names};

#[derive(Clone, Debug)]
pub struct Policy {
    /// Log-odds of telling of the same happening from which an article joins a story rather than beginning one.
    pub join_at: f32,
    /// The same, from which two stories are joined.
    pub mend_at: f32,
    /// The same, below which the two halves of a story are parted: far below the other, so that what is joined stays so.
    pub split_at: f32,
    /// A story attracts nothing of days so long before or after its own.
    pub reach: Duration,
    /// One of few articles is past when it has been quiet for so long beside the latest article; one that has grown only
    /// when nothing of now is in its reach.
    pub quiet: Duration,
    /// So many articles are no longer few.
    pub grown: u32,
    /// One that has been quiet for so long beside the latest article still attracts what is as old, while it grew among so
    /// many of the last placements: the archive of a source that is new here comes at once, and is old.
    pub late: u32,
    /// So many stories are looked at closely, because of words or links.
    pub candidates: usize,
    /// And so many more of those nearest by meaning.
    pub near: usize,
    /// So many of an article's rarest words are looked up.
    pub looked_up: usize,
    /// Of the stories that hold a word, so many of the last are looked at.
    pub postings: usize,
    pub weights: Weights,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            join_at: 0.0,
            mend_at: 0.0,
            split_at: -1.25,
            reach: Duration::from_secs(30 * 86_400),
            quiet: Duration::from_secs(10 * 86_400),
            grown: 3,
            late: 20_000,
            candidates: 16,
            near: 6,
            looked_up: 24,
            postings: 64,
            weights: Weights::default(),
        }
    }
}

impl Policy {
    /// How long a story of so many articles still attracts after the last of them.
    pub fn rests(&self, members: u32) -> Duration {
        if members < self.grown { self.quiet } else { self.reach }
    }
}

/// What each ground counts for, in the order of [`names`]; fitted by `xtask fit`, kept as `data/weights.txt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(pub [f32; FEATURES]);

impl Default for Weights {
    fn default() -> Weights {
        static READ: LazyLock<Weights> = LazyLock::new(|| Weights::read(include_str!("../data/weights.txt")));
        READ.clone()
    }
}

impl Weights {
    /// A ground and its weight on each line; what is not told weighs nothing.
    pub fn read(text: &str) -> Weights {
        let mut weights = Weights([0.0; FEATURES]);
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, weight)) = line.rsplit_once(' ') else { continue };
            let place = names().position(|it| it == name.trim());
            if let (Some(place), Ok(weight)) = (place, weight.parse()) {
                weights.0[place] = weight;
            }
        }
        weights
    }

    /// What weighs nothing is not told.
    pub fn write(&self) -> String {
        let told = names().zip(&self.0).filter(|it| *it.1 != 0.0);
        told.map(|(name, weight)| format!("{name} {weight:.4}\n")).collect()
    }
}
