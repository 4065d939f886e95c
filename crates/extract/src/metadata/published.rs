//! When it was published, and last changed.

use news::Timestamp;

use super::json_ld::Linked;
use super::survey::Survey;
use crate::Page;
use crate::date;
use crate::dom::{Dom, Id, Kind};

const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date-published",
    "article:published",
    "article.published",
    "published_time",
    "publish_date",
    "publish-date",
    "published-date",
    "publishdate",
    "published",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "dc.created",
    "pubdate",
    "publication_date",
    "article_date_original",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "article:post_date",
    "originalpublicationdate",
    "displaydate",
    "date",
    "shareaholic:article_published_time",
    "rnews:datepublished",
    "citation_publication_date",
    "citation_date",
    "bt:pubdate",
    "datecreated",
    "time",
    "timestamp",
    "last-modified-date",
    "date.created",
    "pub_date",
];
const UPDATED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "og:modified_time",
    "datemodified",
    "article:modified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "modified_time",
    "updated_time",
    "revised",
];

pub fn moments(
    dom: &Dom,
    survey: &Survey,
    linked: &Linked,
    title: &str,
    page: &Page,
) -> (Option<Timestamp>, Option<Timestamp>) {
    let read = |it: &Option<String>| it.as_deref().and_then(date::moment);
    let meta = |names: &[&str]| survey.metas(names).find_map(|it| date::moment(&it));
    let by_name = |names: &[&str]| names.iter().find_map(|it| meta(&[it]));
    let updated =
        read(&linked.updated).or_else(|| property(dom, survey, "datemodified")).or_else(|| by_name(UPDATED));
    let headline = super::headline::shown(dom, &survey.h1, title);
    let published = read(&linked.published)
        .or_else(|| property(dom, survey, "datepublished").filter(|_| is_of_one(dom, survey)))
        .or_else(|| by_name(PUBLISHED))
        .or_else(|| property(dom, survey, "datepublished"))
        .or_else(|| named_so(survey))
        .or_else(|| of_times(dom, survey))
        .or_else(|| in_address(page.address))
        .or_else(|| of_elements(dom, survey))
        .or_else(|| near_headline(dom, headline?))
        .or_else(|| page.hint.and_then(|it| it.at))
        .or(updated);
    // Site builders give the day of the last change, without the hour, for both; what readers see is older then.
    let is_day = |it: &String| !it.contains(':');
    let both = published == updated && linked.published.as_ref().is_some_and(is_day);
    let published = match published {
        Some(at) if both => {
            headline.and_then(|it| shown_beside(dom, survey, it)).filter(|it| *it < at).or(published)
        }
        _ => published,
    };
    (published, updated)
}

/// In `<meta>` whatever speaks of publication and has a date.
fn named_so(survey: &Survey) -> Option<Timestamp> {
    let speaks = |name: &str| name.contains("publi") && (name.contains("date") || name.contains("time"));
    survey.metas.iter().filter(|(name, _)| speaks(name)).find_map(|(_, it)| date::moment(it))
}

/// The day that readers see beside the headline: in an element that is called so, or in a text that is hardly more.
fn shown_beside(dom: &Dom, survey: &Survey, headline: Id) -> Option<Timestamp> {
    let near =
        headline.saturating_sub(BESIDE.0)..headline.saturating_add(BESIDE.1).min(dom.nodes.len() as Id);
    let called = survey.times.iter().chain(&survey.dates).filter(|it| near.contains(it));
    let brief = called.filter(|it| dom.brief(**it, BRIEF).is_some());
    brief.into_iter().find_map(|it| said_by(dom, *it)).or_else(|| {
        let is_brief =
            |it: &Id| matches!(&dom.nodes[*it as usize].kind, Kind::Text(text) if text.trim().len() <= BRIEF);
        near.clone().filter(is_brief).find_map(|it| in_text(dom, it))
    })
}

/// In bytes: a date and a word beside it.
const BRIEF: usize = 32;
/// So many nodes before the headline, and behind it.
const BESIDE: (Id, Id) = (60, 200);

