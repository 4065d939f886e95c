//! A reader leaves, and everything of theirs goes: what they did, what we made of it, and what came for them alone.

use std::collections::BTreeSet;

use news::{ArticleId, ReaderId, SourceId, StoryId, Timestamp};

use super::{keeping, mending, readers, sources, stories};
use crate::conn::{Conn, Val, vals};
use crate::{Leaving, Result, Stage};

/// Every table with rows of a reader, which its column `reader` says; those that others refer to are last.
pub(crate) const OF_READER: &[&str] = &[
    "alert_out",
    "alert",
    "feed_key",
    "follow",
    "follow_gone",
    "signal",
    "entry_state",
    "story_state",
    "interests",
    "edition",
    "repair",
];

/// Sources that came for this reader alone: newsletters that nobody else follows, and what is asked for with their
/// passwords. Never what somebody else follows, whatever its address looks like: addresses come from outside.
fn private(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<SourceId>> {
    let own = format!("%#reader-{reader}");
    conn.all(
        "SELECT s.id FROM source s WHERE (s.address LIKE $2
             OR (s.kind = 'mail' OR s.access IS NOT NULL)
               AND s.id IN (SELECT source FROM follow WHERE reader = $1
                 UNION SELECT source FROM follow_gone WHERE reader = $1))
             AND NOT EXISTS (SELECT 1 FROM follow f WHERE f.source = s.id AND f.reader <> $1
               AND f.stance NOT LIKE 'mute%')
         ORDER BY s.id",
        vals![reader, &own],
        |row| SourceId(row.int(0)),
    )
}

/// What would go.
pub(crate) fn leaving(conn: &mut dyn Conn, reader: ReaderId) -> Result<Leaving> {
    let name = readers::get(conn, reader)?.name;
    let private = private(conn, reader)?;
    let mut count = |table: &str| -> Result<u64> {
        let sql = format!("SELECT count(*) FROM {table} WHERE reader = $1");
        Ok(conn.number(&sql, vals![reader])?.max(0) as u64)
    };
    let mut leaving = Leaving {
        name,
        signals: count("signal")?,
        follows: count("follow")?,
        editions: count("edition")?,
        alerts: count("alert")?,
        private: private.len() as u64,
        ..Leaving::default()
    };
    for source in private {
        let entries =
            conn.number("SELECT count(*) FROM entry WHERE source = $1 AND dropped = 0", vals![source])?;
        leaving.entries += entries.max(0) as u64;
    }
    let resting = conn.number(
        "SELECT count(DISTINCT f.source) FROM follow f WHERE f.reader = $1 AND f.stance NOT LIKE 'mute%'
           AND NOT EXISTS (SELECT 1 FROM follow o WHERE o.source = f.source AND o.reader <> $1
             AND o.stance NOT LIKE 'mute%')",
        vals![reader],
    )?;
    leaving.resting = (resting.max(0) as u64).saturating_sub(leaving.private);
    Ok(leaving)
}

/// Drops some entries of what came for the reader alone; answers whether there may be more.
pub(crate) fn drop_some(conn: &mut dyn Conn, reader: ReaderId) -> Result<bool> {
    for source in private(conn, reader)? {
        let entries = conn.all(
            "SELECT id, article FROM entry WHERE source = $1 ORDER BY id LIMIT $2",
            vals![source, keeping::AT_ONCE],
            |row| (row.int(0), row.maybe_int(1).map(ArticleId)),
        )?;
        if entries.is_empty() {
            continue;
        }
        for (entry, _) in &entries {
            for sql in [
                "DELETE FROM entry_text WHERE entry = $1",
                "DELETE FROM revision WHERE entry = $1",
                "DELETE FROM entry_state WHERE entry = $1",
                "DELETE FROM entry WHERE id = $1",
            ] {
                conn.execute(sql, &[Val::Int(*entry)])?;
            }
            forget_task(conn, Stage::Extract, *entry)?;
        }
        let articles: BTreeSet<ArticleId> = entries.into_iter().filter_map(|it| it.1).collect();
        drop_articles(conn, articles)?;
        return Ok(true);
    }
    Ok(false)
}

