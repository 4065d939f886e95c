//! Fits what speaks for a sentence as a key point to editors' summaries: of whole stories (round-ups of several articles)
//! and of single articles of these stories. Weights are moved one at a time as long as ROUGE rises.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::Result;
use understand::key_points::{GROUNDS, Sentence, Weights, candidates, chosen};

use crate::evaluate::keypoints::{Case, case, rouge, words};

/// Of how many stories one is left out in turn.
const FOLDS: usize = 3;
const ROUNDS: usize = 4;

#[derive(clap::Args)]
pub struct Args {
    /// Round-ups: JSON Lines with story, roundup, articles.
    #[arg(long)]
    roundups: PathBuf,
    /// Full articles of the same stories: JSON Lines with story, title, text.
    #[arg(long)]
    articles: PathBuf,
    /// Do not write: fit without a third of the stories in turn, and tell how these are summed up.
    #[arg(long)]
    folds: bool,
    #[arg(long, default_value = "crates/understand/data/key-points.txt")]
    to: PathBuf,
}

struct Prepared {
    /// Its story's number, for folds.
    story: usize,
    found: Vec<Sentence>,
    says: Vec<Vec<String>>,
    reference: Vec<String>,
    lead: [f64; 3],
}

pub fn run(args: &Args) -> Result<()> {
    let (stories, singles) = cases(&args.roundups, &args.articles)?;
    println!("{} stories, {} single articles", stories.len(), singles.len());
    let sets = [stories, singles];
    if !args.folds {
        let weights = fit(&sets, |_| true);
        for (name, set) in ["stories", "articles"].iter().zip(&sets) {
            tell(name, set, &weights, |_| true);
        }
        return Ok(std::fs::write(&args.to, written(&weights))?);
    }
    for fold in 0..FOLDS {
        let weights = fit(&sets, |story| story % FOLDS != fold);
        for (name, set) in ["stories", "articles"].iter().zip(&sets) {
            tell(&format!("fold {fold}, {name}"), set, &weights, |story| story % FOLDS == fold);
            tell(&format!("fold {fold}, {name}, weights of the repository"), set, Weights::own(), |story| {
                story % FOLDS == fold
            });
        }
    }
    Ok(())
}

fn cases(roundups: &Path, articles: &Path) -> Result<(Vec<Prepared>, Vec<Prepared>)> {
    let mut numbers: HashMap<String, (usize, String)> = HashMap::new();
    let mut stories = Vec::new();
    for (number, line) in crate::evaluate::json_lines(roundups)?.iter().enumerate() {
        let Some(case) = case(line) else { continue };
        let id = line["story"].as_str().unwrap_or_default().to_owned();
        numbers.insert(id, (number, case.reference.clone()));
        stories.push(prepared(number, case));
    }
    let mut singles = Vec::new();
    for line in crate::evaluate::json_lines(articles)? {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        if let Some((number, reference)) = numbers.get(&text("story")) {
            let articles = vec![(text("title"), text("text"))];
            singles.push(prepared(*number, Case { articles, reference: reference.clone() }));
        }
    }
    Ok((stories, singles))
}

fn prepared(story: usize, case: Case) -> Prepared {
    let texts: Vec<(&str, &str)> = case.articles.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
    let found = candidates(&texts);
    let says = found.iter().map(|it| words(&texts[it.of].1[it.at.0..it.at.1])).collect();
    let reference = words(&case.reference);
    let lead = rouge(&words(&crate::evaluate::keypoints::first_three(&case)), &reference);
    Prepared { story, found, says, reference, lead }
}

fn scores(case: &Prepared, weights: &Weights) -> [f64; 3] {
    let said: Vec<String> =
        chosen(&case.found, weights, &[]).into_iter().flat_map(|at| case.says[at].iter().cloned()).collect();
    rouge(&said, &case.reference)
}

fn means(set: &[Prepared], weights: &Weights, of: impl Fn(usize) -> bool) -> ([f64; 3], [f64; 3]) {
    let (mut ours, mut lead, mut many) = ([0.0; 3], [0.0; 3], 0.0);
    for case in set.iter().filter(|it| of(it.story)) {
        ours.iter_mut().zip(scores(case, weights)).for_each(|(sum, it)| *sum += it);
        lead.iter_mut().zip(case.lead).for_each(|(sum, it)| *sum += it);
        many += 1.0;
    }
    (ours.map(|it| it / f64::max(many, 1.0)), lead.map(|it| it / f64::max(many, 1.0)))
}

fn tell(name: &str, set: &[Prepared], weights: &Weights, of: impl Fn(usize) -> bool) {
    let (ours, lead) = means(set, weights, of);
    println!(
        "{name}: ROUGE-1 {:.4} -2 {:.4} -L {:.4}; lead-3 {:.4} {:.4} {:.4}",
        ours[0], ours[1], ours[2], lead[0], lead[1], lead[2]
    );
}

/// One weight at a time up or down, by less and less, kept where the mean of all figures rises.
fn fit(sets: &[Vec<Prepared>; 2], of: impl Fn(usize) -> bool + Copy) -> Weights {
    let mut weights = Weights::own().clone();
    let worth = |weights: &Weights| -> f64 {
        // Every second story is enough to feel the way.
        sets.iter()
            .map(|set| means(set, weights, |story| of(story) && story % 2 == 0).0.iter().sum::<f64>())
            .sum()
    };
    let mut best = worth(&weights);
    for round in 0..ROUNDS {
        let size = 0.8_f32 * 0.5_f32.powi(round as i32);
        for at in 0..=GROUNDS.len() {
            for by in [size, -size] {
                let mut tried = weights.clone();
                match tried.of.get_mut(at) {
                    Some(weight) => *weight += by,
                    None => tried.repetition += by,
                }
                let now = worth(&tried);
                if best + 1e-5 < now {
                    (best, weights) = (now, tried);
                    break;
                }
            }
        }
        eprintln!("round {round}: {best:.5}");
    }
    weights
}

fn written(weights: &Weights) -> String {
    let line = |(name, weight): (&&str, &f32)| format!("{name} {weight:.3}\n");
    let grounds: String = GROUNDS.iter().zip(&weights.of).map(line).collect();
    format!("{grounds}repetition {:.3}\n", weights.repetition)
}
