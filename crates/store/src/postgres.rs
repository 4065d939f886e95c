//! The store for whoever outgrows the file: PostgreSQL, and as many programs around it as one likes.
//!
//! The synchronous client on plain threads of ours (it may not be used on an async worker's thread). Every piece of
//! writing is a transaction of its own; where two are in each other's way, the database ends one and it is done again.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use postgres::fallible_iterator::FallibleIterator;
use postgres::types::{IsNull, ToSql, Type, private::BytesMut, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use crate::conn::{Conn, Dialect, Row, Val};
use crate::pool::{Job, Jobs, Pool, Wakes, bit, next};
use crate::sql::{Database, schema};
use crate::{Result, Stage, Store, StoreError};

const CONNECTIONS: usize = 6;
/// So often a piece of writing is tried again that others were in the way of.
const TRIES: u32 = 20;

/// Opens the store at this address (`postgres://name@host/database?options=...`), making its tables where there are none.
pub fn open(url: &str) -> Result<Arc<dyn Store>> {
    let config: Config = url.parse().map_err(broken)?;
    // The client may not be made on an async worker's thread either.
    thread::spawn(move || start(config))
        .join()
        .map_err(|_| StoreError::Broken("cannot start PostgreSQL".into()))?
}

fn start(config: Config) -> Result<Arc<dyn Store>> {
    let mut first = Postgres::connect(&config)?;
    // One of several programs that start at once makes the tables.
    first.batch("SELECT pg_advisory_lock(hashtext('tidings ' || current_schema()))")?;
    let migrated = schema::migrate(&mut first, None);
    first.batch("SELECT pg_advisory_unlock(hashtext('tidings ' || current_schema()))")?;
    migrated?;

    let wakes = Arc::new(Wakes::default());
    let (to, jobs) = Pool::lines();
    let mut threads = Vec::new();
    // The others connect when they are first needed.
    for connection in std::iter::once(Some(first)).chain(std::iter::repeat_with(|| None)).take(CONNECTIONS) {
        let (jobs, wakes, config) = (jobs.clone(), wakes.clone(), config.clone());
        threads.push(thread::spawn(move || work(connection, &jobs, &wakes, &config)));
    }
    let closed = Arc::new(AtomicBool::new(false));
    let (wakes_too, closed_too) = (wakes.clone(), closed.clone());
    threads.push(thread::spawn(move || listen(&config, &wakes_too, &closed_too)));
    let pool = Pool::new(to.clone(), to, threads).telling(closed);
    Ok(Arc::new(Database::new(pool, wakes, Dialect::Postgres)))
}

fn work(mut kept: Option<Postgres>, jobs: &Jobs, wakes: &Wakes, config: &Config) {
    while let Some(job) = next(jobs) {
        kept = kept.filter(|connection| !connection.client.is_closed());
        let connection = match &mut kept {
            Some(connection) => connection,
            None => match Postgres::connect(config) {
                Ok(connection) => kept.insert(connection),
                Err(error) => {
                    job.answer(Err(error));
                    continue;
                }
            },
        };
        transact(connection, job);
        wakes.wake(std::mem::take(&mut connection.woken));
    }
}

fn transact(connection: &mut Postgres, mut job: Box<dyn Job>) {
    for attempt in 1..=TRIES {
        connection.woken = 0;
        if let Err(error) = connection.batch("BEGIN") {
            return job.answer(Err(error));
        }
        if !job.run(connection) {
            let undone = connection.batch("ROLLBACK");
            if job.may_pass() && attempt < TRIES && undone.is_ok() {
                thread::sleep(Duration::from_millis(u64::from(attempt)));
                continue;
            }
            return job.answer(Ok(()));
        }
        let told = connection.tell_others();
        return match told.and_then(|()| connection.batch("COMMIT")) {
            Err(StoreError::Again(_)) if attempt < TRIES => continue,
            committed => job.answer(committed),
        };
    }
}

/// Hears of work that other programs made.
fn listen(config: &Config, wakes: &Wakes, closed: &AtomicBool) {
    let short = Duration::from_millis(200);
    while !closed.load(Ordering::Relaxed) {
        let listening = config.connect(NoTls).and_then(|mut client| {
            let channel: String = client.query_one("SELECT 'tidings_' || current_schema()", &[])?.get(0);
            client.batch_execute(&format!("LISTEN \"{}\"", channel.replace('"', "")))?;
            while !closed.load(Ordering::Relaxed) {
                while let Some(heard) = client.notifications().timeout_iter(short).next()? {
                    wakes.wake(heard.payload().parse().unwrap_or(u16::MAX));
                    if closed.load(Ordering::Relaxed) {
                        break;
                    }
                }
            }
            Ok(())
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "cannot hear of other programs' work; looking for it by the clock");
            thread::sleep(short);
        }
    }
}

struct Postgres {
    client: Client,
    statements: HashMap<Box<str>, Statement>,
    woken: u16,
}

impl Postgres {
    fn connect(config: &Config) -> Result<Postgres> {
        let mut client = config.connect(NoTls).map_err(broken)?;
        // What is acknowledged is on disk; who waits for a lock for long is told so.
        client.batch_execute("SET synchronous_commit = on; SET lock_timeout = '20s'").map_err(broken)?;
        Ok(Postgres { client, statements: HashMap::new(), woken: 0 })
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&Dialect::Postgres.translate(sql)).map_err(broken)?;
        self.statements.insert(sql.into(), statement.clone());
        Ok(statement)
    }

    /// Other programs hear of it when it is committed.
    fn tell_others(&mut self) -> Result<()> {
        if self.woken == 0 {
            return Ok(());
        }
        let payload = self.woken.to_string();
        self.execute("SELECT pg_notify('tidings_' || current_schema(), $1)", &[Val::Text(&payload)])
            .map(|_| ())
    }
}

