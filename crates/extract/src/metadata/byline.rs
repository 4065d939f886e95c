//! Who wrote it.

use super::json_ld::Linked;
use super::survey::Survey;
use crate::authors::authors;
use crate::dom::{Dom, Id};

/// The bylines of the most trusted witness that has any.
pub fn bylines(dom: &Dom, survey: &Survey, linked: &Linked) -> Vec<String> {
    let of = |ids: Vec<Id>| -> Vec<String> {
        ids.into_iter().map(|it| dom.text(it)).filter(|it| (3..=120).contains(&it.chars().count())).collect()
    };
    let metas = || {
        let names = [
            "author",
            "article:author_name",
            "byl",
            "dc.creator",
            "dcterms.creator",
            "parsely-author",
            "sailthru.author",
            "article.author",
            "citation_author",
            "cxenseparse:author",
            "article:author",
            "og:article:author",
            "twitter:data1",
        ];
        names
            .iter()
            .map(|name| {
                survey
                    .metas(&[name])
                    .filter(|it| !it.contains("http") && !it.contains(" min"))
                    .collect::<Vec<_>>()
            })
            .find(|it| !authors(it.iter().map(String::as_str)).is_empty())
            .unwrap_or_default()
    };
    let properties = || {
        let holders: Vec<Id> =
            survey.properties.iter().filter(|(name, _)| name == "author").map(|(_, it)| *it).collect();
        let mut names = Vec::new();
        for holder in holders.into_iter().take(6) {
            let inside =
                dom.under(holder).find(|it| dom.attr(*it, "itemprop").is_some_and(|it| it == "name"));
            let said = dom.attr(inside.unwrap_or(holder), "content").map(str::to_owned);
            names.push(said.unwrap_or_else(|| dom.text(inside.unwrap_or(holder))));
        }
        names.retain(|it| (3..=120).contains(&it.chars().count()));
        names
    };
    let near = |ids: &[Id]| -> Vec<Id> { ids.iter().copied().take(4).collect() };
    let witnesses: [&dyn Fn() -> Vec<String>; 4] =
        [&|| linked.authors.clone(), &properties, &metas, &|| of(near(&survey.rel_author))];
    // The first witness that names anyone but the outlet itself.
    let outlet = linked
        .publisher
        .clone()
        .or_else(|| survey.meta(&["og:site_name"]))
        .map(|it| letters(&it))
        .unwrap_or_default();
    let mut fallback = Vec::new();
    for witness in witnesses {
        let said = witness();
        let found = authors(said.iter().map(String::as_str));
        if found.iter().any(|it| letters(&it.name) != outlet) {
            return said;
        }
        if fallback.is_empty() && !found.is_empty() {
            fallback = said;
        }
    }
    // Elements that are called so, each only where it reads like a byline.
    for &id in survey.bylines.iter().take(12) {
        let text = dom.text(id);
        let is_short = text.split(' ').count() <= 12;
        let found = authors([text.as_str()]);
        if is_short
            && (1..=4).contains(&found.len())
            && found.iter().all(|it| is_titled(&it.name) && letters(&it.name) != outlet)
        {
            return vec![text];
        }
    }
    fallback
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names begin with capitals, where a script has them.
fn is_titled(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').filter(|it| it.chars().count() > 3).collect();
    (2..=5).contains(&name.split(' ').count()) && words.iter().all(|it| !it.starts_with(char::is_lowercase))
}
