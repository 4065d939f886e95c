//! Proper names and what they name.

use news::{Language, Name, NameKind};

use crate::sentences::{sentences, up_to};

/// So much of the body is read for names.
const READ: usize = 3_000;

pub fn names(title: &str, body: &str, _language: &Language) -> Vec<Name> {
    let mut found: Vec<(Name, usize)> = Vec::new();
    let body = up_to(body, READ);
    let texts =
        std::iter::once((title, true)).chain(sentences(body).map(|(from, to)| (&body[from..to], false)));
    for (text, headline) in texts {
        for span in capitalised(text) {
            let name = Name { text: span, kind: NameKind::Other };
            let weight = if headline { 3 } else { 1 };
            match found.iter_mut().find(|(known, _)| known.text == name.text) {
                Some((_, count)) => *count += weight,
                None => found.push((name, weight)),
            }
        }
    }
    found.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    found.into_iter().take(24).map(|(name, _)| name).collect()
}

/// Runs of two or more words that begin with a capital.
fn capitalised(text: &str) -> Vec<String> {
    let mut spans = Vec::new();
    let mut span: Vec<&str> = Vec::new();
    for word in text.split_whitespace().chain(std::iter::once("")) {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let capital = bare.chars().next().is_some_and(char::is_uppercase);
        if capital {
            span.push(bare);
        }
        let ends = !capital || word.ends_with([',', '.', ':', ';', '!', '?', ')', '"', '”']);
        if ends {
            if 2 <= span.len() {
                spans.push(span.join(" "));
            }
            span.clear();
        }
    }
    spans
}
