//! What of a text can be found, and what a query asks for: one analyser for both databases.
//!
//! Tokens are lower-case words without accents (NFKC first), in scripts without spaces pairs of characters. Only
//! distinct tokens are indexed, without positions, which makes the index small and quick to write; a phrase is looked
//! for in the texts of the newest articles that have all its words. Names, topics and authors are tokens too, so that
//! what a reader follows is found by the same index.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hasher};

use news::{Name, Topic};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::conn::Dialect;
use crate::rows::hash;

/// What a query asks for. Made from any text at all.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Query {
    /// Tokens that must be there.
    pub wanted: Vec<String>,
    pub unwanted: Vec<String>,
    /// Phrases, folded as [`fold`] does, that the text must hold.
    pub phrases: Vec<String>,
}

pub(crate) fn is_cjk(c: char) -> bool {
    matches!(c as u32, 0x3040..=0x30ff | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xac00..=0xd7af | 0xf900..=0xfaff
        | 0x20000..=0x3ffff)
}

/// Lower case, compatibility forms and accents off.
pub(crate) fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    let lower = |c: char, folded: &mut String| {
        for c in c.to_lowercase() {
            match c {
                'ß' => folded.push_str("ss"),
                'æ' => folded.push_str("ae"),
                'œ' => folded.push_str("oe"),
                'ø' => folded.push('o'),
                'ł' => folded.push('l'),
                'đ' | 'ð' => folded.push('d'),
                'ı' => folded.push('i'),
                c => folded.push(c),
            }
        }
    };
    // Accents come off by taking letters apart, leaving the marks out, and putting the rest together again
    // (Hangul, and kana with their own marks, must end as they began).
    let is_plain = |c: char| (c as u32) < 0xc0 || (0x2000..0x2100).contains(&(c as u32));
    if text.chars().all(|c| is_plain(c) || is_cjk(c)) && is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(|c| lower(c, &mut folded));
    } else {
        text.nfkd()
            .filter(|&c| !('\u{300}'..='\u{36f}').contains(&c))
            .nfc()
            .for_each(|c| lower(c, &mut folded));
    }
    folded
}

/// The tokens of a folded text, in order, with repetitions.
fn each_token<'a>(folded: &'a str, mut found: impl FnMut(&'a str)) {
    // No one looks for longer words than this; what is longer is no word.
    const LONGEST: usize = 60;
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if word.is_ascii() {
            if word.len() <= LONGEST {
                found(word);
            }
            continue;
        }
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let in_cjk = is_cjk(first);
            let end = rest.find(|c| is_cjk(c) != in_cjk).unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            rest = after;
            if !in_cjk {
                if run.len() <= LONGEST {
                    found(run);
                }
                continue;
            }
            let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).chain([run.len()]).collect();
            match starts.len() {
                2 => found(run),
                _ => starts.windows(3).for_each(|at| found(&run[at[0]..at[2]])),
            }
        }
    }
}

/// Hashes short words quickly. Whoever makes words collide makes their own article slow, once, up to its length.
#[derive(Default)]
struct Quick(u64);

impl Hasher for Quick {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word)).wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0 ^ self.0 >> 32
    }
}

/// Everything under which an article is found, as one text of distinct tokens.
pub(crate) fn tokens(texts: &[&str], names: &[Name], topics: &[Topic], authors: &[String]) -> String {
    let mut all = String::with_capacity(2048);
    let folded: Vec<String> = texts.iter().map(|text| fold(text)).collect();
    let mut seen: HashSet<&str, BuildHasherDefault<Quick>> =
        HashSet::with_capacity_and_hasher(512, Default::default());
    for text in &folded {
        each_token(text, |token| {
            if seen.insert(token) {
                all.push_str(token);
                all.push(' ');
            }
        });
    }
    let special = names
        .iter()
        .map(name_token)
        .chain(topics.iter().flat_map(topic_tokens))
        .chain(authors.iter().map(|author| author_token(author)));
    for token in special.collect::<HashSet<_>>() {
        all.push_str(&token);
        all.push(' ');
    }
    all
}

// Tokens that are no words: the section sign counts as a letter to the index, and no word has one.
pub(crate) fn name_hash(name: &Name) -> u64 {
    hash(&name.key())
}

pub(crate) fn name_token(name: &Name) -> String {
    format!("§n{:x}", name_hash(name))
}

pub(crate) fn author_hash(author: &str) -> u64 {
    hash(&fold(author))
}

pub(crate) fn author_token(author: &str) -> String {
    format!("§a{:x}", author_hash(author))
}

pub(crate) fn topic_token(topic: &Topic) -> String {
    format!("§t{:x}", hash(&topic.0))
}

/// A topic is found under itself and all above it.
pub(crate) fn topics_above(topic: &Topic) -> impl Iterator<Item = &str> {
    let path = topic.0.as_str();
    let ends = path.char_indices().filter(|&(_, c)| c == '/').map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| &path[..end])
}

fn topic_tokens(topic: &Topic) -> Vec<String> {
    topics_above(topic).map(|path| topic_token(&Topic(path.to_owned()))).collect()
}

