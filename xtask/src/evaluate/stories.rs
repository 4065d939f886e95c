//! How well articles are grouped into stories: online, each article placed once, in order of time.

pub mod baselines;
mod kept;
pub mod measure;
pub mod placed;
pub mod told;

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use cluster::{Index, Policy};
use news::Sketch;
use understand::{BuiltIn, Embedder};

use super::Args;
use crate::fit::sets::{FOLDS, fold_of};
use measure::Measured;
use placed::place;

pub fn run(args: &Args) -> Result<()> {
    let embedder: Box<dyn Embedder> = match &args.model {
        Some(folder) => Box::new(kept::Kept::new(folder, args.vectors.as_deref())?),
        None => Box::new(BuiltIn::new()),
    };
    if !args.json {
        println!("{:42} {:>6}  {:^20}  {:^20}", "", "n", "BCubed  p    r    F1", "pairs   p    r    F1");
    }
    for file in super::files(args, "stories", |name| name.contains(".jsonl"))? {
        measure_file(&file, embedder.as_ref(), args)?;
    }
    Ok(())
}

fn measure_file(file: &Path, embedder: &dyn Embedder, args: &Args) -> Result<()> {
    let articles = told::read(file)?;
    let sketches = told::sketches(&articles, embedder)?;
    let truth: Vec<&str> = articles.iter().map(|it| it.story.as_str()).collect();
    let mut policy = Policy::default();
    if let Some(file) = &args.weights {
        policy.weights = cluster::Weights::read(&super::read(file)?);
    }
    let placed = place(&sketches, &policy);
    let (first, ours) = (measure::measure(&truth, &placed.first), measure::measure(&truth, &placed.mended));
    let (words_at, words) = baselines::best(&baselines::by_words(&articles), &truth);
    let (meaning_at, meaning) = baselines::best(&baselines::by_meaning(&sketches), &truth);
    let held_out = args.held_out.as_deref().map(|it| held_out(it, &sketches, &truth)).transpose()?;
    if args.json {
        let json =
            |it: &Measured| serde_json::json!({"bcubed": it.bcubed.json(), "pairwise": it.pairwise.json()});
        let line = serde_json::json!({
            "what": "stories", "file": file, "n": articles.len(), "model": embedder.model(),
            "bcubed": ours.bcubed.json(), "pairwise": ours.pairwise.json(),
            "before_mending": json(&first), "held_out": held_out.as_ref().map(json),
            "baselines": {
                "tfidf": {"threshold": words_at, "bcubed": words.bcubed.json(), "pairwise": words.pairwise.json()},
                "embedding": {"threshold": meaning_at, "bcubed": meaning.bcubed.json(), "pairwise": meaning.pairwise.json()},
            },
        });
        println!("{line}");
        return Ok(());
    }
    if 0 < args.errors {
        tell_errors(&sketches, &truth, args.errors);
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    row(&name, articles.len(), &ours);
    row("  as they were placed, before mending", articles.len(), &first);
    if let Some(held_out) = held_out {
        row("  by weights fitted without each fold", articles.len(), &held_out);
    }
    row(&format!("  TF-IDF, threshold {words_at:.2} (best here)"), articles.len(), &words);
    row(&format!("  embedding, threshold {meaning_at:.2} (best here)"), articles.len(), &meaning);
    Ok(())
}

/// Each fold's articles among all others, by the weights that `fit stories --held-out` made without them. Says something
/// of the sets only that were fitted on.
fn held_out(folder: &Path, sketches: &[Sketch], truth: &[&str]) -> Result<Measured> {
    let mut sum = Measured::default();
    for fold in 0..FOLDS {
        let weights = super::read(&folder.join(format!("without-{fold}.txt")))?;
        let weights = cluster::Weights::read(&weights);
        let placed = place(sketches, &Policy { weights, ..Policy::default() });
        let its = |at: usize| fold_of(truth[at]) == fold;
        let part = measure::measure_some(truth, &placed.mended, its);
        let share = (0..truth.len()).filter(|&at| its(at)).count() as f64 / truth.len().max(1) as f64;
        sum.bcubed.p += part.bcubed.p * share;
        sum.bcubed.r += part.bcubed.r * share;
        sum.pairwise.p += part.pairwise.p / FOLDS as f64;
        sum.pairwise.r += part.pairwise.r / FOLDS as f64;
    }
    Ok(sum)
}

fn row(name: &str, n: usize, measured: &Measured) {
    println!("{name:42} {n:>6}  {}  {}", measured.bcubed, measured.pairwise);
}

/// Articles that were placed with others of another story, or by themselves beside theirs; and why.
fn tell_errors(sketches: &[Sketch], truth: &[&str], at_most: usize) {
    let mut index = Index::new(Policy::default());
    let mut members: HashMap<i64, Vec<usize>> = HashMap::new();
    let mut told = 0;
    for (at, sketch) in sketches.iter().enumerate() {
        let placement = index.place(sketch.clone());
        let together = members.entry(placement.story.0).or_default();
        let wrong = together
            .iter()
            .find(|&&it| truth[it] != truth[at])
            .filter(|_| together.iter().all(|&it| truth[it] != truth[at]));
        let missed = (0..at)
            .rev()
            .find(|&it| truth[it] == truth[at] && !together.contains(&it))
            .filter(|_| together.is_empty());
        if let Some((other, kind)) =
            wrong.map(|&it| (it, "wrongly with")).or(missed.map(|it| (it, "not with")))
            && told < at_most
        {
            told += 1;
            println!(
                "{} [{}]\n  {kind}: {} [{}]",
                sketch.title, truth[at], sketches[other].title, truth[other]
            );
            let evidence = if placement.evidence.is_empty() {
                cluster::compare(sketch, &sketches[other], &Policy::default()).evidence
            } else {
                placement.evidence
            };
            for ground in evidence {
                println!("    {:+.1} {}: {}", ground.part, ground.ground, ground.says);
            }
        }
        together.push(at);
    }
}
