//! What the tagger looks at: a word, its neighbours, their shapes, what lists and corpora know of them, and what the
//! same word was a few sentences before.

use std::{collections::HashMap, hash::BuildHasherDefault};

use super::{
    gazetteer::Gazetteer,
    hash::{Hashed, fold_hash, joined, spread},
    lexicon::{self, Known, Lexicon},
};

/// One word as the features need it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Word {
    pub hash: u32,
    shape: u32,
    beginning: u32,
    endings: [u32; 3],
    /// Of the word itself, then of a phrase that it is part of.
    listed: u16,
    phrase: u16,
    phrase_place: u8,
    known: Known,
    /// May be part of a name.
    pub candidate: bool,
    capital: bool,
    flags: u32,
}

/// What words of this document were found to be; of each word the last kind (1 to 4).
pub type Memory = HashMap<u32, u8, BuildHasherDefault<Hashed>>;

/// Words that may stand inside a name, between two capitals.
const LINKS: &[&str] = &[
    "of", "the", "and", "&", "de", "del", "da", "do", "dos", "das", "di", "der", "den", "des", "van", "von",
    "zu", "bin", "ibn", "al", "el", "la", "le", "les", "los", "du", "for", "in", "on", "at", "'s", "’s", "-",
    ".", "'", "’", "y", "e", "und", "et", "für", "–", "to", "with", "ul", "ben", "abu", "as", "‘", "“", "”",
    "\"", "/",
];

const OF_WORDS: u8 = lexicon::GIVEN_NAME | lexicon::FAMILY_NAME | lexicon::TOWN;
/// A town of several words, of the lists of facts.
const TOWN_PHRASE: u16 = 1 << 12;

/// Written small before the name of a place that they are part of.
const SIDES: &[&str] = &["northern", "southern", "eastern", "western", "central"];

/// Describes the words of a sentence; only candidates and their neighbours in full.
pub fn describe(tokens: &[&str], gazetteer: &Gazetteer, lexicon: &Lexicon, words: &mut Vec<Word>) {
    words.clear();
    words.resize(tokens.len(), Word::default());
    mark_candidates(tokens, words);
    if !words.iter().any(|word| word.candidate) {
        return;
    }
    let flags = look(tokens);
    for at in 0..tokens.len() {
        let near = at.saturating_sub(2)..(at + 3).min(tokens.len());
        if words[near].iter().any(|word| word.candidate) {
            describe_word(tokens[at], gazetteer, lexicon, &mut words[at]);
            words[at].flags = flags | u32::from(at == 0) << 2 | u32::from(after_mark(tokens, at)) << 3;
        }
    }
    let hashes: Vec<u32> = words.iter().map(|word| word.hash).collect();
    for at in 0..words.len() {
        if !words[at].candidate {
            continue;
        }
        let town = words[at].known.listed & lexicon::BEGINS_TOWN != 0;
        let town = || town.then(|| lexicon.town(&hashes[at..])).flatten().map(|length| (length, TOWN_PHRASE));
        if let Some((length, kinds)) = gazetteer.phrase(&hashes[at..]).or_else(town) {
            for (place, word) in words[at..at + length].iter_mut().enumerate() {
                if word.phrase == 0 {
                    word.phrase = kinds;
                    word.phrase_place = if place == 0 {
                        1
                    } else if place + 1 == length {
                        3
                    } else {
                        2
                    };
                }
            }
        }
    }
}

fn mark_candidates(tokens: &[&str], words: &mut [Word]) {
    let mut last: Option<usize> = None;
    for at in 0..tokens.len() {
        let token = tokens[at];
        let capital = token.chars().any(char::is_uppercase);
        let digit = token.starts_with(|c: char| c.is_ascii_digit());
        let follows = last.is_some_and(|last| at - last == 1 || at - last == 2 && tokens[at - 1] == "-");
        let begins = capital || digit && follows;
        if !begins {
            continue;
        }
        words[at].candidate = true;
        words[at].capital = capital;
        if let Some(last) = last.filter(|last| 1 < at - last && at - last <= 4)
            && tokens[last + 1..at].iter().all(|token| LINKS.contains(token))
        {
            words[last + 1..at].iter_mut().for_each(|word| word.candidate = true);
        }
        if let Some(side) = at.checked_sub(1).filter(|&before| SIDES.contains(&tokens[before])) {
            words[side].candidate = true;
        }
        // "Bum - gye": some cut at hyphens.
        if tokens.get(at + 1) == Some(&"-")
            && tokens.get(at + 2).is_some_and(|it| it.starts_with(char::is_lowercase))
        {
            words[at + 1].candidate = true;
            words[at + 2].candidate = true;
        }
        last = Some(at);
    }
}

/// 1: every long word begins with a capital; 2: all is in capitals.
fn look(tokens: &[&str]) -> u32 {
    let (mut long, mut begins, mut all) = (0, 0, 0);
    for token in tokens.iter().filter(|token| 4 <= token.len() && token.starts_with(char::is_alphabetic)) {
        long += 1;
        begins += u32::from(token.starts_with(char::is_uppercase));
        all += u32::from(!token.chars().any(char::is_lowercase));
    }
    if 2 <= long && 9 * long <= 10 * all {
        2
    } else if 3 <= long && 7 * long <= 10 * begins {
        1
    } else {
        0
    }
}

