//! How common words are: counted in feeds and whole articles, never in a set that stories are measured on.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::Result;
use news::Language;
use understand::words;

use crate::evaluate::json_lines;

/// A word that fewer articles hold is as rare as one that we never saw.
const FEWEST: u32 = 4;
/// So many words of each language are kept: the table is in the binary.
const MOST: usize = 60_000;
const LANGUAGES: [&str; 2] = ["en", "pl"];

#[derive(Default)]
struct Counted {
    articles: u32,
    holding: HashMap<u32, u32>,
}

pub fn make(data: &Path) -> Result<Vec<u8>> {
    let mut counted: [Counted; 2] = Default::default();
    for folder in ["rss2022", "articles"] {
        let mut files: Vec<_> =
            std::fs::read_dir(data.join(folder))?.filter_map(|it| Some(it.ok()?.path())).collect();
        files.sort();
        for file in files.iter().filter(|it| it.to_string_lossy().ends_with(".jsonl.zst")) {
            let mut seen = HashSet::new();
            for line in json_lines(file)? {
                let text = |key: &str| line[key].as_str().unwrap_or_default();
                let language = line["lang"].as_str().unwrap_or("en").get(..2).unwrap_or("en").to_lowercase();
                let Some(place) = LANGUAGES.iter().position(|it| *it == language) else { continue };
                // Feeds repeat themselves.
                if seen.insert(text("title").to_owned()) {
                    let body = if text("text").is_empty() { text("description") } else { text("text") };
                    counted[place].add(text("title"), body, &Language(language));
                }
            }
        }
    }
    let mut shares = Vec::new();
    for (counted, language) in counted.iter().zip(LANGUAGES) {
        eprintln!("{language}: {} articles, {} words", counted.articles, counted.holding.len());
        let mut words: Vec<(u32, u32)> = counted
            .holding
            .iter()
            .filter(|it| FEWEST <= *it.1)
            .map(|(&word, &count)| (count, word))
            .collect();
        words.sort_unstable_by(|a, b| b.cmp(a));
        words.truncate(MOST);
        let share = |count: u32| count as f32 / counted.articles as f32;
        shares
            .extend(words.into_iter().map(|(count, word)| (cluster::word_key(word, language), share(count))));
    }
    Ok(cluster::background_of(&LANGUAGES, shares))
}

impl Counted {
    fn add(&mut self, title: &str, body: &str, language: &Language) {
        self.articles += 1;
        for term in words::terms(title, body, language) {
            *self.holding.entry(term.hash).or_default() += 1;
        }
    }
}
