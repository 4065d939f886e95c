//! Learns the tagger of names: first what a body of news and lists of facts know of words, then the weights, from files of
//! names that people marked.

mod classes;
mod learn;
mod lessons;
mod words;

use std::{
    borrow::Cow,
    collections::HashMap,
    hash::BuildHasherDefault,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use understand::names::training::{Hashed, Lexicon, Memory, Room, Tagger, Weights};

use crate::evaluate::names::{Sentence, documents};

/// Times through the marked files.
const EPOCHS: u32 = 18;
/// Of how many documents one is left out in turn.
const FOLDS: usize = 5;

#[derive(clap::Args)]
pub struct Args {
    /// Files of marked names, of the shapes that `evaluate names` reads.
    #[arg(long, num_args = 1.., required = true)]
    marked: Vec<PathBuf>,
    /// News to learn words from: JSON Lines with title, description, text; the lexicon that stands when none are given.
    #[arg(long, num_args = 1..)]
    texts: Vec<PathBuf>,
    /// Given names of people, one a line.
    #[arg(long)]
    given_names: Option<PathBuf>,
    /// Family names, one a line.
    #[arg(long)]
    family_names: Option<PathBuf>,
    /// Towns: name, tab, how many live there.
    #[arg(long)]
    towns: Option<PathBuf>,
    /// Do not write: learn without every fifth document, beginning with this one (0 to 4), and tell how these are read.
    #[arg(long)]
    fold: Option<usize>,
    #[arg(long, default_value = "crates/understand/data")]
    to: PathBuf,
}

type Table<V> = HashMap<u32, V, BuildHasherDefault<Hashed>>;

pub fn run(args: &Args) -> Result<()> {
    let began = Instant::now();
    let mut learnt_from: Vec<Vec<Sentence>> = Vec::new();
    let mut left_out: Vec<(&Path, Vec<Vec<Sentence>>)> = Vec::new();
    for file in &args.marked {
        let (out, kept): (Vec<_>, Vec<_>) =
            documents(file)?.into_iter().enumerate().partition(|(at, _)| Some(at % FOLDS) == args.fold);
        learnt_from.extend(kept.into_iter().map(|it| it.1));
        left_out.push((file, out.into_iter().map(|it| it.1).collect()));
    }
    let lexicon_file = args.to.join("lexicon.bin");
    let lexicon = match args.texts.is_empty() {
        true => std::fs::read(&lexicon_file)?,
        false => lexicon(args, began)?,
    };
    let weights = learn::train(&lessons::lessons(&learnt_from), &lexicon, EPOCHS)?;
    eprintln!("{} bytes of weights: {:.0?}", weights.len(), began.elapsed());
    if args.fold.is_some() {
        let lexicon = Lexicon::new(Cow::Owned(lexicon)).context("no lexicon")?;
        let tagger = Tagger::new(Weights::new(Cow::Owned(weights)).context("no weights")?, lexicon);
        for (file, documents) in &left_out {
            report(&file.display().to_string(), &tagger, documents);
        }
        return Ok(());
    }
    std::fs::write(args.to.join("names.bin"), weights)?;
    std::fs::write(lexicon_file, lexicon)?;
    Ok(())
}

/// What is known of words before names are learnt.
fn lexicon(args: &Args, began: Instant) -> Result<Vec<u8>> {
    let texts = words::read_texts(&args.texts)?;
    let mut words = words::cases(&texts);
    eprintln!("{} texts, {} words known: {:.0?}", texts.len(), words.len(), began.elapsed());
    classes::classes(&texts, &mut words);
    eprintln!("classes of words: {:.0?}", began.elapsed());
    words::facts(
        args.given_names.as_deref(),
        args.family_names.as_deref(),
        args.towns.as_deref(),
        &mut words,
    )?;
    Ok(words::lexicon(&words))
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
