//! Nouns as rows keep them, packed, where no question looks inside. What an owner may want to read is in `words`.

mod articles;
mod entries;

use std::collections::{BTreeMap, HashSet};

use news::{
    ArticleId, Author, AuthorKind, Because, Belief, Centre, Edition, EditionId, Embedding, Enclosure,
    Evidence, Example, Face, Interests, Language, Media, Mending, Model, Name, NameKind, Picture, Ranker,
    ReaderId, Reason, Retrieval, Section, Slot, SourceId, StoryId, Target, Term, Timestamp, Topic,
    Understanding,
};

use crate::pack::{In, Pack, pack, packs, put_number, put_record, take_record, unpack};

pub(crate) use articles::*;
pub(crate) use entries::*;

macro_rules! wrapped {
    ($($kind:ident),*) => {$(
        impl Pack for $kind {
            fn put(&self, out: &mut Vec<u8>) {
                self.0.put(out);
            }
            fn take(from: &mut In) -> Self {
                $kind(Pack::take(from))
            }
        }
    )*};
}
wrapped!(Language, Topic, Timestamp, SourceId, StoryId, EditionId, ArticleId);

/// Enums without fields: by their place in this list, which is only ever added to. Unknown ones read as the first.
macro_rules! numbered {
    ($($kind:ident [$($variant:ident),*])*) => {$(
        impl Pack for $kind {
            fn put(&self, out: &mut Vec<u8>) {
                let all = [$($kind::$variant),*];
                put_number(all.iter().position(|it| it == self).unwrap_or_default() as u64, out);
            }
            fn take(from: &mut In) -> Self {
                let all = [$($kind::$variant),*];
                all[(from.number() as usize).min(all.len()) % all.len()]
            }
        }
    )*};
}
numbered! {
    NameKind [Other, Person, Organisation, Place]
    AuthorKind [Person, Agency]
    Section [ForYou, Situations, EveryoneCovers, SomethingDifferent]
    Retrieval [Followed, Similar, WidelyCovered, FromSources, RareSources, Unfamiliar]
}

packs! {
    Author { name, kind }
    Picture { url, caption, credit, width, height }
    Media { url, title, seconds, is_video }
    Enclosure { url, mime, bytes, seconds, title }
    Name { kind, text }
    Term { hash, weight, headline }
    Evidence { ground, says, part }
    Because { feature, reason, value, weight }
    Belief { liked, disliked, corrected }
    Centre { direction, weight, example }
    Example { story, at, headline, direction, liking, pull, by_hand, position, about, shown_with, words }
    Interests { beliefs, centres, ranker, as_of, signals, examples, taste, words, constant, taste_by }
    Ranker { weights }
    Face {
        headline, lead, standfirst, picture, language, began, last_grew, articles, outlets, centre, names, topics, terms,
    }
    FaceRow { picture, names, topics, authors, sources, terms }
    EditionRow { slots, hidden }
    SlotRow { story, section, exploring, because }
}

impl Pack for u16 {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(u64::from(*self), out);
    }
    fn take(from: &mut In) -> Self {
        from.number() as u16
    }
}

impl<K: Pack + Ord, V: Pack> Pack for BTreeMap<K, V> {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(self.len() as u64, out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }
    fn take(from: &mut In) -> Self {
        Vec::<(K, V)>::take(from).into_iter().collect()
    }
}

impl<A: Pack, B: Pack, C: Pack> Pack for (A, B, C) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
        self.2.put(out);
    }
    fn take(from: &mut In) -> Self {
        (A::take(from), B::take(from), C::take(from))
    }
}

/// The built-in model of the days when rows did not tell whose vectors they hold: such rows are its own, and its
/// vectors are written without telling still.
pub(crate) const FIRST_MODEL: Model = Model::named("static-256-8c4ca037");
/// Added to the number of places where the model follows; no vector has so many.
const MODEL_FOLLOWS: u64 = 1 << 20;

impl Pack for Embedding {
    fn put(&self, out: &mut Vec<u8>) {
        let length = self.values().len() as u64;
        if length == 0 || self.model() == FIRST_MODEL {
            put_number(length, out);
        } else {
            put_number(MODEL_FOLLOWS + length, out);
            self.model().put(out);
        }
        out.extend(self.values().iter().map(|&value| value as u8));
    }
    fn take(from: &mut In) -> Self {
        let (length, model) = match from.number() {
            0 => return Embedding::default(),
            length if length < MODEL_FOLLOWS => (length, FIRST_MODEL),
            length => (length - MODEL_FOLLOWS, Model::take(from)),
        };
        let values = from.bytes(length as usize).iter().map(|&byte| byte as i8).collect();
        Embedding::from_values(values).by(model)
    }
}

impl Pack for Model {
    fn put(&self, out: &mut Vec<u8>) {
        out.extend(self.0.to_le_bytes());
    }
    fn take(from: &mut In) -> Self {
        from.bytes(8).try_into().map_or(FIRST_MODEL, |it| Model(u64::from_le_bytes(it)))
    }
}

