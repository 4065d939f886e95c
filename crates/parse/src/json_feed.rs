//! JSON Feed 1.0 and 1.1, read leniently: every member is taken if it can be understood, and left out if not.

use news::{Enclosure, Published, Trouble};
use serde_json::{Map, Value};

use crate::{
    LONGEST_HTML, MOST_ENTRIES, Parsed, date,
    feed::{absolute_links, joined, language},
    json_repair, names, text,
};
use news::Timestamp;

pub fn looks_like_json(text: &str) -> bool {
    without_guard(text).starts_with('{')
}

/// `)]}'` and the like stop other sites' scripts from reading a document as a script.
fn without_guard(text: &str) -> &str {
    let text = text.trim_start().trim_start_matches('\u{feff}');
    let guards = [")]}',", ")]}'", "while(1);", "for(;;);", "while (1);"];
    guards.iter().find_map(|guard| text.strip_prefix(guard)).unwrap_or(text).trim_start()
}

pub fn read(document: &str, address: &str) -> Option<Parsed> {
    let mut troubles = Vec::new();
    let root = root(without_guard(document), &mut troubles)?;
    let version = string(root.get("version")).unwrap_or_default();
    let items = match root.get("items") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(Value::Object(_)) => std::slice::from_ref(&root["items"]),
        _ => &[],
    };
    let says_so = version.contains("jsonfeed.org");
    if !says_so && (items.is_empty() || !items.iter().any(Value::is_object)) {
        return None;
    }
    if !says_so {
        troubles
            .push(Trouble::new("no_version", "It does not say that it is a JSON Feed; it was read as one."));
    }
    let base = link(root.get("home_page_url"), address).unwrap_or_else(|| address.to_owned());
    let authors = authors(&root);
    let mut entries: Vec<Published> =
        items.iter().filter_map(|item| entry(item.as_object()?, &base)).take(MOST_ENTRIES).collect();
    for entry in entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
        entry.authors.clone_from(&authors);
    }
    let hub = root.get("hubs").and_then(Value::as_array).and_then(|hubs| {
        let is_web_sub =
            |hub: &&Value| string(hub.get("type")).is_some_and(|it| it.eq_ignore_ascii_case("websub"));
        link(hubs.iter().find(is_web_sub)?.get("url"), address)
    });
    let next = link(root.get("next_url"), address).filter(|next| next != address);
    Some(Parsed {
        format: if version.contains("version/1.1") { "JSON Feed 1.1" } else { "JSON Feed 1.0" },
        title: string(root.get("title")).map(|it| text::fold(&it)).filter(|it| !it.is_empty()),
        site: link(root.get("home_page_url"), address),
        language: string(root.get("language")).and_then(|it| language(&it)),
        entries,
        read_on: next.into_iter().collect(),
        hub,
        self_address: link(root.get("feed_url"), address),
        pace: news::Pace::default(),
        troubles,
    })
}

/// serde_json counts its depth (128), so that no document can overflow the stack.
fn root(document: &str, troubles: &mut Vec<Trouble>) -> Option<Map<String, Value>> {
    let mut values = serde_json::Deserializer::from_str(document).into_iter::<Value>();
    match values.next()? {
        Ok(Value::Object(root)) => {
            if !document[values.byte_offset()..].trim().is_empty() {
                troubles.push(Trouble::new("bad_json", "Something stands behind its end; it was left out."));
            }
            Some(root)
        }
        Ok(_) => None,
        Err(_) => {
            let document = json_repair::repaired(document);
            let root = match serde_json::Deserializer::from_str(&document).into_iter().next() {
                Some(Ok(Value::Object(root))) => root,
                _ => whole_items(&document)?,
            };
            troubles.push(Trouble::new(
                "bad_json",
                "It is not well-formed JSON; it was read as it was most likely meant.",
            ));
            Some(root)
        }
    }
}

/// The items that are whole, one by one, and the members before them.
fn whole_items(document: &str) -> Option<Map<String, Value>> {
    let at = document.find("\"items\"")?;
    let open = at + document[at..].find('[')?;
    let head = document[..at].trim_end().trim_end_matches(',');
    let mut root = match serde_json::from_str(&format!("{head}}}")) {
        Ok(Value::Object(root)) => root,
        _ => Map::new(),
    };
    let mut items = Vec::new();
    let mut rest = &document[open + 1..];
    while items.len() < MOST_ENTRIES
        && let Some(start) = rest.find('{')
    {
        rest = &rest[start..];
        let Some(end) = end_of_object(rest) else { break };
        items.extend(serde_json::from_str::<Value>(&rest[..end]).ok());
        rest = &rest[end..];
    }
    if items.is_empty() {
        return None;
    }
    root.insert("items".to_owned(), Value::Array(items));
    Some(root)
}

