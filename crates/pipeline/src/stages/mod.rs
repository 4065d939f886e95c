//! One file for each stage: what it asks the store, which decider it calls, what it records.

mod cluster;
mod extract;
mod learn;
mod refresh;
mod understand;

pub use cluster::Cluster;
pub use extract::Extract;
pub use learn::Learn;
pub use refresh::Refresh;
pub use understand::Understand;
