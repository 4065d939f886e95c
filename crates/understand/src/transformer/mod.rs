//! Any BERT-shaped sentence-transformers model, of one language or many, from a folder of its owner's, run on the CPU in this process. Slow beside
//! the built-in table, and better. What cannot be run is refused in words when the folder is read.

mod folder;
mod layers;
mod safetensors;
#[cfg(test)]
mod tests;

use std::path::Path;

use ndarray::Array2;
use news::{Embedding, Model};

use crate::embed::{EmbedError, Embedder, Unigram, Vocabulary, scale::Reading};
use layers::{Bert, Pooling};

/// So many pieces go through the layers at once: their working memory (some 20 kB a piece) is bounded so.
const IN_FLIGHT: usize = 2_048;
/// Longer texts are cut, however much a model takes: its time grows with them, and the lead says what a text is about.
const MOST_PIECES: usize = 256;

pub struct Transformer {
    name: String,
    tokenizer: Tokenizer,
    bert: Bert,
    pooling: Pooling,
    most_pieces: usize,
    threads: usize,
    reading: Reading,
}

/// What cuts a text into the pieces that the model knows.
enum Tokenizer {
    WordPieces(Vocabulary),
    Unigram(Unigram),
}

impl Tokenizer {
    fn len(&self) -> usize {
        match self {
            Tokenizer::WordPieces(it) => it.len(),
            Tokenizer::Unigram(it) => it.len(),
        }
    }

    /// The pieces of a text, so many at most, between the marks of its beginning and end.
    fn sequence(&self, text: &str, most: usize) -> Vec<u32> {
        match self {
            Tokenizer::WordPieces(it) => {
                let mut pieces = vec![it.begin];
                it.pieces(text, most, &mut pieces);
                pieces.push(it.end);
                pieces.into_iter().map(u32::from).collect()
            }
            Tokenizer::Unigram(it) => {
                let mut pieces = vec![it.begin];
                it.pieces(text, most, &mut pieces);
                pieces.push(it.end);
                pieces
            }
        }
    }
}

impl Transformer {
    /// Reads the model in a folder. Its name is made of what is in its files, not of where they lie.
    pub fn from_folder(folder: &Path) -> Result<Transformer, EmbedError> {
        let read = folder::read(folder);
        let model = read.map_err(|why| EmbedError::Unusable { folder: folder.display().to_string(), why })?;
        let reading = Reading::of(&model)?;
        Ok(Transformer { reading, ..model })
    }

    /// Texts are shared among so many threads.
    pub fn on_threads(self, threads: usize) -> Transformer {
        Transformer { threads: threads.max(1), ..self }
    }

    /// Where it knows word pieces.
    pub fn vocabulary(&self) -> Option<&Vocabulary> {
        match &self.tokenizer {
            Tokenizer::WordPieces(it) => Some(it),
            Tokenizer::Unigram(_) => None,
        }
    }

    /// What each sequence of pieces becomes, of length one.
    pub fn directions(&self, sequences: &[Vec<u32>]) -> Array2<f32> {
        self.bert.pooled(sequences, self.pooling)
    }

    fn embed_some(&self, some: &[(usize, Vec<u32>)]) -> Vec<(usize, Embedding)> {
        let mut found = Vec::with_capacity(some.len());
        for part in in_parts(some) {
            let sequences: Vec<Vec<u32>> = part.iter().map(|it| it.1.clone()).collect();
            let rows = self.directions(&sequences);
            let embeddings = rows.rows().into_iter().map(|row| Embedding::of(&row.to_vec()));
            found.extend(part.iter().map(|it| it.0).zip(embeddings));
        }
        found
    }
}

/// As many as go through the layers at once; one by itself if it must be.
fn in_parts(mut all: &[(usize, Vec<u32>)]) -> impl Iterator<Item = &[(usize, Vec<u32>)]> {
    std::iter::from_fn(move || {
        let mut pieces = 0;
        let fits = |it: &&(usize, Vec<u32>)| {
            pieces += it.1.len();
            pieces <= IN_FLIGHT
        };
        let count = all.iter().take_while(fits).count().max(1).min(all.len());
        let (part, rest) = all.split_at(count);
        all = rest;
        (!part.is_empty()).then_some(part)
    })
}

impl Embedder for Transformer {
    fn model(&self) -> &str {
        &self.name
    }

    fn number(&self) -> Model {
        self.reading.to(Model::named(&self.name))
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        // Where nothing is said there is no direction, whatever the marks of beginning and end would become.
        let says = |it: &(usize, Vec<u32>)| 2 < it.1.len();
        let mut sequences: Vec<(usize, Vec<u32>)> = texts
            .iter()
            .map(|text| self.tokenizer.sequence(text, self.most_pieces))
            .enumerate()
            .filter(says)
            .collect();
        // Longest first and dealt out in turn, so that each thread has as much as the others.
        sequences.sort_by_key(|it| std::cmp::Reverse(it.1.len()));
        let threads = self.threads.min(sequences.len()).max(1);
        let mut hands: Vec<Vec<(usize, Vec<u32>)>> = vec![Vec::new(); threads];
        for (at, sequence) in sequences.into_iter().enumerate() {
            hands[at % threads].push(sequence);
        }
        let found = match &hands[..] {
            [all] => Some(self.embed_some(all)),
            _ => std::thread::scope(|scope| {
                let working: Vec<_> =
                    hands.iter().map(|hand| scope.spawn(|| self.embed_some(hand))).collect();
                let parts: Option<Vec<_>> = working.into_iter().map(|it| it.join().ok()).collect();
                parts.map(|parts| parts.concat())
            }),
        };
        let mut embeddings = vec![Embedding::default(); texts.len()];
        for (at, embedding) in
            found.ok_or_else(|| EmbedError::Later("the model's arithmetic gave up".into()))?
        {
            embeddings[at] = embedding;
        }
        Ok(embeddings)
    }
}
