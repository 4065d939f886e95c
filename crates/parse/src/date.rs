//! Dates in every shape that feeds have: RFC 822 and its many misspellings, ISO 8601 and its fragments, ctime, Unix
//! time, day and month in a dozen languages. One walk over words and numbers; no belief, no date.

use jiff::{
    civil::{Date, Time},
    tz::{Offset, TimeZone},
};
use news::Timestamp;

/// The moment that is meant; `None` when it is none, or before there was a web or far beyond our time.
pub fn read(text: &str, now: Timestamp) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || 120 < text.len() {
        return None;
    }
    let moment = iso(text).or_else(|| unix(text)).or_else(|| words(text, now))?;
    believable(moment).then_some(Timestamp(moment))
}

/// 1980 to 2100: older ones are documents with old dates at best, and most are zeros.
fn believable(moment: i64) -> bool {
    (315_532_800..4_102_444_800).contains(&moment)
}

#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    hour: i64,
    minute: i64,
    second: i64,
}

/// Seconds since 1970 of what a clock at that offset showed. 24:00 and 23:59:60 are moments too.
fn moment(year: i64, month: i64, day: i64, clock: Clock, offset: i64) -> Option<i64> {
    let date =
        Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let midnight = Offset::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()?.as_second();
    let fits = clock.hour <= 24 && clock.minute <= 59 && clock.second <= 61;
    fits.then_some(midnight + clock.hour * 3_600 + clock.minute * 60 + clock.second - offset)
}

/// Seconds (or milliseconds) since 1970.
fn unix(text: &str) -> Option<i64> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    if !whole.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match whole.len() {
        9..=11 => whole.parse().ok(),
        13 => whole.parse::<i64>().ok().map(|milliseconds| milliseconds / 1_000),
        _ => None,
    }
}

// ---------------------------------------------------------------------------------------------- ISO 8601, RFC 3339

/// `2003-12-31T10:14:55.5Z` and what is left of it when parts are missing.
fn iso(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| number(bytes.get(from..to)?);
    let year = digits(0, 4)?;
    let (month, day, mut at) = if bytes.get(4) == Some(&b'-') {
        if let (Some(ordinal), false) = (digits(5, 8), bytes.get(8).is_some_and(u8::is_ascii_digit)) {
            let (month, day) = of_ordinal(year, ordinal)?;
            (month, day, 8)
        } else if bytes.get(5) == Some(&b'W') {
            return week(year, digits(6, 8)?, digits(9, 10).or_else(|| digits(8, 9)).unwrap_or(1));
        } else {
            iso_month_day(bytes)?
        }
    } else if digits(0, 8).is_some() && !bytes.get(8).is_some_and(u8::is_ascii_digit) {
        (digits(4, 6)?, digits(6, 8)?, 8)
    } else if digits(0, 7).is_some() && bytes.len() == 7 {
        let (month, day) = of_ordinal(year, digits(4, 7)?)?;
        (month, day, 7)
    } else if digits(0, 6).is_some() && bytes.len() == 6 {
        (digits(4, 6)?, 1, 6)
    } else if bytes.len() == 4 && (1980..2100).contains(&year) {
        (1, 1, 4)
    } else {
        return None;
    };
    while matches!(bytes.get(at), Some(b'T' | b't' | b' ' | b',' | b'_')) {
        at += 1;
    }
    // "2003-12-31T" and no more, or words behind it ("2003-12-31 at noon"): the day is what we know.
    let (clock, length) = iso_clock(&bytes[at..]).unwrap_or_default();
    let zone = text.get(at + length..)?.trim();
    let zone = zone.strip_prefix("am").or(zone.strip_prefix("AM")).unwrap_or(zone).trim();
    let clock = match zone.get(..2) {
        Some("PM" | "pm") if clock.hour < 12 => Clock { hour: clock.hour + 12, ..clock },
        _ => clock,
    };
    moment(year, month, day, clock, offset(zone.trim_start_matches(['P', 'M', 'p', 'm', ' '])).unwrap_or(0))
}