impl Conn for Postgres {
    fn dialect(&self) -> Dialect {
        Dialect::Postgres
    }

    fn execute(&mut self, sql: &str, values: &[Val]) -> Result<u64> {
        let statement = self.prepare(sql)?;
        let values: Vec<&(dyn ToSql + Sync)> =
            values.iter().map(|value| value as &(dyn ToSql + Sync)).collect();
        self.client.execute(&statement, &values).map_err(broken)
    }

    fn each(&mut self, sql: &str, values: &[Val], row: &mut dyn FnMut(&dyn Row) -> Result<()>) -> Result<()> {
        let statement = self.prepare(sql)?;
        let values = values.iter().map(|value| value as &(dyn ToSql + Sync));
        let mut rows = self.client.query_raw(&statement, values).map_err(broken)?;
        while let Some(found) = rows.next().map_err(broken)? {
            row(&found)?;
        }
        Ok(())
    }

    fn batch(&mut self, sql: &str) -> Result<()> {
        let sql = match sql {
            "BEGIN IMMEDIATE" => "BEGIN",
            sql => sql,
        };
        self.client.batch_execute(&Dialect::Postgres.translate(sql)).map_err(broken)
    }

    fn wake(&mut self, stage: Stage) {
        self.woken |= bit(stage);
    }

    fn size(&mut self) -> Result<u64> {
        let dynamic: &mut dyn Conn = self;
        dynamic
            .number(
                "SELECT CAST(coalesce(sum(pg_total_relation_size(c.oid)), 0) AS BIGINT) FROM pg_class c
                 JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'",
                &[],
            )
            .map(|bytes| bytes.max(0) as u64)
    }

    fn engine(&mut self) -> Result<String> {
        let dynamic: &mut dyn Conn = self;
        let version = dynamic.one("SHOW server_version", &[], |row| row.text(0))?.unwrap_or_default();
        Ok(format!("PostgreSQL {}", version.split_whitespace().next().unwrap_or_default()))
    }
}

impl ToSql for Val<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> std::result::Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match *self {
            Val::Null => Ok(IsNull::Yes),
            Val::Int(value) if *kind == Type::INT4 => i32::try_from(value)?.to_sql(kind, out),
            Val::Int(value) if *kind == Type::FLOAT8 => (value as f64).to_sql(kind, out),
            Val::Int(value) if *kind == Type::INT8 => value.to_sql(kind, out),
            Val::Int(_) => Err(format!("a number where {kind} is wanted").into()),
            Val::Real(value) => value.to_sql(kind, out),
            // PostgreSQL's text cannot hold the character 0, and no reader would see it.
            Val::Text(value) if value.contains('\0') => value.replace('\0', "").to_sql(kind, out),
            Val::Text(value) => value.to_sql(kind, out),
            Val::Blob(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        [Type::INT8, Type::INT4, Type::FLOAT8, Type::TEXT, Type::BYTEA].contains(kind)
    }

    to_sql_checked!();
}

impl Row for postgres::Row {
    fn maybe_int(&self, column: usize) -> Option<i64> {
        self.try_get(column)
            .unwrap_or_else(|_| self.try_get::<_, Option<i32>>(column).ok().flatten().map(i64::from))
    }

    fn maybe_real(&self, column: usize) -> Option<f64> {
        self.try_get(column).ok().flatten()
    }

    fn maybe_str(&self, column: usize) -> Option<&str> {
        self.try_get(column).ok().flatten()
    }

    fn maybe_blob(&self, column: usize) -> Option<&[u8]> {
        self.try_get(column).ok().flatten()
    }
}

fn broken(error: postgres::Error) -> StoreError {
    use postgres::error::SqlState as State;
    match error.code() {
        Some(
            &State::T_R_DEADLOCK_DETECTED | &State::T_R_SERIALIZATION_FAILURE | &State::LOCK_NOT_AVAILABLE,
        ) => StoreError::Again(error.to_string()),
        Some(&State::DISK_FULL | &State::READ_ONLY_SQL_TRANSACTION | &State::INSUFFICIENT_PRIVILEGE) => {
            StoreError::CannotWrite(error.to_string())
        }
        // What it says by itself is only "db error".
        _ => match error.as_db_error() {
            Some(said) => StoreError::Broken(format!("{said} ({})", said.code().code()).into()),
            None => StoreError::Broken(Box::new(error)),
        },
    }
}
