//! Articles and what was understood of them.

use news::{
    Article, ArticleId, Completeness, EntryId, Extracted, Language, Sketch, SourceId, Timestamp,
    Understanding,
};

use super::{embedding, search, stories, tasks};
use crate::conn::{Conn, Row, Val, vals};
use crate::rows::{self, EXTRACTED, Facts, More};
use crate::{ArticleDecision, ArticleToUnderstand, Result, Stage, StoreError, Task};

/// An article that is so much longer than the one that stands there is better.
const LONGER: f64 = 1.2;
/// 1995: no page on the web is older, whatever it says.
const FIRST_BELIEVABLE: i64 = 788_918_400;

pub(crate) fn at_addresses(conn: &mut dyn Conn, addresses: &[String]) -> Result<Vec<(String, ArticleId)>> {
    let addresses: Vec<Val> = addresses.iter().map(|address| Val::Text(address)).collect();
    conn.all_in("SELECT address, id FROM article WHERE address IN ({keys})", &addresses, |row| {
        (row.text(0), ArticleId(row.int(1)))
    })
}

struct From {
    source: SourceId,
    at: Timestamp,
    /// The article it leads to already.
    article: Option<i64>,
}

pub(crate) fn record(
    conn: &mut dyn Conn,
    batch: &[(Task, EntryId, ArticleDecision)],
    now: Timestamp,
) -> Result<usize> {
    let mut recorded = 0;
    for (task, entry, decision) in batch {
        if !tasks::holds(conn, task)? {
            continue;
        }
        let from = conn.one("SELECT source, at, article FROM entry WHERE id = $1", vals![*entry], |row| {
            From { source: SourceId(row.int(0)), at: row.time(1), article: row.maybe_int(2) }
        })?;
        if let Some(from) = from {
            record_one(conn, *entry, &from, decision, now)?;
        }
        tasks::strike_off(conn, task, now)?;
        recorded += 1;
    }
    Ok(recorded)
}

fn record_one(
    conn: &mut dyn Conn,
    entry: EntryId,
    from: &From,
    decision: &ArticleDecision,
    now: Timestamp,
) -> Result<()> {
    let (article, holds_text) = match decision {
        ArticleDecision::Same(article) => {
            let there = conn.one("SELECT 1 FROM article WHERE id = $1", vals![*article], |_| ())?;
            if there.is_none() {
                // It was dropped meanwhile: extracted once more, this time for itself.
                let key = conn.one(
                    "SELECT key FROM task WHERE stage = $1 AND about = $2",
                    vals![Stage::Extract as i64, entry],
                    |row| row.text(0),
                )?;
                return tasks::add(conn, Stage::Extract, entry.0, &key.unwrap_or_default(), now);
            }
            (article.0, true)
        }
        ArticleDecision::Article(extracted) => {
            (write(conn, from, extracted, now)?, extracted.completeness == Completeness::Full)
        }
    };
    if from.article != Some(article) {
        conn.execute("UPDATE entry SET article = $2 WHERE id = $1", vals![entry, article])?;
        stories::add_source(conn, ArticleId(article), from.source, from.at)?;
    }
    if holds_text {
        conn.execute("DELETE FROM entry_text WHERE entry = $1", vals![entry])?;
    }
    Ok(())
}

/// A new article, or a better version of the one at its address; answers its number.
fn write(conn: &mut dyn Conn, from: &From, extracted: &Extracted, now: Timestamp) -> Result<i64> {
    if let Some(id) = standing_at(conn, extracted, from, now)? {
        return Ok(id);
    }
    let outlet = news::outlet_of(&extracted.address).unwrap_or_default();
    let inserted = conn.one(
        "INSERT INTO article (address, source, outlet, outlet_name, title, standfirst, language, published, updated,
           at, arrived, is_full, free, length, words, more)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
         ON CONFLICT (address) DO NOTHING RETURNING id",
        vals![
            &extracted.address,
            from.source,
            &outlet,
            extracted.outlet.as_deref(),
            &extracted.title,
            extracted.standfirst.as_deref(),
            extracted.language.as_ref().map(|it| it.0.as_str()),
            extracted.published,
            extracted.updated,
            believable(extracted, from.at, now),
            now,
            extracted.completeness == Completeness::Full,
            extracted.free,
            length(extracted),
            rows::words(&extracted.text),
            &More::pack(extracted),
        ],
        |row| row.int(0),
    )?;
    let Some(id) = inserted else {
        // Recorded by someone else at this very moment.
        return standing_at(conn, extracted, from, now)?
            .ok_or(StoreError::Again("an article at the same address".into()));
    };
    conn.execute(
        "INSERT INTO article_text (article, body) VALUES ($1, $2)",
        vals![id, &rows::squeeze_body(extracted)],
    )?;
    tasks::add(conn, Stage::Understand, id, "", now)?;
    Ok(id)
}

