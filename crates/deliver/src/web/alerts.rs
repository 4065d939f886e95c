//! What the reader wished to be told at once.

use std::sync::Arc;

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    response::{Html, Redirect},
};
use news::{AlertId, Timestamp};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, page},
    story::{Told, returning, said, told},
};
use crate::words::{self, Words};

#[derive(Template)]
#[template(path = "alerts.html")]
struct AlertsTemplate {
    frame: Frame,
    alerts: Vec<Row>,
    unseen: usize,
    /// The newest, up to which all are seen when the reader says so.
    upto: i64,
    followed: usize,
    quiet: bool,
}

struct Row {
    story: i64,
    headline: String,
    language: String,
    told_by: String,
    at: Timestamp,
    about: String,
    word: String,
    new: bool,
}

pub async fn alerts(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let words = Words::load(&house.app, reader).await?;
    let all = house.app.alerts(reader).await?;
    let upto = all.iter().map(|it| it.alert.id.0).max().unwrap_or_default();
    let row = |it: app::AlertView| Row {
        story: it.story.id.0,
        told_by: words::told_by(&it.story),
        language: it.story.face.language.as_ref().map(|it| it.0.clone()).unwrap_or_default(),
        headline: it.story.face.headline,
        at: it.alert.at,
        about: words.label(&it.follow),
        word: app::target_word(&it.follow.target),
        new: !it.alert.seen,
    };
    let alerts: Vec<Row> = all.into_iter().map(row).collect();
    let followed = house.app.follows(reader).await?.iter().filter(|it| it.alerts.is_some()).count();
    let quiet = app::is_quiet(&who.0.settings, house.app.now());
    let frame = Frame::new(&house, who, "alerts", "Alerts").await?.with(told(&done));
    let unseen = alerts.iter().filter(|it| it.new).count();
    page(AlertsTemplate { frame, alerts, unseen, upto, followed, quiet })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    upto: i64,
}

pub async fn seen(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Seen>,
) -> Result<Redirect, Failure> {
    house.app.alerts_seen(who.id(), AlertId(form.upto)).await?;
    Ok(returning(Some("/alerts"), &said("All alerts are marked as seen.")))
}
