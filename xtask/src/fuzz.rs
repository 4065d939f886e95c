//! `cargo xtask fuzz`: the fuzz targets of `fuzz/`, a few at a time, with the measuring data as seeds.
//!
//! Needs `cargo install cargo-fuzz`; the stable toolchain will do (no sanitizer: our code has no `unsafe`). What was
//! found lies in `fuzz/artifacts`; `cargo fuzz run -s none TARGET FILE` plays it again.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Context, Result, ensure};

use crate::evaluate::documents;

#[derive(clap::Args)]
pub struct Args {
    /// Only these targets; all when none is given
    targets: Vec<String>,
    /// How long each is run
    #[arg(long, default_value_t = 600)]
    seconds: u64,
    /// How many are run at a time
    #[arg(long, default_value_t = 1)]
    jobs: usize,
    /// Where the measuring data lies: seeds and dictionaries
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    data: PathBuf,
}

struct Target {
    name: &'static str,
    /// Below the data's folder.
    seeds: &'static [&'static str],
    dictionary: &'static str,
}

const TARGETS: &[Target] = &[
    Target {
        name: "feed",
        seeds: &["hostile/xml", "hostile/feedvalidator", "hostile/feedparser", "feeds/fixtures.tar.zst"],
        dictionary: "rss",
    },
    Target { name: "json_feed", seeds: &["hostile/json"], dictionary: "json" },
    Target { name: "sitemap", seeds: &["hostile/xml/own", "feeds/fixtures.tar.zst"], dictionary: "xml" },
    Target { name: "page", seeds: &["hostile/xml/libxml2-html", "hostile/h5sc"], dictionary: "html" },
    Target { name: "opml", seeds: &["feeds/fixtures.tar.zst", "hostile/xml/own"], dictionary: "xml" },
    Target { name: "repair", seeds: &["hostile/xml", "hostile/feedparser/illformed"], dictionary: "xml" },
    Target { name: "date", seeds: &[], dictionary: "" },
    Target {
        name: "charset",
        seeds: &["hostile/charset", "hostile/feedparser/encoding"],
        dictionary: "utf8",
    },
    Target {
        name: "sanitise",
        seeds: &[
            "hostile/h5sc",
            "hostile/owasp-xss",
            "hostile/xss-lists",
            "hostile/ammonia",
            "hostile/feedparser",
        ],
        dictionary: "html",
    },
    Target { name: "article", seeds: &["hostile/xml/libxml2-html", "hostile/h5sc"], dictionary: "html" },
    Target { name: "address", seeds: &["hostile/url", "hostile/ssrf"], dictionary: "url" },
    Target { name: "guard", seeds: &["hostile/ssrf", "hostile/url"], dictionary: "url" },
    Target { name: "robots", seeds: &[], dictionary: "" },
    Target { name: "mail", seeds: &["hostile/h5sc", "hostile/charset"], dictionary: "html" },
];

/// Longer seeds make every try slow.
const LONGEST_SEED: usize = 32 << 10;
const MOST_SEEDS: usize = 4_000;

pub fn run(args: &Args) -> Result<()> {
    for name in &args.targets {
        ensure!(TARGETS.iter().any(|it| it.name == name), "there is no target {name}");
    }
    println!("{:<10} {:>8} {:>12} {:>8} {:>8}  found", "target", "seeds", "tries", "a second", "edges");
    cargo(&["fuzz", "build", "-s", "none"]).status().context("cannot run cargo fuzz")?;
    let targets: Vec<&Target> = TARGETS
        .iter()
        .filter(|it| args.targets.is_empty() || args.targets.iter().any(|name| name == it.name))
        .collect();
    let (next, found) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let work = || -> Result<()> {
        while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
            found.fetch_add(usize::from(fuzz(target, args)?), Ordering::Relaxed);
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..args.jobs.max(1)).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|it| it.join().expect("a worker does not panic"))
    })?;
    let found = found.into_inner();
    ensure!(found == 0, "{found} targets found something");
    Ok(())
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// Whether something was found.
fn fuzz(target: &Target, args: &Args) -> Result<bool> {
    let seeds = Path::new("target/fuzz-seeds").join(target.name);
    let count = plant(target, &args.data, &seeds)?;
    let corpus = Path::new("fuzz/corpus").join(target.name);
    std::fs::create_dir_all(&corpus)?;
    let mut command = cargo(&["fuzz", "run", "-s", "none", target.name]);
    command.arg(&corpus).arg(&seeds).arg("--");
    command.args(["-timeout=10", "-rss_limit_mb=1500", "-print_final_stats=1", "-max_len=65536"]);
    command.arg(format!("-max_total_time={}", args.seconds));
    let dictionary = args.data.join(format!("hostile/fuzzdict/{}.dict", target.dictionary));
    if dictionary.is_file() {
        command.arg(format!("-dict={}", dictionary.display()));
    }
    let mut child =
        command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().context("cannot run cargo fuzz")?;
    let mut said = Said::default();
    for line in BufReader::new(child.stderr.take().context("no output")?).lines() {
        said.hear(&line?);
    }
    let status = child.wait()?;
    ensure!(status.success() || said.crash.is_some(), "cargo fuzz failed: {}", said.last);
    println!(
        "{:<10} {count:>8} {:>12} {:>8} {:>8}  {}",
        target.name,
        said.tries,
        said.speed,
        said.edges,
        said.crash.as_deref().unwrap_or("nothing")
    );
    Ok(said.crash.is_some())
}

/// What libFuzzer says on its way.
#[derive(Default)]
struct Said {
    tries: String,
    speed: String,
    edges: String,
    crash: Option<String>,
    last: String,
}

impl Said {
    fn hear(&mut self, line: &str) {
        let word_after = |name: &str| {
            line.split_once(name).and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned)
        };
        self.edges = word_after(" cov: ").unwrap_or(std::mem::take(&mut self.edges));
        self.tries = word_after("stat::number_of_executed_units:").unwrap_or(std::mem::take(&mut self.tries));
        self.speed = word_after("stat::average_exec_per_sec:").unwrap_or(std::mem::take(&mut self.speed));
        if line.contains("panicked at") || line.contains("ERROR: libFuzzer") {
            self.crash = self.crash.take().or_else(|| Some(line.trim().to_owned()));
        }
        if !line.trim().is_empty() {
            line.trim().clone_into(&mut self.last);
        }
    }
}

/// Writes the seeds out, one file each; they are made anew every time and never become part of the repository.
fn plant(target: &Target, data: &Path, folder: &Path) -> Result<usize> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let mut count = 0;
    for set in target.seeds {
        for bytes in documents::seeds(&data.join(set))? {
            if bytes.len() <= LONGEST_SEED && count < MOST_SEEDS {
                std::fs::write(folder.join(count.to_string()), bytes)?;
                count += 1;
            }
        }
    }
    if count == 0 {
        std::fs::write(folder.join("0"), b"Tue, 02 Jan 2024 10:00:00 +0100")?;
    }
    Ok(count)
}
