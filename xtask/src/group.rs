//! Groups feed items as they were published into stories: to look at, and to time.

use std::{collections::HashMap, path::PathBuf, time::Instant};

use anyhow::Result;
use cluster::{Policy, Weights};
use news::{Face, Mending, Sketch, StoryId};
use understand::BuiltIn;

use crate::{
    evaluate::stories::{
        placed::Placing,
        told::{self, Told},
    },
    fit::hash,
};

#[derive(clap::Args)]
pub struct Args {
    /// A month of the archive (`rss2022/2022-11.jsonl.zst`).
    file: PathBuf,
    /// The day whose stories are told ("2022-11-09"); the days before it are placed too. All, when it is not given.
    #[arg(long)]
    day: Option<String>,
    /// Tell so many of the largest stories.
    #[arg(long, default_value_t = 10)]
    most: usize,
    /// Tell so many pairs of items of two outlets that are together, and as many that name the same and are not; drawn.
    #[arg(long, default_value_t = 0)]
    pairs: usize,
    /// Tell which stories of the day were parted.
    #[arg(long)]
    parted: bool,
    /// What each ground counts for, instead of what is built in.
    #[arg(long)]
    weights: Option<PathBuf>,
    /// Forget nothing: how it does with ever more active stories.
    #[arg(long)]
    keep_all: bool,
}

/// Placed between two lines of the table of speed.
const STEP: usize = 20_000;

pub fn run(args: &Args) -> Result<()> {
    let (from, to) = args
        .day
        .as_deref()
        .and_then(told::moment)
        .map_or((0, i64::MAX), |noon| (noon - 43_200, noon + 43_200));
    let mut items = told::read_feeds(&args.file)?;
    items.retain(|it| it.at < to && (from == 0 || from - 5 * 86_400 <= it.at));
    let began = Instant::now();
    let sketches = told::sketches(&items, &BuiltIn::new())?;
    println!(
        "{} items understood, {:.0} a second",
        items.len(),
        items.len() as f64 / began.elapsed().as_secs_f64()
    );
    let weights = match &args.weights {
        Some(file) => Weights::read(&std::fs::read_to_string(file)?),
        None => Weights::default(),
    };
    let policy = Policy {
        weights,
        quiet: if args.keep_all { Policy::default().reach } else { Policy::default().quiet },
        ..Policy::default()
    };
    let stories = place(&sketches, policy, args.keep_all);
    tell(&items, &stories, from, args.most);
    if args.parted {
        tell_parted(&items, &stories, from);
    }
    tell_pairs(&items, &sketches, &stories, from, args.pairs);
    Ok(())
}

struct Grouped {
    /// The story of each item in the end.
    of: Vec<StoryId>,
    faces: HashMap<StoryId, Face>,
    joined: usize,
    parted: Vec<Parted>,
}

/// Articles that left a story, and those that stayed.
struct Parted {
    left: Vec<usize>,
    stayed: Vec<usize>,
    because: String,
}

fn place(sketches: &[Sketch], policy: Policy, keep_all: bool) -> Grouped {
    let mut placing = Placing::new(sketches, policy);
    let mut grouped = Grouped { of: Vec::new(), faces: HashMap::new(), joined: 0, parted: Vec::new() };
    for part in sketches.chunks(STEP) {
        let (began, before) = (Instant::now(), memory());
        for _ in part {
            let Some((placement, mended)) = placing.step() else { break };
            grouped.faces.insert(placement.story, placement.face);
            for mending in mended {
                grouped.mended(mending, &placing.of);
            }
        }
        let rate = part.len() as f64 / began.elapsed().as_secs_f64();
        if !keep_all {
            placing.index.expire();
        }
        println!(
            "{:>8} placed and mended, {:>7} active stories, {rate:>7.0} a second, {:+} MB (copies of faces in it)",
            placing.of.len(),
            placing.index.stories(),
            (memory() - before) / 1_000
        );
    }
    grouped.of = placing.of;
    grouped
}

