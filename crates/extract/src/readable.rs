//! Which part of a page is the article.
//!
//! The page is cut into blocks of text; each is judged by trees that were fitted on pages whose article people have
//! marked (`model.bin`, made by `cargo xtask fit-pages`). What is kept is the choice with the best expected F1. See
//! `docs/decisions/reading-pages.md`.

pub mod blocks;
pub mod choose;
mod completeness;
pub mod features;
pub mod model;
mod posts;
mod repeated;
mod scripted;
mod write;

use crate::Page;
use crate::dom::Dom;
use crate::metadata::Said;
use blocks::Blocks;
use model::Model;

pub struct Body {
    pub html: String,
    /// Paragraphs separated by one line end; without captions.
    pub text: String,
    /// It ends where a reader would have to pay.
    pub is_cut: bool,
}

pub fn body(dom: &Dom, page: &Page, said: &Said) -> Option<Body> {
    let blocks = Blocks::of(dom, page.address);
    let mut kept = choose::choose(&blocks, &said.hints(page), Model::fitted());
    if said.is_live {
        choose::keep_times(&blocks, &mut kept);
    }
    let chosen = || blocks.blocks.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(it, _)| it);
    let words: f32 = chosen().map(|it| it.words).sum();
    let (links, chars) = chosen().fold((0, 0), |sum, it| (sum.0 + it.link_chars, sum.1 + it.chars));
    // A text that is mostly links is a list of articles.
    if words < LEAST_WORDS || MOST_LINKS < links as f32 / chars.max(1) as f32 {
        return None;
    }
    let text = chosen().map(|it| it.text.as_str()).collect::<Vec<_>>().join("\n");
    let is_cut = completeness::is_cut(&blocks, &kept, &text, words, said);
    Some(Body { html: write::write(dom, &blocks, &kept, page.address), text, is_cut })
}

const LEAST_WORDS: f32 = 20.0;
const MOST_LINKS: f32 = 0.7;

/// A live blog's posts, each under the time at which it was written, where those that the page lists for machines are
/// nearly all that it shows, or more.
pub fn with_posts(shown: Option<Body>, said: &Said) -> Option<Body> {
    let words = |text: &str| text.split_whitespace().count();
    let listed: usize = said.posts.iter().map(|it| words(&it.text)).sum();
    let seen = shown.as_ref().map_or(0, |it| words(&it.text));
    if said.posts.len() < 2 || listed < SAID_WORDS || listed * 10 < seen * 7 {
        return shown;
    }
    Some(match shown.filter(|it| it.html.len() <= SHOWN) {
        Some(shown) => posts::among(shown, &said.posts),
        None => posts::listed(&said.posts),
    })
}

/// Among more than this posts are not looked for one by one.
const SHOWN: usize = 1 << 20;

/// A page that shows (nearly) nothing because a script will put it there may still carry its text as structured data.
pub fn fuller(shown: Option<Body>, said: Option<&str>) -> Option<Body> {
    let words = |text: &str| text.split_whitespace().count();
    let Some(said) = said.filter(|it| SAID_WORDS <= words(it)) else { return shown };
    if shown.as_ref().is_some_and(|it| words(said) * 2 < words(&it.text) * 5) {
        return shown;
    }
    let html = paragraphs(said);
    let trails_off = said.ends_with('…') || said.ends_with("...");
    Some(Body { html, text: said.to_owned(), is_cut: trails_off })
}

/// What a script would put on a page that says it is an article and shows none.
pub fn scripted(dom: &Dom, page: &Page, said: &Said) -> Option<Body> {
    let html = if said.is_article { scripted::scripted(dom, &said.title)? } else { return None };
    body(&Dom::parse(&format!("<article>{html}</article>")), page, said)
}

/// Structured data shorter than this is a summary.
const SAID_WORDS: usize = 80;

fn paragraphs(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        html.push_str("<p>");
        crate::sanitize::escape_text(line, &mut html);
        html.push_str("</p>");
    }
    html
}
