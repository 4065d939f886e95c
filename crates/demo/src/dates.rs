//! Dates as feeds print them, and weekdays and days as articles speak of them.

use jiff::civil::Date;
use news::Timestamp;

/// RFC 9110's date, which RSS reads as well.
pub fn http(at: Timestamp) -> String {
    moment(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// RFC 3339, for Atom, JSON Feed and pages.
pub fn rfc3339(at: Timestamp) -> String {
    moment(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// For people, in the outlet's language.
pub fn spoken(at: Timestamp, language: &str) -> String {
    let clock = moment(at).strftime("%H:%M").to_string();
    format!("{}, {clock} UTC", day_and_month(date(at, 0), language))
}

/// An article's `{day:-1}` and `{date:+3}`: a weekday or a date, so many days from its publication.
/// The little internet is always four days old, so its articles cannot name days themselves.
pub fn fill_in(text: &str, published: Timestamp, language: &str) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let said =
            after.split_once('}').and_then(|(mark, behind)| Some((said(mark, published, language)?, behind)));
        match said {
            Some((word, behind)) => {
                filled.push_str(&word);
                rest = behind;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

fn said(mark: &str, published: Timestamp, language: &str) -> Option<String> {
    let (kind, days) = mark.split_once(':')?;
    let day = date(published, days.parse().ok()?);
    match kind {
        "day" => Some(weekday(day, language).to_owned()),
        "date" => Some(day_and_month(day, language)),
        _ => None,
    }
}

fn moment(at: Timestamp) -> jiff::Zoned {
    jiff::Timestamp::from_second(at.0).unwrap_or_default().to_zoned(jiff::tz::TimeZone::UTC)
}

fn date(at: Timestamp, days: i64) -> Date {
    moment(Timestamp(at.0.saturating_add(days.saturating_mul(86_400)))).date()
}

/// In Polish with its preposition: that is the only way in which the articles use it.
fn weekday(day: Date, language: &str) -> &'static str {
    let at = usize::from(day.weekday().to_monday_zero_offset().unsigned_abs());
    let names = match language {
        "de" => ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"],
        "pl" => {
            ["w poniedziałek", "we wtorek", "w środę", "w czwartek", "w piątek", "w sobotę", "w niedzielę"]
        }
        _ => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    };
    names[at % 7]
}

fn day_and_month(day: Date, language: &str) -> String {
    let at = usize::from(day.month().unsigned_abs()).saturating_sub(1) % 12;
    match language {
        "de" => format!("{}. {}", day.day(), GERMAN[at]),
        "pl" => format!("{} {}", day.day(), POLISH[at]),
        _ => format!("{} {}", day.day(), ENGLISH[at]),
    }
}

const ENGLISH: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const GERMAN: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const POLISH: [&str; 12] = [
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
];
