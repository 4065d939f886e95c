//! Addresses: made canonical, so that one article has one; and cut down to host and outlet.

mod mailers;
mod parameters;

use url::Url;

pub use mailers::unwrapped;

/// A redirector may lead to a redirector. A longer chain is left as it is.
const MOST_HOPS: usize = 3;
/// The path of no story is longer; that of what is meant to be slow may be.
const LONGEST_STORY: usize = 4_096;

/// The one form of an http(s) address under which an article is known; `None` when it is no such address.
///
/// Undone is what leads to the same article: redirectors that carry their target, AMP and mobile versions, tracking
/// parameters, fragments, passwords. What may make a difference stays: the scheme, `www.`, a final slash, every
/// parameter that is not known to be noise, and their order.
pub fn canonical(address: &str) -> Option<String> {
    let mut url = unredirected(parsed(address)?);
    if !url.username().is_empty() || url.password().is_some() {
        let _ = url.set_username("");
        let _ = url.set_password(None);
    }
    // `#!/story` and `#/story` are pages of their own.
    if url.fragment().is_some_and(|it| !it.starts_with('!') && !it.starts_with('/')) {
        url.set_fragment(None);
    }
    plain_host(&mut url);
    plain_path(&mut url);
    plain_query(&mut url);
    Some(url.into())
}

fn unredirected(url: Url) -> Url {
    let mut at = url.clone();
    for _ in 0..MOST_HOPS {
        match target(&at) {
            Some(next) => at = next,
            None => return at,
        }
    }
    if target(&at).is_some() { url } else { at }
}

fn parsed(address: &str) -> Option<Url> {
    let url = Url::parse(address.trim()).ok()?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The host, lower case, without a port: what politeness goes by.
pub fn host_of(address: &str) -> Option<String> {
    Url::parse(address.trim()).ok()?.host_str().map(|host| host.trim_end_matches('.').to_owned())
}

/// Whether a secret that was given for one address may be sent to the other: to the same origin (RFC 6454), or to the
/// same host by https where it was given for http, both on their usual ports. Never in the clear where it was not.
pub fn may_be_told(given_for: &str, address: &str) -> bool {
    let (Ok(given), Ok(asked)) = (Url::parse(given_for.trim()), Url::parse(address.trim())) else {
        return false;
    };
    let safer = given.scheme() == "http" && asked.scheme() == "https" && given.host() == asked.host();
    given.has_host()
        && (given.origin() == asked.origin() || safer && given.port().is_none() && asked.port().is_none())
}

/// The registrable domain ("example.co.uk"): sources of one outlet share it. A bare number has none, and stands for
/// itself with its port: behind 127.0.0.1 there may be many.
pub fn outlet_of(address: &str) -> Option<String> {
    let url = Url::parse(address.trim()).ok()?;
    let Some(host) = url.domain() else {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        return Some(format!("{}{port}", url.host_str()?));
    };
    let host = host.trim_end_matches('.');
    Some(psl::domain_str(host).unwrap_or(host).to_owned())
}

// ---------------------------------------------------------------------------------------------------- redirectors

/// Where a redirector leads, if it is one and says so in its address.
fn target(url: &Url) -> Option<Url> {
    let host = url.host_str()?.trim_start_matches("www.");
    let path = url.path();
    if host.ends_with("ampproject.org") {
        return amp_cache(path);
    }
    let name: &[&str] = match host {
        _ if is_google(host) => match path {
            "/url" | "/amp/url" => &["q", "url"],
            _ => return amp_cache(path.strip_prefix("/amp").filter(|rest| rest.starts_with('/'))?),
        },
        "l.facebook.com" | "lm.facebook.com" | "l.instagram.com" | "l.messenger.com" | "l.threads.com" => {
            &["u"]
        }
        "facebook.com" if path == "/l.php" => &["u"],
        "out.reddit.com"
        | "slack-redir.net"
        | "disq.us"
        | "exit.sc"
        | "go.redirectingat.com"
        | "go.skimresources.com" => &["url"],
        "youtube.com" if path == "/redirect" => &["q"],
        "steamcommunity.com" if path.starts_with("/linkfilter") => &["url", "u"],
        "click.linksynergy.com" => &["murl"],
        "vk.com" if path == "/away.php" => &["to"],
        "linkedin.com" if path.starts_with("/redir") => &["url"],
        "t.umblr.com" => &["z"],
        "news.url.google.com" => &["url", "q"],
        "duckduckgo.com" if path == "/l/" => &["uddg"],
        "href.li" | "anonym.to" | "dereferer.org" | "nullrefer.com" => return parsed(url.query()?),
        "web.archive.org" => return archived(url),
        // "https://r.search.yahoo.com/…/RU=https%3a%2f%2f…/RK=…"
        "r.search.yahoo.com" => {
            let encoded = path.split('/').find_map(|part| part.strip_prefix("RU="))?;
            return parsed(&decoded(encoded));
        }
        _ => return None,
    };
    let (_, address) = url.query_pairs().find(|(key, _)| name.contains(&key.as_ref()))?;
    parsed(&address)
}

fn is_google(host: &str) -> bool {
    host.strip_prefix("google.").is_some_and(|rest| rest.len() <= 6)
}

/// `/c/s/example.org/story`: what kind of content, whether it is secure, and the address.
fn amp_cache(path: &str) -> Option<Url> {
    let rest = ["/c/", "/v/", "/a/"]
        .iter()
        .find_map(|kind| path.strip_prefix(kind))
        .or_else(|| path.strip_prefix('/'))?;
    let address = match rest.strip_prefix("s/") {
        Some(rest) => format!("https://{rest}"),
        None => format!("http://{rest}"),
    };
    parsed(&address).filter(|url| url.host_str().is_some_and(|host| host.contains('.')))
}

/// `/web/20200102030405/https://example.org/story`
fn archived(url: &Url) -> Option<Url> {
    let whole = url.as_str();
    let at = whole.find("/web/")? + 5;
    let (stamp, address) = whole[at..].split_once('/')?;
    if !stamp.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    // Its paths lose one of two slashes on the way.
    let address = match address.split_once(":/") {
        Some((scheme, rest)) => format!("{scheme}://{}", rest.trim_start_matches('/')),
        None => format!("http://{address}"),
    };
    parsed(&address)
}

fn decoded(encoded: &str) -> String {
    url::form_urlencoded::parse(encoded.as_bytes())
        .next()
        .map(|(key, _)| key.into_owned())
        .unwrap_or_default()
}

// ---------------------------------------------------------------------------------------------------- host

fn plain_host(url: &mut Url) {
    let Some(url::Host::Domain(written)) = url.host() else { return };
    let host = written.trim_end_matches('.');
    let plain = match host {
        "youtu.be" => return short_video(url),
        "m.youtube.com" | "youtube.com" | "music.youtube.com" => "www.youtube.com".to_owned(),
        "reddit.com" | "old.reddit.com" | "new.reddit.com" | "np.reddit.com" | "i.reddit.com"
        | "amp.reddit.com" => "www.reddit.com".to_owned(),
        "mobile.twitter.com" | "m.twitter.com" | "www.twitter.com" => "twitter.com".to_owned(),
        _ => desktop_host(host).unwrap_or_else(|| host.to_owned()),
    };
    if plain != written {
        let _ = url.set_host(Some(&plain));
    }
}

/// `m.`, `mobile.` and `amp.` in front of an outlet's own name stand for `www.`; `en.m.wikipedia.org` for
/// `en.wikipedia.org`.
fn desktop_host(host: &str) -> Option<String> {
    if let Some(language) = host.strip_suffix(".m.wikipedia.org") {
        return Some(format!("{language}.wikipedia.org"));
    }
    let outlet = ["m.", "mobile.", "amp."].iter().find_map(|prefix| host.strip_prefix(prefix))?;
    (psl::domain_str(outlet) == Some(outlet)).then(|| format!("www.{outlet}"))
}

fn short_video(url: &mut Url) {
    let id = url.path().trim_matches('/').to_owned();
    if id.is_empty() || id.contains('/') {
        return;
    }
    let query = match url.query() {
        Some(query) => format!("v={id}&{query}"),
        None => format!("v={id}"),
    };
    let _ = url.set_host(Some("www.youtube.com"));
    url.set_path("/watch");
    url.set_query(Some(&query));
}

// ---------------------------------------------------------------------------------------------------- path

fn plain_path(url: &mut Url) {
    let path = url.path().to_owned();
    if LONGEST_STORY < path.len() {
        return;
    }
    // What was behind one decoration may be another one.
    let mut plain = path.clone();
    loop {
        let next = plainer(&plain).into_owned();
        if next == plain {
            break;
        }
        plain = next;
    }
    if plain != path {
        url.set_path(&plain);
    }
}

fn plainer(path: &str) -> std::borrow::Cow<'_, str> {
    let mut plain = path;
    if let Some(at) = plain.find(";jsessionid=") {
        plain = &plain[..at];
    }
    while let Some(rest) = plain.strip_suffix("%20").or_else(|| plain.strip_suffix("%E2%80%8B")) {
        plain = rest;
    }
    without_amp(plain)
}

