//! What every answer carries, who is let in, and that looking changes nothing.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use app::App;
use async_trait::async_trait;
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use fetch::{Fetcher, Outcome};
use news::{FixedClock, Timestamp, Trouble};
use store::Store;
use tower::ServiceExt;

use super::{Settings, router};

mod acts;
mod hostile;
mod mend;
mod muted;
mod routes;
mod sources;
mod world;

struct NoNetwork;

#[async_trait]
impl Fetcher for NoNetwork {
    async fn fetch(&self, _: &fetch::Request) -> Outcome {
        Outcome::Failed(Trouble::new("dns", "There is no network in this test."))
    }
}

fn pages() -> (Arc<dyn Store>, Router) {
    pages_with(Arc::new(NoNetwork), None)
}

fn pages_with(fetcher: Arc<dyn Fetcher>, data: Option<PathBuf>) -> (Arc<dyn Store>, Router) {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    let app = App { fetcher, ..app_of(&store) };
    (store, router(Arc::new(app), settings(data)))
}

fn house() -> (Arc<dyn Store>, Router, Arc<App>) {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    let app = Arc::new(app_of(&store));
    (store, router(app.clone(), settings(None)), app)
}

fn app_of(store: &Arc<dyn Store>) -> App {
    App {
        store: store.clone(),
        keeping: store.clone(),
        queue: store.clone(),
        receiving: store.clone(),
        ways_in: Default::default(),
        fetcher: Arc::new(NoNetwork),
        clock: Arc::new(FixedClock(Timestamp(1_700_000_000))),
        rank: rank::Policy::default(),
        learn: learn::Policy::default(),
    }
}

fn settings(data: Option<PathBuf>) -> Settings {
    Settings {
        hosts: vec!["news.example".into()],
        listen: ([127, 0, 0, 1], 8700).into(),
        reader: "me".into(),
        repairs_for_everyone: false,
        data,
    }
}

