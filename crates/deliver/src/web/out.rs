//! What other programs read: output feeds at their secret addresses.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::door::{Failure, House};
use crate::{feeds, words::Words};

/// Programs may keep it for so long, in seconds.
const KEPT: &str = "private, max-age=300";

/// `/feed/KEY.atom` or `/feed/KEY.json`. Whoever has the address may read it; nothing that they do is recorded.
pub async fn feed(
    State(house): State<Arc<House>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let (key, kind) = name.rsplit_once('.').ok_or(app::AppError::NotFound)?;
    let feed = house.app.feed(key).await?;
    let words = Words::load(&house.app, feed.reader).await?;
    let title = match &feed.follow {
        Some(follow) => words.label(follow),
        None => "Your edition".to_string(),
    };
    let own = format!("{}/feed/{name}", root(&headers));
    let (kind, body) = match kind {
        "atom" => ("application/atom+xml; charset=utf-8", feeds::atom(&feed, &title, &own, key)),
        "json" => ("application/feed+json; charset=utf-8", feeds::json_feed(&feed, &title, &own, key)),
        _ => return Err(app::AppError::NotFound.into()),
    };
    let hash = ring::digest::digest(&ring::digest::SHA256, body.as_bytes());
    let tag: String = hash.as_ref()[..12].iter().map(|it| format!("{it:02x}")).collect();
    // Weak, for it may be packed on its way (RFC 9110, 8.8.1).
    let tag = format!("W/\"{tag}\"");
    let known = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|it| it.to_str().ok());
    let about = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, KEPT.to_string())];
    if known.flat_map(|it| it.split(',')).any(|it| it.trim() == "*" || it.trim() == tag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    Ok((about, [(header::CONTENT_TYPE, kind)], body).into_response())
}

/// Where it was asked for; the door has seen to it that this is a name of this house.
fn root(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|it| it.to_str().ok());
    let scheme = text("x-forwarded-proto").filter(|it| *it == "https").unwrap_or("http");
    format!("{scheme}://{}", text("host").unwrap_or("localhost"))
}