impl Query {
    /// Words are and-ed, `"…"` is a phrase, a leading `-` excludes.
    pub fn read(text: &str) -> Query {
        // More words than anyone types would only make the question slow.
        const MOST: usize = 32;
        let mut query = Query::default();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let (excluded, after) = match rest.strip_prefix('-') {
                Some(after) => (true, after),
                None => (false, rest),
            };
            let quoted = after.strip_prefix(['"', '“', '”', '„', '«']);
            let (part, is_phrase, next) = match quoted {
                Some(inside) => match inside.find(['"', '“', '”', '»']) {
                    Some(end) => {
                        (&inside[..end], true, inside[end..].trim_start_matches(['"', '“', '”', '»']))
                    }
                    None => (inside, true, ""),
                },
                None => {
                    let end = after.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(after.len());
                    (&after[..end], false, &after[end..])
                }
            };
            query.add(part, excluded, is_phrase);
            rest = next.trim_start();
        }
        query.wanted.truncate(MOST);
        query.unwanted.truncate(MOST);
        query
    }

    /// A phrase, or all words, of what a reader follows by words.
    pub fn phrase(text: &str) -> Query {
        let mut query = Query::default();
        query.add(text, false, true);
        query
    }

    pub fn token(token: String) -> Query {
        Query { wanted: vec![token], ..Query::default() }
    }

    fn add(&mut self, part: &str, excluded: bool, is_phrase: bool) {
        let folded = fold(part);
        let mut tokens = Vec::new();
        each_token(&folded, |token| tokens.push(token.to_owned()));
        // Only what is one token can be excluded without reading the text: `-"a b"` excludes texts with either.
        if excluded {
            self.unwanted.extend(tokens);
            return;
        }
        if 1 < tokens.len() && is_phrase {
            let form = phrase_form(&folded);
            self.phrases.push(if folded.contains(is_cjk) { form.trim().to_owned() } else { form });
        }
        self.wanted.extend(tokens);
    }

    /// Nothing is asked for: nothing is found.
    pub fn is_empty(&self) -> bool {
        self.wanted.is_empty()
    }

    /// As the database's index wants to be asked. Tokens are letters and digits only, so nothing can be broken out of.
    pub fn text(&self, dialect: Dialect) -> String {
        let one = |token: &str| {
            // A lone character of a script without spaces is found where a pair begins with it.
            let alone = token.chars().next().is_some_and(is_cjk) && token.chars().count() == 1;
            match (dialect, alone) {
                (Dialect::Sqlite, false) => format!("\"{token}\""),
                (Dialect::Sqlite, true) => format!("\"{token}\"*"),
                (Dialect::Postgres, false) => format!("'{token}'"),
                (Dialect::Postgres, true) => format!("'{token}':*"),
            }
        };
        let (and, not) = match dialect {
            Dialect::Sqlite => (" AND ", " NOT "),
            Dialect::Postgres => (" & ", " & !"),
        };
        let wanted: Vec<String> = self.wanted.iter().map(|token| one(token)).collect();
        let mut text = format!("({})", wanted.join(and));
        for token in &self.unwanted {
            text.push_str(not);
            text.push_str(&one(token));
        }
        text
    }

    /// Whether these texts hold every phrase.
    pub fn phrases_stand_in(&self, texts: &[&str]) -> bool {
        let texts: Vec<String> = texts.iter().map(|text| phrase_form(&fold(text))).collect();
        self.phrases.iter().all(|phrase| texts.iter().any(|text| text.contains(phrase)))
    }

    /// Plain text around the first place where something wanted stands.
    pub fn snippet(&self, text: &str) -> String {
        const BEFORE: usize = 60;
        const LENGTH: usize = 240;
        let hit = self.first_hit(text).unwrap_or(0);
        let start = text[..hit].char_indices().rev().take(BEFORE).last().map_or(hit, |(at, _)| at);
        let start = match text[start..hit].find(char::is_whitespace) {
            Some(space) if 0 < start => start + space,
            _ => start,
        };
        let cut: String = text[start..].chars().take(LENGTH).collect();
        let whole = start + cut.len() == text.len();
        let mut snippet = cut.split_whitespace().collect::<Vec<_>>().join(" ");
        if 0 < start {
            snippet.insert(0, '…');
        }
        if !whole {
            snippet.push('…');
        }
        snippet
    }

    fn first_hit(&self, text: &str) -> Option<usize> {
        let mut at = 0;
        for word in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
            let folded = fold(word.trim_end_matches(|c: char| !c.is_alphanumeric()));
            let mut hit = false;
            each_token(&folded, |token| hit |= self.wanted.iter().any(|wanted| wanted == token));
            if hit {
                return Some(at);
            }
            at += word.len();
        }
        None
    }
}

/// Words between single blanks, with a blank at both ends, so that whole words are compared; scripts without spaces
/// are compared as they stand.
fn phrase_form(folded: &str) -> String {
    let mut form = String::with_capacity(folded.len() + 2);
    let spaced = |form: &mut String| {
        if !form.ends_with(' ') {
            form.push(' ');
        }
    };
    form.push(' ');
    let mut last_cjk = false;
    for c in folded.chars() {
        match (c.is_alphanumeric(), is_cjk(c)) {
            (false, _) => spaced(&mut form),
            (true, cjk) => {
                if cjk != last_cjk && cjk {
                    spaced(&mut form);
                }
                form.push(c);
                last_cjk = cjk;
            }
        }
    }
    spaced(&mut form);
    form
}

#[cfg(test)]
mod tests;
