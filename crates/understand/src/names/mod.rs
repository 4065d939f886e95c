//! Proper names and what they name: found by the tagger (or, where nouns have capitals, by rules), then joined within the
//! article, and given the name that other articles give them too.

mod aliases;
mod features;
mod gazetteer;
mod hash;
mod joining;
mod lexicon;
mod nouns;
mod repeated;
mod scripts;
mod tagger;
mod tokens;

#[cfg(test)]
mod tests;

/// For whoever trains or measures the tagger.
pub mod training {
    pub use super::features::{Memory, Word, describe, of_memory, of_words};
    pub use super::gazetteer::gazetteer;
    pub use super::hash::{Hashed, NOTHING, fold_hash, joined, spread, step};
    pub use super::lexicon::{BEGINS_TOWN, FAMILY_NAME, GIVEN_NAME, Known, Lexicon, TOWN};
    pub use super::tagger::{
        KINDS, LABELS, Room, Span, Tagger, Weights, best, may_follow, remember, runs, spans_of,
    };
    pub use super::tokens::{Token, tokens};
}

pub use aliases::{also_called, short_forms};

use std::{borrow::Cow, collections::HashSet, hash::BuildHasherDefault, sync::OnceLock};

use news::{Language, Name, NameKind};

use crate::sentences::{sentences, up_to};
use features::Memory;
use joining::Mentions;
use tagger::{Room, Span, Tagger};
use tokens::Token;

/// So much of the body is read for names: who matters is named early.
const READ: usize = 1_000;

/// Where only repetition tells names, more of it is needed; a sign takes three bytes there.
const READ_FOR_REPEATED: usize = 3_000;

static WEIGHTS: &[u8] = include_bytes!("../../data/names.bin");
static LEXICON: &[u8] = include_bytes!("../../data/lexicon.bin");

/// The tagger of the repository.
pub fn tagger() -> &'static Tagger {
    static TAGGER: OnceLock<Tagger> = OnceLock::new();
    TAGGER.get_or_init(|| {
        let weights = tagger::Weights::new(Cow::Borrowed(WEIGHTS));
        let lexicon = lexicon::Lexicon::new(Cow::Borrowed(LEXICON));
        let both = weights.zip(lexicon).expect("the weights in the repository are whole: a test reads them");
        Tagger::new(both.0, both.1)
    })
}

/// What is known of a word, by its hash.
pub(crate) fn known_of(hash: u32) -> lexicon::Known {
    tagger().known(hash)
}

/// The names of an article, most prominent first, each once.
pub fn names(title: &str, body: &str, language: &Language) -> Vec<Name> {
    let mut mentions = Mentions::default();
    if scripts::has_no_capitals(&language.0) {
        let (title, body) = (up_to(title, READ), up_to(body, READ_FOR_REPEATED));
        scripts::mentions(title, body, &mut mentions);
        repeated::mentions(title, body, &language.0, &mut mentions);
        return mentions.names(&language.0);
    }
    let (title, body) = (up_to(title, READ), up_to(body, READ));
    let mut finder = Finder::new(&language.0);
    // The headline last: by then it is known who "Shin" is.
    for (from, to) in sentences(body) {
        let weight = if from < 500 { 1.5 } else { 1.0 };
        finder.find(body, from, to, |name, kind| mentions.add(name, kind, weight));
    }
    finder.find(title, 0, title.len(), |name, kind| mentions.add(name, kind, 4.0));
    mentions.names(&language.0)
}

const CROWNED: &[&str] = &["Prince", "Princess", "King", "Queen", "Pope", "Saint", "St", "St."];

/// Finds the names of one text, sentence by sentence.
pub(crate) struct Finder<'a> {
    english: bool,
    capital_nouns: bool,
    tokens: Vec<Token<'a>>,
    /// Words of names of several words, by hash.
    longer: HashSet<u32, BuildHasherDefault<hash::Hashed>>,
    memory: Memory,
    room: Room,
}

impl<'a> Finder<'a> {
    pub fn new(language: &str) -> Finder<'a> {
        let capital_nouns = matches!(language, "de" | "lb");
        let english = language == "en";
        Finder {
            english,
            capital_nouns,
            tokens: Vec::new(),
            longer: HashSet::default(),
            memory: Memory::default(),
            room: Room::default(),
        }
    }

    /// The tagger learnt from English: elsewhere a capital that only begins a sentence proves nothing by itself.
    fn doubtful(&self, span: &Span, words: &[&str]) -> bool {
        let begins = span.tokens.start == 0
            || matches!(words[span.tokens.start - 1], "." | ":" | "!" | "?" | "-" | "–" | "\"");
        let word = words[span.tokens.start];
        let acronym = !word.chars().any(char::is_lowercase);
        !self.english
            && begins
            && span.tokens.len() == 1
            && !acronym
            && gazetteer::gazetteer().kinds(word) == 0
            && !self.known_before(word)
    }

    /// Seen as part of a longer name of this text.
    fn known_before(&self, word: &str) -> bool {
        self.longer.contains(&hash::fold_hash(word))
    }

    pub fn find(&mut self, text: &'a str, from: usize, to: usize, mut tell: impl FnMut(&'a str, NameKind)) {
        self.find_at(text, from, to, |begin, end, kind| tell(&text[begin..end], kind));
    }

    pub fn find_at(
        &mut self,
        text: &'a str,
        from: usize,
        to: usize,
        mut tell: impl FnMut(usize, usize, NameKind),
    ) {
        self.tokens.clear();
        tokens::tokens(text, from, to, &mut self.tokens);
        let words: Vec<&str> = self.tokens.iter().map(|token| token.text).collect();
        let spans: Vec<Span> = if self.capital_nouns {
            nouns::names(&words)
        } else {
            tagger().names(&words, &mut self.memory, &mut self.room)
        };
        for mut span in spans {
            // "Prince Harry" is known by nothing else.
            let alone = span.kind == NameKind::Person && span.tokens.len() == 1;
            let before =
                span.tokens.start.checked_sub(1).filter(|&before| alone && CROWNED.contains(&words[before]));
            span.tokens.start = before.unwrap_or(span.tokens.start);
            if self.doubtful(&span, &words) {
                continue;
            }
            if !self.english && 1 < span.tokens.len() {
                self.longer.extend(words[span.tokens.clone()].iter().map(|word| hash::fold_hash(word)));
            }
            let (first, last) = (self.tokens[span.tokens.start], self.tokens[span.tokens.end - 1]);
            tell(first.at, last.at + last.text.len(), span.kind);
        }
    }
}
