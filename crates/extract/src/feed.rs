//! What a feed says of an article: whether that is the whole of it, and how it and the page come together.

use news::{AuthorKind, Completeness, Extracted, Media, Picture, Published};

use crate::{authors, plain, sanitize};

/// A text this long that does not trail off is an article.
const WHOLE_FROM: usize = 1_800;
/// One that the feed gives as content beside a shorter summary may be shorter.
const WHOLE_FROM_BESIDE_SUMMARY: usize = 700;

/// What stands under pictures is not said by the text, here as on pages. The sanitiser wrote the HTML.
fn without_captions(html: &str) -> std::borrow::Cow<'_, str> {
    const END: &str = "</figcaption>";
    let mut parts = html.split("<figcaption>");
    let first = parts.next().unwrap_or_default();
    if first.len() == html.len() {
        return html.into();
    }
    let after = parts.map(|it| it.split_once(END).map_or("", |(_, after)| after));
    std::iter::once(first).chain(after).collect::<String>().into()
}

/// From the feed's own words.
pub fn from_feed(entry: &Published, address: &str) -> Extracted {
    let html = if entry.content.is_empty() { &entry.summary } else { &entry.content };
    let base = entry.url.as_deref().unwrap_or(address);
    let body = sanitize(html, base);
    let mut text = plain(&without_captions(body.as_str()));
    let is_whole = is_whole(entry, &text);
    let standfirst = standfirst(entry, &text, is_whole);
    if text.is_empty() {
        text = entry.title.clone();
    }
    Extracted {
        address: address.to_owned(),
        title: entry.title.clone(),
        standfirst,
        authors: authors::authors(entry.authors.iter().map(String::as_str)),
        labels: entry.categories.clone(),
        published: entry.at,
        updated: entry.updated,
        language: entry.language.clone(),
        picture: entry
            .image
            .clone()
            .or_else(|| first_picture(body.as_str()))
            .map(|url| Picture { url, ..Picture::default() }),
        media: media(entry),
        links: links(body.as_str()),
        completeness: if is_whole { Completeness::Full } else { Completeness::Excerpt },
        body,
        text,
        ..Extracted::default()
    }
}

/// The content is the whole article: no page need be fetched.
pub fn feed_is_whole(entry: &Published) -> bool {
    let html = if entry.content.is_empty() { &entry.summary } else { &entry.content };
    // Markup only makes it longer: what is too short with it is too short without.
    html.len() >= WHOLE_FROM_BESIDE_SUMMARY && is_whole(entry, &plain(html))
}

fn is_whole(entry: &Published, text: &str) -> bool {
    if trails_off(text) {
        return false;
    }
    let length = text.chars().count();
    let summary = entry.summary.len();
    let is_beside_summary = !entry.content.is_empty() && 0 < summary && summary * 2 < text.len();
    length >= WHOLE_FROM || is_beside_summary && length >= WHOLE_FROM_BESIDE_SUMMARY
}

/// It ends as teasers do: in an ellipsis, or an invitation to read the rest elsewhere.
fn trails_off(text: &str) -> bool {
    let text = text.trim_end();
    let end = text.char_indices().rev().nth(160).map_or(0, |(at, _)| at);
    let tail =
        text[end..].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ']' | ')' | '»' | '>' | '→'));
    if tail.ends_with('…') || tail.ends_with("...") || tail.ends_with("[&hellip;") {
        return true;
    }
    let last = tail.lines().next_back().unwrap_or_default().to_lowercase();
    const INVITATIONS: &[&str] = &[
        "continue reading",
        "read more",
        "read the full",
        "read full",
        "full story",
        "keep reading",
        "read the rest",
        "weiterlesen",
        "mehr lesen",
        "den ganzen artikel",
        "lire la suite",
        "lire l'article",
        "seguir leyendo",
        "leer más",
        "leggi tutto",
        "continua a leggere",
        "czytaj dalej",
        "czytaj więcej",
        "lees verder",
        "lees meer",
        "läs mer",
        "les mer",
        "læs mere",
        "ler mais",
        "continue lendo",
        "читать далее",
        "読む",
        "subscribe to read",
    ];
    // "The post X appeared first on Y" stands under whole texts and teasers alike, so it says nothing.
    last.chars().count() < 160 && INVITATIONS.iter().any(|it| last.contains(it))
}

