//! A made-up day on which most of what is told is alone, as on every real day.
//!
//! No building set has one, so weights that join by chains looked good on them. What is alone comes from days that lie so
//! far apart that two of them hardly tell of one happening, set onto one day: items of feeds as they came, and whole
//! articles. Of one true day only what has hardly a word of its headline in common. Among it stand stories that people put
//! together, so that joining nothing pays as little.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    path::Path,
};

use anyhow::Result;
use news::Language;
use understand::words::tokens;

use super::compose::{cut, hash, in_parts, mixed, one_of_two, retold};
use crate::evaluate::stories::told::{self, Told};

/// So many days lie between two that hardly tell of one happening.
const APART: i64 = 22;
/// Of the months of which much is kept, each so many days; those nearer than the others are held apart by their words.
const RICH: i64 = 5;
const DAY: i64 = 86_400;
/// Onto which day all is set.
const SET: i64 = 17_000 * DAY;
/// So much of one true day at most, and of it so much of one outlet.
const OF_DAY: usize = 100;
const OF_OUTLET: usize = 20;
/// Months of the archive whose days are used; the day of November on which grouping is looked at lies in none.
const MONTHS: std::ops::RangeInclusive<u32> = 1..=10;

pub struct Days {
    /// As it came: headlines with a sentence or none, some long descriptions, whole articles.
    pub as_it_came: Vec<Told>,
    pub headlines: Vec<Told>,
}

pub fn days(data: &Path, allsides: &[Told], ecb: &[Told]) -> Result<Days> {
    let mut feeds = Vec::new();
    for month in MONTHS {
        feeds.extend(told::read_feeds(&data.join(format!("rss2022/2022-{month:02}.jsonl.zst")))?);
    }
    let rich = told::moment("2022-09-01").unwrap_or(0) / DAY;
    let alone = alone(feeds, |day| if rich <= day { RICH } else { APART });
    let whole = alone_whole(data)?;
    let far = far_apart(allsides);
    let plain = one_of_two(ecb);
    let third = |of: u64| -> Vec<Told> {
        plain.iter().filter(|it| hash(&format!("t{}", it.story)) % 3 == of).cloned().collect()
    };
    let stories = [mixed(&far), in_parts(&third(0)), cut(&third(1), 220), retold(&third(2), 6)];
    let as_it_came: Vec<Told> = [alone.clone(), whole.clone()].into_iter().chain(stories).flatten().collect();
    let headlines: Vec<Told> =
        [cut(&alone, 0), cut(&far, 0), retold(&plain, 6)].into_iter().flatten().collect();
    eprintln!("days: {} alone of {}", alone.len() + whole.len(), as_it_came.len());
    Ok(Days { as_it_came: on_one_day(as_it_came), headlines: on_one_day(headlines) })
}

/// What tells of different things: of one day no two that have a longer word of their headlines in common, of days near
/// one another no two that have two.
fn alone(items: Vec<Told>, every: impl Fn(i64) -> i64) -> Vec<Told> {
    let mut by_day: BTreeMap<i64, Vec<Told>> = BTreeMap::new();
    for it in items {
        let day = it.at.div_euclid(DAY);
        if day.rem_euclid(every(day)) == 0 {
            by_day.entry(day).or_default().push(it);
        }
    }
    let mut titles = HashSet::new();
    let mut near: Vec<(i64, Vec<u32>)> = Vec::new();
    let mut alone = Vec::new();
    for (day, mut items) in by_day {
        items.sort_by_key(|it| hash(&it.url));
        near.retain(|it| day - it.0 < APART);
        let (mut outlets, mut taken) = (HashMap::new(), 0);
        for it in items {
            let words = long_words(&it.title);
            let shared = |other: &[u32]| words.iter().filter(|word| other.contains(word)).count();
            let of_outlet = outlets.entry(it.outlet.clone()).or_insert(0);
            let new =
                1 < words.len() && near.iter().all(|(of, other)| shared(other) <= usize::from(*of != day));
            if new && taken < OF_DAY && *of_outlet < OF_OUTLET && titles.insert(it.title.clone()) {
                *of_outlet += 1;
                taken += 1;
                near.push((day, words));
                let story = format!("alone {}", alone.len());
                alone.push(Told { story, ..it });
            }
        }
    }
    alone
}

