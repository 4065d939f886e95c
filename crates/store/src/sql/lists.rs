//! Lists that pages and reader apps show: sources as a reader has them, entries newest first.

use std::collections::HashMap;
use std::sync::RwLock;

use news::{ArticleId, EntryId, ReaderId, SourceId, StoryId};

use super::window::Window;
use super::{readers, repairs, sources};
use crate::conn::{Conn, Dialect, Row, Val, vals};
use crate::pack::unpack;
use crate::rows::{Facts, More};
use crate::{Byline, EntryFilter, EntryHead, Result, Revision, SourceView, StoreError};

/// A source's last so many entries tell how often it publishes.
const LOOK_BACK: i64 = 200;
/// So many sources are asked one by one; more, and the entries are gone through as they came.
const ASKED_ONE_BY_ONE: usize = 64;

pub(crate) fn source_titles(conn: &mut dyn Conn) -> Result<Vec<(SourceId, String)>> {
    conn.all("SELECT id, title FROM source", &[], |row| (SourceId(row.int(0)), row.text(1)))
}

pub(crate) fn all_sources(conn: &mut dyn Conn) -> Result<Vec<SourceView>> {
    let sql = format!("SELECT {}, s.entries FROM source s ORDER BY lower(s.title), s.id", sources::COLUMNS);
    let views = conn.all(&sql, &[], |row| view(row, None))?;
    counted(conn, views, None)
}

