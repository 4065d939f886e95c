use async_trait::async_trait;
use news::Timestamp;

use crate::Result;

/// Work to be done, each piece by one worker at a time.
///
/// A key is in one pair of hands at a time: while any task of a key is leased, no other worker is given one of it.
/// One claim may hand out several tasks of a key together, oldest (smallest `about`) first. Whatever is recorded
/// shows the task's receipt, in the same transaction as the decision; a receipt that no longer holds drops that part
/// of the batch and nothing else.
#[async_trait]
pub trait Queue: Send + Sync {
    /// Takes some due work, ours alone until the lease runs out ([`LEASE`]).
    /// `per_key`: how many tasks of one key at most (1 for hosts that are asked one thing at a time).
    ///
    /// A *cluster* task waits while an older article (smaller `about`) is still to be understood, so that the order
    /// of placing does not depend on who was faster.
    async fn claim(&self, stage: Stage, at_most: usize, per_key: usize, now: Timestamp) -> Result<Vec<Task>>;
    /// Keeps the lease for another [`LEASE`] from now. Those already lost are left out of the answer.
    async fn renew(&self, tasks: &[Task], now: Timestamp) -> Result<Vec<Task>>;
    /// Gives tasks back untouched (a clean stop), as if they had never been claimed.
    async fn give_back(&self, tasks: Vec<Task>) -> Result<()>;
    /// To be tried again at `until`; until then it holds up nobody. After [`ATTEMPTS`] it is set aside.
    async fn retry_later(&self, task: Task, until: Timestamp, why: &str) -> Result<()>;
    /// How much there is to do, by stage.
    async fn load(&self, now: Timestamp) -> Result<Vec<StageLoad>>;
    /// What was tried too often, newest first, and the last reason.
    async fn set_aside(&self, at_most: usize) -> Result<Vec<SetAside>>;
    /// Everything that was set aside is tried once more.
    async fn try_again(&self, now: Timestamp) -> Result<usize>;
    /// Returns when new work for the stage may have come, or after `at_most`, whichever is first.
    async fn wait_for_work(&self, stage: Stage, at_most: std::time::Duration);
}

/// For how long a claim holds.
pub const LEASE: std::time::Duration = std::time::Duration::from_secs(120);
/// How often a task is tried before it is set aside.
pub const ATTEMPTS: u32 = 5;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// A source that is due; key: its host.
    Refresh,
    /// An entry without an article; key: the host of its page.
    Extract,
    /// An article; key: the article itself.
    Understand,
    /// An understood article; key: all stories (one placer at a time).
    Cluster,
    /// A reader with new signals; key: the reader.
    Learn,
    /// A digest or alert to be sent; key: the reader.
    Send,
    /// Something that was sent to us (a pushed document, a mail); key: its source.
    Receive,
    /// A source whose hub is to be asked to push, or no longer to; key: the hub.
    Subscribe,
    /// What is to be embedded again since the model changed: one task, done a little at a time; key: the model.
    Embed,
}

impl Stage {
    /// In the order of their numbers in the store: new ones come last.
    pub const ALL: [Stage; 9] = [
        Stage::Refresh,
        Stage::Extract,
        Stage::Understand,
        Stage::Cluster,
        Stage::Learn,
        Stage::Send,
        Stage::Receive,
        Stage::Subscribe,
        Stage::Embed,
    ];

    pub fn word(self) -> &'static str {
        match self {
            Stage::Refresh => "refresh",
            Stage::Extract => "extract",
            Stage::Understand => "understand",
            Stage::Cluster => "cluster",
            Stage::Learn => "learn",
            Stage::Send => "send",
            Stage::Receive => "receive",
            Stage::Subscribe => "subscribe",
            Stage::Embed => "embed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    pub id: i64,
    pub stage: Stage,
    /// What must not be worked on twice at once.
    pub key: String,
    /// The row this is about: a source, entry, article, reader or arrival; a repair, negative.
    pub about: i64,
    /// 1 the first time.
    pub attempt: u32,
    /// Proof that the task is still ours; every write shows it.
    pub receipt: i64,
}

impl Task {
    /// A *cluster* task that is about a repair, not an article: its number is the repair's, negative, so that what
    /// somebody said is made true before anything else is placed.
    pub fn is_repair(&self) -> bool {
        self.stage == Stage::Cluster && self.about < 0
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageLoad {
    pub stage: Stage,
    /// Due now and free.
    pub waiting: u64,
    pub leased: u64,
    /// To be tried again later.
    pub later: u64,
    pub set_aside: u64,
}

#[derive(Clone, Debug)]
pub struct SetAside {
    pub task: Task,
    pub why: String,
    pub at: Timestamp,
}
