//! What a reader sets for themselves, and who is reading.

use std::sync::Arc;

use app::Leaving;
use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::header,
    response::{Html, IntoResponse, Redirect, Response},
};
use news::{ReaderId, ReaderSettings};
use serde::Deserialize;

use super::{
    door::{Device, Failure, House, Who},
    render::{Frame, page},
    story::{Told, returning, said, told},
};

#[derive(Template)]
#[template(path = "settings.html")]
struct SettingsTemplate {
    frame: Frame,
    set: ReaderSettings,
    explore: u32,
    quiet_from: u8,
    quiet_to: u8,
    device: String,
}

pub async fn settings(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let set = who.0.settings.clone();
    let explore = (set.explore * 100.0).round() as u32;
    let frame = Frame::new(&house, who, "settings", "Settings").await?.with(told(&done));
    let (quiet_from, quiet_to) = set.quiet_hours.unwrap_or_default();
    page(SettingsTemplate { frame, set, explore, quiet_from, quiet_to, device: device.0 })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form_ {
    edition_length: u16,
    explore: u32,
    #[serde(default)]
    learning_paused: Option<String>,
    #[serde(default)]
    read_whole_story: Option<String>,
    theme: String,
    #[serde(default)]
    time_zone: String,
    #[serde(default)]
    edition_minutes: u16,
    #[serde(default)]
    quiet_from: u8,
    #[serde(default)]
    quiet_to: u8,
    #[serde(default)]
    webhook: String,
}

pub async fn save(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Form_>,
) -> Result<Redirect, Failure> {
    if !matches!(form.theme.as_str(), "auto" | "light" | "dark") {
        return Err(Failure::refused("The theme is auto, light or dark."));
    }
    let zone = form.time_zone.trim();
    if !zone.is_empty() && jiff::tz::TimeZone::get(zone).is_err() {
        return Err(Failure::refused("That is no time zone; they look like Europe/Berlin."));
    }
    let webhook = form.webhook.trim();
    if !webhook.is_empty() && (!webhook.starts_with("http") || news::host_of(webhook).is_none()) {
        return Err(Failure::refused("A webhook is an address like https://example.org/hook."));
    }
    let quiet = (form.quiet_from.min(23), form.quiet_to.min(23));
    let settings = ReaderSettings {
        edition_minutes: form.edition_minutes.min(120),
        quiet_hours: Some(quiet).filter(|(from, to)| from != to),
        webhook: webhook.to_string(),
        edition_length: form.edition_length.clamp(5, 100),
        explore: form.explore.min(50) as f32 / 100.0,
        learning_paused: form.learning_paused.is_some(),
        read_whole_story: form.read_whole_story.is_some(),
        theme: form.theme.clone(),
        time_zone: zone.to_string(),
        ..who.0.settings.clone()
    };
    house.app.store.save_settings(who.id(), &settings).await?;
    Ok(returning(Some("/settings"), &said("Kept. It holds from the next edition on.")))
}

#[derive(Debug, Deserialize)]
pub struct Naming {
    name: String,
}

/// What this browser is called, so that it can be left out of learning.
pub async fn device(Form(naming): Form<Naming>) -> Response {
    let Device(name) = Device::named(&naming.name);
    let cookie = format!("device={name}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    let back = returning(Some("/settings"), &said(&format!("This browser is called “{name}” now.")));
    ([(header::SET_COOKIE, cookie)], back).into_response()
}

#[derive(Debug, Deserialize)]
pub struct Choice {
    reader: i64,
}

/// This browser is for that reader from now on.
pub async fn choose(
    State(house): State<Arc<House>>,
    Form(choice): Form<Choice>,
) -> Result<Response, Failure> {
    let reader = house.app.store.reader(ReaderId(choice.reader)).await?;
    let cookie = format!("reader={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000", reader.id);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

#[derive(Template)]
#[template(path = "leave.html")]
struct LeaveTemplate {
    frame: Frame,
    it: Leaving,
}

/// What goes when the reader leaves.
pub async fn leaving(State(house): State<Arc<House>>, who: Who) -> Result<Html<String>, Failure> {
    let it = house.app.leaving(who.id()).await?;
    let frame = Frame::new(&house, who, "settings", "Delete all that is mine").await?;
    page(LeaveTemplate { frame, it })
}

pub async fn leave(
    State(house): State<Arc<House>>,
    who: Who,
    Form(naming): Form<Naming>,
) -> Result<Response, Failure> {
    house.app.leave(who.id(), &naming.name).await?;
    let cookie = "reader=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0";
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}
