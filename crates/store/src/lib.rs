//! The one durable truth, and the list of work that follows from it.
//!
//! The traits are cut by who asks: [`Queue`] for whoever works, [`Gathering`] for the half that makes the news and
//! has never heard of a reader, [`Receiving`] for whoever listens, [`Reading`] for the half that serves one reader at a
//! time, [`Keeping`] for the house.
//! No SQL, row, connection or transaction crosses this line.
//!
//! [`sqlite::open`] is the default, [`postgres::open`] for whoever outgrows the file. `sql/` holds the one text that
//! both understand, `conn.rs` the little in which they differ.

mod gathering;
mod keeping;
mod queue;
mod reading;
mod receiving;

mod conn;
mod pack;
mod pool;
pub mod postgres;

mod rows;
mod search;
mod sql;
pub mod sqlite;
mod teaser;
mod words;

#[cfg(test)]
mod contract;

pub use gathering::*;
pub use keeping::*;
pub use queue::*;
pub use reading::*;
pub use receiving::*;

/// All of a store. Each part of tidings is handed only the part that it needs.
pub trait Store: Queue + Gathering + Receiving + Reading + Keeping {}
impl<T: Queue + Gathering + Receiving + Reading + Keeping> Store for T {}

pub type Result<T> = std::result::Result<T, StoreError>;

/// What a caller can do something about. Everything else is `Broken`.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("someone else has the task now")]
    LeaseLost,
    #[error("not found")]
    NotFound,
    #[error("cannot write: {0}")]
    CannotWrite(String),
    /// Others were in the way for too long; nothing was written.
    #[error("the store is busy, try again: {0}")]
    Again(String),
    #[error("{0}")]
    Broken(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl StoreError {
    /// The same once more, for each of those whom it concerns.
    fn again(&self) -> StoreError {
        match self {
            StoreError::LeaseLost => StoreError::LeaseLost,
            StoreError::NotFound => StoreError::NotFound,
            StoreError::CannotWrite(why) => StoreError::CannotWrite(why.clone()),
            StoreError::Again(why) => StoreError::Again(why.clone()),
            StoreError::Broken(error) => StoreError::Broken(error.to_string().into()),
        }
    }
}
