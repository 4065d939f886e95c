use std::collections::BTreeMap;

use crate::{Embedding, Model, StoryId, Target, Timestamp};

/// What we guess of a reader, from their signals: a fold over them that can be made again at any time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interests {
    pub beliefs: BTreeMap<Target, Belief>,
    /// A reader is not one average: several directions, each with its own weight.
    pub centres: Vec<Centre>,
    pub ranker: Ranker,
    /// Stories that the reader met, oldest first, at most a few hundred: what `taste` is learnt from.
    pub examples: Vec<Example>,
    /// The direction of what they open, away from what they pass over; as long as an embedding, or empty.
    pub taste: Vec<f32>,
    /// Of which model's embeddings `taste` is.
    pub taste_by: Model,
    /// The same for words, by the hash of each; sorted by it.
    pub words: Vec<(u32, f32)>,
    /// The same for every story alike: what lets taste point away from what is usual.
    pub constant: f32,
    /// The moment up to which everything has faded.
    pub as_of: Timestamp,
    /// How many signals were folded in (those merely shown not counted).
    pub signals: u32,
}

impl Interests {
    /// How far something points where their taste does; 0 where it is of another model.
    pub fn along(&self, direction: &Embedding) -> f32 {
        if direction.model() == self.taste_by { direction.along(&self.taste) } else { 0.0 }
    }

    /// The taste as a direction.
    pub fn taste(&self) -> Embedding {
        Embedding::of(&self.taste).by(self.taste_by)
    }
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

/// A story that the reader met, kept as an example to learn from.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    pub story: StoryId,
    /// When it was last met.
    pub at: Timestamp,
    pub headline: String,
    pub direction: Embedding,
    /// Its most telling words, by hash, as a direction too (of length 1).
    pub words: Vec<(u32, f32)>,
    /// Above 0: liked, so much; below: refused; 0: shown, and not (or not yet) looked at.
    pub liking: f32,
    /// How much it adds to the taste (its part in the fitted direction).
    pub pull: f32,
    /// The last thing the reader said of it by hand, for `Undo`: liked so much (above 0) or disliked (below).
    pub by_hand: f32,
    /// Where it stood in the edition, while that is still of use.
    pub position: Option<u16>,
    /// What it is about; empty as soon as it is settled whether it was liked or refused.
    pub about: Vec<Target>,
    /// What it was shown with: feature, value, weight; empty as soon as that is settled.
    pub shown_with: Vec<(String, f32, f32)>,
}
