//! From how sure we are of each block to which are kept.

use super::blocks::Blocks;
use super::features::{Hints, table};
use super::model::Model;
use super::repeated::drop_repeated;
use crate::hashes::Counts;

/// Fewer words than this, by expectation, are no article.
const LEAST_WORDS: f32 = 20.0;
/// What we are less sure of is not kept, even on pages of which we are unsure altogether.
const LEAST_SURE: f32 = 0.35;

/// How sure we are of each block.
pub fn sure(page: &Blocks, hints: &Hints, model: &Model) -> Vec<f32> {
    let seen = table(page, hints, &model.tables);
    model.ask(&seen.rows, &seen.never)
}

pub fn choose(page: &Blocks, hints: &Hints, model: &Model) -> Vec<bool> {
    best(page, &sure(page, hints, model))
}

/// Of a live blog the times of its posts, wherever a kept text follows.
pub fn keep_times(page: &Blocks, kept: &mut [bool]) {
    for at in 0..kept.len() {
        let block = &page.blocks[at];
        let is_post = kept[at + 1..].iter().take(4).any(|it| *it);
        if (page.is_time(block) || is_clock(&block.text)) && is_post {
            kept[at] = true;
        }
    }
}

/// `12:31`, `12.31 Uhr`, `3:45 pm` and no more.
fn is_clock(text: &str) -> bool {
    let mut words = text.split(' ');
    let digits = |it: &str| (1..=2).contains(&it.len()) && it.bytes().all(|b| b.is_ascii_digit());
    let is_time = |it: &str| it.split_once([':', '.', 'h']).is_some_and(|(a, b)| digits(a) && digits(b));
    text.len() <= 16 && words.next().is_some_and(is_time) && words.count() <= 1
}

/// The best choice, and nothing in it twice.
pub fn best(page: &Blocks, sure: &[f32]) -> Vec<bool> {
    let words: Vec<f32> = page.blocks.iter().map(|it| it.words).collect();
    let mut kept = best_expected(&even(page, sure), &words);
    keep_headings(page, sure, &mut kept);
    drop_repeated(page, &mut kept);
    kept
}

/// Headings between two texts that are kept: one word is not enough to be sure of by itself.
fn keep_headings(page: &Blocks, sure: &[f32], kept: &mut [bool]) {
    let mut text_before = false;
    for at in 0..kept.len() {
        let block = &page.blocks[at];
        let tag = &*page.holders[block.holder as usize].tag;
        let is_heading = matches!(tag, "h2" | "h3" | "h4" | "h5" | "h6") && block.words <= HEADING;
        if is_heading && text_before && !kept[at] && HEADING_SURE <= sure[at] {
            kept[at] = kept.get(at + 1).is_some_and(|it| *it);
        }
        text_before |= kept[at] && !is_heading;
    }
}

/// Longer ones are teasers.
const HEADING: f32 = 20.0;
const HEADING_SURE: f32 = 0.1;

/// A longer text in a cell is one of a page that is laid out by tables.
const LONG_CELL: f32 = 60.0;

/// A table stays or goes as a whole; an element of a list more likely as the others do.
fn even(page: &Blocks, sure: &[f32]) -> Vec<f32> {
    let mut even = sure.to_vec();
    for (tag, own) in LISTS {
        let mut sums: Counts<(f32, f32, f32)> = Counts::default();
        let home = |at: usize| {
            let chain = page.chain(page.blocks[at].holder).take(5);
            chain.into_iter().find(|it| tag.contains(&&*page.holders[*it as usize].tag))
        };
        let homes: Vec<Option<u32>> = (0..sure.len()).map(home).collect();
        for (at, home) in homes.iter().enumerate() {
            let Some(home) = home else { continue };
            let (sum, words, longest) = sums.entry(*home).or_default();
            *sum += sure[at] * page.blocks[at].words;
            *words += page.blocks[at].words;
            *longest = longest.max(page.blocks[at].words);
        }
        for (at, home) in homes.iter().enumerate() {
            let Some((sum, words, longest)) = home.and_then(|it| sums.get(&it)) else { continue };
            if *longest < LONG_CELL {
                even[at] = own * sure[at] + (1.0 - own) * sum / words.max(1.0);
            }
        }
    }
    even
}

/// What is evened out, and how much of its own judgement each part keeps.
const LISTS: [(&[&str], f32); 2] = [(&["table"], 0.0), (&["ul", "ol", "dl"], 0.5)];

/// The threshold under which expected F1 (by words) is highest: 2·kept∩true / (kept + true).
fn best_expected(sure: &[f32], words: &[f32]) -> Vec<bool> {
    let truth: f32 = sure.iter().zip(words).map(|(p, w)| p * w).sum();
    let mut order: Vec<usize> = (0..sure.len()).collect();
    order.sort_by(|&a, &b| sure[b].total_cmp(&sure[a]));
    let (mut kept, mut right) = (0.0, 0.0);
    let (mut best, mut threshold) = (0.0, 1.1);
    for at in order {
        kept += words[at];
        right += sure[at] * words[at];
        let f1 = 2.0 * right / (kept + truth);
        if best < f1 {
            (best, threshold) = (f1, sure[at]);
        }
    }
    if truth < LEAST_WORDS {
        return vec![false; sure.len()];
    }
    let threshold = threshold.max(LEAST_SURE);
    sure.iter().map(|p| threshold <= *p).collect()
}
