use std::collections::BTreeMap;

use crate::{Embedding, Target, Timestamp};

/// What we guess of a reader, from their signals: a fold over them that can be made again at any time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interests {
    pub beliefs: BTreeMap<Target, Belief>,
    /// A reader is not one average: several directions, each with its own weight.
    pub centres: Vec<Centre>,
    pub ranker: Ranker,
    /// The moment up to which everything has faded.
    pub as_of: Timestamp,
    /// How many signals were folded in (those merely shown not counted).
    pub signals: u32,
}

/// What we believe of one target: evidence for and against, both fading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Belief {
    pub liked: f32,
    pub disliked: f32,
    /// The reader set it by hand (−1 to 1); outranks what was guessed.
    pub corrected: Option<f32>,
}

/// One of the directions in which a reader's interest lies.
#[derive(Clone, Debug, PartialEq)]
pub struct Centre {
    pub direction: Embedding,
    /// Fading evidence for it.
    pub weight: f32,
    /// The headline that is nearest to it: its name, for people.
    pub example: String,
}

/// The reader's own weights of the features: a Gaussian belief for each, by the feature's name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranker {
    /// feature → (mean, precision).
    pub weights: BTreeMap<String, (f32, f32)>,
}
