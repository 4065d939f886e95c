//! A profile made ready for looking at thousands of stories.

use std::{cell::OnceCell, collections::HashMap};

use news::{
    Belief, Example, Follow, Interests, Place, SourceId, Stance, StorySketch, Target, Timestamp, Weight,
};

use news::words::key;

use crate::{
    Candidate, Policy, Profile,
    about::{Book, Page, Plain, Wanted},
};

pub struct View<'a> {
    pub profile: &'a Profile,
    pub policy: &'a Policy,
    pub now: Timestamp,
    pub book: Book,
    /// What is followed, but for sources.
    pub follows: Vec<(&'a Follow, Weight, Wanted)>,
    pub mutes: Vec<(&'a Follow, bool, Wanted)>,
    /// The reader's own sources: entries a week, and how much they are wanted.
    pub sources: HashMap<SourceId, (f32, Weight), Plain>,
    names: HashMap<u64, (&'a Target, &'a Belief), Plain>,
    topics: HashMap<&'a str, (&'a Target, &'a Belief)>,
    authors: HashMap<u64, (&'a Target, &'a Belief), Plain>,
    told_by: HashMap<SourceId, (&'a Target, &'a Belief), Plain>,
    words: HashMap<u32, f32, Plain>,
    examples: OnceCell<Vec<&'a Example>>,
}

/// One candidate as it is being looked at.
pub struct Look<'a> {
    pub candidate: &'a Candidate,
    pub story: &'a StorySketch,
    pub page: &'a Page,
}

