//! Which words are told as said or thought by someone: a linear chain over the words of a paragraph that looks at the
//! readings which reporting words offer, at quotation marks and at the build of the sentence. Learnt by `cargo xtask
//! train-quotes`.

use std::borrow::Cow;

use super::candidates::{Attribution, Paragraph};
use crate::names::{
    known_of,
    training::{fold_hash, joined, spread},
};

/// Outside, begins, goes on.
pub const LABELS: usize = 3;
const SLOT: usize = 8;

/// An open table: feature (u32), what it says of each label (i8), one byte free; before it what follows what.
pub struct Sequence<'a> {
    slots: Cow<'a, [u8]>,
    follow: [[f32; LABELS]; LABELS],
}

impl<'a> Sequence<'a> {
    pub fn new(bytes: &'a [u8]) -> Sequence<'a> {
        let (head, slots) = bytes.split_at(bytes.len().min(LABELS * LABELS));
        let mut follow = [[0.0; LABELS]; LABELS];
        follow.iter_mut().flatten().zip(head).for_each(|(to, &from)| *to = f32::from(from as i8));
        Sequence { slots: Cow::Borrowed(slots), follow }
    }

    pub fn lay_out(follow: &[[i8; LABELS]; LABELS], rows: &[(u32, [i8; LABELS])]) -> Vec<u8> {
        let many = (rows.len() * 3 / 2).max(8);
        let mut slots = vec![0; many * SLOT];
        for (feature, weights) in rows.iter().filter(|it| it.0 != 0) {
            let mut slot = *feature as usize % many;
            while slots[slot * SLOT..slot * SLOT + 4] != [0; 4] {
                slot = (slot + 1) % many;
            }
            slots[slot * SLOT..slot * SLOT + 4].copy_from_slice(&feature.to_le_bytes());
            for (to, weight) in slots[slot * SLOT + 4..].iter_mut().zip(weights) {
                *to = *weight as u8;
            }
        }
        follow.iter().flatten().map(|&it| it as u8).chain(slots).collect()
    }

    fn add(&self, feature: u32, sums: &mut [f32; LABELS]) {
        let many = self.slots.len() / SLOT;
        let mut slot = feature as usize % many.max(1);
        while let Some(row) = self.slots.get(slot * SLOT..(slot + 1) * SLOT) {
            let key = u32::from_le_bytes([row[0], row[1], row[2], row[3]]);
            if key == feature {
                sums.iter_mut().zip(&row[4..]).for_each(|(sum, &it)| *sum += f32::from(it as i8));
                return;
            }
            if key == 0 {
                return;
            }
            slot = (slot + 1) % many;
        }
    }

    /// The likeliest labels of a paragraph.
    pub fn labels(&self, features: &[Vec<u32>]) -> Vec<usize> {
        let scores: Vec<[f32; LABELS]> = features
            .iter()
            .map(|features| {
                let mut sums = [0.0; LABELS];
                features.iter().for_each(|&feature| self.add(feature, &mut sums));
                sums
            })
            .collect();
        best(&scores, &self.follow)
    }
}

/// Nothing goes on that has not begun.
pub fn may_follow(label: usize, next: usize) -> bool {
    !(label == 0 && next == 2)
}

pub fn best(scores: &[[f32; LABELS]], follow: &[[f32; LABELS]; LABELS]) -> Vec<usize> {
    let mut so_far = [0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
    let mut back: Vec<[usize; LABELS]> = Vec::with_capacity(scores.len());
    for score in scores {
        let mut now = [f32::NEG_INFINITY; LABELS];
        let mut from = [0; LABELS];
        for label in 0..LABELS {
            for next in (0..LABELS).filter(|&next| may_follow(label, next)) {
                let total = so_far[label] + follow[label][next] + score[next];
                if now[next] < total {
                    (now[next], from[next]) = (total, label);
                }
            }
        }
        so_far = now;
        back.push(from);
    }
    let mut label = (0..LABELS).max_by(|&a, &b| so_far[a].total_cmp(&so_far[b])).unwrap_or(0);
    let mut labels = vec![0; scores.len()];
    for (at, from) in back.iter().enumerate().rev() {
        labels[at] = label;
        label = from[label];
    }
    labels
}

/// Ranges of tokens that are said.
pub fn spans(labels: &[usize]) -> Vec<(usize, usize)> {
    let mut spans: Vec<(usize, usize)> = Vec::new();
    for (at, &label) in labels.iter().enumerate().filter(|(_, label)| **label != 0) {
        match spans.last_mut() {
            Some(span) if label == 2 && span.1 == at => span.1 = at + 1,
            _ => spans.push((at, at + 1)),
        }
    }
    spans
}

/// What the readings of a paragraph say of one of its words.
#[derive(Clone, Copy, Default)]
struct Read {
    /// Tenths of how likely the likeliest reading is that takes it for said, and how that is built.
    said: u32,
    build: u32,
    /// The same of those that take it for the source or the reporting word.
    tells: u32,
    first: bool,
    last: bool,
}

/// The nearest word of the sentence that may report.
#[derive(Clone, Copy, Default)]
struct Near {
    word: u32,
    far: u32,
    likely: u32,
    commas: u32,
    that: bool,
}

/// What speaks for each label at each word. `goes_on`: the paragraph before ended with what somebody said.
pub fn features(paragraph: &Paragraph, readings: &[(Attribution, f32)], goes_on: bool) -> Vec<Vec<u32>> {
    let many = paragraph.words.len();
    let read = read(paragraph, readings);
    let hashes: Vec<u32> = paragraph.words.iter().map(|it| fold_hash(it.text)).collect();
    let wide: Vec<u32> = hashes.iter().map(|&hash| u32::from(known_of(hash).wide())).collect();
    let marks = marks(paragraph);
    let before = near(paragraph, readings, false);
    let after = near(paragraph, readings, true);
    let at_or = |values: &[u32], at: usize, by: isize| -> u32 {
        at.checked_add_signed(by).and_then(|at| values.get(at)).copied().unwrap_or(7)
    };
    (0..many)
        .map(|at| {
            let mut found = Vec::with_capacity(40);
            let mut template = 0;
            let mut add = |value: u32| {
                template += 1;
                found.push(spread(joined(template, value)).max(1));
            };
            let (word, it) = (hashes[at], read[at]);
            let (left, right) = (at_or(&hashes, at, -1), at_or(&hashes, at, 1));
            let said_left = at.checked_sub(1).map_or(11, |at| read[at].said);
            let said_right = read.get(at + 1).map_or(11, |it| it.said);
            let (begin, end) = paragraph.sentence(at);
            let likeliest = (begin..end).map(|at| read[at].said).max().unwrap_or(0);
            let earlier = (0..begin).map(|at| read[at].said).max().unwrap_or(0);
            let sentence = likeliest << 8
                | earlier.min(10) << 4
                | u32::from(begin == 0) << 3
                | u32::from(matches!(marks[begin] & 7, 1 | 2)) << 2
                | u32::from(goes_on) << 1
                | u32::from(marks[0] & 7 == 2);
            let (b, a) = (before[at], after[at]);
            add(word);
            add(left);
            add(right);
            add(joined(left, word));
            add(joined(word, right));
            add(joined(at_or(&hashes, at, -2), left));
            add(at_or(&hashes, at, -2));
            add(at_or(&hashes, at, 2));
            add(wide[at]);
            add(at_or(&wide, at, -1) << 16 | wide[at]);
            add(wide[at] << 16 | at_or(&wide, at, 1));
            add(at_or(&wide, at, 1) << 16 | at_or(&wide, at, 2));
            add(it.said);
            add(it.said << 4 | it.build);
            add(it.said << 8 | marks[at]);
            add(it.said << 2 | u32::from(it.first) << 1 | u32::from(it.last));
            add(it.tells << 4 | it.said);
            add(said_left << 8 | it.said << 4 | said_right);
            add(joined(left, it.said));
            add(joined(word, it.said));
            add(marks[at]);
            add(joined(word, marks[at]));
            add(at.checked_sub(1).map_or(9, |at| marks[at]) << 16 | marks[at]);
            add(b.word);
            add(joined(b.word, b.far));
            add(b.likely << 8 | b.far);
            add(b.likely << 8 | u32::from(b.that) << 4 | b.commas);
            add(joined(b.word, u32::from(b.that) << 4 | b.commas));
            add(a.word);
            add(a.likely << 8 | a.far);
            add(a.likely << 8 | a.commas);
            add(joined(b.likely << 4 | a.likely, marks[at]));
            add(sentence);
            add(sentence << 12 | it.said << 4 | marks[at] & 7);
            add(u32::from(goes_on) << 8 | marks[at] << 1 | u32::from(begin == 0));
            add(joined(hashes[begin], it.said));
            add(1);
            found
        })
        .collect()
}

fn tenths(likely: f32) -> u32 {
    1 + (likely * 9.0) as u32
}

fn read(paragraph: &Paragraph, readings: &[(Attribution, f32)]) -> Vec<Read> {
    let mut read = vec![Read::default(); paragraph.words.len()];
    for (said, likely) in readings {
        let likely = tenths(*likely);
        for &content in &said.content {
            let (from, to) = paragraph.tokens_of(content);
            for (at, it) in read.iter_mut().enumerate().take(to).skip(from) {
                if it.said < likely {
                    (it.said, it.build) = (likely, said.build as u32);
                }
                it.first |= at == from;
                it.last |= at + 1 == to;
            }
        }
        for range in said.source.iter().chain([&said.cue]) {
            let (from, to) = paragraph.tokens_of(*range);
            read[from..to].iter_mut().for_each(|it| it.tells = it.tells.max(likely));
        }
    }
    read
}

/// 0 outside quotation marks, 1 inside, 2 the opening one, 3 the closing one; and above how long the quotation is.
fn marks(paragraph: &Paragraph) -> Vec<u32> {
    let mut marks = vec![0; paragraph.words.len()];
    for &(open, close) in paragraph.quoted() {
        let length = match close - open {
            0..=4 => 1,
            5..=9 => 2,
            _ => 3,
        };
        marks[open..=close].fill(1 | length << 3);
        marks[open] = 2 | length << 3;
        marks[close] = 3 | length << 3;
    }
    marks
}

fn near(paragraph: &Paragraph, readings: &[(Attribution, f32)], ahead: bool) -> Vec<Near> {
    let many = paragraph.words.len();
    let mut likely = vec![0_u32; many];
    for (said, chance) in readings {
        likely[said.at] = likely[said.at].max(tenths(*chance));
    }
    let mut near = vec![Near::default(); many];
    let mut last = Near::default();
    let order: Box<dyn Iterator<Item = usize>> =
        if ahead { Box::new((0..many).rev()) } else { Box::new(0..many) };
    let mut sentence = usize::MAX;
    for at in order {
        if sentence != paragraph.sentence(at).0 {
            sentence = paragraph.sentence(at).0;
            last = Near::default();
        }
        near[at] = Near {
            far: match last.far {
                it @ 0..=3 => it,
                4..=6 => 4,
                7..=12 => 5,
                _ => 6,
            },
            ..last
        };
        if 0 < likely[at] {
            last = Near {
                word: fold_hash(paragraph.word(at)),
                far: 0,
                likely: likely[at],
                commas: 0,
                that: false,
            };
        } else if 0 < last.likely {
            last.far += 1;
            last.commas = (last.commas + u32::from(paragraph.word(at) == ",")).min(3);
            last.that |= paragraph.word(at) == "that";
        }
    }
    near
}
