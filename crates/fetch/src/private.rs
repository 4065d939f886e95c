//! What the owner gave for one source alone: user and password, header lines, a cookie, a proxy.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};
use news::Access;

use crate::proxy::Proxy;

/// Checked when it is made; its secrets do not show in logs.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Private {
    headers: HeaderMap,
    proxy: Option<Proxy>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PrivateError {
    /// We, a proxy in front of somebody, or the connection itself own this header; setting it could make us somebody
    /// else (CVE-2025-46341).
    Reserved(String),
    /// No header can look so.
    Malformed(String),
    Proxy(String),
}

impl fmt::Display for PrivateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PrivateError::Reserved(name) => write!(f, "the header “{name}” cannot be set by hand"),
            PrivateError::Malformed(name) => write!(f, "the header “{name}” is not written as headers are"),
            PrivateError::Proxy(why) => write!(f, "the proxy's address {why}"),
        }
    }
}

impl std::error::Error for PrivateError {}

impl Private {
    pub fn new() -> Private {
        Private::default()
    }

    /// What a reader gave, if it can be sent as it is.
    pub fn of(access: &Access) -> Result<Private, PrivateError> {
        let mut private = Private::new();
        if let Some((user, password)) = &access.login {
            private = private.login(user, password);
        }
        if let Some(token) = &access.token {
            private = private.token(token)?;
        }
        if let Some(cookie) = &access.cookie {
            private = private.cookie(cookie)?;
        }
        for (name, value) in &access.headers {
            private = private.header(name, value)?;
        }
        match &access.proxy {
            Some(proxy) => private.proxy(proxy),
            None => Ok(private),
        }
    }

    pub fn login(mut self, user: &str, password: &str) -> Private {
        let value = format!("Basic {}", STANDARD.encode(format!("{user}:{password}")));
        if let Some(value) = secret(&value) {
            self.headers.insert(AUTHORIZATION, value);
        }
        self
    }

    /// A bearer token, as many APIs want it.
    pub fn token(mut self, token: &str) -> Result<Private, PrivateError> {
        let value =
            secret(&format!("Bearer {token}")).ok_or(PrivateError::Malformed("Authorization".into()))?;
        self.headers.insert(AUTHORIZATION, value);
        Ok(self)
    }

    pub fn cookie(mut self, cookie: &str) -> Result<Private, PrivateError> {
        let value = secret(cookie).ok_or(PrivateError::Malformed("Cookie".into()))?;
        self.headers.insert(COOKIE, value);
        Ok(self)
    }

    pub fn header(mut self, name: &str, value: &str) -> Result<Private, PrivateError> {
        let malformed = || PrivateError::Malformed(name.chars().take(60).collect());
        if is_reserved(name) {
            return Err(PrivateError::Reserved(name.to_owned()));
        }
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| malformed())?;
        self.headers.insert(parsed, secret(value).ok_or_else(malformed)?);
        Ok(self)
    }

    /// `http://user:password@host:port`. A reader's proxy has to be on the open internet, or in an allowed network.
    pub fn proxy(mut self, address: &str) -> Result<Private, PrivateError> {
        self.proxy = Some(Proxy::parse(address).map_err(PrivateError::Proxy)?);
        Ok(self)
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    pub(crate) fn proxy_of(&self) -> Option<&Proxy> {
        self.proxy.as_ref()
    }

    /// Requests with different ones are strangers to each other: what a host says to one holds for that one only
    /// (CVE-2025-68148).
    pub(crate) fn identity(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for (name, value) in &self.headers {
            (name.as_str(), value.as_bytes()).hash(&mut hasher);
        }
        self.proxy.hash(&mut hasher);
        hasher.finish()
    }
}

impl fmt::Debug for Private {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Private({} headers, proxy: {})", self.headers.len(), self.proxy.is_some())
    }
}

fn secret(value: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_bytes(value.as_bytes()).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Header lines that nobody sets by hand: the connection's, ours, and those with which proxies vouch for people.
pub(crate) fn is_reserved(name: &str) -> bool {
    const RESERVED: &[&str] = &[
        "host",
        "authorization",
        "cookie",
        "cookie2",
        "set-cookie",
        "connection",
        "keep-alive",
        "transfer-encoding",
        "content-length",
        "te",
        "trailer",
        "upgrade",
        "via",
        "forwarded",
        "remote-user",
        "remote-addr",
        "remote-email",
        "remote-groups",
        "remote-name",
        "user",
        "x-real-ip",
        "x-client-ip",
        "true-client-ip",
        "cf-connecting-ip",
        "client-ip",
        "x-cluster-client-ip",
        "accept-encoding",
        "content-encoding",
        "if-none-match",
        "if-modified-since",
        "if-match",
        "if-unmodified-since",
        "if-range",
        "range",
        "expect",
        "origin",
        "referer",
        "http2-settings",
        "content-type",
        "x-http-method-override",
        "x-http-method",
        "x-method-override",
    ];
    // `_` for `-`: CGI folds the two together.
    let name = name.trim().to_ascii_lowercase().replace('_', "-");
    let vouches = name.ends_with("-user")
        || name.contains("-user-") && name != "x-user-agent"
        || name.contains("authenticated");
    RESERVED.contains(&name.as_str())
        || vouches
        || [
            "x-forwarded",
            "x-original-",
            "x-rewrite-",
            "x-auth",
            "x-webauth",
            "x-remote",
            "proxy-",
            "sec-",
            "x-envoy-",
            "tailscale-",
            "x-authentik",
            "x-ms-client-principal",
            "cf-access-",
            "x-goog-authenticated",
            "x-ssl-client",
            "ssl-client",
        ]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}
