//! The newest stories in memory, with as much of each as finding needs, and the sketches of those that were asked for.
//!
//! A hint, never the truth: what changed since is read by its number before each question, and what is found is
//! taken from the store. What is looked at of every story for every reader lies side by side, apart from the rest.
//! Bounded: [`STORIES`] at about 350 bytes, [`SKETCHES`] and [`ELSEWHERE`] at about two kilobytes, [`READERS`] at about
//! one.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use news::{Embedding, Model, ReaderId, SourceId, StoryId, StorySketch, Timestamp};

use super::stories;
use super::tags::{Tag, Tagged};
use crate::Result;
use crate::conn::{Conn, Val, vals};
use crate::pack::unpack;
use crate::rows::FaceRow;

const STORIES: usize = 50_000;
/// Of the stories that are here; and of others, which old ones of rare sources are.
const SKETCHES: usize = 50_000;
const ELSEWHERE: usize = 4_000;
/// So many sketches are no matter.
const FEW: usize = 4_000;
const READERS: usize = 10_000;
/// Places of a direction whose signs are kept: all that ours have, two thirds of those of the next larger ones.
const SIGNS: usize = 256;

/// Where a story stands in the window, as long as that is not made anew.
pub(crate) type Place = u32;

#[derive(Default)]
pub(crate) struct Window {
    seen: i64,
    /// The same story stands at the same place of all three.
    heads: Vec<Head>,
    signs: Vec<Signs>,
    known: Vec<Known>,
    place_of: HashMap<StoryId, Place>,
    tagged: Tagged,
    sketches: usize,
    /// From so many sketches on those are cleared that nobody asks for.
    enough: usize,
    /// Sketches of stories that are not here; none of them has changed since it was read.
    elsewhere: HashMap<StoryId, Arc<StorySketch>>,
    /// What readers are drawn to, with what tells whether that is still so.
    drawn_to: HashMap<ReaderId, (AsLearnt, Arc<[Embedding]>)>,
    /// Entries a week of each source, with how many entries it had then.
    rates: HashMap<SourceId, (i64, f32)>,
    /// What a source that publishes seldom told last, and since when that was asked.
    rare: HashMap<SourceId, (Timestamp, Vec<(Timestamp, StoryId)>)>,
}

/// Up to which signal a reader's interests were learnt, and how often they were written.
pub(crate) type AsLearnt = (i64, i64);

/// What is looked at of every story.
pub(crate) struct Head {
    pub story: StoryId,
    /// Before all times where a story is gone.
    pub last_grew: Timestamp,
    /// The first of its sources; 0, which is none, where there is none.
    pub first_source: SourceId,
    pub outlets: u32,
    pub has_more_sources: bool,
}

/// What is looked at of some.
pub(crate) struct Known {
    change: i64,
    pub sources: Box<[SourceId]>,
    /// What it can be followed by: names, topics, authors.
    pub tags: Box<[Tag]>,
    sketch: Option<Arc<StorySketch>>,
    /// Since sketches were last cleared.
    asked: AtomicBool,
}

/// The signs of a direction: how many agree tells how alike two directions are (Charikar 2002), at a thirtieth of the
/// cost of comparing them.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Signs {
    bits: [u64; SIGNS / 64],
    count: u32,
    model: Model,
}

impl Signs {
    pub fn of(direction: &Embedding) -> Signs {
        let mut bits = [0; SIGNS / 64];
        let values = &direction.values()[..direction.values().len().min(SIGNS)];
        for (place, _) in values.iter().enumerate().filter(|(_, value)| 0 < **value) {
            bits[place / 64] |= 1 << (place % 64);
        }
        Signs { bits, count: values.len() as u32, model: direction.model() }
    }

    /// The share of signs that agree: a half for directions that have nothing in common, 0 where that is not known.
    pub fn agreement(&self, other: &Signs) -> f32 {
        if self.model != other.model || self.count != other.count || self.count == 0 {
            return 0.0;
        }
        // What is beyond the end differs in neither.
        let differ: u32 = self.bits.iter().zip(&other.bits).map(|(a, b)| (a ^ b).count_ones()).sum();
        1.0 - differ as f32 / self.count as f32
    }
}

/// Whether there is something that the window has not seen.
pub(crate) fn is_behind(conn: &mut dyn Conn, window: &Window) -> Result<bool> {
    Ok(window.seen < newest_change(conn)?)
}

fn newest_change(conn: &mut dyn Conn) -> Result<i64> {
    conn.number("SELECT coalesce(max(change), 0) FROM story", &[])
}

impl Window {
    pub fn heads(&self) -> &[Head] {
        &self.heads
    }

    pub fn signs(&self, place: usize) -> &Signs {
        &self.signs[place]
    }

    pub fn known(&self, place: usize) -> &Known {
        &self.known[place]
    }

    pub fn place_of(&self, story: StoryId) -> Option<usize> {
        self.place_of.get(&story).map(|&place| place as usize)
    }

