//! The newest stories in memory, with as much of each as finding needs, and sketches that were asked for lately.
//!
//! A hint, never the truth: what changed since is read by its number before each question, and what is found is
//! taken from the store. Bounded: [`STORIES`] at about 250 bytes, twice [`SKETCHES`] at about two kilobytes, [`READERS`]
//! at about one.

use std::collections::HashMap;
use std::sync::Arc;

use news::{Embedding, Name, ReaderId, SourceId, StoryId, StorySketch, Timestamp, Topic};

use super::stories;
use crate::Result;
use crate::conn::{Conn, Val, vals};
use crate::pack::unpack;
use crate::rows::{self, FaceRow};
use crate::search;

const STORIES: usize = 50_000;
const SKETCHES: usize = 12_000;
const READERS: usize = 10_000;
/// Places of a direction whose signs are kept; the rest adds little to the order.
const SIGNS: usize = 384;

#[derive(Default)]
pub(crate) struct Window {
    seen: i64,
    stories: Vec<Known>,
    place_of: HashMap<StoryId, usize>,
    sketches: Kept,
    /// What readers are drawn to, with what tells whether that is still so.
    drawn_to: HashMap<ReaderId, (AsLearnt, Arc<[Embedding]>)>,
    /// Entries a week of each source, with how many entries it had then.
    rates: HashMap<SourceId, (i64, f32)>,
    /// What a source that publishes seldom told last, and since when that was asked.
    rare: HashMap<SourceId, (Timestamp, Vec<(Timestamp, StoryId)>)>,
}

/// Up to which signal a reader's interests were learnt, and how long they are.
pub(crate) type AsLearnt = (i64, i64);

/// Sketches that were asked for lately: when the young ones are many, they become the old ones, and those that nobody
/// asked for since they became old are gone.
#[derive(Default)]
struct Kept {
    young: HashMap<StoryId, (i64, Arc<StorySketch>)>,
    old: HashMap<StoryId, (i64, Arc<StorySketch>)>,
}

impl Kept {
    fn get(&self, story: StoryId) -> Option<&(i64, Arc<StorySketch>)> {
        self.young.get(&story).or_else(|| self.old.get(&story))
    }

    fn keep(&mut self, change: i64, sketch: Arc<StorySketch>) {
        if SKETCHES <= self.young.len() {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(sketch.story, (change, sketch));
    }

    /// Those of them that were about to be forgotten.
    fn renew(&mut self, stories: &[StoryId]) {
        for story in stories {
            if let Some((change, sketch)) = self.old.remove(story) {
                self.keep(change, sketch);
            }
        }
    }

    fn leave_out(&mut self, story: StoryId) {
        self.young.remove(&story);
        self.old.remove(&story);
    }
}

pub(crate) struct Known {
    pub story: StoryId,
    pub change: i64,
    pub last_grew: Timestamp,
    pub outlets: u32,
    /// The first of `sources`, at hand; 0, which is none, where there is none.
    pub first_source: SourceId,
    pub sources: Box<[SourceId]>,
    /// What it can be followed by: names, topics, authors.
    pub tags: Box<[Tag]>,
    pub signs: Signs,
}

/// A name, a topic or an author, hashed: few stories are found that should not be, and ranking sees what they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Tag(u32);

impl Tag {
    fn of(hash: u64, kind: u32) -> Tag {
        Tag((hash ^ hash >> 32) as u32 ^ kind)
    }

    pub fn name(name: &Name) -> Tag {
        Tag::of(search::name_hash(name), 0)
    }

    pub fn author(author: &str) -> Tag {
        Tag::of(search::author_hash(author), 0x5bd1_e995)
    }

    pub fn topic(path: &str) -> Tag {
        Tag::of(rows::hash(path), 0x9e37_79b9)
    }

    fn all(face: &FaceRow) -> Box<[Tag]> {
        let topics = |topic: &'_ Topic| search::topics_above(topic).map(Tag::topic).collect::<Vec<_>>();
        let names = face.names.iter().map(Tag::name);
        let authors = face.authors.iter().map(|author| Tag::author(author));
        names.chain(face.topics.iter().flat_map(topics)).chain(authors).collect()
    }
}

/// Tags that one looks for: a bit for each says at once of nearly every other tag that it is not among them.
pub(crate) struct Wanted {
    bits: Vec<u64>,
}

impl Wanted {
    const BITS: u32 = 1 << 15;

