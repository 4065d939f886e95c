//! The grounds in words.

use std::time::Duration;

use news::{Evidence, Name, Sketch};

use crate::{
    Policy,
    likeness::{ALONE, Features, GROUNDS},
};

/// Grounds that say the same thing to people are told together.
const TOGETHER: &[(&str, &[&str])] = &[
    ("headline words", &["headline told"]),
    ("words", &["words", "words within", "rare words"]),
    ("meaning", &["meaning", "meaning abroad"]),
    ("names", &["names", "people"]),
    ("numbers", &["numbers", "numbers apart"]),
    ("time apart", &["time between", "time apart"]),
    ("no day", &["undated"]),
    ("links", &["linked"]),
    ("same text", &["same text"]),
];

/// Strongest first; grounds that hardly count are left out.
pub fn of(features: &Features, policy: &Policy, a: &Sketch, b: &Sketch) -> Vec<Evidence> {
    let names: Vec<&Name> = shared_names(&a.understanding.names, &b.understanding.names);
    told(features, policy, &names, a.at.apart(b.at))
}

pub fn told(features: &Features, policy: &Policy, names: &[&Name], apart: Duration) -> Vec<Evidence> {
    let mut grounds = grounds(features, policy, names, apart);
    grounds.retain(|it| 0.05 <= it.part.abs());
    grounds.sort_by(|a, b| b.part.abs().total_cmp(&a.part.abs()));
    grounds
}

/// A ground is measured in one of three ways, by how much text there is: the others are 0.
fn places(name: &str) -> impl Iterator<Item = usize> {
    let ground = GROUNDS.iter().position(|it| *it == name);
    let forms = ground.map(|at| [at, at + GROUNDS.len(), at + 2 * GROUNDS.len()]);
    let alone = ALONE.iter().position(|it| *it == name).map(|at| at + 3 * GROUNDS.len());
    forms.into_iter().flatten().chain(alone)
}

fn measured(features: &Features) -> impl Fn(&str) -> f32 {
    |name| places(name).map(|at| features[at]).sum()
}

fn grounds(features: &Features, policy: &Policy, names: &[&Name], apart: Duration) -> Vec<Evidence> {
    let value = measured(features);
    let part = |name: &str| places(name).map(|at| features[at] * policy.weights.0[at]).sum::<f32>();
    let told = |(ground, parts): &(&str, &[&str])| Evidence {
        ground: (*ground).into(),
        says: says(ground, &value, names, apart),
        part: parts.iter().map(|name| part(name)).sum(),
    };
    TOGETHER.iter().map(told).collect()
}

/// How little two parts have in common.
pub fn little(features: &Features, policy: &Policy) -> Vec<Evidence> {
    let (all, value) = (grounds(features, policy, &[], Duration::ZERO), measured(features));
    let told = |it: &Evidence| {
        matches!(it.ground.as_str(), "words" | "names") || it.ground == "meaning" && value("meaning") != 0.0
    };
    all.into_iter().filter(told).collect()
}

fn says(ground: &str, value: &dyn Fn(&str) -> f32, names: &[&Name], apart: Duration) -> String {
    let percent = |share: f32| format!("{:.0} %", (share * 100.0).clamp(0.0, 100.0));
    match ground {
        "headline words" => format!("{} of the headlines' rare words", percent(value("headline told"))),
        "words" => format!("{} alike in words, rare ones counting more", percent(value("words"))),
        "meaning" => format!("{} alike in meaning", percent(value("meaning"))),
        "names" if names.is_empty() => names_told(value("names")),
        "names" => format!("both name {}", listed(names)),
        "numbers" if value("numbers") == 0.0 => "no number in common".into(),
        "numbers" => "the same numbers".into(),
        "time apart" => format!("{} apart", words_of(apart)),
        "no day" => "no day is known of one of them".into(),
        "links" => "one links to the other".into(),
        "same text" => format!("{} of the text is the same", percent(value("same text"))),
        other => other.into(),
    }
}

/// Where no name is the same for both; a word of one may be ("Mr Shin").
fn names_told(share: f32) -> String {
    match share {
        ..0.05 => "neither names whom the other names".into(),
        _ => format!("{:.0} % of the names", (share * 100.0).min(100.0)),
    }
}

fn listed(names: &[&Name]) -> String {
    let mut texts: Vec<&str> = names.iter().take(3).map(|name| name.text.as_str()).collect();
    match texts.pop() {
        Some(last) if !texts.is_empty() => format!("{} and {last}", texts.join(", ")),
        Some(only) => only.into(),
        None => String::new(),
    }
}

fn words_of(apart: Duration) -> String {
    let many = |count: u64, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    match apart.as_secs() {
        0..5_400 => many((apart.as_secs() / 60).max(1), "minute"),
        5_400..172_800 => many((apart.as_secs() + 1_800) / 3_600, "hour"),
        seconds => many((seconds + 43_200) / 86_400, "day"),
    }
}

/// In the order of the first; a name is shared when it is the same, or one is a part of the other.
pub fn shared_names<'a>(a: &'a [Name], b: &[Name]) -> Vec<&'a Name> {
    let keys: Vec<String> = b.iter().map(Name::key).collect();
    let within = |long: &str, short: &str| long.split(' ').any(|word| word == short);
    let shared = |key: &str| keys.iter().any(|it| it == key || within(it, key) || within(key, it));
    a.iter().filter(|name| shared(&name.key())).collect()
}
