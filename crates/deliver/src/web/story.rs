//! A story, and what the reader says of it and of its articles.

use std::sync::Arc;

use app::{Act, Fresh, Looking, Mark, StoryPage, Telling};
use askama::Template;
use axum::{
    Form, Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use news::{
    Article, ArticleId, EditionId, Follow, KeyPoint, Member, SignalKind, Stance, StoryId, Target, Timestamp,
};
use serde::Deserialize;

use super::{
    door::{Device, Failure, House, Who, back},
    follows::{Panel, panel},
    mend::{PartedThere, SaidThere},
    pictures::Size,
    quotes::{self, Point, Speaker, link, speakers},
    render::{Chip, Done, Frame, Shown, Undo, encoded, page},
};
use crate::words::{self, Words};

#[derive(Template)]
#[template(path = "story.html")]
struct StoryTemplate {
    frame: Frame,
    panel: Panel,
    story: i64,
    lead: i64,
    headline: String,
    standfirst: Option<String>,
    language: String,
    /// "5 articles of 4 outlets, 3 texts".
    told_by: String,
    /// Where its outlets are.
    seats: String,
    articles: u32,
    began: Timestamp,
    grew: Timestamp,
    looked: Option<Timestamp>,
    names: Vec<Chip>,
    topics: Vec<Chip>,
    /// With links to where they stand.
    fresh: Vec<(Fresh, String)>,
    chapters: Vec<ChapterShown>,
    agency: Option<String>,
    /// What can be read without paying, and whose it is.
    free: Option<(i64, String)>,
    said: Vec<SaidThere>,
    parted: Vec<PartedThere>,
    key_points: Vec<Point>,
    speakers: Vec<Speaker>,
    picture: Option<Shown>,
    saved: bool,
    read: bool,
    returns: String,
}

/// A chapter of a story that has several; else the whole of it.
struct ChapterShown {
    headline: String,
    time: String,
    steps: Vec<Step>,
}

struct Step {
    member: Member,
    /// The first of its day begins it.
    day: Option<String>,
    /// The outlet whose text it is.
    copy_of: Option<String>,
    first: bool,
    /// In other words; a copy says so by itself.
    says_the_same: bool,
    new: bool,
    because: String,
}

pub async fn story(
    State(house): State<Arc<House>>,
    who: Who,
    Path(story): Path<i64>,
    Query(looking): Query<Anyway>,
    Query(done): Query<Told>,
) -> Result<Response, Failure> {
    let reader = who.id();
    let it = house.app.story(reader, StoryId(story), looking.looking()).await?;
    if it.story.id.0 != story {
        // It was joined with another: its old address leads there.
        return Ok(Redirect::temporary(&format!("/story/{}", it.story.id)).into_response());
    }
    let words = Words::load(&house.app, reader).await?;
    let returns = format!("/story/{story}");
    let panel = panel(&house, reader, &Target::Story(it.story.id), &words, &returns).await?;
    let frame = Frame::new(&house, who, "story", &it.story.face.headline).await?.with(told(&done));
    let followed = followed(&it.follows);
    let key_points = key_points(&it);
    let outlets: Vec<String> = it.articles.iter().map(|article| outlet_of(&it, article)).collect();
    let speakers = speakers(it.articles.iter().zip(outlets.iter().map(String::as_str)));
    let said = it.said.iter().map(SaidThere::new).collect();
    let parted = it.parted.iter().map(PartedThere::new).collect();
    let telling = it.telling;
    let outlet = |article: ArticleId| {
        let member = it.story.members.iter().find(|it| it.article == article);
        member.map(|it| it.outlet.clone()).unwrap_or_default()
    };
    let free = telling.free.map(|it| (it.0, outlet(it)));
    let face = it.story.face;
    let told_by = words::told_by_so_many(face.articles, face.outlets, telling.texts);
    let seats = words::seats(&telling.countries, telling.unknown);
    let chapters = chapters(it.story.members, &telling, &frame);
    let shown = page(StoryTemplate {
        story,
        lead: face.lead.0,
        names: face.names.iter().take(10).map(|name| Chip::name(name, &followed)).collect(),
        topics: face.topics.iter().take(4).map(|topic| Chip::topic(topic, &followed)).collect(),
        headline: face.headline,
        standfirst: face.standfirst,
        picture: face.picture.map(|it| Shown::new(&house, it, Size::Page)),
        language: face.language.map(|it| it.0).unwrap_or_default(),
        told_by,
        seats,
        articles: face.articles,
        began: face.began,
        grew: face.last_grew,
        looked: telling.looked,
        fresh: telling
            .fresh
            .into_iter()
            .map(|it| (fresh_link(&it), it))
            .map(|(link, it)| (it, link))
            .collect(),
        chapters,
        agency: telling.agency,
        free,
        said,
        parted,
        key_points,
        speakers,
        saved: it.state.as_ref().is_some_and(|it| it.saved),
        read: it.state.as_ref().is_some_and(|it| it.read),
        returns,
        panel,
        frame,
    });
    Ok(shown?.into_response())
}

pub fn followed(follows: &[Follow]) -> Vec<String> {
    let follows = follows.iter().filter(|it| matches!(it.stance, Stance::Follow(_)));
    follows.map(|it| app::target_word(&it.target)).collect()
}

/// In the order in which it unfolded, copies behind their text. What no chapter knows of stands in the last one.
fn chapters(members: Vec<Member>, telling: &Telling, frame: &Frame) -> Vec<ChapterShown> {
    let day = |it: &Timestamp| frame.moment(it).chars().take(10).collect::<String>();
    let outlet = |article: ArticleId| {
        members.iter().find(|it| it.article == article).map(|it| it.outlet.clone()).unwrap_or_default()
    };
    let mut shown: Vec<ChapterShown> = telling
        .chapters
        .iter()
        .map(|it| {
            let (began, ended) = (day(&it.began), day(&it.ended));
            let time = if began == ended { began } else { format!("{began} to {ended}") };
            ChapterShown { headline: it.headline.clone(), time, steps: Vec::new() }
        })
        .collect();
    if shown.is_empty() {
        shown.push(ChapterShown { headline: String::new(), time: String::new(), steps: Vec::new() });
    }
    let last = shown.len() - 1;
    // A chapter of one day says by its headline which day.
    let one_day: Vec<bool> = shown.iter().map(|it| last != 0 && !it.time.contains(" to ")).collect();
    for member in app::unfolded(&members) {
        let place = telling.chapters.iter().position(|it| it.articles.contains(&member.article));
        let place = place.unwrap_or(last);
        let steps = &mut shown[place].steps;
        let its_day = day(&member.published);
        let same = steps.last().is_some_and(|it| day(&it.member.published) == its_day);
        steps.push(Step {
            day: (!same && !one_day[place]).then_some(its_day),
            copy_of: member.copy_of.map(outlet),
            says_the_same: member.facts == 0 && member.copy_of.is_none(),
            first: telling.original == Some(member.article) && 1 < members.len(),
            new: telling.looked.is_some_and(|looked| looked < member.arrived),
            because: words::here_because(&member.evidence),
            member: member.clone(),
        });
    }
    shown.retain(|it| !it.steps.is_empty());
    shown
}

fn key_points(it: &StoryPage) -> Vec<Point> {
    let point = |(id, point): &(ArticleId, KeyPoint)| {
        let article = it.articles.iter().find(|it| it.id == *id);
        let outlet = article.map(|article| outlet_of(it, article)).unwrap_or_default();
        let link = link(*id, point.at.map(|it| it.0), &point.says);
        Point { says: point.says.clone(), link, outlet, at: None }
    };
    it.key_points.iter().map(point).collect()
}

/// Its page knows by itself where its key points and quotes stand; of other sentences it must be told.
fn fresh_link(it: &Fresh) -> String {
    let (from, to) = it.at;
    format!("/article/{}?at={from}-{to}{}", it.article, quotes::place(from, &it.says))
}

fn outlet_of(it: &StoryPage, article: &Article) -> String {
    let member = it.story.members.iter().find(|it| it.article == article.id);
    member.map(|it| it.outlet.clone()).unwrap_or_default()
}

/// Whoever was told that something is muted may want to see it all the same.
#[derive(Debug, Default, Deserialize)]
pub struct Anyway {
    anyway: Option<String>,
}

impl Anyway {
    pub fn looking(&self) -> Looking {
        if self.anyway.is_some() { Looking::Anyway } else { Looking::AsMuted }
    }
}

/// What was just done, carried in the address of the page that one comes back to.
#[derive(Debug, Default, Deserialize)]
pub struct Told {
    pub told: Option<String>,
    pub of: Option<i64>,
    pub said: Option<String>,
    pub word: Option<String>,
    pub stance: Option<String>,
    /// The page on which it was done, for the way back.
    pub back: Option<String>,
}

/// The sentence, and the way back, to the same place of the same page.
pub fn told(it: &Told) -> Option<Done> {
    let mut done = said_of(it)?;
    if let (Some(undo), Some(back)) = (&mut done.undo, &it.back) {
        undo.fields.push(("return", back.clone()));
    }
    Some(done)
}

fn said_of(it: &Told) -> Option<Done> {
    let says = match it.told.as_deref()? {
        "more" => "Noted: more like that.",
        "less" => "Noted: less like that.",
        "save" => "Saved.",
        "unsave" => "No longer saved.",
        "read" => "Marked as read.",
        "not_interested" => "Noted: this story does not interest you. It will not come again.",
        "already_knew" => "Noted: you knew it already.",
        "undo" => "Taken back.",
        "followed" => {
            return Some(Done { says: format!("Following {}.", it.said.as_deref()?), undo: unfollow(it) });
        }
        "muted" => return Some(Done { says: format!("Muted {}.", it.said.as_deref()?), undo: unfollow(it) }),
        "unfollowed" => {
            return Some(Done { says: format!("No longer: {}.", it.said.as_deref()?), undo: restore(it) });
        }
        "seen" => return Some(Done { says: "Marked as seen.".into(), undo: unseen(it) }),
        "share" => "Noted that you shared it.",
        "corrected" => {
            return Some(Done { says: format!("Noted of {}.", it.said.as_deref()?), undo: uncorrect(it) });
        }
        "split" => {
            let says = "Noted: that is a story of its own now.".into();
            return Some(Done { says, undo: unrepair(it) });
        }
        "merged" => {
            return Some(Done { says: "Noted: both are one story now.".into(), undo: unrepair(it) });
        }
        "unrepaired" => "Taken back: the stories are as they were.",
        "section" => return Some(Done { says: "Marked as read.".into(), undo: unmark(it) }),
        "pruned" => {
            let says = format!("{} sources are no longer followed.", it.said.as_deref()?);
            let fields = vec![("sources", it.word.clone()?)];
            return Some(Done { says, undo: Some(Undo { action: "/sources/again".into(), fields }) });
        }
        "said" => return Some(Done { says: it.said.clone()?, undo: None }),
        _ => return None,
    };
    let undo = it.of.filter(|_| it.told.as_deref() != Some("undo")).map(|story| Undo {
        action: format!("/story/{story}/tell"),
        fields: vec![(
            "what",
            if it.told.as_deref() == Some("read") { "unread" } else { "undo" }.to_string(),
        )],
    });
    Some(Done { says: says.to_string(), undo })
}

fn uncorrect(it: &Told) -> Option<Undo> {
    let fields = vec![("target", it.word.clone()?), ("value", it.stance.clone()?)];
    Some(Undo { action: "/beliefs/correct".into(), fields })
}

fn unrepair(it: &Told) -> Option<Undo> {
    Some(Undo { action: format!("/repairs/{}/undo", it.of?), fields: Vec::new() })
}

fn unmark(it: &Told) -> Option<Undo> {
    let fields = vec![("section", it.word.clone()?), ("mark", "unread".to_string())];
    Some(Undo { action: format!("/edition/{}/mark", it.of?), fields })
}

fn unfollow(it: &Told) -> Option<Undo> {
    Some(Undo { action: format!("/follows/{}/remove", it.of?), fields: Vec::new() })
}

fn restore(it: &Told) -> Option<Undo> {
    Some(Undo { action: format!("/follows/{}/restore", it.of?), fields: Vec::new() })
}

fn unseen(it: &Told) -> Option<Undo> {
    Some(Undo { action: format!("/follows/{}/seen", it.of?), fields: vec![("at", it.word.clone()?)] })
}

#[derive(Debug, Deserialize)]
pub struct Tell {
    what: String,
    #[serde(default, rename = "return")]
    returns: Option<String>,
    edition: Option<i64>,
}

pub async fn tell(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Path(story): Path<i64>,
    Form(form): Form<Tell>,
) -> Result<Redirect, Failure> {
    if form.what == "unread" {
        house.app.mark_story(who.id(), StoryId(story), Mark::Unread).await?;
        return Ok(returning(form.returns.as_deref(), "told=undo"));
    }
    let kind = match form.what.as_str() {
        "more" => SignalKind::MoreLikeThis,
        "less" => SignalKind::LessLikeThis,
        "save" => SignalKind::Saved,
        "unsave" => SignalKind::Unsaved,
        "read" => SignalKind::Read { seconds: 0, depth: 1.0 },
        "share" => SignalKind::Shared,
        "not_interested" => SignalKind::NotInterested,
        "already_knew" => SignalKind::AlreadyKnew,
        "undo" => SignalKind::Undo,
        _ => return Err(Failure::refused("That is nothing one can say of a story.")),
    };
    let act = Act { story: StoryId(story), article: None, edition: form.edition.map(EditionId), kind };
    house.app.note(who.id(), &[act], &device.0).await?;
    if form.what == "read" {
        house.app.mark_story(who.id(), StoryId(story), Mark::Read).await?;
    }
    Ok(returning(form.returns.as_deref(), &format!("told={}&of={story}", form.what)))
}

#[derive(Debug, Deserialize)]
pub struct Opening {
    article: i64,
    edition: Option<i64>,
}

/// For browsers without our script: opening it is noted all the same.
pub async fn open(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Path(story): Path<i64>,
    Form(form): Form<Opening>,
) -> Result<Redirect, Failure> {
    let act = Act {
        story: StoryId(story),
        article: Some(ArticleId(form.article)),
        edition: form.edition.map(EditionId),
        kind: SignalKind::Opened,
    };
    house.app.note(who.id(), &[act], &device.0).await?;
    Ok(Redirect::to(&format!("/article/{}", form.article)))
}

/// Back to where the form was, which then says what was done.
pub fn returning(to: Option<&str>, query: &str) -> Redirect {
    let to = to.unwrap_or("/");
    let clean = with_query(to, "");
    let query =
        if query == "told=undo" { query.to_string() } else { format!("{query}&back={}", encoded(&clean)) };
    back(Some(&with_query(to, &query)), "/")
}

/// What the address said of itself stays (`t=…`, `#story-12`); what it said of an earlier act goes.
fn with_query(to: &str, query: &str) -> String {
    let (to, place) = to.split_once('#').map_or((to, None), |(to, place)| (to, Some(place)));
    let (path, had) = to.split_once('?').unwrap_or((to, ""));
    let told = |part: &&str| {
        ["told=", "of=", "said=", "word=", "stance=", "back="].iter().any(|it| part.starts_with(it))
    };
    let kept = had.split('&').filter(|it| !told(it)).chain([query]).filter(|it| !it.is_empty());
    let query = kept.collect::<Vec<_>>().join("&");
    let query = if query.is_empty() { query } else { format!("?{query}") };
    let place = place.map(|it| format!("#{it}")).unwrap_or_default();
    format!("{path}{query}{place}")
}

pub fn said(says: &str) -> String {
    format!("told=said&said={}", encoded(says))
}

/// What the page's script reports: what was in view, opened, really read.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    story: i64,
    article: Option<i64>,
    edition: Option<i64>,
    kind: String,
    #[serde(default)]
    position: u16,
    #[serde(default)]
    seconds: u32,
    #[serde(default)]
    depth: f32,
}

/// More than a page can have is not what a page reports.
const REPORTS: usize = 200;

pub async fn signal(
    State(house): State<Arc<House>>,
    who: Who,
    device: Device,
    Json(reports): Json<Vec<Report>>,
) -> Result<StatusCode, Failure> {
    let mut acts = Vec::with_capacity(reports.len().min(REPORTS));
    for it in reports.into_iter().take(REPORTS) {
        let kind = match it.kind.as_str() {
            "shown" => SignalKind::Shown { position: it.position },
            "opened" => SignalKind::Opened,
            "read" => SignalKind::Read { seconds: it.seconds.min(3600), depth: it.depth.clamp(0.0, 1.0) },
            "shared" => SignalKind::Shared,
            _ => return Err(Failure::refused("That is no kind of signal.")),
        };
        acts.push(Act {
            story: StoryId(it.story),
            article: it.article.map(ArticleId),
            edition: it.edition.map(EditionId),
            kind,
        });
    }
    house.app.note(who.id(), &acts, &device.0).await?;
    Ok(StatusCode::NO_CONTENT)
}
