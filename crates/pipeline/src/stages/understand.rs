//! Finds out what articles are about: language, direction, names, topics, who said what.

use std::sync::Arc;

use async_trait::async_trait;
use news::{ArticleId, Embedding, Timestamp, Understanding};
use store::{ArticleToUnderstand, Gathering, Stage, Task};
use understand::{Embedder, Text};

use crate::{Held, Problem, Worker, finish, tasks_of};

pub struct Understand {
    pub store: Arc<dyn Gathering>,
    /// The built-in one, which is quick: each article has its vector, whatever else.
    pub embedder: Arc<dyn Embedder>,
    /// The owner's own, if there is one.
    pub own: Option<Arc<dyn Embedder>>,
}

#[async_trait]
impl Worker for Understand {
    fn stage(&self) -> Stage {
        Stage::Understand
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let recorded = self.batch(tasks_of(&tasks), now).await;
        finish(tasks, recorded)
    }
}

impl Understand {
    async fn batch(&self, tasks: Vec<Task>, now: Timestamp) -> Result<(), String> {
        let articles = self.store.articles_to_understand(&tasks).await.map_err(|error| error.to_string())?;
        let (embedder, own) = (self.embedder.clone(), self.own.clone());
        let thinking = tokio::task::spawn_blocking(move || think(articles, &*embedder, own.as_deref()));
        let (understood, embedded) =
            thinking.await.map_err(|error| format!("understanding failed: {error}"))??;
        if !embedded.is_empty() {
            // First, so that nothing is placed without.
            self.store.keep_embeddings(embedded).await.map_err(|error| error.to_string())?;
        }
        self.store.record_understandings(understood, now).await.map(drop).map_err(|error| error.to_string())
    }
}

type Understood = Vec<(Task, ArticleId, Understanding)>;
type Embedded = Vec<(ArticleId, Embedding)>;

fn think(
    articles: Vec<(Task, ArticleToUnderstand)>,
    embedder: &dyn Embedder,
    own: Option<&dyn Embedder>,
) -> Result<(Understood, Embedded), String> {
    let (tasks, articles): (Vec<Task>, Vec<ArticleToUnderstand>) = articles.into_iter().unzip();
    let labels: Vec<Vec<String>> = articles
        .iter()
        .map(|it| it.extracted.labels.iter().chain(&it.categories).cloned().collect())
        .collect();
    let texts = texts(&articles, &labels);
    let understandings = understand::understand(&texts, embedder).map_err(|error| error.to_string())?;
    let ids = || articles.iter().map(|it| it.id);
    let embedded = match own {
        Some(own) => understand::embeddings(&texts, own).map_err(|error| error.to_string())?,
        None => Vec::new(),
    };
    let embedded = ids().zip(embedded).collect();
    let understood = tasks.into_iter().zip(ids()).zip(understandings);
    Ok((understood.map(|((task, id), it)| (task, id, it)).collect(), embedded))
}

/// As much of articles as understanding them needs; `labels` stand beside them, or there are none.
pub(super) fn texts<'a>(articles: &'a [ArticleToUnderstand], labels: &'a [Vec<String>]) -> Vec<Text<'a>> {
    let text = |(at, it): (usize, &'a ArticleToUnderstand)| Text {
        title: &it.extracted.title,
        standfirst: it.extracted.standfirst.as_deref(),
        body: &it.extracted.text,
        address: &it.extracted.address,
        language: it.extracted.language.as_ref().or(it.source_language.as_ref()),
        labels: labels.get(at).map_or(&[], Vec::as_slice),
    };
    articles.iter().enumerate().map(text).collect()
}
