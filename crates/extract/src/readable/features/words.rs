//! Words and runs of words as hashes, and the shape of a text.

use super::super::blocks::{SEED, step};
use crate::hashes::Hashes;

/// More words of one block are not looked at.
pub const MOST_WORDS: usize = 400;
const NUMBER: u32 = SEED ^ 3;

/// The words of a text, hashed, in lower case; and whether each is a number.
pub fn words(text: &str) -> impl Iterator<Item = (u32, bool)> + '_ {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    parts.map(|word| {
        let mut is_number = true;
        let mut hash = SEED;
        if word.is_ascii() {
            for b in word.bytes() {
                is_number &= b.is_ascii_digit();
                hash = step(hash, b.to_ascii_lowercase());
            }
        } else {
            is_number = false;
            for c in word.chars().flat_map(char::to_lowercase) {
                hash = (hash ^ c as u32).wrapping_mul(0x0100_0193);
            }
        }
        (hash, is_number)
    })
}

fn run(four: &[u32]) -> u32 {
    four.iter().fold(SEED, |hash, word| hash.rotate_left(7) ^ word)
}

/// Every run of four words.
pub fn runs(words: &[u32]) -> impl Iterator<Item = u32> + '_ {
    words.windows(4).map(run)
}

pub fn runs_of(text: &str) -> Hashes {
    let words: Vec<u32> = words(text).map(|it| it.0).collect();
    runs(&words).collect()
}

/// Share of a text's runs that are among others.
pub fn shared(words: &[u32], with: &Hashes) -> f32 {
    if words.len() < 4 || with.is_empty() {
        return 0.0;
    }
    runs(words).filter(|it| with.contains(it)).count() as f32 / (words.len() - 3) as f32
}

/// Hashes of what a short text says: its words, pairs of them, and the whole (numbers alike).
pub fn text_tokens(words: impl Iterator<Item = (u32, bool)>, out: &mut Vec<u32>) {
    out.clear();
    let (mut before, mut whole, mut count) = (SEED ^ 5, SEED ^ 9, 0);
    for (word, is_number) in words.take(40) {
        count += 1;
        let word = if is_number { NUMBER } else { word };
        out.push(word);
        out.push(before.rotate_left(5) ^ word);
        whole = (whole.rotate_left(5) ^ word).wrapping_mul(0x0100_0193);
        before = word;
    }
    if count <= 12 {
        out.push(whole);
    }
}

/// Counts and shares of characters.
pub fn shape(text: &str, chars: f32) -> [f32; 14] {
    let [mut upper, mut digits, mut ends, mut commas, mut odd, mut quotes] = [0.0_f32; 6];
    let (mut words, mut capitals, mut begins) = (0.0_f32, 0.0_f32, true);
    for c in text.chars() {
        let is_upper = if c.is_ascii() { c.is_ascii_uppercase() } else { c.is_uppercase() };
        if begins {
            words += 1.0;
            capitals += f32::from(u8::from(is_upper));
        }
        begins = c == ' ';
        match c {
            '.' | '!' | '?' | '。' | '！' | '？' => ends += 1.0,
            ',' | '、' | '，' | ';' => commas += 1.0,
            '|' | '©' | '»' | '›' | '•' | '→' | '@' | '#' | '/' => odd += 1.0,
            '"' | '“' | '”' | '„' | '«' | '‘' | '’' => quotes += 1.0,
            c if c.is_ascii_digit() => digits += 1.0,
            _ if is_upper => upper += 1.0,
            _ => {}
        }
    }
    let words = words.max(1.0);
    let last = text.chars().next_back().unwrap_or(' ');
    let first = text.chars().next().unwrap_or(' ');
    let yes = |it: bool| f32::from(u8::from(it));
    [
        upper / chars,
        digits / chars,
        ends / words,
        commas / words,
        odd,
        quotes.min(8.0),
        capitals / words,
        yes(matches!(last, '.' | '!' | '?' | '"' | '”' | '’' | ')' | '。')),
        yes(last == ':'),
        yes(last == '…' || text.ends_with("...")),
        yes(first.is_lowercase()),
        yes(first.is_uppercase()),
        yes(first.is_numeric()),
        yes(text.contains("http") || text.contains("www.")),
    ]
}
