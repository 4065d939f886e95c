use std::time::Duration;

use news::{Health, Pace, Timestamp, Trouble};

use crate::{Document, Outcome, Schedule, after_bad_push, after_push, lasting_move, next};

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 86_400;
/// Monday, 5 January 2026, 10:00 GMT.
const NOW: Timestamp = Timestamp(1_767_607_200);

fn fresh() -> Outcome {
    Outcome::Fresh(Document::default())
}

fn same() -> Outcome {
    Outcome::NotModified { cache_for: None, moved: None }
}

fn failed() -> Outcome {
    Outcome::Failed(Trouble::new("not_found", "There is nothing."))
}

fn busy(seconds: u64) -> Outcome {
    Outcome::Busy {
        wait: Some(Duration::from_secs(seconds)),
        trouble: Trouble::new("rate_limited", "Too often."),
    }
}

/// A source that publishes every so many seconds, and did so a moment ago.
fn publishes(every: i64) -> Health {
    Health { usual_gap: Some(Duration::from_secs(every as u64)), last_new: Some(NOW), ..Health::default() }
}

fn ask(outcome: &Outcome, health: &Health, pace: &Pace) -> Health {
    next(outcome, health, pace, None, 0, &Schedule::default(), NOW)
}

/// The wait lies between the two, both included.
fn check(outcome: &Outcome, health: &Health, pace: &Pace, from: i64, to: i64, because: &str) {
    let after = ask(outcome, health, pace);
    let wait = after.next_due.0 - NOW.0;
    assert!((from..=to).contains(&wait), "{wait} is not within {from} and {to}: {outcome:?}");
    assert_eq!(after.due_because, because);
}

#[test]
fn a_source_is_asked_as_often_as_it_publishes() {
    let pace = Pace::default();
    check(&same(), &publishes(10 * MINUTE), &pace, HOUR, 66 * MINUTE, "publishes about every 10 minutes");
    check(&same(), &publishes(4 * HOUR), &pace, 2 * HOUR, 132 * MINUTE, "publishes about every 4 hours");
    check(&same(), &publishes(30 * DAY), &pace, DAY, DAY, "publishes about every 30 days");
    check(
        &fresh(),
        &Health::default(),
        &pace,
        4 * HOUR,
        264 * MINUTE,
        "has not shown yet how often it publishes",
    );
}

#[test]
fn what_a_source_says_of_its_pace_is_kept() {
    let minutes = |minutes: u64| Some(Duration::from_secs(60 * minutes));
    let often = publishes(10 * MINUTE);
    let says = "asks not to be asked more often than every";
    let ttl = |it: u64| Pace { ttl: minutes(it), ..Pace::default() };
    check(&same(), &often, &ttl(1), 15 * MINUTE, 17 * MINUTE, &format!("{says} 15 minutes"));
    check(&same(), &often, &ttl(180), 3 * HOUR, 198 * MINUTE, &format!("{says} 3 hours"));
    check(&same(), &often, &ttl(999_999), DAY, DAY, &format!("{says} 24 hours"));
    let both = Pace { ttl: minutes(20), update_every: minutes(120), ..Pace::default() };
    check(&same(), &often, &both, 2 * HOUR, 132 * MINUTE, &format!("{says} 2 hours"));
    let cached =
        |seconds: u64| Outcome::NotModified { cache_for: Some(Duration::from_secs(seconds)), moved: None };
    check(&cached(300), &often, &Pace::default(), 15 * MINUTE, 17 * MINUTE, &format!("{says} 15 minutes"));
    check(&cached(0), &often, &Pace::default(), HOUR, 66 * MINUTE, "publishes about every 10 minutes");
    check(&cached(3_155_760_000), &often, &Pace::default(), DAY, DAY, &format!("{says} 24 hours"));
}

#[test]
fn a_source_that_rests_is_let_rest() {
    let rests = "rests at other hours or days, it says";
    // An hour from 10:00 on is 11:00; it rests until 14:00.
    let hours = Pace { skip_hours: vec![11, 12, 13], ..Pace::default() };
    check(&same(), &publishes(MINUTE), &hours, 4 * HOUR, 4 * HOUR + 7 * MINUTE, rests);
    // All of Monday and Tuesday.
    let days = Pace { skip_days: vec![0, 1], ..Pace::default() };
    check(&same(), &publishes(MINUTE), &days, 38 * HOUR, 38 * HOUR + 7 * MINUTE, rests);
    // Who always rests is not believed.
    let always = Pace { skip_hours: (0..24).collect(), ..Pace::default() };
    check(&same(), &publishes(MINUTE), &always, HOUR, 66 * MINUTE, "publishes about every 1 minute");
}

