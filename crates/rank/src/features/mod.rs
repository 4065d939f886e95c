//! Every ground on which a story may be preferred. A new one is a file, and a line here.

mod authors;
mod base;
mod coverage;
mod follow;
mod fresh;
mod grown;
mod names;
mod rare_source;
mod shown;
mod source;
mod taste;
mod topics;
mod your_sources;

use news::{Because, Belief, Reason, Target, Weight};

use crate::view::{Look, View};

pub static FEATURES: &[&dyn Feature] = &[
    &base::Base,
    &follow::Follow,
    &your_sources::YourSources,
    &taste::Taste,
    &names::Names,
    &topics::Topics,
    &source::Source,
    &authors::Authors,
    &coverage::Coverage,
    &fresh::Fresh,
    &rare_source::RareSource,
    &grown::Grown,
    &shown::Shown,
];

/// How many features there are at most; a story's values are kept in an array of that size.
pub const MOST: usize = 16;
const _: () = assert!(FEATURES.len() <= MOST);

/// A number and its reason. They are two functions because thousands of stories are measured and thirty are
/// explained; both stand in one file, and the reason is made from the same things as the number.
pub trait Feature: Sync {
    fn name(&self) -> &'static str;
    /// How much there is of it, about −1 to 1; 0 when it has nothing to say.
    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32;
    /// Why; asked only where the measure is not 0.
    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason;
}

/// Every feature's measure, in the order of [`FEATURES`].
pub fn measure(view: &View<'_>, look: &Look<'_>) -> [f32; MOST] {
    let mut values = [0.0; MOST];
    for (value, feature) in values.iter_mut().zip(FEATURES) {
        *value = feature.measure(view, look);
    }
    values
}

/// What each feature says of the story: together they are its score.
pub fn because(view: &View<'_>, look: &Look<'_>, values: &[f32; MOST]) -> Vec<Because> {
    let says = FEATURES.iter().zip(values).filter(|(_, value)| **value != 0.0);
    says.map(|(feature, value)| Because {
        feature: feature.name().to_owned(),
        reason: feature.reason(view, look),
        value: *value,
        weight: view.weight(feature.name()).0,
    })
    .collect()
}

pub fn wanted(weight: Weight) -> f32 {
    match weight {
        Weight::Always => 2.0,
        Weight::More => 1.0,
        Weight::ALittle => 0.4,
    }
}

/// The evidence as log-odds against a reader who opens one in so many; what the reader said outranks it.
/// About −1 to 1: three opened, none passed over, is 1.
pub fn leaning(belief: &Belief) -> f32 {
    /// Evidence that we pretend to have for either side.
    const NOTHING: f32 = 0.5;
    if let Some(said) = belief.corrected {
        return 1.5 * said;
    }
    let odds = ((belief.liked + NOTHING) / (belief.disliked + NOTHING)).ln();
    (odds / 2.0).clamp(-1.5, 1.5)
}

/// The strongest leaning among beliefs, weakened by rank.
pub fn strongest<'a>(
    beliefs: impl Iterator<Item = (f32, (&'a Target, &'a Belief))>,
) -> Option<(f32, (&'a Target, &'a Belief))> {
    beliefs.map(|(rank, it)| (rank * leaning(it.1), it)).max_by(|(a, _), (b, _)| a.abs().total_cmp(&b.abs()))
}

pub fn often_read((target, belief): (&Target, &Belief)) -> Reason {
    Reason::YouOftenRead { target: target.clone(), liked: belief.liked, disliked: belief.disliked }
}