fn length(extracted: &Extracted) -> usize {
    extracted.text.chars().count()
}

fn believable(extracted: &Extracted, entry: Timestamp, now: Timestamp) -> Timestamp {
    let claimed = extracted.published.filter(|at| FIRST_BELIEVABLE <= at.0 && *at <= now);
    claimed.unwrap_or(if FIRST_BELIEVABLE <= entry.0 { entry.min(now) } else { now })
}

/// The article at this address, made better when this one is.
fn standing_at(conn: &mut dyn Conn, new: &Extracted, from: &From, now: Timestamp) -> Result<Option<i64>> {
    let standing = conn.one(
        "SELECT id, is_full, length, title FROM article WHERE address = $1 {for update}",
        vals![&new.address],
        |row| (row.int(0), row.flag(1), row.int(2), row.text(3)),
    )?;
    let Some((id, is_full, was_long, title)) = standing else { return Ok(None) };
    let new_full = new.completeness == Completeness::Full;
    let long = length(new) as f64;
    // The same entry again: it was edited.
    let edited = from.article == Some(id) && (title != new.title || text_of(conn, id)? != new.text);
    let better = match (is_full, new_full) {
        (false, true) => true,
        (true, false) => false,
        _ => edited || was_long as f64 * LONGER < long,
    };
    if !better {
        return Ok(Some(id));
    }
    conn.execute(
        "UPDATE article SET title = $2, standfirst = $3, outlet_name = coalesce($4, outlet_name),
           language = $5, published = coalesce($6, published), updated = coalesce($7, updated), is_full = $8,
           free = $9, length = $10, words = $11, more = $12, version = version + 1
         WHERE id = $1",
        vals![
            id,
            &new.title,
            new.standfirst.as_deref(),
            new.outlet.as_deref(),
            new.language.as_ref().map(|it| it.0.as_str()),
            new.published,
            new.updated,
            new_full,
            new.free,
            length(new),
            rows::words(&new.text),
            &More::pack(new),
        ],
    )?;
    conn.execute(
        "INSERT INTO article_text (article, body) VALUES ($1, $2)
         ON CONFLICT (article) DO UPDATE SET body = excluded.body",
        vals![id, &rows::squeeze_body(new)],
    )?;
    tasks::add(conn, Stage::Understand, id, "", now)?;
    Ok(Some(id))
}

fn text_of(conn: &mut dyn Conn, article: i64) -> Result<String> {
    let text = conn.one("SELECT body FROM article_text WHERE article = $1", vals![article], |row| {
        rows::body(row.blob(0)).1
    })?;
    Ok(text.unwrap_or_default())
}

pub(crate) fn to_be_understood(
    conn: &mut dyn Conn,
    tasks: &[Task],
) -> Result<tasks::Work<ArticleToUnderstand>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    let sql = format!(
        "SELECT {EXTRACTED}, a.id, s.language FROM article a JOIN article_text t ON t.article = a.id
         LEFT JOIN source s ON s.id = a.source WHERE a.id = $1"
    );
    for task in tasks {
        let article = conn.one(&sql, vals![task.about], |row| ArticleToUnderstand {
            id: ArticleId(row.int(11)),
            extracted: rows::extracted(row, 0),
            categories: Vec::new(),
            source_language: row.maybe_text(11).map(Language),
        })?;
        let Some(mut article) = article else {
            gone.push(task.clone());
            continue;
        };
        conn.each(
            "SELECT facts FROM entry WHERE article = $1 ORDER BY id LIMIT 8",
            vals![article.id],
            &mut |row| {
                for category in Facts::categories(row.blob(0)) {
                    if !article.categories.contains(&category) {
                        article.categories.push(category);
                    }
                }
                Ok(())
            },
        )?;
        found.push((task.clone(), article));
    }
    Ok((found, gone))
}

