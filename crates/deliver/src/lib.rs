//! Every way out of tidings. Each folder is one; none knows another. What they share is the words.

pub mod feeds;
pub mod signals;
pub mod web;
pub mod words;
