//! What anybody would try first: one likeness, one threshold. The threshold is the best for the very file that it is
//! measured on, so these are better here than they would be in a day's work.

use std::collections::HashMap;

use news::{Language, Sketch};
use understand::words::tokens;

use super::{
    measure::{self, Measured},
    told::Told,
};

/// For each article, the one before it that is most alike, and how much. Whatever the threshold, that is the one whose
/// story it joins or does not.
pub type Nearest = Vec<Option<(usize, f32)>>;

/// Cosine of TF-IDF vectors: the headline three times and the first 1,200 characters.
pub fn by_words(articles: &[Told]) -> Nearest {
    let english = Language("en".into());
    let vectors: Vec<HashMap<u32, f32>> = articles
        .iter()
        .map(|it| {
            let lead: String = it.body.chars().take(1_200).collect();
            let mut counts = HashMap::new();
            tokens(&it.title, &english).for_each(|token| *counts.entry(token.hash).or_default() += 3.0);
            tokens(&lead, &english).for_each(|token| *counts.entry(token.hash).or_default() += 1.0);
            counts
        })
        .collect();
    let mut holding: HashMap<u32, f32> = HashMap::new();
    vectors.iter().flat_map(|it| it.keys()).for_each(|&word| *holding.entry(word).or_default() += 1.0);
    let all = articles.len() as f32;
    let vectors: Vec<Vec<(u32, f32)>> =
        vectors.into_iter().map(|it| unit(it, |word| (1.0 + all / holding[&word]).ln())).collect();
    let mut postings: HashMap<u32, Vec<(usize, f32)>> = HashMap::new();
    let mut nearest = Vec::with_capacity(vectors.len());
    for (place, vector) in vectors.iter().enumerate() {
        let mut sums = vec![0.0_f32; place];
        for (word, weight) in vector {
            let known = postings.entry(*word).or_default();
            known.iter().for_each(|&(other, its)| sums[other] += weight * its);
            known.push((place, *weight));
        }
        nearest.push(sums.into_iter().enumerate().max_by(|a, b| a.1.total_cmp(&b.1)));
    }
    nearest
}

fn unit(counts: HashMap<u32, f32>, idf: impl Fn(u32) -> f32) -> Vec<(u32, f32)> {
    let mut weights: Vec<(u32, f32)> =
        counts.into_iter().map(|(word, count)| (word, (1.0 + count.ln()) * idf(word))).collect();
    weights.sort_unstable_by_key(|it| it.0);
    let length = weights.iter().map(|it| it.1 * it.1).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    weights.iter_mut().for_each(|it| it.1 /= length);
    weights
}

/// Cosine of embeddings.
pub fn by_meaning(sketches: &[Sketch]) -> Nearest {
    let embedding = |at: usize| &sketches[at].understanding.embedding;
    let like = |at: usize| (0..at).map(move |other| (other, embedding(at).likeness(embedding(other))));
    (0..sketches.len()).map(|at| like(at).max_by(|a, b| a.1.total_cmp(&b.1))).collect()
}

/// The threshold with the best BCubed F1, and what it measures.
pub fn best(nearest: &Nearest, truth: &[&str]) -> (f32, Measured) {
    let at = |step: u32| step as f32 / 50.0;
    let tried = (1..50).map(|step| (at(step), measure::measure(truth, &joined(nearest, at(step)))));
    tried.max_by(|a, b| a.1.bcubed.f1().total_cmp(&b.1.bcubed.f1())).unwrap_or_default()
}

fn joined(nearest: &Nearest, threshold: f32) -> Vec<usize> {
    let mut stories: Vec<usize> = Vec::with_capacity(nearest.len());
    for (place, nearest) in nearest.iter().enumerate() {
        let story = nearest.filter(|it| threshold <= it.1).map_or(place, |it| stories[it.0]);
        stories.push(story);
    }
    stories
}
