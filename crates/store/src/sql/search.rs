//! The index of words: asked newest first, because the newest is what a reader of news looks for, and because that
//! costs the same however many hits there are.

use news::{ArticleId, StoryId};

use crate::conn::{Conn, Dialect, Val, vals};
use crate::rows;
use crate::search::Query;
use crate::{Found, Result};

pub(crate) fn add(conn: &mut dyn Conn, article: ArticleId, tokens: &str) -> Result<()> {
    let sql = match conn.dialect() {
        Dialect::Sqlite => "INSERT INTO search (rowid, words) VALUES ($1, $2)",
        // Tokens hold nothing that means something to the parser of the type, so that text becomes a list as it is.
        Dialect::Postgres => {
            "INSERT INTO search (article, words) VALUES ($1, CAST(CAST($2 AS TEXT) AS tsvector))"
        }
    };
    conn.execute(sql, vals![article, tokens]).map(|_| ())
}

pub(crate) fn remove(conn: &mut dyn Conn, article: ArticleId) -> Result<()> {
    let sql = match conn.dialect() {
        Dialect::Sqlite => "DELETE FROM search WHERE rowid = $1",
        Dialect::Postgres => "DELETE FROM search WHERE article = $1",
    };
    conn.execute(sql, vals![article]).map(|_| ())
}

/// The newest articles that have the words, before this one. Phrases are not looked at.
pub(crate) fn newest(
    conn: &mut dyn Conn,
    query: &Query,
    before: i64,
    at_most: usize,
) -> Result<Vec<ArticleId>> {
    if query.is_empty() {
        return Ok(Vec::new());
    }
    let dialect = conn.dialect();
    let sql = match dialect {
        Dialect::Sqlite => {
            "SELECT rowid FROM search WHERE search MATCH $1 AND rowid < $2 ORDER BY rowid DESC LIMIT $3"
        }
        Dialect::Postgres => {
            "SELECT article FROM search WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery) AND article < $2
             ORDER BY article DESC LIMIT $3"
        }
    };
    conn.all(sql, vals![&query.text(dialect), before, at_most], |row| ArticleId(row.int(0)))
}

pub(crate) fn search(
    conn: &mut dyn Conn,
    text: &str,
    before: Option<ArticleId>,
    at_most: usize,
) -> Result<Vec<Found>> {
    // So many articles are read for a phrase before we stop looking.
    const LOOK_AT: usize = 1000;
    const AT_ONCE: usize = 250;
    let query = Query::read(text);
    let at_once = if query.phrases.is_empty() { at_most } else { AT_ONCE.max(at_most) };
    let mut before = before.map_or(i64::MAX, |article| article.0);
    let mut found = Vec::new();
    for _ in 0..LOOK_AT.div_ceil(AT_ONCE) {
        let hits = newest(conn, &query, before, at_once)?;
        for &hit in &hits {
            if found.len() == at_most {
                return Ok(found);
            }
            found.extend(read(conn, &query, hit)?);
        }
        match hits.last() {
            Some(last) if hits.len() == at_once && found.len() < at_most => before = last.0,
            _ => break,
        }
    }
    Ok(found)
}

fn read(conn: &mut dyn Conn, query: &Query, article: ArticleId) -> Result<Option<Found>> {
    let found = conn.one(
        "SELECT a.title, a.standfirst, coalesce(a.outlet_name, a.outlet), a.at, t.body, p.story
         FROM article a JOIN article_text t ON t.article = a.id LEFT JOIN placement p ON p.article = a.id
         WHERE a.id = $1",
        vals![article],
        |row| {
            let (title, standfirst, text) = (row.text(0), row.text(1), rows::body(row.blob(4)).1);
            let fits = query.phrases.is_empty() || query.phrases_stand_in(&[&title, &standfirst, &text]);
            fits.then(|| Found {
                article,
                story: row.maybe_int(5).map(StoryId),
                outlet: row.text(2),
                published: row.time(3),
                snippet: query.snippet(if text.is_empty() { &standfirst } else { &text }),
                title,
            })
        },
    )?;
    Ok(found.flatten())
}

/// Whether the article's own words hold every phrase.
pub(crate) fn holds_phrases(conn: &mut dyn Conn, query: &Query, article: ArticleId) -> Result<bool> {
    Ok(query.phrases.is_empty() || read(conn, query, article)?.is_some())
}

/// So few texts are read without asking the index, which goes through all that hold a word between the first and the last.
const FEW: usize = if cfg!(test) { 2 } else { 150 };
/// Numbers of articles so far apart are asked for one after the other: going through what lies between would cost more.
const APART: i64 = 20_000;

/// The texts of those of these articles in which all words of one of these phrases may stand.
pub(crate) fn texts_that_may_say(
    conn: &mut dyn Conn,
    articles: &[ArticleId],
    phrases: &[String],
) -> Result<Vec<(ArticleId, String)>> {
    let dialect = conn.dialect();
    let (sql, or) = match dialect {
        Dialect::Sqlite => {
            ("SELECT rowid FROM search WHERE search MATCH $1 AND rowid BETWEEN $2 AND $3", " OR ")
        }
        Dialect::Postgres => (
            "SELECT article FROM search WHERE words @@ CAST(CAST($1 AS TEXT) AS tsquery)
               AND article BETWEEN $2 AND $3",
            " | ",
        ),
    };
    let queries = phrases.iter().map(|it| Query::phrase(it)).filter(|it| !it.is_empty());
    let any = queries.map(|it| it.text(dialect)).collect::<Vec<_>>().join(or);
    if any.is_empty() {
        return Ok(Vec::new());
    }
    let mut wanted: Vec<i64> = articles.iter().map(|it| it.0).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let mut hits: Vec<Val> = Vec::new();
    if wanted.len() <= FEW {
        hits.extend(wanted.iter().copied().map(Val::Int));
    } else {
        for near in wanted.chunk_by(|a, b| b - a < APART) {
            let found = conn.all(sql, vals![&any, near[0], near[near.len() - 1]], |row| row.int(0))?;
            hits.extend(found.into_iter().filter(|it| near.binary_search(it).is_ok()).map(Val::Int));
        }
    }
    conn.all_in("SELECT article, body FROM article_text WHERE article IN ({keys})", &hits, |row| {
        (ArticleId(row.int(0)), rows::body(row.blob(1)).1)
    })
}
