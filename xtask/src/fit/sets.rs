//! The building sets: articles with the stories that people put them in, in the forms in which articles come.
//!
//! AllSides is told whole by three editors' picks of a day, ECB+ is made of pairs of look-alikes. A reader's day is neither:
//! stories of a hundred members, of which most are a headline, and few look-alikes. So that is composed of the same
//! articles.

use std::path::Path;

use anyhow::Result;
use news::{Sketch, Timestamp};
use understand::BuiltIn;

use super::{compose::*, day::days};
use crate::evaluate::stories::told::{self, Told};

pub const FOLDS: usize = 5;

/// A set of articles with their stories, in one of the forms in which articles come.
pub struct Set {
    pub name: &'static str,
    pub sketches: Vec<Sketch>,
    pub truth: Vec<String>,
    /// Look-alikes are never parted.
    pub fold: Vec<usize>,
    /// How much its pairs count when weights are learnt, and its stories when they are balanced.
    pub learnt: f32,
    pub tried: f32,
}

impl Set {
    /// Whether articles of this form are in it: whole ones (0), leads, headlines. Where there are several, they are held
    /// against each other as the lesser.
    pub fn has_form(&self, form: usize) -> bool {
        let mut forms = self.sketches.iter().map(cluster::form_of);
        let first = forms.next();
        first == Some(form) || forms.any(|it| Some(it) != first)
    }

    /// All that is known when a fold is held out.
    pub fn without(&self, fold: usize) -> Set {
        let stays = || (0..self.truth.len()).filter(|&at| self.fold[at] != fold);
        Set {
            sketches: stays().map(|at| self.sketches[at].clone()).collect(),
            truth: stays().map(|at| self.truth[at].clone()).collect(),
            fold: stays().map(|at| self.fold[at]).collect(),
            ..*self
        }
    }
}

pub fn sets(data: &Path) -> Result<Vec<Set>> {
    let allsides = told::read(&data.join("stories/allsides-fit.jsonl.zst"))?;
    let ecb = told::read(&data.join("stories/ecbplus-fit.jsonl.zst"))?;
    let some = some(&allsides);
    // No look-alikes: of each pair the one.
    let plain = one_of_two(&ecb);
    let own = our_own(|it| it == "en");
    let abroad = our_own(|_| true);
    let days = days(data, &allsides, &ecb)?;
    // In the balance four kinds count alike: editors' picks, look-alikes, long stories whole, long stories in headlines.
    let list: Vec<(&'static str, Vec<Told>, f32, f32)> = vec![
        ("AllSides", allsides.clone(), 2.0, 2.5),
        ("AllSides, slower", late(slower(&some)), 1.0, 1.0),
        ("AllSides, leads, days closer", late(closer(&slower(&cut(&some, 220)))), 0.5, 0.3),
        ("AllSides, headlines, days closer", closer(&slower(&cut(&some, 0))), 0.4, 0.3),
        ("AllSides, mixed, days closer", closer(&slower(&mixed(&some))), 0.5, 0.0),
        ("AllSides, in parts", late(slower(&in_parts(&some))), 1.0, 0.7),
        ("ECB+", ecb.clone(), 2.0, 1.0),
        ("ECB+, shuffled", shuffled(ecb.clone()), 0.0, 1.0),
        ("ECB+, leads", shuffled(cut(&ecb, 220)), 0.5, 0.3),
        ("ECB+, headlines", shuffled(cut(&ecb, 0)), 0.5, 0.2),
        ("ECB+, mixed", shuffled(mixed(&ecb)), 0.5, 0.2),
        ("plain", late(dated(&plain, 10, 10)), 0.7, 0.5),
        ("plain, leads", late(dated(&cut(&plain, 220), 20, 8)), 0.3, 0.3),
        ("plain, in parts", late(dated(&in_parts(&plain), 15, 10)), 1.0, 1.0),
        ("plain, headlines", shuffled(cut(&plain, 0)), 0.0, 0.5),
        ("plain, retold in headlines", shuffled(retold(&plain, 8)), 1.0, 1.5),
        ("a day as it came", days.as_it_came, 2.0, 3.0),
        ("a day, headlines", days.headlines, 1.0, 2.0),
        ("our own", own.clone(), 0.4, 0.4),
        ("our own, leads", cut(&own, 220), 0.3, 0.4),
        ("our own, headlines", cut(&own, 0), 0.2, 0.3),
        ("our own, three languages", abroad, 0.0, 0.0),
    ];
    std::thread::scope(|scope| {
        let made = list.into_iter();
        let tasks: Vec<_> = made
            .map(|(name, articles, learnt, tried)| scope.spawn(move || set(name, &articles, learnt, tried)))
            .collect();
        tasks
            .into_iter()
            .map(|it| it.join().unwrap_or_else(|_| anyhow::bail!("a set could not be made")))
            .collect()
    })
}

/// What readers said, pair by pair: articles that belong together are one story, all others are of different ones.
pub fn said(file: &Path) -> Result<Set> {
    let lines = crate::evaluate::json_lines(file)?;
    set("what readers said", &of_pairs(&lines), 1.0, 1.0)
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

fn set(name: &'static str, articles: &[Told], learnt: f32, tried: f32) -> Result<Set> {
    Ok(Set {
        name,
        sketches: told::sketches(articles, &BuiltIn::new())?,
        truth: articles.iter().map(|it| it.story.clone()).collect(),
        fold: articles.iter().map(|it| fold_of(&it.story)).collect(),
        learnt,
        tried,
    })
}

/// ECB+ names a story by its topic's number and "ecb" or "ecbplus": look-alikes have the number in common.
pub fn fold_of(story: &str) -> usize {
    hash(story.trim_end_matches("plus")) as usize / 7 % FOLDS
}

/// What our own demonstration tells: a town's week in eight outlets.
fn our_own(in_language: impl Fn(&str) -> bool) -> Vec<Told> {
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
        articles.into_iter().filter(|it| in_language(it.outlet.language)).map(told).collect();
    told.sort_by_key(|it| it.at);
    told
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
