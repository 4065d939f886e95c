//! Articles whose subjects people have labelled, in order of time.

use std::{collections::HashMap, path::Path};

use anyhow::{Result, ensure};
use news::{SourceId, StoryId, StorySketch, Term, Timestamp, Understanding};
use serde_json::Value;
use understand::{BuiltIn, Text};

pub struct Item {
    pub sketch: StorySketch,
    pub labels: Vec<String>,
    /// For the comparison with text similarity only.
    pub terms: Vec<Term>,
}

pub struct Corpus(Vec<Item>);

impl Corpus {
    /// Reuters (`topics`: a list) or AllSides (`topic`: a word); articles without a label are left out.
    pub fn read(file: &Path) -> Result<Corpus> {
        let mut rows: Vec<Row> = Vec::new();
        for value in crate::evaluate::json_lines(file)? {
            let last = rows.last().map_or(Timestamp(0), |row| row.at);
            rows.extend(Row::of(&value, last).filter(|row| !row.labels.is_empty()));
        }
        ensure!(!rows.is_empty(), "{}: no labelled articles (`topics` or `topic`)", file.display());
        rows.sort_by_key(|row| row.at);
        understood(rows).map(Corpus)
    }

    /// By time: the half to fit on, and the half to report on.
    pub fn halves(&self) -> (&[Item], &[Item]) {
        self.0.split_at(self.0.len() / 2)
    }
}

struct Row {
    title: String,
    text: String,
    source: String,
    address: String,
    at: Timestamp,
    labels: Vec<String>,
}

impl Row {
    fn of(value: &Value, last: Timestamp) -> Option<Row> {
        let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
        let many = value["topics"].as_array().into_iter().flatten();
        let labels = many.chain([&value["topic"]]).filter_map(Value::as_str).map(str::to_owned).collect();
        let at = value["time"].as_str().or(value["date"].as_str()).and_then(moment).unwrap_or(last);
        Some(Row {
            title: text("title"),
            text: text("text"),
            source: text("source"),
            address: text("url"),
            at,
            labels,
        })
    }
}

/// `1987-03-03T03:42:10` or `2018-01-01`.
pub fn moment(text: &str) -> Option<Timestamp> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    // Days since 1970 (Hinnant's civil calendar).
    let (y, m) = if month <= 2 { (year - 1, month + 9) } else { (year, month - 3) };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    let seconds = (|| Some(number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?))().unwrap_or(0);
    Some(Timestamp(days * 86_400 + seconds))
}

fn understood(rows: Vec<Row>) -> Result<Vec<Item>> {
    let embedder = BuiltIn::new();
    let mut sources: HashMap<String, SourceId> = HashMap::new();
    let mut rarity = Rarity::default();
    let mut items = Vec::with_capacity(rows.len());
    for rows in rows.chunks(256) {
        let texts: Vec<Text> = rows
            .iter()
            .map(|row| Text {
                title: &row.title,
                standfirst: None,
                body: &row.text,
                address: &row.address,
                language: None,
                labels: &[],
            })
            .collect();
        for (row, understanding) in rows.iter().zip(understand::understand(&texts, &embedder)?) {
            let next = SourceId(sources.len() as i64 + 1);
            let source = *sources.entry(row.source.clone()).or_insert(next);
            let telling = rarity.telling(&understanding.terms);
            items.push(item(row, understanding, telling, StoryId(items.len() as i64 + 1), source));
        }
    }
    Ok(items)
}

/// How many of the articles so far had each word; the product's index of stories counts likewise.
#[derive(Default)]
struct Rarity {
    articles: f32,
    with: HashMap<u32, f32>,
}

impl Rarity {
    /// The article's most telling words, at most as many as a story's face carries.
    fn telling(&mut self, terms: &[Term]) -> Vec<Term> {
        self.articles += 1.0;
        for term in terms {
            *self.with.entry(term.hash).or_default() += 1.0;
        }
        let mut telling: Vec<Term> = terms.to_vec();
        telling.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.hash.cmp(&b.hash)));
        telling.truncate(40);
        for term in &mut telling {
            term.weight *= ((self.articles + 10.0) / self.with[&term.hash]).ln();
        }
        telling
    }
}

fn item(
    row: &Row,
    understanding: Understanding,
    telling: Vec<Term>,
    story: StoryId,
    source: SourceId,
) -> Item {
    let sources = if row.source.is_empty() { vec![] } else { vec![(source, row.at)] };
    let sketch = StorySketch {
        story,
        headline: row.title.clone(),
        language: Some(understanding.language),
        centre: understanding.embedding,
        names: understanding.names.into_iter().take(24).collect(),
        topics: understanding.topics,
        terms: telling,
        authors: vec![],
        articles: 1,
        outlets: 1,
        sources,
        began: row.at,
        last_grew: row.at,
        words: row.text.split_whitespace().count() as u32,
        turns: 1,
        said: Default::default(),
    };
    Item { sketch, labels: row.labels.clone(), terms: understanding.terms }
}
