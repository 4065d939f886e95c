//! What a reader does not want to see. One rule, asked by every way out: pages, search, lists, alerts, feeds, the
//! command line.
//!
//! A mute of a name, a topic, words or a story hides whole stories; one of a source or an author hides their articles,
//! and a story only when nobody else tells it. An article that names what is muted is hidden also where its story,
//! as the others tell it, is not about that; where a mute looks into texts too, so is one that says it anywhere.

use news::{Follow, Member, Place, Section, SourceId, Stance, Story, StorySketch, Target};
use rank::Lookout;

use crate::{behind::Behind, follows::same_target};

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
    /// What is looked for in texts.
    in_texts: Vec<String>,
    /// From so many outlets on, a story is big news.
    big: u32,
}

/// As much of one article (or entry) as mutes look at.
pub(crate) struct Text<'a> {
    pub sources: &'a [SourceId],
    pub authors: &'a [String],
    /// Headline and summary.
    pub words: String,
    /// What its text says ([`Muting::said_in`]).
    pub says: &'a [usize],
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
        let in_texts = mutes.iter().filter(|it| looks_into_texts(it)).flat_map(phrases).collect();
        Muting { mutes, lookout, within, followed, in_texts, big }
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

    /// Phrases that mutes look for in texts.
    pub fn looked_for_in_texts(&self) -> &[String] {
        &self.in_texts
    }

    /// The mutes, by their places, that look into texts and find what they look for in this one.
    pub fn said_in(&self, text: &str) -> Vec<usize> {
        if self.in_texts.is_empty() {
            return Vec::new();
        }
        let mut said = self.lookout.named_in(text);
        said.retain(|it| looks_into_texts(&self.mutes[*it]));
        said
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
    pub fn see(&self, mut story: Story, behind: &Behind, spot: Spot<'_>) -> Result<Story, Box<Follow>> {
        if self.is_empty() {
            return Ok(story);
        }
        let sketch = sketch_of(&story, behind);
        if let Some(mute) = self.of_story(&sketch, spot) {
            return Err(Box::new(mute.clone()));
        }
        let about = self.lookout.about(&sketch);
        let here = self.of_what_is_followed(&sketch, spot);
        let outlets = sketch.outlets;
        let mut hidden_by = None;
        let mut seen = Vec::with_capacity(story.members.len());
        for member in std::mem::take(&mut story.members) {
            let text = Text {
                sources: &member.sources,
                authors: behind.authors(member.article),
                words: said(&member.title, member.standfirst.as_deref()),
                says: behind.says(member.article),
            };
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
    pub(crate) fn of_article(&self, article: &Text<'_>, story: Option<&StorySketch>) -> Option<&Follow> {
        if let Some(mute) = story.and_then(|it| self.of_story(it, Spot::Anywhere)) {
            return Some(mute);
        }
        let about = story.map(|it| self.lookout.about(it)).unwrap_or_default();
        let outlets = story.map_or(1, |it| it.outlets);
        self.of_text(article, &about, &[], Spot::Anywhere, outlets)
    }

    /// The mute that a few words by themselves fall under: a quotation, a headline that is told elsewhere.
    pub fn of_words(&self, text: &str) -> Option<&Follow> {
        let everywhere = |it: &&Follow| !matches!(it.place, Place::Within(Target::Source(_)));
        let named = self.lookout.named_in(text).into_iter().map(|it| &self.mutes[it]);
        named.filter(everywhere).find(|it| self.holds(it, Spot::Anywhere, 0))
    }

    /// Whether a headline alone does not tell if it is muted: who wrote it, where, in which story, and what else it
    /// says, matters.
    pub fn looks_behind_headlines(&self) -> bool {
        !self.in_texts.is_empty()
            || self.mutes.iter().any(|it| !is_of_words(&it.target) || it.place != Place::Everywhere)
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
            let names_it = named.contains(place) || text.says.contains(place);
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
        matches!(mute.stance, Stance::Mute { except_big: true, .. }) && self.big <= outlets
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

/// Whether it is of what words say.
fn is_of_words(target: &Target) -> bool {
    matches!(target, Target::Name(_) | Target::Words(_) | Target::Situation(_))
}

fn looks_into_texts(mute: &Follow) -> bool {
    matches!(mute.stance, Stance::Mute { in_text: true, .. }) && is_of_words(&mute.target)
}

/// Whether a story falls under the mute only by what stands in its texts.
pub fn is_hidden_by_its_text(story: &StorySketch, mute: &Follow) -> bool {
    looks_into_texts(mute) && !rank::is_about(story, &mute.target, &mute.aliases)
}

/// What stands in a text that says it, by each of its names; of a situation all of its names together.
fn phrases(mute: &Follow) -> impl Iterator<Item = String> {
    let own = match &mute.target {
        Target::Words(words) => words.clone(),
        Target::Name(name) => name.text.clone(),
        Target::Situation(names) => names.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join(" "),
        _ => String::new(),
    };
    [own].into_iter().chain(mute.aliases.iter().cloned())
}

pub fn said(title: &str, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{title}\n{more}"),
        None => title.to_string(),
    }
}

/// As much of the story as says what it is about.
fn sketch_of(story: &Story, behind: &Behind) -> StorySketch {
    let face = &story.face;
    let mut sources: Vec<SourceId> = story.members.iter().flat_map(|it| it.sources.clone()).collect();
    sources.sort_unstable();
    sources.dedup();
    let mut authors: Vec<String> =
        story.members.iter().flat_map(|it| behind.authors(it.article)).cloned().collect();
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
