//! How well the rest of what an article has was found: standfirst, pictures, labels, headings, outlet, language.
//!
//! Only some sets say any of it; what a set does not say is not counted. What the publishers' rules call a standfirst or
//! a cover picture is a convention of each, so these figures are to be compared with yesterday's, not with 1.

use std::fmt;

use news::Extracted;
use serde_json::Value;

use super::metadata::same;
use super::metrics::{bag, words};

/// What a set says of one page.
#[derive(Clone, Default)]
pub struct Fields {
    standfirst: Option<String>,
    /// Of the lead picture and of all: every address under which it is to be had.
    cover: Option<Picture>,
    pictures: Vec<Vec<String>>,
    labels: Vec<String>,
    headings: Vec<String>,
    outlet: Option<String>,
    language: Option<String>,
}

#[derive(Clone)]
struct Picture {
    addresses: Vec<String>,
    caption: Option<String>,
    credit: Option<String>,
}

impl Fields {
    /// As the rules of one publisher found them.
    pub fn of_publisher(expected: &Value) -> Fields {
        let images = expected["images"].as_array().into_iter().flatten();
        let addresses = |image: &Value| -> Vec<String> {
            let versions = image["versions"].as_array().into_iter().flatten();
            versions.filter_map(|it| super::cases::text(&it["url"])).collect()
        };
        let cover = images.clone().find(|it| it["is_cover"] == true).map(|it| Picture {
            addresses: addresses(it),
            caption: super::cases::text(&it["caption"]),
            credit: Some(super::cases::list(&it["authors"]).join(", ")).filter(|it| !it.is_empty()),
        });
        let sections = expected["body"]["sections"].as_array().into_iter().flatten();
        let standfirst = super::cases::list(&expected["body"]["summary"]).join(" ");
        Fields {
            standfirst: Some(standfirst).filter(|it| !it.is_empty()),
            cover,
            pictures: images.map(addresses).collect(),
            labels: super::cases::list(&expected["topics"]),
            headings: sections.flat_map(|it| super::cases::list(&it["headline"])).collect(),
            outlet: None,
            language: None,
        }
    }

    /// As the fixtures of a reader mode say them.
    pub fn of_fixture(said: &Value) -> Fields {
        Fields {
            outlet: super::cases::text(&said["siteName"]),
            language: super::cases::text(&said["lang"])
                .map(|it| it.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()),
            ..Fields::default()
        }
    }
}

const NAMES: [&str; 11] = [
    "standfirst",
    "lead picture",
    "its caption",
    "its credit",
    "pictures found",
    "pictures right",
    "labels found",
    "labels right",
    "headings",
    "outlet",
    "language",
];

/// One thing that a set says of a page, or that we say of it, and whether the two agree.
pub struct Judged {
    field: usize,
    pub right: bool,
    truth: String,
    own: String,
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?} / {:?}", NAMES[self.field], self.truth, self.own)
    }
}

