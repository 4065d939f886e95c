//! Sources: when they are due, and how they are doing.

use std::sync::Arc;
use std::time::Duration;

use news::{
    Access, Follow, Health, Hub, Language, Mailing, Pace, ReaderId, Refreshed, Source, SourceId, SourceKind,
    Stance, Target, Timestamp, Trouble,
};

use super::{arrivals, entries, readers, tasks};
use crate::conn::{Conn, Row, Val, vals};
use crate::words;
use crate::{NewSource, Result, Stage, StoreError, Task};

/// In the order in which [`source`] reads them; so many columns.
pub(crate) const WIDTH: usize = 30;
pub(crate) const COLUMNS: &str = "s.id, s.address, s.kind, s.selector, s.title, s.site, s.language, s.added,
    s.next_due, s.due_because, s.etag, s.last_modified, s.last_asked, s.last_good, s.last_new, s.usual_gap, s.failures,
    s.trouble_word, s.trouble_says, s.moved_to, s.moved_times, s.ended, s.pace,
    s.hub, s.topic, s.pushed, s.sender, s.unsubscribe, s.confirm, s.access";

pub(crate) fn source(row: &dyn Row) -> Source {
    let trouble = row.maybe_text(17).map(|word| Trouble { word, says: row.text(18) });
    Source {
        id: SourceId(row.int(0)),
        address: row.text(1),
        kind: kind(row.maybe_str(2).unwrap_or_default(), row.maybe_text(3)),
        title: row.text(4),
        site: row.maybe_text(5),
        language: row.maybe_text(6).map(Language),
        added: row.time(7),
        health: Health {
            next_due: row.time(8),
            due_because: row.text(9),
            etag: row.maybe_text(10),
            last_modified: row.maybe_text(11),
            last_asked: row.maybe_time(12),
            last_good: row.maybe_time(13),
            last_new: row.maybe_time(14),
            usual_gap: row.maybe_int(15).map(|gap| Duration::from_secs(gap.max(0) as u64)),
            failures_in_a_row: row.count(16),
            trouble,
            moved_to: row.maybe_text(19).map(|to| (to, row.count(20))),
            ended: row.flag(21),
            pace: pace(row.maybe_str(22).unwrap_or_default()),
            hub: row.maybe_text(23).map(|address| Hub { address, topic: row.text(24) }),
            pushed: row.maybe_time(25),
        },
        mailing: row.maybe_text(26).map(|sender| Mailing {
            sender,
            unsubscribe: row.maybe_text(27),
            confirm: row.maybe_text(28),
        }),
        access: row.maybe_str(29).map(|it| Arc::new(access(it))),
    }
}

/// A line a thing; none of them can hold the end of a line.
fn access_text(access: &Access) -> String {
    let mut lines = Vec::new();
    lines.extend(access.login.iter().map(|(user, password)| format!("login: {user}:{password}")));
    lines.extend(access.token.iter().map(|it| format!("token: {it}")));
    lines.extend(access.cookie.iter().map(|it| format!("cookie: {it}")));
    lines.extend(access.headers.iter().map(|(name, value)| format!("header: {name}: {value}")));
    lines.extend(access.proxy.iter().map(|it| format!("proxy: {it}")));
    lines.join("\n")
}

fn access(text: &str) -> Access {
    let pair =
        |text: &str, by: &str| text.split_once(by).map(|(one, other)| (one.to_owned(), other.to_owned()));
    let mut access = Access::default();
    for (word, value) in text.lines().filter_map(|it| it.split_once(": ")) {
        match word {
            "login" => access.login = pair(value, ":"),
            "token" => access.token = Some(value.to_owned()),
            "cookie" => access.cookie = Some(value.to_owned()),
            "header" => access.headers.extend(pair(value, ": ")),
            "proxy" => access.proxy = Some(value.to_owned()),
            _ => (),
        }
    }
    access
}