impl Grouped {
    fn mended(&mut self, mending: Mending, of: &[StoryId]) {
        match mending {
            Mending::Join { story, face, .. } => {
                self.faces.insert(story, *face);
                self.joined += 1;
            }
            Mending::Split { story, into, evidence, face, new_face, .. } => {
                self.faces.insert(story, *face);
                self.faces.insert(into, *new_face);
                let members = |story| (0..of.len()).filter(|&at| of[at] == story).collect();
                let because: Vec<&str> = evidence.iter().map(|it| it.says.as_str()).collect();
                let because = because.join(", ");
                self.parted.push(Parted { left: members(into), stayed: members(story), because });
            }
        }
    }
}

/// Resident, in kB; 0 where the system does not tell.
pub fn memory() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|it| it.strip_prefix("VmRSS:"));
    line.and_then(|it| it.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

fn tell(items: &[Told], grouped: &Grouped, from: i64, most: usize) {
    let mut members: HashMap<StoryId, Vec<&Told>> = HashMap::new();
    for (at, item) in items.iter().enumerate().filter(|it| from <= it.1.at) {
        members.entry(grouped.of[at]).or_default().push(item);
    }
    let outlets = |items: &[&Told]| {
        let mut outlets: Vec<&str> = items.iter().map(|it| it.outlet.as_str()).collect();
        outlets.sort_unstable();
        outlets.dedup();
        outlets.len()
    };
    let all: usize = members.values().map(Vec::len).sum();
    let shared: usize = members.values().filter(|it| 2 <= outlets(it)).map(Vec::len).sum();
    println!(
        "{all} items, {} stories, {:.1} % in stories of two outlets or more; {} joined after they were placed, {} parted",
        members.len(),
        100.0 * shared as f64 / all.max(1) as f64,
        grouped.joined,
        grouped.parted.len()
    );
    let mut order: Vec<(usize, StoryId)> =
        members.iter().map(|(story, items)| (outlets(items), *story)).collect();
    order.sort_unstable_by(|a, b| b.cmp(a));
    for (outlets, story) in order.into_iter().take(most) {
        println!("\n{} ({} items, {outlets} outlets)", grouped.faces[&story].headline, members[&story].len());
        for item in members[&story].iter().take(14) {
            println!("    {:24} {}", item.outlet, item.title);
        }
    }
}

/// Those of which something was published on the day.
fn tell_parted(items: &[Told], grouped: &Grouped, from: i64) {
    let of_day = |it: &&Parted| it.left.iter().chain(&it.stayed).any(|&at| from <= items[at].at);
    for (number, it) in grouped.parted.iter().filter(of_day).enumerate() {
        println!("\n{}. {} left {}: {}", number + 1, it.left.len(), it.stayed.len(), it.because);
        for (what, places) in [("left", &it.left), ("stayed", &it.stayed)] {
            places
                .iter()
                .take(7)
                .for_each(|&at| println!("    {what:8} {:24} {}", items[at].outlet, items[at].title));
        }
    }
}

/// Drawn by a hash, so that the same are told in every run.
fn tell_pairs(items: &[Told], sketches: &[Sketch], grouped: &Grouped, from: i64, many: usize) {
    let day: Vec<usize> = (0..items.len()).filter(|&at| many != 0 && from <= items[at].at).collect();
    let (mut together, mut apart) = (Vec::new(), Vec::new());
    for (place, &a) in day.iter().enumerate() {
        for &b in day[..place].iter().filter(|&&b| items[a].outlet != items[b].outlet) {
            let drawn = hash(&format!("{}{}", items[a].url, items[b].url));
            if grouped.of[a] == grouped.of[b] {
                together.push((drawn, a, b));
            } else if names_in_common(&sketches[a], &sketches[b]) {
                apart.push((drawn, a, b));
            }
        }
    }
    for (name, mut pairs) in [("together", together), ("apart, though they name the same", apart)] {
        println!("\n{name}: {} pairs", pairs.len());
        pairs.sort_unstable();
        for (_, a, b) in pairs.into_iter().take(many) {
            println!("    {}\n  = {}", items[a].title, items[b].title);
        }
    }
}

/// Two of them: what tells of the same has that, and other things have too.
fn names_in_common(a: &Sketch, b: &Sketch) -> bool {
    let other = &b.understanding.names;
    2 <= a.understanding.names.iter().filter(|name| other.contains(name)).count()
}
