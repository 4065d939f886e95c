//! What a story's members say, taken together; that of a story of one is what its article says.
//!
//! Words, names, numbers and meaning of each member are vectors of length 1, and a centre is their mean: so the product of
//! two centres is the mean likeness of all pairs of their members, however many ("average link" by centres).

use news::{Embedding, Name, NameKind, Sketch, Timestamp};

use crate::{
    rarity::{Kind, Rarity},
    said::{self, Said},
    table::hash,
};

/// So many of an article's most telling words are kept.
const WORDS: usize = 72;
const NAMES: usize = 40;

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
    pub words: Box<[Said]>,
    pub names: Box<[Said]>,
    pub numbers: Box<[Said]>,
    /// Lengths of the vectors of words and meaning: 1 for an article, less the more members differ.
    pub words_length: f32,
    pub meaning_length: f32,
    /// Of the mean of their directions only where it points; `meaning_length` tells how long it is.
    meaning: Embedding,
}

/// How much text articles come with: what is alike counts otherwise where there is little.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Headline,
    Lead,
    Whole,
}

impl Form {
    pub fn of(length: u32) -> Form {
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
        let names = names(sketch).into_iter().map(|(hash, prominence, person)| {
            (hash, rarity.of(Kind::Name, hash, language) * prominence, person)
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
            words: said::of_one(terms),
            names: said::names_of_one(names.collect()),
            numbers: said::of_one(numbers.collect()),
            words_length: 0.0,
            meaning_length: f32::from(u8::from(!understanding.embedding.is_empty())),
            meaning: understanding.embedding.clone(),
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
        if self.meaning.is_empty() {
            // What is not known of some says nothing against the others.
            (self.meaning, self.meaning_length) = (other.meaning.clone(), other.meaning_length);
        } else if self.meaning.can_be_compared(&other.meaning) {
            let (mine, its) = (mine as f32 * self.meaning_length, its as f32 * other.meaning_length);
            let (meaning, length) = sum(&self.meaning, mine, &other.meaning, its);
            self.meaning = meaning;
            self.meaning_length = length / (self.members + other.members).max(1) as f32;
        }
        self.members += its;
        self.text += other.text;
        self.times += other.times;
        self.began = self.began.min(other.began);
        self.last_grew = self.last_grew.max(other.last_grew);
        self.measure();
    }

    fn measure(&mut self) {
        self.words_length = said::length(&self.words);
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

    /// Told in another language, as far as both are known.
    pub fn is_abroad(&self, from: &Centre) -> bool {
        let unknown = hash("");
        self.language != from.language && self.language != unknown && from.language != unknown
    }

    /// Of a story of one: the words of its headline.
    pub fn headline(&self) -> Box<[u32]> {
        self.words.iter().filter(|it| 0.0 < it.told()).map(|it| it.hash).collect()
    }

    /// How many of the other members say a word of this member's headline, 0 to 1, mean of its words.
    pub fn said_by_others(&self, headline: &[u32]) -> f32 {
        let members = self.members as f32;
        let share = |hash: &u32| {
            let at = self.words.binary_search_by_key(hash, |it| it.hash).ok()?;
            Some((self.words[at].share() * members - 1.0) / (members - 1.0).max(1.0))
        };
        let said: f32 = headline.iter().filter_map(share).map(|it| it.max(0.0)).sum();
        said / headline.len().max(1) as f32
    }

    pub fn direction(&self) -> &Embedding {
        &self.meaning
    }

    /// Mean likeness in meaning of the members of both; less than nothing in common is nothing, as is what is not known.
    pub fn meaning(&self, other: &Centre) -> f32 {
        (self.meaning.likeness(&other.meaning) * self.meaning_length * other.meaning_length).max(0.0)
    }
}

/// Of two directions, each so long: where their sum points, and how long it is.
fn sum(a: &Embedding, long: f32, b: &Embedding, as_long: f32) -> (Embedding, f32) {
    let (mine, its) = (long / a.length().max(1.0), as_long / b.length().max(1.0));
    let values: Vec<f32> =
        a.values().iter().zip(b.values()).map(|(&a, &b)| mine * f32::from(a) + its * f32::from(b)).collect();
    let length = values.iter().map(|it| it * it).sum::<f32>().sqrt();
    let largest = values.iter().fold(0.0_f32, |most, it| most.max(it.abs()));
    let scale = if 0.0 < largest { 127.0 / largest } else { 0.0 };
    // Up as often as the rest says: always to the nearest, one article among very many would change nothing, ever.
    let rounded = values.iter().enumerate().map(|(at, it)| {
        let spread =
            ((at as u32 ^ length.to_bits()).wrapping_mul(0x9e37_79b9) >> 8) as f32 / (1 << 24) as f32;
        (it * scale + spread).floor().clamp(-127.0, 127.0) as i8
    });
    (Embedding::from_values(rounded.collect()).by(a.model()), length)
}

/// Names are compared by their words, so that "Mr Shin" meets "Shin Won-sik". The most prominent come first in an
/// article's list (1); each later one is less so. With whether it is a person's.
fn names(sketch: &Sketch) -> Vec<(u32, f32, bool)> {
    let mut words = named(&sketch.understanding.names);
    words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    words.dedup_by_key(|it| it.0);
    words
}

fn named(names: &[Name]) -> Vec<(u32, f32, bool)> {
    let mut words: Vec<(u32, f32, bool)> = Vec::new();
    for (place, name) in names.iter().enumerate() {
        if NAMES <= words.len() {
            break;
        }
        let person = name.kind == NameKind::Person;
        words.extend(words_of(&name.key()).map(|word| (word, prominence(place), person)));
    }
    words
}

fn prominence(place: usize) -> f32 {
    1.0 / (1.0 + place as f32 / 2.0).sqrt()
}

pub fn words_of(name: &str) -> impl Iterator<Item = u32> {
    name.split(' ').filter(|word| 1 < word.chars().count()).map(|word| hash(word) as u32)
}
