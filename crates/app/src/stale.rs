//! Sources that may no longer be worth following: dead, silent for long, or never opened. Only ever an offer.

use std::time::Duration;

use news::Timestamp;

use crate::SourceView;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// A source that fails this long has had time to be mended.
const FAILING: Duration = DAY.saturating_mul(14);
/// Whatever its habit, half a year of silence is long; and so are so many of its usual gaps, if that is longer.
const SILENT: Duration = DAY.saturating_mul(180);
const SILENT_GAPS: u32 = 20;
/// Before that nobody has had the time to open anything, nor was there enough to open.
const UNOPENED: Duration = DAY.saturating_mul(30);
const UNOPENED_ENTRIES: u64 = 20;

/// Why a source may no longer be worth following.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stale {
    /// It said that it has ended (410), or that nothing is there.
    Ended,
    /// It could not be read for so long.
    Failing(Duration),
    /// It has published nothing for so long.
    Silent(Duration),
    /// Of so many entries since it is followed, none was opened.
    NeverOpened { entries: u64, since: Timestamp },
}

/// Those of the reader's sources that may go, with the reason; the plainest cases first.
pub(crate) fn among(sources: Vec<SourceView>, now: Timestamp) -> Vec<(SourceView, Stale)> {
    let mut found: Vec<(SourceView, Stale)> =
        sources.into_iter().filter_map(|it| stale(&it, now).map(|why| (it, why))).collect();
    found.sort_by_key(|(_, why)| match why {
        Stale::Ended => 0,
        Stale::Failing(_) => 1,
        Stale::Silent(_) => 2,
        Stale::NeverOpened { .. } => 3,
    });
    found
}

fn stale(it: &SourceView, now: Timestamp) -> Option<Stale> {
    let health = &it.source.health;
    if health.ended {
        return Some(Stale::Ended);
    }
    let failing = health.last_good.unwrap_or(it.source.added).age(now);
    if 0 < health.failures_in_a_row && FAILING <= failing {
        return Some(Stale::Failing(failing));
    }
    let silent = health.last_new.map(|at| at.age(now)).unwrap_or_default();
    if SILENT.max(health.usual_gap.unwrap_or_default().saturating_mul(SILENT_GAPS)) <= silent {
        return Some(Stale::Silent(silent));
    }
    let since = it.follow.as_ref()?.since;
    let unopened = it.opened == 0 && UNOPENED_ENTRIES <= it.entries && it.unread == it.entries;
    (unopened && UNOPENED <= since.age(now)).then_some(Stale::NeverOpened { entries: it.entries, since })
}

#[cfg(test)]
mod tests {
    use news::{Follow, FollowId, Health, ReaderId, Source, SourceId, SourceKind, Stance, Target, Weight};

    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000);

    fn days(n: u64) -> Duration {
        DAY.saturating_mul(n as u32)
    }

    fn ago(n: u64) -> Timestamp {
        NOW.before(days(n))
    }

    /// A source followed for a year, with a hundred entries of which one was opened, and new ones every day.
    fn view(change: impl FnOnce(&mut SourceView)) -> SourceView {
        let source = Source {
            id: SourceId(1),
            address: "https://a.example/feed".into(),
            kind: SourceKind::Feed,
            title: "A".into(),
            site: None,
            language: None,
            added: ago(365),
            health: Health { last_good: Some(ago(0)), last_new: Some(ago(1)), ..Health::default() },
            access: None,
            mailing: None,
        };
        let follow = Follow {
            id: FollowId(1),
            reader: ReaderId(1),
            target: Target::Source(SourceId(1)),
            stance: Stance::Follow(Weight::More),
            label: None,
            folder: None,
            aliases: Vec::new(),
            since: ago(365),
            until: None,
            place: news::Place::Everywhere,
            alerts: None,
            seen: None,
        };
        let mut view = SourceView {
            source,
            follow: Some(follow),
            entries: 100,
            unread: 99,
            more_unread: false,
            opened: 1,
            last_week: 7,
            readers: 1,
        };
        change(&mut view);
        view
    }

    #[test]
    fn what_is_dead_or_silent_or_never_opened_is_offered_and_nothing_else() {
        let check = |change: fn(&mut SourceView), expected: Option<Stale>| {
            assert_eq!(stale(&view(change), NOW), expected);
        };
        check(|_| (), None);
        check(|it| it.source.health.ended = true, Some(Stale::Ended));
        check(
            |it| (it.source.health.failures_in_a_row, it.source.health.last_good) = (9, Some(ago(20))),
            Some(Stale::Failing(days(20))),
        );
        check(
            |it| (it.source.health.failures_in_a_row, it.source.health.last_good) = (9, Some(ago(3))),
            None,
        );
        check(|it| it.source.health.last_new = Some(ago(200)), Some(Stale::Silent(days(200))));
        // A yearbook is silent for most of the year.
        check(
            |it| {
                it.source.health.last_new = Some(ago(200));
                it.source.health.usual_gap = Some(days(60));
            },
            None,
        );
        let unopened = Stale::NeverOpened { entries: 100, since: ago(365) };
        check(|it| (it.opened, it.unread) = (0, 100), Some(unopened));
        // Read in an app that opens nothing here.
        check(|it| (it.opened, it.unread) = (0, 40), None);
        check(|it| (it.opened, it.unread, it.entries) = (0, 5, 5), None);
        check(
            |it| {
                (it.opened, it.unread) = (0, 100);
                it.follow = it.follow.take().map(|follow| Follow { since: ago(5), ..follow });
            },
            None,
        );
    }
}
