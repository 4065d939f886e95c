//! Readers, what they follow, what we believe of them, and the editions they were given.

use std::collections::HashSet;

use news::{
    Belief, Edition, EditionId, Follow, FollowId, Interests, Reader, ReaderId, ReaderSettings, SignalId,
    StoryId, Target, Timestamp,
};

use super::{mending, repairs, sources, tasks};
use crate::conn::{Conn, Row, vals};
use crate::pack::{pack, unpack};
use crate::rows::EditionRow;
use crate::words;
use crate::{FollowMark, NewFollow, Result, Stage, StoreError, Task};

const READER: &str = "SELECT id, name, since, settings FROM reader";

fn reader_row(row: &dyn Row) -> Reader {
    Reader {
        id: ReaderId(row.int(0)),
        name: row.text(1),
        since: row.time(2),
        settings: words::settings(row.maybe_str(3).unwrap_or_default()),
    }
}

pub(crate) fn all(conn: &mut dyn Conn) -> Result<Vec<Reader>> {
    conn.all(&format!("{READER} ORDER BY id"), &[], reader_row)
}

pub(crate) fn get(conn: &mut dyn Conn, id: ReaderId) -> Result<Reader> {
    conn.one(&format!("{READER} WHERE id = $1"), vals![id], reader_row)?.ok_or(StoreError::NotFound)
}

pub(crate) fn named(conn: &mut dyn Conn, name: &str) -> Result<Option<Reader>> {
    conn.one(&format!("{READER} WHERE name = $1"), vals![name], reader_row)
}

pub(crate) fn add(conn: &mut dyn Conn, name: &str, now: Timestamp) -> Result<Reader> {
    if let Some(reader) = named(conn, name)? {
        return Ok(reader);
    }
    conn.execute(
        "INSERT INTO reader (name, since, settings) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING",
        vals![name, now, &words::settings_text(&ReaderSettings::default())],
    )?;
    named(conn, name)?.ok_or(StoreError::NotFound)
}

pub(crate) fn save_settings(conn: &mut dyn Conn, id: ReaderId, settings: &ReaderSettings) -> Result<()> {
    let saved = conn.execute(
        "UPDATE reader SET settings = $2 WHERE id = $1",
        vals![id, &words::settings_text(settings)],
    )?;
    if saved == 0 { Err(StoreError::NotFound) } else { Ok(()) }
}

/// What [`follow`] reads; twelve columns.
pub(crate) const FOLLOW: &str = "f.id, f.reader, f.target, f.stance, f.label, f.folder, f.aliases, f.since, \
     f.until, f.place, f.alerts, f.seen";

/// `None` for a target or place of a kind that we do not know: a newer tidings wrote it.
pub(crate) fn follow(row: &dyn Row, first: usize) -> Option<Follow> {
    Some(Follow {
        id: FollowId(row.maybe_int(first)?),
        reader: ReaderId(row.int(first + 1)),
        target: words::target(row.maybe_str(first + 2)?)?,
        stance: words::stance(row.maybe_str(first + 3).unwrap_or_default()),
        label: row.maybe_text(first + 4),
        folder: row.maybe_text(first + 5),
        aliases: serde_json::from_str(row.maybe_str(first + 6).unwrap_or_default()).unwrap_or_default(),
        since: row.time(first + 7),
        until: row.maybe_time(first + 8),
        place: words::place(row.maybe_str(first + 9).unwrap_or_default())?,
        alerts: row.maybe_time(first + 10),
        seen: row.maybe_time(first + 11),
    })
}