pub fn judged(truth: &Fields, own: &Extracted) -> Vec<Judged> {
    let mut all = Vec::new();
    let mut judge = |name: &str, right: bool, truth: &str, own: &str| {
        let field = NAMES.iter().position(|it| *it == name).unwrap_or_default();
        all.push(Judged { field, right, truth: truth.to_owned(), own: own.to_owned() });
    };
    if let Some(standfirst) = &truth.standfirst {
        let said = own.standfirst.iter().chain(&own.key_points).cloned().collect::<Vec<_>>().join(" ");
        judge("standfirst", is_mostly(standfirst, &said), standfirst, &said);
    }
    if let Some(cover) = &truth.cover {
        let picture = own.picture.clone().unwrap_or_default();
        judge(
            "lead picture",
            is_one_of(&picture.url, &cover.addresses),
            &cover.addresses.join(" "),
            &picture.url,
        );
        for (name, truth, own) in [
            ("its caption", &cover.caption, &picture.caption),
            ("its credit", &cover.credit, &picture.credit),
        ] {
            if let Some(truth) = truth {
                let own = own.clone().unwrap_or_default();
                judge(name, is_mostly(truth, &own), truth, &own);
            }
        }
    }
    let shown: Vec<&str> =
        own.body.as_str().split("src=\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    let lead = own.picture.as_ref().map(|it| it.url.as_str());
    for addresses in &truth.pictures {
        let is_there = shown.iter().copied().chain(lead).any(|it| is_one_of(it, addresses));
        judge("pictures found", is_there, addresses.first().map_or("", String::as_str), "");
    }
    for picture in shown.iter().filter(|_| !truth.pictures.is_empty()) {
        judge("pictures right", truth.pictures.iter().any(|it| is_one_of(picture, it)), "", picture);
    }
    let has = |all: &[String], one: &String| all.iter().any(|it| same(it, one));
    if !truth.labels.is_empty() {
        truth
            .labels
            .iter()
            .for_each(|it| judge("labels found", has(&own.labels, it), it, &own.labels.join(", ")));
        own.labels.iter().for_each(|it| judge("labels right", has(&truth.labels, it), "", it));
    }
    let titles = headings(own.body.as_str());
    truth.headings.iter().for_each(|it| {
        judge(
            "headings",
            titles.iter().any(|own| same(own, it) || after_clock(own, it)),
            it,
            &titles.join(" | "),
        )
    });
    if let Some(outlet) = &truth.outlet {
        let own = own.outlet.clone().unwrap_or_default();
        judge("outlet", same(&own, outlet), outlet, &own);
    }
    if let Some(language) = &truth.language {
        let own = own.language.clone().map(|it| it.0).unwrap_or_default();
        judge("language", own == *language, language, &own);
    }
    all
}

/// Sums over the pages whose set says it: right, of so many.
#[derive(Default)]
pub struct Found([(usize, usize); NAMES.len()]);

impl Found {
    pub fn add(&mut self, judged: &[Judged]) {
        for it in judged {
            self.0[it.field].0 += usize::from(it.right);
            self.0[it.field].1 += 1;
        }
    }

    fn shares(&self) -> impl Iterator<Item = (&'static str, f64, usize)> {
        let all = NAMES.into_iter().zip(&self.0).filter(|(_, (_, of))| 0 < *of);
        all.map(|(name, (right, of))| (name, *right as f64 / *of as f64, *of))
    }

    pub fn into_json(self, line: &mut Value) {
        for (name, share, of) in self.shares() {
            line[name.replace(' ', "_")] = serde_json::json!({ "share": share, "of": of });
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, share, of)) in self.shares().enumerate() {
            write!(f, "{}{name} {share:.3} of {of}", if at == 0 { "" } else { ", " })?;
        }
        Ok(())
    }
}

/// Four fifths of the words of either stand in the other.
fn is_mostly(truth: &str, own: &str) -> bool {
    let [precision, recall, _] = bag(&truth.to_lowercase(), &own.to_lowercase());
    0.8 <= recall && 0.8 <= precision || words(truth).eq(&words(own))
}

fn is_one_of(address: &str, addresses: &[String]) -> bool {
    let address = address.replace("&amp;", "&");
    addresses.iter().any(|it| *it == address || extract::is_same_picture(it, &address))
}

/// The heading of a post of a live blog, with the time before it: `12:31 · The dam holds`.
fn after_clock(own: &str, heading: &str) -> bool {
    own.split_once(" · ").is_some_and(|(_, it)| same(it, heading))
}

/// What stands in the headings of an article.
fn headings(html: &str) -> Vec<String> {
    let parts = html.split("<h").skip(1);
    let inside = parts.filter(|it| it.starts_with(|c: char| c.is_ascii_digit())).filter_map(|it| {
        let end = it.find("</h")?;
        Some(extract::plain(it[..end].split_once('>')?.1))
    });
    inside.collect()
}
