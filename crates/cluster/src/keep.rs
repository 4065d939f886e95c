//! What the index is made of: stories by number, sums by story, things that are kept once.

use std::collections::VecDeque;

use crate::told::Told;

/// A story's place in the order of beginning. Never given out twice.
pub type Number = u32;

/// Stories by number; those that are gone leave a hole until all before them are gone too.
#[derive(Default)]
pub struct Stories {
    first: Number,
    kept: VecDeque<Place>,
}

enum Place {
    Told(Box<Told>),
    /// It is part of that one now.
    Moved(Number),
    Gone,
}

impl Stories {
    pub fn push(&mut self, told: Told) -> Number {
        self.kept.push_back(Place::Told(Box::new(told)));
        self.first + self.kept.len() as Number - 1
    }

    fn place(&self, number: Number) -> Option<&Place> {
        self.kept.get(number.checked_sub(self.first)? as usize)
    }

    fn place_mut(&mut self, number: Number) -> Option<&mut Place> {
        self.kept.get_mut(number.checked_sub(self.first)? as usize)
    }

    /// The number under which it stands, whatever it was joined to.
    pub fn stands_at(&self, mut number: Number) -> Option<Number> {
        loop {
            match self.place(number)? {
                Place::Told(_) => return Some(number),
                Place::Moved(to) => number = *to,
                Place::Gone => return None,
            }
        }
    }

    pub fn get(&self, number: Number) -> Option<&Told> {
        match self.place(self.stands_at(number)?)? {
            Place::Told(told) => Some(told),
            _ => None,
        }
    }

    pub fn get_mut(&mut self, number: Number) -> Option<&mut Told> {
        let number = self.stands_at(number)?;
        match self.place_mut(number)? {
            Place::Told(told) => Some(told),
            _ => None,
        }
    }

    pub fn move_to(&mut self, number: Number, to: Number) -> Option<Told> {
        match std::mem::replace(self.place_mut(number)?, Place::Moved(to)) {
            Place::Told(told) => Some(*told),
            _ => None,
        }
    }

    pub fn take(&mut self, number: Number) -> Option<Told> {
        let taken = std::mem::replace(self.place_mut(number)?, Place::Gone);
        while !self.kept.is_empty() && self.stands_at(self.first).is_none() {
            self.kept.pop_front();
            self.first += 1;
        }
        match taken {
            Place::Told(told) => Some(*told),
            _ => None,
        }
    }
}

/// Sums by story, without clearing a table of all of them each time.
#[derive(Default)]
pub struct Scratch {
    round: u32,
    word: u32,
    first: Number,
    sums: Vec<Sum>,
    touched: Vec<Number>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    round: u32,
    /// The word that it was last added for: a story counts once for each.
    word: u32,
    sum: f32,
}

impl Scratch {
    pub fn begin(&mut self, stories: &Stories) {
        self.round = self.round.wrapping_add(1);
        self.touched.clear();
        if self.first != stories.first || self.round == 0 {
            self.sums.clear();
            self.first = stories.first;
            self.round = 1;
        }
        self.word = 0;
        self.sums.resize(stories.kept.len(), Sum::default());
    }

    pub fn next_word(&mut self) {
        self.word += 1;
    }

    pub fn add(&mut self, number: Number, weight: f32) {
        let at = number.checked_sub(self.first).map(|it| it as usize);
        let Some(place) = at.and_then(|it| self.sums.get_mut(it)) else { return };
        if place.round != self.round {
            *place = Sum { round: self.round, word: 0, sum: 0.0 };
            self.touched.push(number);
        }
        if place.word != self.word {
            place.word = self.word;
            place.sum += weight;
        }
    }

    /// The largest sums first; among equals the latest.
    pub fn most(&mut self, at_most: usize) -> Vec<Number> {
        let sum = |number: Number| self.sums[(number - self.first) as usize].sum;
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
