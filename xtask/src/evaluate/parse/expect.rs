//! feedparser's fixtures say in a comment what a reader should find, as a line of Python:
//! `Expect: not bozo and entries[0]['title'] == 'Example title'`. Those about what we keep are judged here.

use news::{Published, Timestamp};
use parse::Parsed;

use super::super::documents::Document;

/// Where feedparser's own test server has the documents.
pub const ADDRESS: &str = "http://127.0.0.1:8097/tests/document.xml";

/// The address that the document is read under: its server may say another one.
pub fn address(document: &Document) -> String {
    let said = document.header("content-location");
    let served = url::Url::parse(ADDRESS).expect("a constant");
    let joined =
        said.and_then(|it| served.join(&it).ok()).filter(|it| matches!(it.scheme(), "http" | "https"));
    joined.map_or_else(|| ADDRESS.to_owned(), Into::into)
}

/// The expectation, if the document states one.
pub fn of(document: &Document) -> Option<String> {
    let start = &document.bytes[..document.bytes.len().min(4_000)];
    let text = String::from_utf8_lossy(start);
    let at = text.find("Expect:")?;
    let rest = text[at + 7..].split("-->").next()?;
    let line = rest.lines().find(|line| !line.trim().is_empty())?;
    Some(line.trim().to_owned())
}

#[derive(Debug, PartialEq)]
pub enum Verdict {
    Holds,
    /// What was found in place of what should be.
    Fails(String),
    /// It speaks of what we do not keep (`textinput`, `cloud`, `bozo` alone).
    NotAboutUs,
}

/// A document counts when at least one of its clauses is about what we keep; it holds when all of those do.
pub fn judge(expectation: &str, parsed: Option<&Parsed>) -> Verdict {
    let mut about_us = false;
    for clause in expectation.split(" and ") {
        let Some((path, literal)) = clause.trim().trim_matches(['(', ' ']).split_once("==") else { continue };
        let literal = literal.trim();
        let literal = if literal.starts_with('(') { literal } else { literal.trim_end_matches(')') };
        let Some(path) = steps(path.trim()) else { continue };
        let Some(expected) = Literal::of(literal) else { continue };
        let Some(field) = Field::of(&path) else { continue };
        about_us = true;
        if let Err(found) = field.check(&expected, parsed) {
            return Verdict::Fails(found);
        }
    }
    if about_us { Verdict::Holds } else { Verdict::NotAboutUs }
}

#[derive(Debug, PartialEq)]
enum Literal {
    Text(String),
    /// The first six of a time tuple, as seconds since 1970.
    Moment(Timestamp),
}

impl Literal {
    fn of(text: &str) -> Option<Literal> {
        if let Some(inside) = text.strip_prefix('(') {
            let numbers: Vec<i64> =
                inside.trim_end_matches(')').split(',').filter_map(|it| it.trim().parse().ok()).collect();
            let [year, month, day, hour, minute, second, ..] = numbers[..] else { return None };
            return Some(Literal::Moment(Timestamp(
                days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second,
            )));
        }
        let text = text.strip_prefix('u').unwrap_or(text);
        let quote = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quote| text.starts_with(quote))?;
        let inside = text[quote.len()..].strip_suffix(quote)?;
        Some(Literal::Text(python(inside)))
    }
}

/// Days since 1970 of a civil date (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if 2 < month { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A Python string's escapes.
fn python(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let escaped = chars.next().unwrap_or('\\');
        let digits = match escaped {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let code: String = chars.by_ref().take(digits).collect();
        let one = match escaped {
            'x' | 'u' | 'U' => {
                u32::from_str_radix(&code, 16).ok().and_then(char::from_u32).unwrap_or('\u{fffd}')
            }
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            c => c,
        };
        out.push(one);
    }
    out
}

