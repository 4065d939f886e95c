//! A story's members taken together: what most of them say.

use news::Embedding;

use crate::{
    likeness::{Asking, over},
    print::{Print, Word},
    rarity::{Kind, Rarity},
};

/// The centre keeps the words that weigh most, and lets go of the rest when there are too many.
const WORDS: usize = 128;
const SLACK: usize = 192;
const NAMES: usize = 64;
/// Directions are summed in these steps: whole numbers add up the same in any grouping.
const STEPS: f32 = 1024.0;

#[derive(Clone, Default)]
pub struct Centre {
    pub members: u32,
    model: u64,
    direction: Box<[i32]>,
    /// By hash.
    words: Vec<(u32, Said)>,
    names: Vec<(u32, u16)>,
}

/// How members say a word.
#[derive(Clone, Copy)]
struct Said {
    /// Their weights of it, summed.
    sum: f32,
    members: u16,
    /// As rare as it was when last said.
    rare: f32,
}

/// An article beside all members.
#[derive(Clone, Copy)]
pub struct Measured {
    pub words: f32,
    /// Of its headline, as much as they say.
    pub headline: f32,
    pub meaning: f32,
    pub names: f32,
}

impl Centre {
    pub fn add(&mut self, print: &Print, rarity: &Rarity) {
        if self.members == 0 {
            self.model = print.model;
            self.direction = vec![0; print.embedding.values().len()].into();
        }
        self.members += 1;
        if self.model == print.model && self.direction.len() == print.embedding.values().len() {
            let steps = print.embedding.direction().map(|it| (it * STEPS).round() as i32);
            self.direction.iter_mut().zip(steps).for_each(|(sum, step)| *sum += step);
        }
        let said = |it: Word| Said {
            sum: it.weight,
            members: 1,
            rare: rarity.of(Kind::Word, it.hash, print.language),
        };
        merge(&mut self.words, print.words().map(|it| (it.hash, said(it))), |known, more| {
            *known =
                Said { sum: known.sum + more.sum, members: known.members.saturating_add(1), rare: more.rare };
        });
        merge(&mut self.names, print.names.iter().map(|&it| (it, 1)), |sum, more| {
            *sum = sum.saturating_add(more)
        });
        self.keep_most();
    }

    /// All of another story's members too.
    pub fn take_in(&mut self, other: &Centre) {
        if self.model == other.model && self.direction.len() == other.direction.len() {
            self.direction.iter_mut().zip(&other.direction).for_each(|(sum, more)| *sum += more);
        }
        self.members += other.members;
        merge(&mut self.words, other.words.iter().copied(), |known, more| {
            let members = known.members.saturating_add(more.members);
            *known = Said { sum: known.sum + more.sum, members, rare: known.rare };
        });
        merge(&mut self.names, other.names.iter().copied(), |sum, more| *sum = sum.saturating_add(more));
        self.keep_most();
    }

    fn keep_most(&mut self) {
        keep_most(&mut self.words, SLACK, WORDS, |a, b| (b.sum * b.rare).total_cmp(&(a.sum * a.rare)));
        keep_most(&mut self.names, NAMES + NAMES / 2, NAMES, |a, b| b.cmp(a));
    }

    pub fn direction(&self) -> Embedding {
        Embedding::of(&self.direction.iter().map(|&it| it as f32).collect::<Vec<f32>>())
    }

    pub fn measure(&self, a: &Asking) -> Measured {
        let members = self.members.max(1) as f32;
        let mut sums = Measured { words: 0.0, headline: 0.0, meaning: 0.0, names: 0.0 };
        let mut square = 0.0;
        let mut mine = a.words.iter().peekable();
        for &(hash, said) in &self.words {
            while mine.next_if(|it| it.hash < hash).is_some() {}
            let weight = said.sum / members;
            square += (weight * said.rare).powi(2);
            let Some(asked) = mine.next_if(|it| it.hash == hash) else { continue };
            sums.words += weight * asked.weight * asked.rare * said.rare;
            // A word that every member says is told wholly, one that few say hardly.
            sums.headline += if asked.headline {
                asked.rare * (2.0 * f32::from(said.members) / members).min(1.0)
            } else {
                0.0
            };
        }
        Measured {
            words: over(sums.words, a.print.length * square.sqrt()),
            headline: over(sums.headline, a.print.headline_all),
            meaning: if self.model == a.print.model { self.meaning(&a.print.embedding) } else { 0.0 },
            names: self.names_told(a, members),
        }
    }

    fn meaning(&self, embedding: &Embedding) -> f32 {
        if self.direction.len() != embedding.values().len() {
            return 0.0;
        }
        let (mut dot, mut square) = (0.0, 0.0);
        for (&sum, part) in self.direction.iter().zip(embedding.direction()) {
            dot += sum as f32 * part;
            square += sum as f32 * sum as f32;
        }
        over(dot.max(0.0), square.sqrt())
    }

    fn names_told(&self, a: &Asking, members: f32) -> f32 {
        let mut told = 0.0;
        let mut mine = a.names_weighed().peekable();
        for &(hash, count) in &self.names {
            while mine.next_if(|it| it.0 < hash).is_some() {}
            if let Some((_, weight)) = mine.next_if(|it| it.0 == hash) {
                told += weight * (2.0 * f32::from(count) / members).min(1.0);
            }
        }
        over(told, a.print.names_all)
    }
}

/// Both by hash.
fn merge<T: Copy>(into: &mut Vec<(u32, T)>, more: impl Iterator<Item = (u32, T)>, add: impl Fn(&mut T, T)) {
    let mut new = Vec::new();
    let mut at = 0;
    for (hash, weight) in more {
        while into.get(at).is_some_and(|it| it.0 < hash) {
            at += 1;
        }
        match into.get_mut(at).filter(|it| it.0 == hash) {
            Some(known) => add(&mut known.1, weight),
            None => new.push((hash, weight)),
        }
    }
    into.extend(new);
    into.sort_unstable_by_key(|it| it.0);
}

/// Ties go by hash.
fn keep_most<T: Copy>(
    of: &mut Vec<(u32, T)>,
    from: usize,
    most: usize,
    order: impl Fn(&T, &T) -> std::cmp::Ordering,
) {
    if from < of.len() {
        of.sort_unstable_by(|a, b| order(&a.1, &b.1).then(a.0.cmp(&b.0)));
        of.truncate(most);
        of.sort_unstable_by_key(|it| it.0);
    }
}
