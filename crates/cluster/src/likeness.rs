//! How likely two stories tell of the same happening; an article that just came is a story of one. Grounds, each with its
//! weight.
//!
//! What is measured is the likeness of the two centres. Among many members chance evens out, so it grows with the stories
//! and says more than any pair; "grown" asks for as much more.

use news::{Evidence, Sketch};

use crate::{
    Policy, Weights,
    centre::{Centre, Form},
    evidence,
    rarity::{Kind, Rarity},
    said::{Said, shared},
};

/// Grounds of two whole articles; "lead: " and "headline: " are those of articles with little text or none.
pub const GROUNDS: [&str; 16] = [
    "base",
    "grown",
    "undated",
    "words",
    "words within",
    "headline told",
    "rare words",
    "meaning",
    "names",
    "nameless",
    "people",
    "no people",
    "numbers",
    "numbers apart",
    "time between",
    "time apart",
];

/// Grounds, in the order of [`Features`]: those of each form, then what counts alike in all.
pub const FEATURES: usize = 3 * GROUNDS.len() + 5;
const LINKED: usize = 3 * GROUNDS.len();
const SAME_TEXT: usize = LINKED + 1;
/// Of two stories, not of an article and a story: how much more or less must speak for it, and the more they have grown.
const MENDING: usize = SAME_TEXT + 1;

/// Of two languages: words can hardly be the same, so the more is said by the meaning, where a model knows both.
const ABROAD: usize = MENDING + 2;

pub type Features = [f32; FEATURES];

/// What counts alike in all forms.
pub const ALONE: [&str; 5] = ["linked", "same text", "mending", "mending grown", "meaning abroad"];

/// The name of each ground, as weights are kept under.
pub fn names() -> impl Iterator<Item = String> {
    let of_form = |form: &'static str| GROUNDS.iter().map(move |ground| format!("{form}{ground}"));
    ["", "lead: ", "headline: "].into_iter().flat_map(of_form).chain(ALONE.map(Into::into))
}

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
    let asking = Asking::of(Centre::of(a, &rarity), &rarity);
    let text = same_text(&texts(a), &texts(b));
    let linked = a.links.contains(&b.address) || b.links.contains(&a.address);
    let measured = asking.measure(&Centre::of(b, &rarity), linked, text);
    Comparison {
        likeness: probability(odds(&measured, &policy.weights)),
        evidence: evidence::of(&measured, policy, a, b),
    }
}

/// Whose grounds are those of an article: whole ones' (0), leads' or headlines'.
pub fn form_of(sketch: &Sketch) -> usize {
    form(Form::of(sketch.length))
}

fn form(form: Form) -> usize {
    match form {
        Form::Whole => 0,
        Form::Lead => 1,
        Form::Headline => 2,
    }
}

/// The same text, perhaps with another headline: wire copy.
pub fn is_copy(a: &Sketch, b: &Sketch) -> bool {
    COPY <= same_text(&texts(a), &texts(b))
}

/// Share of text from which two are one text with two publishers.
pub(crate) const COPY: f32 = 0.7;

/// 16 bits of each shingle are enough to tell equal from not.
pub fn texts(sketch: &Sketch) -> Box<[u16]> {
    sketch.understanding.shingles.iter().map(|&it| it as u16).collect()
}

pub fn same_text(a: &[u16], b: &[u16]) -> f32 {
    if a.len() != b.len() {
        return 0.0;
    }
    over(a.iter().zip(b).filter(|(a, b)| a == b).count() as f32, a.len() as f32)
}

pub fn odds(features: &Features, weights: &Weights) -> f32 {
    features.iter().zip(&weights.0).map(|(value, weight)| value * weight).sum()
}

pub fn probability(odds: f32) -> f32 {
    1.0 / (1.0 + (-odds).exp())
}

/// A story with how rare all it says is now: made once, compared with many.
pub(crate) struct Asking {
    pub centre: Centre,
    /// Beside `centre.words`.
    rare: Vec<f32>,
}

impl Asking {
    pub(crate) fn of(centre: Centre, rarity: &Rarity) -> Asking {
        let rare = centre.words.iter().map(|it| rarity.of(Kind::Word, it.hash, centre.language)).collect();
        Asking { centre, rare }
    }

