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
    tidy_subtrees(dom, root, &mut Base::new(address), &|id| {
        let is_kept = match &dom.nodes[id as usize].kind {
            Kind::Element { name, .. } => holds[id as usize] || **name == *"br",
            _ => holds[id as usize],
        };
        if is_kept { Keep::Yes } else { Keep::No }
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
    let flags: std::collections::HashMap<Id, u32> =
        blocks.holders.iter().map(|it| (it.node, it.flags)).collect();
    // Pictures that follow the text, one after the other with their captions, are a gallery: part of it.
    let in_figure = |at: &usize| blocks.holders[blocks.blocks[*at].holder as usize].flags & flag::FIGURE != 0;
    let last = last + (last + 1..kept.len()).take_while(in_figure).count();
    let home = home(dom, blocks, kept);
    let mut found = Vec::new();
    let mut passed = 0;
    for id in dom.under(home.unwrap_or(body)) {
        match blocks.block_of[id as usize] {
            NONE => {}
            block => passed = block as usize + 1,
        }
        let is_media =
            dom.name(id).is_some_and(|name| matches!(&**name, "img" | "iframe" | "video" | "audio"));
        if !is_media || passed + 3 < first || last < passed || found.len() >= 60 {
            continue;
        }
        let nearest = dom.ancestors(id).find_map(|it| flags.get(&it)).copied().unwrap_or(0);
        // What the whole article stands in does not count against its pictures.
        let around = home.and_then(|it| flags.get(&it)).copied().unwrap_or(0);
        let is_teaser = dom.ancestors(id).take(3).any(|it| dom.name(it).is_some_and(|name| &**name == "a"))
            && nearest & (flag::FIGURE | flag::CAPTION) == 0
            && nearest & flag::LIST != 0;
        // Figures are built of boxes that lie over one another.
        let built = if nearest & flag::FIGURE != 0 { flag::OVERLAY } else { 0 };
        if nearest & FOREIGN & !around & !built != 0 || is_teaser || is_small(dom, id) {
            continue;
        }
        let figure =
            dom.ancestors(id).take(6).find(|it| dom.name(*it).is_some_and(|name| &**name == "figure"));
        let caption = figure.and_then(|it| {
            dom.under(it).find(|it| dom.name(*it).is_some_and(|name| &**name == "figcaption"))
        });
        found.push((id, caption));
    }
    found
}

/// The smallest element that has all kept text under it, or nearly.
fn home(dom: &Dom, blocks: &Blocks, kept: &[bool]) -> Option<Id> {
    let mut sums = vec![0.0_f32; blocks.holders.len()];
    for (block, _) in blocks.blocks.iter().zip(kept).filter(|(_, kept)| **kept) {
        for holder in blocks.chain(block.holder) {
            sums[holder as usize] += block.words;
        }
    }
    let all = sums.first().copied()?;
    let fits = (0..sums.len()).filter(|it| sums[*it] >= 0.9 * all);
    let holder = &blocks.holders[fits.max_by_key(|it| blocks.holders[*it].depth)?];
    // One paragraph is no home for pictures: what it stands in is.
    let is_text = matches!(&*holder.tag, "p" | "li" | "blockquote" | "td");
    if is_text { dom.parent(holder.node) } else { Some(holder.node) }
}

fn is_small(dom: &Dom, id: Id) -> bool {
    let side = |name: &str| dom.attr(id, name).and_then(|it| it.trim_end_matches("px").parse::<u32>().ok());
    side("width").is_some_and(|it| it < 64) || side("height").is_some_and(|it| it < 64)
}
