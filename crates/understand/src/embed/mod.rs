//! Texts to directions: the seam, and the embedder that is always there.

mod built_in;
mod vocabulary;

pub use built_in::{BuiltIn, DIMENSIONS, Table};
pub use vocabulary::Vocabulary;

use news::Embedding;
#[cfg(doc)]
use news::Model;

/// Turns texts into directions that can be compared with each other, never with those of another model.
pub trait Embedder: Send + Sync {
    /// Which model: a name made of its bytes, kept beside each vector as [`Model::named`].
    fn model(&self) -> &str;

    /// One embedding for each text, in order; whose they are is not marked on them yet.
    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError>;
}

#[derive(Debug, thiserror::Error)]
pub enum EmbedError {
    /// The model cannot be used: tell its owner; trying again will not help.
    #[error("the model at {folder} cannot be used: {why}")]
    Unusable { folder: String, why: String },
    /// It may work later (someone else's machine is busy, memory is short).
    #[error("embedding failed for now: {0}")]
    Later(String),
}
