//! The stories that matter to one reader now, and why.

use std::{collections::HashMap, sync::Arc, time::Duration};

use news::{
    Edition, EditionId, ReaderId, ReaderSettings, Retrieval, Section, Story, StoryId, StorySketch, Target,
    Timestamp,
};
use rank::{Candidate, Composer, Explanation, Profile, State};

use crate::{App, AppError, Looking, Muting, Result, Spot, StoryState};

/// How far back an edition looks.
const WINDOW: Duration = Duration::from_secs(4 * 24 * 3600);
/// An edition younger than this is shown again rather than composed anew, so that a page that is opened twice is the
/// same page, and coming back from a story does not shuffle what one was reading.
const STANDS: Duration = Duration::from_secs(15 * 60);
/// The last one is passed on to other programs for so long.
const PASSED_ON: Duration = Duration::from_secs(6 * 3600);

/// So many times what is muted gives its place to another.
const FILLED: usize = 8;

/// Stories as the reader may see them where they stand.
type Seen = HashMap<(StoryId, Section), Story>;

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
    /// What a mute hid.
    pub hidden: HashMap<StoryId, StorySketch>,
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
        let last = match freshness {
            Freshness::AsItStands => self.store.last_edition(reader).await?,
            Freshness::Anew => None,
        };
        match last {
            // An empty one stands for nothing: perhaps the first articles are coming in right now.
            Some(last) if last.at.age(now) < STANDS && !last.slots.is_empty() => self.page(last).await,
            _ => {
                let (mut edition, seen) = self.compose(reader, now).await?;
                edition.id = self.store.record_edition(&edition).await?;
                self.page_of(edition, seen).await
            }
        }
    }

    /// One of the reader's editions, as it was made.
    pub async fn edition_again(&self, reader: ReaderId, edition: EditionId) -> Result<EditionPage> {
        self.page(self.store.edition(reader, edition).await?).await
    }

    /// What an edition would be now, for whoever asks again and again without looking: nothing is recorded, and within
    /// an hour it is the same.
    pub async fn edition_to_pass_on(&self, reader: ReaderId) -> Result<EditionPage> {
        let now = self.now();
        match self.store.last_edition(reader).await? {
            Some(last) if last.at.age(now) < PASSED_ON && !last.slots.is_empty() => self.page(last).await,
            _ => {
                let hour = Timestamp(now.0 - now.0.rem_euclid(3600));
                let (edition, seen) = self.compose(reader, hour).await?;
                self.page_of(edition, seen).await
            }
        }
    }

    /// With its stories as the reader may see them. Some mutes can be told only from the articles of a story, which are
    /// looked at when it has a place; what turns out to be muted gives its place to another.
    async fn compose(&self, reader: ReaderId, now: Timestamp) -> Result<(Edition, Seen)> {
        let profile = self.profile(reader).await?;
        let found = self.find(&profile, now).await?;
        let mut stories: Vec<StoryId> = found.iter().flat_map(|(_, it)| it).map(|it| it.story).collect();
        stories.sort_unstable();
        stories.dedup();
        let states = self.store.story_states(reader, &stories).await?;
        let candidates = rank::pool(found, states.into_iter().map(state).collect());
        let muting = Muting::new(self.in_force(profile.follows.clone()), self.rank.big);
        let composer = Composer::new(&profile, &candidates, &self.rank, seed(reader, now), now);
        let (mut seen, mut hidden) = (Seen::new(), Vec::new());
        for _ in 0..FILLED {
            let edition = composer.edition(&hidden);
            let mutes = self.see_slots(&edition, &muting, &mut seen).await?;
            if mutes.is_empty() {
                return Ok((edition, seen));
            }
            hidden.extend(mutes);
        }
        // Nearly all that there is says what is muted.
        let mut edition = composer.edition(&hidden);
        edition.slots.retain(|it| seen.contains_key(&(it.story, it.section)));
        Ok((edition, seen))
    }

    /// Adds the stories of its slots, but for those that were seen, as the reader may see them there; answers what is
    /// hidden, and by what.
    async fn see_slots(
        &self,
        edition: &Edition,
        muting: &Muting,
        seen: &mut Seen,
    ) -> Result<Vec<(StoryId, Target)>> {
        let slots = edition.slots.iter().map(|it| (it.story, it.section));
        let new: HashMap<StoryId, Section> = slots.filter(|it| !seen.contains_key(it)).collect();
        let ids: Vec<StoryId> = new.keys().copied().collect();
        let stories = self.their_stories(edition.reader, &ids).await?;
        let behind = self.behind_stories(muting, &stories).await?;
        let mut hidden = Vec::new();
        for story in stories {
            let (id, section) = (story.id, new[&story.id]);
            match muting.see(story, &behind, Spot::Section(section)) {
                Ok(story) => drop(seen.insert((id, section), story)),
                Err(mute) => hidden.push((id, mute.target)),
            }
        }
        Ok(hidden)
    }

    /// Everything that is worth a look for this reader, by the way in which it was found.
    async fn find(
        &self,
        profile: &Profile,
        now: Timestamp,
    ) -> Result<Vec<(Retrieval, Vec<Arc<StorySketch>>)>> {
        let ways = rank::plan(profile, &self.rank);
        let found = self.store.retrieve(profile.reader, &ways, now.before(WINDOW)).await?;
        self.found_as_theirs(profile.reader, found).await
    }

    /// An edition stands for a while; a mute holds at once. What was muted since goes to what is hidden, and what is
    /// no longer muted waits for the next edition.
    async fn page(&self, mut edition: Edition) -> Result<EditionPage> {
        self.as_merged_now(&mut edition).await?;
        let muting = self.muting(edition.reader).await?;
        let mut seen = Seen::new();
        let hidden = self.see_slots(&edition, &muting, &mut seen).await?;
        edition.slots.retain(|it| !hidden.iter().any(|(story, _)| *story == it.story));
        edition.hidden.retain(|(_, target)| muting.has(target));
        edition.hidden.extend(hidden);
        self.page_of(edition, seen).await
    }

    async fn page_of(&self, edition: Edition, mut seen: Seen) -> Result<EditionPage> {
        let slots = edition.slots.iter();
        let stories =
            slots.filter_map(|it| Some((it.story, seen.remove(&(it.story, it.section))?))).collect();
        let ids: Vec<StoryId> = edition.slots.iter().map(|slot| slot.story).collect();
        let states = self.store.story_states(edition.reader, &ids).await?;
        let states = states.into_iter().map(|it| (it.story, it)).collect();
        let hidden: Vec<StoryId> = edition.hidden.iter().map(|(story, _)| *story).collect();
        let hidden = match hidden.is_empty() {
            true => HashMap::new(),
            false => {
                let sketches = self.their_sketches(edition.reader, &hidden).await?;
                sketches.into_iter().map(|it| (it.story, it)).collect()
            }
        };
        let before = if edition.id.0 == 0 { EditionId(i64::MAX) } else { edition.id };
        let previous = self.store.edition_before(edition.reader, before).await?;
        Ok(EditionPage { edition, stories, states, previous, hidden })
    }

    /// "Why is this here?", and as well "why is that not here?", for any story.
    pub async fn why(&self, reader: ReaderId, story: StoryId, looking: Looking) -> Result<Why> {
        let now = self.now();
        let whole = self.their_story(reader, story).await?;
        let story = whole.id;
        let mut sketch =
            self.their_sketches(reader, &[story]).await?.into_iter().next().ok_or(AppError::NotFound)?;
        let muting = self.muting_of(reader, looking).await?;
        let seen = self.see(&muting, whole, Spot::Anywhere).await?;
        let seen = seen.map_err(AppError::Muted)?;
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
        (sketch.headline, sketch.names) = (seen.face.headline, seen.face.names);
        Ok(Why { sketch, explanation, states })
    }

    /// All that may be taken into account about a reader.
    pub async fn profile(&self, reader: ReaderId) -> Result<Profile> {
        let mut settings = self.store.reader(reader).await?.settings;
        settings.edition_length = stories_of(&settings);
        let (interests, _) = self.store.interests(reader).await?;
        let follows = self.store.follows(reader).await?;
        let sources = self.store.rates_of(reader).await?;
        Ok(Profile { reader, follows, interests, settings, sources })
    }
}

/// A headline, a standfirst and one article in three: about forty seconds a story.
const SECONDS_A_STORY: u32 = 40;

/// Minutes that so many stories take.
pub fn minutes_of(stories: usize) -> u32 {
    (stories as u32 * SECONDS_A_STORY).div_ceil(60)
}

/// How many stories the reader wants: so many, or as many as can be looked at in so many minutes.
fn stories_of(settings: &ReaderSettings) -> u16 {
    match settings.edition_minutes {
        0 => settings.edition_length,
        minutes => u16::try_from(u32::from(minutes) * 60 / SECONDS_A_STORY).unwrap_or(u16::MAX).clamp(3, 200),
    }
}

fn state(it: StoryState) -> State {
    State {
        story: it.story,
        opened: it.opened,
        turns: it.turns,
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
