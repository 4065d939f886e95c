//! Reads a document and tells what in it is new: the same for one that was asked for and one that was pushed.

use std::sync::Arc;

use fetch::Document;
use news::{Source, Timestamp, Trouble};
use parse::{Body, Compared, Parsed};
use store::Gathering;

/// An entry that says it comes from further in the future than this has no believable date.
const FUTURE: std::time::Duration = std::time::Duration::from_secs(24 * 3600);

/// Parsing is thinking: on a thread of its own, so that nobody waits for a huge feed.
pub async fn parse_apart(
    document: Document,
    kind: news::SourceKind,
    now: Timestamp,
) -> (Document, std::result::Result<Parsed, Trouble>) {
    let task = tokio::task::spawn_blocking(move || {
        let body = Body {
            address: &document.address,
            content_type: document.content_type.as_deref(),
            bytes: &document.bytes,
        };
        let parsed = match &kind {
            news::SourceKind::Page { selector } => parse::parse_page(&body, selector.as_deref(), now),
            _ => parse::parse(&body, now),
        };
        let parsed = parsed.ok_or_else(|| parse::why_not(&body));
        (document, parsed)
    });
    match task.await {
        Ok(read) => read,
        Err(error) => {
            // A parser that panics is our fault, and must still hold up nobody.
            tracing::error!(%error, "reading a document failed");
            let says = "Reading it went wrong, which is a fault of ours.";
            (Document::default(), Err(Trouble::new("unreadable", says)))
        }
    }
}

/// Which of these are new to us, the oldest first, and which have changed.
pub async fn compare(
    store: &Arc<dyn Gathering>,
    source: &Source,
    entries: Vec<news::Published>,
    now: Timestamp,
) -> Result<Compared, String> {
    let arrived = parse::identify(entries.into_iter().map(|it| believable(it, now)).collect());
    let identities: Vec<String> = arrived.iter().map(|it| it.identity.clone()).collect();
    let known = match identities.is_empty() {
        true => Vec::new(),
        false => store.known(source.id, &identities).await.map_err(|error| error.to_string())?,
    };
    let mut compared = parse::compare(arrived, &known);
    // Documents list the newest first; numbers rise with time, so the oldest is recorded first.
    compared.added.reverse();
    compared.added.sort_by_key(|it| it.published.at.unwrap_or(now));
    Ok(compared)
}

/// The time of the newest entry, if it says.
pub fn newest(entries: &[news::Published], now: Timestamp) -> Option<Timestamp> {
    entries.iter().filter_map(|it| it.at).filter(|at| *at <= now).max()
}

/// What is odd about entries that could be read all the same, and what was made of it.
pub fn odd(entries: &[news::Published], now: Timestamp) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    let future = entries.iter().filter(|it| it.at.is_some_and(|at| now.after(FUTURE) < at)).count();
    if 0 < future {
        let says =
            format!("{future} of its entries are dated in the future; they are shown by when they came.");
        troubles.push(Trouble::new("future_date", says));
    }
    let mut ids = std::collections::HashSet::new();
    let again = entries.iter().filter(|it| !it.guid.is_empty() && !ids.insert(it.guid.as_str())).count();
    if 0 < again {
        let says = format!(
            "{again} of its entries have the id of another one. Those that differ in address and headline are kept \
             apart, the others count as one."
        );
        troubles.push(Trouble::new("duplicate_id", says));
    }
    troubles
}

/// A date in the far future is a mistake: such an entry is dated by its arrival.
fn believable(mut published: news::Published, now: Timestamp) -> news::Published {
    published.at = published.at.filter(|at| *at <= now.after(FUTURE)).map(|at| at.min(now));
    published
}
