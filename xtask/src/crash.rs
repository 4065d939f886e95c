//! The same replay twice, once undisturbed and once killed again and again: both must end with the same news.

use std::time::Duration;

use anyhow::{Result, ensure};
use serde_json::json;

use crate::replay::{self, World};

#[derive(clap::Args)]
pub struct Args {
    /// How often the program is killed (SIGKILL) and started again
    #[arg(long, default_value_t = 20)]
    kills: usize,
    /// The moments are drawn from this
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    replay: replay::Args,
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.replay.data.is_none(), "both replays need a folder of their own: leave out --data");
    let world = World::open(&args.replay)?;
    let calm = world.replay(&args.replay, &[])?;
    drop(world);
    let world = World::open(&args.replay)?;
    let moments = moments(args.kills, args.seed, world.length(&args.replay));
    let killed = world.replay(&args.replay, &moments)?;
    let same_entries = calm.kept.entries_hash == killed.kept.entries_hash;
    let same_articles = calm.kept.articles_hash == killed.kept.articles_hash;
    match args.replay.json {
        true => println!(
            "{}",
            json!({
                "what": "crash", "same_entries": same_entries, "same_articles": same_articles, "seed": args.seed,
                "moments_s": moments.iter().map(Duration::as_secs_f64).collect::<Vec<_>>(),
                "calm": calm.json(), "killed": killed.json(),
            })
        ),
        false => {
            println!(
                "undisturbed: {} entries, {} articles, {} stories",
                calm.kept.entries, calm.kept.articles, calm.doctor["stories"]
            );
            println!(
                "killed {} times: {} entries, {} articles, {} stories",
                killed.kills, killed.kept.entries, killed.kept.articles, killed.doctor["stories"]
            );
            println!(
                "entries {} {}",
                calm.kept.entries_hash,
                if same_entries { "the same" } else { "DIFFERENT" }
            );
            println!(
                "articles {} {}",
                calm.kept.articles_hash,
                if same_articles { "the same" } else { "DIFFERENT" }
            );
        }
    }
    calm.check()?;
    killed.check()?;
    ensure!(same_entries && same_articles, "being killed changed the news");
    Ok(())
}

/// Moments within `length`, drawn evenly, in order (SplitMix64).
fn moments(count: usize, seed: u64, length: Duration) -> Vec<Duration> {
    let mut state = seed;
    let mut draw = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / u64::MAX as f64
    };
    let mut moments: Vec<Duration> = (0..count).map(|_| length.mul_f64(draw())).collect();
    moments.sort();
    moments
}
