//! What a reader says of which articles belong together, and why any two are together or not.

use std::sync::Arc;

use app::{Pair, PartedFrom, RepairSaid};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, Redirect},
};
use news::{ArticleId, RepairId, Says, StoryId, StorySketch, Timestamp};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    render::{Frame, page},
    story::{Anyway, Told, returning, told},
};
use crate::words;

/// A repair as a story's page shows it.
pub struct SaidThere {
    pub repair: i64,
    pub says: String,
    pub at: Timestamp,
    pub for_all: bool,
}

impl SaidThere {
    pub fn new(it: &RepairSaid) -> SaidThere {
        let title = |article: &ArticleId| {
            let known = it.titles.iter().find(|it| it.0 == *article);
            known.map_or_else(|| "an article that is gone".to_string(), |it| format!("“{}”", it.1))
        };
        let says = match &it.repair.says {
            Says::Apart { articles, from } => {
                let titles: Vec<String> = articles.iter().take(3).map(title).collect();
                let more = articles.len().saturating_sub(3);
                let more = if more == 0 { String::new() } else { format!(" and {more} more") };
                let does = if articles.len() == 1 { "does" } else { "do" };
                format!("{}{more} {does} not belong with {}", titles.join(", "), title(from))
            }
            Says::Together { one, other } => format!("{} and {} are one story", title(one), title(other)),
        };
        SaidThere { repair: it.repair.id.0, says, at: it.repair.at, for_all: it.repair.for_all }
    }
}

/// Another part of a story that was split.
pub struct PartedThere {
    pub story: i64,
    pub headline: String,
    pub at: Timestamp,
    pub because: String,
}

impl PartedThere {
    pub fn new(it: &PartedFrom) -> PartedThere {
        PartedThere {
            story: it.parted.story.0,
            headline: it.headline.clone(),
            at: it.parted.at,
            because: words::parted(&it.parted.evidence),
        }
    }
}

/// `article`, as often as there are articles that do not belong.
pub async fn split(
    State(house): State<Arc<House>>,
    who: Who,
    Path(story): Path<i64>,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Redirect, Failure> {
    let articles = form.iter().filter(|it| it.0 == "article").filter_map(|it| it.1.parse().ok());
    let articles: Vec<ArticleId> = articles.map(ArticleId).collect();
    let for_all = house.settings.repairs_for_everyone;
    let done = house.app.split(who.id(), StoryId(story), &articles, for_all).await?;
    let query = format!("told=split&of={}&word={}", done.repair.id, done.other);
    Ok(returning(Some(&format!("/story/{}", done.story)), &query))
}

#[derive(Debug, Deserialize)]
pub struct Merge {
    /// A story's number, or the address of its page.
    with: String,
}

pub async fn merge(
    State(house): State<Arc<House>>,
    who: Who,
    Path(story): Path<i64>,
    Form(form): Form<Merge>,
) -> Result<Redirect, Failure> {
    let Some(other) = story_meant(&form.with) else {
        return Err(Failure::refused("Give the number of a story, or the address of its page."));
    };
    let for_all = house.settings.repairs_for_everyone;
    let done = house.app.merge(who.id(), StoryId(story), other, for_all).await?;
    let query = format!("told=merged&of={}", done.repair.id);
    Ok(returning(Some(&format!("/story/{}", done.story)), &query))
}

/// `42`, `/story/42`, `http://localhost:8700/story/42?told=…`.
fn story_meant(text: &str) -> Option<StoryId> {
    let text = text.trim();
    let number = text.rsplit_once("/story/").map_or(text, |(_, rest)| rest);
    let digits = number.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok().map(StoryId)
}

pub async fn undo(
    State(house): State<Arc<House>>,
    who: Who,
    Path(repair): Path<i64>,
) -> Result<Redirect, Failure> {
    let was = house.app.undo_repair(who.id(), RepairId(repair)).await?;
    let article = was.says.articles().pop();
    let story = match article {
        Some(article) => house.app.story_of(article).await?,
        None => None,
    };
    let to = story.map_or_else(|| "/".to_string(), |it| format!("/story/{it}"));
    Ok(returning(Some(&to), "told=unrepaired"))
}

#[derive(Template)]
#[template(path = "alike.html")]
struct AlikeTemplate {
    frame: Frame,
    story: i64,
    headline: String,
    stories: Vec<StorySketch>,
}

pub async fn alike(
    State(house): State<Arc<House>>,
    who: Who,
    Path(story): Path<i64>,
    Query(looking): Query<Anyway>,
) -> Result<Html<String>, Failure> {
    let it = house.app.story(who.id(), StoryId(story), looking.looking()).await?.story;
    let stories = house.app.alike(who.id(), &it).await?;
    let frame = Frame::new(&house, who, "story", "The same as another story").await?;
    page(AlikeTemplate { frame, story: it.id.0, headline: it.face.headline, stories })
}

#[derive(Template)]
#[template(path = "pair.html")]
struct PairTemplate {
    frame: Frame,
    pair: Pair,
    verdict: String,
    likeness: u32,
    parts: Vec<Part>,
}

struct Part {
    says: String,
    part: f32,
    /// Percent of the largest part, for the bar.
    bar: u32,
}

#[derive(Debug, Deserialize)]
pub struct Two {
    a: i64,
    b: i64,
}

pub async fn pair(
    State(house): State<Arc<House>>,
    who: Who,
    Query(two): Query<Two>,
    Query(done): Query<Told>,
) -> Result<Html<String>, Failure> {
    let pair = house.app.pair(who.id(), ArticleId(two.a), ArticleId(two.b)).await?;
    let frame = Frame::new(&house, who, "story", "Together, and why").await?.with(told(&done));
    let evidence = &pair.comparison.evidence;
    let all = evidence.iter().map(|it| (it.says.clone(), it.part));
    let all: Vec<(String, f32)> = all.chain([(words::TO_BEGIN_WITH.into(), pair.to_begin_with)]).collect();
    let largest = all.iter().map(|it| it.1.abs()).fold(0.01, f32::max);
    let parts =
        all.into_iter().map(|(says, part)| Part { says, part, bar: (part.abs() / largest * 100.0) as u32 });
    page(PairTemplate {
        verdict: words::pair(&pair),
        likeness: (pair.comparison.likeness * 100.0).round() as u32,
        parts: parts.collect(),
        frame,
        pair,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_meant_by_its_number_or_the_address_of_its_page() {
        for (text, story) in [
            ("42", Some(42)),
            (" 42 ", Some(42)),
            ("/story/42", Some(42)),
            ("http://localhost:8700/story/42?told=split&of=7#x", Some(42)),
            ("story", None),
            ("", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(story_meant(text), story.map(StoryId), "{text}");
        }
    }
}
