//! The direction of a reader's taste among meanings and words: ridge regression of "liked" (1) and "refused" (−1)
//! on the stories met, which is the mean of a Gaussian belief over directions.
//!
//! It is fitted in the dual, one example at a time (Gauss–Seidel; cf. SDCA, Shalev-Shwartz & Zhang 2013): each
//! example has a *pull*, and the taste is the sum of the examples' directions times their pulls. So the fit goes on
//! from where it stood, what a forgotten example taught stays (and fades), and which story speaks for or against
//! another can be read off.
//!
//! Much is opened by chance, and what was opened by chance fits with nothing else that was opened. So each liked story
//! counts by how much the others say for it, its own pull left out (as label noise is met by weights of trust, cf.
//! Bootkrajang & Kabán 2012): what stands alone counts little, until a second one like it is opened.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use news::{Example, Interests, Model};

use crate::{Policy, fading::left};

/// How far apart "liked" and "refused" may be moved together: the variance of the constant term.
const CONSTANT: f32 = 1.0;

/// The liking of an example counts no more than this.
const LOUDEST: f32 = 3.0;

/// How sharply what fits is told from what was opened by chance.
const STEEP: f32 = 3.0;

/// Goes on with the fit, after examples were added or their liking has changed.
pub fn fit(believed: &mut Interests, policy: &Policy) {
    let last = believed.examples.iter().rev().map(|it| &it.direction).find(|it| !it.is_empty());
    let (model, length) = last.map(|it| (it.model(), it.values().len())).unwrap_or_default();
    if (believed.taste_by, believed.taste.len()) != (model, length) {
        begin_again(believed, model, length);
    }
    let mut taste = Taste {
        direction: std::mem::take(&mut believed.taste),
        words: believed.words.drain(..).collect(),
        constant: believed.constant,
    };
    let now = believed.as_of;
    let settled = believed.examples.iter_mut().filter(|it| it.liking != 0.0 && usable(it, model, length));
    let mut fitted: Vec<Fitted<'_>> = settled.map(|it| Fitted::new(it, now, policy)).collect();
    doubt(&mut fitted, &taste, policy);
    even(&mut fitted);
    for _ in 0..policy.passes {
        for it in &mut fitted {
            let noise = policy.stiffness / it.weight.max(1e-3);
            let off = it.example.liking.signum() - it.says(&taste) - it.example.pull * noise;
            let step = off / (1.0 + policy.of_words + CONSTANT + noise);
            it.example.pull += step;
            taste.pull(&it.direction, &it.example.words, step, policy.of_words);
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

/// Another model's directions cannot be compared: what was learnt from them is dropped.
fn begin_again(believed: &mut Interests, model: Model, length: usize) {
    believed.taste = vec![0.0; length];
    believed.taste_by = model;
    believed.words.clear();
    believed.constant = 0.0;
    for example in &mut believed.examples {
        example.pull = 0.0;
    }
}

fn usable(example: &Example, model: Model, length: usize) -> bool {
    example.direction.model() == model && example.direction.values().len() == length
}

/// An example made ready for the passes over all of them.
struct Fitted<'a> {
    example: &'a mut Example,
    direction: Vec<f32>,
    weight: f32,
}

impl<'a> Fitted<'a> {
    fn new(example: &'a mut Example, now: news::Timestamp, policy: &Policy) -> Fitted<'a> {
        let weight = example.liking.abs().min(LOUDEST) * left(example.at.age(now), policy.half_life);
        let direction = example.direction.direction().collect();
        Fitted { example, direction, weight }
    }

    fn says(&self, taste: &Taste) -> f32 {
        taste.of(&self.direction, &self.example.words)
    }

    fn is_liked(&self) -> bool {
        0.0 < self.example.liking
    }
}

/// What was opened (and not said by hand) counts by how well the others speak for it, measured against what they say
/// of those that were passed over.
fn doubt(fitted: &mut [Fitted<'_>], taste: &Taste, policy: &Policy) {
    let own = 1.0 + policy.of_words + CONSTANT;
    let others: Vec<f32> = fitted.iter().map(|it| it.says(taste) - it.example.pull * own).collect();
    let refused: Vec<f32> =
        fitted.iter().zip(&others).filter(|(it, _)| !it.is_liked()).map(|(_, others)| *others).collect();
    if refused.len() < policy.doubts_from {
        return;
    }
    let usual = mean(&refused);
    let middle = mean(&others);
    let spread = mean(&others.iter().map(|it| (it - middle).powi(2)).collect::<Vec<_>>()).sqrt().max(1e-6);
    for (it, others) in fitted.iter_mut().zip(&others) {
        if it.is_liked() && it.example.by_hand == 0.0 {
            let fits = STEEP * ((others - usual) / spread - policy.fits);
            it.weight *= policy.by_chance + (1.0 - policy.by_chance) / (1.0 + (-fits).exp());
        }
    }
}

fn mean(of: &[f32]) -> f32 {
    of.iter().sum::<f32>() / of.len().max(1) as f32
}

/// Far more is passed over than opened; both kinds together weigh the same.
fn even(fitted: &mut [Fitted<'_>]) {
    let total =
        |liked: bool| -> f32 { fitted.iter().filter(|it| it.is_liked() == liked).map(|it| it.weight).sum() };
    let (liked, refused) = (total(true), total(false));
    if 0.0 < liked && liked < refused {
        for it in fitted.iter_mut().filter(|it| !it.is_liked()) {
            it.weight *= liked / refused;
        }
    }
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
