//! What a large body of news knows of single words: how they are written in the middle of a sentence, what kind of name
//! they mostly belong to, and which words they behave like. Made by `cargo xtask train-names`.

use std::borrow::Cow;

const SLOTS: usize = 1 << 17;
const SLOT: usize = 7;

/// Zeros: nothing is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// 1 mostly in small letters, 2 both, 3 mostly with a capital, 4 in capitals.
    pub case: u8,
    /// Of names: 1 to 4 mostly of that kind, 5 of several, 6 seldom in any.
    pub kind: u8,
    /// The group of words that stand in like places.
    pub group: u8,
}

/// An open table of 131,072 slots: hash (u32), case, kind, group. It is read where it lies.
pub struct Lexicon {
    bytes: Cow<'static, [u8]>,
}

impl Lexicon {
    pub fn new(bytes: Cow<'static, [u8]>) -> Option<Lexicon> {
        (bytes.len() == SLOTS * SLOT).then_some(Lexicon { bytes })
    }

    /// At most 100,000 words; more would make the table slow.
    pub fn lay_out(words: &[(u32, Known)]) -> Vec<u8> {
        let mut bytes = vec![0; SLOTS * SLOT];
        for (hash, known) in words.iter().take(100_000) {
            let mut slot = *hash as usize % SLOTS;
            while bytes[slot * SLOT..slot * SLOT + 4] != [0; 4] {
                slot = (slot + 1) % SLOTS;
            }
            let at = slot * SLOT;
            bytes[at..at + 4].copy_from_slice(&hash.to_le_bytes());
            bytes[at + 4..at + SLOT].copy_from_slice(&[known.case, known.kind, known.group]);
        }
        bytes
    }

    pub fn word(&self, hash: u32) -> Known {
        let sought = hash.to_le_bytes();
        let mut slot = hash as usize % SLOTS;
        loop {
            let at = slot * SLOT;
            let key = &self.bytes[at..at + 4];
            if key == sought {
                return Known {
                    case: self.bytes[at + 4],
                    kind: self.bytes[at + 5],
                    group: self.bytes[at + 6],
                };
            }
            if key == [0; 4] {
                return Known::default();
            }
            slot = (slot + 1) % SLOTS;
        }
    }
}
