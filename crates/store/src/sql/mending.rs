//! Articles that go from one story to another, and all that follows from it for whoever had read, saved, followed or
//! muted one of the two.

use std::collections::HashMap;

use news::{ArticleId, Evidence, Face, Mending, ReaderId, RepairId, StoryId, Timestamp};

use super::{articles, embedding, repairs, stories, tasks};
use crate::conn::{Conn, Val, vals};
use crate::pack::{pack, unpack};
use crate::rows::{FaceRow, More};
use crate::{History, Lately, Parted, Placed, Result, Step, StoreError, Task, Upto};

// ── the record ──

/// Placements as they were made and mendings between them, in order.
pub(crate) fn history_after(
    conn: &mut dyn Conn,
    upto: Upto,
    lately: Lately,
    at_most: usize,
) -> Result<History> {
    let latest = conn.number("SELECT coalesce(max(last_grew), 0) FROM story", &[])?;
    let [since, since_grown] = [lately.within, lately.grown.1].map(|it| Timestamp(latest).before(it));
    let among = last_placement(conn)? - i64::from(lately.placed);
    let sql = format!(
        "SELECT {}, p.number, coalesce((SELECT m.story FROM moved_article m WHERE m.article = p.article
           ORDER BY m.mending LIMIT 1), p.story)
         FROM placement p JOIN article a ON a.id = p.article
         JOIN understanding u ON u.article = a.id JOIN story s ON s.id = p.story
         WHERE p.number > $1
           AND (s.last_grew >= $2 OR s.last_grew >= $3 AND s.articles >= $4
             OR s.id IN (SELECT l.story FROM placement l WHERE l.number > $5))
         ORDER BY p.number LIMIT $6",
        articles::sketch_columns()
    );
    let placed =
        conn.all(&sql, vals![upto.placed, since, since_grown, lately.grown.0, among, at_most], |row| {
            Placed { sketch: articles::sketch(row), number: row.int(14), story: StoryId(row.int(15)) }
        })?;
    let more = at_most <= placed.len();
    let last = placed.last().map_or(upto.placed, |it| it.number);
    let behind = if more { last } else { i64::MAX };
    let mended = conn.all(
        "SELECT id, behind, what FROM mending WHERE id > $1 AND behind <= $2 ORDER BY id",
        vals![upto.mended, behind],
        |row| (row.int(0), row.int(1), unpack::<Option<Mending>>(row.blob(2))),
    )?;
    let upto = Upto { placed: last, mended: mended.last().map_or(upto.mended, |it| it.0) };
    let mut steps = Vec::with_capacity(placed.len() + mended.len());
    let mut placed = placed.into_iter().peekable();
    for (_, behind, mending) in mended {
        while let Some(it) = placed.next_if(|it| it.number <= behind) {
            steps.push(Step::Placed(Box::new(it)));
        }
        steps.extend(mending.map(|it| Step::Mended(Box::new(it))));
    }
    steps.extend(placed.map(|it| Step::Placed(Box::new(it))));
    Ok(History { steps, upto, model: embedding::current(conn)?, more })
}

/// What somebody's repair makes of the stories, recorded with the task that asked for it.
pub(crate) fn record(conn: &mut dyn Conn, task: &Task, mendings: &[Mending], now: Timestamp) -> Result<Upto> {
    if !tasks::holds(conn, task)? {
        return Err(StoreError::LeaseLost);
    }
    if !embedding::are_current(conn, mendings.iter().flat_map(faces).map(|it| &it.centre))? {
        return Err(StoreError::LeaseLost);
    }
    if !mendings.is_empty() {
        let change = stories::next_change(conn)?;
        for mending in mendings {
            mend(conn, mending, Some(RepairId(-task.about)), change, now)?;
        }
    }
    tasks::strike_off(conn, task, now)?;
    upto(conn)
}

/// How the stories show themselves that it leaves.
pub(crate) fn faces(mending: &Mending) -> Vec<&Face> {
    match mending {
        Mending::Join { face, .. } => vec![face],
        Mending::Split { face, new_face, .. } => vec![face, new_face],
    }
}

fn last_placement(conn: &mut dyn Conn) -> Result<i64> {
    conn.number("SELECT coalesce(max(number), 0) FROM placement", &[])
}

/// The number of the last placement, and of the last mending.
pub(crate) fn upto(conn: &mut dyn Conn) -> Result<Upto> {
    Ok(Upto {
        placed: last_placement(conn)?,
        mended: conn.number("SELECT coalesce(max(id), 0) FROM mending", &[])?,
    })
}

