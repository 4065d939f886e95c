//! What is in the database after a replay, compared with the archive. Reads the file itself: nothing that the program
//! says of what it stored is believed.

use std::{collections::HashMap, path::Path};

use anyhow::{Context, Result};
use ring::digest::{Context as Hash, SHA256};
use rusqlite::{Connection, OpenFlags};

use super::Live;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub entries: usize,
    /// Items of the archive that no entry is of.
    pub missing: usize,
    /// Items that more than one entry is of: so many entries too many.
    pub twice: usize,
    /// Entries of which the archive knows nothing.
    pub unknown: usize,
    pub articles: usize,
    /// Over (feed, link, title) of all entries, in that order.
    pub entries_hash: String,
    /// Over (address, title, text) of all articles, in that order.
    pub articles_hash: String,
}

impl Kept {
    pub fn read(database: &Path, live: &Live) -> Result<Kept> {
        let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let numbers: HashMap<String, usize> = (0..live.feeds.len()).map(|n| (live.address(n), n)).collect();
        let mut entries = entries(&database, &numbers)?;
        // How often it was published, less how often it is stored: several items may share a name.
        let mut wanted: HashMap<(usize, String), isize> = HashMap::new();
        for (n, feed) in live.feeds.iter().enumerate() {
            for item in &feed.items {
                *wanted.entry((n, name(&item.link, &item.title))).or_default() += 1;
            }
        }
        let mut unknown = 0;
        for (feed, link, title) in &entries {
            match wanted.get_mut(&(*feed, name(link, title))) {
                Some(count) => *count -= 1,
                None => unknown += 1,
            }
        }
        entries.sort();
        let mut articles = articles(&database)?;
        articles.sort();
        Ok(Kept {
            entries: entries.len(),
            missing: wanted.values().map(|count| (*count).max(0) as usize).sum(),
            twice: wanted.values().map(|count| (-*count).max(0) as usize).sum(),
            unknown,
            articles: articles.len(),
            entries_hash: hash(entries.iter().flat_map(|(feed, link, title)| {
                [live.feeds[*feed].address.as_bytes(), link.as_bytes(), title.as_bytes()]
            })),
            articles_hash: hash(
                articles.iter().flat_map(|(address, title, body)| {
                    [address.as_bytes(), title.as_bytes(), body.as_slice()]
                }),
            ),
        })
    }
}

fn entries(database: &Connection, numbers: &HashMap<String, usize>) -> Result<Vec<(usize, String, String)>> {
    let mut question = database.prepare(
        "SELECT source.address, coalesce(entry.url, ''), entry.title FROM entry JOIN source ON source.id = entry.source",
    )?;
    let rows = question.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?;
    let mut entries = Vec::new();
    for row in rows {
        let (source, link, title) = row?;
        let feed =
            numbers.get(&source).with_context(|| format!("a source that is not of the archive: {source}"))?;
        entries.push((*feed, link, title));
    }
    Ok(entries)
}

/// The text as it is packed: the same text is packed to the same bytes.
fn articles(database: &Connection) -> Result<Vec<(String, String, Vec<u8>)>> {
    let mut question = database.prepare(
        "SELECT address, title, coalesce(body, '') FROM article LEFT JOIN article_text ON article_text.article = article.id",
    )?;
    let rows =
        question.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get_ref(2)?.as_bytes()?.to_vec())))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What tells an item of a feed from the others. Addresses are compared as addresses: escaped the same way. A link
/// that no browser could follow (`cnn://…`) is not kept, so there it is the headline.
fn name(link: &str, title: &str) -> String {
    match url::Url::parse(link) {
        Ok(url) if url.scheme().starts_with("http") => url.to_string(),
        _ => title.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}

fn hash<'a>(parts: impl Iterator<Item = &'a [u8]>) -> String {
    let mut hash = Hash::new(&SHA256);
    for part in parts {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.finish().as_ref().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}
