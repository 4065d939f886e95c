//! What understanding an article costs the processor, part by part: time on a core, so that others may work beside it.

use std::path::PathBuf;

use anyhow::{Context, Result};
use news::Language;
use understand::{BuiltIn, Embedder, Text, words};

#[derive(clap::Args)]
pub struct Args {
    /// JSON Lines with title, and text or description.
    #[arg(long, required = true)]
    texts: PathBuf,
    /// So many articles of them.
    #[arg(long, default_value_t = 3000)]
    most: usize,
}

pub fn run(args: &Args) -> Result<()> {
    let lines = crate::evaluate::json_lines(&args.texts)?;
    let articles: Vec<(String, String)> = lines
        .iter()
        .take(args.most)
        .map(|line| {
            let text = |name: &str| line[name].as_str().unwrap_or_default();
            let body = if text("text").is_empty() { text("description") } else { text("text") };
            (text("title").to_owned(), crate::distill::without_tags(body))
        })
        .collect();
    let english = Language("en".into());
    let built_in = BuiltIn::new();
    // The tables are made when first asked for.
    understand::names("Begin", "Begin", &english);
    understand::topics("Begin", "Begin", "", &[], &english);
    println!("{} articles; microseconds of a core for each", articles.len());
    part("language", &articles, |title, body| drop(understand::language(title, body, None)))?;
    part("names", &articles, |title, body| drop(understand::names(title, body, &english)))?;
    part("topics", &articles, |title, body| drop(understand::topics(title, body, "", &[], &english)))?;
    part("terms", &articles, |title, body| drop(words::terms(title, body, &english)))?;
    part("numbers", &articles, |title, body| drop(words::numbers(title, body)))?;
    part("shingles", &articles, |_, body| drop(words::shingles(body)))?;
    part("all that the pipeline does", &articles, |title, body| {
        let text = Text { title, standfirst: None, body, address: "", language: None, labels: &[] };
        drop(understand::understand(&[text], &built_in));
    })?;
    part("quotes (on demand)", &articles, |_, body| drop(understand::quotes(body, &english)))?;
    part("key points (on demand)", &articles, |title, body| {
        drop(understand::key_points(title, body, &[], &english))
    })?;
    let titles: Vec<&str> = articles.iter().map(|it| it.0.as_str()).collect();
    let began = on_core()?;
    let mut embedded = 0;
    while on_core()? - began < 1_000_000_000 {
        built_in.embed(&titles)?;
        embedded += titles.len();
    }
    println!(
        "{:<28} {:>9.0} a second",
        "headlines embedded",
        embedded as f64 * 1e9 / (on_core()? - began) as f64
    );
    Ok(())
}

fn part(name: &str, articles: &[(String, String)], mut think: impl FnMut(&str, &str)) -> Result<()> {
    let began = on_core()?;
    articles.iter().for_each(|(title, body)| think(title, body));
    println!("{name:<28} {:>9.1}", (on_core()? - began) as f64 / 1000.0 / articles.len().max(1) as f64);
    Ok(())
}

/// Nanoseconds for which this thread has been on a core.
fn on_core() -> Result<u64> {
    let text =
        std::fs::read_to_string("/proc/thread-self/schedstat").context("Linux tells the time on a core")?;
    Ok(text.split_whitespace().next().context("an empty schedstat")?.parse()?)
}
