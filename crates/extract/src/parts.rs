//! Articles of several pages: where the next part stands, and how parts become one.

use news::{Completeness, Extracted, SafeHtml};
use url::Url;

use crate::dom::Dom;

/// An article has no more parts than this.
pub const MOST_PARTS: usize = 12;

/// Queries by which pages are counted.
const COUNTERS: &[&str] = &["page", "p", "pg", "seite", "pagina", "pagenum", "currentpage"];

/// Where the second part of an article stands whose first is at that address. An address that ends in a number may be
/// one of many articles that are numbered.
pub fn second(dom: &Dom, address: &str) -> Option<String> {
    let (_, number) = counted(&Url::parse(address).ok()?);
    next(dom, address).filter(|_| number.is_none() || address.contains('?'))
}

/// The address of the part after this one: a link that differs from the page's own address only in a number that is
/// one higher. `rel=next` alone says nothing: blogs have it lead to another article.
pub fn next(dom: &Dom, address: &str) -> Option<String> {
    let base = Url::parse(address).ok()?;
    let (own, number) = counted(&base);
    let own_bare = bare(&base);
    let links = dom.under(0).filter(|it| dom.name(*it).is_some_and(|name| matches!(&**name, "a" | "link")));
    links.filter_map(|it| base.join(dom.attr(it, "href")?.trim()).ok()).find_map(|url| {
        let (stem, next) = counted(&url);
        let follows = match number {
            Some(number) => next == Some(number + 1) && stem == own,
            None => next == Some(2) && stem == own_bare,
        };
        (follows && url.host() == base.host()).then(|| {
            let mut url = url;
            url.set_fragment(None);
            url.into()
        })
    })
}

/// Path and query without the end of the name (`.html`) and without a slash behind it.
fn bare(url: &Url) -> String {
    let path = url.path().trim_end_matches('/');
    let path = [".html", ".htm", ".php", ".aspx", ".shtml"]
        .iter()
        .find_map(|it| path.strip_suffix(it))
        .unwrap_or(path);
    let counts = |name: &str| COUNTERS.contains(&name.to_ascii_lowercase().as_str());
    let pairs = url.query_pairs().filter(|(name, _)| !counts(name) && !name.starts_with("utm_"));
    let query: Vec<String> = pairs.map(|(name, value)| format!("{name}={value}")).collect();
    format!("{path}?{}", query.join("&"))
}

/// The address without its number of the part, and that number: `?page=2`, `/2`, `/page/2`, `-2.html`, `,2`, `_2`.
fn counted(url: &Url) -> (String, Option<u32>) {
    let in_query = url.query_pairs().find_map(|(name, value)| {
        let number =
            COUNTERS.contains(&name.to_ascii_lowercase().as_str()).then(|| value.parse::<u32>().ok())??;
        (number < 100).then_some(number)
    });
    let stem = bare(url);
    if in_query.is_some() {
        return (stem, in_query);
    }
    let (path, query) = stem.split_once('?').unwrap_or((&stem, ""));
    let digits = path.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (head, number) = path.split_at(path.len() - digits);
    let number = Some(number)
        .filter(|it| (1..=2).contains(&it.len()) && !it.starts_with('0'))
        .and_then(|it| it.parse().ok());
    let head = head.strip_suffix(['/', '-', ',', '_']);
    match (head, number) {
        // What stands behind a year, a month or a day is one too.
        (Some(head), Some(_)) if head.rsplit('/').next().is_some_and(is_date) => (stem, None),
        (Some(head), Some(number)) => {
            let words = ["/page", "-page", "_page", "/seite", "-seite", "/p", "-p", "/pagina"];
            let head = words.iter().find_map(|it| head.strip_suffix(it)).unwrap_or(head);
            (format!("{head}?{query}"), Some(number))
        }
        _ => (stem, None),
    }
}

fn is_date(segment: &str) -> bool {
    matches!(segment.len(), 1 | 2 | 4) && segment.bytes().all(|b| b.is_ascii_digit())
}

/// Two parts as one; `false` when the second says nothing that the first has not said.
pub fn join(article: &mut Extracted, part: Extracted) -> bool {
    let said: std::collections::HashSet<&str> = article.text.lines().collect();
    let fresh: usize = part.text.lines().filter(|it| !said.contains(it)).map(str::len).sum();
    if fresh * 2 < part.text.len() {
        return false;
    }
    article.text.push('\n');
    article.text.push_str(&part.text);
    // Both were cleaned, and each closes what it opens.
    article.body = SafeHtml::vouched_for(format!("{}{}", article.body.as_str(), part.body.as_str()));
    if part.completeness == Completeness::Excerpt {
        article.completeness = Completeness::Excerpt;
    }
    for link in part.links {
        if article.links.len() < 50 && !article.links.contains(&link) {
            article.links.push(link);
        }
    }
    for media in part.media {
        if article.media.len() < 20 && !article.media.iter().any(|it| it.url == media.url) {
            article.media.push(media);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_part_is_the_same_address_with_the_next_number() {
        for (own, links, expected) in [
            ("https://a.example/dam", "<a href='/dam?page=2'>2</a>", Some("https://a.example/dam?page=2")),
            (
                "https://a.example/dam?page=2",
                "<a href='/dam'>1</a><a href='/dam?page=3'>3</a>",
                Some("https://a.example/dam?page=3"),
            ),
            (
                "https://a.example/dam.html",
                "<a href='dam-2.html'>Weiter</a>",
                Some("https://a.example/dam-2.html"),
            ),
            (
                "https://a.example/dam/",
                "<link rel=next href='https://a.example/dam/2/'>",
                Some("https://a.example/dam/2/"),
            ),
            (
                "https://a.example/dam",
                "<a href='/dam/page/2#top'>next</a>",
                Some("https://a.example/dam/page/2"),
            ),
            // Another article, another site, a date, a list of articles, a skipped number.
            ("https://a.example/dam", "<a rel=next href='/flood'>Next article</a>", None),
            ("https://a.example/dam", "<a href='https://b.example/dam?page=2'>2</a>", None),
            ("https://a.example/2024/05/13", "<a href='/2024/05/14'>tomorrow</a>", None),
            ("https://a.example/dam", "<a href='/news?page=2'>more news</a>", None),
            ("https://a.example/dam", "<a href='/dam?page=3'>3</a>", None),
            ("https://a.example/dam?page=3", "<a href='/dam?page=2'>2</a>", None),
        ] {
            assert_eq!(next(&Dom::parse(links), own).as_deref(), expected, "{own} {links}");
        }
    }

    #[test]
    fn numbered_articles_are_not_parts_of_one() {
        let dom = Dom::parse("<a href='/item-13'>Next</a>");
        assert_eq!(second(&dom, "https://a.example/item-12"), None);
        assert!(next(&dom, "https://a.example/item-12").is_some());
    }

    #[test]
    fn a_page_that_says_nothing_new_is_no_part() {
        let part = |text: &str| Extracted { text: text.into(), ..Extracted::default() };
        let mut article = part("One.\nTwo.");
        assert!(!join(&mut article, part("One.\nTwo.")));
        assert!(join(&mut article, part("Three.")));
        assert_eq!(article.text, "One.\nTwo.\nThree.");
    }
}
