//! How well articles are grouped into stories: online, each article placed once, in order of time.

pub mod baselines;
pub mod measure;
pub mod told;

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use cluster::{Index, Policy};
use news::Sketch;
use understand::{BuiltIn, Embedder, Transformer};

use super::Args;
use measure::Measured;

pub fn run(args: &Args) -> Result<()> {
    let embedder: Box<dyn Embedder> = match &args.model {
        Some(folder) => Box::new(Transformer::from_folder(folder)?),
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
    let placed = place(&sketches, policy);
    let ours = measure::measure(&truth, &placed);
    let (words_at, words) = baselines::best(&baselines::by_words(&articles), &truth);
    let (meaning_at, meaning) = baselines::best(&baselines::by_meaning(&sketches), &truth);
    if args.json {
        let line = serde_json::json!({
            "what": "stories", "file": file, "n": articles.len(), "model": embedder.model(),
            "bcubed": ours.bcubed.json(), "pairwise": ours.pairwise.json(),
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
    row(&format!("  TF-IDF, threshold {words_at:.2} (best here)"), articles.len(), &words);
    row(&format!("  embedding, threshold {meaning_at:.2} (best here)"), articles.len(), &meaning);
    Ok(())
}

fn row(name: &str, n: usize, measured: &Measured) {
    println!("{name:42} {n:>6}  {}  {}", measured.bcubed, measured.pairwise);
}

/// The story of each, as the product places them.
pub fn place(sketches: &[Sketch], policy: Policy) -> Vec<i64> {
    let mut index = Index::new(policy);
    sketches.iter().map(|sketch| index.place(sketch.clone()).story.0).collect()
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
