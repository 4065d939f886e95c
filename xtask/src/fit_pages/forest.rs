//! Gradient-boosted trees on binned features (Friedman 2001; histograms as in LightGBM, Ke et al. 2017), small and plain.

use extract::fitting::{Forest, LEAF, Node};

/// Everything that may be fitted to: features by bins, what is true, what a mistake costs, and the fold of each row.
pub struct Rows {
    width: usize,
    bins: Vec<u8>,
    /// For each feature the upper edges of its bins.
    edges: Vec<Vec<f32>>,
    labels: Vec<f32>,
    weights: Vec<f32>,
    folds: Vec<u8>,
}

impl Rows {
    pub fn of(width: usize, values: &[f32], labels: Vec<f32>, weights: Vec<f32>, folds: Vec<u8>) -> Rows {
        let edges: Vec<Vec<f32>> = (0..width).map(|it| edges(values, width, it)).collect();
        let bin = |at: usize| edges[at % width].partition_point(|edge| *edge < values[at]) as u8;
        let bins = (0..values.len()).map(bin).collect();
        Rows { width, bins, edges, labels, weights, folds }
    }
}

const BINS: usize = 48;
const DEPTH: usize = 6;
const RATE: f32 = 0.045;
/// Weight drawn towards no answer, and the least weight of a leaf.
const RIDGE: f32 = 0.6;
const LEAST: f32 = 0.7;
const ROWS_A_TREE: f32 = 0.5;
const FEATURES_A_TREE: f32 = 0.3;

/// A forest that has not seen the rows of one fold, or has seen all.
pub fn fit(rows: &Rows, without: Option<u8>, trees: usize) -> Forest {
    let own: Vec<u32> =
        (0..rows.labels.len() as u32).filter(|it| Some(rows.folds[*it as usize]) != without).collect();
    let weight = |at: u32| rows.weights[at as usize];
    let total: f32 = own.iter().map(|it| weight(*it)).sum();
    let mean = own.iter().map(|it| rows.labels[*it as usize] * weight(*it)).sum::<f32>() / total.max(1e-9);
    let mut forest = Forest { base: (mean / (1.0 - mean)).ln(), ..Forest::default() };
    let mut scores = vec![forest.base; rows.labels.len()];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for _ in 0..trees {
        let gradients: Vec<(f32, f32)> = scores
            .iter()
            .zip(&rows.labels)
            .zip(&rows.weights)
            .map(|((score, y), w)| {
                let p = 1.0 / (1.0 + (-score).exp());
                (w * (y - p), w * (p * (1.0 - p)).max(1e-4))
            })
            .collect();
        let mut chosen: Vec<u32> = own.iter().copied().filter(|_| dice.roll() < ROWS_A_TREE).collect();
        let features: Vec<usize> = (0..rows.width).filter(|_| dice.roll() < FEATURES_A_TREE).collect();
        let grower = Grower {
            bins: &rows.bins,
            width: rows.width,
            gradients: &gradients,
            edges: &rows.edges,
            features: &features,
        };
        let mut tree = Vec::new();
        let sums = grower.histogram(&chosen);
        let mut by_bin = Vec::new();
        grower.grow(&mut chosen, sums, DEPTH, &mut tree, &mut by_bin);
        for &at in &own {
            let bins = &rows.bins[at as usize * rows.width..][..rows.width];
            scores[at as usize] += answer(&tree, &by_bin, bins);
        }
        forest.trees.push(forest.nodes.len() as u32);
        forest.nodes.extend(tree);
    }
    forest
}

fn answer(tree: &[Node], by_bin: &[u8], row: &[u8]) -> f32 {
    let mut at = 0;
    while tree[at].feature != LEAF {
        at = if row[tree[at].feature as usize] <= by_bin[at] { at + 1 } else { tree[at].no as usize };
    }
    tree[at].at
}