#[test]
fn failures_double_the_wait_and_one_success_ends_it() {
    let mut health = publishes(10 * MINUTE);
    for (times, minutes) in [75, 150, 300, 600, 1200, 1440, 1440, 1440].into_iter().enumerate() {
        health = ask(&failed(), &health, &Pace::default());
        let wait = (health.next_due.0 - NOW.0) / MINUTE;
        assert!((minutes * 4 / 5..=(minutes * 6 / 5).min(1440)).contains(&wait), "{times}: {wait} min");
        assert_eq!(health.failures_in_a_row as usize, times + 1);
    }
    assert_eq!(health.trouble.as_ref().map(|trouble| trouble.word.as_str()), Some("not_found"));
    health = ask(&same(), &health, &Pace::default());
    assert_eq!((health.failures_in_a_row, health.trouble), (0, None));
    assert_eq!(health.last_good, Some(NOW));
}

#[test]
fn retry_after_is_kept_up_to_a_day() {
    let health = publishes(10 * MINUTE);
    let asked = |words: &str| format!("asked us to wait {words} (Retry-After)");
    check(&busy(120), &health, &Pace::default(), HOUR, 92 * MINUTE, &asked("2 minutes"));
    check(&busy(36_000), &health, &Pace::default(), 10 * HOUR, 10 * HOUR + 2 * MINUTE, &asked("10 hours"));
    check(&busy(9_999_999_999), &health, &Pace::default(), DAY, DAY + 2 * MINUTE, &asked("24 hours"));
}

#[test]
fn waiting_for_ones_host_is_no_failure() {
    let held =
        Outcome::Busy { wait: Some(Duration::from_secs(7200)), trouble: Trouble::new("host_busy", "Wait.") };
    let after = ask(&held, &publishes(HOUR), &Pace::default());
    assert_eq!(after.failures_in_a_row, 0);
    assert!((2 * HOUR..=2 * HOUR + 120).contains(&(after.next_due.0 - NOW.0)));
}

#[test]
fn gone_is_gone() {
    let after = ask(&Outcome::Gone(Trouble::new("gone", "Gone.")), &publishes(HOUR), &Pace::default());
    assert!(after.ended && NOW.0 + 3000 * DAY < after.next_due.0);
}

#[test]
fn validators_are_replaced_as_a_pair_and_kept_through_trouble() {
    let before = Health { etag: Some("a".into()), last_modified: Some("b".into()), ..Health::default() };
    let pair = |health: Health| (health.etag, health.last_modified);
    let document = Document { etag: Some("c".into()), ..Document::default() };
    assert_eq!(pair(ask(&Outcome::Fresh(document), &before, &Pace::default())), (Some("c".into()), None));
    for outcome in [same(), failed(), busy(1)] {
        assert_eq!(pair(ask(&outcome, &before, &Pace::default())), (Some("a".into()), Some("b".into())));
    }
}

#[test]
fn the_usual_gap_is_learnt_from_what_comes() {
    let policy = Schedule::default();
    let learn = |health: &Health, newest: i64, added: usize, now: Timestamp| {
        next(&fresh(), health, &Pace::default(), Some(Timestamp(newest)), added, &policy, now)
    };
    // The first time only the age of the newest tells.
    let mut health = learn(&Health::default(), NOW.0 - 6 * HOUR, 30, NOW);
    assert_eq!(health.usual_gap, Some(Duration::from_secs(6 * HOUR as u64)));
    // Then two come in each hour: after a day it is known to within a third.
    for hour in 1..=24 {
        let now = Timestamp(NOW.0 + hour * HOUR);
        health = learn(&health, now.0, 2, now);
    }
    let gap = health.usual_gap.unwrap().as_secs() as i64;
    assert!((20 * MINUTE..40 * MINUTE).contains(&gap), "{gap}");
    // One long silence does not undo it, but is taken into account while it lasts.
    let quiet = next(&same(), &health, &Pace::default(), None, 0, &policy, Timestamp(NOW.0 + 72 * HOUR));
    assert_eq!(quiet.usual_gap, health.usual_gap);
    assert_eq!(quiet.due_because, "publishes about every 24 hours");
}

