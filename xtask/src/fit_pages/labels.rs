//! Which blocks of a page its true text consists of.

use std::collections::{HashMap, HashSet};

use extract::fitting::Blocks;

use crate::evaluate::pages::words;

/// For each block the share of it that the true text has. Long blocks go by runs of four words; short ones belong where
/// they stand in the truth beside what belongs.
pub fn labels(page: &Blocks, truth: &str, title: &str) -> Vec<f32> {
    let truth_lower = truth.to_lowercase();
    let truth_words = words(&truth_lower);
    let lines: HashSet<Vec<&str>> = truth_lower.split('\n').map(words).collect();
    let mut runs: HashMap<&[&str], usize> = HashMap::new();
    for run in truth_words.windows(4) {
        *runs.entry(run).or_default() += 1;
    }
    let lowers: Vec<String> = page.blocks.iter().map(|it| it.text.to_lowercase()).collect();
    let blocks: Vec<Vec<&str>> = lowers.iter().map(|it| words(it)).collect();
    let mut labels = vec![0.0_f32; blocks.len()];
    let mut used: HashMap<&[&str], usize> = HashMap::new();
    for (at, block) in blocks.iter().enumerate().filter(|(_, it)| it.len() >= 4) {
        let mut covered = vec![false; block.len()];
        for (from, run) in block.windows(4).enumerate() {
            let Some(there) = runs.get(run) else { continue };
            // The truth has it so often; what repeats it more often does not belong.
            let used = used.entry(run).or_default();
            *used += 1;
            if *used <= *there {
                covered[from..from + 4].fill(true);
            }
        }
        let share = covered.iter().filter(|it| **it).count() as f32 / block.len() as f32;
        labels[at] = if share > 0.85 {
            1.0
        } else if share < 0.25 {
            0.0
        } else {
            share
        };
    }
    // The headline is kept beside the text, not in it, wherever the truth does not begin with it.
    let title = title.to_lowercase();
    let title = words(&title);
    if title.len() > 2 && !truth_words.starts_with(&title) {
        for (label, block) in labels.iter_mut().zip(&blocks) {
            if *block == title {
                *label = 0.0;
            }
        }
    }
    // Short ones: between two that belong, joined to one of them in the truth.
    let pairs: HashSet<&[&str]> = truth_words.windows(3).collect();
    for at in 0..blocks.len() {
        let block = &blocks[at];
        if block.len() >= 4 || block.is_empty() {
            continue;
        }
        let before = (0..at).rev().take(6).find(|it| labels[*it] > 0.5).map(|it| &blocks[it]);
        let after = (at + 1..blocks.len()).take(8).find(|it| labels[*it] > 0.5).map(|it| &blocks[it]);
        let joined = |left: &[&str], right: &[&str]| -> bool {
            let mut run: Vec<&str> = left.to_vec();
            run.extend_from_slice(right);
            run.len() >= 3 && run.windows(3).all(|it| pairs.contains(it))
        };
        let is_joined = before.is_some_and(|it| joined(&it[it.len().saturating_sub(2)..], block))
            || after.is_some_and(|it| joined(block, &it[..it.len().min(2)]));
        let is_line = lines.contains(block) && (before.is_some() && after.is_some());
        if is_joined || is_line {
            labels[at] = 1.0;
        }
    }
    labels
}
