//! What a reader does not want to see. One rule, asked by every way out: pages, search, lists, alerts, feeds, the
//! command line.
//!
//! A mute of a name, a topic, words or a story hides whole stories; one of a source or an author hides their articles,
//! and a story only when nobody else tells it. An article that names what is muted is hidden also where its story,
//! as the others tell it, is not about that.

use std::collections::HashMap;

use news::{ArticleId, Follow, Member, Place, Section, SourceId, Stance, Story, StorySketch, Target};
use rank::Lookout;

use crate::{Byline, follows::same_target};

/// Where something would be shown: some mutes hold in one place only.
#[derive(Clone, Copy, Debug)]
pub enum Spot<'a> {
    Anywhere,
    /// Among what is about that, in its alerts and in its output feed.
    Of(&'a Target),
    /// On the page that somebody opened to see just that: there its own mute does not hold.
    PageOf(&'a Target),
    Section(Section),
}

/// The mutes of one reader, made ready for being asked.
#[derive(Default)]
pub struct Muting {
    mutes: Vec<Follow>,
    lookout: Lookout,
    /// What is followed and has mutes of its own: which mutes, and what it is looked out for by.
    within: Vec<usize>,
    followed: Lookout,
    /// From so many outlets on, a story is big news.
    big: u32,
}

/// As much of one article as mutes look at.
struct Text<'a> {
    sources: &'a [SourceId],
    authors: &'a [String],
    words: String,
}

impl Muting {
    /// Of these, what is muted. What is followed tells by which other names that goes within which something is muted.
    pub fn new(all: Vec<Follow>, big: u32) -> Muting {
        let (mutes, follows): (Vec<Follow>, Vec<Follow>) =
            all.into_iter().partition(|it| matches!(it.stance, Stance::Mute { .. }));
        let lookout = Lookout::new(mutes.iter().map(|it| (&it.target, it.aliases.as_slice())));
        let (mut within, mut places) = (Vec::new(), Vec::new());
        for (number, mute) in mutes.iter().enumerate() {
            if let Place::Within(place) = &mute.place
                && !matches!(place, Target::Source(_))
            {
                let follow = follows.iter().find(|it| same_target(&it.target, place));
                within.push(number);
                places.push((place, follow.map_or(&[][..], |it| it.aliases.as_slice())));
            }
        }
        let followed = Lookout::new(places.into_iter());
        Muting { mutes, lookout, within, followed, big }
    }

    pub fn is_empty(&self) -> bool {
        self.mutes.is_empty()
    }

    /// Whether that is muted, somewhere at least.
    pub fn has(&self, target: &Target) -> bool {
        self.mutes.iter().any(|it| same_target(&it.target, target))
    }

    /// Whether it must be known who wrote what.
    pub fn asks_for_authors(&self) -> bool {
        self.mutes.iter().any(|it| matches!(it.target, Target::Author(_)))
    }

    /// The mute under which a whole story falls.
    pub fn of_story(&self, story: &StorySketch, spot: Spot<'_>) -> Option<&Follow> {
        let (about, here) = (self.lookout.about(story), self.of_what_is_followed(story, spot));
        let mut mutes = about.iter().map(|&place| (place, &self.mutes[place]));
        let found = mutes.find(|(number, mute)| {
            (self.holds(mute, spot, story.outlets)
                || here.contains(number) && !self.is_let_through(mute, story.outlets))
                && match (&mute.place, &mute.target) {
                    (Place::Within(Target::Source(only)), _) => {
                        story.sources.iter().all(|(source, _)| source == only)
                    }
                    (_, Target::Source(_)) => {
                        story.sources.iter().all(|(it, _)| self.of_source(*it, spot, story.outlets).is_some())
                    }
                    (_, Target::Author(_)) => story.authors.len() <= 1,
                    _ => true,
                }
        });
        found.map(|(_, mute)| mute)
    }

