//! The one durable truth, and the list of work that follows from it.
//!
//! The traits are cut by who asks: [`Queue`] for whoever works, [`Gathering`] for the half that makes the news and
//! has never heard of a reader, [`Reading`] for the half that serves one reader at a time, [`Keeping`] for the house.
//! No SQL, row, connection or transaction crosses this line.

mod gathering;
mod keeping;
mod queue;
mod reading;

pub use gathering::*;
pub use keeping::*;
pub use queue::*;
pub use reading::*;

/// All of a store. Each part of tidings is handed only the part that it needs.
pub trait Store: Queue + Gathering + Reading + Keeping {}
impl<T: Queue + Gathering + Reading + Keeping> Store for T {}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What a caller can do something about. Everything else is `Broken`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("someone else has the task now")]
    LeaseLost,
    #[error("not found")]
    NotFound,
    #[error("the disk is full, or the store cannot be written to: {0}")]
    CannotWrite(String),
    #[error("{0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}
