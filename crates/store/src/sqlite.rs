//! The default store: one SQLite file that only its owner can read.
//!
//! One thread writes, a few read: readers never wait for the writer (write-ahead log). A commit is on disk before it
//! is acknowledged (`synchronous=FULL`).

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use std::sync::Arc;
use std::thread;

use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{CachedStatement, Connection, ErrorCode, OpenFlags, ToSql};

use crate::conn::{Conn, Dialect, Row, Val};
use crate::pool::{Pool, Wakes, bit, next, next_if_any, read, write_together};
use crate::sql::{Database, schema};
use crate::{Result, Stage, Store, StoreError};

/// Older ones can lose what was written when the log is begun anew (fixed in 3.51.3).
const OLDEST: i32 = 3_051_003;
const READERS: usize = 3;

/// Opens the store in this file, making it (and its folder) where there is none.
pub fn open(path: &Path) -> Result<Arc<dyn Store>> {
    make_private(path)?;
    let mut writer = Sqlite::connect(Some(path))?;
    schema::migrate(&mut writer, Some(&|conn, version| back_up_before(conn, path, version)))?;
    let mut readers = Vec::new();
    for _ in 0..READERS {
        readers.push(Sqlite::connect(Some(path))?);
    }
    Ok(start(writer, readers))
}

/// A store that is gone when it is closed: for tests and for trying things out.
pub fn open_in_memory() -> Result<Arc<dyn Store>> {
    let mut writer = Sqlite::connect(None)?;
    schema::migrate(&mut writer, None)?;
    Ok(start(writer, Vec::new()))
}

fn start(mut writer: Sqlite, readers: Vec<Sqlite>) -> Arc<dyn Store> {
    let wakes = Arc::new(Wakes::default());
    let (write, to_write) = Pool::lines();
    let (ask, to_read) = Pool::lines();
    // What lives in memory lives in one connection.
    let ask = if readers.is_empty() { write.clone() } else { ask };
    let mut threads = Vec::new();
    let wakes_too = wakes.clone();
    threads.push(thread::spawn(move || {
        while let Some(job) = next(&to_write) {
            write_together(&mut writer, job, || next_if_any(&to_write));
            wakes_too.wake(std::mem::take(&mut writer.woken));
        }
        // Leaves statistics for the planner, looked at by size and only where they are stale.
        let _ = writer.batch("PRAGMA analysis_limit = 400; PRAGMA optimize");
    }));
    for mut reader in readers {
        let to_read = to_read.clone();
        threads.push(thread::spawn(move || {
            while let Some(job) = next(&to_read) {
                read(&mut reader, job);
            }
        }));
    }
    Arc::new(Database::new(Pool::new(write, ask, threads), wakes, Dialect::Sqlite))
}

/// The folder is made for its owner alone; the file is made before SQLite makes it for everyone. The log beside it
/// takes after it.
fn make_private(path: &Path) -> Result<()> {
    let io = |error: std::io::Error| StoreError::CannotWrite(format!("{}: {error}", path.display()));
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.exists()) {
        let mut make = std::fs::DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
        make.recursive(true).create(folder).map_err(io)?;
    }
    let mut make = std::fs::OpenOptions::new();
    make.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut make, 0o600);
    let file = make.open(path).map_err(io)?;
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600)).map_err(io)?;
    Ok(())
}

fn back_up_before(conn: &mut dyn Conn, path: &Path, version: i64) -> Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".before-version-{version}"));
    let copy = PathBuf::from(name);
    if copy.exists() {
        return Ok(());
    }
    tracing::info!(copy = %copy.display(), "copying the store before its tables change");
    copy_to(conn, &copy)
}

/// A consistent copy that only its owner can read.
pub(crate) fn copy_to(conn: &mut dyn Conn, to: &Path) -> Result<()> {
    if to.exists() {
        return Err(StoreError::CannotWrite(format!("{} is there already", to.display())));
    }
    make_private(to)?;
    let name = to.to_str().ok_or_else(|| StoreError::CannotWrite("the name is not UTF-8".into()))?;
    // SQLite accepts an empty file here, and keeps its mode.
    conn.execute("VACUUM INTO $1", &[Val::Text(name)]).map(|_| ()).inspect_err(|_| {
        let _ = std::fs::remove_file(to);
    })
}

pub(crate) struct Sqlite {
    connection: Connection,
    woken: u16,
    /// The texts as SQLite wants them; there are as many as there are questions in `sql/`.
    texts: HashMap<Box<str>, Arc<str>>,
}

