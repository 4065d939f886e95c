//! What we agreed with hubs, and when to look after it.

use news::{Hub, SourceId, Subscription, Timestamp, Trouble, Wish};

use super::{sources, tasks};
use crate::conn::{Conn, Row, vals};
use crate::{Result, Stage, Task, ToSubscribe};

const COLUMNS: &str =
    "source, hub, topic, key, secret, pending, until, due, asked, trouble_word, trouble_says";

fn subscription(row: &dyn Row) -> Subscription {
    Subscription {
        source: SourceId(row.int(0)),
        hub: Hub { address: row.text(1), topic: row.text(2) },
        key: row.text(3),
        secret: row.text(4),
        pending: row.maybe_str(5).map(wish),
        until: row.maybe_time(6),
        due: row.time(7),
        asked: row.count(8),
        trouble: row.maybe_text(9).map(|word| Trouble { word, says: row.text(10) }),
    }
}

fn wish(word: &str) -> Wish {
    if word == "unsubscribe" { Wish::Unsubscribe } else { Wish::Subscribe }
}

fn wish_word(wish: Wish) -> &'static str {
    match wish {
        Wish::Subscribe => "subscribe",
        Wish::Unsubscribe => "unsubscribe",
    }
}

pub(crate) fn by_key(conn: &mut dyn Conn, key: &str) -> Result<Option<Subscription>> {
    conn.one(&format!("SELECT {COLUMNS} FROM subscription WHERE key = $1"), vals![key], subscription)
}

pub(crate) fn all(conn: &mut dyn Conn) -> Result<Vec<Subscription>> {
    conn.all(&format!("SELECT {COLUMNS} FROM subscription ORDER BY source"), &[], subscription)
}

fn of_source(conn: &mut dyn Conn, source: SourceId) -> Result<Option<Subscription>> {
    conn.one(&format!("SELECT {COLUMNS} FROM subscription WHERE source = $1"), vals![source], subscription)
}

/// Sources with a hub that has not been asked yet; subscriptions that are to be looked after (another hub waits until
/// then); and those of sources that nobody follows any more.
pub(crate) fn enqueue_due(conn: &mut dyn Conn, now: Timestamp) -> Result<usize> {
    let added = conn.execute(
        "INSERT INTO task (stage, about, key, until)
         SELECT $1, s.id, coalesce(u.hub, s.hub), $2 FROM source s LEFT JOIN subscription u ON u.source = s.id
         WHERE (s.hub IS NOT NULL AND s.ended = 0 AND u.source IS NULL
             AND EXISTS (SELECT 1 FROM follow f WHERE f.source = s.id AND f.stance NOT LIKE 'mute%'))
           OR u.due <= $2
           OR (coalesce(u.pending, '') <> 'unsubscribe' AND u.source IS NOT NULL
             AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.source = s.id AND f.stance NOT LIKE 'mute%'))
         ON CONFLICT (stage, about) DO NOTHING",
        vals![Stage::Subscribe as i64, now],
    )?;
    if added != 0 {
        conn.wake(Stage::Subscribe);
    }
    Ok(added as usize)
}

pub(crate) fn to_be_kept(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<ToSubscribe>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    for task in tasks {
        let id = SourceId(task.about);
        let Some(source) = sources::get(conn, id)? else {
            gone.push(task.clone());
            continue;
        };
        let followers = conn
            .number("SELECT count(*) FROM follow WHERE source = $1 AND stance NOT LIKE 'mute%'", vals![id])?;
        let wanted = followers != 0 && !source.health.ended;
        found.push((task.clone(), ToSubscribe { source, wanted, standing: of_source(conn, id)? }));
    }
    Ok((found, gone))
}

pub(crate) fn write(conn: &mut dyn Conn, it: &Subscription) -> Result<()> {
    conn.execute(
        &format!(
            "INSERT INTO subscription ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (source) DO UPDATE SET hub = excluded.hub, topic = excluded.topic, key = excluded.key,
               secret = excluded.secret, pending = excluded.pending, until = excluded.until, due = excluded.due,
               asked = excluded.asked, trouble_word = excluded.trouble_word, trouble_says = excluded.trouble_says"
        ),
        vals![
            it.source,
            &it.hub.address,
            &it.hub.topic,
            &it.key,
            &it.secret,
            it.pending.map(wish_word),
            it.until,
            it.due,
            it.asked,
            it.trouble.as_ref().map(|it| it.word.as_str()),
            it.trouble.as_ref().map(|it| it.says.as_str()),
        ],
    )?;
    Ok(())
}

/// What came of asking the hub. The hub may have been faster, and verified it already: then nothing is to be said.
pub(crate) fn record_asked(
    conn: &mut dyn Conn,
    task: &Task,
    due: Timestamp,
    trouble: Option<&Trouble>,
    now: Timestamp,
) -> Result<()> {
    if !tasks::holds(conn, task)? {
        return Err(crate::StoreError::LeaseLost);
    }
    conn.execute(
        "UPDATE subscription SET due = $2, trouble_word = $3, trouble_says = $4
         WHERE source = $1 AND pending IS NOT NULL",
        vals![task.about, due, trouble.map(|it| it.word.as_str()), trouble.map(|it| it.says.as_str())],
    )?;
    tasks::strike_off(conn, task, now)
}

/// The hub pushes no more: the source is asked as before, and at once.
pub(crate) fn end(conn: &mut dyn Conn, source: SourceId, now: Timestamp) -> Result<()> {
    conn.execute("DELETE FROM subscription WHERE source = $1", vals![source])?;
    poll_again(conn, source, now)
}

pub(crate) fn poll_again(conn: &mut dyn Conn, source: SourceId, now: Timestamp) -> Result<()> {
    conn.execute(
        "UPDATE source SET pushed = NULL, next_due = $2 WHERE id = $1 AND pushed IS NOT NULL AND $2 < next_due",
        vals![source, now],
    )?;
    Ok(())
}
