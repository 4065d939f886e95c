//! What readers did: signals, and how they stand to entries and stories because of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use news::{ArticleId, EditionId, EntryId, Own, ReaderId, Signal, SignalId, SignalKind, StoryId, Timestamp};

use super::{mending, readers, repairs};
use crate::conn::{Conn, Row, Val, vals};
use crate::words;
use crate::{Mark, Result, StoreError, StoryState};

pub(crate) fn record(conn: &mut dyn Conn, signals: &[Signal]) -> Result<Vec<SignalId>> {
    let mut ids = Vec::with_capacity(signals.len());
    let mut last_of: BTreeMap<ReaderId, Timestamp> = BTreeMap::new();
    let mut own_of: BTreeMap<ReaderId, Own> = BTreeMap::new();
    let stories: BTreeSet<StoryId> = signals.iter().map(|it| it.story).collect();
    let leads = mending::leads(conn, &stories.into_iter().collect::<Vec<_>>())?;
    for signal in signals {
        if last_of.insert(signal.reader, signal.at).is_none() {
            // One writes for one reader at a time, so that signals become visible in the order of their numbers and
            // whoever learns misses none.
            let there =
                conn.execute("UPDATE reader SET acts = acts + 1 WHERE id = $1", vals![signal.reader])?;
            if there == 0 {
                return Err(StoreError::NotFound);
            }
            own_of.insert(signal.reader, repairs::own(conn, signal.reader)?);
        }
        // Said on a page that was made before the story was joined with another, it is said of what that became.
        let own = &own_of[&signal.reader];
        let story = own.stands_at(leads.get(&signal.story).copied().unwrap_or(signal.story));
        let signal = Signal { story, ..signal.clone() };
        ids.push(insert(conn, &signal)?);
        follows_from(conn, own, &signal)?;
    }
    for (reader, at) in last_of {
        readers::to_learn(conn, reader, at)?;
    }
    Ok(ids)
}

fn insert(conn: &mut dyn Conn, signal: &Signal) -> Result<SignalId> {
    let (kind, number, share) = words::signal_columns(signal.kind);
    let id = conn.number(
        "INSERT INTO signal (reader, story, article, edition, at, kind, number, share, device)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
        vals![
            signal.reader,
            signal.story,
            signal.article,
            signal.edition,
            signal.at,
            kind,
            number,
            share,
            &signal.device,
        ],
    )?;
    Ok(SignalId(id))
}

fn follows_from(conn: &mut dyn Conn, own: &Own, it: &Signal) -> Result<()> {
    match it.kind {
        SignalKind::Shown { .. } => {
            add_to_state(conn, it.reader, it.story, "shown = story_state.shown + 1", "shown")
        }
        SignalKind::Opened | SignalKind::Read { .. } => {
            opened(conn, own, it.reader, it.story, it.at)?;
            match it.article {
                Some(article) => article_read(conn, own, it, article),
                None => Ok(()),
            }
        }
        SignalKind::Saved => save(conn, own, it, it.article, true),
        SignalKind::Unsaved => save(conn, own, it, it.article, false),
        SignalKind::NotInterested | SignalKind::AlreadyKnew => {
            add_to_state(conn, it.reader, it.story, "dismissed = 1", "dismissed")
        }
        SignalKind::Undo => undo(conn, own, it),
        SignalKind::Shared | SignalKind::MoreLikeThis | SignalKind::LessLikeThis => Ok(()),
    }
}

/// Sets a column to 1 where the reader had no state of the story, and does `change` where they had.
fn add_to_state(
    conn: &mut dyn Conn,
    reader: ReaderId,
    story: StoryId,
    change: &str,
    column: &str,
) -> Result<()> {
    conn.execute(
        &format!(
            "INSERT INTO story_state (reader, story, {column}) VALUES ($1, $2, 1)
             ON CONFLICT (reader, story) DO UPDATE SET {change}"
        ),
        vals![reader, story],
    )?;
    Ok(())
}

