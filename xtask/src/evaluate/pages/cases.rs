//! The shapes of page files, as the data's README describes them, made into one.

use std::path::Path;

use anyhow::Result;
use serde_json::Value;

use super::fields::Fields;

/// Which of the sets' own measures the text is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Runs of four words (scrapinghub).
    Shingles,
    /// Words as a bag.
    Bag,
    /// Segments that must be in it and segments that must not.
    Segments,
    /// No text is given.
    MetadataOnly,
}

#[derive(Clone)]
pub struct Case {
    pub id: String,
    pub address: String,
    pub html: String,
    pub kind: Kind,
    pub text: String,
    pub with: Vec<String>,
    pub without: Vec<String>,
    pub title: Option<String>,
    /// `None`: the set does not say.
    pub authors: Option<Vec<String>>,
    pub day: Option<String>,
    pub fields: Fields,
}

pub fn cases(file: &Path) -> Result<Vec<Case>> {
    Ok(super::super::json_lines(file)?.iter().enumerate().flat_map(|(at, line)| read(line, at)).collect())
}

pub fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned).filter(|it| !it.trim().is_empty())
}

pub fn list(value: &Value) -> Vec<String> {
    value.as_array().map(|it| it.iter().filter_map(text).collect()).unwrap_or_default()
}

fn day(value: &Value) -> Option<String> {
    text(value).and_then(|it| Some(it.get(..10)?.to_owned()))
}

fn read(line: &Value, at: usize) -> Vec<Case> {
    let id = ["id", "file", "url"].iter().find_map(|it| text(&line[*it])).unwrap_or_else(|| at.to_string());
    let case = Case {
        id,
        address: text(&line["url"]).unwrap_or_else(|| "https://page.example/".into()),
        html: text(&line["html"]).unwrap_or_default(),
        kind: Kind::MetadataOnly,
        text: String::new(),
        with: list(&line["with"]),
        without: list(&line["without"]),
        title: None,
        authors: None,
        day: None,
        fields: Fields::default(),
    };
    if let Some(body) = line["articleBody"].as_str() {
        return vec![Case { kind: Kind::Shingles, text: body.to_owned(), ..case }];
    }
    if line["ground_truth"].is_object() {
        let truth = &line["ground_truth"];
        return vec![Case {
            kind: Kind::Bag,
            text: text(&truth["main_content"]).unwrap_or_default(),
            with: list(&truth["with"]),
            without: list(&truth["without"]),
            title: text(&truth["title"]),
            authors: text(&truth["author"]).map(|it| super::metadata::byline(&it)),
            day: day(&truth["publish_date"]),
            ..case
        }];
    }
    if let Some(html) = line["expected_html"].as_str() {
        let said = &line["metadata"];
        return vec![Case {
            kind: Kind::Bag,
            text: extract::plain(html),
            title: text(&said["title"]),
            authors: text(&said["byline"]).map(|it| super::metadata::byline(&it)),
            day: day(&said["publishedTime"]),
            fields: Fields::of_fixture(said),
            ..case
        }];
    }
    if line["expected"].is_object() && line["pages"].is_array() {
        return versions(line);
    }
    if !case.with.is_empty() || !case.without.is_empty() {
        return vec![Case { kind: Kind::Segments, ..case }];
    }
    vec![Case { day: day(&line["date"]), ..case }]
}

/// One publisher's pages, each beside what the rules of its time found.
fn versions(line: &Value) -> Vec<Case> {
    let publisher = text(&line["publisher"]).unwrap_or_default();
    let expected = line["expected"].as_object().into_iter().flatten();
    let pages = line["pages"].as_array().into_iter().flatten();
    let pairs = expected.zip(pages);
    let case = |((version, expected), page): ((&String, &Value), &Value)| {
        let mut parts = list(&expected["body"]["summary"]);
        for section in expected["body"]["sections"].as_array().into_iter().flatten() {
            parts.extend(list(&section["headline"]));
            parts.extend(list(&section["paragraphs"]));
        }
        let html = text(&page["html"]).unwrap_or_default();
        Case {
            id: format!("{publisher} {version}"),
            address: address_in(&html)
                .unwrap_or_else(|| format!("https://{}.example/", publisher.to_lowercase())),
            html,
            kind: Kind::Bag,
            text: parts.join("\n"),
            with: Vec::new(),
            without: Vec::new(),
            title: text(&expected["title"]),
            authors: expected.get("authors").map(list).filter(|it| !it.is_empty()),
            day: day(&expected["publishing_date"]),
            fields: Fields::of_publisher(expected),
        }
    };
    pairs.map(case).collect()
}

/// These files do not say where a page was; the page does.
fn address_in(html: &str) -> Option<String> {
    let at = html.find("rel=\"canonical\"")?;
    let from = html[..at].rfind('<')?;
    let tag = &html[from..from + html[from..].find('>')?];
    let value = &tag[tag.find("href=\"")? + 6..];
    Some(value[..value.find('"')?].to_owned()).filter(|it| it.starts_with("http"))
}
