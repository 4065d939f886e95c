//! The header lines that go with what is asked or sent.

use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH};
use http::{HeaderMap, HeaderName, HeaderValue};
use news::Trouble;
use url::Url;

use crate::private::{self, Private};
use crate::proxy::percent_decoded;
use crate::{Message, Method, Request, trouble};

pub fn asking_headers(request: &Request) -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(6);
    headers.insert(ACCEPT, HeaderValue::from_static(request.accept.header()));
    let mut echo = |name: HeaderName, value: &Option<String>| {
        if let Some(value) = value.as_ref().and_then(|v| HeaderValue::from_bytes(v.as_bytes()).ok()) {
            headers.insert(name, value);
        }
    };
    echo(IF_NONE_MATCH, &request.etag);
    echo(IF_MODIFIED_SINCE, &request.last_modified);
    headers
}

pub fn message_headers(message: &Message) -> Result<HeaderMap, Trouble> {
    let wrong =
        |name: &str| trouble::bad_address(&format!("comes with a header line that cannot be sent ({name})"));
    let mut headers = HeaderMap::new();
    for (name, value) in &message.headers {
        if private::is_reserved(name) && !name.eq_ignore_ascii_case("authorization") {
            return Err(wrong(name));
        }
        let parsed = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(name))?;
        headers.append(parsed, HeaderValue::from_str(value).map_err(|_| wrong(name))?);
    }
    let kind = HeaderValue::from_str(&message.content_type).map_err(|_| wrong("Content-Type"))?;
    headers.insert(CONTENT_TYPE, kind);
    Ok(headers)
}

/// `https://user:password@host/…`: the login is taken out of the address and sent as what it is.
pub fn take_login(url: &mut Url) -> Option<Private> {
    url.set_fragment(None);
    let (user, password) = login_of(url)?;
    Some(Private::new().login(&user, &password))
}

/// An address as it may be shown, and the login that stood in it.
pub fn without_login(address: &str) -> (String, Option<(String, String)>) {
    match Url::parse(address).map(|mut url| (login_of(&mut url), url)) {
        Ok((Some(login), url)) => (url.into(), Some(login)),
        _ => (address.to_owned(), None),
    }
}

fn login_of(url: &mut Url) -> Option<(String, String)> {
    if url.username().is_empty() && url.password().is_none() {
        return None;
    }
    let text = |part: &str| String::from_utf8_lossy(&percent_decoded(part)).into_owned();
    let login = (text(url.username()), text(url.password().unwrap_or("")));
    // Cannot fail: an http address with a host has room for both.
    let _ = (url.set_username(""), url.set_password(None));
    Some(login)
}

/// What the owner gave; a login of its own is stronger than one in the address.
pub fn secrets(private: Option<&Private>, login: Option<Private>) -> HeaderMap {
    let mut secrets = login.map(|login| login.headers().clone()).unwrap_or_default();
    if let Some(private) = private {
        if private.headers().contains_key(AUTHORIZATION) {
            secrets.remove(AUTHORIZATION);
        }
        secrets.extend(private.headers().clone());
    }
    secrets
}

impl From<Method> for http::Method {
    fn from(method: Method) -> http::Method {
        match method {
            Method::Post => http::Method::POST,
            Method::Put => http::Method::PUT,
            Method::Delete => http::Method::DELETE,
        }
    }
}
