//! How likely an article and a story tell of the same happening: grounds, each with its weight.
//!
//! An article is held against a story twice: against the member that is most like it, and against all members taken
//! together. The first alone chains: a like b, b like c, until everything is one. The second alone loses the member that
//! says where the story went next.

use news::{Evidence, Sketch};

use crate::{
    Policy, Weights, evidence,
    print::Print,
    rarity::{Kind, Rarity},
};

/// What is compared, in the order of [`Features`]. What is measured of words and meaning counts otherwise where one of
/// both has hardly any text: those are weighed by themselves.
pub const FEATURES: [&str; 31] = [
    "base",
    "time apart",
    "long apart",
    "linked",
    "same text",
    "busy days",
    "headline words",
    "words",
    "headline told",
    "headline least told",
    "rare words",
    "meaning",
    "names",
    "names told",
    "numbers alike",
    "all: words",
    "all: names told",
    "short: base",
    "short: headline words",
    "short: words",
    "short: headline told",
    "short: headline least told",
    "short: rare words",
    "short: meaning",
    "short: names",
    "short: names told",
    "short: numbers",
    "short: all: words",
    "short: all: headline told",
    "short: all: meaning",
    "short: all: names told",
];

/// Grounds of the two articles, then of the article and the story as a whole.
const WITH_TEXT: usize = 6;
const WITH_TEXT_ALL: usize = 15;
const SHORT: usize = 17;
const SHORT_ALL: usize = 27;

pub type Features = [f32; FEATURES.len()];

/// Two articles beside each other.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// That they tell of the same happening, 0 to 1.
    pub likeness: f32,
    /// Why, or why not; the strongest ground first.
    pub evidence: Vec<Evidence>,
}

/// Why two articles are together, or why not, by what is known without the other news of these days.
pub fn compare(a: &Sketch, b: &Sketch, policy: &Policy) -> Comparison {
    let rarity = Rarity::default();
    let (asking, print) = (Asking::of(Print::of(a, &rarity), &rarity, 0.0), Print::of(b, &rarity));
    let mut measured = measure(&asking, &print);
    measure_alone(&mut measured, &asking, &print);
    Comparison {
        likeness: probability(odds(&measured, &policy.weights)),
        evidence: evidence::of(&measured, policy, a, b),
    }
}

/// The same text, perhaps with another headline: wire copy.
pub fn is_copy(a: &Sketch, b: &Sketch) -> bool {
    COPY <= equal_places(&a.understanding.shingles, &b.understanding.shingles)
}

/// Share of text from which two are one text with two publishers.
const COPY: f32 = 0.7;

pub fn odds(features: &Features, weights: &Weights) -> f32 {
    features.iter().zip(&weights.0).map(|(value, weight)| value * weight).sum()
}

/// Which of a story's members is most like the article, what is measured of both, and the odds.
pub fn most_alike(members: &[Features], weights: &Weights) -> (usize, Features, f32) {
    let each = members.iter().map(|it| odds(it, weights)).enumerate();
    let best = each.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
    best.map_or((0, [0.0; FEATURES.len()], f32::MIN), |(at, odds)| (at, members[at], odds))
}

pub fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// An article with how rare all it says is now: made once, compared with many.
pub struct Asking {
    pub print: Print,
    /// How many stories begin in these days, as a logarithm: among few articles two alike are more likely to be of one
    /// story than among many.
    pub busy: f32,
    pub words: Vec<Asked>,
    /// As rare and as prominent as they are, beside `print.names`.
    names: Vec<f32>,
    numbers: Vec<f32>,
}

/// A word, and how rare it is now.
#[derive(Clone, Copy)]
pub struct Asked {
    pub hash: u32,
    pub weight: f32,
    pub rare: f32,
    pub headline: bool,
}

impl Asking {
    pub fn of(print: Print, rarity: &Rarity, busy: f32) -> Asking {
        let rare = |kind: Kind, hash: u32| rarity.of(kind, hash, print.language);
        let words = print.words().map(|it| Asked {
            hash: it.hash,
            weight: it.weight,
            rare: rare(Kind::Word, it.hash),
            headline: it.headline,
        });
        Asking {
            busy,
            words: words.collect(),
            names: print.names().map(|(hash, prominence)| rare(Kind::Name, hash) * prominence).collect(),
            numbers: print.numbers.iter().map(|&it| rare(Kind::Number, it)).collect(),
            print,
        }
    }

    /// Names by hash, with what each weighs.
    pub fn names_weighed(&self) -> impl Iterator<Item = (u32, f32)> + '_ {
        self.print.names.iter().copied().zip(self.names.iter().copied())
    }
}

