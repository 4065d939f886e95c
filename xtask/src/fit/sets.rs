//! The building sets: articles with the stories that people put them in, in the forms in which articles come.

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use news::{Sketch, Timestamp};
use understand::BuiltIn;

use crate::evaluate::stories::told::{self, Told};

pub const FOLDS: usize = 5;

/// A set of articles with their stories, in one of the forms in which articles come.
pub struct Set {
    pub name: &'static str,
    pub sketches: Vec<Sketch>,
    pub truth: Vec<String>,
    /// Look-alikes are never parted.
    pub fold: Vec<usize>,
    pub weight: f32,
    /// Measured, not only learnt from.
    pub measured: bool,
}

pub fn sets(data: &Path) -> Result<Vec<Set>> {
    let allsides = told::read(&data.join("stories/allsides-fit.jsonl.zst"))?;
    let ecb = told::read(&data.join("stories/ecbplus-fit.jsonl.zst"))?;
    Ok(vec![
        set("AllSides", &allsides, 1.0, true)?,
        set("AllSides, slower", &slower(&allsides), 0.6, false)?,
        set("AllSides, short, slower, days closer", &closer(&slower(&cut(&allsides, 220))), 0.4, false)?,
        set("AllSides, headlines, no days", &undated(&cut(&allsides, 0)), 0.2, false)?,
        set("ECB+", &ecb, 2.0, true)?,
        set("ECB+, short", &cut(&ecb, 220), 0.7, false)?,
        set("ECB+, headlines", &cut(&ecb, 0), 0.7, false)?,
        // Stories of more than three, as feeds bring them.
        set("AllSides, in parts, days closer", &closer(&in_parts(&some(&allsides))), 0.25, false)?,
        set("AllSides, several headlines, days closer", &closer(&several(&some(&allsides))), 0.15, false)?,
        set("ECB+, in parts", &in_parts(&ecb), 0.3, false)?,
        set("our own", &our_own("en"), 0.7, true)?,
        set("our own, short", &cut(&our_own("en"), 220), 0.4, false)?,
        set("our own, German", &our_own("de"), 0.15, false)?,
        set("our own, Polish", &our_own("pl"), 0.1, false)?,
    ])
}

/// What readers said, pair by pair: articles that belong together are one story, all others are of different ones.
pub fn said(file: &Path) -> Result<Set> {
    let lines = crate::evaluate::json_lines(file)?;
    set("what readers said", &of_pairs(&lines), 1.0, true)
}

fn of_pairs(lines: &[serde_json::Value]) -> Vec<Told> {
    let mut articles: Vec<Told> = Vec::new();
    // The story of each, as the place of the first of its articles.
    let mut story: Vec<usize> = Vec::new();
    for line in lines {
        let [one, other] = ["a", "b"].map(|side| {
            let it = &line[side];
            let text = |key: &str| it[key].as_str().unwrap_or_default().to_string();
            let url = text("url");
            articles.iter().position(|it| it.url == url).unwrap_or_else(|| {
                articles.push(Told {
                    story: String::new(),
                    title: text("title"),
                    body: text("body"),
                    at: it["at"].as_i64().unwrap_or(0),
                    outlet: text("outlet"),
                    url,
                });
                story.push(articles.len() - 1);
                articles.len() - 1
            })
        });
        if line["together"] == true {
            let (kept, gone) = (story[one].min(story[other]), story[one].max(story[other]));
            story.iter_mut().filter(|it| **it == gone).for_each(|it| *it = kept);
        }
    }
    for (article, story) in articles.iter_mut().zip(story) {
        article.story = format!("said {story}");
    }
    articles.sort_by_key(|it| it.at);
    articles
}

fn set(name: &'static str, articles: &[Told], weight: f32, measured: bool) -> Result<Set> {
    let sketches = told::sketches(articles, &BuiltIn::new())?;
    // ECB+ names a story by its topic's number and "ecb" or "ecbplus": look-alikes have the number in common.
    let group = |story: &str| {
        story.trim_end_matches("plus").bytes().fold(7_usize, |h, b| h.wrapping_mul(31) + usize::from(b))
    };
    Ok(Set {
        name,
        sketches,
        truth: articles.iter().map(|it| it.story.clone()).collect(),
        fold: articles.iter().map(|it| group(&it.story) / 7 % FOLDS).collect(),
        weight,
        measured,
    })
}

/// As feeds have them: the beginning only.
fn cut(articles: &[Told], characters: usize) -> Vec<Told> {
    let cut = |it: &Told| Told { body: it.body.chars().take(characters).collect(), ..it.clone() };
    articles.iter().map(cut).collect()
}

fn undated(articles: &[Told]) -> Vec<Told> {
    articles.iter().map(|it| Told { at: 0, ..it.clone() }).collect()
}

