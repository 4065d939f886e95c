use crate::{Hub, SourceId, Timestamp, Trouble};

/// Something that was sent to us; kept word for word until it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct Arrival {
    pub source: SourceId,
    pub kind: ArrivalKind,
    pub at: Timestamp,
    pub bytes: Vec<u8>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArrivalKind {
    /// The source's own document, pushed by its hub.
    Document { content_type: Option<String> },
    /// A mail, headers and all.
    Mail,
}

/// What we agreed with a hub about one source.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    pub source: SourceId,
    pub hub: Hub,
    /// The last part of the address under which the hub reaches us: whoever does not know it cannot guess it.
    pub key: String,
    /// Signs what the hub sends; for this subscription only.
    pub secret: String,
    /// What we asked for, as long as the hub has not come back to verify it.
    pub pending: Option<Wish>,
    /// How long the hub will tell us of news; `None` when it does not.
    pub until: Option<Timestamp>,
    /// When to look after it next: to renew it, to ask once more.
    pub due: Timestamp,
    /// How often we asked since the hub last agreed.
    pub asked: u32,
    pub trouble: Option<Trouble>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wish {
    Subscribe,
    Unsubscribe,
}

/// A folder of mail that is looked into again and again, and how far it was read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mailbox {
    /// `user@host/folder`
    pub name: String,
    /// The numbers of its mails hold as long as this stays the same (RFC 3501, 2.3.1.1).
    pub validity: u32,
    /// All mails up to this number were read.
    pub last: u32,
    pub asked: Option<Timestamp>,
    pub trouble: Option<Trouble>,
}