/// With something to keep, the reader gets the source to themselves: nobody else reads with their password. Without, it
/// is everybody's again, unless everybody's stands there already.
pub(crate) fn set_access(
    conn: &mut dyn Conn,
    reader: ReaderId,
    id: SourceId,
    given: Option<&Access>,
    now: Timestamp,
) -> Result<SourceId> {
    let is = get(conn, id)?.ok_or(StoreError::NotFound)?;
    let follows = readers::follows(conn, reader)?;
    let is_it = |it: &Follow| it.target == Target::Source(id) && matches!(it.stance, Stance::Follow(_));
    let follow = follows.into_iter().find(is_it);
    let follow = follow.ok_or(StoreError::NotFound)?;
    let address = match given {
        Some(_) => is.own_address(reader),
        None => is.shown_address().to_owned(),
    };
    let standing =
        conn.one("SELECT id FROM source WHERE address = $1", vals![&address], |row| SourceId(row.int(0)))?;
    let alone = conn.number("SELECT count(*) FROM follow WHERE source = $1", vals![id])? == 1;
    let to = match standing {
        Some(standing) => standing,
        // Nobody else has it: it goes along, with all its entries.
        None if alone => {
            conn.execute("UPDATE source SET address = $2 WHERE id = $1", vals![id, &address])?;
            id
        }
        None => {
            let new = NewSource {
                address,
                kind: is.kind.clone(),
                title: Some(is.title.clone()),
                site: is.site.clone(),
                language: is.language.clone(),
            };
            add(conn, &new, now)?
        }
    };
    if given.is_none() {
        conn.execute("UPDATE source SET access = NULL WHERE id = $1", vals![id])?;
    }
    // What it answered to somebody else does not hold; it is asked at once.
    conn.execute(
        "UPDATE source SET access = $2, etag = NULL, last_modified = NULL, ended = 0 WHERE id = $1",
        vals![to, given.map(access_text).as_deref()],
    )?;
    if to != id {
        let has = conn.number(
            "SELECT count(*) FROM follow WHERE reader = $1 AND source = $2 AND stance NOT LIKE 'mute%'",
            vals![reader, to],
        )?;
        if has == 0 {
            conn.execute(
                "UPDATE follow SET source = $2, target = $3 WHERE id = $1",
                vals![follow.id, to, &words::target_text(&Target::Source(to))],
            )?;
        } else {
            readers::remove_follow(conn, reader, follow.id)?;
        }
        follow_changed(conn, id, now)?;
        follow_changed(conn, to, now)?;
    }
    refresh_now(conn, to, now)?;
    Ok(to)
}

/// `ttl=SECONDS every=SECONDS hours=3,4 days=0`, only what was said.
fn pace_text(pace: &Pace) -> String {
    let numbers = |list: &[u8]| list.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    let mut words = Vec::new();
    words.extend(pace.ttl.map(|it| format!("ttl={}", it.as_secs())));
    words.extend(pace.update_every.map(|it| format!("every={}", it.as_secs())));
    words.extend((!pace.skip_hours.is_empty()).then(|| format!("hours={}", numbers(&pace.skip_hours))));
    words.extend((!pace.skip_days.is_empty()).then(|| format!("days={}", numbers(&pace.skip_days))));
    words.join(" ")
}

fn pace(text: &str) -> Pace {
    let numbers = |list: &str| list.split(',').filter_map(|it| it.parse().ok()).collect();
    let seconds = |text: &str| text.parse().ok().map(Duration::from_secs);
    let mut pace = Pace::default();
    for (word, value) in text.split(' ').filter_map(|it| it.split_once('=')) {
        match word {
            "ttl" => pace.ttl = seconds(value),
            "every" => pace.update_every = seconds(value),
            "hours" => pace.skip_hours = numbers(value),
            "days" => pace.skip_days = numbers(value),
            _ => (),
        }
    }
    pace
}

fn kind(word: &str, selector: Option<String>) -> SourceKind {
    match word {
        "sitemap" => SourceKind::Sitemap,
        "page" => SourceKind::Page { selector },
        "mail" => SourceKind::Mail,
        _ => SourceKind::Feed,
    }
}