/// `-12-31`, `-12-3`, `-12`, from the fifth byte.
fn iso_month_day(bytes: &[u8]) -> Option<(i64, i64, usize)> {
    let (month, at) = short_number(bytes, 5, 2)?;
    if bytes.get(at) != Some(&b'-') {
        return Some((month, 1, at));
    }
    let (day, at) = short_number(bytes, at + 1, 2)?;
    Some((month, day, at))
}

/// `10:14:55.5`, `10:14`, `101455`, `10`: and how long it was.
fn iso_clock(bytes: &[u8]) -> Option<(Clock, usize)> {
    let (hour, mut at) = short_number(bytes, 0, 2)?;
    let mut clock = Clock { hour, ..Clock::default() };
    let colon = |at: usize| matches!(bytes.get(at), Some(b':' | b'.' | b'h')) as usize;
    if let Some((minute, behind)) = short_number(bytes, at + colon(at), 2) {
        (clock.minute, at) = (minute, behind);
        let separator = matches!(bytes.get(at), Some(b':')) as usize;
        if let Some((second, behind)) = short_number(bytes, at + separator, 2) {
            (clock.second, at) = (second, behind);
        }
    }
    if matches!(bytes.get(at), Some(b'.' | b',' | b':')) {
        at += 1;
        at += bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    }
    Some((clock, at))
}

fn short_number(bytes: &[u8], from: usize, most: usize) -> Option<(i64, usize)> {
    let length = bytes.get(from..)?.iter().take(most).take_while(|b| b.is_ascii_digit()).count();
    Some((number(&bytes[from..from + length])?, from + length))
}

fn number(digits: &[u8]) -> Option<i64> {
    let fits = !digits.is_empty() && digits.len() <= 12 && digits.iter().all(u8::is_ascii_digit);
    fits.then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')))
}

fn of_ordinal(year: i64, ordinal: i64) -> Option<(i64, i64)> {
    let first = Date::new(i16::try_from(year).ok()?, 1, 1).ok()?;
    let days = jiff::Span::new().try_days(ordinal.checked_sub(1)?).ok()?;
    let date = first.checked_add(days).ok().filter(|date| i64::from(date.year()) == year && 0 < ordinal)?;
    Some((date.month().into(), date.day().into()))
}

fn week(year: i64, week: i64, day: i64) -> Option<i64> {
    let weekday = jiff::civil::Weekday::from_monday_one_offset(i8::try_from(day).ok()?).ok()?;
    let date = jiff::civil::ISOWeekDate::new(i16::try_from(year).ok()?, i8::try_from(week).ok()?, weekday)
        .ok()?
        .date();
    moment(date.year().into(), date.month().into(), date.day().into(), Clock::default(), 0)
}

// -------------------------------------------------------------------------------------------------- words and numbers

/// What has been found of a date so far.
#[derive(Debug, Default)]
struct Found {
    year: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    clock: Option<Clock>,
    afternoon: Option<bool>,
    offset: Option<i64>,
}

fn words(text: &str, now: Timestamp) -> Option<i64> {
    let mut found = Found::default();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '(' | ')' | '|')) {
        let word = word.trim_end_matches('.');
        if !word.is_empty() {
            found.take(word);
        }
    }
    let month = found.month?;
    // "14 March": the last one that has been.
    let (year, day) = (found.year, found.day.unwrap_or(1));
    if found.day.is_none() && year.is_none() {
        return None;
    }
    let mut clock = found.clock.unwrap_or_default();
    match found.afternoon {
        Some(true) if clock.hour < 12 => clock.hour += 12,
        Some(false) if clock.hour == 12 => clock.hour = 0,
        _ => {}
    }
    let offset = found.offset.unwrap_or(0);
    match year {
        Some(year) => moment(year, month, day, clock, offset),
        None => {
            let this = i64::from(jiff::Timestamp::from_second(now.0).ok()?.to_zoned(TimeZone::UTC).year());
            let tomorrow = now.0 + 86_400;
            let tries =
                [moment(this, month, day, clock, offset), moment(this - 1, month, day, clock, offset)];
            tries.into_iter().flatten().find(|&it| it <= tomorrow)
        }
    }
}

