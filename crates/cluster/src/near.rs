//! The stories nearest by meaning, without looking at all of them.
//!
//! Where a story's centre was after each placement is kept in cells by the direction, of 64 random ones and their
//! opposites, that it points along most (cross-polytope hashing: Andoni, Indyk, Laarhoven, Razenshteyn, Schmidt,
//! "Practical and Optimal LSH for Angular Distance", 2015). Cells are looked through nearest first until enough was
//! compared: among few stories that is all of them. A cell holds so many of the last, so memory is bounded too.

#[cfg(test)]
mod tests;

use std::time::Duration;

use news::{Embedding, Model, Timestamp};

const DIRECTIONS: usize = 64;
const OF_CELL: usize = 128;
/// So many centres are compared, a cell's worth more at most.
const COMPARED: usize = 512;

#[derive(Default)]
pub struct Near {
    /// Vectors of two models are never compared: with another model it begins anew.
    model: Model,
    width: usize,
    directions: Vec<i8>,
    cells: Vec<Cell>,
}

/// A ring.
#[derive(Default)]
struct Cell {
    next: usize,
    kept: Vec<Entry>,
    values: Vec<i8>,
}

struct Entry {
    story: u32,
    grew: Timestamp,
    length: f32,
}

impl Near {
    /// Where a story's centre is now that it has grown.
    pub fn keep(&mut self, story: u32, grew: Timestamp, centre: &Embedding) {
        if centre.is_empty() {
            return;
        }
        if self.model != centre.model() || self.width != centre.values().len() {
            *self = Near::begun(centre.model(), centre.values().len());
        }
        let Some((_, cell)) = self.nearest_cells(centre).into_iter().next() else { return };
        self.cells[cell].keep(Entry { story, grew, length: length(centre.values()) }, centre.values());
    }

    fn begun(model: Model, width: usize) -> Near {
        let sign = |at: usize| if spread(at as u64) & 1 == 0 { 1 } else { -1 };
        Near {
            model,
            width,
            directions: (0..DIRECTIONS * width).map(sign).collect(),
            cells: (0..2 * DIRECTIONS).map(|_| Cell::default()).collect(),
        }
    }

    /// Stories whose centre was most like it after one of its placements, the most alike first; those that grew too
    /// long before or after `at` are left out. A story may come several times.
    pub fn nearest(&self, at: Timestamp, reach: Duration, of: &Embedding, most: usize) -> Vec<u32> {
        if self.model != of.model() || self.width != of.values().len() || of.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(f32, u32)> = Vec::with_capacity(COMPARED + OF_CELL);
        let mut compared = 0;
        for (_, cell) in self.nearest_cells(of) {
            if COMPARED <= compared {
                break;
            }
            let cell = &self.cells[cell];
            compared += cell.kept.len();
            for (entry, values) in cell.kept.iter().zip(cell.values.chunks_exact(self.width)) {
                if at.0 == 0 || entry.grew.0 == 0 || at.apart(entry.grew) <= reach {
                    found.push((dot(of.values(), values) as f32 / entry.length, entry.story));
                }
            }
        }
        let order = |a: &(f32, u32), b: &(f32, u32)| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1));
        if most < found.len() {
            found.select_nth_unstable_by(most, order);
            found.truncate(most);
        }
        found.sort_unstable_by(order);
        found.into_iter().map(|it| it.1).collect()
    }

    /// The cell that it lies in, then those next to it.
    fn nearest_cells(&self, of: &Embedding) -> Vec<(i32, usize)> {
        let along = self.directions.chunks_exact(self.width).map(|it| dot(it, of.values()));
        let mut cells: Vec<(i32, usize)> =
            along.enumerate().flat_map(|(at, along)| [(along, 2 * at), (-along, 2 * at + 1)]).collect();
        cells.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        cells
    }
}

impl Cell {
    fn keep(&mut self, entry: Entry, values: &[i8]) {
        if self.kept.len() < OF_CELL {
            self.kept.push(entry);
            self.values.extend_from_slice(values);
            return;
        }
        self.kept[self.next] = entry;
        self.values[self.next * values.len()..][..values.len()].copy_from_slice(values);
        self.next = (self.next + 1) % OF_CELL;
    }
}

fn length(values: &[i8]) -> f32 {
    (dot(values, values) as f32).sqrt().max(1.0)
}

/// Sixteen at a time in 16 bits, which the compiler turns into vector instructions.
fn dot(a: &[i8], b: &[i8]) -> i32 {
    let (a, b) = (a.chunks(16), b.chunks(16));
    a.zip(b)
        .map(|(a, b)| a.iter().zip(b).map(|(&a, &b)| i32::from(i16::from(a) * i16::from(b))).sum::<i32>())
        .sum()
}

/// SplitMix64 (Steele, Lea, Flood, 2014): the same directions in every run.
fn spread(at: u64) -> u64 {
    let z = (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
