//! Names in scripts without capitals: countries by list, foreign names where the script sets them apart (katakana, the
//! middle dot between parts of a transliterated name), works between their own marks.

use std::{collections::HashMap, sync::OnceLock};

use news::NameKind;

use super::joining::Mentions;

/// Country in English, then as Chinese, Japanese, Korean, Arabic, Hindi, Thai and Hebrew news write it.
const COUNTRIES: &str = include_str!("../../data/gazetteer/countries-without-capitals.txt");

pub fn has_no_capitals(language: &str) -> bool {
    [
        "zh", "ja", "ko", "ar", "fa", "ur", "he", "hi", "bn", "th", "ta", "te", "mr", "gu", "pa", "ml", "kn",
        "my", "km", "ka",
    ]
    .contains(&language)
}

pub fn mentions(title: &str, body: &str, mentions: &mut Mentions) {
    for (text, weight) in [(title, 4.0), (body, 1.0)] {
        countries(text, weight, mentions);
        set_apart(text, weight, mentions);
    }
}

fn countries(text: &str, weight: f32, mentions: &mut Mentions) {
    let list = list();
    let mut skip_to = 0;
    for (at, first) in text.char_indices() {
        let Some(names) = list.get(&first).filter(|_| skip_to <= at) else { continue };
        let rest = &text[at..];
        if let Some((name, country)) = names.iter().find(|(name, _)| rest.starts_with(name)) {
            mentions.add(country, NameKind::Place, weight);
            skip_to = at + name.len();
        }
    }
}

type Names = Vec<(&'static str, &'static str)>;

/// By first letter, longest first.
fn list() -> &'static HashMap<char, Names> {
    static LIST: OnceLock<HashMap<char, Names>> = OnceLock::new();
    LIST.get_or_init(|| {
        let mut list: HashMap<char, Names> = HashMap::new();
        for line in COUNTRIES.lines().filter(|line| !line.starts_with('#')) {
            let (country, names) = line.split_once('|').unwrap_or((line, ""));
            for name in names.split(',').map(str::trim).filter(|it| !it.is_empty()) {
                let first = name.chars().next().unwrap_or(' ');
                list.entry(first).or_default().push((name, country));
            }
        }
        list.values_mut().for_each(|names| names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len())));
        list
    })
}

/// Runs of katakana of four signs or more with a dot in them, and what stands between 《 and 》.
fn set_apart(text: &str, weight: f32, mentions: &mut Mentions) {
    let is_foreign = |c: char| matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}' | '・' | '·');
    for run in text.split(|c: char| !is_foreign(c)).map(|run| run.trim_matches(['・', '·'])) {
        if 4 <= run.chars().count() && run.contains(['・', '·']) {
            mentions.add(run, NameKind::Person, weight);
        }
    }
    let mut rest = text;
    while let Some(begin) = rest.find('《') {
        rest = &rest[begin + '《'.len_utf8()..];
        let Some(end) = rest.find('》') else { break };
        mentions.add(&rest[..end], NameKind::Other, weight);
        rest = &rest[end..];
    }
}
