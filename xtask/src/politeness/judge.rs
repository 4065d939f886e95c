//! Knows what the servers saw and said, and counts what was impolite.

use std::collections::HashMap;
use std::time::Duration;

use fetch::Outcome;

use super::world::{Fault, Feed};

pub const RULES: [&str; 12] = [
    "one request at a time for a host",
    "a second between two requests to a host",
    "ETag and Last-Modified come back as a pair, byte for byte",
    "an hour between polls, or what the feed asks for",
    "one unconditional request a day at most where there are validators",
    "Retry-After is kept, up to a day",
    "nothing is asked after a 410",
    "failures double the wait, a fifth more or less, up to a day",
    "a lasting move is believed after three equal answers over three days",
    "no cookies",
    "no referrer",
    "an honest name with a contact",
];

const MINUTE: f64 = 60.0;
const DAY: f64 = 86_400.0;
/// Waiting for the host's other feeds.
const SLACK: f64 = 300.0;

type Pair = (Option<String>, Option<String>);

/// One request, as a server sees it.
pub struct Seen {
    pub feed: usize,
    /// `feed`, `new` (where it has moved to) or `page` (which is none).
    pub place: String,
    pub pair: Pair,
    at: f64,
    head: String,
}

impl Seen {
    pub fn read(head: &str, at: Duration) -> Option<Seen> {
        let path = head.split(' ').nth(1)?;
        let (place, feed) = path.strip_prefix('/')?.split_once('/')?;
        let header = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(": "));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
        };
        Some(Seen {
            feed: feed.parse().ok()?,
            place: place.to_owned(),
            pair: (header("if-none-match"), header("if-modified-since")),
            at: at.as_secs_f64(),
            head: head.to_ascii_lowercase(),
        })
    }
}

/// What a server said.
#[derive(Clone, Default)]
pub struct Answered {
    pub status: u16,
    pub pair: Option<Pair>,
    pub wait: Option<Duration>,
    pub moved: Option<String>,
}

pub struct Judge {
    feeds: Vec<File>,
    hosts: HashMap<String, Host>,
    broken: [usize; 12],
    examples: Vec<String>,
    requests: usize,
    not_modified: usize,
    killed_at: f64,
    /// Of entries of feeds that work and ask for no rest, in seconds.
    pub late: Vec<i64>,
}

#[derive(Default)]
struct Host {
    under_way: usize,
    free_since: Option<f64>,
    /// It asked one of its feeds' askers to wait until then.
    peace_until: f64,
}

/// What is known of the talks with one feed. What a killed process had not written down does not count as said to it.
#[derive(Default)]
struct File {
    host: String,
    turns: u64,
    /// The poll that is under way: when it began, and all answers to it (one for each hop).
    poll: Option<(f64, Vec<Answered>)>,
    /// The last poll that was written down.
    last: Option<Poll>,
    pair: Option<Pair>,
    unconditional: Option<f64>,
    failures: i32,
    gone: bool,
    /// Equal lasting moves in a row: where to, how many, since when.
    moves: Option<(String, u32, f64)>,
    believed: bool,
}

struct Poll {
    began: f64,
    ended: f64,
    bad: bool,
    wait: Option<f64>,
}

impl Judge {
    pub fn new(feeds: usize) -> Judge {
        Judge {
            feeds: (0..feeds).map(|_| File::default()).collect(),
            hosts: HashMap::new(),
            broken: [0; 12],
            examples: Vec::new(),
            requests: 0,
            not_modified: 0,
            killed_at: -1.0,
            late: Vec::new(),
        }
    }

    fn breaks(&mut self, rule: usize, seen: &Seen, what: impl FnOnce() -> String) {
        self.broken[rule - 1] += 1;
        if self.broken[rule - 1] <= 3 {
            let example = format!("rule {rule}: {}/{} at {:.0}: {}", seen.place, seen.feed, seen.at, what());
            self.examples.push(example);
        }
    }

