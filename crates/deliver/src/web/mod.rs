//! The web pages, rendered here; styles and one small script inside the binary, no other host is ever asked.

mod about;
mod alerts;
mod article;
mod assets;
mod beliefs;
mod changes;
mod door;
mod edition;
mod follows;
mod mend;
mod newest;
mod out;
mod pictures;
mod quotes;
mod render;
mod settings;
mod sources;
mod story;
mod websub;
mod welcome;
mod why;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use app::App;
use axum::{
    Router, middleware,
    routing::{get, post},
};

pub use door::House;

/// What the pages must know of where they are served.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Names under which the pages may be asked for, besides localhost and the address itself.
    pub hosts: Vec<String>,
    pub listen: SocketAddr,
    /// Who it is when nobody was chosen.
    pub reader: String,
    /// What a reader says of which articles belong together holds for all readers.
    pub repairs_for_everyone: bool,
    /// Where pictures and the key of their addresses are kept; in memory when there is none.
    pub data: Option<PathBuf>,
}

/// The largest form: a list of sources, and what stands around it.
const LARGEST_FORM: usize = app::LIST_AT_MOST + 64 * 1024;

/// All pages. Nothing here decides anything: each handler asks `app`, and shows the answer.
pub fn router(app: Arc<App>, settings: Settings) -> Router {
    let pictures = pictures::Pictures::open(settings.data.as_deref());
    let house = Arc::new(House { app, settings, pictures });
    Router::new()
        .route("/", get(edition::today))
        .route("/edition", post(edition::anew))
        .route("/edition/{edition}", get(edition::again))
        .route("/edition/{edition}/mark", post(edition::mark))
        .route("/newest", get(newest::newest))
        .route("/newest/read", post(newest::mark))
        .route("/by-source", get(newest::by_source))
        .route("/search", get(newest::search))
        .route("/story/{story}", get(story::story))
        .route("/story/{story}/tell", post(story::tell))
        .route("/story/{story}/split", post(mend::split))
        .route("/story/{story}/merge", post(mend::merge))
        .route("/story/{story}/alike", get(mend::alike))
        .route("/repairs/{repair}/undo", post(mend::undo))
        .route("/pair", get(mend::pair))
        .route("/story/{story}/open", post(story::open))
        .route("/article/{article}", get(article::article))
        .route("/article/{article}/changes", get(changes::changes))
        .route("/why/{story}", get(why::why))
        .route("/signal", post(story::signal))
        .route("/about", get(about::about))
        .route("/follows", get(follows::follows))
        .route("/follows/add", post(follows::add))
        .route("/follows/{follow}/remove", post(follows::remove))
        .route("/follows/{follow}/restore", post(follows::restore))
        .route("/follows/{follow}/change", post(follows::change))
        .route("/follows/{follow}/alerts", post(follows::alerts))
        .route("/follows/{follow}/feed", post(follows::feed))
        .route("/follows/{follow}/seen", post(follows::seen))
        .route("/alerts", get(alerts::alerts))
        .route("/alerts/seen", post(alerts::seen))
        .route("/feed/{name}", get(out::feed))
        .route("/beliefs", get(beliefs::beliefs))
        .route("/beliefs/correct", post(beliefs::correct))
        .route("/beliefs.txt", get(beliefs::text).post(beliefs::take))
        .route("/learning", post(beliefs::learning))
        .route("/signals.jsonl", get(beliefs::signals))
        .route("/sources", get(sources::sources))
        .route("/sources/add", post(sources::add))
        .route("/sources/preview", post(sources::preview))
        .route("/sources/prune", post(sources::prune))
        .route("/sources/again", post(sources::again))
        .route("/sources/newsletter", post(sources::newsletter))
        .route("/sources/import", post(sources::import))
        .route("/sources/export.opml", get(sources::export))
        .route("/source/{source}", get(sources::source))
        .route("/source/{source}/remove", post(sources::remove))
        .route("/source/{source}/access", post(sources::access))
        .route("/source/{source}/refresh", post(sources::refresh))
        .route("/source/{source}/folder", post(sources::folder))
        .route("/doctor", get(sources::doctor))
        .route("/welcome", get(welcome::welcome))
        .route("/welcome/pick", post(welcome::pick))
        .route("/settings", get(settings::settings).post(settings::save))
        .route("/leave", get(settings::leaving).post(settings::leave))
        .route("/reader", post(settings::choose))
        .route("/device", post(settings::device))
        .route("/static/{name}", get(assets::asset))
        .route("/favicon.ico", get(assets::icon))
        .route("/image", get(pictures::image))
        .route("/healthz", get(|| async { "ok" }))
        .fallback(door::nothing_here)
        .layer(axum::extract::DefaultBodyLimit::max(LARGEST_FORM))
        .route(
            "/websub/{key}",
            get(websub::verify)
                .post(websub::take)
                .layer(axum::extract::DefaultBodyLimit::max(websub::LARGEST)),
        )
        // Within the guard: a page that fell over carries the guard's headers too.
        .layer(tower_http::catch_panic::CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(house.clone(), door::guard))
        .layer(
            tower_http::compression::CompressionLayer::new().quality(tower_http::CompressionLevel::Fastest),
        )
        .with_state(house)
}

#[cfg(test)]
mod tests;