/// `/story-of-the-dam/amp`, `/amp/story-of-the-dam`, `/story.amp.html`; but not `/tag/amp`.
fn without_amp(path: &str) -> std::borrow::Cow<'_, str> {
    if !path.contains("amp") {
        return path.into();
    }
    let trimmed = path.strip_suffix('/').unwrap_or(path);
    if let Some(story) = trimmed.strip_suffix("/amp")
        && is_story(story.rsplit('/').next().unwrap_or(""))
    {
        return if path.ends_with('/') { format!("{story}/").into() } else { story.into() };
    }
    if let Some(rest) = path.strip_prefix("/amp/")
        && is_story(trimmed.rsplit('/').next().unwrap_or(""))
    {
        return format!("/{rest}").into();
    }
    if let Some(story) = path.strip_suffix(".amp.html") {
        return format!("{story}.html").into();
    }
    match path.strip_suffix(".amp") {
        Some(story) if is_story(story.rsplit('/').next().unwrap_or("")) => story.to_owned().into(),
        _ => path.into(),
    }
}

/// A path's part that can be the name of a story, and not of a section.
fn is_story(part: &str) -> bool {
    2 <= part.matches(['-', '_']).count()
        || part.bytes().any(|b| b.is_ascii_digit())
        || part.ends_with(".html")
}

// ---------------------------------------------------------------------------------------------------- query

fn plain_query(url: &mut Url) {
    let Some(query) = url.query() else { return };
    let host = url.host_str().unwrap_or("");
    let is_video = host == "www.youtube.com";
    // `&amp;` is `&` escaped once too often.
    let pieces = query.split('&').map(|piece| piece.strip_prefix("amp;").unwrap_or(piece));
    let kept = pieces.filter(|piece| {
        let (key, value) = piece.split_once('=').unwrap_or((piece, ""));
        let is_noise = parameters::is_noise(key, value) || is_video && parameters::is_noise_of_video(key);
        !piece.is_empty() && !is_noise
    });
    let mut plain = String::with_capacity(query.len());
    for piece in kept {
        if !plain.is_empty() {
            plain.push('&');
        }
        plain.push_str(piece);
    }
    if plain.is_empty() {
        url.set_query(None);
    } else if plain != query {
        url.set_query(Some(&plain));
    }
}

#[cfg(test)]
mod tests;
