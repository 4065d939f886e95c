//! Learns the tagger of names: first what a body of news knows of words, then the weights, by an averaged structured
//! perceptron with a margin, from files of names that people marked.

use std::{borrow::Cow, collections::HashMap, hash::BuildHasherDefault, path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use serde_json::Value;
use understand::{
    BuiltIn, Embedder, Vocabulary,
    names::training::{
        Hashed, KINDS, Known, LABELS, Lexicon, Memory, Room, Span, Tagger, Weights, Word, best, describe,
        features, fold_hash, gazetteer, remember, runs, spans_of, tokens,
    },
};

use crate::evaluate::names::{Sentence, documents};

/// Times through the marked files.
const EPOCHS: u32 = 18;
/// Features met less often say too little.
const SELDOM: u32 = 2;
/// At most so many rows are kept (of 19 bytes).
const ROWS: usize = 130_000;
const GROUPS: usize = 250;

#[derive(clap::Args)]
pub struct Args {
    /// Files of marked names, of the shapes that `evaluate names` reads.
    #[arg(long, num_args = 1.., required = true)]
    marked: Vec<PathBuf>,
    /// News to count words in: JSON Lines with title, description, text.
    #[arg(long, num_args = 1.., required = true)]
    texts: Vec<PathBuf>,
    /// Leave every tenth document out, and do not write: for trying things.
    #[arg(long)]
    hold_out: bool,
    #[arg(long, default_value = "crates/understand/data")]
    to: PathBuf,
}

type Table<V> = HashMap<u32, V, BuildHasherDefault<Hashed>>;

pub fn run(args: &Args) -> Result<()> {
    let began = Instant::now();
    let mut marked: Vec<Vec<Sentence>> = Vec::new();
    for file in &args.marked {
        marked.extend(documents(file)?);
    }
    let mut held_out = Vec::new();
    if args.hold_out {
        let (test, train): (Vec<_>, Vec<_>) =
            marked.into_iter().enumerate().partition(|(at, _)| at % 10 == 7);
        held_out = test.into_iter().map(|it| it.1).collect();
        marked = train.into_iter().map(|it| it.1).collect();
    }
    let texts = read_texts(&args.texts)?;
    let mut words = cases(&texts);
    groups(&mut words)?;
    eprintln!("{} texts, {} words known: {:.0?}", texts.len(), words.len(), began.elapsed());
    let first = train(&marked, &lexicon(&words), EPOCHS / 2)?;
    eprintln!("first weights: {:.0?}", began.elapsed());
    kinds(&first, &mut words, &texts);
    eprintln!("kinds of words: {:.0?}", began.elapsed());
    let weights = train(&marked, &lexicon(&words), EPOCHS)?;
    eprintln!("{} bytes of weights: {:.0?}", weights.len(), began.elapsed());
    if args.hold_out {
        report("with what words are alone", &tagger(first, &words), &held_out);
        report("with what words are mostly", &tagger(weights, &words), &held_out);
        return Ok(());
    }
    std::fs::write(args.to.join("names.bin"), weights)?;
    std::fs::write(args.to.join("lexicon.bin"), lexicon(&words))?;
    Ok(())
}

fn tagger(weights: Vec<u8>, words: &Table<Known>) -> Tagger {
    let lexicon = Lexicon::new(Cow::Owned(lexicon(words))).expect("just laid out");
    Tagger::new(Weights::new(Cow::Owned(weights)).expect("just laid out"), lexicon)
}

fn report(what: &str, tagger: &Tagger, documents: &[Vec<Sentence>]) {
    let (mut right, mut said, mut there) = (0, 0, 0);
    let mut room = Room::default();
    for document in documents {
        let mut memory = Memory::default();
        for sentence in document {
            let tokens: Vec<&str> = sentence.tokens.iter().map(String::as_str).collect();
            let found = tagger.names(&tokens, &mut memory, &mut room);
            right += found.iter().filter(|it| sentence.spans.contains(it)).count();
            said += found.len();
            there += sentence.spans.len();
        }
    }
    let (p, r) = (right as f64 / said as f64, right as f64 / there as f64);
    println!("{what}: precision {p:.4}, recall {r:.4}, F1 {:.4}", 2.0 * p * r / (p + r));
}

fn read_texts(files: &[PathBuf]) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in files {
        for line in crate::evaluate::json_lines(file).with_context(|| file.display().to_string())? {
            let body =
                ["text", "description"].iter().find_map(|field| line.get(field).and_then(Value::as_str));
            let body = crate::distill::without_tags(body.unwrap_or_default());
            if 80 < body.len() {
                texts.push(body);
            }
        }
    }
    Ok(texts)
}

