//! What readers said about which articles belong together, and the stories as one reader has them because of it.

use std::collections::{BTreeMap, HashMap};

use news::{ArticleId, Own, ReaderId, Repair, RepairId, Says, Sketch, StoryId, Timestamp};

use super::{articles, mending, readers, tasks};
use crate::conn::{Conn, Row, Val, vals};
use crate::{RepairToMake, Result, Stage, StoreError};

const REPAIR: &str = "SELECT id, reader, at, kind, articles, beside, for_all FROM repair";

/// `None` for a kind that we do not know: a newer tidings wrote it.
fn repair(row: &dyn Row) -> Option<Repair> {
    let articles: Vec<ArticleId> =
        row.text(4).split(',').filter_map(|it| it.parse().ok()).map(ArticleId).collect();
    let beside = ArticleId(row.int(5));
    let says = match row.text(3).as_str() {
        "apart" => Says::Apart { articles, from: beside },
        "together" => Says::Together { one: *articles.first()?, other: beside },
        _ => return None,
    };
    Some(Repair {
        id: RepairId(row.int(0)),
        reader: ReaderId(row.int(1)),
        at: row.time(2),
        says,
        for_all: row.flag(6),
    })
}

pub(crate) fn of_reader(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<Repair>> {
    let sql = format!("{REPAIR} WHERE reader = $1 AND undone IS NULL ORDER BY id");
    Ok(conn.all(&sql, vals![reader], repair)?.into_iter().flatten().collect())
}

pub(crate) fn all(conn: &mut dyn Conn) -> Result<Vec<Repair>> {
    let sql = format!("{REPAIR} WHERE undone IS NULL ORDER BY id");
    Ok(conn.all(&sql, &[], repair)?.into_iter().flatten().collect())
}

pub(crate) fn get(conn: &mut dyn Conn, id: RepairId) -> Result<Option<Repair>> {
    Ok(conn.one(&format!("{REPAIR} WHERE id = $1"), vals![id], repair)?.flatten())
}

/// The stories as this reader has them. One question for whoever never repaired anything.
pub(crate) fn own(conn: &mut dyn Conn, reader: ReaderId) -> Result<Own> {
    let repairs = of_reader(conn, reader)?;
    if repairs.is_empty() {
        return Ok(Own::default());
    }
    let named: Vec<ArticleId> = repairs.iter().flat_map(|it| it.says.articles()).collect();
    let stand: HashMap<ArticleId, StoryId> = stand_in(conn, &named)?;
    Ok(Own::of(&repairs, |article| stand.get(&article).copied()))
}

fn stand_in(conn: &mut dyn Conn, articles: &[ArticleId]) -> Result<HashMap<ArticleId, StoryId>> {
    let keys: Vec<Val> = articles.iter().map(|it| Val::Int(it.0)).collect();
    let found =
        conn.all_in("SELECT article, story FROM placement WHERE article IN ({keys})", &keys, |row| {
            (ArticleId(row.int(0)), StoryId(row.int(1)))
        })?;
    Ok(found.into_iter().collect())
}

/// The articles of a story as the reader has it; `None` where that is everybody's.
pub(crate) fn articles_of(conn: &mut dyn Conn, own: &Own, story: StoryId) -> Result<Option<Vec<ArticleId>>> {
    if !own.differs(story) {
        return Ok(None);
    }
    let mut articles = Vec::new();
    for everyones in own.sources_of(story) {
        let members =
            conn.all("SELECT article FROM placement WHERE story = $1", vals![everyones], |row| {
                ArticleId(row.int(0))
            })?;
        articles.extend(members.into_iter().filter(|&it| own.story_of(it, everyones) == story));
    }
    articles.sort_unstable();
    Ok(Some(articles))
}

/// In force for this reader at once; for everybody as soon as the stories are mended.
pub(crate) fn add(
    conn: &mut dyn Conn,
    reader: ReaderId,
    says: &Says,
    for_all: bool,
    now: Timestamp,
) -> Result<Repair> {
    readers::get(conn, reader)?;
    let before = own(conn, reader)?;
    let stand = stand_in(conn, &says.articles())?;
    if says.articles().iter().any(|it| !stand.contains_key(it)) {
        return Err(StoreError::NotFound);
    }
    let (kind, articles, beside) = match says {
        Says::Apart { articles, from } => ("apart", articles.clone(), *from),
        Says::Together { one, other } => ("together", vec![*one], *other),
    };
    let articles: Vec<String> = articles.iter().map(|it| it.to_string()).collect();
    let id = conn.number(
        "INSERT INTO repair (reader, at, kind, articles, beside, for_all) VALUES ($1, $2, $3, $4, $5, $6)
         RETURNING id",
        vals![reader, now, kind, &articles.join(","), beside, for_all],
    )?;
    if for_all {
        tasks::add(conn, Stage::Cluster, -id, "", now)?;
    } else {
        states_follow(conn, reader, says, &before, &stand)?;
    }
    get(conn, RepairId(id))?.ok_or(StoreError::NotFound)
}

/// What the reader had read or saved goes with the articles, in their own view.
fn states_follow(
    conn: &mut dyn Conn,
    reader: ReaderId,
    says: &Says,
    before: &Own,
    stand: &HashMap<ArticleId, StoryId>,
) -> Result<()> {
    let story = |article: &ArticleId| before.story_of(*article, stand[article]);
    match says {
        Says::Apart { articles, from } => {
            let Some(first) = articles.first() else { return Ok(()) };
            let leave: Vec<ArticleId> =
                articles.iter().filter(|it| story(it) == story(from)).copied().collect();
            match leave.is_empty() {
                true => Ok(()),
                false => {
                    mending::states_follow(conn, Some(reader), story(from), StoryId(first.0), &leave, false)
                }
            }
        }
        Says::Together { one, other } => {
            let (stays, gone) = (story(one).min(story(other)), story(one).max(story(other)));
            match stays == gone {
                true => Ok(()),
                false => mending::states_follow(conn, Some(reader), gone, stays, &[], true),
            }
        }
    }
}

/// Answers what it was. For everybody the stories are mended back.
pub(crate) fn undo(conn: &mut dyn Conn, reader: ReaderId, id: RepairId, now: Timestamp) -> Result<Repair> {
    let was = get(conn, id)?.filter(|it| it.reader == reader).ok_or(StoreError::NotFound)?;
    let undone =
        conn.execute("UPDATE repair SET undone = $2 WHERE id = $1 AND undone IS NULL", vals![id, now])?;
    if undone != 0 && was.for_all {
        tasks::add(conn, Stage::Cluster, -id.0, "", now)?;
    }
    Ok(was)
}

pub(crate) fn to_make(conn: &mut dyn Conn, id: RepairId) -> Result<Option<RepairToMake>> {
    let Some(repair) = get(conn, id)? else { return Ok(None) };
    let undone =
        conn.number("SELECT count(*) FROM repair WHERE id = $1 AND undone IS NOT NULL", vals![id])?;
    let stand = stand_in(conn, &repair.says.articles())?;
    let mut involved: Vec<StoryId> = stand.values().copied().collect();
    involved.sort_unstable();
    involved.dedup();
    let mut told = Vec::with_capacity(involved.len());
    for story in involved {
        told.push((story, sketches_in(conn, story)?));
    }
    let came = conn.all(
        "SELECT m.article FROM moved_article m JOIN mending i ON i.id = m.mending WHERE i.repair = $1 ORDER BY m.article",
        vals![id],
        |row| ArticleId(row.int(0)),
    )?;
    Ok(Some(RepairToMake { says: repair.says, undone: undone != 0, stories: told, came }))
}

/// In the order in which they were placed.
fn sketches_in(conn: &mut dyn Conn, story: StoryId) -> Result<Vec<Sketch>> {
    let sql = format!(
        "SELECT {} FROM placement p JOIN article a ON a.id = p.article JOIN understanding u ON u.article = a.id
         WHERE p.story = $1 ORDER BY p.number",
        articles::sketch_columns()
    );
    conn.all(&sql, vals![story], articles::sketch)
}

/// In the order asked; those that are gone or not understood yet are left out.
pub(crate) fn article_sketches(conn: &mut dyn Conn, ids: &[ArticleId]) -> Result<Vec<Sketch>> {
    let keys: Vec<Val> = ids.iter().map(|it| Val::Int(it.0)).collect();
    let sql = format!(
        "SELECT {} FROM article a JOIN understanding u ON u.article = a.id WHERE a.id IN ({{keys}})",
        articles::sketch_columns()
    );
    let mut found: HashMap<ArticleId, Sketch> = conn
        .all_in(&sql, &keys, |row| articles::sketch(row))?
        .into_iter()
        .map(|it| (it.article, it))
        .collect();
    Ok(ids.iter().filter_map(|it| found.remove(it)).collect())
}

/// When the reader looked at a story, and at which of its articles; the last look first.
pub(crate) fn looks(
    conn: &mut dyn Conn,
    reader: ReaderId,
    story: StoryId,
) -> Result<Vec<(Timestamp, Option<ArticleId>)>> {
    let own = own(conn, reader)?;
    let mut numbers = own.sources_of(story);
    numbers.push(story);
    let sql = format!(
        "SELECT id, at, article FROM signal WHERE reader = $1 AND kind IN ('opened', 'read') AND story IN {}
         ORDER BY id DESC LIMIT $3",
        mending::numbers_of(2)
    );
    let mut looks = BTreeMap::new();
    for number in numbers {
        let found = conn.all(&sql, vals![reader, number, crate::LOOKS], |row| {
            (row.int(0), (row.time(1), row.maybe_int(2).map(ArticleId)))
        })?;
        looks.extend(found);
    }
    Ok(looks.into_values().rev().take(crate::LOOKS).collect())
}
