//! Entries: new ones, changed ones, and what extraction needs of them.

use std::collections::HashMap;

use news::{ArticleId, Entry, EntryId, Known, NewEntry, Refreshed, Source, SourceId, Timestamp};

use super::{sources, tasks};
use crate::conn::{Conn, Val, vals};
use crate::rows::{self, Facts};
use crate::teaser;
use crate::{EntryToExtract, Result, Stage, Task};

/// Characters of text in a list.
const TEASER: usize = 300;

pub(crate) fn known(conn: &mut dyn Conn, source: SourceId, identities: &[String]) -> Result<Vec<Known>> {
    let mut known = Vec::new();
    for identity in identities {
        let found = conn.one(
            "SELECT id, fingerprint FROM entry WHERE source = $1 AND identity = $2",
            &[Val::Int(source.0), Val::Blob(&rows::identity(identity))],
            |row| Known { id: EntryId(row.int(0)), identity: identity.clone(), fingerprint: row.int(1) },
        )?;
        known.extend(found);
    }
    Ok(known)
}

/// Answers how many were new.
pub(crate) fn record(conn: &mut dyn Conn, refreshed: &Refreshed, now: Timestamp) -> Result<usize> {
    let mut added = 0;
    for new in &refreshed.added {
        added += usize::from(insert(conn, refreshed.source, new, now)?);
    }
    for (entry, new) in &refreshed.changed {
        change(conn, *entry, refreshed.source, new, now)?;
    }
    Ok(added)
}

fn insert(conn: &mut dyn Conn, source: SourceId, new: &NewEntry, now: Timestamp) -> Result<bool> {
    let it = &new.published;
    // Someone else may have been faster: then it is known, and no error.
    let id = conn.one(
        "INSERT INTO entry (source, identity, fingerprint, at, arrived, title, url, teaser, facts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (source, identity) DO NOTHING RETURNING id",
        vals![
            source,
            rows::identity(&new.identity).as_slice(),
            new.fingerprint,
            it.at.unwrap_or(now).min(now),
            now,
            &it.title,
            it.url.as_deref(),
            &teaser(new),
            &Facts::pack(it),
        ],
        |row| row.int(0),
    )?;
    let Some(id) = id else { return Ok(false) };
    conn.execute("INSERT INTO entry_text (entry, text) VALUES ($1, $2)", vals![id, &rows::entry_text(it)])?;
    to_extract(conn, EntryId(id), source, new, now)?;
    Ok(true)
}

fn teaser(new: &NewEntry) -> String {
    let it = &new.published;
    let text = if it.summary.is_empty() { &it.content } else { &it.summary };
    teaser::teaser(text, TEASER)
}

fn to_extract(
    conn: &mut dyn Conn,
    id: EntryId,
    source: SourceId,
    new: &NewEntry,
    now: Timestamp,
) -> Result<()> {
    // An entry that leads nowhere needs no host's patience, but its source's entries stay in order.
    let host = new.published.url.as_deref().and_then(news::host_of);
    let key = host.unwrap_or_else(|| format!("source {source}"));
    tasks::add(conn, Stage::Extract, id.0, &key, now)
}

/// The number stays; what it said before becomes a revision.
fn change(conn: &mut dyn Conn, id: EntryId, source: SourceId, new: &NewEntry, now: Timestamp) -> Result<()> {
    let standing = conn.one(
        "SELECT e.title, e.fingerprint, t.text, b.body FROM entry e
         LEFT JOIN entry_text t ON t.entry = e.id LEFT JOIN article_text b ON b.article = e.article
         WHERE e.id = $1 AND e.source = $2",
        vals![id, source],
        |row| {
            let text = match row.maybe_blob(2) {
                Some(text) => {
                    let said = rows::published(String::new(), None, &[], text);
                    let html = if said.content.is_empty() { said.summary } else { said.content };
                    teaser::teaser(&html, usize::MAX)
                }
                None => rows::body(row.blob(3)).1,
            };
            (row.text(0), row.int(1), text)
        },
    )?;
    let Some((title, fingerprint, text)) = standing else { return Ok(()) };
    if fingerprint == new.fingerprint {
        return Ok(());
    }
    conn.execute(
        "INSERT INTO revision (entry, until, title, text) VALUES ($1, $2, $3, $4)",
        vals![id, now, &title, &crate::pack::squeeze(text.as_bytes())],
    )?;
    let it = &new.published;
    conn.execute(
        "UPDATE entry SET fingerprint = $2, title = $3, url = $4, teaser = $5, facts = $6, edited = 1, dropped = 0
         WHERE id = $1",
        vals![id, new.fingerprint, &it.title, it.url.as_deref(), &teaser(new), &Facts::pack(it)],
    )?;
    conn.execute(
        "INSERT INTO entry_text (entry, text) VALUES ($1, $2)
         ON CONFLICT (entry) DO UPDATE SET text = excluded.text",
        vals![id, &rows::entry_text(it)],
    )?;
    to_extract(conn, id, source, new, now)
}

pub(crate) fn to_be_extracted(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<EntryToExtract>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    // Many entries of one source come together.
    let mut sources: HashMap<SourceId, Source> = HashMap::new();
    for task in tasks {
        let entry = conn.one(
            "SELECT e.id, e.source, e.arrived, e.article, e.title, e.url, e.facts, t.text
             FROM entry e LEFT JOIN entry_text t ON t.entry = e.id WHERE e.id = $1 AND e.dropped = 0",
            vals![task.about],
            |row| Entry {
                id: EntryId(row.int(0)),
                source: SourceId(row.int(1)),
                arrived: row.time(2),
                article: row.maybe_int(3).map(ArticleId),
                published: rows::published(row.text(4), row.maybe_text(5), row.blob(6), row.blob(7)),
            },
        )?;
        let Some(entry) = entry else {
            gone.push(task.clone());
            continue;
        };
        if !sources.contains_key(&entry.source) {
            sources.extend(sources::get(conn, entry.source)?.map(|source| (source.id, source)));
        }
        match sources.get(&entry.source) {
            Some(source) => found.push((task.clone(), EntryToExtract { entry, source: source.clone() })),
            None => gone.push(task.clone()),
        }
    }
    Ok((found, gone))
}
