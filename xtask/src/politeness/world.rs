//! The feeds of the simulated month: how often they publish, what they say of themselves, and what is wrong with them.

use std::sync::Mutex;
use std::time::Duration;

use fetch::Outcome;
use news::{Pace, Timestamp};
use tokio::time::Instant;

use super::judge::{Judge, Report};

/// 1 January 2026.
const BEGIN: i64 = 1_767_225_600;

pub struct World {
    began: Instant,
    pub feeds: Vec<Feed>,
    pub judge: Mutex<Judge>,
}

pub struct Feed {
    pub host: String,
    pub validators: Validators,
    pub pace: Pace,
    pub max_age: Option<u64>,
    pub fault: Fault,
    /// When its entries come, in seconds since the beginning; those before it were there already.
    pub published: Vec<i64>,
}

#[derive(Clone, Copy, PartialEq)]
pub enum Validators {
    Both,
    Etag,
    LastModified,
    None,
}

/// Days are counted from the beginning.
#[derive(Clone, Copy, PartialEq)]
pub enum Fault {
    None,
    /// Every so-many-th answer is a 500.
    Flaky(u64),
    Missing {
        from: f64,
        to: f64,
    },
    Gone {
        from: f64,
    },
    /// Every so-many-th answer is a 429 (or 503) that asks for so long a wait.
    Limited {
        every: u64,
        wait: u64,
        as_date: bool,
    },
    Moved {
        from: f64,
        status: u16,
    },
    /// Says now 301, now not.
    Wavering,
    /// Moves for good to a page that is no feed.
    MovedToPage {
        from: f64,
    },
    Elsewhere,
    /// Takes the connection and says nothing.
    Silent {
        from: f64,
        to: f64,
    },
}

impl World {
    pub fn new(feeds: usize, days: u64, seed: u64) -> World {
        let mut dice = Dice::new(seed);
        let feeds: Vec<Feed> = (0..feeds).map(|feed| make(feed, feeds, days, &mut dice)).collect();
        let judge = Mutex::new(Judge::new(feeds.len()));
        World { began: Instant::now(), feeds, judge }
    }

    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(BEGIN + self.elapsed().as_secs() as i64)
    }

    pub fn days(&self) -> f64 {
        self.elapsed().as_secs_f64() / 86_400.0
    }

    pub fn address(&self, feed: usize) -> String {
        format!("http://{}/feed/{feed}", self.feeds[feed].host)
    }

    pub fn pace(&self, feed: usize) -> Pace {
        self.feeds[feed].pace.clone()
    }

    /// How many entries there are by now, and when the newest came.
    pub fn entries(&self, feed: usize) -> (usize, i64) {
        let published = &self.feeds[feed].published;
        let now = self.elapsed().as_secs() as i64;
        let count = published.partition_point(|&at| at <= now);
        (count, BEGIN + count.checked_sub(1).map_or(0, |last| published[last]))
    }

    pub fn heard(&self, feed: usize, outcome: &Outcome) {
        self.judge.lock().unwrap().heard(feed, outcome);
    }

    /// Entries from `seen` to `entries` have come to us now.
    pub fn arrived(&self, feed: usize, seen: usize, entries: usize) {
        let now = self.elapsed().as_secs() as i64;
        let feed = &self.feeds[feed];
        let works = matches!(feed.fault, Fault::None | Fault::Elsewhere);
        let is_plain = works && feed.pace == Pace::default() && feed.max_age.is_none_or(|age| age <= 3600);
        let came = &feed.published[seen.min(entries)..entries];
        let late = came.iter().filter(|&&at| is_plain && 0 < at).map(|at| now - at);
        self.judge.lock().unwrap().late.extend(late);
    }

    pub fn written_down(&self, feed: usize) {
        self.judge.lock().unwrap().written_down(feed, self.elapsed());
    }

    pub fn killed(&self) {
        self.judge.lock().unwrap().killed(self.elapsed());
    }

    pub fn report(&self) -> Report {
        self.judge.lock().unwrap().report()
    }
}

fn make(feed: usize, of: usize, days: u64, dice: &mut Dice) -> Feed {
    // A tenth of the feeds share ten hosts; the others have one each.
    let host = if feed.is_multiple_of(10) {
        format!("shared{}.example", feed / 10 % 10)
    } else {
        format!("host{feed}.example")
    };
    let validators = match dice.below(10) {
        0..=5 => Validators::Both,
        6 | 7 => Validators::Etag,
        8 => Validators::LastModified,
        _ => Validators::None,
    };
    let minutes = |minutes: u64| Some(Duration::from_secs(60 * minutes));
    let mut pace = Pace::default();
    match dice.below(10) {
        0 => pace.ttl = minutes(1 + dice.below(30)),
        1 => pace.ttl = minutes(60 + dice.below(2000)),
        2 => pace.update_every = minutes([60, 30, 1440, 10_080][dice.below(4) as usize]),
        3 => pace.skip_hours = (0..dice.below(10) as u8).collect(),
        4 => pace.skip_days = vec![5, 6],
        _ => {}
    }
    let max_age =
        [None, None, None, Some(0), Some(60), Some(300), Some(3600), Some(86_400), Some(3_155_760_000)];
    // From ten minutes to thirty days, evenly by their logarithm.
    let gap = 600.0 * (30.0 * 144.0_f64).powf(dice.share());
    let end = (days * 86_400) as f64;
    let mut published = Vec::new();
    let mut at = -20.0 * gap;
    while at < end {
        published.push(at as i64);
        at -= gap * (1.0 - dice.share()).max(1e-9).ln();
    }
    let fault = fault(feed * 100 / of, dice);
    Feed { host, validators, pace, max_age: max_age[dice.below(9) as usize], fault, published }
}

/// Three in ten have something the matter with them.
fn fault(percent: usize, dice: &mut Dice) -> Fault {
    let from = 1.0 + 10.0 * dice.share();
    match percent {
        0..=4 => Fault::Flaky(2 + dice.below(20)),
        5..=7 => Fault::Missing { from, to: from + 10.0 * dice.share() },
        8..=10 => Fault::Gone { from },
        11..=15 => {
            let wait = [0, 60, 120, 3600, 20_000, 86_400, 4_000_000_000][dice.below(7) as usize];
            Fault::Limited { every: 2 + dice.below(10), wait, as_date: dice.below(2) == 0 }
        }
        16..=19 => Fault::Moved { from, status: if dice.below(2) == 0 { 301 } else { 308 } },
        20 | 21 => Fault::Wavering,
        22 | 23 => Fault::MovedToPage { from },
        24..=26 => Fault::Elsewhere,
        27..=29 => Fault::Silent { from, to: from + 3.0 },
        _ => Fault::None,
    }
}

/// splitmix64: the same seed, the same month.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % limit.max(1)
    }

    pub fn share(&mut self) -> f64 {
        self.below(1 << 53) as f64 / (1_u64 << 53) as f64
    }
}
