//! Stems: one hash for all the forms of a word.

use std::{cell::RefCell, collections::HashSet};

use news::Language;
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::{hash, spread, stop};

/// Stemming costs a microsecond, and most words were just seen: each thread remembers so many of them.
const REMEMBERED: usize = 1 << 16;

thread_local! {
    /// By hash of language and word: the stem's hash, 0 for a stop word. Only ever what would be computed again.
    static SEEN: RefCell<Vec<(u64, u32)>> = RefCell::new(vec![(0, 0); REMEMBERED]);
}

pub struct Stems {
    language: u64,
    way: Way,
    stop: &'static HashSet<&'static str>,
}

enum Way {
    Snowball(Stemmer),
    /// No stemmer at hand for a language of many endings: the beginning of a word stands for it.
    Beginning,
    AsItIs,
}

impl Stems {
    pub fn of(language: &Language) -> Stems {
        let code = language.0.split(['-', '_']).next().unwrap_or_default();
        Stems { language: hash(code.bytes()), way: way(code), stop: stop::words(code) }
    }

    /// `None` for a stop word, and for what is no word.
    pub fn hash(&self, word: &str) -> Option<u32> {
        let key = hash(word.bytes()) ^ self.language;
        let place = spread(key) as usize % REMEMBERED;
        SEEN.with_borrow_mut(|seen| {
            if seen[place].0 != key {
                seen[place] = (key, self.compute(word));
            }
            Some(seen[place].1).filter(|&stem| stem != 0)
        })
    }

    fn compute(&self, word: &str) -> u32 {
        let word = word.to_lowercase();
        let letters = word.chars().count();
        let telling = 1 < letters || word.chars().all(|c| !c.is_ascii());
        if !telling || 40 < letters || self.stop.contains(word.as_str()) {
            return 0;
        }
        let stem = match &self.way {
            _ if word.starts_with(|c: char| c.is_ascii_digit()) => word.as_str().into(),
            Way::Snowball(stemmer) => stemmer.stem(&word),
            Way::Beginning => word.char_indices().nth(6).map_or(&word[..], |(end, _)| &word[..end]).into(),
            Way::AsItIs => word.as_str().into(),
        };
        (fold(&stem) as u32).max(1)
    }
}

/// Accents are typed by some outlets and dropped by others.
fn fold(stem: &str) -> u64 {
    if stem.is_ascii() {
        return hash(stem.bytes());
    }
    let plain = stem.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}'));
    let plain: String = plain
        .map(|c| match c {
            'ł' => 'l',
            'ø' => 'o',
            'đ' => 'd',
            'ı' => 'i',
            c => c,
        })
        .collect();
    hash(plain.bytes())
}

fn way(code: &str) -> Way {
    let algorithm = match code {
        "ar" => Algorithm::Arabic,
        "da" => Algorithm::Danish,
        "nl" => Algorithm::Dutch,
        "en" => Algorithm::English,
        "fi" => Algorithm::Finnish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "el" => Algorithm::Greek,
        "hu" => Algorithm::Hungarian,
        "it" => Algorithm::Italian,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "pt" => Algorithm::Portuguese,
        "ro" => Algorithm::Romanian,
        "ru" => Algorithm::Russian,
        "es" => Algorithm::Spanish,
        "sv" => Algorithm::Swedish,
        "ta" => Algorithm::Tamil,
        "tr" => Algorithm::Turkish,
        "pl" | "cs" | "sk" | "uk" | "be" | "bg" | "hr" | "sr" | "bs" | "sl" | "mk" | "lt" | "lv" | "et"
        | "ca" | "gl" => {
            return Way::Beginning;
        }
        _ => return Way::AsItIs,
    };
    Way::Snowball(Stemmer::create(algorithm))
}
