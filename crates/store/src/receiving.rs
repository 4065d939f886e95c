use async_trait::async_trait;
use news::{Arrival, Mailbox, ReaderId, SourceId, Subscription, Timestamp};

use crate::{NewSource, Result};

/// For whoever listens: what comes to us without being asked for.
#[async_trait]
pub trait Receiving: Send + Sync {
    /// Durable when it answers: only then may whoever sent it be told that we have it. Gets a *receive* task each.
    async fn keep_arrivals(&self, arrivals: Vec<Arrival>) -> Result<()>;

    /// What we agreed with the hub that knows this key.
    async fn subscription(&self, key: &str) -> Result<Option<Subscription>>;
    async fn subscriptions(&self) -> Result<Vec<Subscription>>;
    async fn record_subscription(&self, subscription: &Subscription) -> Result<()>;
    /// The hub refuses to push (any more): written down, and the source is asked at once.
    async fn record_refusal(&self, subscription: &Subscription, now: Timestamp) -> Result<()>;
    /// The hub agreed to leave us alone (or is not worth asking): forgotten.
    async fn end_subscription(&self, source: SourceId, now: Timestamp) -> Result<()>;

    /// The newsletter of a receiving address (`mailto:name-k3y@host`), as long as somebody follows it.
    async fn letterbox(&self, address: &str) -> Result<Option<SourceId>>;
    async fn mailboxes(&self) -> Result<Vec<Mailbox>>;
    /// Keeps the letters and how far the box was read in one transaction. A newsletter that is new is followed by
    /// `reader`.
    async fn keep_letters(
        &self,
        letters: Vec<Letter>,
        reader: ReaderId,
        read: &Mailbox,
        now: Timestamp,
    ) -> Result<()>;
}

/// A mail from a mailbox, and the newsletter that it is of.
#[derive(Clone, Debug)]
pub struct Letter {
    pub newsletter: NewSource,
    pub bytes: Vec<u8>,
}
