//! How far the texts alone can lead: logistic regression on the embedding and all words, fitted on everything that the
//! reader met at once, many times over. No reader could be learnt so (it is not told in lists, nor ever forgotten), so
//! this is a ceiling to compare with, not a way of ranking.

use std::collections::HashMap;

use super::{corpus::Item, readers::TextSimilarity};

const PASSES: usize = 30;
const STEP: f32 = 0.3;
/// The pull to zero of each weight, for each example.
const STIFF: f32 = 2e-4;
/// How much words may say against the embedding.
const OF_WORDS: f32 = 1.4;

pub struct Batch {
    direction: Vec<f32>,
    words: HashMap<u32, f32>,
    constant: f32,
}

impl Batch {
    /// Both kinds weigh the same, however few are wanted.
    pub fn fit(met: &[(&Item, bool)], texts: &TextSimilarity) -> Batch {
        let places = met.first().map_or(0, |(item, _)| item.sketch.centre.values().len());
        let mut batch = Batch { direction: vec![0.0; places], words: HashMap::new(), constant: 0.0 };
        let wanted = met.iter().filter(|(_, wanted)| *wanted).count().max(1) as f32;
        let rest = (met.len() as f32 - wanted).max(1.0);
        let texts: Vec<Vec<(u32, f32)>> = met.iter().map(|(item, _)| texts.vector(item).collect()).collect();
        for pass in 0..PASSES {
            let step = STEP / (1.0 + pass as f32 / 6.0);
            for ((item, is_wanted), words) in met.iter().zip(&texts) {
                let weight =
                    if *is_wanted { (rest / wanted).min(20.0).sqrt() } else { (wanted / rest).sqrt() };
                let odds = 1.0 / (1.0 + (-batch.says(item, words)).exp());
                let off = step * weight * (f32::from(u8::from(*is_wanted)) - odds);
                batch.learn(item, words, off, step);
            }
        }
        batch
    }

    pub fn score(&self, item: &Item, texts: &TextSimilarity) -> f32 {
        self.says(item, &texts.vector(item).collect::<Vec<_>>())
    }

    fn says(&self, item: &Item, words: &[(u32, f32)]) -> f32 {
        let words: f32 = words.iter().map(|(word, much)| much * self.words.get(word).unwrap_or(&0.0)).sum();
        let meaning: f32 =
            item.sketch.centre.direction().zip(&self.direction).map(|(its, own)| its * own).sum();
        meaning + OF_WORDS * words + self.constant
    }

    fn learn(&mut self, item: &Item, words: &[(u32, f32)], off: f32, step: f32) {
        for (weight, value) in self.direction.iter_mut().zip(item.sketch.centre.direction()) {
            *weight += off * value - step * STIFF * *weight;
        }
        for (word, much) in words {
            let weight = self.words.entry(*word).or_default();
            *weight += off * OF_WORDS * much - step * STIFF * *weight;
        }
        self.constant += off;
    }
}