pub(crate) fn sources_of(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<SourceView>> {
    let sql = format!(
        "SELECT {}, s.entries, {} FROM follow f JOIN source s ON s.id = f.source
         WHERE f.reader = $1 AND f.stance NOT LIKE 'mute%' ORDER BY lower(s.title), s.id",
        sources::COLUMNS,
        readers::FOLLOW
    );
    let views = conn.all(&sql, vals![reader], |row| view(row, Some(sources::WIDTH + 1)))?;
    counted(conn, views, Some(reader))
}

fn view(row: &dyn Row, follow: Option<usize>) -> SourceView {
    SourceView {
        source: sources::source(row),
        entries: row.int(sources::WIDTH).max(0) as u64,
        follow: follow.and_then(|first| readers::follow(row, first)),
        unread: 0,
        more_unread: false,
        opened: 0,
        last_week: 0,
        readers: 0,
    }
}

fn counted(
    conn: &mut dyn Conn,
    mut views: Vec<SourceView>,
    reader: Option<ReaderId>,
) -> Result<Vec<SourceView>> {
    let by_source = |conn: &mut dyn Conn, sql: &str, values: &[Val]| -> Result<HashMap<SourceId, u64>> {
        let counts = conn.all(sql, values, |row| (SourceId(row.int(0)), row.int(1).max(0) as u64))?;
        Ok(counts.into_iter().collect())
    };
    let followers = by_source(
        conn,
        "SELECT source, count(*) FROM follow WHERE source IS NOT NULL AND stance NOT LIKE 'mute%' GROUP BY source",
        &[],
    )?;
    let (mut read, mut opened) = (HashMap::new(), HashMap::new());
    if let Some(reader) = reader {
        read = by_source(
            conn,
            "SELECT e.source, count(*) FROM entry_state s JOIN entry e ON e.id = s.entry
             WHERE s.reader = $1 AND s.read = 1 AND e.dropped = 0 GROUP BY e.source",
            vals![reader],
        )?;
        opened = by_source(
            conn,
            "SELECT o.source, count(*) FROM story_state s JOIN story_source o ON o.story = s.story
             WHERE s.reader = $1 AND s.opened IS NOT NULL GROUP BY o.source",
            vals![reader],
        )?;
    }
    for view in &mut views {
        let id = view.source.id;
        view.readers = followers.get(&id).copied().unwrap_or(0);
        view.unread = match reader {
            Some(_) => view.entries.saturating_sub(read.get(&id).copied().unwrap_or(0)),
            None => 0,
        };
        view.opened = opened.get(&id).copied().unwrap_or(0);
        view.last_week = last_week(conn, id)?;
    }
    Ok(views)
}

fn last_week(conn: &mut dyn Conn, source: SourceId) -> Result<u64> {
    let entries = conn.number(
        "WITH newest AS (SELECT at FROM entry WHERE source = $1 ORDER BY id DESC LIMIT $2)
         SELECT count(*) FROM newest WHERE at > (SELECT max(at) FROM newest) - 604800",
        vals![source, LOOK_BACK],
    )?;
    Ok(entries as u64)
}

/// The reader's sources, and how many entries a week each publishes; counted anew where there are new ones.
pub(crate) fn rates_of(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
) -> Result<Vec<(SourceId, f32)>> {
    let mut own = conn.all(
        "SELECT s.id, s.entries FROM follow f JOIN source s ON s.id = f.source
         WHERE f.reader = $1 AND f.stance NOT LIKE 'mute%'",
        vals![reader],
        |row| (SourceId(row.int(0)), row.int(1)),
    )?;
    own.sort_unstable();
    own.dedup();
    let mut rates: Vec<(SourceId, i64, Option<f32>)> = {
        let window = super::reading_of(window);
        own.into_iter().map(|(source, entries)| (source, entries, window.rate_of(source, entries))).collect()
    };
    for (source, entries, a_week) in rates.iter_mut().filter(|(.., a_week)| a_week.is_none()) {
        let counted = last_week(conn, *source)? as f32;
        super::writing_of(window).keep_rate(*source, *entries, counted);
        *a_week = Some(counted);
    }
    Ok(rates.into_iter().map(|(source, _, a_week)| (source, a_week.unwrap_or(0.0))).collect())
}

/// What [`head`] reads, and from where; `$1` is the reader.
const HEAD: &str =
    "SELECT e.id, e.source, s.title, e.title, e.url, e.teaser, e.at, e.arrived, e.article, p.story,
      t.outlets, st.read, st.saved, e.edited
    FROM entry e JOIN source s ON s.id = e.source
    LEFT JOIN placement p ON p.article = e.article LEFT JOIN story t ON t.id = p.story
    LEFT JOIN entry_state st ON st.reader = $1 AND st.entry = e.id";

fn head(row: &dyn Row) -> EntryHead {
    EntryHead {
        id: EntryId(row.int(0)),
        source: SourceId(row.int(1)),
        source_title: row.text(2),
        title: row.text(3),
        url: row.maybe_text(4),
        teaser: row.text(5),
        at: row.time(6),
        arrived: row.time(7),
        article: row.maybe_int(8).map(ArticleId),
        story: row.maybe_int(9).map(StoryId),
        outlets: row.count(10),
        read: row.flag(11),
        saved: row.flag(12),
        edited: row.flag(13),
    }
}

pub(crate) fn entry(conn: &mut dyn Conn, reader: ReaderId, id: EntryId) -> Result<EntryHead> {
    let found = conn.one(&format!("{HEAD} WHERE e.id = $2"), vals![reader, id], head)?;
    let mut head = [found.ok_or(StoreError::NotFound)?];
    as_theirs(conn, reader, &mut head)?;
    let [head] = head;
    Ok(head)
}

pub(crate) fn entries_of(
    conn: &mut dyn Conn,
    reader: ReaderId,
    article: ArticleId,
) -> Result<Vec<EntryHead>> {
    let sql = format!("{HEAD} WHERE e.article = $2 AND e.dropped = 0 ORDER BY e.id LIMIT 50");
    conn.all(&sql, vals![reader, article], head)
}

pub(crate) fn entries(
    conn: &mut dyn Conn,
    reader: ReaderId,
    which: &EntryFilter,
    before: Option<EntryId>,
    at_most: usize,
) -> Result<Vec<EntryHead>> {
    let before = before.map_or(i64::MAX, |entry| entry.0);
    let mut own = conn.all(
        "SELECT source FROM follow WHERE reader = $1 AND source IS NOT NULL AND stance NOT LIKE 'mute%'
           AND ($2 = '' OR folder = $2) ORDER BY source",
        vals![reader, which.folder.as_deref().unwrap_or("")],
        |row| row.int(0),
    )?;
    if let Some(source) = which.source {
        own.retain(|&it| it == source.0);
    }
    let ids = match (which.saved_only, own.len() <= ASKED_ONE_BY_ONE) {
        (true, _) => saved(conn, reader, which, &own, before, at_most)?,
        (false, true) => one_by_one(conn, reader, which, &own, before, at_most)?,
        (false, false) => as_they_came(conn, reader, which, before, at_most)?,
    };
    let sql = format!("{HEAD} WHERE e.id = $2");
    let mut heads = Vec::with_capacity(ids.len());
    for id in ids {
        heads.extend(conn.one(&sql, vals![reader, id], head)?);
    }
    as_theirs(conn, reader, &mut heads)?;
    Ok(heads)
}

/// The newest unread entries of each of the reader's sources (or of one), so many of each, in no order.
pub(crate) fn newest_unread(
    conn: &mut dyn Conn,
    reader: ReaderId,
    source: Option<SourceId>,
    of_each: usize,
) -> Result<Vec<EntryHead>> {
    let newest = format!(
        "(SELECT e.id FROM entry e WHERE e.source = f.source AND e.dropped = 0{UNREAD} ORDER BY e.id DESC LIMIT $2)"
    );
    // Each source is asked once, by its own index: numbering all entries would read them all.
    let newest = match conn.dialect() {
        Dialect::Sqlite => format!("follow f JOIN entry n ON n.id IN {newest}"),
        Dialect::Postgres => format!("follow f CROSS JOIN LATERAL {newest} n"),
    };
    let sql = format!(
        "WITH own AS (SELECT n.id FROM {newest} WHERE f.reader = $1 AND f.source IS NOT NULL
           AND f.stance NOT LIKE 'mute%' AND CAST($3 AS {{int}}) IN (0, f.source))
         {HEAD} JOIN own ON own.id = e.id"
    );
    let mut heads = conn.all(&sql, vals![reader, of_each, source.unwrap_or_default()], head)?;
    as_theirs(conn, reader, &mut heads)?;
    Ok(heads)
}

