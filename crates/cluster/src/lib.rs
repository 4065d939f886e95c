//! Decides which story an article belongs to, and says why. Pure.
//!
//! [`Index`] holds the stories of the last days in memory. It is a fold over the placements in their order: whoever
//! inserts what was recorded has the same index as whoever decided it.

mod centre;
mod chapters;
mod country;
mod evidence;
mod face;
mod facts;
mod index;
mod keep;
mod likeness;
mod mend;
mod near;
mod policy;
mod rarity;
mod said;
mod split;
mod table;
mod told;
mod unfolded;
mod weigh;

#[cfg(test)]
mod tests;

pub use chapters::{Chapter, chapters};
pub use country::country_of;
pub use face::plainness;
pub use index::Index;
pub use likeness::{
    Comparison, FEATURES, Features, GROUNDS, compare, form_of, is_copy, names as grounds, odds,
};
pub use policy::{Policy, Weights};
pub use rarity::{background_of, word_key};
pub use unfolded::{fresh_sentences, unfolded};
