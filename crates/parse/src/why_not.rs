//! Why a document is none of ours, for whoever gave its address.

use news::Trouble;
use serde::de::IgnoredAny;

use crate::{
    Body, MOST_BYTES, charset, json_feed, text,
    xml::{Token, Tokens},
};

/// In a sentence, what the document is instead; for documents that [`crate::parse`] answered `None` to.
pub fn why_not(body: &Body) -> Trouble {
    let bytes = &body.bytes[..body.bytes.len().min(MOST_BYTES)];
    if bytes.trim_ascii().is_empty() {
        return Trouble::new("empty", "There is nothing in it.");
    }
    if let Some(kind) = file_kind(bytes) {
        return Trouble::new("not_a_feed", format!("It is {kind}."));
    }
    // As it was sent: what was repaired on the way to text is not what is judged here.
    let json = serde_json::from_slice::<IgnoredAny>(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let text = charset::decode(bytes, body.content_type, &mut Vec::new());
    match json {
        Ok(_) => Trouble::new("not_a_feed", "It is JSON, but not a JSON Feed: it has no list of items."),
        Err(error) if json_feed::looks_like_json(&text) || looks_like_a_list(&text) => Trouble::new(
            "bad_json",
            format!(
                "It begins like JSON and cannot be read as such (line {}, column {}).",
                error.line(),
                error.column()
            ),
        ),
        Err(_) => not_an_xml_feed(&text),
    }
}

fn looks_like_a_list(text: &str) -> bool {
    text.trim_start_matches('\u{feff}').trim_start().starts_with('[')
}

fn not_an_xml_feed(text: &str) -> Trouble {
    let first = Tokens::of(text).take(400).find_map(|token| match token {
        Token::Start(tag) => Some(tag.name),
        _ => None,
    });
    let says = match first.map(str::to_ascii_lowercase).as_deref() {
        Some("html" | "head" | "body" | "meta" | "title" | "script" | "div" | "p" | "br") => {
            "It is a web page.".to_owned()
        }
        Some("opml" | "outline") => "It is a list of feeds (OPML), which can be imported.".to_owned(),
        Some(_) => {
            let name = text::fold(first.unwrap_or_default());
            let name: String = name.chars().take(40).collect();
            format!("Its outermost element, “{name}”, is none with which a feed begins.")
        }
        None => "It is neither XML nor JSON.".to_owned(),
    };
    Trouble::new("not_a_feed", says)
}

/// By its first bytes: what no charset makes a text of.
fn file_kind(bytes: &[u8]) -> Option<&'static str> {
    const KINDS: &[(&[u8], &str)] = &[
        (b"%PDF-", "a PDF file"),
        (b"\x89PNG", "a picture"),
        (b"\xff\xd8\xff", "a picture"),
        (b"GIF8", "a picture"),
        (b"RIFF", "a picture, a sound or a film"),
        (b"ID3", "a sound"),
        (b"OggS", "a sound"),
        (b"PK\x03\x04", "an archive"),
        (b"\x1f\x8b", "packed (gzip) without saying so"),
        (b"\x28\xb5\x2f\xfd", "packed (zstd) without saying so"),
        (b"\x7fELF", "a program"),
    ];
    KINDS.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind)
}