impl Pack for Target {
    fn put(&self, out: &mut Vec<u8>) {
        put_record(out, |out| match self {
            Target::Source(source) => tagged(0, source, out),
            Target::Topic(topic) => tagged(1, topic, out),
            Target::Name(name) => tagged(2, name, out),
            Target::Author(author) => tagged(3, author, out),
            Target::Story(story) => tagged(4, story, out),
            Target::Situation(names) => tagged(5, names, out),
            Target::Words(words) => tagged(6, words, out),
        });
    }
    fn take(from: &mut In) -> Self {
        let from = &mut take_record(from);
        match from.number() {
            0 => Target::Source(Pack::take(from)),
            1 => Target::Topic(Pack::take(from)),
            2 => Target::Name(Pack::take(from)),
            3 => Target::Author(Pack::take(from)),
            4 => Target::Story(Pack::take(from)),
            5 => Target::Situation(Pack::take(from)),
            _ => Target::Words(Pack::take(from)),
        }
    }
}

impl Pack for Option<Mending> {
    fn put(&self, out: &mut Vec<u8>) {
        put_record(out, |out| match self {
            None => out.push(0),
            Some(Mending::Join { story, gone, likeness, evidence, facts, face }) => {
                tagged(1, story, out);
                gone.put(out);
                likeness.put(out);
                evidence.put(out);
                face.put(out);
                facts.put(out);
            }
            Some(Mending::Split { story, into, articles, evidence, face, new_face }) => {
                tagged(2, story, out);
                into.put(out);
                articles.put(out);
                face.put(out);
                new_face.put(out);
                evidence.put(out);
            }
        });
    }
    /// `None` for a kind that we do not know.
    fn take(from: &mut In) -> Self {
        let from = &mut take_record(from);
        Some(match from.number() {
            1 => Mending::Join {
                story: Pack::take(from),
                gone: Pack::take(from),
                likeness: Pack::take(from),
                evidence: Pack::take(from),
                face: Box::new(Pack::take(from)),
                facts: Pack::take(from),
            },
            2 => Mending::Split {
                story: Pack::take(from),
                into: Pack::take(from),
                articles: Pack::take(from),
                face: Box::new(Pack::take(from)),
                new_face: Box::new(Pack::take(from)),
                evidence: Pack::take(from),
            },
            _ => return None,
        })
    }
}

impl Pack for Reason {
    fn put(&self, out: &mut Vec<u8>) {
        put_record(out, |out| match self {
            Reason::YouFollow(target) => tagged(0, target, out),
            Reason::YouOftenRead { target, liked, disliked } => {
                tagged(1, target, out);
                liked.put(out);
                disliked.put(out);
            }
            Reason::LikeWhatYouRead { example, likeness } => {
                tagged(2, example, out);
                likeness.put(out);
            }
            Reason::LikeOneYouRead(story) => tagged(3, story, out),
            Reason::WidelyCovered { outlets } => tagged(4, outlets, out),
            Reason::YourSources { sources } => tagged(5, sources, out),
            Reason::JustHappened { hours } => tagged(6, hours, out),
            Reason::NewSince { articles } => tagged(7, articles, out),
            Reason::SeldomPublishes { source, a_week } => {
                tagged(8, source, out);
                a_week.put(out);
            }
            Reason::Exploring { odds } => tagged(9, odds, out),
            Reason::From(source) => tagged(10, source, out),
            Reason::YourLanguage => out.push(11),
            Reason::FoundBy(how) => tagged(12, how, out),
            Reason::Base => out.push(13),
            Reason::LikeOneYouPassedOver(story) => tagged(14, story, out),
            Reason::NotYourLanguage => out.push(15),
            Reason::ShownBefore { times } => tagged(16, times, out),
        });
    }
    fn take(from: &mut In) -> Self {
        let from = &mut take_record(from);
        match from.number() {
            0 => Reason::YouFollow(Pack::take(from)),
            1 => Reason::YouOftenRead {
                target: Pack::take(from),
                liked: Pack::take(from),
                disliked: Pack::take(from),
            },
            2 => Reason::LikeWhatYouRead { example: Pack::take(from), likeness: Pack::take(from) },
            3 => Reason::LikeOneYouRead(Pack::take(from)),
            4 => Reason::WidelyCovered { outlets: Pack::take(from) },
            5 => Reason::YourSources { sources: Pack::take(from) },
            6 => Reason::JustHappened { hours: Pack::take(from) },
            7 => Reason::NewSince { articles: Pack::take(from) },
            8 => Reason::SeldomPublishes { source: Pack::take(from), a_week: Pack::take(from) },
            9 => Reason::Exploring { odds: Pack::take(from) },
            10 => Reason::From(Pack::take(from)),
            11 => Reason::YourLanguage,
            12 => Reason::FoundBy(Pack::take(from)),
            14 => Reason::LikeOneYouPassedOver(Pack::take(from)),
            15 => Reason::NotYourLanguage,
            16 => Reason::ShownBefore { times: Pack::take(from) },
            _ => Reason::Base,
        }
    }
}

