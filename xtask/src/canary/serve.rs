//! Payloads as feeds; and as raw pages, with and without a policy.

use std::sync::{Arc, Mutex};

use anyhow::Result;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};

use super::Payload;

/// Entries of one feed.
const A_FEED: usize = 500;
/// What stands around a payload, so that it is the text of an article.
const WORDS: &str =
    "The harbour was quiet in the morning, and it stayed so until the ferry came in at noon. ";

pub struct Stage {
    port: u16,
    payloads: Vec<Payload>,
    policy: Mutex<String>,
}

impl Stage {
    pub async fn open(payloads: Vec<Payload>) -> Result<Arc<Stage>> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let stage = Arc::new(Stage { port, payloads, policy: Mutex::default() });
        let router = Router::new()
            .route("/feed/{n}", get(feed))
            .route("/bare/{n}", get(bare))
            .route("/guarded/{n}", get(guarded))
            .with_state(stage.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(stage)
    }

    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn feeds(&self) -> Vec<String> {
        (0..self.payloads.len().div_ceil(A_FEED)).map(|n| format!("{}/feed/{n}", self.base())).collect()
    }

    pub fn use_policy(&self, policy: &str) {
        policy.clone_into(&mut self.policy.lock().expect("nobody panics while holding it"));
    }

    pub fn those_that_run(&self, most: usize) -> Vec<usize> {
        let runs: Vec<usize> = (0..self.payloads.len()).filter(|n| self.payloads[*n].runs).collect();
        let step = runs.len().div_ceil(most.max(1)).max(1);
        runs.into_iter().step_by(step).take(most).collect()
    }

    fn raw(&self, n: usize) -> String {
        let text = self.payloads.get(n).map_or("", |it| it.text.as_str());
        format!("<!doctype html><meta charset=utf-8><title>raw</title><body><p>{WORDS}</p>{text}")
    }
}

async fn feed(State(stage): State<Arc<Stage>>, Path(n): Path<usize>) -> Response {
    let words = WORDS.repeat(8);
    let mut out = format!(
        "<rss version=\"2.0\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\">\
         <channel><title>{}</title>",
        escape(stage.payloads.get(n * A_FEED).map_or("", |it| it.text.as_str()))
    );
    for (at, payload) in stage.payloads.iter().enumerate().skip(n * A_FEED).take(A_FEED) {
        let text = escape(&payload.text);
        // Numbers of their own, so that payloads that look alike stay articles apart.
        out.push_str(&format!(
            "<item><title>Case {at} {text}</title><guid isPermaLink=\"false\">{at} {}</guid>\
             <link>http://127.0.0.1:{}/page/{at}</link><dc:creator>{text}</dc:creator><category>{text}</category>\
             <content:encoded>{}</content:encoded></item>",
            escape(&payload.id),
            stage.port,
            escape(&format!("<p>Number {at}. {words}</p>{}<p>{words}</p>", payload.text)),
        ));
    }
    out.push_str("</channel></rss>");
    ([(header::CONTENT_TYPE, "application/rss+xml; charset=utf-8")], out).into_response()
}

async fn bare(State(stage): State<Arc<Stage>>, Path(n): Path<usize>) -> Response {
    Html(stage.raw(n)).into_response()
}

async fn guarded(State(stage): State<Arc<Stage>>, Path(n): Path<usize>) -> Response {
    let mut headers = HeaderMap::new();
    let policy = stage.policy.lock().expect("nobody panics while holding it").clone();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    (headers, Html(stage.raw(n))).into_response()
}

/// Control characters are sent as they are: the reader has to cope with them.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
