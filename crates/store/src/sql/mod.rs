//! All questions, written once for both databases, and the traits that others ask them through.

mod acts;
mod alerts;
mod arrivals;
mod articles;
mod embedding;
mod entries;
mod feeds;
mod keeping;
pub(crate) mod leaving;
mod lists;
mod mending;
mod readers;
mod reading;
mod repairs;
mod retrieve;
pub(crate) mod schema;
mod search;
mod sources;
mod stories;
mod subscriptions;
mod tags;
mod tasks;
mod window;

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::Duration;

use async_trait::async_trait;
use news::{
    Arrival, ArticleId, Embedding, EntryId, Known, Mailbox, Mending, Model, Placement, ReaderId, Refreshed,
    Sketch, Source, SourceId, Subscription, Timestamp, Trouble, Understanding,
};

use self::window::Window;
use crate::conn::{Conn, Dialect};
use crate::pool::{Pool, Wakes};
use crate::{
    ArticleDecision, ArticleToUnderstand, ChangeOfModel, Counts, EntryToExtract, Gathering, History, Keeping,
    Lately, Leaving, Letter, Queue, Receiving, RepairToMake, Result, SetAside, Stage, StageLoad, StoreError,
    Task, ToSubscribe, Upto,
};

/// A store on either database.
pub(crate) struct Database {
    pool: Pool,
    wakes: Arc<Wakes>,
    dialect: Dialect,
    window: Arc<RwLock<Window>>,
}

/// A panic while it was held leaves a hint that is behind or doubled, never a wrong store.
fn reading_of(window: &RwLock<Window>) -> RwLockReadGuard<'_, Window> {
    window.read().unwrap_or_else(PoisonError::into_inner)
}

fn writing_of(window: &RwLock<Window>) -> RwLockWriteGuard<'_, Window> {
    window.write().unwrap_or_else(PoisonError::into_inner)
}

impl Database {
    pub fn new(pool: Pool, wakes: Arc<Wakes>, dialect: Dialect) -> Database {
        Database { pool, wakes, dialect, window: Arc::default() }
    }

    /// Asks what tasks are about. Tasks about things that are gone are done.
    async fn work<T: Send + 'static>(
        &self,
        tasks: &[Task],
        ask: impl Fn(&mut dyn Conn, &[Task]) -> Result<tasks::Work<T>> + Send + 'static,
    ) -> Result<Vec<(Task, T)>> {
        let tasks = tasks.to_vec();
        let (found, gone) = self.pool.read(move |conn| ask(conn, &tasks)).await?;
        if !gone.is_empty() {
            let strike = move |conn: &mut dyn Conn| {
                gone.iter().try_for_each(|task| tasks::strike_off(conn, task, Timestamp(0)))
            };
            self.pool.write(strike).await?;
        }
        Ok(found)
    }
}

#[async_trait]
impl Queue for Database {
    async fn claim(&self, stage: Stage, at_most: usize, per_key: usize, now: Timestamp) -> Result<Vec<Task>> {
        if at_most == 0 || per_key == 0 {
            return Ok(Vec::new());
        }
        self.pool.write(move |conn| tasks::claim(conn, stage, at_most, per_key, now)).await
    }

    async fn renew(&self, tasks: &[Task], now: Timestamp) -> Result<Vec<Task>> {
        let tasks = tasks.to_vec();
        self.pool.write(move |conn| tasks::renew(conn, &tasks, now)).await
    }

    async fn give_back(&self, tasks: Vec<Task>) -> Result<()> {
        self.pool.write(move |conn| tasks::give_back(conn, &tasks)).await
    }

    async fn retry_later(&self, task: Task, until: Timestamp, why: &str) -> Result<()> {
        let why = why.to_owned();
        self.pool.write(move |conn| tasks::retry_later(conn, &task, until, &why)).await
    }

    async fn load(&self, now: Timestamp) -> Result<Vec<StageLoad>> {
        self.pool.read(move |conn| tasks::load(conn, now)).await
    }

    async fn set_aside(&self, at_most: usize) -> Result<Vec<SetAside>> {
        self.pool.read(move |conn| tasks::set_aside(conn, at_most)).await
    }

    async fn try_again(&self, now: Timestamp) -> Result<usize> {
        self.pool.write(move |conn| tasks::try_again(conn, now)).await
    }

    async fn wait_for_work(&self, stage: Stage, at_most: Duration) {
        self.wakes.wait(stage, at_most).await;
    }
}

