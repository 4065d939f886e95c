//! What the reader follows and mutes.

use std::{collections::HashMap, sync::Arc, time::Duration};

use app::{NewFollow, SourceView};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use news::{Follow, FollowId, Place, ReaderId, Stance, Target, Timestamp, Weight};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, encoded, page},
    story::{Told, returning, told},
};
use crate::words::{self, Words};

pub struct Row {
    pub id: i64,
    /// Its label.
    pub text: String,
    /// Where its own page is.
    pub page: String,
    pub stance: &'static str,
    pub stance_says: &'static str,
    pub muted: bool,
    pub until: Option<Timestamp>,
    /// "in South Korea": where a mute holds, when not everywhere.
    pub place: Option<String>,
    pub label: String,
    pub aliases: String,
    pub alerts: bool,
    /// Secret part of its output feed's address.
    pub feed: Option<String>,
}

pub fn row(follow: &Follow, words: &Words, feed: Option<String>) -> Row {
    let word = app::target_word(&follow.target);
    Row {
        id: follow.id.0,
        text: words.label(follow),
        page: match follow.target {
            Target::Source(source) => format!("/source/{source}"),
            Target::Story(story) => format!("/story/{story}"),
            _ => format!("/about?t={}", encoded(&word)),
        },
        stance: stance_word(follow.stance),
        stance_says: stance_says(follow.stance),
        muted: is_mute(follow),
        until: follow.until,
        place: words::place(&follow.place, words),
        label: follow.label.clone().unwrap_or_default(),
        aliases: follow.aliases.join(", "),
        alerts: follow.alerts.is_some(),
        feed,
    }
}

/// How the reader stands to one thing, and all that they can do about that: a part of its page.
pub struct Panel {
    pub follow: Option<Row>,
    pub mute: Option<Row>,
    pub word: String,
    pub returns: String,
    /// Where one is when it is no longer followed: a source's page is gone then.
    pub leaves: &'static str,
}

pub async fn panel(
    house: &House,
    reader: ReaderId,
    target: &Target,
    words: &Words,
    returns: &str,
) -> Result<Panel, Failure> {
    let all = house.app.follows(reader).await?;
    let mut same = all.iter().filter(|it| app::same_target(&it.target, target));
    let follow = same.clone().find(|it| !is_mute(it));
    let mute = same.find(|it| is_mute(it) && it.place == Place::Everywhere);
    let feed = match follow {
        Some(follow) => house.app.store.feed_key(reader, Some(follow.id)).await?,
        None => None,
    };
    Ok(Panel {
        follow: follow.map(|it| row(it, words, feed)),
        mute: mute.map(|it| row(it, words, None)),
        word: app::target_word(follow.or(mute).map_or(target, |it| &it.target)),
        returns: returns.to_string(),
        leaves: if matches!(target, Target::Source(_)) { "/sources" } else { "" },
    })
}

pub fn stance_word(stance: Stance) -> &'static str {
    match stance {
        Stance::Follow(Weight::Always) => "always",
        Stance::Follow(Weight::More) => "more",
        Stance::Follow(Weight::ALittle) => "little",
        Stance::Mute { except_big: false, .. } => "mute",
        Stance::Mute { except_big: true, .. } => "mute_except_big",
    }
}

fn stance_says(stance: Stance) -> &'static str {
    match stance {
        Stance::Follow(Weight::Always) => "every story",
        Stance::Follow(Weight::More) => "more",
        Stance::Follow(Weight::ALittle) => "a little",
        Stance::Mute { except_big: false, in_text: false } => "muted",
        Stance::Mute { except_big: true, in_text: false } => "muted, unless big news",
        Stance::Mute { except_big: false, in_text: true } => "muted, in texts too",
        Stance::Mute { except_big: true, in_text: true } => "muted, in texts too, unless big news",
    }
}

