//! What is measured of each block: of its text, its place, its neighbours, and of the page around it.

mod labels;
mod place;
mod table;
mod words;

pub use table::{Seen, WIDTH, table};
pub use words::{runs, text_tokens, words};

/// What the page says of its article besides showing it.
#[derive(Default)]
pub struct Hints {
    pub title: String,
    pub description: String,
    /// The text as structured data or the feed have it; often cut, so a witness and not an answer.
    pub body: String,
}

/// No real page nests its text deeper; on others, looking further would take quadratic time.
const FAR: usize = 64;
