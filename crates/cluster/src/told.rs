//! A story as the index keeps it.

use news::{ArticleId, Picture, Sketch, StoryId};

use crate::{
    centre::Centre,
    face::{plainness, shows_more},
    facts::Heard,
    likeness::texts,
    table::hash,
};

/// Names in a story's face.
pub const NAMES: usize = 24;
pub const TOPICS: usize = 4;
/// Copies come soon after one another: of so many of the last members the text is known.
const TEXTS: usize = 4;

#[derive(Clone)]
pub struct Told {
    pub id: StoryId,
    pub centre: Centre,
    /// The number of its last placement.
    pub placed: u32,
    pub members: Box<[ArticleId]>,
    pub outlets: Box<[u32]>,
    pub texts: Box<[Box<[u16]>]>,
    /// Of a story of one its centre tells it.
    heard: Heard,
    pub headline: Box<str>,
    pub lead: ArticleId,
    /// How plain the lead's headline is.
    pub plain: f32,
    /// The words of the lead's headline; of a story of one its centre tells them.
    words: Box<[u32]>,
    pub standfirst: Option<Box<str>>,
    pub picture: Option<Box<Picture>>,
    pub language: Box<str>,
    pub names: Box<[(u32, u32)]>,
    pub topics: Box<[(u32, u32)]>,
    /// Somebody joined what it is made of.
    pub said: bool,
}

/// So much better a headline must be to take the place of another: a story that changes its name is hard to follow.
const BETTER: f32 = 0.2;
/// What being plain is worth beside words that all others say too.
const PLAIN: f32 = 1.5;

/// Names and topics that two stories had both.
pub struct CountedTwice {
    pub names: Vec<u32>,
    pub topics: Vec<u32>,
}

impl Told {
    pub fn begun_by(centre: Centre, sketch: &Sketch, id: StoryId) -> Told {
        let mut told = Told {
            id,
            centre,
            placed: 0,
            members: [sketch.article].into(),
            outlets: [outlet(sketch)].into(),
            texts: Box::default(),
            heard: Heard::default(),
            headline: sketch.title.as_str().into(),
            lead: sketch.article,
            plain: plainness(&sketch.title),
            words: Box::default(),
            standfirst: sketch.standfirst.as_deref().map(Into::into),
            picture: sketch.picture.clone().map(Box::new),
            language: sketch.understanding.language.0.as_str().into(),
            names: Box::default(),
            topics: Box::default(),
            said: false,
        };
        told.remember([texts(sketch)]);
        told
    }

    pub fn heard(&self) -> Heard {
        if self.heard.is_empty() { Heard::of(&self.centre) } else { self.heard.clone() }
    }

    /// The words of its headline.
    fn words(&self) -> Box<[u32]> {
        if self.words.is_empty() { self.centre.headline() } else { self.words.clone() }
    }

    pub fn joined_by(&mut self, centre: &Centre, sketch: &Sketch) {
        self.heard = self.heard().with(&Heard::of(centre));
        self.words = self.words();
        self.centre.take_in(centre);
        add(&mut self.members, sketch.article);
        if !self.outlets.contains(&outlet(sketch)) {
            add(&mut self.outlets, outlet(sketch));
        }
        self.remember([texts(sketch)]);
        let (plain, words) = (plainness(&sketch.title), centre.headline());
        if self.is_bettered_by(plain, &words) {
            self.plain = plain;
            self.words = words;
            self.lead = sketch.article;
            self.headline = sketch.title.as_str().into();
            self.standfirst = sketch.standfirst.as_deref().map(Into::into);
            self.language = sketch.understanding.language.0.as_str().into();
            self.picture = sketch.picture.clone().map(Box::new).or(self.picture.take());
        } else if let Some(new) = &sketch.picture
            && self.picture.as_ref().is_none_or(|old| shows_more(new, old))
        {
            self.picture = Some(Box::new(new.clone()));
        }
    }

    /// All of another; what both had counted is handed back.
    pub fn take_in(&mut self, other: Told) -> CountedTwice {
        self.heard = self.heard().with(&other.heard());
        let words = other.words();
        self.words = self.words();
        self.centre.take_in(&other.centre);
        self.placed = self.placed.max(other.placed);
        self.said |= other.said;
        self.members = self.members.iter().chain(&other.members).copied().collect();
        for outlet in other.outlets {
            if !self.outlets.contains(&outlet) {
                add(&mut self.outlets, outlet);
            }
        }
        self.remember(other.texts);
        if self.is_bettered_by(other.plain, &words) {
            self.plain = other.plain;
            self.words = words;
            self.lead = other.lead;
            self.headline = other.headline;
            self.standfirst = other.standfirst;
            self.language = other.language;
            self.picture = other.picture.or(self.picture.take());
        } else if self.picture.is_none() {
            self.picture = other.picture;
        }
        let twice = |counts: &mut Box<[(u32, u32)]>, more: Box<[(u32, u32)]>| {
            more.into_iter().filter(|it| tally(counts, it.0, it.1)).map(|it| it.0).collect()
        };
        CountedTwice {
            names: twice(&mut self.names, other.names),
            topics: twice(&mut self.topics, other.topics),
        }
    }

    /// Whether a headline so plain, of these words, tells what happened better than the one that it has: plainly, and what
    /// most of the others tell too.
    fn is_bettered_by(&self, plain: f32, words: &[u32]) -> bool {
        let worth = |plain: f32, words: &[u32]| PLAIN * plain + self.centre.said_by_others(words);
        worth(self.plain, &self.words) + BETTER <= worth(plain, words)
    }

    fn remember(&mut self, texts: impl IntoIterator<Item = Box<[u16]>>) {
        let mut all = std::mem::take(&mut self.texts).into_vec();
        all.extend(texts.into_iter().filter(|it| !it.is_empty()));
        all.drain(..all.len().saturating_sub(TEXTS));
        self.texts = all.into();
    }
}

/// 0 is an outlet too: nobody's.
fn outlet(sketch: &Sketch) -> u32 {
    if sketch.outlet.is_empty() { 0 } else { hash(&sketch.outlet) as u32 }
}

/// Lists of stories are short and very many: they have no room to grow.
pub fn add<T>(list: &mut Box<[T]>, with: T) {
    let mut all = std::mem::take(list).into_vec();
    all.reserve_exact(1);
    all.push(with);
    *list = all.into();
}

/// Whether it was there before.
pub fn tally(counts: &mut Box<[(u32, u32)]>, what: u32, by: u32) -> bool {
    match counts.iter_mut().find(|it| it.0 == what) {
        Some(known) => {
            known.1 = known.1.saturating_add(by);
            true
        }
        None => {
            add(counts, (what, by));
            false
        }
    }
}

/// Those that count most; among equals those that came first.
pub fn most(counts: &[(u32, u32)], at_most: usize) -> impl Iterator<Item = u32> {
    let mut order: Vec<(u32, u32)> = counts.to_vec();
    order.sort_by_key(|it| std::cmp::Reverse(it.1));
    order.into_iter().take(at_most).map(|it| it.0)
}
