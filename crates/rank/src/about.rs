//! Is a story about something? One scan of its words answers for all that a reader follows and mutes.

use std::collections::HashMap;

use news::words::{LETTERS, Word, each_word, is_possessive, next_word, plain};
use news::{Said, SourceId, StoryId, StorySketch, Target};

/// Whether a story is about a target, by any of the names under which that goes.
pub fn is_about(story: &StorySketch, target: &Target, aliases: &[String]) -> bool {
    let mut book = Book::default();
    let wanted = book.enter(target, aliases);
    let mut page = Page::default();
    page.read(story, &book);
    page.is_about(story, &wanted)
}

/// A target made ready for many stories.
pub struct Wanted {
    source: Option<SourceId>,
    story: Option<StoryId>,
    topics: Vec<String>,
    /// All of a group, any group: numbers of phrases.
    phrases: Vec<Vec<usize>>,
    /// The phrases are an author's: looked for among authors only.
    author: bool,
}

impl Wanted {
    pub fn is_author(&self) -> bool {
        self.author
    }
}

/// All phrases that one looks for, by their first word.
#[derive(Default)]
pub struct Book {
    by_first: HashMap<Word, Vec<(Vec<Word>, usize)>, Plain>,
    phrases: usize,
    /// Words of the longest phrase.
    longest: usize,
    beginnings: Beginnings,
    firsts: Firsts,
}

/// The first words of all phrases, as bits: says at once of nearly every story that it holds none of them.
struct Firsts(Box<[u64; Firsts::BITS as usize / 64]>);

impl Default for Firsts {
    fn default() -> Firsts {
        Firsts(Box::new([0; Firsts::BITS as usize / 64]))
    }
}

impl Firsts {
    const BITS: u32 = 1 << 15;

    fn enter(&mut self, word: Word) {
        let place = Said::short(word) % Self::BITS;
        self.0[(place / 64) as usize] |= 1 << (place % 64);
    }

    fn may_be_in(&self, said: &Said) -> bool {
        said.words().iter().any(|word| {
            let place = word % Self::BITS;
            self.0[(place / 64) as usize] & 1 << (place % 64) != 0
        })
    }
}

/// Pairs of letters with which some phrase may begin: most words of a text need not be looked at any closer.
#[derive(Default)]
struct Beginnings([u64; 16]);

impl Beginnings {
    fn place(first: u8, second: Option<u8>) -> usize {
        let second = second.filter(u8::is_ascii_alphanumeric).unwrap_or(0);
        usize::from(first & 31) << 5 | usize::from(second & 31)
    }

    /// Every word's, since which of them is the first depends on what counts as a word.
    fn enter(&mut self, phrase: &str) {
        let folded = |c: char| c.to_lowercase().map(plain);
        let letters: Vec<u8> =
            phrase.chars().flat_map(folded).map(|c| u8::try_from(c).unwrap_or(0)).collect();
        for (at, &first) in letters.iter().enumerate() {
            if first.is_ascii_alphanumeric() && (at == 0 || !letters[at - 1].is_ascii_alphanumeric()) {
                let place = Self::place(first, letters.get(at + 1).copied());
                self.0[place / 64] |= 1 << (place % 64);
            }
        }
    }

    fn may_begin(&self, word: &[u8]) -> bool {
        let place = Self::place(word[0], word.get(1).copied());
        self.0[place / 64] & 1 << (place % 64) != 0
    }
}

impl Book {
    pub fn enter(&mut self, target: &Target, aliases: &[String]) -> Wanted {
        let mut wanted =
            Wanted { source: None, story: None, topics: Vec::new(), phrases: Vec::new(), author: false };
        match target {
            Target::Source(source) => wanted.source = Some(*source),
            Target::Story(story) => wanted.story = Some(*story),
            Target::Topic(topic) => wanted.topics.push(topic.0.clone()),
            Target::Name(name) => wanted.phrases.extend(self.phrase(&name.text).map(|it| vec![it])),
            Target::Words(words) => wanted.phrases.extend(self.phrase(words).map(|it| vec![it])),
            Target::Author(author) => {
                wanted.author = true;
                wanted.phrases.extend(self.phrase(author).map(|it| vec![it]));
            }
            Target::Situation(names) => {
                let all: Vec<usize> = names.iter().filter_map(|name| self.phrase(&name.text)).collect();
                wanted.phrases.extend((!all.is_empty()).then_some(all));
            }
        }
        wanted.phrases.extend(aliases.iter().filter_map(|alias| self.phrase(alias)).map(|it| vec![it]));
        wanted
    }

    fn phrase(&mut self, text: &str) -> Option<usize> {
        let mut words = Vec::new();
        each_word(text, |word| words.push(word));
        let number = self.phrases;
        self.beginnings.enter(text);
        self.longest = self.longest.max(words.len());
        self.firsts.enter(*words.first()?);
        self.by_first.entry(*words.first()?).or_default().push((words, number));
        self.phrases += 1;
        Some(number)
    }

    pub fn is_empty(&self) -> bool {
        self.phrases == 0
    }
}