pub(crate) fn follows(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<Follow>> {
    let sql = format!("SELECT {FOLLOW} FROM follow f WHERE f.reader = $1 ORDER BY f.id");
    let mut follows: Vec<Follow> =
        conn.all(&sql, vals![reader], |row| follow(row, 0))?.into_iter().flatten().collect();
    let stories: Vec<StoryId> = follows.iter().filter_map(|it| story_followed(&it.target)).collect();
    if !stories.is_empty() {
        // Joined with another since, for everybody or by the reader.
        let (leads, own) = (mending::leads(conn, &stories)?, repairs::own(conn, reader)?);
        for follow in &mut follows {
            if let Some(story) = story_followed(&follow.target) {
                follow.target = Target::Story(own.stands_at(leads.get(&story).copied().unwrap_or(story)));
            }
        }
    }
    Ok(follows)
}

fn story_followed(target: &Target) -> Option<StoryId> {
    match target {
        Target::Story(story) => Some(*story),
        _ => None,
    }
}

pub(crate) fn add_follow(
    conn: &mut dyn Conn,
    reader: ReaderId,
    new: &NewFollow,
    now: Timestamp,
) -> Result<Follow> {
    get(conn, reader)?;
    let target = match story_followed(&new.target) {
        Some(story) => Target::Story(mending::leads(conn, &[story])?.get(&story).copied().unwrap_or(story)),
        None => new.target.clone(),
    };
    let target = words::target_text(&target);
    let source = match new.target {
        Target::Source(source) => Some(source),
        _ => None,
    };
    let aliases = serde_json::to_string(&new.aliases).unwrap_or_default();
    let place = words::place_text(new.stance, &new.place);
    conn.execute(
        "INSERT INTO follow (reader, target, source, stance, label, folder, aliases, since, until, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (reader, target, place) DO UPDATE SET stance = excluded.stance, label = excluded.label,
           folder = excluded.folder, aliases = excluded.aliases, until = excluded.until",
        vals![
            reader,
            &target,
            source,
            words::stance_word(new.stance),
            new.label.as_deref(),
            new.folder.as_deref(),
            &aliases,
            now,
            new.until,
            &place,
        ],
    )?;
    if let Some(source) = source {
        sources::follow_changed(conn, source, now)?;
    }
    let sql = format!("SELECT {FOLLOW} FROM follow f WHERE f.reader = $1 AND f.target = $2 AND f.place = $3");
    conn.one(&sql, vals![reader, &target, &place], |row| follow(row, 0))?
        .flatten()
        .ok_or(StoreError::NotFound)
}

pub(crate) fn the_follow(conn: &mut dyn Conn, reader: ReaderId, id: FollowId) -> Result<Follow> {
    let sql = format!("SELECT {FOLLOW} FROM follow f WHERE f.reader = $1 AND f.id = $2");
    conn.one(&sql, vals![reader, id], |row| follow(row, 0))?.flatten().ok_or(StoreError::NotFound)
}

pub(crate) fn mark_follow(
    conn: &mut dyn Conn,
    reader: ReaderId,
    id: FollowId,
    mark: FollowMark,
) -> Result<Follow> {
    let (column, value) = match mark {
        FollowMark::Alerts(since) => ("alerts", since),
        FollowMark::Seen(at) => ("seen", at),
    };
    let sql = format!("UPDATE follow SET {column} = $3 WHERE reader = $1 AND id = $2");
    conn.execute(&sql, vals![reader, id, value])?;
    the_follow(conn, reader, id)
}

/// All columns, in both tables.
const KEPT: &str =
    "id, reader, target, source, stance, label, folder, aliases, since, until, place, alerts, seen";
/// Of each reader so many of the last taken back can be brought back.
const BROUGHT_BACK: i64 = 50;

pub(crate) fn remove_follow(conn: &mut dyn Conn, reader: ReaderId, id: FollowId) -> Result<Follow> {
    let was = the_follow(conn, reader, id)?;
    let sql =
        format!("INSERT INTO follow_gone ({KEPT}) SELECT {KEPT} FROM follow WHERE reader = $1 AND id = $2");
    conn.execute(&sql, vals![reader, id])?;
    conn.execute("DELETE FROM follow WHERE reader = $1 AND id = $2", vals![reader, id])?;
    conn.execute(
        "DELETE FROM follow_gone WHERE reader = $1 AND id NOT IN
           (SELECT id FROM follow_gone WHERE reader = $1 ORDER BY id DESC LIMIT $2) AND id <> $3",
        vals![reader, BROUGHT_BACK, id],
    )?;
    if let Target::Source(source) = was.target {
        sources::follow_changed(conn, source, Timestamp::default())?;
    }
    Ok(was)
}

pub(crate) fn restore_follow(conn: &mut dyn Conn, reader: ReaderId, id: FollowId) -> Result<Follow> {
    // What was followed anew meanwhile stays as it is.
    let sql = format!(
        "INSERT INTO follow ({KEPT}) SELECT {KEPT} FROM follow_gone WHERE reader = $1 AND id = $2
         ON CONFLICT DO NOTHING"
    );
    conn.execute(&sql, vals![reader, id])?;
    conn.execute("DELETE FROM follow_gone WHERE reader = $1 AND id = $2", vals![reader, id])?;
    the_follow(conn, reader, id)
}

pub(crate) fn interests(conn: &mut dyn Conn, reader: ReaderId) -> Result<(Interests, SignalId)> {
    let found = conn.one("SELECT believed, upto FROM interests WHERE reader = $1", vals![reader], |row| {
        (unpack(row.blob(0)), SignalId(row.int(1)))
    })?;
    Ok(found.unwrap_or_default())
}

pub(crate) fn record_interests(
    conn: &mut dyn Conn,
    task: Option<&Task>,
    reader: ReaderId,
    interests: &Interests,
    upto: SignalId,
) -> Result<()> {
    if let Some(task) = task
        && !tasks::holds(conn, task)?
    {
        return Err(StoreError::LeaseLost);
    }
    conn.execute(
        "INSERT INTO interests (reader, upto, believed) VALUES ($1, $2, $3)
         ON CONFLICT (reader) DO UPDATE SET upto = excluded.upto, believed = excluded.believed,
           times = interests.times + 1",
        vals![reader, upto, &pack(interests)],
    )?;
    match task {
        Some(task) => tasks::strike_off(conn, task, Timestamp(0)),
        None => Ok(()),
    }
}

/// Something was done that there is to learn from.
pub(crate) fn to_learn(conn: &mut dyn Conn, reader: ReaderId, now: Timestamp) -> Result<()> {
    tasks::add(conn, Stage::Learn, reader.0, &reader.to_string(), now)
}

/// Whatever was believed may rest on what is gone; what the reader said themselves does not.
pub(crate) fn learn_anew(conn: &mut dyn Conn, reader: ReaderId, now: Timestamp) -> Result<()> {
    let (mut believed, _) = interests(conn, reader)?;
    believed.beliefs.retain(|_, belief| belief.corrected.is_some());
    for belief in believed.beliefs.values_mut() {
        *belief = Belief { corrected: belief.corrected, ..Belief::default() };
    }
    let believed = Interests { beliefs: believed.beliefs, ..Interests::default() };
    record_interests(conn, None, reader, &believed, SignalId(0))?;
    // Whoever is at it has read what is gone.
    conn.execute("DELETE FROM task WHERE stage = $1 AND about = $2", vals![Stage::Learn as i64, reader])?;
    to_learn(conn, reader, now)
}

pub(crate) fn record_edition(conn: &mut dyn Conn, edition: &Edition) -> Result<EditionId> {
    let id = conn.number(
        "INSERT INTO edition (reader, at, slots) VALUES ($1, $2, $3) RETURNING id",
        vals![edition.reader, edition.at, &EditionRow::pack(edition)],
    )?;
    Ok(EditionId(id))
}

fn edition_row(row: &dyn Row) -> Edition {
    EditionRow::unpack(EditionId(row.int(0)), ReaderId(row.int(1)), row.time(2), row.blob(3))
}

pub(crate) fn edition(conn: &mut dyn Conn, reader: ReaderId, id: EditionId) -> Result<Edition> {
    let found = conn.one(
        "SELECT id, reader, at, slots FROM edition WHERE id = $1 AND reader = $2",
        vals![id, reader],
        edition_row,
    )?;
    as_mended(conn, found)?.ok_or(StoreError::NotFound)
}

/// Stories that were joined since go by the number that they have now; two that became one are one, where the first
/// stood.
fn as_mended(conn: &mut dyn Conn, edition: Option<Edition>) -> Result<Option<Edition>> {
    let Some(mut edition) = edition else { return Ok(None) };
    let stories = edition.slots.iter().map(|it| it.story).chain(edition.hidden.iter().map(|it| it.0));
    let leads = mending::leads(conn, &stories.collect::<Vec<_>>())?;
    if !leads.is_empty() {
        let now = |story: StoryId| leads.get(&story).copied().unwrap_or(story);
        let mut seen = HashSet::new();
        edition.slots.iter_mut().for_each(|slot| slot.story = now(slot.story));
        edition.slots.retain(|slot| seen.insert(slot.story));
        edition.hidden.iter_mut().for_each(|(story, _)| *story = now(*story));
        edition.hidden.retain(|(story, _)| seen.insert(*story));
    }
    Ok(Some(edition))
}

pub(crate) fn last_edition(conn: &mut dyn Conn, reader: ReaderId) -> Result<Option<Edition>> {
    let found = conn.one(
        "SELECT id, reader, at, slots FROM edition WHERE reader = $1 ORDER BY id DESC LIMIT 1",
        vals![reader],
        edition_row,
    )?;
    as_mended(conn, found)
}

pub(crate) fn edition_before(
    conn: &mut dyn Conn,
    reader: ReaderId,
    id: EditionId,
) -> Result<Option<Timestamp>> {
    conn.one(
        "SELECT at FROM edition WHERE reader = $1 AND id < $2 ORDER BY id DESC LIMIT 1",
        vals![reader, id],
        |row| row.time(0),
    )
}
