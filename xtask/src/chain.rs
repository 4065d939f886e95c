//! A conditional random field over a chain of labels, learnt by gradient steps of a size of its own for each weight
//! (AdaGrad) with a margin (softmax-margin, Gimpel and Smith 2010), and averaged.

/// Of a word's features so many are hidden at a time.
const HIDDEN: f32 = 0.5;
const STEP: f32 = 0.12;
/// How much each weight shrinks, in each step that touches it.
const SHRINK: f32 = 1e-4;

pub struct Chain<const L: usize> {
    /// Which label may follow which; before the first stands 0.
    allowed: Vec<(usize, usize)>,
    /// May the last label be this one?
    ends: [bool; L],
    now: Vec<[f32; L]>,
    squares: Vec<[f32; L]>,
    sums: Vec<[f32; L]>,
    pub follow: [[f32; L]; L],
    follow_squares: [[f32; L]; L],
    follow_sums: [[f32; L]; L],
    averaged: f32,
    dice: u32,
}

impl<const L: usize> Chain<L> {
    pub fn new(
        rows: usize,
        may_follow: impl Fn(usize, usize) -> bool,
        may_end: impl Fn(usize) -> bool,
    ) -> Chain<L> {
        let pairs = (0..L).flat_map(|label| (0..L).map(move |next| (label, next)));
        let zeros = vec![[0.0; L]; rows];
        Chain {
            allowed: pairs.filter(|&(label, next)| may_follow(label, next)).collect(),
            ends: std::array::from_fn(may_end),
            now: zeros.clone(),
            squares: zeros.clone(),
            sums: zeros,
            follow: [[0.0; L]; L],
            follow_squares: [[0.0; L]; L],
            follow_sums: [[0.0; L]; L],
            averaged: 0.0,
            dice: 5,
        }
    }

    pub fn scores(&self, rows: &[u32]) -> [f32; L] {
        let mut sums = [0.0; L];
        for &row in rows {
            sums.iter_mut().zip(&self.now[row as usize]).for_each(|(sum, it)| *sum += it);
        }
        sums
    }

    /// One step towards the right labels; each wrong one must be worse by its margin. Some features, others each time, are
    /// hidden, so that not all is staked on those that told most before.
    pub fn learn(&mut self, rows: &[Vec<u32>], gold: &[usize], margin: impl Fn(usize) -> f32) {
        let rows: Vec<Vec<u32>> =
            rows.iter().map(|rows| rows.iter().copied().filter(|_| !self.hides()).collect()).collect();
        let mut scores: Vec<[f32; L]> = rows.iter().map(|rows| self.scores(rows)).collect();
        for (score, &gold) in scores.iter_mut().zip(gold) {
            for (label, score) in score.iter_mut().enumerate().filter(|(label, _)| *label != gold) {
                *score += margin(label);
            }
        }
        let (shares, follows) = self.expected(&scores);
        for ((rows, share), &gold) in rows.iter().zip(&shares).zip(gold) {
            let error: [f32; L] =
                std::array::from_fn(|label| f32::from(u8::from(label == gold)) - share[label]);
            if error.iter().all(|it| it.abs() < 1e-3) {
                continue;
            }
            for &row in rows {
                step(&mut self.now[row as usize], &mut self.squares[row as usize], &error);
            }
        }
        let mut errors = follows.map(|row| row.map(|it| -it));
        let mut label = 0;
        for &next in gold {
            errors[label][next] += 1.0;
            label = next;
        }
        for ((now, squares), error) in self.follow.iter_mut().zip(&mut self.follow_squares).zip(&errors) {
            step(now, squares, error);
        }
    }

    fn hides(&mut self) -> bool {
        self.dice = self.dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((self.dice >> 8) as f32) < HIDDEN * (1 << 24) as f32
    }