impl Sqlite {
    fn connect(path: Option<&Path>) -> Result<Sqlite> {
        if rusqlite::version_number() < OLDEST {
            return Err(StoreError::Broken(format!("SQLite {} is too old", rusqlite::version()).into()));
        }
        let connection = match path {
            Some(path) => Connection::open_with_flags(
                path,
                OpenFlags::SQLITE_OPEN_READ_WRITE
                    | OpenFlags::SQLITE_OPEN_CREATE
                    | OpenFlags::SQLITE_OPEN_NO_MUTEX,
            ),
            None => Connection::open_in_memory(),
        };
        let connection = connection.map_err(broken)?;
        connection
            .execute_batch(
                "PRAGMA busy_timeout = 20000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
                 PRAGMA foreign_keys = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = MEMORY;
                 PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;
                 PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON",
            )
            .map_err(broken)?;
        // A plan is made once for a question, not anew for other values.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(broken)?;
        connection.set_prepared_statement_cache_capacity(256);
        Ok(Sqlite { connection, woken: 0, texts: HashMap::new() })
    }
}

impl Sqlite {
    fn prepare(&mut self, sql: &str, values: &[Val]) -> Result<CachedStatement<'_>> {
        let text = match self.texts.get(sql) {
            Some(text) => text.clone(),
            None => {
                let text: Arc<str> = Dialect::Sqlite.translate(sql).into();
                self.texts.insert(sql.into(), text.clone());
                text
            }
        };
        let mut statement = self.connection.prepare_cached(&text).map_err(broken)?;
        for (index, value) in values.iter().enumerate() {
            statement.raw_bind_parameter(index + 1, value).map_err(broken)?;
        }
        Ok(statement)
    }
}

impl Conn for Sqlite {
    fn dialect(&self) -> Dialect {
        Dialect::Sqlite
    }

    fn execute(&mut self, sql: &str, values: &[Val]) -> Result<u64> {
        let mut statement = self.prepare(sql, values)?;
        Ok(statement.raw_execute().map_err(broken)? as u64)
    }

    fn each(&mut self, sql: &str, values: &[Val], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        let mut statement = self.prepare(sql, values)?;
        let mut rows = statement.raw_query();
        while let Some(found) = rows.next().map_err(broken)? {
            row(found)?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        self.connection.execute_batch(&Dialect::Sqlite.translate(sql)).map_err(broken)
    }

    fn wake(&mut self, stage: Stage) {
        self.woken |= bit(stage);
    }

    fn size(&mut self) -> Result<u64> {
        let dynamic: &mut dyn Conn = self;
        let pages = dynamic.number("PRAGMA page_count", &[])?;
        Ok((pages * dynamic.number("PRAGMA page_size", &[])?) as u64)
    }

    fn engine(&mut self) -> Result<String> {
        Ok(format!("SQLite {}", rusqlite::version()))
    }
}

impl ToSql for Val<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match *self {
            Val::Null => ToSqlOutput::Owned(Value::Null),
            Val::Int(value) => ToSqlOutput::Owned(Value::Integer(value)),
            Val::Real(value) => ToSqlOutput::Owned(Value::Real(value)),
            Val::Text(value) => ToSqlOutput::Borrowed(ValueRef::Text(value.as_bytes())),
            Val::Blob(value) => ToSqlOutput::Borrowed(ValueRef::Blob(value)),
        })
    }
}

impl Row for rusqlite::Row<'_> {
    fn maybe_int(&self, column: usize) -> Option<i64> {
        self.get_ref(column).ok()?.as_i64_or_null().ok().flatten()
    }

    fn maybe_real(&self, column: usize) -> Option<f64> {
        self.get_ref(column).ok()?.as_f64_or_null().ok().flatten()
    }

    fn maybe_str(&self, column: usize) -> Option<&str> {
        self.get_ref(column).ok()?.as_str_or_null().ok().flatten()
    }

    fn maybe_blob(&self, column: usize) -> Option<&[u8]> {
        self.get_ref(column).ok()?.as_blob_or_null().ok().flatten()
    }
}

fn broken(error: rusqlite::Error) -> StoreError {
    match error.sqlite_error_code() {
        Some(
            ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::SystemIoFailure | ErrorCode::CannotOpen,
        ) => StoreError::CannotWrite(error.to_string()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Again(error.to_string()),
        _ => StoreError::Broken(Box::new(error)),
    }
}

#[cfg(test)]
mod tests;
