//! Alerts, and their way out.

use std::collections::BTreeMap;

use news::{Alert, AlertId, FollowId, ReaderId, StoryId, Timestamp};

use crate::conn::{Conn, Row, Val, vals};
use crate::{Result, Waiting};

/// Of a story that was joined with another since, it is an alert of that one.
const ALERT: &str = "a.id, a.reader, a.follow,
    coalesce((SELECT m.leads_to FROM moved_story m WHERE m.story = a.story), a.story), a.at, a.turns, a.seen";

fn alert(row: &dyn Row) -> Alert {
    Alert {
        id: AlertId(row.int(0)),
        reader: ReaderId(row.int(1)),
        follow: FollowId(row.int(2)),
        story: StoryId(row.int(3)),
        at: row.time(4),
        turns: row.count(5),
        seen: row.flag(6),
    }
}

pub(crate) fn newest(conn: &mut dyn Conn, reader: ReaderId, at_most: usize) -> Result<Vec<Alert>> {
    let sql = format!("SELECT {ALERT} FROM alert a WHERE a.reader = $1 ORDER BY a.id DESC LIMIT $2");
    conn.all(&sql, vals![reader, at_most], alert)
}

pub(crate) fn wished_for(conn: &mut dyn Conn) -> Result<Vec<ReaderId>> {
    conn.all("SELECT DISTINCT reader FROM follow WHERE alerts IS NOT NULL ORDER BY reader", &[], |row| {
        ReaderId(row.int(0))
    })
}

pub(crate) fn of_stories(conn: &mut dyn Conn, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<Alert>> {
    let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
    let sql = format!(
        "SELECT {ALERT} FROM alert a WHERE a.reader = {} AND (a.story IN ({{keys}})
           OR a.story IN (SELECT m.story FROM moved_story m WHERE m.leads_to IN ({{keys}})))",
        reader.0
    );
    let mut last: BTreeMap<StoryId, Alert> = BTreeMap::new();
    for it in conn.all_in(&sql, &keys, alert)? {
        if last.get(&it.story).is_none_or(|known| known.id < it.id) {
            last.insert(it.story, it);
        }
    }
    Ok(last.into_values().collect())
}

pub(crate) fn record(conn: &mut dyn Conn, alerts: &[Alert], channels: &[String]) -> Result<Vec<Alert>> {
    let mut new = Vec::new();
    for it in alerts {
        let id = conn.one(
            "INSERT INTO alert (reader, follow, story, at, turns) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT (reader, story, turns) DO NOTHING RETURNING id",
            vals![it.reader, it.follow, it.story, it.at, it.turns],
            |row| AlertId(row.int(0)),
        )?;
        let Some(id) = id else { continue };
        for channel in channels {
            conn.execute(
                "INSERT INTO alert_out (channel, alert, reader, until) VALUES ($1, $2, $3, $4)",
                vals![channel, id, it.reader, it.at],
            )?;
        }
        new.push(Alert { id, ..it.clone() });
    }
    Ok(new)
}

pub(crate) fn seen(conn: &mut dyn Conn, reader: ReaderId, upto: AlertId) -> Result<()> {
    conn.execute(
        "UPDATE alert SET seen = 1 WHERE reader = $1 AND id <= $2 AND seen = 0",
        vals![reader, upto],
    )?;
    Ok(())
}

pub(crate) fn to_send(
    conn: &mut dyn Conn,
    channel: &str,
    now: Timestamp,
    at_most: usize,
) -> Result<Vec<Waiting>> {
    let sql = format!(
        "SELECT {ALERT}, o.attempt FROM alert_out o JOIN alert a ON a.id = o.alert
         WHERE o.channel = $1 AND o.until <= $2 ORDER BY o.alert LIMIT $3"
    );
    conn.all(&sql, vals![channel, now, at_most], |row| Waiting { alert: alert(row), attempt: row.count(7) })
}

pub(crate) fn sent(
    conn: &mut dyn Conn,
    channel: &str,
    alerts: &[AlertId],
    again: Option<Timestamp>,
) -> Result<()> {
    for &it in alerts {
        match again {
            Some(until) => conn.execute(
                "UPDATE alert_out SET attempt = attempt + 1, until = $3 WHERE channel = $1 AND alert = $2",
                vals![channel, it, until],
            )?,
            None => {
                conn.execute("DELETE FROM alert_out WHERE channel = $1 AND alert = $2", vals![channel, it])?
            }
        };
    }
    Ok(())
}
