//! Any BERT-shaped sentence-transformers model from a folder of its owner's, run on the CPU in this process:
//! `config.json`, `vocab.txt`, `model.safetensors`, mean pooling. Slow beside the built-in table, and better.

mod layers;
mod safetensors;
#[cfg(test)]
mod tests;

use std::{borrow::Cow, path::Path};

use ndarray::Array2;
use news::Embedding;

use crate::embed::{EmbedError, Embedder, Vocabulary};
use layers::Bert;
use safetensors::Tensors;

pub struct Transformer {
    name: String,
    vocabulary: Vocabulary,
    bert: Bert,
    most_pieces: usize,
}

impl Transformer {
    /// Reads the model in a folder. Its name is the folder's and what its weights weigh.
    pub fn from_folder(folder: &Path) -> Result<Transformer, EmbedError> {
        Transformer::read(folder)
            .map_err(|why| EmbedError::Unusable { folder: folder.display().to_string(), why })
    }

    fn read(folder: &Path) -> Result<Transformer, String> {
        let file = |name: &str| std::fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}"));
        let json = |name: &str| -> Result<serde_json::Value, String> {
            serde_json::from_slice(&file(name)?).map_err(|error| format!("{name}: {error}"))
        };
        let config = json("config.json")?;
        let pieces = String::from_utf8(file("vocab.txt")?).map_err(|error| format!("vocab.txt: {error}"))?;
        let pieces: Vec<&str> = pieces.lines().collect();
        let vocabulary = Vocabulary::new(Cow::Owned(Vocabulary::lay_out(&pieces)))
            .ok_or("vocab.txt is no word-piece vocabulary")?;
        let weights = file("model.safetensors")?;
        let stamp = weights.iter().fold(0_u32, |sum, &byte| sum.rotate_left(5) ^ u32::from(byte));
        let bert = Bert::read(&config, &Tensors::read(&weights)?)?;
        let limit = json("sentence_bert_config.json").ok();
        let limit = limit.and_then(|it| it["max_seq_length"].as_u64()).unwrap_or(256) as usize;
        let name = folder.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Transformer {
            name: format!("{name}-{stamp:08x}"),
            vocabulary,
            most_pieces: limit.min(bert.positions()).saturating_sub(2),
            bert,
        })
    }

    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// The mean of the last layer for each sequence of pieces, of length one.
    pub fn directions(&self, sequences: &[Vec<u16>]) -> Array2<f32> {
        self.bert.mean_pooled(sequences)
    }

    fn sequence(&self, text: &str) -> Vec<u16> {
        let mut ids = vec![self.vocabulary.begin];
        self.vocabulary.pieces(text, self.most_pieces, &mut ids);
        ids.push(self.vocabulary.end);
        ids
    }
}

impl Embedder for Transformer {
    fn model(&self) -> &str {
        &self.name
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        let sequences: Vec<Vec<u16>> = texts.iter().map(|text| self.sequence(text)).collect();
        let mut embeddings = Vec::with_capacity(texts.len());
        // Few at a time: the layers' working memory grows with the pieces in flight.
        for some in sequences.chunks(16) {
            let rows = self.directions(some);
            embeddings.extend(rows.rows().into_iter().map(|row| Embedding::of(&row.to_vec())));
        }
        Ok(embeddings)
    }
}
