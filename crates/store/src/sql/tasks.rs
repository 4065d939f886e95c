//! The queue: claims, leases, receipts.

use std::collections::{HashMap, HashSet};

use news::{ArticleId, Timestamp};

use crate::conn::{Conn, Dialect, Row, Val, vals};
use crate::{ATTEMPTS, LEASE, Result, SetAside, Stage, StageLoad, Task};

/// All stories have one placer at a time.
const STORIES: &str = "stories";

/// What tasks are about; and the tasks whose thing is gone.
pub(crate) type Work<T> = (Vec<(Task, T)>, Vec<Task>);

struct Free {
    about: i64,
    key: String,
    attempt: u32,
}

pub(crate) fn claim(
    conn: &mut dyn Conn,
    stage: Stage,
    at_most: usize,
    per_key: usize,
    now: Timestamp,
) -> Result<Vec<Task>> {
    one_claimer(conn, stage)?;
    let free = match stage {
        Stage::Understand => in_order(conn, stage, i64::MAX, at_most, now)?,
        Stage::Cluster => to_place(conn, at_most.min(per_key), now)?,
        _ => by_key(conn, stage, at_most, per_key, now)?,
    };
    if free.is_empty() {
        return Ok(Vec::new());
    }
    let receipt =
        conn.number("UPDATE counter SET value = value + 1 WHERE name = 'receipt' RETURNING value", &[])?;
    let until = now.after(LEASE);
    let mut tasks = Vec::with_capacity(free.len());
    for Free { about, key, attempt } in free {
        conn.execute(
            "UPDATE task SET receipt = $1, until = $2, attempt = attempt + 1 WHERE stage = $3 AND about = $4",
            vals![receipt, until, stage as i64, about],
        )?;
        tasks.push(Task {
            id: id(stage, about),
            stage,
            key: whole_key(stage, about, key),
            about,
            attempt: attempt + 1,
            receipt,
        });
    }
    Ok(tasks)
}

/// In one stage one claims at a time, so that two never see the same tasks as free. (SQLite has one writer anyway.)
fn one_claimer(conn: &mut dyn Conn, stage: Stage) -> Result<()> {
    if conn.dialect() == Dialect::Postgres {
        // Any fixed number; the schema is part of it so that two houses in one database do not wait for each other.
        conn.each(
            "SELECT pg_advisory_xact_lock(hashtext(current_schema()), CAST($1 AS INTEGER))",
            vals![stage as i64],
            &mut |_| Ok(()),
        )?;
    }
    Ok(())
}

fn free(row: &dyn Row) -> Free {
    Free { about: row.int(0), key: row.text(1), attempt: row.count(2) }
}

/// Each task its own key: simply the oldest.
fn in_order(
    conn: &mut dyn Conn,
    stage: Stage,
    below: i64,
    at_most: usize,
    now: Timestamp,
) -> Result<Vec<Free>> {
    conn.all(
        "SELECT about, key, attempt FROM task WHERE stage = $1 AND about < $2 AND until <= $3 ORDER BY about LIMIT $4",
        vals![stage as i64, below, now, at_most],
        free,
    )
}

/// One placer at a time, and nothing is placed before what is older has been understood. What is to be tried again
/// later holds up nobody.
fn to_place(conn: &mut dyn Conn, at_most: usize, now: Timestamp) -> Result<Vec<Free>> {
    let placing = conn.number(
        "SELECT count(*) FROM task WHERE stage = $1 AND receipt <> 0 AND until > $2",
        vals![Stage::Cluster as i64, now],
    )?;
    if placing != 0 {
        return Ok(Vec::new());
    }
    let waited_for = conn.one(
        "SELECT about FROM task WHERE stage = $1 AND (receipt <> 0 OR until <= $2) ORDER BY about LIMIT 1",
        vals![Stage::Understand as i64, now],
        |row| row.int(0),
    )?;
    in_order(conn, Stage::Cluster, waited_for.unwrap_or(i64::MAX), at_most, now)
}