/// Carries one mending out. What is so already is left as it is.
pub(crate) fn mend(
    conn: &mut dyn Conn,
    it: &Mending,
    repair: Option<RepairId>,
    change: i64,
    now: Timestamp,
) -> Result<()> {
    let behind = conn.number("SELECT coalesce(max(number), 0) FROM placement", &[])?;
    let id = conn.number(
        "INSERT INTO mending (behind, at, repair, what) VALUES ($1, $2, $3, $4) RETURNING id",
        vals![behind, now, repair, &pack(&Some(it.clone()))],
    )?;
    match it {
        Mending::Join { story, gone, likeness, evidence, facts, face } => {
            let articles = members(conn, *gone)?;
            if *facts == 0 {
                // All of it is told where it goes: whoever knows that has missed nothing.
                told_before(conn, *gone)?;
            }
            states_follow(conn, None, *gone, *story, &articles, true)?;
            // The older one may have been dropped in time, and lives again by what joins it.
            if stories::sketches(conn, &[*story])?.is_empty() {
                show(conn, *story, change, face)?;
            }
            go(conn, id, &articles, *gone, *story)?;
            grounds(conn, ArticleId(gone.0), *likeness, evidence)?;
            conn.execute("DELETE FROM story_source WHERE story = $1", vals![*gone])?;
            conn.execute("DELETE FROM story WHERE id = $1", vals![*gone])?;
            lead_on(conn, *gone, *story, change)?;
            show(conn, *story, change, face)
        }
        Mending::Split { story, into, articles, face, new_face, .. } => {
            let there = members(conn, *story)?;
            let articles: Vec<ArticleId> = articles.iter().copied().filter(|it| there.contains(it)).collect();
            if articles.is_empty() {
                return Ok(());
            }
            states_follow(conn, None, *story, *into, &articles, false)?;
            // Placements may only name a story that is there.
            show(conn, *into, change, new_face)?;
            go(conn, id, &articles, *story, *into)?;
            grounds(conn, ArticleId(into.0), 1.0, &[])?;
            conn.execute("DELETE FROM moved_story WHERE story = $1", vals![*into])?;
            show(conn, *into, change, new_face)?;
            show(conn, *story, change, face)
        }
    }
}

fn members(conn: &mut dyn Conn, story: StoryId) -> Result<Vec<ArticleId>> {
    conn.all("SELECT article FROM placement WHERE story = $1 ORDER BY article", vals![story], |row| {
        ArticleId(row.int(0))
    })
}

fn told_before(conn: &mut dyn Conn, story: StoryId) -> Result<()> {
    conn.execute("UPDATE placement SET facts = 0 WHERE story = $1", vals![story])?;
    conn.execute("UPDATE story_state SET turns = 0 WHERE story = $1", vals![story])?;
    Ok(())
}

fn go(conn: &mut dyn Conn, mending: i64, articles: &[ArticleId], from: StoryId, into: StoryId) -> Result<()> {
    for &article in articles {
        conn.execute(
            "INSERT INTO moved_article (article, mending, story) VALUES ($1, $2, $3)",
            vals![article, mending, from],
        )?;
        conn.execute("UPDATE placement SET story = $2 WHERE article = $1", vals![article, into])?;
    }
    Ok(())
}

/// Why the article is where it is: it is the one by which its story came there.
fn grounds(conn: &mut dyn Conn, article: ArticleId, likeness: f32, evidence: &[Evidence]) -> Result<()> {
    let evidence = (!evidence.is_empty()).then(|| pack(&evidence.to_vec()));
    conn.execute(
        "UPDATE placement SET likeness = $2, evidence = $3 WHERE article = $1",
        vals![article, likeness, evidence.as_ref()],
    )?;
    Ok(())
}

/// Its number, and those that led to it, lead there from now on.
fn lead_on(conn: &mut dyn Conn, gone: StoryId, to: StoryId, change: i64) -> Result<()> {
    conn.execute(
        "UPDATE moved_story SET leads_to = $2, change = $3 WHERE leads_to = $1",
        vals![gone, to, change],
    )?;
    conn.execute(
        "INSERT INTO moved_story (story, leads_to, change) VALUES ($1, $2, $3)
         ON CONFLICT (story) DO UPDATE SET leads_to = excluded.leads_to, change = excluded.change",
        vals![gone, to, change],
    )?;
    Ok(())
}

