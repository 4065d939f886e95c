//! Who may come in, what every answer carries, and how failures look.

use std::sync::Arc;

use app::{App, AppError};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{Html, IntoResponse, Redirect, Response},
};
use news::{Reader, ReaderId, Target};

use super::{Settings, pictures::Pictures, render};

/// What handlers share.
pub struct House {
    pub app: Arc<App>,
    pub settings: Settings,
    pub pictures: Pictures,
}

/// Scripts and styles from here only, no inline ones; nothing is loaded from another host, pictures included.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'";

/// Lets in only who means these pages: the right host name (against DNS rebinding), and for whatever changes
/// something a page of ours that asks (against forged requests).
pub async fn guard(State(house): State<Arc<House>>, request: Request, next: Next) -> Response {
    let refused = if !names_us(&house.settings, request.headers()) {
        Some(
            "This address is not one of this house. Its owner can allow the name in the setting server.hosts.",
        )
    } else if !is_safe(request.method()) && !comes_from_here(request.headers()) {
        Some("This request does not come from a page of this house, so nothing was changed.")
    } else {
        None
    };
    let mut response = match refused {
        Some(why) => (StatusCode::FORBIDDEN, why).into_response(),
        None => next.run(request).await,
    };
    let headers = response.headers_mut();
    // A picture's own is stricter.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    }
    let mut set =
        |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "no-referrer");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if !response.headers().contains_key(header::CACHE_CONTROL) {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

fn names_us(settings: &Settings, headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|it| it.to_str().ok()) else { return false };
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    // Whoever gives a bare address means that address: rebinding needs a name.
    name == "localhost"
        || name.parse::<std::net::IpAddr>().is_ok()
        || settings.hosts.iter().any(|it| it.eq_ignore_ascii_case(&name))
}

fn comes_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    match (text("sec-fetch-site"), text("origin"), text("host")) {
        (Some(site), _, _) => site == "same-origin" || site == "none",
        (None, Some(origin), Some(host)) => {
            origin.split_once("://").is_some_and(|(_, rest)| rest.eq_ignore_ascii_case(host))
        }
        // No browser: nothing that could be tricked into asking.
        (None, None, _) => true,
        (None, Some(_), None) => false,
    }
}

/// The reader whom a request is for: the one that was chosen, else the house's own.
pub struct Who(pub Reader);

impl Who {
    pub fn id(&self) -> ReaderId {
        self.0.id
    }
}

impl FromRequestParts<Arc<House>> for Who {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, house: &Arc<House>) -> Result<Who, Failure> {
        let chosen = cookie(&parts.headers, "reader=").and_then(|it| it.parse().ok());
        if let Some(id) = chosen
            && let Ok(reader) = house.app.store.reader(ReaderId(id)).await
        {
            return Ok(Who(reader));
        }
        match house.app.store.reader_named(&house.settings.reader).await.map_err(AppError::from)? {
            Some(reader) => Ok(Who(reader)),
            None => {
                let now = house.app.now();
                let reader = house.app.store.add_reader(&house.settings.reader, now).await;
                Ok(Who(reader.map_err(AppError::from)?))
            }
        }
    }
}

/// As the reader calls this browser, so that it can be left out of learning; `web` when they do not.
pub struct Device(pub String);

pub const DEVICE: &str = "web";

impl Device {
    /// Short, and of letters, digits and hyphens: it stands in a cookie.
    pub fn named(text: &str) -> Device {
        let name: String =
            text.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).take(24).collect();
        let name = name.trim_matches('-').to_lowercase();
        Device(if name.is_ascii() && !name.is_empty() { name } else { DEVICE.to_string() })
    }
}

impl FromRequestParts<Arc<House>> for Device {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<House>) -> Result<Device, Failure> {
        Ok(Device::named(cookie(&parts.headers, "device=").unwrap_or(DEVICE)))
    }
}

fn cookie<'a>(headers: &'a HeaderMap, begins: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
    cookies.flat_map(|it| it.split(';')).find_map(|it| it.trim().strip_prefix(begins))
}

/// What went wrong, as a page.
#[derive(Debug)]
pub struct Failure {
    status: StatusCode,
    says: String,
    /// It is not shown because of this mute.
    mute: Option<i64>,
}

impl Failure {
    pub fn refused(says: impl Into<String>) -> Failure {
        Failure::new(StatusCode::BAD_REQUEST, says)
    }

    fn new(status: StatusCode, says: impl Into<String>) -> Failure {
        Failure { status, says: says.into(), mute: None }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Failure {
        match error {
            AppError::NotFound => Failure::new(StatusCode::NOT_FOUND, "There is nothing here (any more)."),
            AppError::Muted(mute) => {
                let what = match &mute.target {
                    Target::Source(_) => "its source".into(),
                    Target::Story(_) => "it".into(),
                    other => app::target_words(other),
                };
                let says = format!("It is hidden, because you mute {what}.");
                Failure { mute: Some(mute.id.0), ..Failure::new(StatusCode::OK, says) }
            }
            AppError::Refused(says) => Failure::refused(says),
            AppError::Store(error) => {
                tracing::error!(%error, "a page could not be made");
                let says = "The store did not answer. Nothing was lost; try again in a moment.";
                Failure::new(StatusCode::SERVICE_UNAVAILABLE, says)
            }
        }
    }
}

impl From<store::StoreError> for Failure {
    fn from(error: store::StoreError) -> Failure {
        AppError::from(error).into()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.status, Html(render::failure(&self.says, self.mute))).into_response()
    }
}

pub async fn nothing_here() -> Failure {
    AppError::NotFound.into()
}

/// Back to the page from which a form was sent: an address of ours only.
pub fn back(to: Option<&str>, otherwise: &str) -> Redirect {
    // `//` and `/\` lead to other hosts; what is no plain character has no place in a header.
    let ours = |it: &&str| {
        it.starts_with('/')
            && !it.starts_with("//")
            && it.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    };
    Redirect::to(to.filter(ours).unwrap_or(otherwise))
}
