//! Does this word report? A logistic model over the word, its neighbours and the build of its sentence, learnt by `cargo
//! xtask train-quotes`.

use std::borrow::Cow;

use super::candidates::{Attribution, Paragraph};
use crate::names::training::{NOTHING, fold_hash, step};

/// Weights are kept as sixteenths.
const SCALE: f32 = 16.0;

const PERHAPS: usize = 1 << 18;

/// Pairs of feature (u32) and weight (i8), by feature; read where they lie.
pub struct Scores<'a> {
    bytes: Cow<'a, [u8]>,
    /// Bits for the features there are: most words are told to be none without looking them up.
    perhaps: Vec<u64>,
}

impl<'a> Scores<'a> {
    pub fn new(bytes: &'a [u8]) -> Scores<'a> {
        let mut perhaps = vec![0; PERHAPS / 64];
        for row in bytes.chunks_exact(5) {
            let bit = place(u32::from_le_bytes([row[0], row[1], row[2], row[3]]));
            perhaps[bit / 64] |= 1 << (bit % 64);
        }
        Scores { bytes: Cow::Borrowed(bytes), perhaps }
    }

    pub fn lay_out(mut weights: Vec<(u32, f32)>) -> Vec<u8> {
        weights.sort_unstable_by_key(|it| it.0);
        let small = |weight: f32| (weight * SCALE).round().clamp(-127.0, 127.0) as i8 as u8;
        weights
            .iter()
            .flat_map(|(hash, weight)| {
                let [a, b, c, d] = hash.to_le_bytes();
                [a, b, c, d, small(*weight)]
            })
            .collect()
    }

    fn weight(&self, feature: u32) -> Option<f32> {
        let (mut low, mut high) = (0, self.bytes.len() / 5);
        while low < high {
            let middle = (low + high) / 2;
            let at = 5 * middle;
            let [a, b, c, d, weight] = self.bytes[at..at + 5] else { return None };
            match u32::from_le_bytes([a, b, c, d]).cmp(&feature) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(f32::from(weight as i8) / SCALE),
            }
        }
        None
    }

    /// May any of these words report? Right when it says no.
    pub fn may_report(&self, text: &str) -> bool {
        let mut length = 0;
        let mut hash = NOTHING;
        for byte in text.bytes().chain(std::iter::once(b' ')) {
            if byte.is_ascii_alphabetic() {
                hash = step(hash, byte.to_ascii_lowercase());
                length += 1;
                continue;
            }
            if 2 < length && self.perhaps(of(1, hash)) {
                return true;
            }
            (hash, length) = (NOTHING, 0);
        }
        false
    }

    fn perhaps(&self, feature: u32) -> bool {
        let bit = place(feature);
        self.perhaps[bit / 64] >> (bit % 64) & 1 == 1
    }

    /// The words that may report are those that the model has a weight for.
    pub fn is_cue(&self, word: &str) -> bool {
        2 < word.len()
            && word.starts_with(|c: char| c.is_ascii_alphabetic())
            && self.weight(cue(word)).is_some()
    }

    pub fn probability(&self, paragraph: &Paragraph, said: &Attribution) -> f32 {
        let sum: f32 = features(paragraph, said).iter().filter_map(|&feature| self.weight(feature)).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// The feature of a reporting word itself.
pub fn cue(word: &str) -> u32 {
    of(1, fold_hash(word))
}

fn place(feature: u32) -> usize {
    (feature >> 7) as usize % PERHAPS
}

fn of(template: u32, value: u32) -> u32 {
    (value ^ template.wrapping_mul(0x9e37_79b1)).wrapping_mul(0x85eb_ca6b).rotate_left(13)
}

pub fn features(paragraph: &Paragraph, said: &Attribution) -> Vec<u32> {
    let at = said.at;
    let hash = |at: usize| fold_hash(paragraph.word(at));
    let word = hash(at);
    let before = at.checked_sub(1).map_or(0, hash);
    let before2 = at.checked_sub(2).map_or(0, hash);
    let next = hash(at + 1);
    let build = said.build as u32;
    let content = said.content.first().map_or("", |&content| paragraph.text(content));
    let quoted =
        u32::from(content.starts_with(['"', '“', '\''])) + 2 * u32::from(content.contains(['"', '“']));
    let source = said.source.map_or("", |source| paragraph.text(source));
    let last = source.rsplit(' ').next().unwrap_or("");
    let kind = match source {
        "" => 0,
        it if it.len() <= 4 && !it.contains(' ') => 1,
        _ if last.starts_with(char::is_uppercase) => 2,
        _ if last.ends_with('s') => 3,
        _ => 4,
    };
    let length = (content.len() as u32 / 8).min(8);
    let ending = paragraph.word(at);
    let ending = &ending[ending.char_indices().rev().nth(1).map_or(0, |(at, _)| at)..];
    let first = fold_hash(content.split([' ', ',']).next().unwrap_or(""));
    vec![
        of(0, 1),
        of(1, word),
        of(2, word ^ build.wrapping_mul(0x0101_0101)),
        of(3, word ^ next.rotate_left(7)),
        of(4, word ^ before.rotate_left(9)),
        of(5, before),
        of(6, next),
        of(7, build << 8 | quoted << 4 | kind),
        of(8, kind << 8 | fold_hash(ending)),
        of(9, length << 4 | build),
        of(10, word ^ quoted.wrapping_mul(0x0404_0405)),
        of(11, first),
        of(12, word ^ first.rotate_left(11)),
        of(13, before2),
        of(14, word ^ kind.wrapping_mul(0x1111_1111)),
        of(15, fold_hash(last)),
        of(16, hash(at + 2)),
    ]
}
