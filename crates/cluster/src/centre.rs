//! What a story's members say, taken together; that of a story of one is what its article says.
//!
//! Words, names, numbers and meaning of each member are vectors of length 1, and a centre is their mean: so the product of
//! two centres is the mean likeness of all pairs of their members, however many ("average link" by centres).

use news::{Embedding, Face, Sketch, Timestamp};

use crate::{
    rarity::{Kind, Rarity},
    said::{self, Said},
    table::hash,
};

/// So many of an article's most telling words are kept.
const WORDS: usize = 72;
const NAMES: usize = 40;

/// A direction of length 1 is so long in whole numbers.
const LONG: f32 = 16_384.0;

#[derive(Clone)]
pub struct Centre {
    pub members: u32,
    /// How much text its members have, summed.
    text: u32,
    pub began: Timestamp,
    pub last_grew: Timestamp,
    /// Times of all members, summed.
    times: i64,
    pub language: u64,
    pub model: u64,
    pub words: Box<[Said]>,
    pub names: Box<[Said]>,
    pub numbers: Box<[Said]>,
    /// Lengths of the vectors of words, names and meaning: 1 for an article, less the more members differ.
    pub words_length: f32,
    pub names_length: f32,
    pub meaning_length: f32,
    meaning: Meaning,
}

#[derive(Clone)]
enum Meaning {
    One(Embedding),
    Mean(Box<[i16]>),
}

/// How much text articles come with: what is alike counts otherwise where there is little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Headline,
    Lead,
    Whole,
}

impl Form {
    fn of(length: u32) -> Form {
        match length {
            0..60 => Form::Headline,
            60..400 => Form::Lead,
            _ => Form::Whole,
        }
    }
}

impl Centre {
    /// What an article says, as rare as it is now.
    pub fn of(sketch: &Sketch, rarity: &Rarity) -> Centre {
        let understanding = &sketch.understanding;
        let language = hash(&understanding.language.0);
        let rare = |hash: u32| rarity.of(Kind::Word, hash, language);
        let mut terms: Vec<said::Telling> = understanding
            .terms
            .iter()
            .map(|it| {
                let rare = rare(it.hash);
                let told = if it.headline { rare } else { 0.0 };
                said::Telling { hash: it.hash, weight: it.weight * rare, told }
            })
            .collect();
        if WORDS < terms.len() {
            // The headline's words are always kept; ties go by hash.
            let headline = |it: &said::Telling| 0.0 < it.told;
            terms.sort_unstable_by(|a, b| {
                let order = headline(b).cmp(&headline(a)).then(b.weight.total_cmp(&a.weight));
                order.then(a.hash.cmp(&b.hash))
            });
            terms.truncate(WORDS);
        }
        let names = names(sketch).into_iter().map(|(hash, prominence)| {
            let weight = rarity.of(Kind::Name, hash, language) * prominence;
            said::Telling { hash, weight, told: weight }
        });
        let numbers =
            understanding.numbers.iter().map(|&hash| said::Telling { hash, weight: 1.0, told: 0.0 });
        let mut centre = Centre {
            members: 1,
            text: Form::of(sketch.length) as u32,
            began: sketch.at,
            last_grew: sketch.at,
            times: sketch.at.0,
            language,
            model: hash(&understanding.model),
            words: said::of_one(terms),
            names: said::of_one(names.collect()),
            numbers: said::of_one(numbers.collect()),
            words_length: 0.0,
            names_length: 0.0,
            meaning_length: 0.0,
            meaning: Meaning::One(understanding.embedding.clone()),
        };
        centre.measure();
        centre
    }

    /// All that another's members say too.
    pub fn take_in(&mut self, other: &Centre) {
        let (mine, its) = (self.members, other.members);
        self.words = said::together(&self.words, mine, &other.words, its, said::WORDS);
        self.names = said::together(&self.names, mine, &other.names, its, said::NAMES);
        self.numbers = said::together(&self.numbers, mine, &other.numbers, its, said::NUMBERS);
        if self.model == other.model && self.width() == other.width() {
            self.meaning = Meaning::Mean(mean(&self.steps(), mine, &other.steps(), its));
        }
        self.members += its;
        self.text += other.text;
        self.times += other.times;
        self.began = self.began.min(other.began);
        self.last_grew = self.last_grew.max(other.last_grew);
        self.measure();
    }

