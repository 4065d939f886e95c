//! The stories that matter to one reader now, and why.

use std::{collections::HashMap, sync::Arc, time::Duration};

use news::{Edition, Follow, ReaderId, Retrieval, SourceId, Stance, Story, StoryId, StorySketch, Timestamp};
use rank::{Candidate, Explanation, Profile, State};

use crate::{App, Result, StoryState, follows::same_target};

/// How far back an edition looks.
const WINDOW: Duration = Duration::from_secs(4 * 24 * 3600);
/// An edition younger than this is shown again rather than composed anew, so that a page that is opened twice is the
/// same page, and coming back from a story does not shuffle what one was reading.
const STANDS: Duration = Duration::from_secs(15 * 60);

/// Whether the edition that stands will do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// The last one, if it is young enough.
    AsItStands,
    /// A new one, whatever stands.
    Anew,
}

/// An edition with all that is needed to show it.
#[derive(Debug)]
pub struct EditionPage {
    pub edition: Edition,
    /// The slots' stories, in their order; a slot whose story is gone has none.
    pub stories: HashMap<StoryId, Story>,
    pub states: HashMap<StoryId, StoryState>,
    /// When the edition before this one was made.
    pub previous: Option<Timestamp>,
    /// Headlines of what a mute hid.
    pub hidden: HashMap<StoryId, String>,
}

/// Why a story is here, or why it is not.
#[derive(Debug)]
pub struct Why {
    pub sketch: StorySketch,
    pub explanation: Explanation,
    pub states: Option<StoryState>,
}

impl App {
    pub async fn edition(&self, reader: ReaderId, freshness: Freshness) -> Result<EditionPage> {
        let now = self.now();
        let last = self.store.last_edition(reader).await?;
        let previous = last.as_ref().map(|it| it.at);
        match last {
            // An empty one stands for nothing: perhaps the first articles are coming in right now.
            Some(last)
                if freshness == Freshness::AsItStands
                    && last.at.age(now) < STANDS
                    && !last.slots.is_empty() =>
            {
                let last = self.as_muted_now(last).await?;
                self.page(last, None).await
            }
            _ => {
                let edition = self.compose(reader, now).await?;
                self.page(edition, previous).await
            }
        }
    }

    /// One of the reader's editions, as it was made.
    pub async fn edition_again(&self, reader: ReaderId, edition: news::EditionId) -> Result<EditionPage> {
        let edition = self.store.edition(reader, edition).await?;
        let edition = self.as_muted_now(edition).await?;
        self.page(edition, None).await
    }

    /// An edition stands for a while; a mute holds at once. What was muted since goes to what is hidden, and what is
    /// no longer muted waits for the next edition.
    async fn as_muted_now(&self, mut edition: Edition) -> Result<Edition> {
        let mutes = self.mutes(edition.reader).await?;
        edition.hidden.retain(|(_, target)| mutes.iter().any(|it| same_target(&it.target, target)));
        if mutes.is_empty() {
            return Ok(edition);
        }
        let ids: Vec<StoryId> = edition.slots.iter().map(|slot| slot.story).collect();
        for story in self.store.story_sketches(&ids).await? {
            let big = self.rank.big <= story.outlets;
            let holds = |it: &&Follow| !(big && it.stance == Stance::Mute { except_big: true });
            let mut mutes = mutes.iter().filter(holds);
            if let Some(mute) = mutes.find(|it| rank::is_about(&story, &it.target, &it.aliases)) {
                edition.slots.retain(|slot| slot.story != story.story);
                edition.hidden.push((story.story, mute.target.clone()));
            }
        }
        Ok(edition)
    }

    /// Makes a new edition and records it.
    async fn compose(&self, reader: ReaderId, now: Timestamp) -> Result<Edition> {
        let profile = self.profile(reader).await?;
        let found = self.find(&profile, now).await?;
        let mut stories: Vec<StoryId> = found.iter().flat_map(|(_, it)| it).map(|it| it.story).collect();
        stories.sort_unstable();
        stories.dedup();
        let states = self.store.story_states(reader, &stories).await?;
        let candidates = rank::pool(found, states.into_iter().map(state).collect());
        let mut edition = rank::compose(&profile, candidates, &self.rank, seed(reader, now), now);
        edition.id = self.store.record_edition(&edition).await?;
        Ok(edition)
    }

    /// Everything that is worth a look for this reader, by the way in which it was found.
    async fn find(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>> {
        let mut found = Vec::new();
        for (how, at_most) in rank::plan(profile, &self.rank) {
            found.push((how, self.store.retrieve(profile.reader, how, now.before(WINDOW), at_most).await?));
        }
        Ok(found)
    }

    async fn page(&self, edition: Edition, previous: Option<Timestamp>) -> Result<EditionPage> {
        let ids: Vec<StoryId> = edition.slots.iter().map(|slot| slot.story).collect();
        let stories = self.store.stories(&ids).await?.into_iter().map(|it| (it.id, it)).collect();
        let states = self
            .store
            .story_states(edition.reader, &ids)
            .await?
            .into_iter()
            .map(|it| (it.story, it))
            .collect();
        let hidden: Vec<StoryId> = edition.hidden.iter().map(|(story, _)| *story).collect();
        let hidden = match hidden.is_empty() {
            true => HashMap::new(),
            false => {
                let sketches = self.store.story_sketches(&hidden).await?;
                sketches.into_iter().map(|it| (it.story, it.headline)).collect()
            }
        };
        Ok(EditionPage { edition, stories, states, previous, hidden })
    }

    /// "Why is this here?", and as well "why is that not here?", for any story.
    pub async fn why(&self, reader: ReaderId, story: StoryId) -> Result<Why> {
        let now = self.now();
        let sketch =
            self.store.story_sketches(&[story]).await?.into_iter().next().ok_or(crate::AppError::NotFound)?;
        let profile = self.profile(reader).await?;
        let states = self.store.story_states(reader, &[story]).await?.into_iter().next();
        let last = self.store.last_edition(reader).await?;
        let found = self.find(&profile, now).await?;
        let finds = |(how, stories): &(Retrieval, Vec<Arc<StorySketch>>)| {
            stories.iter().any(|it| it.story == story).then_some(*how)
        };
        let found_by = found.iter().filter_map(finds).collect();
        let candidate =
            Candidate { story: Arc::new(sketch.clone()), found_by, state: states.clone().map(state) };
        let explanation = rank::explain(&profile, &candidate, last.as_ref(), &self.rank, now);
        Ok(Why { sketch, explanation, states })
    }

    /// All that may be taken into account about a reader.
    pub async fn profile(&self, reader: ReaderId) -> Result<Profile> {
        let settings = self.store.reader(reader).await?.settings;
        let (interests, _) = self.store.interests(reader).await?;
        let follows = self.store.follows(reader).await?;
        let sources = self.store.sources_of(reader).await?;
        let sources: Vec<(SourceId, f32)> =
            sources.into_iter().map(|it| (it.source.id, it.last_week as f32)).collect();
        Ok(Profile { reader, follows, interests, settings, sources })
    }
}

fn state(it: StoryState) -> State {
    State {
        story: it.story,
        opened: it.opened,
        read: it.read,
        saved: it.saved,
        shown: it.shown,
        dismissed: it.dismissed,
    }
}

/// The dice of one edition: another for each reader and moment, the same when it is made again.
fn seed(reader: ReaderId, at: Timestamp) -> u64 {
    // The odd constant spreads neighbouring numbers over all bits (Knuth's multiplicative hashing).
    (reader.0 as u64).rotate_left(32).wrapping_add(at.0 as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}
