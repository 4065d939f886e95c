//! The direction of a reader's taste in the space of embeddings: ridge regression of "liked" (1) and "refused" (−1)
//! on the stories met, which is the mean of a Gaussian belief over directions.
//!
//! It is fitted in the dual, one example at a time (Gauss–Seidel; cf. SDCA, Shalev-Shwartz & Zhang 2013): each
//! example has a *pull*, and the taste is the sum of the examples' directions times their pulls. So the fit goes on
//! from where it stood, and which story speaks for or against another can be read off.

use news::{Example, Interests};

use crate::{Policy, fading::left};

/// How far apart "liked" and "refused" may be moved together: the variance of the constant term.
const CONSTANT: f32 = 1.0;

pub fn fit(believed: &mut Interests, policy: &Policy) {
    let now = believed.as_of;
    let length =
        believed.examples.iter().rev().map(|it| it.direction.values().len()).find(|it| 0 < *it).unwrap_or(0);
    let settled =
        |it: &Example| it.liking != 0.0 && it.direction.values().len() == length && !it.direction.is_empty();
    let weigh = |it: &Example| it.liking.abs().min(3.0) * left(it.at.age(now), policy.half_life);
    let total = |liked: bool| -> f32 {
        let of_kind = believed.examples.iter().filter(|it| settled(it) && (0.0 < it.liking) == liked);
        of_kind.map(weigh).sum()
    };
    // Far more is passed over than opened; both kinds together weigh the same.
    let (liked, refused) = (total(true), total(false));
    let evenness = if 0.0 < liked && liked < refused { liked / refused } else { 1.0 };

    let mut taste = vec![0.0_f32; length];
    let mut constant = 0.0;
    let mut fitted: Vec<(&mut Example, Vec<f32>, f32)> = Vec::new();
    for example in &mut believed.examples {
        if !settled(example) {
            example.pull = 0.0;
            continue;
        }
        let weight = weigh(example) * if example.liking < 0.0 { evenness } else { 1.0 };
        let direction: Vec<f32> = example.direction.direction().collect();
        add(&mut taste, &direction, example.pull);
        constant += CONSTANT * example.pull;
        fitted.push((example, direction, policy.stiffness / weight.max(1e-3)));
    }
    for _ in 0..policy.passes {
        for (example, direction, noise) in &mut fitted {
            let off = example.liking.signum() - dot(&taste, direction) - constant - example.pull * *noise;
            let step = off / (1.0 + CONSTANT + *noise);
            example.pull += step;
            constant += CONSTANT * step;
            add(&mut taste, direction, step);
        }
    }
    believed.taste = taste;
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f32], direction: &[f32], times: f32) {
    for (to, value) in to.iter_mut().zip(direction) {
        *to += times * value;
    }
}
