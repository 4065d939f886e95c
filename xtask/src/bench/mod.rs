//! `cargo xtask bench`: the one door to speed. Everything side by side, in one run, on a farm of generated feeds.

pub mod tools;

use std::{path::PathBuf, time::Duration};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use self::tools::{Limits, Tools};
use crate::{
    child::{self, Cost, Tidings},
    replay::{Folder, path},
};

#[derive(clap::Args)]
pub struct Args {
    /// The folder with the farm and the limits (their sources)
    #[arg(long, env = "TIDINGS_FARM", default_value = "../shared/bench")]
    farm: PathBuf,
    /// Where they are built
    #[arg(long, default_value = "target/farm")]
    farm_target: PathBuf,
    #[arg(long, default_value_t = 8800)]
    port: u16,
    #[arg(long, default_value_t = 1000)]
    feeds: usize,
    #[arg(long, default_value_t = 30)]
    entries: usize,
    /// So many entries the second time that pages are timed (in steps of 150,000; 0 leaves that out)
    #[arg(long, default_value_t = 300_000)]
    large: usize,
    /// Leave out what the machine itself allows (it takes a minute or two)
    #[arg(long)]
    no_limits: bool,
    /// Fetch the articles' pages too where a feed gives only a taste (the readers that we compare with never do)
    #[arg(long)]
    fetch_pages: bool,
    /// Leave out the latency of our own pages
    #[arg(long)]
    no_pages: bool,
    /// The program to run, instead of this workspace's release build
    #[arg(long)]
    binary: Option<PathBuf>,
    /// The (empty) folder for the first database; it is kept
    #[arg(long)]
    data: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

/// Feeds of the large run: as many as one import takes.
const MANY: usize = 5_000;

/// One line of the table: what, how much, in which unit, and the aim if there is one.
struct Line(String, f64, &'static str, Option<f64>);

pub fn run(args: &Args) -> Result<()> {
    let target = std::path::absolute(&args.farm_target)?;
    let tools = Tools::build(&args.farm, &target, args.port)?;
    let mut lines = Vec::new();
    polls(args, &tools, &mut lines)?;
    if 0 < args.large && !args.no_pages {
        large(args, &tools, &mut lines)?;
    }
    match args.json {
        true => {
            let lines = lines.iter().map(|Line(name, value, unit, aim)| json!({"name": name, "value": value, "unit": unit, "aim": aim}));
            println!(
                "{}",
                json!({"what": "bench", "feeds": args.feeds, "entries": args.entries, "lines": lines.collect::<Value>()})
            );
        }
        false => print(&lines),
    }
    Ok(())
}

fn polls(args: &Args, tools: &Tools, lines: &mut Vec<Line>) -> Result<()> {
    let folder = Folder::new(args.data.as_deref())?;
    let farm = tools.farm(args.feeds, args.entries)?;
    let limits = match args.no_limits {
        true => None,
        false => Some(measure_limits(args, tools, lines)?),
    };
    let tidings = Tidings::new(args.binary.as_deref(), &folder.path)?.with("FETCH_PAGES", args.fetch_pages);
    import(&tidings, &farm.opml()?, &folder)?;

    let said = poll(&tidings, "all new", &["refresh"], 16.0, limits.as_ref().map(|it| it.whole), lines)?;
    lines.push(Line("stories".into(), said["stories"].as_f64().unwrap_or(0.0), "", None));
    lines.push(Line(
        "stories by several outlets".into(),
        said["grouped_stories"].as_f64().unwrap_or(0.0),
        "",
        None,
    ));
    counted(&tidings, farm.expected()?, lines)?;
    lines.push(Line("database".into(), child::size(&folder.path) as f64 / 1e6, "MB", None));

    let bare = limits.as_ref().and_then(|it| it.step("poll", "all 304"));
    poll(&tidings, "nothing new", &["refresh", "--all"], 0.5, bare, lines)?;
    farm.advance(2)?;
    poll(&tidings, "2 new a feed", &["refresh", "--all"], 2.5, None, lines)?;
    counted(&tidings, farm.expected()?, lines)?;
    match args.no_pages {
        true => Ok(()),
        false => pages(&tidings, tools, args.feeds * args.entries, lines),
    }
}

/// The same pages with ten times as much behind them.
fn large(args: &Args, tools: &Tools, lines: &mut Vec<Line>) -> Result<()> {
    let folder = Folder::new(None)?;
    let farm = tools.farm(MANY, 30)?;
    let tidings = Tidings::new(args.binary.as_deref(), &folder.path)?.with("FETCH_PAGES", args.fetch_pages);
    import(&tidings, &farm.opml()?, &folder)?;
    poll(&tidings, "filling, first 150,000", &["refresh"], 80.0, None, lines)?;
    for _ in 1..args.large.div_ceil(MANY * 30) {
        farm.advance(30)?;
        poll(&tidings, "filling, 150,000 more", &["refresh", "--all"], 80.0, None, lines)?;
    }
    let expected = farm.expected()?;
    drop(farm);
    counted(&tidings, expected, lines)?;
    lines.push(Line(format!("database at {expected}"), child::size(&folder.path) as f64 / 1e6, "MB", None));
    pages(&tidings, tools, expected as usize, lines)
}

fn measure_limits(args: &Args, tools: &Tools, lines: &mut Vec<Line>) -> Result<Limits> {
    let folder =
        Folder::new(Some(&std::env::temp_dir().join(format!("tidings-limits-{}", std::process::id()))))?;
    let limits = tools.limits(args.feeds, &folder.path)?;
    std::fs::remove_dir_all(&folder.path)?;
    let steps = [
        ("download", "64 at once"),
        ("poll", "all 304"),
        ("quick-xml", ""),
        ("feed-rs", "1 thread"),
        ("ammonia", "1 thread"),
        ("SQLite", "1,000 rows a transaction + FTS5"),
    ];
    for (beginning, holds) in steps {
        if let Some(cpu) = limits.step(beginning, holds) {
            lines.push(Line(format!("limit: {beginning} {holds}"), cpu, "CPU-s", None));
        }
    }
    lines.push(Line("limit: download, parse, sanitise, insert, index".into(), limits.whole, "CPU-s", None));
    Ok(limits)
}

fn import(tidings: &Tidings, opml: &str, folder: &Folder) -> Result<()> {
    let list = folder.path.join("farm.opml");
    std::fs::write(&list, opml)?;
    tidings.ask(&["import", path(&list)?])?;
    Ok(std::fs::remove_file(&list)?)
}

fn poll(
    tidings: &Tidings,
    name: &str,
    args: &[&str],
    aim: f64,
    bare: Option<f64>,
    lines: &mut Vec<Line>,
) -> Result<Value> {
    let (said, cost) = tidings.measure(args)?;
    let Cost { wall, cpu, peak, peak_pss } = cost;
    lines.push(Line(name.into(), cpu, "CPU-s", Some(aim)));
    lines.push(Line(format!("{name}, by the wall"), wall, "s", None));
    if let Some(bare) = bare.filter(|bare| 0.0 < *bare) {
        lines.push(Line(format!("{name}, times the limit"), cpu / bare, "×", None));
    }
    lines.push(Line(format!("{name}, peak resident"), peak, "MB", Some(150.0)));
    lines.push(Line(format!("{name}, peak PSS"), peak_pss, "MB", Some(150.0)));
    let troubled = said["troubled"].as_u64().unwrap_or(0);
    ensure!(troubled == 0, "{troubled} sources have a problem");
    Ok(said)
}

/// None may be lost, none be there twice.
fn counted(tidings: &Tidings, expected: u64, lines: &mut Vec<Line>) -> Result<()> {
    let entries = tidings.ask(&["doctor"])?["entries"].as_u64().context("no count of entries")?;
    lines.push(Line("entries stored".into(), entries as f64, "", Some(expected as f64)));
    ensure!(entries == expected, "{entries} entries are stored, {expected} were published");
    Ok(())
}

/// What a reader waits for, and what it costs to stand by.
fn pages(tidings: &Tidings, tools: &Tools, entries: usize, lines: &mut Vec<Line>) -> Result<()> {
    let served = tidings.serve()?;
    // Whatever is done once after the start is over then.
    std::thread::sleep(Duration::from_secs(8));
    lines.push(Line(
        format!("idle at {entries}, after the start (PSS)"),
        child::pss(served.id())?,
        "MB",
        Some(64.0),
    ));
    let at = |path: &str| format!("http://{}{path}", served.address);
    let looked_at = [
        ("edition", "/", Some(3.0)),
        ("newest", "/newest", None),
        ("search, 1 in 10", "/search?q=okapi", None),
        ("search, 1 in 100", "/search?q=quokka", None),
        ("search, 1 in 1000", "/search?q=narwhal", None),
    ];
    for (name, address, aim) in looked_at {
        // The first look composes the edition, or warms what is read.
        let first = tools.load(&at(address), 1, 1)?;
        lines.push(Line(
            format!("{name} at {entries}, first look"),
            milliseconds(&first, "p50_ms"),
            "ms",
            None,
        ));
        for (clients, times) in [(1, 300), (16, 1600)] {
            let load = tools.load(&at(address), times, clients)?;
            let who = if clients == 1 { "one client" } else { "sixteen" };
            let aim = aim.filter(|_| clients == 1);
            lines.push(Line(
                format!("{name} at {entries}, {who}, median"),
                milliseconds(&load, "p50_ms"),
                "ms",
                aim,
            ));
            lines.push(Line(
                format!("{name} at {entries}, {who}, p99"),
                milliseconds(&load, "p99_ms"),
                "ms",
                None,
            ));
        }
    }
    std::thread::sleep(Duration::from_secs(8));
    lines.push(Line(
        format!("idle at {entries}, after the pages (PSS)"),
        child::pss(served.id())?,
        "MB",
        Some(64.0),
    ));
    let stopping = served.stop()?;
    lines.push(Line("stops within".into(), stopping.as_secs_f64() * 1e3, "ms", None));
    Ok(())
}

fn milliseconds(load: &Value, name: &str) -> f64 {
    load[name].as_f64().unwrap_or(f64::NAN)
}

fn print(lines: &[Line]) {
    for Line(name, value, unit, aim) in lines {
        let digits = if unit.is_empty() || 1000.0 <= *value { 0 } else { 2 };
        let aim = aim.map_or(String::new(), |aim| format!("   (aim {aim})"));
        println!("{name:<58} {value:>12.digits$} {unit}{aim}");
    }
}
