//! `evaluate hostile`: what is meant to hurt, each piece in a child process that may fall over.
//!
//! The child says before each case which one it is, and after it what came of it. When it dies, hangs or takes too much
//! memory, the case that it had begun is to blame, and another child goes on behind it.

mod apart;
mod documents;
mod images;
mod large;
mod pages;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::json;

use super::Args;
pub use apart::thread_cpu;
use apart::{Ended, Outcome};

/// What a case is, and how it is judged.
pub struct Case {
    pub name: String,
    pub run: Box<dyn FnOnce() -> Verdict>,
}

impl Case {
    pub fn new(name: impl Into<String>, run: impl FnOnce() -> Verdict + 'static) -> Case {
        Case { name: name.into(), run: Box::new(run) }
    }
}

/// What came of it, in words; and what should have come of it, if that was something else.
pub struct Verdict {
    pub says: String,
    pub miss: Option<String>,
}

impl Verdict {
    pub fn fine(says: impl Into<String>) -> Verdict {
        Verdict { says: says.into(), miss: None }
    }

    pub fn miss(says: impl Into<String>, should: impl Into<String>) -> Verdict {
        Verdict { says: says.into(), miss: Some(should.into()) }
    }
}

/// A set, what one case of it may take, and where its cases come from.
struct Set {
    name: &'static str,
    /// CPU that a case may take, in milliseconds; more is counted as slow.
    milliseconds: u64,
    cases: fn(&Path) -> Result<Vec<Case>>,
}

const SETS: &[Set] = &[
    Set { name: "xml", milliseconds: 1_000, cases: documents::xml },
    Set { name: "json", milliseconds: 100, cases: documents::json },
    Set { name: "jsonfeed", milliseconds: 100, cases: documents::json_feed },
    Set { name: "charset", milliseconds: 1_000, cases: documents::charset },
    Set { name: "feedvalidator", milliseconds: 1_000, cases: documents::feedvalidator },
    Set { name: "feedparser", milliseconds: 1_000, cases: documents::feedparser },
    Set { name: "large", milliseconds: 2_000, cases: large::cases },
    Set { name: "pages", milliseconds: 2_000, cases: pages::mutated },
    Set { name: "deep-pages", milliseconds: 5_000, cases: pages::deep },
    Set { name: "large-pages", milliseconds: 5_000, cases: pages::large },
];

/// Above what the child had before its first case.
const MEGABYTES: u64 = 256;

pub fn run(args: &Args) -> Result<()> {
    if let Some(from) = args.child {
        return apart::child(args, from);
    }
    let names: Vec<&str> = SETS.iter().map(|it| it.name).chain(["images"]).collect();
    if let Some(unknown) = args.only.iter().find(|only| !names.contains(&only.as_str())) {
        bail!("there is no set {unknown}; there are {}", names.join(", "));
    }
    let wants = |name: &str| args.only.is_empty() || args.only.iter().any(|it| it == name);
    let chosen = SETS.iter().filter(|set| wants(set.name));
    let mut bad = 0;
    for set in chosen {
        let report = Report::of(set, apart::parent(args, set)?);
        bad += report.dead.len() + report.greedy.len();
        if args.json { report.print_json(set) } else { report.print(set, args.errors) }
    }
    if wants("images") {
        bad += images::run(args)?;
    }
    anyhow::ensure!(bad == 0, "{bad} cases made the program fall over, hang or take too much memory");
    Ok(())
}

/// What came of a whole set.
#[derive(Default)]
struct Report {
    n: usize,
    /// Panicked, aborted or hung.
    dead: Vec<String>,
    slow: Vec<String>,
    greedy: Vec<String>,
    wordless: Vec<String>,
    misses: Vec<String>,
    says: BTreeMap<String, usize>,
    slowest: (u64, String),
    most_memory: (u64, String),
    base: u64,
}

impl Report {
    fn of(set: &Set, outcomes: Vec<Outcome>) -> Report {
        let mut report = Report { n: outcomes.len(), ..Report::default() };
        for it in outcomes {
            let (milliseconds, grown) =
                (it.microseconds / 1_000, it.peak_kb.saturating_sub(it.base_kb) / 1_024);
            report.base = report.base.max(it.base_kb / 1_024);
            if report.slowest.0 <= milliseconds {
                report.slowest = (milliseconds, it.name.clone());
            }
            if report.most_memory.0 <= grown {
                report.most_memory = (grown, it.name.clone());
            }
            if set.milliseconds < milliseconds {
                report.slow.push(format!("{} ({milliseconds} ms)", it.name));
            }
            if MEGABYTES < grown {
                report.greedy.push(format!("{} ({grown} MB)", it.name));
            }
            match it.ended {
                Ended::Well { says, .. } if says.trim().is_empty() => report.wordless.push(it.name),
                Ended::Well { says, miss } => {
                    if let Some(miss) = miss {
                        report.misses.push(format!("{}: {miss}; but: {says}", it.name));
                    }
                    *report.says.entry(kind(&says)).or_default() += 1;
                }
                Ended::Panicked(why) | Ended::Died(why) => report.dead.push(format!("{}: {why}", it.name)),
            }
        }
        report
    }

    fn print_json(&self, set: &Set) {
        println!(
            "{}",
            json!({"what": "hostile", "set": set.name, "n": self.n, "fell_over": self.dead.len(), "slow": self.slow.len(),
                   "too_much_memory": self.greedy.len(), "without_a_word": self.wordless.len(),
                   "not_as_judged": self.misses.len(), "slowest_ms": self.slowest.0, "slowest": self.slowest.1,
                   "base_mb": self.base, "most_mb_above_base": self.most_memory.0, "greediest": self.most_memory.1,
                   "says": self.says})
        );
    }

    fn print(&self, set: &Set, errors: usize) {
        println!(
            "{:<14} n {:>5}  fell over {}  slow {}  too much memory {}  without a word {}  not as judged {}",
            set.name,
            self.n,
            self.dead.len(),
            self.slow.len(),
            self.greedy.len(),
            self.wordless.len(),
            self.misses.len()
        );
        println!(
            "{:<14} slowest {} ms ({}); most memory {} MB above {} ({})",
            "", self.slowest.0, self.slowest.1, self.most_memory.0, self.base, self.most_memory.1
        );
        let mut says: Vec<_> = self.says.iter().collect();
        says.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (says, count) in says.iter().take(8.max(errors)) {
            println!("{:<14} {count:>5} × {says}", "");
        }
        let lists = [
            ("fell over", &self.dead),
            ("slow", &self.slow),
            ("too much memory", &self.greedy),
            ("without a word", &self.wordless),
            ("not as judged", &self.misses),
        ];
        for (what, list) in lists {
            for line in list.iter().take(5.max(errors)) {
                println!("    {what}: {line}");
            }
        }
    }
}

/// The sentence without what differs from case to case.
fn kind(says: &str) -> String {
    let says: String = says.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).take(90).collect();
    let mut out = String::new();
    for c in says.chars().filter(|c| !c.is_control()) {
        if c != '#' || !out.ends_with('#') {
            out.push(c);
        }
    }
    out
}

/// A folder of the data.
fn folder(data: &Path, name: &str) -> PathBuf {
    data.join("hostile").join(name)
}
