//! What a reader asks for, or says of a story.

use std::time::Duration;

use anyhow::{Result, bail};
use app::{Act, Looking, NewFollow};
use news::{FollowId, Place, SignalKind, Stance, StoryId, Target, Weight};
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
    /// Other names by which it goes
    #[arg(long)]
    alias: Vec<String>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
pub enum What {
    More,
    Less,
    Save,
    Unsave,
    Read,
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
        let weight = match self.weight {
            HowMuch::Always => Weight::Always,
            HowMuch::More => Weight::More,
            HowMuch::Little => Weight::ALittle,
        };
        let follow = NewFollow {
            label: self.label.clone(),
            aliases: self.alias.clone(),
            ..NewFollow::new(target(&self.target)?, Stance::Follow(weight))
        };
        let follow = house.app.follow(house.reader_id().await?, &follow).await?;
        out.line(format!(
            "Following {}. Undo: tidings unfollow {}",
            app::target_words(&follow.target),
            follow.id
        ));
        Ok(())
    }
}

impl Mute {
    pub async fn run(&self, house: &House, out: &mut Out) -> Result<()> {
        let follow = NewFollow {
            aliases: self.alias.clone(),
            place: place(self.within.as_deref())?,
            until: self.days.map(|days| house.app.now().after(Duration::from_secs(days * 24 * 3600))),
            ..NewFollow::new(target(&self.target)?, Stance::Mute { except_big: self.except_big })
        };
        let follow = house.app.follow(house.reader_id().await?, &follow).await?;
        out.line(format!(
            "Muted {}. Undo: tidings unfollow {}",
            app::target_words(&follow.target),
            follow.id
        ));
        Ok(())
    }
}

pub async fn unfollow(house: &House, follow: i64, out: &mut Out) -> Result<()> {
    let was = house.app.unfollow(house.reader_id().await?, FollowId(follow)).await?;
    let again = match was.stance {
        Stance::Follow(_) => "follow",
        Stance::Mute { .. } => "mute",
    };
    out.line(format!("Taken back. Undo: tidings {again} {:?}", app::target_word(&was.target)));
    Ok(())
}

pub async fn follows(house: &House, out: &mut Out) -> Result<()> {
    let follows = house.app.follows(house.reader_id().await?).await?;
    let wanted: Vec<_> = follows.iter().filter(|it| !matches!(it.target, Target::Source(_))).collect();
    for it in &wanted {
        let stance = match it.stance {
            Stance::Follow(Weight::Always) => "follow always",
            Stance::Follow(Weight::More) => "follow",
            Stance::Follow(Weight::ALittle) => "follow a little",
            Stance::Mute { except_big: false } => "mute",
            Stance::Mute { except_big: true } => "mute unless big",
        };
        match out.json {
            true => out.json(&json!({
                "follow": it.id.0, "target": app::target_word(&it.target), "stance": stance,
                "until": it.until.map(|it| it.0),
            })),
            false => out.line(format!("{:>4}  {stance:16} {}", it.id, app::target_word(&it.target))),
        }
    }
    if wanted.is_empty() && !out.json {
        out.line("You follow and mute nothing besides sources: `tidings follow name:Ukraine`, `tidings mute topic:sport`.");
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
        What::NotInterested => SignalKind::NotInterested,
        What::AlreadyKnew => SignalKind::AlreadyKnew,
        What::Undo => SignalKind::Undo,
    };
    let reader = house.reader_id().await?;
    let story = house.app.story(reader, StoryId(story), Looking::Anyway).await?.story;
    let act = Act { story: story.id, article: Some(story.face.lead), edition: None, kind };
    house.app.note(reader, &[act], "cli").await?;
    house.run_until_quiet(&|_, _| ()).await?;
    out.line(format!("Noted of “{}”. Undo: tidings tell {} undo", story.face.headline, story.id));
    Ok(())
}