    /// How likely each label is at each place, and how often each follows each (forward-backward).
    fn expected(&self, scores: &[[f32; L]]) -> (Vec<[f32; L]>, [[f32; L]; L]) {
        let follow = self.follow.map(|row| row.map(f32::exp));
        let weights: Vec<[f32; L]> = scores
            .iter()
            .map(|score| {
                let most = score.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
                score.map(|it| (it - most).exp())
            })
            .collect();
        let first: [f32; L] = std::array::from_fn(|label| f32::from(u8::from(label == 0)));
        let n = scores.len();
        let mut forward = vec![[0.0; L]; n];
        for at in 0..n {
            let before = if at == 0 { first } else { forward[at - 1] };
            let mut row = [0.0; L];
            for &(label, next) in &self.allowed {
                row[next] += before[label] * follow[label][next] * weights[at][next];
            }
            spread(&mut row);
            forward[at] = row;
        }
        let mut backward = vec![[0.0; L]; n];
        backward[n - 1] = self.ends.map(|it| f32::from(u8::from(it)));
        for at in (0..n - 1).rev() {
            let mut row = [0.0; L];
            for &(label, next) in &self.allowed {
                row[label] += follow[label][next] * weights[at + 1][next] * backward[at + 1][next];
            }
            spread(&mut row);
            backward[at] = row;
        }
        let mut follows = [[0.0; L]; L];
        let mut shares = Vec::with_capacity(n);
        for at in 0..n {
            let before = if at == 0 { first } else { forward[at - 1] };
            let mut share: [f32; L] = std::array::from_fn(|label| forward[at][label] * backward[at][label]);
            spread(&mut share);
            shares.push(share);
            let pair = |&(label, next): &(usize, usize)| {
                before[label] * follow[label][next] * weights[at][next] * backward[at][next]
            };
            let sum: f32 = self.allowed.iter().map(pair).sum::<f32>().max(1e-30);
            self.allowed.iter().for_each(|it| follows[it.0][it.1] += pair(it) / sum);
        }
        (shares, follows)
    }

    /// Takes the weights as they are now into the average.
    pub fn average(&mut self) {
        self.averaged += 1.0;
        let follow = self.follow_sums.iter_mut().zip(&self.follow);
        for (sum, now) in self.sums.iter_mut().zip(&self.now).chain(follow) {
            sum.iter_mut().zip(now).for_each(|(sum, now)| *sum += now);
        }
    }

    /// Averaged weights as small integers: those of each row, and what follows what.
    pub fn small(&self) -> (Vec<[i8; L]>, [[i8; L]; L]) {
        let many = self.averaged.max(1.0);
        let mut strengths: Vec<f32> = self.sums.iter().map(|row| strength(row)).collect();
        strengths.sort_unstable_by(|a, b| b.total_cmp(a));
        // The few that are stronger than this are cut to it.
        let strongest = strengths.get(strengths.len() / 2000).copied().unwrap_or(1.0) / many;
        let scale = 127.0 / strongest.max(1e-6);
        let small = |sum: f32| (sum / many * scale).round().clamp(-127.0, 127.0) as i8;
        (self.sums.iter().map(|row| row.map(small)).collect(), self.follow_sums.map(|row| row.map(small)))
    }
}

fn strength(row: &[f32]) -> f32 {
    row.iter().fold(0.0, |most, it| most.max(it.abs()))
}

/// The strongest rows, at most so many.
pub fn strongest<const L: usize>(rows: Vec<(u32, [i8; L])>, most: usize) -> Vec<(u32, [i8; L])> {
    let strength = |row: &[i8; L]| row.iter().map(|it| it.unsigned_abs()).max().unwrap_or(0);
    let mut rows: Vec<(u32, [i8; L])> = rows.into_iter().filter(|it| 0 < strength(&it.1)).collect();
    rows.sort_by_key(|(feature, row)| (std::cmp::Reverse(strength(row)), *feature));
    rows.truncate(most);
    rows
}

fn step(now: &mut [f32], squares: &mut [f32], error: &[f32]) {
    for ((now, square), &error) in now.iter_mut().zip(squares).zip(error) {
        let slope = error - SHRINK * *now;
        *square += slope * slope;
        *now += STEP * slope / (square.sqrt() + 1e-3);
    }
}

fn spread(row: &mut [f32]) {
    let sum: f32 = row.iter().sum::<f32>().max(1e-30);
    row.iter_mut().for_each(|it| *it /= sum);
}
