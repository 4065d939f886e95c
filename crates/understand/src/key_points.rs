//! The three sentences that say most, word for word, with where they stand: what speaks for a sentence is weighed as
//! `cargo xtask train-key-points` learnt it from editors' summaries, and none repeats another.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use news::{KeyPoint, Language};

use crate::{
    names::training::{Hashed, NOTHING, fold_hash, step},
    sentences::{sentences, up_to},
};

pub const POINTS: usize = 3;
/// Later sentences are background.
const READ: usize = 4_000;
const SENTENCES: usize = 30;
/// What speaks for or against a sentence, in the order of the weights; and last what repetition costs.
pub const GROUNDS: [&str; 17] = [
    "early",
    "first",
    "second",
    "late",
    "headline",
    "headline-dense",
    "shared",
    "shared-dense",
    "short",
    "length",
    "long",
    "spoken",
    "marks",
    "numbers",
    "names",
    "hanging",
    "told-elsewhere",
];
pub type Grounds = [f32; GROUNDS.len()];

/// A line for each ground and one for repetition: name, weight.
const WEIGHTS: &str = include_str!("../data/key-points.txt");

#[derive(Clone, Debug)]
pub struct Weights {
    pub of: Grounds,
    pub repetition: f32,
}

impl Weights {
    /// Those of the repository.
    pub fn own() -> &'static Weights {
        static OWN: OnceLock<Weights> = OnceLock::new();
        OWN.get_or_init(|| {
            let weight = |name: &str| {
                let line = WEIGHTS.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
                line.and_then(|it| it.trim().parse().ok()).unwrap_or(0.0)
            };
            Weights { of: GROUNDS.map(weight), repetition: weight("repetition") }
        })
    }
}

type Counts = HashMap<u32, f32, BuildHasherDefault<Hashed>>;

/// One article of what is summed up.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told<'a> {
    pub title: &'a str,
    pub body: &'a str,
    /// The publisher's own bullets.
    pub own: &'a [String],
}

/// A sentence that may be chosen.
pub struct Sentence {
    pub at: (usize, usize),
    /// Which of the texts.
    pub of: usize,
    words: Vec<u32>,
    /// None for what is no statement by itself.
    pub grounds: Option<Grounds>,
}

/// Of one article: the publisher's own bullets, or what it says most with.
pub fn key_points(title: &str, body: &str, own: &[String], _language: &Language) -> Vec<KeyPoint> {
    let bullets: Vec<KeyPoint> = bullets(own).take(2 * POINTS).collect();
    if !bullets.is_empty() {
        return bullets;
    }
    story_key_points(&[Told { title, body, own: &[] }]).into_iter().map(|(_, point)| point).collect()
}

fn bullets(own: &[String]) -> impl Iterator<Item = KeyPoint> + '_ {
    let own = own.iter().map(|it| it.trim()).filter(|it| !it.is_empty());
    own.map(|says| KeyPoint { says: says.to_owned(), at: None })
}

/// Of several articles about one happening: three statements and which article each is from. What publishers set apart
/// as their points comes first.
pub fn story_key_points(articles: &[Told]) -> Vec<(usize, KeyPoint)> {
    let mut points: Vec<(usize, KeyPoint)> = Vec::new();
    let mut said: Vec<Vec<u32>> = Vec::new();
    for (of, article) in articles.iter().enumerate() {
        for point in bullets(article.own) {
            let words = words(&point.says);
            if points.len() < POINTS && said.iter().all(|other| common_part(&words, other) < 0.5) {
                said.push(words);
                points.push((of, point));
            }
        }
    }
    let texts: Vec<(&str, &str)> = articles.iter().map(|it| (it.title, it.body)).collect();
    let found = candidates(&texts);
    for at in chosen(&found, Weights::own(), &said) {
        let Sentence { at: (from, to), of, .. } = found[at];
        points.push((
            of,
            KeyPoint { says: texts[of].1[from..to].to_owned(), at: Some((from as u32, to as u32)) },
        ));
    }
    points
}

