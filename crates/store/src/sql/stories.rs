//! Stories: what was placed where, and the faces they show.

use std::collections::{BTreeSet, HashMap};

use news::{
    ArticleId, Embedding, Evidence, Face, Language, Member, Mending, Placement, ReaderId, SourceId, Story,
    StoryId, StorySketch, Timestamp,
};

use super::{embedding, mending, readers, tasks};
use crate::conn::{Conn, Row, Val, vals};
use crate::pack::{pack, unpack};
use crate::rows::{self, FaceRow, More};
use crate::{Result, StoreError, Task, Upto};

/// Two texts that agree in so many of their shingles are the same text.
const SAME_TEXT: f32 = 0.8;

/// All or nothing: the placer's memory has moved on by the whole batch.
pub(crate) fn record_placements(
    conn: &mut dyn Conn,
    batch: &[(Task, Placement, Vec<Mending>)],
    now: Timestamp,
) -> Result<Upto> {
    for (task, ..) in batch {
        if !tasks::holds(conn, task)? {
            return Err(StoreError::LeaseLost);
        }
    }
    let mended = batch.iter().flat_map(|it| &it.2).flat_map(mending::faces);
    if !embedding::are_current(conn, batch.iter().map(|it| &it.1.face).chain(mended).map(|it| &it.centre))? {
        return Err(StoreError::LeaseLost);
    }
    let change = next_change(conn)?;
    for (task, placement, mendings) in batch {
        place(conn, placement, change, now)?;
        for mending in mendings {
            mending::mend(conn, mending, None, change, now)?;
        }
        tasks::strike_off(conn, task, now)?;
    }
    mending::upto(conn)
}

/// One number for all that changes in one transaction; later ones are larger, and seen later.
pub(crate) fn next_change(conn: &mut dyn Conn) -> Result<i64> {
    conn.number("UPDATE counter SET value = value + 1 WHERE name = 'change' RETURNING value", &[])
}

fn place(conn: &mut dyn Conn, it: &Placement, change: i64, now: Timestamp) -> Result<()> {
    let article = conn.one(
        "SELECT a.words, a.more, p.number FROM article a LEFT JOIN placement p ON p.article = a.id WHERE a.id = $1",
        vals![it.article],
        |row| {
            let authors: Vec<String> = unpack::<More>(row.blob(1)).authors.into_iter().map(|it| it.name).collect();
            (row.int(0), authors, row.maybe_int(2).is_some())
        },
    )?;
    // Dropped meanwhile, or placed before: there is nothing to write.
    let Some((words, authors, false)) = article else { return Ok(()) };
    let sources = conn.all(
        "SELECT source, min(at) FROM entry WHERE article = $1 GROUP BY source ORDER BY min(at), source",
        vals![it.article],
        |row| (SourceId(row.int(0)), row.time(1)),
    )?;
    let standing = match it.story.0 == it.article.0 {
        true => None,
        false => conn.one("SELECT words, turns, face FROM story WHERE id = $1", vals![it.story], |row| {
            (row.int(0), row.int(1), unpack::<FaceRow>(row.blob(2)))
        })?,
    };
    let (most_words, turns, mut face) = standing.unwrap_or_default();
    face.picture = it.face.picture.clone();
    face.names = it.face.names.clone();
    face.topics = it.face.topics.clone();
    face.terms = it.face.terms.clone();
    face.add_authors(authors.into_iter());
    for &(source, at) in &sources {
        face.add_source(source, at);
    }
    let turns = turns + i64::from(0 < it.facts);
    write_face(conn, it.story, change, &it.face, Sums { words: most_words.max(words), turns }, &face)?;
    let evidence = (!it.evidence.is_empty()).then(|| pack(&it.evidence));
    conn.execute(
        "INSERT INTO placement (article, story, likeness, evidence, facts) VALUES ($1, $2, $3, $4, $5)",
        vals![it.article, it.story, it.likeness, evidence.as_ref(), it.facts],
    )?;
    for (source, at) in sources {
        told_by(conn, source, it.story, at)?;
    }
    if it.facts == 0 {
        nothing_new_came(conn, it, now)?;
    }
    // Texts are compared only where the placer saw that they have something in common.
    match it.evidence.iter().any(|it| it.ground == "same text") {
        true => a_copy_came(conn, it, now),
        false => Ok(()),
    }
}

