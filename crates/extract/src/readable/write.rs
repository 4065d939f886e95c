//! The kept blocks in the order and the shape that they have on the page, with the pictures and embeds among them.

use html5ever::LocalName;

use super::blocks::{Blocks, flag};
use crate::address::Base;
use crate::dom::{Dom, Id, Kind, NONE};
use crate::sanitize::{Keep, tidy_subtrees};

/// Places in which no picture is the article's.
const FOREIGN: u32 = flag::ASIDE
    | flag::NAV
    | flag::FOOTER
    | flag::FORM
    | flag::COMMENTS
    | flag::RELATED
    | flag::PROMOTION
    | flag::ABOUT_AUTHOR
    | flag::SHARING
    | flag::OVERLAY
    | flag::SIDE;

pub fn write(dom: &Dom, blocks: &Blocks, kept: &[bool], address: &str) -> String {
    let Some(body) = dom.body() else { return String::new() };
    // What holds something kept is gone into; everything else is passed by.
    let mut holds = vec![false; dom.nodes.len()];
    for (node, &block) in blocks.block_of.iter().enumerate() {
        if block != NONE && kept[block as usize] {
            mark(dom, node as Id, &mut holds);
        }
    }
    for (media, caption) in media(dom, blocks, kept, body) {
        mark(dom, media, &mut holds);
        for text in caption.into_iter().flat_map(|it| dom.under(it).collect::<Vec<_>>()) {
            mark(dom, text, &mut holds);
        }
    }
    let mut root = body;
    // Down to the first fork: the wrappers around it say nothing.
    loop {
        let mut inside = dom.children(root).filter(|it| holds[*it as usize]);
        match (inside.next(), inside.next()) {
            (Some(only), None) if dom.name(only).is_some_and(is_wrapper) => root = only,
            _ => break,
        }
    }
    tidy_subtrees(dom, root, &mut Base::new(address), &|id| match &dom.nodes[id as usize].kind {
        Kind::Element { name, .. } if **name == *"br" => Keep::Yes,
        _ if !holds[id as usize] => Keep::No,
        // A picture may be there for those without scripts, or may open a larger one.
        Kind::Element { name, .. } if matches!(&**name, "noscript" | "button") => Keep::Inside,
        _ => Keep::Yes,
    })
}

fn is_wrapper(name: &LocalName) -> bool {
    matches!(&**name, "div" | "main" | "article" | "section" | "body" | "center" | "form")
}

fn mark(dom: &Dom, id: Id, holds: &mut [bool]) {
    let mut at = id;
    while at != NONE && !holds[at as usize] {
        holds[at as usize] = true;
        at = dom.nodes[at as usize].parent;
    }
}

/// Pictures and embeds that stand among the kept text (or just before it), each with its caption.
fn media(dom: &Dom, blocks: &Blocks, kept: &[bool], body: Id) -> Vec<(Id, Option<Id>)> {
    let (Some(first), Some(last)) = (kept.iter().position(|it| *it), kept.iter().rposition(|it| *it)) else {
        return Vec::new();
    };
    let holder_of: std::collections::HashMap<Id, u32> =
        blocks.holders.iter().zip(0..).map(|(it, at)| (it.node, at)).collect();
    // Pictures that follow the text, one after the other with their captions, are a gallery: part of it.
    let in_figure = |at: &usize| blocks.holders[blocks.blocks[*at].holder as usize].flags & flag::FIGURE != 0;
    let last = last + (last + 1..kept.len()).take_while(in_figure).count();
    let words = kept_words(blocks, kept);
    let leading = leading_home(blocks);
    let home = home(dom, blocks, &words);
    let mut found = Vec::new();
    let mut passed = 0;
    for id in dom.under(home.unwrap_or(body)) {
        match blocks.block_of[id as usize] {
            NONE => {}
            block => passed = block as usize + 1,
        }
        let is_media = dom
            .name(id)
            .is_some_and(|name| matches!(&**name, "img" | "amp-img" | "iframe" | "video" | "audio"));
        if !is_media || is_again(dom, id) || passed + 3 < first || last < passed || found.len() >= 60 {
            continue;
        }
        let Some(&nearest) = dom.ancestors(id).find_map(|it| holder_of.get(&it)) else { continue };
        // What its own text stands in does not count against a picture.
        let around = blocks.chain(nearest).find(|it| 0.0 < words[*it as usize]);
        let around = around.map_or(0, |it| blocks.holders[it as usize].flags);
        let flags = blocks.holders[nearest as usize].flags;
        let is_linked = dom.ancestors(id).take(4).any(|it| dom.is_one_of(it, &["a"]));
        let is_teaser = is_linked
            && flags & (flag::FIGURE | flag::CAPTION) == 0
            && (flags & flag::LIST != 0 || has_other_text(blocks, &words, &leading, nearest));
        // Figures are built of boxes that lie over one another, and may be shared alone.
        let built = if flags & flag::FIGURE != 0 { flag::OVERLAY | flag::SHARING } else { 0 };
        if flags & FOREIGN & !around & !built != 0 || is_teaser || is_small(dom, id) || is_drawing(dom, id) {
            continue;
        }
        let figure = dom.ancestors(id).take(6).find(|it| dom.is_one_of(*it, &["figure"]));
        let caption = figure.and_then(|it| dom.under(it).find(|it| dom.is_one_of(*it, &["figcaption"])));
        found.push((id, caption));
    }
    found
}

