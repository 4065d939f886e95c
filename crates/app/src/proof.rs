//! Does the ranking do any good for this reader? Their own history, replayed.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use news::{
    Edition, EditionId, Interests, ReaderId, Signal, SignalId, SignalKind, Slot, StoryId, StorySketch,
};
use rank::{Candidate, Looked, Profile, Proof, proof};

use crate::{App, Result};

/// Signals are read in pages of this many.
const PAGE: usize = 1000;

impl App {
    /// Every edition that the reader looked at, ranked again by what was believed just before it, beside simpler
    /// orders. Stories are taken as they are now: how many outlets told one then is not kept.
    pub async fn prove(&self, reader: ReaderId) -> Result<Proof> {
        let signals = self.all_signals(reader).await?;
        let stories = self.stories_of(&signals).await?;
        let editions = self.editions_of(reader, &signals).await?;
        let opened = opened(&signals);
        let now = self.profile(reader).await?;
        let mut believed = Interests::default();
        let mut history = Vec::new();
        let mut seen = HashSet::new();
        for signal in &signals {
            let edition = signal.edition.and_then(|it| editions.get(&it));
            if let Some(edition) = edition
                && seen.insert(edition.id)
            {
                let profile = Profile { interests: believed.clone(), ..now.clone() };
                history.push(looked(edition, profile, &stories, &opened));
            }
            if let Some(about) = stories.get(&signal.story) {
                let slot = edition.and_then(|it| it.slots.iter().find(|slot| slot.story == signal.story));
                believed = learn::absorb(believed, signal, about, slot.map(Slot::because), &self.learn);
            }
        }
        Ok(proof(&history, &self.rank))
    }

    pub(crate) async fn all_signals(&self, reader: ReaderId) -> Result<Vec<Signal>> {
        let mut signals: Vec<Signal> = Vec::new();
        loop {
            let after = signals.last().map_or(SignalId(0), |it| it.id);
            let page = self.store.signals(reader, after, PAGE).await?;
            let last = page.len() < PAGE;
            signals.extend(page);
            if last {
                return Ok(signals);
            }
        }
    }

    async fn stories_of(&self, signals: &[Signal]) -> Result<HashMap<StoryId, StorySketch>> {
        let mut stories: Vec<StoryId> = signals.iter().map(|it| it.story).collect();
        stories.sort_unstable();
        stories.dedup();
        let mut sketches = HashMap::new();
        for some in stories.chunks(PAGE) {
            sketches.extend(self.store.story_sketches(some).await?.into_iter().map(|it| (it.story, it)));
        }
        Ok(sketches)
    }

    async fn editions_of(
        &self,
        reader: ReaderId,
        signals: &[Signal],
    ) -> Result<BTreeMap<EditionId, Edition>> {
        let mut editions = BTreeMap::new();
        for id in signals.iter().filter_map(|it| it.edition) {
            if let std::collections::btree_map::Entry::Vacant(place) = editions.entry(id)
                && let Ok(edition) = self.store.edition(reader, id).await
            {
                place.insert(edition);
            }
        }
        Ok(editions)
    }
}

/// Opened from that edition, or, for signals that do not say from where, at all.
fn opened(signals: &[Signal]) -> HashSet<(Option<EditionId>, StoryId)> {
    let meant = |it: &&Signal| {
        matches!(
            it.kind,
            SignalKind::Opened | SignalKind::Read { .. } | SignalKind::Saved | SignalKind::MoreLikeThis
        )
    };
    signals.iter().filter(meant).map(|it| (it.edition, it.story)).collect()
}

/// Only what was in view counts: a story that was never reached was not refused.
fn looked(
    edition: &Edition,
    profile: Profile,
    stories: &HashMap<StoryId, StorySketch>,
    opened: &HashSet<(Option<EditionId>, StoryId)>,
) -> Looked {
    let candidate = |slot: &Slot| {
        let story = Arc::new(stories.get(&slot.story)?.clone());
        let was = opened.contains(&(Some(edition.id), slot.story)) || opened.contains(&(None, slot.story));
        Some((Candidate { story, found_by: Vec::new(), state: None }, was))
    };
    Looked { at: edition.at, profile, stories: edition.slots.iter().filter_map(candidate).collect() }
}
