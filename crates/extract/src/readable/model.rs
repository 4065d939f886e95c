//! What was learnt from pages whose article people have marked: `cargo xtask fit-pages` writes `model.bin`.

use std::sync::OnceLock;

use super::features::WIDTH;

const CLASSES: usize = 1 << 14;
const TEXTS: usize = 1 << 15;

/// How much a token speaks for a block that has it: log-odds in sixteenths, by the token's hash.
pub struct Tables {
    pub classes: Vec<i8>,
    pub texts: Vec<i8>,
}

impl Tables {
    pub fn blank() -> Tables {
        Tables { classes: vec![0; CLASSES], texts: vec![0; TEXTS] }
    }

    pub fn slot(table: &[i8], token: u32) -> usize {
        (token ^ (token >> 15)) as usize & (table.len() - 1)
    }

    pub fn of(table: &[i8], token: u32) -> f32 {
        f32::from(table[Tables::slot(table, token)]) / 16.0
    }
}

/// A question, or an answer where `feature` is `LEAF`.
#[derive(Clone, Copy)]
pub struct Node {
    pub feature: u16,
    /// Where a no leads (`value > at`); a yes leads to the next node.
    pub no: u16,
    pub at: f32,
}

pub const LEAF: u16 = u16::MAX;

/// Trees one after the other; each begins where the list says.
#[derive(Default)]
pub struct Forest {
    pub nodes: Vec<Node>,
    pub trees: Vec<u32>,
    pub base: f32,
}

impl Forest {
    /// Odds as a probability, for one row; 0 as soon as it is plain that it will be small, as it is for most of a page.
    pub fn ask(&self, row: &[f32]) -> f32 {
        let mut sum = self.base;
        for (n, &begin) in self.trees.iter().enumerate() {
            if n % LOOK_UP == 0 && sum < HOPELESS {
                return 0.0;
            }
            let tree = &self.nodes[begin as usize..];
            let mut at = 0;
            loop {
                let node = &tree[at];
                if node.feature == LEAF {
                    sum += node.at;
                    break;
                }
                at = if row[node.feature as usize] <= node.at { at + 1 } else { node.no as usize };
            }
        }
        1.0 / (1.0 + (-sum).exp())
    }
}

/// After so many trees the sum is looked at; below this (odds of 1 to 25) the rest will not lift it.
const LOOK_UP: usize = 8;
const HOPELESS: f32 = -3.2;

/// The same forest laid out for many rows at once: every tree is as deep as the deepest, so that there is no branch to
/// guess at, and each tree is asked of all rows while it is at hand.
pub struct Quick {
    depth: u32,
    /// For each tree its questions, level by level: the feature, and what is still a yes.
    questions: Vec<(u32, f32)>,
    /// For each tree its answers, from all yes to all no.
    answers: Vec<f32>,
    base: f32,
}

impl Quick {
    pub fn of(forest: &Forest) -> Quick {
        let trees = || forest.trees.iter().map(|begin| &forest.nodes[*begin as usize..]);
        let depth = trees().map(depth_of).max().unwrap_or(0);
        let mut quick = Quick { depth, questions: Vec::new(), answers: Vec::new(), base: forest.base };
        for tree in trees() {
            // What is asked below an answer is always a yes.
            let from = quick.questions.len();
            quick.questions.resize(from + (1 << depth) - 1, (0, f32::INFINITY));
            let mut level = vec![0_usize];
            for up in 0..depth {
                let mut next = Vec::with_capacity(level.len() * 2);
                for (at, &node) in level.iter().enumerate() {
                    let Node { feature, no, at: value } = tree[node];
                    if feature == LEAF {
                        next.extend([node, node]);
                        continue;
                    }
                    quick.questions[from + (1 << up) - 1 + at] = (feature.into(), value);
                    next.extend([node + 1, no.into()]);
                }
                level = next;
            }
            quick.answers.extend(level.iter().map(|it| tree[*it].at));
        }
        quick
    }

    /// As `Forest::ask` for each row, but for those of which it is not wanted: 0.
    pub fn ask(&self, rows: &[f32], never: &[bool]) -> Vec<f32> {
        let (questions, answers) = ((1 << self.depth) - 1, 1 << self.depth);
        let mut sure = vec![0.0; never.len()];
        let mut asked: Vec<(u32, f32)> =
            (0..never.len()).filter(|it| !never[*it]).map(|it| (it as u32, self.base)).collect();
        let trees = self.questions.chunks_exact(questions.max(1)).zip(self.answers.chunks_exact(answers));
        for (n, (questions, answers)) in trees.enumerate() {
            if n % LOOK_UP == 0 {
                asked.retain(|it| HOPELESS <= it.1);
            }
            for (at, sum) in &mut asked {
                let row = &rows[*at as usize * WIDTH..][..WIDTH];
                let mut question = 0;
                for _ in 0..self.depth {
                    let (feature, most) = questions[question];
                    question = 2 * question + 2 - usize::from(row[feature as usize] <= most);
                }
                *sum += answers[question - questions.len()];
            }
        }
        for (at, sum) in asked {
            sure[at as usize] = 1.0 / (1.0 + (-sum).exp());
        }
        sure
    }
}

