//! How well headline, authors and day were found.

use std::fmt;

use news::Timestamp;
use serde_json::{Value, json};

use super::{Answer, Case};

/// Sums over the pages for which the set says it.
#[derive(Default)]
pub struct Metadata {
    title: [f64; 2],
    /// The day found and right, pages that have one, pages answered.
    day: [f64; 3],
    /// Names found and right, names there are, names answered.
    authors: [f64; 3],
}

impl Metadata {
    pub fn add(&mut self, case: &Case, answer: &Answer) {
        if let Some(title) = &case.title {
            self.title[1] += 1.0;
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
        if 0.0 < self.title[1] {
            line["title"] = json!(self.title[0] / self.title[1]);
        }
        if 0.0 < self.day[1] {
            line["date"] = json!(self.day[0] / self.day[1]);
            line["date_precision"] = json!(self.day[0] / self.day[2].max(1.0));
        }
        if 0.0 < self.authors[1] {
            line["authors_f1"] = json!(self.author_f1());
        }
    }
}

impl fmt::Display for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if 0.0 < self.title[1] {
            write!(f, " title {:.3}", self.title[0] / self.title[1])?;
        }
        if 0.0 < self.day[1] {
            write!(
                f,
                " date {:.3} (of those answered {:.3})",
                self.day[0] / self.day[1],
                self.day[0] / self.day[2].max(1.0)
            )?;
        }
        if 0.0 < self.authors[1] {
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

/// A byline that people typed as one string, as names.
pub fn byline(text: &str) -> Vec<String> {
    let text = text.replace(" and ", ",").replace(" & ", ",").replace(';', ",");
    text.split(',')
        .map(|it| it.trim().trim_start_matches("By ").trim_start_matches("by ").to_owned())
        .filter(|it| !it.is_empty())
        .collect()
}

/// The day as the page's own zone has it: the date that stands in the page beside that moment, else UTC's.
pub fn day_of(at: Timestamp, _html: &str) -> String {
    let days = at.0.div_euclid(86_400);
    // From days since 1970 to a date (H. Hinnant's algorithm).
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}
