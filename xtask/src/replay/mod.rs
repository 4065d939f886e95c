//! Replays real news: an archive is served as live feeds, and the real program reads them, weeks in minutes.

mod archive;
mod kept;
mod live;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};

pub use self::{archive::Span, kept::Kept, live::Live};
use crate::child::{self, Cost, Served, Tidings, Watch};

/// Who reads, the first one everything: each follows the feeds whose number leaves that rest when it is divided.
const READERS: [(&str, usize, usize); 3] = [("Ada", 1, 0), ("Ben", 2, 0), ("Cleo", 2, 1)];

#[derive(clap::Args)]
pub struct Args {
    /// The folder of the archive: `2022-11.jsonl.zst` and so on
    #[arg(long, env = "TIDINGS_ARCHIVE", default_value = "../shared/data/rss2022")]
    pub archive: PathBuf,
    /// So many feeds, those with the most items first
    #[arg(long, default_value_t = 1000)]
    pub feeds: usize,
    /// The first day
    #[arg(long, default_value = "2022-11-07")]
    pub from: String,
    /// So many days
    #[arg(long, default_value_t = 7)]
    pub days: i64,
    /// How much faster than the world
    #[arg(long, default_value_t = 2400.0)]
    pub speed: f64,
    /// A feed's document holds what was published within so many hours
    #[arg(long, default_value_t = 72)]
    pub window: u64,
    /// Where the feeds are served; any free port when 0
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Only serve the feeds and print the list of them (OPML), to look at
    #[arg(long)]
    pub serve_only: bool,
    /// The program to run, instead of this workspace's release build
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// The (empty) folder for the program's data; it is kept. Otherwise one that is thrown away
    #[arg(long)]
    pub data: Option<PathBuf>,
    /// JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

/// What came of a replay.
pub struct Outcome {
    pub kept: Kept,
    pub readers: Vec<(String, Value)>,
    /// What the program says of itself.
    pub doctor: Value,
    pub cost: Cost,
    pub bytes: u64,
    pub kills: usize,
    pub feeds: usize,
    /// Items of the archive in these days and feeds.
    pub items: usize,
}

pub fn run(args: &Args) -> Result<()> {
    let world = World::open(args)?;
    if args.serve_only {
        return world.only_serve(args);
    }
    let outcome = world.replay(args, &[])?;
    match args.json {
        true => println!("{}", outcome.json()),
        false => outcome.print(),
    }
    outcome.check()
}

/// The archive, served.
pub struct World {
    runtime: tokio::runtime::Runtime,
    live: Arc<Live>,
    span: Span,
}

impl World {
    pub fn open(args: &Args) -> Result<World> {
        let span = Span::new(&args.from, args.days)?;
        let feeds = archive::read(&args.archive, span, args.feeds)?;
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let time = live::Time::new(span, args.speed);
        let live =
            runtime.block_on(Live::serve(feeds, time, Duration::from_secs(args.window * 3600), args.port))?;
        Ok(World { runtime, live, span })
    }

    /// How long the replay takes by the wall.
    pub fn length(&self, args: &Args) -> Duration {
        Duration::from_secs_f64((self.span.to - self.span.from) as f64 / args.speed)
    }

    fn only_serve(&self, args: &Args) -> Result<()> {
        self.live.time.start();
        print!("{}", self.live.opml(|_| true));
        eprintln!("Serving {} feeds for {:?}; Ctrl-C ends it.", self.live.feeds.len(), self.length(args));
        self.runtime.block_on(tokio::signal::ctrl_c())?;
        Ok(())
    }

    /// The whole span, from an empty folder until all is quiet; the program is killed at each of these moments (since
    /// the beginning, by the wall) and started again.
    pub fn replay(&self, args: &Args, kills: &[Duration]) -> Result<Outcome> {
        let folder = Folder::new(args.data.as_deref())?;
        let plain = Tidings::new(args.binary.as_deref(), &folder.path)?
            // The links lead to the web of that day, which is not to be asked.
            .with("FETCH_PAGES", false)
            .with("KEEP_DAYS", 3650);
        let before = plain.clone().with("CLOCK", format!("{}@1", self.span.from));
        for (reader, divisor, rest) in READERS {
            let list = folder.path.join(format!("{reader}.opml"));
            std::fs::write(&list, self.live.opml(|n| n % divisor == rest))?;
            before.ask(&["--reader", reader, "import", path(&list)?])?;
            std::fs::remove_file(&list)?;
        }
        let began = Instant::now();
        self.live.time.start();
        let mut cost = self.live_through(&plain, kills)?;
        let after = plain.with("CLOCK", self.live.time.setting_after());
        let (_, rest) = after.measure(&["--reader", READERS[0].0, "refresh", "--all"])?;
        cost = Cost {
            wall: began.elapsed().as_secs_f64(),
            cpu: cost.cpu + rest.cpu,
            peak: cost.peak.max(rest.peak),
            peak_pss: cost.peak_pss.max(rest.peak_pss),
        };
        let mut readers = Vec::new();
        for (reader, ..) in READERS {
            readers.push((reader.to_string(), after.ask(&["--reader", reader, "edition", "--new"])?));
        }
        let doctor = after.ask(&["doctor"])?;
        let kept = Kept::read(&folder.path.join("tidings.db"), &self.live)?;
        let items = self.live.feeds.iter().map(|feed| feed.items.len()).sum();
        let bytes = child::size(&folder.path);
        Ok(Outcome {
            kept,
            readers,
            doctor,
            cost,
            bytes,
            kills: kills.len(),
            feeds: self.live.feeds.len(),
            items,
        })
    }