/// Of an article and one member; the grounds of the story as a whole stay 0.
pub fn measure(a: &Asking, b: &Print) -> Features {
    let print = &a.print;
    let words = words(a, b);
    let names = names(a, b);
    let meaning = meaning(print, b);
    let (mut numbers, mut shared_numbers) = (0.0, 0.0);
    for (at, _) in shared(&print.numbers, &b.numbers) {
        numbers += a.numbers[at];
        shared_numbers += 1.0;
    }
    let dated = print.at.0 != 0 && b.at.0 != 0;
    let days = if dated { print.at.apart(b.at).as_secs_f32() / 86_400.0 } else { 0.0 };
    let told = (words.told_a + words.told_b) / 2.0;
    let least_told = words.told_a.min(words.told_b);
    let numbers = (1.0 + numbers).ln();
    let rare = (1.0 + words.rare).ln();
    let mut features = [0.0; FEATURES.len()];
    let always = [
        1.0,
        (1.0 + days).ln(),
        (days - 3.0).max(0.0),
        flag(print.links.contains(&b.address) || b.links.contains(&print.address)),
        equal_places(&print.shingles, &b.shingles),
        a.busy,
    ];
    features[..WITH_TEXT].copy_from_slice(&always);
    if print.has_text && b.has_text {
        let alike = over(shared_numbers, ((print.numbers.len() * b.numbers.len()) as f32).sqrt());
        let grounds =
            [words.headline, words.all, told, least_told, rare, meaning, names.alike, names.told, alike];
        features[WITH_TEXT..WITH_TEXT_ALL].copy_from_slice(&grounds);
    } else {
        let grounds = [
            1.0,
            words.headline,
            words.all,
            told,
            least_told,
            rare,
            meaning,
            names.alike,
            names.told,
            numbers,
        ];
        features[SHORT..SHORT_ALL].copy_from_slice(&grounds);
    }
    features
}

/// A story of one is as its member is.
pub fn measure_alone(features: &mut Features, a: &Asking, b: &Print) {
    let words = words(a, b);
    let names = names(a, b);
    let all = crate::centre::Measured {
        words: words.all,
        headline: words.told_a,
        meaning: meaning(&a.print, b),
        names: names.told_a,
    };
    measure_all(features, &all);
}

/// Of an article and a story's members taken together.
pub fn measure_all(features: &mut Features, all: &crate::centre::Measured) {
    if features[SHORT] == 0.0 {
        let grounds = [all.words, all.names];
        features[WITH_TEXT_ALL..SHORT].copy_from_slice(&grounds);
    } else {
        let grounds = [all.words, all.headline, all.meaning, all.names];
        features[SHORT_ALL..].copy_from_slice(&grounds);
    }
}

fn flag(is: bool) -> f32 {
    f32::from(u8::from(is))
}

/// 0 where there is nothing to compare.
pub fn over(part: f32, whole: f32) -> f32 {
    if 0.0 < whole { (part / whole).min(1.0) } else { 0.0 }
}

fn meaning(a: &Print, b: &Print) -> f32 {
    if a.model == b.model { a.embedding.likeness(&b.embedding) } else { 0.0 }
}

#[derive(Default)]
struct Words {
    headline: f32,
    all: f32,
    told_a: f32,
    told_b: f32,
    rare: f32,
}

/// Both are sorted by hash: one walk.
fn words(a: &Asking, b: &Print) -> Words {
    let mut sums = Words::default();
    let mut mine = a.words.iter().peekable();
    for word in b.words() {
        while mine.next_if(|it| it.hash < word.hash).is_some() {}
        let Some(asked) = mine.next_if(|it| it.hash == word.hash) else { continue };
        sums.all += asked.weight * word.weight * asked.rare * asked.rare;
        sums.rare += (asked.rare - 4.0).max(0.0);
        sums.told_a += if asked.headline { asked.rare } else { 0.0 };
        sums.told_b += if word.headline { asked.rare } else { 0.0 };
        sums.headline += if asked.headline && word.headline { asked.rare * asked.rare } else { 0.0 };
    }
    Words {
        headline: over(sums.headline, a.print.headline_length * b.headline_length),
        all: over(sums.all, a.print.length * b.length),
        told_a: over(sums.told_a, a.print.headline_all),
        told_b: over(sums.told_b, b.headline_all),
        rare: sums.rare,
    }
}

struct Names {
    alike: f32,
    told: f32,
    told_a: f32,
}

fn names(a: &Asking, b: &Print) -> Names {
    let (mut alike, mut told_a, mut told_b) = (0.0, 0.0, 0.0);
    for (at, other) in shared(&a.print.names, &b.names) {
        let (mine, theirs) = (a.print.prominence(at), b.prominence(other));
        let rare = a.names[at] / mine.max(f32::MIN_POSITIVE);
        alike += rare * rare * mine * theirs;
        told_a += rare * mine;
        told_b += rare * theirs;
    }
    Names {
        alike: over(alike, a.print.names_length * b.names_length),
        told: (over(told_a, a.print.names_all) + over(told_b, b.names_all)) / 2.0,
        told_a: over(told_a, a.print.names_all),
    }
}

/// Places in both of what both have; both sorted.
fn shared<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = (usize, usize)> + 'a {
    let mut other = 0;
    a.iter().enumerate().filter_map(move |(at, hash)| {
        while b.get(other).is_some_and(|it| it < hash) {
            other += 1;
        }
        (b.get(other) == Some(hash)).then_some((at, other))
    })
}

fn equal_places<T: PartialEq>(a: &[T], b: &[T]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    over(a.iter().zip(b).filter(|(a, b)| a == b).count() as f32, a.len() as f32)
}