/// In the story in which this reader has it.
fn as_theirs(conn: &mut dyn Conn, reader: ReaderId, heads: &mut [EntryHead]) -> Result<()> {
    let own = repairs::own(conn, reader)?;
    if !own.is_empty() {
        for head in heads {
            if let (Some(article), Some(story)) = (head.article, head.story) {
                head.story = Some(own.story_of(article, story));
            }
        }
    }
    Ok(())
}

/// What someone saved stays theirs when they no longer follow its source.
fn saved(
    conn: &mut dyn Conn,
    reader: ReaderId,
    which: &EntryFilter,
    own: &[i64],
    before: i64,
    at_most: usize,
) -> Result<Vec<i64>> {
    let all = conn.all(
        "SELECT s.entry, e.source, s.read FROM entry_state s JOIN entry e ON e.id = s.entry
         WHERE s.reader = $1 AND s.saved = 1 AND s.entry < $2 ORDER BY s.entry DESC",
        vals![reader, before],
        |row| (row.int(0), row.int(1), row.flag(2)),
    )?;
    let everywhere = which.source.is_none() && which.folder.is_none();
    let wanted = all
        .into_iter()
        .filter(|(_, source, read)| (everywhere || own.contains(source)) && !(which.unread_only && *read));
    Ok(wanted.map(|(entry, ..)| entry).take(at_most).collect())
}

const UNREAD: &str =
    " AND NOT EXISTS (SELECT 1 FROM entry_state st WHERE st.reader = $1 AND st.entry = e.id AND st.read = 1)";

