//! Texts to directions: the seam, and the embedder that is always there.

mod built_in;
pub(crate) mod scale;
mod unigram;
mod vocabulary;

pub use built_in::{BuiltIn, DIMENSIONS, Table};
pub use unigram::Unigram;
pub use vocabulary::Vocabulary;

use news::{Embedding, Model};

/// Turns texts into directions that can be compared with each other, never with those of another model.
pub trait Embedder: Send + Sync {
    /// Which model: a name made of its bytes.
    fn model(&self) -> &str;

    /// The same as a number, which also says how its likenesses are to be read.
    fn number(&self) -> Model {
        Model::named(self.model())
    }

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