fn stance(word: &str) -> Option<Stance> {
    Some(match word {
        "always" => Stance::Follow(Weight::Always),
        "more" => Stance::Follow(Weight::More),
        "little" => Stance::Follow(Weight::ALittle),
        "mute" => Stance::Mute { except_big: false, in_text: false },
        "mute_except_big" => Stance::Mute { except_big: true, in_text: false },
        _ => return None,
    })
}

#[derive(Template)]
#[template(path = "follows.html")]
struct FollowsTemplate {
    frame: Frame,
    follows: Vec<Row>,
    mutes: Vec<Row>,
    /// Where a mute may hold: (word, text).
    places: Vec<(String, String)>,
    /// Secret part of the address of the edition's feed.
    feed: Option<String>,
}

pub async fn follows(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let all = house.app.follows(reader).await?;
    let words = Words::load(&house.app, reader).await?;
    let mut feeds: HashMap<Option<FollowId>, String> =
        house.app.store.feed_keys(reader).await?.into_iter().collect();
    let feed = feeds.remove(&None);
    let is_more = |it: &Follow| it.alerts.is_some() || feeds.contains_key(&Some(it.id));
    // Sources have a page of their own; here are those of which there is more to say.
    let rows = all.iter().filter(|it| !matches!(it.target, Target::Source(_)) || is_mute(it) || is_more(it));
    let rows: Vec<Row> = rows.map(|it| row(it, &words, feeds.get(&Some(it.id)).cloned())).collect();
    let (mutes, follows) = rows.into_iter().partition(|it| it.muted);
    let sources = house.app.sources(reader).await?;
    let frame = Frame::new(&house, who, "follows", "Follows and mutes").await?.with(told(&done));
    page(FollowsTemplate { frame, follows, mutes, places: places(&all, &sources, &words), feed })
}

fn places(follows: &[Follow], sources: &[SourceView], words: &Words) -> Vec<(String, String)> {
    let sections =
        app::SECTIONS.iter().map(|(word, it)| (format!("section:{word}"), words::section(*it).to_string()));
    let followed = follows.iter().filter(|it| !is_mute(it) && !matches!(it.target, Target::Source(_)));
    let followed = followed.map(|it| (app::target_word(&it.target), words.label(it)));
    let sources = sources.iter().map(|it| (format!("source:{}", it.source.id), it.source.title.clone()));
    sections.chain(followed).chain(sources).collect()
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
    #[serde(default)]
    place: String,
    /// Where a mute looks for names and words; empty: as it did, or as suits what it is of.
    #[serde(default)]
    look_in: String,
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
    let place = app::parse_place(&form.place).ok_or_else(|| Failure::refused("There is no such place."))?;
    let known = house.app.store.follows(who.id()).await?;
    let was = known.iter().find(|it| {
        app::same_target(&it.target, &target)
            && is_mute(it) == matches!(stance, Stance::Mute { .. })
            && it.place == place
    });
    let looked = was.and_then(|it| match it.stance {
        Stance::Mute { in_text, .. } => Some(in_text),
        Stance::Follow(_) => None,
    });
    let looks_into_texts = match form.look_in.as_str() {
        "" => looked.unwrap_or_else(|| app::looks_into_texts(&target)),
        "headlines" => false,
        "text" => true,
        _ => return Err(Failure::refused("A mute looks in headlines, or in text.")),
    };
    // A click says how much; what else was said of it before still holds.
    let mut follow = was.map_or_else(|| NewFollow::new(target, stance), NewFollow::from);
    follow.stance = match stance {
        Stance::Mute { except_big, .. } => Stance::Mute { except_big, in_text: looks_into_texts },
        stance => stance,
    };
    follow.place = place;
    let aliases = listed(&form.aliases);
    if !aliases.is_empty() {
        follow.aliases = aliases;
    }
    follow.until = until(&house, &form.days);
    let follow = house.app.follow(who.id(), &follow).await?;
    let words = Words::load(&house.app, who.id()).await?;
    let done = if is_mute(&follow) { "muted" } else { "followed" };
    let query = format!("told={done}&of={}&said={}", follow.id, encoded(&words.label(&follow)));
    Ok(returning(form.returns.as_deref().or(Some("/follows")), &query))
}

