//! One article of the little internet, read from its file.
//!
//! A file has a head of `key: value` lines, an empty line, and the text: paragraphs apart by empty lines, `## ` before
//! a heading, `- ` before the lines of a list, `> ` before a quotation, `|` before the rows of a table, and
//! `[words](slug)` for a link to another article.

use news::Timestamp;

use crate::{dates, outlet, outlet::Outlet, page::plain};

#[derive(Clone, Debug)]
pub struct Article {
    /// Its file's name and the last part of its address; unique.
    pub slug: &'static str,
    pub outlet: &'static Outlet,
    /// What it tells of: articles with the same word tell of the same happening.
    pub happening: &'static str,
    pub title: String,
    /// The headline that it had at first, where it was edited afterwards.
    pub first_title: Option<String>,
    pub standfirst: String,
    pub by: Vec<Byline>,
    pub section: &'static str,
    pub tags: Vec<&'static str>,
    pub key_points: Vec<String>,
    pub picture: Option<Captioned>,
    pub published: Timestamp,
    pub updated: Option<Timestamp>,
    pub body: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Byline {
    pub name: &'static str,
    pub is_agency: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captioned {
    pub scene: &'static str,
    pub caption: String,
    pub credit: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(String),
    Heading(String),
    Quote(String),
    List(Vec<String>),
    Table(Vec<Vec<String>>),
}

impl Article {
    /// The text without marks or addresses, a line for each paragraph, line of a list and cell of a table.
    pub fn text(&self) -> String {
        self.body.iter().flat_map(Block::texts).map(plain).collect::<Vec<_>>().join("\n")
    }
}

impl Block {
    /// Its pieces of text, each of which stands by itself on the page.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Block::Paragraph(text) | Block::Heading(text) | Block::Quote(text) => vec![text],
            Block::List(lines) => lines.iter().map(String::as_str).collect(),
            Block::Table(rows) => rows.iter().flatten().map(String::as_str).collect(),
        }
    }
}

/// Reads one file. `None` when its head names no outlet or no happening: the tests see that none does.
pub fn read(slug: &'static str, file: &'static str, now: Timestamp) -> Option<Article> {
    let (head, text) = file.split_once("\n\n")?;
    let outlet = outlet::named(value(head, "outlet")?)?;
    let published = hours_before(now, value(head, "hours")?)?;
    let fill = |text: &str| dates::fill_in(text.trim(), published, outlet.language);
    Some(Article {
        slug,
        outlet,
        happening: value(head, "happening")?,
        title: fill(value(head, "title")?),
        first_title: value(head, "first-title").map(fill),
        standfirst: fill(value(head, "standfirst")?),
        by: bylines(head),
        section: value(head, "section")?,
        tags: value(head, "tags").map(|tags| tags.split(',').map(str::trim).collect()).unwrap_or_default(),
        key_points: values(head, "point").map(fill).collect(),
        picture: value(head, "picture").and_then(|line| captioned(line, fill)),
        published,
        updated: value(head, "updated").and_then(|hours| hours_before(now, hours)),
        body: text
            .split("\n\n")
            .filter(|part| !part.trim().is_empty())
            .map(|part| block(part, &fill))
            .collect(),
    })
}

/// What a file says of the happening, without reading the rest.
pub fn value(head: &'static str, key: &str) -> Option<&'static str> {
    values(head, key).next()
}

fn values<'a>(head: &'static str, key: &'a str) -> impl Iterator<Item = &'static str> + use<'a> {
    head.lines()
        .take_while(|line| !line.is_empty())
        .filter_map(move |line| line.strip_prefix(key)?.strip_prefix(':').map(str::trim))
}

fn hours_before(now: Timestamp, hours: &str) -> Option<Timestamp> {
    let seconds = hours.parse::<f64>().ok()? * 3600.0;
    Some(Timestamp(now.0 - seconds as i64))
}

fn bylines(head: &'static str) -> Vec<Byline> {
    let people = values(head, "by").map(|name| Byline { name, is_agency: false });
    people.chain(values(head, "agency").map(|name| Byline { name, is_agency: true })).collect()
}

fn captioned(line: &'static str, fill: impl Fn(&str) -> String) -> Option<Captioned> {
    let mut parts = line.split('|').map(str::trim);
    Some(Captioned { scene: parts.next()?, caption: fill(parts.next()?), credit: parts.next()? })
}

fn block(part: &str, fill: &impl Fn(&str) -> String) -> Block {
    let part = part.trim();
    let lines = |mark: &str| part.lines().map(|line| fill(line.trim_start_matches(mark))).collect::<Vec<_>>();
    match part.chars().next() {
        Some('#') => Block::Heading(fill(part.trim_start_matches('#'))),
        Some('>') => Block::Quote(lines(">").join(" ")),
        Some('-') => Block::List(lines("-")),
        Some('|') => Block::Table(part.lines().map(|row| cells(row, fill)).collect()),
        _ => Block::Paragraph(lines("").join(" ")),
    }
}

fn cells(row: &str, fill: &impl Fn(&str) -> String) -> Vec<String> {
    row.trim().trim_matches('|').split('|').map(fill).collect()
}
