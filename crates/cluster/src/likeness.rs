//! How likely two articles tell of the same happening: grounds, each with its weight.

use news::{Evidence, Sketch};

use crate::{
    Policy, evidence,
    print::Print,
    rarity::{Kind, Rarity},
};

/// What is compared, in the order of [`Features`].
pub const FEATURES: [&str; 17] = [
    "base",
    "headline words",
    "words",
    "headline told",
    "headline least told",
    "rare words",
    "meaning",
    "names",
    "names in all",
    "numbers",
    "time apart",
    "long apart",
    "same outlet",
    "linked",
    "same text",
    "words without text",
    "meaning without text",
];

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
    let (print_a, print_b) = (Asking::of(Print::of(a, &rarity), &rarity), Print::of(b, &rarity));
    let measured = measure(&print_a, &print_b);
    Comparison {
        likeness: probability(odds(&measured, policy)),
        evidence: evidence::of(&measured, policy, a, b),
    }
}

/// What is measured of two articles, for fitting.
pub fn features(a: &Sketch, b: &Sketch) -> Features {
    let rarity = Rarity::default();
    measure(&Asking::of(Print::of(a, &rarity), &rarity), &Print::of(b, &rarity))
}

/// The same text, perhaps with another headline: wire copy.
pub fn is_copy(a: &Sketch, b: &Sketch) -> bool {
    let (a, b) = (&a.understanding.shingles, &b.understanding.shingles);
    let equal = a.iter().zip(b).filter(|(a, b)| a == b).count();
    !a.is_empty() && a.len() == b.len() && 0.7 <= equal as f32 / a.len() as f32
}

pub fn odds(features: &Features, policy: &Policy) -> f32 {
    features.iter().zip(&policy.weights.0).map(|(value, weight)| value * weight).sum()
}

pub fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// An article with how rare all it says is now: made once, compared with many.
pub struct Asking {
    pub print: Print,
    pub words: Vec<(u32, f32, f32, bool)>,
    names: Vec<f32>,
    names_all: f32,
    numbers: Vec<f32>,
    headline_all: f32,
}

impl Asking {
    pub fn of(print: Print, rarity: &Rarity) -> Asking {
        let words: Vec<_> = print
            .words()
            .map(|it| (it.hash, it.weight, rarity.of(Kind::Word, it.hash, print.language), it.headline))
            .collect();
        let rare = |kind: Kind, hashes: &[u32]| {
            hashes.iter().map(|&it| rarity.of(kind, it, print.language)).collect()
        };
        let names: Vec<f32> = rare(Kind::Name, &print.names);
        Asking {
            names_all: names.iter().sum(),
            numbers: rare(Kind::Number, &print.numbers),
            headline_all: words.iter().filter(|it| it.3).map(|it| it.2).sum(),
            words,
            names,
            print,
        }
    }
}

pub fn measure(a: &Asking, b: &Print) -> Features {
    let words = words(a, b);
    let print = &a.print;
    let meaning = if print.model == b.model { print.embedding.likeness(&b.embedding) } else { 0.0 };
    let names = shared(&print.names, &b.names).map(|place| a.names[place]).sum::<f32>();
    let name_share =
        if names == 0.0 { 0.0 } else { names / (a.names_all * b.names.len().max(1) as f32 * 6.0).sqrt() };
    let numbers = shared(&print.numbers, &b.numbers).map(|place| a.numbers[place]).sum::<f32>();
    let days = if print.at.0 == 0 || b.at.0 == 0 {
        None
    } else {
        Some(print.at.apart(b.at).as_secs_f32() / 86_400.0)
    };
    let without_text = f32::from(u8::from(!print.has_text || !b.has_text));
    [
        1.0,
        words.headline,
        words.all,
        (words.told_a + words.told_b) / 2.0,
        words.told_a.min(words.told_b),
        (1.0 + words.rare).ln(),
        meaning,
        name_share.min(1.0),
        (1.0 + names).ln(),
        (1.0 + numbers).ln(),
        days.map_or(0.0, |days| (1.0 + days).ln()),
        days.map_or(0.0, |days| (days - 3.0).max(0.0)),
        f32::from(u8::from(print.outlet == b.outlet)),
        f32::from(u8::from(print.links.contains(&b.address) || b.links.contains(&print.address))),
        copied(print, b),
        without_text * words.all,
        without_text * meaning,
    ]
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
    let (mut all, mut headline, mut told_a, mut told_b, mut told_b_all, mut rare) =
        (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
    let mut mine = a.words.iter().peekable();
    for word in b.words() {
        while mine.next_if(|it| it.0 < word.hash).is_some() {}
        let Some(&(_, weight, idf, in_headline)) = mine.next_if(|it| it.0 == word.hash) else {
            told_b_all += if word.headline { 6.0 } else { 0.0 };
            continue;
        };
        all += weight * word.weight * idf * idf;
        rare += (idf - 4.0).max(0.0);
        if in_headline {
            told_a += idf;
        }
        if word.headline {
            told_b += idf;
            told_b_all += idf;
        }
        if in_headline && word.headline {
            headline += idf * idf;
        }
    }
    let over = |part: f32, whole: f32| if 0.0 < whole { (part / whole).min(1.0) } else { 0.0 };
    let length = a.words.iter().map(|it| (it.1 * it.2).powi(2)).sum::<f32>().sqrt();
    let headline_length = a.words.iter().filter(|it| it.3).map(|it| it.2 * it.2).sum::<f32>().sqrt();
    Words {
        headline: over(headline, headline_length * b.headline_length),
        all: over(all, length * b.length),
        told_a: over(told_a, a.headline_all),
        told_b: over(told_b, told_b_all),
        rare,
    }
}

/// Places in `a` of what both have; both sorted.
fn shared<'a>(a: &'a [u32], b: &'a [u32]) -> impl Iterator<Item = usize> + 'a {
    let mut at = 0;
    a.iter().enumerate().filter_map(move |(place, hash)| {
        while b.get(at).is_some_and(|it| it < hash) {
            at += 1;
        }
        (b.get(at) == Some(hash)).then_some(place)
    })
}

fn copied(a: &Print, b: &Print) -> f32 {
    if a.shingles.is_empty() || a.shingles.len() != b.shingles.len() {
        return 0.0;
    }
    let equal = a.shingles.iter().zip(&b.shingles).filter(|(a, b)| a == b).count();
    equal as f32 / a.shingles.len() as f32
}
