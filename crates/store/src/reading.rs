use std::sync::Arc;

use async_trait::async_trait;
use news::{
    Access, Alert, AlertId, Article, ArticleId, Edition, EditionId, EntryId, Evidence, Follow, FollowId,
    Interests, Language, Own, Place, Reader, ReaderId, ReaderSettings, Repair, RepairId, Retrieval, Says,
    Signal, SignalId, Sketch, Source, SourceId, SourceKind, Stance, Story, StoryId, StorySketch, Target,
    Timestamp,
};

use crate::{ChangeOfModel, Result, Task};

/// What the reading half asks and records. It may ask for a source; it cannot change the news.
/// Every question about a reader's things takes a [`ReaderId`]: there is no way to ask without one.
#[async_trait]
pub trait Reading: Send + Sync {
    // Readers.
    async fn readers(&self) -> Result<Vec<Reader>>;
    async fn reader(&self, reader: ReaderId) -> Result<Reader>;
    async fn reader_named(&self, name: &str) -> Result<Option<Reader>>;
    /// Answers the one of that name when there is one.
    async fn add_reader(&self, name: &str, now: Timestamp) -> Result<Reader>;
    async fn save_settings(&self, reader: ReaderId, settings: &ReaderSettings) -> Result<()>;

    /// Which model articles are embedded by, and how far a change of it has come.
    async fn change_of_model(&self) -> Result<ChangeOfModel>;

    // Sources and follows. A reader subscribes to a source by following it.
    /// Answers the source at that address, new or not; a new one is due at once.
    async fn add_source(&self, source: &NewSource, now: Timestamp) -> Result<SourceId>;
    async fn source(&self, source: SourceId) -> Result<Source>;
    /// What each source calls itself: for sentences that name them.
    async fn source_titles(&self) -> Result<Vec<(SourceId, String)>>;
    async fn all_sources(&self) -> Result<Vec<SourceView>>;
    async fn sources_of(&self, reader: ReaderId) -> Result<Vec<SourceView>>;
    /// The reader's own sources with entries a week ([`SourceView::last_week`]), and nothing else of them.
    async fn rates_of(&self, reader: ReaderId) -> Result<Vec<(SourceId, f32)>>;
    /// What the reader gives for a source that they follow, for them alone; `None` takes it back. Answers the source that
    /// they follow from then on: another one, when others have the old one as well.
    async fn set_access(
        &self,
        reader: ReaderId,
        source: SourceId,
        access: Option<&Access>,
        now: Timestamp,
    ) -> Result<SourceId>;
    /// It becomes due at once.
    async fn refresh_now(&self, source: SourceId, now: Timestamp) -> Result<()>;
    async fn follows(&self, reader: ReaderId) -> Result<Vec<Follow>>;
    /// One follow for one target: a second one replaces the first and keeps its number.
    async fn add_follow(&self, reader: ReaderId, follow: &NewFollow, now: Timestamp) -> Result<Follow>;
    /// Answers what it was.
    async fn remove_follow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow>;
    /// The undo of the above, as long as it was among the last that were removed.
    async fn restore_follow(&self, reader: ReaderId, follow: FollowId) -> Result<Follow>;
    async fn mark_follow(&self, reader: ReaderId, follow: FollowId, mark: FollowMark) -> Result<Follow>;

