//! Ways of finding stories that may matter to one reader.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Arc, RwLock};

use news::{
    ArticleId, Embedding, Follow, Name, NameKind, ReaderId, Retrieval, SourceId, Stance, StoryId,
    StorySketch, Target, Timestamp, Weight,
};

use super::tags::Tag;
use super::window::{self, Head, Signs, Window};
use super::{readers, repairs, search};
use crate::Result;
use crate::conn::{Conn, Val, vals};
use crate::search::{Query, author_token, name_token, topic_token};

/// Centres of interest that are looked around, besides the direction of taste.
const CENTRES: usize = 2;
/// Signs order roughly; so many times more are compared exactly.
const ROUGH: usize = 2;
/// Stories whose signs agree less than this with every centre are nothing like what the reader reads.
const FAR: f32 = 0.56;
/// Who publishes no oftener than this is a rare source: five entries in a week.
const RARE_GAP: i64 = 7 * 86_400 / 5;
/// As long as nothing can be measured, so few entries in all make a source a rare one.
const FEW: i64 = 5;

/// In each of these ways so many, all as of one moment.
pub(crate) fn retrieve(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    reader: ReaderId,
    ways: &[(Retrieval, usize)],
    since: Timestamp,
) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>> {
    keep_up(conn, window)?;
    let follows = readers::follows(conn, reader)?;
    let own = Own::of(&follows);
    let drawn_to = drawn_to(conn, window, reader)?;
    let mut found = Vec::with_capacity(ways.len());
    // What is followed ends with what their sources tell.
    let most = |(how, at_most): &(Retrieval, usize)| match how {
        Retrieval::Followed | Retrieval::FromSources => *at_most,
        _ => 0,
    };
    let of_own = from_sources(window, &own, since, ways.iter().map(most).max().unwrap_or(0));
    for &(how, at_most) in ways {
        let stories = match how {
            Retrieval::Followed => followed(conn, window, (reader, &follows), &of_own, since, at_most)?,
            Retrieval::FromSources => of_own.iter().copied().take(at_most).collect(),
            Retrieval::RareSources => rare_sources(conn, window, reader, since, at_most)?,
            Retrieval::WidelyCovered => widely_covered(window, since, at_most),
            Retrieval::Unfamiliar => unfamiliar(window, &own, &drawn_to, since, at_most),
            Retrieval::Similar => {
                found.push((how, similar(conn, window, &drawn_to, since, at_most)?));
                continue;
            }
        };
        found.push((how, window::sketches(conn, window, &stories)?));
    }
    Ok(found)
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

/// The best by `rank` among the stories of the window that it does not leave out; `rank` gets a story's place too.
fn best<R: Ord + Copy>(
    window: &Window,
    since: Timestamp,
    at_most: usize,
    rank: impl Fn(usize, &Head) -> Option<R>,
) -> Vec<StoryId> {
    let mut best = Best { at_most, kept: Vec::new(), least: None };
    for (place, head) in window.heads().iter().enumerate() {
        if since <= head.last_grew
            && let Some(rank) = rank(place, head)
        {
            best.offer((rank, head.story));
        }
    }
    best.in_order().into_iter().map(|(_, story)| story).collect()
}

/// The largest so many of all that are offered; of the rest little is kept at any time.
struct Best<T> {
    at_most: usize,
    kept: Vec<T>,
    /// The smallest of the largest so far.
    least: Option<T>,
}

impl<T: Ord + Copy> Best<T> {
    fn offer(&mut self, it: T) {
        if self.least.is_none_or(|least| least < it) {
            self.kept.push(it);
            if 2 * self.at_most + 64 <= self.kept.len() {
                self.cut();
            }
        }
    }

    fn cut(&mut self) {
        if self.at_most < self.kept.len() {
            self.kept.select_nth_unstable_by(self.at_most, |a, b| b.cmp(a));
            self.kept.truncate(self.at_most);
            self.least = self.kept.iter().min().copied();
        }
    }

    fn in_order(mut self) -> Vec<T> {
        self.cut();
        self.kept.sort_unstable_by(|a, b| b.cmp(a));
        self.kept
    }
}

fn widely_covered(window: &RwLock<Window>, since: Timestamp, at_most: usize) -> Vec<StoryId> {
    let window = super::reading_of(window);
    best(&window, since, at_most, |_, head| (2 <= head.outlets).then_some((head.outlets, head.last_grew)))
}

fn from_sources(window: &RwLock<Window>, own: &Own, since: Timestamp, at_most: usize) -> Vec<StoryId> {
    let window = super::reading_of(window);
    best(&window, since, at_most, |place, head| own.tell(&window, place, head).then_some(head.last_grew))
}

/// A reader's sources: bits say at once of nearly every other source that it is not among them.
struct Own {
    bits: Vec<u64>,
    all: HashSet<SourceId>,
}

impl Own {
    const BITS: i64 = 1 << 15;

    fn of(follows: &[Follow]) -> Own {
        let followed = follows.iter().filter(|it| matches!(it.stance, Stance::Follow(_)));
        let sources = followed.filter_map(|it| match it.target {
            Target::Source(source) => Some(source),
            _ => None,
        });
        let mut own = Own { bits: vec![0; (Self::BITS / 64) as usize], all: sources.collect() };
        for source in &own.all {
            let place = source.0.rem_euclid(Self::BITS);
            own.bits[(place / 64) as usize] |= 1 << (place % 64);
        }
        own
    }

    fn tell(&self, window: &Window, place: usize, head: &Head) -> bool {
        // Most stories have one source, and that stands at hand.
        self.has(head.first_source)
            || head.has_more_sources && window.known(place).sources.iter().any(|it| self.has(*it))
    }

    fn has(&self, source: SourceId) -> bool {
        let place = source.0.rem_euclid(Self::BITS);
        self.bits[(place / 64) as usize] & 1 << (place % 64) != 0 && self.all.contains(&source)
    }
}

/// Their few stories are looked up one by one: among the newest they may be missing.
fn rare_sources(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
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
        if let Some(told) = super::reading_of(window).rare(source, since) {
            found.extend(told.iter().filter(|(grew, _)| since <= *grew));
            continue;
        }
        let told = told_by(conn, source, since, OF_EACH)?;
        found.extend(&told);
        super::writing_of(window).keep_rare(source, since, told);
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

/// Where the reader's interest lies; empty as long as nothing is known. What is believed of a reader is long, so this
/// is remembered until more is learnt. What they correct by hand changes no direction.
fn drawn_to(conn: &mut dyn Conn, window: &RwLock<Window>, reader: ReaderId) -> Result<Arc<[Embedding]>> {
    let from = conn.one("SELECT upto, times FROM interests WHERE reader = $1", vals![reader], |row| {
        (row.int(0), row.int(1))
    })?;
    let Some(from) = from else { return Ok(Arc::default()) };
    if let Some(directions) = super::reading_of(window).drawn_to(reader, from) {
        return Ok(directions);
    }
    let (interests, _) = readers::interests(conn, reader)?;
    let directions: Arc<[Embedding]> = strongest(interests).into();
    super::writing_of(window).keep_drawn_to(reader, from, directions.clone());
    Ok(directions)
}

fn strongest(interests: news::Interests) -> Vec<Embedding> {
    let taste = interests.taste();
    let mut centres = interests.centres;
    centres.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let strong = centres.into_iter().filter(|centre| 0.0 < centre.weight).take(CENTRES);
    strong.map(|centre| centre.direction).chain([taste]).filter(|it| !it.is_empty()).collect()
}

fn similar(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    drawn_to: &[Embedding],
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<Arc<StorySketch>>> {
    let signs: Vec<Signs> = drawn_to.iter().map(Signs::of).collect();
    let rough = {
        let window = super::reading_of(window);
        best(&window, since, at_most.saturating_mul(ROUGH), |place, head| {
            let here = window.signs(place);
            let nearest = signs.iter().map(|centre| centre.agreement(here)).fold(0.0, f32::max);
            (0.5 < nearest).then_some(((nearest * 1e6) as u32, head.last_grew))
        })
    };
    let mut near: Vec<(f32, Arc<StorySketch>)> = window::sketches(conn, window, &rough)?
        .into_iter()
        .map(|sketch| (drawn_to.iter().map(|it| it.likeness(&sketch.centre)).fold(0.0, f32::max), sketch))
        .filter(|(likeness, _)| 0.0 < *likeness)
        .collect();
    near.sort_by(|(a, one), (b, other)| b.total_cmp(a).then(other.story.cmp(&one.story)));
    Ok(near.into_iter().take(at_most).map(|(_, sketch)| sketch).collect())
}

/// From none of their sources and unlike what they read; what many tell comes first.
fn unfamiliar(
    window: &RwLock<Window>,
    own: &Own,
    drawn_to: &[Embedding],
    since: Timestamp,
    at_most: usize,
) -> Vec<StoryId> {
    let signs: Vec<Signs> = drawn_to.iter().map(Signs::of).collect();
    let window = super::reading_of(window);
    let near = |story: &StoryId| {
        let place = window.place_of(*story);
        place.is_some_and(|it| signs.iter().any(|centre| FAR <= centre.agreement(window.signs(it))))
    };
    // One that all of their sources tell too is not outside of what they see, however unlike it is. Likeness is asked
    // of the first ones only, and of more where too many of them are near.
    let mut among = at_most.saturating_mul(4);
    loop {
        let first = best(&window, since, among, |place, head| {
            Some((!own.tell(&window, place, head), head.outlets, head.last_grew))
        });
        let all = first.len() < among;
        let far: Vec<StoryId> = first.into_iter().filter(|it| !near(it)).take(at_most).collect();
        if all || at_most <= far.len() {
            return far;
        }
        among = among.saturating_mul(4);
    }
}

/// Of each follow so many, the newest, so that a wide topic does not drown a rare name.
const OF_EACH: usize = 24;

fn followed(
    conn: &mut dyn Conn,
    window: &RwLock<Window>,
    (reader, follows): (ReaderId, &[Follow]),
    of_own: &[StoryId],
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<StoryId>> {
    let lasts = |it: &&Follow| it.until.is_none_or(|until| since < until);
    let follows: Vec<&Follow> =
        follows.iter().filter(|it| matches!(it.stance, Stance::Follow(_))).filter(lasts).collect();
    let is_always = |follow: &Follow| follow.stance == Stance::Follow(Weight::Always);
    // Always-follows come before the others; of both the newest first.
    let (mut always, mut others) = (BTreeSet::new(), BTreeSet::new());
    for (follow, found) in follows.iter().copied().zip(by_tags(window, &follows, since)) {
        if is_always(follow) { always.extend(found) } else { others.extend(found) }
    }
    for follow in &follows {
        let found = match &follow.target {
            // As they have it: of a story that they parted or joined, what everybody has of it.
            Target::Story(story) => {
                let of = repairs::own(conn, reader)?.sources_of(*story);
                grew_since(conn, &of, since)?
            }
            Target::Source(source) if is_always(follow) => told_by(conn, *source, since, OF_EACH)?,
            Target::Words(_) => about(conn, &follow.target, &follow.aliases, since, OF_EACH)?,
            _ => continue,
        };
        if is_always(follow) { always.extend(found) } else { others.extend(found) }
    }
    let newest = |found: BTreeSet<(Timestamp, StoryId)>| found.into_iter().rev().map(|(_, story)| story);
    let mut seen = HashSet::new();
    let all = newest(always).chain(newest(others)).chain(of_own.iter().copied());
    Ok(all.filter(|story| seen.insert(*story)).take(at_most).collect())
}

/// Ways in which a story can be about a target, each by tags that it must have all of. None for what only the index
/// of words can tell.
fn tags_of(follow: &Follow) -> Vec<Vec<Tag>> {
    let alias = |text: &String| Tag::name(&Name { text: text.clone(), kind: NameKind::Other });
    let first = match &follow.target {
        Target::Name(name) => vec![Tag::name(name)],
        Target::Topic(topic) => vec![Tag::topic(&topic.0)],
        Target::Author(author) => vec![Tag::author(author)],
        Target::Situation(names) if !names.is_empty() => names.iter().map(Tag::name).collect(),
        _ => return Vec::new(),
    };
    let aliases = follow.aliases.iter().map(|text| match &follow.target {
        Target::Author(_) => vec![Tag::author(text)],
        _ => vec![alias(text)],
    });
    [first].into_iter().chain(aliases).collect()
}

/// For each follow the newest stories that say by their names, topics and authors that they are about it.
fn by_tags(
    window: &RwLock<Window>,
    follows: &[&Follow],
    since: Timestamp,
) -> Vec<BTreeSet<(Timestamp, StoryId)>> {
    let window = super::reading_of(window);
    let newest_of = |follow: &&Follow| {
        let mut newest = BTreeSet::new();
        for way in tags_of(follow) {
            for place in window.tagged(way[0]) {
                let (head, tags) = (&window.heads()[place], &window.known(place).tags);
                if since <= head.last_grew && way.iter().all(|tag| tags.contains(tag)) {
                    newest.insert((head.last_grew, head.story));
                    if OF_EACH < newest.len() {
                        newest.pop_first();
                    }
                }
            }
        }
        newest
    };
    follows.iter().map(newest_of).collect()
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
    let found: BTreeSet<_> = about(conn, target, aliases, since, at_most)?.into_iter().collect();
    let newest: Vec<StoryId> = found.into_iter().rev().map(|(_, story)| story).take(at_most).collect();
    sketches(conn, window, &newest)
}

/// Stories about one thing, also those that only have its name somewhere in their words.
fn about(
    conn: &mut dyn Conn,
    target: &Target,
    aliases: &[String],
    since: Timestamp,
    at_most: usize,
) -> Result<Vec<(Timestamp, StoryId)>> {
    match target {
        Target::Source(source) => return told_by(conn, *source, since, at_most),
        Target::Story(story) => return grew_since(conn, &[*story], since),
        _ => {}
    }
    let articles = articles_about(conn, target, aliases, at_most)?;
    let stories: BTreeSet<StoryId> = stories_of(conn, &articles)?.into_iter().collect();
    grew_since(conn, &stories.into_iter().collect::<Vec<_>>(), since)
}

/// The newest articles about one thing that words can tell.
fn articles_about(
    conn: &mut dyn Conn,
    target: &Target,
    aliases: &[String],
    at_most: usize,
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
            let words = names.iter().map(|name| Query::phrase(&name.text));
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
