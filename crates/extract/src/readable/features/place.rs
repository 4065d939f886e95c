//! Where on the page a block stands: what it stands in, under which heading, near how much running text.

use super::super::blocks::{Block, Blocks, flag};
use super::super::model::Tables;
use super::FAR;

use crate::dom::NONE;
use crate::hashes::{Counts, Hashes};

/// One block's own numbers, kept for its neighbours.
pub struct Own {
    pub words: f32,
    pub links: f32,
    pub is_long: bool,
    pub tag: u8,
    pub signature: u32,
    /// What the table knows of its words: mean, least, most.
    pub text: [f32; 3],
    /// And of the whole of it, where it is short.
    pub whole: f32,
}

impl Own {
    pub fn of(page: &Blocks, block: &Block, tokens: &[u32], table: &[i8]) -> Own {
        let links = block.link_chars as f32 / block.chars.max(1) as f32;
        let holder = &page.holders[block.holder as usize];
        let parent = page.holders.get(holder.parent as usize);
        let whole = tokens.last().filter(|_| block.words <= 12.0);
        Own {
            words: block.words,
            links,
            is_long: block.words >= 20.0 && links < 0.5,
            tag: tag_class(&holder.tag),
            signature: page.mark(holder).signature.rotate_left(9)
                ^ parent.map_or(0, |it| page.mark(it).signature),
            text: spread(tokens, table),
            whole: whole.map_or(0.0, |it| Tables::of(table, *it)),
        }
    }

    /// What stands where no block is.
    pub fn blank() -> Own {
        Own { words: 0.0, links: 0.0, is_long: false, tag: 15, signature: 0, text: [0.0; 3], whole: 0.0 }
    }
}

fn tag_class(name: &str) -> u8 {
    match name {
        "p" => 0,
        "li" => 1,
        "h1" => 2,
        "h2" => 3,
        "h3" => 4,
        "h4" | "h5" | "h6" => 5,
        "td" | "th" => 6,
        "div" => 7,
        "blockquote" => 8,
        "figcaption" | "caption" => 9,
        "pre" => 10,
        "dt" | "dd" => 11,
        "section" | "article" | "main" => 12,
        "header" | "footer" | "aside" | "nav" => 13,
        _ => 14,
    }
}

/// Mean, least and most of what a table knows of some tokens.
pub fn spread(tokens: &[u32], table: &[i8]) -> [f32; 3] {
    let (mut sum, mut least, mut most) = (0.0, 0.0_f32, 0.0_f32);
    for &token in tokens {
        let value = Tables::of(table, token);
        sum += value;
        least = least.min(value);
        most = most.max(value);
    }
    [sum / tokens.len().max(1) as f32, least, most]
}

/// Sums over a holder's blocks.
#[derive(Clone, Copy, Default)]
pub struct Sum {
    pub words: f32,
    pub link_words: f32,
    pub long_words: f32,
    pub blocks: f32,
    pub paragraphs: f32,
}

pub fn sums(page: &Blocks, own: &[Own]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); page.holders.len()];
    for (block, own) in page.blocks.iter().zip(own) {
        let sum = &mut sums[block.holder as usize];
        sum.words += own.words;
        sum.link_words += own.words * own.links;
        sum.long_words += if own.is_long { own.words } else { 0.0 };
        sum.blocks += 1.0;
        sum.paragraphs += f32::from(u8::from(own.tag == 0));
    }
    // Holders come after those that they stand in.
    for at in (1..page.holders.len()).rev() {
        let (sum, parent) = (sums[at], page.holders[at].parent as usize);
        if let Some(to) = sums.get_mut(parent) {
            to.words += sum.words;
            to.link_words += sum.link_words;
            to.long_words += sum.long_words;
            to.blocks += sum.blocks;
            to.paragraphs += sum.paragraphs;
        }
    }
    sums
}

/// Over all that a holder stands in: least, most, sum of means.
pub fn inherit(page: &Blocks, classes: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let mut all: Vec<[f32; 3]> = Vec::with_capacity(page.holders.len());
    for holder in &page.holders {
        let own = classes[holder.mark as usize];
        let above = all.get(holder.parent as usize).copied().unwrap_or_default();
        all.push([above[0].min(own[1]), above[1].max(own[2]), above[2] * 0.8 + own[0]]);
    }
    all
}

/// For each holder the block that it begins with.
pub fn beginnings(page: &Blocks) -> Vec<u32> {
    let mut begins = vec![NONE; page.holders.len()];
    for (at, block) in page.blocks.iter().enumerate() {
        for holder in page.chain(block.holder) {
            if begins[holder as usize] != NONE {
                break;
            }
            begins[holder as usize] = at as u32;
        }
    }
    begins
}

/// For each block the heading that it stands under, if any, and how many levels up that heading's section is.
pub fn headings(page: &Blocks, own: &[Own], sums: &[Sum]) -> Vec<Option<(u32, u8)>> {
    let mut last = vec![NONE; page.holders.len()];
    let mut under = Vec::with_capacity(page.blocks.len());
    for (at, block) in page.blocks.iter().enumerate() {
        let mut chain = page.chain(block.holder).take(12).enumerate();
        under.push(chain.find_map(|(up, it)| {
            let heading = last[it as usize];
            (heading != NONE).then_some((heading, up as u8))
        }));
        let mine = &own[at];
        let is_heading =
            matches!(mine.tag, 2..=5) || mine.words <= 8.0 && block.bold_chars * 10 >= block.chars * 9;
        if is_heading {
            // It heads the first holder that has more than it.
            let section = page.chain(block.holder).skip(1).take(6).find(|it| sums[*it as usize].blocks > 1.5);
            if let Some(section) = section {
                last[section as usize] = at as u32;
            }
        }
    }
    under
}

