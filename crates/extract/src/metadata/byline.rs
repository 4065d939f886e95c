//! Who wrote it.

use std::ops::Range;

use news::AuthorKind;

use super::json_ld::Linked;
use super::survey::Survey;
use crate::authors::authors;
use crate::dom::{Dom, Id, Kind};
use crate::readable::blocks::is_of_comments;

/// The bylines of the most trusted witness that has any.
pub fn bylines(dom: &Dom, survey: &Survey, linked: &Linked, title: &str, address: &str) -> Vec<String> {
    let of = |ids: Vec<Id>| -> Vec<String> {
        let texts = ids.into_iter().filter(|it| !in_comments(dom, *it)).flat_map(|it| texts_of(dom, it));
        texts.filter(|it| (3..=120).contains(&it.chars().count())).collect()
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
        let said = |name: &str| -> Vec<String> {
            let said = survey.metas(&[name]).filter(|it| !it.contains("http") && !it.contains(" min"));
            if name == "citation_author" { said.map(|it| turned(&it)).collect() } else { said.collect() }
        };
        names
            .iter()
            .map(|name| said(name))
            .find(|it| !authors(it.iter().map(String::as_str)).is_empty())
            .unwrap_or_default()
    };
    let properties = || {
        let holders: Vec<Id> =
            survey.properties.iter().filter(|(name, _)| name == "author").map(|(_, it)| *it).collect();
        let mut names = Vec::new();
        for holder in holders.into_iter().filter(|it| !in_comments(dom, *it)).take(6) {
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
    // The first witness that names a person who is not the outlet itself; else the first that names another desk.
    let host = news::outlet_of(address).unwrap_or_default();
    let host: String = host.split('.').next().unwrap_or_default().to_owned();
    let own: Vec<String> = linked
        .publisher
        .iter()
        .cloned()
        .chain(survey.meta(&["og:site_name"]))
        .chain([host.clone()])
        .map(|it| letters(&it))
        .collect();
    // Whose site goes by their name, unless it is an outlet that is called so.
    let is_of_site = |name: &str| name.contains(' ') && letters(name) == letters(&host);
    let is_outlet = |name: &str| {
        if is_of_site(name) {
            return false;
        }
        let name = letters(name);
        own.iter().any(|it| 2 < it.len() && (name.contains(it) || 4 < name.len() && it.contains(&name)))
    };
    let mut fallback = (0, Vec::new());
    for witness in witnesses {
        let said = witness();
        let found = authors(said.iter().map(String::as_str));
        let is_other = |it: &str| !is_outlet(it) && !is_of_site(it);
        if found.iter().any(|it| it.kind == AuthorKind::Person && is_other(&it.name)) {
            return without_outlet(said, &own);
        }
        let worth =
            if found.iter().any(|it| !is_outlet(&it.name)) { 2 } else { usize::from(!found.is_empty()) };
        if fallback.0 < worth {
            fallback = (worth, said);
        }
    }
    // Elements that are called so, each only where it reads like a byline.
    let reads_so = |texts: &Vec<String>| {
        let is_short = texts.iter().map(|it| it.split(' ').count()).sum::<usize>() <= 14;
        let found = authors(texts.iter().map(String::as_str));
        is_short && (1..=4).contains(&found.len()) && found.iter().all(|it| is_titled(&it.name))
    };
    let names_outlet =
        |texts: &Vec<String>| authors(texts.iter().map(String::as_str)).iter().any(|it| is_outlet(&it.name));
    let shown: Vec<Vec<String>> = survey
        .bylines
        .iter()
        .filter(|it| !in_comments(dom, **it))
        .take(12)
        .map(|it| texts_of(dom, *it))
        .filter(reads_so)
        .collect();
    let near = near_headline(dom, survey, title);
    let links = || linked_names(dom, survey, near.clone());
    let signed = || signed(dom, near.clone()).into_iter().map(|it| vec![it]).find(reads_so);
    if let Some(people) = shown
        .iter()
        .find(|it| !names_outlet(it))
        .cloned()
        .or_else(|| Some(links()).filter(|it| reads_so(it) && !names_outlet(it)))
        .or_else(|| signed().filter(|it| !names_outlet(it)))
    {
        return people;
    }
    if !fallback.1.is_empty() {
        return fallback.1;
    }
    let links = || Some(links()).filter(reads_so);
    shown.into_iter().next().or_else(links).or_else(signed).unwrap_or_default()
}

/// Who wrote a comment did not write the article.
fn in_comments(dom: &Dom, id: Id) -> bool {
    let names = |id: Id| ["class", "id"].into_iter().filter_map(move |it| dom.attr(id, it));
    dom.ancestors(id).take(16).flat_map(names).any(is_of_comments)
}

/// So many nodes before the headline, and behind it, a byline may stand.
const NEAR: (Id, Id) = (60, 500);

fn near_headline(dom: &Dom, survey: &Survey, title: &str) -> Range<Id> {
    let headline = super::headline::shown(dom, &survey.h1, title).unwrap_or(NEAR.0);
    let end = headline.saturating_add(NEAR.1).min(dom.nodes.len() as Id);
    headline.saturating_sub(NEAR.0)..end
}

/// The names in links to what one author wrote, those that stand close together.
fn linked_names(dom: &Dom, survey: &Survey, near: Range<Id>) -> Vec<String> {
    let mut last = None;
    let links = survey.author_links.iter().copied().filter(|it| near.contains(it));
    let named = links.map(|it| (it, dom.text(it))).filter(|(_, it)| is_titled(it));
    // Who helped stands behind who wrote it.
    let wrote = named.skip_while(|it| helped(dom, it.0)).take_while(|it| !helped(dom, it.0));
    let close = wrote.take_while(|(it, _)| last.replace(*it).is_none_or(|before| it - before < 30));
    let mut names: Vec<String> = Vec::new();
    for (_, name) in close {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// What stands before a link says that whom it names did something else: "Reviewed by", "Contributions from".
fn helped(dom: &Dom, link: Id) -> bool {
    const HELPED: &[&str] =
        &["review", "contribut", "edited", "fact", "photo", "research", "illustrat", "translat"];
    let before = (link.saturating_sub(6)..link).rev().find_map(|it| match &dom.nodes[it as usize].kind {
        Kind::Text(text) if text.contains(char::is_alphabetic) => Some(text),
        _ => None,
    });
    before.filter(|it| it.len() < 40).is_some_and(|it| {
        let said = it.to_lowercase();
        HELPED.iter().any(|helped| said.contains(helped))
    })
}

/// Short lines near the headline that begin as bylines do: "By Ann Lee", "Written by" with the name beside it.
fn signed(dom: &Dom, near: Range<Id>) -> Vec<String> {
    const SIGNS: &[&str] = &[
        "by",
        "by:",
        "written by",
        "written by:",
        "article by",
        "text by",
        "posted by",
        "words by",
        "story by",
        "author:",
        "authors:",
        "von",
        "par",
        "por",
    ];
    let sign_of = |text: &str| {
        SIGNS.iter().copied().find(|it| {
            let sign = text.get(..it.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(it));
            sign && text[it.len()..].chars().next().is_none_or(char::is_whitespace)
        })
    };
    let line = |id: Id| match &dom.nodes[id as usize].kind {
        Kind::Text(text) if text.len() < 120 => {
            let sign = sign_of(text.trim_start())?;
            let own = dom.text(id);
            // The name may be the next word, or stand in an element of its own, perhaps beside the one around the sign.
            if own.len() == sign.len() {
                let around = |it: Id| dom.brief(it, LINE).filter(|it| own.len() < it.len());
                let text = dom.ancestors(id).take(3).find_map(around)?;
                return Some(format!("{sign} {}", text.strip_prefix(&*own)?.trim_start()));
            }
            Some(if own.split(' ').count() < 4 { dom.text(dom.parent(id)?) } else { own })
        }
        _ => None,
    };
    near.filter_map(line).filter(|it| it.split(' ').count() <= 14).take(4).collect()
}

/// In bytes.
const LINE: usize = 160;

/// What an element says, or each of its links where it has several: one name each.
fn texts_of(dom: &Dom, id: Id) -> Vec<String> {
    let links = dom.under(id).take(200).filter(|it| dom.is_one_of(*it, &["a"]));
    let links: Vec<String> = links.map(|it| dom.text(it)).filter(|it| is_titled(it)).take(12).collect();
    if 1 < links.len() { links } else { vec![dom.text(id)] }
}

/// "Lee, Ann" as libraries write it is Ann Lee.
fn turned(name: &str) -> String {
    match name.split_once(", ") {
        Some((last, first)) if !first.contains(',') => format!("{first} {last}"),
        _ => name.to_owned(),
    }
}

/// "Ann Lee, The Daily Example" and "Ann Lee The Daily Example" without the outlet.
fn without_outlet(said: Vec<String>, own: &[String]) -> Vec<String> {
    let cut = |line: String| {
        let words: Vec<&str> = line.split(' ').collect();
        let from = (1..words.len()).find(|&at| {
            let rest = letters(&words[at..].join(" "));
            3 < rest.len() && own.contains(&rest)
        });
        from.map(|at| words[..at].join(" ").trim_end_matches([',', ' ', '|', '-', '–', '/']).to_owned())
            .unwrap_or(line)
    };
    said.into_iter().map(cut).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names begin with capitals, where a script has them.
fn is_titled(name: &str) -> bool {
    let words: Vec<&str> = name.split(' ').filter(|it| it.chars().count() > 3).collect();
    (2..=5).contains(&name.split(' ').count()) && words.iter().all(|it| !it.starts_with(char::is_lowercase))
}
