//! What a signal says something about.

use news::{StorySketch, Target};

const NAMES: usize = 8;
const TOPICS: usize = 4;
const AUTHORS: usize = 3;
const SOURCES: usize = 3;

/// The things that a story is about or comes from; the most prominent first, no kind too many.
pub fn of(story: &StorySketch) -> Vec<Target> {
    let names = story.names.iter().take(NAMES).cloned().map(Target::Name);
    let topics = story.topics.iter().take(TOPICS).cloned().map(Target::Topic);
    let authors = story.authors.iter().take(AUTHORS).cloned().map(Target::Author);
    let sources = story.sources.iter().take(SOURCES).map(|&(source, _)| Target::Source(source));
    names.chain(topics).chain(authors).chain(sources).collect()
}
