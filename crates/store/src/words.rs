//! What an owner may want to read in the tables with another program: settings, targets, places, stances, signals, as
//! words.

use news::{
    Name, NameKind, Place, ReaderSettings, Section, SignalKind, SourceId, Stance, StoryId, Target, Topic,
    Weight,
};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(default)]
struct SettingsRow {
    edition_length: u16,
    edition_minutes: u16,
    explore: f32,
    learning_paused: bool,
    read_whole_story: bool,
    theme: String,
    time_zone: String,
    quiet_hours: Option<(u8, u8)>,
    webhook: String,
    left_out: Vec<String>,
}

impl Default for SettingsRow {
    fn default() -> Self {
        SettingsRow::from(&ReaderSettings::default())
    }
}

impl From<&ReaderSettings> for SettingsRow {
    fn from(it: &ReaderSettings) -> Self {
        SettingsRow {
            edition_length: it.edition_length,
            edition_minutes: it.edition_minutes,
            explore: it.explore,
            learning_paused: it.learning_paused,
            read_whole_story: it.read_whole_story,
            theme: it.theme.clone(),
            time_zone: it.time_zone.clone(),
            quiet_hours: it.quiet_hours,
            webhook: it.webhook.clone(),
            left_out: it.left_out.clone(),
        }
    }
}

pub(crate) fn settings_text(settings: &ReaderSettings) -> String {
    serde_json::to_string(&SettingsRow::from(settings)).unwrap_or_default()
}

pub(crate) fn settings(text: &str) -> ReaderSettings {
    let it: SettingsRow = serde_json::from_str(text).unwrap_or_default();
    ReaderSettings {
        edition_length: it.edition_length,
        edition_minutes: it.edition_minutes,
        explore: it.explore,
        learning_paused: it.learning_paused,
        read_whole_story: it.read_whole_story,
        theme: it.theme,
        time_zone: it.time_zone,
        quiet_hours: it.quiet_hours,
        webhook: it.webhook,
        left_out: it.left_out,
    }
}

/// `source 12`, `name person Shin Won-sik`, `words "rate cut"`…: one text for one target.
pub(crate) fn target_text(target: &Target) -> String {
    match target {
        Target::Source(source) => format!("source {source}"),
        Target::Topic(topic) => format!("topic {}", topic.0),
        Target::Name(name) => format!("name {} {}", kind_word(name.kind), name.text),
        Target::Author(author) => format!("author {author}"),
        Target::Story(story) => format!("story {story}"),
        Target::Situation(names) => {
            let names: Vec<_> = names.iter().map(|name| (kind_word(name.kind), &name.text)).collect();
            format!("situation {}", serde_json::to_string(&names).unwrap_or_default())
        }
        Target::Words(words) => format!("words {words}"),
    }
}

pub(crate) fn target(text: &str) -> Option<Target> {
    let (what, which) = text.split_once(' ')?;
    Some(match what {
        "source" => Target::Source(SourceId(which.parse().ok()?)),
        "topic" => Target::Topic(Topic(which.into())),
        "name" => {
            let (kind, name) = which.split_once(' ')?;
            Target::Name(Name { text: name.into(), kind: name_kind(kind) })
        }
        "author" => Target::Author(which.into()),
        "story" => Target::Story(StoryId(which.parse().ok()?)),
        "situation" => {
            let names: Vec<(String, String)> = serde_json::from_str(which).ok()?;
            Target::Situation(
                names.into_iter().map(|(kind, text)| Name { text, kind: name_kind(&kind) }).collect(),
            )
        }
        "words" => Target::Words(which.into()),
        _ => return None,
    })
}

fn kind_word(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Person => "person",
        NameKind::Organisation => "organisation",
        NameKind::Place => "place",
        NameKind::Other => "other",
    }
}

fn name_kind(word: &str) -> NameKind {
    match word {
        "person" => NameKind::Person,
        "organisation" => NameKind::Organisation,
        "place" => NameKind::Place,
        _ => NameKind::Other,
    }
}

