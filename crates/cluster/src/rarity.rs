//! How rare a word is: in the news of other times (a table that ships with us), and in that of these days.
//!
//! A word that two articles share tells as much as it is rare (Spärck Jones, "A statistical interpretation of term
//! specificity", 1972). A name that is in every third article this week is no longer rare, whatever it was before.

use std::{collections::BTreeMap, sync::LazyLock};

use crate::table::{Table, hash};

/// Counted in so many days; what is older no longer says how common a word is *now*.
const DAYS: i64 = 4;
/// The table weighs as much as so many articles of these days.
const BELIEF: f32 = 2_000.0;
/// The same for a language of which the table knows nothing, and how often a word stands in an article there.
const NO_BELIEF: f32 = 50.0;
const NO_RATE: f32 = 0.01;

/// Share of articles that a word stands in, for languages that we have counted.
/// Laid down as `hash: u32, idf × 16: u8`, after a line that tells the languages.
static BACKGROUND: LazyLock<Background> =
    LazyLock::new(|| Background::read(include_bytes!("../data/background.bin")));

struct Background {
    languages: Vec<u64>,
    idf: Table<u32, u8>,
    /// Of a word that the table does not have.
    unseen: f32,
}

impl Background {
    fn read(bytes: &[u8]) -> Background {
        let end = bytes.iter().position(|&b| b == b'\n').unwrap_or(bytes.len());
        let head = String::from_utf8_lossy(&bytes[..end]);
        let rows = bytes.get(end + 1..).unwrap_or_default().chunks_exact(5);
        let idf: Table<u32, u8> =
            rows.map(|row| (u32::from_le_bytes([row[0], row[1], row[2], row[3]]), row[4])).collect();
        let unseen = idf.values().max().map_or(9.0, |&most| f32::from(most) / 16.0 + 0.5);
        Background { languages: head.split_whitespace().map(hash).collect(), idf, unseen }
    }
}

/// The table's bytes, from the share of articles that hold each word ([`word_key`]); for `xtask fit`.
pub fn background_of(languages: &[&str], shares: impl IntoIterator<Item = (u32, f32)>) -> Vec<u8> {
    let steps = |share: f32| (-share.ln() * 16.0).round().clamp(0.0, 255.0) as u8;
    let mut rows: Vec<(u32, u8)> = shares.into_iter().map(|(key, share)| (key, steps(share))).collect();
    rows.sort_unstable();
    rows.dedup_by_key(|row| row.0);
    let mut bytes = languages.join(" ").into_bytes();
    bytes.push(b'\n');
    for (key, idf) in rows {
        bytes.extend(key.to_le_bytes());
        bytes.push(idf);
    }
    bytes
}

/// What is counted. Each kind has its own numbers: a name that is a common word is not a common name.
#[derive(Clone, Copy)]
pub enum Kind {
    Word,
    Name,
    Number,
}

/// What these days say of how common things are. A fold over articles in the order of their placing.
#[derive(Default)]
pub struct Rarity {
    days: BTreeMap<i64, Day>,
    holding: Table<u32, u32>,
    articles: Table<u64, u32>,
}

#[derive(Default)]
struct Day {
    holding: Table<u32, u32>,
    articles: Table<u64, u32>,
}

fn key(kind: Kind, hash: u32, language: u64) -> u32 {
    match kind {
        Kind::Word => hash ^ language as u32,
        Kind::Name => hash ^ 0x5bd1_e995,
        Kind::Number => hash ^ 0x1b87_3593,
    }
}

impl Rarity {
    /// In natural logarithms: 0 stands everywhere, 9 in one article of eight thousand.
    pub fn of(&self, kind: Kind, hash: u32, language: u64) -> f32 {
        let known = BACKGROUND.languages.contains(&language);
        let (belief, rate) = match (kind, known) {
            (Kind::Word, true) => {
                let idf = BACKGROUND
                    .idf
                    .get(&key(kind, hash, language))
                    .map_or(BACKGROUND.unseen, |&it| f32::from(it) / 16.0);
                (BELIEF, (-idf).exp())
            }
            (Kind::Word, false) => (NO_BELIEF, NO_RATE),
            (Kind::Name | Kind::Number, _) => (BELIEF, 0.0015),
        };
        let articles = self.articles.get(&language).copied().unwrap_or(0) as f32;
        let holding = self.holding.get(&key(kind, hash, language)).copied().unwrap_or(0) as f32;
        let rate = (belief * rate + holding) / (belief + articles.max(holding));
        -rate.ln()
    }

    /// Counts one article of that day. Days long before the latest say nothing of now and are not counted.
    pub fn count(&mut self, day: i64, language: u64, things: impl Iterator<Item = (Kind, u32)>) {
        let latest = self.days.last_key_value().map_or(day, |(&latest, _)| latest.max(day));
        if day <= latest - DAYS {
            return;
        }
        let today = self.days.entry(day).or_default();
        *today.articles.entry(language).or_default() += 1;
        *self.articles.entry(language).or_default() += 1;
        for (kind, hash) in things {
            let key = key(kind, hash, language);
            *today.holding.entry(key).or_default() += 1;
            *self.holding.entry(key).or_default() += 1;
        }
        while self.days.first_key_value().is_some_and(|(&first, _)| first <= latest - DAYS) {
            let Some((_, gone)) = self.days.pop_first() else { break };
            take(&mut self.holding, gone.holding);
            take(&mut self.articles, gone.articles);
        }
    }

    /// The latest day that was counted.
    pub fn today(&self) -> Option<i64> {
        self.days.last_key_value().map(|(&day, _)| day)
    }
}

fn take<K: std::hash::Hash + Eq>(from: &mut Table<K, u32>, gone: Table<K, u32>) {
    for (key, count) in gone {
        if let Some(left) = from.get_mut(&key) {
            *left = left.saturating_sub(count);
            if *left == 0 {
                from.remove(&key);
            }
        }
    }
}

/// Under which number the table and the days know a word.
pub fn word_key(hash: u32, language: &str) -> u32 {
    key(Kind::Word, hash, crate::table::hash(language))
}
