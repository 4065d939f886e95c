//! The archive as live feeds on loopback, each on a host of its own: an item appears when its time has come.

use std::{
    fmt::Write,
    net::Ipv4Addr,
    sync::{Arc, OnceLock},
    time::{Duration, Instant, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use super::archive::{Feed, Span};

/// A clock of its own: stands at the span's beginning until it is started, and at its end when it is over.
pub struct Time {
    span: Span,
    speed: f64,
    began: OnceLock<Instant>,
}

impl Time {
    pub fn new(span: Span, speed: f64) -> Time {
        Time { span, speed, began: OnceLock::new() }
    }

    pub fn start(&self) {
        let _ = self.began.set(Instant::now());
    }

    pub fn now(&self) -> i64 {
        let gone = self.began.get().map_or(0.0, |began| began.elapsed().as_secs_f64() * self.speed);
        self.span.to.min(self.span.from + gone as i64)
    }

    pub fn is_over(&self) -> bool {
        self.now() == self.span.to
    }

    /// The setting that gives the program the same clock. It is a little ahead, so that what the feeds show is never
    /// of the program's future while the program is still starting.
    pub fn setting(&self) -> String {
        format!("{}@{}", self.now() + (0.5 * self.speed) as i64, self.speed)
    }

    /// The setting for when the span is over: time goes on as it usually does.
    pub fn setting_after(&self) -> String {
        format!("{}@1", self.span.to + 3600)
    }
}

/// The feeds, served.
pub struct Live {
    pub feeds: Vec<Feed>,
    pub time: Time,
    /// A document holds what was published within this.
    window: Duration,
    port: u16,
}

impl Live {
    /// Serves until the runtime ends.
    pub async fn serve(feeds: Vec<Feed>, time: Time, window: Duration, port: u16) -> Result<Arc<Live>> {
        let first =
            tokio::net::TcpListener::bind((host(0), port)).await.context("cannot serve on loopback")?;
        let port = first.local_addr()?.port();
        let live = Arc::new(Live { feeds, time, window, port });
        let router = Router::new().route("/feed/{feed}", get(feed)).with_state(live.clone());
        let mut listeners = vec![first];
        for n in 1..live.feeds.len() {
            let listener = tokio::net::TcpListener::bind((host(n), port)).await;
            listeners.push(listener.with_context(|| format!("cannot serve at {}:{port}", host(n)))?);
        }
        for listener in listeners {
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Ok(live)
    }

    pub fn address(&self, feed: usize) -> String {
        format!("http://{}:{}/feed/{feed}", host(feed), self.port)
    }

    /// The list of the feeds whose number passes.
    pub fn opml(&self, pass: impl Fn(usize) -> bool) -> String {
        let mut out = String::from(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\"><head><title>Replay</title></head><body>\n",
        );
        for (n, feed) in self.feeds.iter().enumerate().filter(|(n, _)| pass(*n)) {
            let title = escape(&feed.title);
            let _ = writeln!(out, "<outline type=\"rss\" text=\"{title}\" xmlUrl=\"{}\"/>", self.address(n));
        }
        out.push_str("</body></opml>\n");
        out
    }

    /// The document of a feed at a moment, and a tag that changes when the document does.
    fn document(&self, feed: &Feed, now: i64) -> (String, String) {
        let since = now - self.window.as_secs() as i64;
        let from = feed.items.partition_point(|item| item.at < since);
        let to = feed.items.partition_point(|item| item.at <= now);
        let mut out =
            String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<rss version=\"2.0\"><channel>\n");
        let _ = writeln!(
            out,
            "<title>{}</title><link>{}</link><description>Replayed</description><language>{}</language>",
            escape(&feed.title),
            escape(&feed.address),
            escape(&feed.language)
        );
        for item in feed.items[from..to].iter().rev() {
            let _ = writeln!(
                out,
                "<item><title>{}</title><link>{link}</link><guid isPermaLink=\"false\">{link}</guid>\
                 <pubDate>{}</pubDate><description>{}</description></item>",
                escape(&item.title),
                date(item.at),
                escape(&item.description),
                link = escape(&item.link),
            );
        }
        out.push_str("</channel></rss>\n");
        (out, format!("\"{from}-{to}\""))
    }
}

async fn feed(State(live): State<Arc<Live>>, Path(n): Path<usize>, headers: HeaderMap) -> Response {
    let Some(feed) = live.feeds.get(n) else { return StatusCode::NOT_FOUND.into_response() };
    let (document, tag) = live.document(feed, live.time.now());
    let known = headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok());
    if known == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let kind = "application/rss+xml; charset=utf-8".to_string();
    ([(header::ETAG, tag), (header::CONTENT_TYPE, kind)], document).into_response()
}

fn host(feed: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 3, (1 + feed / 200) as u8, (1 + feed % 200) as u8)
}

fn date(at: i64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(at.max(0) as u64))
}

/// Control characters have no place in XML, not even escaped.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(c),
            c if c.is_control() => (),
            c => out.push(c),
        }
    }
    out
}
