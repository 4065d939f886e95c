//! How well headline, authors and day were found.

use std::fmt;

use news::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Case};

/// Sums over the pages for which the set says it.
#[derive(Default)]
pub struct Metadata {
    /// Right, pages that have one, pages answered.
    title: [f64; 3],
    /// The day found and right, pages that have one, pages answered.
    day: [f64; 3],
    /// Names found and right, names there are, names answered.
    authors: [f64; 3],
}

impl Metadata {
    pub fn add(&mut self, case: &Case, answer: &Answer) {
        if let Some(title) = &case.title {
            self.title[1] += 1.0;
            self.title[2] += f64::from(u8::from(answer.title.is_some()));
            self.title[0] += f64::from(u8::from(answer.title.as_ref().is_some_and(|it| same(it, title))));
        }
        if let Some(day) = &case.day {
            self.day[1] += 1.0;
            self.day[2] += f64::from(u8::from(answer.day.is_some()));
            self.day[0] += f64::from(u8::from(answer.day.as_ref() == Some(day)));
        }
        if let Some(authors) = &case.authors {
            self.authors[1] += authors.len() as f64;
            self.authors[2] += answer.authors.len() as f64;
            self.authors[0] +=
                authors.iter().filter(|it| answer.authors.iter().any(|own| same(own, it))).count() as f64;
        }
    }

    fn author_f1(&self) -> f64 {
        2.0 * self.authors[0] / (self.authors[1] + self.authors[2]).max(1.0)
    }

    pub fn into_json(self, line: &mut Value) {
        if 0.0 < self.title[2] {
            line["title"] = json!(self.title[0] / self.title[1]);
        }
        if 0.0 < self.day[2] {
            line["date"] = json!(self.day[0] / self.day[1]);
            line["date_precision"] = json!(self.day[0] / self.day[2].max(1.0));
        }
        if 0.0 < self.authors[2] {
            line["authors_f1"] = json!(self.author_f1());
        }
    }
}

impl fmt::Display for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Who never answers was not asked.
        if 0.0 < self.title[2] {
            write!(f, " title {:.3}", self.title[0] / self.title[1])?;
        }
        if 0.0 < self.day[2] {
            write!(
                f,
                " date {:.3} (of those answered {:.3})",
                self.day[0] / self.day[1],
                self.day[0] / self.day[2].max(1.0)
            )?;
        }
        if 0.0 < self.authors[2] {
            write!(f, " authors {:.3}", self.author_f1())?;
        }
        Ok(())
    }
}

/// The same letters and digits: quotes, dashes and spaces differ between a page and what people typed.
pub fn same(a: &str, b: &str) -> bool {
    let letters = |text: &str| {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
    };
    letters(a) == letters(b)
}

/// A byline that people typed as one string, as names; degrees are none.
pub fn byline(text: &str) -> Vec<String> {
    let line = text.lines().next().unwrap_or_default();
    let line = line.replace(" and ", ",").replace(" & ", ",").replace(';', ",");
    let names = line
        .split(',')
        .map(|it| it.trim().trim_start_matches("By ").trim_start_matches("by ").trim().to_owned());
    let is_degree = |it: &str| it.len() <= 6 && (it.contains('.') || it.chars().all(char::is_uppercase));
    names.filter(|it| !it.is_empty() && !is_degree(it)).collect()
}

/// The day that the page prints for that moment: in its own zone where it says the moment with one, else in UTC.
pub fn day_of(at: Timestamp, html: &str) -> String {
    let day = |shift: i64| date(at.0.div_euclid(86_400) + shift);
    let prints = |day: &String| {
        html.match_indices(day.as_str()).take(40).any(|(from, _)| moment(&html[from..]) == Some(at.0))
    };
    [0, 1, -1].into_iter().map(day).find(prints).unwrap_or_else(|| day(0))
}

/// `2024-05-03T15:47:42.389+02:00` at the beginning, in seconds since 1970.
fn moment(text: &str) -> Option<i64> {
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let days = days_of(number(0, 4)?, number(5, 7)?, number(8, 10)?)?;
    let (hour, minute) = (number(11, 13)?, number(14, 16)?);
    let second = if text.get(16..17) == Some(":") { number(17, 19).unwrap_or(0) } else { 0 };
    let rest = text.get(16..)?;
    let end = rest.find(['Z', '+', '-', '"', '<', ' ']).unwrap_or(0);
    let zone = rest.get(end..)?;
    let shift = match zone.get(..1)? {
        sign @ ("+" | "-") => {
            let digits: String = zone[1..].chars().filter(char::is_ascii_digit).take(4).collect();
            let east = digits.get(..2)?.parse::<i64>().ok()? * 3600
                + digits.get(2..4).and_then(|it| it.parse::<i64>().ok()).unwrap_or(0) * 60;
            if sign == "+" { east } else { -east }
        }
        _ => 0,
    };
    Some(days * 86_400 + hour * 3600 + minute * 60 + second - shift)
}

/// Days since 1970 of a date, and a date of days (H. Hinnant's algorithms).
fn days_of(year: i64, month: i64, day: i64) -> Option<i64> {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, yoe) = (year.div_euclid(400), year.rem_euclid(400));
    let doy = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    (1..=12).contains(&month).then(|| era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468)
}

fn date(days: i64) -> String {
    let z = days + 719_468;
    let (era, doe) = (z.div_euclid(146_097), z.rem_euclid(146_097));
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    format!("{:04}-{month:02}-{day:02}", yoe + era * 400 + i64::from(month <= 2))
}