fn kind_columns(kind: &SourceKind) -> (&'static str, Option<&str>) {
    match kind {
        SourceKind::Feed => ("feed", None),
        SourceKind::Sitemap => ("sitemap", None),
        SourceKind::Page { selector } => ("page", selector.as_deref()),
        SourceKind::Mail => ("mail", None),
    }
}

/// What politeness goes by, and the key of refreshing.
fn host(address: &str) -> String {
    news::host_of(address).unwrap_or_else(|| address.to_owned())
}

pub(crate) fn add(conn: &mut dyn Conn, new: &NewSource, now: Timestamp) -> Result<SourceId> {
    let standing = |conn: &mut dyn Conn| {
        conn.one("SELECT id FROM source WHERE address = $1", vals![&new.address], |row| SourceId(row.int(0)))
    };
    // Looked for first: an attempt to add takes a number, and those are not for nothing.
    if let Some(id) = standing(conn)? {
        return Ok(id);
    }
    let (kind, selector) = kind_columns(&new.kind);
    let host = host(&new.address);
    conn.execute(
        "INSERT INTO source (address, host, kind, selector, title, site, language, added, next_due, due_because)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 'new') ON CONFLICT (address) DO NOTHING",
        vals![
            &new.address,
            &host,
            kind,
            selector,
            new.title.as_deref().unwrap_or(&host),
            new.site.as_deref(),
            new.language.as_ref().map(|it| it.0.as_str()),
            now,
        ],
    )?;
    conn.wake(Stage::Refresh);
    standing(conn)?.ok_or(StoreError::NotFound)
}

pub(crate) fn get(conn: &mut dyn Conn, id: SourceId) -> Result<Option<Source>> {
    conn.one(&format!("SELECT {COLUMNS} FROM source s WHERE s.id = $1"), vals![id], source)
}

pub(crate) fn refresh_now(conn: &mut dyn Conn, id: SourceId, now: Timestamp) -> Result<()> {
    let host = conn.one(
        "UPDATE source SET next_due = $2, due_because = 'asked for' WHERE id = $1 AND kind <> 'mail' RETURNING host",
        vals![id, now],
        |row| row.text(0),
    )?;
    let host = host.ok_or(StoreError::NotFound)?;
    tasks::add(conn, Stage::Refresh, id.0, &host, now)
}

/// Nobody is asked for what nobody reads.
const UNFOLLOWED: &str = "nobody follows it";
/// As good as never, and still a date.
const NEVER: i64 = 253_402_300_799;

const FOLLOWED: &str =
    "EXISTS (SELECT 1 FROM follow f WHERE f.source = source.id AND f.stance NOT LIKE 'mute%')";

/// The last of its readers may have left, or the first have come.
pub(crate) fn follow_changed(conn: &mut dyn Conn, id: SourceId, now: Timestamp) -> Result<()> {
    let rests = conn.execute(
        &format!("UPDATE source SET next_due = $2, due_because = $3 WHERE id = $1 AND NOT {FOLLOWED}"),
        vals![id, NEVER, UNFOLLOWED],
    )?;
    if rests != 0 {
        return tasks::withdraw(conn, Stage::Refresh, id.0);
    }
    let woken = conn.execute(
        "UPDATE source SET next_due = $2, due_because = 'followed again' WHERE id = $1 AND due_because = $3",
        vals![id, now, UNFOLLOWED],
    )?;
    if woken != 0 {
        conn.wake(Stage::Refresh);
    }
    Ok(())
}

pub(crate) fn enqueue_due(conn: &mut dyn Conn, now: Timestamp) -> Result<usize> {
    let added = conn.execute(
        "INSERT INTO task (stage, about, key, until)
         SELECT $1, id, host, $2 FROM source WHERE ended = 0 AND kind <> 'mail' AND next_due <= $2
         ON CONFLICT (stage, about) DO NOTHING",
        vals![Stage::Refresh as i64, now],
    )?;
    if added != 0 {
        conn.wake(Stage::Refresh);
    }
    Ok(added as usize)
}