    /// A request has come. Answers the how-manieth of its feed it is.
    pub fn asked(&mut self, feed: &Feed, seen: &Seen) -> u64 {
        self.requests += 1;
        let host = self.hosts.entry(feed.host.clone()).or_default();
        let (crowd, free_since) = (host.under_way, host.free_since);
        host.under_way += 1;
        if 0 < crowd {
            self.breaks(1, seen, || format!("{crowd} others are under way"));
        }
        if let Some(pause) = free_since.map(|since| seen.at - since).filter(|pause| *pause < 0.999) {
            self.breaks(2, seen, || format!("after {pause:.3} s"));
        }
        for (rule, never) in [(10, "\r\ncookie:"), (11, "\r\nreferer:")] {
            if seen.head.contains(never) {
                self.breaks(rule, seen, || "it was sent".into());
            }
        }
        let honest =
            seen.head.contains("\r\nuser-agent: tidings/") && seen.head.contains("+https://reader.example/");
        if !honest {
            self.breaks(12, seen, || seen.head.clone());
        }
        self.file(seen).host = feed.host.clone();
        self.pair_is_echoed(seen);
        let follows_up = self.file(seen).poll.is_some();
        if !follows_up {
            self.poll_is_due(feed, seen);
            self.file(seen).poll = Some((seen.at, Vec::new()));
        }
        let file = self.file(seen);
        file.turns += 1;
        file.turns
    }

    fn file(&mut self, seen: &Seen) -> &mut File {
        &mut self.feeds[seen.feed]
    }

    fn pair_is_echoed(&mut self, seen: &Seen) {
        let file = self.file(seen);
        let given = file.pair.clone().unwrap_or_default();
        if seen.pair != given {
            self.breaks(3, seen, || format!("{:?} instead of {given:?}", seen.pair));
        }
        if seen.pair == (None, None) && given != (None, None) {
            let last = self.file(seen).unconditional.replace(seen.at);
            if last.is_some_and(|last| seen.at - last < DAY) {
                self.breaks(5, seen, || "asked without them".into());
            }
        }
    }

    /// The beginning of a poll: is it time?
    fn poll_is_due(&mut self, feed: &Feed, seen: &Seen) {
        if self.file(seen).gone {
            self.breaks(7, seen, || "it was gone".into());
        }
        let (failures, moves, believed) =
            (self.file(seen).failures, self.file(seen).moves.clone(), self.file(seen).believed);
        if seen.place != "feed" && !believed {
            let enough = moves.as_ref().is_some_and(|(to, times, since)| {
                *to == seen.place && 3 <= *times && 3.0 * DAY <= seen.at - since && seen.place == "new"
            });
            if !enough || feed.fault == Fault::Wavering {
                self.breaks(9, seen, || format!("{moves:?}"));
            }
            self.file(seen).believed = true;
        }
        let Some(last) = &self.feeds[seen.feed].last else { return };
        let (since_begin, since_end, bad, wait) =
            (seen.at - last.began, seen.at - last.ended, last.bad, last.wait);
        // Who was dead may be late, and whose host has asked for peace.
        let peace = self.hosts.get(&feed.host).map_or(0.0, |host| host.peace_until);
        let slack = if last.ended < self.killed_at.max(peace) { 2.0 * DAY } else { SLACK };
        let said = [feed.pace.ttl, feed.pace.update_every, feed.max_age.map(Duration::from_secs)];
        let said = said.into_iter().flatten().map(|it| it.as_secs_f64()).fold(0.0, f64::max);
        let floor = if bad || said == 0.0 { 60.0 * MINUTE } else { said.clamp(15.0 * MINUTE, DAY) };
        if since_begin < floor - 1.0 {
            self.breaks(4, seen, || {
                format!("after {:.1} of {:.1} min", since_begin / MINUTE, floor / MINUTE)
            });
        }
        if let Some(wait) = wait.filter(|wait| since_end < wait.min(DAY) - 1.0) {
            self.breaks(6, seen, || format!("after {since_end:.0} of {wait} s"));
        }
        if 0 < failures && wait.is_none() {
            let wanted = (75.0 * MINUTE * 2_f64.powi(failures - 1)).min(DAY);
            if since_end < 0.8 * wanted - 1.0 || (1.2 * wanted).min(DAY) + slack < since_end {
                self.breaks(8, seen, || {
                    format!("{failures} failures, {since_end:.0} s instead of {wanted:.0}")
                });
            }
        }
        if DAY + slack < since_end
            && wait.is_none()
            && feed.pace.skip_days.is_empty()
            && feed.pace.skip_hours.is_empty()
        {
            self.breaks(8, seen, || format!("asked after {since_end:.0} s only"));
        }
    }

