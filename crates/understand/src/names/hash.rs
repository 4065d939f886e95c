//! Hashes that are the same in every run and on every machine: features and lists are known by them.

use std::hash::Hasher;

/// The hash of no letters yet.
pub const NOTHING: u32 = 0x811c_9dc5;

/// FNV-1a of the word in lower case, without the full stop of a shortened word.
pub fn fold_hash(word: &str) -> u32 {
    let word = word.strip_suffix('.').filter(|rest| !rest.is_empty()).unwrap_or(word);
    let mut hash = NOTHING;
    if word.is_ascii() {
        return word.bytes().fold(hash, |hash, byte| step(hash, byte.to_ascii_lowercase()));
    }
    for c in word.chars().flat_map(char::to_lowercase) {
        hash = c.encode_utf8(&mut [0; 4]).bytes().fold(hash, step);
    }
    hash
}

pub fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// Two hashes in their order.
pub fn joined(a: u32, b: u32) -> u32 {
    spread(a.rotate_left(5) ^ b.wrapping_mul(0x9e37_79b1))
}

pub fn spread(mut hash: u32) -> u32 {
    hash = (hash ^ (hash >> 16)).wrapping_mul(0x85eb_ca6b);
    hash = (hash ^ (hash >> 13)).wrapping_mul(0xc2b2_ae35);
    hash ^ (hash >> 16)
}

/// For maps whose keys are hashes already.
#[derive(Default)]
pub struct Hashed(u64);

impl Hasher for Hashed {
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(byte);
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = u64::from(value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
