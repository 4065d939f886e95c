//! Folds what a reader did into what we believe they care about.

use std::{collections::HashMap, sync::Arc};

use async_trait::async_trait;
use learn::Policy;
use news::{
    Because, Edition, EditionId, Interests, ReaderId, Signal, SignalId, StoryId, StorySketch, Timestamp,
};
use store::{Reading, Result, Stage, Task};

use crate::{Held, Problem, Worker};

/// Signals are read in pages of this many.
const PAGE: usize = 500;

pub struct Learn {
    pub store: Arc<dyn Reading>,
    pub policy: Policy,
}

#[async_trait]
impl Worker for Learn {
    fn stage(&self) -> Stage {
        Stage::Learn
    }

    async fn work(&self, tasks: Vec<Held>, _now: Timestamp) -> Vec<(Held, Problem)> {
        let mut again = Vec::new();
        for held in tasks {
            match self.absorb(&held.task).await {
                Ok(()) => held.done(),
                Err(error) => again.push((held, error.into())),
            }
        }
        again
    }
}

impl Learn {
    async fn absorb(&self, task: &Task) -> Result<()> {
        let reader = ReaderId(task.about);
        let (interests, upto) = self.store.interests(reader).await?;
        let (interests, upto) = fold(&*self.store, reader, interests, upto, &self.policy).await?;
        self.store.record_interests(Some(task), reader, &interests, upto).await
    }
}

/// Everything that the reader did after `upto`, folded in. From nothing, it makes the interests anew.
pub async fn fold(
    store: &dyn Reading,
    reader: ReaderId,
    mut interests: Interests,
    mut upto: SignalId,
    policy: &Policy,
) -> Result<(Interests, SignalId)> {
    let mut editions: HashMap<EditionId, Option<Edition>> = HashMap::new();
    loop {
        let signals = store.signals(reader, upto, PAGE).await?;
        let Some(last) = signals.last() else { return Ok((interests, upto)) };
        upto = last.id;
        let stories: HashMap<StoryId, StorySketch> =
            sketches(store, &signals).await?.into_iter().map(|it| (it.story, it)).collect();
        for edition in signals.iter().filter_map(|it| it.edition) {
            if let std::collections::hash_map::Entry::Vacant(place) = editions.entry(edition) {
                place.insert(store.edition(reader, edition).await.ok());
            }
        }
        for signal in signals.iter().filter(|it| it.is_learnt_from()) {
            // A story that was dropped in time has nothing left to say what it was about.
            let Some(about) = stories.get(&signal.story) else { continue };
            let edition = signal.edition.and_then(|it| editions[&it].as_ref());
            let shown_with = edition.and_then(|edition| because(edition, signal.story));
            interests = learn::absorb(interests, signal, about, shown_with, policy);
        }
    }
}

async fn sketches(store: &dyn Reading, signals: &[Signal]) -> Result<Vec<StorySketch>> {
    let mut stories: Vec<StoryId> = signals.iter().map(|it| it.story).collect();
    stories.sort_unstable();
    stories.dedup();
    store.story_sketches(&stories).await
}

fn because(edition: &Edition, story: StoryId) -> Option<&[Because]> {
    edition.slots.iter().find(|slot| slot.story == story).map(news::Slot::because)
}
