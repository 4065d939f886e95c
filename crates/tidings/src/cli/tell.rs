//! What a reader asks for, or says of a story.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use app::{Act, Looking, NewFollow};
use deliver::words::{self, Words};
use news::{FollowId, Place, SignalKind, Stance, StoryId, Target, Timestamp, Weight};
use serde_json::json;

use super::Out;
use crate::house::House;

#[derive(clap::Args)]
pub struct Follow {
    /// `name:Ukraine`, `person:…`, `topic:sport/football`, `author:…`, `words:interest rate`, `situation:A+B`
    target: String,
    /// How much: always (every story of it is in the edition), more, little
    #[arg(long, value_enum, default_value = "more")]
    weight: HowMuch,
    /// Other names by which it goes
    #[arg(long)]
    alias: Vec<String>,
    /// Your own name for it
    #[arg(long)]
    label: Option<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum HowMuch {
    Always,
    More,
    Little,
}

#[derive(clap::Args)]
pub struct Mute {
    /// As for `follow`
    target: String,
    /// For so many days only
    #[arg(long, value_name = "DAYS")]
    days: Option<u64>,
    /// In one place only: `source:12`, something that you follow (`name:Ukraine`), or a section of the edition
    /// (`section:for_you`, `situations`, `everyone_covers`, `something_different`)
    #[arg(long, value_name = "PLACE")]
    within: Option<String>,
    /// Show it all the same when it is big news
    #[arg(long)]
    except_big: bool,
    /// Where names and words are looked for; without this, words in the texts too, names in headlines and summaries
    #[arg(long, value_enum, value_name = "WHERE")]
    look_in: Option<LookIn>,
    /// Other names by which it goes
    #[arg(long)]
    alias: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, clap::ValueEnum)]
