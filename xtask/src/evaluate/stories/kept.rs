//! A sentence transformer on all cores, and a folder in which its vectors are kept from one run to the next.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use news::Embedding;
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

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        let file = self.file(texts);
        if let Some(bytes) = file.as_ref().and_then(|it| std::fs::read(it).ok()) {
            let each = bytes.chunks_exact((bytes.len() / texts.len().max(1)).max(1));
            let values = |it: &[u8]| it.iter().map(|&it| it as i8).collect();
            return Ok(each.map(|it| Embedding::from_values(values(it))).collect());
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
            let bytes: Vec<u8> = found.iter().flat_map(|it| it.values()).map(|&it| it as u8).collect();
            std::fs::write(&file, bytes)
                .map_err(|error| EmbedError::Later(format!("{}: {error}", file.display())))?;
        }
        Ok(found)
    }
}
