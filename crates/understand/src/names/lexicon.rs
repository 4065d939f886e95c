//! What a large body of news and lists of facts know of single words: how they are written in the middle of a sentence,
//! which words they behave like, and whether people or towns are called so. Made by `cargo xtask train-names`.

use std::borrow::Cow;

use super::hash::joined;

const SLOTS: usize = 1 << 18;
const SLOT: usize = 8;
/// No town's name is longer, in words.
const LONGEST: usize = 4;

/// Bits of `Known::listed`.
pub const GIVEN_NAME: u8 = 1;
pub const FAMILY_NAME: u8 = 2;
pub const TOWN: u8 = 4;
/// The name of a town of several words begins with this one.
pub const BEGINS_TOWN: u8 = 8;

/// Zeros: nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// 1 mostly in small letters, 2 both, 3 mostly with a capital, 4 in capitals.
    pub case: u8,
    /// The class of words that stand in like places; classes that differ in the last four bits only are alike.
    pub class: u16,
    /// What lists of facts say.
    pub listed: u8,
}

impl Known {
    /// The wider class.
    pub fn wide(&self) -> u16 {
        self.class >> 4
    }
}

/// An open table of 262,144 slots: hash (u32), case, lists, class (u16). It is read where it lies.
pub struct Lexicon {
    bytes: Cow<'static, [u8]>,
}

impl Lexicon {
    pub fn new(bytes: Cow<'static, [u8]>) -> Option<Lexicon> {
        (bytes.len() == SLOTS * SLOT).then_some(Lexicon { bytes })
    }

    /// At most 180,000 words; more would make the table slow.
    pub fn lay_out(words: &[(u32, Known)]) -> Vec<u8> {
        let mut bytes = vec![0; SLOTS * SLOT];
        for (hash, known) in words.iter().take(180_000) {
            let mut slot = *hash as usize % SLOTS;
            while bytes[slot * SLOT..slot * SLOT + 4] != [0; 4] {
                slot = (slot + 1) % SLOTS;
            }
            let at = slot * SLOT;
            bytes[at..at + 4].copy_from_slice(&hash.to_le_bytes());
            bytes[at + 4] = known.case;
            bytes[at + 5] = known.listed;
            bytes[at + 6..at + SLOT].copy_from_slice(&known.class.to_le_bytes());
        }
        bytes
    }

    pub fn word(&self, hash: u32) -> Known {
        let sought = hash.to_le_bytes();
        let mut slot = hash as usize % SLOTS;
        loop {
            let at = slot * SLOT;
            let row = &self.bytes[at..at + SLOT];
            if row[..4] == sought {
                return Known { case: row[4], listed: row[5], class: u16::from_le_bytes([row[6], row[7]]) };
            }
            if row[..4] == [0; 4] {
                return Known::default();
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    /// The longest name of a town of several words that begins here: how many.
    pub fn town(&self, hashes: &[u32]) -> Option<usize> {
        let mut hash = *hashes.first()?;
        let mut found = None;
        for (at, &next) in hashes.iter().enumerate().take(LONGEST).skip(1) {
            hash = joined(hash, next);
            if self.word(hash).listed & TOWN != 0 {
                found = Some(at + 1);
            }
        }
        found
    }
}
