//! The sentence or two under the headline.
//!
//! What the page shows there comes first: what it says of itself for searches and for sharing was often written for
//! those, or is the beginning of the text, cut off.

use std::sync::LazyLock;

use html5ever::local_name;

use crate::dom::{Dom, Id};
use crate::spotter::Spotter;

/// In class names, these words.
const CALLED: &[&str] = &[
    "standfirst",
    "subtitle",
    "sub-title",
    "sub_title",
    "subheadline",
    "sub-headline",
    "leadtext",
    "lead-text",
    "article-lead",
    "article_lead",
    "elementlead",
    "vorspann",
    "einleitung",
    "preface",
    "preamble",
    "ingress",
    "strapline",
    "epigraph",
    "excerpt",
    "abstract",
    "article-intro",
    "article_intro",
    "intro__text",
    "teaser-text",
    "teaser_text",
    "teasertext",
    "shorttext",
    "headerdek",
    "article-summary",
    "summary-art",
    "story__summary",
];
/// Class names that are one of these words and no more.
const NAMED: &[&str] =
    &["lead", "leadin", "intro", "teaser", "summary", "dek", "deck", "chapo", "entradilla"];

/// In bytes.
const LENGTH: std::ops::RangeInclusive<usize> = 30..=800;
const WORDS: usize = 5;
/// So far below the headline, in nodes.
const REACH: usize = 600;
/// After a paragraph of that many bytes the text has begun.
const PARAGRAPH: usize = 240;

/// What stands under the headline `title`.
pub fn shown(dom: &Dom, h1: &[Id], title: &str) -> Option<String> {
    let headline = *h1.iter().take(12).find(|it| super::headline::is_about(&dom.text(**it), title))?;
    let mut below = std::iter::successors(dom.after(headline, 0), |it| next(dom, *it)).take(REACH);
    below.find_map(|id| {
        dom.name(id)?;
        let is_text = dom.is_one_of(id, &["p", "h2", "h3", "h4", "div", "span", "section", "header"]);
        if is_foreign(dom, id)
            || !is_text
            || !(is_called(dom, id) || is_next(dom, headline, id) && !ends(dom, id))
        {
            return ends(dom, id).then_some(None);
        }
        let Some(text) = dom.brief(id, *LENGTH.end()) else { return ends(dom, id).then_some(None) };
        let fits = LENGTH.contains(&text.len()) && WORDS <= text.split(' ').count() && text != title;
        if fits && !dom.under(id).any(|it| dom.is_one_of(it, &["li", "time"])) {
            return Some(Some(text));
        }
        ends(dom, id).then_some(None)
    })?
}

fn next(dom: &Dom, id: Id) -> Option<Id> {
    Some(dom.nodes[id as usize].first).filter(|it| *it != crate::dom::NONE).or_else(|| dom.after(id, 0))
}

/// A long paragraph: whatever follows belongs to the text.
fn ends(dom: &Dom, id: Id) -> bool {
    dom.is(id, &local_name!("p")) && dom.brief(id, PARAGRAPH).is_none()
}

fn is_foreign(dom: &Dom, id: Id) -> bool {
    dom.ancestors(id).take(12).any(|it| dom.is_one_of(it, &["aside", "nav", "a", "li", "form"]))
}

fn is_called(dom: &Dom, id: Id) -> bool {
    static SPOTTER: LazyLock<Spotter> = LazyLock::new(|| Spotter::of(&[(1, CALLED)]));
    if dom.attr(id, "itemprop").is_some_and(|it| matches!(it, "description" | "alternativeHeadline")) {
        return true;
    }
    ["class", "data-testid"].iter().filter_map(|it| dom.attr(id, it)).any(|it| {
        let names = it.to_ascii_lowercase();
        SPOTTER.spot(names.as_bytes()) != 0 || names.split_ascii_whitespace().any(|it| NAMED.contains(&it))
    })
}

/// The element right below the headline, or below what holds nothing but the headline, where it is a paragraph or a
/// smaller heading.
fn is_next(dom: &Dom, headline: Id, id: Id) -> bool {
    let is_paragraph = dom.is_one_of(id, &["p", "h2", "h3", "h4"]);
    let before = |id: Id| {
        let prev = |id: Id| Some(dom.nodes[id as usize].prev).filter(|it| *it != crate::dom::NONE);
        std::iter::successors(prev(id), |it| prev(*it)).find(|it| dom.name(*it).is_some())
    };
    is_paragraph
        && before(id).is_some_and(|it| it == headline || dom.ancestors(headline).take(2).any(|up| up == it))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "The council had put the repair off for three years.";

    #[track_caller]
    fn check(html: &str, expected: Option<&str>) {
        let dom = Dom::parse(html);
        let h1: Vec<Id> = dom.all(&local_name!("h1")).collect();
        assert_eq!(shown(&dom, &h1, "Dam gives way").as_deref(), expected);
    }

    #[test]
    fn it_stands_under_the_headline() {
        check(&format!("<h1>Dam gives way</h1><p>{SAID}</p><p>Text.</p>"), Some(SAID));
        check(&format!("<header><h1>Dam gives way</h1></header><h2>{SAID}</h2>"), Some(SAID));
        check(
            &format!("<h1>Dam gives way</h1><div>By Ann Lee</div><div class='Page__lead lead'>{SAID}</div>"),
            Some(SAID),
        );
        check(&format!("<h1>Dam gives way</h1><span itemprop='description'>{SAID}</span>"), Some(SAID));
    }

    #[test]
    fn what_else_stands_there_is_none() {
        let long = "Text of the article. ".repeat(20);
        check(&format!("<h1>Dam gives way</h1><p>{long}</p><p class='lead'>{SAID}</p>"), None);
        check(&format!("<h1>Dam gives way</h1><p>3 May, by Ann Lee</p><p>{SAID}</p>"), None);
        check(&format!("<h1>Another page</h1><p>{SAID}</p>"), None);
        check(&format!("<h1>Dam gives way</h1><div class='leading-6'>{SAID}</div>"), None);
        check(&format!("<h1>Dam gives way</h1><div class='summary'><ul><li>{SAID}</li></ul></div>"), None);
    }
}
