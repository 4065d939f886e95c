//! One article, with what says most of it and who says what in it, each linked to where it stands.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Html,
};
use news::{ArticleId, Extracted, Member, Target, Timestamp};
use serde::Deserialize;

use super::{
    door::{Failure, House, Who},
    pictures::Size,
    quotes::{Point, Speaker, link, speakers},
    render::{Frame, Shown, page},
    story::{Anyway, Told, told},
};

#[derive(Template)]
#[template(path = "article.html")]
struct ArticleTemplate {
    frame: Frame,
    article: i64,
    story: Option<i64>,
    title: String,
    standfirst: Option<String>,
    outlet: String,
    /// (name, as a target's word)
    authors: Vec<(String, String)>,
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    address: Option<String>,
    language: String,
    body: String,
    whole: bool,
    minutes: usize,
    others: Vec<Member>,
    saved: bool,
    returns: String,
    picture: Option<Shown>,
    /// When it was last changed, and whether its headline was.
    changed: Option<(Timestamp, bool)>,
    /// What says most of a long article, and who says what in it, with links to where.
    key_points: Vec<Point>,
    speakers: Vec<Speaker>,
}

/// A shorter one is read as soon as its key points are.
const LONG: usize = 2;

pub async fn article(
    State(house): State<Arc<House>>,
    who: Who,
    Path(article): Path<i64>,
    Query(looking): Query<Anyway>,
    Query(done): Query<Told>,
    Query(place): Query<Place>,
) -> Result<Html<String>, Failure> {
    let it = house.app.article(who.id(), ArticleId(article), looking.looking()).await?;
    let versions = &it.versions;
    let changed = versions.first().map(|it| (it.at, versions.iter().any(|it| it.was.title != it.is.title)));
    let outlet = it.article.extracted.outlet.clone().unwrap_or_default();
    let minutes = minutes_of(&it.article.extracted.text);
    let (mut key_points, mut who_says): (Vec<Point>, Vec<Speaker>) = Default::default();
    let says_them = says_at_once(&it.article.extracted.text, &it.article.extracted.key_points);
    if LONG <= minutes {
        who_says = speakers([(&it.article, outlet.as_str())].into_iter());
        let points = it.article.key_points.iter().filter(|_| !says_them);
        key_points.extend(points.map(|point| {
            let link = link(it.article.id, point.at.map(|it| it.0), &point.says);
            Point { says: point.says.clone(), link, outlet: outlet.clone(), at: None }
        }));
    }
    let points = it.article.key_points.iter().filter_map(|it| it.at);
    let places: Vec<(u32, u32)> =
        points.chain(it.article.quotes.iter().map(|it| it.content)).chain(place.range()).collect();
    let extracted = it.article.extracted;
    let body = body(&house, &extracted, &places);
    let frame = Frame::new(&house, who, "story", &extracted.title).await?.with(told(&done));
    let story = it.story.as_ref().map(|it| it.id.0);
    let others: Vec<Member> = it.story.map(|it| it.members).unwrap_or_default();
    let host = news::outlet_of(&extracted.address).unwrap_or_default();
    // A picture that stands in the text as well is shown there.
    let picture = extracted.picture.filter(|it| !is_in(extracted.body.as_str(), &it.url));
    let picture = picture.map(|it| Shown::new(&house, it, Size::Page));
    let authors = extracted.authors.iter().map(|it| {
        let target = Target::Author(it.name.clone());
        (it.name.clone(), app::target_word(&target))
    });
    page(ArticleTemplate {
        frame,
        changed,
        article,
        story,
        authors: authors.collect(),
        outlet: extracted.outlet.unwrap_or(host),
        published: extracted.published,
        updated: extracted.updated.filter(|it| Some(*it) != extracted.published),
        address: Some(extracted.address).filter(|it| it.starts_with("http")),
        language: extracted.language.map(|it| it.0).unwrap_or_default(),
        whole: extracted.completeness == news::Completeness::Full,
        minutes,
        key_points,
        speakers: who_says,
        body,
        picture,
        standfirst: extracted.standfirst.filter(|it| !begins_with(&extracted.text, it)),
        title: extracted.title,
        others: others.into_iter().filter(|it| it.article.0 != article).collect(),
        saved: it.state.is_some_and(|it| it.saved),
        returns: format!("/article/{article}"),
    })
}

/// People read about 230 words a minute (Brysbaert 2019, silent reading of English non-fiction: 238).
fn minutes_of(text: &str) -> usize {
    text.split_whitespace().count().div_ceil(230)
}

fn body(house: &House, extracted: &Extracted, places: &[(u32, u32)]) -> String {
    let body = extract::anchored(&extracted.body, &extracted.text, places);
    extract::images_through(&body, |it| house.pictures.in_body(it)).as_str().to_string()
}

/// A place of the article's text that a link leads to: `at=120-180`, in bytes.
#[derive(Debug, Default, Deserialize)]
pub struct Place {
    at: Option<String>,
}

impl Place {
    fn range(&self) -> Option<(u32, u32)> {
        let (from, to) = self.at.as_deref()?.split_once('-')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    }
}

/// Whether the body shows that picture, perhaps cut another way.
fn is_in(body: &str, picture: &str) -> bool {
    let shown = body.split("<img src=\"").skip(1).filter_map(|it| it.split('"').next());
    shown.map(|it| it.replace("&amp;", "&")).any(|it| it == picture || extract::is_same_picture(&it, picture))
}

/// Whether a text begins with its standfirst, or with what the standfirst is the beginning of.
fn begins_with(text: &str, standfirst: &str) -> bool {
    let letters = |it: &str| it.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let standfirst = letters(standfirst);
    text.lines().take(OPENING).any(|it| letters(it).starts_with(&standfirst))
}

/// Lines among which a text says its standfirst again, if it does.
const OPENING: usize = 3;

/// Whether a text begins with the publisher's own points.
fn says_at_once(text: &str, points: &[String]) -> bool {
    let opening: Vec<&str> = text.lines().take(OPENING + points.len()).collect();
    !points.is_empty() && points.iter().all(|it| opening.contains(&it.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_text_begins_with_is_not_shown_twice() {
        let text = "By Ann Lee\nThe dam gave way on Friday, and water rose.\nMore of it.";
        assert!(
            begins_with(text, "The dam gave way on Friday …")
                && begins_with(text, "The dam gave way on Friday, and water rose")
        );
        assert!(!begins_with(text, "Why nobody repaired it"));
        let points = ["Water rose.".to_owned(), "Nobody was hurt.".to_owned()];
        assert!(says_at_once("The dam\nWater rose.\nNobody was hurt.\nOn Friday …", &points));
        assert!(
            !says_at_once("On Friday the dam …\nWater rose.", &points) && !says_at_once("On Friday", &[])
        );
        let body = "<p>x</p><img src=\"https://a.example/440913/dam-640.jpg?a&amp;b\" alt=\"\">";
        assert!(
            is_in(body, "https://a.example/440913/dam-1200.jpg")
                && is_in(body, "https://a.example/440913/dam-640.jpg?a&b")
        );
        assert!(!is_in(body, "https://a.example/7/wall.jpg"));
    }
}
