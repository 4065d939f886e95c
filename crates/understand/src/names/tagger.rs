//! Finds names in sentences: a linear chain over words (Collins 2002, "Discriminative training methods for hidden Markov
//! models") with the features of Ratinov and Roth 2009, "Design challenges and misconceptions in named entity
//! recognition". `cargo xtask train-names` learns its weights.

use std::{borrow::Cow, ops::Range};

use news::NameKind;

use super::{
    features::{Memory, Word, describe, features},
    gazetteer::{Gazetteer, gazetteer},
    lexicon::{Known, Lexicon},
};

/// Outside, then for each kind: begins, inside, ends, all in one word.
pub const LABELS: usize = 17;
pub const KINDS: [NameKind; 4] = [NameKind::Person, NameKind::Organisation, NameKind::Place, NameKind::Other];
const BUCKETS: usize = 1 << 16;
const ROW: usize = 2 + LABELS;

/// A name in a sentence: which of its tokens, and its kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    pub tokens: Range<usize>,
    pub kind: NameKind,
}

pub struct Tagger {
    weights: Weights,
    lexicon: Lexicon,
    gazetteer: &'static Gazetteer,
}

impl Tagger {
    pub fn new(weights: Weights, lexicon: Lexicon) -> Tagger {
        Tagger { weights, lexicon, gazetteer: gazetteer() }
    }

    pub fn known(&self, hash: u32) -> Known {
        self.lexicon.word(hash)
    }

    /// The names of a sentence. What it finds it remembers for the next sentences of the same text.
    pub fn names(&self, tokens: &[&str], memory: &mut Memory, room: &mut Room) -> Vec<Span> {
        describe(tokens, self.gazetteer, &self.lexicon, &mut room.words);
        let mut spans = Vec::new();
        for run in runs(&room.words) {
            room.scores.clear();
            for at in run.clone() {
                room.features.clear();
                features(&room.words, at, memory, &mut room.features);
                room.scores.push(self.weights.scores(&room.features));
            }
            let labels = best(&room.scores, &self.weights.follow);
            spans_of(&labels, run.start, &mut spans);
        }
        remember(&spans, &room.words, memory);
        spans
    }
}

/// Working memory that is used again from sentence to sentence.
#[derive(Default)]
pub struct Room {
    pub words: Vec<Word>,
    features: Vec<u32>,
    scores: Vec<[f32; LABELS]>,
}

/// Neighbouring candidates; between them nothing can be part of a name.
pub fn runs(words: &[Word]) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for at in (0..words.len()).filter(|&at| words[at].candidate) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

pub fn remember(spans: &[Span], words: &[Word], memory: &mut Memory) {
    for span in spans {
        let kind = KINDS.iter().position(|kind| *kind == span.kind).unwrap_or(0) as u8 + 1;
        for word in &words[span.tokens.clone()] {
            memory.insert(word.hash, kind);
        }
    }
}

/// May `next` follow `label`? A name that begins must end, and be of one kind throughout.
pub fn may_follow(label: usize, next: usize) -> bool {
    let open = label != 0 && matches!((label - 1) % 4, 0 | 1);
    let continues = next != 0 && matches!((next - 1) % 4, 1 | 2);
    if open { continues && (label - 1) / 4 == (next - 1) / 4 } else { !continues }
}

