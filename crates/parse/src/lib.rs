//! Bytes in, entries out. Reads every format in which news is published, however broken, and decides which entries
//! are new and which have changed. Also: which sources a page offers, and lists of sources (OPML).
//!
//! Pure: no network, no disk, no clock. Whatever comes in is hostile: nothing here panics, recurses on the depth of
//! its input, or keeps more than the caps below.

mod charset;
mod date;
mod discover;
mod entities;
mod feed;
mod guess;
mod html;
mod identity;
mod json_feed;
mod json_repair;
mod mail;
mod names;
pub mod opml;
mod page;
mod select;
mod sitemap;
mod text;
mod why_not;
mod xml;

use news::{Language, Pace, Published, SourceKind, Timestamp, Trouble};

pub use discover::discover;
pub use guess::guesses;
pub use identity::{Compared, compare, identify};
pub use mail::{Mail, parse_mail, unreadable_mail};
pub use page::parse_page;
pub use why_not::why_not;

/// More of a document than this is not looked at.
pub const MOST_BYTES: usize = 10 << 20;
/// A document gives at most so many entries (or sitemaps to read on).
pub const MOST_ENTRIES: usize = 2_000;
/// Elements inside elements.
const MOST_DEPTH: usize = 256;
/// Characters of a title.
const LONGEST_TITLE: usize = 512;
/// Bytes of an entry's HTML.
const LONGEST_HTML: usize = 1 << 20;
/// Bytes of an address.
const LONGEST_ADDRESS: usize = 4_096;

/// What a fetch brought home.
#[derive(Clone, Copy, Debug)]
pub struct Body<'a> {
    /// Where it was found, after redirects: relative links are relative to it.
    pub address: &'a str,
    /// The `Content-Type` header, for its charset.
    pub content_type: Option<&'a str>,
    pub bytes: &'a [u8],
}

/// What a document says.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// In words: "RSS 2.0", "Atom 1.0", "JSON Feed 1.1", "news sitemap"…
    pub format: &'static str,
    pub title: Option<String>,
    /// The page that people read.
    pub site: Option<String>,
    pub language: Option<Language>,
    pub entries: Vec<Published>,
    /// What to fetch next: the sitemaps of an index (newest first), the next page of a feed.
    pub read_on: Vec<String>,
    /// The WebSub hub, and under which address it knows this document.
    pub hub: Option<String>,
    pub self_address: Option<String>,
    pub pace: Pace,
    /// What was wrong with it, and what was done about it.
    pub troubles: Vec<Trouble>,
}

/// A source that a page offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    pub address: String,
    pub title: String,
    pub kind: SourceKind,
    /// Some of its headlines, where they are known without fetching it.
    pub samples: Vec<String>,
}

/// Reads a document of any format that is ours. `None` when it is of none (a web page, say): [`why_not()`] says why.
///
/// `now` serves dates without a year.
pub fn parse(body: &Body, now: Timestamp) -> Option<Parsed> {
    let mut troubles = Vec::new();
    let bytes = capped(body.bytes, &mut troubles);
    let text = charset::decode(bytes, body.content_type, &mut troubles);
    let mut parsed = if json_feed::looks_like_json(&text) {
        json_feed::read(&text, body.address)
    } else {
        feed::read(&text, body.address, now)
    }?;
    troubles.append(&mut parsed.troubles);
    parsed.troubles = troubles;
    Some(parsed)
}

fn capped<'a>(bytes: &'a [u8], troubles: &mut Vec<Trouble>) -> &'a [u8] {
    if bytes.len() <= MOST_BYTES {
        return bytes;
    }
    troubles.push(Trouble::new("too_big", "The document is larger than 10 MB; only its beginning was read."));
    &bytes[..MOST_BYTES]
}

#[cfg(test)]
mod tests;
