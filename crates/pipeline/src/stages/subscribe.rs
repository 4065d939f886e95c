//! Asks hubs to push what we follow, to go on with it, or to leave us alone. The hub's own questions are answered by the
//! pages.

use std::sync::Arc;

use async_trait::async_trait;
use fetch::websub::{self, Step};
use fetch::{Guard, Sender};
use futures::future::join_all;
use news::{Hub, Source, Subscription, Timestamp, Trouble, Wish};
use store::{Gathering, Receiving, Stage, ToSubscribe};

use crate::{Held, Problem, Worker, tasks_of};

pub struct Subscribe {
    pub gathering: Arc<dyn Gathering>,
    pub receiving: Arc<dyn Receiving>,
    pub sender: Arc<dyn Sender>,
    pub guard: Guard,
    /// Where hubs reach us; a subscription's key comes behind it.
    pub callback: String,
}

impl Subscribe {
    async fn keep(&self, held: &Held, it: ToSubscribe, now: Timestamp) -> Result<(), String> {
        let ToSubscribe { source, wanted, standing } = it;
        // What is kept for one reader alone is no business of a hub's.
        let named = source.health.hub.clone().filter(|_| source.access.is_none());
        let offered = named.as_ref().and_then(|hub| self.in_private(hub));
        if let (Some(hub), None, None, true) = (named, &offered, &standing, wanted) {
            // Written down, so that it is not looked at again the next moment.
            let refused = websub::in_the_clear(begin(&source, hub)?, now);
            self.receiving.record_subscription(&refused).await.map_err(|it| it.to_string())?;
        }
        let (standing, wish) = match websub::plan(offered.as_ref(), wanted, standing.as_ref(), now) {
            Step::Nothing => (None, Wish::Subscribe),
            Step::Begin(hub) => (Some(begin(&source, hub)?), Wish::Subscribe),
            Step::Ask(wish) => (standing, wish),
            Step::Forget => {
                self.receiving.end_subscription(source.id, now).await.map_err(|it| it.to_string())?;
                (None, Wish::Subscribe)
            }
        };
        let Some(standing) = standing else {
            return self.gathering.strike_off(held.task.clone(), now).await.map_err(|it| it.to_string());
        };
        let asked = websub::asked(&standing, wish, now);
        // The hub may come back before it answers: what it will ask about has to stand by then.
        self.receiving.record_subscription(&asked).await.map_err(|it| it.to_string())?;
        let callback = format!("{}{}", self.callback, asked.key);
        let answer = self.sender.send(&websub::message(&asked, &callback)).await;
        let (due, trouble) = websub::answered(&asked, &answer, now);
        if let Some(Trouble { word, .. }) = &trouble {
            tracing::info!(
                hub = asked.hub.address,
                source = source.id.0,
                word,
                "a hub did not take what we asked"
            );
        }
        let task = held.task.clone();
        self.gathering.record_asked(task, due, trouble, now).await.map_err(|it| it.to_string())
    }

    /// The hub as it is asked; one that cannot be told a secret is none.
    fn in_private(&self, hub: &Hub) -> Option<Hub> {
        let address = websub::in_private(&hub.address, &self.guard)?;
        Some(Hub { address, topic: hub.topic.clone() })
    }
}

fn begin(source: &Source, hub: Hub) -> Result<Subscription, String> {
    Ok(Subscription {
        source: source.id,
        hub,
        key: random::<24>()?,
        secret: random::<32>()?,
        pending: None,
        until: None,
        due: Timestamp(0),
        asked: 0,
        trouble: None,
    })
}

/// So many bytes of the system's dice, in hexadecimal digits.
fn random<const BYTES: usize>() -> Result<String, String> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[async_trait]
impl Worker for Subscribe {
    fn stage(&self) -> Stage {
        Stage::Subscribe
    }

    async fn work(&self, mut tasks: Vec<Held>, now: Timestamp) -> Vec<(Held, Problem)> {
        let found = match self.gathering.sources_to_subscribe(&tasks_of(&tasks)).await {
            Ok(found) => found,
            Err(error) => {
                let why = error.to_string();
                return tasks.into_iter().map(|held| (held, Problem(why.clone()))).collect();
            }
        };
        let mut working = Vec::new();
        for (task, it) in found {
            if let Some(place) = tasks.iter().position(|held| held.task.id == task.id) {
                let held = tasks.swap_remove(place);
                working.push(async move {
                    let kept = self.keep(&held, it, now).await;
                    (held, kept)
                });
            }
        }
        // Their sources are gone, and the store has struck them off.
        tasks.into_iter().for_each(Held::done);
        let mut again = Vec::new();
        for (held, kept) in join_all(working).await {
            match kept {
                Ok(()) => held.done(),
                Err(why) => again.push((held, Problem(why))),
            }
        }
        again
    }
}