/// Whoever reads stories as a whole, and has read this one, has read what says the same again.
fn nothing_new_came(conn: &mut dyn Conn, it: &Placement, now: Timestamp) -> Result<()> {
    let done =
        conn.all("SELECT reader FROM story_state WHERE story = $1 AND read = 1", vals![it.story], |row| {
            ReaderId(row.int(0))
        })?;
    for reader in done {
        if readers::get(conn, reader)?.settings.read_whole_story {
            read_it(conn, reader, it.article, now)?;
        }
    }
    Ok(())
}

fn read_it(conn: &mut dyn Conn, reader: ReaderId, article: ArticleId, now: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO entry_state (reader, entry, read, at) SELECT $1, id, 1, $3 FROM entry WHERE article = $2
         ON CONFLICT (reader, entry) DO UPDATE SET read = 1, at = excluded.at",
        vals![reader, article, now],
    )?;
    Ok(())
}

/// Whoever read the text has read it.
fn a_copy_came(conn: &mut dyn Conn, it: &Placement, now: Timestamp) -> Result<()> {
    let texts = conn.all(
        "SELECT p.article, u.sketch FROM placement p JOIN understanding u ON u.article = p.article WHERE p.story = $1",
        vals![it.story],
        |row| (ArticleId(row.int(0)), rows::take_shingles(row.blob(1))),
    )?;
    let Some((_, text)) = texts.iter().find(|known| known.0 == it.article) else { return Ok(()) };
    let same = texts.iter().filter(|known| known.0 != it.article && same_text(&known.1, text));
    let same: Vec<Val> = same.map(|known| Val::Int(known.0.0)).collect();
    if same.is_empty() {
        return Ok(());
    }
    let readers = conn.all("SELECT id FROM reader ORDER BY id", &[], |row| ReaderId(row.int(0)))?;
    for reader in readers {
        let sql = format!(
            "SELECT e.id FROM entry e JOIN entry_state s ON s.entry = e.id AND s.reader = {reader} AND s.read = 1
             WHERE e.article IN ({{keys}})"
        );
        if !conn.all_in(&sql, &same, |_| ())?.is_empty() {
            read_it(conn, reader, it.article, now)?;
        }
    }
    Ok(())
}

/// What is counted over a story's articles: the words of the longest, and those that told something new.
pub(crate) struct Sums {
    pub words: i64,
    pub turns: i64,
}

pub(crate) fn write_face(
    conn: &mut dyn Conn,
    story: StoryId,
    change: i64,
    face: &Face,
    sums: Sums,
    row: &FaceRow,
) -> Result<()> {
    conn.execute(
        "INSERT INTO story (id, change, lead, headline, standfirst, language, began, last_grew, articles, outlets,
           words, turns, centre, face)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (id) DO UPDATE SET change = excluded.change, lead = excluded.lead, headline = excluded.headline,
           standfirst = excluded.standfirst, language = excluded.language, began = excluded.began,
           last_grew = excluded.last_grew, articles = excluded.articles, outlets = excluded.outlets,
           words = excluded.words, turns = excluded.turns, centre = excluded.centre, face = excluded.face",
        vals![
            story,
            change,
            face.lead,
            &face.headline,
            face.standfirst.as_deref(),
            face.language.as_ref().map(|it| it.0.as_str()),
            face.began,
            face.last_grew,
            face.articles,
            face.outlets,
            sums.words,
            sums.turns,
            &pack(&face.centre),
            &pack(row),
        ],
    )?;
    Ok(())
}

pub(crate) fn told_by(conn: &mut dyn Conn, source: SourceId, story: StoryId, at: Timestamp) -> Result<()> {
    conn.execute(
        "INSERT INTO story_source (source, story, at) VALUES ($1, $2, $3) ON CONFLICT (source, story) DO NOTHING",
        vals![source, story, at],
    )?;
    Ok(())
}