/// Blocks that readers wrote: in a place that is called so, behind the headline and not around it.
pub fn replies(page: &Blocks, own: &[Own], title: Option<usize>) -> Vec<bool> {
    let is_marked = |at: usize| page.holders[page.blocks[at].holder as usize].flags & flag::REPLIES != 0;
    let headline = title.or_else(|| own.iter().position(|it| it.tag == 2)).unwrap_or(0);
    if page.blocks.is_empty() || is_marked(headline) {
        return vec![false; page.blocks.len()];
    }
    (0..page.blocks.len()).map(|at| headline < at && is_marked(at)).collect()
}

/// A list of things of one kind, each of several blocks: comments, teasers, products, posts.
#[derive(Clone, Copy, Default)]
pub struct Record {
    pub count: f32,
    pub blocks: f32,
    pub words: f32,
}

/// For each holder the list that it is an element of: holders alike in the same parent.
pub fn records(page: &Blocks, sums: &[Sum]) -> Vec<Record> {
    let key = |at: usize| {
        page.mark(&page.holders[at]).signature.rotate_left(13)
            ^ page.holders[at].parent.wrapping_mul(0x9e37_79b1)
    };
    let mut lists: Counts<Record> = Counts::default();
    for (at, sum) in sums.iter().enumerate().filter(|(_, it)| 0.0 < it.words) {
        let list = lists.entry(key(at)).or_default();
        list.count += 1.0;
        list.blocks += sum.blocks;
        list.words += sum.words;
    }
    (0..sums.len()).map(|at| lists.get(&key(at)).copied().unwrap_or_default()).collect()
}

/// The block that is the headline: the `h1` most like the title, else any block like it.
pub fn title_block(page: &Blocks, own: &[Own], words: &[&[u32]], title: &Hashes) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for (at, mine) in own.iter().enumerate().filter(|(_, it)| it.words <= 40.0) {
        let both = words[at].iter().filter(|it| title.contains(it)).count() as f32;
        let like = both / (words[at].len() + title.len()).max(1) as f32 * 2.0;
        let score = like
            + match mine.tag {
                2 => 0.4,
                3 => 0.1,
                _ => 0.0,
            };
        if score > 0.55 && best.is_none_or(|(most, _)| most < score) {
            best = Some((score, at));
        }
    }
    debug_assert_eq!(page.blocks.len(), own.len());
    best.map(|(_, at)| at)
}

/// An element, as the chain of all that it stands in.
pub struct Place {
    chain: Vec<u32>,
}

impl Place {
    /// The holder that gathers most running text close beneath it (the idea of reader modes since 2009).
    pub fn of_most_text(page: &Blocks, own: &[Own]) -> Place {
        let mut scores: Counts<f32> = Counts::default();
        for (block, own) in page.blocks.iter().zip(own).filter(|(_, own)| own.is_long) {
            let score = own.words * (1.0 - own.links);
            for (up, holder) in page.chain(block.holder).take(5).enumerate() {
                *scores.entry(holder).or_default() += score * [0.3, 1.0, 0.7, 0.45, 0.3][up];
            }
        }
        let best =
            scores.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(holder, _)| *holder);
        Place { chain: best.map(|it| page.chain(it).take(FAR).collect()).unwrap_or_default() }
    }

    pub fn of_block(page: &Blocks, block: Option<usize>) -> Place {
        let holder = block.map(|it| page.blocks[it].holder);
        Place { chain: holder.map(|it| page.chain(it).take(FAR).collect()).unwrap_or_default() }
    }

    /// How many levels above a holder the first common holder is, and how far up this chain it lies.
    pub fn relation(&self, page: &Blocks, holder: u32) -> (f32, f32) {
        for (up, it) in page.chain(holder).take(FAR).enumerate() {
            if let Some(at) = self.chain.iter().position(|top| *top == it) {
                return (up as f32, at as f32);
            }
        }
        (30.0, 30.0)
    }
}

/// Running text with little between it, counted through: the article is most often one stretch, or a few.
pub struct Stretches {
    /// For each block its stretch, or the one before it.
    pub of: Vec<usize>,
    pub words: Vec<f32>,
    pub largest: usize,
}

/// So many words of other kinds end a stretch.
const BREAK: f32 = 60.0;

impl Stretches {
    pub fn of(own: &[Own]) -> Stretches {
        let (mut of, mut words, mut between) = (Vec::with_capacity(own.len()), vec![0.0_f32], 0.0_f32);
        for it in own {
            if it.is_long {
                if BREAK < between {
                    words.push(0.0);
                }
                between = 0.0;
                if let Some(last) = words.last_mut() {
                    *last += it.words;
                }
            } else {
                between += it.words;
            }
            of.push(words.len() - 1);
        }
        let largest = (0..words.len()).max_by(|a, b| words[*a].total_cmp(&words[*b])).unwrap_or(0);
        Stretches { of, words, largest }
    }
}
