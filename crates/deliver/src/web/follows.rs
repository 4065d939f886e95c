//! What the reader follows and mutes; the page of one such thing; what is believed of the reader.

use std::{sync::Arc, time::Duration};

use app::NewFollow;
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use learn::BeliefView;
use news::{Follow, FollowId, SourceId, Stance, StorySketch, Target, Timestamp, Weight};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, encoded, page},
    story::{Told, returning, said, told},
};
use crate::words::{self, Words};

struct Row {
    id: i64,
    text: String,
    word: String,
    stance: &'static str,
    muted: bool,
    until: Option<Timestamp>,
}

fn row(follow: &Follow, words: &Words) -> Row {
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
    let words = Words::load(&house.app).await?;
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
    };
    let follow = house.app.follow(who.id(), &follow).await?;
    let words = Words::load(&house.app).await?;
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
    let words = Words::load(&house.app).await?;
    let query = format!(
        "told=unfollowed&said={}&word={}&stance={}",
        encoded(&words.target(&was.target)),
        encoded(&app::target_word(&was.target)),
        stance_word(was.stance)
    );
    Ok(returning(form.returns.as_deref().or(Some("/follows")), &query))
}

#[derive(Debug, Deserialize)]
pub struct AboutWhat {
    t: String,
}

#[derive(Template)]
#[template(path = "about.html")]
struct AboutTemplate {
    frame: Frame,
    word: String,
    text: String,
    follow: Option<Row>,
    stories: Vec<StorySketch>,
    /// Stories of each of the last 30 days, oldest first: (day, how many, percent of the most).
    activity: Vec<(String, u32, u32)>,
    returns: String,
}

/// Days of the activity plot.
const DAYS: i64 = 30;

pub async fn about(
    State(house): State<Arc<House>>,
    who: Who,
    Query(what): Query<AboutWhat>,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let target =
        app::parse_target(&what.t).ok_or_else(|| Failure::refused("There is nothing of that name."))?;
    if let Target::Source(SourceId(source)) = target {
        return Err(Failure::refused(format!("A source has a page of its own: /source/{source}")));
    }
    let it = house.app.about(who.id(), target).await?;
    let words = Words::load(&house.app).await?;
    let text = words.target(&it.target);
    let frame = Frame::new(&house, who, "follows", &text).await?.with(told(&done));
    let word = app::target_word(&it.target);
    page(AboutTemplate {
        activity: activity(&it.stories, frame.now),
        follow: it.follow.as_ref().map(|it| row(it, &words)),
        stories: it.stories,
        returns: format!("/about?t={}", encoded(&word)),
        text,
        word,
        frame,
    })
}

fn activity(stories: &[StorySketch], now: Timestamp) -> Vec<(String, u32, u32)> {
    const DAY: i64 = 24 * 3600;
    let today = now.0.div_euclid(DAY);
    let mut counts = vec![0_u32; DAYS as usize];
    for story in stories {
        let ago = today - story.last_grew.0.div_euclid(DAY);
        if (0..DAYS).contains(&ago) {
            counts[(DAYS - 1 - ago) as usize] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let day = |n: usize| {
        words::moment(Timestamp((today - (DAYS - 1 - n as i64)) * DAY), "").chars().take(10).collect()
    };
    counts.iter().enumerate().map(|(n, count)| (day(n), *count, count * 100 / most)).collect()
}

#[derive(Template)]
#[template(path = "beliefs.html")]
struct BeliefsTemplate {
    frame: Frame,
    signals: u32,
    beliefs: Vec<Belief>,
    centres: Vec<(String, f32)>,
    weights: Vec<(String, f32, u32)>,
}

struct Belief {
    text: String,
    word: String,
    view: BeliefView,
    /// −100 to 100.
    percent: i32,
}

/// Beliefs of one page: the strongest.
const BELIEFS: usize = 120;

pub async fn beliefs(
    State(house): State<Arc<House>>,
    who: Who,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let it = house.app.beliefs(who.id()).await?;
    let words = Words::load(&house.app).await?;
    let beliefs = it.beliefs.into_iter().take(BELIEFS).map(|view| Belief {
        text: words.target(&view.target),
        word: app::target_word(&view.target),
        percent: (view.strength * 100.0) as i32,
        view,
    });
    let frame = Frame::new(&house, who, "beliefs", "What tidings believes of you").await?.with(told(&done));
    page(BeliefsTemplate {
        frame,
        signals: it.signals,
        beliefs: beliefs.collect(),
        centres: it.centres.into_iter().map(|it| (it.example, it.weight)).collect(),
        weights: it
            .weights
            .into_iter()
            .map(|(name, mean, sure)| (name, mean, (sure * 100.0) as u32))
            .collect(),
    })
}

#[derive(Debug, Deserialize)]
pub struct Correction {
    target: String,
    value: String,
}

pub async fn correct(
    State(house): State<Arc<House>>,
    who: Who,
    Form(form): Form<Correction>,
) -> Result<Redirect, Failure> {
    let target =
        app::parse_target(&form.target).ok_or_else(|| Failure::refused("There is nothing of that name."))?;
    let value = match form.value.as_str() {
        "guess" => None,
        value => Some(value.parse::<f32>().map_err(|_| Failure::refused("A number from −1 to 1, please."))?),
    };
    house.app.correct(who.id(), &target, value).await?;
    Ok(returning(Some("/beliefs"), &said("Corrected. It holds from the next edition on.")))
}