    /// In an edition a story stands for what is followed and it is about: the mutes that hold because of that.
    fn of_what_is_followed(&self, story: &StorySketch, spot: Spot<'_>) -> Vec<usize> {
        match (spot, self.within.is_empty()) {
            (Spot::Section(_), false) => {
                self.followed.about(story).into_iter().map(|it| self.within[it]).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The story without the articles that are muted, showing itself by one that is not; or the mute that hides all of
    /// it.
    pub fn see(
        &self,
        mut story: Story,
        bylines: &HashMap<ArticleId, Byline>,
        spot: Spot<'_>,
    ) -> Result<Story, Box<Follow>> {
        if self.is_empty() {
            return Ok(story);
        }
        let sketch = sketch_of(&story, bylines);
        if let Some(mute) = self.of_story(&sketch, spot) {
            return Err(Box::new(mute.clone()));
        }
        let about = self.lookout.about(&sketch);
        let here = self.of_what_is_followed(&sketch, spot);
        let outlets = sketch.outlets;
        let none = Vec::new();
        let mut hidden_by = None;
        let mut seen = Vec::with_capacity(story.members.len());
        for member in std::mem::take(&mut story.members) {
            let authors = bylines.get(&member.article).map_or(&none, |it| &it.authors);
            let words = said(&member.title, member.standfirst.as_deref());
            let text = Text { sources: &member.sources, authors, words };
            match self.of_text(&text, &about, &here, spot, outlets) {
                Some(mute) => hidden_by = Some(Box::new(mute.clone())),
                None => seen.push(member),
            }
        }
        match hidden_by {
            None => Ok(Story { members: seen, ..story }),
            Some(mute) if seen.is_empty() => Err(mute),
            Some(_) => Ok(shown_by(story, seen)),
        }
    }

    /// The mute that hides one article (or entry) of a list. `story`: the one that it is part of, where it is known.
    pub fn of_article(
        &self,
        sources: &[SourceId],
        authors: &[String],
        words: String,
        story: Option<&StorySketch>,
    ) -> Option<&Follow> {
        if let Some(mute) = story.and_then(|it| self.of_story(it, Spot::Anywhere)) {
            return Some(mute);
        }
        let about = story.map(|it| self.lookout.about(it)).unwrap_or_default();
        let outlets = story.map_or(1, |it| it.outlets);
        self.of_text(&Text { sources, authors, words }, &about, &[], Spot::Anywhere, outlets)
    }

    /// The mute that a few words by themselves fall under: a quotation, a headline that is told elsewhere.
    pub fn of_words(&self, text: &str) -> Option<&Follow> {
        let everywhere = |it: &&Follow| !matches!(it.place, Place::Within(Target::Source(_)));
        let named = self.lookout.named_in(text).into_iter().map(|it| &self.mutes[it]);
        named.filter(everywhere).find(|it| self.holds(it, Spot::Anywhere, 0))
    }

    /// Whether a headline alone does not tell if it is muted: who wrote it, where, and in which story, matters.
    pub fn looks_behind_headlines(&self) -> bool {
        let by_words =
            |it: &Follow| matches!(it.target, Target::Name(_) | Target::Words(_) | Target::Situation(_));
        self.mutes.iter().any(|it| !by_words(it) || it.place != Place::Everywhere)
    }

    /// The mute of a source as such.
    pub fn of_source(&self, source: SourceId, spot: Spot<'_>, outlets: u32) -> Option<&Follow> {
        let mut mutes = self.mutes.iter().filter(|it| it.target == Target::Source(source));
        mutes
            .find(|it| !matches!(it.place, Place::Within(Target::Source(_))) && self.holds(it, spot, outlets))
    }

    /// `about`: what its story is about; `here`: the mutes that hold because of where its story stands.
    fn of_text(
        &self,
        text: &Text<'_>,
        about: &[usize],
        here: &[usize],
        spot: Spot<'_>,
        outlets: u32,
    ) -> Option<&Follow> {
        let named = self.lookout.named_in(&text.words);
        let by = self.lookout.by(text.authors);
        let hides = |(place, mute): &(usize, &Follow)| {
            let names_it = named.contains(place);
            let told_there = match &mute.place {
                Place::Within(Target::Source(only)) => text.sources.contains(only),
                _ => true,
            };
            let within_source = matches!(mute.place, Place::Within(Target::Source(_)));
            told_there
                && match &mute.target {
                    Target::Source(_) => {
                        !text.sources.is_empty()
                            && text.sources.iter().all(|it| self.of_source(*it, spot, outlets).is_some())
                            && text.sources.iter().any(|it| mute.target == Target::Source(*it))
                    }
                    Target::Author(_) => by.contains(place),
                    _ => names_it || within_source && about.contains(place),
                }
        };
        let holds = |(number, mute): &(usize, &Follow)| {
            self.holds(mute, spot, outlets) || here.contains(number) && !self.is_let_through(mute, outlets)
        };
        let mut mutes = self.mutes.iter().enumerate().filter(holds);
        mutes.find(hides).map(|(_, mute)| mute)
    }

    /// It is big news, and the reader wishes to see that all the same.
    fn is_let_through(&self, mute: &Follow, outlets: u32) -> bool {
        mute.stance == Stance::Mute { except_big: true } && self.big <= outlets
    }

    fn holds(&self, mute: &Follow, spot: Spot<'_>, outlets: u32) -> bool {
        !self.is_let_through(mute, outlets)
            && match (&mute.place, spot) {
                (Place::Everywhere, Spot::PageOf(target)) => !same_target(&mute.target, target),
                (Place::Everywhere | Place::Within(Target::Source(_)), _) => true,
                (Place::Within(place), Spot::Of(target) | Spot::PageOf(target)) => same_target(place, target),
                (Place::Section(place), Spot::Section(section)) => *place == section,
                _ => false,
            }
    }
}

pub fn said(title: &str, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{title}\n{more}"),
        None => title.to_string(),
    }
}

/// As much of the story as says what it is about.
fn sketch_of(story: &Story, bylines: &HashMap<ArticleId, Byline>) -> StorySketch {
    let face = &story.face;
    let mut sources: Vec<SourceId> = story.members.iter().flat_map(|it| it.sources.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut authors: Vec<String> = story
        .members
        .iter()
        .filter_map(|it| bylines.get(&it.article))
        .flat_map(|it| it.authors.clone())
        .collect();
    authors.sort_unstable();
    authors.dedup();
    StorySketch {
        story: story.id,
        headline: face.headline.clone(),
        language: face.language.clone(),
        centre: face.centre.clone(),
        names: face.names.clone(),
        topics: face.topics.clone(),
        terms: Vec::new(),
        authors,
        articles: face.articles,
        outlets: face.outlets,
        sources: sources.into_iter().map(|it| (it, face.began)).collect(),
        began: face.began,
        last_grew: face.last_grew,
        words: 0,
        turns: story.turns(),
        said: Default::default(),
    }
}

/// The story as those members tell it: what only the others said is not said, and they are not counted.
fn shown_by(mut story: Story, mut members: Vec<Member>) -> Story {
    for place in 0..members.len() {
        let original = members[place].copy_of;
        if !members.iter().any(|it| Some(it.article) == original) {
            members[place].copy_of = None;
        }
    }
    let face = &mut story.face;
    if !members.iter().any(|it| it.article == face.lead) {
        // The first to tell it in the language of the story, else the first.
        let first = members.iter().find(|it| it.language == face.language).or(members.first());
        if let Some(first) = first {
            face.headline = first.title.clone();
            face.standfirst = first.standfirst.clone();
            face.language = first.language.clone();
            face.lead = first.article;
            face.picture = None;
        }
    }
    let words: Vec<String> = members.iter().map(|it| said(&it.title, it.standfirst.as_deref())).collect();
    let still_named = |name: &news::Name| words.iter().any(|it| it.contains(&name.text));
    face.names.retain(still_named);
    let mut outlets: Vec<&str> = members.iter().map(|it| it.outlet.as_str()).collect();
    outlets.sort_unstable();
    outlets.dedup();
    face.outlets = outlets.len() as u32;
    face.articles = members.len() as u32;
    face.began = members.iter().map(|it| it.published).min().unwrap_or(face.began);
    face.last_grew = members.iter().map(|it| it.published).max().unwrap_or(face.last_grew);
    story.members = members;
    story
}

#[cfg(test)]
mod tests;
