//! The weights of the tagger, learnt document by document, with what was found in it before.

use std::borrow::Cow;

use anyhow::{Context, Result};
use understand::names::training::{
    LABELS, Lexicon, Memory, Weights, Word, best, describe, gazetteer, may_follow, of_memory, of_words,
    remember, runs, spans_of,
};

use super::{
    Table,
    lessons::{Lesson, within},
};
use crate::chain::{Chain, strongest};

/// Features met less often say too little.
const SELDOM: u32 = 2;
/// At most so many rows are kept (of 19 bytes).
const ROWS: usize = 130_000;
/// How much worse a wrong label must be; missing a name is worse than making one up, so that errors of the two kinds
/// balance.
const MARGIN: f32 = 0.8;
const MISSED: f32 = 1.3;

/// One run of candidates of a sentence.
struct Run {
    from: usize,
    gold: Vec<usize>,
    /// Rows of what the sentence itself says, for each word.
    rows: Vec<Vec<u32>>,
}

struct Prepared {
    words: Vec<Word>,
    runs: Vec<Run>,
}

pub fn train(lessons: &[Vec<Lesson>], lexicon: &[u8], epochs: u32) -> Result<Vec<u8>> {
    let lexicon = Lexicon::new(Cow::Owned(lexicon.to_vec())).context("no lexicon")?;
    let numbers = number_features(lessons, &lexicon);
    let prepared: Vec<Vec<Prepared>> = lessons
        .iter()
        .map(|document| document.iter().map(|it| prepare(it, &lexicon, &numbers)).collect())
        .collect();
    let mut chain: Chain<LABELS> = Chain::new(numbers.len(), may_follow, |label| may_follow(label, 0));
    let mut order: Vec<usize> = (0..prepared.len()).collect();
    let mut dice = 777_u64;
    let mut roll = move |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % below
    };
    for epoch in 0..epochs {
        for at in (1..order.len()).rev() {
            order.swap(at, roll(at + 1));
        }
        for &document in &order {
            // Sometimes nothing is remembered, so that not all is staked on memory.
            let forgetful = roll(4) == 0;
            learn_document(&prepared[document], &numbers, &mut chain, forgetful);
        }
        if epochs / 2 <= epoch {
            chain.average();
        }
    }
    let (rows, follow) = chain.small();
    let rows = numbers.iter().map(|(&feature, &row)| (feature, rows[row as usize])).collect();
    Ok(Weights::lay_out(&follow, strongest(rows, ROWS)))
}

fn number_features(lessons: &[Vec<Lesson>], lexicon: &Lexicon) -> Table<u32> {
    let mut counts: Table<u32> = Table::default();
    let (mut words, mut found) = (Vec::new(), Vec::new());
    for document in lessons {
        let mut memory = Memory::default();
        for lesson in document {
            let tokens: Vec<&str> = lesson.tokens.iter().map(String::as_str).collect();
            describe(&tokens, gazetteer(), lexicon, &mut words);
            let mut spans = Vec::new();
            for run in runs(&words) {
                for at in run.clone() {
                    found.clear();
                    of_words(&words, at, &mut found);
                    of_memory(&words, at, &memory, &mut found);
                    found.iter().for_each(|feature| *counts.entry(*feature).or_default() += 1);
                }
                spans_of(&within(&lesson.gold, &run), run.start, &mut spans);
            }
            remember(&spans, &words, &mut memory);
        }
    }
    let mut kept: Vec<u32> =
        counts.into_iter().filter(|(_, count)| SELDOM <= *count).map(|it| it.0).collect();
    kept.sort_unstable();
    kept.into_iter().zip(0..).collect()
}

fn prepare(lesson: &Lesson, lexicon: &Lexicon, numbers: &Table<u32>) -> Prepared {
    let tokens: Vec<&str> = lesson.tokens.iter().map(String::as_str).collect();
    let mut words = Vec::new();
    describe(&tokens, gazetteer(), lexicon, &mut words);
    let mut found = Vec::new();
    let runs = runs(&words).into_iter().map(|run| {
        let rows = run.clone().map(|at| {
            found.clear();
            of_words(&words, at, &mut found);
            found.iter().filter_map(|feature| numbers.get(feature).copied()).collect()
        });
        Run { from: run.start, rows: rows.collect(), gold: within(&lesson.gold, &run) }
    });
    let runs = runs.collect();
    Prepared { words, runs }
}

fn learn_document(document: &[Prepared], numbers: &Table<u32>, chain: &mut Chain<LABELS>, forgetful: bool) {
    let mut memory = Memory::default();
    let mut found = Vec::new();
    for sentence in document {
        let mut spans = Vec::new();
        for run in &sentence.runs {
            let mut rows = run.rows.clone();
            for (place, rows) in rows.iter_mut().enumerate() {
                found.clear();
                of_memory(&sentence.words, run.from + place, &memory, &mut found);
                rows.extend(found.iter().filter_map(|feature| numbers.get(feature)));
            }
            let scores: Vec<[f32; LABELS]> = rows.iter().map(|rows| chain.scores(rows)).collect();
            spans_of(&best(&scores, &chain.follow), run.from, &mut spans);
            chain.learn(&rows, &run.gold, |label| if label == 0 { MISSED * MARGIN } else { MARGIN });
        }
        if !forgetful {
            remember(&spans, &sentence.words, &mut memory);
        }
    }
}
