use std::{fmt, sync::Arc, time::Duration};

use crate::{Language, ReaderId, SourceId, Timestamp, Trouble};

/// An address that we fetch again and again, once for everyone who follows it.
#[derive(Clone, Debug)]
pub struct Source {
    pub id: SourceId,
    /// Where it is fetched; unique among sources.
    pub address: String,
    pub kind: SourceKind,
    /// What the source calls itself; its host, as long as it has not said.
    pub title: String,
    /// The page that people read (`<link>` of a feed).
    pub site: Option<String>,
    pub language: Option<Language>,
    pub added: Timestamp,
    pub health: Health,
    /// What its reader gave for it alone; none for what everybody can read.
    pub access: Option<Arc<Access>>,
    /// What is known of a newsletter besides its texts.
    pub mailing: Option<Mailing>,
}

impl Source {
    /// Its address as people know it: one that a reader has to themselves carries a mark that nobody else sees.
    pub fn shown_address(&self) -> &str {
        self.address.split_once(OWN).map_or(&self.address, |(shown, _)| shown)
    }

    /// Where the same is kept for one reader alone, so that nobody else reads with their password. What stands behind a
    /// `#` is never sent.
    pub fn own_address(&self, reader: ReaderId) -> String {
        format!("{}{OWN}{reader}", self.shown_address())
    }

    /// The address to which it moves, for the same reader.
    pub fn moved(&self, to: &str) -> String {
        match self.address.split_once(OWN) {
            Some((_, reader)) => format!("{to}{OWN}{reader}"),
            None => to.to_owned(),
        }
    }
}

const OWN: &str = "#reader-";

/// What a source asks of whoever wants to read it, and the way to it.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// User and password.
    pub login: Option<(String, String)>,
    /// A bearer token.
    pub token: Option<String>,
    pub cookie: Option<String>,
    /// Name and value.
    pub headers: Vec<(String, String)>,
    /// `http://user:password@host:port`.
    pub proxy: Option<String>,
}

/// Secrets are never shown, in no log either.
impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Access(…)")
    }
}

/// Who sends a newsletter, and how it is ended; by its last mail.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mailing {
    /// `post@harbour.example`
    pub sender: String,
    /// Where it can be ended (`List-Unsubscribe`): a web address, else a mailto one.
    pub unsubscribe: Option<String>,
    /// Where the last mail asks us to confirm that we want it, if that is what it was for.
    pub confirm: Option<String>,
}

/// Who tells of news by itself (WebSub): the hub that a document names, and the address by which the hub knows it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hub {
    pub address: String,
    pub topic: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// RSS, Atom, RDF or JSON Feed.
    Feed,
    /// A news sitemap, or an index of them.
    Sitemap,
    /// A page without a feed: a list of links, found by its shape or by the reader's CSS selector.
    Page { selector: Option<String> },
    /// Newsletters that are mailed to us; never fetched.
    Mail,
}

/// How a source has been doing: what the schedule needs, and what the reader is told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Health {
    /// Echoed byte for byte in the next conditional request.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub last_asked: Option<Timestamp>,
    /// The last time that it answered with something we could use (304 included).
    pub last_good: Option<Timestamp>,
    /// The last time that a new entry came.
    pub last_new: Option<Timestamp>,
    pub next_due: Timestamp,
    /// Why it is due then: "publishes about every 2 hours", "asked us to wait (Retry-After)".
    pub due_because: String,
    /// How long between its entries, smoothed; `None` before there is anything to measure.
    pub usual_gap: Option<Duration>,
    pub failures_in_a_row: u32,
    /// What went wrong last, if the last time something did.
    pub trouble: Option<Trouble>,
    /// A lasting move that was announced, and how often in a row; taken over when seen often enough.
    pub moved_to: Option<(String, u32)>,
    /// It said 410, or the owner stopped it: never asked again.
    pub ended: bool,
    /// How often it wants to be asked, by its last document: an answer without one (304) takes nothing of it back.
    pub pace: Pace,
    /// The hub that its last document named.
    pub hub: Option<Hub>,
    /// When its hub last told us something; `None` when it never did, or when asking found what it had not told us.
    pub pushed: Option<Timestamp>,
}

/// How often a source wants to be asked, in its own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// RSS `<ttl>`.
    pub ttl: Option<Duration>,
    /// RSS `<skipHours>`: 0 to 23, GMT.
    pub skip_hours: Vec<u8>,
    /// RSS `<skipDays>`: 0 is Monday.
    pub skip_days: Vec<u8>,
    /// `sy:updatePeriod` divided by `sy:updateFrequency`.
    pub update_every: Option<Duration>,
}
