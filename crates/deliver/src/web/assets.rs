//! Styles, script and icon, inside the binary. Their address carries a hash, so browsers may keep them for ever.

use std::sync::OnceLock;

use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Static;

/// `style.css?v=…`: the address under which a page asks for it.
pub fn address(name: &'static str) -> String {
    static VERSION: OnceLock<String> = OnceLock::new();
    let version = VERSION.get_or_init(|| {
        let hashes = Static::iter().filter_map(|name| Static::get(&name)).map(|it| it.metadata.sha256_hash());
        hashes.map(|hash| format!("{:02x}{:02x}{:02x}", hash[0], hash[1], hash[2])).collect()
    });
    format!("/static/{name}?v={version}")
}

pub async fn asset(Path(name): Path<String>) -> Response {
    let Some(file) = Static::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let headers =
        [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=31536000, immutable")];
    (headers, file.data.into_owned()).into_response()
}

pub async fn icon() -> Response {
    asset(Path("icon.svg".into())).await
}
