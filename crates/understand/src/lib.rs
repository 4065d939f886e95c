//! understand

pub mod words;