/// Editors pick three articles of one day; outside, a story goes on for days.
fn slower(articles: &[Told]) -> Vec<Told> {
    let late = |it: &Told| (hash(&it.title) % 100) as i64;
    let later = |it: &Told| Told { at: it.at + late(it) * late(it) * 9 * 86_400 / 10_000, ..it.clone() };
    let mut slower: Vec<Told> = articles.iter().map(later).collect();
    slower.sort_by_key(|it| it.at);
    slower
}

/// A few articles a day are far fewer than a reader's sources bring: years are pressed together, and each story keeps
/// its own length.
fn closer(articles: &[Told]) -> Vec<Told> {
    const TIMES: i64 = 20;
    let mut began: HashMap<&str, i64> = HashMap::new();
    for it in articles {
        let first = began.entry(&it.story).or_insert(it.at);
        *first = it.at.min(*first);
    }
    let first = began.values().min().copied().unwrap_or(0);
    let at =
        |it: &Told| first + (began[it.story.as_str()] - first) / TIMES + (it.at - began[it.story.as_str()]);
    let mut pressed: Vec<Told> = articles.iter().map(|it| Told { at: at(it), ..it.clone() }).collect();
    pressed.sort_by_key(|it| it.at);
    pressed
}

/// Every second story.
fn some(articles: &[Told]) -> Vec<Told> {
    articles.iter().filter(|it| hash(&it.story).is_multiple_of(2)).cloned().collect()
}

/// Both halves of each, as if two had told it. What begins in the middle has another headline: its first sentence, or the
/// article's own with words left out.
fn in_parts(articles: &[Told]) -> Vec<Told> {
    let mut parts = Vec::new();
    for it in articles {
        let middle = it.body.char_indices().nth(it.body.chars().count() / 2).map_or(0, |at| at.0);
        let cut = it.body[middle..].find(". ").map_or(it.body.len(), |at| middle + at + 2);
        let (lead, rest) = it.body.split_at(cut);
        let title = if hash(&it.title).is_multiple_of(2) { first_sentence(rest) } else { thinned(&it.title) };
        parts.push(Told { body: lead.into(), ..it.clone() });
        if !rest.is_empty() {
            let at = later(it, 30);
            parts.push(Told { title, body: rest.into(), at, url: format!("{}#rest", it.url), ..it.clone() });
        }
    }
    parts.sort_by_key(|it| it.at);
    parts
}

/// The headline, and the first sentence as another.
fn several(articles: &[Told]) -> Vec<Told> {
    let second = |it: &Told| Told {
        title: first_sentence(&it.body),
        url: format!("{}#second", it.url),
        at: later(it, 30),
        ..it.clone()
    };
    let mut several: Vec<Told> = articles.iter().flat_map(|it| [it.clone(), second(it)]).collect();
    several.sort_by_key(|it| it.at);
    cut(&several, 0)
}

/// By so many hours at most, always the same for an article.
fn later(told: &Told, hours: u64) -> i64 {
    if told.at == 0 { 0 } else { told.at + (hash(&told.title) % (hours * 3_600)) as i64 }
}

fn first_sentence(text: &str) -> String {
    let end = text.find(". ").unwrap_or(text.len());
    text[..end].trim().chars().take(140).collect()
}

/// Every third word left out.
fn thinned(title: &str) -> String {
    let words = title.split_whitespace().enumerate().filter(|(at, _)| at % 3 != 1);
    words.map(|it| it.1).collect::<Vec<_>>().join(" ")
}

/// What our own demonstration tells: a town's week in eight outlets.
fn our_own(language: &str) -> Vec<Told> {
    let articles = demo::articles(Timestamp(1_672_660_800));
    let told = |it: demo::Article| Told {
        story: it.happening.into(),
        title: it.title.clone(),
        body: it.text(),
        at: it.published.0,
        outlet: it.outlet.host_label.into(),
        url: format!("https://{}{}", it.outlet.host_label, it.outlet.path_of(it.slug)),
    };
    let mut told: Vec<Told> =
        articles.into_iter().filter(|it| it.outlet.language == language).map(told).collect();
    told.sort_by_key(|it| it.at);
    told
}

fn hash(text: &str) -> u64 {
    let fnv = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv) >> 20
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of_pairs;

    #[test]
    fn pairs_that_belong_together_make_one_story_and_others_do_not() {
        let article =
            |name: &str, at: i64| json!({"title": name, "body": "", "url": name, "at": at, "outlet": "o"});
        let pair =
            |a, b, together: bool| json!({"together": together, "a": article(a, 1), "b": article(b, 2)});
        let lines = [
            pair("one", "two", true),
            pair("three", "two", true),
            pair("four", "one", false),
            pair("four", "five", true),
        ];
        let found = of_pairs(&lines);
        let story = |name: &str| found.iter().find(|it| it.title == name).map(|it| it.story.clone());
        assert_eq!(found.len(), 5);
        assert!(story("one") == story("two") && story("two") == story("three"));
        assert!(story("four") == story("five") && story("four") != story("one"));
    }
}
