//! The three sentences that say most, word for word, with where they stand: early ones, those that hold the headline's
//! words and the article's commonest, none that repeats another.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, hash::BuildHasherDefault};

use news::{KeyPoint, Language};

use crate::{
    names::training::{Hashed, NOTHING, fold_hash, step},
    sentences::{sentences, up_to},
};

const POINTS: usize = 3;
/// Later sentences are background.
const READ: usize = 4_000;
const SENTENCES: usize = 30;

type Counts = HashMap<u32, f32, BuildHasherDefault<Hashed>>;

struct Sentence {
    at: (usize, usize),
    /// Which of the texts.
    of: usize,
    /// Its place in its text.
    place: usize,
    words: Vec<u32>,
    score: f32,
}

/// Of one article: the publisher's own bullets, or what it says most with.
pub fn key_points(title: &str, body: &str, own: &[String], _language: &Language) -> Vec<KeyPoint> {
    let own: Vec<&str> = own.iter().map(|it| it.trim()).filter(|it| !it.is_empty()).collect();
    if !own.is_empty() {
        return own
            .into_iter()
            .take(2 * POINTS)
            .map(|says| KeyPoint { says: says.to_owned(), at: None })
            .collect();
    }
    most_telling(&[(title, body)]).into_iter().map(|(_, point)| point).collect()
}

/// Of several articles about one happening: three sentences and which article each is from.
pub fn story_key_points(articles: &[(&str, &str)]) -> Vec<(usize, KeyPoint)> {
    most_telling(articles)
}

fn most_telling(texts: &[(&str, &str)]) -> Vec<(usize, KeyPoint)> {
    let mut found: Vec<Sentence> = Vec::new();
    let (mut heads, mut common) = (Counts::default(), Counts::default());
    for (of, &(title, body)) in texts.iter().enumerate() {
        for word in words(title) {
            heads.insert(word, 1.0);
        }
        let body = up_to(body, READ);
        for (place, at) in sentences(body).take(SENTENCES).enumerate() {
            let words = words(&body[at.0..at.1]);
            words.iter().for_each(|&word| *common.entry(word).or_default() += 1.0);
            found.push(Sentence { at, of, place, words, score: 0.0 });
        }
    }
    let all = found.len();
    for sentence in &mut found {
        let (_, body) = texts[sentence.of];
        sentence.score = score(sentence, &body[sentence.at.0..sentence.at.1], &heads, &common);
    }
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() < POINTS.min(all) {
        let fresh = |at: &usize| !chosen.contains(at) && 0.0 < found[*at].score;
        let worth = |at: usize| {
            let repeats =
                chosen.iter().map(|&other| common_part(&found[at], &found[other])).fold(0.0, f32::max);
            found[at].score * (1.0 - repeats)
        };
        let Some(best) =
            (0..all).filter(fresh).max_by(|&a, &b| worth(a).total_cmp(&worth(b)).then(b.cmp(&a)))
        else {
            break;
        };
        chosen.push(best);
    }
    chosen.sort_unstable();
    let point = |at: usize| {
        let Sentence { at: (from, to), of, .. } = found[at];
        (of, KeyPoint { says: texts[of].1[from..to].to_owned(), at: Some((from as u32, to as u32)) })
    };
    chosen.into_iter().map(point).collect()
}

fn score(sentence: &Sentence, text: &str, heads: &Counts, common: &Counts) -> f32 {
    let words = &sentence.words;
    if words.len() < 4 || text.len() < 30 || text.ends_with('?') {
        return 0.0;
    }
    let many = (words.len() as f32).sqrt();
    let head = words.iter().filter(|word| heads.contains_key(word)).count() as f32 / many;
    // A word that stands once says nothing of the article.
    let shared: f32 =
        words.iter().map(|word| (common.get(word).copied().unwrap_or(1.0)).ln()).sum::<f32>() / many;
    let early = 1.0 / (1.0 + 0.35 * sentence.place as f32);
    let long = if 45 < words.len() { 0.7 } else { 1.0 };
    let spoken = if text.starts_with(['"', '“', '‘', '\'']) { 0.7 } else { 1.0 };
    long * spoken * (2.0 * early + 0.5 * head + 0.35 * shared)
}

/// How much of the shorter one the other says too.
fn common_part(a: &Sentence, b: &Sentence) -> f32 {
    let same = a.words.iter().filter(|word| b.words.contains(word)).count();
    same as f32 / a.words.len().min(b.words.len()).max(1) as f32
}

/// Hashes of the words that carry meaning: those of four letters or more, and what is written without spaces, by sign.
fn words(text: &str) -> Vec<u32> {
    let mut found = Vec::with_capacity(32);
    if !text.is_ascii() {
        for word in text.split(|c: char| !c.is_alphanumeric()) {
            match word.chars().next() {
                Some(first) if ('\u{2e80}'..='\u{d7ff}').contains(&first) => {
                    found.extend(word.chars().map(|c| c as u32));
                }
                Some(_) if 3 < word.chars().count() => found.push(fold_hash(word)),
                _ => {}
            }
        }
        return found;
    }
    let (mut hash, mut length) = (NOTHING, 0);
    for byte in text.bytes().chain(std::iter::once(b' ')) {
        if byte.is_ascii_alphanumeric() {
            hash = step(hash, byte.to_ascii_lowercase());
            length += 1;
            continue;
        }
        if 3 < length {
            found.push(hash);
        }
        (hash, length) = (NOTHING, 0);
    }
    found
}