/// How words are written inside sentences: small, capital first, all capitals.
fn cases(texts: &[String]) -> Table<Known> {
    let mut counts: Table<[u32; 3]> = Table::default();
    let mut found = Vec::new();
    for text in texts {
        for line in text.lines() {
            found.clear();
            tokens(line, 0, line.len(), &mut found);
            let mut begins = true;
            for token in &found {
                let word = token.text;
                let starts = begins;
                begins = matches!(word, "." | "!" | "?" | "\"" | "“" | "”" | ":" | "…" | "•");
                if starts || !word.starts_with(char::is_alphabetic) {
                    continue;
                }
                let case = match (word.starts_with(char::is_uppercase), word.chars().any(char::is_lowercase))
                {
                    (false, _) => 0,
                    (true, true) => 1,
                    (true, false) => 2,
                };
                counts.entry(fold_hash(word)).or_default()[case] += 1;
            }
        }
    }
    let mut by_count: Vec<(u32, u32, [u32; 3])> = counts
        .into_iter()
        .map(|(hash, counts)| (counts.iter().sum(), hash, counts))
        .filter(|it| 4 <= it.0)
        .collect();
    by_count.sort_unstable_by(|a, b| b.cmp(a));
    by_count.truncate(80_000);
    let case = |all: u32, [small, first, capitals]: [u32; 3]| {
        if 9 * all < 10 * small {
            1
        } else if 8 * all < 10 * capitals {
            4
        } else if 8 * all < 10 * (first + capitals) {
            3
        } else {
            2
        }
    };
    by_count
        .into_iter()
        .map(|(all, hash, counts)| (hash, Known { case: case(all, counts), ..Known::default() }))
        .collect()
}

/// Words that stand in like places: the built-in embedder's directions, in groups (k-means by angle).
fn groups(words: &mut Table<Known>) -> Result<()> {
    let vocabulary = std::fs::read("crates/understand/data/vocabulary.bin")?;
    let vocabulary = Vocabulary::new(Cow::Owned(vocabulary)).context("no vocabulary")?;
    let pieces: Vec<&str> = (0..vocabulary.len()).map(|id| vocabulary.piece(id as u16)).collect();
    let whole = |piece: &&str| 2 < piece.len() && piece.bytes().all(|it| it.is_ascii_alphabetic());
    let pieces: Vec<&str> = pieces.into_iter().filter(whole).collect();
    let points: Vec<Vec<f32>> =
        BuiltIn::new().embed(&pieces)?.iter().map(|it| it.direction().collect()).collect();
    let mut centres: Vec<Vec<f32>> =
        (0..GROUPS).map(|at| points[at * points.len() / GROUPS].clone()).collect();
    let mut nearest = vec![0; points.len()];
    for _ in 0..12 {
        for (point, nearest) in points.iter().zip(&mut nearest) {
            let like = |centre: &[f32]| -> f32 { point.iter().zip(centre).map(|(a, b)| a * b).sum() };
            let likes: Vec<f32> = centres.iter().map(|centre| like(centre)).collect();
            *nearest = (0..GROUPS).max_by(|&a, &b| likes[a].total_cmp(&likes[b])).unwrap_or(0);
        }
        for (at, centre) in centres.iter_mut().enumerate() {
            let mut sum = vec![0.0_f32; centre.len()];
            for (point, _) in points.iter().zip(&nearest).filter(|(_, nearest)| **nearest == at) {
                sum.iter_mut().zip(point).for_each(|(sum, it)| *sum += it);
            }
            let length = sum.iter().map(|it| it * it).sum::<f32>().sqrt().max(1e-9);
            *centre = sum.iter().map(|it| it / length).collect();
        }
    }
    for (piece, nearest) in pieces.iter().zip(nearest) {
        words.entry(fold_hash(piece)).or_default().group = nearest as u8 + 1;
    }
    Ok(())
}

