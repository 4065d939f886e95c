//! Which sources a page offers.

use std::collections::HashSet;

use news::{SourceKind, Timestamp};

use crate::{Body, Offer, charset, feed::joined, html::Page, page::parse_page, parse};

const MOST_OFFERS: usize = 30;
const SAMPLES: usize = 3;

/// What can be followed of this page, best first: the document itself, when it is a feed; the feeds that it names;
/// links that look like feeds; and the page's own list of entries.
pub fn discover(page: &Body) -> Vec<Offer> {
    if let Some(parsed) = parse(page, Timestamp::default()) {
        let kind = if parsed.format.contains("sitemap") { SourceKind::Sitemap } else { SourceKind::Feed };
        let title = parsed.title.or_else(|| news::host_of(page.address)).unwrap_or_default();
        let samples = samples(&parsed.entries);
        return vec![Offer { address: page.address.to_owned(), title, kind, samples }];
    }
    let text = charset::decode(
        &page.bytes[..page.bytes.len().min(crate::MOST_BYTES)],
        page.content_type,
        &mut Vec::new(),
    );
    let html = Page::of(&text);
    let base = html.base(page.address);
    let name = html.title().or_else(|| news::host_of(page.address)).unwrap_or_default();
    let mut offers = announced(&html, &base, &name);
    offers.extend(linked(&html, &base, &name));
    if let Some(parsed) = parse_page(page, None, Timestamp::default()) {
        let samples = samples(&parsed.entries);
        offers.push(Offer {
            address: page.address.to_owned(),
            title: name,
            kind: SourceKind::Page { selector: None },
            samples,
        });
    }
    let mut seen = HashSet::new();
    offers.retain(|offer| seen.insert(offer.address.clone()));
    offers.truncate(MOST_OFFERS);
    offers
}

fn samples(entries: &[news::Published]) -> Vec<String> {
    entries.iter().map(|it| it.title.clone()).filter(|it| !it.is_empty()).take(SAMPLES).collect()
}

/// `<link rel="alternate" type="application/rss+xml" title="…" href="…">`, those of comments last.
fn announced(html: &Page, base: &str, name: &str) -> Vec<Offer> {
    let mut offers = Vec::new();
    for node in html.nodes.iter().filter(|node| node.tag == "link" || node.tag == "a") {
        let rel = node.attribute("rel").unwrap_or("").to_ascii_lowercase();
        let mime = node.attribute("type").unwrap_or("").trim().to_ascii_lowercase();
        let has = |word: &str| rel.split_ascii_whitespace().any(|it| it == word);
        let is_feed = has("alternate") && is_feed_type(&mime) || has("feed");
        let is_sitemap = has("sitemap") && node.tag == "link";
        let Some(address) = node.attribute("href").and_then(|it| joined(it, Some(base))) else { continue };
        // WordPress announces its API, and oEmbed, the same way.
        if !(is_feed || is_sitemap) || address.contains("/wp-json/") || address.contains("oembed") {
            continue;
        }
        let title = node.attribute("title").map(crate::text::fold).filter(|it| !it.is_empty());
        let title = title.unwrap_or_else(|| name.to_owned());
        let kind = if is_sitemap { SourceKind::Sitemap } else { SourceKind::Feed };
        offers.push(Offer { address, title, kind, samples: Vec::new() });
    }
    offers.sort_by_key(|offer| (offer.kind == SourceKind::Sitemap, is_of_comments(offer)));
    offers
}

fn is_feed_type(mime: &str) -> bool {
    let mime = mime.split(';').next().unwrap_or(mime).trim();
    matches!(
        mime,
        "application/rss+xml"
            | "application/atom+xml"
            | "application/rdf+xml"
            | "application/feed+json"
            | "application/json"
            | "application/rss"
            | "application/atom"
            | "text/xml"
            | "application/xml"
            | "text/rss+xml"
            | "text/rss"
            | "application/x.atom+xml"
            | "application/x-atom+xml"
            | "application/x-rss+xml"
    )
}

fn is_of_comments(offer: &Offer) -> bool {
    let title = offer.title.to_lowercase();
    offer.address.contains("/comments/")
        || ["comments", "kommentare", "commentaires", "komentarze"].iter().any(|it| title.contains(it))
}

/// Links whose address or text says that they are feeds.
fn linked(html: &Page, base: &str, name: &str) -> Vec<Offer> {
    let mut offers = Vec::new();
    for at in (0..html.nodes.len()).filter(|&at| html.nodes[at].tag == "a") {
        let Some(address) = html.nodes[at].attribute("href").and_then(|it| joined(it, Some(base))) else {
            continue;
        };
        let text = html.text(at);
        if looks_like_feed(&address) || says_feed(&text) && !address.ends_with(".html") {
            let title = if text.is_empty() || says_feed(&text) { name.to_owned() } else { text };
            offers.push(Offer { address, title, kind: SourceKind::Feed, samples: Vec::new() });
        }
    }
    offers.sort_by_key(|offer| (!looks_like_feed(&offer.address), is_of_comments(offer)));
    offers.truncate(MOST_OFFERS);
    offers
}

fn looks_like_feed(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address).to_ascii_lowercase();
    let path = path.splitn(4, '/').nth(3).unwrap_or("").trim_end_matches('/').to_owned();
    let last = path.rsplit('/').next().unwrap_or("");
    [".rss", ".atom", ".rdf"].iter().any(|end| path.ends_with(end))
        || matches!(
            last,
            "feed"
                | "rss"
                | "atom"
                | "feeds"
                | "rss.xml"
                | "feed.xml"
                | "atom.xml"
                | "index.xml"
                | "feed.json"
                | "rss2.xml"
        )
        || address.contains("feeds.feedburner.com/")
}

fn says_feed(text: &str) -> bool {
    let text = text.trim().to_ascii_lowercase();
    matches!(
        text.as_str(),
        "rss"
            | "rss feed"
            | "atom"
            | "atom feed"
            | "feed"
            | "xml"
            | "subscribe via rss"
            | "rss-feed"
            | "flux rss"
            | "kanał rss"
    )
}
