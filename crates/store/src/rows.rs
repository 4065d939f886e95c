//! Nouns as rows keep them: packed where no question looks inside, words where an owner may want to read.

use std::collections::{BTreeMap, HashSet};

use news::{
    ArticleId, Author, AuthorKind, Because, Belief, Centre, Completeness, Edition, EditionId, Embedding,
    Enclosure, Evidence, Example, Extracted, Face, Interests, Language, Media, Mending, Name, NameKind,
    Picture, Place, Published, Ranker, ReaderId, ReaderSettings, Reason, Retrieval, Section, SignalKind,
    Slot, SourceId, Stance, StoryId, Target, Term, Timestamp, Topic, Understanding, Weight,
};
use serde::{Deserialize, Serialize};

use crate::pack::{In, Pack, pack, packs, put_number, put_record, squeeze, take_record, unpack, unsqueeze};

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
    Interests { beliefs, centres, ranker, as_of, signals, examples, taste, words, constant }
    Ranker { weights }
    Facts { guid, authors, categories, at, updated, language, image, enclosures, comments, via }
    More { key_points, authors, labels, picture, media, links, alternates }
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

impl Pack for Embedding {
    fn put(&self, out: &mut Vec<u8>) {
        put_number(self.values().len() as u64, out);
        out.extend(self.values().iter().map(|&value| value as u8));
    }
    fn take(from: &mut In) -> Self {
        let length = from.number() as usize;
        Embedding::from_values(from.bytes(length).iter().map(|&byte| byte as i8).collect())
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
            Some(Mending::Join { story, gone, likeness, evidence, face }) => {
                tagged(1, story, out);
                gone.put(out);
                likeness.put(out);
                evidence.put(out);
                face.put(out);
            }
            Some(Mending::Split { story, into, articles, face, new_face }) => {
                tagged(2, story, out);
                into.put(out);
                articles.put(out);
                face.put(out);
                new_face.put(out);
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
            },
            2 => Mending::Split {
                story: Pack::take(from),
                into: Pack::take(from),
                articles: Pack::take(from),
                face: Box::new(Pack::take(from)),
                new_face: Box::new(Pack::take(from)),
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

// Entries.

/// What lists of entries do not show.
#[derive(Default)]
pub(crate) struct Facts {
    guid: String,
    pub authors: Vec<String>,
    categories: Vec<String>,
    at: Option<Timestamp>,
    updated: Option<Timestamp>,
    language: Option<Language>,
    image: Option<String>,
    enclosures: Vec<Enclosure>,
    comments: Option<String>,
    via: Option<String>,
}

impl Facts {
    /// The same fields in the same order, without copying them first.
    pub fn pack(it: &Published) -> Vec<u8> {
        let mut out = Vec::with_capacity(128);
        put_record(&mut out, |out| {
            it.guid.put(out);
            it.authors.put(out);
            it.categories.put(out);
            it.at.put(out);
            it.updated.put(out);
            it.language.put(out);
            it.image.put(out);
            it.enclosures.put(out);
            it.comments.put(out);
            it.via.put(out);
        });
        out
    }

    pub fn categories(bytes: &[u8]) -> Vec<String> {
        unpack::<Facts>(bytes).categories
    }
}

/// The parts of an entry put together again; `text` is what [`entry_text`] made.
pub(crate) fn published(title: String, url: Option<String>, facts: &[u8], text: &[u8]) -> Published {
    let Facts { guid, authors, categories, at, updated, language, image, enclosures, comments, via } =
        unpack(facts);
    let (summary, content) = unpack(&unsqueeze(text));
    Published {
        guid,
        url,
        title,
        summary,
        content,
        authors,
        categories,
        at,
        updated,
        language,
        image,
        enclosures,
        comments,
        via,
    }
}

pub(crate) fn entry_text(published: &Published) -> Vec<u8> {
    let mut out = Vec::with_capacity(published.summary.len() + published.content.len() + 8);
    published.summary.put(&mut out);
    published.content.put(&mut out);
    squeeze(&out)
}

/// 16 bytes that tell an entry from the source's others.
pub(crate) fn identity(identity: &str) -> [u8; 16] {
    // Two FNV-1a hashes with different beginnings; whoever makes them collide confuses entries of their own source.
    let first = hash_from(0xcbf2_9ce4_8422_2325, identity.as_bytes());
    let second = hash_from(first ^ 0x9e37_79b9_7f4a_7c15, identity.as_bytes());
    let mut both = [0; 16];
    both[..8].copy_from_slice(&first.to_be_bytes());
    both[8..].copy_from_slice(&second.to_be_bytes());
    both
}

/// The same in every run and on every machine.
pub(crate) fn hash(text: &str) -> u64 {
    hash_from(0xcbf2_9ce4_8422_2325, text.as_bytes())
}

fn hash_from(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The first so many characters of HTML as plain text: enough for a line in a list, never shown as HTML.
pub(crate) fn teaser(html: &str, at_most: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    let mut rest = html;
    while count < at_most {
        let Some(at) = rest.find(['<', '&']) else {
            push_words(rest, &mut text, &mut count, at_most);
            break;
        };
        push_words(&rest[..at], &mut text, &mut count, at_most);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let inside = ["script", "style"].iter().find(|name| starts_with(&rest[1..], name));
            let closed = match inside {
                Some(name) => find_closing(rest, name),
                None => rest.find('>').map(|end| end + 1),
            };
            // A lone `<` (a < b) is text.
            let is_tag =
                rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
            match closed.filter(|_| is_tag) {
                Some(end) => {
                    push_words(" ", &mut text, &mut count, at_most);
                    rest = &rest[end..];
                }
                None if is_tag => break,
                None => {
                    push_words("<", &mut text, &mut count, at_most);
                    rest = &rest[1..];
                }
            }
            continue;
        }
        let (character, used) = entity(rest);
        let mut utf8 = [0; 4];
        push_words(character.encode_utf8(&mut utf8), &mut text, &mut count, at_most);
        rest = &rest[used..];
    }
    text.truncate(text.trim_end().len());
    text
}

fn starts_with(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

fn find_closing(rest: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        from += at + 2;
        if starts_with(&rest[from..], name) {
            return rest[from..].find('>').map(|end| from + end + 1);
        }
    }
    None
}

/// The commonest entities; others stay as they are written.
fn entity(rest: &str) -> (char, usize) {
    let Some(end) = rest.bytes().take(12).position(|byte| byte == b';') else { return ('&', 1) };
    let name = &rest[1..end];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let known = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" | "rsquo" => Some('’'),
        "lsquo" => Some('‘'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        _ => number.and_then(char::from_u32).filter(|c| !c.is_control()),
    };
    known.map_or(('&', 1), |character| (character, end + 1))
}

fn push_words(from: &str, text: &mut String, count: &mut usize, at_most: usize) {
    for c in from.chars() {
        if at_most <= *count {
            return;
        }
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !text.is_empty() && !text.ends_with(' ') {
            text.push(c);
            *count += 1;
        }
    }
}

// Articles.

/// What no question about articles looks into.
#[derive(Default)]
pub(crate) struct More {
    key_points: Vec<String>,
    pub authors: Vec<Author>,
    labels: Vec<String>,
    pub picture: Option<Picture>,
    media: Vec<Media>,
    pub links: Vec<String>,
    alternates: Vec<(Language, String)>,
}

impl More {
    /// The same fields in the same order, without copying them first.
    pub fn pack(it: &Extracted) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        put_record(&mut out, |out| {
            it.key_points.put(out);
            it.authors.put(out);
            it.labels.put(out);
            it.picture.put(out);
            it.media.put(out);
            it.links.put(out);
            it.alternates.put(out);
        });
        out
    }
}

/// Columns in the order of [`EXTRACTED`].
pub(crate) const EXTRACTED: &str = "a.address, a.title, a.standfirst, a.outlet_name, a.published, a.updated, a.language, a.is_full, a.free, a.more, t.body";

pub(crate) fn extracted(row: &dyn crate::conn::Row, first: usize) -> Extracted {
    let More { key_points, authors, labels, picture, media, links, alternates } = unpack(row.blob(first + 9));
    let (html, text) = body(row.blob(first + 10));
    Extracted {
        address: row.text(first),
        title: row.text(first + 1),
        standfirst: row.maybe_text(first + 2),
        key_points,
        authors,
        outlet: row.maybe_text(first + 3),
        labels,
        published: row.maybe_time(first + 4),
        updated: row.maybe_time(first + 5),
        language: row.maybe_text(first + 6).map(Language),
        body: news::SafeHtml::vouched_for(html),
        text,
        completeness: if row.flag(first + 7) { Completeness::Full } else { Completeness::Excerpt },
        free: row.maybe_int(first + 8).map(|free| free != 0),
        picture,
        media,
        links,
        alternates,
    }
}

/// HTML and text in one frame: the text says the same words again, which costs next to nothing.
pub(crate) fn squeeze_body(extracted: &Extracted) -> Vec<u8> {
    let html = extracted.body.as_str();
    let mut out = Vec::with_capacity(html.len() + extracted.text.len() + 4);
    put_number(html.len() as u64, &mut out);
    out.extend(html.as_bytes());
    out.extend(extracted.text.as_bytes());
    squeeze(&out)
}

pub(crate) fn body(bytes: &[u8]) -> (String, String) {
    let bytes = unsqueeze(bytes);
    let mut from = In(&bytes);
    let html: String = Pack::take(&mut from);
    (html, String::from_utf8_lossy(from.0).into_owned())
}

/// Words as a reader counts them; where words are not spaced, two characters make one.
pub(crate) fn words(text: &str) -> u32 {
    let spaced = text.split_ascii_whitespace().count();
    let unspaced =
        if text.is_ascii() { 0 } else { text.chars().filter(|&c| crate::search::is_cjk(c)).count() / 2 };
    u32::try_from(spaced.max(unspaced)).unwrap_or(u32::MAX)
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

// What an owner may want to read: words.

#[derive(Serialize, Deserialize)]
#[serde(default)]
struct SettingsRow {
    edition_length: u16,
    edition_minutes: u16,
    explore: f32,
    learning_paused: bool,
    read_whole_story: bool,
    theme: String,
    time_zone: String,
    quiet_hours: Option<(u8, u8)>,
    webhook: String,
    left_out: Vec<String>,
}

impl Default for SettingsRow {
    fn default() -> Self {
        SettingsRow::from(&ReaderSettings::default())
    }
}

impl From<&ReaderSettings> for SettingsRow {
    fn from(it: &ReaderSettings) -> Self {
        SettingsRow {
            edition_length: it.edition_length,
            edition_minutes: it.edition_minutes,
            explore: it.explore,
            learning_paused: it.learning_paused,
            read_whole_story: it.read_whole_story,
            theme: it.theme.clone(),
            time_zone: it.time_zone.clone(),
            quiet_hours: it.quiet_hours,
            webhook: it.webhook.clone(),
            left_out: it.left_out.clone(),
        }
    }
}

pub(crate) fn settings_text(settings: &ReaderSettings) -> String {
    serde_json::to_string(&SettingsRow::from(settings)).unwrap_or_default()
}

pub(crate) fn settings(text: &str) -> ReaderSettings {
    let it: SettingsRow = serde_json::from_str(text).unwrap_or_default();
    ReaderSettings {
        edition_length: it.edition_length,
        edition_minutes: it.edition_minutes,
        explore: it.explore,
        learning_paused: it.learning_paused,
        read_whole_story: it.read_whole_story,
        theme: it.theme,
        time_zone: it.time_zone,
        quiet_hours: it.quiet_hours,
        webhook: it.webhook,
        left_out: it.left_out,
    }
}

/// `source 12`, `name person Shin Won-sik`, `words "rate cut"`…: one text for one target.
pub(crate) fn target_text(target: &Target) -> String {
    match target {
        Target::Source(source) => format!("source {source}"),
        Target::Topic(topic) => format!("topic {}", topic.0),
        Target::Name(name) => format!("name {} {}", kind_word(name.kind), name.text),
        Target::Author(author) => format!("author {author}"),
        Target::Story(story) => format!("story {story}"),
        Target::Situation(names) => {
            let names: Vec<_> = names.iter().map(|name| (kind_word(name.kind), &name.text)).collect();
            format!("situation {}", serde_json::to_string(&names).unwrap_or_default())
        }
        Target::Words(words) => format!("words {words}"),
    }
}

pub(crate) fn target(text: &str) -> Option<Target> {
    let (what, which) = text.split_once(' ')?;
    Some(match what {
        "source" => Target::Source(SourceId(which.parse().ok()?)),
        "topic" => Target::Topic(Topic(which.into())),
        "name" => {
            let (kind, name) = which.split_once(' ')?;
            Target::Name(Name { text: name.into(), kind: name_kind(kind) })
        }
        "author" => Target::Author(which.into()),
        "story" => Target::Story(StoryId(which.parse().ok()?)),
        "situation" => {
            let names: Vec<(String, String)> = serde_json::from_str(which).ok()?;
            Target::Situation(
                names.into_iter().map(|(kind, text)| Name { text, kind: name_kind(&kind) }).collect(),
            )
        }
        "words" => Target::Words(which.into()),
        _ => return None,
    })
}

fn kind_word(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "person",
        NameKind::Organisation => "organisation",
        NameKind::Place => "place",
        NameKind::Other => "other",
    }
}

fn name_kind(word: &str) -> NameKind {
    match word {
        "person" => NameKind::Person,
        "organisation" => NameKind::Organisation,
        "place" => NameKind::Place,
        _ => NameKind::Other,
    }
}

const SECTIONS: [(&str, Section); 4] = [
    ("for you", Section::ForYou),
    ("situations", Section::Situations),
    ("everyone covers", Section::EveryoneCovers),
    ("something different", Section::SomethingDifferent),
];

/// Where a follow or a mute holds. A mute never says "" here, so that one thing can be followed and muted: the mute
/// goes, and the follow is still there.
pub(crate) fn place_text(stance: Stance, place: &Place) -> String {
    match (stance, place) {
        (Stance::Follow(_), _) => String::new(),
        (Stance::Mute { .. }, Place::Everywhere) => "everywhere".into(),
        (Stance::Mute { .. }, Place::Within(target)) => format!("within {}", target_text(target)),
        (Stance::Mute { .. }, Place::Section(section)) => {
            let word = SECTIONS.iter().find(|(_, it)| it == section).map_or("", |(word, _)| word);
            format!("section {word}")
        }
    }
}

/// `None` for a place that we do not know: a newer tidings wrote it.
pub(crate) fn place(text: &str) -> Option<Place> {
    match text.split_once(' ') {
        Some(("within", which)) => target(which).map(Place::Within),
        Some(("section", word)) => {
            SECTIONS.iter().find(|(it, _)| *it == word).map(|(_, section)| Place::Section(*section))
        }
        _ => Some(Place::Everywhere),
    }
}

const STANCES: [(&str, Stance); 5] = [
    ("always", Stance::Follow(Weight::Always)),
    ("more", Stance::Follow(Weight::More)),
    ("a little", Stance::Follow(Weight::ALittle)),
    ("mute", Stance::Mute { except_big: false }),
    ("mute except big", Stance::Mute { except_big: true }),
];

pub(crate) fn stance_word(stance: Stance) -> &'static str {
    STANCES.iter().find(|(_, it)| *it == stance).map_or("more", |(word, _)| word)
}

pub(crate) fn stance(word: &str) -> Stance {
    STANCES.iter().find(|(it, _)| *it == word).map_or(Stance::Follow(Weight::More), |(_, stance)| *stance)
}

/// A kind of signal as a word, a number and a share.
pub(crate) fn signal_columns(kind: SignalKind) -> (&'static str, Option<i64>, Option<f32>) {
    match kind {
        SignalKind::Shown { position } => ("shown", Some(position.into()), None),
        SignalKind::Opened => ("opened", None, None),
        SignalKind::Read { seconds, depth } => ("read", Some(seconds.into()), Some(depth)),
        SignalKind::Saved => ("saved", None, None),
        SignalKind::Unsaved => ("unsaved", None, None),
        SignalKind::Shared => ("shared", None, None),
        SignalKind::MoreLikeThis => ("more like this", None, None),
        SignalKind::LessLikeThis => ("less like this", None, None),
        SignalKind::NotInterested => ("not interested", None, None),
        SignalKind::AlreadyKnew => ("already knew", None, None),
        SignalKind::Undo => ("undo", None, None),
    }
}

pub(crate) fn signal_kind(word: &str, number: i64, share: f64) -> Option<SignalKind> {
    Some(match word {
        "shown" => SignalKind::Shown { position: number as u16 },
        "opened" => SignalKind::Opened,
        "read" => SignalKind::Read { seconds: number as u32, depth: share as f32 },
        "saved" => SignalKind::Saved,
        "unsaved" => SignalKind::Unsaved,
        "shared" => SignalKind::Shared,
        "more like this" => SignalKind::MoreLikeThis,
        "less like this" => SignalKind::LessLikeThis,
        "not interested" => SignalKind::NotInterested,
        "already knew" => SignalKind::AlreadyKnew,
        "undo" => SignalKind::Undo,
        _ => return None,
    })
}
