//! One file for each stage: what it asks the store, which decider it calls, what it records.

mod cluster;
mod document;
mod embed;
mod extract;
mod learn;
mod receive;
mod refresh;
mod subscribe;
mod understand;

pub use cluster::Cluster;
pub use embed::Embed;
pub use extract::Extract;
pub use learn::Learn;
pub use receive::Receive;
pub use refresh::Refresh;
pub use subscribe::Subscribe;
pub use understand::Understand;