/// Those that no other source has. A story that others tell too goes on without them.
fn drop_articles(conn: &mut dyn Conn, articles: BTreeSet<ArticleId>) -> Result<()> {
    let mut touched = BTreeSet::new();
    for article in articles {
        let others = conn.one(
            "SELECT source FROM entry WHERE article = $1 ORDER BY id LIMIT 1",
            vals![article],
            |row| row.int(0),
        )?;
        let story = conn.one("SELECT story FROM placement WHERE article = $1", vals![article], |row| {
            StoryId(row.int(0))
        })?;
        touched.extend(story);
        if let Some(source) = others {
            conn.execute("UPDATE article SET source = $2 WHERE id = $1", vals![article, source])?;
        } else {
            keeping::drop_article(conn, article)?;
        }
    }
    let change = stories::next_change(conn)?;
    for story in touched {
        let Some(told) = stories::story(conn, story, false)? else { continue };
        let Some(first) = told.members.first() else {
            keeping::drop_story(conn, story)?;
            continue;
        };
        let mut face = told.face;
        if !told.members.iter().any(|it| it.article == face.lead) {
            face.headline = first.title.clone();
            face.standfirst = first.standfirst.clone();
            face.language = first.language.clone();
            face.lead = first.article;
            face.picture = None;
        }
        let outlets: BTreeSet<&str> = told.members.iter().map(|it| it.outlet.as_str()).collect();
        (face.articles, face.outlets) = (told.members.len() as u32, outlets.len() as u32);
        mending::show(conn, story, change, &face)?;
    }
    Ok(())
}

/// The rest, and the reader.
pub(crate) fn leave(conn: &mut dyn Conn, reader: ReaderId, now: Timestamp) -> Result<()> {
    readers::get(conn, reader)?;
    let private = private(conn, reader)?;
    let followed = conn.all(
        "SELECT DISTINCT source FROM follow WHERE reader = $1 AND source IS NOT NULL",
        vals![reader],
        |row| SourceId(row.int(0)),
    )?;
    // What was mended for everybody stays, and nobody knows who wished for it.
    let repairs = conn.all("SELECT id FROM repair WHERE reader = $1", vals![reader], |row| row.int(0))?;
    for repair in repairs {
        forget_task(conn, Stage::Cluster, -repair)?;
        conn.execute("UPDATE mending SET repair = NULL WHERE repair = $1", &[Val::Int(repair)])?;
    }
    for stage in [Stage::Learn, Stage::Send] {
        forget_task(conn, stage, reader.0)?;
    }
    for table in OF_READER {
        conn.execute(&format!("DELETE FROM {table} WHERE reader = $1"), vals![reader])?;
    }
    conn.execute("DELETE FROM reader WHERE id = $1", vals![reader])?;
    for &source in &private {
        drop_source(conn, source)?;
    }
    for source in followed.into_iter().filter(|it| !private.contains(it)) {
        sources::follow_changed(conn, source, now)?;
    }
    Ok(())
}

fn drop_source(conn: &mut dyn Conn, source: SourceId) -> Result<()> {
    let arrivals = conn.all("SELECT id FROM arrival WHERE source = $1", vals![source], |row| row.int(0))?;
    for arrival in arrivals {
        forget_task(conn, Stage::Receive, arrival)?;
    }
    for stage in [Stage::Refresh, Stage::Subscribe] {
        forget_task(conn, stage, source.0)?;
    }
    for sql in [
        "DELETE FROM arrival WHERE source = $1",
        "DELETE FROM subscription WHERE source = $1",
        "DELETE FROM story_source WHERE source = $1",
        "DELETE FROM follow WHERE source = $1",
        "DELETE FROM follow_gone WHERE source = $1",
        "DELETE FROM source WHERE id = $1",
    ] {
        conn.execute(sql, vals![source])?;
    }
    Ok(())
}

fn forget_task(conn: &mut dyn Conn, stage: Stage, about: i64) -> Result<()> {
    for table in ["task", "set_aside"] {
        let sql = format!("DELETE FROM {table} WHERE stage = $1 AND about = $2");
        conn.execute(&sql, &[Val::Int(stage as i64), Val::Int(about)])?;
    }
    Ok(())
}

#[cfg(test)]
pub(crate) fn rows_of(
    conn: &mut dyn Conn,
    reader: ReaderId,
) -> Result<std::collections::BTreeMap<&'static str, i64>> {
    let tables = OF_READER.iter().map(|table| {
        let sql = format!("SELECT count(*) FROM {table} WHERE reader = $1");
        Ok((*table, conn.number(&sql, vals![reader])?))
    });
    tables.collect()
}
