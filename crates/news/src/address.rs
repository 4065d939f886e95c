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

/// The registrable domain ("example.co.uk"): sources of one outlet share it.
pub fn outlet_of(address: &str) -> Option<String> {
    let host = host_of(address)?;
    Some(psl::domain_str(&host).map_or_else(|| host.clone(), str::to_owned))
}