impl Found {
    fn take(&mut self, word: &str) {
        let first = word.as_bytes()[0];
        if first.is_ascii_digit() {
            self.take_number(word);
        } else if matches!(first, b'+' | b'-') && self.clock.is_some() {
            self.offset = self.offset.or(offset(word));
        } else {
            self.take_word(word);
        }
    }

    fn take_number(&mut self, word: &str) {
        if self.clock.is_none() && word.contains(':') {
            self.take_clock(word);
        } else if let Some(number) = number(word.as_bytes()) {
            self.take_plain(number, word.len());
        } else if let Some(separator) = ['/', '-', '.'].into_iter().find(|&it| word.contains(it)) {
            self.take_parts(word, separator);
        } else if word.contains(['年', '月', '日', '년', '월', '일']) {
            self.take_marked(word);
        } else {
            // "3rd", "1er", "4º", "12h30", "10am".
            let length = word.bytes().take_while(u8::is_ascii_digit).count();
            let (digits, rest) = word.split_at(length);
            let value = number(digits.as_bytes());
            match (rest.to_ascii_lowercase().as_str(), value) {
                ("am" | "pm", Some(hour)) => {
                    self.clock = self.clock.or(Some(Clock { hour, ..Clock::default() }));
                    self.afternoon = Some(rest.starts_with(['p', 'P']));
                }
                ("st" | "nd" | "rd" | "th" | "er" | "º" | "ª", Some(day)) => {
                    self.day = self.day.or(Some(day))
                }
                (rest, Some(hour)) if rest.starts_with('h') => {
                    let minute = number(&rest.as_bytes()[1..]).unwrap_or(0);
                    self.clock = self.clock.or(Some(Clock { hour, minute, second: 0 }));
                }
                _ => {}
            }
        }
    }

    fn take_plain(&mut self, number: i64, digits: usize) {
        match digits {
            4 if self.year.is_none() => self.year = Some(number),
            // "Mon, 07 Nov 2022 1230": a clock without its colon.
            4 if self.clock.is_none() => {
                self.clock = Some(Clock { hour: number / 100, minute: number % 100, second: 0 });
            }
            1 | 2 if self.day.is_none() => self.day = Some(number),
            1 | 2 if self.year.is_none() => self.year = Some(century(number)),
            8 if self.year.is_none() => {
                self.year = Some(number / 10_000);
                self.month = Some(number / 100 % 100);
                self.day = Some(number % 100);
            }
            _ => {}
        }
    }

    /// `10:14:55.5`, `10:14pm`, `10:14Z`, `10:14:55+02:00`, `10:14:55GMT`.
    fn take_clock(&mut self, word: &str) {
        let Some((clock, length)) = iso_clock(word.as_bytes()) else { return };
        self.clock = Some(clock);
        let rest = word.get(length..).unwrap_or("");
        if !rest.is_empty() {
            self.take(rest);
        }
    }

    /// `31/12/2003`, `12/31/2003`, `2003/12/31`, `07-Nov-2022`, `31.12.2003`; a clock may hang on it with a `T` or `-`.
    fn take_parts(&mut self, word: &str, separator: char) {
        let mut parts = word.splitn(4, separator);
        let mut next = || parts.next().unwrap_or("");
        let (a, b, c) = (next(), next(), next());
        let (c, clock) = match c.find(|it: char| !it.is_ascii_digit()) {
            Some(at) => (&c[..at], c[at..].trim_start_matches(['T', '-', ' '])),
            None => (c, next()),
        };
        let value = |part: &str| number(part.as_bytes());
        match (value(a), value(b), value(c)) {
            (Some(year), Some(month), Some(day)) if a.len() == 4 => self.set(year, month, day),
            (Some(first), Some(second), Some(year)) => {
                let year = if c.len() == 4 { year } else { century(year) };
                // Only Americans write the month first, and only with a slash; where it cannot be, it is the day.
                let month_first = (separator == '/' && first <= 12) || 12 < second;
                let (month, day) = if month_first { (first, second) } else { (second, first) };
                self.set(year, month, day);
            }
            (Some(day), None, Some(year)) if month(b).is_some() => {
                let year = if c.len() == 4 { year } else { century(year) };
                self.set(year, month(b).unwrap_or(1), day);
            }
            (Some(year), None, Some(day)) if a.len() == 4 && month(b).is_some() => {
                self.set(year, month(b).unwrap_or(1), day);
            }
            _ => {}
        }
        if !clock.is_empty() {
            self.take_number(clock);
        }
    }

