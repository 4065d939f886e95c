//! What an article said before it was changed, word by word.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use news::{ArticleId, Timestamp};

use super::{
    door::{Failure, House, Who},
    render::{Frame, page},
    story::Anyway,
};
use crate::words::{self, Kind, Run};

#[derive(Template)]
#[template(path = "changes.html")]
struct ChangesTemplate {
    frame: Frame,
    article: i64,
    title: String,
    language: String,
    versions: Vec<Change>,
}

struct Change {
    at: Timestamp,
    source: String,
    /// Empty when it stayed.
    headline: Vec<Run>,
    /// Passages of the text with what was changed in them; empty when it stayed.
    text: Vec<Vec<Run>>,
}

pub async fn changes(
    State(house): State<Arc<House>>,
    who: Who,
    Path(article): Path<i64>,
    Query(looking): Query<Anyway>,
) -> Result<Html<String>, Failure> {
    let it = house.app.article(who.id(), ArticleId(article), looking.looking()).await?;
    let (said, versions) = (it.article.extracted, it.versions);
    let frame = Frame::new(&house, who, "story", &said.title).await?;
    let comparing = tokio::task::spawn_blocking(move || {
        let change = |it: app::Version| Change {
            headline: words::changed(&it.was.title, &it.is.title).into_iter().flatten().collect(),
            text: words::changed(&it.was.text, &it.is.text),
            at: it.at,
            source: it.source,
        };
        versions.into_iter().map(change).collect::<Vec<_>>()
    });
    let versions = comparing.await.map_err(|_| Failure::refused("The versions could not be compared."))?;
    page(ChangesTemplate {
        frame,
        article,
        title: said.title,
        language: said.language.map(|it| it.0).unwrap_or_default(),
        versions,
    })
}