/// What a first tagger mostly takes words for, over all texts.
fn kinds(weights: &[u8], words: &mut Table<Known>, texts: &[String]) {
    let tagger = tagger(weights.to_vec(), words);
    let mut counts: Table<[u32; 5]> = Table::default();
    let (mut found, mut room) = (Vec::new(), Room::default());
    for text in texts {
        let mut memory = Memory::default();
        for line in text.lines().take(12) {
            found.clear();
            tokens(line, 0, line.len(), &mut found);
            let words: Vec<&str> = found.iter().map(|token| token.text).collect();
            let mut outside: Vec<bool> = words.iter().map(|it| it.starts_with(char::is_uppercase)).collect();
            for span in tagger.names(&words, &mut memory, &mut room) {
                let kind = KINDS.iter().position(|kind| *kind == span.kind).unwrap_or(0);
                for at in span.tokens {
                    outside[at] = false;
                    counts.entry(fold_hash(words[at])).or_default()[kind] += 1;
                }
            }
            for (at, _) in outside.iter().enumerate().filter(|(at, outside)| **outside && 0 < *at) {
                counts.entry(fold_hash(words[at])).or_default()[4] += 1;
            }
        }
    }
    for (hash, counts) in counts {
        let all: u32 = counts.iter().sum();
        let most = (0..5).max_by_key(|&kind| counts[kind]).unwrap_or(4);
        if all < 4 {
            continue;
        }
        let kind = if 7 * all <= 10 * counts[most] { [1, 2, 3, 4, 6][most] } else { 5 };
        words.entry(hash).or_default().kind = kind;
    }
}

fn lexicon(words: &Table<Known>) -> Vec<u8> {
    let mut words: Vec<(u32, Known)> = words.iter().map(|(hash, known)| (*hash, *known)).collect();
    // Those of which more is known first, so that they are kept; then by hash, so that it is the same every time.
    words.sort_unstable_by_key(|(hash, known)| {
        let parts = [known.case, known.kind, known.group].iter().filter(|it| **it != 0).count();
        (std::cmp::Reverse(parts), *hash)
    });
    words.truncate(100_000);
    words.sort_unstable_by_key(|it| it.0);
    Lexicon::lay_out(&words)
}

/// One sentence as it is learnt from: also in the dress of a headline.
struct Lesson {
    tokens: Vec<String>,
    gold: Vec<usize>,
}

fn lessons(documents: &[Vec<Sentence>]) -> Vec<Vec<Lesson>> {
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

fn mark(labels: &mut [usize], range: std::ops::Range<usize>, kind: usize) {
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
fn within(gold: &[usize], run: &std::ops::Range<usize>) -> Vec<usize> {
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

struct Model {
    rows: Table<u32>,
    now: Vec<[f32; LABELS]>,
    /// What averaging takes off again.
    before: Vec<[f32; LABELS]>,
    follow: [[f32; LABELS]; LABELS],
    follow_before: [[f32; LABELS]; LABELS],
    steps: f32,
}

impl Model {
    fn scores(&self, features: &[u32]) -> [f32; LABELS] {
        let mut sums = [0.0; LABELS];
        for row in features.iter().filter_map(|feature| self.rows.get(feature)) {
            sums.iter_mut().zip(&self.now[*row as usize]).for_each(|(sum, it)| *sum += it);
        }
        sums
    }

    fn learn(&mut self, features: &[u32], label: usize, by: f32) {
        for feature in features {
            if let Some(&row) = self.rows.get(feature) {
                self.now[row as usize][label] += by;
                self.before[row as usize][label] += by * self.steps;
            }
        }
    }

    fn learn_follow(&mut self, labels: &[usize], by: f32) {
        let mut label = 0;
        for &next in labels {
            self.follow[label][next] += by;
            self.follow_before[label][next] += by * self.steps;
            label = next;
        }
    }
}

fn train(documents: &[Vec<Sentence>], lexicon: &[u8], epochs: u32) -> Result<Vec<u8>> {
    let lexicon = Lexicon::new(Cow::Owned(lexicon.to_vec())).context("no lexicon")?;
    let lessons = lessons(documents);
    let mut model = Model {
        rows: Table::default(),
        now: Vec::new(),
        before: Vec::new(),
        follow: [[0.0; LABELS]; LABELS],
        follow_before: [[0.0; LABELS]; LABELS],
        steps: 1.0,
    };
    number_features(&lessons, &lexicon, &mut model);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    let mut dice = 777_u64;
    let mut roll = move |below: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % below
    };
    for _ in 0..epochs {
        for at in (1..order.len()).rev() {
            order.swap(at, roll(at + 1));
        }
        for &document in &order {
            // Sometimes nothing is remembered, so that not all is staked on memory.
            let forgetful = roll(4) == 0;
            learn_document(&lessons[document], &lexicon, &mut model, forgetful);
        }
    }
    Ok(laid_out(&model))
}

fn number_features(lessons: &[Vec<Lesson>], lexicon: &Lexicon, model: &mut Model) {
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
                    features(&words, at, &memory, &mut found);
                    found.iter().for_each(|feature| *counts.entry(*feature).or_default() += 1);
                }
                spans_of(&within(&lesson.gold, &run), run.start, &mut spans);
            }
            remember(&spans, &words, &mut memory);
        }
    }
    for (feature, _) in counts.into_iter().filter(|(_, count)| SELDOM <= *count) {
        let row = model.rows.len() as u32;
        model.rows.insert(feature, row);
    }
    model.now = vec![[0.0; LABELS]; model.rows.len()];
    model.before = model.now.clone();
}

