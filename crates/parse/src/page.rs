//! Pages without a feed: h-feed microformats, a list that the reader points at with a selector, or the list of links
//! that is the page's main one by its shape.

use std::collections::{BTreeMap, HashSet};

use news::{Published, Timestamp};

use crate::{
    Body, LONGEST_HTML, Parsed, charset, date, feed::joined, html::Page, names, select::Selector, text,
};

/// A list of fewer is no list.
const FEWEST: usize = 3;
const MOST: usize = 200;

/// Reads a web page as a list of entries. With a selector, each element that it picks is one; a selector that we do
/// not understand, or that picks nothing, gives `None`.
pub fn parse_page(body: &Body, selector: Option<&str>, now: Timestamp) -> Option<Parsed> {
    let mut troubles = Vec::new();
    let bytes = &body.bytes[..body.bytes.len().min(crate::MOST_BYTES)];
    let text = charset::decode(bytes, body.content_type, &mut troubles);
    let page = Page::of(&text);
    let base = page.base(body.address);
    let (format, entries) = match selector {
        Some(selector) => ("page, by selector", picked(&page, &Selector::of(selector)?, &base, now)),
        None => match microformats(&page, &base, now) {
            entries if !entries.is_empty() => ("h-feed", entries),
            _ => ("page, by its shape", by_shape(&page, &base, now)),
        },
    };
    (!entries.is_empty()).then(|| Parsed {
        format,
        title: page.title(),
        site: Some(body.address.to_owned()),
        language: page.language(),
        entries,
        troubles,
        ..Parsed::default()
    })
}

// -------------------------------------------------------------------------------------------------------- h-feed

fn microformats(page: &Page, base: &str, now: Timestamp) -> Vec<Published> {
    let is_entry =
        |node: usize| page.nodes[node].has_class("h-entry") || page.nodes[node].has_class("hentry");
    let roots = (0..page.nodes.len()).filter(|&node| is_entry(node));
    // A reply quoted inside of an entry is no entry of the page.
    let roots = roots.filter(|&node| !page.ancestors(node).any(is_entry));
    let entries: Vec<Published> =
        roots.take(MOST).filter_map(|node| h_entry(page, node, base, now)).collect();
    // One entry is a page about itself.
    if entries.len() < 2 { Vec::new() } else { entries }
}

fn h_entry(page: &Page, node: usize, base: &str, now: Timestamp) -> Option<Published> {
    let with = |classes: &[&str]| {
        page.inside(node).find(|&it| classes.iter().any(|class| page.nodes[it].has_class(class)))
    };
    let address = |at: usize| {
        let node = &page.nodes[at];
        joined(node.attribute("href").or_else(|| node.attribute("src"))?, Some(base))
    };
    let moment = |at: usize| {
        let said = page.nodes[at].attribute("datetime").or_else(|| page.nodes[at].attribute("title"));
        said.and_then(|it| date::read(it, now)).or_else(|| date::read(&page.text(at), now))
    };
    let url = with(&["u-url"]).and_then(address).or_else(|| page.tagged(node, "a").find_map(address))?;
    let title = with(&["p-name", "entry-title"]).map(|at| page.text(at)).unwrap_or_default();
    let content = with(&["e-content", "entry-content"]);
    let authors = with(&["p-author", "author"]).map(|at| names::read(&text::escape(&page.text(at))));
    let categories =
        page.inside(node).filter(|&it| page.nodes[it].has_class("p-category")).map(|it| page.text(it));
    let published = Published {
        guid: with(&["u-uid"]).and_then(address).unwrap_or_default(),
        url: Some(url),
        title,
        summary: with(&["p-summary", "entry-summary"])
            .map(|at| text::escape(&page.text(at)))
            .unwrap_or_default(),
        content: content.map(|at| paragraphs(page, at)).unwrap_or_default(),
        authors: authors.unwrap_or_default(),
        categories: categories.filter(|it| !it.is_empty()).take(64).collect(),
        at: with(&["dt-published", "published"]).and_then(moment),
        updated: with(&["dt-updated", "updated"]).and_then(moment),
        image: with(&["u-photo", "u-featured"]).and_then(address),
        ..Published::default()
    };
    Some(published)
}

/// The text of an element as HTML paragraphs.
fn paragraphs(page: &Page, node: usize) -> String {
    let blocks: Vec<usize> = page.tagged(node, "p").collect();
    let mut html = String::new();
    for block in if blocks.is_empty() { vec![node] } else { blocks } {
        let mut whole = String::new();
        page.inside(block).for_each(|it| whole.push_str(&page.nodes[it].text));
        let words: Vec<&str> = whole.split_whitespace().collect();
        if !words.is_empty() && html.len() < LONGEST_HTML {
            html.push_str(&format!("<p>{}</p>", text::escape(&words.join(" "))));
        }
    }
    html
}

// -------------------------------------------------------------------------------------------------------- by selector

fn picked(page: &Page, selector: &Selector, base: &str, now: Timestamp) -> Vec<Published> {
    let mut seen = HashSet::new();
    let picked = (0..page.nodes.len()).filter(|&node| selector.matches(page, node));
    let entries = picked.filter_map(|node| list_entry(page, node, base, now));
    entries.filter(|entry| seen.insert(entry.url.clone())).take(MOST).collect()
}

