//! Learns which words report what someone says or thinks: a logistic model over the readings that the sentences' build
//! offers; then, looking at these readings, the chain that marks which words are said. From texts whose attributions people
//! marked.

use std::{collections::HashMap, path::PathBuf};

use anyhow::Result;
use understand::{
    names::training::Token,
    quotes::{Attribution, Paragraph, Scores, Sequence, each_paragraph, readings, score, sequence},
};

use crate::{
    chain::{Chain, strongest},
    evaluate::quotes::{Document, Figures, Marked, documents},
};

const EPOCHS: u32 = 12;
/// Weights nearer to nothing than this are left out.
const LEAST: f32 = 0.06;
/// Of the chain: times through the texts, how often a feature must be met, and how many are kept (of 12 bytes).
const CHAIN_EPOCHS: u32 = 8;
const SELDOM: u32 = 4;
const ROWS: usize = 70_000;
/// How much worse a wrong label must be; missing what is said is worse than making it up.
const MARGIN: f32 = 0.6;
const MISSED: f32 = 3.0;
/// The chain sees readings as they are of texts that the logistic model has not learnt from: one part in so many at a time.
const PARTS: usize = 4;
const FOLDS: usize = 5;

#[derive(clap::Args)]
pub struct Args {
    /// Files of marked attributions, of the shape that `evaluate quotes` reads.
    #[arg(long, num_args = 1.., required = true)]
    marked: Vec<PathBuf>,
    /// Do not write: learn without every fifth text, beginning with this one (0 to 4), and tell how these are read.
    #[arg(long)]
    fold: Option<usize>,
    #[arg(long, default_value = "crates/understand/data")]
    to: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let mut marked = Vec::new();
    for file in &args.marked {
        marked.extend(documents(file)?);
    }
    let (left_out, marked): (Vec<_>, Vec<_>) =
        marked.into_iter().enumerate().partition(|(at, _)| Some(at % FOLDS) == args.fold);
    let marked: Vec<Document> = marked.into_iter().map(|it| it.1).collect();
    let mut prepared = Vec::new();
    for part in 0..PARTS {
        let (others, own): (Vec<_>, Vec<_>) =
            marked.iter().enumerate().partition(|(at, _)| at % PARTS != part);
        let others: Vec<&Document> = others.into_iter().map(|it| it.1).collect();
        let scores = reporting(&others);
        prepared.extend(own.iter().flat_map(|(_, document)| lessons(document, &Scores::new(&scores))));
    }
    let scores = reporting(&marked.iter().collect::<Vec<_>>());
    let chain = learn_chain(&prepared);
    println!("{} bytes of readings, {} of the chain", scores.len(), chain.len());
    if args.fold.is_some() {
        let (scores, sequence) = (Scores::new(&scores), Sequence::new(&chain));
        let mut figures = Figures::default();
        for (_, document) in &left_out {
            figures.count(document, &understand::quotes::attributions(&document.text, &scores, &sequence));
        }
        figures.print();
        return Ok(());
    }
    std::fs::write(args.to.join("quotes.bin"), scores)?;
    std::fs::write(args.to.join("quotes-sequence.bin"), chain)?;
    Ok(())
}

/// The logistic model, laid out.
fn reporting(marked: &[&Document]) -> Vec<u8> {
    let cues = cues(marked);
    let examples: Vec<(Vec<u32>, bool)> =
        marked.iter().flat_map(|document| examples(document, &cues)).collect();
    let weights = learn(&examples);
    let kept: Vec<(u32, f32)> = weights
        .into_iter()
        .filter(|(feature, weight)| LEAST < weight.abs() || cues.contains_key(feature))
        .collect();
    score::Scores::lay_out(kept)
}

/// One paragraph: features of each word, and what it is.
struct Lesson {
    features: Vec<Vec<u32>>,
    gold: Vec<usize>,
}

fn lessons(document: &Document, scores: &Scores) -> Vec<Lesson> {
    let mut lessons = Vec::new();
    let mut goes_on = false;
    each_paragraph(&document.text, |words| {
        let paragraph = Paragraph::new(&document.text, words);
        let readings = readings(&paragraph, scores);
        let gold = gold(document, words);
        if readings.is_empty() && paragraph.quoted().is_empty() {
            goes_on = false;
            return;
        }
        let features = sequence::features(&paragraph, &readings, goes_on);
        goes_on = gold.iter().rev().take(2).any(|label| *label != 0);
        lessons.push(Lesson { features, gold });
    });
    lessons
}

/// Every word that any content covers; a content that begins where another goes on begins anew only outside of it.
fn gold(document: &Document, words: &[Token]) -> Vec<usize> {
    let inside =
        |at: usize| document.marked.iter().flat_map(|it| &it.content).any(|it| it.0 <= at && at < it.1);
    let mut gold = vec![0; words.len()];
    for (at, word) in words.iter().enumerate() {
        if inside(word.at) {
            gold[at] = if 0 < at && gold[at - 1] != 0 { 2 } else { 1 };
        }
    }
    gold
}

