//! How likely a run of letters is in each language: for short texts, of which lists of words know nothing. Tables for
//! scripts that several languages share, made by `cargo xtask train-languages` and read in place.

use std::borrow::Cow;

use crate::names::training::{NOTHING, step};

/// Steps of one natural logarithm.
pub const SCALE: f32 = 16.0;
/// Letters of the longest run.
pub const LONGEST: usize = 4;

static BYTES: &[u8] = include_bytes!("../../data/languages.bin");

/// One script: its languages and how unlikely each run of letters is in each.
pub struct Letters {
    pub codes: Vec<String>,
    /// An open table: hash (u32), then a byte for each language: how much less likely than in the likeliest.
    slots: Cow<'static, [u8]>,
}

impl Letters {
    fn row(&self) -> usize {
        4 + self.codes.len()
    }

    fn find(&self, hash: u32) -> Option<&[u8]> {
        let many = self.slots.len() / self.row();
        let mut slot = hash as usize % many.max(1);
        loop {
            let row = self.slots.get(slot * self.row()..(slot + 1) * self.row())?;
            let key = u32::from_le_bytes([row[0], row[1], row[2], row[3]]);
            match key {
                it if it == hash => return Some(&row[4..]),
                0 => return None,
                _ => slot = (slot + 1) % many,
            }
        }
    }

    /// How much less likely the first `most` letters of the texts are in each language, in logarithms.
    pub fn unlikely<'a>(&self, texts: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<f32> {
        let mut sums = [0_u32; 64];
        let mut read = 0;
        for text in texts {
            let mut word = ['\0'; LONGEST];
            let mut length = 0;
            for c in text.chars().flat_map(char::to_lowercase) {
                if !c.is_alphabetic() && !super::is_mark(c) {
                    length = 0;
                    continue;
                }
                word.rotate_left(1);
                word[LONGEST - 1] = c;
                length = LONGEST.min(length + 1);
                // The longest run that is known ends the search.
                if let Some(row) = (1..=length).rev().find_map(|it| self.find(hash(&word[LONGEST - it..]))) {
                    sums.iter_mut().zip(row).for_each(|(sum, it)| *sum += u32::from(*it));
                }
                read += 1;
                if most <= read {
                    break;
                }
            }
        }
        sums[..self.codes.len()].iter().map(|it| *it as f32 / SCALE).collect()
    }

    /// Bytes of a script: how many languages, their codes (each ended by a space), how many slots, the slots.
    pub fn lay_out(codes: &[&str], rows: &[(u32, Vec<u8>)]) -> Vec<u8> {
        let many = (rows.len() * 4 / 3).max(8);
        let row = 4 + codes.len();
        let mut slots = vec![0; many * row];
        for (hash, values) in rows {
            let mut slot = *hash as usize % many;
            while slots[slot * row..slot * row + 4] != [0; 4] {
                slot = (slot + 1) % many;
            }
            slots[slot * row..slot * row + 4].copy_from_slice(&hash.to_le_bytes());
            slots[slot * row + 4..(slot + 1) * row].copy_from_slice(values);
        }
        let mut bytes = vec![codes.len() as u8];
        codes.iter().for_each(|code| bytes.extend(format!("{code} ").bytes()));
        bytes.extend((many as u32).to_le_bytes());
        bytes.extend(slots);
        bytes
    }
}

/// Of a run of letters; never 0, which marks a free slot.
pub fn hash(letters: &[char]) -> u32 {
    let sum = letters
        .iter()
        .fold(NOTHING, |sum, &c| u32::from(c).to_le_bytes().into_iter().take(3).fold(sum, step));
    // FNV's low bits alone are poor.
    (sum ^ sum >> 15).max(1)
}

/// The tables of the repository, in the order of the file.
pub fn of_repository() -> Vec<Letters> {
    scripts(BYTES)
}

fn scripts(mut bytes: &'static [u8]) -> Vec<Letters> {
    let mut scripts = Vec::new();
    while let Some((&many, rest)) = bytes.split_first() {
        let mut codes = Vec::new();
        bytes = rest;
        for _ in 0..many {
            let end = bytes.iter().position(|it| *it == b' ').unwrap_or(0);
            codes.push(String::from_utf8_lossy(&bytes[..end]).into_owned());
            bytes = &bytes[(end + 1).min(bytes.len())..];
        }
        let Some((count, rest)) = bytes.split_first_chunk::<4>() else { break };
        let length = (u32::from_le_bytes(*count) as usize * (4 + codes.len())).min(rest.len());
        let (slots, rest) = rest.split_at(length);
        scripts.push(Letters { codes, slots: Cow::Borrowed(slots) });
        bytes = rest;
    }
    scripts
}