/// What the story shows, with what its members bring to it.
pub(super) fn show(conn: &mut dyn Conn, story: StoryId, change: i64, face: &Face) -> Result<()> {
    let mut row = FaceRow {
        picture: face.picture.clone(),
        names: face.names.clone(),
        topics: face.topics.clone(),
        terms: face.terms.clone(),
        ..FaceRow::default()
    };
    let members = conn.all(
        "SELECT a.words, p.facts, a.more FROM placement p JOIN article a ON a.id = p.article WHERE p.story = $1
         ORDER BY p.number",
        vals![story],
        |row| (row.int(0), row.int(1), unpack::<More>(row.blob(2)).authors),
    )?;
    let sums = stories::Sums {
        words: members.iter().map(|it| it.0).max().unwrap_or(0),
        turns: members.iter().filter(|it| 0 < it.1).count() as i64,
    };
    members.into_iter().for_each(|it| row.add_authors(it.2.into_iter().map(|author| author.name)));
    let sources = conn.all(
        "SELECT e.source, min(e.at) FROM placement p JOIN entry e ON e.article = p.article WHERE p.story = $1
         GROUP BY e.source ORDER BY min(e.at), e.source",
        vals![story],
        |row| (news::SourceId(row.int(0)), row.time(1)),
    )?;
    conn.execute("DELETE FROM story_source WHERE story = $1", vals![story])?;
    for (source, at) in sources {
        row.add_source(source, at);
        stories::told_by(conn, source, story, at)?;
    }
    stories::write_face(conn, story, change, face, sums, &row)
}

// ── where a number leads ──

/// This number, and those that lead to it: what was said of any of them was said of this story. `$n` is the number.
pub(crate) fn numbers_of(n: usize) -> String {
    format!("(SELECT CAST(${n} AS {{int}}) UNION SELECT story FROM moved_story WHERE leads_to = ${n})")
}

/// Of these numbers those that lead elsewhere.
pub(crate) fn leads(conn: &mut dyn Conn, stories: &[StoryId]) -> Result<HashMap<StoryId, StoryId>> {
    let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
    let found =
        conn.all_in("SELECT story, leads_to FROM moved_story WHERE story IN ({keys})", &keys, |row| {
            (StoryId(row.int(0)), StoryId(row.int(1)))
        })?;
    Ok(found.into_iter().collect())
}

/// So many of the last mendings of a story are looked at for those that split it.
const LOOKED_AT: i64 = 200;

/// What it was one story with before it was split, the last first; not what is one with it again.
pub(crate) fn parted_from(conn: &mut dyn Conn, story: StoryId) -> Result<Vec<Parted>> {
    let mended = conn.all(
        "SELECT at, what FROM mending WHERE id IN (
           SELECT mending FROM moved_article WHERE story = $1
           UNION SELECT m.mending FROM moved_article m JOIN placement p ON p.article = m.article WHERE p.story = $1
         ) ORDER BY id DESC LIMIT $2",
        vals![story, LOOKED_AT],
        |row| (row.time(0), unpack::<Option<Mending>>(row.blob(1))),
    )?;
    let mut parted: Vec<Parted> = Vec::new();
    for (at, mending) in mended {
        let Some(Mending::Split { story: stays, into, evidence, .. }) = mending else { continue };
        let other = if stays == story { into } else { stays };
        let other = leads(conn, &[other])?.remove(&other).unwrap_or(other);
        let there = !stories::sketches(conn, &[other])?.is_empty();
        if there && other != story && parted.iter().all(|it| it.story != other) {
            parted.push(Parted { story: other, at, evidence });
        }
    }
    Ok(parted)
}

// ── what readers did follows ──

#[derive(Clone, Copy, Default)]
struct State {
    opened: Option<i64>,
    turns: i64,
    read: bool,
    saved: bool,
    shown: i64,
    dismissed: bool,
}

/// These articles go from one story to another, for one reader or for all: what each had read, saved or dismissed goes
/// with them. `whole`: the story ends with it.
///
/// What was read stays read and what was not does not become so; saved and dismissed hold for the whole that was
/// joined; what was said of a story as such stays with its number when it is split.
pub(crate) fn states_follow(
    conn: &mut dyn Conn,
    only: Option<ReaderId>,
    from: StoryId,
    into: StoryId,
    articles: &[ArticleId],
    whole: bool,
) -> Result<()> {
    let readers = match only {
        Some(reader) => vec![reader],
        None => conn.all("SELECT id FROM reader ORDER BY id", &[], |row| ReaderId(row.int(0)))?,
    };
    for reader in readers {
        let (had, has) = (state(conn, reader, from)?, state(conn, reader, into)?);
        if had.is_none() && has.is_none() {
            continue;
        }
        let had = had.unwrap_or_default();
        let seen = seen_by(conn, had, articles)?;
        let saved = saved_among(conn, reader, articles)?;
        let new = if whole { joined(had, has.unwrap_or_default()) } else { split(had, has, seen, saved) };
        write_state(conn, reader, into, new)?;
        if !whole {
            let left = State {
                turns: (had.turns - seen).max(0),
                saved: had.saved && (!saved || saved_beside(conn, reader, from, articles)?),
                ..had
            };
            write_state(conn, reader, from, left)?;
        }
    }
    Ok(())
}

