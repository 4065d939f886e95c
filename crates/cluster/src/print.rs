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
    /// Words of its names, sorted; those of full names, whole, beside them.
    pub names: Box<[u32]>,
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
        Print {
            article: sketch.article,
            at: sketch.at,
            outlet: hash(&sketch.outlet),
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
            words: terms.iter().map(|it| it.hash).collect(),
            marks: terms.iter().map(Telling::mark).collect(),
            names: names(sketch),
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

    pub fn things(&self) -> impl Iterator<Item = (Kind, u32)> + '_ {
        let words = self.words.iter().map(|&it| (Kind::Word, it));
        let names = self.names.iter().map(|&it| (Kind::Name, it));
        words.chain(names).chain(self.numbers.iter().map(|&it| (Kind::Number, it)))
    }
}

/// Names are compared by their words, so that "Mr Shin" meets "Shin Won-sik".
fn names(sketch: &Sketch) -> Box<[u32]> {
    let mut words: Vec<u32> = Vec::new();
    for name in &sketch.understanding.names {
        if NAMES <= words.len() {
            break;
        }
        words.extend(
            name.key().split(' ').filter(|word| 1 < word.chars().count()).map(|word| hash(word) as u32),
        );
    }
    words.sort_unstable();
    words.dedup();
    words.into()
}
