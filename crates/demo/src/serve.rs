//! The little internet on loopback: each outlet at a number of its own.

use std::{
    collections::BTreeMap,
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use news::Timestamp;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    article::Article,
    dates, feed, library,
    outlet::{Outlet, outlets},
    page, picture,
};

/// Tried first, so that addresses are the same at the next start.
const PORT: u16 = 7717;

/// The little internet while it runs; it stops when this is dropped.
#[derive(Debug)]
pub struct Internet {
    pub feeds: Vec<Feed>,
    troubled: Vec<Troubled>,
    addresses: Arc<BTreeMap<&'static str, String>>,
    servers: Vec<JoinHandle<()>>,
}

/// Where one outlet's feed is, and its first page.
#[derive(Clone, Debug)]
pub struct Feed {
    pub outlet: &'static Outlet,
    pub address: String,
    pub site: String,
}

/// An address at which something is wrong, and what: `moved`, `not_found`, `gone`, `no_feed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Troubled {
    pub what: &'static str,
    pub address: String,
}

impl Internet {
    /// Addresses that show how a source's ill health is told.
    pub fn troubled(&self) -> &[Troubled] {
        &self.troubled
    }

    /// Where the article of that slug is read.
    pub fn address_of(&self, slug: &str) -> Option<&str> {
        self.addresses.get(slug).map(String::as_str)
    }
}

impl Drop for Internet {
    fn drop(&mut self) {
        self.servers.iter().for_each(JoinHandle::abort);
    }
}

/// Where the article of that slug is read.
pub fn address_of(internet: &Internet, slug: &str) -> Option<String> {
    internet.address_of(slug).map(str::to_owned)
}

/// One outlet as it is served.
#[derive(Debug)]
pub struct Site {
    pub outlet: &'static Outlet,
    /// Newest first.
    pub articles: Vec<Article>,
    /// Every outlet's articles by slug, for links.
    pub elsewhere: Arc<BTreeMap<&'static str, String>>,
    root: String,
    /// How often the whole feed was handed out. From the second time on, edited headlines show as edited.
    handed_out: AtomicU32,
}

impl Site {
    pub fn new(
        outlet: &'static Outlet,
        all: &[Article],
        elsewhere: Arc<BTreeMap<&'static str, String>>,
        root: String,
    ) -> Site {
        let mut articles: Vec<_> = all.iter().filter(|article| article.outlet == outlet).cloned().collect();
        articles.sort_by_key(|article| std::cmp::Reverse(article.published));
        Site { outlet, articles, elsewhere, root, handed_out: 0.into() }
    }

    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.root)
    }

    pub fn address_of(&self, article: &Article) -> String {
        self.address(&self.outlet.path_of(article.slug))
    }

    pub fn feed(&self) -> String {
        self.address(self.outlet.feed_path)
    }

    pub fn newest(&self) -> Timestamp {
        self.articles
            .iter()
            .map(|article| article.updated.unwrap_or(article.published))
            .max()
            .unwrap_or_default()
    }

    fn edited(&self) -> bool {
        0 < self.handed_out.load(Ordering::Relaxed)
    }
}

/// Serves the little internet as it stands at `now`: its newest article is then less than an hour old.
pub async fn serve(now: Timestamp) -> std::io::Result<Internet> {
    let mut places = Vec::new();
    for (outlet, number) in outlets().iter().zip(1..) {
        let listener = listen(number).await?;
        let root = format!("http://{}", listener.local_addr()?);
        places.push((outlet, root, listener));
    }
    let articles = library::articles(now);
    let addresses = Arc::new(addresses(&articles, &places));
    let mut internet = Internet {
        feeds: Vec::new(),
        troubled: Vec::new(),
        addresses: addresses.clone(),
        servers: Vec::new(),
    };
    for (outlet, root, listener) in places {
        let site = Site::new(outlet, &articles, addresses.clone(), root);
        internet.feeds.push(Feed { outlet, address: site.feed(), site: site.address("/") });
        internet.troubled.extend(trouble_at(&site));
        internet.servers.push(tokio::spawn(answer(listener, routes(site))));
    }
    Ok(internet)
}

/// Every number of 127/8 is this machine on Linux; elsewhere often only the first is, and a port must do.
async fn listen(number: u8) -> std::io::Result<TcpListener> {
    let own = Ipv4Addr::new(127, 0, 77, number);
    for (host, port) in [(own, PORT), (own, 0)] {
        if let Ok(listener) = TcpListener::bind((host, port)).await {
            return Ok(listener);
        }
    }
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await
}

