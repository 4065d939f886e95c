//! From how sure we are of each block to which are kept.

use super::blocks::Blocks;
use super::features::{FIRST, Hints, SECOND, first, second};
use super::model::Model;
use crate::SiteMemory;

/// Below this the first look is the last.
const HOPELESS: f32 = 0.02;
/// Fewer words than this, by expectation, are no article.
const LEAST_WORDS: f32 = 20.0;
/// What we are less sure of is not kept, even on pages of which we are unsure altogether.
const LEAST_SURE: f32 = 0.35;
/// A block that so large a share of the outlet's pages has is not of this article.
const REPEATED: f32 = 0.5;

/// How sure we are of each block.
pub fn sure(page: &Blocks, hints: &Hints, model: &Model) -> Vec<f32> {
    let rows = first(page, hints, &model.tables);
    let early: Vec<f32> = rows.chunks_exact(FIRST).map(|it| model.first.ask(it)).collect();
    let rows = second(page, &rows, &early);
    let again = |(row, p): (&[f32], &f32)| if *p < HOPELESS { *p } else { model.second.ask(row) };
    rows.chunks_exact(SECOND).zip(&early).map(again).collect()
}

pub fn choose(page: &Blocks, hints: &Hints, model: &Model, site: Option<&SiteMemory>) -> Vec<bool> {
    let mut sure = sure(page, hints, model);
    if let Some(site) = site {
        for (p, block) in sure.iter_mut().zip(&page.blocks) {
            if REPEATED <= site.repeats(&block.text) {
                *p = 0.0;
            }
        }
    }
    let words: Vec<f32> = page.blocks.iter().map(|it| it.words).collect();
    best_expected(&sure, &words)
}

/// The threshold under which expected F1 (by words) is highest: 2·kept∩true / (kept + true).
pub fn best_expected(sure: &[f32], words: &[f32]) -> Vec<bool> {
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