fn after_mark(tokens: &[&str], at: usize) -> bool {
    at.checked_sub(1).is_some_and(|before| {
        matches!(tokens[before], ":" | "\"" | "“" | "‘" | "''" | "``" | "-" | "—" | "–" | "(")
    })
}

fn describe_word(token: &str, gazetteer: &Gazetteer, lexicon: &Lexicon, word: &mut Word) {
    word.hash = fold_hash(token);
    word.shape = shape(token);
    word.known = lexicon.word(word.hash);
    // Ten bits for the lists by hand, then those of facts.
    word.listed = gazetteer.word(word.hash) | u16::from(word.known.listed & OF_WORDS) << 10;
    if !word.candidate {
        return;
    }
    let lower = token.to_lowercase();
    let mut cuts = [0_usize; 5];
    let mut count = 0;
    for (at, _) in lower.char_indices().rev().take(4) {
        count += 1;
        cuts[count] = at;
    }
    for (ending, size) in [(0, 2), (1, 3), (2, 4)] {
        word.endings[ending] = fold_hash(&lower[cuts[count.min(size)]..]).wrapping_add(size as u32);
    }
    let beginning = lower.char_indices().nth(3).map_or(lower.len(), |(at, _)| at);
    word.beginning = fold_hash(&lower[..beginning]);
}

/// Runs of capitals, small letters, digits and marks: "Xx", "X.X.", "x-Xx".
fn shape(token: &str) -> u32 {
    let mut hash = 17_u32;
    let (mut last, mut run) = ('\0', 0);
    for c in token.chars().take(16) {
        let class = if c.is_uppercase() {
            'X'
        } else if c.is_alphabetic() {
            'x'
        } else if c.is_numeric() {
            '9'
        } else {
            c
        };
        run = if class == last { run + 1 } else { 1 };
        if run <= 2 {
            hash = hash.wrapping_mul(31).wrapping_add(class as u32);
        }
        last = class;
    }
    hash
}

/// What speaks for or against each label at this place, as hashes.
pub fn features(words: &[Word], at: usize, memory: &Memory, found: &mut Vec<u32>) {
    of_words(words, at, found);
    of_memory(words, at, memory, found);
}

/// What the sentence itself says.
pub fn of_words(words: &[Word], at: usize, found: &mut Vec<u32>) {
    let none = Word::default();
    let word = &words[at];
    let get = |offset: isize| -> &Word {
        usize::try_from(at as isize + offset).ok().and_then(|at| words.get(at)).unwrap_or(&none)
    };
    let (before2, before, next, next2) = (get(-2), get(-1), get(1), get(2));
    let edge = |word: &Word| if word.hash == 0 { 7 } else { word.hash };
    let first = word.flags >> 2;
    let look = word.flags & 3;
    let case = |word: &Word| u32::from(word.known.case);
    let listed = |word: &Word| u32::from(word.listed | word.phrase);
    let class = |word: &Word| u32::from(word.known.class);
    let wide = |word: &Word| u32::from(word.known.wide());
    let mut template = 0;
    let mut add = |value: u32| {
        template += 1;
        found.push(spread(joined(template, value)));
    };
    add(word.hash);
    add(word.shape);
    add(word.beginning);
    add(word.endings[0]);
    add(word.endings[1]);
    add(word.endings[2]);
    add(u32::from(word.listed));
    add(u32::from(word.phrase) << 2 | u32::from(word.phrase_place));
    add(class(word));
    add(case(word) << 8 | first << 2 | look);
    add(joined(word.shape, first << 2 | look));
    add(edge(before));
    add(edge(next));
    add(edge(before2));
    add(edge(next2));
    add(before.shape);
    add(next.shape);
    add(joined(joined(before.shape, word.shape), next.shape));
    add(listed(before));
    add(listed(next));
    add(listed(before) << 16 | listed(word));
    add(listed(next) << 16 | listed(word));
    add(case(before) << 16 | case(word) << 8 | case(next));
    add(class(before));
    add(class(next));
    add(wide(before) << 16 | wide(word));
    add(wide(next) << 16 | wide(word));
    add(class(next2));
    add(class(before2));
    add(joined(edge(before), word.shape));
    add(joined(edge(next), word.shape));
    add(joined(edge(before), edge(next)));
    add(joined(edge(before), word.hash));
    add(joined(edge(next), word.hash));
    add(case(word) << 8 | u32::from(word.capital) << 7 | look << 2 | first & 1);
    add(joined(before2.hash, before.hash));
    add(joined(next.hash, next2.hash));
    add(listed(before2) << 16 | listed(before));
    add(wide(word));
    add(wide(before) << 16 | wide(next));
    add(wide(before) << 16 | listed(word));
    add(wide(next) << 16 | listed(word));
}

/// What the same words were earlier in the document.
pub fn of_memory(words: &[Word], at: usize, memory: &Memory, found: &mut Vec<u32>) {
    let recalled = |at: Option<usize>| -> u32 {
        let word = at.and_then(|at| words.get(at));
        word.and_then(|word| memory.get(&word.hash)).copied().unwrap_or(0).into()
    };
    let word = &words[at];
    let own = recalled(Some(at));
    let values = [
        own << 8 | recalled(at.checked_sub(1)) << 4 | recalled(Some(at + 1)),
        joined(own, word.shape),
        own << 16 | u32::from(word.known.case),
    ];
    found.extend((101..).zip(values).map(|(template, value)| spread(joined(template, value))));
}