    pub(crate) fn measure(&self, other: &Centre, linked: bool, same_text: f32) -> Features {
        let centre = &self.centre;
        let words = self.words(other);
        let [names, people] = names_told(centre, other);
        let numbers: f32 =
            shared(&centre.numbers, &other.numbers).map(|(_, a, b)| a.weight() * b.weight()).sum();
        let both = |has: fn(&Centre) -> bool| has(centre) && has(other);
        let dated = centre.is_dated() && other.is_dated();
        let [between, apart] = if dated { days(centre, other) } else { [0.0, 0.0] };
        let meaning = over(centre.meaning(other), centre.meaning_length * other.meaning_length);
        let grounds: [f32; GROUNDS.len()] = [
            1.0,
            grown(centre.members, other.members),
            // Whoever has no day may be of any year.
            flag(!dated),
            over(words.alike, centre.words_length * other.words_length),
            // Of the shorter nearly all may be in the longer, which says much more besides.
            over(words.mine, centre.words_length.powi(2)).max(over(words.its, other.words_length.powi(2))),
            words.told,
            (1.0 + words.rare).ln(),
            meaning,
            names,
            // Look-alikes have words in common, and not whom they tell of; of who names nobody that cannot be said.
            flag(!both(|it| !it.names.is_empty())),
            people,
            flag(!both(|it| it.names.iter().any(Said::is_person))),
            numbers,
            flag(numbers == 0.0 && both(|it| !it.numbers.is_empty())),
            (1.0 + between).ln(),
            (1.0 + apart).ln(),
        ];
        let form = form(centre.form().min(other.form()));
        let mut features = [0.0; FEATURES];
        features[form * GROUNDS.len()..][..GROUNDS.len()].copy_from_slice(&grounds);
        features[LINKED] = flag(linked);
        features[SAME_TEXT] = same_text;
        if centre.is_abroad(other) && other.direction().model().knows_many_languages() {
            features[ABROAD] = (meaning - BY_CHANCE).max(0.0);
        }
        if 1 < centre.members {
            features[MENDING] = 1.0;
            features[MENDING + 1] = grown(centre.members, other.members);
        }
        features
    }

    fn words(&self, other: &Centre) -> Words {
        let mut words = Words::default();
        for (at, a, b) in shared(&self.centre.words, &other.words) {
            let (mine, its) = (a.share(), b.share());
            words.alike += a.weight() * b.weight();
            words.mine += a.weight() * a.weight();
            words.its += b.weight() * b.weight();
            // A word that half of the members say is told by the story.
            words.told += (a.told() * (2.0 * its).min(1.0) + b.told() * (2.0 * mine).min(1.0)) / 2.0;
            words.rare += mine * its * (self.rare[at] - RARE).max(0.0);
        }
        words
    }
}

/// So much alike in meaning are some that tell of different things.
const BY_CHANCE: f32 = 0.4;

/// Words in more than one of 55 articles tell nothing by themselves.
const RARE: f32 = 4.0;

/// Of words that both say.
#[derive(Default)]
struct Words {
    alike: f32,
    /// Their share of all that each says, in squares.
    mine: f32,
    its: f32,
    told: f32,
    rare: f32,
}

/// How much of the main names of the one are in the other, of the two ways the greater; and the same of people alone.
fn names_told(a: &Centre, b: &Centre) -> [f32; 2] {
    let (mut names, mut people) = ([0.0_f32; 2], [0.0_f32; 2]);
    for (_, a, b) in shared(&a.names, &b.names) {
        let told = [a.told() * b.share(), b.told() * a.share()];
        let both = f32::from(a.is_person() && b.is_person());
        for way in 0..2 {
            names[way] += told[way];
            people[way] += told[way] * both;
        }
    }
    let all = |it: &Centre| it.names.iter().filter(|it| it.is_person()).map(Said::told).sum();
    [names[0].max(names[1]).min(1.0), over(people[0], all(a)).max(over(people[1], all(b)))]
}

fn flag(it: bool) -> f32 {
    f32::from(u8::from(it))
}

/// 0 for two articles, nearly 1 for two great stories: the more are taken together, the more alike any two are as a whole.
fn grown(members: u32, others: u32) -> f32 {
    1.0 - 1.0 / (members.max(1) as f32 * others.max(1) as f32).sqrt()
}

/// Between the end of the one and the beginning of the other, and between their middles.
fn days(a: &Centre, b: &Centre) -> [f32; 2] {
    let seconds =
        [a.began.max(b.began).0 - a.last_grew.min(b.last_grew).0, (a.middle().0 - b.middle().0).abs()];
    seconds.map(|it| it.max(0) as f32 / 86_400.0)
}

/// 0 where there is nothing to compare.
pub fn over(part: f32, whole: f32) -> f32 {
    if 0.0 < whole { (part / whole).min(1.0) } else { 0.0 }
}