impl<'a> View<'a> {
    pub fn new(profile: &'a Profile, policy: &'a Policy, now: Timestamp) -> View<'a> {
        let mut view = View {
            profile,
            policy,
            now,
            book: Book::default(),
            follows: Vec::new(),
            mutes: Vec::new(),
            sources: profile.sources.iter().map(|&(id, a_week)| (id, (a_week, Weight::More))).collect(),
            names: HashMap::default(),
            topics: HashMap::new(),
            authors: HashMap::default(),
            told_by: HashMap::default(),
            words: profile.interests.words.iter().copied().collect(),
            examples: OnceCell::new(),
        };
        let lasts = |it: &&Follow| it.until.is_none_or(|until| now < until);
        for follow in profile.follows.iter().filter(lasts) {
            view.enter(follow);
        }
        view.believe(&profile.interests);
        view
    }

    fn enter(&mut self, follow: &'a Follow) {
        match (follow.stance, &follow.target) {
            (Stance::Follow(weight), Target::Source(source)) => {
                self.sources.entry(*source).or_insert((f32::NAN, weight)).1 = weight;
            }
            (Stance::Follow(weight), target) => {
                let wanted = self.book.enter(target, &follow.aliases);
                self.follows.push((follow, weight, wanted));
            }
            // What holds in one place only is seen to where that place is.
            (Stance::Mute { .. }, _) if !matches!(follow.place, Place::Everywhere) => {}
            (Stance::Mute { except_big, .. }, target) => {
                let wanted = self.book.enter(target, &follow.aliases);
                self.mutes.push((follow, except_big, wanted));
            }
        }
    }

    fn believe(&mut self, interests: &'a Interests) {
        for (target, belief) in &interests.beliefs {
            match target {
                Target::Name(name) => drop(self.names.insert(key(&name.text), (target, belief))),
                Target::Topic(topic) => drop(self.topics.insert(&topic.0, (target, belief))),
                Target::Author(author) => drop(self.authors.insert(key(author), (target, belief))),
                Target::Source(source) => drop(self.told_by.insert(*source, (target, belief))),
                Target::Story(_) | Target::Situation(_) | Target::Words(_) => {}
            }
        }
    }

    /// By [`news::Said::names`].
    pub fn name(&self, key: u64) -> Option<(&'a Target, &'a Belief)> {
        if self.names.is_empty() { None } else { self.names.get(&key).copied() }
    }

    pub fn author(&self, text: &str) -> Option<(&'a Target, &'a Belief)> {
        if self.authors.is_empty() { None } else { self.authors.get(&key(text)).copied() }
    }

    /// The belief of a topic, else of the nearest wider one.
    pub fn topic(&self, path: &str) -> Option<(&'a Target, &'a Belief)> {
        let mut path = path;
        loop {
            if let Some(found) = self.topics.get(path) {
                return Some(*found);
            }
            path = path.rsplit_once('/')?.0;
        }
    }

    /// What the words of a story say of the reader's taste.
    pub fn words(&self, story: &StorySketch) -> f32 {
        if self.words.is_empty() {
            return 0.0;
        }
        let (mut says, mut square) = (0.0, 0.0_f32);
        for term in &story.terms {
            square += term.weight * term.weight;
            says += term.weight * self.words.get(&term.hash).copied().unwrap_or(0.0);
        }
        if 0.0 < square { says / square.sqrt() } else { 0.0 }
    }

    /// What they met, that with the strongest pull first.
    pub fn examples(&self) -> &[&'a Example] {
        self.examples.get_or_init(|| {
            let mut all: Vec<&Example> = self.profile.interests.examples.iter().collect();
            all.sort_by(|a, b| b.pull.abs().total_cmp(&a.pull.abs()));
            all
        })
    }

    pub fn told_by(&self, source: SourceId) -> Option<(&'a Target, &'a Belief)> {
        self.told_by.get(&source).copied()
    }

    /// The mute that the story falls under, if any. A source or author that is muted takes a story along only when
    /// nobody else tells it.
    pub fn muted(&self, look: &Look<'_>) -> Option<&'a Target> {
        let story = look.story;
        let big = self.policy.big <= story.outlets;
        let holds = || self.mutes.iter().filter(|(_, except_big, _)| !(big && *except_big));
        let falls_under = |follow: &Follow, wanted: &Wanted| match &follow.target {
            Target::Source(_) => {
                let muted = |source| holds().any(|(it, _, _)| it.target == Target::Source(source));
                look.page.is_named(wanted) || story.sources.iter().all(|(source, _)| muted(*source))
            }
            Target::Author(_) => story.authors.len() <= 1,
            _ => look.page.is_about(story, wanted),
        };
        holds()
            .find(|(follow, _, wanted)| look.page.is_about(story, wanted) && falls_under(follow, wanted))
            .map(|(follow, _, _)| &follow.target)
    }

    /// What the reader follows and the story is about, the most wanted first,
    /// and how much: what a story is about counts whole, what it mentions the less the further down.
    pub fn followed(&self, look: &Look<'_>) -> Option<(&'a Follow, f32)> {
        let about = self.follows.iter().filter_map(|(follow, weight, wanted)| {
            let prominence = look.page.prominence(look.story, wanted)?;
            Some((*follow, prominence * crate::features::wanted(*weight)))
        });
        about.max_by(|a, b| a.1.total_cmp(&b.1).then_with(|| b.0.id.cmp(&a.0.id)))
    }

    /// A followed situation that the story is part of.
    pub fn situation(&self, look: &Look<'_>) -> bool {
        (self.follows.iter()).any(|(follow, _, wanted)| {
            matches!(follow.target, Target::Situation(_)) && look.page.is_about(look.story, wanted)
        })
    }

    /// Nothing is known yet but which sources they have.
    pub fn is_new(&self) -> bool {
        let interests = &self.profile.interests;
        self.follows.is_empty() && interests.beliefs.is_empty() && interests.examples.is_empty()
    }

    /// What the feature weighs for this reader, and how sure that is.
    pub fn weight(&self, feature: &str) -> (f32, f32) {
        if self.policy.left_out.contains(&feature) {
            return (0.0, self.policy.sureness);
        }
        let learnt = self.profile.interests.ranker.weights.get(feature).copied();
        learnt.unwrap_or_else(|| {
            let prior = self.policy.weights.iter().find(|(name, _)| *name == feature);
            (prior.map_or(0.0, |(_, weight)| *weight), self.policy.sureness)
        })
    }
}
