//! Words that stand in like places: directions learnt from their neighbours (skip-grams with negative samples, Mikolov et
//! al. 2013; a table for each place beside the word, Ling et al. 2015, which keeps the classes close to grammar), then
//! classes within classes (k-means by angle).

use std::collections::HashMap;

use understand::names::training::{Known, Token, fold_hash, tokens};

use super::Table;

const WIDTH: usize = 64;
/// Neighbours on each side.
const REACH: usize = 2;
const NEGATIVE: usize = 4;
const EPOCHS: usize = 3;
const STEP: f32 = 0.04;
/// Words met less often get no class.
const SELDOM: u32 = 8;
const MOST_WORDS: usize = 60_000;
const WIDE: usize = 96;
/// Classes within a wide one: what fits four bits.
const NARROW: usize = 16;

/// Same dice in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % most.max(1)
    }
}

/// Gives the words that are common enough their class.
pub fn classes(texts: &[String], words: &mut Table<Known>) {
    let (numbers, counts, lines) = numbered(texts);
    let points = directions(&counts, &lines);
    let wide = groups(&points, WIDE);
    let mut of_wide: Vec<Vec<usize>> = vec![Vec::new(); WIDE];
    wide.iter().enumerate().for_each(|(word, &group)| of_wide[group].push(word));
    let mut class = vec![0_u16; points.len()];
    for (group, members) in of_wide.iter().enumerate() {
        let inside: Vec<Vec<f32>> = members.iter().map(|&word| points[word].clone()).collect();
        for (&word, narrow) in members.iter().zip(groups(&inside, NARROW)) {
            class[word] = (((group + 1) << 4) | narrow) as u16;
        }
    }
    for (hash, number) in numbers {
        words.entry(hash).or_default().class = class[number as usize];
    }
}

/// Each common word has a number, the commonest 0; texts as lines of numbers.
fn numbered(texts: &[String]) -> (HashMap<u32, u32>, Vec<u32>, Vec<Vec<u32>>) {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    each_line(texts, |line| line.iter().for_each(|token| *counts.entry(word(token)).or_default() += 1));
    let mut common: Vec<(u32, u32)> =
        counts.into_iter().filter(|it| SELDOM <= it.1).map(|(hash, count)| (count, hash)).collect();
    common.sort_unstable_by(|a, b| b.cmp(a));
    common.truncate(MOST_WORDS);
    let numbers: HashMap<u32, u32> = (0..).zip(&common).map(|(number, it)| (it.1, number)).collect();
    let mut lines = Vec::new();
    each_line(texts, |line| {
        let line: Vec<u32> = line.iter().filter_map(|token| numbers.get(&word(token)).copied()).collect();
        if 3 < line.len() {
            lines.push(line);
        }
    });
    (numbers, common.into_iter().map(|it| it.0).collect(), lines)
}

fn word(token: &Token) -> u32 {
    fold_hash(token.text)
}

fn each_line(texts: &[String], mut tell: impl FnMut(&[Token])) {
    let mut found = Vec::new();
    for line in texts.iter().flat_map(|text| text.lines()) {
        found.clear();
        tokens(line, 0, line.len(), &mut found);
        tell(&found);
    }
}