    /// `2003年12月31日`, `2003년`.
    fn take_marked(&mut self, word: &str) {
        let mut rest = word;
        while let Some(at) = rest.find(|c: char| !c.is_ascii_digit()) {
            let value = number(&rest.as_bytes()[..at]);
            let mark = rest[at..].chars().next().unwrap_or(' ');
            match mark {
                '年' | '년' => self.year = value.or(self.year),
                '月' | '월' => self.month = value.or(self.month),
                '日' | '일' => self.day = value.or(self.day),
                _ => {}
            }
            rest = &rest[at + mark.len_utf8()..];
        }
    }

    fn set(&mut self, year: i64, month: i64, day: i64) {
        (self.year, self.month, self.day) = (Some(year), Some(month), Some(day));
    }

    fn take_word(&mut self, word: &str) {
        if self.month.is_none()
            && let Some(month) = month(word)
        {
            self.month = Some(month);
            return;
        }
        match word.to_lowercase().as_str() {
            "am" | "a.m" | "오전" | "上午" => self.afternoon = Some(false),
            "pm" | "p.m" | "오후" | "下午" => self.afternoon = Some(true),
            _ if self.clock.is_some() && self.offset.is_none() => self.offset = offset(word),
            // "Nov-07-2022", "Mon,07Nov2022"
            _ if word.contains('-') => {
                for part in word.split('-').filter(|part| !part.is_empty()) {
                    match month(part).filter(|_| self.month.is_none()) {
                        Some(month) => self.month = Some(month),
                        None if part.as_bytes()[0].is_ascii_digit() => self.take_number(part),
                        None => {}
                    }
                }
            }
            _ => {}
        }
    }
}

/// Two digits of a year: 69 and before are this century (POSIX).
fn century(year: i64) -> i64 {
    match year {
        0..69 => 2_000 + year,
        69..100 => 1_900 + year,
        _ => year,
    }
}