fn opened(conn: &mut dyn Conn, own: &Own, reader: ReaderId, story: StoryId, at: Timestamp) -> Result<()> {
    let turns = turns_of(conn, own, story)?;
    conn.execute(
        "INSERT INTO story_state (reader, story, opened, turns) VALUES ($1, $2, $3, $4)
         ON CONFLICT (reader, story) DO UPDATE SET opened = excluded.opened, turns = excluded.turns",
        vals![reader, story, at, turns],
    )?;
    Ok(())
}

/// Of the articles of a story, as the reader has it, those that told something that the story had not told.
fn turns_of(conn: &mut dyn Conn, own: &Own, story: StoryId) -> Result<i64> {
    match repairs::articles_of(conn, own, story)? {
        Some(articles) => {
            let keys: Vec<Val> = articles.iter().map(|it| Val::Int(it.0)).collect();
            let sql = "SELECT article FROM placement WHERE facts > 0 AND article IN ({keys})";
            // A list of keys is filled up with its last one.
            Ok(conn.all_in(sql, &keys, |row| row.int(0))?.into_iter().collect::<BTreeSet<_>>().len() as i64)
        }
        None => conn.number("SELECT turns FROM story WHERE id = $1", vals![story]),
    }
}

/// The whole story is read: what it told so far is known.
fn story_read(conn: &mut dyn Conn, own: &Own, reader: ReaderId, story: StoryId) -> Result<()> {
    let turns = turns_of(conn, own, story)?;
    conn.execute(
        "INSERT INTO story_state (reader, story, read, turns) VALUES ($1, $2, 1, $3)
         ON CONFLICT (reader, story) DO UPDATE SET read = 1, turns = excluded.turns",
        vals![reader, story, turns],
    )?;
    Ok(())
}

/// Reading one article reads the whole story, or (as the reader has set it) the article and its copies.
fn article_read(conn: &mut dyn Conn, own: &Own, it: &Signal, article: ArticleId) -> Result<()> {
    if readers::get(conn, it.reader)?.settings.read_whole_story {
        return mark_all(conn, own, it.reader, it.story, Mark::Read, it.at);
    }
    let mut members = Vec::new();
    for everyones in own.sources_of(it.story) {
        members.extend(super::stories::members(conn, everyones, false)?);
    }
    let original = |of: ArticleId| {
        members.iter().find(|member| member.article == of).and_then(|member| member.copy_of).unwrap_or(of)
    };
    let same = members.iter().map(|member| member.article).filter(|&it| original(it) == original(article));
    let articles: BTreeSet<ArticleId> = same.chain([article]).collect();
    let keys: Vec<Val> = articles.iter().map(|article| Val::Int(article.0)).collect();
    let entries =
        conn.all_in("SELECT id FROM entry WHERE article IN ({keys})", &keys, |row| EntryId(row.int(0)))?;
    mark(conn, it.reader, &entries, Mark::Read, it.at)
}

fn save(conn: &mut dyn Conn, own: &Own, it: &Signal, article: Option<ArticleId>, saved: bool) -> Result<()> {
    let &Signal { reader, story, at, .. } = it;
    let Some(article) = article else {
        return mark_all(conn, own, reader, story, if saved { Mark::Saved } else { Mark::Unsaved }, at);
    };
    let entries = entries_of_article(conn, article)?;
    match (saved, entries.first()) {
        (true, Some(&first)) => mark(conn, reader, &[first], Mark::Saved, at)?,
        (false, Some(_)) => mark(conn, reader, &entries, Mark::Unsaved, at)?,
        (_, None) => {}
    }
    if saved { set_story(conn, reader, story, "saved", true) } else { Ok(()) }
}

fn entries_of_article(conn: &mut dyn Conn, article: ArticleId) -> Result<Vec<EntryId>> {
    conn.all("SELECT id FROM entry WHERE article = $1 ORDER BY id", vals![article], |row| EntryId(row.int(0)))
}

