//! The article's own headline, not the outlet's name: several witnesses, and the one that the others bear out.

use super::json_ld::Linked;
use super::survey::Survey;
use crate::Page;
use crate::dom::{Dom, Id};

pub fn headline(dom: &Dom, survey: &Survey, linked: &Linked, outlet: Option<&str>, page: &Page) -> String {
    let clean = |it: String| {
        let text = crate::plain(&it).replace('\n', " ");
        text.trim().to_owned()
    };
    let page_title = survey.title.map(|it| dom.text(it)).unwrap_or_default();
    let open_graph = survey.meta(&["og:title", "dc.title", "parsely-title", "sailthru.title"]).map(clean);
    let card = survey.meta(&["twitter:title"]).map(clean);
    let property = survey.properties.iter().find(|(name, _)| name == "headline").map(|(_, it)| {
        match dom.attr(*it, "content") {
            Some(content) => content.to_owned(),
            None => dom.text(*it),
        }
    });
    let stripped = |it: Option<String>| {
        it.map(|it| without_outlet(&it, outlet)).filter(|it| (1..=LONGEST).contains(&it.len()))
    };
    let witnesses: Vec<(f32, String)> = [
        (1.0, stripped(linked.headline.clone().filter(|_| linked.is_article))),
        (1.0, stripped(open_graph)),
        (1.0, stripped(property)),
        (0.4, stripped(card)),
        (0.3, stripped(Some(page_title.clone()))),
    ]
    .into_iter()
    .filter_map(|(weight, it)| Some((weight, it?)))
    .collect();
    // The page's own big headline, where another witness has about the same words.
    let h1: Vec<String> = survey
        .h1
        .iter()
        .take(12)
        .map(|it| dom.text(*it).trim_end_matches(['¶', '#', ' ']).to_owned())
        .filter(|it| (1..=400).contains(&it.len()))
        .collect();
    let borne_out = |text: &String| witnesses.iter().map(|(_, it)| likeness(text, it)).fold(0.0, f32::max);
    let own =
        h1.iter().filter(|it| borne_out(it) >= ALIKE).max_by(|a, b| borne_out(a).total_cmp(&borne_out(b)));
    // Where it has other words than what was written for searches, the only one is still what readers see.
    let own = own.or_else(|| only_sentence(&h1));
    let all: Vec<(f32, &String)> = own
        .map(|it| (1.6, it))
        .into_iter()
        .chain(witnesses.iter().map(|(weight, it)| (*weight, it)))
        .collect();
    // Where they differ (a kicker before it, a shorter form for searches), the one that most agree on; the first of
    // those that are equal.
    let votes = |text: &String| -> f32 {
        all.iter().filter(|(_, it)| letters(it) == letters(text)).map(|(weight, _)| weight).sum()
    };
    let mut best: Option<(f32, &String)> = None;
    for (_, text) in &all {
        let votes = votes(text);
        if best.is_none_or(|(most, _)| most < votes) {
            best = Some((votes, text));
        }
    }
    if let Some((_, best)) = best {
        return best.clone();
    }
    let feed = page.hint.map(|it| it.title.clone()).filter(|it| !it.is_empty());
    feed.or_else(|| h1.into_iter().next()).unwrap_or(page_title)
}

/// In bytes; what is longer is a text.
const LONGEST: usize = 1_000;

/// So much of their words have two forms of one headline in common.
const ALIKE: f32 = 0.55;

/// The one headline that is more than a label ("News", "Log in").
fn only_sentence(headlines: &[String]) -> Option<&String> {
    let mut sentences = headlines.iter().filter(|it| 4 <= it.split(' ').count());
    let only = sentences.next()?;
    sentences.next().is_none().then_some(only)
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether a heading of the page is the headline `title`, perhaps in a few words more or less.
pub fn is_about(heading: &str, title: &str) -> bool {
    heading.len().max(title.len()) <= LONGEST && ALIKE <= likeness(heading, title)
}

/// Where the page shows its headline: the first big one that is about it, else the first.
pub fn shown(dom: &Dom, h1: &[Id], title: &str) -> Option<Id> {
    let is_own = |it: &&Id| dom.brief(**it, LONGEST).is_some_and(|text| is_about(&text, title));
    h1.iter().take(12).find(is_own).or(h1.first()).copied()
}

/// Words in common, as a share of all.
fn likeness(a: &str, b: &str) -> f32 {
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        lower.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    let both = a.iter().filter(|it| b.contains(it)).count() as f32;
    2.0 * both / (a.len() + b.len()).max(1) as f32
}

/// "Dam gives way | The Daily Example" without the outlet. Without its name known, only the surest separators count.
fn without_outlet(title: &str, outlet: Option<&str>) -> String {
    const SEPARATORS: &[&str] = &[" | ", " - ", " – ", " — ", " :: ", " » ", " • ", " · ", " // ", " / "];
    let mut title = title.trim();
    for _ in 0..3 {
        let Some((at, separator)) = SEPARATORS.iter().filter_map(|it| Some((title.rfind(it)?, it))).max()
        else {
            break;
        };
        let (head, tail) = (&title[..at], &title[at + separator.len()..]);
        let own = outlet.map(letters).unwrap_or_default();
        let (tail_letters, is_name) = (letters(tail), tail.split(' ').count() <= 5);
        let names_outlet = !own.is_empty() && (tail_letters.contains(&own) || own.contains(&tail_letters));
        let is_sure = *separator == " | " && is_name && head.split(' ').count() > 2;
        if names_outlet
            || is_sure
            || tail.contains(".com")
            || (is_name && head.split(' ').count() >= 5 && *separator != " / " && is_titled(tail))
        {
            title = head.trim_end();
        } else {
            break;
        }
    }
    title.to_owned()
}

/// Every longer word begins with a capital, as names of outlets do.
fn is_titled(text: &str) -> bool {
    text.split(' ').filter(|it| it.chars().count() > 3).all(|it| it.starts_with(char::is_uppercase))
}