/// The number of a month by its name in the languages whose feeds spell it out; a name or its usual short form.
fn month(word: &str) -> Option<i64> {
    let english = word.as_bytes();
    if (3..=9).contains(&english.len()) && word.is_ascii() {
        const SHORT: [&[u8]; 12] =
            [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
        const LONG: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        if let Some(at) = SHORT.iter().position(|it| english[..3].eq_ignore_ascii_case(it)) {
            let long = LONG[at].as_bytes();
            if english.len() <= long.len() && english.eq_ignore_ascii_case(&long[..english.len()])
                || english.eq_ignore_ascii_case(b"sept")
            {
                return Some(at as i64 + 1);
            }
        }
    }
    let word = word.to_lowercase();
    let word = word.trim_end_matches('.');
    FOREIGN.iter().position(|names| names.split(' ').any(|name| name == word)).map(|at| at as i64 + 1)
}

/// German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Norwegian, Danish, Finnish, Czech, Hungarian,
/// Turkish, Greek, Russian and Ukrainian.
const FOREIGN: [&str; 12] = [
    "januar januari jän jänner janvier janv enero ene gennaio gen janeiro stycznia styczeń sty tammikuuta ledna leden január jan ocak ιαν ιανουαρίου ιανουάριος января янв январь січня січ",
    "februar februari febr février fév févr fevr febrero febbraio fevereiro fev lutego luty lut helmikuuta února únor február şubat φεβ φεβρουαρίου февраля фев февр февраль лютого лют",
    "märz mär mrz mars marzo março maart mrt marca marzec maaliskuuta března březen március márc mart μάρ μαρ μαρτίου марта мар март березня бер",
    "avril avr abril abr aprile kwietnia kwiecień kwi huhtikuuta dubna duben április ápr nisan απρ απριλίου апреля апр апрель квітня кві",
    "mai mayo maggio mag maio mei maja maj toukokuuta května květen május máj mayıs μαΐ μαϊ μαι μάι μαΐου мая май травня тра",
    "juni juin junio giugno giu junho czerwca czerwiec cze kesäkuuta června červen június jún haziran ιουν ιούν ιουνίου июня июн июнь червня чер",
    "juli juillet juil julio luglio lug julho lipca lipiec lip heinäkuuta července červenec július júl temmuz ιουλ ιούλ ιουλίου июля июл июль липня лип",
    "août aout agosto ago augustus augusti sierpnia sierpień sie elokuuta srpna srpen augusztus ağustos αύγ αυγ αυγούστου августа авг август серпня сер",
    "septembre septiembre sept settembre set setembro września wrzesień wrz syyskuuta září szeptember szept eylül σεπ σεπτεμβρίου сентября сен сент сентябрь вересня вер",
    "oktober okt octobre octubre ottobre ott outubro out października październik paź lokakuuta října říjen október ekim οκτ οκτωβρίου октября окт октябрь жовтня жов",
    "novembre noviembre novembro listopada listopad lis marraskuuta listopadu kasım νοέ νοε νοεμβρίου ноября ноя ноябрь листопада лис",
    "dezember dez décembre déc diciembre dic dicembre dezembro grudnia grudzień gru desember des joulukuuta prosince prosinec aralık δεκ δεκεμβρίου декабря дек декабрь грудня гру",
];

/// Seconds east of Greenwich: `+0200`, `+02:00`, `+2`, `GMT+2`, `Z`, `EST`.
fn offset(zone: &str) -> Option<i64> {
    let zone = zone.trim();
    let zone = ["GMT", "UTC", "UT"]
        .iter()
        .find_map(|name| zone.strip_prefix(name).filter(|rest| rest.starts_with(['+', '-'])))
        .unwrap_or(zone);
    if let Some(sign) = zone.strip_prefix('+').map(|_| 1).or(zone.strip_prefix(['-', '\u{2212}']).map(|_| -1))
    {
        let mut digits = zone.bytes().filter(u8::is_ascii_digit);
        let digits: Vec<u8> = digits.by_ref().take(6).collect();
        let value = number(&digits)?;
        let seconds = match digits.len() {
            1 | 2 => value * 3_600,
            3 | 4 => value / 100 * 3_600 + value % 100 * 60,
            _ => value / 10_000 * 3_600 + value / 100 % 100 * 60,
        };
        return (seconds <= 15 * 3_600).then_some(sign * seconds);
    }
    let name = zone.split(|c: char| !c.is_ascii_alphabetic() && c != '/' && c != '_').next()?;
    let upper = name.to_ascii_uppercase();
    ZONES.iter().find(|(known, _)| *known == upper).map(|(_, minutes)| minutes * 60)
}

/// RFC 822's zones, its military letters that are used, and the abbreviations that feeds use for one thing only.
const ZONES: [(&str, i64); 58] = [
    ("Z", 0),
    ("UT", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("WET", 0),
    ("EST", -300),
    ("EDT", -240),
    ("ET", -300),
    ("CST", -360),
    ("CDT", -300),
    ("CT", -360),
    ("MST", -420),
    ("MDT", -360),
    ("MT", -420),
    ("PST", -480),
    ("PDT", -420),
    ("PT", -480),
    ("AKST", -540),
    ("AKDT", -480),
    ("HST", -600),
    ("AST", -240),
    ("ADT", -180),
    ("NST", -210),
    ("NDT", -150),
    ("BST", 60),
    ("IST", 330),
    ("WEST", 60),
    ("CET", 60),
    ("CEST", 120),
    ("MEZ", 60),
    ("MESZ", 120),
    ("MET", 60),
    ("MEST", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("MSD", 240),
    ("SAST", 120),
    ("CAT", 120),
    ("EAT", 180),
    ("WAT", 60),
    ("TRT", 180),
    ("GST", 240),
    ("PKT", 300),
    ("NPT", 345),
    ("ICT", 420),
    ("WIB", 420),
    ("SGT", 480),
    ("HKT", 480),
    ("PHT", 480),
    ("AWST", 480),
    ("JST", 540),
    ("KST", 540),
    ("ACST", 570),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
];
