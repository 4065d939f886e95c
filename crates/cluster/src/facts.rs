//! What an article brings that nobody in its story had said: by this a story that was read comes back, or does not.
//!
//! Facts are what can be told from the words around them whatever words those are: numbers (sums, counts, shares, days)
//! and names; and a headline that tells of something else. A text written anew from another brings none of these.

use news::{Sketch, StoryId};

use crate::{
    Index,
    centre::{Centre, words_of},
    likeness::{COPY, same_text, texts},
    said::shared,
    told::Told,
};

/// Less than so much of a headline must have been in the story for it to tell of something else.
const TOLD: f32 = 0.4;
/// So few facts are none: a reporter's name, a time of day.
const CHANCE: u32 = 1;

/// Names (by their words) and numbers that members of a story have named, in half of their bits: of a story that has named
/// two hundred, three things of a thousand are thought known that are not.
#[derive(Clone, Default)]
pub struct Heard(Box<[u16]>);

impl Heard {
    pub fn of(centre: &Centre) -> Heard {
        Heard::sorted(centre.names.iter().chain(&centre.numbers).map(|it| it.hash as u16).collect())
    }

    fn sorted(mut all: Vec<u16>) -> Heard {
        all.sort_unstable();
        all.dedup();
        Heard(all.as_slice().into())
    }

    pub fn with(&self, other: &Heard) -> Heard {
        Heard::sorted(self.0.iter().chain(&other.0).copied().collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, hash: u32) -> bool {
        self.0.binary_search(&(hash as u16)).is_ok()
    }
}

impl Index {
    /// How many things an article would bring into a story.
    pub fn facts(&self, story: StoryId, sketch: &Sketch) -> u32 {
        brought(self.told(story), &Centre::of(sketch, &self.rarity), sketch)
    }

    /// How many things the second story tells that the first does not.
    pub fn brings(&self, story: StoryId, other: StoryId) -> u32 {
        let (Some(told), Some(other)) = (self.told(story), self.told(other)) else { return 0 };
        let (heard, other) = (told.heard(), other.heard());
        let found = other.0.iter().filter(|it| !heard.has(u32::from(**it))).count() as u32;
        if found <= CHANCE { 0 } else { found }
    }
}

/// How many things an article tells that its story (none: it begins one) had not told; 0 for a copy, and for what only says
/// it in other words.
pub fn brought(story: Option<&Told>, centre: &Centre, sketch: &Sketch) -> u32 {
    let Some(told) = story else { return counted(&Heard::default(), centre, sketch).max(1) };
    let text = texts(sketch);
    if told.texts.iter().any(|its| COPY <= same_text(&text, its)) {
        return 0;
    }
    let found = counted(&told.heard(), centre, sketch) + 2 * u32::from(tells_of_something_else(told, centre));
    if found <= CHANCE { 0 } else { found }
}

fn counted(heard: &Heard, centre: &Centre, sketch: &Sketch) -> u32 {
    let numbers = centre.numbers.iter().filter(|it| !heard.has(it.hash)).count();
    let names = sketch.understanding.names.iter().filter(|name| {
        let (mut all, mut new) = (0, 0);
        for word in words_of(&name.key()) {
            all += 1;
            new += usize::from(!heard.has(word));
        }
        all < 2 * new
    });
    (numbers + names.count()) as u32
}

fn tells_of_something_else(told: &Told, centre: &Centre) -> bool {
    let known = shared(&centre.words, &told.centre.words).map(|(_, mine, _)| mine.told()).sum::<f32>();
    let all = centre.words.iter().map(|it| it.told()).sum::<f32>();
    0.0 < all && known < TOLD * all
}
