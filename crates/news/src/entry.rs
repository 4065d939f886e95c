use crate::{ArticleId, EntryId, Language, SourceId, Timestamp};

/// One item as one source published it. Many entries may lead to one article.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: EntryId,
    pub source: SourceId,
    pub arrived: Timestamp,
    pub article: Option<ArticleId>,
    pub published: Published,
}

/// What the source said, word for word. Never corrected, never trusted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Published {
    /// `guid`, `atom:id`, JSON Feed `id`; empty when there is none.
    pub guid: String,
    /// Where it leads: absolute, http(s) only.
    pub url: Option<String>,
    /// Plain text: markup taken out, entities resolved, white space folded.
    pub title: String,
    /// The short form, as HTML. Never shown unsanitised.
    pub summary: String,
    /// The whole text, as HTML, where the feed carries it. Never shown unsanitised.
    pub content: String,
    /// One name each, as plain text.
    pub authors: Vec<String>,
    /// Tags, sections, categories, as plain text.
    pub categories: Vec<String>,
    pub at: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub language: Option<Language>,
    /// The picture that the source names for it.
    pub image: Option<String>,
    pub enclosures: Vec<Enclosure>,
    /// The page with the comments on it.
    pub comments: Option<String>,
    /// Where an aggregator says it has it from (`atom:source`, `rss:source`): title.
    pub via: Option<String>,
}

/// Sound, video or a file that comes with an entry.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Enclosure {
    pub url: String,
    pub mime: Option<String>,
    pub bytes: Option<u64>,
    pub seconds: Option<u32>,
    pub title: Option<String>,
}

/// An entry that was not there before.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Tells it from the source's other entries: its guid, else its address, else its content. Made by `parse`.
    pub identity: String,
    /// Fingerprint of what a reader would see of it; another one means it was edited.
    pub fingerprint: i64,
    pub published: Published,
}

/// As much of an entry that we have as is needed to compare it with what arrived.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    pub id: EntryId,
    pub identity: String,
    pub fingerprint: i64,
}
