//! What templates need to be shown: the frame of each page, and small pieces that several share.

use std::sync::Arc;

use app::StoryState;
use askama::Template;
use axum::response::Html;
use news::{Member, Name, Picture, Reader, Slot, Story, StoryId, Timestamp, Topic};

use super::{
    assets,
    door::{Failure, House, Who},
    pictures::Size,
};
use crate::words::{self, Words};

/// What stands around every page.
pub struct Frame {
    pub title: String,
    /// Which part of the house it is: the navigation marks it.
    pub here: &'static str,
    pub reader: Reader,
    pub readers: Vec<Reader>,
    pub now: Timestamp,
    pub style: String,
    pub script: String,
    /// Alerts that were not looked at yet.
    pub alerts: usize,
    /// Something was done: a sentence, and the form that takes it back.
    pub done: Option<Done>,
}

/// "Noted. Undo".
pub struct Done {
    pub says: String,
    pub undo: Option<Undo>,
}

pub struct Undo {
    pub action: String,
    pub fields: Vec<(&'static str, String)>,
}

impl Frame {
    pub async fn new(
        house: &Arc<House>,
        who: Who,
        here: &'static str,
        title: &str,
    ) -> Result<Frame, Failure> {
        let readers = house.app.store.readers().await?;
        let alerts = house.app.unseen_alerts(who.id()).await?;
        Ok(Frame {
            title: title.to_string(),
            here,
            reader: who.0,
            readers,
            now: house.app.now(),
            alerts,
            style: assets::address("style.css"),
            script: assets::address("tidings.js"),
            done: None,
        })
    }

    pub fn with(mut self, done: Option<Done>) -> Frame {
        self.done = done;
        self
    }

    pub fn ago(&self, at: &Timestamp) -> String {
        words::ago(*at, self.now)
    }

    pub fn until(&self, at: &Timestamp) -> String {
        words::until(*at, self.now)
    }

    /// `2022-11-07 14:05`, in the reader's own time zone.
    pub fn moment(&self, at: &Timestamp) -> String {
        words::moment(*at, &self.reader.settings.time_zone)
    }

    /// RFC 3339, for `<time datetime>`.
    pub fn machine_time(&self, at: &Timestamp) -> String {
        jiff::Timestamp::from_second(at.0).map(|it| it.to_string()).unwrap_or_default()
    }
}

/// A picture, through our own address.
pub struct Shown {
    pub address: String,
    /// What it shows, for whoever does not see it.
    pub alt: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
}

impl Shown {
    pub fn new(house: &House, picture: Picture, size: Size) -> Shown {
        let filled = |it: Option<String>| it.filter(|it| !it.trim().is_empty());
        let caption = filled(picture.caption);
        Shown {
            address: house.pictures.address(&picture.url, size),
            alt: caption.clone().unwrap_or_default(),
            caption,
            credit: filled(picture.credit),
        }
    }
}

/// A story as lists show it.
pub struct Card {
    pub story: StoryId,
    pub headline: String,
    pub standfirst: Option<String>,
    pub language: String,
    pub told_by: String,
    pub grew: Timestamp,
    pub outlets: u32,
    /// Other outlets' articles, for a look without opening.
    pub others: Vec<Member>,
    pub picture: Option<Shown>,
    pub more: usize,
    pub lead: i64,
    pub read: bool,
    pub saved: bool,
    /// So many of its articles came since it was read, and tell something new.
    pub fresh: u32,
    /// It came, or grew, after the edition before this one.
    pub new: bool,
    /// The reader waved it away.
    pub dismissed: bool,
    /// One true line.
    pub why: String,
    pub exploring: bool,
    pub position: usize,
}

/// Members that a card shows besides the lead.
const OTHERS: usize = 3;

impl Card {
    pub fn new(
        slot: &Slot,
        position: usize,
        story: &Story,
        state: Option<&StoryState>,
        words: &Words,
    ) -> Card {
        let why = slot.because().first().map(|it| words.reason(&it.reason)).unwrap_or_default();
        let mut card = Card::plain(story, state);
        card.why = why;
        card.exploring = slot.exploring;
        card.position = position;
        card
    }

    pub fn plain(story: &Story, state: Option<&StoryState>) -> Card {
        let face = &story.face;
        let lead_outlet = story.members.iter().find(|it| it.article == face.lead).map(|it| it.outlet.clone());
        let mut seen: Vec<&str> = lead_outlet.iter().map(String::as_str).collect();
        let mut others = Vec::new();
        for member in &story.members {
            if !seen.contains(&member.outlet.as_str()) {
                seen.push(&member.outlet);
                others.push(member.clone());
            }
        }
        let more = others.len().saturating_sub(OTHERS);
        others.truncate(OTHERS);
        let fresh = state.map_or(0, |it| it.new_of(story.turns()));
        Card {
            story: story.id,
            headline: face.headline.clone(),
            standfirst: face.standfirst.clone().filter(|it| *it != face.headline),
            language: face.language.as_ref().map(|it| it.0.clone()).unwrap_or_default(),
            told_by: words::told_by(story),
            grew: face.last_grew,
            outlets: face.outlets,
            others,
            picture: None,
            more,
            lead: face.lead.0,
            read: fresh == 0 && state.is_some_and(|it| it.read),
            saved: state.is_some_and(|it| it.saved),
            fresh,
            new: false,
            dismissed: state.is_some_and(|it| it.dismissed),
            why: String::new(),
            exploring: false,
            position: 0,
        }
    }
}

/// Something that can be followed with a click.
pub struct Chip {
    pub word: String,
    pub text: String,
    pub followed: bool,
}

impl Chip {
    pub fn name(name: &Name, followed: &[String]) -> Chip {
        Chip::new(app::target_word(&news::Target::Name(name.clone())), name.text.clone(), followed)
    }

    pub fn topic(topic: &Topic, followed: &[String]) -> Chip {
        let text = topic.0.rsplit('/').next().unwrap_or(&topic.0).to_string();
        Chip::new(app::target_word(&news::Target::Topic(topic.clone())), text, followed)
    }

    fn new(word: String, text: String, followed: &[String]) -> Chip {
        let same = |it: &String| rest(it).eq_ignore_ascii_case(rest(&word));
        let followed = followed.iter().any(same);
        Chip { word, text, followed }
    }
}

fn rest(word: &str) -> &str {
    word.split_once(':').map_or(word, |(_, rest)| rest)
}

pub fn page(template: impl Template) -> Result<Html<String>, Failure> {
    template.render().map(Html).map_err(|error| {
        tracing::error!(%error, "a template failed");
        Failure::refused("This page could not be made.")
    })
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage<'a> {
    says: &'a str,
    style: String,
    mute: Option<i64>,
}

pub fn failure(says: &str, mute: Option<i64>) -> String {
    let page = FailurePage { says, style: assets::address("style.css"), mute };
    page.render().unwrap_or_else(|_| "Something went wrong.".into())
}

/// In an address: everything but letters, digits and a few marks as `%XX`.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte as char),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}
