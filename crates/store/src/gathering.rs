use std::time::Duration;

use async_trait::async_trait;
use news::{
    Arrival, ArticleId, Embedding, Entry, EntryId, Extracted, Known, Mending, Model, Placement, Refreshed,
    Says, Sketch, Source, SourceId, StoryId, Subscription, Timestamp, Trouble, Understanding,
};

use crate::{Result, Task};

/// What the gathering half asks and records. It cannot see a reader.
///
/// Each `record_…` is one transaction for its whole batch: it checks the receipts, writes the decisions, adds the
/// work that follows and strikes off the tasks that are done. So doing a task twice changes nothing. Parts whose
/// receipt no longer holds are dropped; the answer says how many were recorded.
#[async_trait]
pub trait Gathering: Send + Sync {
    /// Puts a refresh task on the queue for every source that is due and has none. Answers how many.
    async fn enqueue_due(&self, now: Timestamp) -> Result<usize>;
    /// When the next source is due.
    async fn next_due(&self) -> Result<Option<Timestamp>>;

    /// The sources that refresh tasks are about, in their order; a task whose source is gone is left out (and done).
    async fn sources_to_refresh(&self, tasks: &[Task]) -> Result<Vec<(Task, Source)>>;
    /// Which of these identities the source's entries already have.
    async fn known(&self, source: SourceId, identities: &[String]) -> Result<Vec<Known>>;
    /// New entries get an *extract* task each; a changed one keeps its number, its old title and text become a
    /// revision, and it gets an *extract* task again. With a *receive* task, what had arrived is dropped: it was read.
    async fn record_refreshed(&self, batch: Vec<(Task, Refreshed)>, now: Timestamp) -> Result<usize>;

    /// What was sent to us, and the source that it is of.
    async fn arrivals_to_read(&self, tasks: &[Task]) -> Result<Vec<(Task, (Source, Arrival))>>;

    /// Puts a *subscribe* task on the queue for every source whose hub is to be asked something. Answers how many.
    async fn enqueue_subscriptions(&self, now: Timestamp) -> Result<usize>;
    async fn sources_to_subscribe(&self, tasks: &[Task]) -> Result<Vec<(Task, ToSubscribe)>>;
    /// The hub was asked; when to look after it next, and what went wrong.
    async fn record_asked(
        &self,
        task: Task,
        due: Timestamp,
        trouble: Option<Trouble>,
        now: Timestamp,
    ) -> Result<()>;
    /// There was nothing to ask.
    async fn strike_off(&self, task: Task, now: Timestamp) -> Result<()>;

    async fn entries_to_extract(&self, tasks: &[Task]) -> Result<Vec<(Task, EntryToExtract)>>;
    /// Which of these canonical addresses have an article already.
    async fn articles_at(&self, addresses: &[String]) -> Result<Vec<(String, ArticleId)>>;
    /// A new article (or one that became better) gets an *understand* task. Two entries of one address meet in one
    /// article, also when they are recorded at the same moment.
    async fn record_articles(
        &self,
        batch: Vec<(Task, EntryId, ArticleDecision)>,
        now: Timestamp,
    ) -> Result<usize>;

    async fn articles_to_understand(&self, tasks: &[Task]) -> Result<Vec<(Task, ArticleToUnderstand)>>;
    /// Gets a *cluster* task; its text can be searched from then on.
    async fn record_understandings(
        &self,
        batch: Vec<(Task, ArticleId, Understanding)>,
        now: Timestamp,
    ) -> Result<usize>;

    /// From now on articles come with vectors by the model of that name, besides those of their understanding by the
    /// built-in one. Where those that are compared are of another, they are embedded again in the background, the newest
    /// first, back to those that came at `since` ([`Stage::Embed`](crate::Stage)); then all change at once to the new ones.
    async fn embed_by(&self, name: &str, model: Model, built_in: Model, since: Timestamp) -> Result<()>;
    /// An article's vector by a model that is not the built-in one; the last one of each article is kept.
    async fn keep_embeddings(&self, embeddings: Vec<(ArticleId, Embedding)>) -> Result<()>;
    /// The newest articles that are still to be embedded, and by which model.
    async fn articles_to_embed(&self, at_most: usize) -> Result<(Model, Vec<ArticleToUnderstand>)>;
    /// Those that were asked for last, and the next step of the change: with none left to embed the new vectors are
    /// compared; with each further call some stories get their centre by them; in the end readers learn anew. The task is
    /// put on the queue again until all is done.
    async fn record_embeddings(
        &self,
        task: &Task,
        embeddings: Vec<(ArticleId, Embedding)>,
        now: Timestamp,
    ) -> Result<ChangeOfModel>;

