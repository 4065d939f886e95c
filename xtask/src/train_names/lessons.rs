//! Marked sentences as they are learnt from.

use std::ops::Range;

use understand::names::training::{KINDS, Span};

use crate::evaluate::names::Sentence;

/// One sentence as it is learnt from: also in the dress of a headline.
pub struct Lesson {
    pub tokens: Vec<String>,
    pub gold: Vec<usize>,
}

pub fn lessons(documents: &[Vec<Sentence>]) -> Vec<Vec<Lesson>> {
    let mut dice = 12345_u32;
    let mut roll = move || {
        dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        dice >> 8 & 1023
    };
    let mut lessons = Vec::new();
    for document in documents {
        let plain = |tokens: Vec<String>, spans: &[Span]| {
            let gold = labels(tokens.len(), spans);
            Lesson { tokens, gold }
        };
        lessons.push(document.iter().map(|it| plain(it.tokens.clone(), &it.spans)).collect());
        let dressed: Vec<Lesson> = document
            .iter()
            .filter(|it| 4 < it.tokens.len() && it.tokens.len() < 30)
            .filter_map(|it| match roll() {
                0..150 => Some(plain(it.tokens.iter().map(|token| title_case(token)).collect(), &it.spans)),
                150..200 => {
                    Some(plain(it.tokens.iter().map(|token| token.to_uppercase()).collect(), &it.spans))
                }
                _ => None,
            })
            .collect();
        if !dressed.is_empty() {
            lessons.push(dressed);
        }
    }
    lessons
}

fn title_case(token: &str) -> String {
    if ["of", "the", "a", "an", "in", "on", "at", "to", "for", "and", "by", "as", "'s", "’s"].contains(&token)
    {
        return token.to_owned();
    }
    let mut chars = token.chars();
    chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str()).unwrap_or_default()
}

fn labels(length: usize, spans: &[Span]) -> Vec<usize> {
    let mut labels = vec![0; length];
    for span in spans {
        mark(&mut labels, span.tokens.clone(), KINDS.iter().position(|kind| *kind == span.kind).unwrap_or(0));
    }
    labels
}

fn mark(labels: &mut [usize], range: Range<usize>, kind: usize) {
    for at in range.clone() {
        let place = match (at == range.start, at + 1 == range.end) {
            (true, true) => 3,
            (true, false) => 0,
            (false, true) => 2,
            (false, false) => 1,
        };
        labels[at] = 1 + 4 * kind + place;
    }
}

/// The part of the gold labels that lies in a run; names that stick out are cut to it.
pub fn within(gold: &[usize], run: &Range<usize>) -> Vec<usize> {
    let gold = &gold[run.clone()];
    let mut cut = vec![0; gold.len()];
    let mut at = 0;
    while at < gold.len() {
        if gold[at] == 0 {
            at += 1;
            continue;
        }
        let kind = (gold[at] - 1) / 4;
        let from = at;
        while at < gold.len() && gold[at] != 0 && (gold[at] - 1) / 4 == kind {
            let ends = (gold[at] - 1) % 4 >= 2;
            at += 1;
            if ends {
                break;
            }
        }
        mark(&mut cut, from..at, kind);
    }
    cut
}
