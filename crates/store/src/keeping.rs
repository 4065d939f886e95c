use std::path::Path;

use async_trait::async_trait;
use news::{ReaderId, Timestamp};

use crate::Result;

/// Housekeeping: what is dropped and when, copies, health.
#[async_trait]
pub trait Keeping: Send + Sync {
    /// Drops articles, entries' texts and stories that last grew, and whose articles arrived, before `then` and that
    /// nobody saved.
    /// Identities, signals and read marks stay, so that an old entry that returns is not news again.
    async fn drop_before(&self, then: Timestamp) -> Result<u64>;
    /// What goes with a reader.
    async fn leaving(&self, reader: ReaderId) -> Result<Leaving>;
    /// Everything of the reader's goes: what they did, follow and believe, their editions, and what came for them alone.
    /// Sources that only they followed rest. Broken off, it can be done again from where it was.
    async fn leave(&self, reader: ReaderId, now: Timestamp) -> Result<()>;
    /// How many rows of each table are the reader's.
    #[cfg(test)]
    async fn rows_of(&self, reader: ReaderId) -> Result<std::collections::BTreeMap<&'static str, i64>>;
    /// A consistent copy, made while everything goes on. Refuses to overwrite a file.
    async fn backup(&self, to: &Path) -> Result<()>;
    /// Complaints about the store's own integrity; empty when all is well.
    async fn check(&self) -> Result<Vec<String>>;
    async fn counts(&self) -> Result<Counts>;
}

/// What goes when a reader leaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    pub name: String,
    pub signals: u64,
    /// Follows and mutes.
    pub follows: u64,
    pub editions: u64,
    pub alerts: u64,
    /// Sources that come for this reader alone (newsletters, what is asked for with their password), and entries of
    /// these. They go.
    pub private: u64,
    pub entries: u64,
    /// Other sources that nobody else follows. They rest, and what they told stays.
    pub resting: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub sources: u64,
    pub entries: u64,
    pub articles: u64,
    pub stories: u64,
    /// Stories told by two or more outlets.
    pub grouped_stories: u64,
    pub readers: u64,
    pub signals: u64,
    /// Size of the database on disk.
    pub bytes: u64,
    /// `SQLite 3.54.1`, `PostgreSQL 15.18`.
    pub engine: String,
}
