//! Numbers that one may argue about.

use std::time::Duration;

use crate::likeness::FEATURES;

#[derive(Clone, Debug)]
pub struct Policy {
    /// Log-odds of telling of the same happening from which an article joins a story rather than beginning one.
    pub join_at: f32,
    /// Log-odds from which two stories are one.
    pub mend_at: f32,
    /// A story that has been quiet for so long attracts nothing more.
    pub quiet: Duration,
    /// So many members are looked at closely.
    pub candidates: usize,
    /// And so many at most of one story.
    pub of_each_story: usize,
    /// So many members of the stories nearest by meaning are looked at as well.
    pub near: usize,
    /// So many of an article's rarest words are looked up.
    pub looked_up: usize,
    /// Of the articles that hold a word, so many of the last are looked at.
    pub postings: usize,
    pub weights: Weights,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            join_at: 0.0,
            mend_at: 1.0,
            quiet: Duration::from_secs(10 * 86_400),
            candidates: 24,
            of_each_story: 6,
            near: 6,
            looked_up: 24,
            postings: 64,
            weights: Weights::default(),
        }
    }
}

/// What each ground counts for, in the order of [`FEATURES`]; fitted by `xtask fit`, kept as `data/weights.txt`.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights(pub [f32; FEATURES.len()]);

impl Default for Weights {
    fn default() -> Weights {
        Weights::read(include_str!("../data/weights.txt"))
    }
}

impl Weights {
    /// A feature and its weight on each line; what is not told weighs nothing.
    pub fn read(text: &str) -> Weights {
        let mut weights = Weights([0.0; FEATURES.len()]);
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let Some((name, weight)) = line.rsplit_once(' ') else { continue };
            let place = FEATURES.iter().position(|it| *it == name.trim());
            if let (Some(place), Ok(weight)) = (place, weight.parse()) {
                weights.0[place] = weight;
            }
        }
        weights
    }

    pub fn write(&self) -> String {
        FEATURES.iter().zip(&self.0).map(|(name, weight)| format!("{name} {weight:.4}\n")).collect()
    }
}
