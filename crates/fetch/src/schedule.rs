//! When to ask a source again, and what is known of it now that it was asked. Pure: the clock, the dice (a salt) and
//! the settings are arguments.

use std::time::Duration;

use news::{Health, Pace, Timestamp, Trouble};

use crate::Outcome;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// The numbers of politeness.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Never more often than this, whatever the source says.
    pub shortest: Duration,
    /// Not more often than this, as long as the source does not say that it may be.
    pub unasked: Duration,
    /// At least this often, however quiet it is; also the longest wait after failures or `Retry-After`.
    pub longest: Duration,
    /// The wait after a first failure; it doubles with each further one. A fifth less of it is still `unasked`.
    pub first_backoff: Duration,
    /// On so many different days a lasting move has to be seen, without a break, before we believe it: five days are
    /// never less than three times 24 hours apart.
    pub days_of_move: u32,
    /// While a hub tells us of news, only so often: to see that it has not missed any.
    pub pushed: Duration,
    /// Anything that differs between sources (their number): spreads those that would come due together.
    pub salt: u64,
}

impl Default for Schedule {
    fn default() -> Schedule {
        Schedule {
            shortest: HOUR / 4,
            unasked: HOUR,
            longest: DAY,
            first_backoff: HOUR * 5 / 4,
            days_of_move: 5,
            pushed: DAY / 2,
            salt: 0,
        }
    }
}

/// The source's whole new health after it was asked. `newest`: the time of its newest entry, if it says; `added`: how
/// many entries were new to us.
pub fn next(
    outcome: &Outcome,
    health: &Health,
    pace: &Pace,
    newest: Option<Timestamp>,
    added: usize,
    policy: &Schedule,
    now: Timestamp,
) -> Health {
    let mut after = Health { last_asked: Some(now), ..health.clone() };
    match outcome {
        Outcome::Fresh(document) => {
            // The two are a pair and are replaced as one.
            after.etag = document.etag.clone();
            after.last_modified = document.last_modified.clone();
            count_move(&mut after, health, document.moved.as_deref(), now);
            good(&mut after, pace, document.cache_for, newest, added, policy, now);
        }
        Outcome::NotModified { cache_for, moved } => {
            count_move(&mut after, health, moved.as_deref(), now);
            good(&mut after, pace, *cache_for, newest, added, policy, now);
        }
        Outcome::Gone(trouble) => {
            after.ended = true;
            after.trouble = Some(trouble.clone());
            after.next_due = now.after(3650 * DAY);
            after.due_because = "is gone for good, so it is not asked again".into();
        }
        Outcome::Busy { wait, trouble } => busy(&mut after, *wait, trouble, policy, now),
        Outcome::Failed(trouble) => failed(&mut after, trouble, policy, now),
    }
    after
}

/// The source's health after its hub has pushed a document: it need not be asked for a while.
pub fn after_push(
    health: &Health,
    newest: Option<Timestamp>,
    added: usize,
    policy: &Schedule,
    now: Timestamp,
) -> Health {
    let mut after = Health { pushed: Some(now), last_good: Some(now), ..health.clone() };
    if 0 < added {
        learn_gap(&mut after, newest, added, now);
        after.last_new = Some(now);
    }
    // A source that cannot be asked is not asked sooner for being pushed.
    let due = now.after(policy.pushed.mul_f64(1.0 + 0.1 * dice(health, policy, now)));
    if health.next_due < due {
        (after.next_due, after.due_because) = (due, BY_HUB.into());
    }
    after
}

/// Its hub pushed what could not be read: what that was is asked for, as soon as the source may be asked again. One that
/// is in trouble anyway is asked when that was going to be.
pub fn after_bad_push(health: &Health, trouble: Trouble, now: Timestamp) -> Health {
    let mut after = health.clone();
    let asks = [health.pace.ttl, health.pace.update_every].into_iter().flatten().fold(HOUR, Duration::max);
    let soon = awake(health.last_asked.map_or(now, |at| at.after(asks).max(now)), &health.pace);
    if health.trouble.is_none() && health.failures_in_a_row == 0 && soon < health.next_due {
        (after.next_due, after.due_because) =
            (soon, "its hub pushed something that could not be read".into());
    }
    after.trouble = Some(trouble);
    after
}