fn learn_document(document: &[Lesson], lexicon: &Lexicon, model: &mut Model, forgetful: bool) {
    let mut memory = Memory::default();
    let mut words: Vec<Word> = Vec::new();
    for lesson in document {
        let tokens: Vec<&str> = lesson.tokens.iter().map(String::as_str).collect();
        describe(&tokens, gazetteer(), lexicon, &mut words);
        let mut spans = Vec::new();
        for run in runs(&words) {
            let seen: Vec<Vec<u32>> = run
                .clone()
                .map(|at| {
                    let mut found = Vec::new();
                    features(&words, at, &memory, &mut found);
                    found
                })
                .collect();
            let gold = within(&lesson.gold, &run);
            let scores: Vec<[f32; LABELS]> = seen.iter().map(|features| model.scores(features)).collect();
            spans_of(&best(&scores, &model.follow), run.start, &mut spans);
            learn_run(&seen, &gold, scores, model);
        }
        if !forgetful {
            remember(&spans, &words, &mut memory);
        }
    }
}

/// A wrong sequence that comes within the margin of the right one is pushed away from it.
fn learn_run(seen: &[Vec<u32>], gold: &[usize], mut scores: Vec<[f32; LABELS]>, model: &mut Model) {
    const MARGIN: f32 = 12.0;
    for (score, &gold) in scores.iter_mut().zip(gold) {
        for (label, score) in score.iter_mut().enumerate().filter(|(label, _)| *label != gold) {
            // Missing a name is worse than making one up: errors of the two kinds then balance.
            *score += if label == 0 { 1.3 * MARGIN } else { MARGIN };
        }
    }
    let guess = best(&scores, &model.follow);
    model.steps += 1.0;
    if guess == gold {
        return;
    }
    for ((features, &guess), &gold) in
        seen.iter().zip(&guess).zip(gold).filter(|((_, guess), gold)| guess != gold)
    {
        model.learn(features, gold, 1.0);
        model.learn(features, guess, -1.0);
    }
    model.learn_follow(gold, 1.0);
    model.learn_follow(&guess, -1.0);
}

/// Averaged, made small integers, the weakest rows left out.
fn laid_out(model: &Model) -> Vec<u8> {
    let averaged = |now: f32, before: f32| now - before / model.steps;
    let rows: Vec<(u32, [f32; LABELS])> = model
        .rows
        .iter()
        .map(|(&feature, &row)| {
            let row = row as usize;
            (feature, std::array::from_fn(|label| averaged(model.now[row][label], model.before[row][label])))
        })
        .collect();
    let strength = |row: &[f32; LABELS]| row.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let mut strengths: Vec<f32> = rows.iter().map(|(_, row)| strength(row)).collect();
    strengths.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = strengths.get(ROWS).copied().unwrap_or(0.0);
    // The few that are stronger than this are cut to it.
    let scale = 127.0 / strengths.get(strengths.len() / 2000).copied().unwrap_or(1.0).max(1e-6);
    let small = |value: f32| (value * scale).round().clamp(-127.0, 127.0) as i8;
    let follow: [[i8; LABELS]; LABELS] = std::array::from_fn(|label| {
        std::array::from_fn(|next| {
            small(averaged(model.follow[label][next], model.follow_before[label][next]))
        })
    });
    let kept = rows.into_iter().filter(|(_, row)| least < strength(row));
    let kept =
        kept.map(|(feature, row)| (feature, row.map(small))).filter(|(_, row)| row.iter().any(|it| *it != 0));
    Weights::lay_out(&follow, kept.collect())
}