async fn ask(
    pages: &Router,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> (StatusCode, String) {
    let mut request = Request::builder().method(method).uri(path).header(header::HOST, "localhost:8700");
    if method == "POST" {
        request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    }
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut request = request.body(Body::from(body.to_string())).expect("a request");
    if let Some((_, host)) = headers.iter().find(|(name, _)| *name == "host") {
        request.headers_mut().insert(header::HOST, host.parse().expect("a host"));
    }
    let response = pages.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let location = response.headers().get(header::LOCATION).map(|it| it.to_str().expect("text").to_string());
    let policy = response.headers().get(header::CONTENT_SECURITY_POLICY).expect("every answer has a policy");
    assert!(!policy.to_str().expect("text").contains("unsafe"));
    assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    (status, location.unwrap_or_else(|| String::from_utf8_lossy(&body).into_owned()))
}

const PAGES: &[&str] = &[
    "/",
    "/newest",
    "/newest?saved=1",
    "/search",
    "/search?q=x",
    "/follows",
    "/alerts",
    "/by-source",
    "/signals.jsonl",
    "/beliefs",
    "/beliefs.txt",
    "/about?t=situation:South%20Korea%2BRussia",
    "/sources",
    "/sources/export.opml",
    "/doctor",
    "/welcome",
    "/settings",
    "/about?t=name:Ukraine",
    "/healthz",
    "/static/style.css",
    "/static/tidings.js",
    "/favicon.ico",
];

#[tokio::test]
async fn every_page_of_an_empty_house_can_be_looked_at() {
    let (_, pages) = pages();
    for page in PAGES {
        let (status, body) = ask(&pages, "GET", page, &[], "").await;
        assert!(status.is_success() || status.is_redirection(), "{page}: {status} {body}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_not_found() {
    let (_, pages) = pages();
    for page in ["/story/1", "/article/1", "/why/1", "/source/1", "/edition/1", "/nonsense"] {
        assert_eq!(ask(&pages, "GET", page, &[], "").await.0, StatusCode::NOT_FOUND, "{page}");
    }
}

#[tokio::test]
async fn looking_changes_nothing_that_a_reader_has() {
    let (store, pages) = pages();
    let reader = store.add_reader("me", Timestamp(0)).await.expect("a reader").id;
    let before =
        (store.counts().await.expect("counts").signals, store.follows(reader).await.expect("follows"));
    for page in PAGES {
        ask(&pages, "GET", page, &[], "").await;
    }
    let after =
        (store.counts().await.expect("counts").signals, store.follows(reader).await.expect("follows"));
    assert_eq!(before, after);
}

async fn muting(headers: &[(&str, &str)]) -> StatusCode {
    let (_, pages) = pages();
    ask(&pages, "POST", "/follows/add", headers, "target=name%3ASport&stance=mute").await.0
}

#[tokio::test]
async fn a_form_of_another_site_is_refused() {
    assert_eq!(muting(&[("sec-fetch-site", "cross-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(muting(&[("sec-fetch-site", "same-site")]).await, StatusCode::FORBIDDEN);
    assert_eq!(muting(&[("origin", "https://evil.example")]).await, StatusCode::FORBIDDEN);
    assert_eq!(muting(&[("origin", "null")]).await, StatusCode::FORBIDDEN);
    assert_eq!(muting(&[("sec-fetch-site", "same-origin")]).await, StatusCode::SEE_OTHER);
    assert_eq!(muting(&[("origin", "http://localhost:8700")]).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn another_host_name_is_refused() {
    let (_, pages) = pages();
    let status = async |host: &str| ask(&pages, "GET", "/healthz", &[("host", host)], "").await.0;
    assert_eq!(status("rebound.example:8700").await, StatusCode::FORBIDDEN);
    assert_eq!(status("news.example").await, StatusCode::OK);
    assert_eq!(status("127.0.0.1:8700").await, StatusCode::OK);
    assert_eq!(status("[::1]:8700").await, StatusCode::OK);
}

#[tokio::test]
async fn a_form_leads_back_to_our_own_pages_only() {
    let (_, pages) = pages();
    for (to, leads) in [
        ("/story/1", "/story/1?"),
        ("//evil.example", "/"),
        ("/%5Cevil.example", "/"),
        ("https://evil.example", "/"),
    ] {
        let form = format!("target=name%3ASport&stance=more&return={to}");
        let (status, location) = ask(&pages, "POST", "/follows/add", &[], &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        let ours = match leads {
            "/" => location == "/",
            leads => location.starts_with(leads),
        };
        assert!(ours, "{to} leads to {location}");
    }
}

#[tokio::test]
async fn what_a_reader_typed_is_text_on_the_page() {
    let (_, pages) = pages();
    let nasty = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    ask(&pages, "POST", "/follows/add", &[], &format!("target=name%3A{nasty}&stance=more")).await;
    for page in [
        "/follows".to_string(),
        format!("/search?q={nasty}"),
        format!("/about?t=name:{nasty}"),
        format!("/settings?told=said&said={nasty}"),
    ] {
        let (_, body) = ask(&pages, "GET", &page, &[], "").await;
        assert!(!body.contains("<script>alert"), "{page}");
    }
}

#[tokio::test]
async fn a_follow_can_be_added_and_taken_back() {
    let (store, pages) = pages();
    let (_, location) =
        ask(&pages, "POST", "/follows/add", &[], "target=topic%3Asport&stance=mute&days=7").await;
    assert!(location.starts_with("/follows?told=muted"), "{location}");
    let reader = store.reader_named("me").await.expect("a store").expect("made on the way").id;
    let follow = store.follows(reader).await.expect("follows").remove(0);
    assert!(follow.until.is_some());
    ask(&pages, "POST", &format!("/follows/{}/remove", follow.id), &[], "").await;
    assert!(store.follows(reader).await.expect("follows").is_empty());
}

#[tokio::test]
async fn settings_that_make_no_sense_are_refused() {
    let (_, pages) = pages();
    let save = async |form: &str| ask(&pages, "POST", "/settings", &[], form).await.0;
    assert_eq!(save("edition_length=30&explore=10&theme=pink").await, StatusCode::BAD_REQUEST);
    assert_eq!(save("edition_length=30&explore=10&theme=dark&time_zone=Mars").await, StatusCode::BAD_REQUEST);
    assert_eq!(
        save("edition_length=30&explore=10&theme=dark&reader=2").await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        save("edition_length=30&explore=10&theme=dark&time_zone=Europe/Berlin").await,
        StatusCode::SEE_OTHER
    );
}

/// Answers every address with the same bytes, and counts.
struct Always(Vec<u8>, AtomicUsize);

#[async_trait]
impl Fetcher for Always {
    async fn fetch(&self, request: &fetch::Request) -> Outcome {
        self.1.fetch_add(1, Ordering::SeqCst);
        Outcome::Fresh(fetch::Document {
            address: request.address.clone(),
            content_type: Some("text/html".into()),
            bytes: self.0.clone(),
            ..Default::default()
        })
    }
}

/// As a page of the house with that data folder would write it.
fn sealed(data: &Path, url: &str) -> String {
    super::pictures::Pictures::open(Some(data)).address(url, super::pictures::Size::Card)
}

async fn look(pages: &Router, address: &str) -> axum::response::Response {
    let request = Request::builder().uri(address).header(header::HOST, "localhost:8700");
    pages.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
}

/// What came: its type, and whether it is more than the blank dot.
async fn picture(pages: &Router, address: &str) -> (StatusCode, String, bool) {
    let response = look(pages, address).await;
    let (status, headers) = (response.status(), response.headers().clone());
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["content-security-policy"].to_str().expect("text").contains("default-src 'none'"));
    let body = to_bytes(response.into_body(), 1 << 20).await.expect("a body");
    (status, headers[header::CONTENT_TYPE].to_str().expect("text").into(), 64 < body.len())
}

#[tokio::test]
async fn a_picture_is_shown_once_it_was_drawn_anew_and_then_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let outlet = Arc::new(Always(super::pictures::tests::png(800, 600, 255), AtomicUsize::new(0)));
    let (_, pages) = pages_with(outlet.clone(), Some(folder.path().into()));
    let address = sealed(folder.path(), "https://a.example/1.png?a=1&b=<2>");
    for _ in 0..3 {
        assert_eq!(picture(&pages, &address).await, (StatusCode::OK, "image/jpeg".into(), true));
    }
    assert_eq!(outlet.1.load(Ordering::SeqCst), 1);
    let response = look(&pages, &address).await;
    assert!(response.headers()["content-security-policy"].to_str().expect("text").contains("sandbox"));
    assert!(response.headers()["cache-control"].to_str().expect("text").contains("immutable"));
}

#[tokio::test]
async fn an_address_that_we_did_not_write_is_not_found_and_nobody_is_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let outlet = Arc::new(Always(super::pictures::tests::png(800, 600, 255), AtomicUsize::new(0)));
    let (_, pages) = pages_with(outlet.clone(), Some(folder.path().into()));
    let good = sealed(folder.path(), "https://a.example/1.png");
    let tag = good.rsplit('=').next().expect("a tag").to_string();
    for forged in [
        "/image".to_string(),
        good.replace("1.png", "2.png"),
        good.replace("k=card", "k=page"),
        good.replace("k=card", "k=huge"),
        good.replace(&tag, ""),
        good.replace(&tag, &"0".repeat(64)),
        format!("{good}0"),
    ] {
        assert_eq!(look(&pages, &forged).await.status(), StatusCode::NOT_FOUND, "{forged}");
    }
    assert_eq!(outlet.1.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_is_no_picture_is_a_quiet_blank_and_is_let_be_for_a_while() {
    let mut bomb = super::pictures::tests::png(16, 16, 255);
    bomb[16..20].copy_from_slice(&60_000_u32.to_be_bytes());
    for bytes in [bomb, b"<svg onload=alert(1)>".to_vec(), b"<script>alert(1)</script>".to_vec(), vec![]] {
        let folder = tempfile::tempdir().expect("a folder");
        let outlet = Arc::new(Always(bytes, AtomicUsize::new(0)));
        let (_, pages) = pages_with(outlet.clone(), Some(folder.path().into()));
        let address = sealed(folder.path(), "https://a.example/1.png");
        for _ in 0..3 {
            assert_eq!(picture(&pages, &address).await, (StatusCode::OK, "image/gif".into(), false));
        }
        assert_eq!(outlet.1.load(Ordering::SeqCst), 1);
    }
}

/// The real fetcher, which refuses before it connects to anything.
#[tokio::test]
async fn a_picture_inside_the_owners_own_network_is_not_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let web = fetch::Web::new(fetch::WebPolicy::default()).expect("a policy");
    let (_, pages) = pages_with(Arc::new(web), Some(folder.path().into()));
    for url in [
        "http://127.0.0.1:1/x.png",
        "http://[::1]/x.png",
        "http://169.254.169.254/x.png",
        "file:///etc/passwd",
    ] {
        let address = sealed(folder.path(), url);
        assert_eq!(picture(&pages, &address).await, (StatusCode::OK, "image/gif".into(), false), "{url}");
    }
}

#[tokio::test]
async fn what_is_set_by_hand_can_be_taken_out_edited_and_brought_back() {
    let (_, pages) = pages();
    let kept = async || {
        let (_, text) = ask(&pages, "GET", "/beliefs.txt", &[], "").await;
        text.lines().filter(|it| !it.starts_with('#')).map(str::to_owned).collect::<Vec<_>>()
    };
    let take = async |text: &str| ask(&pages, "POST", "/beliefs.txt", &[], &format!("text={text}")).await.0;
    assert_eq!(
        take("name:Ukraine+%3D+0.8%0A%23+name:B+%3D+1%0Awords:tax+%3D+-1").await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(kept().await, ["words:tax = -1.00", "name:Ukraine = 0.80"], "the strongest first");
    assert_eq!(take("name:Ukraine+%3D+much").await, StatusCode::BAD_REQUEST);
    assert_eq!(kept().await.len(), 2, "a text with a mistake changes nothing");
    assert_eq!(take("words:tax+%3D+0.5").await, StatusCode::SEE_OTHER);
    assert_eq!(kept().await, ["words:tax = 0.50"]);
}

#[tokio::test]
async fn while_learning_is_paused_what_is_done_is_kept_and_marked_so() {
    let (store, pages) = pages();
    let learning = async |what: &str| ask(&pages, "POST", "/learning", &[], &format!("what={what}")).await.0;
    let more = async || ask(&pages, "POST", "/story/1/tell", &[], "what=more").await.0;
    assert_eq!(learning("pause").await, StatusCode::SEE_OTHER);
    assert_eq!(more().await, StatusCode::SEE_OTHER);
    assert_eq!(learning("resume").await, StatusCode::SEE_OTHER);
    assert_eq!(more().await, StatusCode::SEE_OTHER);
    assert_eq!(learning("obey").await, StatusCode::BAD_REQUEST);
    let reader = store.reader_named("me").await.expect("a store").expect("made on the way").id;
    let signals = store.signals(reader, news::SignalId(0), 9).await.expect("signals");
    assert_eq!(signals.iter().map(news::Signal::is_learnt_from).collect::<Vec<_>>(), [false, true]);
    assert_eq!(learning("forget_hour").await, StatusCode::SEE_OTHER);
    assert!(store.signals(reader, news::SignalId(0), 9).await.expect("signals").is_empty());
}

#[tokio::test]
async fn a_form_leads_back_to_the_very_place_where_it_stood() {
    let (_, pages) = pages();
    for (from, to) in [
        ("/%23story-7", "/?told=more&of=1&back=%2F%23story-7#story-7"),
        (
            "/about%3Ft%3Dname%253AUkraine%26told%3Dless%26of%3D3",
            "/about?t=name%3AUkraine&told=more&of=1&back=%2Fabout%3Ft%3Dname%253AUkraine",
        ),
    ] {
        let form = format!("what=more&return={from}");
        assert_eq!(ask(&pages, "POST", "/story/1/tell", &[], &form).await.1, to);
    }
}
