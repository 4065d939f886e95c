//! Housekeeping.

use news::{ArticleId, StoryId, Timestamp};

use super::{search, tasks};
use crate::conn::{Conn, Dialect, Val, vals};
use crate::{Counts, Result, Stage};

/// So many stories (or lone articles, or entries) go in one transaction, so that nobody waits long.
pub(crate) const AT_ONCE: i64 = 200;

/// Drops some of what is to go; answers how many articles and entries went, and whether there may be more.
pub(crate) fn drop_some(conn: &mut dyn Conn, then: Timestamp) -> Result<(u64, bool)> {
    // What came late (an old essay of a source that is new here) is kept as long as what was new then.
    let stories = conn.all(
        "SELECT id FROM story s WHERE last_grew < $1
           AND NOT EXISTS (SELECT 1 FROM placement p JOIN article a ON a.id = p.article
             WHERE p.story = s.id AND $1 <= a.arrived)
           AND NOT EXISTS (SELECT 1 FROM story_state t WHERE t.story = s.id AND t.saved = 1)
           AND NOT EXISTS (SELECT 1 FROM placement p JOIN entry e ON e.article = p.article
             JOIN entry_state t ON t.entry = e.id AND t.saved = 1 WHERE p.story = s.id)
         ORDER BY last_grew LIMIT $2",
        vals![then, AT_ONCE],
        |row| StoryId(row.int(0)),
    )?;
    let mut gone = 0;
    for &story in &stories {
        gone += drop_story(conn, story)?;
    }
    // Articles that never came into a story, and entries that never became an article.
    let lone = conn.all(
        "SELECT id FROM article a WHERE arrived < $1 AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.article = a.id)
           AND NOT EXISTS (SELECT 1 FROM entry e JOIN entry_state t ON t.entry = e.id AND t.saved = 1
             WHERE e.article = a.id)
         ORDER BY arrived LIMIT $2",
        vals![then, AT_ONCE],
        |row| ArticleId(row.int(0)),
    )?;
    for &article in &lone {
        gone += drop_article(conn, article)?;
    }
    let bare = conn.all(
        "SELECT e.id FROM entry e JOIN entry_text t ON t.entry = e.id WHERE e.arrived < $1 AND e.article IS NULL
           AND e.dropped = 0 AND NOT EXISTS (SELECT 1 FROM entry_state s WHERE s.entry = e.id AND s.saved = 1)
         ORDER BY e.id LIMIT $2",
        vals![then, AT_ONCE],
        |row| row.int(0),
    )?;
    for &entry in &bare {
        drop_entry(conn, entry)?;
        gone += 1;
    }
    conn.execute("DELETE FROM edition WHERE at < $1", vals![then])?;
    conn.execute("DELETE FROM alert WHERE at < $1", vals![then])?;
    // Nobody replays as far back as that. Where a number leads is kept for ever.
    conn.execute(
        "DELETE FROM moved_article WHERE mending IN (SELECT id FROM mending WHERE at < $1)",
        vals![then],
    )?;
    conn.execute("DELETE FROM mending WHERE at < $1", vals![then])?;
    let full = |found: usize| found as i64 == AT_ONCE;
    Ok((gone, full(stories.len()) || full(lone.len()) || full(bare.len())))
}

pub(super) fn drop_story(conn: &mut dyn Conn, story: StoryId) -> Result<u64> {
    let articles = conn
        .all("SELECT article FROM placement WHERE story = $1", vals![story], |row| ArticleId(row.int(0)))?;
    let mut gone = 0;
    for article in articles {
        gone += drop_article(conn, article)?;
    }
    conn.execute("DELETE FROM story_source WHERE story = $1", vals![story])?;
    conn.execute("DELETE FROM story WHERE id = $1", vals![story])?;
    Ok(gone)
}

pub(super) fn drop_article(conn: &mut dyn Conn, article: ArticleId) -> Result<u64> {
    search::remove(conn, article)?;
    for sql in [
        "DELETE FROM placement WHERE article = $1",
        "DELETE FROM moved_article WHERE article = $1",
        "DELETE FROM understanding WHERE article = $1",
        "DELETE FROM embedding WHERE article = $1",
        "DELETE FROM article_text WHERE article = $1",
        "DELETE FROM article WHERE id = $1",
    ] {
        conn.execute(sql, vals![article])?;
    }
    tasks::retract(conn, article)?;
    let entries = conn.all("SELECT id FROM entry WHERE article = $1", vals![article], |row| row.int(0))?;
    for entry in entries {
        drop_entry(conn, entry)?;
    }
    Ok(1)
}

