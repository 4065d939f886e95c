//! The secret addresses of output feeds.

use news::{FollowId, ReaderId, Timestamp};

use super::readers;
use crate::Result;
use crate::conn::{Conn, Row, vals};

/// The whole edition has no follow.
fn number(follow: Option<FollowId>) -> FollowId {
    follow.unwrap_or_default()
}

fn follow(row: &dyn Row, column: usize) -> Option<FollowId> {
    Some(FollowId(row.int(column))).filter(|it| it.0 != 0)
}

pub(crate) fn key(conn: &mut dyn Conn, reader: ReaderId, follow: Option<FollowId>) -> Result<Option<String>> {
    conn.one(
        "SELECT key FROM feed_key WHERE reader = $1 AND follow = $2",
        vals![reader, number(follow)],
        |row| row.text(0),
    )
}

pub(crate) fn keys(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<(Option<FollowId>, String)>> {
    conn.all("SELECT follow, key FROM feed_key WHERE reader = $1 ORDER BY follow", vals![reader], |row| {
        (follow(row, 0), row.text(1))
    })
}

pub(crate) fn open(
    conn: &mut dyn Conn,
    reader: ReaderId,
    follow: Option<FollowId>,
    key: &str,
    now: Timestamp,
) -> Result<()> {
    match follow {
        Some(follow) => drop(readers::the_follow(conn, reader, follow)?),
        None => drop(readers::get(conn, reader)?),
    }
    conn.execute(
        "INSERT INTO feed_key (key, reader, follow, made) VALUES ($1, $2, $3, $4)
         ON CONFLICT (reader, follow) DO UPDATE SET key = excluded.key, made = excluded.made",
        vals![key, reader, number(follow), now],
    )?;
    Ok(())
}

pub(crate) fn close(conn: &mut dyn Conn, reader: ReaderId, follow: Option<FollowId>) -> Result<()> {
    conn.execute("DELETE FROM feed_key WHERE reader = $1 AND follow = $2", vals![reader, number(follow)])?;
    Ok(())
}

pub(crate) fn of_key(conn: &mut dyn Conn, key: &str) -> Result<Option<(ReaderId, Option<FollowId>)>> {
    conn.one("SELECT reader, follow FROM feed_key WHERE key = $1", vals![key], |row| {
        (ReaderId(row.int(0)), follow(row, 1))
    })
}
