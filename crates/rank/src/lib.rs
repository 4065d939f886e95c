//! Chooses, for one reader at one moment, which stories matter, and says why. Pure: no clock, no dice; the same
//! profile, candidates, seed and time always make the same edition.
//!
//! Retrievals ([`plan()`]) find stories, [`pool`] makes one candidate of each, [`compose()`] scores them by every feature
//! and lets the selectors drop, order and cut. Features score and never drop; selectors drop and never score.

mod about;
mod candidate;
mod compose;
mod dice;
mod explain;
mod features;
mod lookout;
mod plan;
mod policy;
mod proof;
mod quality;
mod select;
mod view;

#[cfg(test)]
mod tests;

pub use about::is_about;
pub use candidate::{Candidate, Profile, State, pool};
pub use compose::{Composer, compose};
pub use explain::{Explanation, Verdict, explain, judge};
pub use features::{FEATURES, Feature};
pub use lookout::Lookout;
pub use plan::plan;
pub use policy::Policy;
pub use proof::{Bin, Looked, Method, Proof, proof};
pub use quality::{Quality, quality};