/// The identity stays, so that it is not news again when it comes back.
fn drop_entry(conn: &mut dyn Conn, entry: i64) -> Result<()> {
    let source = conn.one(
        "UPDATE entry SET dropped = 1, article = NULL, title = '', url = NULL, teaser = '', facts = NULL
         WHERE id = $1 AND dropped = 0 RETURNING source",
        vals![entry],
        |row| row.int(0),
    )?;
    if let Some(source) = source {
        conn.execute("UPDATE source SET entries = entries - 1 WHERE id = $1", vals![source])?;
    }
    for sql in ["DELETE FROM entry_text WHERE entry = $1", "DELETE FROM revision WHERE entry = $1"] {
        conn.execute(sql, vals![entry])?;
    }
    for table in ["task", "set_aside"] {
        conn.execute(
            &format!("DELETE FROM {table} WHERE stage = $1 AND about = $2"),
            &[Val::Int(Stage::Extract as i64), Val::Int(entry)],
        )?;
    }
    Ok(())
}

pub(crate) fn counts(conn: &mut dyn Conn) -> Result<Counts> {
    let mut count = |sql: &str| -> Result<u64> { Ok(conn.number(sql, &[])?.max(0) as u64) };
    let mut counts = Counts {
        sources: count("SELECT count(*) FROM source")?,
        entries: count("SELECT count(*) FROM entry WHERE dropped = 0")?,
        articles: count("SELECT count(*) FROM article")?,
        stories: count("SELECT count(*) FROM story")?,
        grouped_stories: count("SELECT count(*) FROM story WHERE outlets >= 2")?,
        readers: count("SELECT count(*) FROM reader")?,
        signals: count("SELECT count(*) FROM signal")?,
        ..Counts::default()
    };
    counts.bytes = conn.size()?;
    counts.engine = conn.engine()?;
    Ok(counts)
}

/// What should be impossible, and how often it is so.
const COMPLAINTS: &[(&str, &str)] = &[
    (
        "entries lead to an article that is not there",
        "SELECT count(*) FROM entry e WHERE e.article IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM article a WHERE a.id = e.article)",
    ),
    (
        "articles without their text",
        "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM article_text t WHERE t.article = a.id)",
    ),
    (
        "placements of articles that are not there",
        "SELECT count(*) FROM placement p WHERE NOT EXISTS (SELECT 1 FROM article a WHERE a.id = p.article)",
    ),
    (
        "placements into stories that are not there",
        "SELECT count(*) FROM placement p WHERE NOT EXISTS (SELECT 1 FROM story s WHERE s.id = p.story)",
    ),
    (
        "stories without an article",
        "SELECT count(*) FROM story s WHERE NOT EXISTS (SELECT 1 FROM placement p WHERE p.story = s.id)",
    ),
    (
        "entries that were neither extracted nor wait to be",
        "SELECT count(*) FROM entry e WHERE e.article IS NULL AND e.dropped = 0
           AND NOT EXISTS (SELECT 1 FROM task t WHERE t.stage = 1 AND t.about = e.id)
           AND NOT EXISTS (SELECT 1 FROM set_aside t WHERE t.stage = 1 AND t.about = e.id)",
    ),
    (
        "mails or pushed documents that do not wait to be read",
        "SELECT count(*) FROM arrival a WHERE NOT EXISTS (SELECT 1 FROM task t WHERE t.stage = 6 AND t.about = a.id)
           AND NOT EXISTS (SELECT 1 FROM set_aside t WHERE t.stage = 6 AND t.about = a.id)",
    ),
    (
        "articles that were neither placed nor wait to be",
        "SELECT count(*) FROM article a WHERE NOT EXISTS (SELECT 1 FROM placement p WHERE p.article = a.id)
           AND NOT EXISTS (SELECT 1 FROM task t WHERE t.stage IN (2, 3) AND t.about = a.id)
           AND NOT EXISTS (SELECT 1 FROM set_aside t WHERE t.stage IN (2, 3) AND t.about = a.id)",
    ),
];

pub(crate) fn check(conn: &mut dyn Conn) -> Result<Vec<String>> {
    let mut complaints = Vec::new();
    if conn.dialect() == Dialect::Sqlite {
        let said = conn.all("PRAGMA quick_check(20)", &[], |row| row.text(0))?;
        complaints.extend(said.into_iter().filter(|line| line != "ok"));
        let broken = conn.number("SELECT count(*) FROM pragma_foreign_key_check", &[])?;
        if broken != 0 {
            complaints.push(format!("{broken} rows refer to rows that are not there"));
        }
    }
    for (what, sql) in COMPLAINTS {
        let count = conn.number(sql, &[])?;
        if count != 0 {
            complaints.push(format!("{count} {what}"));
        }
    }
    Ok(complaints)
}