fn standfirst(entry: &Published, text: &str, is_whole: bool) -> Option<String> {
    if entry.summary.is_empty() {
        return None;
    }
    let summary = if is_whole || !entry.content.is_empty() { plain(&entry.summary) } else { text.to_owned() };
    let first = summary.lines().next()?.trim();
    let is_own = is_whole && text.starts_with(first.trim_end_matches(['.', '…', ' ']));
    (!first.is_empty() && first.len() <= 600 && !is_own).then(|| first.to_owned())
}

fn first_picture(body: &str) -> Option<String> {
    attr_values(body, "<img src=\"").next()
}

/// Where the text leads, each once.
pub(crate) fn links(body: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    for link in attr_values(body, "<a href=\"").filter(|it| it.starts_with("http")) {
        if let Some(link) = news::canonical(&link)
            && !links.contains(&link)
        {
            links.push(link);
            if links.len() == 50 {
                break;
            }
        }
    }
    links
}

/// Values of an attribute in HTML that the sanitiser wrote.
fn attr_values<'a>(body: &'a str, mark: &'a str) -> impl Iterator<Item = String> + 'a {
    memchr::memmem::find_iter(body.as_bytes(), mark.as_bytes()).filter_map(move |at| {
        let value = &body[at + mark.len()..];
        Some(value[..value.find('"')?].replace("&amp;", "&"))
    })
}

fn media(entry: &Published) -> Vec<Media> {
    let kind = |mime: &Option<String>, what: &str| mime.as_deref().is_some_and(|it| it.starts_with(what));
    let is_media = |it: &&news::Enclosure| kind(&it.mime, "audio/") || kind(&it.mime, "video/");
    let media = entry.enclosures.iter().filter(is_media).map(|it| Media {
        url: it.url.clone(),
        title: it.title.clone(),
        seconds: it.seconds,
        is_video: kind(&it.mime, "video/"),
    });
    media.take(20).collect()
}

/// The page and the feed together: the fuller body, and of everything else what is known better.
pub fn better(page: Option<Extracted>, feed: Extracted) -> Extracted {
    let Some(mut page) = page else { return feed };
    let (on_page, in_feed) = (page.text.chars().count(), feed.text.chars().count());
    // A page that has less than the feed is one that we failed to read, or that is locked.
    let feed_wins =
        feed.completeness == Completeness::Full && on_page < in_feed * 3 / 5 || on_page < in_feed * 2 / 5;
    if feed_wins {
        (page.body, page.text, page.completeness) = (feed.body, feed.text, feed.completeness);
        page.links = feed.links;
    }
    if page.title.is_empty() {
        page.title = feed.title;
    }
    if page.standfirst.is_none() {
        page.standfirst = feed.standfirst;
    }
    let has_person = page.authors.iter().any(|it| it.kind == AuthorKind::Person);
    if page.authors.is_empty() || !has_person && feed.authors.iter().any(|it| it.kind == AuthorKind::Person) {
        page.authors = feed.authors;
    }
    for label in feed.labels {
        if !page.labels.iter().any(|it| it.eq_ignore_ascii_case(&label)) {
            page.labels.push(label);
        }
    }
    page.published = page.published.or(feed.published);
    page.updated = page.updated.or(feed.updated);
    page.language = page.language.or(feed.language);
    page.picture = page.picture.or(feed.picture);
    for media in feed.media {
        if !page.media.iter().any(|it| it.url == media.url) {
            page.media.push(media);
        }
    }
    page
}
