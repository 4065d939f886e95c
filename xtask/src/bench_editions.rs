//! How long editions take for many readers among many articles: a store is filled through its own doors, then readers
//! who differ ask for their editions one after another, as the pages would.

mod made_up;

use std::{fs, path::PathBuf, sync::Arc, time::Instant};

use anyhow::Result;
use app::{App, Freshness};
use async_trait::async_trait;
use fetch::{Fetcher, Outcome, Request};
use news::{FixedClock, ReaderId, Trouble};

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value_t = 100_000)]
    articles: usize,
    #[arg(long, default_value_t = 5_000)]
    sources: usize,
    /// Sources that each reader follows.
    #[arg(long, default_value_t = 200)]
    follows: usize,
    #[arg(long, default_value_t = 500)]
    readers: usize,
    /// Where the store lies; one that was filled before is used again.
    #[arg(long, default_value = "target/bench-editions")]
    folder: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<()> {
    fs::create_dir_all(&args.folder)?;
    let file = args.folder.join("tidings.db");
    let filled = file.exists();
    let store = store::sqlite::open(&file)?;
    let (readers, now) = match filled {
        true => {
            let readers = store.readers().await?;
            (readers.into_iter().map(|it| it.id).collect(), made_up::now(args.articles))
        }
        false => made_up::fill(&store, args).await?,
    };
    drop(store);
    // Opened anew, as a page process would.
    let store = store::sqlite::open(&file)?;
    let app = App {
        store: store.clone(),
        keeping: store.clone(),
        queue: store.clone(),
        receiving: store.clone(),
        ways_in: app::WaysIn::default(),
        fetcher: Arc::new(Nowhere),
        clock: Arc::new(FixedClock(now)),
        rank: rank::Policy::default(),
        learn: learn::Policy::default(),
    };
    let readers: Vec<ReaderId> = readers.into_iter().take(args.readers).collect();
    let begun = Instant::now();
    let slots = app.edition(readers[0], Freshness::Anew).await?.edition.slots.len();
    println!(
        "first edition (everything is read): {:.0} ms, {slots} stories",
        begun.elapsed().as_secs_f64() * 1e3
    );
    for round in ["first time", "again"] {
        let (cpu, mut took, mut slots) = (cpu_seconds(), Vec::new(), 0);
        for &reader in &readers {
            let begun = Instant::now();
            slots += app.edition(reader, Freshness::Anew).await?.edition.slots.len();
            took.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        let cpu = (cpu_seconds() - cpu) / readers.len() as f64 * 1e3;
        took.sort_by(f64::total_cmp);
        let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
        println!(
            "{} readers, {round}: median {:.1} ms, p99 {:.1} ms, {cpu:.1} CPU-ms an edition ({:.0} a minute and core), \
             {:.1} stories each, resident {} MB",
            readers.len(),
            at(0.5),
            at(0.99),
            60_000.0 / cpu,
            slots as f64 / readers.len() as f64,
            resident()
        );
    }
    Ok(())
}

/// User and system time of this process so far.
fn cpu_seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<f64> =
        after_name.split_whitespace().skip(11).take(2).filter_map(|it| it.parse().ok()).collect();
    fields.iter().sum::<f64>() / 100.0
}

/// Megabytes.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.and_then(|it| it.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) / 1024
}

struct Nowhere;

#[async_trait]
impl Fetcher for Nowhere {
    async fn fetch(&self, _: &Request) -> Outcome {
        Outcome::Failed(Trouble::new("offline", "nothing is fetched here"))
    }
}
