//! Which part of a page is the article.
//!
//! The page is cut into blocks of text; each is looked at twice by trees that were fitted on pages whose article people
//! have marked (`model.bin`, made by `cargo xtask fit-pages`): once alone, once among its neighbours. What is kept is the
//! choice with the best expected F1. See `docs/decisions/reading-pages.md`.

pub mod blocks;
pub mod choose;
pub mod features;
pub mod model;

use crate::Page;
use crate::address::Base;
use crate::dom::{Dom, Id, Kind, NONE};
use crate::metadata::Said;
use crate::sanitize::{Keep, tidy_subtrees};
use blocks::Blocks;
use model::Model;

pub struct Body {
    pub html: String,
    /// It ends where a reader would have to pay.
    pub is_cut: bool,
}

/// The texts of all blocks.
pub fn texts(dom: &Dom) -> Vec<String> {
    Blocks::of(dom).blocks.into_iter().map(|it| it.text).collect()
}

pub fn body(dom: &Dom, page: &Page, said: &Said) -> Option<Body> {
    let blocks = Blocks::of(dom);
    let kept = choose::choose(&blocks, &said.hints(page), Model::fitted(), page.site);
    if !kept.iter().any(|it| *it) {
        return None;
    }
    let html = write(dom, &blocks, &kept, page.address);
    Some(Body { html, is_cut: false })
}

/// The kept blocks in the order and the shape that they have on the page, with the pictures among them.
fn write(dom: &Dom, blocks: &Blocks, kept: &[bool], address: &str) -> String {
    // What holds something kept is gone into; everything else is passed by.
    let mut holds = vec![false; dom.nodes.len()];
    for (node, &block) in blocks.block_of.iter().enumerate() {
        if block != NONE && kept[block as usize] {
            mark(dom, node as Id, &mut holds);
        }
    }
    let Some(body) = dom.body() else { return String::new() };
    let mut root = body;
    // Down to the first fork: the wrappers around it say nothing.
    loop {
        let mut inside = dom.children(root).filter(|it| holds[*it as usize]);
        match (inside.next(), inside.next()) {
            (Some(only), None) if is_wrapper(dom, only) => root = only,
            _ => break,
        }
    }
    tidy_subtrees(dom, root, &mut Base::new(address), &|id| {
        let is_kept = match &dom.nodes[id as usize].kind {
            Kind::Text(_) => holds[id as usize],
            Kind::Element { name, .. } => holds[id as usize] || matches!(&**name, "br" | "hr"),
            _ => false,
        };
        if is_kept { Keep::Yes } else { Keep::No }
    })
}

fn is_wrapper(dom: &Dom, id: Id) -> bool {
    dom.name(id).is_some_and(|name| matches!(&**name, "div" | "main" | "article" | "section" | "body" | "center" | "form"))
}

fn mark(dom: &Dom, id: Id, holds: &mut [bool]) {
    let mut at = id;
    while at != NONE && !holds[at as usize] {
        holds[at as usize] = true;
        at = dom.nodes[at as usize].parent;
    }
}