/// Where the object that begins here ends, strings left alone.
fn end_of_object(text: &str) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0_u32, false, false);
    for (at, b) in text.bytes().enumerate() {
        match b {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'{' if !in_string => depth += 1,
            b'}' if !in_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn entry(item: &Map<String, Value>, base: &str) -> Option<Published> {
    let url = link(item.get("url"), base).or_else(|| link(item.get("external_url"), base));
    let within = url.as_deref().unwrap_or(base);
    let html = string(item.get("content_html")).map(|it| capped(absolute_links(&it, within).unwrap_or(it)));
    let content = html.or_else(|| string(item.get("content_text")).map(|it| capped(paragraphs(&it))));
    let attachments = item.get("attachments").and_then(Value::as_array);
    let at = string(item.get("date_published")).and_then(|it| date::read(&it, Timestamp::default()));
    let updated = string(item.get("date_modified")).and_then(|it| date::read(&it, Timestamp::default()));
    let published = Published {
        guid: string(item.get("id")).unwrap_or_default().trim().to_owned(),
        url,
        title: string(item.get("title")).map(|it| text::fold(&it)).unwrap_or_default(),
        summary: string(item.get("summary")).map(|it| capped(text::escape(it.trim()))).unwrap_or_default(),
        content: content.unwrap_or_default(),
        authors: authors(item),
        categories: item.get("tags").map(labels).unwrap_or_default(),
        at: at.or(updated),
        updated,
        language: string(item.get("language")).and_then(|it| language(&it)),
        image: link(item.get("image"), base).or_else(|| link(item.get("banner_image"), base)),
        enclosures: attachments
            .map(|them| them.iter().take(32).filter_map(|it| enclosure(it, base)).collect())
            .unwrap_or_default(),
        comments: None,
        via: None,
    };
    let says_something = !published.guid.is_empty()
        || published.url.is_some()
        || !published.title.is_empty()
        || !published.content.is_empty()
        || !published.summary.is_empty();
    says_something.then_some(published)
}

fn capped(mut html: String) -> String {
    text::cap_html(&mut html, LONGEST_HTML);
    html
}

/// Plain text as HTML: a blank line parts paragraphs.
fn paragraphs(plain: &str) -> String {
    let escaped = text::escape(plain.trim());
    if !escaped.contains('\n') {
        return escaped;
    }
    let blocks = escaped.split("\n\n").map(str::trim).filter(|block| !block.is_empty());
    blocks.map(|block| format!("<p>{}</p>", block.replace('\n', "<br>"))).collect()
}

fn enclosure(attachment: &Value, base: &str) -> Option<Enclosure> {
    let whole = |name: &str| attachment.get(name).and_then(Value::as_f64).filter(|it| 0.0 < *it);
    Some(Enclosure {
        url: link(attachment.get("url"), base)?,
        mime: string(attachment.get("mime_type")),
        bytes: whole("size_in_bytes").map(|it| it as u64),
        seconds: whole("duration_in_seconds").map(|it| it as u32),
        title: string(attachment.get("title")).map(|it| text::fold(&it)),
    })
}

/// 1.1 has `authors`, 1.0 `author`; either may be an object, a list of them, or a plain name.
fn authors(of: &Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for value in [of.get("authors"), of.get("author")].into_iter().flatten() {
        let many = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for author in many.iter().take(32) {
            let name = string(Some(author)).or_else(|| string(author.get("name")));
            for name in name.iter().flat_map(|name| names::read(&text::escape(name))) {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

fn labels(tags: &Value) -> Vec<String> {
    let many = tags.as_array().map_or(std::slice::from_ref(tags), Vec::as_slice);
    let labels = many.iter().take(64).filter_map(|it| string(Some(it))).map(|it| text::fold(&it));
    labels.filter(|it| !it.is_empty()).collect()
}

/// Text, or a number as text.
fn string(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn link(value: Option<&Value>, base: &str) -> Option<String> {
    joined(value?.as_str()?, Some(base))
}
