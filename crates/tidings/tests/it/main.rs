//! The whole program from outside, as its readers and their scripts meet it: one binary for all of these tests.
// The tests are the reader's browser: they open connections of their own.
#![allow(clippy::disallowed_methods)]

mod bad_input;
mod demo;
mod home;
mod kept;
mod mend;
mod models;
mod muted;
mod secrets;
mod serving;
mod sources;
mod turns;
mod ways_in;
mod web;