    /// With their vectors by the model that is current, as far as they have them.
    async fn sketches_to_place(&self, tasks: &[Task]) -> Result<Vec<(Task, Sketch)>>;
    /// What was placed and mended after that, in order; the index of stories is a fold over it. Of the stories that
    /// grew lately all is told, however old; the others are left out. At most so many placements.
    async fn history_after(&self, upto: Upto, lately: Lately, at_most: usize) -> Result<History>;
    /// Of these articles, placed or not; those that are gone are left out.
    async fn sketches_of(&self, articles: &[ArticleId]) -> Result<Vec<Sketch>>;
    /// Writes the placements, what was mended right after each, and the stories' new faces.
    /// All or nothing: when any of the receipts no longer holds, or the faces are by a model that is no longer the current
    /// one, it is `LeaseLost`, and the placer's index of stories
    /// is to be made again, because it has moved on and the store has not.
    async fn record_placements(
        &self,
        batch: Vec<(Task, Placement, Vec<Mending>)>,
        now: Timestamp,
    ) -> Result<Upto>;

    /// Repairs that were said for everybody; their tasks are *cluster* tasks ([`Task::is_repair`]).
    async fn repairs_to_make(&self, tasks: &[Task]) -> Result<Vec<(Task, RepairToMake)>>;
    /// What one of them makes of the stories. All or nothing, as placements.
    async fn record_repair(&self, task: &Task, mendings: Vec<Mending>, now: Timestamp) -> Result<Upto>;
}

/// A source, whether anybody wants to hear of it, and what we agreed with a hub about it.
#[derive(Clone, Debug)]
pub struct ToSubscribe {
    pub source: Source,
    pub wanted: bool,
    pub standing: Option<Subscription>,
}

/// An entry, and what its source can tell of it.
#[derive(Clone, Debug)]
pub struct EntryToExtract {
    pub entry: Entry,
    /// An aggregator links to other people's pages.
    pub source: Source,
}

/// What came of extracting one entry.
#[derive(Clone, Debug)]
pub enum ArticleDecision {
    /// The article that stands there already is as good: only the link is new.
    Same(ArticleId),
    /// A new article, or (when one stands at its address) a better version of it.
    Article(Box<Extracted>),
}

#[derive(Clone, Debug)]
pub struct ArticleToUnderstand {
    pub id: ArticleId,
    pub extracted: Extracted,
    /// Tags that the feeds' entries gave.
    pub categories: Vec<String>,
    /// Language that the source claims.
    pub source_language: Option<news::Language>,
}

/// How far the change to the model that is wanted has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangeOfModel {
    /// The model that is wanted; empty as long as nobody said.
    pub name: String,
    pub step: ModelStep,
    /// Articles, or stories, that are still to be looked at in this step.
    pub left: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelStep {
    /// Its vectors are those that are compared.
    Done,
    /// Articles are being embedded; the vectors from before are compared as yet.
    Articles,
    /// Its vectors are compared; stories' centres follow.
    Stories,
}

/// How far the history of stories was read: the number of the last placement, and of the last mending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Upto {
    pub placed: i64,
    pub mended: i64,
}

/// Which stories grew lately. Said by what was placed, never by the clock: who reads later reads the same.
#[derive(Clone, Copy, Debug)]
pub struct Lately {
    /// Those whose last article is at most so much older than the latest of all,
    pub within: Duration,
    /// those of so many articles or more whose last is at most so much older,
    pub grown: (u32, Duration),
    /// and those that one of so many of the last placements is in.
    pub placed: u32,
}

impl Lately {
    pub const EVER: Lately = {
        let ever = Duration::from_secs(u32::MAX as u64);
        Lately { within: ever, grown: (0, ever), placed: u32::MAX }
    };
}

/// A page of the history of stories.
#[derive(Clone, Debug)]
pub struct History {
    pub steps: Vec<Step>,
    pub upto: Upto,
    /// By which model's vectors it is told. An index that was made of another's is to be made again.
    pub model: Model,
    /// There may be more.
    pub more: bool,
}

#[derive(Clone, Debug)]
pub enum Step {
    Placed(Box<Placed>),
    Mended(Box<Mending>),
}

/// What somebody said for everybody, and the stories that it is about.
#[derive(Clone, Debug)]
pub struct RepairToMake {
    pub says: Says,
    /// It was taken back: what it moved goes back.
    pub undone: bool,
    /// The stories in which its articles stand now, each with all its articles in the order in which they were placed.
    pub stories: Vec<(StoryId, Vec<Sketch>)>,
    /// The articles that this repair moved before.
    pub came: Vec<ArticleId>,
}

/// One article in its story, as it was placed.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Rises with every placement.
    pub number: i64,
    pub story: StoryId,
    pub sketch: Sketch,
}