fn said_by(dom: &Dom, id: Id) -> Option<Timestamp> {
    let attrs = ["datetime", "content", "data-datetime", "data-timestamp", "data-date", "data-time", "title"];
    attrs.iter().find_map(|it| date::moment(dom.attr(id, it)?)).or_else(|| {
        let text = dom.brief(id, 120)?;
        date::moment(&text).or_else(|| date::words(&text))
    })
}

fn property(dom: &Dom, survey: &Survey, wanted: &str) -> Option<Timestamp> {
    survey
        .properties
        .iter()
        .filter(|(name, _)| name.split(' ').any(|it| it == wanted))
        .find_map(|(_, it)| said_by(dom, *it))
}

/// Where several days are marked up, teasers have theirs.
fn is_of_one(dom: &Dom, survey: &Survey) -> bool {
    let holders = survey.properties.iter().filter(|(name, _)| name == "datepublished");
    let mut all = holders.take(20).filter_map(|(_, it)| said_by(dom, *it));
    let first = all.next();
    all.all(|it| Some(it) == first)
}

/// The `<time>` that stands first, one that says it is of publication before all others.
fn of_times(dom: &Dom, survey: &Survey) -> Option<Timestamp> {
    let is_marked = |id: &&Id| {
        dom.attr(**id, "pubdate").is_some()
            || dom.attr(**id, "class").is_some_and(|it| {
                let it = it.to_ascii_lowercase();
                (it.contains("publish") || it.contains("entry-date")) && !it.contains("updated")
            })
    };
    survey.times.iter().filter(is_marked).find_map(|it| said_by(dom, *it)).or_else(|| {
        // Only near the headline: further down they are other articles'.
        let near = survey.h1.first().copied();
        let after = |id: &&Id| near.is_none_or(|h1| h1.saturating_sub(120) < **id);
        survey
            .times
            .iter()
            .filter(after)
            .take(3)
            .find_map(|it| said_by(dom, *it))
            .or_else(|| survey.times.iter().take(3).find_map(|it| said_by(dom, *it)))
    })
}

/// `/2024/05/03/`, `/2024-05-03-`, `/20240503/`.
fn in_address(address: &str) -> Option<Timestamp> {
    let path = address.splitn(4, '/').nth(3)?;
    let numbers: Vec<&str> = path.split(|c: char| !c.is_ascii_digit()).collect();
    for three in numbers.windows(3) {
        if three[0].len() == 4
            && three[0].starts_with("20")
            && (1..=2).contains(&three[1].len())
            && (1..=2).contains(&three[2].len())
        {
            let found = date::moment(&format!("{}-{:0>2}-{:0>2}", three[0], three[1], three[2]));
            if found.is_some() {
                return found;
            }
        }
    }
    numbers.iter().filter(|it| it.len() == 8 && it.starts_with("20")).find_map(|it| date::moment(it))
}

/// What stands in elements that are called date, time and the like.
fn of_elements(dom: &Dom, survey: &Survey) -> Option<Timestamp> {
    let all = survey.dates.iter().chain(&survey.bylines);
    all.into_iter().find_map(|it| said_by(dom, *it))
}

/// A date in a short text just after the headline, or just before it.
fn near_headline(dom: &Dom, headline: Id) -> Option<Timestamp> {
    let end = headline.saturating_add(160).min(dom.nodes.len() as Id);
    let before = headline.saturating_sub(60)..headline;
    (headline..end)
        .find_map(|it| in_text(dom, it))
        .or_else(|| before.into_iter().find_map(|it| in_text(dom, it)))
}

fn in_text(dom: &Dom, id: Id) -> Option<Timestamp> {
    match &dom.nodes[id as usize].kind {
        Kind::Text(text) if (8..=80).contains(&text.trim().len()) => {
            date::words(text).or_else(|| date::moment(text).filter(|_| text.contains('-')))
        }
        _ => None,
    }
}