pub(crate) fn next_due(conn: &mut dyn Conn) -> Result<Option<Timestamp>> {
    conn.one(
        "SELECT next_due FROM source WHERE ended = 0 AND kind <> 'mail'
           AND NOT EXISTS (SELECT 1 FROM task WHERE stage = $1 AND about = source.id)
         ORDER BY next_due LIMIT 1",
        vals![Stage::Refresh as i64],
        |row| row.time(0),
    )
}

pub(crate) fn record_refreshed(
    conn: &mut dyn Conn,
    batch: &[(Task, Refreshed)],
    now: Timestamp,
) -> Result<usize> {
    let mut recorded = 0;
    for (task, refreshed) in batch {
        if !tasks::holds(conn, task)? {
            continue;
        }
        let added = entries::record(conn, refreshed, now)?;
        record_health(conn, refreshed, added)?;
        if task.stage == Stage::Receive {
            arrivals::drop_one(conn, task.about)?;
        }
        tasks::strike_off(conn, task, now)?;
        recorded += 1;
    }
    Ok(recorded)
}

fn record_health(conn: &mut dyn Conn, refreshed: &Refreshed, added: usize) -> Result<()> {
    let Refreshed { source, title, site, language, new_address, health, mailing, .. } = refreshed;
    let (moved_to, moved_times) =
        health.moved_to.as_ref().map_or((None, 0), |(to, times)| (Some(to.as_str()), *times));
    let pace = pace_text(&health.pace);
    conn.execute(
        "UPDATE source SET title = coalesce($2, title), site = coalesce($3, site), language = coalesce($4, language),
           entries = entries + $5, next_due = $6, due_because = $7, etag = $8, last_modified = $9, last_asked = $10,
           last_good = $11, last_new = $12, usual_gap = $13, failures = $14, trouble_word = $15, trouble_says = $16,
           moved_to = $17, moved_times = $18, ended = $19, pace = $20, hub = $21, topic = $22, pushed = $23
         WHERE id = $1",
        vals![
            *source,
            title.as_deref().filter(|title| !title.is_empty()),
            site.as_deref(),
            language.as_ref().map(|it| it.0.as_str()),
            added,
            health.next_due,
            &health.due_because,
            health.etag.as_deref(),
            health.last_modified.as_deref(),
            health.last_asked,
            health.last_good,
            health.last_new,
            health.usual_gap.map(|gap| gap.as_secs() as i64),
            health.failures_in_a_row,
            health.trouble.as_ref().map(|it| it.word.as_str()),
            health.trouble.as_ref().map(|it| it.says.as_str()),
            moved_to,
            moved_times,
            health.ended,
            &pace,
            health.hub.as_ref().map(|it| it.address.as_str()),
            health.hub.as_ref().map(|it| it.topic.as_str()),
            health.pushed,
        ],
    )?;
    if let Some(mailing) = mailing {
        conn.execute(
            "UPDATE source SET sender = $2, unsubscribe = coalesce($3, unsubscribe), confirm = $4 WHERE id = $1",
            vals![*source, &mailing.sender, mailing.unsubscribe.as_deref(), mailing.confirm.as_deref()],
        )?;
    }
    match new_address {
        Some(address) => move_to(conn, *source, address),
        None => Ok(()),
    }
}

/// Unless another source stands at the new address already: then both stay as they are, for a person to look at.
fn move_to(conn: &mut dyn Conn, source: SourceId, address: &str) -> Result<()> {
    conn.execute(
        "UPDATE source SET address = $2, host = $3
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM source other WHERE other.address = $2)",
        &[Val::Int(source.0), Val::Text(address), Val::Text(&host(address))],
    )?;
    Ok(())
}

pub(crate) fn to_be_refreshed(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<Source>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    for task in tasks {
        match get(conn, SourceId(task.about))? {
            Some(source) => found.push((task.clone(), source)),
            None => gone.push(task.clone()),
        }
    }
    Ok((found, gone))
}
