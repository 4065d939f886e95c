//! Simulated readers over a month of the archive of real feeds. What each wants is known (words that a headline or
//! description has), so every edition can be compared with the best one there could have been.

mod month;
mod people;

use std::path::PathBuf;

use anyhow::{Result, ensure};

use self::{
    month::Month,
    people::{Day, Part, live},
};

#[derive(clap::Args)]
pub struct Args {
    /// What to simulate; there are only readers yet.
    #[arg(default_value = "readers")]
    what: String,
    /// Where the measuring data lies.
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    data: PathBuf,
    /// One item of so many is used; 1 takes a while.
    #[arg(long, default_value_t = 3)]
    one_in: u64,
    #[arg(long, default_value_t = 10)]
    readers: u64,
}

pub fn run(args: &Args) -> Result<()> {
    ensure!(args.what == "readers", "there are only readers to simulate");
    let month = Month::read(&args.data.join("rss2022/2022-11.jsonl.zst"), args.one_in)?;
    println!(
        "{} items in {} stories, {} days; {} simulated readers, one edition of 30 a day",
        month.items,
        month.stories,
        month.days.len(),
        args.readers
    );
    println!(
        "nDCG@10 by day (mean over readers); each gives up one of two interests for a new one after day 15"
    );
    println!(
        "  {:<26} {:>5} {:>5} {:>5} {:>5} {:>5} {:>5} {:>5} {:>5} {:>5} {:>6} {:>8} {:>6} {:>8} {:>5} {:>5}",
        "",
        "1",
        "2",
        "3",
        "4-7",
        "8-15",
        "16",
        "17",
        "18-20",
        "21-30",
        "regret",
        "unstated",
        "opened",
        "followed",
        "old",
        "rare"
    );
    for part in Part::ALL {
        row(part, &live(&month, part, args.readers));
    }
    println!(
        "regret: share of the wanted stories an oracle would have shown that were not (days 8-15, 21-30)."
    );
    println!(
        "unstated: day on which the third editions' opened story of the unstated interest came, median; 31: never."
    );
    println!("opened: stories of the unstated interest that one reader opened in the whole month, mean.");
    println!(
        "rare: of what their own sources told that publish less than once a week, the share that was in an edition."
    );
    println!("old: places among the first ten that the interest given up still has, days 23-30, mean.");
    println!(
        "followed: days after the drift until, of the new interest's stories of three days, half as large a share is shown as in the last week, median."
    );
    Ok(())
}

fn row(part: Part, days: &[Vec<Day>]) {
    let mean = |from: usize, to: usize, get: fn(&Day) -> f64| {
        let all: Vec<f64> = days
            .iter()
            .flat_map(|reader| reader.iter().filter(|it| (from..=to).contains(&it.day)).map(get))
            .collect();
        all.iter().sum::<f64>() / all.len().max(1) as f64
    };
    let ndcg = |from, to| mean(from, to, |it| it.ndcg);
    let regret = (mean(8, 15, |it| it.regret) + mean(21, 30, |it| it.regret)) / 2.0;
    println!(
        "  {:<26} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {:>5.2} {regret:>6.2} {:>8} {:>6.1} {:>8} {:>5.2} {:>5.2}",
        part.name(),
        ndcg(1, 1),
        ndcg(2, 2),
        ndcg(3, 3),
        ndcg(4, 7),
        ndcg(8, 15),
        ndcg(16, 16),
        ndcg(17, 17),
        ndcg(18, 20),
        ndcg(21, 30),
        median(days.iter().map(|it| people::unstated_found(it))),
        days.iter().flatten().map(|it| it.unstated as f64).sum::<f64>() / days.len().max(1) as f64,
        median(days.iter().map(|it| people::drift_followed(it))),
        mean(23, 30, |it| it.old as f64),
        rare(days),
    );
}

fn rare(days: &[Vec<Day>]) -> f64 {
    let last = || days.iter().filter_map(|it| it.last()).map(|it| it.rare);
    last().map(|(_, shown)| shown as f64).sum::<f64>()
        / last().map(|(all, _)| all as f64).sum::<f64>().max(1.0)
}

fn median(of: impl Iterator<Item = usize>) -> usize {
    let mut all: Vec<usize> = of.collect();
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or(0)
}