/// What an element of a list (or a link alone) says of what it leads to.
fn list_entry(page: &Page, node: usize, base: &str, now: Timestamp) -> Option<Published> {
    let link_of = |at: usize| joined(page.nodes[at].attribute("href")?, Some(base));
    let links: Vec<usize> = match page.nodes[node].tag.as_str() {
        "a" => vec![node],
        _ => page.tagged(node, "a").filter(|&it| link_of(it).is_some()).take(50).collect(),
    };
    let heading =
        page.inside(node).find(|&it| matches!(page.nodes[it].tag.as_str(), "h1" | "h2" | "h3" | "h4" | "h5"));
    // The link in (or around) the heading, else the one that says most.
    let in_heading = heading.and_then(|heading| {
        links.iter().copied().find(|&it| (heading..page.nodes[heading].end).contains(&it))
    });
    let link = in_heading.or_else(|| {
        links.iter().copied().max_by_key(|&it| (page.text(it).chars().count(), usize::MAX - it))
    })?;
    let url = link_of(link)?;
    let mut title =
        heading.map(|it| page.text(it)).filter(|it| !it.is_empty()).unwrap_or_else(|| page.text(link));
    if title.is_empty() {
        let said = page.nodes[link].attribute("title").or_else(|| page.nodes[link].attribute("aria-label"));
        let pictured = || page.tagged(link, "img").find_map(|it| page.nodes[it].attribute("alt"));
        title = said.or_else(pictured).map(text::fold).unwrap_or_default();
    }
    if title.is_empty() {
        return None;
    }
    let image = page.tagged(node, "img").find_map(|it| {
        let node = &page.nodes[it];
        joined(node.attribute("data-src").or_else(|| node.attribute("src"))?, Some(base))
    });
    let summary = page.tagged(node, "p").map(|it| page.text(it)).find(|it| 40 < it.len() && *it != title);
    let time = page.tagged(node, "time").find_map(|it| {
        let said = page.nodes[it].attribute("datetime").and_then(|it| date::read(it, now));
        said.or_else(|| date::read(&page.text(it), now))
    });
    let at = time.or_else(|| {
        let short =
            page.inside(node).filter(|&it| page.nodes[it].tag.is_empty() && page.nodes[it].text.len() < 60);
        short.take(40).find_map(|it| {
            let text = page.nodes[it].text.trim();
            // Not every number is a moment.
            (8 <= text.len() && text.contains([' ', '-', '/', '.'])).then(|| date::read(text, now))?
        })
    });
    let summary = summary.map(|it| text::escape(&it)).unwrap_or_default();
    Some(Published { url: Some(url), title, summary, image, at, ..Published::default() })
}

// -------------------------------------------------------------------------------------------------------- by shape

/// Links of one shape.
#[derive(Default)]
struct Group {
    links: Vec<usize>,
    addresses: HashSet<String>,
    letters: usize,
}

/// Groups the page's links by where they stand (tags and classes of their ancestors); headlines are the group that has
/// the most text in links of the length of a headline.
fn by_shape(page: &Page, base: &str, now: Timestamp) -> Vec<Published> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for node in 0..page.nodes.len() {
        if page.nodes[node].tag != "a" || is_furniture(page, node) {
            continue;
        }
        let Some(address) = page.nodes[node].attribute("href").and_then(|it| joined(it, Some(base))) else {
            continue;
        };
        let letters = page.text(node).chars().count();
        if !(12..=250).contains(&letters) || !leads_deeper(&address, base) {
            continue;
        }
        let group = groups.entry(shape(page, node)).or_default();
        if group.addresses.insert(address) {
            group.links.push(node);
            group.letters += letters.min(100);
        }
    }
    let is_list = |group: &&Group| FEWEST <= group.links.len() && 25 * group.links.len() <= group.letters;
    let Some(best) = groups.values().filter(is_list).max_by_key(|group| group.letters) else {
        return Vec::new();
    };
    let mut seen = HashSet::new();
    let entries = best.links.iter().filter_map(|&link| {
        let around = container(page, link, &best.links);
        let mut entry = list_entry(page, around, base, now)?;
        entry.url = page.nodes[link].attribute("href").and_then(|it| joined(it, Some(base)));
        entry.title = page.text(link);
        Some(entry)
    });
    entries.filter(|entry| seen.insert(entry.url.clone())).take(MOST).collect()
}

fn is_furniture(page: &Page, node: usize) -> bool {
    page.ancestors(node).any(|it| {
        let node = &page.nodes[it];
        let role = node.attribute("role").unwrap_or("");
        matches!(node.tag.as_str(), "nav" | "footer" | "aside" | "form")
            || matches!(role, "navigation" | "contentinfo")
    })
}

/// An article is not the front page, and lies below it.
fn leads_deeper(address: &str, base: &str) -> bool {
    let path = address.splitn(4, '/').nth(3).unwrap_or("").trim_matches('/');
    6 <= path.len() && address.trim_end_matches('/') != base.trim_end_matches('/')
}

/// Tag and first class of the link and four ancestors.
fn shape(page: &Page, node: usize) -> String {
    let mut shape = String::new();
    for at in std::iter::once(node).chain(page.ancestors(node).take(4)) {
        let node = &page.nodes[at];
        shape.push_str(&node.tag);
        let class = node.attribute("class").and_then(|it| it.split_ascii_whitespace().next()).unwrap_or("");
        // Numbers in class names tell items apart, not shapes.
        if !class.is_empty() && !class.contains(|c: char| c.is_ascii_digit()) {
            shape.push('.');
            shape.push_str(class);
        }
        shape.push(' ');
    }
    shape
}

/// The largest element around the link that holds no other link of the list.
fn container(page: &Page, link: usize, links: &[usize]) -> usize {
    let mut best = link;
    for around in page.ancestors(link) {
        let inside = around..page.nodes[around].end;
        if 1 < links.iter().filter(|it| inside.contains(it)).count() {
            break;
        }
        best = around;
    }
    best
}