async fn answer(listener: TcpListener, routes: Router) {
    // Serving ends only when the listener does, and then there is nobody left to tell.
    let _ = axum::serve(listener, routes).await;
}

fn addresses(
    articles: &[Article],
    places: &[(&'static Outlet, String, TcpListener)],
) -> BTreeMap<&'static str, String> {
    let root = |outlet| places.iter().find(|place| place.0 == outlet).map_or("", |place| &place.1);
    articles
        .iter()
        .map(|article| {
            (article.slug, format!("{}{}", root(article.outlet), article.outlet.path_of(article.slug)))
        })
        .collect()
}

const MOVED: &str = "/rss.php";
const NOT_FOUND: &str = "/rss/podcasts.xml";
const GONE: &str = "/farming.rss";
const NO_FEED: &str = "/whats-on.htm";

fn trouble_at(site: &Site) -> Vec<Troubled> {
    let at = |what, path| Troubled { what, address: site.address(path) };
    match site.outlet.key {
        "courier" => vec![at("moved", MOVED)],
        "strandline" => vec![at("not_found", NOT_FOUND)],
        "gazette" => vec![at("gone", GONE), at("no_feed", NO_FEED)],
        _ => Vec::new(),
    }
}

pub(crate) fn routes(site: Site) -> Router {
    let (feed_path, key) = (site.outlet.feed_path, site.outlet.key);
    let routes = Router::new()
        .route("/", get(front))
        .route(feed_path, get(whole_feed))
        .route("/robots.txt", get(robots))
        .route("/media/{name}", get(media))
        .fallback(get(any_page));
    let routes = match key {
        "courier" => routes.route(MOVED, get(moved)),
        "gazette" => routes.route(GONE, get(gone)).route(NO_FEED, get(whats_on)),
        _ => routes,
    };
    routes.with_state(Arc::new(site))
}

async fn whole_feed(State(site): State<Arc<Site>>, asked: HeaderMap) -> Response {
    let body = feed::write(&site, site.edited());
    let etag = format!("\"{:016x}\"", fingerprint(&body));
    let modified = dates::http(site.newest());
    let is_theirs =
        |name, value: &str| asked.get(name).is_some_and(|theirs| theirs.as_bytes() == value.as_bytes());
    // RFC 9110, 13.2.2: when the tag is asked about, the date is not.
    let unchanged = if asked.contains_key(header::IF_NONE_MATCH) {
        is_theirs(header::IF_NONE_MATCH, &etag)
    } else {
        is_theirs(header::IF_MODIFIED_SINCE, &modified)
    };
    let about = [(header::ETAG, etag), (header::LAST_MODIFIED, modified)];
    if unchanged {
        return (StatusCode::NOT_MODIFIED, about).into_response();
    }
    site.handed_out.fetch_add(1, Ordering::Relaxed);
    (about, [(header::CONTENT_TYPE, feed::mime(site.outlet.format))], body).into_response()
}

async fn front(State(site): State<Arc<Site>>) -> Response {
    html(page::front(&site, site.edited()))
}

async fn any_page(State(site): State<Arc<Site>>, asked: axum::http::Uri) -> Response {
    match site.articles.iter().find(|article| site.outlet.path_of(article.slug) == asked.path()) {
        Some(article) => html(page::article(&site, article, site.edited())),
        None => (StatusCode::NOT_FOUND, "There is nothing at this address.\n").into_response(),
    }
}

async fn media(Path(name): Path<String>) -> Response {
    let picture = name.strip_suffix(".png").and_then(picture::png);
    picture.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |bytes| ([(header::CONTENT_TYPE, "image/png")], bytes).into_response(),
    )
}

async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /click\nAllow: /\n"
}

async fn moved(State(site): State<Arc<Site>>) -> Response {
    (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, site.feed())]).into_response()
}

async fn gone() -> Response {
    (StatusCode::GONE, "The farming page has ended. Thank you for reading.\n").into_response()
}

async fn whats_on(State(site): State<Arc<Site>>) -> Response {
    html(page::whats_on(&site))
}

fn html(page: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// FNV-1a: the same text has the same tag at the next start.
fn fingerprint(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
