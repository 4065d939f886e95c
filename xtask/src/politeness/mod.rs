//! `cargo xtask politeness`: a month of a thousand feeds in less than a minute, and what a strict host would say of it.
//!
//! The real door (`fetch::Web`) and the real schedule ask servers that live in memory, under a clock that is wound on
//! whenever nobody has anything to do. The process is killed and restarted at random moments. A judge who knows only
//! what the servers saw counts what was impolite, by the twelve rules of `docs/decisions/politeness.md`.

mod judge;
mod server;
mod world;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use fetch::{Fetcher, Outcome, Request, Schedule, Web, WebPolicy, lasting_move, next};
use news::{Health, Pace, Timestamp, Trouble};
use tokio::task::JoinSet;

use judge::RULES;
use world::{Dice, World};

#[derive(clap::Args)]
pub struct Args {
    #[arg(long, default_value_t = 1000)]
    pub feeds: usize,
    #[arg(long, default_value_t = 30)]
    pub days: u64,
    /// How often the process is killed and started again.
    #[arg(long, default_value_t = 20)]
    pub kills: u64,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[arg(long)]
    pub json: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?;
    let world = runtime.block_on(month(args));
    let report = world.report();
    if args.json {
        let rules: serde_json::Map<String, serde_json::Value> =
            RULES.iter().zip(report.broken).map(|(rule, times)| ((*rule).into(), times.into())).collect();
        let line = serde_json::json!({
            "what": "politeness", "feeds": args.feeds, "days": args.days, "kills": args.kills, "seed": args.seed,
            "requests": report.requests, "not_modified": report.not_modified, "broken": rules,
            "lateness_minutes": {"median": report.median_late, "p99": report.p99_late},
        });
        println!("{line}");
    } else {
        println!(
            "{} feeds, {} days, {} kills: {} requests",
            args.feeds, args.days, args.kills, report.requests
        );
        println!("({} answered 304)\n", report.not_modified);
        for (rule, times) in RULES.iter().zip(report.broken) {
            println!("{times:>6}  {rule}");
        }
        for example in &report.examples {
            println!("        e.g. {example}");
        }
        println!("\nnews is late by {} min (median), {} min (p99)", report.median_late, report.p99_late);
    }
    let broken: usize = report.broken.iter().sum();
    anyhow::ensure!(broken == 0, "{broken} times impolite");
    Ok(())
}

/// What the store would have kept of one feed: all that outlives a kill.
struct Stored {
    address: String,
    health: Health,
    pace: Pace,
    seen: usize,
}

async fn month(args: &Args) -> Arc<World> {
    let world = Arc::new(World::new(args.feeds, args.days, args.seed));
    let stored: Vec<_> = (0..args.feeds)
        .map(|feed| Stored {
            address: world.address(feed),
            health: Health { next_due: world.now(), ..Health::default() },
            pace: Pace::default(),
            seen: 0,
        })
        .map(|it| Arc::new(Mutex::new(it)))
        .collect();
    let mut dice = Dice::new(args.seed ^ 0x5eed);
    let mut kills: Vec<u64> = (0..args.kills).map(|_| dice.below(args.days * 86_400)).collect();
    kills.push(args.days * 86_400);
    kills.sort_unstable();
    for kill in kills {
        let web = Arc::new(door(&world));
        let mut alive = JoinSet::new();
        for (feed, stored) in stored.iter().enumerate() {
            alive.spawn(keep_asking(world.clone(), web.clone(), feed, stored.clone()));
        }
        tokio::time::sleep(Duration::from_secs(kill).saturating_sub(world.elapsed())).await;
        alive.shutdown().await;
        world.killed();
        tokio::time::sleep(Duration::from_secs(5 + dice.below(600))).await;
    }
    world
}

fn door(world: &Arc<World>) -> Web {
    let user_agent = WebPolicy::user_agent_of(Some("https://reader.example/contact"));
    let policy = WebPolicy { user_agent, ..WebPolicy::default() };
    Web::with(policy, Arc::new(server::Names), Arc::new(server::Wires(world.clone()))).expect("a good policy")
}

async fn keep_asking(world: Arc<World>, web: Arc<Web>, feed: usize, stored: Arc<Mutex<Stored>>) {
    let policy = Schedule { salt: feed as u64, ..Schedule::default() };
    loop {
        let (due, request) = {
            let it = stored.lock().unwrap();
            if it.health.ended {
                return;
            }
            (
                it.health.next_due,
                Request::feed(&it.address, it.health.etag.clone(), it.health.last_modified.clone()),
            )
        };
        tokio::time::sleep(Duration::from_secs((due.0 - world.now().0).max(0) as u64)).await;
        let outcome = web.fetch(&request).await;
        world.heard(feed, &outcome);
        record(&world, feed, &mut stored.lock().unwrap(), outcome, &policy);
    }
}

/// As the refresh stage does it: parse, decide, write down.
fn record(world: &World, feed: usize, stored: &mut Stored, outcome: Outcome, policy: &Schedule) {
    let now = world.now();
    let (mut newest, mut added) = (None, 0);
    let outcome = match outcome {
        Outcome::Fresh(document) => match read(&document.bytes) {
            Some((entries, latest)) => {
                added = entries.saturating_sub(stored.seen);
                world.arrived(feed, stored.seen, entries);
                (stored.seen, newest) = (entries, latest);
                stored.pace = world.pace(feed);
                Outcome::Fresh(document)
            }
            None => Outcome::Failed(Trouble::new("not_a_feed", "It is a page.")),
        },
        other => other,
    };
    let is_good = outcome.trouble().is_none();
    stored.health = next(&outcome, &stored.health, &stored.pace, newest, added, policy, now);
    if let Some(address) = lasting_move(&stored.health, policy).filter(|_| is_good) {
        stored.address = address;
        stored.health.moved_to = None;
    }
    world.written_down(feed);
}

/// The feeds of this world are two numbers: how many entries there were so far, and when the newest came.
fn read(bytes: &[u8]) -> Option<(usize, Option<Timestamp>)> {
    let text = std::str::from_utf8(bytes).ok()?.strip_prefix("feed ")?;
    let (entries, newest) = text.split_once(' ')?;
    Some((entries.parse().ok()?, newest.parse().ok().map(Timestamp)))
}
