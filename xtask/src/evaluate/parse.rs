//! `evaluate parse`: are documents read, is what they say understood, and does nothing fall over.
//!
//! Three questions, asked of whatever documents a file or folder has: does reading it return (no panic, no hang, within
//! memory); does a document that is a feed give what is in it; and, where a document states what a reader should find
//! (feedparser's `Expect:` lines), is that what was found.

mod expect;
mod peer;

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use ::parse::Body;
use anyhow::Result;

use expect::Verdict;
use news::Timestamp;

use super::{
    Args,
    documents::{self, Document},
};

/// Where the building sets lie, below the data's folder.
const SETS: [&str; 7] = [
    "feeds/fixtures.tar.zst",
    "hostile/feedparser",
    "hostile/xml",
    "hostile/json",
    "hostile/charset",
    "hostile/feedvalidator",
    "hostile/http",
];

/// A fixed moment, so that two runs agree: 2023-11-14.
const NOW: Timestamp = Timestamp(1_700_000_000);
/// A runtime's threads have two megabytes; half of that must do.
const STACK: usize = 1 << 20;

pub fn run(args: &Args) -> Result<()> {
    let files: Vec<PathBuf> = match args.files.as_slice() {
        [] => SETS.iter().map(|set| args.data.join(set)).collect(),
        files => files.to_vec(),
    };
    for file in &files {
        let documents = documents::of(file)?;
        // Deep documents overflow a stack that is small; so would they in the product.
        let report = std::thread::scope(|scope| {
            let thread = std::thread::Builder::new().stack_size(STACK);
            thread.spawn_scoped(scope, || Report::of(&documents)).map(|it| it.join())
        })?;
        let Ok(mut report) = report else { anyhow::bail!("the thread that read {} died", file.display()) };
        if args.peers {
            report.peer = peer::feedparser(&documents, &args.data)?;
        }
        if args.json { report.print_json(file) } else { report.print_table(file) }
    }
    Ok(())
}

/// What reading a set of documents came to.
#[derive(Default)]
struct Report {
    documents: usize,
    panics: Vec<String>,
    /// Documents that look like a feed of ours; of those, the ones that were read; and the ones not, with the reason.
    feeds: usize,
    read: usize,
    unread: Vec<String>,
    /// Of documents with entries: how many gave any.
    with_entries: usize,
    gave_entries: usize,
    ill_formed: (usize, usize),
    entries: usize,
    slowest: (Duration, String),
    cpu: Duration,
    bytes: usize,
    /// By group: expectations that held, of how many.
    held: BTreeMap<String, (usize, usize)>,
    failed: Vec<String>,
    peer: BTreeMap<String, (usize, usize)>,
    peak_megabytes: u64,
}

impl Report {
    fn of(documents: &[Document]) -> Report {
        let mut report = Report::default();
        let quiet = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        for document in documents {
            report.add(document);
        }
        std::panic::set_hook(quiet);
        report.peak_megabytes = peak_megabytes();
        report
    }