/// Upper edges of the bins: quantiles of a sample of the values.
fn edges(all: &[f32], width: usize, feature: usize) -> Vec<f32> {
    let n = all.len() / width;
    let step = (n / 20_000).max(1);
    let mut values: Vec<f32> = (0..n).step_by(step).map(|at| all[at * width + feature]).collect();
    values.sort_by(f32::total_cmp);
    let mut edges: Vec<f32> =
        (1..BINS).map(|it| values[(values.len() * it / BINS).min(values.len() - 1)]).collect();
    let mut distinct = values;
    distinct.dedup();
    if distinct.len() <= BINS {
        edges = distinct;
        edges.pop();
    }
    edges.dedup();
    edges
}

struct Grower<'a> {
    bins: &'a [u8],
    width: usize,
    gradients: &'a [(f32, f32)],
    edges: &'a [Vec<f32>],
    features: &'a [usize],
}

type Histogram = Vec<(f32, f32)>;

impl Grower<'_> {
    fn histogram(&self, rows: &[u32]) -> Histogram {
        let mut sums = vec![(0.0, 0.0); self.features.len() * BINS];
        for &row in rows {
            let (g, h) = self.gradients[row as usize];
            let bins = &self.bins[row as usize * self.width..][..self.width];
            for (slot, &feature) in self.features.iter().enumerate() {
                let sum = &mut sums[slot * BINS + bins[feature] as usize];
                sum.0 += g;
                sum.1 += h;
            }
        }
        sums
    }

    fn grow(
        &self,
        rows: &mut [u32],
        sums: Histogram,
        depth: usize,
        tree: &mut Vec<Node>,
        by_bin: &mut Vec<u8>,
    ) {
        let (g, h) = sums[..BINS].iter().fold((0.0, 0.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        let split = if depth == 0 { None } else { self.best(&sums, g, h) };
        let Some((slot, bin)) = split else {
            tree.push(Node { feature: LEAF, no: 0, at: RATE * g / (h + RIDGE) });
            by_bin.push(0);
            return;
        };
        let feature = self.features[slot];
        let mut middle = 0;
        for at in 0..rows.len() {
            if self.bins[rows[at] as usize * self.width + feature] <= bin {
                rows.swap(at, middle);
                middle += 1;
            }
        }
        let (yes, no) = rows.split_at_mut(middle);
        // The smaller side is counted, the larger is what is left.
        let (small, is_yes) = if yes.len() < no.len() { (&*yes, true) } else { (&*no, false) };
        let counted = self.histogram(small);
        let rest: Histogram =
            sums.iter().zip(&counted).map(|(all, it)| (all.0 - it.0, all.1 - it.1)).collect();
        let (of_yes, of_no) = if is_yes { (counted, rest) } else { (rest, counted) };
        let here = tree.len();
        tree.push(Node { feature: feature as u16, no: 0, at: self.edges[feature][bin as usize] });
        by_bin.push(bin);
        self.grow(yes, of_yes, depth - 1, tree, by_bin);
        tree[here].no = tree.len() as u16;
        self.grow(no, of_no, depth - 1, tree, by_bin);
    }

    fn best(&self, sums: &Histogram, g: f32, h: f32) -> Option<(usize, u8)> {
        let gain = |g: f32, h: f32| g * g / (h + RIDGE);
        let mut best: Option<(f32, usize, u8)> = None;
        for (slot, &feature) in self.features.iter().enumerate() {
            let (mut left_g, mut left_h) = (0.0, 0.0);
            for bin in 0..self.edges[feature].len() {
                let (bin_g, bin_h) = sums[slot * BINS + bin];
                left_g += bin_g;
                left_h += bin_h;
                if left_h < LEAST || h - left_h < LEAST {
                    continue;
                }
                let won = gain(left_g, left_h) + gain(g - left_g, h - left_h) - gain(g, h);
                if won > 1e-3 && best.is_none_or(|(most, ..)| most < won) {
                    best = Some((won, slot, bin as u8));
                }
            }
        }
        best.map(|(_, slot, bin)| (slot, bin))
    }
}

/// The same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 40) as f32 / (1u64 << 24) as f32
    }
}
