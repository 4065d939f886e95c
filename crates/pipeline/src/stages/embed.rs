//! Embeds articles again after the model has changed: quietly, a few at a time, the newest first. What is done is written
//! down with each batch, so whoever comes next goes on from there.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use news::{ArticleId, Embedding, Timestamp};
use store::{ArticleToUnderstand, ChangeOfModel, Gathering, ModelStep, Stage, Task};
use understand::Embedder;

use crate::{Held, Problem, Worker, stages::understand::texts};

/// So many at a time: a second of a small sentence transformer's work, half a minute of a large one's, so that the lease
/// holds.
const AT_ONCE: usize = 16;
/// No longer rest than this between two times.
const REST: Duration = Duration::from_secs(10);

pub struct Embed {
    pub store: Arc<dyn Gathering>,
    /// Those that this process has.
    pub embedders: Vec<Arc<dyn Embedder>>,
}

#[async_trait]
impl Worker for Embed {
    fn stage(&self) -> Stage {
        Stage::Embed
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let mut again = Vec::new();
        for held in tasks {
            match self.some(&held.task, now).await {
                Ok(()) => held.done(),
                Err(why) => again.push((held, Problem(why))),
            }
        }
        again
    }
}

impl Embed {
    async fn some(&self, task: &Task, now: Timestamp) -> Result<(), String> {
        let began = Instant::now();
        let (wanted, articles) =
            self.store.articles_to_embed(AT_ONCE).await.map_err(|error| error.to_string())?;
        let embedded = match articles.is_empty() {
            true => Vec::new(),
            false => {
                let embedder = self.embedders.iter().find(|it| it.number() == wanted).cloned();
                let embedder = embedder.ok_or(
                    "this process does not have the model that is wanted: every process of a house needs the same \
                     understand.model",
                )?;
                let thinking = tokio::task::spawn_blocking(move || embed(&articles, &*embedder));
                thinking.await.map_err(|error| format!("embedding failed: {error}"))??
            }
        };
        let (last, worked) = (embedded.is_empty(), began.elapsed());
        let change = self.store.record_embeddings(task, embedded, now).await;
        tell(&change.map_err(|error| error.to_string())?, last);
        // At most half of a core's time, so that what is new is never held up for long.
        tokio::time::sleep(worked.min(REST)).await;
        Ok(())
    }
}

fn embed(
    articles: &[ArticleToUnderstand],
    embedder: &dyn Embedder,
) -> Result<Vec<(ArticleId, Embedding)>, String> {
    let made = understand::embeddings(&texts(articles, &[]), embedder).map_err(|error| error.to_string())?;
    Ok(articles.iter().map(|it| it.id).zip(made).collect())
}

fn tell(change: &ChangeOfModel, last: bool) {
    let (model, left) = (change.name.as_str(), change.left);
    match change.step {
        ModelStep::Articles => {
            tracing::info!(model, left, "articles are embedded again by the model that is new")
        }
        ModelStep::Stories if last => {
            tracing::info!(model, left, "its vectors are compared now; stories follow")
        }
        ModelStep::Stories => (),
        ModelStep::Done => tracing::info!(model, "the change of model is done"),
    }
}
