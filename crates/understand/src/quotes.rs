//! Who said what.

use news::{Language, Quote};

pub fn quotes(_body: &str, _language: &Language) -> Vec<Quote> {
    Vec::new()
}