/// What was last said by hand of this story, and not taken back yet, is as if it had not been said.
fn undo(conn: &mut dyn Conn, own: &Own, it: &Signal) -> Result<()> {
    let sql = format!(
        "SELECT kind, article FROM signal WHERE reader = $1 AND story IN {}
           AND kind NOT IN ('shown', 'opened', 'read') ORDER BY id",
        mending::numbers_of(2)
    );
    let said =
        conn.all(&sql, vals![it.reader, it.story], |row| (row.text(0), row.maybe_int(1).map(ArticleId)))?;
    let mut standing: Vec<(String, Option<ArticleId>)> = Vec::new();
    let mut taken_back = None;
    for (kind, article) in said {
        match kind.as_str() {
            "undo" => taken_back = standing.pop(),
            _ => standing.push((kind, article)),
        }
    }
    match taken_back {
        Some((kind, article)) if kind == "saved" => save(conn, own, it, article, false),
        Some((kind, article)) if kind == "unsaved" => save(conn, own, it, article, true),
        Some(_) => {
            let dismissed =
                standing.iter().any(|(kind, _)| kind == "not interested" || kind == "already knew");
            set_story(conn, it.reader, it.story, "dismissed", dismissed)
        }
        None => Ok(()),
    }
}

pub(crate) fn mark(
    conn: &mut dyn Conn,
    reader: ReaderId,
    entries: &[EntryId],
    mark: Mark,
    now: Timestamp,
) -> Result<()> {
    let own = repairs::own(conn, reader)?;
    let mut stories = BTreeSet::new();
    for &entry in entries {
        let found = conn.one(
            "SELECT p.story, e.article FROM entry e LEFT JOIN placement p ON p.article = e.article WHERE e.id = $1",
            vals![entry],
            |row| Some((StoryId(row.maybe_int(0)?), ArticleId(row.int(1)))),
        )?;
        // An entry that never was is not marked.
        let Some(placed) = found else { continue };
        mark_entry(conn, reader, entry, mark, now)?;
        stories.extend(placed.map(|(story, article)| own.story_of(article, story)));
    }
    for story in stories {
        story_after(conn, &own, reader, story, mark)?;
    }
    Ok(())
}

fn mark_entry(
    conn: &mut dyn Conn,
    reader: ReaderId,
    entry: EntryId,
    mark: Mark,
    now: Timestamp,
) -> Result<()> {
    let (column, value) = match mark {
        Mark::Read => ("read", 1),
        Mark::Unread => ("read", 0),
        Mark::Saved => ("saved", 1),
        Mark::Unsaved => ("saved", 0),
    };
    conn.execute(
        &format!(
            "INSERT INTO entry_state (reader, entry, {column}, at) VALUES ($1, $2, $3, $4)
             ON CONFLICT (reader, entry) DO UPDATE SET {column} = excluded.{column}, at = excluded.at"
        ),
        vals![reader, entry, i64::from(value), now],
    )?;
    Ok(())
}

/// A story's state follows from its entries.
fn story_after(conn: &mut dyn Conn, own: &Own, reader: ReaderId, story: StoryId, mark: Mark) -> Result<()> {
    match mark {
        Mark::Unread => set_story(conn, reader, story, "read", false),
        Mark::Saved => set_story(conn, reader, story, "saved", true),
        Mark::Unsaved => {
            let others = entries_in(
                conn,
                own,
                story,
                &format!(
                    "EXISTS (SELECT 1 FROM entry_state s WHERE s.reader = {reader} AND s.entry = e.id AND s.saved = 1)"
                ),
            )?;
            set_story(conn, reader, story, "saved", !others.is_empty())
        }
        Mark::Read => {
            let unread = entries_in(
                conn,
                own,
                story,
                &format!(
                    "{} AND NOT EXISTS (SELECT 1 FROM entry_state s
                       WHERE s.reader = {reader} AND s.entry = e.id AND s.read = 1)",
                    of_their_sources(reader)
                ),
            )?;
            if unread.is_empty() { story_read(conn, own, reader, story) } else { Ok(()) }
        }
    }
}