fn joined(had: State, has: State) -> State {
    State {
        opened: had.opened.max(has.opened),
        turns: had.turns + has.turns,
        read: had.read && has.read,
        saved: had.saved || has.saved,
        shown: had.shown.max(has.shown),
        dismissed: had.dismissed || has.dismissed,
    }
}

/// The state of what left; `has` is what the reader did to that number before, when it comes back from a join.
fn split(had: State, has: Option<State>, seen: i64, saved: bool) -> State {
    let before = has.unwrap_or_default();
    State {
        opened: had.opened.filter(|_| 0 < seen).max(before.opened),
        turns: seen,
        read: had.read || before.read,
        saved: saved || before.saved,
        shown: before.shown,
        dismissed: before.dismissed,
    }
}

fn state(conn: &mut dyn Conn, reader: ReaderId, story: StoryId) -> Result<Option<State>> {
    conn.one(
        "SELECT opened, turns, read, saved, shown, dismissed FROM story_state
         WHERE reader = $1 AND story = $2",
        vals![reader, story],
        |row| State {
            opened: row.maybe_int(0),
            turns: row.int(1),
            read: row.flag(2),
            saved: row.flag(3),
            shown: row.int(4),
            dismissed: row.flag(5),
        },
    )
}

fn write_state(conn: &mut dyn Conn, reader: ReaderId, story: StoryId, it: State) -> Result<()> {
    conn.execute(
        "INSERT INTO story_state (reader, story, opened, turns, read, saved, shown, dismissed)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (reader, story) DO UPDATE SET opened = excluded.opened,
           turns = excluded.turns, read = excluded.read, saved = excluded.saved,
           shown = excluded.shown, dismissed = excluded.dismissed",
        vals![reader, story, it.opened, it.turns, it.read, it.saved, it.shown, it.dismissed],
    )?;
    Ok(())
}

/// How many turns of these the reader knows: those that had come when they last looked; of a story that they marked read,
/// as many as they knew in all.
fn seen_by(conn: &mut dyn Conn, had: State, articles: &[ArticleId]) -> Result<i64> {
    let upto = match (had.read, had.opened) {
        (true, _) => i64::MAX,
        (false, Some(opened)) => opened,
        (false, None) => return Ok(0),
    };
    let keys: Vec<Val> = articles.iter().map(|it| Val::Int(it.0)).collect();
    let sql = "SELECT a.id, a.arrived FROM article a JOIN placement p ON p.article = a.id
               WHERE p.facts > 0 AND a.id IN ({keys})";
    let turns = conn.all_in(sql, &keys, |row| (row.int(0), row.int(1)))?;
    // A list of keys is filled up with its last one.
    let seen: std::collections::BTreeSet<i64> =
        turns.into_iter().filter(|it| it.1 <= upto).map(|it| it.0).collect();
    Ok((seen.len() as i64).min(had.turns))
}

fn saved_among(conn: &mut dyn Conn, reader: ReaderId, articles: &[ArticleId]) -> Result<bool> {
    let keys: Vec<Val> = articles.iter().map(|it| Val::Int(it.0)).collect();
    let sql = format!(
        "SELECT e.id FROM entry e JOIN entry_state s ON s.entry = e.id AND s.reader = {} AND s.saved = 1
         WHERE e.article IN ({{keys}})",
        reader.0
    );
    Ok(!conn.all_in(&sql, &keys, |_| ())?.is_empty())
}

/// Whether something else of the story is saved than these.
fn saved_beside(
    conn: &mut dyn Conn,
    reader: ReaderId,
    story: StoryId,
    articles: &[ArticleId],
) -> Result<bool> {
    let saved = conn.all(
        "SELECT p.article FROM placement p JOIN entry e ON e.article = p.article
         JOIN entry_state s ON s.entry = e.id AND s.reader = $1 AND s.saved = 1 WHERE p.story = $2",
        vals![reader, story],
        |row| ArticleId(row.int(0)),
    )?;
    Ok(saved.iter().any(|it| !articles.contains(it)))
}

/// Of the repairs that tasks are about, those that are still to be made true for everybody.
pub(crate) fn to_be_made(conn: &mut dyn Conn, tasks: &[Task]) -> Result<tasks::Work<crate::RepairToMake>> {
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    for task in tasks {
        match repairs::to_make(conn, RepairId(-task.about))? {
            Some(repair) => found.push((task.clone(), repair)),
            None => gone.push(task.clone()),
        }
    }
    Ok((found, gone))
}
