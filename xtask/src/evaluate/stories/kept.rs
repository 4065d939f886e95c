//! A sentence transformer on all cores, and a folder in which its vectors are kept from one run to the next.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use news::{Embedding, Model};
use understand::{EmbedError, Embedder, Transformer};

pub struct Kept {
    model: Transformer,
    folder: Option<PathBuf>,
}

impl Kept {
    pub fn new(model: &Path, folder: Option<&Path>) -> Result<Kept> {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let model = Transformer::from_folder(model)?.on_threads(threads);
        let folder = folder.map(|it| it.join(model.model()));
        if let Some(folder) = &folder {
            std::fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        Ok(Kept { model, folder })
    }

    /// One file for all texts of a call: calls are the same in every run.
    fn file(&self, texts: &[&str]) -> Option<PathBuf> {
        let mut hasher = DefaultHasher::new();
        texts.hash(&mut hasher);
        Some(self.folder.as_ref()?.join(format!("{:016x}", hasher.finish())))
    }
}

impl Embedder for Kept {
    fn model(&self) -> &str {
        self.model.model()
    }

    fn number(&self) -> Model {
        self.model.number()
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        let file = self.file(texts);
        if let Some(bytes) = file.as_ref().and_then(|it| std::fs::read(it).ok()) {
            let width = bytes.len() / texts.len().max(1);
            let values = |at: usize| bytes[at * width..][..width].iter().map(|&it| it as i8).collect();
            return Ok((0..texts.len()).map(|at| Embedding::from_values(values(at))).collect());
        }
        // Texts come again: each is embedded once.
        let mut place: HashMap<&str, usize> = HashMap::new();
        let mut once: Vec<&str> = Vec::new();
        for &text in texts {
            place.entry(text).or_insert_with(|| {
                once.push(text);
                once.len() - 1
            });
        }
        let found = self.model.embed(&once)?;
        let found: Vec<Embedding> = texts.iter().map(|text| found[place[text]].clone()).collect();
        if let Some(file) = file {
            // One behind the other, all of one width: noughts where a text says nothing.
            let width = found.iter().map(|it| it.values().len()).max().unwrap_or(0);
            let padded = |it: &Embedding| {
                it.values()
                    .iter()
                    .map(|&it| it as u8)
                    .chain(std::iter::repeat(0))
                    .take(width)
                    .collect::<Vec<_>>()
            };
            let bytes: Vec<u8> = found.iter().flat_map(padded).collect();
            std::fs::write(&file, bytes)
                .map_err(|error| EmbedError::Later(format!("{}: {error}", file.display())))?;
        }
        Ok(found)
    }
}