/// Another source leads to an article that has its place already.
pub(crate) fn add_source(
    conn: &mut dyn Conn,
    article: ArticleId,
    source: SourceId,
    at: Timestamp,
) -> Result<()> {
    let story = conn.one(
        "SELECT s.id, s.face FROM placement p JOIN story s ON s.id = p.story WHERE p.article = $1",
        vals![article],
        |row| (StoryId(row.int(0)), unpack::<FaceRow>(row.blob(1))),
    )?;
    let Some((story, mut face)) = story else { return Ok(()) };
    face.add_source(source, at);
    let change = next_change(conn)?;
    conn.execute(
        "UPDATE story SET face = $2, change = $3 WHERE id = $1",
        vals![story, &pack(&face), change],
    )?;
    told_by(conn, source, story, at)
}

/// What [`sketch`] reads.
pub(crate) const SKETCH: &str =
    "id, headline, language, centre, face, articles, outlets, began, last_grew, words, change, turns";

pub(crate) fn sketch(row: &dyn Row) -> StorySketch {
    let face: FaceRow = unpack(row.blob(4));
    StorySketch {
        story: StoryId(row.int(0)),
        headline: row.text(1),
        language: row.maybe_text(2).map(Language),
        centre: unpack::<Embedding>(row.blob(3)),
        names: face.names,
        topics: face.topics,
        terms: face.terms,
        authors: face.authors,
        articles: row.count(5),
        outlets: row.count(6),
        sources: face.sources,
        began: row.time(7),
        last_grew: row.time(8),
        words: row.count(9),
        turns: row.count(11),
        said: Default::default(),
    }
}

pub(crate) fn sketches(conn: &mut dyn Conn, stories: &[StoryId]) -> Result<Vec<StorySketch>> {
    let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
    let sql = format!("SELECT {SKETCH} FROM story WHERE id IN ({{keys}})");
    let mut found: HashMap<StoryId, StorySketch> =
        conn.all_in(&sql, &keys, |row| (StoryId(row.int(0)), sketch(row)))?.into_iter().collect();
    Ok(stories.iter().filter_map(|story| found.remove(story)).collect())
}

pub(crate) fn story_of(conn: &mut dyn Conn, article: ArticleId) -> Result<Option<StoryId>> {
    conn.one("SELECT story FROM placement WHERE article = $1", vals![article], |row| StoryId(row.int(0)))
}

/// Members oldest first.
pub(crate) fn story(conn: &mut dyn Conn, id: StoryId, with_evidence: bool) -> Result<Option<Story>> {
    Ok(all(conn, &[id], with_evidence)?.pop())
}

/// In the order asked, each once, those that are gone left out.
pub(crate) fn all(conn: &mut dyn Conn, ids: &[StoryId], with_evidence: bool) -> Result<Vec<Story>> {
    let once: BTreeSet<StoryId> = ids.iter().copied().collect();
    let once: Vec<StoryId> = once.into_iter().collect();
    let keys: Vec<Val> = once.iter().map(|story| Val::Int(story.0)).collect();
    let faces = conn.all_in(
        "SELECT headline, lead, standfirst, language, began, last_grew, articles, outlets, centre, face, id
         FROM story WHERE id IN ({keys})",
        &keys,
        |row| {
            let FaceRow { picture, names, topics, terms, .. } = unpack(row.blob(9));
            let face = Face {
                headline: row.text(0),
                lead: ArticleId(row.int(1)),
                standfirst: row.maybe_text(2),
                picture,
                language: row.maybe_text(3).map(Language),
                began: row.time(4),
                last_grew: row.time(5),
                articles: row.count(6),
                outlets: row.count(7),
                centre: unpack(row.blob(8)),
                names,
                topics,
                terms,
            };
            (StoryId(row.int(10)), face)
        },
    )?;
    let mut faces: HashMap<StoryId, Face> = faces.into_iter().collect();
    let mut members = members_of(conn, &once, with_evidence)?;
    let story = |&id: &StoryId| {
        let face = faces.remove(&id)?;
        Some(Story { id, face, members: members.remove(&id).unwrap_or_default() })
    };
    Ok(ids.iter().filter_map(story).collect())
}

