//! Maps for keys that are hashes already, and a fast hash for the names on a page.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};

/// What is a hash already is hashed no further.
#[derive(Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.0 = (self.0 ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, hash: u32) {
        // Maps look at the upper and the lower bits.
        self.0 = u64::from(hash).wrapping_mul(SPREAD);
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

pub type Hashes = HashSet<u32, BuildHasherDefault<AsItIs>>;
pub type Counts<T> = HashMap<u32, T, BuildHasherDefault<AsItIs>>;
/// By what `mix` made of some names.
pub type ByName<T> = HashMap<u64, T, BuildHasherDefault<AsItIs>>;

/// Eight bytes at a time; `so_far` is what came before. Two names of one hash would be taken for one another, which a
/// page can bring about only to be read worse itself.
pub fn mix(so_far: u64, bytes: &[u8]) -> u64 {
    let mut hash = so_far ^ (bytes.len() as u64).wrapping_mul(SPREAD);
    for eight in bytes.chunks(8) {
        let mut padded = [0; 8];
        padded[..eight.len()].copy_from_slice(eight);
        hash = (hash ^ u64::from_le_bytes(padded)).wrapping_mul(SPREAD);
        hash ^= hash >> 29;
    }
    hash
}