    // Output feeds. The secret part of an address leads to one reader's things, and to one follow of theirs or (none)
    // to their edition.
    async fn feed_key(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<Option<String>>;
    async fn feed_keys(&self, reader: ReaderId) -> Result<Vec<(Option<FollowId>, String)>>;
    /// In place of the one that there was: that leads nowhere from now on.
    async fn open_feed(
        &self,
        reader: ReaderId,
        follow: Option<FollowId>,
        key: &str,
        now: Timestamp,
    ) -> Result<()>;
    async fn close_feed(&self, reader: ReaderId, follow: Option<FollowId>) -> Result<()>;
    async fn feed_of(&self, key: &str) -> Result<Option<(ReaderId, Option<FollowId>)>>;

    // Alerts.
    /// The newest first.
    async fn alerts(&self, reader: ReaderId, at_most: usize) -> Result<Vec<Alert>>;
    /// Readers who wish to be alerted of something.
    async fn to_alert(&self) -> Result<Vec<ReaderId>>;
    /// The last alert of each of these stories that had one.
    async fn alerts_of(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<Alert>>;
    /// Each with a message on each of these channels. One that was recorded before (same story, same turns) is not
    /// recorded again. Answers those that are new.
    async fn record_alerts(&self, alerts: &[Alert], channels: &[String]) -> Result<Vec<Alert>>;
    /// All of the reader's up to this one.
    async fn alerts_seen(&self, reader: ReaderId, upto: AlertId) -> Result<()>;
    /// What waits to be sent on a channel, the oldest first.
    async fn alerts_to_send(&self, channel: &str, now: Timestamp, at_most: usize) -> Result<Vec<Waiting>>;
    /// These are done with on the channel, or (`until`) are to be tried again then.
    async fn alerts_sent(&self, channel: &str, alerts: &[AlertId], again: Option<Timestamp>) -> Result<()>;

    // Stories and articles.
    /// Stories that may matter, by the ways in which they were found; of each way at most so many, none older than
    /// `since`.
    async fn retrieve(
        &self,
        reader: ReaderId,
        ways: &[(Retrieval, usize)],
        since: Timestamp,
    ) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>>;
    /// In the order asked; those that are gone are left out.
    async fn story_sketches(&self, stories: &[StoryId]) -> Result<Vec<StorySketch>>;
    async fn story(&self, story: StoryId) -> Result<Story>;
    /// In the order asked, those that are gone left out; members without their evidence, for lists.
    async fn stories(&self, stories: &[StoryId]) -> Result<Vec<Story>>;
    /// Stories about one thing, the last to grow first: the page of a follow.
    async fn stories_about(
        &self,
        target: &Target,
        aliases: &[String],
        since: Timestamp,
        at_most: usize,
    ) -> Result<Vec<StorySketch>>;
    async fn story_of(&self, article: ArticleId) -> Result<Option<StoryId>>;
    /// Where the number of a story that was joined with another leads.
    async fn leads_to(&self, story: StoryId) -> Result<Option<StoryId>>;
    /// What it was one story with before it was split, the last first; not what is one with it again.
    async fn parted_from(&self, story: StoryId) -> Result<Vec<Parted>>;
    /// As much of these as telling them apart needs, in the order asked.
    async fn article_sketches(&self, articles: &[ArticleId]) -> Result<Vec<Sketch>>;
    async fn article(&self, article: ArticleId) -> Result<Article>;
    /// How this reader stands to these stories: seen, opened, read, saved.
    async fn story_states(&self, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<StoryState>>;
    /// Whose these articles are, in no order; those that are gone are left out.
    async fn bylines(&self, articles: &[ArticleId]) -> Result<Vec<Byline>>;
    /// The texts of those of these articles that may say one of these phrases; that they do is for the caller to see.
    async fn texts_that_may_say(
        &self,
        articles: &[ArticleId],
        phrases: &[String],
    ) -> Result<Vec<(ArticleId, String)>>;
    /// Who wrote these entries, as their sources say.
    async fn entry_authors(&self, entries: &[EntryId]) -> Result<Vec<(EntryId, Vec<String>)>>;
    /// Newest first, entries before `before`, of the reader's own sources (or one of them).
    async fn entries(
        &self,
        reader: ReaderId,
        which: &EntryFilter,
        before: Option<EntryId>,
        at_most: usize,
    ) -> Result<Vec<EntryHead>>;
    /// The newest unread entries of each of the reader's sources (or of one of them), so many of each, in no order.
    async fn newest_unread(
        &self,
        reader: ReaderId,
        source: Option<SourceId>,
        of_each: usize,
    ) -> Result<Vec<EntryHead>>;
    async fn entry(&self, reader: ReaderId, entry: EntryId) -> Result<EntryHead>;
    /// The entries that lead to the article, whoever published them, the oldest first; at most 50.
    async fn entries_of(&self, reader: ReaderId, article: ArticleId) -> Result<Vec<EntryHead>>;
    /// What the entry said before, the newest first.
    async fn revisions(&self, reader: ReaderId, entry: EntryId) -> Result<Vec<Revision>>;
    /// Newest first; words are and-ed, `"…"` is a phrase, a leading `-` excludes. Any text is a valid query.
    async fn search(&self, query: &str, before: Option<ArticleId>, at_most: usize) -> Result<Vec<Found>>;

    // What belongs together, as one reader says.
    /// Where this reader has articles otherwise than everybody; empty for nearly all.
    async fn own(&self, reader: ReaderId) -> Result<Own>;
    /// Those in force, in the order in which they were said.
    async fn repairs(&self, reader: ReaderId) -> Result<Vec<Repair>>;
    /// Those of all readers: what grouping can be taught by.
    async fn all_repairs(&self) -> Result<Vec<Repair>>;
    /// In force for this reader at once. `for_all`: a *cluster* task makes it true for everybody.
    async fn add_repair(
        &self,
        reader: ReaderId,
        says: &Says,
        for_all: bool,
        now: Timestamp,
    ) -> Result<Repair>;
    /// Answers what it was. What was mended for everybody is mended back.
    async fn undo_repair(&self, reader: ReaderId, repair: RepairId, now: Timestamp) -> Result<Repair>;
    /// When the reader looked at the story (as they have it), and at which of its articles; the last look first, at most
    /// [`LOOKS`].
    async fn looks(&self, reader: ReaderId, story: StoryId) -> Result<Vec<(Timestamp, Option<ArticleId>)>>;

    // What the reader did.
    /// Durable when it answers. A signal of reading also marks entries read; a *learn* task follows.
    async fn record_signals(&self, signals: &[Signal]) -> Result<Vec<SignalId>>;
    /// In the order in which they were recorded, after this number.
    async fn signals(&self, reader: ReaderId, after: SignalId, at_most: usize) -> Result<Vec<Signal>>;
    /// The reader's right: everything that they did in `[from, to)` is forgotten. What we made of it goes as well: only
    /// what they set by hand stays, a *learn* task begins anew, and one that is in hand no longer holds.
    async fn forget_signals(&self, reader: ReaderId, from: Timestamp, to: Timestamp) -> Result<u64>;
    async fn mark(&self, reader: ReaderId, entries: &[EntryId], mark: Mark, now: Timestamp) -> Result<()>;
    async fn mark_story(&self, reader: ReaderId, story: StoryId, mark: Mark, now: Timestamp) -> Result<()>;

    // What we made of it.
    /// With the number of the last signal that is folded in.
    async fn interests(&self, reader: ReaderId) -> Result<(Interests, SignalId)>;
    /// With the task that it finishes, or without one (corrected by hand, made again from the beginning).
    async fn record_interests(
        &self,
        task: Option<&Task>,
        reader: ReaderId,
        interests: &Interests,
        upto: SignalId,
    ) -> Result<()>;
    async fn record_edition(&self, edition: &Edition) -> Result<EditionId>;
    async fn edition(&self, reader: ReaderId, edition: EditionId) -> Result<Edition>;
    async fn last_edition(&self, reader: ReaderId) -> Result<Option<Edition>>;
    /// When the edition before this one was made.
    async fn edition_before(&self, reader: ReaderId, edition: EditionId) -> Result<Option<Timestamp>>;
}

/// So many looks at one story are told.
pub const LOOKS: usize = 300;

#[derive(Clone, Debug)]
pub struct NewSource {
    pub address: String,
    pub kind: SourceKind,
    pub title: Option<String>,
    pub site: Option<String>,
    pub language: Option<Language>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct NewFollow {
    pub target: Target,
    pub stance: Stance,
    pub label: Option<String>,
    pub folder: Option<String>,
    pub aliases: Vec<String>,
    pub until: Option<Timestamp>,
    /// Where a mute holds.
    pub place: Place,
}

impl NewFollow {
    /// For ever and everywhere, under its own name.
    pub fn new(target: Target, stance: Stance) -> NewFollow {
        NewFollow {
            target,
            stance,
            label: None,
            folder: None,
            aliases: Vec::new(),
            until: None,
            place: Place::Everywhere,
        }
    }
}

impl From<&Follow> for NewFollow {
    fn from(it: &Follow) -> NewFollow {
        NewFollow {
            target: it.target.clone(),
            stance: it.stance,
            label: it.label.clone(),
            folder: it.folder.clone(),
            aliases: it.aliases.clone(),
            until: it.until,
            place: it.place.clone(),
        }
    }
}

/// What is noted at a follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FollowMark {
    /// What happens from then on alerts; none: nothing does.
    Alerts(Option<Timestamp>),
    /// The reader has seen what there was of it then.
    Seen(Option<Timestamp>),
}

/// Whose an article is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    pub article: ArticleId,
    /// The sources whose entries lead to it.
    pub sources: Vec<SourceId>,
    pub authors: Vec<String>,
}

/// An alert on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub alert: Alert,
    /// 0 when it was not tried yet.
    pub attempt: u32,
}

/// A source as its page and list show it.
#[derive(Clone, Debug)]
pub struct SourceView {
    pub source: Source,
    /// How the reader follows it; none in the list of all.
    pub follow: Option<Follow>,
    pub entries: u64,
    /// Not read by the reader.
    pub unread: u64,
    /// There may be more of them: not all were looked at. The store itself counts them all, muted ones too.
    pub more_unread: bool,
    /// Of this source's stories, those that the reader opened.
    pub opened: u64,
    /// Entries in the last seven days before its newest one.
    pub last_week: u64,
    /// Followed by so many readers.
    pub readers: u64,
}

#[derive(Clone, Debug, Default)]
pub struct EntryFilter {
    pub source: Option<SourceId>,
    pub folder: Option<String>,
    pub unread_only: bool,
    pub saved_only: bool,
}

/// An entry as lists show it.
#[derive(Clone, Debug)]
pub struct EntryHead {
    pub id: EntryId,
    pub source: SourceId,
    pub source_title: String,
    pub title: String,
    pub url: Option<String>,
    /// Plain text, at most 300 characters.
    pub teaser: String,
    pub at: Timestamp,
    pub arrived: Timestamp,
    pub article: Option<ArticleId>,
    pub story: Option<StoryId>,
    /// How many outlets tell that story.
    pub outlets: u32,
    pub read: bool,
    pub saved: bool,
    /// Its headline or text was changed after it came.
    pub edited: bool,
}

/// What an entry said until it was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    pub until: Timestamp,
    pub title: String,
    /// Plain text: the article's, or (where there was none yet) what the source gave.
    pub text: String,
}

#[derive(Clone, Debug)]
pub struct Found {
    pub article: ArticleId,
    pub story: Option<StoryId>,
    pub title: String,
    pub outlet: String,
    pub published: Timestamp,
    /// Plain text around the hit.
    pub snippet: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Read,
    Unread,
    Saved,
    Unsaved,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct StoryState {
    pub story: StoryId,
    /// When it was last opened or read.
    pub opened: Option<Timestamp>,
    /// How many turns it had when it was opened or marked read.
    pub turns: u32,
    pub read: bool,
    pub saved: bool,
    /// How often it was in an edition that was looked at.
    pub shown: u32,
    /// The reader said: not interested, or already knew.
    pub dismissed: bool,
}

impl StoryState {
    /// Of so many turns that a story has, those that came since the reader opened it or marked it read.
    pub fn new_of(&self, turns: u32) -> u32 {
        if self.read || self.opened.is_some() { turns.saturating_sub(self.turns) } else { 0 }
    }
}

/// The other part of a story that was split.
#[derive(Clone, Debug, PartialEq)]
pub struct Parted {
    pub story: StoryId,
    pub at: Timestamp,
    /// How little the two have in common; nothing when somebody said so.
    pub evidence: Vec<Evidence>,
}
