//! The embedder inside the binary: one direction for each word piece, added up (Arora et al. 2017, "A simple but
//! tough-to-beat baseline"), distilled from a sentence transformer as model2vec does. `cargo xtask distill` makes
//! the table; `data/embedder.txt` says from what.

use std::borrow::Cow;

use news::Embedding;

use super::{EmbedError, Embedder, Vocabulary};

pub const DIMENSIONS: usize = 256;
/// Headline and lead are far shorter; what is longer says nothing new to a sum.
const MOST_PIECES: usize = 512;

static VOCABULARY: &[u8] = include_bytes!("../../data/vocabulary.bin");
static VECTORS: &[u8] = include_bytes!("../../data/vectors.bin");
static MODEL: &str = include_str!("../../data/model.txt");

pub struct BuiltIn {
    table: Table,
}

impl Default for BuiltIn {
    fn default() -> Self {
        BuiltIn::new()
    }
}

impl BuiltIn {
    pub fn new() -> BuiltIn {
        let table = Table::new(Cow::Borrowed(VOCABULARY), Cow::Borrowed(VECTORS));
        BuiltIn { table: table.expect("the table in the repository is whole: a test reads it") }
    }
}

impl Embedder for BuiltIn {
    fn model(&self) -> &str {
        MODEL.trim()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        let mut ids = Vec::with_capacity(MOST_PIECES);
        Ok(texts.iter().map(|text| self.table.embed(text, &mut ids)).collect())
    }
}

/// A vocabulary and, for each piece, a scale (f32) and a direction of small integers, read where they lie.
pub struct Table {
    vocabulary: Vocabulary,
    vectors: Cow<'static, [u8]>,
}

impl Table {
    pub fn new(vocabulary: Cow<'static, [u8]>, vectors: Cow<'static, [u8]>) -> Option<Table> {
        let vocabulary = Vocabulary::new(vocabulary)?;
        (vectors.len() == vocabulary.len() * (4 + DIMENSIONS)).then_some(Table { vocabulary, vectors })
    }

    /// Bytes of a table: all scales, then all directions.
    pub fn lay_out(rows: &[Vec<f32>]) -> Vec<u8> {
        let scale = |row: &Vec<f32>| row.iter().fold(0.0_f32, |most, v| most.max(v.abs())) / 127.0;
        let mut bytes: Vec<u8> = rows.iter().flat_map(|row| scale(row).to_le_bytes()).collect();
        for row in rows {
            let scale = scale(row).max(f32::MIN_POSITIVE);
            bytes.extend(row.iter().map(|v| (v / scale).round() as i8 as u8));
        }
        bytes
    }

    fn embed(&self, text: &str, ids: &mut Vec<u16>) -> Embedding {
        ids.clear();
        self.vocabulary.pieces(text, MOST_PIECES, ids);
        let mut sum = [0.0_f32; DIMENSIONS];
        let directions = &self.vectors[4 * self.vocabulary.len()..];
        for id in ids.iter().map(|&id| usize::from(id)) {
            let scale = self.scale(id);
            let row = &directions[id * DIMENSIONS..][..DIMENSIONS];
            for (sum, &value) in sum.iter_mut().zip(row) {
                *sum += scale * f32::from(value as i8);
            }
        }
        Embedding::of(&sum)
    }

    fn scale(&self, id: usize) -> f32 {
        let bytes = &self.vectors[4 * id..][..4];
        f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]])
    }
}