const SECTIONS: [(&str, Section); 4] = [
    ("for you", Section::ForYou),
    ("situations", Section::Situations),
    ("everyone covers", Section::EveryoneCovers),
    ("something different", Section::SomethingDifferent),
];

/// Where a follow or a mute holds. A mute never says "" here, so that one thing can be followed and muted: the mute
/// goes, and the follow is still there.
pub(crate) fn place_text(stance: Stance, place: &Place) -> String {
    match (stance, place) {
        (Stance::Follow(_), _) => String::new(),
        (Stance::Mute { .. }, Place::Everywhere) => "everywhere".into(),
        (Stance::Mute { .. }, Place::Within(target)) => format!("within {}", target_text(target)),
        (Stance::Mute { .. }, Place::Section(section)) => {
            let word = SECTIONS.iter().find(|(_, it)| it == section).map_or("", |(word, _)| word);
            format!("section {word}")
        }
    }
}

/// `None` for a place that we do not know: a newer tidings wrote it.
pub(crate) fn place(text: &str) -> Option<Place> {
    match text.split_once(' ') {
        Some(("within", which)) => target(which).map(Place::Within),
        Some(("section", word)) => {
            SECTIONS.iter().find(|(it, _)| *it == word).map(|(_, section)| Place::Section(*section))
        }
        _ => Some(Place::Everywhere),
    }
}

const STANCES: [(&str, Stance); 7] = [
    ("always", Stance::Follow(Weight::Always)),
    ("more", Stance::Follow(Weight::More)),
    ("a little", Stance::Follow(Weight::ALittle)),
    ("mute", Stance::Mute { except_big: false, in_text: false }),
    ("mute except big", Stance::Mute { except_big: true, in_text: false }),
    ("mute in text", Stance::Mute { except_big: false, in_text: true }),
    ("mute in text except big", Stance::Mute { except_big: true, in_text: true }),
];

pub(crate) fn stance_word(stance: Stance) -> &'static str {
    STANCES.iter().find(|(_, it)| *it == stance).map_or("more", |(word, _)| word)
}

pub(crate) fn stance(word: &str) -> Stance {
    STANCES.iter().find(|(it, _)| *it == word).map_or(Stance::Follow(Weight::More), |(_, stance)| *stance)
}

/// A kind of signal as a word, a number and a share.
pub(crate) fn signal_columns(kind: SignalKind) -> (&'static str, Option<i64>, Option<f32>) {
    match kind {
        SignalKind::Shown { position } => ("shown", Some(position.into()), None),
        SignalKind::Opened => ("opened", None, None),
        SignalKind::Read { seconds, depth } => ("read", Some(seconds.into()), Some(depth)),
        SignalKind::Saved => ("saved", None, None),
        SignalKind::Unsaved => ("unsaved", None, None),
        SignalKind::Shared => ("shared", None, None),
        SignalKind::MoreLikeThis => ("more like this", None, None),
        SignalKind::LessLikeThis => ("less like this", None, None),
        SignalKind::NotInterested => ("not interested", None, None),
        SignalKind::AlreadyKnew => ("already knew", None, None),
        SignalKind::Undo => ("undo", None, None),
    }
}

pub(crate) fn signal_kind(word: &str, number: i64, share: f64) -> Option<SignalKind> {
    Some(match word {
        "shown" => SignalKind::Shown { position: number as u16 },
        "opened" => SignalKind::Opened,
        "read" => SignalKind::Read { seconds: number as u32, depth: share as f32 },
        "saved" => SignalKind::Saved,
        "unsaved" => SignalKind::Unsaved,
        "shared" => SignalKind::Shared,
        "more like this" => SignalKind::MoreLikeThis,
        "less like this" => SignalKind::LessLikeThis,
        "not interested" => SignalKind::NotInterested,
        "already knew" => SignalKind::AlreadyKnew,
        "undo" => SignalKind::Undo,
        _ => return None,
    })
}
