//! Is a story about something? One scan of its words answers for all that a reader follows and mutes.

use std::collections::HashMap;

use news::{SourceId, StoryId, StorySketch, Target};

/// Whether a story is about a target, by any of the names under which that goes.
pub fn is_about(story: &StorySketch, target: &Target, aliases: &[String]) -> bool {
    let mut book = Book::default();
    let wanted = book.enter(target, aliases);
    let mut page = Page::default();
    page.read(story, &book);
    page.is_about(story, &wanted)
}

/// Words as hashes of their folded letters.
type Word = u64;

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

/// All phrases that one looks for, by their first word.
#[derive(Default)]
pub struct Book {
    by_first: HashMap<Word, Vec<(Vec<Word>, usize)>, Plain>,
    phrases: usize,
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
    /// Phrases found in headline or names, and among authors.
    found: Vec<usize>,
    found_author: Vec<usize>,
}

impl Page {
    pub fn read(&mut self, story: &StorySketch, book: &Book) {
        self.found.clear();
        self.found_author.clear();
        if book.is_empty() {
            return;
        }
        look(&mut self.words, &story.headline, book, &mut self.found);
        for name in &story.names {
            look(&mut self.words, &name.text, book, &mut self.found);
        }
        for author in &story.authors {
            look(&mut self.words, author, book, &mut self.found_author);
        }
    }

    pub fn is_about(&self, story: &StorySketch, wanted: &Wanted) -> bool {
        let found = if wanted.author { &self.found_author } else { &self.found };
        wanted.source.is_some_and(|it| story.sources.iter().any(|(source, _)| *source == it))
            || wanted.story == Some(story.story)
            || wanted.topics.iter().any(|it| story.topics.iter().any(|topic| is_within(&topic.0, it)))
            || wanted.phrases.iter().any(|group| group.iter().all(|phrase| found.contains(phrase)))
    }
}

/// "sport/football" is within "sport".
fn is_within(topic: &str, wide: &str) -> bool {
    topic.strip_prefix(wide).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn look(words: &mut Vec<Word>, text: &str, book: &Book, found: &mut Vec<usize>) {
    words.clear();
    each_word(text, |word| words.push(word));
    for (at, word) in words.iter().enumerate() {
        for (phrase, number) in book.by_first.get(word).into_iter().flatten() {
            if words[at..].starts_with(phrase) && !found.contains(number) {
                found.push(*number);
            }
        }
    }
}

/// The key of a name by which beliefs are found: the same however it is spelt.
pub fn key(text: &str) -> u64 {
    let mut key = 0_u64;
    each_word(text, |word| key = key.rotate_left(7) ^ word);
    key
}

/// Hashes each word, folded as `Name::key` folds: lower case, without common accents. A possessive `'s` is no word.
fn each_word(text: &str, mut say: impl FnMut(Word)) {
    const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;
    let (mut hash, mut letters, mut after_apostrophe) = (EMPTY, 0, false);
    let mut end = |hash: &mut u64, letters: &mut u32, possessive: bool, just_s: bool| {
        if 0 < *letters && !(possessive && just_s) {
            say(*hash);
        }
        (*hash, *letters) = (EMPTY, 0);
    };
    let mut just_s = false;
    for c in text.chars() {
        if c.is_ascii() {
            let byte = c as u8;
            if byte.is_ascii_alphanumeric() {
                just_s = letters == 0 && byte.eq_ignore_ascii_case(&b's');
                hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01b3);
                letters += 1;
                continue;
            }
        } else if c.is_alphanumeric() {
            just_s = false;
            for c in c.to_lowercase() {
                hash = (hash ^ plain(c) as u64).wrapping_mul(0x0100_0000_01b3);
                letters += 1;
            }
            continue;
        }
        end(&mut hash, &mut letters, after_apostrophe, just_s);
        after_apostrophe = matches!(c, '\'' | '’');
    }
    end(&mut hash, &mut letters, after_apostrophe, just_s);
}

fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ą' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ł' => 'l',
        'ś' | 'š' | 'ș' | 'ş' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        'ř' => 'r',
        'đ' | 'ď' => 'd',
        'ť' | 'ț' => 't',
        'ğ' => 'g',
        c => c,
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
