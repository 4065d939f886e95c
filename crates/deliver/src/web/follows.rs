//! What the reader follows and mutes.

use std::{sync::Arc, time::Duration};

use app::NewFollow;
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use news::{Follow, FollowId, Place, Stance, Target, Timestamp, Weight};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, encoded, page},
    story::{Told, returning, told},
};
use crate::words::Words;

pub struct Row {
    pub id: i64,
    pub text: String,
    pub word: String,
    pub stance: &'static str,
    pub muted: bool,
    pub until: Option<Timestamp>,
}

pub fn row(follow: &Follow, words: &Words) -> Row {
    Row {
        id: follow.id.0,
        text: follow.label.clone().unwrap_or_else(|| words.target(&follow.target)),
        word: app::target_word(&follow.target),
        stance: stance_word(follow.stance),
        muted: matches!(follow.stance, Stance::Mute { .. }),
        until: follow.until,
    }
}

fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::Follow(Weight::Always) => "always",
        Stance::Follow(Weight::More) => "more",
        Stance::Follow(Weight::ALittle) => "little",
        Stance::Mute { except_big: false } => "mute",
        Stance::Mute { except_big: true } => "mute_except_big",
    }
}

fn stance(word: &str) -> Option<Stance> {
    Some(match word {
        "always" => Stance::Follow(Weight::Always),
        "more" => Stance::Follow(Weight::More),
        "little" => Stance::Follow(Weight::ALittle),
        "mute" => Stance::Mute { except_big: false },
        "mute_except_big" => Stance::Mute { except_big: true },
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "follows.html")]
struct FollowsTemplate {
    frame: Frame,
    follows: Vec<Row>,
    mutes: Vec<Row>,
}

pub async fn follows(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let all = house.app.follows(who.id()).await?;
    let words = Words::load(&house.app, who.id()).await?;
    let rows = all.iter().filter(|it| !matches!(it.target, Target::Source(_)) || is_mute(it));
    let (mutes, follows) = rows.map(|it| row(it, &words)).partition(|it| it.muted);
    let frame = Frame::new(&house, who, "follows", "Follows and mutes").await?.with(told(&done));
    page(FollowsTemplate { frame, follows, mutes })
}

fn is_mute(follow: &Follow) -> bool {
    matches!(follow.stance, Stance::Mute { .. })
}

#[derive(Debug, Deserialize)]
pub struct Adding {
    target: String,
    stance: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    aliases: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn add(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Adding>,
) -> Result<Redirect, Failure> {
    let target = app::parse_target(form.target.trim()).ok_or_else(|| {
        Failure::refused("Give a name, or topic:…, author:…, words:…, or situation:One name+Another name.")
    })?;
    let stance = stance(&form.stance).ok_or_else(|| Failure::refused("Follow it, or mute it?"))?;
    let days: Option<u64> = form.days.trim().parse().ok().filter(|days| 0 < *days);
    let follow = NewFollow {
        target,
        stance,
        label: None,
        folder: None,
        aliases: form
            .aliases
            .split(',')
            .map(str::trim)
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect(),
        until: days.map(|days| house.app.now().after(Duration::from_secs(days.min(3650) * 24 * 3600))),
        place: Place::Everywhere,
    };
    let follow = house.app.follow(who.id(), &follow).await?;
    let words = Words::load(&house.app, who.id()).await?;
    let done = if is_mute(&follow) { "muted" } else { "followed" };
    let query = format!("told={done}&of={}&said={}", follow.id, encoded(&words.target(&follow.target)));
    Ok(returning(form.returns.as_deref().or(Some("/follows")), &query))
}

#[derive(Debug, Deserialize)]
pub struct Returning {
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn remove(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<Returning>,
) -> Result<Redirect, Failure> {
    let was = house.app.unfollow(who.id(), FollowId(follow)).await?;
    if is_mute(&was) {
        // What it hid comes back now, not when the next edition is due.
        house.app.edition(who.id(), app::Freshness::Anew).await?;
    }
    let words = Words::load(&house.app, who.id()).await?;
    let query = format!(
        "told=unfollowed&said={}&word={}&stance={}",
        encoded(&words.target(&was.target)),
        encoded(&app::target_word(&was.target)),
        stance_word(was.stance)
    );
    Ok(returning(form.returns.as_deref().or(Some("/follows")), &query))
}
