//! Reads what was sent to us: documents that hubs pushed, and mails. From reading on it is what was asked for as well.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use fetch::{Document, Schedule, after_bad_push, after_push};
use news::{Arrival, ArrivalKind, Health, Refreshed, Source, Timestamp, Trouble};
use store::{Gathering, Stage};

use super::document;
use crate::{Held, Problem, Worker, finish, tasks_of};

pub struct Receive {
    pub store: Arc<dyn Gathering>,
    pub schedule: Schedule,
}

impl Receive {
    async fn read(&self, source: Source, arrival: Arrival, now: Timestamp) -> Result<Refreshed, String> {
        match arrival.kind.clone() {
            ArrivalKind::Mail => self.mail(source, arrival, now).await,
            ArrivalKind::Document { content_type } => self.document(source, arrival, content_type, now).await,
        }
    }

    /// As if the source had been asked; but nothing is learnt of how it answers.
    async fn document(
        &self,
        source: Source,
        arrival: Arrival,
        content_type: Option<String>,
        now: Timestamp,
    ) -> Result<Refreshed, String> {
        let topic = source.health.hub.as_ref().map(|it| it.topic.clone());
        let document = Document {
            address: topic.unwrap_or_else(|| source.address.clone()),
            content_type,
            bytes: arrival.bytes,
            ..Document::default()
        };
        let (_, parsed) = document::parse_apart(document, source.kind.clone(), now).await;
        let Ok(parsed) = parsed else {
            let says =
                "Its hub pushed something that is not a feed; that was dropped. The source is asked itself.";
            let health = after_bad_push(&source.health, Trouble::new("not_a_feed", says), now);
            return Ok(Refreshed::nothing(source.id, health));
        };
        let newest = document::newest(&parsed.entries, now);
        let compared = document::compare(&self.store, &source, parsed.entries, now).await?;
        let schedule = Schedule { salt: source.id.0 as u64, ..self.schedule.clone() };
        let health = after_push(&source.health, newest, compared.added.len(), &schedule, now);
        Ok(Refreshed {
            title: parsed.title.filter(|title| !title.is_empty()),
            site: parsed.site,
            language: parsed.language,
            added: compared.added,
            changed: compared.changed,
            ..Refreshed::nothing(source.id, health)
        })
    }

    async fn mail(&self, source: Source, arrival: Arrival, now: Timestamp) -> Result<Refreshed, String> {
        let reading = tokio::task::spawn_blocking(move || {
            // A parser that panics is our fault: the mail is shown as it came.
            std::panic::catch_unwind(|| parse::parse_mail(&arrival.bytes))
                .unwrap_or_else(|_| parse::unreadable_mail(&arrival.bytes))
        });
        let mail = reading.await.map_err(|error| error.to_string())?;
        let compared = document::compare(&self.store, &source, vec![mail.published], now).await?;
        let is_new = !compared.added.is_empty();
        let health = Health {
            last_good: Some(now),
            last_new: if is_new { Some(now) } else { source.health.last_new },
            due_because: "comes by mail".into(),
            trouble: None,
            ..source.health
        };
        // A mail that was sent is never edited: who sends its id once more changes nothing.
        Ok(Refreshed {
            added: compared.added,
            mailing: mail.mailing,
            ..Refreshed::nothing(source.id, health)
        })
    }
}

#[async_trait]
impl Worker for Receive {
    fn stage(&self) -> Stage {
        Stage::Receive
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let arrivals = match self.store.arrivals_to_read(&tasks_of(&tasks)).await {
            Ok(arrivals) => arrivals,
            Err(error) => {
                let why = error.to_string();
                return tasks.into_iter().map(|held| (held, Problem(why.clone()))).collect();
            }
        };
        let mut arrivals: HashMap<i64, (Source, Arrival)> =
            arrivals.into_iter().map(|(task, it)| (task.id, it)).collect();
        // A claim has one arrival of a source at most, so none has to know what another one brings.
        let (mut again, mut read, mut batch) = (Vec::new(), Vec::new(), Vec::new());
        for held in tasks {
            let Some((source, arrival)) = arrivals.remove(&held.task.id) else {
                held.done();
                continue;
            };
            match self.read(source, arrival, now).await {
                Ok(refreshed) => {
                    batch.push((held.task.clone(), refreshed));
                    read.push(held);
                }
                Err(why) => again.push((held, Problem(why))),
            }
        }
        let recorded = self.store.record_refreshed(batch, now).await;
        again.extend(finish(read, recorded.map(drop).map_err(|error| error.to_string())));
        again
    }
}