/// None of them is in a set that is kept for reporting.
fn alone_whole(data: &Path) -> Result<Vec<Told>> {
    let kept: HashSet<String> =
        told::read(&data.join("stories/allsides-report.jsonl.zst"))?.into_iter().map(|it| it.title).collect();
    let mut articles = Vec::new();
    for year in ["2018", "2019"] {
        let lines = crate::evaluate::json_lines(&data.join(format!("articles/allsides-{year}.jsonl.zst")))?;
        articles.extend(lines.iter().map(told::read_alone).filter(|it| !kept.contains(&it.title)));
    }
    let rename = |it: Told| Told { story: format!("whole {}", it.story), ..it };
    Ok(alone(articles, |_| APART).into_iter().map(rename).collect())
}

/// Stories that begin on days far apart.
fn far_apart(articles: &[Told]) -> Vec<Told> {
    let mut began: HashMap<&str, i64> = HashMap::new();
    for it in articles {
        let first = began.entry(&it.story).or_insert(it.at);
        *first = it.at.min(*first);
    }
    let far = |it: &&Told| began[it.story.as_str()].div_euclid(DAY).rem_euclid(APART) < 2;
    articles.iter().filter(far).cloned().collect()
}

/// What is alone keeps its hour; a story's articles come within some hours of one another.
fn on_one_day(articles: Vec<Told>) -> Vec<Told> {
    let at = |it: &Told| {
        if it.story.contains("alone") {
            return SET + (hash(&it.url) % DAY as u64) as i64;
        }
        let begins = (hash(&it.story) % (DAY as u64 / 2)) as i64;
        let late = (hash(&it.title) % 1_000) as i64;
        SET + begins + DAY / 2 * late / 1_000 * late / 1_000
    };
    let mut set: Vec<Told> = articles.into_iter().map(|it| Told { at: at(&it), ..it }).collect();
    set.sort_by_key(|it| it.at);
    set
}

fn long_words(title: &str) -> Vec<u32> {
    let long = |word: &&str| 4 < word.chars().count();
    let text: Vec<&str> = title.split(|c: char| !c.is_alphanumeric()).filter(long).collect();
    let mut words: Vec<u32> = tokens(&text.join(" "), &Language("en".into())).map(|it| it.hash).collect();
    words.sort_unstable();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(day: i64, title: &str) -> Told {
        Told { title: title.into(), url: title.into(), at: day * DAY, ..Told::default() }
    }

    #[test]
    fn what_is_alone_has_no_word_in_common_on_its_day_and_no_two_with_days_near() {
        let items = [
            item(0, "Minister resigns over harbour contract"),
            item(0, "Harbour ferry sinks off southern island"),
            item(1, "Strike closes harbour again"),
            item(1, "Minister leaves harbour meeting"),
            item(50, "Minister defends harbour contract again"),
        ];
        let alone = alone(items.into(), |_| 1);
        let of = |day: i64| alone.iter().filter(|it| it.at == day * DAY).count();
        assert_eq!((of(0), of(1), of(50)), (1, 1, 1), "{alone:?}");
        let near = alone.iter().find(|it| it.at == DAY).map(|it| it.title.as_str());
        let first = alone.iter().find(|it| it.at == 0).map(|it| it.title.as_str());
        assert!(
            first != Some("Minister resigns over harbour contract")
                || near == Some("Strike closes harbour again")
        );
        let mut stories: Vec<&str> = alone.iter().map(|it| it.story.as_str()).collect();
        stories.dedup();
        assert_eq!(stories.len(), 3);
    }

    #[test]
    fn on_one_day_a_story_stays_together_and_nothing_is_of_another_day() {
        let told = |story: &str, title: &str| Told { story: story.into(), ..item(7, title) };
        let set = on_one_day(vec![told("alone 1", "One"), told("flood", "Two"), told("flood", "Three")]);
        assert!(set.iter().all(|it| it.at.div_euclid(DAY) == SET / DAY), "{set:?}");
        assert!(set.is_sorted_by_key(|it| it.at));
    }
}