const BY_HUB: &str = "is told of news by its hub, and looked at now and then in case that misses some";

/// Its hub tells us of news, as far as one can see: it did lately, and asking found nothing that it had not told.
fn is_pushed(health: &Health, now: Timestamp) -> bool {
    let quiet = health.usual_gap.map_or(DAY, |gap| 4 * gap).clamp(DAY, 14 * DAY);
    health.pushed.is_some_and(|last| last.age(now) < quiet)
}

/// The address to ask from now on, once its move has been seen often enough. Only for an answer that could be read as
/// a source: whoever takes it over asks after having parsed it.
pub fn lasting_move(health: &Health, policy: &Schedule) -> Option<String> {
    let (address, days) = health.moved_to.as_ref()?;
    (policy.days_of_move <= *days).then(|| address.clone())
}

fn good(
    health: &mut Health,
    pace: &Pace,
    cache_for: Option<Duration>,
    newest: Option<Timestamp>,
    added: usize,
    policy: &Schedule,
    now: Timestamp,
) {
    if 0 < added {
        learn_gap(health, newest, added, now);
        health.last_new = Some(now);
        // Its hub ought to have told us.
        health.pushed = None;
    }
    health.last_good = Some(now);
    health.failures_in_a_row = 0;
    health.trouble = None;

    let said = [pace.ttl, pace.update_every, cache_for.filter(|fresh| !fresh.is_zero())];
    let said = said.into_iter().flatten().max();
    let floor = said.unwrap_or(policy.unasked).clamp(policy.shortest, policy.longest);
    let gap = expected_gap(health, newest, now);
    let is_pushed = is_pushed(health, now);
    let wanted = match gap {
        _ if is_pushed => policy.pushed,
        gap => gap.map_or(policy.longest / 6, |gap| gap / 2),
    };
    let wait = wanted.clamp(floor, policy.longest);

    health.due_because = match gap {
        _ if is_pushed => BY_HUB.into(),
        _ if wanted < floor && said.is_some() => {
            format!("asks not to be asked more often than every {}", in_words(floor))
        }
        None => "has not shown yet how often it publishes".into(),
        Some(gap) => format!("publishes about every {}", in_words(gap)),
    };
    // Up to a tenth later, never earlier: what was promised to the source holds.
    let late = wait.mul_f64(0.1 * dice(health, policy, now));
    let due = now.after((wait + late).min(policy.longest));
    health.next_due = awake(due, pace);
    if health.next_due != due {
        health.due_because = "rests at other hours or days, it says".into();
    }
}

/// How long it takes for something new to come, as far as is known: a source that has gone quiet is expected to stay so.
fn expected_gap(health: &Health, newest: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
    let quiet = health.last_new.max(newest.filter(|at| *at <= now)).map(|last| last.age(now) / 2);
    health.usual_gap.max(quiet)
}

/// The usual gap follows what is observed, by its logarithm: one burst or one holiday moves it little.
fn learn_gap(health: &mut Health, newest: Option<Timestamp>, added: usize, now: Timestamp) {
    let observed = match health.last_new {
        Some(last) => Some(last.age(now) / u32::try_from(added).unwrap_or(u32::MAX)),
        // The first time there is only the age of the newest: entries that come by chance are, when one looks, as old
        // as their gaps are long.
        None => newest.map(|newest| newest.age(now)),
    };
    let Some(observed) = observed.map(|gap| gap.as_secs_f64().max(60.0)) else { return };
    let usual = health.usual_gap.map_or(observed, |usual| usual.as_secs_f64().max(60.0));
    let learnt = (0.7 * usual.ln() + 0.3 * observed.ln()).exp();
    health.usual_gap = Some(Duration::from_secs_f64(learnt.round()));
}

