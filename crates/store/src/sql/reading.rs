//! What the reading half asks and tells, in SQL.

use std::sync::Arc;

use async_trait::async_trait;
use news::{
    Access, Alert, AlertId, Article, ArticleId, Edition, EditionId, EntryId, Follow, FollowId, Interests,
    Own, Reader, ReaderId, ReaderSettings, Repair, RepairId, Retrieval, Says, Signal, SignalId, Sketch,
    Source, SourceId, Story, StoryId, StorySketch, Target, Timestamp,
};

use super::{
    Database, acts, alerts, articles, embedding, feeds, lists, mending, readers, repairs, retrieve, search,
    sources, stories,
};
use crate::conn::Conn;
use crate::{
    Byline, ChangeOfModel, EntryFilter, EntryHead, FollowMark, Found, Mark, NewFollow, NewSource, Parted,
    Reading, Result, Revision, SourceView, StoreError, StoryState, Task, Waiting,
};

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

    async fn change_of_model(&self) -> Result<ChangeOfModel> {
        self.pool.read(embedding::change).await
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

    async fn parted_from(&self, story: StoryId) -> Result<Vec<Parted>> {
        self.pool.read(move |conn| mending::parted_from(conn, story)).await
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

    async fn texts_that_may_say(
        &self,
        articles: &[ArticleId],
        phrases: &[String],
    ) -> Result<Vec<(ArticleId, String)>> {
        let (articles, phrases) = (articles.to_vec(), phrases.to_vec());
        self.pool.read(move |conn| search::texts_that_may_say(conn, &articles, &phrases)).await
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

    async fn newest_unread(
        &self,
        reader: ReaderId,
        source: Option<SourceId>,
        of_each: usize,
    ) -> Result<Vec<EntryHead>> {
        self.pool.read(move |conn| lists::newest_unread(conn, reader, source, of_each)).await
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
