//! All questions, written once for both databases, and the traits that others ask them through.

mod acts;
mod alerts;
mod arrivals;
mod articles;
mod entries;
mod feeds;
mod keeping;
mod lists;
mod mending;
mod readers;
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
    Access, Alert, AlertId, Arrival, Article, ArticleId, Edition, EditionId, EntryId, Follow, FollowId,
    Interests, Known, Mailbox, Mending, Own, Placement, Reader, ReaderId, ReaderSettings, Refreshed, Repair,
    RepairId, Retrieval, Says, Signal, SignalId, Sketch, Source, SourceId, Story, StoryId, StorySketch,
    Subscription, Target, Timestamp, Trouble, Understanding,
};

use self::window::Window;
use crate::conn::{Conn, Dialect};
use crate::pool::{Pool, Wakes};
use crate::{
    ArticleDecision, ArticleToUnderstand, Byline, Counts, EntryFilter, EntryHead, EntryToExtract, FollowMark,
    Found, Gathering, History, Keeping, Letter, Mark, NewFollow, NewSource, Queue, Reading, Receiving,
    RepairToMake, Result, Revision, SetAside, SourceView, Stage, StageLoad, StoreError, StoryState, Task,
    ToSubscribe, Upto, Waiting,
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

    async fn history_after(&self, upto: Upto, since: Timestamp, at_most: usize) -> Result<History> {
        self.pool.read(move |conn| mending::history_after(conn, upto, since, at_most)).await
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
impl Reading for Database {
    async fn readers(&self) -> Result<Vec<Reader>> {
        self.pool.read(readers::all).await
    }

    async fn reader(&self, reader: ReaderId) -> Result<Reader> {
        self.pool.read(move |conn| readers::get(conn, reader)).await
    }

    async fn reader_named(&self, name: &str) -> Result<Option<Reader>> {
        let name = name.to_owned();
        self.pool.read(move |conn| readers::named(conn, &name)).await
    }

    async fn add_reader(&self, name: &str, now: Timestamp) -> Result<Reader> {
        let name = name.to_owned();
        self.pool.write(move |conn| readers::add(conn, &name, now)).await
    }

    async fn save_settings(&self, reader: ReaderId, settings: &ReaderSettings) -> Result<()> {
        let settings = settings.clone();
        self.pool.write(move |conn| readers::save_settings(conn, reader, &settings)).await
    }

    async fn add_source(&self, source: &NewSource, now: Timestamp) -> Result<SourceId> {
        let source = source.clone();
        self.pool.write(move |conn| sources::add(conn, &source, now)).await
    }

    async fn set_access(
        &self,
        reader: ReaderId,
        source: SourceId,
        access: Option<&Access>,
        now: Timestamp,
    ) -> Result<SourceId> {
        let access = access.cloned();
        self.pool.write(move |conn| sources::set_access(conn, reader, source, access.as_ref(), now)).await
    }

    async fn source(&self, source: SourceId) -> Result<Source> {
        self.pool.read(move |conn| sources::get(conn, source)?.ok_or(StoreError::NotFound)).await
    }

    async fn source_titles(&self) -> Result<Vec<(SourceId, String)>> {
        self.pool.read(lists::source_titles).await
    }

    async fn all_sources(&self) -> Result<Vec<SourceView>> {
        self.pool.read(lists::all_sources).await
    }

    async fn sources_of(&self, reader: ReaderId) -> Result<Vec<SourceView>> {
        self.pool.read(move |conn| lists::sources_of(conn, reader)).await
    }

    async fn rates_of(&self, reader: ReaderId) -> Result<Vec<(SourceId, f32)>> {
        let window = self.window.clone();
        self.pool.read(move |conn| lists::rates_of(conn, &window, reader)).await
    }

    async fn refresh_now(&self, source: SourceId, now: Timestamp) -> Result<()> {
        self.pool.write(move |conn| sources::refresh_now(conn, source, now)).await
    }

    async fn follows(&self, reader: ReaderId) -> Result<Vec<Follow>> {
        self.pool.read(move |conn| readers::follows(conn, reader)).await
    }

    async fn add_follow(&self, reader: ReaderId, follow: &NewFollow, now: Timestamp) -> Result<Follow> {
        let follow = follow.clone();
        self.pool.write(move |conn| readers::add_follow(conn, reader, &follow, now)).await
    }

    async fn remove_follow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow> {
        self.pool.write(move |conn| readers::remove_follow(conn, reader, follow)).await
    }

    async fn restore_follow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow> {
        self.pool.write(move |conn| readers::restore_follow(conn, reader, follow)).await
    }

    async fn mark_follow(&self, reader: ReaderId, follow: FollowId, mark: FollowMark) -> Result<Follow> {
        self.pool.write(move |conn| readers::mark_follow(conn, reader, follow, mark)).await
    }

    async fn feed_key(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<Option<String>> {
        self.pool.read(move |conn| feeds::key(conn, reader, follow)).await
    }

    async fn feed_keys(&self, reader: ReaderId) -> Result<Vec<(Option<FollowId>, String)>> {
        self.pool.read(move |conn| feeds::keys(conn, reader)).await
    }

    async fn open_feed(
        &self,
        reader: ReaderId,
        follow: Option<FollowId>,
        key: &str,
        now: Timestamp,
    ) -> Result<()> {
        let key = key.to_owned();
        self.pool.write(move |conn| feeds::open(conn, reader, follow, &key, now)).await
    }

    async fn close_feed(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<()> {
        self.pool.write(move |conn| feeds::close(conn, reader, follow)).await
    }

    async fn feed_of(&self, key: &str) -> Result<Option<(ReaderId, Option<FollowId>)>> {
        let key = key.to_owned();
        self.pool.read(move |conn| feeds::of_key(conn, &key)).await
    }

    async fn alerts(&self, reader: ReaderId, at_most: usize) -> Result<Vec<Alert>> {
        self.pool.read(move |conn| alerts::newest(conn, reader, at_most)).await
    }

    async fn to_alert(&self) -> Result<Vec<ReaderId>> {
        self.pool.read(alerts::wished_for).await
    }

    async fn alerts_of(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<Alert>> {
        let stories = stories.to_vec();
        self.pool.read(move |conn| alerts::of_stories(conn, reader, &stories)).await
    }

    async fn record_alerts(&self, alerts: &[Alert], channels: &[String]) -> Result<Vec<Alert>> {
        let (alerts, channels) = (alerts.to_vec(), channels.to_vec());
        self.pool.write(move |conn| alerts::record(conn, &alerts, &channels)).await
    }

    async fn alerts_seen(&self, reader: ReaderId, upto: AlertId) -> Result<()> {
        self.pool.write(move |conn| alerts::seen(conn, reader, upto)).await
    }

    async fn alerts_to_send(&self, channel: &str, now: Timestamp, at_most: usize) -> Result<Vec<Waiting>> {
        let channel = channel.to_owned();
        self.pool.read(move |conn| alerts::to_send(conn, &channel, now, at_most)).await
    }

    async fn alerts_sent(&self, channel: &str, alerts: &[AlertId], again: Option<Timestamp>) -> Result<()> {
        let (channel, alerts) = (channel.to_owned(), alerts.to_vec());
        self.pool.write(move |conn| alerts::sent(conn, &channel, &alerts, again)).await
    }

    async fn retrieve(
        &self,
        reader: ReaderId,
        ways: &[(Retrieval, usize)],
        since: Timestamp,
    ) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>> {
        let (window, ways) = (self.window.clone(), ways.to_vec());
        self.pool.read(move |conn| retrieve::retrieve(conn, &window, reader, &ways, since)).await
    }

    async fn story_sketches(&self, stories: &[StoryId]) -> Result<Vec<StorySketch>> {
        let stories = stories.to_vec();
        self.pool.read(move |conn| stories::sketches(conn, &stories)).await
    }

    async fn story(&self, story: StoryId) -> Result<Story> {
        self.pool.read(move |conn| stories::story(conn, story, true)?.ok_or(StoreError::NotFound)).await
    }

    async fn stories(&self, stories: &[StoryId]) -> Result<Vec<Story>> {
        let stories = stories.to_vec();
        self.pool.read(move |conn| stories::all(conn, &stories, false)).await
    }

    async fn stories_about(
        &self,
        target: &Target,
        aliases: &[String],
        since: Timestamp,
        at_most: usize,
    ) -> Result<Vec<StorySketch>> {
        let (window, target, aliases) = (self.window.clone(), target.clone(), aliases.to_vec());
        let read = move |conn: &mut dyn Conn| {
            retrieve::stories_about(conn, &window, &target, &aliases, since, at_most)
        };
        self.pool.read(read).await
    }

    async fn story_of(&self, article: ArticleId) -> Result<Option<StoryId>> {
        self.pool.read(move |conn| stories::story_of(conn, article)).await
    }

    async fn leads_to(&self, story: StoryId) -> Result<Option<StoryId>> {
        self.pool.read(move |conn| Ok(mending::leads(conn, &[story])?.remove(&story))).await
    }

    async fn article_sketches(&self, articles: &[ArticleId]) -> Result<Vec<Sketch>> {
        let articles = articles.to_vec();
        self.pool.read(move |conn| repairs::article_sketches(conn, &articles)).await
    }

    async fn own(&self, reader: ReaderId) -> Result<Own> {
        self.pool.read(move |conn| repairs::own(conn, reader)).await
    }

    async fn repairs(&self, reader: ReaderId) -> Result<Vec<Repair>> {
        self.pool.read(move |conn| repairs::of_reader(conn, reader)).await
    }

    async fn all_repairs(&self) -> Result<Vec<Repair>> {
        self.pool.read(repairs::all).await
    }

    async fn add_repair(
        &self,
        reader: ReaderId,
        says: &Says,
        for_all: bool,
        now: Timestamp,
    ) -> Result<Repair> {
        let says = says.clone();
        self.pool.write(move |conn| repairs::add(conn, reader, &says, for_all, now)).await
    }

    async fn undo_repair(&self, reader: ReaderId, repair: RepairId, now: Timestamp) -> Result<Repair> {
        self.pool.write(move |conn| repairs::undo(conn, reader, repair, now)).await
    }

    async fn looks(&self, reader: ReaderId, story: StoryId) -> Result<Vec<(Timestamp, Option<ArticleId>)>> {
        self.pool.read(move |conn| repairs::looks(conn, reader, story)).await
    }

    async fn article(&self, article: ArticleId) -> Result<Article> {
        self.pool.read(move |conn| articles::article(conn, article)).await
    }

    async fn story_states(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<StoryState>> {
        let stories = stories.to_vec();
        self.pool.read(move |conn| acts::states(conn, reader, &stories)).await
    }

    async fn bylines(&self, articles: &[ArticleId]) -> Result<Vec<Byline>> {
        let articles = articles.to_vec();
        self.pool.read(move |conn| lists::bylines(conn, &articles)).await
    }

    async fn entry_authors(&self, entries: &[EntryId]) -> Result<Vec<(EntryId, Vec<String>)>> {
        let entries = entries.to_vec();
        self.pool.read(move |conn| lists::entry_authors(conn, &entries)).await
    }

    async fn entries(
        &self,
        reader: ReaderId,
        which: &EntryFilter,
        before: Option<EntryId>,
        at_most: usize,
    ) -> Result<Vec<EntryHead>> {
        let which = which.clone();
        self.pool.read(move |conn| lists::entries(conn, reader, &which, before, at_most)).await
    }

    async fn entry(&self, reader: ReaderId, entry: EntryId) -> Result<EntryHead> {
        self.pool.read(move |conn| lists::entry(conn, reader, entry)).await
    }

    async fn entries_of(&self, reader: ReaderId, article: ArticleId) -> Result<Vec<EntryHead>> {
        self.pool.read(move |conn| lists::entries_of(conn, reader, article)).await
    }

    async fn revisions(&self, _reader: ReaderId, entry: EntryId) -> Result<Vec<Revision>> {
        self.pool.read(move |conn| lists::revisions(conn, entry)).await
    }

    async fn search(&self, query: &str, before: Option<ArticleId>, at_most: usize) -> Result<Vec<Found>> {
        let query = query.to_owned();
        self.pool.read(move |conn| search::search(conn, &query, before, at_most)).await
    }

    async fn record_signals(&self, signals: &[Signal]) -> Result<Vec<SignalId>> {
        let signals = signals.to_vec();
        self.pool.write(move |conn| acts::record(conn, &signals)).await
    }

    async fn signals(&self, reader: ReaderId, after: SignalId, at_most: usize) -> Result<Vec<Signal>> {
        self.pool.read(move |conn| acts::signals(conn, reader, after, at_most)).await
    }

    async fn forget_signals(&self, reader: ReaderId, from: Timestamp, to: Timestamp) -> Result<u64> {
        self.pool.write(move |conn| acts::forget(conn, reader, from, to)).await
    }

    async fn mark(&self, reader: ReaderId, entries: &[EntryId], mark: Mark, now: Timestamp) -> Result<()> {
        let entries = entries.to_vec();
        self.pool.write(move |conn| acts::mark(conn, reader, &entries, mark, now)).await
    }

    async fn mark_story(&self, reader: ReaderId, story: StoryId, mark: Mark, now: Timestamp) -> Result<()> {
        self.pool.write(move |conn| acts::mark_story(conn, reader, story, mark, now)).await
    }

    async fn interests(&self, reader: ReaderId) -> Result<(Interests, SignalId)> {
        self.pool.read(move |conn| readers::interests(conn, reader)).await
    }

    async fn record_interests(
        &self,
        task: Option<&Task>,
        reader: ReaderId,
        interests: &Interests,
        upto: SignalId,
    ) -> Result<()> {
        let (task, interests) = (task.cloned(), interests.clone());
        let write = move |conn: &mut dyn Conn| {
            readers::record_interests(conn, task.as_ref(), reader, &interests, upto)
        };
        self.pool.write(write).await
    }

    async fn record_edition(&self, edition: &Edition) -> Result<EditionId> {
        let edition = edition.clone();
        self.pool.write(move |conn| readers::record_edition(conn, &edition)).await
    }

    async fn edition(&self, reader: ReaderId, edition: EditionId) -> Result<Edition> {
        self.pool.read(move |conn| readers::edition(conn, reader, edition)).await
    }

    async fn last_edition(&self, reader: ReaderId) -> Result<Option<Edition>> {
        self.pool.read(move |conn| readers::last_edition(conn, reader)).await
    }

    async fn edition_before(&self, reader: ReaderId, edition: EditionId) -> Result<Option<Timestamp>> {
        self.pool.read(move |conn| readers::edition_before(conn, reader, edition)).await
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
