//! A story as it unfolded, and what in a text is new to someone who has read others.

use std::collections::HashSet;

use news::Member;

/// So much of a sentence's telling words must be unheard of for it to be news.
const NEW: f32 = 0.5;
/// A sentence of fewer words says too little to be news by itself.
const SHORT: usize = 5;

/// The order in which to tell it: by time, what was a copy right behind the text that it is of.
pub fn unfolded(members: &[Member]) -> Vec<&Member> {
    let mut order: Vec<&Member> = members.iter().collect();
    let first = |member: &Member| {
        let original = member.copy_of.and_then(|of| members.iter().find(|it| it.article == of));
        original.map_or((member.published, member.article), |it| (it.published, it.article))
    };
    order.sort_by_key(|it| (first(it), it.copy_of.is_some(), it.published, it.article));
    order
}

/// Where in `text` (bytes) the sentences stand that say something none of the known texts does.
/// A sentence repeats when most of what it names and counts was said before, in whatever words.
pub fn fresh_sentences(known: &[&str], text: &str) -> Vec<(usize, usize)> {
    let mut heard: HashSet<String> = known.iter().flat_map(|text| words(text)).collect();
    let mut fresh = Vec::new();
    for (begin, end) in sentences(text) {
        let said: Vec<String> = words(&text[begin..end]).collect();
        let weigh = |words: &mut dyn Iterator<Item = &String>| words.map(|word| telling(word)).sum::<f32>();
        let all = weigh(&mut said.iter());
        let new = weigh(&mut said.iter().filter(|word| !heard.contains(*word)));
        if SHORT <= said.len() && NEW * all <= new {
            fresh.push((begin, end));
        }
        heard.extend(said);
    }
    fresh
}

/// Long words and numbers tell more than short ones.
fn telling(word: &str) -> f32 {
    let letters = word.chars().count();
    match letters {
        _ if word.starts_with(|c: char| c.is_numeric()) => 2.0,
        0..=3 => 0.2,
        4..=5 => 0.7,
        _ => 1.0,
    }
}

/// Folded, endings cut: nine letters tell words apart, and let their forms meet.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().chars().take(6).collect())
}

fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut begin = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let ends = match c {
            '\n' | '。' | '！' | '？' => true,
            // "3.5" and "Mr. Shin" do not end here, as well as that can be known without a dictionary.
            ' ' => matches!(before, '.' | '!' | '?' | '…') && !abbreviated(&text[begin..at]),
            _ => false,
        };
        if ends {
            push(text, begin, at + if c == ' ' || c == '\n' { 0 } else { c.len_utf8() }, &mut found);
            begin = at + c.len_utf8();
        }
        if !matches!(c, '"' | '”' | '’' | '\'' | ')') {
            before = c;
        }
    }
    push(text, begin, text.len(), &mut found);
    found
}

fn push(text: &str, begin: usize, end: usize, found: &mut Vec<(usize, usize)>) {
    let piece = &text[begin..end];
    let trimmed = piece.trim();
    if !trimmed.is_empty() {
        let begin = begin + (piece.len() - piece.trim_start().len());
        found.push((begin, begin + trimmed.len()));
    }
}

fn abbreviated(sentence: &str) -> bool {
    let last = sentence.trim_end_matches('.').rsplit([' ', '.']).next().unwrap_or_default();
    last.chars().count() <= 1
        || matches!(
            last,
            "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "Gov" | "Sen" | "Rep" | "Gen" | "Lt" | "No" | "vs"
        )
}
