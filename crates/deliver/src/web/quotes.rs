//! Who said what, of several articles.

use news::{Article, ArticleId, Timestamp};

use super::render::encoded;

/// Something that one article says, and where to read it.
pub struct Point {
    pub says: String,
    /// Where it stands in the article, or (of what does not stand in its text) the article.
    pub link: String,
    pub outlet: String,
    pub at: Option<Timestamp>,
}

/// Words at either end by which a browser finds a place of a page, to mark it.
const ENDS: usize = 4;

/// A link to where that is said: an anchor, and the text itself for browsers that can mark what a link is about.
pub fn link(article: ArticleId, at: Option<u32>, says: &str) -> String {
    let Some(at) = at else { return format!("/article/{article}") };
    format!("/article/{article}{}", place(at, says))
}

/// The same within the article's own page.
pub fn place(at: u32, says: &str) -> String {
    let words: Vec<&str> = says.split_whitespace().collect();
    // A dash means something there.
    let text = |words: &[&str]| encoded(&words.join(" ")).replace('-', "%2D");
    let marked = match words.len() {
        0..=8 => text(&words),
        many => format!("{},{}", text(&words[..ENDS]), text(&words[many - ENDS..])),
    };
    format!("#said-{at}:~:text={marked}")
}

pub struct Speaker {
    pub name: String,
    pub role: Option<String>,
    pub quotes: Vec<Point>,
}

/// Of each at most so much, and of so many at most.
const QUOTES: usize = 4;
const SPEAKERS: usize = 10;

/// In the order in which the articles come: who spoke last is first when the newest article is. The outlet is given
/// with each article.
pub fn speakers<'a>(articles: impl Iterator<Item = (&'a Article, &'a str)>) -> Vec<Speaker> {
    let mut speakers: Vec<Speaker> = Vec::new();
    for (article, outlet) in articles {
        let text = &article.extracted.text;
        for quote in &article.quotes {
            let Some(name) = quote.speaker.as_ref().filter(|it| is_named(it)) else { continue };
            let Some(says) = text.get(quote.content.0 as usize..quote.content.1 as usize) else { continue };
            let point = Point {
                link: link(article.id, Some(quote.content.0), says),
                says: says.trim().to_string(),
                outlet: outlet.to_string(),
                at: article.extracted.published,
            };
            match speakers.iter_mut().find(|it| same_speaker(&it.name, name)) {
                Some(it) if it.quotes.len() == QUOTES || it.quotes.iter().any(|q| q.says == point.says) => (),
                Some(it) => {
                    // The fullest form that was met is the one to show.
                    if it.name.len() < name.len() {
                        it.name = name.clone();
                    }
                    it.role = it.role.take().or_else(|| quote.role.clone());
                    it.quotes.push(point);
                }
                None => speakers.push(Speaker {
                    name: name.clone(),
                    role: quote.role.clone(),
                    quotes: vec![point],
                }),
            }
        }
    }
    speakers.truncate(SPEAKERS);
    speakers
}

/// "who" and "three members" said much; on a list of speakers they say nothing.
fn is_named(speaker: &str) -> bool {
    speaker.chars().next().is_some_and(|it| it.is_alphabetic() && !it.is_lowercase())
}

/// "Shin" is "Shin Won-sik".
fn same_speaker(a: &str, b: &str) -> bool {
    let (long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
    long == short || long.split_whitespace().any(|word| word == short)
}