/// A picture in a link beside which there is text that leads elsewhere on the site, none of it kept.
fn has_other_text(blocks: &Blocks, words: &[f32], leading: &[bool], holder: u32) -> bool {
    let near = blocks.chain(holder).take(3).take_while(|it| words[*it as usize] == 0.0);
    near.into_iter().any(|it| leading[it as usize])
}

/// For each holder, whether a text under it leads elsewhere on the site.
fn leading_home(blocks: &Blocks) -> Vec<bool> {
    let mut leading = vec![false; blocks.holders.len()];
    for block in blocks.blocks.iter().filter(|it| 3.0 <= it.words && 0 < it.links_home) {
        for holder in blocks.chain(block.holder) {
            leading[holder as usize] = true;
        }
    }
    leading
}

/// Logos and icons; what an article shows is no vector drawing, or is one that we could not make small.
fn is_drawing(dom: &Dom, id: Id) -> bool {
    let source = crate::pictures::source(dom, id).unwrap_or_default();
    source.split(['?', '#']).next().is_some_and(|it| it.to_ascii_lowercase().ends_with(".svg"))
}

/// For those without scripts, beside the picture that a script shows.
fn is_again(dom: &Dom, id: Id) -> bool {
    let Some(hidden) = dom.ancestors(id).take(3).find(|it| dom.is_one_of(*it, &["noscript"])) else {
        return false;
    };
    let node = &dom.nodes[hidden as usize];
    let is_shown = |id: Id| {
        !dom.is_one_of(id, &["noscript"])
            && std::iter::once(id).chain(dom.under(id).take(20)).any(|it| dom.is_one_of(it, &["img"]))
    };
    let before = std::iter::successors(some(node.prev), |it| some(dom.nodes[*it as usize].prev));
    let after = std::iter::successors(some(node.next), |it| some(dom.nodes[*it as usize].next));
    before.take(BESIDE).chain(after.take(BESIDE)).any(is_shown)
}

/// So many nodes before and behind it are beside it.
const BESIDE: usize = 6;

fn some(id: Id) -> Option<Id> {
    (id != NONE).then_some(id)
}

/// For each holder, the words under it that are kept.
fn kept_words(blocks: &Blocks, kept: &[bool]) -> Vec<f32> {
    let mut words = vec![0.0_f32; blocks.holders.len()];
    for (block, _) in blocks.blocks.iter().zip(kept).filter(|(_, kept)| **kept) {
        for holder in blocks.chain(block.holder) {
            words[holder as usize] += block.words;
        }
    }
    words
}

/// The smallest element that has all kept text under it, or nearly.
fn home(dom: &Dom, blocks: &Blocks, words: &[f32]) -> Option<Id> {
    let all = words.first().copied()?;
    let fits = (0..words.len()).filter(|it| words[*it] >= 0.9 * all);
    let holder = &blocks.holders[fits.max_by_key(|it| blocks.holders[*it].depth)?];
    // One paragraph is no home for pictures: what it stands in is.
    let is_text = matches!(&*holder.tag, "p" | "li" | "blockquote" | "td");
    if is_text { dom.parent(holder.node) } else { Some(holder.node) }
}

fn is_small(dom: &Dom, id: Id) -> bool {
    let side = |name: &str| dom.attr(id, name).and_then(|it| it.trim_end_matches("px").parse::<u32>().ok());
    side("width").is_some_and(|it| it < 64) || side("height").is_some_and(|it| it < 64)
}
