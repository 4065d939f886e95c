//! The whole program from outside, as its readers and their scripts meet it: one binary for all of these tests.

mod bad_input;
mod demo;
mod home;
mod serving;
mod sources;
mod web;
