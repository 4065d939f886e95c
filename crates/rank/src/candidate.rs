use std::{collections::BTreeMap, sync::Arc};

use news::{
    Follow, Interests, ReaderId, ReaderSettings, Retrieval, SourceId, StoryId, StorySketch, Timestamp,
};

/// All that is known of a reader when an edition is made for them.
#[derive(Clone, Debug)]
pub struct Profile {
    pub reader: ReaderId,
    pub follows: Vec<Follow>,
    pub interests: Interests,
    pub settings: ReaderSettings,
    /// Their sources, and how many entries a week each publishes.
    pub sources: Vec<(SourceId, f32)>,
}

/// How the reader stands to a story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    pub story: StoryId,
    /// When it was last opened.
    pub opened: Option<Timestamp>,
    /// How many turns it had when it was opened or marked read.
    pub turns: u32,
    pub read: bool,
    pub saved: bool,
    /// How often it was in an edition that was looked at.
    pub shown: u32,
    /// Not interested, or knew it already.
    pub dismissed: bool,
}

impl State {
    /// Articles that came since the reader opened it or marked it read, and told something that had not been told.
    pub fn new_turns(&self, story: &StorySketch) -> u32 {
        if self.read || self.opened.is_some() { story.turns.saturating_sub(self.turns) } else { 0 }
    }
}

/// A story that may make it into an edition.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Shared with whoever found it: thousands are looked at, thirty are shown.
    pub story: Arc<StorySketch>,
    /// At least one, where it was found at all.
    pub found_by: Vec<Retrieval>,
    pub state: Option<State>,
}

/// One candidate of each story, however often it was found; in the order of their numbers.
pub fn pool(found: Vec<(Retrieval, Vec<Arc<StorySketch>>)>, states: Vec<State>) -> Vec<Candidate> {
    let mut states: BTreeMap<StoryId, State> = states.into_iter().map(|state| (state.story, state)).collect();
    let mut pooled: BTreeMap<StoryId, Candidate> = BTreeMap::new();
    for (how, stories) in found {
        for story in stories {
            let id = story.story;
            let candidate = pooled.entry(id).or_insert_with(|| Candidate {
                story,
                found_by: Vec::new(),
                state: states.remove(&id),
            });
            if !candidate.found_by.contains(&how) {
                candidate.found_by.push(how);
            }
        }
    }
    pooled.into_values().collect()
}
