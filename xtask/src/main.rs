//! The one door to everything that is done *to* tidings: measuring it, replaying archives, making its data.

mod bench;
mod bench_editions;
mod bench_parse;
mod bench_stories;
mod bench_understand;
mod canary;
mod chain;
mod child;
mod crash;
mod distill;
mod evaluate;
mod fit;
mod fit_pages;
mod fuzz;
mod group;
mod http;
mod lateness;
mod politeness;
mod replay;
mod simulate;
#[cfg(test)]
mod tidy;
mod train_key_points;
mod train_languages;
mod train_names;
mod train_quotes;

use clap::{Parser, Subcommand};

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Measure tidings, replay archives, make its data")]
struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Measure quality: stories, pages, names, languages, topics, quotes, keypoints, ranking, parse, sanitise, hostile.
    Evaluate(evaluate::Args),
    /// Run the fuzz targets, each for some minutes.
    Fuzz(fuzz::Args),
    /// Make what grouping stands on: how common words are, what each ground counts for.
    Fit(fit::Args),
    /// Group feed items of the archive into stories, to look at and to time.
    Group(group::Args),
    /// How long editions take for many readers among many articles.
    BenchEditions(bench_editions::Args),
    /// How fast articles are placed among few and many stories, and how much memory these take.
    BenchStories(bench_stories::Args),
    /// What reading feeds costs beside bare feed-rs.
    BenchParse(bench_parse::Args),
    /// What understanding an article costs the processor, part by part.
    BenchUnderstand(bench_understand::Args),
    /// Fit the model that finds articles on pages.
    FitPages(fit_pages::Args),
    /// Readers whose interests are known, over thirty days of the archive: what the editions make of them.
    Simulate(simulate::Args),
    /// Make the built-in embedder's table again from a sentence-transformers folder.
    Distill(distill::Args),
    /// Simulate a month of a thousand feeds and count what was impolite (12 rules).
    Politeness(politeness::Args),
    /// Open hostile payloads in our own pages, in a real browser: none may run.
    Canary(canary::Args),
    /// How late good feeds are asked while hostile servers stand among them.
    Lateness(lateness::Args),
    /// Learn the tagger of names again from marked files.
    TrainNames(train_names::Args),
    /// Fit what speaks for a sentence as a key point, to editors' summaries.
    TrainKeyPoints(train_key_points::Args),
    /// Make again the table of how likely runs of letters are in each language.
    TrainLanguages(train_languages::Args),
    /// Learn again which words report speech.
    TrainQuotes(train_quotes::Args),
    /// Serve an archive of real news as live feeds, and run the real program through it.
    Replay(replay::Args),
    /// The same replay, with the program killed again and again: it must end with the same news.
    Crash(crash::Args),
    /// Measure speed: refreshing a farm of generated feeds, memory, size, latency of the pages.
    Bench(bench::Args),
}

fn main() -> anyhow::Result<()> {
    match Args::parse().what {
        What::Evaluate(args) => evaluate::run(&args),
        What::Fuzz(args) => fuzz::run(&args),
        What::Fit(args) => fit::run(&args),
        What::Group(args) => group::run(&args),
        What::BenchEditions(args) => bench_editions::run(&args),
        What::BenchStories(args) => bench_stories::run(&args),
        What::BenchParse(args) => bench_parse::run(&args),
        What::BenchUnderstand(args) => bench_understand::run(&args),
        What::Simulate(args) => simulate::run(&args),
        What::FitPages(args) => fit_pages::run(&args),
        What::Distill(args) => distill::run(&args),
        What::Politeness(args) => politeness::run(&args),
        What::Canary(args) => canary::run(&args),
        What::Lateness(args) => lateness::run(&args),
        What::TrainNames(args) => train_names::run(&args),
        What::TrainKeyPoints(args) => train_key_points::run(&args),
        What::TrainLanguages(args) => train_languages::run(&args),
        What::TrainQuotes(args) => train_quotes::run(&args),
        What::Replay(args) => replay::run(&args),
        What::Crash(args) => crash::run(&args),
        What::Bench(args) => bench::run(&args),
    }
}