/// The best allowed sequence of labels (Viterbi); nothing is open before it or after it.
pub fn best(scores: &[[f32; LABELS]], follow: &[[f32; LABELS]; LABELS]) -> Vec<usize> {
    let mut back: Vec<[u8; LABELS]> = Vec::with_capacity(scores.len());
    let mut so_far = [f32::NEG_INFINITY; LABELS];
    so_far[0] = 0.0;
    for score in scores {
        let mut now = [f32::NEG_INFINITY; LABELS];
        let mut from = [0_u8; LABELS];
        for label in (0..LABELS).filter(|&label| so_far[label] != f32::NEG_INFINITY) {
            for next in (0..LABELS).filter(|&next| may_follow(label, next)) {
                let total = so_far[label] + follow[label][next] + score[next];
                if now[next] < total {
                    (now[next], from[next]) = (total, label as u8);
                }
            }
        }
        so_far = now;
        back.push(from);
    }
    let mut label = (0..LABELS)
        .filter(|&label| may_follow(label, 0))
        .max_by(|&a, &b| so_far[a].total_cmp(&so_far[b]))
        .unwrap_or(0);
    let mut labels = vec![0; scores.len()];
    for (at, from) in back.iter().enumerate().rev() {
        labels[at] = label;
        label = usize::from(from[label]);
    }
    labels
}

pub fn spans_of(labels: &[usize], offset: usize, spans: &mut Vec<Span>) {
    let mut begin = 0;
    for (at, &label) in labels.iter().enumerate().filter(|(_, label)| **label != 0) {
        let (kind, place) = ((label - 1) / 4, (label - 1) % 4);
        if matches!(place, 0 | 3) {
            begin = at;
        }
        if matches!(place, 2 | 3) {
            spans.push(Span { tokens: offset + begin..offset + at + 1, kind: KINDS[kind] });
        }
    }
}

/// What each feature says of each label, by hash: 65,536 buckets of rows, read where they lie.
pub struct Weights {
    bytes: Cow<'static, [u8]>,
    follow: [[f32; LABELS]; LABELS],
}

impl Weights {
    /// Layout: label after label (i8), first row of each bucket and one more (u32), rows (check u16, weights i8).
    pub fn lay_out(follow: &[[i8; LABELS]; LABELS], mut rows: Vec<(u32, [i8; LABELS])>) -> Vec<u8> {
        rows.sort_unstable();
        rows.dedup_by_key(|row| row.0);
        let mut bytes: Vec<u8> = follow.iter().flatten().map(|&it| it as u8).collect();
        for bucket in 0..=BUCKETS as u32 {
            let first = rows.partition_point(|row| row.0 >> 16 < bucket);
            bytes.extend((first as u32).to_le_bytes());
        }
        for (hash, weights) in rows {
            bytes.extend((hash as u16).to_le_bytes());
            bytes.extend(weights.iter().map(|&it| it as u8));
        }
        bytes
    }

    pub fn new(bytes: Cow<'static, [u8]>) -> Option<Weights> {
        let mut follow = [[0.0; LABELS]; LABELS];
        let head = bytes.get(..LABELS * LABELS)?;
        for (to, &from) in follow.iter_mut().flatten().zip(head) {
            *to = f32::from(from as i8);
        }
        let weights = Weights { bytes, follow };
        let whole = LABELS * LABELS + 4 * (BUCKETS + 1) + ROW * weights.first_row(BUCKETS)?;
        (weights.bytes.len() == whole).then_some(weights)
    }

    fn first_row(&self, bucket: usize) -> Option<usize> {
        let at = LABELS * LABELS + 4 * bucket;
        Some(u32::from_le_bytes(self.bytes.get(at..at + 4)?.try_into().ok()?) as usize)
    }

    fn scores(&self, features: &[u32]) -> [f32; LABELS] {
        let mut sums = [0_i32; LABELS];
        let rows = &self.bytes[LABELS * LABELS + 4 * (BUCKETS + 1)..];
        for &feature in features {
            let bucket = (feature >> 16) as usize;
            let (Some(from), Some(to)) = (self.first_row(bucket), self.first_row(bucket + 1)) else {
                continue;
            };
            let check = (feature as u16).to_le_bytes();
            let mut rows = rows[from * ROW..to * ROW].chunks_exact(ROW);
            if let Some(row) = rows.find(|row| row[..2] == check) {
                sums.iter_mut().zip(&row[2..]).for_each(|(sum, &weight)| *sum += i32::from(weight as i8));
            }
        }
        sums.map(|sum| sum as f32)
    }
}