/// `entries[0]['content'][0]['value']` as its words and numbers.
fn steps(path: &str) -> Option<Vec<String>> {
    let path = path.replace("['", ".").replace("[\"", ".").replace(['[', ']', '\'', '"'], ".");
    let steps: Vec<String> = path.split('.').filter(|step| !step.is_empty()).map(str::to_owned).collect();
    let fits = steps.iter().all(|step| step.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    (fits && !steps.is_empty()).then_some(steps)
}

/// What we keep that an expectation can be about.
enum Field {
    FeedTitle,
    FeedLink,
    Entry(usize, Part),
}

enum Part {
    Title,
    Link,
    Id,
    Published,
    Updated,
    /// `created`: we have no third date; either of the two will do.
    Created,
    Author(usize),
    Summary,
    Content,
    EnclosureAddress(usize),
    EnclosureType(usize),
    EnclosureLength(usize),
}

impl Field {
    fn of(path: &[String]) -> Option<Field> {
        let words: Vec<&str> = path.iter().map(String::as_str).collect();
        let number = |word: &str| word.parse::<usize>().ok();
        match words[..] {
            ["feed", "title"] | ["feed", "title_detail", "value"] => Some(Field::FeedTitle),
            ["feed", "link"] => Some(Field::FeedLink),
            ["entries", at, ref rest @ ..] => Some(Field::Entry(number(at)?, Part::of(rest)?)),
            _ => None,
        }
    }

    fn check(&self, expected: &Literal, parsed: Option<&Parsed>) -> Result<(), String> {
        let Some(parsed) = parsed else { return Err("no feed".to_owned()) };
        match (self, expected) {
            (Field::FeedTitle, Literal::Text(text)) => {
                same_words(text, parsed.title.as_deref().unwrap_or(""))
            }
            (Field::FeedLink, Literal::Text(text)) => same_address(text, parsed.site.as_deref()),
            (Field::Entry(at, part), expected) => match parsed.entries.get(*at) {
                Some(entry) => part.check(expected, entry),
                // A headline of nothing but a picture has no words to keep.
                None if matches!((part, expected), (Part::Title, Literal::Text(text)) if words(text).is_empty()) => {
                    Ok(())
                }
                None => Err("no such entry".to_owned()),
            },
            (_, Literal::Moment(_)) => Err("no moment".to_owned()),
        }
    }
}

impl Part {
    fn of(words: &[&str]) -> Option<Part> {
        let number = |word: &str| word.parse::<usize>().ok();
        Some(match *words {
            ["title"] | ["title_detail", "value"] => Part::Title,
            ["link"] => Part::Link,
            ["id" | "guid"] => Part::Id,
            ["published_parsed" | "issued_parsed"] => Part::Published,
            ["updated_parsed" | "modified_parsed" | "date_parsed"] => Part::Updated,
            ["created_parsed"] => Part::Created,
            ["author"] | ["author_detail", "name"] => Part::Author(0),
            ["authors", at, "name"] => Part::Author(number(at)?),
            ["summary" | "description"] | ["summary_detail", "value"] => Part::Summary,
            ["content", "0", "value"] => Part::Content,
            ["enclosures", at, "url" | "href"] => Part::EnclosureAddress(number(at)?),
            ["enclosures", at, "type"] => Part::EnclosureType(number(at)?),
            ["enclosures", at, "length"] => Part::EnclosureLength(number(at)?),
            _ => return None,
        })
    }

    fn check(&self, expected: &Literal, entry: &Published) -> Result<(), String> {
        let enclosure = |at: &usize| entry.enclosures.get(*at);
        match (self, expected) {
            (Part::Published, Literal::Moment(moment)) => same_moment(*moment, &[entry.at]),
            (Part::Updated, Literal::Moment(moment)) => same_moment(*moment, &[entry.updated, entry.at]),
            (Part::Created, Literal::Moment(moment)) => same_moment(*moment, &[entry.at, entry.updated]),
            (Part::Title, Literal::Text(text)) => same_words(text, &entry.title),
            (Part::Link, Literal::Text(text)) => same_address(text, entry.url.as_deref()),
            (Part::Id, Literal::Text(text)) => equal(text, &entry.guid),
            (Part::Author(at), Literal::Text(text)) => {
                let found = entry.authors.get(*at).map_or("", String::as_str);
                // feedparser writes "name (address)"; we keep the name, or the address where there is no other.
                let name = text.split(" (").next().unwrap_or(text);
                equal(name, found).or_else(|_| equal(text, &entry.authors.join(", ")))
            }
            (Part::Summary, Literal::Text(text)) => {
                same_html(text, if entry.summary.is_empty() { &entry.content } else { &entry.summary })
            }
            (Part::Content, Literal::Text(text)) => {
                same_html(text, if entry.content.is_empty() { &entry.summary } else { &entry.content })
            }
            (Part::EnclosureAddress(at), Literal::Text(text)) => {
                same_address(text, enclosure(at).map(|it| it.url.as_str()))
            }
            (Part::EnclosureType(at), Literal::Text(text)) => {
                equal(text, enclosure(at).and_then(|it| it.mime.as_deref()).unwrap_or(""))
            }
            (Part::EnclosureLength(at), Literal::Text(text)) => {
                equal(text, &enclosure(at).and_then(|it| it.bytes).map_or(String::new(), |it| it.to_string()))
            }
            _ => Err("another kind of value".to_owned()),
        }
    }
}

fn equal(expected: &str, found: &str) -> Result<(), String> {
    if expected.trim() == found.trim() { Ok(()) } else { Err(format!("{found:?}")) }
}

fn same_moment(expected: Timestamp, found: &[Option<Timestamp>]) -> Result<(), String> {
    if found.contains(&Some(expected)) { Ok(()) } else { Err(format!("{found:?}, not {expected:?}")) }
}

/// feedparser does not resolve what has no base; and a final slash is what makes an address whole.
fn same_address(expected: &str, found: Option<&str>) -> Result<(), String> {
    let found = found.unwrap_or("");
    // As a browser reads both: escapes of letters and a path's slash make no difference.
    let bare = |address: &str| news::canonical(address).unwrap_or_else(|| address.trim().to_owned());
    if bare(expected) == bare(found) { Ok(()) } else { Err(format!("{found:?}")) }
}

/// Titles: feedparser keeps the markup, we keep the words.
fn same_words(expected: &str, found: &str) -> Result<(), String> {
    let literal = expected.split_whitespace().collect::<Vec<_>>().join(" ");
    if literal == found || words(expected) == words(&escaped(found)) {
        Ok(())
    } else {
        Err(format!("{found:?}"))
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// HTML: the same words, and the same addresses in links and pictures. feedparser also cleans; that is another stage's
/// work with us, so what has to be gone is not asked for here.
fn same_html(expected: &str, found: &str) -> Result<(), String> {
    // Of plain text feedparser gives the text itself, we the same as HTML.
    let literal: String = expected.chars().filter(|c| !c.is_whitespace()).collect();
    let same = (words(expected) == words(found) || literal == words(found))
        && addresses(expected)
            .iter()
            .all(|it| addresses(found).iter().any(|found| same_address(it, Some(found)).is_ok()));
    if same { Ok(()) } else { Err(format!("{found:?}")) }
}

/// The visible characters, entities resolved, without any white space.
fn words(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let name: String =
            rest[1..].chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        rest = &rest[end..];
        if matches!(name.as_str(), "script" | "style") {
            let close = rest.to_ascii_lowercase().find(&format!("</{name}"));
            rest = close.map_or("", |close| &rest[close..]);
        }
    }
    text.push_str(rest);
    let resolved = entities(&text);
    resolved.chars().filter(|c| !c.is_whitespace()).collect()
}

fn entities(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|end| *end < 12);
        let resolved = end.and_then(|end| {
            let name = &rest[1..end];
            let code = name
                .strip_prefix("#x")
                .or(name.strip_prefix("#X"))
                .map(|hex| u32::from_str_radix(hex, 16).ok());
            let code = code.unwrap_or_else(|| name.strip_prefix('#').and_then(|it| it.parse().ok()));
            let named = match name {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some('\u{a0}'),
                _ => None,
            };
            let windows = |code| if code == 146 { 0x2019 } else { code };
            named.or_else(|| code.map(windows).and_then(char::from_u32)).map(|c| (c, end))
        });
        match resolved {
            Some((c, end)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn addresses(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for name in ["href=\"", "src=\"", "href='", "src='"] {
        for (at, _) in html.match_indices(name) {
            let value = &html[at + name.len()..];
            let end = value.find(['"', '\'']).unwrap_or(value.len());
            found.push(entities(&value[..end]));
        }
    }
    found
}