/// One story's words, looked over. Reused from story to story.
#[derive(Default)]
pub struct Page {
    words: Vec<Word>,
    /// Phrases found in headline or names, and among authors, each with the first place where it stands: 0 is the
    /// headline, then come the names in their order.
    found: Vec<(usize, usize)>,
    found_author: Vec<(usize, usize)>,
}

impl Page {
    pub fn read(&mut self, story: &StorySketch, book: &Book) {
        self.found.clear();
        self.found_author.clear();
        if book.is_empty() || !book.firsts.may_be_in(story.said()) {
            return;
        }
        look(&mut self.words, &story.headline, 0, book, &mut self.found);
        for (name, place) in story.names.iter().zip(1..) {
            look(&mut self.words, &name.text, place, book, &mut self.found);
        }
        for author in &story.authors {
            look(&mut self.words, author, 0, book, &mut self.found_author);
        }
    }

    pub fn is_about(&self, story: &StorySketch, wanted: &Wanted) -> bool {
        is_wholly_about(story, wanted) || self.nearest(wanted).is_some()
    }

    /// Only what the text says; nobody is an author in it.
    pub fn read_text(&mut self, text: &str, book: &Book) {
        self.found.clear();
        self.found_author.clear();
        look(&mut self.words, text, 0, book, &mut self.found);
    }

    pub fn read_authors(&mut self, authors: &[String], book: &Book) {
        self.found.clear();
        self.found_author.clear();
        for author in authors {
            look(&mut self.words, author, 0, book, &mut self.found_author);
        }
    }

    /// Whether one of its phrases was met, whatever else the story is about.
    pub fn is_named(&self, wanted: &Wanted) -> bool {
        self.nearest(wanted).is_some()
    }

    /// 1 when it is the story's subject, less the further down the names it stands; nothing when it is not there.
    pub fn prominence(&self, story: &StorySketch, wanted: &Wanted) -> Option<f32> {
        if is_wholly_about(story, wanted) {
            return Some(1.0);
        }
        self.nearest(wanted).map(|place| 1.0 / (1.0 + 0.5 * place as f32))
    }

    /// Where the most prominent group of phrases stands: at the place of its last member.
    fn nearest(&self, wanted: &Wanted) -> Option<usize> {
        let found = if wanted.author { &self.found_author } else { &self.found };
        if found.is_empty() {
            return None;
        }
        let place = |phrase: &usize| found.iter().find(|(it, _)| it == phrase).map(|(_, place)| *place);
        let all = |group: &Vec<usize>| group.iter().try_fold(0, |far, it| Some(place(it)?.max(far)));
        wanted.phrases.iter().filter_map(all).min()
    }
}

fn is_wholly_about(story: &StorySketch, wanted: &Wanted) -> bool {
    wanted.source.is_some_and(|it| story.sources.iter().any(|(source, _)| *source == it))
        || wanted.story == Some(story.story)
        || wanted.topics.iter().any(|it| story.topics.iter().any(|topic| is_within(&topic.0, it)))
}

/// "sport/football" is within "sport".
fn is_within(topic: &str, wide: &str) -> bool {
    topic.strip_prefix(wide).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn look(words: &mut Vec<Word>, text: &str, place: usize, book: &Book, found: &mut Vec<(usize, usize)>) {
    if text.is_ascii() {
        return look_quickly(words, text.as_bytes(), place, book, found);
    }
    words.clear();
    each_word(text, |word| words.push(word));
    for at in 0..words.len() {
        compare(&words[at..], place, book, found);
    }
}

/// The same for texts without accents, of which only the words are read that may begin a phrase.
fn look_quickly(
    words: &mut Vec<Word>,
    text: &[u8],
    place: usize,
    book: &Book,
    found: &mut Vec<(usize, usize)>,
) {
    let mut at = 0;
    while at < text.len() {
        if LETTERS[usize::from(text[at])] == 0 {
            at += 1;
            continue;
        }
        if book.beginnings.may_begin(&text[at..]) && !is_possessive(text, at) {
            words.clear();
            let mut rest = at;
            // Nearly always the first word is in no phrase, and the others are not read.
            while words.len() < book.longest
                && words.first().is_none_or(|first| book.by_first.contains_key(first))
                && let Some(word) = next_word(text, &mut rest)
            {
                words.push(word);
            }
            compare(words, place, book, found);
        }
        while at < text.len() && LETTERS[usize::from(text[at])] != 0 {
            at += 1;
        }
    }
}

fn compare(words: &[Word], place: usize, book: &Book, found: &mut Vec<(usize, usize)>) {
    for (phrase, number) in words.first().and_then(|word| book.by_first.get(word)).into_iter().flatten() {
        if words.starts_with(phrase) && !found.iter().any(|(it, _)| it == number) {
            found.push((*number, place));
        }
    }
}

/// Keys are hashes already.
#[derive(Clone, Copy, Default)]
pub struct Plain;

pub struct Already(u64);

impl std::hash::BuildHasher for Plain {
    type Hasher = Already;

    fn build_hasher(&self) -> Already {
        Already(0)
    }
}

impl std::hash::Hasher for Already {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn write_u32(&mut self, key: u32) {
        self.write_u64(u64::from(key));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }

    fn write_i64(&mut self, key: i64) {
        self.write_u64(key as u64);
    }
}
