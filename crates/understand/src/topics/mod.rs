//! What an article is about, as a small human tree has it: IPTC Media Topics' top two levels. Sections and tags that the
//! source gives decide; where there are none, the address's folders, then words that speak for a topic.

#[cfg(test)]
mod tests;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use news::{Language, Topic};

use crate::{
    names::training::{Hashed, fold_hash},
    sentences::up_to,
};

const LIST: &str = include_str!("../../data/topics.txt");
/// An article has at most so many, each with the one above it.
const MOST: usize = 2;
/// So much of the body is read for words.
const READ: usize = 700;
/// So many words, each for how few topics it speaks, make a topic; the headline's count twice.
const ENOUGH: f32 = 2.5;

pub fn topics(title: &str, body: &str, address: &str, labels: &[String], language: &Language) -> Vec<Topic> {
    let tree = tree();
    let mut scores: Vec<(usize, f32)> = Vec::new();
    let mut vote = |topic: usize, weight: f32| match scores.iter_mut().find(|it| it.0 == topic) {
        Some(score) => score.1 += weight,
        None => scores.push((topic, weight)),
    };
    for label in labels.iter().take(20) {
        // "News / Politics", "Politics & Policy": its parts too.
        let parts = label.split(['/', '>', '|', ':', '&']).map(str::trim);
        for topics in parts.filter_map(|part| tree.labels.get(&part.to_lowercase())) {
            topics.iter().for_each(|&topic| vote(topic, 4.0));
        }
    }
    // The last folder of an address is the article's own name.
    let folders: Vec<&str> = address.split('/').skip(3).collect();
    for folder in folders.iter().take(folders.len().saturating_sub(1)).take(4) {
        let folder = folder.replace(['-', '_'], " ").to_lowercase();
        if let Some(topics) = tree.labels.get(&folder) {
            topics.iter().for_each(|&topic| vote(topic, 3.0));
        }
    }
    if language.0 == "en" {
        for (text, weight) in [(title, 2.0), (up_to(body, READ), 1.0)] {
            tree.words_in(text, |topic, part| vote(topic, weight * part));
        }
    }
    chosen(scores, tree)
}

/// The strongest, from most to least; of a topic and the one below it the one below.
fn chosen(mut scores: Vec<(usize, f32)>, tree: &Tree) -> Vec<Topic> {
    // What speaks for football speaks for sport.
    let below: Vec<(usize, f32)> =
        scores.iter().filter_map(|&(topic, score)| Some((tree.above[topic]?, 0.3 * score))).collect();
    for (above, part) in below {
        match scores.iter_mut().find(|it| it.0 == above) {
            Some(score) => score.1 += part,
            None => scores.push((above, part)),
        }
    }
    scores.retain(|it| ENOUGH <= it.1);
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let strongest = scores.first().map_or(0.0, |it| it.1);
    let mut topics: Vec<usize> = Vec::new();
    for (topic, _) in scores.into_iter().filter(|it| 0.5 * strongest <= it.1) {
        if topics.iter().any(|&other| tree.above[other] == Some(topic)) {
            continue;
        }
        topics.retain(|&other| tree.above[topic] != Some(other));
        if topics.len() < MOST {
            topics.push(topic);
        }
    }
    topics.into_iter().map(|topic| Topic(tree.paths[topic].to_owned())).collect()
}

struct Tree {
    paths: Vec<&'static str>,
    above: Vec<Option<usize>>,
    labels: HashMap<String, Vec<usize>>,
    words: HashMap<u32, Vec<usize>, BuildHasherDefault<Hashed>>,
}

fn tree() -> &'static Tree {
    static TREE: OnceLock<Tree> = OnceLock::new();
    TREE.get_or_init(|| {
        let mut tree =
            Tree { paths: Vec::new(), above: Vec::new(), labels: HashMap::new(), words: HashMap::default() };
        for line in LIST.lines().filter(|line| !line.starts_with('#')) {
            let mut parts = line.split('|');
            let path = parts.next().unwrap_or_default();
            let topic = tree.paths.len();
            tree.paths.push(path);
            let above =
                path.split_once('/').and_then(|(above, _)| tree.paths.iter().position(|it| *it == above));
            tree.above.push(above);
            for label in parts.next().unwrap_or_default().split(',').filter(|it| !it.is_empty()) {
                tree.labels.entry(label.to_owned()).or_default().push(topic);
            }
            for word in parts.next().unwrap_or_default().split_whitespace() {
                tree.words.entry(fold_hash(word)).or_default().push(topic);
            }
        }
        tree
    })
}

impl Tree {
    /// A word that speaks for several topics speaks for each in part.
    fn words_in(&self, text: &str, mut tell: impl FnMut(usize, f32)) {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '-').filter(|word| 1 < word.len()) {
            if let Some(topics) = self.words.get(&fold_hash(word)) {
                topics.iter().for_each(|&topic| tell(topic, 1.0 / topics.len() as f32));
            }
        }
    }
}
