//! Mentions of one person, body or place joined: "Mr Shin" and "Shin Won-sik", "UN" and "United Nations", "Polish" and
//! "Poland".

use std::collections::HashMap;

use news::{Name, NameKind};

use super::gazetteer::{self, gazetteer};

/// An article is known by at most so many names.
const MOST: usize = 24;

#[derive(Default)]
pub struct Mentions {
    known: Vec<Mention>,
    places: HashMap<String, usize>,
}

struct Mention {
    text: String,
    /// Weight for each kind, in the order of `NameKind`.
    kinds: [f32; 4],
}

impl Mention {
    fn weight(&self) -> f32 {
        self.kinds.iter().sum()
    }

    fn kind(&self) -> NameKind {
        let order = [NameKind::Person, NameKind::Organisation, NameKind::Place, NameKind::Other];
        // Ties go to the first kind.
        let most = (0..4).rev().max_by(|&a, &b| self.kinds[a].total_cmp(&self.kinds[b])).unwrap_or(3);
        order[most]
    }
}

impl Mentions {
    pub fn add(&mut self, text: &str, kind: NameKind, weight: f32) {
        let (text, kind, weight) = canonical(text, kind, weight);
        if text.chars().filter(|c| c.is_alphanumeric()).count() < 2 || 100 < text.len() {
            return;
        }
        let at = match self.places.get(&text) {
            Some(&at) => at,
            None => {
                self.places.insert(text.clone(), self.known.len());
                self.known.push(Mention { text, kinds: [0.0; 4] });
                self.known.len() - 1
            }
        };
        self.known[at].kinds[kind as usize] += weight;
    }

    /// Joined, most prominent first; of equals the one named first.
    pub fn names(mut self, language: &str) -> Vec<Name> {
        self.join_case();
        self.join_shorter();
        if matches!(
            language,
            "pl" | "cs" | "sk" | "ru" | "uk" | "be" | "sl" | "hr" | "sr" | "bg" | "lt" | "lv"
        ) {
            self.join_inflected();
        }
        self.known.retain(|it| 0.0 < it.weight());
        self.known.sort_by(|a, b| b.weight().total_cmp(&a.weight()));
        self.known.truncate(MOST);
        self.known.into_iter().map(|it| Name { kind: it.kind(), text: it.text }).collect()
    }

    /// "TRUMP" is "Trump".
    fn join_case(&mut self) {
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for at in 0..self.known.len() {
            let key = self.known[at].text.to_lowercase();
            let shouts = |text: &str| text.len() > 4 && !text.chars().any(char::is_lowercase);
            match by_key.get(&key).copied() {
                Some(first) => {
                    self.join(at, first);
                    if shouts(&self.known[first].text) {
                        self.known[first].text = self.known[at].text.clone();
                    }
                }
                None => drop(by_key.insert(key, at)),
            }
        }
    }

    /// A part of exactly one longer name is that name: of a person any part, of others an acronym.
    fn join_shorter(&mut self) {
        for at in 0..self.known.len() {
            let short = &self.known[at];
            if short.weight() == 0.0 || gazetteer().country(&short.text).is_some() {
                continue;
            }
            let wholes: Vec<usize> = (0..self.known.len())
                .filter(|&other| other != at && 0.0 < self.known[other].weight())
                .filter(|&other| is_short_for(short, &self.known[other]))
                .collect();
            let longest = wholes.iter().copied().max_by_key(|&other| self.known[other].text.len());
            let Some(longest) = longest else { continue };
            // "Clinton" beside both Bill and Hillary stays by itself.
            let agree = wholes.iter().all(|&other| {
                other == longest || self.known[longest].text.contains(self.known[other].text.as_str())
            });
            if agree {
                self.join(at, longest);
            }
        }
    }

    /// "Joe Bidena" is "Joe Biden": names that differ only in their endings.
    fn join_inflected(&mut self) {
        for at in 0..self.known.len() {
            for other in 0..at {
                let (a, b) = (&self.known[at], &self.known[other]);
                if a.weight() * b.weight() == 0.0 || !differ_by_endings(&a.text, &b.text) {
                    continue;
                }
                let shorter = a.text.len() < b.text.len();
                let (from, to) = if shorter { (other, at) } else { (at, other) };
                self.join(from, to);
                break;
            }
        }
    }

    fn join(&mut self, from: usize, to: usize) {
        let kinds = std::mem::take(&mut self.known[from].kinds);
        self.known[to].kinds.iter_mut().zip(kinds).for_each(|(sum, it)| *sum += it);
    }
}

/// The name that other articles use too. A people stands for its country, and counts less.
fn canonical(text: &str, kind: NameKind, weight: f32) -> (String, NameKind, f32) {
    let mut text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace('’', "'");
    if text.ends_with('.')
        && !text[..text.len() - 1].contains('.')
        && !text.ends_with("Jr.")
        && !text.ends_with("Sr.")
    {
        text.pop();
    }
    for article in ["The ", "the "] {
        if let Some(rest) = text.strip_prefix(article).filter(|_| kind != NameKind::Other) {
            text = rest.to_owned();
        }
    }
    let gazetteer = gazetteer();
    if let Some(name) = gazetteer.alias(&text) {
        return (name.to_owned(), kind_of(gazetteer.kinds(name)).unwrap_or(kind), weight);
    }
    if let Some(country) = gazetteer.country(&text).filter(|_| kind != NameKind::Person) {
        let people = gazetteer.kinds(&text) & gazetteer::COUNTRY == 0;
        return (country.to_owned(), NameKind::Place, if people { 0.6 * weight } else { weight });
    }
    (text, kind, weight)
}

/// What the lists say outright.
pub fn kind_of(listed: u16) -> Option<NameKind> {
    match listed {
        it if it & (gazetteer::COUNTRY | gazetteer::CITY | gazetteer::REGION) != 0 => Some(NameKind::Place),
        it if it & gazetteer::ORGANISATION != 0 => Some(NameKind::Organisation),
        it if it & (gazetteer::OTHER | gazetteer::PEOPLE) != 0 => Some(NameKind::Other),
        _ => None,
    }
}

fn is_short_for(short: &Mention, whole: &Mention) -> bool {
    if whole.text.len() <= short.text.len() {
        return false;
    }
    let words: Vec<&str> = whole.text.split(' ').collect();
    if whole.kind() == NameKind::Person && short.kind() != NameKind::Place {
        let parts: Vec<&str> = short.text.split(' ').collect();
        return 1 < words.len() && parts.iter().all(|part| words.contains(part));
    }
    let initials = words
        .iter()
        .filter(|word| word.starts_with(char::is_uppercase))
        .filter_map(|word| word.chars().next());
    let letters = short.text.chars().filter(|c| *c != '.');
    2 < words.len() && short.kind() != NameKind::Person && letters.eq(initials)
}

fn differ_by_endings(a: &str, b: &str) -> bool {
    let (a, b): (Vec<&str>, Vec<&str>) = (a.split(' ').collect(), b.split(' ').collect());
    a.len() == b.len()
        && a.iter().zip(&b).all(|(a, b)| {
            let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
            let (a, b) = (a.chars().count(), b.chars().count());
            3 <= common && a.max(b) <= common + 3
        })
}
