//! Hostile documents, each judged as the README beside it says.

use std::path::Path;

use ::parse::{Body, Parsed};
use anyhow::Result;
use news::Timestamp;

use super::super::documents::{self, Document, looks};
use super::{Case, Verdict, folder};

const ADDRESS: &str = "https://news.example/feed";
/// A fixed moment, so that two runs agree: 2023-11-14.
const NOW: Timestamp = Timestamp(1_700_000_000);

pub fn xml(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "xml"), |document, parsed, says| {
        // What an entity of the machine's files or of a cloud would have brought in.
        let secrets = ["root:x:0", "/bin/bash", "ami-id", "iam/security-credentials"];
        let Some(parsed) = parsed else { return Verdict::fine(says) };
        let texts = parsed.entries.iter().flat_map(|it| [&it.title, &it.summary, &it.content, &it.guid]);
        let told = texts.chain(&parsed.title).find(|text| secrets.iter().any(|it| text.contains(it)));
        let stood_there = |text: &str| document.ascii().contains(text);
        match told.filter(|text| !stood_there(text)) {
            Some(text) => Verdict::miss(says, format!("it told what no document may: {text:.60}")),
            None => Verdict::fine(says),
        }
    })
}

/// Names begin with what must come of them: `n_` no JSON, `y_` JSON (though no feed), `i_` either.
pub fn json(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "json/jsontestsuite"), |document, parsed, says| {
        let file = document.name.rsplit('/').next().unwrap_or_default();
        let is_feed = parsed.is_some();
        let could_be_read = says.starts_with("It is JSON");
        match file.get(..2) {
            Some("y_") if !could_be_read => Verdict::miss(says, "it is JSON, and no feed"),
            Some("n_") if is_feed || could_be_read => Verdict::miss(says, "it is no JSON"),
            _ => Verdict::fine(says),
        }
    })
}

/// Our own odd JSON Feeds: entries come out where there are any, as text where text is meant, with web addresses only.
pub fn json_feed(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "json/jsonfeed"), |document, parsed, says| {
        let has_items = looks(document).has_entries;
        let Some(parsed) = parsed else {
            return if has_items { Verdict::miss(says, "its entries are read") } else { Verdict::fine(says) };
        };
        let entries = &parsed.entries;
        let addresses = entries
            .iter()
            .flat_map(|it| {
                [&it.url, &it.image].into_iter().flatten().chain(it.enclosures.iter().map(|it| &it.url))
            })
            .chain(&parsed.site)
            .chain(&parsed.read_on)
            .chain(&parsed.hub);
        if let Some(odd) = addresses.into_iter().find(|it| !it.starts_with("http")) {
            return Verdict::miss(says, format!("{odd} is no address of the web"));
        }
        let raw = entries.iter().find(|it| it.summary.contains("<script") || it.title.contains('\u{0}'));
        if raw.is_some() {
            return Verdict::miss(says, "text comes out as text");
        }
        if has_items && entries.is_empty() {
            Verdict::miss(says, "it gives entries")
        } else {
            Verdict::fine(says)
        }
    })
}

pub fn charset(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "charset"), |document, parsed, says| {
        let titles = || {
            let parsed = parsed?;
            let entry = parsed.entries.first().map(|it| it.title.as_str());
            Some([parsed.title.as_deref(), entry].into_iter().flatten().collect::<Vec<_>>())
        };
        let titles = titles().unwrap_or_default();
        if let Some(long) = titles.iter().find(|it| 512 < it.chars().count() || it.contains(char::is_control))
        {
            return Verdict::miss(says, format!("titles are short and plain, not {long:.40}"));
        }
        let bytes = document.ascii();
        let stood_there = |title: &&str| {
            title.find('<').is_none_or(|at| {
                bytes.contains("&lt;") || bytes.contains(title[at..].split(' ').next().unwrap_or(""))
            })
        };
        if !titles.iter().all(stood_there) {
            return Verdict::miss(says, "no markup appears that was not there");
        }
        match &document.expected_title {
            Some(expected) if !titles.contains(&expected.as_str()) => {
                Verdict::miss(says, format!("the title is {expected:?}, not {titles:?}"))
            }
            _ => Verdict::fine(says),
        }
    })
}

/// Feeds about which a strict judge has nothing to say give their entries.
pub fn feedvalidator(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "feedvalidator"), |document, parsed, says| {
        let looks = looks(document);
        let gave = parsed.is_some_and(|it| !it.entries.is_empty() || !it.read_on.is_empty());
        let must_give = document.kind.as_deref() == Some("must-not-report") && looks.is_feed;
        if must_give && parsed.is_none() {
            return Verdict::miss(says, "it is read");
        }
        if must_give && looks.has_entries && !gave {
            return Verdict::miss(says, "it gives its entries");
        }
        Verdict::fine(says)
    })
}

pub fn feedparser(data: &Path) -> Result<Vec<Case>> {
    cases(&folder(data, "feedparser"), |document, parsed, says| {
        let looks = looks(document);
        let ill_formed = document.name.contains("illformed");
        let gave = parsed.is_some_and(|it| !it.entries.is_empty());
        if ill_formed && looks.is_feed && looks.has_entries && !gave {
            return Verdict::miss(says, "it gives its entries");
        }
        Verdict::fine(says)
    })
}

type Judge = fn(&Document, Option<&Parsed>, String) -> Verdict;

fn cases(folder: &Path, judge: Judge) -> Result<Vec<Case>> {
    let documents = documents::of(folder)?;
    let case = |document: Document| {
        Case::new(document.name.clone(), move || {
            let content_type = document.header("content-type");
            let (parsed, says) = read(&document.bytes, content_type.as_deref());
            judge(&document, parsed.as_ref(), says)
        })
    };
    Ok(documents.into_iter().map(case).collect())
}

/// Reads it as the product does, and says in words what came of it.
pub fn read(bytes: &[u8], content_type: Option<&str>) -> (Option<Parsed>, String) {
    let body = Body { address: ADDRESS, content_type, bytes };
    let Some(parsed) = ::parse::parse(&body, NOW) else {
        ::parse::discover(&body);
        let _ = ::parse::opml::read(bytes);
        let why = ::parse::why_not(&body);
        return (None, why.says);
    };
    let kept = ::parse::identify(parsed.entries.clone()).len();
    let mut says = format!("{}, {kept} entries.", parsed.format);
    for trouble in &parsed.troubles {
        says.push(' ');
        says.push_str(&trouble.says);
    }
    (Some(parsed), says)
}
