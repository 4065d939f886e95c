//! Tables, made and changed by numbered steps that only go forward.

use crate::conn::{Conn, Dialect, Val};
use crate::{Result, StoreError};

struct Step {
    /// For both, then what each has for itself.
    both: &'static str,
    sqlite: &'static str,
    postgres: &'static str,
}

const STEPS: &[Step] = &[
    Step {
        both: include_str!("../migrations/0001_begin.sql"),
        sqlite: include_str!("../migrations/0001_search.sqlite.sql"),
        postgres: include_str!("../migrations/0001_search.postgres.sql"),
    },
    Step { both: include_str!("../migrations/0002_mending.sql"), sqlite: "", postgres: "" },
    Step {
        both: include_str!("../migrations/0003_alerts.sql"),
        sqlite: include_str!("../migrations/0003_follow.sqlite.sql"),
        postgres: include_str!("../migrations/0003_follow.postgres.sql"),
    },
    Step { both: include_str!("../migrations/0004_access.sql"), sqlite: "", postgres: "" },
    Step { both: include_str!("../migrations/0005_arrivals.sql"), sqlite: "", postgres: "" },
    Step { both: include_str!("../migrations/0006_turns.sql"), sqlite: "", postgres: "" },
    Step { both: include_str!("../migrations/0007_alert_turns.sql"), sqlite: "", postgres: "" },
    Step { both: include_str!("../migrations/0008_models.sql"), sqlite: "", postgres: "" },
    Step { both: include_str!("../migrations/0009_parted.sql"), sqlite: "", postgres: "" },
];

/// Makes a copy of the store as it is, before it is changed from this version.
pub(crate) type BackUp<'a> = &'a dyn Fn(&mut dyn Conn, i64) -> Result<()>;

/// Brings the tables up to date. Several programs may try at once: one does it, the others wait.
pub(crate) fn migrate(conn: &mut dyn Conn, back_up: Option<BackUp>) -> Result<()> {
    let newest = STEPS.len() as i64;
    let standing = version(conn)?;
    if standing == newest {
        return Ok(());
    }
    if newest < standing {
        return Err(StoreError::Broken(
            format!("the store was written by a newer tidings (its tables have version {standing}, we know {newest})").into(),
        ));
    }
    if let Some(back_up) = back_up.filter(|_| 0 < standing) {
        back_up(conn, standing)?;
    }
    conn.batch("BEGIN IMMEDIATE")?;
    let done = steps(conn);
    conn.batch(if done.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    done
}

fn steps(conn: &mut dyn Conn) -> Result<()> {
    conn.batch("CREATE TABLE IF NOT EXISTS schema_version (version {int} NOT NULL) {table}")?;
    let standing = conn.number("SELECT coalesce(max(version), 0) FROM schema_version", &[])?;
    for (number, step) in (1..).zip(STEPS).filter(|(number, _)| standing < *number) {
        conn.batch(step.both)?;
        conn.batch(match conn.dialect() {
            Dialect::Sqlite => step.sqlite,
            Dialect::Postgres => step.postgres,
        })?;
        conn.execute("INSERT INTO schema_version VALUES ($1)", &[Val::Int(number)])?;
    }
    Ok(())
}

/// 0 for a store in which there is nothing yet.
fn version(conn: &mut dyn Conn) -> Result<i64> {
    let there = match conn.dialect() {
        Dialect::Sqlite => "SELECT count(*) FROM sqlite_schema WHERE name = 'schema_version'",
        Dialect::Postgres => {
            "SELECT count(*) FROM pg_tables WHERE tablename = 'schema_version' AND schemaname = current_schema()"
        }
    };
    if conn.number(there, &[])? == 0 {
        return Ok(0);
    }
    conn.number("SELECT coalesce(max(version), 0) FROM schema_version", &[])
}

/// What makes the tables of both, one step after the other.
#[cfg(test)]
pub(crate) fn both() -> String {
    STEPS.iter().map(|it| it.both).collect::<Vec<_>>().join("\n")
}
