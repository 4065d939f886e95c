//! `cargo xtask lateness`: how late good feeds are asked while hostile servers stand among them.
//!
//! The real program is run twice on feeds of our own, on loopback, each on a host of its own: once alone, once with one
//! source for each of the data's hostile servers. Lateness is the time from when a source was due (as the store has it)
//! to when its server was asked. Nothing here is red or green: it prints both, and what became of each hostile source.

mod world;

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::child::{Tidings, Watch};
use crate::replay::{Folder, path};
use world::{Hostile, World};

/// When it begins, for the news: long ago, since what the program is to do waits by the machine's clock, and would wait for
/// a clock that is ahead.
const BEGIN: i64 = 1_667_779_200;

#[derive(clap::Args)]
pub struct Args {
    /// Where the measuring data lies (its `hostile/http/server.py` plays the servers)
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    pub data: PathBuf,
    /// Good feeds
    #[arg(long, default_value_t = 1000)]
    pub feeds: usize,
    /// Minutes (of the machine) that each of the two runs takes
    #[arg(long, default_value_t = 3.0)]
    pub minutes: f64,
    /// How much faster than the world; hostile servers are as slow as the machine's clock says all the same
    #[arg(long, default_value_t = 30.0)]
    pub speed: f64,
    /// The program to run, instead of this workspace's release build
    #[arg(long)]
    pub binary: Option<PathBuf>,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let hostile = Hostile::start(&args.data)?;
    let alone = play(args, None)?;
    let beside = play(args, Some(&hostile))?;
    let ratio = beside.at(0.99) / alone.at(0.99);
    if args.json {
        let run = |it: &Run| json!({"polls": it.late.len(), "median_s": it.at(0.5), "p99_s": it.at(0.99), "worst_s": it.at(1.0), "peak_mb": it.peak});
        let said: Vec<Value> =
            beside.hostile.iter().map(|(name, said)| json!({"server": name, "says": said})).collect();
        println!(
            "{}",
            json!({"what": "lateness", "feeds": args.feeds, "hostile": hostile.names.len(), "speed": args.speed,
                   "alone": run(&alone), "beside": run(&beside), "p99_ratio": ratio, "said": said})
        );
        return Ok(());
    }
    println!(
        "{:<28} {:>8} {:>10} {:>10} {:>10} {:>9}",
        "good feeds", "polls", "median s", "p99 s", "worst s", "peak MB"
    );
    for (name, run) in [("alone", &alone), ("beside hostile servers", &beside)] {
        println!(
            "{name:<28} {:>8} {:>10.2} {:>10.2} {:>10.2} {:>9.0}",
            run.late.len(),
            run.at(0.5),
            run.at(0.99),
            run.at(1.0),
            run.peak
        );
    }
    println!("p99 grows by {ratio:.2}; {} feeds, {} hostile servers\n", args.feeds, hostile.names.len());
    for (name, said) in &beside.hostile {
        println!("{name:<26} {said}");
    }
    Ok(())
}

/// What one run came to.
struct Run {
    /// Seconds of the machine, sorted.
    late: Vec<f64>,
    peak: f64,
    /// What became of each hostile source.
    hostile: Vec<(String, String)>,
}

impl Run {
    fn at(&self, share: f64) -> f64 {
        let last = self.late.len().saturating_sub(1);
        self.late.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
    }
}

fn play(args: &Args, hostile: Option<&Hostile>) -> Result<Run> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let world = runtime.block_on(World::serve(args.feeds, BEGIN, args.speed))?;
    let folder = Folder::new(None)?;
    let tidings = || -> Result<Tidings> {
        Ok(Tidings::new(args.binary.as_deref(), &folder.path)?.with("CLOCK", world.clock()))
    };
    let hostile_addresses = match hostile {
        Some(hostile) => runtime.block_on(hostile.doors())?,
        None => Vec::new(),
    };
    let good = (0..args.feeds).map(|feed| world.address(feed));
    let list: Vec<String> =
        good.chain(hostile_addresses.iter().map(|(_, address)| address.clone())).collect();
    let file = folder.path.join("list.txt");
    std::fs::write(&file, list.join("\n"))?;
    tidings()?.ask(&["import", path(&file)?])?;
    let database = rusqlite::Connection::open_with_flags(
        folder.path.join("tidings.db"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    )?;
    world.note_due(&due(&database)?);
    let mut served = tidings()?.serve()?;
    let mut watch = Watch::default();
    let began = Instant::now();
    while began.elapsed().as_secs_f64() < args.minutes * 60.0 {
        ensure!(served.is_alive()?, "tidings ended by itself");
        world.note_due(&due(&database)?);
        watch.look(served.id());
        std::thread::sleep(Duration::from_millis(200));
    }
    let sources = tidings()?.ask(&["sources"])?;
    served.stop()?;
    let mut late = world.late();
    late.sort_by(f64::total_cmp);
    let said =
        hostile_addresses.into_iter().map(|(name, address)| (name, said(&sources, &address))).collect();
    Ok(Run { late, peak: watch.peak, hostile: said })
}

fn due(database: &rusqlite::Connection) -> Result<Vec<(String, i64)>> {
    let mut query = database.prepare_cached("SELECT address, next_due FROM source")?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What the source's page says of it.
fn said(sources: &Value, address: &str) -> String {
    let list = sources.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(source) = list.iter().find(|it| it["address"] == address) else { return "is not there".into() };
    match source["trouble"]["says"].as_str() {
        Some(says) => format!("[{}] {says}", source["trouble"]["word"].as_str().unwrap_or("?")),
        None => "is well".into(),
    }
}

/// Where the data's hostile servers are played.
pub fn script(data: &std::path::Path) -> Result<PathBuf> {
    let script = data.join("hostile/http/server.py");
    script.is_file().then_some(()).with_context(|| format!("no hostile servers at {}", script.display()))?;
    Ok(script)
}
