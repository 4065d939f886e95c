//! The word pieces of BERT (Devlin et al. 2019): lower case, accents off, each punctuation mark and each CJK
//! character by itself, then the longest piece of the vocabulary again and again.
//!
//! The vocabulary is one block of bytes that is searched where it lies, so that the built-in one costs neither
//! memory nor time to load.

use std::borrow::Cow;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// Words longer than this are unknown, as in the reference.
const LONGEST_WORD: usize = 100;
const SLOTS: usize = 1 << 16;
const EMPTY: u16 = u16::MAX;

/// Layout: pieces `n` (u32), bytes of the longest (u32), `n + 1` offsets (u32), 65,536 slots (u16), the pieces.
#[derive(Clone)]
pub struct Vocabulary {
    bytes: Cow<'static, [u8]>,
    count: usize,
    longest: usize,
    pub unknown: u16,
    pub begin: u16,
    pub end: u16,
}

impl Vocabulary {
    /// Lays out the lines of a `vocab.txt`.
    pub fn lay_out(pieces: &[&str]) -> Vec<u8> {
        let longest = pieces.iter().map(|it| it.len()).max().unwrap_or(0);
        let mut slots = vec![EMPTY; SLOTS];
        for (id, piece) in pieces.iter().enumerate().take(usize::from(EMPTY)) {
            let (text, inside) = split(piece);
            let mut slot = slot_of(hash(text.as_bytes(), inside));
            while slots[slot] != EMPTY {
                slot = (slot + 1) % SLOTS;
            }
            slots[slot] = id as u16;
        }
        let mut bytes = Vec::new();
        bytes.extend((pieces.len() as u32).to_le_bytes());
        bytes.extend((longest as u32).to_le_bytes());
        let mut offset = 0_u32;
        bytes.extend(offset.to_le_bytes());
        for piece in pieces {
            offset += piece.len() as u32;
            bytes.extend(offset.to_le_bytes());
        }
        bytes.extend(slots.iter().flat_map(|slot| slot.to_le_bytes()));
        bytes.extend(pieces.iter().flat_map(|piece| piece.bytes()));
        bytes
    }

    /// What `lay_out` made; `None` if it is something else.
    pub fn new(bytes: Cow<'static, [u8]>) -> Option<Vocabulary> {
        let count = u32_at(&bytes, 0)? as usize;
        let longest = u32_at(&bytes, 4)? as usize;
        if usize::from(EMPTY) <= count {
            return None;
        }
        let pieces_at = 8 + 4 * (count + 1) + 2 * SLOTS;
        let length = u32_at(&bytes, 8 + 4 * count)? as usize;
        if bytes.len() != pieces_at + length {
            return None;
        }
        let mut vocabulary = Vocabulary { bytes, count, longest, unknown: 0, begin: 0, end: 0 };
        vocabulary.unknown = vocabulary.find(b"[UNK]", hash(b"[UNK]", false), false)?;
        vocabulary.begin = vocabulary.find(b"[CLS]", hash(b"[CLS]", false), false)?;
        vocabulary.end = vocabulary.find(b"[SEP]", hash(b"[SEP]", false), false)?;
        Some(vocabulary)
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// As the vocabulary writes it: `##ing` inside a word.
    pub fn piece(&self, id: u16) -> &str {
        std::str::from_utf8(self.piece_bytes(id)).unwrap_or_default()
    }

    /// Appends the pieces of the text, at most `limit` of them.
    pub fn pieces(&self, text: &str, limit: usize, ids: &mut Vec<u16>) {
        let limit = ids.len() + limit;
        let mut word = Vec::with_capacity(32);
        let end_word = |word: &mut Vec<u8>, ids: &mut Vec<u16>| {
            self.split_word(word, ids);
            word.clear();
        };
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                word.push(c.to_ascii_lowercase() as u8);
                continue;
            }
            if c.is_ascii() {
                if !c.is_ascii_control() || matches!(c, '\t' | '\n' | '\r') {
                    end_word(&mut word, ids);
                }
                if c.is_ascii_punctuation() {
                    end_word(&mut vec![c as u8], ids);
                }
            } else if is_cjk(c) || is_punctuation(c) {
                end_word(&mut word, ids);
                let mut bytes = [0; 4];
                end_word(&mut c.encode_utf8(&mut bytes).as_bytes().to_vec(), ids);
            } else if c.is_whitespace() {
                end_word(&mut word, ids);
            } else {
                push_plain(c, &mut word);
            }
            if limit <= ids.len() {
                break;
            }
        }
        self.split_word(&word, ids);
        ids.truncate(limit);
    }

    fn split_word(&self, word: &[u8], ids: &mut Vec<u16>) {
        if word.is_empty() {
            return;
        }
        let first = ids.len();
        let mut start = 0;
        if LONGEST_WORD < word.len() && LONGEST_WORD < String::from_utf8_lossy(word).chars().count() {
            return ids.push(self.unknown);
        }
        while start < word.len() {
            let Some((id, end)) = self.longest_from(word, start) else {
                ids.truncate(first);
                return ids.push(self.unknown);
            };
            ids.push(id);
            start = end;
        }
    }

    fn longest_from(&self, word: &[u8], start: usize) -> Option<(u16, usize)> {
        let end = word.len().min(start + self.longest);
        let inside = 0 < start;
        let mut hashes = [0_u32; 3 * LONGEST_WORD];
        let mut state = seed(inside);
        for (at, &byte) in word[start..end].iter().enumerate().take(hashes.len()) {
            state = step(state, byte);
            hashes[at] = state;
        }
        (start + 1..=end.min(start + hashes.len())).rev().find_map(|end| {
            let id = self.find(&word[start..end], hashes[end - start - 1], inside)?;
            Some((id, end))
        })
    }

    fn find(&self, text: &[u8], hash: u32, inside: bool) -> Option<u16> {
        let slots_at = 8 + 4 * (self.count + 1);
        let mut slot = slot_of(hash);
        loop {
            let at = slots_at + 2 * slot;
            let id = u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]);
            if id == EMPTY {
                return None;
            }
            let piece = self.piece_bytes(id);
            let same = if inside { piece.strip_prefix(b"##") == Some(text) } else { piece == text };
            if same {
                return Some(id);
            }
            slot = (slot + 1) % SLOTS;
        }
    }

    fn piece_bytes(&self, id: u16) -> &[u8] {
        let at = 8 + 4 * usize::from(id);
        let pieces_at = 8 + 4 * (self.count + 1) + 2 * SLOTS;
        let from = u32_at(&self.bytes, at).unwrap_or(0) as usize;
        let to = u32_at(&self.bytes, at + 4).unwrap_or(0) as usize;
        self.bytes.get(pieces_at + from..pieces_at + to).unwrap_or_default()
    }
}