#[async_trait]
impl Gathering for Database {
    async fn enqueue_due(&self, now: Timestamp) -> Result<usize> {
        self.pool.write(move |conn| sources::enqueue_due(conn, now)).await
    }

    async fn next_due(&self) -> Result<Option<Timestamp>> {
        self.pool.read(sources::next_due).await
    }

    async fn sources_to_refresh(&self, tasks: &[Task]) -> Result<Vec<(Task, Source)>> {
        self.work(tasks, sources::to_be_refreshed).await
    }

    async fn known(&self, source: SourceId, identities: &[String]) -> Result<Vec<Known>> {
        let identities = identities.to_vec();
        self.pool.read(move |conn| entries::known(conn, source, &identities)).await
    }

    async fn record_refreshed(&self, batch: Vec<(Task, Refreshed)>, now: Timestamp) -> Result<usize> {
        self.pool.write(move |conn| sources::record_refreshed(conn, &batch, now)).await
    }

    async fn arrivals_to_read(&self, tasks: &[Task]) -> Result<Vec<(Task, (Source, Arrival))>> {
        self.work(tasks, arrivals::to_be_read).await
    }

    async fn enqueue_subscriptions(&self, now: Timestamp) -> Result<usize> {
        self.pool.write(move |conn| subscriptions::enqueue_due(conn, now)).await
    }

    async fn sources_to_subscribe(&self, tasks: &[Task]) -> Result<Vec<(Task, ToSubscribe)>> {
        self.work(tasks, subscriptions::to_be_kept).await
    }

    async fn record_asked(
        &self,
        task: Task,
        due: Timestamp,
        trouble: Option<Trouble>,
        now: Timestamp,
    ) -> Result<()> {
        let write =
            move |conn: &mut dyn Conn| subscriptions::record_asked(conn, &task, due, trouble.as_ref(), now);
        self.pool.write(write).await
    }

    async fn strike_off(&self, task: Task, now: Timestamp) -> Result<()> {
        self.pool.write(move |conn| tasks::strike_off(conn, &task, now)).await
    }

    async fn entries_to_extract(&self, tasks: &[Task]) -> Result<Vec<(Task, EntryToExtract)>> {
        self.work(tasks, entries::to_be_extracted).await
    }

    async fn articles_at(&self, addresses: &[String]) -> Result<Vec<(String, ArticleId)>> {
        let addresses = addresses.to_vec();
        self.pool.read(move |conn| articles::at_addresses(conn, &addresses)).await
    }

    async fn record_articles(
        &self,
        batch: Vec<(Task, EntryId, ArticleDecision)>,
        now: Timestamp,
    ) -> Result<usize> {
        self.pool.write(move |conn| articles::record(conn, &batch, now)).await
    }

    async fn articles_to_understand(&self, tasks: &[Task]) -> Result<Vec<(Task, ArticleToUnderstand)>> {
        self.work(tasks, articles::to_be_understood).await
    }

    async fn record_understandings(
        &self,
        batch: Vec<(Task, ArticleId, Understanding)>,
        now: Timestamp,
    ) -> Result<usize> {
        self.pool.write(move |conn| articles::record_understandings(conn, &batch, now)).await
    }

    async fn sketches_to_place(&self, tasks: &[Task]) -> Result<Vec<(Task, Sketch)>> {
        self.work(tasks, articles::to_be_placed).await
    }

    async fn sketches_of(&self, articles: &[ArticleId]) -> Result<Vec<Sketch>> {
        let articles = articles.to_vec();
        self.pool.read(move |conn| repairs::article_sketches(conn, &articles)).await
    }

    async fn history_after(&self, upto: Upto, lately: Lately, at_most: usize) -> Result<History> {
        self.pool.read(move |conn| mending::history_after(conn, upto, lately, at_most)).await
    }

    async fn embed_by(&self, name: &str, model: Model, built_in: Model, since: Timestamp) -> Result<()> {
        let name = name.to_owned();
        self.pool.write(move |conn| embedding::embed_by(conn, &name, model, built_in, since)).await
    }

    async fn keep_embeddings(&self, embeddings: Vec<(ArticleId, Embedding)>) -> Result<()> {
        self.pool.write(move |conn| embedding::keep(conn, &embeddings)).await
    }

    async fn articles_to_embed(&self, at_most: usize) -> Result<(Model, Vec<ArticleToUnderstand>)> {
        self.pool.read(move |conn| embedding::to_be_embedded(conn, at_most)).await
    }

