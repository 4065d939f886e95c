//! Who a source is: the name in it, and what the text says that person is; pronouns mean whoever spoke or was named last.

use news::NameKind;

use super::candidates::Attribution;
use crate::names::Finder;

#[derive(Default)]
pub struct People {
    /// Full names met, with their role where one was told.
    known: Vec<(String, Option<String>)>,
    last: Option<usize>,
}

impl People {
    /// As named in the text, in full where the text has named them in full, and their role.
    pub fn speaker(&mut self, text: &str, said: &Attribution) -> (Option<String>, Option<String>) {
        let Some((from, to)) = said.source else { return (None, None) };
        let source = &text[from..to];
        if is_pronoun(source) {
            // "I", "we", "you" are not the last person named.
            let third = ["he", "she", "who"].contains(&source.to_lowercase().as_str());
            let last = self.last.filter(|_| third).map(|at| &self.known[at]);
            return last.map_or((Some(source.to_owned()), None), |it| (Some(it.0.clone()), it.1.clone()));
        }
        if let Some(name) = plain_name(source) {
            let at = self.remember(name, None);
            self.last = Some(at);
            let (name, role) = &self.known[at];
            return (Some(name.clone()), role.clone());
        }
        let mut name: Option<(usize, usize, NameKind)> = None;
        Finder::new("en").find_at(text, from, to, |begin, end, kind| {
            let better =
                name.is_none_or(|(_, _, known)| known != NameKind::Person && kind == NameKind::Person);
            if better {
                name = Some((begin, end, kind));
            }
        });
        let Some((begin, end, _)) = name else { return (Some(source.trim().to_owned()), None) };
        let role = role(&text[from..begin], &text[end..to]);
        let at = self.remember(&text[begin..end], role);
        self.last = Some(at);
        let (name, role) = &self.known[at];
        (Some(name.clone()), role.clone())
    }

    fn remember(&mut self, name: &str, role: Option<String>) -> usize {
        let fuller = |known: &str| {
            known == name || known.ends_with(name) && known[..known.len() - name.len()].ends_with(' ')
        };
        let at = self.known.iter().position(|(known, _)| fuller(known)).unwrap_or_else(|| {
            self.known.push((name.to_owned(), None));
            self.known.len() - 1
        });
        if self.known[at].1.is_none() {
            self.known[at].1 = role;
        }
        at
    }
}

/// "Anna Weber", "Mr Weber": the tagger need not be asked.
fn plain_name(source: &str) -> Option<&str> {
    let name = ["Mr. ", "Mr ", "Mrs. ", "Mrs ", "Ms. ", "Ms ", "Dr. ", "Dr "]
        .iter()
        .find_map(|it| source.strip_prefix(it));
    let name = name.unwrap_or(source);
    let begins = |word: &str| {
        word.starts_with(char::is_uppercase) && word.chars().all(|c| c.is_alphabetic() || c == '-')
    };
    let article =
        ["The ", "A ", "An ", "His ", "Her ", "One ", "Some "].iter().any(|it| name.starts_with(it));
    (!article && name.split(' ').count() <= 3 && name.split(' ').all(begins)).then_some(name)
}

fn is_pronoun(source: &str) -> bool {
    let lower = source.to_lowercase();
    ["he", "she", "they", "i", "we", "it", "you", "who"].contains(&lower.as_str())
}

/// What stands before the name ("Defence minister Shin") or after it in commas ("Shin, the minister,").
fn role(before: &str, after: &str) -> Option<String> {
    let before = before.trim().trim_start_matches(['(', '"', '“']).trim();
    let plain = ["mr", "mr.", "mrs", "mrs.", "ms", "ms.", "the", "a", "and", "but", ""];
    if !plain.contains(&before.to_lowercase().as_str()) && 3 < before.len() {
        return Some(before.trim_end_matches(',').to_owned());
    }
    let after = after.trim().strip_prefix(',')?.trim().trim_end_matches(',').trim();
    let described = ["a ", "an ", "the ", "who ", "chief ", "director ", "president ", "professor ", "head "];
    described.iter().any(|it| after.to_lowercase().starts_with(it)).then(|| after.to_owned())
}
