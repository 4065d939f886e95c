//! Names where every noun has a capital (German): a capital proves nothing, so a name needs more to speak for it: a list,
//! a given name or a title before it, a run of capitals that no sentence makes by chance.

use news::NameKind;

use super::{
    gazetteer::{self, gazetteer},
    hash::fold_hash,
    joining::kind_of,
    tagger::Span,
};

/// Small words inside names.
const LINKS: &[&str] =
    &["von", "van", "de", "der", "den", "zu", "für", "und", "des", "of", "the", "bin", "al"];
/// Capital words that begin sentences and belong to no name.
const BEGINNINGS: &[&str] = &[
    "der",
    "die",
    "das",
    "ein",
    "eine",
    "einen",
    "einem",
    "einer",
    "im",
    "in",
    "am",
    "an",
    "auf",
    "aus",
    "bei",
    "mit",
    "nach",
    "von",
    "vom",
    "zu",
    "zum",
    "zur",
    "für",
    "und",
    "oder",
    "aber",
    "auch",
    "so",
    "wie",
    "was",
    "wer",
    "wo",
    "warum",
    "wenn",
    "weil",
    "dass",
    "nicht",
    "noch",
    "nur",
    "schon",
    "sie",
    "er",
    "es",
    "wir",
    "ich",
    "ihr",
    "sein",
    "seine",
    "ihre",
    "diese",
    "dieser",
    "dieses",
    "mehr",
    "neue",
    "neuer",
    "neues",
    "erste",
    "erster",
    "erstes",
    "ende",
    "anfang",
    "mitte",
    "trotz",
    "gegen",
    "über",
    "unter",
    "vor",
    "seit",
    "während",
    "laut",
    "viele",
    "alle",
    "beide",
    "prozent",
    "millionen",
    "milliarden",
    "euro",
    "uhr",
    "jahr",
    "jahre",
];

pub fn names(words: &[&str]) -> Vec<Span> {
    let hashes: Vec<u32> = words.iter().map(|word| fold_hash(word)).collect();
    let mut spans = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !is_capital(words[at]) {
            at += 1;
            continue;
        }
        if let Some((length, kind)) =
            gazetteer().phrase(&hashes[at..]).and_then(|(n, kinds)| Some((n, kind_of(kinds)?)))
        {
            spans.push(Span { tokens: at..at + length, kind });
            at += length;
            continue;
        }
        let end = end_of_run(words, at);
        let begin = at + usize::from(at == 0 && is_beginning(words[at])).min(end - at - 1);
        if !is_beginning(words[begin]) {
            in_run(words, &hashes, begin, end, &mut spans);
        }
        at = end;
    }
    spans
}

fn in_run(words: &[&str], hashes: &[u32], begin: usize, end: usize, spans: &mut Vec<Span>) {
    let listed = |at: usize| gazetteer().word(hashes[at]);
    // A person: after a title, or from a given name on.
    let given = (begin..end).find(|&at| listed(at) & gazetteer::GIVEN != 0);
    let title = (begin..end).rev().find(|&at| listed(at) & gazetteer::TITLE != 0);
    let from = title.map(|at| at + 1).filter(|&from| from < end).or(given.filter(|&at| at + 1 < end));
    if let Some(from) = from {
        spans.push(Span { tokens: from..end, kind: NameKind::Person });
        return;
    }
    let body = (begin..end).any(|at| listed(at) & gazetteer::ORGANISATION_WORD != 0);
    if 1 < end - begin && body {
        spans.push(Span { tokens: begin..end, kind: NameKind::Organisation });
        return;
    }
    // "Deutsche Bahn": an adjective with a capital inside a sentence is part of a name.
    let adjective = 0 < begin && ["e", "er", "en", "es"].iter().any(|ending| words[begin].ends_with(ending));
    if end - begin == 2 && adjective && words[begin + 1].chars().count() > 3 && listed(begin + 1) == 0 {
        let people = listed(begin) & gazetteer::PEOPLE != 0 || words[begin].ends_with("ische");
        if people || words[begin] == "Deutsche" {
            spans.push(Span { tokens: begin..end, kind: NameKind::Organisation });
            return;
        }
    }
    for (at, word) in words.iter().enumerate().take(end).skip(begin) {
        let kind = kind_of(listed(at) & !gazetteer::PEOPLE);
        let acronym = (2..=6).contains(&word.len()) && word.bytes().all(|it| it.is_ascii_uppercase());
        if let Some(kind) = kind.or(acronym.then_some(NameKind::Organisation)) {
            spans.push(Span { tokens: at..at + 1, kind });
        }
    }
}

fn end_of_run(words: &[&str], begin: usize) -> usize {
    let mut end = begin + 1;
    while end < words.len() {
        if is_capital(words[end]) {
            end += 1;
        } else if LINKS[..6].contains(&words[end]) && words.get(end + 1).is_some_and(|it| is_capital(it)) {
            end += 2;
        } else {
            break;
        }
    }
    end
}

fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

fn is_beginning(word: &str) -> bool {
    let lower = word.to_lowercase();
    BEGINNINGS.contains(&lower.as_str()) || LINKS.contains(&lower.as_str())
}
