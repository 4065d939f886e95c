//! Addresses in feeds: relative to something, absolute in the end, of the web or nothing.

use std::borrow::Cow;

use url::Url;

use crate::LONGEST_ADDRESS;

/// The absolute http(s) address that is meant, as it was written where that is one already.
pub fn joined(address: &str, base: Option<&str>) -> Option<String> {
    let address = address.trim();
    if address.is_empty() || LONGEST_ADDRESS < address.len() {
        return None;
    }
    // Written out, it may have become longer.
    meant(&unescaped(address), base).filter(|it| it.len() <= LONGEST_ADDRESS)
}

fn meant(address: &str, base: Option<&str>) -> Option<String> {
    match Url::parse(address) {
        Ok(url) => {
            let plain = !address.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\');
            web(&url).then(|| if plain && address.contains("://") { address.to_owned() } else { url.into() })
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            // "www.example.org/a" is meant as an address; "a/b" as a path.
            if address.starts_with("www.") && address.contains('.') {
                return Url::parse(&format!("http://{address}")).ok().map(Into::into);
            }
            let url = Url::parse(base?).ok()?.join(address).ok()?;
            web(&url).then(|| url.into())
        }
        Err(_) => None,
    }
}

/// Some feeds escape twice, and more often.
fn unescaped(address: &str) -> Cow<'_, str> {
    let mut address = Cow::Borrowed(address);
    while address.contains("&amp;") {
        address = address.replace("&amp;", "&").into();
    }
    address
}

fn web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host().is_some()
}

/// The HTML with its relative links made absolute.
pub fn absolute_links(html: &str, base: &str) -> Option<String> {
    let mut base_url = None;
    let mut made = String::new();
    let mut done = 0;
    for equals in memchr::memchr_iter(b'=', html.as_bytes()) {
        let Some((start, end)) = linked_value(html, equals) else { continue };
        let value = html[start..end].trim();
        if start < done || value.is_empty() || value.starts_with('#') || has_scheme(value) {
            continue;
        }
        let base_url = match &base_url {
            Some(url) => url,
            None => base_url.insert(Url::parse(base).ok()?),
        };
        let Ok(url) = base_url.join(&crate::text::unescape(value)) else { continue };
        made.push_str(&html[done..start]);
        made.push_str(&crate::text::escape(url.as_str()));
        done = end;
    }
    if done == 0 {
        return None;
    }
    made.push_str(&html[done..]);
    Some(made)
}

/// Where the value of an attribute that is an address begins and ends.
fn linked_value(html: &str, equals: usize) -> Option<(usize, usize)> {
    const LINKS: [&str; 8] = ["href", "src", "poster", "cite", "data", "action", "longdesc", "background"];
    let before = html[..equals].trim_ascii_end();
    let name = LINKS.iter().find(|name| {
        before.len().checked_sub(name.len()).is_some_and(|at| {
            before.get(at..).is_some_and(|it| it.eq_ignore_ascii_case(name))
                && before[..at].ends_with(|c: char| c.is_ascii_whitespace())
        })
    })?;
    debug_assert!(!name.is_empty());
    let rest = &html[equals + 1..];
    let value = rest.trim_ascii_start();
    let start = equals + 1 + (rest.len() - value.len());
    match value.as_bytes().first()? {
        quote @ (b'"' | b'\'') => {
            let end = value[1..].find(*quote as char)?;
            Some((start + 1, start + 1 + end))
        }
        _ => Some((start, start + value.find(|c: char| c.is_ascii_whitespace() || c == '>')?)),
    }
}

/// `https:`, `mailto:`, `data:`… but not `a:b` behind a slash.
fn has_scheme(address: &str) -> bool {
    let end = address.find([':', '/', '?', '#']);
    end.is_some_and(|end| {
        address[end..].starts_with(':')
            && address.starts_with(|c: char| c.is_ascii_alphabetic())
            && address[..end].chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}