    /// Places of stories that have the tag, or had it.
    pub fn tagged(&self, tag: Tag) -> impl Iterator<Item = usize> + '_ {
        self.tagged.met(tag).map(|place| place as usize)
    }

    pub fn catch_up(&mut self, conn: &mut dyn Conn) -> Result<()> {
        if self.heads.is_empty() {
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
                let head = Head {
                    story: StoryId(row.int(0)),
                    last_grew: row.time(2),
                    first_source: face.sources.first().map_or(SourceId(0), |it| it.0),
                    outlets: row.count(3),
                    has_more_sources: 1 < face.sources.len(),
                };
                let known = Known {
                    change: row.int(1),
                    sources: face.sources.iter().map(|it| it.0).collect(),
                    tags: Tag::all(&face),
                    sketch: None,
                    asked: AtomicBool::new(false),
                };
                (head, Signs::of(&unpack(row.blob(4))), known)
            },
        )?;
        let gone = conn.all("SELECT story FROM moved_story WHERE change > $1", vals![self.seen], |row| {
            StoryId(row.int(0))
        })?;
        gone.into_iter().for_each(|story| self.leave_out(story));
        for (head, signs, known) in changed {
            self.seen = self.seen.max(known.change);
            self.enter(head, signs, known);
        }
        if STORIES + STORIES / 4 < self.heads.len() {
            self.keep_newest();
        }
        self.tagged.settle();
        Ok(())
    }

    fn enter(&mut self, head: Head, signs: Signs, known: Known) {
        for source in &known.sources {
            self.rare.remove(source);
        }
        self.elsewhere.remove(&head.story);
        match self.place_of(head.story) {
            Some(place) => {
                self.tagged.enter(&known.tags, place as Place);
                self.sketches -= usize::from(self.known[place].sketch.is_some());
                (self.heads[place], self.signs[place], self.known[place]) = (head, signs, known);
            }
            None => self.add(head, signs, known),
        }
    }

    fn add(&mut self, head: Head, signs: Signs, known: Known) {
        let place = self.heads.len() as Place;
        self.place_of.insert(head.story, place);
        self.tagged.enter(&known.tags, place);
        self.sketches += usize::from(known.sketch.is_some());
        self.heads.push(head);
        self.signs.push(signs);
        self.known.push(known);
    }

    /// All is put in place anew; those that grew last stay.
    fn keep_newest(&mut self) {
        let (heads, signs, known) = (
            std::mem::take(&mut self.heads),
            std::mem::take(&mut self.signs),
            std::mem::take(&mut self.known),
        );
        let place_of = std::mem::take(&mut self.place_of);
        (self.tagged, self.sketches) = (Tagged::default(), 0);
        let all = heads.into_iter().zip(signs).zip(known);
        let mut all: Vec<_> = all.filter(|((head, _), _)| place_of.contains_key(&head.story)).collect();
        all.sort_unstable_by_key(|((head, _), _)| std::cmp::Reverse((head.last_grew, head.story)));
        all.truncate(STORIES);
        for ((head, signs), known) in all {
            self.add(head, signs, known);
        }
    }

    /// It was joined with another. Its place stays, empty, until all are put in place anew.
    fn leave_out(&mut self, story: StoryId) {
        self.elsewhere.remove(&story);
        self.rare.clear();
        let Some(place) = self.place_of.remove(&story).map(|it| it as usize) else { return };
        self.heads[place].last_grew = Timestamp(i64::MIN);
        let known = &mut self.known[place];
        self.sketches -= usize::from(known.sketch.take().is_some());
        (known.sources, known.tags) = Default::default();
    }

    fn kept(&self, story: StoryId) -> Option<Arc<StorySketch>> {
        let Some(place) = self.place_of(story) else { return self.elsewhere.get(&story).cloned() };
        let known = &self.known[place];
        let sketch = known.sketch.clone()?;
        known.asked.store(true, Ordering::Relaxed);
        Some(sketch)
    }

    /// `upto`: the newest change that was there when it was read.
    fn keep(&mut self, sketch: Arc<StorySketch>, change: i64, upto: i64) {
        let story = sketch.story;
        match self.place_of(story) {
            Some(place) if self.known[place].change == change => {
                if self.enough.max(FEW) <= self.sketches {
                    self.clear_sketches();
                }
                let known = &mut self.known[place];
                self.sketches += usize::from(known.sketch.replace(sketch).is_none());
                known.asked = AtomicBool::new(true);
            }
            // Read before it changed.
            Some(_) => (),
            None if self.seen <= upto => {
                if ELSEWHERE <= self.elsewhere.len() {
                    self.elsewhere.clear();
                }
                self.elsewhere.insert(story, sketch);
            }
            None => (),
        }
    }

    /// Those go that nobody asked for since the last time, so that about twice as many are kept as are in use.
    fn clear_sketches(&mut self) {
        for known in &mut self.known {
            if !std::mem::take(known.asked.get_mut()) {
                self.sketches -= usize::from(known.sketch.take().is_some());
            }
        }
        if SKETCHES - SKETCHES / 4 <= self.sketches {
            self.known.iter_mut().for_each(|known| known.sketch = None);
            self.sketches = 0;
        }
        self.enough = (2 * self.sketches).min(SKETCHES);
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
    window: &RwLock<Window>,
    ids: &[StoryId],
) -> Result<Vec<Arc<StorySketch>>> {
    let mut found: Vec<Option<Arc<StorySketch>>> = {
        let window = super::reading_of(window);
        ids.iter().map(|&id| window.kept(id)).collect()
    };
    let missing: Vec<Val> =
        ids.iter().zip(&found).filter(|(_, it)| it.is_none()).map(|(id, _)| Val::Int(id.0)).collect();
    if missing.is_empty() {
        return Ok(found.into_iter().flatten().collect());
    }
    let upto = newest_change(conn)?;
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
    for (change, sketch) in read.into_values() {
        window.keep(sketch, change, upto);
    }
    Ok(found.into_iter().flatten().collect())
}