    pub fn answered(&mut self, seen: &Seen, answered: Answered, at: Duration) {
        self.not_modified += usize::from(answered.status == 304);
        if let Some(wait) = answered.wait {
            let host = self.hosts.entry(self.feeds[seen.feed].host.clone()).or_default();
            host.peace_until = at.as_secs_f64() + wait.as_secs_f64().min(DAY);
        }
        if let Some((_, answers)) = &mut self.file(seen).poll {
            answers.push(answered);
        }
        self.hung_up(seen, at);
    }

    /// The wire is free again, with an answer or without.
    pub fn hung_up(&mut self, seen: &Seen, at: Duration) {
        let host = self.file(seen).host.clone();
        let host = self.hosts.entry(host).or_default();
        host.under_way -= 1;
        host.free_since = Some(at.as_secs_f64());
    }

    /// The asker has made up its mind of what it heard.
    pub fn heard(&mut self, feed: usize, outcome: &Outcome) {
        // Its host had asked it to wait, and it did not ask.
        let unasked = outcome.trouble().is_some_and(|trouble| trouble.word == "host_busy");
        if unasked {
            self.feeds[feed].poll = None;
        }
    }

    /// …and what came of it will outlive a kill.
    pub fn written_down(&mut self, feed: usize, at: Duration) {
        let file = &mut self.feeds[feed];
        let Some((began, answers)) = file.poll.take() else { return };
        let last = answers.last().cloned().unwrap_or_default();
        if last.status == 410 {
            file.gone = true;
        }
        if let Some(pair) = &last.pair {
            file.pair = Some(pair.clone());
        }
        let to_page = answers.first().is_some_and(|first| first.moved.as_deref() == Some("page"));
        let bad = !matches!(last.status, 200 | 304) || to_page;
        file.failures = if bad { file.failures + 1 } else { 0 };
        match (answers.first().and_then(|first| first.moved.clone()), &mut file.moves) {
            (Some(to), Some((known, times, _))) if to == *known => *times += 1,
            (Some(to), moves) => *moves = Some((to, 1, began)),
            (None, moves) => *moves = None,
        }
        file.last =
            Some(Poll { began, ended: at.as_secs_f64(), bad, wait: last.wait.map(|it| it.as_secs_f64()) });
    }

    pub fn killed(&mut self, at: Duration) {
        self.killed_at = at.as_secs_f64();
        for file in &mut self.feeds {
            file.poll = None;
        }
    }

    pub fn report(&mut self) -> Report {
        self.late.sort_unstable();
        let at =
            |share: f64| self.late.get((self.late.len() as f64 * share) as usize).map_or(0, |late| late / 60);
        Report {
            requests: self.requests,
            not_modified: self.not_modified,
            broken: self.broken,
            examples: self.examples.clone(),
            median_late: at(0.5),
            p99_late: at(0.99),
        }
    }
}

pub struct Report {
    pub requests: usize,
    pub not_modified: usize,
    pub broken: [usize; 12],
    pub examples: Vec<String>,
    /// In minutes.
    pub median_late: i64,
    pub p99_late: i64,
}
