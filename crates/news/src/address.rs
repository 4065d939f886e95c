//! Addresses: made canonical, so that one article has one; and cut down to host and outlet.

use url::Url;

/// The one form of an http(s) address under which an article is known; `None` when it is no such address.
pub fn canonical(address: &str) -> Option<String> {
    let mut url = Url::parse(address.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    url.set_fragment(None);
    Some(url.into())
}

/// The host, lower case, without a port: what politeness goes by.
pub fn host_of(address: &str) -> Option<String> {
    Url::parse(address).ok()?.host_str().map(str::to_owned)
}

/// The registrable domain ("example.co.uk"): sources of one outlet share it. A bare number has none, and stands for
/// itself with its port: behind 127.0.0.1 there may be many.
pub fn outlet_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let Some(host) = url.domain() else {
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        return Some(format!("{}{port}", url.host_str()?));
    };
    Some(psl::domain_str(host).unwrap_or(host).to_owned())
}

#[cfg(test)]
mod tests;
