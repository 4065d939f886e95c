//! The page of one thing that can be followed: a name, a topic, a situation of several names. For whoever must not
//! miss a turn of it.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use news::{
    Article, Follow, Member, Name, Place, ReaderId, Stance, Story, StoryId, StorySketch, Target, Timestamp,
};

use crate::{
    App, AppError, Muting, Result, Spot, StoryState, follows::same_target, story::without_muted_words,
};

/// So far back does it look.
const ABOUT: Duration = Duration::from_secs(60 * 24 * 3600);
const STORIES: usize = 100;
/// Who said what is taken from the newest articles of the newest stories.
const SPOKEN_IN: usize = 20;
const SPEAKING: usize = 24;
/// A name is new when no story that began before speaks of it.
const NEW: Duration = Duration::from_secs(2 * 24 * 3600);

#[derive(Debug)]
pub struct TargetPage {
    pub target: Target,
    pub follow: Option<Follow>,
    /// What else it goes by: what the reader said, and what the news of these days says.
    pub aliases: Vec<String>,
    /// The last to grow first.
    pub stories: Vec<StorySketch>,
    pub states: HashMap<StoryId, StoryState>,
    /// The newest, each with where it stood, for quotes.
    pub articles: Vec<(Article, Member)>,
    /// Since when things are new to the reader: they said that they had seen all, or else opened one of the stories.
    pub since: Option<Timestamp>,
    /// It is muted; here, where it was asked for, it is shown all the same.
    pub mute: Option<Follow>,
}

impl App {
    /// The page of anything that can be followed, whether the reader follows it or not.
    pub async fn about(&self, reader: ReaderId, target: Target) -> Result<TargetPage> {
        let same = self.follows(reader).await?.into_iter().filter(|it| same_target(&it.target, &target));
        let (mutes, follows): (Vec<Follow>, Vec<Follow>) =
            same.partition(|it| matches!(it.stance, Stance::Mute { .. }));
        let mute = mutes.into_iter().find(|it| it.place == Place::Everywhere);
        let follow = follows.into_iter().next();
        let known = follow.as_ref().or(mute.as_ref());
        let mut aliases = known.map(|it| it.aliases.clone()).unwrap_or_default();
        aliases.extend(self.also_called(&target).await?);
        aliases = each_once(aliases);
        let since = self.now().before(ABOUT);
        let stories = self.store.stories_about(&target, &aliases, since, STORIES).await?;
        let muting = self.muting(reader).await?;
        aliases.retain(|it| muting.of_words(it).is_none());
        let (stories, told) = self.without_muted(reader, &muting, stories, Spot::PageOf(&target)).await?;
        let ids: Vec<StoryId> = stories.iter().map(|it| it.story).collect();
        let states = self.store.story_states(reader, &ids).await?;
        let last_read = states.iter().filter_map(|it| it.opened).max();
        let articles = self.newest_of(told, &muting).await?;
        let states = states.into_iter().map(|it| (it.story, it)).collect();
        let since = follow.as_ref().and_then(|it| it.seen).or(last_read);
        Ok(TargetPage { target, follow, mute, aliases, stories, states, articles, since })
    }

    /// What else a name goes by in the news of these days; nothing for other targets.
    pub async fn also_called(&self, target: &Target) -> Result<Vec<String>> {
        let Target::Name(name) = target else { return Ok(Vec::new()) };
        let since = self.now().before(ABOUT);
        let mut stories: Vec<StorySketch> = Vec::new();
        for form in [name.clone()].into_iter().chain(understand::names::short_forms(name)) {
            stories.extend(self.store.stories_about(&Target::Name(form), &[], since, STORIES).await?);
        }
        let mut seen = HashSet::new();
        let stories = stories.iter().filter(|it| seen.insert(it.story)).map(|it| &it.names[..]);
        Ok(understand::names::also_called(name, stories))
    }

    async fn newest_of(&self, stories: Vec<Story>, muting: &Muting) -> Result<Vec<(Article, Member)>> {
        let mut members: Vec<Member> =
            stories.into_iter().take(SPOKEN_IN).flat_map(|it| it.members).collect();
        members.retain(|it| it.copy_of.is_none());
        members.sort_by_key(|it| std::cmp::Reverse((it.published, it.article)));
        members.truncate(SPEAKING);
        let mut found = Vec::with_capacity(members.len());
        for member in members {
            match self.read(member.article).await {
                Ok(article) => found.push((without_muted_words(article, muting), member)),
                // Dropped a moment ago.
                Err(AppError::NotFound) => (),
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }
}

fn each_once(names: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    names.into_iter().filter(|it| seen.insert(it.to_lowercase())).collect()
}

impl TargetPage {
    /// Names of the last two days that no earlier story speaks of, those of most stories first. None as long as
    /// there is no earlier story: then every name would be new.
    pub fn new_names(&self, now: Timestamp) -> Vec<(Name, usize)> {
        let since = now.before(NEW);
        let known: HashSet<String> = self
            .stories
            .iter()
            .filter(|it| it.began < since)
            .flat_map(|it| it.names.iter().map(Name::key))
            .collect();
        if known.is_empty() {
            return Vec::new();
        }
        self.names(|it| since <= it.began, |key| !known.contains(key))
    }

    /// Names that its stories speak of besides, those of most stories first: each makes a situation with it.
    pub fn together_with(&self) -> Vec<(Name, usize)> {
        let mut names = self.names(|_| true, |_| true);
        names.retain(|(_, stories)| 1 < *stories);
        names
    }

    fn names(
        &self,
        story: impl Fn(&StorySketch) -> bool,
        wanted: impl Fn(&str) -> bool,
    ) -> Vec<(Name, usize)> {
        let own: Vec<String> = self.own_names();
        let mut counted: HashMap<String, (Name, usize)> = HashMap::new();
        for name in self.stories.iter().filter(|it| story(it)).flat_map(|it| &it.names) {
            let key = name.key();
            if wanted(&key) && !own.contains(&key) {
                counted.entry(key).or_insert_with(|| (name.clone(), 0)).1 += 1;
            }
        }
        let mut names: Vec<(Name, usize)> = counted.into_values().collect();
        names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        names
    }

    fn own_names(&self) -> Vec<String> {
        let aliases =
            self.aliases.iter().map(|it| Name { text: it.clone(), kind: news::NameKind::Other }.key());
        match &self.target {
            Target::Name(name) => aliases.chain([name.key()]).collect(),
            Target::Situation(names) => aliases.chain(names.iter().map(Name::key)).collect(),
            _ => aliases.collect(),
        }
    }
}

#[cfg(test)]
mod tests;
