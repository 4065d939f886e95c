//! Entries as rows keep them.

use news::{Enclosure, Language, Published, Timestamp};

use crate::pack::{Pack, packs, put_record, squeeze, unpack, unsqueeze};

packs! {
    Facts { guid, authors, categories, at, updated, language, image, enclosures, comments, via }
}

/// What lists of entries do not show.
#[derive(Default)]
pub(crate) struct Facts {
    guid: String,
    pub authors: Vec<String>,
    categories: Vec<String>,
    at: Option<Timestamp>,
    updated: Option<Timestamp>,
    language: Option<Language>,
    image: Option<String>,
    enclosures: Vec<Enclosure>,
    comments: Option<String>,
    via: Option<String>,
}

impl Facts {
    /// The same fields in the same order, without copying them first.
    pub fn pack(it: &Published) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        put_record(&mut out, |out| {
            it.guid.put(out);
            it.authors.put(out);
            it.categories.put(out);
            it.at.put(out);
            it.updated.put(out);
            it.language.put(out);
            it.image.put(out);
            it.enclosures.put(out);
            it.comments.put(out);
            it.via.put(out);
        });
        out
    }

    pub fn categories(bytes: &[u8]) -> Vec<String> {
        unpack::<Facts>(bytes).categories
    }
}

/// The parts of an entry put together again; `text` is what [`entry_text`] made.
pub(crate) fn published(title: String, url: Option<String>, facts: &[u8], text: &[u8]) -> Published {
    let Facts { guid, authors, categories, at, updated, language, image, enclosures, comments, via } =
        unpack(facts);
    let (summary, content) = unpack(&unsqueeze(text));
    Published {
        guid,
        url,
        title,
        summary,
        content,
        authors,
        categories,
        at,
        updated,
        language,
        image,
        enclosures,
        comments,
        via,
    }
}

pub(crate) fn entry_text(published: &Published) -> Vec<u8> {
    let mut out = Vec::with_capacity(published.summary.len() + published.content.len() + 8);
    published.summary.put(&mut out);
    published.content.put(&mut out);
    squeeze(&out)
}

/// 16 bytes that tell an entry from the source's others.
pub(crate) fn identity(identity: &str) -> [u8; 16] {
    // Two FNV-1a hashes with different beginnings; whoever makes them collide confuses entries of their own source.
    let first = hash_from(0xcbf2_9ce4_8422_2325, identity.as_bytes());
    let second = hash_from(first ^ 0x9e37_79b9_7f4a_7c15, identity.as_bytes());
    let mut both = [0; 16];
    both[..8].copy_from_slice(&first.to_be_bytes());
    both[8..].copy_from_slice(&second.to_be_bytes());
    both
}

/// The same in every run and on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    hash_from(0xcbf2_9ce4_8422_2325, text.as_bytes())
}

fn hash_from(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