/// Oldest first, leaving out keys that someone has, and taking so many of each. When the oldest tasks are all of keys
/// that someone has, the rest is looked through by key, so that a long line for one host costs nothing.
fn by_key(
    conn: &mut dyn Conn,
    stage: Stage,
    at_most: usize,
    per_key: usize,
    now: Timestamp,
) -> Result<Vec<Free>> {
    let mut taken: HashMap<String, usize> = conn
        .all(
            "SELECT DISTINCT key FROM task WHERE stage = $1 AND receipt <> 0 AND until > $2",
            vals![stage as i64, now],
            |row| (row.text(0), usize::MAX),
        )?
        .into_iter()
        .collect();
    let mut found: Vec<Free> = Vec::new();
    let look_at = at_most.saturating_mul(4).saturating_add(256);
    let mut seen = 0;
    conn.each(
        "SELECT about, key, attempt FROM task WHERE stage = $1 AND until <= $2 ORDER BY about LIMIT $3",
        vals![stage as i64, now, look_at],
        &mut |row| {
            seen += 1;
            if found.len() < at_most {
                take(free(row), per_key, &mut taken, &mut found);
            }
            Ok(())
        },
    )?;
    if seen < look_at || at_most <= found.len() {
        return Ok(found);
    }
    let had: HashSet<i64> = found.iter().map(|task| task.about).collect();
    let mut key = String::new();
    while found.len() < at_most {
        let next = conn.one(
            "SELECT key FROM task WHERE stage = $1 AND key > $2 AND key <> '' ORDER BY key LIMIT 1",
            vals![stage as i64, &key],
            |row| row.text(0),
        )?;
        key = match next {
            Some(next) => next,
            None => break,
        };
        if per_key <= taken.get(&key).copied().unwrap_or(0) {
            continue;
        }
        let of_key = conn.all(
            "SELECT about, key, attempt FROM task WHERE stage = $1 AND key = $2 AND key <> '' AND until <= $3
             ORDER BY about LIMIT $4",
            vals![stage as i64, &key, now, per_key],
            free,
        )?;
        for task in of_key {
            if found.len() < at_most && !had.contains(&task.about) {
                take(task, per_key, &mut taken, &mut found);
            }
        }
    }
    Ok(found)
}

fn take(task: Free, per_key: usize, taken: &mut HashMap<String, usize>, found: &mut Vec<Free>) {
    match taken.get_mut(&task.key) {
        Some(count) if per_key <= *count => return,
        Some(count) => *count += 1,
        None => {
            taken.insert(task.key.clone(), 1);
        }
    }
    found.push(task);
}

fn id(stage: Stage, about: i64) -> i64 {
    about << 4 | stage as i64
}

fn whole_key(stage: Stage, about: i64, key: String) -> String {
    match stage {
        Stage::Understand => about.to_string(),
        Stage::Cluster => STORIES.into(),
        _ => key,
    }
}

/// Adds a task. When there is one that someone works on already, it is to be done once more afterwards, because what
/// it is about has changed since.
pub(crate) fn add(conn: &mut dyn Conn, stage: Stage, about: i64, key: &str, due: Timestamp) -> Result<()> {
    let key = match stage {
        Stage::Understand | Stage::Cluster => "",
        _ => key,
    };
    conn.execute(
        "INSERT INTO task (stage, about, key, until) VALUES ($1, $2, $3, $4)
         ON CONFLICT (stage, about) DO UPDATE SET
           again = CASE WHEN task.receipt <> 0 THEN 1 ELSE 0 END,
           until = CASE WHEN task.receipt <> 0 THEN task.until ELSE excluded.until END",
        vals![stage as i64, about, key, due],
    )?;
    conn.wake(stage);
    Ok(())
}

/// Whether the receipt still holds. On PostgreSQL nobody can take the task before this is committed.
pub(crate) fn holds(conn: &mut dyn Conn, task: &Task) -> Result<bool> {
    let found = conn.one(
        "SELECT again FROM task WHERE stage = $1 AND about = $2 AND receipt = $3 {for update}",
        vals![task.stage as i64, task.about, task.receipt],
        |_| (),
    )?;
    Ok(found.is_some())
}

/// Strikes a task off that is done, or makes it due again when that was asked for meanwhile.
pub(crate) fn strike_off(conn: &mut dyn Conn, task: &Task, now: Timestamp) -> Result<()> {
    let gone = conn.execute(
        "DELETE FROM task WHERE stage = $1 AND about = $2 AND receipt = $3 AND again = 0",
        vals![task.stage as i64, task.about, task.receipt],
    )?;
    if gone == 0 {
        conn.execute(
            "UPDATE task SET receipt = 0, again = 0, attempt = 0, until = $4
             WHERE stage = $1 AND about = $2 AND receipt = $3",
            vals![task.stage as i64, task.about, task.receipt, now],
        )?;
    }
    wake_after(conn, task.stage);
    Ok(())
}

/// Takes a task off the queue that nobody has begun and nobody wants any more.
pub(crate) fn withdraw(conn: &mut dyn Conn, stage: Stage, about: i64) -> Result<()> {
    conn.execute(
        "DELETE FROM task WHERE stage = $1 AND about = $2 AND receipt = 0",
        vals![stage as i64, about],
    )?;
    Ok(())
}

/// A key became free; and what waits for the stage before may go on.
fn wake_after(conn: &mut dyn Conn, stage: Stage) {
    match stage {
        Stage::Understand => conn.wake(Stage::Cluster),
        stage => conn.wake(stage),
    }
}

pub(crate) fn renew(conn: &mut dyn Conn, tasks: &[Task], now: Timestamp) -> Result<Vec<Task>> {
    let mut ours = Vec::new();
    for task in tasks {
        let renewed = conn.execute(
            "UPDATE task SET until = $4 WHERE stage = $1 AND about = $2 AND receipt = $3",
            vals![task.stage as i64, task.about, task.receipt, now.after(LEASE)],
        )?;
        if renewed != 0 {
            ours.push(task.clone());
        }
    }
    Ok(ours)
}

