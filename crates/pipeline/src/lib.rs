//! Moves news through the stages: claims work, has it done, sees that it is recorded.
//!
//! There is one loop ([`run`]) for every stage, and it cannot tell whether it has company: who does which task is
//! settled by the queue. The thinking of each stage is in the pure crate of its name.

mod calendar;
pub mod mailbox;
mod recorder;
mod runner;
pub mod stages;

use std::sync::Arc;

use async_trait::async_trait;
use news::{Clock, Timestamp};
use store::{Stage, StoreError, Task};

pub use calendar::{calendar, hubs};
pub use runner::{Done, Held, Pace, Stop, Tally, run};

/// One stage at work. It asks the store, calls the pure crate of its name, and records the answer.
#[async_trait]
pub trait Worker: Send + Sync {
    fn stage(&self) -> Stage;
    /// Does the tasks, and lets go of each ([`Held`]) as soon as it is recorded. Hands back what must be tried again.
    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)>;
}

/// Why a task could not be done now.
#[derive(Debug)]
pub struct Problem(pub String);

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Problem(error.to_string())
    }
}

/// The two clocks of the pipeline: what time it is in the news, and what time it is at the machine. They differ only
/// when an archive is replayed; leases and retries go by the machine.
#[derive(Clone)]
pub struct Clocks {
    pub news: Arc<dyn Clock>,
    pub machine: Arc<dyn Clock>,
}

/// A batch that was recorded is let go; one that was not is tried again, all of it.
fn finish(held: Vec<Held>, recorded: Result<(), String>) -> Vec<(Held, Problem)> {
    match recorded {
        Ok(()) => {
            held.into_iter().for_each(Held::done);
            Vec::new()
        }
        Err(why) => held.into_iter().map(|held| (held, Problem(why.clone()))).collect(),
    }
}

fn tasks_of(held: &[Held]) -> Vec<Task> {
    held.iter().map(|it| it.task.clone()).collect()
}

#[cfg(test)]
mod tests;
