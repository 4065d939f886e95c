//! Links of mails lead through machines that count clicks; some of them say in themselves where they lead.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use url::Url;

use super::{parsed, target};

/// A counter may lead to a counter.
const MOST_HOPS: usize = 4;

/// Where a link of a mail leads, when it goes through redirectors that say so; `None` where there is nothing to undo.
pub fn unwrapped(address: &str) -> Option<String> {
    let mut url = parsed(address)?;
    let mut undone = false;
    for _ in 0..MOST_HOPS {
        let Some(next) = target(&url).or_else(|| of_mailer(&url)) else { break };
        (url, undone) = (next, true);
    }
    undone.then(|| url.into())
}

fn of_mailer(url: &Url) -> Option<Url> {
    let host = url.host_str()?;
    if host.ends_with("safelinks.protection.outlook.com") {
        return parameter(url, &["url"]);
    }
    if host == "urldefense.com" || host == "urldefense.proofpoint.com" {
        return proofpoint(url);
    }
    // "https://….awstrack.me/L0/https:%2F%2Fexample.org%2Fstory/1/…"
    if host.ends_with("awstrack.me") {
        let (_, rest) = url.path().split_once("/L0/")?;
        return parsed(&decoded(rest.split('/').next()?));
    }
    let packed = url.path_segments()?.chain(url.query().into_iter().flat_map(|it| it.split(['&', '='])));
    if let Some(found) = packed.filter_map(unpacked).next() {
        return Some(found);
    }
    let first = host.split('.').next().unwrap_or_default();
    let path = url.path().to_ascii_lowercase();
    let counts = matches!(
        first,
        "click" | "clicks" | "link" | "links" | "track" | "tracking" | "trk" | "email" | "go" | "r"
    ) || ["/click", "/track", "/redirect", "/redir", "/lnk", "/linkprotect", "/r/"]
        .iter()
        .any(|it| path.contains(it));
    let linkprotect = host.ends_with("cudasvc.com").then_some("a");
    if counts || linkprotect.is_some() {
        return parameter(
            url,
            &[
                "url",
                "u",
                "to",
                "target",
                "redirect",
                "redirect_url",
                "redirectUrl",
                "link",
                "a",
                "destination",
            ],
        );
    }
    None
}

fn parameter(url: &Url, names: &[&str]) -> Option<Url> {
    let (_, address) =
        url.query_pairs().find(|(key, value)| names.contains(&key.as_ref()) && value.starts_with("http"))?;
    parsed(&address)
}

/// An address, or a small record with one in it, in base64: ConvertKit, Mailjet, Sailthru, Substack, Customer.io.
fn unpacked(piece: &str) -> Option<Url> {
    let piece = piece.trim_end_matches('=');
    let is_address = piece.starts_with("aHR0c");
    if !is_address && !piece.starts_with("eyJ") {
        return None;
    }
    // "eyJ….signature"
    let piece = piece.split('.').next()?;
    let bytes = URL_SAFE_NO_PAD.decode(piece).or_else(|_| STANDARD_NO_PAD.decode(piece)).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    match is_address {
        true => parsed(&text),
        false => {
            let from = text.find("\"http")? + 1;
            let address = &text[from..from + text[from..].find('"')?];
            parsed(&address.replace("\\/", "/").replace("\\u0026", "&"))
        }
    }
}

/// Version 2 writes `-` for `%` and `_` for `/`; version 3 keeps the address between `__` and `__;`.
fn proofpoint(url: &Url) -> Option<Url> {
    let whole = url.as_str();
    if let Some((_, rest)) = whole.split_once("/v3/__") {
        let address = rest.split("__;").next()?;
        // A `*` stands for a character that is kept apart; such an address cannot be told without it.
        return parsed(address).filter(|_| !address.contains('*'));
    }
    let (_, packed) = url.query_pairs().find(|(key, _)| key == "u")?;
    parsed(&decoded(&packed.replace('-', "%").replace('_', "/")))
}

/// Percent signs undone; unlike in forms, `+` stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, others @ ..] = rest {
        let hex = |at: usize| others.get(at).and_then(|&b| char::from(b).to_digit(16));
        match (first, hex(0), hex(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = &others[2..];
            }
            _ => {
                bytes.push(*first);
                rest = others;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
