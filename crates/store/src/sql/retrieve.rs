//! Ways of finding stories that may matter to one reader.

use std::collections::{BTreeSet, HashSet};
use std::sync::RwLock;

use news::{
    ArticleId, Name, NameKind, ReaderId, Retrieval, SourceId, Stance, StoryId, StorySketch, Target,
    Timestamp, Weight,
};

use super::window::{self, Known, Signs, Window};
use super::{readers, search};
use crate::Result;
use crate::conn::{Conn, Val, vals};
use crate::search::{Query, author_token, name_token, topic_token};

/// Centres of interest that are looked around.
const CENTRES: usize = 8;
/// Signs order roughly; so many times more are compared exactly.
const ROUGH: usize = 2;
/// Stories whose signs agree less than this with every centre are nothing like what the reader reads.
const FAR: f32 = 0.56;
/// Who publishes no oftener than this is a rare source: five entries in a week.
const RARE_GAP: i64 = 7 * 86_400 / 5;
/// As long as nothing can be measured, so few entries in all make a source a rare one.
const FEW: i64 = 5;

pub(crate) fn retrieve(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    how: Retrieval,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StorySketch>> {
    keep_up(conn, window)?;
    let found = match how {
        Retrieval::Followed => followed(conn, window, reader, since, at_most)?,
        Retrieval::FromSources => from_sources(conn, window, reader, since, at_most)?,
        Retrieval::RareSources => rare_sources(conn, reader, since, at_most)?,
        Retrieval::WidelyCovered => widely_covered(window, since, at_most),
        Retrieval::Unfamiliar => unfamiliar(conn, window, reader, since, at_most)?,
        Retrieval::Similar => return similar(conn, window, reader, since, at_most),
    };
    sketches(conn, window, &found)
}

fn keep_up(conn: &mut dyn Conn, window: &RwLock<Window>) -> Result<()> {
    if window::is_behind(conn, &super::reading_of(window))? {
        super::writing_of(window).catch_up(conn)?;
    }
    Ok(())
}

fn sketches(conn: &mut dyn Conn, window: &RwLock<Window>, ids: &[StoryId]) -> Result<Vec<StorySketch>> {
    Ok(window::sketches(conn, window, ids)?.iter().map(|sketch| StorySketch::clone(sketch)).collect())
}

/// The best by `rank` among the stories of the window that it does not leave out.
fn best<R: Ord>(
    window: &RwLock<Window>,
    since: Timestamp,
    at_most: usize,
    rank: impl Fn(&Known) -> Option<R>,
) -> Vec<StoryId> {
    let window = super::reading_of(window);
    let fresh = window.stories().iter().filter(|known| since <= known.last_grew);
    let mut ranked: Vec<(R, StoryId)> = fresh.filter_map(|known| Some((rank(known)?, known.story))).collect();
    if at_most < ranked.len() {
        ranked.select_nth_unstable_by(at_most, |a, b| b.cmp(a));
        ranked.truncate(at_most);
    }
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.into_iter().map(|(_, story)| story).collect()
}

fn widely_covered(window: &RwLock<Window>, since: Timestamp, at_most: usize) -> Vec<StoryId> {
    best(window, since, at_most, |known| (2 <= known.outlets).then_some((known.outlets, known.last_grew)))
}

fn from_sources(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StoryId>> {
    let own: HashSet<SourceId> = readers::sources_followed(conn, reader)?.into_iter().collect();
    Ok(best(window, since, at_most, |known| {
        known.sources.iter().any(|source| own.contains(source)).then_some(known.last_grew)
    }))
}

/// Their few stories are looked up one by one: among the newest they may be missing.
fn rare_sources(
    conn: &mut dyn Conn,
    reader: ReaderId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StoryId>> {
    const AT_MOST: usize = 150;
    const OF_EACH: usize = 4;
    let rare = conn.all(
        "SELECT f.source FROM follow f JOIN source s ON s.id = f.source
         WHERE f.reader = $1 AND f.stance NOT LIKE 'mute%' AND
           (s.usual_gap >= $2 OR (s.usual_gap IS NULL AND s.entries <= $3)) AND s.entries > 0
         ORDER BY s.last_new DESC LIMIT $4",
        vals![reader, RARE_GAP, FEW, AT_MOST],
        |row| SourceId(row.int(0)),
    )?;
    let mut found = BTreeSet::new();
    for source in rare {
        found.extend(told_by(conn, source, since, OF_EACH)?);
    }
    Ok(found.into_iter().rev().map(|(_, story)| story).take(at_most).collect())
}

fn told_by(
    conn: &mut dyn Conn,
    source: SourceId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<(Timestamp, StoryId)>> {
    conn.all(
        "SELECT s.last_grew, s.id FROM story_source t JOIN story s ON s.id = t.story
         WHERE t.source = $1 AND s.last_grew >= $2 ORDER BY t.story DESC LIMIT $3",
        vals![source, since, at_most],
        |row| (row.time(0), StoryId(row.int(1))),
    )
}

/// Where the reader's interest lies; empty as long as nothing is known.
fn centres(conn: &mut dyn Conn, reader: ReaderId) -> Result<Vec<news::Embedding>> {
    let (interests, _) = readers::interests(conn, reader)?;
    let mut centres = interests.centres;
    centres.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let strong = centres.into_iter().filter(|centre| 0.0 < centre.weight).take(CENTRES);
    let taste = news::Embedding::of(&interests.taste);
    Ok(strong.map(|centre| centre.direction).chain([taste]).filter(|it| !it.is_empty()).collect())
}

fn similar(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StorySketch>> {
    let centres = centres(conn, reader)?;
    let signs: Vec<Signs> = centres.iter().map(Signs::of).collect();
    let rough = best(window, since, at_most.saturating_mul(ROUGH), |known| {
        let nearest = signs.iter().map(|centre| centre.agreement(&known.signs)).fold(0.0, f32::max);
        (0.5 < nearest).then_some(((nearest * 1e6) as u32, known.last_grew))
    });
    let mut near: Vec<(f32, std::sync::Arc<StorySketch>)> = window::sketches(conn, window, &rough)?
        .into_iter()
        .map(|sketch| (centres.iter().map(|it| it.likeness(&sketch.centre)).fold(0.0, f32::max), sketch))
        .filter(|(likeness, _)| 0.0 < *likeness)
        .collect();
    near.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(other.story.cmp(&one.story)));
    Ok(near.iter().take(at_most).map(|(_, sketch)| StorySketch::clone(sketch)).collect())
}

/// From none of their sources and unlike what they read; what many tell comes first.
fn unfamiliar(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StoryId>> {
    let own: HashSet<SourceId> = readers::sources_followed(conn, reader)?.into_iter().collect();
    let signs: Vec<Signs> = centres(conn, reader)?.iter().map(Signs::of).collect();
    Ok(best(window, since, at_most, |known| {
        let theirs = known.sources.iter().any(|source| own.contains(source));
        let near = signs.iter().any(|centre| FAR <= centre.agreement(&known.signs));
        // One that all of their sources tell too is not outside of what they see, however unlike it is.
        (!near).then_some((!theirs, known.outlets, known.last_grew))
    }))
}

fn followed(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StoryId>> {
    const OF_EACH: usize = 24;
    let follows = readers::follows(conn, reader)?;
    let weight = |stance: Stance| match stance {
        Stance::Follow(Weight::Always) => 0,
        Stance::Follow(Weight::More) => 1,
        Stance::Follow(Weight::ALittle) => 2,
        Stance::Mute { .. } => 3,
    };
    let mut asked: Vec<_> = follows
        .iter()
        .filter(|follow| weight(follow.stance) < 3 && follow.until.is_none_or(|until| since < until))
        .filter(|follow| !matches!(follow.target, Target::Source(_)))
        .collect();
    asked.sort_by_key(|follow| weight(follow.stance));
    // Always-follows whole; of the others the newest. Looked up together, because they share much.
    let (mut always, mut others) = (BTreeSet::new(), BTreeSet::new());
    let mut articles = [BTreeSet::new(), BTreeSet::new()];
    for follow in asked {
        let is_always = weight(follow.stance) == 0;
        if let Target::Story(story) = follow.target {
            let found = grew_since(conn, &[story], since)?;
            if is_always {
                always.extend(found)
            } else {
                others.extend(found)
            }
            continue;
        }
        let found = articles_about(conn, &follow.target, &follow.aliases, OF_EACH, false)?;
        articles[usize::from(!is_always)].extend(found);
    }
    for (articles, stories) in articles.into_iter().zip([&mut always, &mut others]) {
        let found: BTreeSet<StoryId> =
            stories_of(conn, &articles.into_iter().collect::<Vec<_>>())?.into_iter().collect();
        stories.extend(grew_since(conn, &found.into_iter().collect::<Vec<_>>(), since)?);
    }
    let always_sources: HashSet<SourceId> = follows
        .iter()
        .filter(|follow| weight(follow.stance) == 0)
        .filter_map(|follow| match follow.target {
            Target::Source(source) => Some(source),
            _ => None,
        })
        .collect();
    for source in always_sources {
        always.extend(told_by(conn, source, since, OF_EACH)?);
    }
    let newest = |found: BTreeSet<(Timestamp, StoryId)>| found.into_iter().rev().map(|(_, story)| story);
    let mut seen = HashSet::new();
    let sources = from_sources(conn, window, reader, since, at_most)?;
    let all = newest(always).chain(newest(others)).chain(sources);
    Ok(all.filter(|story| seen.insert(*story)).take(at_most).collect())
}

pub(crate) fn stories_about(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    target: &Target,
    aliases: &[String],
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StorySketch>> {
    keep_up(conn, window)?;
    let found: BTreeSet<_> = about(conn, target, aliases, since, at_most, true)?.into_iter().collect();
    let newest: Vec<StoryId> = found.into_iter().rev().map(|(_, story)| story).take(at_most).collect();
    sketches(conn, window, &newest)
}

/// Stories about one thing. `thorough`: also those that only have its name somewhere in their words.
fn about(
    conn: &mut dyn Conn,
    target: &Target,
    aliases: &[String],
    since: Timestamp,
    at_most: usize,
    thorough: bool,
) -> Result<Vec<(Timestamp, StoryId)>> {
    match target {
        Target::Source(source) => return told_by(conn, *source, since, at_most),
        Target::Story(story) => return grew_since(conn, &[*story], since),
        _ => {}
    }
    let articles = articles_about(conn, target, aliases, at_most, thorough)?;
    let stories: BTreeSet<StoryId> = stories_of(conn, &articles)?.into_iter().collect();
    grew_since(conn, &stories.into_iter().collect::<Vec<_>>(), since)
}

/// The newest articles about one thing that words can tell.
fn articles_about(
    conn: &mut dyn Conn,
    target: &Target,
    aliases: &[String],
    at_most: usize,
    thorough: bool,
) -> Result<Vec<ArticleId>> {
    let queries = match target {
        Target::Source(_) | Target::Story(_) => Vec::new(),
        Target::Topic(topic) => vec![Query::token(topic_token(topic))],
        Target::Author(author) => {
            [author].into_iter().chain(aliases).map(|author| Query::token(author_token(author))).collect()
        }
        Target::Words(words) => {
            [words].into_iter().chain(aliases).map(|words| Query::phrase(words)).collect()
        }
        Target::Name(name) => {
            let alias = |text: &String| Name { text: text.clone(), kind: NameKind::Other };
            let names: Vec<Name> = [name.clone()].into_iter().chain(aliases.iter().map(alias)).collect();
            let words = names.iter().filter(|_| thorough).map(|name| Query::phrase(&name.text));
            names.iter().map(|name| Query::token(name_token(name))).chain(words).collect()
        }
        Target::Situation(names) => {
            let tokens = names.iter().map(name_token).collect();
            vec![Query { wanted: tokens, ..Query::default() }]
        }
    };
    let mut found = Vec::new();
    for query in queries {
        for article in search::newest(conn, &query, i64::MAX, at_most)? {
            if search::holds_phrases(conn, &query, article)? {
                found.push(article);
            }
        }
    }
    Ok(found)
}

fn stories_of(conn: &mut dyn Conn, articles: &[ArticleId]) -> Result<Vec<StoryId>> {
    let keys: Vec<Val> = articles.iter().map(|article| Val::Int(article.0)).collect();
    conn.all_in("SELECT story FROM placement WHERE article IN ({keys})", &keys, |row| StoryId(row.int(0)))
}

fn grew_since(
    conn: &mut dyn Conn,
    stories: &[StoryId],
    since: Timestamp,
) -> Result<Vec<(Timestamp, StoryId)>> {
    let keys: Vec<Val> = stories.iter().map(|story| Val::Int(story.0)).collect();
    let all = conn.all_in("SELECT last_grew, id FROM story WHERE id IN ({keys})", &keys, |row| {
        (row.time(0), StoryId(row.int(1)))
    })?;
    Ok(all.into_iter().filter(|(last_grew, _)| since <= *last_grew).collect())
}