    pub fn of(tags: impl Iterator<Item = Tag>) -> Wanted {
        let mut bits = vec![0; (Self::BITS / 64) as usize];
        for Tag(tag) in tags {
            let place = tag % Self::BITS;
            bits[(place / 64) as usize] |= 1 << (place % 64);
        }
        Wanted { bits }
    }

    pub fn may_be_in(&self, tags: &[Tag]) -> bool {
        tags.iter().any(|Tag(tag)| {
            let place = tag % Self::BITS;
            self.bits[(place / 64) as usize] & 1 << (place % 64) != 0
        })
    }
}

/// The signs of a direction: how many agree tells how alike two directions are (Charikar 2002), at a thirtieth of the
/// cost of comparing them.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Signs {
    bits: [u64; SIGNS / 64],
    count: u32,
}

impl Signs {
    pub fn of(direction: &Embedding) -> Signs {
        let mut bits = [0; SIGNS / 64];
        let values = &direction.values()[..direction.values().len().min(SIGNS)];
        for (place, _) in values.iter().enumerate().filter(|(_, value)| 0 < **value) {
            bits[place / 64] |= 1 << (place % 64);
        }
        Signs { bits, count: values.len() as u32 }
    }

    /// The share of signs that agree: a half for directions that have nothing in common.
    pub fn agreement(&self, other: &Signs) -> f32 {
        if self.count != other.count || self.count == 0 {
            return 0.0;
        }
        let words = (self.count as usize).div_ceil(64);
        let pairs = self.bits[..words].iter().zip(&other.bits[..words]);
        let differ: u32 = pairs.map(|(a, b)| (a ^ b).count_ones()).sum();
        1.0 - differ as f32 / self.count as f32
    }
}

/// Whether there is something that the window has not seen.
pub(crate) fn is_behind(conn: &mut dyn Conn, window: &Window) -> Result<bool> {
    let newest = conn.number("SELECT coalesce(max(change), 0) FROM story", &[])?;
    Ok(window.seen < newest)
}

impl Window {
    pub fn stories(&self) -> &[Known] {
        &self.stories
    }

    pub fn catch_up(&mut self, conn: &mut dyn Conn) -> Result<()> {
        if self.stories.is_empty() {
            // Only the newest fit.
            let first = conn.one(
                "SELECT change FROM story ORDER BY change DESC LIMIT 1 OFFSET $1",
                vals![STORIES],
                |row| row.int(0),
            )?;
            self.seen = first.unwrap_or(0);
        }
        let changed = conn.all(
            "SELECT id, change, last_grew, outlets, centre, face FROM story WHERE change > $1 ORDER BY change",
            vals![self.seen],
            |row| {
                let face: FaceRow = unpack(row.blob(5));
                Known {
                    story: StoryId(row.int(0)),
                    change: row.int(1),
                    last_grew: row.time(2),
                    outlets: row.count(3),
                    signs: Signs::of(&unpack(row.blob(4))),
                    first_source: face.sources.first().map_or(SourceId(0), |it| it.0),
                    sources: face.sources.iter().map(|it| it.0).collect(),
                    tags: Tag::all(&face),
                }
            },
        )?;
        let gone = conn.all("SELECT story FROM moved_story WHERE change > $1", vals![self.seen], |row| {
            StoryId(row.int(0))
        })?;
        gone.into_iter().for_each(|story| self.leave_out(story));
        for known in changed {
            self.seen = self.seen.max(known.change);
            for source in &known.sources {
                self.rare.remove(source);
            }
            match self.place_of.get(&known.story) {
                Some(&place) => self.stories[place] = known,
                None => {
                    self.place_of.insert(known.story, self.stories.len());
                    self.stories.push(known);
                }
            }
        }
        if STORIES + STORIES / 4 < self.stories.len() {
            self.stories.sort_unstable_by_key(|known| std::cmp::Reverse((known.last_grew, known.story)));
            self.stories.truncate(STORIES);
            self.place_of = (0..).zip(&self.stories).map(|(place, known)| (known.story, place)).collect();
            self.place_of.shrink_to_fit();
        }
        Ok(())
    }