pub enum LookIn {
    /// Headlines and summaries
    Headlines,
    /// Those, and anywhere in the text
    Text,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum What {
    More,
    Less,
    Save,
    Unsave,
    Read,
    Share,
    NotInterested,
    AlreadyKnew,
    Undo,
}

fn target(word: &str) -> Result<Target> {
    match app::parse_target(word) {
        Some(target) => Ok(target),
        None => bail!(
            "{word:?} is nothing that can be followed; try name:Ukraine, topic:sport, author:…, words:…, source:12 or situation:A+B"
        ),
    }
}

fn place(word: Option<&str>) -> Result<Place> {
    match app::parse_place(word.unwrap_or_default()) {
        Some(place) => Ok(place),
        None => bail!("{word:?} is no place: give source:12, name:Ukraine or section:for_you"),
    }
}

impl Follow {
    pub async fn run(&self, house: &House, out: &mut Out) -> Result<()> {
        let follow = NewFollow {
            label: self.label.clone(),
            aliases: self.alias.clone(),
            ..NewFollow::new(target(&self.target)?, self.weight.stance())
        };
        entered("Following", house, &follow, out).await
    }
}

impl Mute {
    pub async fn run(&self, house: &House, out: &mut Out) -> Result<()> {
        let target = target(&self.target)?;
        let in_text = self.look_in.map_or(app::looks_into_texts(&target), |it| it == LookIn::Text);
        let follow = NewFollow {
            aliases: self.alias.clone(),
            place: place(self.within.as_deref())?,
            until: self.days.map(|days| house.app.now().after(Duration::from_secs(days * 24 * 3600))),
            ..NewFollow::new(target, Stance::Mute { except_big: self.except_big, in_text })
        };
        entered("Muted", house, &follow, out).await
    }
}

async fn entered(verb: &str, house: &House, follow: &NewFollow, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let follow = house.app.follow(reader, follow).await?;
    match out.json {
        true => out.json(&follow_json(&follow, &Words::load(&house.app, reader).await?)),
        false => {
            let what = app::target_words(&follow.target);
            out.line(format!("{verb} {what}. Undo: tidings unfollow {}", follow.id));
        }
    }
    Ok(())
}

/// What can be changed of a follow; what is not named stays.
#[derive(clap::Args)]
pub struct Change {
    /// Its number, as `tidings follows` shows it
    follow: i64,
    #[arg(long, value_enum)]
    weight: Option<HowMuch>,
    /// Your own name for it: its label in reader apps (empty: its own name)
    #[arg(long)]
    label: Option<String>,
    /// Other names by which it goes, in place of those that it had (empty: none)
    #[arg(long)]
    alias: Option<Vec<String>>,
    /// Tell me at once what happens to it
    #[arg(long, value_enum, value_name = "ON|OFF")]
    alerts: Option<OnOff>,
    /// Its output feed: on (a new secret address), off
    #[arg(long, value_enum)]
    feed: Option<Feed>,
    /// I have seen all that there is of it
    #[arg(long)]
    seen: bool,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum Feed {
    /// Show the address, if there is one
    Show,
    /// Make one, or change it: the old one leads nowhere
    On,
    /// Take it away
    Off,
}

impl Change {
    pub async fn run(&self, house: &House, out: &mut Out) -> Result<()> {
        let (reader, follow) = (house.reader_id().await?, FollowId(self.follow));
        let stance = self.weight.map(HowMuch::stance);
        let change = |it: &mut NewFollow| {
            if let (Some(stance), Stance::Follow(_)) = (stance, it.stance) {
                it.stance = stance;
            }
            if let Some(label) = &self.label {
                it.label = Some(label.clone());
            }
            if let Some(aliases) = &self.alias {
                it.aliases.clone_from(aliases);
            }
        };
        let mut changed = house.app.change_follow(reader, follow, change).await?;
        if let Some(alerts) = self.alerts {
            changed = house.app.alert_of(reader, follow, matches!(alerts, OnOff::On)).await?;
        }
        if self.seen {
            changed = house.app.seen(reader, follow, Some(house.app.now())).await?;
        }
        if let Some(what) = self.feed {
            feed(house, Some(follow), what, out).await?;
        }
        let words = Words::load(&house.app, reader).await?;
        match out.json {
            true => out.json(&follow_json(&changed, &words)),
            false => out.line(format!("Kept: {}.", words.label(&changed))),
        }
        Ok(())
    }
}

impl HowMuch {
    fn stance(self) -> Stance {
        Stance::Follow(match self {
            HowMuch::Always => Weight::Always,
            HowMuch::More => Weight::More,
            HowMuch::Little => Weight::ALittle,
        })
    }
}

/// Where the pages are served is not known here: the address is given from its root.
pub async fn feed(house: &House, follow: Option<FollowId>, what: Feed, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let key = match what {
        Feed::Show => house.app.store.feed_key(reader, follow).await?,
        Feed::On => Some(house.app.open_feed(reader, follow).await?),
        Feed::Off => {
            house.app.close_feed(reader, follow).await?;
            None
        }
    };
    let address = |kind: &str| key.as_ref().map(|key| format!("/feed/{key}.{kind}"));
    match (out.json, address("atom"), address("json")) {
        (true, atom, json) => out.json(&json!({"atom": atom, "json": json})),
        (false, Some(atom), Some(json)) => out.line(format!("Output feed: {atom} or {json}")),
        (false, ..) => {
            out.line("There is no output feed: `--feed on`, or `tidings feed on` for the edition.")
        }
    }
    Ok(())
}

pub async fn unfollow(house: &House, follow: i64, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let was = house.app.unfollow(reader, FollowId(follow)).await?;
    if matches!(was.stance, Stance::Mute { .. }) {
        // What it hid comes back now, not when the next edition is due.
        house.app.edition(reader, app::Freshness::Anew).await?;
    }
    match out.json {
        true => out.json(&follow_json(&was, &Words::load(&house.app, reader).await?)),
        false => out.line(format!("Taken back. Undo: tidings refollow {follow}")),
    }
    Ok(())
}

pub async fn refollow(house: &House, follow: i64, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let it = house.app.refollow(reader, FollowId(follow)).await?;
    let words = Words::load(&house.app, reader).await?;
    match out.json {
        true => out.json(&follow_json(&it, &words)),
        false => out.line(format!("{} is back as it was.", words.label(&it))),
    }
    Ok(())
}

fn follow_json(it: &news::Follow, words: &Words) -> serde_json::Value {
    json!({
        "follow": it.id.0, "target": app::target_word(&it.target), "label": words.label(it),
        "stance": stance_says(it.stance), "aliases": it.aliases, "until": it.until.map(|it| it.0),
        "place": Some(app::place_word(&it.place)).filter(|it| !it.is_empty()), "alerts": it.alerts.is_some(),
        "looks_in": match it.stance {
            Stance::Mute { in_text, .. } => Some(if in_text { "text" } else { "headlines" }),
            Stance::Follow(_) => None,
        },
        "seen": it.seen.map(|it| it.0),
    })
}

fn stance_says(stance: Stance) -> &'static str {
    match stance {
        Stance::Follow(Weight::Always) => "follow always",
        Stance::Follow(Weight::More) => "follow",
        Stance::Follow(Weight::ALittle) => "follow a little",
        Stance::Mute { except_big: false, .. } => "mute",
        Stance::Mute { except_big: true, .. } => "mute unless big",
    }
}

pub async fn follows(house: &House, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let words = Words::load(&house.app, reader).await?;
    let follows = house.app.follows(reader).await?;
    let is_mute = |it: &news::Follow| matches!(it.stance, Stance::Mute { .. });
    let wanted: Vec<_> =
        follows.iter().filter(|it| !matches!(it.target, Target::Source(_)) || is_mute(it)).collect();
    for it in &wanted {
        let place = words::place(&it.place, &words).map(|it| format!(", {it}")).unwrap_or_default();
        let alerts = if it.alerts.is_some() { ", alerts" } else { "" };
        match out.json {
            true => out.json(&follow_json(it, &words)),
            false => out.line(format!(
                "{:>4}  {:16} {}{place}{alerts}",
                it.id,
                stance_says(it.stance),
                app::target_word(&it.target)
            )),
        }
    }
    if wanted.is_empty() && !out.json {
        out.line("You follow and mute nothing besides sources: `tidings follow name:Ukraine`, `tidings mute topic:sport`.");
    }
    Ok(())
}

pub async fn signals(house: &House, forget: Option<u32>, forget_all: bool, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let now = house.app.now();
    let from = match (forget, forget_all) {
        (_, true) => Timestamp(0),
        (Some(hours), _) => now.before(Duration::from_secs(u64::from(hours) * 3600)),
        (None, false) => {
            for it in house.app.signals(reader).await? {
                out.json(&deliver::signals::line(&it));
            }
            return Ok(());
        }
    };
    let gone = house.app.forget(reader, from, Timestamp(i64::MAX)).await?;
    match out.json {
        true => out.json(&json!({"forgotten": gone})),
        false => out.line(format!("Forgotten: {gone} things that you did.")),
    }
    Ok(())
}

pub async fn export_beliefs(house: &House, out: &mut Out) -> Result<()> {
    let text = house.app.beliefs_text(house.reader_id().await?).await?;
    out.line(text.trim_end());
    Ok(())
}

pub async fn import_beliefs(house: &House, file: &Path, out: &mut Out) -> Result<()> {
    let text = match file.as_os_str() == "-" {
        true => std::io::read_to_string(std::io::stdin())?,
        false => std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?,
    };
    let set = house.app.take_beliefs(house.reader_id().await?, &text).await?;
    match out.json {
        true => out.json(&json!({"set": set})),
        false => out.line(format!("Taken over: {set} set by you, all else is guessed.")),
    }
    Ok(())
}

pub async fn tell(house: &House, story: i64, what: What, out: &mut Out) -> Result<()> {
    let kind = match what {
        What::More => SignalKind::MoreLikeThis,
        What::Less => SignalKind::LessLikeThis,
        What::Save => SignalKind::Saved,
        What::Unsave => SignalKind::Unsaved,
        What::Read => SignalKind::Read { seconds: 30, depth: 1.0 },
        What::Share => SignalKind::Shared,
        What::NotInterested => SignalKind::NotInterested,
        What::AlreadyKnew => SignalKind::AlreadyKnew,
        What::Undo => SignalKind::Undo,
    };
    let reader = house.reader_id().await?;
    let story = house.app.story(reader, StoryId(story), Looking::Anyway).await?.story;
    let act = Act { story: story.id, article: Some(story.face.lead), edition: None, kind };
    house.app.note(reader, &[act], "cli").await?;
    house.run_until_quiet(&|_, _| ()).await?;
    match out.json {
        true => out.json(&json!({"story": story.id.0, "headline": story.face.headline})),
        false => {
            out.line(format!("Noted of “{}”. Undo: tidings tell {} undo", story.face.headline, story.id))
        }
    }
    Ok(())
}