fn directions(counts: &[u32], lines: &[Vec<u32>]) -> Vec<Vec<f32>> {
    let mut dice = Dice(99);
    let mut own: Vec<[f32; WIDTH]> = (0..counts.len())
        .map(|_| std::array::from_fn(|_| (dice.below(2001) as f32 / 1000.0 - 1.0) / WIDTH as f32))
        .collect();
    let mut around = vec![[0.0_f32; WIDTH]; 2 * REACH * counts.len()];
    // Common words are drawn less than their share as wrong answers, and skipped often as right ones.
    let mut drawn = Vec::with_capacity(1 << 20);
    let total: f64 = counts.iter().map(|&it| f64::from(it).powf(0.75)).sum();
    for (number, &count) in (0_u32..).zip(counts) {
        let share = (f64::from(count).powf(0.75) / total * f64::from(1 << 20)).ceil() as usize;
        drawn.extend(std::iter::repeat_n(number, share));
    }
    let all: f64 = counts.iter().map(|&it| f64::from(it)).sum();
    let keep: Vec<usize> =
        counts.iter().map(|&it| ((3e-4 * all / f64::from(it)).sqrt().min(1.0) * 1000.0) as usize).collect();
    for epoch in 0..EPOCHS {
        for (done, line) in lines.iter().enumerate() {
            let gone = (epoch as f32 + done as f32 / lines.len() as f32) / EPOCHS as f32;
            let step = STEP * (1.0 - gone).max(0.02);
            for (at, &centre) in line.iter().enumerate() {
                if keep[centre as usize] < dice.below(1000) {
                    continue;
                }
                for place in 0..2 * REACH {
                    let other = if place < REACH {
                        at.checked_sub(REACH - place)
                    } else {
                        Some(at + 1 + place - REACH)
                    };
                    let Some(&other) = other.and_then(|other| line.get(other)) else { continue };
                    teach(
                        &mut own[centre as usize],
                        &mut around,
                        place * counts.len(),
                        other,
                        &drawn,
                        &mut dice,
                        step,
                    );
                }
            }
        }
    }
    own.iter()
        .map(|row| {
            let length = row.iter().map(|it| it * it).sum::<f32>().sqrt().max(1e-9);
            row.iter().map(|it| it / length).collect()
        })
        .collect()
}

fn teach(
    own: &mut [f32; WIDTH],
    around: &mut [[f32; WIDTH]],
    table: usize,
    right: u32,
    drawn: &[u32],
    dice: &mut Dice,
    step: f32,
) {
    let mut change = [0.0_f32; WIDTH];
    for draw in 0..=NEGATIVE {
        let (other, is_right) = if draw == 0 { (right, 1.0) } else { (drawn[dice.below(drawn.len())], 0.0) };
        let row = &mut around[table + other as usize];
        let sum: f32 = own.iter().zip(row.iter()).map(|(a, b)| a * b).sum();
        let error = step * (is_right - 1.0 / (1.0 + (-sum).exp()));
        for ((change, row), own) in change.iter_mut().zip(row.iter_mut()).zip(own.iter()) {
            *change += error * *row;
            *row += error * own;
        }
    }
    own.iter_mut().zip(change).for_each(|(own, change)| *own += change);
}

/// The group of each point: k-means by angle, begun with points spread evenly over their order.
fn groups(points: &[Vec<f32>], many: usize) -> Vec<usize> {
    let many = many.min(points.len()).max(1);
    let mut centres: Vec<Vec<f32>> =
        (0..many).filter_map(|at| points.get(at * points.len() / many).cloned()).collect();
    let mut nearest = vec![0; points.len()];
    for _ in 0..12 {
        for (point, nearest) in points.iter().zip(&mut nearest) {
            let like = |centre: &Vec<f32>| -> f32 { point.iter().zip(centre).map(|(a, b)| a * b).sum() };
            let likes: Vec<f32> = centres.iter().map(like).collect();
            *nearest = (0..centres.len()).max_by(|&a, &b| likes[a].total_cmp(&likes[b])).unwrap_or(0);
        }
        let mut sums = vec![vec![0.0_f32; WIDTH]; centres.len()];
        for (point, &nearest) in points.iter().zip(&nearest) {
            sums[nearest].iter_mut().zip(point).for_each(|(sum, it)| *sum += it);
        }
        for (centre, sum) in centres.iter_mut().zip(sums) {
            let length = sum.iter().map(|it| it * it).sum::<f32>().sqrt();
            if 0.0 < length {
                *centre = sum.into_iter().map(|it| it / length).collect();
            }
        }
    }
    nearest
}
