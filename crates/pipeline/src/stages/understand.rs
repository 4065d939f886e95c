//! Finds out what articles are about: language, direction, names, topics, who said what.

use std::sync::Arc;

use async_trait::async_trait;
use news::{ArticleId, Timestamp, Understanding};
use store::{ArticleToUnderstand, Gathering, Stage, Task};
use understand::{Embedder, Text};

use crate::{Held, Problem, Worker, finish, tasks_of};

pub struct Understand {
    pub store: Arc<dyn Gathering>,
    pub embedder: Arc<dyn Embedder>,
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
        let embedder = self.embedder.clone();
        let thinking = tokio::task::spawn_blocking(move || think(articles, &*embedder));
        let understood = thinking.await.map_err(|error| format!("understanding failed: {error}"))??;
        self.store.record_understandings(understood, now).await.map(drop).map_err(|error| error.to_string())
    }
}

type Understood = Vec<(Task, ArticleId, Understanding)>;

fn think(articles: Vec<(Task, ArticleToUnderstand)>, embedder: &dyn Embedder) -> Result<Understood, String> {
    let labels: Vec<Vec<String>> = articles
        .iter()
        .map(|(_, it)| it.extracted.labels.iter().chain(&it.categories).cloned().collect())
        .collect();
    let texts: Vec<Text> = articles
        .iter()
        .zip(&labels)
        .map(|((_, it), labels)| Text {
            title: &it.extracted.title,
            standfirst: it.extracted.standfirst.as_deref(),
            body: &it.extracted.text,
            address: &it.extracted.address,
            language: it.extracted.language.as_ref().or(it.source_language.as_ref()),
            labels,
        })
        .collect();
    let understandings = understand::understand(&texts, embedder).map_err(|error| error.to_string())?;
    let ids: Vec<(Task, ArticleId)> = articles.into_iter().map(|(task, it)| (task, it.id)).collect();
    Ok(ids.into_iter().zip(understandings).map(|((task, id), it)| (task, id, it)).collect())
}
