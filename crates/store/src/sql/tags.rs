//! By what a story can be followed, and in which stories of the window each of that is.

use news::{Name, Topic};

use super::window::Place;
use crate::rows::{self, FaceRow};
use crate::search;

/// A name, a topic or an author, hashed: few stories are found that should not be, and ranking sees what they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Tag(u32);

impl Tag {
    fn of(hash: u64, kind: u32) -> Tag {
        Tag((hash ^ hash >> 32) as u32 ^ kind)
    }

    pub fn name(name: &Name) -> Tag {
        Tag::of(search::name_hash(name), 0)
    }

    pub fn author(author: &str) -> Tag {
        Tag::of(search::author_hash(author), 0x5bd1_e995)
    }

    pub fn topic(path: &str) -> Tag {
        Tag::of(rows::hash(path), 0x9e37_79b9)
    }

    pub fn all(face: &FaceRow) -> Box<[Tag]> {
        let topics = |topic: &'_ Topic| search::topics_above(topic).map(Tag::topic).collect::<Vec<_>>();
        let names = face.names.iter().map(Tag::name);
        let authors = face.authors.iter().map(|author| Tag::author(author));
        names.chain(face.topics.iter().flat_map(topics)).chain(authors).collect()
    }
}

/// Where each tag is met, sorted; what came lately stands apart until it is worth sorting. A story that lost a tag
/// may still be found by it: whoever asks looks at the story's own tags.
#[derive(Default)]
pub(crate) struct Tagged {
    sorted: Vec<(Tag, Place)>,
    young: Vec<(Tag, Place)>,
}

impl Tagged {
    const YOUNG: usize = 1 << 14;

    pub fn enter(&mut self, tags: &[Tag], place: Place) {
        self.young.extend(tags.iter().map(|&tag| (tag, place)));
    }

    pub fn settle(&mut self) {
        if Self::YOUNG <= self.young.len() {
            self.sorted.append(&mut self.young);
            // The stable sort finds what is sorted already.
            self.sorted.sort();
            self.sorted.dedup();
            self.young.shrink_to(Self::YOUNG);
        }
    }

    pub fn met(&self, tag: Tag) -> impl Iterator<Item = Place> + '_ {
        let first = self.sorted.partition_point(|(it, _)| *it < tag);
        let sorted = self.sorted[first..].iter().take_while(move |(it, _)| *it == tag);
        sorted.chain(self.young.iter().filter(move |(it, _)| *it == tag)).map(|(_, place)| *place)
    }
}