fn listed(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
}

fn until(house: &House, days: &str) -> Option<Timestamp> {
    let days: u64 = days.trim().parse().ok().filter(|days| 0 < *days)?;
    Some(house.app.now().after(Duration::from_secs(days.min(3650) * 24 * 3600)))
}

#[derive(Debug, Deserialize)]
pub struct Change {
    stance: String,
    #[serde(default)]
    label: String,
    #[serde(default)]
    aliases: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn change(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<Change>,
) -> Result<Redirect, Failure> {
    let stance = stance(&form.stance).ok_or_else(|| Failure::refused("How much of it?"))?;
    let change = |it: &mut NewFollow| {
        if matches!(stance, Stance::Mute { .. }) == matches!(it.stance, Stance::Mute { .. }) {
            it.stance = match (stance, it.stance) {
                (Stance::Mute { except_big, .. }, Stance::Mute { in_text, .. }) => {
                    Stance::Mute { except_big, in_text }
                }
                (stance, _) => stance,
            };
        }
        it.label = Some(form.label.clone());
        it.aliases = listed(&form.aliases);
    };
    house.app.change_follow(who.id(), FollowId(follow), change).await?;
    done(form.returns, "Kept.")
}

fn done(returns: Option<String>, says: &str) -> Result<Redirect, Failure> {
    Ok(returning(returns.as_deref().or(Some("/follows")), &super::story::said(says)))
}

#[derive(Debug, Deserialize)]
pub struct Switch {
    what: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn alerts(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<Switch>,
) -> Result<Redirect, Failure> {
    let on = match form.what.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(Failure::refused("Alerts are on or off.")),
    };
    house.app.alert_of(who.id(), FollowId(follow), on).await?;
    done(form.returns, if on { "From now on it alerts you." } else { "It no longer alerts you." })
}

/// Follow 0 is the edition.
pub async fn feed(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<Switch>,
) -> Result<Redirect, Failure> {
    let follow = Some(FollowId(follow)).filter(|it| it.0 != 0);
    let says = match form.what.as_str() {
        "open" => {
            house.app.open_feed(who.id(), follow).await?;
            "It has an address of its own now. Whoever has the address can read it."
        }
        "close" => {
            house.app.close_feed(who.id(), follow).await?;
            "The address leads nowhere from now on."
        }
        _ => return Err(Failure::refused("Open the feed, or close it?")),
    };
    done(form.returns, says)
}

#[derive(Debug, Deserialize)]
pub struct SeenAt {
    /// Empty: now. Else to take that back: what had been seen before, `never` for nothing.
    #[serde(default)]
    at: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
}

pub async fn seen(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<SeenAt>,
) -> Result<Redirect, Failure> {
    let all = house.app.follows(who.id()).await?;
    let was = all.iter().find(|it| it.id.0 == follow).ok_or(app::AppError::NotFound)?.seen;
    let at = match form.at.as_str() {
        "" => Some(house.app.now()),
        "never" => None,
        at => Some(Timestamp(at.parse().map_err(|_| Failure::refused("That is no moment."))?)),
    };
    house.app.seen(who.id(), FollowId(follow), at).await?;
    let query = match form.at.as_str() {
        "" => {
            format!(
                "told=seen&of={follow}&word={}",
                was.map_or_else(|| "never".into(), |it| it.0.to_string())
            )
        }
        _ => "told=undo".to_string(),
    };
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
    let query = format!("told=unfollowed&of={follow}&said={}", encoded(&words.label(&was)));
    Ok(returning(form.returns.as_deref().or(Some("/follows")), &query))
}

/// The undo of the above.
pub async fn restore(
    State(house): State<Arc<House>>,
    who: Who,
    Path(follow): Path<i64>,
    Form(form): Form<Returning>,
) -> Result<Redirect, Failure> {
    house.app.refollow(who.id(), FollowId(follow)).await?;
    Ok(returning(form.returns.as_deref().or(Some("/follows")), "told=undo"))
}