fn learn_chain(lessons: &[Lesson]) -> Vec<u8> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    let all = lessons.iter().flat_map(|it| it.features.iter().flatten());
    all.for_each(|&feature| *counts.entry(feature).or_default() += 1);
    let mut kept: Vec<u32> = counts.into_iter().filter(|it| SELDOM <= it.1).map(|it| it.0).collect();
    kept.sort_unstable();
    let numbers: HashMap<u32, u32> = kept.iter().copied().zip(0..).collect();
    let rows: Vec<Vec<Vec<u32>>> = lessons
        .iter()
        .map(|it| {
            let numbered =
                |features: &Vec<u32>| features.iter().filter_map(|it| numbers.get(it).copied()).collect();
            it.features.iter().map(numbered).collect()
        })
        .collect();
    let mut chain: Chain<{ sequence::LABELS }> = Chain::new(kept.len(), sequence::may_follow, |_| true);
    // A fixed stride that meets every lesson once in a round.
    let stride = (lessons.len() * 5 / 8..).find(|it| common_divisor(*it, lessons.len()) == 1).unwrap_or(1);
    for epoch in 0..CHAIN_EPOCHS {
        for at in 0..lessons.len() {
            let at = (at * stride + epoch as usize) % lessons.len();
            let margin = |label: usize| if label == 0 { MISSED * MARGIN } else { MARGIN };
            chain.learn(&rows[at], &lessons[at].gold, margin);
        }
        if CHAIN_EPOCHS / 2 <= epoch {
            chain.average();
        }
    }
    let (small, follow) = chain.small();
    let rows = kept.into_iter().zip(small).collect();
    Sequence::lay_out(&follow, &strongest(rows, ROWS))
}

fn common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

/// Words that report at least three times, and one time in eight, by their feature.
fn cues(documents: &[&Document]) -> HashMap<u32, String> {
    let mut counts: HashMap<String, (u32, u32)> = HashMap::new();
    for document in documents {
        each_paragraph(&document.text, |words| {
            for token in words {
                let lower = token.text.to_lowercase();
                let reports = document.marked.iter().any(|it| is_head(document, it, token));
                let count = counts.entry(lower).or_default();
                count.0 += u32::from(reports);
                count.1 += 1;
            }
        });
    }
    let reports = counts
        .into_iter()
        .filter(|(word, (reports, all))| 3 <= *reports && *all <= 8 * *reports && 2 < word.len());
    reports.map(|(word, _)| (score::cue(&word), word)).collect()
}

/// Is the token the first word of the cue that is no mere helper?
fn is_head(document: &Document, marked: &Marked, token: &Token) -> bool {
    let helpers = [
        "has", "have", "had", "is", "was", "are", "were", "be", "been", "will", "would", "also", "not", "to",
        "a", "an", "the", "in", "of", "and", "later", "then", "did", "does", "do", "can", "could", "may",
        "might", "should", "who", "n't",
    ];
    let Some(&(from, to)) = marked.cue.first() else { return false };
    if token.at < from || to <= token.at {
        return false;
    }
    let mut words = Vec::new();
    understand::names::training::tokens(&document.text, from, to, &mut words);
    let head = words.iter().find(|word| !helpers.contains(&word.text.to_lowercase().as_str()));
    head.is_some_and(|head| head.at == token.at)
}

fn examples(document: &Document, cues: &HashMap<u32, String>) -> Vec<(Vec<u32>, bool)> {
    let mut examples = Vec::new();
    each_paragraph(&document.text, |words| {
        let paragraph = Paragraph::new(&document.text, words);
        for (at, word) in words.iter().enumerate() {
            if !cues.contains_key(&score::cue(word.text)) {
                continue;
            }
            let Some(said) = paragraph.attribution(at) else { continue };
            let right =
                document.marked.iter().any(|marked| is_head(document, marked, word) && shares(marked, &said));
            examples.push((score::features(&paragraph, &said), right));
        }
    });
    examples
}

/// At least a third of what both cover is covered by both.
fn shares(marked: &Marked, said: &Attribution) -> bool {
    let length = |ranges: &[(usize, usize)]| -> usize { ranges.iter().map(|it| it.1 - it.0).sum() };
    let mut common = 0;
    for a in &marked.content {
        for b in &said.content {
            common += a.1.min(b.1).saturating_sub(a.0.max(b.0));
        }
    }
    length(&marked.content) + length(&said.content) <= 4 * common
}

/// Gradient descent with a step of its own for each weight (AdaGrad), and a little decay.
fn learn(examples: &[(Vec<u32>, bool)]) -> HashMap<u32, f32> {
    let mut weights: HashMap<u32, (f32, f32)> = HashMap::new();
    let mut counts: HashMap<u32, u32> = HashMap::new();
    examples.iter().flat_map(|it| &it.0).for_each(|&feature| *counts.entry(feature).or_default() += 1);
    for _ in 0..EPOCHS {
        for (features, right) in examples {
            let sum: f32 = features.iter().filter_map(|feature| weights.get(feature)).map(|it| it.0).sum();
            let error = f32::from(u8::from(*right)) - 1.0 / (1.0 + (-sum).exp());
            for feature in features.iter().filter(|feature| 3 <= counts[*feature]) {
                let (weight, squares) = weights.entry(*feature).or_default();
                let slope = error - 0.004 * *weight;
                *squares += slope * slope;
                *weight += 0.15 * slope / (squares.sqrt() + 0.1);
            }
        }
    }
    weights.into_iter().map(|(feature, (weight, _))| (feature, weight)).collect()
}
