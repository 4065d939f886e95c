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
const LOOK_UP: usize = 16;
const HOPELESS: f32 = -3.2;

pub struct Model {
    pub tables: Tables,
    pub forest: Forest,
}

impl Model {
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
        Some(Model { tables: Tables { classes, texts }, forest: Forest { base, trees, nodes } })
    }
}