    /// Serves until the span is over. The processor time of killed runs is counted until shortly before their end.
    fn live_through(&self, plain: &Tidings, kills: &[Duration]) -> Result<Cost> {
        let began = Instant::now();
        let mut kills = kills.iter().copied().peekable();
        let mut watch = Watch::default();
        let mut cpu = 0.0;
        loop {
            let mut served = plain.clone().with("CLOCK", self.live.time.setting()).serve()?;
            let mut used = 0.0;
            let killed = loop {
                if kills.next_if(|at| *at <= began.elapsed()).is_some() {
                    break true;
                }
                if self.live.time.is_over() {
                    break false;
                }
                anyhow::ensure!(served.is_alive()?, "tidings serve ended by itself");
                watch.look(served.id());
                used = child::cpu(served.id()).unwrap_or(used);
                let next = kills.peek().map_or(Duration::MAX, |at| at.saturating_sub(began.elapsed()));
                std::thread::sleep(next.min(Duration::from_millis(100)));
            };
            cpu += used;
            match killed {
                true => served.kill()?,
                false => {
                    Served::stop(served)?;
                    return Ok(Cost { cpu, peak: watch.peak, peak_pss: watch.peak_pss, ..Cost::default() });
                }
            }
        }
    }
}

impl Outcome {
    pub fn json(&self) -> Value {
        let editions: Vec<Value> = self.readers.iter().map(|(reader, edition)| {
            let stories = edition["stories"].as_array().map_or(&[][..], Vec::as_slice);
            json!({
                "reader": reader,
                "stories": stories.len(),
                "by_several": stories.iter().filter(|it| 1 < it["outlets"].as_u64().unwrap_or(0)).count(),
                "without_reason": stories.iter().filter(|it| it["because"].as_array().is_none_or(Vec::is_empty)).count(),
                "headlines": stories.iter().take(5).map(|it| it["headline"].clone()).collect::<Vec<_>>(),
            })
        }).collect();
        json!({
            "what": "replay", "feeds": self.feeds, "items": self.items, "kills": self.kills,
            "entries": self.kept.entries, "missing": self.kept.missing, "twice": self.kept.twice,
            "unknown": self.kept.unknown, "articles": self.kept.articles,
            "entries_hash": self.kept.entries_hash, "articles_hash": self.kept.articles_hash,
            "stories": self.doctor["stories"], "grouped_stories": self.doctor["grouped_stories"],
            "set_aside": self.doctor["load"].as_array().map_or(0, |load| load.iter().filter_map(|it| it["set_aside"].as_u64()).sum()),
            "complaints": self.doctor["complaints"], "editions": editions,
            "wall_s": self.cost.wall, "cpu_s": self.cost.cpu, "peak_mb": self.cost.peak,
            "peak_pss_mb": self.cost.peak_pss, "database_mb": self.bytes as f64 / 1e6,
        })
    }

    fn print(&self) {
        let Kept { entries, missing, twice, unknown, articles, .. } = &self.kept;
        println!("{} items of {} feeds in the archive", self.items, self.feeds);
        println!(
            "{entries} entries stored; {missing} missing, {twice} twice, {unknown} that the archive does not know"
        );
        println!(
            "{articles} articles in {} stories, {} of them told by two outlets or more",
            self.doctor["stories"], self.doctor["grouped_stories"]
        );
        for (reader, edition) in &self.readers {
            let stories = edition["stories"].as_array().map_or(&[][..], Vec::as_slice);
            println!("{reader}'s edition: {} stories", stories.len());
            for story in stories.iter().take(5) {
                let why = story["because"][0]["says"].as_str().unwrap_or("no reason");
                println!(
                    "    {} ({} outlets; {why})",
                    story["headline"].as_str().unwrap_or_default(),
                    story["outlets"]
                );
            }
        }
        println!(
            "{:.0} s by the wall, {:.1} CPU-seconds, {:.0} MB at the peak ({:.0} MB PSS), database {:.1} MB, killed {} times",
            self.cost.wall,
            self.cost.cpu,
            self.cost.peak,
            self.cost.peak_pss,
            self.bytes as f64 / 1e6,
            self.kills
        );
        for complaint in self.doctor["complaints"].as_array().into_iter().flatten() {
            println!(
                "! {}: {}",
                complaint["about"].as_str().unwrap_or_default(),
                complaint["says"].as_str().unwrap_or_default()
            );
        }
        println!("entries {}, articles {}", self.kept.entries_hash, self.kept.articles_hash);
    }

    /// A replay that lost something is a failure, whatever it printed.
    pub fn check(&self) -> Result<()> {
        let Kept { missing, twice, unknown, .. } = self.kept;
        anyhow::ensure!(missing + twice + unknown == 0, "not every item is stored exactly once");
        Ok(())
    }
}

/// Where the program's data lies while it is measured.
pub struct Folder {
    pub path: PathBuf,
    keep: bool,
}

impl Folder {
    pub fn new(keep: Option<&Path>) -> Result<Folder> {
        let path = match keep {
            Some(path) => path.to_path_buf(),
            None => std::env::temp_dir().join(format!("tidings-measured-{}", std::process::id())),
        };
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        anyhow::ensure!(std::fs::read_dir(&path)?.next().is_none(), "{} is not empty", path.display());
        Ok(Folder { path, keep: keep.is_some() })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

pub fn path(path: &Path) -> Result<&str> {
    path.to_str().context("a path that is not Unicode")
}