fn split(piece: &str) -> (&str, bool) {
    match piece.strip_prefix("##") {
        Some(rest) if !rest.is_empty() => (rest, true),
        _ => (piece, false),
    }
}

/// FNV-1a, so that the hash of each prefix falls off on the way.
fn hash(text: &[u8], inside: bool) -> u32 {
    text.iter().fold(seed(inside), |state, &byte| step(state, byte))
}

fn seed(inside: bool) -> u32 {
    if inside { 0x811c_9dc5 ^ 0x5bd1_e995 } else { 0x811c_9dc5 }
}

fn step(state: u32, byte: u8) -> u32 {
    (state ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

fn slot_of(hash: u32) -> usize {
    ((hash ^ (hash >> 16)) & 0xffff) as usize
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Lower case without accents; marks and format characters fall away.
fn push_plain(c: char, word: &mut Vec<u8>) {
    if matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{fffd}')
    {
        return;
    }
    for c in c.to_lowercase() {
        decompose_canonical(c, |c| {
            if !is_combining_mark(c) {
                word.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        });
    }
}

/// Ideographs, as the reference draws the line (no kana, no hangul).
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}' | '\u{3400}'..='\u{4dbf}' | '\u{20000}'..='\u{2ceaf}' | '\u{f900}'..='\u{faff}' | '\u{2f800}'..='\u{2fa1f}')
}

/// Unicode's punctuation in the scripts that we meet.
fn is_punctuation(c: char) -> bool {
    matches!(c,
        '¡' | '§' | '«' | '¶' | '·' | '»' | '¿' | ';' | '־' | '׀' | '׃' | '،' | '؛' | '؟' | '٪' | '٫' | '٬' | '۔'
        | '।' | '॥' | '\u{0e4f}' | '\u{2010}'..='\u{2027}' | '\u{2030}'..='\u{2043}' | '\u{2045}'..='\u{2051}'
        | '\u{2053}'..='\u{205e}' | '\u{3001}'..='\u{3003}' | '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}' | '〰'
        | '\u{30fb}' | '\u{fe10}'..='\u{fe19}' | '\u{fe30}'..='\u{fe52}' | '\u{ff01}'..='\u{ff03}' | '\u{ff05}'..='\u{ff0a}'
        | '\u{ff0c}'..='\u{ff0f}' | '\u{ff1a}' | '\u{ff1b}' | '\u{ff1f}' | '\u{ff20}' | '\u{ff3b}'..='\u{ff3d}'
        | '\u{ff3f}' | '\u{ff5b}' | '\u{ff5d}' | '\u{ff5f}'..='\u{ff65}')
}
