//! Other forms of the same articles.

use std::collections::HashMap;

use news::Language;
use understand::words::tokens;

use crate::evaluate::stories::told::Told;

const DAY: i64 = 86_400;

/// As feeds have them: the beginning only.
pub fn cut(articles: &[Told], characters: usize) -> Vec<Told> {
    let cut = |it: &Told| Told { body: it.body.chars().take(characters).collect(), ..it.clone() };
    articles.iter().map(cut).collect()
}

/// Of three articles one is a headline, one a lead, one whole.
pub fn mixed(articles: &[Told]) -> Vec<Told> {
    let characters = |it: &Told| [0, 220, usize::MAX][(hash(&format!("m{}", it.title)) % 3) as usize];
    let cut = |it: &Told| Told { body: it.body.chars().take(characters(it)).collect(), ..it.clone() };
    articles.iter().map(cut).collect()
}

/// In no order, and without days.
pub fn shuffled(articles: Vec<Told>) -> Vec<Told> {
    let mut shuffled: Vec<Told> = articles.into_iter().map(|it| Told { at: 0, ..it }).collect();
    shuffled.sort_by_key(|it| hash(&format!("{}{}", it.title, it.url)).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    shuffled
}

/// Editors pick three articles of one day; outside, a story goes on for days: of all that is told of it half in the
/// first two days, a quarter after the fifth, the last on the ninth.
pub fn slower(articles: &[Told]) -> Vec<Told> {
    let late = |it: &Told| (hash(&it.title) % 1_000) as f64 / 1_000.0;
    let later = |it: &Told| Told { at: it.at + (late(it).powi(2) * 9.0 * DAY as f64) as i64, ..it.clone() };
    in_time(articles.iter().map(later).collect())
}

/// One in ten comes weeks later: what becomes of it, or a page that tells the day on which it was last changed.
pub fn late(articles: Vec<Told>) -> Vec<Told> {
    let weeks = |it: &Told| (hash(&format!("w{}", it.title)) % 1_000) as i64 * 30 * DAY / 1_000;
    let is_late = |it: &Told| hash(&format!("l{}", it.title)).is_multiple_of(10);
    let later = |it: Told| if is_late(&it) { Told { at: it.at + weeks(&it), ..it } } else { it };
    in_time(articles.into_iter().map(later).collect())
}

/// A few articles a day are far fewer than a reader's sources bring: years are pressed together, and each story keeps
/// its own length.
pub fn closer(articles: &[Told]) -> Vec<Told> {
    const TIMES: i64 = 20;
    let mut began: HashMap<&str, i64> = HashMap::new();
    for it in articles {
        let first = began.entry(&it.story).or_insert(it.at);
        *first = it.at.min(*first);
    }
    let first = began.values().min().copied().unwrap_or(0);
    let at =
        |it: &Told| first + (began[it.story.as_str()] - first) / TIMES + (it.at - began[it.story.as_str()]);
    in_time(articles.iter().map(|it| Told { at: at(it), ..it.clone() }).collect())
}

/// All begin within a window of so many days; each story has a length of its own, the most articles at its beginning.
pub fn dated(articles: &[Told], window: i64, longest: i64) -> Vec<Told> {
    let at = |it: &Told| {
        let begins = (hash(&it.story) % 10_000) as i64 * window * DAY / 10_000;
        let lasts = (hash(&it.story).wrapping_mul(31) % 100) as i64 * longest * DAY / 100;
        let late = (hash(&it.title) % 1_000) as i64;
        1_400_000_000 + begins + lasts * late / 1_000 * late / 1_000 * late / 1_000
    };
    in_time(articles.iter().map(|it| Told { at: at(it), ..it.clone() }).collect())
}

/// Every second story.
pub fn some(articles: &[Told]) -> Vec<Told> {
    articles.iter().filter(|it| hash(&it.story).is_multiple_of(2)).cloned().collect()
}

/// Of two look-alikes ("1ecb", "1ecbplus") the one.
pub fn one_of_two(articles: &[Told]) -> Vec<Told> {
    let second = |it: &Told| it.story.ends_with("plus");
    let topic = |it: &Told| it.story.trim_end_matches("plus").trim_end_matches("ecb").to_owned();
    articles.iter().filter(|it| hash(&topic(it)).is_multiple_of(2) == second(it)).cloned().collect()
}

/// An article in two or three, as if each had told another side of it.
pub fn in_parts(articles: &[Told]) -> Vec<Told> {
    let mut parts = Vec::new();
    for it in articles {
        let sentences = sentences(&it.body);
        let many = (hash(&it.story) % 3 + 1) as usize;
        for (at, part) in sentences.chunks(sentences.len().div_ceil(many).max(4)).enumerate() {
            let title = if at == 0 { it.title.clone() } else { first_words(&part[0], 12) };
            parts.push(Told { title, body: part.join(" "), url: format!("{}#{at}", it.url), ..it.clone() });
        }
    }
    parts
}

/// Headlines, and as other outlets' headlines so many of the article's sentences at most as say what the headlines of its
/// story say; of some stories many more than of others, as it is with stories.
pub fn retold(articles: &[Told], most: u64) -> Vec<Told> {
    let mut said: HashMap<&str, (f32, HashMap<u32, f32>)> = HashMap::new();
    for it in articles {
        let (headlines, words) = said.entry(&it.story).or_default();
        *headlines += 1.0;
        stems(&it.title).into_iter().for_each(|stem| *words.entry(stem).or_default() += 1.0);
    }
    let mut retold = Vec::new();
    for it in articles {
        let (headlines, words) = &said[it.story.as_str()];
        let title = stems(&it.title);
        let mut others: Vec<(f32, String)> = sentences(&it.body)
            .into_iter()
            .take(14)
            .map(|sentence| first_words(&sentence, 9 + (hash(&sentence) % 7) as usize))
            .filter_map(|told| {
                let stems = stems(&told);
                let of_core: f32 = stems.iter().filter_map(|stem| Some(words.get(stem)? / headlines)).sum();
                let same = stems.iter().filter(|it| title.contains(it)).count();
                (0.9 <= of_core && same * 10 < stems.len() * 7).then_some((of_core, told))
            })
            .collect();
        others.sort_by(|a, b| b.0.total_cmp(&a.0));
        let share = (hash(&format!("h{}", it.story)) % 1_000) as f64 / 1_000.0;
        others.truncate((((most + 1) as f64).powf(share) - 1.0).round() as usize);
        let headline = first_words(&it.title, 16);
        let titles = std::iter::once(headline).chain(others.into_iter().map(|it| it.1));
        retold.extend(titles.enumerate().map(|(at, title)| Told {
            title,
            body: String::new(),
            url: format!("{}#{at}", it.url),
            ..it.clone()
        }));
    }
    retold
}

fn in_time(mut articles: Vec<Told>) -> Vec<Told> {
    articles.sort_by_key(|it| it.at);
    articles
}

fn sentences(text: &str) -> Vec<String> {
    let long = |it: &&str| 35 < it.chars().count();
    understand::sentences_of(text).map(str::trim).filter(long).map(str::to_owned).collect()
}

fn first_words(text: &str, many: usize) -> String {
    text.split_whitespace().take(many).collect::<Vec<_>>().join(" ")
}

fn stems(text: &str) -> Vec<u32> {
    let mut stems: Vec<u32> = tokens(text, &Language("en".into())).map(|it| it.hash).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

pub fn hash(text: &str) -> u64 {
    let fnv = |h: u64, b: u8| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3);
    text.bytes().fold(0xcbf2_9ce4_8422_2325, fnv) >> 20
}
