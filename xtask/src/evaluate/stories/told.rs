//! Articles with the story that people put them in.

use std::path::Path;

use anyhow::{Context, Result};
use news::{ArticleId, Sketch, SourceId, Timestamp};
use serde_json::Value;
use understand::{Embedder, Text};

/// So many are understood at once.
const BATCH: usize = 256;

#[derive(Clone, Debug, Default)]
pub struct Told {
    pub story: String,
    pub title: String,
    pub body: String,
    /// 0 where it is not known.
    pub at: i64,
    pub outlet: String,
    pub url: String,
}

/// In order of time; those without a time first, in the order of the file.
pub fn read(file: &Path) -> Result<Vec<Told>> {
    let lines = super::super::json_lines(file)?;
    let mut articles: Vec<Told> =
        lines.iter().map(read_one).collect::<Result<_>>().with_context(|| file.display().to_string())?;
    articles.sort_by_key(|it| it.at);
    Ok(articles)
}

/// Items of feeds, whose stories nobody has told; a feed that repeats itself is heard once.
pub fn read_feeds(file: &Path) -> Result<Vec<Told>> {
    let mut seen = std::collections::HashSet::new();
    let mut items = Vec::new();
    for line in super::super::json_lines(file)? {
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let url = text("link");
        if seen.insert(url.clone()) {
            items.push(Told {
                story: String::new(),
                title: text("title"),
                body: extract::plain(&text("description")),
                at: moment(&text("t")).unwrap_or(0),
                outlet: news::outlet_of(&url).unwrap_or_default(),
                url,
            });
        }
    }
    items.sort_by_key(|it| it.at);
    Ok(items)
}

/// An article that nobody put into a story.
pub fn read_alone(line: &Value) -> Told {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    Told {
        story: String::new(),
        title: text("title"),
        body: text("text"),
        at: moment(&text("date")).unwrap_or(0),
        outlet: text("source"),
        url: text("url"),
    }
}

fn read_one(line: &Value) -> Result<Told> {
    let text = |keys: &[&str]| keys.iter().find_map(|key| line[*key].as_str()).unwrap_or_default().to_owned();
    let url = text(&["url", "link"]);
    let mut told = Told {
        story: match &line["story"] {
            Value::String(story) => story.clone(),
            Value::Null => anyhow::bail!("an article without a story"),
            other => other.to_string(),
        },
        title: text(&["title"]),
        body: text(&["text"]),
        at: ["t", "date", "published"].iter().find_map(|key| moment(line[*key].as_str()?)).unwrap_or(0),
        outlet: news::outlet_of(&url).unwrap_or_else(|| text(&["source", "publisher", "host", "feed"])),
        url,
    };
    if told.body.is_empty() {
        told.body = text(&["description", "summary"]);
    }
    if let Some(sentences) = line["sentences"].as_array() {
        of_sentences(&mut told, sentences.iter().filter_map(Value::as_str));
    }
    Ok(told)
}

/// Such texts begin with their address, where they have it, and have no field for a headline: it is what comes next.
fn of_sentences<'a>(told: &mut Told, sentences: impl Iterator<Item = &'a str>) {
    let mut sentences = sentences.peekable();
    if let Some(address) = sentences.next_if(|it| it.starts_with("http")) {
        told.url = address.split_whitespace().collect();
        told.outlet = news::outlet_of(&told.url).unwrap_or_default();
    }
    let sentences: Vec<String> = sentences.map(joined).collect();
    if told.title.is_empty() {
        told.title = sentences.first().cloned().unwrap_or_default();
    }
    told.body = sentences.join("\n");
}

/// Undoes the spaces that a tokeniser put before punctuation.
fn joined(sentence: &str) -> String {
    let pairs = [
        ("`` ", "“"),
        (" ''", "”"),
        (" 's", "'s"),
        (" n't", "n't"),
        (" 're", "'re"),
        (" 'll", "'ll"),
        (" ,", ","),
        (" .", "."),
        (" ;", ";"),
        (" :", ":"),
        (" !", "!"),
        (" ?", "?"),
        (" %", "%"),
        ("$ ", "$"),
        ("-LRB- ", "("),
        (" -RRB-", ")"),
    ];
    pairs.iter().fold(sentence.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// "2022-11-07", or with a time behind it ("T" or a space). A day alone is its noon.
pub fn moment(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
    let seconds = match (number(11, 13), number(14, 16)) {
        (Some(hour), Some(minute)) => hour * 3_600 + minute * 60 + number(17, 19).unwrap_or(0),
        _ => 43_200,
    };
    Some(days(year, month, day) * 86_400 + seconds)
}

/// Days since 1970 (Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if 2 < month { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// As the pipeline makes them.
pub fn sketches(articles: &[Told], embedder: &dyn Embedder) -> Result<Vec<Sketch>> {
    let mut sketches = Vec::with_capacity(articles.len());
    for (batch, articles) in articles.chunks(BATCH).enumerate() {
        let texts: Vec<Text> = articles.iter().map(text).collect();
        let understood = understand::understand(&texts, embedder)?;
        for (place, (told, understanding)) in articles.iter().zip(understood).enumerate() {
            sketches.push(Sketch {
                article: ArticleId((batch * BATCH + place) as i64 + 1),
                source: SourceId(1),
                outlet: told.outlet.clone(),
                title: told.title.clone(),
                standfirst: None,
                picture: None,
                at: Timestamp(told.at),
                address: hash(&told.url),
                links: Vec::new(),
                length: told.body.chars().count() as u32,
                understanding,
            });
        }
    }
    Ok(sketches)
}

fn text(told: &Told) -> Text<'_> {
    Text {
        title: &told.title,
        standfirst: None,
        body: &told.body,
        address: &told.url,
        language: None,
        labels: &[],
    }
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x100_0000_01b3))
}
