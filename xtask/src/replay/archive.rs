//! The archive: real feed items of 2022, each with the moment at which it was published.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
};

use anyhow::{Context, Result, ensure};

use crate::evaluate::json_lines;

/// One item as it stood in its feed.
#[derive(Clone, Debug)]
pub struct Item {
    /// Seconds since 1970.
    pub at: i64,
    pub title: String,
    pub link: String,
    pub description: String,
}

/// A feed of the archive, its items the oldest first.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Where it was, in its day.
    pub address: String,
    pub title: String,
    pub language: String,
    pub items: Vec<Item>,
}

/// A span of days, in seconds since 1970; the end is outside.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

impl Span {
    pub fn new(from: &str, days: i64) -> Result<Span> {
        let day: jiff::civil::Date =
            from.parse().with_context(|| format!("{from} is no day like 2022-11-07"))?;
        let from = day.to_zoned(jiff::tz::TimeZone::UTC)?.timestamp().as_second();
        Ok(Span { from, to: from + days * 24 * 3600 })
    }

    /// Names of the months that it touches, like `2022-11`.
    fn months(&self) -> Result<Vec<String>> {
        let month = |at: i64| -> Result<String> {
            Ok(jiff::Timestamp::from_second(at)?.strftime("%Y-%m").to_string())
        };
        let mut months = Vec::new();
        for at in (self.from..self.to).step_by(24 * 3600) {
            months.push(month(at)?);
        }
        months.dedup();
        Ok(months)
    }
}

/// The `at_most` feeds with the most items in the span (all, when there are fewer).
pub fn read(folder: &Path, span: Span, at_most: usize) -> Result<Vec<Feed>> {
    let titles = titles(folder)?;
    let mut feeds: BTreeMap<String, Feed> = BTreeMap::new();
    for month in span.months()? {
        for line in json_lines(&folder.join(format!("{month}.jsonl.zst")))? {
            let text = |name: &str| line[name].as_str().unwrap_or_default().to_string();
            let at: jiff::Timestamp =
                text("t").parse().with_context(|| format!("{} is no moment", text("t")))?;
            let at = at.as_second();
            if !(span.from..span.to).contains(&at) {
                continue;
            }
            let address = text("feed");
            let feed = feeds.entry(address.clone()).or_insert_with(|| Feed {
                title: titles.get(&address).cloned().unwrap_or_else(|| address.clone()),
                address,
                language: text("lang"),
                items: Vec::new(),
            });
            feed.items.push(Item {
                at,
                title: text("title"),
                link: text("link"),
                description: text("description"),
            });
        }
    }
    let mut feeds: Vec<Feed> = feeds.into_values().collect();
    ensure!(!feeds.is_empty(), "the archive at {} has nothing of those days", folder.display());
    feeds.sort_by(|a, b| b.items.len().cmp(&a.items.len()).then_with(|| a.address.cmp(&b.address)));
    feeds.truncate(at_most);
    for feed in &mut feeds {
        feed.items.sort_by_key(|item| item.at);
    }
    Ok(feeds)
}

fn titles(folder: &Path) -> Result<HashMap<String, String>> {
    let text = std::fs::read_to_string(folder.join("sources.json")).unwrap_or_else(|_| "[]".into());
    let sources: Vec<serde_json::Value> = serde_json::from_str(&text).context("sources.json")?;
    let pair =
        |it: &serde_json::Value| Some((it["url"].as_str()?.to_string(), it["title"].as_str()?.to_string()));
    Ok(sources.iter().filter_map(pair).collect())
}
