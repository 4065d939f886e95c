//! Every measurement of quality. `--file` takes any file of the shapes that the data's README describes.

pub mod documents;
mod faces;
pub mod hostile;
pub mod keypoints;
mod languages;
pub mod names;
pub mod pages;
mod parse;
pub mod quotes;
pub mod ranking;
mod sanitise;
pub mod stories;
mod topics;
mod turns;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

#[derive(clap::Args)]
pub struct Args {
    /// What to measure.
    #[arg(value_enum)]
    pub what: What,
    /// Files to measure on; all building sets of that kind when none is given.
    #[arg(long = "file", num_args = 1..)]
    pub files: Vec<PathBuf>,
    /// One JSON object per file instead of a table.
    #[arg(long)]
    pub json: bool,
    /// Where the measuring data lies.
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    pub data: PathBuf,
    /// Run the peers beside it where they can be had (slower). For pages: trafilatura, newspaper4k, htmldate and
    /// readability.js are installed under the build folder. Figures of sets that the model was fitted to are "seen
    /// before"; `fit-pages --dry` prints those of outlets not seen.
    #[arg(long)]
    pub peers: bool,
    /// Tell so many errors of each file, with their grounds (stories).
    #[arg(long, default_value_t = 0)]
    pub errors: usize,
    /// What each ground counts for, instead of what is built in (stories).
    #[arg(long)]
    pub weights: Option<PathBuf>,
    /// Measure on the half that numbers are fitted on, instead of the other one (ranking).
    #[arg(long)]
    pub fitted: bool,
    /// Weights that were fitted without each fold, as `fit stories --held-out FOLDER` writes them (stories).
    #[arg(long)]
    pub held_out: Option<PathBuf>,
    /// A sentence-transformers folder to embed with, instead of the built-in table (stories).
    #[arg(long)]
    pub model: Option<PathBuf>,
    /// Keep that model's vectors in this folder, so that the next run need not make them again (stories).
    #[arg(long)]
    pub vectors: Option<PathBuf>,
    /// The program to run, instead of this workspace's release build (hostile: images).
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Only these sets (hostile): xml, json, jsonfeed, charset, feedvalidator, feedparser, large, pages, …
    #[arg(long, value_delimiter = ',')]
    pub only: Vec<String>,
    /// The process that may fall over (hostile): begins with that case.
    #[arg(long, hide = true)]
    pub child: Option<usize>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum What {
    Stories,
    Faces,
    Pages,
    Names,
    Quotes,
    Keypoints,
    Languages,
    Topics,
    Turns,
    Ranking,
    #[value(alias = "parsing")]
    Parse,
    #[value(alias = "sanitising", alias = "sanitize")]
    Sanitise,
    Hostile,
}

pub fn run(args: &Args) -> Result<()> {
    match args.what {
        What::Stories => stories::run(args),
        What::Faces => faces::run(args),
        What::Pages => pages::run(args),
        What::Names => names::run(args),
        What::Quotes => quotes::run(args),
        What::Keypoints => keypoints::run(args),
        What::Languages => languages::run(args),
        What::Topics => topics::run(args),
        What::Turns => turns::run(args),
        What::Ranking => ranking::run(args),
        What::Parse => parse::run(args),
        What::Sanitise => sanitise::run(args),
        What::Hostile => hostile::run(args),
    }
}

/// The files given, or those of `folder` whose names pass.
pub fn files(args: &Args, folder: &str, pass: impl Fn(&str) -> bool) -> Result<Vec<PathBuf>> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let folder = args.data.join(folder);
    let mut found: Vec<PathBuf> = std::fs::read_dir(&folder)
        .with_context(|| {
            format!("no measuring data at {} (set TIDINGS_MEASURE or --data)", folder.display())
        })?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().and_then(|name| name.to_str()).is_some_and(&pass))
        .collect();
    found.sort();
    Ok(found)
}

/// The text of a file, decompressed when its name ends in `.zst`.
pub fn read(path: &Path) -> Result<String> {
    let file = std::fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut text = String::new();
    if path.extension().is_some_and(|it| it == "zst") {
        zstd::Decoder::new(file)?.read_to_string(&mut text)?;
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text)?;
    }
    Ok(text)
}

/// One JSON value a line (lines end in `\n` only).
pub fn json_lines(path: &Path) -> Result<Vec<serde_json::Value>> {
    let text = read(path)?;
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).with_context(|| path.display().to_string())).collect()
}
