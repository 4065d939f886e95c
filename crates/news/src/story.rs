use std::sync::OnceLock;

use crate::words::{Word, each_word, key};
use crate::{
    ArticleId, Embedding, Language, Name, Picture, SourceId, StoryId, Term, Timestamp, Topic, Understanding,
};

/// Articles about the same happening; grows, goes quiet, ends.
#[derive(Clone, Debug)]
pub struct Story {
    pub id: StoryId,
    pub face: Face,
    pub members: Vec<Member>,
}

impl Story {
    /// Of its articles, those that told something that it had not told.
    pub fn turns(&self) -> u32 {
        self.members.iter().filter(|it| 0 < it.facts).count() as u32
    }
}

/// How a story shows itself. Recorded with each placement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Face {
    /// The plainest informative headline among its members.
    pub headline: String,
    /// The member whose headline, lead and picture are shown.
    pub lead: ArticleId,
    pub standfirst: Option<String>,
    pub picture: Option<Picture>,
    pub language: Option<Language>,
    pub began: Timestamp,
    pub last_grew: Timestamp,
    pub articles: u32,
    /// Different outlets; several sources of one outlet count once.
    pub outlets: u32,
    /// The direction of its articles taken together.
    pub centre: Embedding,
    /// Of the articles taken together, most prominent first, at most 24.
    pub names: Vec<Name>,
    pub topics: Vec<Topic>,
    /// The words that it says most often, at most 40, weighing more the rarer they are: taste is learnt from them.
    pub terms: Vec<Term>,
}

/// An article in a story.
#[derive(Clone, Debug)]
pub struct Member {
    pub article: ArticleId,
    /// The sources whose entries lead to it.
    pub sources: Vec<SourceId>,
    pub outlet: String,
    pub address: String,
    pub title: String,
    pub standfirst: Option<String>,
    pub language: Option<Language>,
    pub published: Timestamp,
    pub arrived: Timestamp,
    pub likeness: f32,
    pub evidence: Vec<crate::Evidence>,
    /// The member of which this is a copy (the same text), if it is one.
    pub copy_of: Option<ArticleId>,
    /// How many things it told that the story had not told when it came.
    pub facts: u32,
    pub free: Option<bool>,
}

/// As much of one article as clustering needs.
#[derive(Clone, Debug)]
pub struct Sketch {
    pub article: ArticleId,
    /// The source through which it first came.
    pub source: SourceId,
    /// The outlet: registrable domain of the address.
    pub outlet: String,
    pub title: String,
    pub standfirst: Option<String>,
    pub picture: Option<Picture>,
    /// Published, or arrived where the source gives no believable date.
    pub at: Timestamp,
    /// Hash of the canonical address, and of those it links to.
    pub address: u64,
    pub links: Vec<u64>,
    /// Characters of text; a short one is a weak witness.
    pub length: u32,
    pub understanding: Understanding,
}

/// As much of one story as ranking needs.
#[derive(Clone, Debug)]
pub struct StorySketch {
    pub story: StoryId,
    pub headline: String,
    pub language: Option<Language>,
    pub centre: Embedding,
    pub names: Vec<Name>,
    pub topics: Vec<Topic>,
    /// The words that say what it is about (`Face::terms`).
    pub terms: Vec<Term>,
    pub authors: Vec<String>,
    pub articles: u32,
    pub outlets: u32,
    /// Every source that tells it, with the time at which it first did.
    pub sources: Vec<(SourceId, Timestamp)>,
    pub began: Timestamp,
    pub last_grew: Timestamp,
    /// Longest member, in words: what reading it takes.
    pub words: u32,
    /// Of its articles, those that told something that the story had not told.
    pub turns: u32,
    /// Made when it is first asked for.
    pub said: OnceLock<Said>,
}

impl StorySketch {
    pub fn said(&self) -> &Said {
        self.said.get_or_init(|| Said::of(self))
    }
}

/// Words of a story as hashes, made once and looked at for every reader.
#[derive(Clone, Debug)]
pub struct Said {
    words: Box<[u32]>,
    names: Box<[u64]>,
}

impl Said {
    /// Beliefs about names are asked of so many, the most prominent ones.
    const NAMES: usize = 8;

    fn of(story: &StorySketch) -> Said {
        let texts = [&story.headline].into_iter().chain(story.names.iter().map(|it| &it.text));
        let mut words = Vec::new();
        for text in texts.chain(&story.authors) {
            each_word(text, |word| words.push(Said::short(word)));
        }
        words.sort_unstable();
        words.dedup();
        let names = story.names.iter().take(Self::NAMES).map(|it| key(&it.text));
        Said { words: words.into(), names: names.collect() }
    }

    pub fn short(word: Word) -> u32 {
        (word ^ word >> 32) as u32
    }

    /// Every word of headline, names and authors, by [`Said::short`].
    pub fn words(&self) -> &[u32] {
        &self.words
    }

    /// The first names, by [`key`].
    pub fn names(&self) -> &[u64] {
        &self.names
    }
}

impl Term {
    pub fn new(hash: u32, weight: f32, headline: bool) -> Term {
        Term { hash, weight, headline }
    }
}
