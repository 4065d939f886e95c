//! Learns which words report what someone says or thinks: a logistic model over the readings that the sentences' build
//! offers, from texts whose attributions people marked.

use std::{collections::HashMap, path::PathBuf};

use anyhow::Result;
use understand::{
    names::training::{Token, tokens},
    quotes::{Attribution, Paragraph, score},
};

use crate::evaluate::quotes::{Document, Marked, documents};

const EPOCHS: u32 = 12;
/// Weights nearer to nothing than this are left out.
const LEAST: f32 = 0.06;

#[derive(clap::Args)]
pub struct Args {
    /// Files of marked attributions, of the shape that `evaluate quotes` reads.
    #[arg(long, num_args = 1.., required = true)]
    marked: Vec<PathBuf>,
    #[arg(long, default_value = "crates/understand/data/quotes.bin")]
    to: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let mut marked = Vec::new();
    for file in &args.marked {
        marked.extend(documents(file)?);
    }
    let cues = cues(&marked);
    let examples: Vec<(Vec<u32>, bool)> =
        marked.iter().flat_map(|document| examples(document, &cues)).collect();
    let true_ones = examples.iter().filter(|it| it.1).count();
    let weights = learn(&examples);
    let kept: Vec<(u32, f32)> = weights
        .into_iter()
        .filter(|(feature, weight)| LEAST < weight.abs() || cues.contains_key(feature))
        .collect();
    println!(
        "{} words report, {} readings, {true_ones} true, {} weights",
        cues.len(),
        examples.len(),
        kept.len()
    );
    std::fs::write(&args.to, score::Scores::lay_out(kept))?;
    Ok(())
}

/// Words that report at least three times, and one time in eight, by their feature.
fn cues(documents: &[Document]) -> HashMap<u32, String> {
    let mut counts: HashMap<String, (u32, u32)> = HashMap::new();
    for document in documents {
        for_each_paragraph(&document.text, |words| {
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
    tokens(&document.text, from, to, &mut words);
    let head = words.iter().find(|word| !helpers.contains(&word.text.to_lowercase().as_str()));
    head.is_some_and(|head| head.at == token.at)
}

fn examples(document: &Document, cues: &HashMap<u32, String>) -> Vec<(Vec<u32>, bool)> {
    let mut examples = Vec::new();
    for_each_paragraph(&document.text, |words| {
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

fn for_each_paragraph(text: &str, mut tell: impl FnMut(&[Token])) {
    let mut from = 0;
    let mut words = Vec::new();
    for line in text.split('\n') {
        words.clear();
        tokens(text, from, from + line.len(), &mut words);
        tell(&words);
        from += line.len() + 1;
    }
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