fn one_by_one(
    conn: &mut dyn Conn,
    reader: ReaderId,
    which: &EntryFilter,
    own: &[i64],
    before: i64,
    at_most: usize,
) -> Result<Vec<i64>> {
    let sql = format!(
        "SELECT e.id FROM entry e WHERE e.source = $2 AND e.id < $3 AND e.dropped = 0 AND CAST($1 AS {{int}}) > 0{}
         ORDER BY e.id DESC LIMIT $4",
        if which.unread_only { UNREAD } else { "" }
    );
    let mut ids = Vec::new();
    for &source in own {
        ids.extend(conn.all(&sql, vals![reader, source, before, at_most], |row| row.int(0))?);
    }
    ids.sort_unstable_by(|a, b| b.cmp(a));
    ids.truncate(at_most);
    Ok(ids)
}

fn as_they_came(
    conn: &mut dyn Conn,
    reader: ReaderId,
    which: &EntryFilter,
    before: i64,
    at_most: usize,
) -> Result<Vec<i64>> {
    // The plus keeps the planner from gathering all entries of all these sources to sort them.
    let sql = format!(
        "SELECT e.id FROM entry e WHERE e.id < $2 AND e.dropped = 0 AND +e.source IN
           (SELECT source FROM follow WHERE reader = $1 AND source IS NOT NULL AND stance NOT LIKE 'mute%'
              AND ($3 = '' OR folder = $3)){}
         ORDER BY e.id DESC LIMIT $4",
        if which.unread_only { UNREAD } else { "" }
    );
    let folder = which.folder.as_deref().unwrap_or("");
    conn.all(&sql, vals![reader, before, folder, at_most], |row| row.int(0))
}

pub(crate) fn revisions(conn: &mut dyn Conn, entry: EntryId) -> Result<Vec<Revision>> {
    conn.all(
        "SELECT until, title, text FROM revision WHERE entry = $1 ORDER BY id DESC LIMIT 50",
        vals![entry],
        |row| {
            let text = String::from_utf8_lossy(&crate::pack::unsqueeze(row.blob(2))).into_owned();
            Revision { until: row.time(0), title: row.text(1), text }
        },
    )
}

/// Whose each article is, in no order; those that are gone are left out.
pub(crate) fn bylines(conn: &mut dyn Conn, articles: &[ArticleId]) -> Result<Vec<Byline>> {
    let keys: Vec<Val> = articles.iter().map(|article| Val::Int(article.0)).collect();
    let mut bylines: HashMap<ArticleId, Byline> = conn
        .all_in("SELECT id, more FROM article WHERE id IN ({keys})", &keys, |row| {
            let article = ArticleId(row.int(0));
            let authors = unpack::<More>(row.blob(1)).authors.into_iter().map(|it| it.name).collect();
            (article, Byline { article, sources: Vec::new(), authors })
        })?
        .into_iter()
        .collect();
    let sources =
        conn.all_in("SELECT DISTINCT article, source FROM entry WHERE article IN ({keys})", &keys, |row| {
            (ArticleId(row.int(0)), SourceId(row.int(1)))
        })?;
    for (article, source) in sources {
        if let Some(byline) = bylines.get_mut(&article).filter(|it| !it.sources.contains(&source)) {
            byline.sources.push(source);
        }
    }
    Ok(bylines.into_values().collect())
}

/// Who wrote these entries, as their sources say; entries of nobody are left out.
pub(crate) fn entry_authors(conn: &mut dyn Conn, entries: &[EntryId]) -> Result<Vec<(EntryId, Vec<String>)>> {
    let keys: Vec<Val> = entries.iter().map(|entry| Val::Int(entry.0)).collect();
    let all = conn.all_in("SELECT id, facts FROM entry WHERE id IN ({keys})", &keys, |row| {
        (EntryId(row.int(0)), unpack::<Facts>(row.blob(1)).authors)
    })?;
    Ok(all.into_iter().filter(|(_, authors)| !authors.is_empty()).collect())
}
