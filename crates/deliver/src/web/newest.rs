//! Newest first, by source, and search: nothing is ever only in the ranked view.

use std::sync::Arc;

use app::{EntryFilter, EntryHead, Found, Mark, SourceView};
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, Redirect},
};
use news::{ArticleId, EntryId, SourceId};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, encoded, page},
    story::{Told, returning, said, told},
};

/// Entries of one page.
const PAGE: usize = 50;

#[derive(Debug, Default, Deserialize)]
pub struct Which {
    before: Option<i64>,
    source: Option<i64>,
    folder: Option<String>,
    #[serde(default)]
    unread: Option<String>,
    #[serde(default)]
    saved: Option<String>,
}

#[derive(Template)]
#[template(path = "newest.html")]
struct NewestTemplate {
    frame: Frame,
    entries: Vec<EntryHead>,
    /// The address of the next page, when there is one.
    next: Option<String>,
    folders: Vec<String>,
    folder: String,
    unread: bool,
    saved: bool,
}

pub async fn newest(
    State(house): State<Arc<House>>,
    who: Who,
    Query(which): Query<Which>,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let folder = which.folder.clone().filter(|it| !it.is_empty());
    let (unread, saved) = (which.unread.is_some(), which.saved.is_some());
    let filter = EntryFilter {
        source: which.source.map(SourceId),
        folder: folder.clone(),
        unread_only: unread,
        saved_only: saved,
    };
    let newest = house.app.newest(reader, &filter, which.before.map(EntryId), PAGE).await?;
    let entries = newest.entries;
    let query = |before: i64| {
        let mut query = format!("/newest?before={before}");
        if let Some(folder) = &folder {
            query.push_str(&format!("&folder={}", encoded(folder)));
        }
        if let Some(source) = which.source {
            query.push_str(&format!("&source={source}"));
        }
        if unread {
            query.push_str("&unread=1");
        }
        if saved {
            query.push_str("&saved=1");
        }
        query
    };
    let mut folders: Vec<String> =
        house.app.follows(reader).await?.into_iter().filter_map(|it| it.folder).collect();
    folders.sort_unstable();
    folders.dedup();
    let here = if saved { "saved" } else { "newest" };
    let title = if saved { "Saved" } else { "Newest first" };
    let frame = Frame::new(&house, who, here, title).await?.with(told(&done));
    page(NewestTemplate {
        frame,
        next: newest.next.map(|it| query(it.0)),
        entries,
        folders,
        folder: folder.unwrap_or_default(),
        unread,
        saved,
    })
}

/// Sources of one page, and the newest of each.
const OF_EACH: usize = 5;

#[derive(Template)]
#[template(path = "by_source.html")]
struct BySourceTemplate {
    frame: Frame,
    sources: Vec<(SourceView, Vec<EntryHead>)>,
    unread: bool,
}

/// Source by source, the newest of each.
pub async fn by_source(
    State(house): State<Arc<House>>,
    who: Who,
    Query(which): Query<Which>,
) -> Result<Html<String>, Failure> {
    let unread = which.unread.is_some();
    let mut sources = Vec::new();
    for it in house.app.sources(who.id()).await? {
        let filter =
            EntryFilter { source: Some(it.source.id), unread_only: unread, ..EntryFilter::default() };
        let newest = house.app.newest(who.id(), &filter, None, OF_EACH).await?.entries;
        if !newest.is_empty() {
            sources.push((it, newest));
        }
    }
    let frame = Frame::new(&house, who, "newest", "By source").await?;
    page(BySourceTemplate { frame, sources, unread })
}

#[derive(Debug, Deserialize)]
pub struct Marking {
    /// Comma-separated entries.
    entries: String,
    mark: String,
}

pub async fn mark(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Marking>,
) -> Result<Redirect, Failure> {
    let mark = match form.mark.as_str() {
        "read" => Mark::Read,
        "unread" => Mark::Unread,
        _ => return Err(Failure::refused("Entries are marked read or unread.")),
    };
    let entries: Vec<EntryId> =
        form.entries.split(',').filter_map(|it| it.trim().parse().ok()).map(EntryId).take(500).collect();
    house.app.mark(who.id(), &entries, mark).await?;
    Ok(returning(Some("/newest"), &said(&format!("{} entries marked as {}.", entries.len(), form.mark))))
}

#[derive(Debug, Deserialize)]
pub struct Question {
    #[serde(default)]
    q: String,
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct SearchTemplate {
    frame: Frame,
    query: String,
    found: Vec<Found>,
    next: Option<String>,
}

pub async fn search(
    State(house): State<Arc<House>>,
    who: Who,
    Query(question): Query<Question>,
) -> Result<Html<String>, Failure> {
    let query: String = question.q.chars().take(200).collect();
    let (found, next) = match query.trim().is_empty() {
        true => (Vec::new(), None),
        false => house.app.search(who.id(), &query, question.before.map(ArticleId), 30).await?,
    };
    let next = next.map(|before| format!("/search?q={}&before={before}", encoded(&query)));
    let frame = Frame::new(&house, who, "search", "Search").await?;
    page(SearchTemplate { frame, query, found, next })
}
