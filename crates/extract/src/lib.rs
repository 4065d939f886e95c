//! A page (or a feed's entry) in, a clean article out: body, and all that the page says of itself.
//!
//! Pure: no network, no clock. Everything that comes in is hostile; nothing here panics, recurses on its depth or takes
//! more than linear time in its size.

mod address;
mod anchored;
mod authors;
mod date;
mod decode;
mod dom;
mod feed;
mod hashes;
mod metadata;
mod parts;
mod pictures;
mod plain;
mod readable;
mod sanitize;
mod spotter;
#[cfg(test)]
mod tests;

use news::{Completeness, Extracted, Published};

pub use anchored::anchored;
pub use decode::decode;
pub use feed::{better, feed_is_whole, from_feed};
pub use parts::{MOST_PARTS, join};
pub use pictures::is_same as is_same_picture;
pub use plain::plain;
pub use sanitize::{SANITIZER_VERSION, images_through, sanitize};

/// A page as it was fetched.
#[derive(Clone, Copy)]
pub struct Page<'a> {
    /// Where it was fetched.
    pub address: &'a str,
    pub html: &'a str,
    /// What the feed said of it.
    pub hint: Option<&'a Published>,
}

/// What was read on a page.
pub struct Reading {
    /// `None` when there is none on it (a list, a login, an error page).
    pub article: Option<Extracted>,
    /// Where the article goes on, when it is one of several pages.
    pub next: Option<String>,
}

/// The article on a page, and where its second part is.
pub fn read(page: &Page) -> Reading {
    let dom = dom::Dom::parse(page.html);
    let article = article(&dom, page);
    let next = article.as_ref().and_then(|_| parts::second(&dom, page.address));
    Reading { article, next }
}

/// A further part of an article, to which the part before led.
pub fn read_part(page: &Page) -> Reading {
    let dom = dom::Dom::parse(page.html);
    let article = article(&dom, page);
    let next = article.as_ref().and_then(|_| parts::next(&dom, page.address));
    Reading { article, next }
}

/// The article on a page.
pub fn extract(page: &Page) -> Option<Extracted> {
    article(&dom::Dom::parse(page.html), page)
}

fn article(dom: &dom::Dom, page: &Page) -> Option<Extracted> {
    let said = metadata::read(dom, page);
    let body = readable::with_posts(readable::body(dom, page, &said), &said);
    let body =
        readable::fuller(body, said.body.as_deref()).or_else(|| readable::scripted(dom, page, &said))?;
    let html = sanitize(&body.html, page.address);
    let completeness = if body.is_cut { Completeness::Excerpt } else { Completeness::Full };
    Some(said.into_extracted(page, html, body.text, completeness))
}

/// What `cargo xtask` needs to fit `model.bin` and to measure; nobody else.
#[doc(hidden)]
pub mod fitting {
    pub use crate::readable::blocks::{Block, Blocks};
    pub use crate::readable::choose::{best, sure};
    pub use crate::readable::features::{Hints, Seen, WIDTH, table, text_tokens, words};
    pub use crate::readable::model::{Forest, LEAF, Model, Node, Tables};

    /// A page in blocks, and what it says of its article.
    pub fn cut(page: &crate::Page) -> (Blocks, Hints) {
        let dom = crate::dom::Dom::parse(page.html);
        let hints = crate::metadata::read(&dom, page).hints(page);
        (Blocks::of(&dom, page.address), hints)
    }

    /// Parsing and nothing else: what everything else is compared with.
    pub fn parse_alone(html: &str) -> usize {
        crate::dom::Dom::parse(html).nodes.len()
    }
}