#[test]
fn a_lasting_move_is_believed_after_five_days_without_a_break() {
    let moved = |to: &str| Outcome::NotModified { cache_for: None, moved: Some(to.to_owned()) };
    let policy = Schedule::default();
    let play = |outcomes: &[(i64, Outcome)]| {
        let mut health = Health::default();
        for (hours, outcome) in outcomes {
            let now = Timestamp(NOW.0 + hours * HOUR);
            health = next(outcome, &health, &Pace::default(), None, 0, &policy, now);
        }
        lasting_move(&health, &policy)
    };
    let daily = |to: &'static str| (0..5).map(move |day| (24 * day, moved(to))).collect::<Vec<_>>();
    assert_eq!(play(&daily("b")), Some("b".into()));
    assert_eq!(play(&daily("b")[..4]), None);
    // A hundred times in one day are once.
    let hurried: Vec<_> = (0..100).map(|times| (times / 10, moved("b"))).collect();
    assert_eq!(play(&hurried), None);
    for break_by in [same(), moved("c")] {
        let mut broken = daily("b");
        broken[3].1 = break_by;
        assert_eq!(play(&broken), None);
    }
    // Trouble is no answer: it breaks nothing, and counts for nothing.
    let mut troubled = daily("b");
    troubled.insert(3, (60, failed()));
    assert_eq!(play(&troubled), Some("b".into()));
}

#[test]
fn sources_that_came_together_do_not_come_due_together() {
    let due = |salt: u64| {
        let policy = Schedule { salt, ..Schedule::default() };
        next(&same(), &publishes(4 * HOUR), &Pace::default(), None, 0, &policy, NOW).next_due
    };
    let moments: std::collections::BTreeSet<_> = (0..200).map(due).collect();
    assert!(100 < moments.len(), "{}", moments.len());
    assert_eq!(due(7), due(7));
}

#[test]
fn a_source_that_is_pushed_is_asked_seldom_until_its_hub_misses_something() {
    let policy = Schedule::default();
    let hour = HOUR;
    let wait = |health: &Health| (health.next_due.0 - NOW.0) / hour;
    let hourly = publishes(hour);
    assert_eq!(wait(&ask(&same(), &hourly, &Pace::default())), 1);

    let pushed = after_push(&hourly, Some(NOW), 1, &policy, NOW);
    assert_eq!((pushed.pushed, wait(&pushed)), (Some(NOW), 12));
    assert!(pushed.due_because.contains("hub"));
    // Asking finds nothing more: the hub is trusted, and still is the next time.
    assert_eq!(wait(&ask(&same(), &pushed, &Pace::default())), 12);
    // Asking finds what was not pushed: polled as before, until it pushes again.
    let missed = next(&same(), &pushed, &Pace::default(), Some(NOW), 1, &policy, NOW);
    assert_eq!((missed.pushed, wait(&missed)), (None, 1));
    assert_eq!(wait(&after_push(&missed, Some(NOW), 1, &policy, NOW)), 12);
    // Nothing pushed for longer than such a source is ever quiet.
    let long_ago =
        Health { pushed: Some(Timestamp(NOW.0 - 25 * hour)), last_new: Some(NOW), ..pushed.clone() };
    assert_eq!(wait(&ask(&same(), &long_ago, &Pace::default())), 1);
}

#[test]
fn a_push_does_not_bring_a_failing_source_forward() {
    let failing = Health { next_due: Timestamp(NOW.0 + 20 * 3600), failures_in_a_row: 5, ..publishes(3600) };
    let pushed = after_push(&failing, None, 0, &Schedule::default(), NOW);
    assert_eq!((pushed.next_due, pushed.failures_in_a_row), (failing.next_due, 5));
}

#[test]
fn a_push_that_cannot_be_read_has_the_source_asked_as_soon_as_it_may_be() {
    let wait = |health: &Health| {
        (after_bad_push(health, Trouble::new("not_a_feed", "It is a picture."), NOW).next_due.0 - NOW.0)
            / MINUTE
    };
    let seldom = Health {
        next_due: Timestamp(NOW.0 + 12 * HOUR),
        last_asked: Some(Timestamp(NOW.0 - 20 * MINUTE)),
        ..publishes(HOUR)
    };
    assert_eq!(wait(&seldom), 40);
    assert_eq!(wait(&Health { last_asked: Some(Timestamp(NOW.0 - DAY)), ..seldom.clone() }), 0);
    // Again and again: no sooner. And never sooner than it asks itself.
    let told = after_bad_push(&seldom, Trouble::new("not_a_feed", "It is a picture."), NOW);
    assert_eq!(wait(&told), 40);
    let pace = Pace { ttl: Some(Duration::from_secs(3 * 3600)), ..Pace::default() };
    assert_eq!(wait(&Health { pace, ..seldom.clone() }), 160);
    assert_eq!(wait(&Health { failures_in_a_row: 3, ..seldom }), 12 * 60);
}
