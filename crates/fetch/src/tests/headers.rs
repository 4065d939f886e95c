use std::time::{Duration, SystemTime};

use http::{HeaderMap, HeaderName, HeaderValue};
use url::Url;

use crate::headers::{cache_for, etag, link, retry_after};

type Lines<'a> = &'a [(&'a str, &'a str)];

fn headers(lines: Lines) -> HeaderMap {
    let pairs = lines.iter().map(|(name, value)| {
        (HeaderName::from_bytes(name.as_bytes()).unwrap(), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    });
    pairs.collect()
}

#[test]
fn how_long_an_answer_keeps() {
    let date = ("date", "Mon, 05 Jan 2026 10:00:00 GMT");
    let cases: [(Lines, Option<u64>); 10] = [
        (&[], None),
        (&[("cache-control", "public, Max-Age=600")], Some(600)),
        (&[("cache-control", "max-age=600"), ("age", "100")], Some(500)),
        (&[("cache-control", "max-age=600"), ("age", "700")], Some(0)),
        (&[("cache-control", "max-age=soon")], None),
        (&[("cache-control", "max-age=-5")], None),
        (&[("cache-control", "max-age=99999999999999999999")], Some(u64::from(u32::MAX))),
        (&[date, ("expires", "Mon, 05 Jan 2026 11:00:00 GMT")], Some(3600)),
        (&[date, ("expires", "Thu, 01 Jan 1970 00:00:00 GMT")], None),
        (&[date, ("expires", "0")], None),
    ];
    for (lines, expected) in cases {
        assert_eq!(cache_for(&headers(lines)), expected.map(Duration::from_secs), "{lines:?}");
    }
}

#[test]
fn how_long_one_is_asked_to_stay_away() {
    let date = ("date", "Mon, 05 Jan 2026 10:00:00 GMT");
    let now = SystemTime::UNIX_EPOCH;
    let cases: [(Lines, Option<u64>); 7] = [
        (&[], None),
        (&[("retry-after", "120")], Some(120)),
        (&[("retry-after", "-1")], None),
        (&[("retry-after", "99999999999999999999")], Some(u64::from(u32::MAX))),
        (&[date, ("retry-after", "Mon, 05 Jan 2026 10:02:00 GMT")], Some(120)),
        (&[date, ("retry-after", "Mon, 05 Jan 2026 09:00:00 GMT")], Some(0)),
        (&[("retry-after", "Thu, 01 Jan 1970 00:01:00 GMT")], Some(60)),
    ];
    for (lines, expected) in cases {
        assert_eq!(retry_after(&headers(lines), now), expected.map(Duration::from_secs), "{lines:?}");
    }
}

#[test]
fn validators_are_kept_as_they_are_or_not_at_all() {
    let long = "e".repeat(1025);
    let cases = [
        ("W/\"a, b\"", Some("W/\"a, b\"")),
        ("bare", Some("bare")),
        ("\"é\"", Some("\"é\"")),
        (&long, None),
        ("", None),
    ];
    for (value, expected) in cases {
        assert_eq!(etag(&headers(&[("etag", value)])).as_deref(), expected, "{value}");
    }
}

#[test]
fn links_are_found_by_what_they_are_for() {
    let cases = [
        ("<https://hub.example/>; rel=hub", Some("https://hub.example/")),
        ("</a>; rel=\"self\", </h>; title=x; rel=\"other HUB\"", Some("https://news.example/h")),
        ("<mailto:a@b.example>; rel=hub", None),
        ("<https://hub.example/>; rel=self", None),
        ("hub", None),
    ];
    let base = Url::parse("https://news.example/f").unwrap();
    for (line, expected) in cases {
        assert_eq!(link(&headers(&[("link", line)]), "hub", &base).as_deref(), expected, "{line}");
    }
}
