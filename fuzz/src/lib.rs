//! What must hold of whatever comes in, asked by several targets.

use news::{Published, Timestamp};
use parse::{Body, Parsed};

pub const NOW: Timestamp = Timestamp(1_700_000_000);
pub const ADDRESS: &str = "https://news.example/feed";

/// Reads a document in every way in which the product would, and asks of the answer what every later stage relies on.
pub fn document(bytes: &[u8], content_type: Option<&str>) -> Option<Parsed> {
    let body = Body { address: ADDRESS, content_type, bytes };
    let parsed = parse::parse(&body, NOW);
    if let Some(parsed) = &parsed {
        holds(parsed);
    } else {
        parse::discover(&body);
    }
    parsed
}

pub fn holds(parsed: &Parsed) {
    assert!(parsed.entries.len() <= parse::MOST_ENTRIES);
    assert!(parsed.title.as_deref().is_none_or(is_title));
    parsed.entries.iter().for_each(entry_holds);
    let arrived = parse::identify(parsed.entries.clone());
    let mut ids: Vec<&str> = arrived.iter().map(|it| it.identity.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), arrived.len(), "two entries are the same");
    let compared = parse::compare(arrived.clone(), &[]);
    assert_eq!(compared.added.len(), arrived.len(), "what nobody knows is new");
}

pub fn entry_holds(entry: &Published) {
    assert!(is_title(&entry.title), "{:?}", entry.title);
    assert!(entry.summary.len() <= 1 << 20 && entry.content.len() <= 1 << 20);
    let addresses = [&entry.url, &entry.image, &entry.comments];
    let addresses = addresses.into_iter().flatten().chain(entry.enclosures.iter().map(|it| &it.url));
    for address in addresses {
        assert!(
            address.starts_with("http://") || address.starts_with("https://") || is_odd_web(address),
            "{address}"
        );
    }
    for at in [entry.at, entry.updated].into_iter().flatten() {
        assert!((315_532_800..4_102_444_800).contains(&at.0), "{at:?}");
    }
}

/// `HTTP://…` is kept as it was written.
fn is_odd_web(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.starts_with("http:") || lower.starts_with("https:")
}

fn is_title(title: &str) -> bool {
    title.chars().count() <= 512 && !title.contains(char::is_control)
}
