//! Why a story is here, or why not: every ground with its part, and what the reader can do about each.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use news::{Follow, Reason, Stance, StoryId, Target};

use super::{
    door::{Failure, House, Who},
    render::{Chip, Frame, page},
    story::{Anyway, Told, followed, told},
};
use crate::words::Words;

#[derive(Template)]
#[template(path = "why.html")]
struct WhyTemplate {
    frame: Frame,
    story: i64,
    headline: String,
    verdict: String,
    score: f32,
    parts: Vec<Part>,
    chips: Vec<Chip>,
    returns: String,
}

struct Part {
    says: String,
    value: f32,
    weight: f32,
    share: f32,
    /// Percent of the largest part, for the bar.
    bar: u32,
    about: Option<About>,
}

/// What a ground is about, and how the reader stands to it.
struct About {
    word: String,
    /// The follow or mute, to take it back.
    follow: Option<i64>,
    muted: bool,
}

pub async fn why(
    State(house): State<Arc<House>>,
    who: Who,
    Path(story): Path<i64>,
    Query(looking): Query<Anyway>,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let reader = who.id();
    let it = house.app.why(reader, StoryId(story), looking.looking()).await?;
    let words = Words::of(&house.app, reader, it.explanation.because.iter()).await?;
    let follows = house.app.follows(reader).await?;
    let chosen = followed(&follows);
    let frame = Frame::new(&house, who, "story", "Why").await?.with(told(&done));
    let largest = it.explanation.because.iter().map(|it| it.share().abs()).fold(0.01, f32::max);
    let parts = it.explanation.because.iter().map(|because| Part {
        says: words.reason(&because.reason),
        value: because.value,
        weight: because.weight,
        share: because.share(),
        bar: (because.share().abs() / largest * 100.0) as u32,
        about: target_of(&because.reason).map(|it| about(&it, &follows)),
    });
    page(WhyTemplate {
        story,
        verdict: words.verdict(&it.explanation.verdict),
        score: it.explanation.score,
        parts: parts.collect(),
        chips: it.sketch.names.iter().take(8).map(|name| Chip::name(name, &chosen)).collect(),
        headline: it.sketch.headline,
        returns: format!("/why/{story}"),
        frame,
    })
}

fn about(target: &Target, follows: &[Follow]) -> About {
    let follow = follows.iter().find(|it| app::same_target(&it.target, target));
    About {
        word: app::target_word(target),
        follow: follow.map(|it| it.id.0),
        muted: follow.is_some_and(|it| matches!(it.stance, Stance::Mute { .. })),
    }
}

fn target_of(reason: &Reason) -> Option<Target> {
    match reason {
        Reason::YouFollow(target) | Reason::YouOftenRead { target, .. } => Some(target.clone()),
        Reason::From(source) | Reason::SeldomPublishes { source, .. } => Some(Target::Source(*source)),
        _ => None,
    }
}
