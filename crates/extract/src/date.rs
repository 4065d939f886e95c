//! Dates as pages print them: ISO 8601 in all its dialects, RFC 2822, and plain dates in words.

use jiff::civil;
use jiff::tz::{Offset, TimeZone};
use news::Timestamp;

/// A moment; where no zone is given, UTC; where no time is given, noon, which is that day nearly everywhere.
pub fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.len() < 6 || 64 < text.len() {
        return None;
    }
    iso(text)
        .or_else(|| epoch(text))
        .or_else(|| rfc2822(text))
        .or_else(|| words(text))
        .filter(|it| is_likely(*it))
}

/// News is not older than the web, and not from the far future.
fn is_likely(at: Timestamp) -> bool {
    (631_152_000..4_102_444_800).contains(&at.0)
}

fn epoch(text: &str) -> Option<Timestamp> {
    let number: i64 = text.parse().ok()?;
    match text.len() {
        10 => Some(Timestamp(number)),
        13 => Some(Timestamp(number / 1000)),
        _ => None,
    }
}

fn rfc2822(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|it| Timestamp(it.timestamp().as_second()))
}

/// `2024-05-03T15:47:42.389+02:00` and what people make of it.
fn iso(text: &str) -> Option<Timestamp> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| -> Option<i16> {
        let part = text.get(from..to)?;
        part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
    };
    let (year, month, day, mut at) = if matches!(bytes.get(4), Some(b'-' | b'/' | b'.')) {
        (number(0, 4)?, number(5, 7)?, number(8, 10)?, 10)
    } else {
        (number(0, 4)?, number(4, 6)?, number(6, 8)?, 8)
    };
    let date = civil::Date::new(year, month as i8, day as i8).ok()?;
    let rest = text.get(at..)?.trim_start_matches(['T', 't', ' ', ',']);
    at = text.len() - rest.len();
    let (Some(hour), Some(minute)) = (number(at, at + 2), number(at + 3, at + 5)) else {
        return at_noon(date);
    };
    at += 5;
    let mut second = 0;
    if bytes.get(at) == Some(&b':') {
        second = number(at + 1, at + 3).unwrap_or(0);
        at += 3;
    }
    let time = date.at(hour as i8, minute as i8, second.min(59) as i8, 0);
    if hour > 23 || minute > 59 {
        return at_noon(date);
    }
    let zone =
        text.get(at..)?.trim_start_matches(|c: char| c == '.' || c == ',' || c.is_ascii_digit()).trim();
    in_zone(time, offset(zone)?)
}

fn at_noon(date: civil::Date) -> Option<Timestamp> {
    in_zone(date.at(12, 0, 0, 0), 0)
}

fn in_zone(time: civil::DateTime, seconds: i32) -> Option<Timestamp> {
    let zone = TimeZone::fixed(Offset::from_seconds(seconds).ok()?);
    Some(Timestamp(time.to_zoned(zone).ok()?.timestamp().as_second()))
}

/// Seconds east of Greenwich for `Z`, `+0200`, `-05:00`, `+02`, and the letters that feeds use.
fn offset(zone: &str) -> Option<i32> {
    let sign = match zone.as_bytes().first() {
        Some(b'+') => 1,
        Some(b'-') => -1,
        _ => {
            return Some(match zone {
                "EST" => -5 * 3600,
                "EDT" | "CST" | "ET" => -4 * 3600,
                "PST" | "PT" => -8 * 3600,
                "PDT" => -7 * 3600,
                "CET" | "BST" => 3600,
                "CEST" => 7200,
                _ => 0,
            });
        }
    };
    let digits: String = zone[1..].chars().filter(char::is_ascii_digit).take(4).collect();
    let hours: i32 = digits.get(..2)?.parse().ok()?;
    let minutes: i32 = digits.get(2..4).and_then(|it| it.parse().ok()).unwrap_or(0);
    (hours < 15).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Months by how they begin, in the languages that our outlets print.
const MONTHS: &[(&str, i8)] = &[
    ("jan", 1),
    ("ene", 1),
    ("gen", 1),
    ("jän", 1),
    ("sty", 1),
    ("fév", 2),
    ("feb", 2),
    ("fev", 2),
    ("lut", 2),
    ("mar", 3),
    ("mär", 3),
    ("maa", 3),
    ("mrz", 3),
    ("mrt", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("kwi", 4),
    ("may", 5),
    ("mai", 5),
    ("mei", 5),
    ("maj", 5),
    ("mag", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("cze", 6),
    ("juil", 7),
    ("jul", 7),
    ("lug", 7),
    ("lip", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("sie", 8),
    ("sep", 9),
    ("set", 9),
    ("wrz", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("paź", 10),
    ("nov", 11),
    ("lis", 11),
    ("dec", 12),
    ("déc", 12),
    ("dez", 12),
    ("dic", 12),
    ("gru", 12),
    ("des", 12),
];

/// "May 3, 2024", "3 May 2024", "3. Mai 2024", "03.05.2024", "03/05/2024" (the day first unless it cannot be).
pub fn words(text: &str) -> Option<Timestamp> {
    let lower = text.to_lowercase();
    let parts: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    for (at, part) in parts.iter().enumerate() {
        let Some(year) = part.parse::<i16>().ok().filter(|it| (1990..2100).contains(it) && part.len() == 4)
        else {
            continue;
        };
        let before = &parts[at.saturating_sub(3)..at];
        if let Some(date) = named(before, year).or_else(|| numbers(before, year)) {
            return at_noon(date);
        }
    }
    None
}

fn day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
    digits.parse().ok().filter(|it| (1..=31).contains(it) && digits.len() <= 2)
}

fn named(before: &[&str], year: i16) -> Option<civil::Date> {
    let at = before.iter().rposition(|word| month(word).is_some())?;
    let near = [at.checked_sub(1), Some(at + 1)].into_iter().flatten().filter_map(|it| before.get(it));
    let day = near.into_iter().find_map(|it| day(it)).or_else(|| day(before.get(at.checked_sub(2)?)?))?;
    civil::Date::new(year, month(before[at])?, day).ok()
}

fn month(word: &str) -> Option<i8> {
    let longest = MONTHS.iter().filter(|(begins, _)| word.starts_with(begins) && word.chars().count() < 12);
    longest.max_by_key(|(begins, _)| begins.len()).map(|&(_, number)| number)
}

fn numbers(before: &[&str], year: i16) -> Option<civil::Date> {
    let [.., first, second] = before else { return None };
    let (first, second) = (day(first)?, day(second)?);
    let (day, month) = if second > 12 { (second, first) } else { (first, second) };
    civil::Date::new(year, month, day).ok()
}