fn tagged<T: Pack>(tag: u8, value: &T, out: &mut Vec<u8>) {
    out.push(tag);
    value.put(out);
}

// Understandings.

/// Names, topics, direction, terms, numbers, shingles.
pub(crate) fn pack_sketch(it: &Understanding) -> Vec<u8> {
    let mut out = Vec::with_capacity(1500);
    it.embedding.put(&mut out);
    it.names.put(&mut out);
    it.topics.put(&mut out);
    put_rising(it.terms.iter().map(|term| term.hash), it.terms.len(), &mut out);
    // Weights are small counts: a byte each, in eighths, the headline's with the highest bit set.
    for term in &it.terms {
        let eighths = (term.weight * 8.0).round().clamp(0.0, 127.0) as u8;
        out.push(eighths | u8::from(term.headline) << 7);
    }
    put_rising(it.numbers.iter().copied(), it.numbers.len(), &mut out);
    put_number(it.shingles.len() as u64, &mut out);
    for shingle in &it.shingles {
        out.extend(shingle.to_le_bytes());
    }
    out
}

/// Numbers that mostly rise, as the steps between them; a step back goes round.
fn put_rising(numbers: impl Iterator<Item = u32>, count: usize, out: &mut Vec<u8>) {
    put_number(count as u64, out);
    let mut last = 0_u32;
    for number in numbers {
        put_number(u64::from(number.wrapping_sub(last)), out);
        last = number;
    }
}

fn take_rising(from: &mut In) -> Vec<u32> {
    let count = (from.number() as usize).min(from.0.len());
    let mut last = 0_u32;
    (0..count)
        .map(|_| {
            last = last.wrapping_add(from.number() as u32);
            last
        })
        .collect()
}

pub(crate) fn take_shingles(sketch: &[u8]) -> Vec<u32> {
    unpack_sketch(String::new(), Language(String::new()), sketch).shingles
}

pub(crate) fn unpack_sketch(model: String, language: Language, bytes: &[u8]) -> Understanding {
    let mut from = In(bytes);
    let embedding = Pack::take(&mut from);
    let names = Pack::take(&mut from);
    let topics = Pack::take(&mut from);
    let hashes = take_rising(&mut from);
    let weights = from.bytes(hashes.len());
    let terms = hashes
        .into_iter()
        .zip(weights)
        .map(|(hash, &byte)| Term::new(hash, f32::from(byte & 0x7f) / 8.0, byte & 0x80 != 0))
        .collect();
    let numbers = take_rising(&mut from);
    let count = (from.number() as usize).min(from.0.len() / 4);
    let shingles =
        from.bytes(count * 4).as_chunks::<4>().0.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect();
    Understanding { model, language, embedding, names, topics, terms, numbers, shingles }
}

// Stories.

/// What is in a story's face beside its columns, and what its members bring to its sketch.
#[derive(Clone, Default)]
pub(crate) struct FaceRow {
    pub picture: Option<Picture>,
    pub names: Vec<Name>,
    pub topics: Vec<Topic>,
    pub authors: Vec<String>,
    pub sources: Vec<(SourceId, Timestamp)>,
    pub terms: Vec<Term>,
}

impl FaceRow {
    pub fn add_source(&mut self, source: SourceId, at: Timestamp) {
        match self.sources.iter_mut().find(|(known, _)| *known == source) {
            Some((_, first)) => *first = at.min(*first),
            None => self.sources.push((source, at)),
        }
    }

    pub fn add_authors(&mut self, authors: impl Iterator<Item = String>) {
        const AT_MOST: usize = 24;
        let known: HashSet<String> = self.authors.iter().cloned().collect();
        let room = AT_MOST.saturating_sub(known.len());
        self.authors.extend(authors.filter(|author| !known.contains(author)).take(room));
    }
}

// Editions.

pub(crate) struct EditionRow {
    slots: Vec<SlotRow>,
    hidden: Vec<(StoryId, Target)>,
}

struct SlotRow {
    story: StoryId,
    section: Section,
    exploring: bool,
    because: Vec<Because>,
}

impl EditionRow {
    pub fn pack(edition: &Edition) -> Vec<u8> {
        let slots = edition.slots.iter().map(|slot| SlotRow {
            story: slot.story,
            section: slot.section,
            exploring: slot.exploring,
            because: slot.because().to_vec(),
        });
        pack(&EditionRow { slots: slots.collect(), hidden: edition.hidden.clone() })
    }

    pub fn unpack(id: EditionId, reader: ReaderId, at: Timestamp, bytes: &[u8]) -> Edition {
        let row: EditionRow = unpack(bytes);
        let slots = row
            .slots
            .into_iter()
            .filter_map(|slot| Slot::new(slot.story, slot.section, slot.exploring, slot.because))
            .collect();
        Edition { id, reader, at, slots, hidden: row.hidden }
    }
}