fn set_story(conn: &mut dyn Conn, reader: ReaderId, story: StoryId, column: &str, value: bool) -> Result<()> {
    conn.execute(
        &format!(
            "INSERT INTO story_state (reader, story, {column}) VALUES ($1, $2, $3)
             ON CONFLICT (reader, story) DO UPDATE SET {column} = excluded.{column}"
        ),
        vals![reader, story, value],
    )?;
    Ok(())
}

/// The entries of a story, as the reader has it, for which this holds.
fn entries_in(conn: &mut dyn Conn, own: &Own, story: StoryId, holds: &str) -> Result<Vec<EntryId>> {
    match repairs::articles_of(conn, own, story)? {
        None => conn.all(
            &format!(
                "SELECT e.id FROM placement p JOIN entry e ON e.article = p.article WHERE p.story = $1 AND {holds}"
            ),
            vals![story],
            |row| EntryId(row.int(0)),
        ),
        Some(articles) => {
            let keys: Vec<Val> = articles.iter().map(|it| Val::Int(it.0)).collect();
            let sql = format!("SELECT e.id FROM entry e WHERE e.article IN ({{keys}}) AND {holds}");
            let found = conn.all_in(&sql, &keys, |row| EntryId(row.int(0)))?;
            Ok(found.into_iter().collect::<BTreeSet<_>>().into_iter().collect())
        }
    }
}

fn of_their_sources(reader: ReaderId) -> String {
    format!("e.source IN (SELECT source FROM follow WHERE reader = {reader} AND source IS NOT NULL)")
}

pub(crate) fn mark_story(
    conn: &mut dyn Conn,
    reader: ReaderId,
    story: StoryId,
    mark: Mark,
    now: Timestamp,
) -> Result<()> {
    let own = repairs::own(conn, reader)?;
    let story = mending::leads(conn, &[story])?.remove(&story).unwrap_or(story);
    mark_all(conn, &own, reader, own.stands_at(story), mark, now)
}

fn mark_all(
    conn: &mut dyn Conn,
    own: &Own,
    reader: ReaderId,
    story: StoryId,
    mark: Mark,
    now: Timestamp,
) -> Result<()> {
    let lead = conn.one("SELECT lead FROM story WHERE id = $1", vals![story], |row| ArticleId(row.int(0)))?;
    // A story of the reader's own is led by the article whose number it has.
    let lead =
        lead.or_else(|| own.differs(story).then_some(ArticleId(story.0))).ok_or(StoreError::NotFound)?;
    let entries = match mark {
        // One entry stands for the story in apps that know entries only.
        Mark::Saved => entries_of_article(conn, lead)?.into_iter().take(1).collect(),
        Mark::Unsaved => entries_in(
            conn,
            own,
            story,
            &format!("EXISTS (SELECT 1 FROM entry_state s WHERE s.reader = {reader} AND s.entry = e.id)"),
        )?,
        Mark::Read | Mark::Unread => entries_in(conn, own, story, &of_their_sources(reader))?,
    };
    for entry in entries {
        mark_entry(conn, reader, entry, mark, now)?;
    }
    match mark {
        Mark::Read => story_read(conn, own, reader, story),
        Mark::Unread => set_story(conn, reader, story, "read", false),
        Mark::Saved => set_story(conn, reader, story, "saved", true),
        Mark::Unsaved => set_story(conn, reader, story, "saved", false),
    }
}

