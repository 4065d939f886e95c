//! How long editions take for many readers among many articles: a store is filled through its own doors, then readers
//! who differ ask for their editions one after another, as the pages would.

mod made_up;

use std::{fs, path::PathBuf, sync::Arc, time::Instant};

use anyhow::Result;
use app::{App, Freshness, NewFollow};
use async_trait::async_trait;
use fetch::{Fetcher, Outcome, Request};
use news::{FixedClock, FollowId, ReaderId, Stance, Target, Trouble};
use store::Store;

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
    /// Mutes of words, looked for in texts, that each reader has for another round; and the counts of unread entries.
    #[arg(long, default_value_t = 0)]
    mutes: usize,
    /// Where the store lies; one that was filled before is used again.
    #[arg(long, default_value = "target/bench-editions")]
    folder: PathBuf,
    /// In that PostgreSQL instead of SQLite.
    #[arg(long, value_name = "URL")]
    postgres: Option<String>,
}

fn open(args: &Args) -> store::Result<Arc<dyn Store>> {
    match &args.postgres {
        Some(url) => store::postgres::open(url),
        None => store::sqlite::open(&args.folder.join("tidings.db")),
    }
}

pub fn run(args: &Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(measure(args))
}

async fn measure(args: &Args) -> Result<()> {
    fs::create_dir_all(&args.folder)?;
    let store = open(args)?;
    let there = store.readers().await?;
    let (readers, now) = match there.is_empty() {
        false => (there.into_iter().map(|it| it.id).collect(), made_up::now(args.articles)),
        true => made_up::fill(&store, args).await?,
    };
    drop(store);
    // Opened anew, as a page process would.
    let store = open(args)?;
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
        editions(&app, &readers, round).await?;
    }
    if 0 < args.mutes {
        unread(&app, &readers, "with one mute").await?;
        let mutes = mute(&app, &readers, args.mutes).await?;
        for round in ["with mutes", "with mutes, again"] {
            editions(&app, &readers, round).await?;
        }
        unread(&app, &readers, "with mutes").await?;
        for (reader, mute) in mutes {
            app.unfollow(reader, mute).await?;
        }
    }
    Ok(())
}

async fn editions(app: &App, readers: &[ReaderId], round: &str) -> Result<()> {
    let (cpu, mut took, mut slots, mut hidden) = (cpu_seconds(), Vec::new(), 0, 0);
    for &reader in readers {
        let begun = Instant::now();
        let edition = app.edition(reader, Freshness::Anew).await?.edition;
        took.push(begun.elapsed().as_secs_f64() * 1e3);
        slots += edition.slots.len();
        hidden += edition.hidden.len();
    }
    let cpu = (cpu_seconds() - cpu) / readers.len() as f64 * 1e3;
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    let of_each = |all: usize| all as f64 / readers.len() as f64;
    println!(
        "{} readers, {round}: median {:.1} ms, p99 {:.1} ms, {cpu:.1} CPU-ms an edition ({:.0} a minute and core), \
         {:.1} stories each, {:.1} hidden, resident {} MB",
        readers.len(),
        at(0.5),
        at(0.99),
        60_000.0 / cpu,
        of_each(slots),
        of_each(hidden),
        resident()
    );
    Ok(())
}

/// The page of sources, for some of the readers.
async fn unread(app: &App, readers: &[ReaderId], round: &str) -> Result<()> {
    let readers = &readers[..readers.len().min(50)];
    for counted in [false, true] {
        let (cpu, mut took) = (cpu_seconds(), Vec::new());
        for &reader in readers {
            let begun = Instant::now();
            match counted {
                true => drop(app.sources_counted(reader).await?),
                false => drop(app.sources(reader).await?),
            }
            took.push(begun.elapsed().as_secs_f64() * 1e3);
        }
        took.sort_by(f64::total_cmp);
        let cpu = (cpu_seconds() - cpu) / readers.len() as f64 * 1e3;
        let what = if counted { "with counts that mutes hold for" } else { "as the store counts" };
        println!("{round}, sources {what}: median {:.1} ms, {cpu:.1} CPU-ms", took[took.len() / 2]);
    }
    Ok(())
}

/// Words that are in one text of eight, of eighty, of eight hundred, and so on again; every other mute is of two words.
async fn mute(app: &App, readers: &[ReaderId], mutes: usize) -> Result<Vec<(ReaderId, FollowId)>> {
    let mut all = Vec::new();
    for (n, &reader) in readers.iter().enumerate() {
        for number in 0..mutes {
            let rank = [160, 1_700, 17_000][number % 3] + n as u64 * 7 + number as u64;
            let words = match number % 2 {
                0 => made_up::said(rank),
                _ => format!("{} {}", made_up::said(rank / 10), made_up::said(rank / 20)),
            };
            let mute = Stance::Mute { except_big: false, in_text: true };
            let mute = app.follow(reader, &NewFollow::new(Target::Words(words), mute)).await?;
            if !all.contains(&(reader, mute.id)) {
                all.push((reader, mute.id));
            }
        }
    }
    Ok(all)
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
