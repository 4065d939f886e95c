//! Real impressions with clicks and non-clicks (MIND). The texts of most of them are not known, so what they can tell
//! is whether the metrics are counted as others count them, and how far popularity alone goes.

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use serde_json::json;

use rank::{Quality, quality};

use super::{json_of, print_row};

struct Impression<'a> {
    at: i64,
    shown: Vec<(&'a str, bool)>,
}

pub fn run(file: &Path, as_json: bool) -> Result<()> {
    let text = crate::evaluate::read(file)?;
    let mut impressions: Vec<Impression> = text.split('\n').filter_map(impression).collect();
    impressions.sort_by_key(|it| it.at);
    if impressions.is_empty() && text.lines().next().is_some_and(|line| 4 < line.split('\t').count()) {
        eprintln!("{}: the texts of a pair; its impressions are judged by popularity", file.display());
        return Ok(());
    }
    anyhow::ensure!(!impressions.is_empty(), "{}: no impressions", file.display());
    let popularity = by_popularity(&impressions);
    if as_json {
        let mut line = json_of(popularity);
        line["what"] = json!("ranking");
        line["file"] = json!(file.display().to_string());
        line["n"] = json!(impressions.len());
        line["by"] = json!("popularity");
        line["simulated"] = json!(false);
        println!("{line}");
    } else {
        println!("{}: {} real impressions", file.display(), impressions.len());
        print_row("popularity", "-", popularity);
    }
    Ok(())
}

fn impression(line: &str) -> Option<Impression<'_>> {
    let mut fields = line.trim_end_matches('\r').split('\t').skip(2);
    let (at, shown) = (fields.next()?, fields.nth(1)?);
    let shown =
        shown.split(' ').filter_map(|it| it.rsplit_once('-')).map(|(id, clicked)| (id, clicked == "1"));
    Some(Impression { at: moment(at)?, shown: shown.collect() })
}

/// `11/13/2019 5:53:12 AM`, as a number that rises with time.
fn moment(text: &str) -> Option<i64> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter_map(|it| it.parse::<i64>().ok());
    let (month, day, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let (hour, minute, second) = (numbers.next()? % 12, numbers.next()?, numbers.next()?);
    let hour = hour + if text.ends_with("PM") { 12 } else { 0 };
    Some(((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + minute) * 60 + second)
}

/// By the share of earlier impressions in which it was clicked, towards the usual share while there are few.
fn by_popularity(impressions: &[Impression]) -> Quality {
    let mut counted: HashMap<&str, (f32, f32)> = HashMap::new();
    let mut all = Vec::new();
    for it in impressions {
        let share = |id: &str| {
            let (clicked, shown) = counted.get(id).copied().unwrap_or_default();
            (clicked + 0.04 * 20.0) / (shown + 20.0)
        };
        let list: Vec<(f32, bool)> = it.shown.iter().map(|(id, clicked)| (share(id), *clicked)).collect();
        all.extend(quality(&list));
        for (id, clicked) in &it.shown {
            let counts = counted.entry(id).or_default();
            *counts = (counts.0 + f32::from(u8::from(*clicked)), counts.1 + 1.0);
        }
    }
    Quality::mean(&all)
}
