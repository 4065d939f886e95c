//! Tables whose keys are hashes already: nothing is gained by hashing them again.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

pub type Table<K, V> = HashMap<K, V, BuildHasherDefault<Spread>>;

/// One multiplication: keys may come from outside, but as hashes of words, and a table of them decides nothing by order.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u64(u64::from(byte));
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = (self.0.rotate_left(23) ^ key).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(26);
    }
}

/// FNV-1a, spread: the same in every run, which the standard library does not promise.
pub fn hash(text: &str) -> u64 {
    let fnv =
        text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3));
    let h = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    h ^ (h >> 33)
}
