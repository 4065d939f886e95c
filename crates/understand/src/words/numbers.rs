//! Numbers that a text names: sums, counts, shares, days. Two reports of one happening share them; two look-alikes do
//! not.

use super::{hash, up_to};

/// So much of the body is read for its numbers.
const READ: usize = 4_000;
const MOST: usize = 48;

/// Hashed, each once, sorted. "$326k", "326,000" and "326 thousand" are the same number.
pub fn numbers(title: &str, body: &str) -> Vec<u32> {
    let mut found = Vec::new();
    for text in [title, up_to(body, READ)] {
        dates(text, &mut found);
        read(text, &mut found);
    }
    // The first are the most telling; the order of the text decides which stay.
    let mut kept: Vec<u32> = Vec::with_capacity(found.len().min(MOST));
    for number in found {
        if kept.len() < MOST && !kept.contains(&number) {
            kept.push(number);
        }
    }
    kept.sort_unstable();
    kept
}

fn read(text: &str, found: &mut Vec<u32>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(begin) = bytes[at..].iter().position(u8::is_ascii_digit).map(|it| at + it) {
        let end = begin + length(&bytes[begin..]);
        let inside_word = 0 < begin && (bytes[begin - 1].is_ascii_alphabetic() || bytes[begin - 1] == b'/');
        if !inside_word && let Some(number) = meant(&text[begin..end], &text[end..]) {
            found.push(number);
        }
        at = end;
    }
}

/// Days with their year: "13 June 2013", "Jun. 13, 2013", "2013-06-13". Without the year they are one day of many.
fn dates(text: &str, found: &mut Vec<u32>) {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()).collect();
    // A day with its year holds two numbers: most words stand beside none.
    let is_number = |word: &str| word.as_bytes()[0].is_ascii_digit();
    for three in words.windows(3).filter(|three| 2 <= three.iter().filter(|it| is_number(it)).count()) {
        let number = |at: usize| three[at].parse::<u32>().ok();
        let day = match (month(three[0]), month(three[1])) {
            (Some(month), _) => number(2).zip(number(1)).map(|(year, day)| (year, month, day)),
            (_, Some(month)) => number(2).zip(number(0)).map(|(year, day)| (year, month, day)),
            _ if three[0].len() == 4 && three[1].len() == 2 => {
                number(0).zip(number(1)).zip(number(2)).map(|((year, month), day)| (year, month, day))
            }
            _ => None,
        };
        if let Some((year, month, day)) = day
            && (1900..2100).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
        {
            found.push(hash(format!("{year}-{month}-{day}").bytes()) as u32);
        }
    }
}

/// By the first three letters: English, and whatever is written like it.
fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let begins = word.get(..3).filter(|_| word.len() <= 9)?;
    MONTHS.iter().position(|it| it.eq_ignore_ascii_case(begins)).map(|at| at as u32 + 1)
}

/// Digits, and commas or points between them.
fn length(bytes: &[u8]) -> usize {
    let mut end = 0;
    while let Some(&byte) = bytes.get(end) {
        let joins = matches!(byte, b',' | b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if !byte.is_ascii_digit() && !joins {
            break;
        }
        end += 1;
    }
    end
}

/// A number with its size ("72 billion") or share ("3.5%"). Small bare ones and years say too little.
fn meant(digits: &str, after: &str) -> Option<u32> {
    let (value, decimals) = value(digits)?;
    let (times, unit) = unit(after);
    let value = value * times;
    let telling = !unit.is_empty() || decimals || 10.0 <= value && !(1900.0..=2100.0).contains(&value);
    // Tenths are the finest that two reports of a sum agree on.
    telling.then(|| hash(format!("{:.1}{}", value, if unit == "%" { "%" } else { "" }).bytes()) as u32)
}

/// "1,500" and "1.500" are a thousand and a half of them; "1.5" and "1,5" are one and a half.
fn value(digits: &str) -> Option<(f64, bool)> {
    let last = digits.rfind([',', '.']);
    let decimals = last.is_some_and(|at| digits.len() - at - 1 != 3 && !digits[..at].contains([',', '.']));
    let mut plain: String = digits.chars().filter(char::is_ascii_digit).collect();
    if let Some(at) = last.filter(|_| decimals) {
        plain.insert(at, '.');
    }
    plain.truncate(18);
    Some((plain.parse().ok()?, decimals))
}

fn unit(after: &str) -> (f64, &'static str) {
    let after = after.trim_start_matches([' ', '-', '\u{a0}']);
    let end = after.find(|c: char| !c.is_alphabetic() && c != '%').unwrap_or(after.len());
    match after[..end].to_lowercase().as_str() {
        "%" | "percent" | "per" | "pct" | "prozent" | "procent" => (1.0, "%"),
        "k" | "thousand" | "tys" => (1e3, "k"),
        "m" | "mn" | "million" | "millions" | "millionen" | "mln" | "millones" => (1e6, "m"),
        "b" | "bn" | "billion" | "billions" | "milliarden" | "mld" | "milliards" => (1e9, "b"),
        "tn" | "trillion" | "trillions" => (1e12, "t"),
        _ => (1.0, ""),
    }
}