    fn add(&mut self, document: &Document) {
        let content_type = document.header("content-type");
        let address = expect::address(document);
        let body = Body { address: &address, content_type: content_type.as_deref(), bytes: &document.bytes };
        let began = Instant::now();
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let parsed = ::parse::parse(&body, NOW);
            let kept = parsed.as_ref().map(|it| ::parse::identify(it.entries.clone()).len());
            // Whatever is no feed may be asked what it offers, or be a list of feeds.
            if parsed.is_none() {
                ::parse::discover(&body);
                let _ = ::parse::opml::read(body.bytes);
            }
            (parsed, kept)
        }));
        let took = began.elapsed();
        self.documents += 1;
        self.cpu += took;
        self.bytes += document.bytes.len();
        if self.slowest.0 < took {
            self.slowest = (took, document.name.clone());
        }
        let Ok((parsed, kept)) = outcome else {
            self.panics.push(document.name.clone());
            return;
        };
        let entries = parsed.as_ref().map_or(0, |it| it.entries.len() + it.read_on.len());
        self.entries += kept.unwrap_or(0);
        self.count_reading(document, parsed.is_some(), entries);
        if let Some(expected) = &document.expected_title {
            self.judge_title(document, expected, parsed.as_ref());
        }
        if let Some(expectation) = expect::of(document) {
            self.judge(document, &expectation, parsed.as_ref());
        }
    }

    fn count_reading(&mut self, document: &Document, read: bool, entries: usize) {
        let looks = documents::looks(document);
        if looks.is_feed {
            self.feeds += 1;
            self.read += usize::from(read && (0 < entries || !looks.has_entries));
            if !read {
                self.unread.push(format!("{}: not a feed", document.name));
            } else if entries == 0 && looks.has_entries {
                self.unread.push(format!("{}: no entries", document.name));
            }
        }
        if looks.is_feed && looks.has_entries {
            self.with_entries += 1;
            self.gave_entries += usize::from(0 < entries);
            if document.name.contains("illformed") {
                self.ill_formed.1 += 1;
                self.ill_formed.0 += usize::from(0 < entries);
            }
        }
    }

    fn judge(&mut self, document: &Document, expectation: &str, parsed: Option<&::parse::Parsed>) {
        let verdict = expect::judge(expectation, parsed);
        let counted = self.held.entry(document.group()).or_default();
        match verdict {
            Verdict::NotAboutUs => {
                if *counted == (0, 0) {
                    self.held.remove(&document.group());
                }
            }
            Verdict::Holds => *counted = (counted.0 + 1, counted.1 + 1),
            Verdict::Fails(found) => {
                counted.1 += 1;
                self.failed.push(format!("{}: {expectation}\n      found {found}", document.name));
            }
        }
    }

    /// The title that a manifest names is that of the feed or of its first entry.
    fn judge_title(&mut self, document: &Document, expected: &str, parsed: Option<&::parse::Parsed>) {
        let entry = parsed.and_then(|it| it.entries.first()).map(|it| it.title.as_str());
        let feed = parsed.and_then(|it| it.title.as_deref());
        let counted = self.held.entry(document.group()).or_default();
        counted.1 += 1;
        if entry == Some(expected) || feed == Some(expected) {
            counted.0 += 1;
        } else {
            self.failed
                .push(format!("{}: title {expected:?}\n      found {feed:?}, {entry:?}", document.name));
        }
    }

    fn expectations(&self) -> (usize, usize) {
        self.held.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1))
    }

    fn print_json(&self, file: &Path) {
        let share =
            |(part, whole): (usize, usize)| if whole == 0 { None } else { Some(part as f64 / whole as f64) };
        let by_format: BTreeMap<_, _> =
            self.held.iter().map(|(group, counts)| (group, share(*counts))).collect();
        let peer: BTreeMap<_, _> = self.peer.iter().map(|(group, counts)| (group, share(*counts))).collect();
        let line = serde_json::json!({
            "what": "parse",
            "file": file,
            "n": self.documents,
            "panics": self.panics.len(),
            "feeds": self.feeds,
            "read": self.read,
            "read_share": share((self.read, self.feeds)),
            "with_entries": self.with_entries,
            "gave_entries": self.gave_entries,
            "entries": self.entries,
            "ill_formed": share(self.ill_formed),
            "expectations": self.expectations().1,
            "expectations_held": share(self.expectations()),
            "by_format": by_format,
            "feedparser_6": if self.peer.is_empty() { serde_json::Value::Null } else { serde_json::json!(peer) },
            "slowest_ms": self.slowest.0.as_millis() as u64,
            "slowest": self.slowest.1,
            "megabytes_a_second": self.bytes as f64 / 1e6 / self.cpu.as_secs_f64().max(1e-9),
            "peak_mb": self.peak_megabytes,
        });
        println!("{line}");
    }

    fn print_table(&self, file: &Path) {
        println!("{}", file.display());
        println!(
            "  documents {:>6}   panics {}   entries {}",
            self.documents,
            self.panics.len(),
            self.entries
        );
        println!("  feeds     {:>6}   read {} ({})", self.feeds, self.read, percent((self.read, self.feeds)));
        println!(
            "  with entries {:>3}   gave some {} ({})",
            self.with_entries,
            self.gave_entries,
            percent((self.gave_entries, self.with_entries))
        );
        if 0 < self.ill_formed.1 {
            println!(
                "  ill-formed  {:>4}   gave entries {} ({})",
                self.ill_formed.1,
                self.ill_formed.0,
                percent(self.ill_formed)
            );
        }
        println!(
            "  slowest {:.1} ms ({}), {:.0} MB/s, peak {} MB",
            self.slowest.0.as_secs_f64() * 1e3,
            self.slowest.1,
            self.bytes as f64 / 1e6 / self.cpu.as_secs_f64().max(1e-9),
            self.peak_megabytes
        );
        if !self.held.is_empty() {
            println!(
                "  what the documents say should be found:     tidings{}",
                if self.peer.is_empty() { "" } else { "      feedparser 6" }
            );
            for (group, counts) in &self.held {
                self.print_share(group, *counts, self.peer.get(group));
            }
            let peer = self.peer.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
            self.print_share("all", self.expectations(), (!self.peer.is_empty()).then_some(&peer));
        }
        let verbose = std::env::var_os("TIDINGS_VERBOSE").is_some();
        for (what, lines) in
            [("panicked", &self.panics), ("not read", &self.unread), ("not as expected", &self.failed)]
        {
            let shown = if verbose { usize::MAX } else { 5 };
            for line in lines.iter().take(shown) {
                println!("    {what}: {line}");
            }
            if shown < lines.len() {
                println!("    {what}: {} more (TIDINGS_VERBOSE=1 shows them)", lines.len() - shown);
            }
        }
    }

    fn print_share(&self, group: &str, counts: (usize, usize), peer: Option<&(usize, usize)>) {
        let peer =
            peer.map(|it| format!("   {:>5}/{:<5} {:>6}", it.0, it.1, percent(*it))).unwrap_or_default();
        println!("    {group:<36} {:>5}/{:<5} {:>6}{peer}", counts.0, counts.1, percent(counts));
    }
}

fn percent((part, whole): (usize, usize)) -> String {
    if whole == 0 { "-".to_owned() } else { format!("{:.1}%", 100.0 * part as f64 / whole as f64) }
}

/// The most memory that the process has had, as the kernel counts it; 0 where it does not say.
fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").trim().parse::<u64>().ok()).unwrap_or(0) / 1_024
}