pub(crate) fn members(conn: &mut dyn Conn, story: StoryId, with_evidence: bool) -> Result<Vec<Member>> {
    Ok(members_of(conn, &[story], with_evidence)?.remove(&story).unwrap_or_default())
}

fn members_of(
    conn: &mut dyn Conn,
    stories: &[StoryId],
    with_evidence: bool,
) -> Result<HashMap<StoryId, Vec<Member>>> {
    let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
    let all = conn.all_in(
        "SELECT a.id, coalesce(a.outlet_name, a.outlet), a.address, a.title, a.standfirst, a.language, a.at, a.arrived,
           p.likeness, p.evidence, a.free, p.story, u.language, p.facts
         FROM placement p JOIN article a ON a.id = p.article LEFT JOIN understanding u ON u.article = a.id
         WHERE p.story IN ({keys})",
        &keys,
        |row| {
            let member = Member {
                article: ArticleId(row.int(0)),
                sources: Vec::new(),
                outlet: row.text(1),
                address: row.text(2),
                title: row.text(3),
                standfirst: row.maybe_text(4),
                language: row.maybe_text(12).or_else(|| row.maybe_text(5)).map(Language),
                published: row.time(6),
                arrived: row.time(7),
                likeness: row.real(8) as f32,
                evidence: if with_evidence { unpack::<Vec<Evidence>>(row.blob(9)) } else { Vec::new() },
                copy_of: None,
                facts: row.count(13),
                free: row.maybe_int(10).map(|free| free != 0),
            };
            (StoryId(row.int(11)), member)
        },
    )?;
    let keys: Vec<Val> = all.iter().map(|(_, member)| Val::Int(member.article.0)).collect();
    let mut sources: HashMap<ArticleId, Vec<SourceId>> = HashMap::new();
    let told = "SELECT DISTINCT article, source FROM entry WHERE article IN ({keys})";
    for (article, source) in conn.all_in(told, &keys, |row| (ArticleId(row.int(0)), SourceId(row.int(1))))? {
        sources.entry(article).or_default().push(source);
    }
    let mut members: HashMap<StoryId, Vec<Member>> = HashMap::new();
    for (story, mut member) in all {
        member.sources = sources.remove(&member.article).unwrap_or_default();
        member.sources.sort_unstable();
        member.sources.dedup();
        members.entry(story).or_default().push(member);
    }
    // Few stories have two texts that could be the same.
    for members in members.values_mut().filter(|it| 1 < it.len()) {
        members.sort_unstable_by_key(|it| (it.published, it.article));
        tell_copies(conn, members)?;
    }
    Ok(members)
}

/// A copy of the oldest that says the same; one that is a copy itself is not copied from.
fn tell_copies(conn: &mut dyn Conn, members: &mut [Member]) -> Result<()> {
    let keys: Vec<Val> = members.iter().map(|member| Val::Int(member.article.0)).collect();
    let texts =
        conn.all_in("SELECT article, sketch FROM understanding WHERE article IN ({keys})", &keys, |row| {
            (ArticleId(row.int(0)), rows::take_shingles(row.blob(1)))
        })?;
    let texts: HashMap<ArticleId, Vec<u32>> = texts.into_iter().collect();
    let same = |a: &Member, b: &Member| match (texts.get(&a.article), texts.get(&b.article)) {
        (Some(a), Some(b)) => same_text(a, b),
        _ => false,
    };
    for place in 1..members.len() {
        let original = (0..place)
            .find(|&older| members[older].copy_of.is_none() && same(&members[older], &members[place]));
        members[place].copy_of = original.map(|older| members[older].article);
    }
    Ok(())
}

fn same_text(a: &[u32], b: &[u32]) -> bool {
    if a.is_empty() || a.len() != b.len() {
        return false;
    }
    let same = a.iter().zip(b).filter(|(a, b)| a == b).count();
    SAME_TEXT <= same as f32 / a.len() as f32
}