fn busy(health: &mut Health, wait: Option<Duration>, trouble: &Trouble, policy: &Schedule, now: Timestamp) {
    // Its host asked another source of ours to wait: that is not this one's fault, and it was not asked.
    let is_fault = trouble.word != "host_busy";
    health.failures_in_a_row = health.failures_in_a_row.saturating_add(u32::from(is_fault));
    health.trouble = Some(trouble.clone());
    let own = if is_fault { backoff(health, policy, now) } else { policy.shortest };
    let Some(asked) = wait.map(|wait| wait.min(policy.longest)) else {
        health.next_due = now.after(own);
        health.due_because = "is overloaded, so we wait longer".into();
        return;
    };
    // Some seconds more, so that all of a host's sources do not come back in the same one.
    let spread = Duration::from_secs((120.0 * dice(health, policy, now)) as u64);
    health.next_due = now.after(asked.max(own).saturating_add(spread));
    health.due_because = format!("asked us to wait {} (Retry-After)", in_words(asked));
}

fn failed(health: &mut Health, trouble: &Trouble, policy: &Schedule, now: Timestamp) {
    health.failures_in_a_row = health.failures_in_a_row.saturating_add(1);
    health.trouble = Some(trouble.clone());
    health.next_due = now.after(backoff(health, policy, now));
    health.due_because = match health.failures_in_a_row {
        1 => "failed the last time".into(),
        times => format!("failed {times} times in a row, so we wait longer each time"),
    };
}

/// Doubles with every failure, up to the longest wait; a fifth more or less, so that a host that comes back is not run
/// over.
fn backoff(health: &Health, policy: &Schedule, now: Timestamp) -> Duration {
    let doublings = health.failures_in_a_row.saturating_sub(1).min(20);
    let wait = policy.first_backoff.saturating_mul(1 << doublings).min(policy.longest);
    wait.mul_f64(0.8 + 0.4 * dice(health, policy, now)).clamp(policy.unasked, policy.longest)
}

/// A lasting move counts once a day, as long as it is the same one.
fn count_move(after: &mut Health, before: &Health, moved: Option<&str>, now: Timestamp) {
    let Some(moved) = moved else {
        after.moved_to = None;
        return;
    };
    let seen_today = before.last_asked.is_some_and(|last| day(last) == day(now));
    let days = match &before.moved_to {
        Some((address, days)) if address == moved => days.saturating_add(u32::from(!seen_today)),
        _ => 1,
    };
    after.moved_to = Some((moved.to_owned(), days));
}

/// The first moment from `due` on at which the source is not at rest; `due`, if it never works.
fn awake(due: Timestamp, pace: &Pace) -> Timestamp {
    let rests = |at: Timestamp| {
        let hour = at.0.rem_euclid(86_400) / 3600;
        // 1 January 1970 was a Thursday.
        let weekday = (day(at) + 3).rem_euclid(7);
        pace.skip_hours.iter().any(|&h| i64::from(h % 24) == hour)
            || pace.skip_days.iter().any(|&d| i64::from(d) == weekday)
    };
    let minutes = due.0.rem_euclid(3600);
    let hours = (0..7 * 24).map(|hour| Timestamp(due.0 + 3600 * hour));
    // Kept at its own minute of the hour: others wake up at the full one.
    hours.map(|at| Timestamp(at.0 - at.0.rem_euclid(3600) + minutes)).find(|&at| !rests(at)).unwrap_or(due)
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(86_400)
}

/// 0 to 1, the same for the same source at the same moment (splitmix64's last steps).
fn dice(health: &Health, policy: &Schedule, now: Timestamp) -> f64 {
    let mut x = policy.salt ^ (now.0 as u64).rotate_left(17) ^ (health.next_due.0 as u64).rotate_left(41);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (x ^ (x >> 31)) as f64 / u64::MAX as f64
}

/// "2 hours", "3 days", "15 minutes".
fn in_words(time: Duration) -> String {
    let minutes = (time.as_secs() + 30) / 60;
    let (count, unit) = match minutes {
        0..=89 => (minutes.max(1), "minute"),
        90..=2159 => ((minutes + 30) / 60, "hour"),
        2160..=57_599 => ((minutes + 720) / 1440, "day"),
        57_600..=777_599 => ((minutes + 21_600) / 43_200, "month"),
        _ => ((minutes + 262_800) / 525_600, "year"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}