/// The sentences of all texts, with what speaks for each.
pub fn candidates(texts: &[(&str, &str)]) -> Vec<Sentence> {
    let mut found: Vec<Sentence> = Vec::new();
    let (mut heads, mut common) = (Counts::default(), Counts::default());
    let mut places = Vec::new();
    for (of, &(title, body)) in texts.iter().enumerate() {
        heads.extend(words(title).into_iter().map(|word| (word, 1.0)));
        for (place, at) in sentences(up_to(body, READ)).take(SENTENCES).enumerate() {
            let words = words(&body[at.0..at.1]);
            words.iter().for_each(|&word| *common.entry(word).or_default() += 1.0);
            found.push(Sentence { at, of, words, grounds: None });
            places.push(place);
        }
    }
    for at in 0..found.len() {
        let Sentence { of, at: (from, to), .. } = found[at];
        let text = &texts[of].1[from..to];
        let elsewhere = told_elsewhere(&found, at, texts.len());
        found[at].grounds = grounds(&found[at].words, text, places[at], &heads, &common, elsewhere);
    }
    found
}

fn grounds(
    words: &[u32],
    text: &str,
    place: usize,
    heads: &Counts,
    common: &Counts,
    elsewhere: f32,
) -> Option<Grounds> {
    if words.len() < 4 || text.len() < 30 || text.ends_with('?') {
        return None;
    }
    let many = words.len() as f32;
    let is = |it: bool| f32::from(u8::from(it));
    let head = words.iter().filter(|word| heads.contains_key(word)).count() as f32;
    // A word that stands once says nothing of the article.
    let shared: f32 = words.iter().map(|word| common.get(word).copied().unwrap_or(1.0).ln()).sum();
    let (mut numbers, mut names, mut all) = (0.0_f32, 0.0_f32, 0.0_f32);
    for word in text.split_whitespace() {
        numbers += is(word.contains(|c: char| c.is_ascii_digit()));
        names += is(0.0 < all && word.starts_with(char::is_uppercase));
        all += 1.0;
    }
    let first =
        text.split(|c: char| !c.is_alphanumeric()).find(|it| !it.is_empty()).unwrap_or("").to_lowercase();
    let hanging =
        ["he", "she", "it", "they", "this", "that", "these", "but", "and", "however", "his", "her", "so"];
    Some([
        1.0 / (1.0 + 0.35 * place as f32),
        is(place == 0),
        is(place == 1),
        place as f32 / SENTENCES as f32,
        head / many.sqrt(),
        head / many,
        shared / many.sqrt(),
        shared / many,
        is(all < 10.0),
        (1.0 + all).ln(),
        (all - 28.0).max(0.0) / 10.0,
        is(text.starts_with(['"', '“', '‘', '\''])),
        is(text.contains(['"', '“', '”'])),
        numbers.min(3.0),
        names / all.max(1.0),
        is(hanging.contains(&first.as_str())),
        elsewhere,
    ])
}

/// In how many of the other texts most of its words stand in one sentence.
fn told_elsewhere(found: &[Sentence], at: usize, texts: usize) -> f32 {
    if texts < 2 {
        return 0.0;
    }
    let mut told = vec![false; texts];
    for other in found.iter().filter(|other| other.of != found[at].of) {
        told[other.of] = told[other.of] || 0.5 <= common_part(&found[at].words, &other.words);
    }
    told.into_iter().filter(|it| *it).count() as f32 / (texts - 1) as f32
}

/// Which sentences to show beside what is said already, in the order of the texts.
pub fn chosen(found: &[Sentence], weights: &Weights, said: &[Vec<u32>]) -> Vec<usize> {
    let score = |it: &Sentence| {
        it.grounds.map(|grounds| grounds.iter().zip(&weights.of).map(|(a, b)| a * b).sum::<f32>())
    };
    let scores: Vec<Option<f32>> = found.iter().map(score).collect();
    let mut repeats: Vec<f32> = found
        .iter()
        .map(|it| said.iter().map(|other| common_part(&it.words, other)).fold(0.0, f32::max))
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    while chosen.len() + said.len() < POINTS {
        let worth = |at: usize| scores[at].map(|score| score - weights.repetition * repeats[at]);
        let fresh = (0..found.len()).filter(|at| !chosen.contains(at) && repeats[*at] < 0.8);
        let best = fresh
            .filter_map(|at| Some((worth(at)?, at)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, best)) = best else { break };
        chosen.push(best);
        for (at, repeats) in repeats.iter_mut().enumerate() {
            *repeats = repeats.max(common_part(&found[at].words, &found[best].words));
        }
    }
    chosen.sort_unstable();
    chosen
}

/// How much of the shorter one the other says too.
fn common_part(a: &[u32], b: &[u32]) -> f32 {
    let same = a.iter().filter(|word| b.contains(word)).count();
    same as f32 / a.len().min(b.len()).max(1) as f32
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
