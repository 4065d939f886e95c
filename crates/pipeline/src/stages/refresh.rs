//! Asks a source, reads what it answers, and decides what is new and when to ask again.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use fetch::{Fetcher, Outcome, Private, Request, Schedule, websub};
use futures::{StreamExt, stream::FuturesUnordered};
use news::{Refreshed, Source, Timestamp, Trouble};
use parse::Parsed;
use store::{Gathering, Stage, Task};

use super::document;
use crate::{Held, Problem, Worker, recorder::Recorder, tasks_of};

/// A batch of this many refreshed sources is one commit.
const COMMIT: usize = 64;
/// A sitemap index names many sitemaps; so many of them are read, the newest first.
const READ_ON: usize = 3;

pub struct Refresh {
    store: Arc<dyn Gathering>,
    fetcher: Arc<dyn Fetcher>,
    schedule: Schedule,
    recorder: Recorder<(Task, Refreshed, Timestamp)>,
}

impl Refresh {
    pub fn new(store: Arc<dyn Gathering>, fetcher: Arc<dyn Fetcher>, schedule: Schedule) -> Refresh {
        let recorder = Recorder::new(COMMIT, {
            let store = store.clone();
            move |batch: Vec<(Task, Refreshed, Timestamp)>| {
                let store = store.clone();
                async move {
                    let now = batch.iter().map(|(_, _, now)| *now).max().unwrap_or_default();
                    let batch = batch.into_iter().map(|(task, refreshed, _)| (task, refreshed)).collect();
                    store.record_refreshed(batch, now).await.map(drop).map_err(|error| error.to_string())
                }
            }
        });
        Refresh { store, fetcher, schedule, recorder }
    }

    async fn refresh(&self, task: Task, source: Source, now: Timestamp) -> Result<(), String> {
        let known = &source.health;
        let request = Request::feed(&source.address, known.etag.clone(), known.last_modified.clone());
        let outcome = self.fetcher.fetch(&request.with(private(&source))).await;
        let (outcome, parsed) = self.read(&source, outcome, now).await;
        let refreshed = self.decide(source, outcome, parsed, now).await?;
        self.recorder.record((task, refreshed, now)).await
    }

    /// What the document says; a document that says nothing to us is a failure of the source.
    async fn read(&self, source: &Source, outcome: Outcome, now: Timestamp) -> (Outcome, Parsed) {
        let Outcome::Fresh(document) = outcome else { return (outcome, Parsed::default()) };
        let (document, parsed) = document::parse_apart(document, source.kind.clone(), now).await;
        let mut parsed = match parsed {
            Ok(parsed) => parsed,
            Err(why) => {
                let kind = document.content_type.as_deref().unwrap_or("no content type");
                let says = format!(
                    "{} answered with something that is not a feed ({kind}). {} If there is a web page, add its \
                     address and pick one of its feeds.",
                    document.address, why.says,
                );
                return (Outcome::Failed(Trouble::new("not_a_feed", says)), Parsed::default());
            }
        };
        for next in parsed.read_on.clone().into_iter().take(READ_ON) {
            if let Outcome::Fresh(document) = self.fetcher.fetch(&further(&next, source)).await
                && let (_, Ok(more)) = document::parse_apart(document, source.kind.clone(), now).await
            {
                parsed.entries.extend(more.entries);
            }
        }
        (Outcome::Fresh(document), parsed)
    }

    async fn decide(
        &self,
        source: Source,
        outcome: Outcome,
        parsed: Parsed,
        now: Timestamp,
    ) -> Result<Refreshed, String> {
        let newest = document::newest(&parsed.entries, now);
        let mut remarks = parsed.troubles;
        remarks.extend(document::odd(&parsed.entries, now));
        let compared = document::compare(&self.store, &source, parsed.entries, now).await?;
        let pace = match &outcome {
            Outcome::Fresh(_) => parsed.pace,
            _ => source.health.pace.clone(),
        };
        let added = compared.added.len();
        let schedule = Schedule { salt: source.id.0 as u64, ..self.schedule.clone() };
        let mut health = fetch::next(&outcome, &source.health, &pace, newest, added, &schedule, now);
        health.pace = pace;
        if let Outcome::Fresh(document) = &outcome {
            health.hub = websub::hub_of(document, (parsed.hub, parsed.self_address));
        }
        let readable = health.failures_in_a_row == 0;
        let took_over =
            fetch::lasting_move(&health, &schedule).filter(|_| readable).map(|it| source.moved(&it));
        if matches!(outcome, Outcome::NotModified { .. }) && source.health.failures_in_a_row == 0 {
            // What was odd about the document is odd still.
            remarks.extend(source.health.trouble.filter(|it| it.word != MOVED));
        }
        remarks.extend(
            health.moved_to.as_ref().filter(|_| took_over.is_none()).map(|(address, _)| moved(address)),
        );
        if health.trouble.is_none() {
            health.trouble = remarks.into_iter().next();
        }
        Ok(Refreshed {
            source: source.id,
            title: parsed.title.filter(|title| !title.is_empty()),
            site: parsed.site,
            language: parsed.language,
            new_address: took_over,
            added: compared.added,
            changed: compared.changed,
            health,
            mailing: None,
        })
    }
}

#[async_trait]
impl Worker for Refresh {
    fn stage(&self) -> Stage {
        Stage::Refresh
    }

    async fn work(&self, tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let sources = match self.store.sources_to_refresh(&tasks_of(&tasks)).await {
            Ok(sources) => sources,
            Err(error) => {
                let why = error.to_string();
                return tasks.into_iter().map(|held| (held, Problem(why.clone()))).collect();
            }
        };
        let mut sources: HashMap<i64, Source> =
            sources.into_iter().map(|(task, source)| (task.id, source)).collect();
        let mut asking: FuturesUnordered<_> = tasks
            .into_iter()
            .filter_map(|held| match sources.remove(&held.task.id) {
                Some(source) => Some((held, source)),
                // The source is gone, and the store has struck its task off.
                None => {
                    held.done();
                    None
                }
            })
            .map(|(held, source)| async move {
                let outcome = self.refresh(held.task.clone(), source, now).await;
                (held, outcome)
            })
            .collect();
        let mut again = Vec::new();
        while let Some((held, outcome)) = asking.next().await {
            match outcome {
                Ok(()) => held.done(),
                Err(why) => again.push((held, Problem(why))),
            }
        }
        again
    }
}

/// What its reader gave for it. It was checked when it was given; what cannot be sent any more is left out.
fn private(source: &Source) -> Option<Arc<Private>> {
    source.access.as_deref().and_then(|it| Private::of(it).ok()).map(Arc::new)
}

/// The same for another address: a further part, a page of an entry.
pub(super) fn private_at(address: &str, source: &Source) -> Option<Arc<Private>> {
    private(source).filter(|_| news::may_be_told(&source.address, address))
}

fn further(address: &str, source: &Source) -> Request {
    Request::feed(address, None, None).with(private_at(address, source))
}

/// The word for a source that says it has moved, as long as we do not believe it.
const MOVED: &str = "moved";

fn moved(address: &str) -> Trouble {
    let says = format!(
        "It says that it has moved for good, to {address}. It is read there; when it has said so for some days, that \
         becomes its address."
    );
    Trouble::new(MOVED, says)
}
