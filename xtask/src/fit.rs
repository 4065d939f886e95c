//! Makes the data that grouping stands on: how common words are, and what each ground counts for.

mod background;
mod compose;
mod day;
mod decisions;
mod learn;
pub mod sets;
mod weights;

pub use compose::hash;

use std::path::PathBuf;

use anyhow::Result;

#[derive(clap::Args)]
pub struct Args {
    /// What to make.
    #[arg(value_enum)]
    what: What,
    /// Where the measuring data lies.
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    data: PathBuf,
    /// Also write, into this folder, weights that were fitted without each fold: for measuring (slower).
    #[arg(long)]
    held_out: Option<PathBuf>,
    /// What readers said of which articles belong together (`tidings export --pairs FILE`), to be learnt from as well.
    #[arg(long)]
    pairs: Option<PathBuf>,
    /// Fit nothing: tell what these weights make of each set.
    #[arg(long)]
    tell: Option<PathBuf>,
    /// Where to write; tell only, when it is not given.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum What {
    /// How common words are in the news: `crates/cluster/data/background.bin`.
    Background,
    /// What each ground counts for: `crates/cluster/data/weights.txt`.
    Stories,
}

pub fn run(args: &Args) -> Result<()> {
    if let Some(file) = &args.tell {
        return weights::tell_of(&args.data, &std::fs::read_to_string(file)?);
    }
    let made = match args.what {
        What::Background => background::make(&args.data)?,
        What::Stories => weights::make(&args.data, args.pairs.as_deref(), args.held_out.as_deref())?,
    };
    if let Some(out) = &args.out {
        std::fs::write(out, made)?;
    }
    Ok(())
}