    /// A part of it, by what is known of the part.
    pub fn shown_as(&self, face: &Face) -> Centre {
        let telling = |hash: u32, weight: f32, told: f32| said::Telling { hash, weight, told };
        let words = face
            .terms
            .iter()
            .map(|it| telling(it.hash, it.weight, if it.headline { it.weight } else { 0.0 }));
        let mut names: Vec<said::Telling> = Vec::new();
        for (place, name) in face.names.iter().enumerate() {
            let prominence = prominence(place);
            names.extend(words_of(&name.key()).map(|hash| telling(hash, prominence, prominence)));
        }
        let mut centre = Centre {
            members: face.articles,
            text: self.text * face.articles / self.members.max(1),
            began: face.began,
            last_grew: face.last_grew,
            times: (face.began.0 + face.last_grew.0) / 2 * i64::from(face.articles),
            words: said::of_one(words.collect()),
            names: said::of_one(names),
            numbers: Box::default(),
            meaning: Meaning::One(face.centre.clone()),
            ..self.clone()
        };
        centre.measure();
        centre
    }

    fn measure(&mut self) {
        self.words_length = said::length(&self.words);
        self.names_length = said::length(&self.names);
        self.meaning_length = match &self.meaning {
            Meaning::One(embedding) => f32::from(u8::from(!embedding.is_empty())),
            Meaning::Mean(mean) => {
                let square: i64 = mean.iter().map(|&it| i64::from(it) * i64::from(it)).sum();
                (square as f32).sqrt() / LONG
            }
        };
    }

    pub fn form(&self) -> Form {
        match (2 * self.text + self.members) / (2 * self.members.max(1)) {
            0 => Form::Headline,
            1 => Form::Lead,
            _ => Form::Whole,
        }
    }

    /// Mean time of its members.
    pub fn middle(&self) -> Timestamp {
        Timestamp(self.times / i64::from(self.members.max(1)))
    }

    pub fn is_dated(&self) -> bool {
        self.began.0 != 0
    }

    pub fn direction(&self) -> Embedding {
        match &self.meaning {
            Meaning::One(embedding) => embedding.clone(),
            Meaning::Mean(mean) => Embedding::of(&mean.iter().map(|&it| f32::from(it)).collect::<Vec<_>>()),
        }
    }

    /// Mean likeness in meaning of the members of both; less than nothing in common is nothing.
    pub fn meaning(&self, other: &Centre) -> f32 {
        if self.model != other.model || self.width() != other.width() {
            return 0.0;
        }
        let product = match (&self.meaning, &other.meaning) {
            (Meaning::One(a), Meaning::One(b)) => a.likeness(b),
            (Meaning::One(one), Meaning::Mean(mean)) | (Meaning::Mean(mean), Meaning::One(one)) => {
                let dot: i32 =
                    one.values().iter().zip(mean).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
                dot as f32 / (one.length().max(1.0) * LONG)
            }
            (Meaning::Mean(a), Meaning::Mean(b)) => {
                let dot: i32 = a.iter().zip(b).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum();
                dot as f32 / (LONG * LONG)
            }
        };
        product.max(0.0)
    }

    fn width(&self) -> usize {
        match &self.meaning {
            Meaning::One(embedding) => embedding.values().len(),
            Meaning::Mean(mean) => mean.len(),
        }
    }

    fn steps(&self) -> Box<[i16]> {
        match &self.meaning {
            Meaning::One(embedding) => embedding.direction().map(|it| (it * LONG).round() as i16).collect(),
            Meaning::Mean(mean) => mean.clone(),
        }
    }
}

/// Whole numbers, so that it is the same on every machine.
fn mean(a: &[i16], of: u32, b: &[i16], more: u32) -> Box<[i16]> {
    let all = i64::from(of + more).max(1);
    let mean = |(&a, &b): (&i16, &i16)| {
        let sum = i64::from(a) * i64::from(of) + i64::from(b) * i64::from(more);
        ((2 * sum + all).div_euclid(2 * all)) as i16
    };
    a.iter().zip(b).map(mean).collect()
}

/// Names are compared by their words, so that "Mr Shin" meets "Shin Won-sik". The most prominent come first in an
/// article's list (1); each later one is less so.
fn names(sketch: &Sketch) -> Vec<(u32, f32)> {
    let mut words: Vec<(u32, f32)> = Vec::new();
    for (place, name) in sketch.understanding.names.iter().enumerate() {
        if NAMES <= words.len() {
            break;
        }
        words.extend(words_of(&name.key()).map(|word| (word, prominence(place))));
    }
    words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    words.dedup_by_key(|it| it.0);
    words
}

fn prominence(place: usize) -> f32 {
    1.0 / (1.0 + place as f32 / 2.0).sqrt()
}

pub fn words_of(name: &str) -> impl Iterator<Item = u32> {
    name.split(' ').filter(|word| 1 < word.chars().count()).map(|word| hash(word) as u32)
}
