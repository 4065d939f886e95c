//! What a reader cares about, learnt from what they do. Pure: interests are a fold over signals, and nothing else.
//!
//! Because everything that is waiting to be learnt is part of the interests, folding a history in one go or in
//! parts gives the same, and interests can be thrown away and made again at any time.

mod absorb;
mod centres;
mod correct;
mod describe;
mod effect;
mod examples;
mod fading;
mod policy;
mod ranker;
mod subjects;
mod taste;

#[cfg(test)]
mod tests;

pub use absorb::absorb;
pub use correct::correct;
pub use describe::{BeliefView, describe};
pub use policy::Policy;
