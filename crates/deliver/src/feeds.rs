//! Output feeds: Atom (RFC 4287) and JSON Feed 1.1. Text only, escaped by its writer; no address of this house but the
//! feed's own.

use app::{OutFeed, OutItem};
use askama::Template;
use news::Timestamp;
use serde_json::{Value, json};

#[derive(Template)]
#[template(path = "feed.xml")]
struct Atom<'a> {
    id: String,
    title: &'a str,
    own: &'a str,
    updated: String,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    link: Option<String>,
    language: String,
    published: String,
    updated: String,
    summary: String,
}

/// `own`: the address under which it was asked for. `key`: the secret in it, which makes the ids.
pub fn atom(feed: &OutFeed, title: &str, own: &str, key: &str) -> String {
    let entry = |it: &OutItem| Entry {
        id: id(key, it.story.0),
        title: clean(&it.headline),
        link: it.link.clone(),
        language: it.language.as_ref().map(|it| clean(&it.0)).unwrap_or_default(),
        published: moment(it.began),
        updated: moment(it.last_turn),
        summary: clean(&summary(it)),
    };
    let atom = Atom {
        id: id(key, 0),
        title: &clean(title),
        own,
        updated: moment(feed.updated),
        entries: feed.items.iter().map(entry).collect(),
    };
    atom.render().unwrap_or_default()
}

pub fn json_feed(feed: &OutFeed, title: &str, own: &str, key: &str) -> String {
    let item = |it: &OutItem| {
        let mut item = json!({
            "id": id(key, it.story.0),
            "title": clean(&it.headline),
            "content_text": clean(&summary(it)),
            "date_published": moment(it.began),
            "date_modified": moment(it.last_turn),
        });
        if let Some(link) = &it.link {
            item["url"] = link.as_str().into();
        }
        if let Some(language) = &it.language {
            item["language"] = language.0.as_str().into();
        }
        item
    };
    let feed: Value = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": clean(title),
        "feed_url": own,
        "items": feed.items.iter().map(item).collect::<Vec<_>>(),
    });
    feed.to_string()
}

/// The standfirst, and who else tells it.
fn summary(it: &OutItem) -> String {
    let mut lines: Vec<String> = it.standfirst.iter().cloned().collect();
    if 1 < it.tellers.len() {
        for (outlet, title, link) in &it.tellers {
            let link = link.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
            lines.push(format!("{outlet}: {title}{link}"));
        }
    } else if let Some((outlet, ..)) = it.tellers.first() {
        lines.push(outlet.clone());
    }
    lines.join("\n\n")
}

/// The same story has the same id in the same feed, for ever; it says nothing of the key or of this house.
/// A UUID of version 8 (RFC 9562): 122 bits of a hash.
fn id(key: &str, story: i64) -> String {
    let hash = ring::digest::digest(&ring::digest::SHA256, format!("{key} {story}").as_bytes());
    let mut bytes: Vec<u8> = hash.as_ref()[..16].to_vec();
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|it| format!("{it:02x}")).collect();
    format!("urn:uuid:{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

fn moment(at: Timestamp) -> String {
    jiff::Timestamp::from_second(at.0).map(|it| it.to_string()).unwrap_or_default()
}

/// Characters that XML 1.0 cannot hold, escaped or not.
fn clean(text: &str) -> String {
    let holds =
        |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    text.chars().filter(holds).collect()
}

#[cfg(test)]
mod tests;
