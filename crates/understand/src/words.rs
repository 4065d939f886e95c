//! Words of a text: found, folded, stemmed and hashed, so that two texts can be compared by what they say.
//!
//! Scripts without spaces are cut into pairs of neighbouring characters, which find words about as well as a dictionary
//! does (Nie et al., "On the use of words and n-grams for Chinese information retrieval", 2000).

mod numbers;
mod shingles;
mod stem;
mod stop;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, hash::BuildHasherDefault};

use news::{Language, Term};

use crate::names::training::Hashed;

pub use numbers::numbers;
pub use shingles::shingles;

use stem::Stems;

/// So much of the body is read for its words: news says first what matters, and a text may be endless.
const READ: usize = 6_000;
/// Words beyond these places are background more often than news.
const LEAD: usize = 60;
/// An article is known by at most so many terms.
const MOST_TERMS: usize = 150;

/// One word of a text that is not a stop word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    /// As it stands in the text.
    pub word: &'a str,
    /// Where it begins, in bytes.
    pub at: usize,
    /// Hash of its stem: forms of one word share it.
    pub hash: u32,
}

/// The words of a text in their order; without those that say nothing in that language.
pub fn tokens<'a>(text: &'a str, language: &Language) -> impl Iterator<Item = Token<'a>> {
    let stems = Stems::of(language);
    pieces(text).filter_map(move |(at, word)| Some(Token { word, at, hash: stems.hash(word)? }))
}

/// The telling words of an article, by hash. A word counts by how often it stands there, less each further time; the
/// headline's and the lead's count more.
pub fn terms(title: &str, body: &str, language: &Language) -> Vec<Term> {
    // Hashes already: no need to hash them again.
    let mut found: HashMap<u32, Count, BuildHasherDefault<Hashed>> = HashMap::default();
    found.reserve(256);
    for token in tokens(title, language) {
        let count = found.entry(token.hash).or_default();
        count.headline += 1;
    }
    for (place, token) in tokens(up_to(body, READ), language).enumerate() {
        let count = found.entry(token.hash).or_default();
        if place < LEAD { count.lead += 1 } else { count.rest += 1 }
    }
    let mut terms: Vec<Term> =
        found.into_iter().map(|(hash, count)| Term::new(hash, count.weight(), 0 < count.headline)).collect();
    // Ties go by hash, so that the same text always has the same terms.
    terms.sort_unstable_by(|a, b| b.weight.total_cmp(&a.weight).then(a.hash.cmp(&b.hash)));
    terms.truncate(MOST_TERMS);
    terms.sort_unstable_by_key(|term| term.hash);
    terms
}

#[derive(Default)]
struct Count {
    headline: u16,
    lead: u16,
    rest: u16,
}

impl Count {
    fn weight(&self) -> f32 {
        let times = 3.0 * f32::from(self.headline.min(2)) + 1.5 * f32::from(self.lead) + f32::from(self.rest);
        1.0 + times.ln().max(-0.5)
    }
}

/// The beginning of a text, cut at a character.
fn up_to(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
    &text[..end]
}

/// Runs of letters and digits; in scripts that are written without spaces, each character with the next.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let first = rest.chars().next()?;
            if is_unspaced(first) {
                let begin = at;
                at += first.len_utf8();
                if let Some(second) = text[at..].chars().next().filter(|&c| is_unspaced(c)) {
                    return Some((begin, &text[begin..at + second.len_utf8()]));
                }
                // The last of a run was told with the one before; one that stands alone is a word.
                let alone = !text[..begin].chars().next_back().is_some_and(is_unspaced);
                if alone {
                    return Some((begin, &text[begin..at]));
                }
                continue;
            }
            if !is_of_word(first) {
                at += first.len_utf8();
                continue;
            }
            let length = rest.find(|c| !is_of_word(c) || is_unspaced(c)).unwrap_or(rest.len());
            let begin = at;
            at += length;
            return Some((begin, &text[begin..at]));
        }
    })
}

fn is_of_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_mark(c) }
}

/// Combining marks belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{981}'..='\u{983}'
        | '\u{9bc}'..='\u{9cd}' | '\u{64b}'..='\u{65f}' | '\u{b82}' | '\u{bbe}'..='\u{bcd}')
}

/// Han, kana, Hangul, Thai, Lao, Khmer, Burmese: no spaces between words, or (Hangul) endings glued to them.
fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3041}'..='\u{30ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// FNV-1a, spread once more, because tables take its low bits.
fn hash(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let fnv = bytes
        .into_iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    spread(fnv)
}

fn spread(mut h: u64) -> u64 {
    h = (h ^ (h >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h = (h ^ (h >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    h ^ (h >> 33)
}