pub(crate) fn give_back(conn: &mut dyn Conn, tasks: &[Task]) -> Result<()> {
    for task in tasks {
        conn.execute(
            "UPDATE task SET receipt = 0, again = 0, attempt = attempt - 1, until = 0
             WHERE stage = $1 AND about = $2 AND receipt = $3",
            vals![task.stage as i64, task.about, task.receipt],
        )?;
        conn.wake(task.stage);
    }
    Ok(())
}

pub(crate) fn retry_later(conn: &mut dyn Conn, task: &Task, until: Timestamp, why: &str) -> Result<()> {
    if !holds(conn, task)? {
        return Err(crate::StoreError::LeaseLost);
    }
    if task.attempt < ATTEMPTS {
        conn.execute(
            "UPDATE task SET receipt = 0, again = 0, until = $4 WHERE stage = $1 AND about = $2 AND receipt = $3",
            vals![task.stage as i64, task.about, task.receipt, until],
        )?;
    } else {
        let key = match task.stage {
            Stage::Understand | Stage::Cluster => "",
            _ => &task.key,
        };
        conn.execute(
            "INSERT INTO set_aside (stage, about, key, attempt, why, at) VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (stage, about) DO UPDATE SET attempt = excluded.attempt, why = excluded.why, at = excluded.at",
            vals![task.stage as i64, task.about, key, task.attempt, why, until],
        )?;
        conn.execute(
            "DELETE FROM task WHERE stage = $1 AND about = $2 AND receipt = $3",
            vals![task.stage as i64, task.about, task.receipt],
        )?;
    }
    if task.stage == Stage::Refresh {
        // What is set aside is not put on the queue again the next moment.
        conn.execute(
            "UPDATE source SET next_due = $2 WHERE id = $1 AND next_due < $2",
            vals![task.about, until],
        )?;
    }
    wake_after(conn, task.stage);
    Ok(())
}

pub(crate) fn load(conn: &mut dyn Conn, now: Timestamp) -> Result<Vec<StageLoad>> {
    let mut loads: Vec<StageLoad> = Stage::ALL
        .iter()
        .map(|&stage| StageLoad { stage, waiting: 0, leased: 0, later: 0, set_aside: 0 })
        .collect();
    let counted = conn.all(
        "SELECT stage,
                sum(CASE WHEN until <= $1 THEN 1 ELSE 0 END),
                sum(CASE WHEN until > $1 AND receipt <> 0 THEN 1 ELSE 0 END),
                sum(CASE WHEN until > $1 AND receipt = 0 THEN 1 ELSE 0 END), 0
         FROM task GROUP BY stage
         UNION ALL SELECT stage, 0, 0, 0, count(*) FROM set_aside GROUP BY stage",
        vals![now],
        |row| (row.int(0), [row.int(1), row.int(2), row.int(3), row.int(4)]),
    )?;
    for (stage, [waiting, leased, later, aside]) in counted {
        if let Some(load) = usize::try_from(stage).ok().and_then(|stage| loads.get_mut(stage)) {
            load.waiting += waiting as u64;
            load.leased += leased as u64;
            load.later += later as u64;
            load.set_aside += aside as u64;
        }
    }
    Ok(loads)
}

pub(crate) fn set_aside(conn: &mut dyn Conn, at_most: usize) -> Result<Vec<SetAside>> {
    let rows = conn.all(
        "SELECT stage, about, key, attempt, why, at FROM set_aside ORDER BY at DESC, stage, about LIMIT $1",
        vals![at_most],
        |row| {
            let stage = usize::try_from(row.int(0)).ok().and_then(|stage| Stage::ALL.get(stage).copied())?;
            let (about, attempt) = (row.int(1), row.count(3));
            let key = whole_key(stage, about, row.text(2));
            let task = Task { id: id(stage, about), stage, key, about, attempt, receipt: 0 };
            Some(SetAside { task, why: row.text(4), at: row.time(5) })
        },
    )?;
    Ok(rows.into_iter().flatten().collect())
}

pub(crate) fn try_again(conn: &mut dyn Conn, now: Timestamp) -> Result<usize> {
    let moved = conn.execute(
        "INSERT INTO task (stage, about, key, until) SELECT stage, about, key, $1 FROM set_aside WHERE true
         ON CONFLICT (stage, about) DO NOTHING",
        vals![now],
    )?;
    conn.execute("DELETE FROM set_aside", &[])?;
    Stage::ALL.iter().for_each(|&stage| conn.wake(stage));
    Ok(moved as usize)
}

/// Work on articles that are gone.
pub(crate) fn retract(conn: &mut dyn Conn, article: ArticleId) -> Result<()> {
    for stage in [Stage::Understand, Stage::Cluster] {
        for table in ["task", "set_aside"] {
            conn.execute(
                &format!("DELETE FROM {table} WHERE stage = $1 AND about = $2"),
                &[Val::Int(stage as i64), Val::Int(article.0)],
            )?;
        }
    }
    Ok(())
}