    async fn record_embeddings(
        &self,
        task: &Task,
        embeddings: Vec<(ArticleId, Embedding)>,
        now: Timestamp,
    ) -> Result<ChangeOfModel> {
        let task = task.clone();
        self.pool.write(move |conn| embedding::record(conn, &task, &embeddings, now)).await
    }

    async fn record_placements(
        &self,
        batch: Vec<(Task, Placement, Vec<Mending>)>,
        now: Timestamp,
    ) -> Result<Upto> {
        self.pool.write(move |conn| stories::record_placements(conn, &batch, now)).await
    }

    async fn repairs_to_make(&self, tasks: &[Task]) -> Result<Vec<(Task, RepairToMake)>> {
        self.work(tasks, mending::to_be_made).await
    }

    async fn record_repair(&self, task: &Task, mendings: Vec<Mending>, now: Timestamp) -> Result<Upto> {
        let task = task.clone();
        self.pool.write(move |conn| mending::record(conn, &task, &mendings, now)).await
    }
}

#[async_trait]
impl Receiving for Database {
    async fn keep_arrivals(&self, arrivals: Vec<Arrival>) -> Result<()> {
        self.pool.write(move |conn| arrivals::keep(conn, &arrivals)).await
    }

    async fn subscription(&self, key: &str) -> Result<Option<Subscription>> {
        let key = key.to_owned();
        self.pool.read(move |conn| subscriptions::by_key(conn, &key)).await
    }

    async fn subscriptions(&self) -> Result<Vec<Subscription>> {
        self.pool.read(subscriptions::all).await
    }

    async fn record_subscription(&self, subscription: &Subscription) -> Result<()> {
        let subscription = subscription.clone();
        self.pool.write(move |conn| subscriptions::write(conn, &subscription)).await
    }

    async fn record_refusal(&self, subscription: &Subscription, now: Timestamp) -> Result<()> {
        let subscription = subscription.clone();
        let write = move |conn: &mut dyn Conn| {
            subscriptions::write(conn, &subscription)?;
            subscriptions::poll_again(conn, subscription.source, now)
        };
        self.pool.write(write).await
    }

    async fn end_subscription(&self, source: SourceId, now: Timestamp) -> Result<()> {
        self.pool.write(move |conn| subscriptions::end(conn, source, now)).await
    }

    async fn letterbox(&self, address: &str) -> Result<Option<SourceId>> {
        let address = address.to_owned();
        self.pool.read(move |conn| arrivals::letterbox(conn, &address)).await
    }

    async fn mailboxes(&self) -> Result<Vec<Mailbox>> {
        self.pool.read(arrivals::mailboxes).await
    }

    async fn keep_letters(
        &self,
        letters: Vec<Letter>,
        reader: ReaderId,
        read: &Mailbox,
        now: Timestamp,
    ) -> Result<()> {
        let read = read.clone();
        self.pool.write(move |conn| arrivals::keep_letters(conn, &letters, reader, &read, now)).await
    }
}

#[async_trait]
impl Keeping for Database {
    async fn drop_before(&self, then: Timestamp) -> Result<u64> {
        let mut all = 0;
        loop {
            let (gone, more) = self.pool.write(move |conn| keeping::drop_some(conn, then)).await?;
            all += gone;
            if !more {
                break;
            }
        }
        if all != 0 {
            writing_of(&self.window).forget();
        }
        Ok(all)
    }

    async fn leaving(&self, reader: ReaderId) -> Result<Leaving> {
        self.pool.read(move |conn| leaving::leaving(conn, reader)).await
    }

    async fn leave(&self, reader: ReaderId, now: Timestamp) -> Result<()> {
        while self.pool.write(move |conn| leaving::drop_some(conn, reader)).await? {}
        self.pool.write(move |conn| leaving::leave(conn, reader, now)).await?;
        writing_of(&self.window).forget();
        Ok(())
    }

    #[cfg(test)]
    async fn rows_of(&self, reader: ReaderId) -> Result<std::collections::BTreeMap<&'static str, i64>> {
        self.pool.read(move |conn| leaving::rows_of(conn, reader)).await
    }

    async fn backup(&self, to: &Path) -> Result<()> {
        if self.dialect == Dialect::Postgres {
            return Err(StoreError::Broken("PostgreSQL is copied with its own tool: pg_dump".into()));
        }
        let to = to.to_owned();
        self.pool.read_alone(move |conn| crate::sqlite::copy_to(conn, &to)).await
    }

    async fn check(&self) -> Result<Vec<String>> {
        self.pool.read(keeping::check).await
    }

    async fn counts(&self) -> Result<Counts> {
        self.pool.read(keeping::counts).await
    }
}
