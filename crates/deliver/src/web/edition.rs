//! The edition: the front page.

use std::sync::Arc;

use super::{
    door::{Failure, House, Who},
    pictures::Size,
    render::{Card, Frame, Shown, encoded, page},
    story::{Told, returning, told},
};
use crate::words::{self, Words};
use app::{EditionPage, Freshness, Mark};
use askama::Template;
use axum::{
    Form,
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use news::{EditionId, Section};
use serde::Deserialize;

#[derive(Template)]
#[template(path = "edition.html")]
struct Page {
    frame: Frame,
    edition: i64,
    at: news::Timestamp,
    sections: Vec<Part>,
    stories: usize,
    minutes: u32,
    hidden: Vec<Hidden>,
    /// Of these, new since the edition before.
    fresh: usize,
    /// Neither read nor waved away yet.
    left: usize,
    previous: Option<news::Timestamp>,
    working: u64,
    sources: usize,
}

struct Part {
    section: &'static str,
    name: &'static str,
    cards: Vec<Card>,
}

/// A story that a mute keeps out, in the drawer.
struct Hidden {
    story: i64,
    headline: String,
    by: String,
    /// Only its text says it.
    in_text: bool,
    /// The mute, to take it back.
    mute: Option<i64>,
}

pub async fn today(
    State(house): State<Arc<House>>,
    who: Who,
    Query(told): Query<Told>,
) -> Result<Response, Failure> {
    let reader = who.id();
    let edition = house.app.edition(reader, Freshness::AsItStands).await?;
    if edition.edition.slots.is_empty() && house.app.sources(reader).await?.is_empty() {
        return Ok(Redirect::to("/welcome").into_response());
    }
    Ok(show(&house, who, edition, told).await?.into_response())
}

pub async fn again(
    State(house): State<Arc<House>>,
    who: Who,
    Path(edition): Path<i64>,
) -> Result<Html<String>, Failure> {
    let edition = house.app.edition_again(who.id(), EditionId(edition)).await?;
    show(&house, who, edition, Told::default()).await
}

pub async fn anew(State(house): State<Arc<House>>, who: Who) -> Result<Redirect, Failure> {
    house.app.edition(who.id(), Freshness::Anew).await?;
    Ok(Redirect::to("/"))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marking {
    section: String,
    mark: String,
}

/// A whole section at once. Nothing is learnt from it: who tidies up has not read.
pub async fn mark(
    State(house): State<Arc<House>>,
    who: Who,
    Path(edition): Path<i64>,
    Form(form): Form<Marking>,
) -> Result<Redirect, Failure> {
    let mark = match form.mark.as_str() {
        "read" => Mark::Read,
        "unread" => Mark::Unread,
        _ => return Err(Failure::refused("Sections are marked read or unread.")),
    };
    let it = house.app.edition_again(who.id(), EditionId(edition)).await?;
    for slot in it.edition.slots.iter().filter(|it| words::section_word(it.section) == form.section) {
        house.app.mark_story(who.id(), slot.story, mark).await?;
    }
    let query = match mark {
        Mark::Read => format!("told=section&of={edition}&word={}", encoded(&form.section)),
        _ => "told=undo".to_string(),
    };
    Ok(returning(Some(&format!("/#{}", encoded(&form.section))), &query))
}

async fn show(house: &Arc<House>, who: Who, it: EditionPage, done: Told) -> Result<Html<String>, Failure> {
    let words = Words::of_edition(&house.app, &it.edition).await?;
    let mut sections: Vec<(Section, Vec<Card>)> = Vec::new();
    let (mut fresh, mut left) = (0, 0);
    for (position, slot) in it.edition.slots.iter().enumerate() {
        let Some(story) = it.stories.get(&slot.story) else { continue };
        let mut card = Card::new(slot, position, story, it.states.get(&slot.story), &words);
        card.picture = story.face.picture.clone().map(|it| Shown::new(house, it, Size::Card));
        card.new = it.previous.is_some_and(|previous| previous < card.grew);
        fresh += usize::from(card.new);
        left += usize::from(!card.read && !card.dismissed);
        match sections.iter_mut().find(|(section, _)| *section == slot.section) {
            Some((_, cards)) => cards.push(card),
            None => sections.push((slot.section, vec![card])),
        }
    }
    sections.sort_by_key(|(section, _)| *section);
    let stories = sections.iter().map(|(_, cards)| cards.len()).sum();
    let mutes = house.app.mutes(who.id()).await?;
    let hidden = it.edition.hidden.iter().map(|(story, target)| {
        let mute = mutes.iter().find(|it| app::same_target(&it.target, target));
        let sketch = it.hidden.get(story);
        Hidden {
            story: story.0,
            headline: sketch.map(|it| it.headline.clone()).unwrap_or_default(),
            by: words.target(target),
            in_text: sketch.zip(mute).is_some_and(|(it, mute)| app::is_hidden_by_its_text(it, mute)),
            mute: mute.map(|it| it.id.0),
        }
    });
    let hidden = hidden.collect();
    let (working, sources) = match stories {
        // An empty page says whether something is on its way.
        0 => {
            let load = house.app.queue.load(house.app.now()).await?;
            let sources = house.app.sources(who.id()).await?.len();
            (load.iter().map(|it| it.waiting + it.leased).sum(), sources)
        }
        _ => (0, 0),
    };
    let frame = Frame::new(house, who, "edition", "Your edition").await?.with(told(&done));
    let sections = sections
        .into_iter()
        .map(|(section, cards)| Part {
            section: words::section_word(section),
            name: words::section(section),
            cards,
        })
        .collect();
    page(Page {
        frame,
        edition: it.edition.id.0,
        at: it.edition.at,
        sections,
        stories,
        minutes: app::minutes_of(stories),
        hidden,
        fresh,
        left,
        previous: it.previous,
        working,
        sources,
    })
}
