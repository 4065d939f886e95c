//! Where hubs reach us (WebSub): they ask whether we meant it, and push. Nothing here is for browsers.

use std::sync::Arc;

use app::Pushed;
use axum::{
    body::Bytes,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::door::{Failure, House};

/// A pushed document is at most as large as a fetched one.
pub const LARGEST: usize = 10_000_000;

/// The challenge goes back as plain text and nothing else, so that nobody can make us show them something.
pub async fn verify(
    State(house): State<Arc<House>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    Ok(match house.app.hub_asks(&key, &query.unwrap_or_default()).await? {
        Some(challenge) => ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], challenge).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    })
}

pub async fn take(
    State(house): State<Arc<House>>,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let content_type = text("content-type").map(str::to_owned);
    let pushed = house.app.pushed(&key, text("x-hub-signature"), content_type, body.to_vec()).await?;
    Ok(match pushed {
        Pushed::Taken => StatusCode::ACCEPTED.into_response(),
        // The hub may forget us.
        Pushed::Gone => StatusCode::GONE.into_response(),
        Pushed::TooOften => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "60")]).into_response(),
    })
}