    /// It was joined with another.
    fn leave_out(&mut self, story: StoryId) {
        self.sketches.leave_out(story);
        self.rare.clear();
        let Some(place) = self.place_of.remove(&story) else { return };
        self.stories.swap_remove(place);
        if let Some(moved) = self.stories.get(place) {
            self.place_of.insert(moved.story, place);
        }
    }

    pub fn known(&self, story: StoryId) -> Option<&Known> {
        self.place_of.get(&story).map(|&place| &self.stories[place])
    }

    /// As of the last [`Window::catch_up`]; nothing for a story that is too old to be here.
    fn change_of(&self, story: StoryId) -> Option<i64> {
        self.known(story).map(|it| it.change)
    }

    fn kept(&self, story: StoryId) -> Option<Arc<StorySketch>> {
        let (change, sketch) = self.sketches.get(story)?;
        (self.change_of(story)? == *change).then(|| sketch.clone())
    }

    /// What was read of the reader, if it was read from the same.
    pub fn drawn_to(&self, reader: ReaderId, from: AsLearnt) -> Option<Arc<[Embedding]>> {
        let (was, directions) = self.drawn_to.get(&reader)?;
        (*was == from).then(|| directions.clone())
    }

    pub fn keep_drawn_to(&mut self, reader: ReaderId, from: AsLearnt, directions: Arc<[Embedding]>) {
        if READERS <= self.drawn_to.len() {
            self.drawn_to.clear();
        }
        self.drawn_to.insert(reader, (from, directions));
    }

    /// Entries a week, as counted when the source had so many entries.
    pub fn rate_of(&self, source: SourceId, entries: i64) -> Option<f32> {
        self.rates.get(&source).filter(|(had, _)| *had == entries).map(|(_, rate)| *rate)
    }

    pub fn keep_rate(&mut self, source: SourceId, entries: i64, a_week: f32) {
        self.rates.insert(source, (entries, a_week));
    }

    /// What the rare source told last, if it was asked before; a story of it that is new or has grown drops that.
    pub fn rare(&self, source: SourceId, since: Timestamp) -> Option<&[(Timestamp, StoryId)]> {
        self.rare.get(&source).filter(|(asked, _)| *asked <= since).map(|(_, told)| told.as_slice())
    }

    pub fn keep_rare(&mut self, source: SourceId, since: Timestamp, told: Vec<(Timestamp, StoryId)>) {
        self.rare.insert(source, (since, told));
    }

    /// Everything is read anew.
    pub fn forget(&mut self) {
        *self = Window::default();
    }
}

/// Sketches in the order asked, from memory where they stand there as they are in the store.
pub(crate) fn sketches(
    conn: &mut dyn Conn,
    window: &std::sync::RwLock<Window>,
    ids: &[StoryId],
) -> Result<Vec<Arc<StorySketch>>> {
    let (mut found, aging) = {
        let window = super::reading_of(window);
        let found: Vec<Option<Arc<StorySketch>>> = ids.iter().map(|&id| window.kept(id)).collect();
        let aging = ids.iter().copied().filter(|id| window.sketches.old.contains_key(id)).collect::<Vec<_>>();
        (found, aging)
    };
    let missing: Vec<Val> =
        ids.iter().zip(&found).filter(|(_, it)| it.is_none()).map(|(id, _)| Val::Int(id.0)).collect();
    if missing.is_empty() && aging.is_empty() {
        return Ok(found.into_iter().flatten().collect());
    }
    let sql = format!("SELECT {} FROM story WHERE id IN ({{keys}})", stories::SKETCH);
    let read: HashMap<StoryId, (i64, Arc<StorySketch>)> = conn
        .all_in(&sql, &missing, |row| (row.int(10), Arc::new(stories::sketch(row))))?
        .into_iter()
        .map(|it| (it.1.story, it))
        .collect();
    for (place, id) in found.iter_mut().zip(ids) {
        if place.is_none() {
            *place = read.get(id).map(|(_, sketch)| sketch.clone());
        }
    }
    let mut window = super::writing_of(window);
    window.sketches.renew(&aging);
    for (change, sketch) in read.into_values() {
        window.sketches.keep(change, sketch);
    }
    Ok(found.into_iter().flatten().collect())
}