pub(crate) fn record_understandings(
    conn: &mut dyn Conn,
    batch: &[(Task, ArticleId, Understanding)],
    now: Timestamp,
) -> Result<usize> {
    let mut recorded = 0;
    for (task, article, understanding) in batch {
        if !tasks::holds(conn, task)? {
            continue;
        }
        understood(conn, *article, understanding, now)?;
        tasks::strike_off(conn, task, now)?;
        recorded += 1;
    }
    Ok(recorded)
}

fn understood(conn: &mut dyn Conn, article: ArticleId, it: &Understanding, now: Timestamp) -> Result<()> {
    let read = conn.one(
        "SELECT a.title, a.standfirst, a.more, t.body, p.number, u.article, a.outlet_name
         FROM article a JOIN article_text t ON t.article = a.id
         LEFT JOIN placement p ON p.article = a.id LEFT JOIN understanding u ON u.article = a.id WHERE a.id = $1",
        vals![article],
        |row| {
            let (title, standfirst) = (row.text(0), row.text(1));
            let text = rows::body(row.blob(3)).1;
            let authors: Vec<String> =
                crate::pack::unpack::<More>(row.blob(2)).authors.into_iter().map(|author| author.name).collect();
            let outlet = row.text(6);
            let words = crate::search::tokens(
                &[&title, &standfirst, &text, &authors.join(" "), &outlet],
                &it.names,
                &it.topics,
                &authors,
            );
            (words, row.maybe_int(4).is_some(), row.maybe_int(5).is_some())
        },
    )?;
    // Dropped meanwhile: nothing to write.
    let Some((words, is_placed, was_understood)) = read else { return Ok(()) };
    conn.execute(
        "INSERT INTO understanding (article, model, language, sketch) VALUES ($1, $2, $3, $4)
         ON CONFLICT (article) DO UPDATE SET model = excluded.model, language = excluded.language,
           sketch = excluded.sketch",
        vals![article, &it.model, &it.language.0, &rows::pack_sketch(it)],
    )?;
    if was_understood {
        search::remove(conn, article)?;
    }
    search::add(conn, article, &words)?;
    // What has its place keeps it: readers have seen it there.
    if is_placed { Ok(()) } else { tasks::add(conn, Stage::Cluster, article.0, "", now) }
}

/// What [`sketch`] reads: fourteen columns.
pub(crate) fn sketch_columns() -> String {
    format!(
        "a.id, a.source, a.outlet, a.title, a.standfirst, a.more, a.at, a.address, a.length,
         u.model, u.language, u.sketch, {}",
        embedding::CHOSEN
    )
}

pub(crate) fn sketch(row: &dyn Row) -> Sketch {
    let More { picture, links, .. } = crate::pack::unpack(row.blob(5));
    let mut understanding = rows::unpack_sketch(row.text(9), Language(row.text(10)), row.blob(11));
    understanding.embedding = embedding::chosen(understanding.embedding, row, 12);
    Sketch {
        article: ArticleId(row.int(0)),
        source: SourceId(row.int(1)),
        outlet: row.text(2),
        title: row.text(3),
        standfirst: row.maybe_text(4),
        picture,
        at: row.time(6),
        address: rows::hash(row.maybe_str(7).unwrap_or_default()),
        links: links.iter().map(|link| rows::hash(link)).collect(),
        length: row.count(8),
        understanding,
    }
}

pub(crate) fn to_be_placed(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<Sketch>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    let sql = format!(
        "SELECT {} FROM article a JOIN understanding u ON u.article = a.id WHERE a.id = $1",
        sketch_columns()
    );
    for task in tasks {
        match conn.one(&sql, vals![task.about], sketch)? {
            Some(sketch) => found.push((task.clone(), sketch)),
            None => gone.push(task.clone()),
        }
    }
    Ok((found, gone))
}

pub(crate) fn article(conn: &mut dyn Conn, id: ArticleId) -> Result<Article> {
    let sql = format!(
        "SELECT {EXTRACTED}, u.language FROM article a JOIN article_text t ON t.article = a.id
         LEFT JOIN understanding u ON u.article = a.id WHERE a.id = $1"
    );
    let found = conn.one(&sql, vals![id], |row| {
        let mut extracted = rows::extracted(row, 0);
        extracted.language = extracted.language.take().or_else(|| row.maybe_text(11).map(Language));
        Article { id, extracted, key_points: Vec::new(), quotes: Vec::new() }
    })?;
    found.ok_or(StoreError::NotFound)
}
