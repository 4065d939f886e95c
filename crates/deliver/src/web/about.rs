//! The page of one thing that can be followed; of a situation above all.

use std::sync::Arc;

use app::{StoryState, TargetPage};
use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use news::{Name, NameKind, StorySketch, Target, Timestamp};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    follows::{Panel, panel},
    quotes::{Speaker, speakers},
    render::{Chip, Frame, encoded, page},
    story::{Told, followed, told},
};
use crate::words::{self, Words};

#[derive(Debug, Deserialize)]
pub struct AboutWhat {
    t: String,
}

#[derive(Template)]
#[template(path = "about.html")]
struct AboutTemplate {
    frame: Frame,
    text: String,
    returns: String,
    panel: Panel,
    /// What else it goes by.
    aliases: String,
    /// The newest first.
    days: Vec<(String, Vec<Turn>)>,
    since: Option<Timestamp>,
    began_since: usize,
    grew_since: usize,
    new_names: Vec<Chip>,
    /// Situations that it makes with another name: (word, name, stories).
    together: Vec<(String, String, usize)>,
    speakers: Vec<Speaker>,
    /// Stories of each of the last 30 days, oldest first: (day, how many, percent of the most).
    activity: Vec<(String, u32, u32)>,
    stories: usize,
}

/// One story of the timeline.
struct Turn {
    story: StorySketch,
    news: News,
    read: bool,
}

/// What there is of a story since the reader last read about the thing.
#[derive(Clone, Copy, PartialEq, Eq)]
enum News {
    Nothing,
    Began,
    Grew(u32),
}

/// Days of the activity plot.
const DAYS: i64 = 30;
const NAMES: usize = 12;

pub async fn about(
    State(house): State<Arc<House>>,
    who: Who,
    Query(what): Query<AboutWhat>,
    Query(done): Query<Told>,
) -> Result<Response, Failure> {
    let target =
        app::parse_target(&what.t).ok_or_else(|| Failure::refused("There is nothing of that name."))?;
    // These have pages of their own.
    match target {
        Target::Source(source) => return Ok(Redirect::to(&format!("/source/{source}")).into_response()),
        Target::Story(story) => return Ok(Redirect::to(&format!("/story/{story}")).into_response()),
        _ => (),
    }
    let reader = who.id();
    let mut it = house.app.about(reader, target).await?;
    let words = Words::load(&house.app, reader).await?;
    let text = words.target(&it.target);
    let followed = followed(&house.app.follows(reader).await?);
    let frame = Frame::new(&house, who, "follows", &text).await?.with(told(&done));
    let word = app::target_word(&it.target);
    let returns = format!("/about?t={}", encoded(&word));
    let panel = panel(&house, reader, &it.target, &words, &returns).await?;
    let new_names = it.new_names(frame.now);
    let together = together(&it);
    let stories = std::mem::take(&mut it.stories);
    let activity = activity(&stories, frame.now);
    let count = stories.len();
    let turns: Vec<Turn> = stories
        .into_iter()
        .map(|story| {
            let state = it.states.get(&story.story);
            Turn { news: news(&story, state, it.since), read: state.is_some_and(|it| it.read), story }
        })
        .collect();
    let shown = page(AboutTemplate {
        began_since: turns.iter().filter(|it| it.news == News::Began).count(),
        grew_since: turns.iter().filter(|it| matches!(it.news, News::Grew(_))).count(),
        days: days(turns, &frame),
        since: it.since,
        new_names: new_names.iter().take(NAMES).map(|(name, _)| Chip::name(name, &followed)).collect(),
        together,
        speakers: speakers(it.articles.iter().map(|(article, member)| (article, member.outlet.as_str()))),
        activity,
        stories: count,
        panel,
        aliases: it.aliases.join(", "),
        text,
        returns,
        frame,
    });
    Ok(shown?.into_response())
}

fn news(story: &StorySketch, state: Option<&StoryState>, since: Option<Timestamp>) -> News {
    let Some(since) = since else { return News::Nothing };
    match state.and_then(|it| Some((it.opened?, story.turns.saturating_sub(it.turns)))) {
        Some((at, 0)) if since <= at => News::Nothing,
        Some((at, new)) if since <= at => News::Grew(new),
        _ if since < story.began => News::Began,
        _ if since < story.last_grew => News::Grew(1),
        _ => News::Nothing,
    }
}

fn days(turns: Vec<Turn>, frame: &Frame) -> Vec<(String, Vec<Turn>)> {
    let mut days: Vec<(String, Vec<Turn>)> = Vec::new();
    for turn in turns {
        let day: String = frame.moment(&turn.story.last_grew).chars().take(10).collect();
        match days.last_mut() {
            Some((last, turns)) if *last == day => turns.push(turn),
            _ => days.push((day, vec![turn])),
        }
    }
    days
}

/// A name makes a situation with each of the others that its stories speak of; a situation grows by them.
fn together(it: &TargetPage) -> Vec<(String, String, usize)> {
    let own: Vec<Name> = match &it.target {
        Target::Name(name) => vec![name.clone()],
        Target::Situation(names) => names.clone(),
        _ => return Vec::new(),
    };
    // A plus sign parts the names of a situation where it is written.
    let names = it.together_with().into_iter().filter(|(name, _)| !name.text.contains('+'));
    let situation = |(name, stories): (Name, usize)| {
        let all = own.iter().chain([&name]).map(|it| Name { text: it.text.clone(), kind: NameKind::Other });
        (app::target_word(&Target::Situation(all.collect())), name.text.clone(), stories)
    };
    names.take(NAMES).map(situation).collect()
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
