//! What answers say in their headers, read with distrust.

use std::time::Duration;

use http::HeaderMap;
use http::header::{
    AGE, CACHE_CONTROL, CONTENT_TYPE, DATE, ETAG, EXPIRES, HeaderName, LAST_MODIFIED, LINK, RETRY_AFTER,
};
use url::Url;

/// A longer validator is not kept: nobody needs it, and it would be sent back with every request.
const LONGEST_VALIDATOR: usize = 1024;

/// The value as text, if it is short enough and text at all.
fn text(headers: &HeaderMap, name: HeaderName, longest: usize) -> Option<&str> {
    let value = headers.get(name)?.as_bytes();
    std::str::from_utf8(value).ok().map(str::trim).filter(|v| !v.is_empty() && v.len() <= longest)
}

pub fn etag(headers: &HeaderMap) -> Option<String> {
    text(headers, ETAG, LONGEST_VALIDATOR).map(str::to_owned)
}

pub fn last_modified(headers: &HeaderMap) -> Option<String> {
    text(headers, LAST_MODIFIED, LONGEST_VALIDATOR).map(str::to_owned)
}

pub fn content_type(headers: &HeaderMap) -> Option<String> {
    text(headers, CONTENT_TYPE, LONGEST_VALIDATOR).map(str::to_owned)
}

/// For how long the answer stays fresh (RFC 9111, 4.2): `max-age` less the age that it has; else `Expires`.
pub fn cache_for(headers: &HeaderMap) -> Option<Duration> {
    let control = text(headers, CACHE_CONTROL, 4096).unwrap_or("").to_ascii_lowercase();
    let mut directives = control.split(',').map(str::trim);
    let age = text(headers, AGE, 20).and_then(whole_seconds).unwrap_or_default();
    match directives.find_map(|d| d.strip_prefix("max-age=")) {
        Some(seconds) => whole_seconds(seconds.trim_matches('"')).map(|most| most.saturating_sub(age)),
        None => {
            let expires = httpdate::parse_http_date(text(headers, EXPIRES, 64)?).ok()?;
            let date = httpdate::parse_http_date(text(headers, DATE, 64)?).ok()?;
            expires.duration_since(date).ok()
        }
    }
}

/// How long `Retry-After` asks us to stay away: seconds, or a date. Dates are read against the answer's own `Date`, so
/// that clocks need not agree; `now` serves where it has none.
pub fn retry_after(headers: &HeaderMap, now: std::time::SystemTime) -> Option<Duration> {
    let value = text(headers, RETRY_AFTER, 64)?;
    if let Some(wait) = whole_seconds(value) {
        return Some(wait);
    }
    let until = httpdate::parse_http_date(value).ok()?;
    let date = text(headers, DATE, 64).and_then(|date| httpdate::parse_http_date(date).ok());
    Some(until.duration_since(date.unwrap_or(now)).unwrap_or_default())
}

/// Digits only; as many as one likes.
fn whole_seconds(text: &str) -> Option<Duration> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| Duration::from_secs(text.parse().unwrap_or(u64::from(u32::MAX))))
}

/// The first link of that relation in the `Link` headers (RFC 8288), made absolute.
pub fn link(headers: &HeaderMap, relation: &str, base: &Url) -> Option<String> {
    let lines = headers.get_all(LINK).iter().take(20).filter_map(|value| value.to_str().ok());
    let links = lines.flat_map(|line| line.split(',').take(50));
    for link in links {
        let Some((target, parameters)) = link.trim().strip_prefix('<').and_then(|rest| rest.split_once('>'))
        else {
            continue;
        };
        let is_it = parameters.split(';').filter_map(|p| p.trim().split_once('=')).any(|(name, value)| {
            name.trim().eq_ignore_ascii_case("rel")
                && value
                    .trim()
                    .trim_matches('"')
                    .split_whitespace()
                    .any(|rel| rel.eq_ignore_ascii_case(relation))
        });
        if is_it {
            return base
                .join(target)
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https"))
                .map(Url::into);
        }
    }
    None
}
