//! `cargo xtask bench-parse`: what reading feeds costs beside bare feed-rs, on the same bytes, in the same process.

use std::path::PathBuf;
use std::time::Duration;

use ::parse::{Body, parse};
use anyhow::{Result, ensure};
use news::Timestamp;
use serde_json::json;

use crate::bench::tools::Tools;
use crate::evaluate::{documents, hostile::thread_cpu};
use crate::http;

#[derive(clap::Args)]
pub struct Args {
    /// Documents to read, instead of the farm's feeds
    #[arg(long = "file", num_args = 1..)]
    files: Vec<PathBuf>,
    /// The folder with the farm (its sources)
    #[arg(long, env = "TIDINGS_FARM", default_value = "../shared/bench")]
    farm: PathBuf,
    /// Where it is built
    #[arg(long, default_value = "target/farm")]
    farm_target: PathBuf,
    #[arg(long, default_value_t = 8801)]
    port: u16,
    #[arg(long, default_value_t = 200)]
    feeds: usize,
    /// Each document is read so often by each, taking turns; the best turn counts
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    #[arg(long)]
    json: bool,
}

const NOW: Timestamp = Timestamp(1_700_000_000);

pub fn run(args: &Args) -> Result<()> {
    let documents: Vec<Vec<u8>> = match args.files.as_slice() {
        [] => farm(args)?,
        files => {
            let sets: Result<Vec<_>> = files.iter().map(|file| documents::of(file)).collect();
            sets?.into_iter().flatten().map(|it| it.bytes).collect()
        }
    };
    // Only what both read: a document that is refused at once costs nothing.
    let documents: Vec<&[u8]> =
        documents.iter().map(Vec::as_slice).filter(|it| 0 < ours(it) && 0 < theirs(it)).collect();
    ensure!(!documents.is_empty(), "there is nothing that both can read");
    let (mut best_ours, mut best_theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..args.rounds {
        best_ours = best_ours.min(time(&documents, ours));
        best_theirs = best_theirs.min(time(&documents, theirs));
    }
    let bytes: usize = documents.iter().map(|it| it.len()).sum();
    let ratio = best_ours.as_secs_f64() / best_theirs.as_secs_f64();
    let rate = |it: Duration| bytes as f64 / 1e6 / it.as_secs_f64();
    if args.json {
        println!(
            "{}",
            json!({"what": "bench-parse", "documents": documents.len(), "bytes": bytes, "ours_s": best_ours.as_secs_f64(),
                   "feed_rs_s": best_theirs.as_secs_f64(), "ratio": ratio})
        );
    } else {
        println!(
            "{} documents, {:.1} MB, best of {} turns, CPU",
            documents.len(),
            bytes as f64 / 1e6,
            args.rounds
        );
        println!("tidings  {:>8.1} ms  {:>6.0} MB/s", best_ours.as_secs_f64() * 1e3, rate(best_ours));
        println!("feed-rs  {:>8.1} ms  {:>6.0} MB/s", best_theirs.as_secs_f64() * 1e3, rate(best_theirs));
        println!("ratio    {ratio:>8.2}");
    }
    Ok(())
}

fn time(documents: &[&[u8]], read: fn(&[u8]) -> usize) -> Duration {
    let before = thread_cpu().unwrap_or_default();
    let entries: usize = documents.iter().map(|it| std::hint::black_box(read(it))).sum();
    std::hint::black_box(entries);
    thread_cpu().unwrap_or_default().saturating_sub(before)
}

fn ours(bytes: &[u8]) -> usize {
    let body = Body { address: "https://news.example/feed", content_type: Some("application/xml"), bytes };
    parse(&body, NOW).map_or(0, |it| it.entries.len())
}

/// As bare as it can be had: nothing is cleaned.
fn theirs(bytes: &[u8]) -> usize {
    let parser = feed_rs::parser::Builder::new().sanitize_content(false).build();
    parser.parse(bytes).map_or(0, |it| it.entries.len())
}

fn farm(args: &Args) -> Result<Vec<Vec<u8>>> {
    let tools = Tools::build(&args.farm, &std::path::absolute(&args.farm_target)?, args.port)?;
    let farm = tools.farm(args.feeds, 30)?;
    let list = ::parse::opml::read(farm.opml()?.as_bytes()).map_err(|it| anyhow::anyhow!(it.says))?;
    list.iter().map(|outline| get(&outline.address)).collect()
}

fn get(address: &str) -> Result<Vec<u8>> {
    let url = url::Url::parse(address)?;
    let server = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(80));
    Ok(http::get(server, url.path())?.body)
}
