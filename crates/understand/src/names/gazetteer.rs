//! Words and phrases whose kind is known: countries and their peoples, cities, bodies, given names, and the words that
//! names are made with. Lists of facts, written by hand, in `data/gazetteer`.

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use super::hash::{Hashed, fold_hash, joined};

pub const GIVEN: u16 = 1;
pub const COUNTRY: u16 = 2;
pub const PEOPLE: u16 = 4;
pub const CITY: u16 = 8;
pub const REGION: u16 = 16;
pub const ORGANISATION: u16 = 32;
pub const OTHER: u16 = 64;
pub const TITLE: u16 = 128;
pub const ORGANISATION_WORD: u16 = 256;
pub const PLACE_WORD: u16 = 512;
/// A phrase of several words begins with this one.
const BEGINS: u16 = 1 << 15;
/// No phrase is longer, in words.
const LONGEST: usize = 5;

const LISTS: &[(&str, u16)] = &[
    (include_str!("../../data/gazetteer/given-names.txt"), GIVEN),
    (include_str!("../../data/gazetteer/peoples.txt"), PEOPLE),
    (include_str!("../../data/gazetteer/cities.txt"), CITY),
    (include_str!("../../data/gazetteer/regions.txt"), REGION),
    (include_str!("../../data/gazetteer/organisations.txt"), ORGANISATION),
    (include_str!("../../data/gazetteer/other.txt"), OTHER),
    (include_str!("../../data/gazetteer/person-titles.txt"), TITLE),
    (include_str!("../../data/gazetteer/organisation-words.txt"), ORGANISATION_WORD),
    (include_str!("../../data/gazetteer/place-words.txt"), PLACE_WORD),
];
const ALIASES: &str = include_str!("../../data/gazetteer/aliases.txt");
const COUNTRIES: &str = include_str!("../../data/gazetteer/countries.txt");

#[derive(Default)]
pub struct Gazetteer {
    words: HashMap<u32, u16, BuildHasherDefault<Hashed>>,
    phrases: HashMap<u32, u16, BuildHasherDefault<Hashed>>,
    /// What a country is called by, and its people, to the country; by hash of the phrase.
    countries: HashMap<u32, &'static str, BuildHasherDefault<Hashed>>,
    aliases: HashMap<u32, &'static str, BuildHasherDefault<Hashed>>,
}

/// The one gazetteer, made when first asked for.
pub fn gazetteer() -> &'static Gazetteer {
    static GAZETTEER: OnceLock<Gazetteer> = OnceLock::new();
    GAZETTEER.get_or_init(Gazetteer::made)
}

impl Gazetteer {
    fn made() -> Gazetteer {
        let mut made = Gazetteer::default();
        for (list, kind) in LISTS {
            for name in lines(list).flat_map(|line| line.split(',')) {
                made.add(name.trim(), *kind);
            }
        }
        for line in lines(COUNTRIES) {
            let mut parts = line.split('|');
            let name = parts.next().unwrap_or_default();
            let call = |made: &mut Gazetteer, called: &str, kind| {
                made.add(called, kind);
                made.countries.insert(phrase_hash(called), name);
            };
            call(&mut made, name, COUNTRY);
            for (part, kind) in parts.zip([PEOPLE, COUNTRY]) {
                part.split(',').filter(|it| !it.is_empty()).for_each(|it| call(&mut made, it.trim(), kind));
            }
        }
        for (name, called) in lines(ALIASES).filter_map(|line| line.split_once('|')) {
            made.aliases.extend(called.split(',').map(|it| (phrase_hash(it.trim()), name)));
        }
        made
    }

    fn add(&mut self, name: &str, kind: u16) {
        if name.is_empty() {
            return;
        }
        let mut words = name.split_whitespace();
        let first = fold_hash(words.next().unwrap_or_default());
        if words.next().is_none() {
            *self.words.entry(first).or_default() |= kind;
        } else {
            *self.words.entry(first).or_default() |= BEGINS;
            *self.phrases.entry(phrase_hash(name)).or_default() |= kind;
        }
    }

    /// Kinds of a single word, by its hash.
    pub fn word(&self, hash: u32) -> u16 {
        self.words.get(&hash).copied().unwrap_or(0) & !BEGINS
    }

    /// The longest phrase of two or more words that begins here: its length and kinds.
    pub fn phrase(&self, hashes: &[u32]) -> Option<(usize, u16)> {
        let first = *hashes.first()?;
        if self.words.get(&first).is_none_or(|bits| bits & BEGINS == 0) {
            return None;
        }
        let mut hash = first;
        let mut found = None;
        for (at, &next) in hashes.iter().enumerate().take(LONGEST).skip(1) {
            hash = joined(hash, next);
            if let Some(&kinds) = self.phrases.get(&hash) {
                found = Some((at + 1, kinds));
            }
        }
        found
    }

    /// The country that is called so, or whose people is.
    pub fn country(&self, name: &str) -> Option<&'static str> {
        self.countries.get(&phrase_hash(name)).copied()
    }

    /// The name under which a body or place is known everywhere, if this is another of its names.
    pub fn alias(&self, name: &str) -> Option<&'static str> {
        // "Is" is no "IS".
        let said_so = 3 < name.len() || name.bytes().all(|it| it.is_ascii_uppercase());
        self.aliases.get(&phrase_hash(name)).copied().filter(|_| said_so)
    }

    /// What the lists say a name is also called.
    pub fn other_names(&self, name: &str) -> impl Iterator<Item = &'static str> {
        let sought = phrase_hash(name);
        let of = move |it: &(&str, &str)| phrase_hash(it.0) == sought;
        let aliases = lines(ALIASES).filter_map(|line| line.split_once('|')).filter(of).map(|it| it.1);
        aliases.flat_map(|called| called.split(',').map(str::trim)).filter(|it| !it.is_empty())
    }

    /// Kinds of a whole name.
    pub fn kinds(&self, name: &str) -> u16 {
        let hash = phrase_hash(name);
        if name.contains(' ') { self.phrases.get(&hash).copied().unwrap_or(0) } else { self.word(hash) }
    }
}

fn lines(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty())
}

fn phrase_hash(name: &str) -> u32 {
    name.split_whitespace().map(fold_hash).reduce(joined).unwrap_or(0)
}