fn depth_of(tree: &[Node]) -> u32 {
    let (mut deepest, mut waiting) = (0, vec![(0_usize, 0)]);
    while let Some((at, depth)) = waiting.pop() {
        deepest = deepest.max(depth);
        if tree[at].feature != LEAF {
            waiting.extend([(at + 1, depth + 1), (tree[at].no.into(), depth + 1)]);
        }
    }
    deepest
}

pub struct Model {
    pub tables: Tables,
    pub forest: Forest,
    quick: Quick,
}

impl Model {
    pub fn of(tables: Tables, forest: Forest) -> Model {
        let quick = Quick::of(&forest);
        Model { tables, forest, quick }
    }

    /// How sure the trees are of each row, but for those that need not be judged.
    pub fn ask(&self, rows: &[f32], never: &[bool]) -> Vec<f32> {
        self.quick.ask(rows, never)
    }

    /// The one that was fitted and comes with the program.
    pub fn fitted() -> &'static Model {
        static MODEL: OnceLock<Model> = OnceLock::new();
        MODEL.get_or_init(|| {
            Model::read(include_bytes!("model.bin")).expect("model.bin was written by fit-pages")
        })
    }

    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.push(WIDTH as u8);
        out.extend(self.tables.classes.iter().chain(&self.tables.texts).map(|it| *it as u8));
        let forest = &self.forest;
        out.extend_from_slice(&forest.base.to_le_bytes());
        out.extend_from_slice(&(forest.trees.len() as u32).to_le_bytes());
        out.extend_from_slice(&(forest.nodes.len() as u32).to_le_bytes());
        out.extend(forest.trees.iter().flat_map(|it| it.to_le_bytes()));
        for node in &forest.nodes {
            out.extend_from_slice(&node.feature.to_le_bytes());
            out.extend_from_slice(&node.no.to_le_bytes());
            out.extend_from_slice(&node.at.to_le_bytes());
        }
        out
    }

    /// `None` when it was written for other features or is not whole.
    pub fn read(bytes: &[u8]) -> Option<Model> {
        let mut rest = bytes.strip_prefix(&[WIDTH as u8])?;
        let mut take = |n: usize| -> Option<&[u8]> {
            let (now, after) = rest.split_at_checked(n)?;
            rest = after;
            Some(now)
        };
        let classes = take(CLASSES)?.iter().map(|it| *it as i8).collect();
        let texts = take(TEXTS)?.iter().map(|it| *it as i8).collect();
        let base = f32::from_le_bytes(take(4)?.try_into().ok()?);
        let trees = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let nodes = u32::from_le_bytes(take(4)?.try_into().ok()?) as usize;
        let begin = |it: &[u8]| u32::from_le_bytes([it[0], it[1], it[2], it[3]]);
        let trees = take(trees * 4)?.chunks_exact(4).map(begin).collect();
        let node = |it: &[u8]| Node {
            feature: u16::from_le_bytes([it[0], it[1]]),
            no: u16::from_le_bytes([it[2], it[3]]),
            at: f32::from_le_bytes([it[4], it[5], it[6], it[7]]),
        };
        let nodes = take(nodes * 8)?.chunks_exact(8).map(node).collect();
        Some(Model::of(Tables { classes, texts }, Forest { base, trees, nodes }))
    }
}

#[cfg(test)]
mod tests {
    use super::{Forest, LEAF, Node, Quick, WIDTH};

    #[test]
    fn laid_out_for_many_rows_the_trees_say_the_same() {
        let node = |feature, no, at| Node { feature, no, at };
        // Unlike in depth on both sides, and one that is an answer only.
        let nodes = vec![
            node(3, 4, 0.5),
            node(7, 3, -1.0),
            node(LEAF, 0, 0.25),
            node(LEAF, 0, -4.0),
            node(LEAF, 0, 2.0),
            node(LEAF, 0, 0.125),
        ];
        let forest = Forest { nodes, trees: [0, 5].repeat(12), base: -0.5 };
        let (quick, values) = (Quick::of(&forest), [-2.0_f32, -1.0, 0.0, 0.5, 0.75, f32::NAN]);
        let mut rows = Vec::new();
        for (at, value) in values.iter().enumerate() {
            let mut row = [0.0; WIDTH];
            (row[3], row[7]) = (*value, values[(at * 5 + 1) % values.len()]);
            rows.extend(row);
        }
        let mut never = [false; 6];
        never[4] = true;
        let sure = quick.ask(&rows, &never);
        for (at, row) in rows.chunks_exact(WIDTH).enumerate() {
            assert_eq!(sure[at], if never[at] { 0.0 } else { forest.ask(row) }, "row {at}");
        }
        assert!(sure.contains(&0.0) && sure.iter().any(|it| 0.9 < *it));
    }
}
