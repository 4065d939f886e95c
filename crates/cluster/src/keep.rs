//! What the index is made of: members by number, sums by member, things that are kept once.

use crate::print::Print;
use news::StoryId;

/// A member's place in the order of placing. Never given out twice.
pub type Number = u32;

pub struct Kept {
    pub print: Print,
    pub story: StoryId,
}

/// Members by number; those that are gone leave a hole until all before them are gone too.
#[derive(Default)]
pub struct Members {
    pub first: Number,
    kept: std::collections::VecDeque<Option<Box<Kept>>>,
}

impl Members {
    pub fn end(&self) -> Number {
        self.first + self.kept.len() as Number
    }

    pub fn get(&self, number: Number) -> Option<&Kept> {
        self.kept.get(number.checked_sub(self.first)? as usize)?.as_deref()
    }

    pub fn push(&mut self, kept: Kept) {
        self.kept.push_back(Some(Box::new(kept)));
    }

    pub fn move_to(&mut self, number: Number, story: StoryId) {
        let at = number.checked_sub(self.first).map(|it| it as usize);
        if let Some(Some(kept)) = at.and_then(|it| self.kept.get_mut(it)) {
            kept.story = story;
        }
    }

    pub fn take(&mut self, number: Number) -> Option<Box<Kept>> {
        let taken = self.kept.get_mut(number.checked_sub(self.first)? as usize)?.take();
        while self.kept.front().is_some_and(Option::is_none) {
            self.kept.pop_front();
            self.first += 1;
        }
        taken
    }
}

/// Sums by member, without clearing a table of all of them each time.
#[derive(Default)]
pub struct Scratch {
    round: u32,
    first: Number,
    sums: Vec<(u32, f32)>,
    touched: Vec<Number>,
}

impl Scratch {
    pub fn begin(&mut self, first: Number, end: Number) {
        self.round += 1;
        self.touched.clear();
        if self.first != first || self.round == u32::MAX {
            self.sums.clear();
            self.first = first;
            self.round = 1;
        }
        self.sums.resize((end - first) as usize, (0, 0.0));
    }

    pub fn add(&mut self, number: Number, weight: f32) {
        let Some(place) = number.checked_sub(self.first).and_then(|it| self.sums.get_mut(it as usize)) else {
            return;
        };
        if place.0 != self.round {
            *place = (self.round, 0.0);
            self.touched.push(number);
        }
        place.1 += weight;
    }

    /// The largest sums first; among equals the latest.
    pub fn most(&mut self, at_most: usize) -> Vec<Number> {
        let sum = |number: Number| self.sums[(number - self.first) as usize].1;
        let mut found: Vec<(f32, Number)> = self.touched.iter().map(|&it| (sum(it), it)).collect();
        let order = |a: &(f32, Number), b: &(f32, Number)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
        if at_most < found.len() {
            found.select_nth_unstable_by(at_most, order);
            found.truncate(at_most);
        }
        found.sort_unstable_by(order);
        found.into_iter().map(|it| it.1).collect()
    }
}

/// Names are long and come again: each is kept once.
pub struct Interned<T> {
    known: std::collections::HashMap<T, u32>,
    all: Vec<Option<(T, u32)>>,
    free: Vec<u32>,
}

impl<T> Default for Interned<T> {
    fn default() -> Interned<T> {
        Interned { known: Default::default(), all: Vec::new(), free: Vec::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Interned<T> {
    pub fn intern(&mut self, what: &T) -> u32 {
        if let Some(&number) = self.known.get(what) {
            if let Some(Some((_, uses))) = self.all.get_mut(number as usize) {
                *uses += 1;
            }
            return number;
        }
        let number = self.free.pop().unwrap_or_else(|| {
            self.all.push(None);
            self.all.len() as u32 - 1
        });
        self.all[number as usize] = Some((what.clone(), 1));
        self.known.insert(what.clone(), number);
        number
    }

    pub fn get(&self, number: u32) -> Option<&T> {
        self.all.get(number as usize)?.as_ref().map(|it| &it.0)
    }

    pub fn release(&mut self, number: u32) {
        let Some(place) = self.all.get_mut(number as usize) else { return };
        let Some((what, uses)) = place else { return };
        *uses -= 1;
        if *uses == 0 {
            self.known.remove(what);
            *place = None;
            self.free.push(number);
        }
    }
}