pub(crate) fn states(conn: &mut dyn Conn, reader: ReaderId, stories: &[StoryId]) -> Result<Vec<StoryState>> {
    /// Of more stories, those between the first and the last are gone through: a reader knows few of them.
    const ASKED_ONE_BY_ONE: usize = 128;
    const STATE: &str =
        "SELECT story, opened, turns, read, saved, shown, dismissed FROM story_state WHERE reader";
    let known: Vec<StoryState> = match (stories.iter().min(), stories.iter().max()) {
        (Some(first), Some(last)) if ASKED_ONE_BY_ONE < stories.len() => conn.all(
            &format!("{STATE} = $1 AND story BETWEEN $2 AND $3"),
            vals![reader, *first, *last],
            state,
        )?,
        _ => {
            let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
            conn.all_in(&format!("{STATE} = {} AND story IN ({{keys}})", reader.0), &keys, state)?
        }
    };
    let known: HashMap<StoryId, StoryState> = known.into_iter().map(|it| (it.story, it)).collect();
    let none = |story| StoryState { story, ..StoryState::default() };
    Ok(stories.iter().map(|&story| known.get(&story).cloned().unwrap_or_else(|| none(story))).collect())
}

fn state(row: &dyn Row) -> StoryState {
    StoryState {
        story: StoryId(row.int(0)),
        opened: row.maybe_time(1),
        turns: row.count(2),
        read: row.flag(3),
        saved: row.flag(4),
        shown: row.count(5),
        dismissed: row.flag(6),
    }
}

pub(crate) fn signals(
    conn: &mut dyn Conn,
    reader: ReaderId,
    after: SignalId,
    at_most: usize,
) -> Result<Vec<Signal>> {
    // What was said of an article is about the story in which it stands now; what was said of a story, about the one to
    // which its number leads.
    let rows = conn.all(
        "SELECT s.id, coalesce(p.story, m.leads_to, s.story), s.article, s.edition, s.at, s.kind, s.number, s.share,
           s.device
         FROM signal s LEFT JOIN placement p ON p.article = s.article LEFT JOIN moved_story m ON m.story = s.story
         WHERE s.reader = $1 AND s.id > $2 ORDER BY s.id LIMIT $3",
        vals![reader, after, at_most],
        |row| signal(row, reader),
    )?;
    Ok(rows.into_iter().flatten().collect())
}

fn signal(row: &dyn Row, reader: ReaderId) -> Option<Signal> {
    Some(Signal {
        id: SignalId(row.int(0)),
        reader,
        story: StoryId(row.int(1)),
        article: row.maybe_int(2).map(ArticleId),
        edition: row.maybe_int(3).map(EditionId),
        at: row.time(4),
        kind: words::signal_kind(row.maybe_str(5)?, row.int(6), row.real(7))?,
        device: row.text(8),
    })
}

/// The signals go, and with them what follows from them; what is marked read or saved stays so.
pub(crate) fn forget(conn: &mut dyn Conn, reader: ReaderId, from: Timestamp, to: Timestamp) -> Result<u64> {
    let stories: BTreeSet<StoryId> = conn
        .all(
            "SELECT DISTINCT story FROM signal WHERE reader = $1 AND at >= $2 AND at < $3",
            vals![reader, from, to],
            |row| StoryId(row.int(0)),
        )?
        .into_iter()
        .collect();
    let leads = mending::leads(conn, &stories.iter().copied().collect::<Vec<_>>())?;
    let stories: BTreeSet<StoryId> =
        stories.into_iter().map(|it| leads.get(&it).copied().unwrap_or(it)).collect();
    let gone = conn
        .execute("DELETE FROM signal WHERE reader = $1 AND at >= $2 AND at < $3", vals![reader, from, to])?;
    for story in stories {
        let numbers = mending::numbers_of(2);
        let sql = format!(
            "UPDATE story_state SET
               opened = (SELECT max(at) FROM signal WHERE reader = $1 AND story IN {numbers} AND kind IN ('opened', 'read')),
               shown = (SELECT count(*) FROM signal WHERE reader = $1 AND story IN {numbers} AND kind = 'shown'),
               dismissed = (SELECT CASE WHEN count(*) = 0 THEN 0 ELSE 1 END FROM signal
                 WHERE reader = $1 AND story IN {numbers} AND kind IN ('not interested', 'already knew'))
             WHERE reader = $1 AND story = $2"
        );
        conn.execute(&sql, vals![reader, story])?;
    }
    if 0 < gone {
        readers::learn_anew(conn, reader, from)?;
    }
    Ok(gone)
}
