//! MinHash of a text's shingles: how much text two articles have in common, from 64 numbers.
//!
//! One hash for each shingle, thrown into 64 places of which each keeps its least (Li, Owen, Zhang, "One permutation
//! hashing", 2012); places that stay empty borrow from the next full one (Shrivastava, Li, "Densifying one permutation
//! hashing", 2014).

use super::{hash, pieces, spread, up_to};

const PLACES: usize = 64;
/// Words in a shingle: enough that a shared one is no accident.
const LONG: usize = 4;
/// A text of fewer shingles is no witness.
const FEWEST: usize = 8;
const READ: usize = 12_000;

/// Equal places / all places estimates the share of text that two have in common; empty for a text too short to tell.
pub fn shingles(body: &str) -> Vec<u32> {
    let mut least = [u32::MAX; PLACES];
    let mut recent = [0_u64; LONG];
    let mut shingles = 0;
    for (count, (_, word)) in pieces(up_to(body, READ)).enumerate() {
        recent[count % LONG] = word_hash(word);
        if LONG <= count + 1 {
            // The oldest first, whatever place it lies in.
            let shingle =
                (1..=LONG).fold(0, |h: u64, i| spread(h.rotate_left(5) ^ recent[(count + i) % LONG]));
            let place = &mut least[shingle as usize % PLACES];
            *place = (*place).min((shingle >> 32) as u32);
            shingles += 1;
        }
    }
    if shingles < FEWEST { Vec::new() } else { filled(least) }
}

fn word_hash(word: &str) -> u64 {
    if word.is_ascii() {
        hash(word.bytes().map(|b| b.to_ascii_lowercase()))
    } else {
        hash(word.to_lowercase().bytes())
    }
}

fn filled(least: [u32; PLACES]) -> Vec<u32> {
    let lender = |place: usize| {
        let steps = (0..PLACES).find(|step| least[(place + step) % PLACES] != u32::MAX).unwrap_or(0);
        least[(place + steps) % PLACES].wrapping_add((steps as u32).wrapping_mul(0x9e37_79b9))
    };
    (0..PLACES).map(lender).collect()
}
