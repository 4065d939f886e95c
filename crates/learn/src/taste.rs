//! The direction of a reader's taste among meanings and words: ridge regression of "liked" (1) and "refused" (−1)
//! on the stories met, which is the mean of a Gaussian belief over directions.
//!
//! It is fitted in the dual, one example at a time (Gauss–Seidel; cf. SDCA, Shalev-Shwartz & Zhang 2013): each
//! example has a *pull*, and the taste is the sum of the examples' directions times their pulls. So the fit goes on
//! from where it stood, what a forgotten example taught stays (and fades), and which story speaks for or against
//! another can be read off.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use news::{Example, Interests};

use crate::{Policy, fading::left};

/// How far apart "liked" and "refused" may be moved together: the variance of the constant term.
const CONSTANT: f32 = 1.0;

/// The liking of an example counts no more than this.
const LOUDEST: f32 = 3.0;

/// Goes on with the fit, after examples were added or their liking has changed.
pub fn fit(believed: &mut Interests, policy: &Policy) {
    let length =
        believed.examples.iter().rev().map(|it| it.direction.values().len()).find(|it| 0 < *it).unwrap_or(0);
    if believed.taste.len() != length {
        begin_again(believed, length);
    }
    let mut taste = Taste {
        direction: std::mem::take(&mut believed.taste),
        words: believed.words.drain(..).collect(),
        constant: believed.constant,
    };
    let evenness = evenness(believed, policy);
    let now = believed.as_of;
    let mut fitted: Vec<(&mut Example, Vec<f32>, f32)> = Vec::with_capacity(believed.examples.len());
    for example in believed.examples.iter_mut().filter(|it| it.liking != 0.0 && usable(it, length)) {
        let weight = weight(example, now, policy) * if example.liking < 0.0 { evenness } else { 1.0 };
        let direction = example.direction.direction().collect();
        fitted.push((example, direction, policy.stiffness / weight.max(1e-3)));
    }
    for _ in 0..policy.passes {
        for (example, direction, noise) in &mut fitted {
            let says = taste.of(direction, &example.words);
            let off = example.liking.signum() - says - example.pull * *noise;
            let step = off / (1.0 + policy.of_words + CONSTANT + *noise);
            example.pull += step;
            taste.pull(direction, &example.words, step, policy.of_words);
        }
    }
    believed.taste = taste.direction;
    believed.constant = taste.constant;
    believed.words = telling(taste.words, policy.words);
}

type Words = HashMap<u32, f32, BuildHasherDefault<Already>>;

struct Taste {
    direction: Vec<f32>,
    words: Words,
    constant: f32,
}

impl Taste {
    fn of(&self, direction: &[f32], words: &[(u32, f32)]) -> f32 {
        let words: f32 =
            words.iter().map(|(word, weight)| weight * self.words.get(word).unwrap_or(&0.0)).sum();
        let meaning: f32 = self.direction.iter().zip(direction).map(|(a, b)| a * b).sum();
        meaning + words + self.constant
    }

    fn pull(&mut self, direction: &[f32], words: &[(u32, f32)], step: f32, of_words: f32) {
        for (to, value) in self.direction.iter_mut().zip(direction) {
            *to += step * value;
        }
        for (word, weight) in words {
            *self.words.entry(*word).or_default() += step * of_words * weight;
        }
        self.constant += CONSTANT * step;
    }
}

/// Another embedder's directions cannot be compared: what was learnt from them is dropped.
fn begin_again(believed: &mut Interests, length: usize) {
    believed.taste = vec![0.0; length];
    believed.words.clear();
    believed.constant = 0.0;
    for example in &mut believed.examples {
        example.pull = 0.0;
    }
}

fn usable(example: &Example, length: usize) -> bool {
    example.direction.values().len() == length
}

fn weight(example: &Example, now: news::Timestamp, policy: &Policy) -> f32 {
    example.liking.abs().min(LOUDEST) * left(example.at.age(now), policy.half_life)
}

/// Far more is passed over than opened; both kinds together weigh the same.
fn evenness(believed: &Interests, policy: &Policy) -> f32 {
    let total = |liked: bool| -> f32 {
        let settled = believed.examples.iter().filter(|it| it.liking != 0.0 && (0.0 < it.liking) == liked);
        settled.map(|it| weight(it, believed.as_of, policy)).sum()
    };
    let (liked, refused) = (total(true), total(false));
    if 0.0 < liked && liked < refused { liked / refused } else { 1.0 }
}

/// The words that say most, by hash; ties go by hash.
fn telling(words: Words, most: usize) -> Vec<(u32, f32)> {
    let mut words: Vec<(u32, f32)> = words.into_iter().filter(|(_, weight)| 1e-4 < weight.abs()).collect();
    if most < words.len() {
        words.sort_unstable_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then(a.0.cmp(&b.0)));
        words.truncate(most);
    }
    words.sort_unstable_by_key(|(word, _)| *word);
    words
}

/// Words are hashes already.
#[derive(Default)]
struct Already(u64);

impl Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.0 = u64::from(word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}
