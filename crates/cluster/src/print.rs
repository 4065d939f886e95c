//! The print of an article: what is kept of it to compare others with. About a kilobyte.

use news::{ArticleId, Embedding, Sketch, Timestamp};

use crate::{
    rarity::{Kind, Rarity},
    table::hash,
};

/// So many of its most telling words are kept.
const WORDS: usize = 72;
const NAMES: usize = 40;
const LINKS: usize = 16;

#[derive(Clone)]
pub struct Print {
    pub article: ArticleId,
    /// 0 where the time is not known.
    pub at: Timestamp,
    pub outlet: u64,
    pub address: u64,
    pub links: Box<[u64]>,
    pub language: u64,
    pub model: u64,
    pub embedding: Embedding,
    /// Words by hash; beside each its weight (low bits) and whether it stands in the headline (highest).
    words: Box<[u32]>,
    marks: Box<[u8]>,
    /// Lengths of the vectors of all words and of the headline's, as rare as they were when it came.
    pub length: f32,
    pub headline_length: f32,
    pub headline_all: f32,
    /// Words of its names, sorted, and how prominent each is there.
    pub names: Box<[u32]>,
    prominence: Box<[u8]>,
    pub names_length: f32,
    pub names_all: f32,
    pub numbers: Box<[u32]>,
    /// 16 bits of each are enough to tell equal from not.
    pub shingles: Box<[u16]>,
    /// It has more to it than a headline and a sentence.
    pub has_text: bool,
}

#[derive(Clone, Copy)]
pub struct Word {
    pub hash: u32,
    pub weight: f32,
    pub headline: bool,
}

/// A word and what it tells, before it is packed.
struct Telling {
    hash: u32,
    weight: f32,
    headline: bool,
    rare: f32,
}

impl Telling {
    fn tells(&self) -> f32 {
        self.weight * self.rare
    }

    fn mark(&self) -> u8 {
        (self.weight * STEPS).round().clamp(1.0, 127.0) as u8 | if self.headline { IN_HEADLINE } else { 0 }
    }
}

const IN_HEADLINE: u8 = 0x80;
const STEPS: f32 = 20.0;

impl Print {
    pub fn of(sketch: &Sketch, rarity: &Rarity) -> Print {
        let understanding = &sketch.understanding;
        let language = hash(&understanding.language.0);
        let rare = |hash: u32| rarity.of(Kind::Word, hash, language);
        let mut terms: Vec<Telling> = understanding
            .terms
            .iter()
            .map(|it| Telling {
                hash: it.hash,
                weight: it.weight,
                headline: it.headline,
                rare: rare(it.hash),
            })
            .collect();
        if WORDS < terms.len() {
            // The headline's words are always kept; ties go by hash.
            let order = |a: &Telling, b: &Telling| {
                b.headline.cmp(&a.headline).then(b.tells().total_cmp(&a.tells())).then(a.hash.cmp(&b.hash))
            };
            terms.sort_unstable_by(order);
            terms.truncate(WORDS);
        }
        terms.sort_unstable_by_key(|it| it.hash);
        let names = names(sketch);
        let weigh = |it: &(u32, u8)| rarity.of(Kind::Name, it.0, language) * f32::from(it.1) / MOST_PROMINENT;
        Print {
            article: sketch.article,
            at: sketch.at,
            outlet: if sketch.outlet.is_empty() { 0 } else { hash(&sketch.outlet) },
            address: sketch.address,
            links: sketch.links.iter().copied().take(LINKS).collect(),
            language,
            model: hash(&understanding.model),
            embedding: understanding.embedding.clone(),
            length: terms.iter().map(|it| it.tells().powi(2)).sum::<f32>().sqrt(),
            headline_length: terms
                .iter()
                .filter(|it| it.headline)
                .map(|it| it.rare.powi(2))
                .sum::<f32>()
                .sqrt(),
            headline_all: terms.iter().filter(|it| it.headline).map(|it| it.rare).sum(),
            words: terms.iter().map(|it| it.hash).collect(),
            marks: terms.iter().map(Telling::mark).collect(),
            names_length: names.iter().map(|it| weigh(it).powi(2)).sum::<f32>().sqrt(),
            names_all: names.iter().map(weigh).sum(),
            prominence: names.iter().map(|it| it.1).collect(),
            names: names.into_iter().map(|it| it.0).collect(),
            numbers: understanding.numbers.iter().copied().collect(),
            shingles: understanding.shingles.iter().map(|&it| it as u16).collect(),
            has_text: 400 <= sketch.length,
        }
    }

    /// By hash.
    pub fn words(&self) -> impl Iterator<Item = Word> + '_ {
        self.words.iter().zip(&self.marks).map(|(&hash, &mark)| Word {
            hash,
            weight: f32::from(mark & !IN_HEADLINE) / STEPS,
            headline: mark & IN_HEADLINE != 0,
        })
    }

    /// Words of names, by hash, and how prominent they are: 1 is the first.
    pub fn names(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        (0..self.names.len()).map(|at| (self.names[at], self.prominence(at)))
    }

    pub fn prominence(&self, at: usize) -> f32 {
        f32::from(self.prominence[at]) / MOST_PROMINENT
    }

    pub fn things(&self) -> impl Iterator<Item = (Kind, u32)> + '_ {
        let words = self.words.iter().map(|&it| (Kind::Word, it));
        let names = self.names.iter().map(|&it| (Kind::Name, it));
        words.chain(names).chain(self.numbers.iter().map(|&it| (Kind::Number, it)))
    }
}

/// The first name of an article is this prominent.
const MOST_PROMINENT: f32 = 64.0;

/// Names are compared by their words, so that "Mr Shin" meets "Shin Won-sik". The most prominent come first in an
/// article's list; each later one is less so.
fn names(sketch: &Sketch) -> Vec<(u32, u8)> {
    let mut words: Vec<(u32, u8)> = Vec::new();
    for (place, name) in sketch.understanding.names.iter().enumerate() {
        if NAMES <= words.len() {
            break;
        }
        let prominence = (MOST_PROMINENT / (1.0 + place as f32 / 2.0).sqrt()) as u8;
        let key = name.key();
        let telling = key.split(' ').filter(|word| 1 < word.chars().count());
        words.extend(telling.map(|word| (hash(word) as u32, prominence)));
    }
    words.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    words.dedup_by_key(|it| it.0);
    words
}
