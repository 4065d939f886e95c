//! What must hold on every route that there is. The routes are read out of the router's own lines, so that a new one is
//! looked at as well.

use super::{hostile::bring, *};
use news::ReaderId;

/// Path and methods of each route, as `web/mod.rs` writes them.
fn routes() -> Vec<(String, Vec<&'static str>)> {
    let lines = include_str!("../mod.rs").split(".route(\"").skip(1);
    let route = |rest: &str| {
        let (path, rest) = rest.split_once('"').expect("a path in quotes");
        let handlers = rest.split("\n        .").next().unwrap_or(rest);
        let methods = [("GET", "get("), ("POST", "post(")].into_iter();
        let methods = methods.filter(|(_, call)| handlers.contains(call)).map(|(method, _)| method).collect();
        (path.to_owned(), methods)
    };
    let routes: Vec<(String, Vec<&'static str>)> = lines.map(route).collect();
    assert!(30 < routes.len() && routes.iter().all(|(_, methods)| !methods.is_empty()), "{routes:?}");
    routes
}

/// A house in which each kind of thing is there once, every word of it hostile; and a path with real numbers in it.
async fn full_house() -> (Arc<dyn Store>, Router, ReaderId, impl Fn(&str) -> String) {
    let (store, pages) = pages();
    let reader = store.add_reader("me", Timestamp(1_700_000_000)).await.expect("a reader").id;
    let (source, article, story) = bring(&*store, reader).await;
    ask(&pages, "GET", "/", &[], "").await;
    let follow = store.follows(reader).await.expect("follows")[0].id;
    let real = move |path: &str| {
        path.replace("{source}", &source.to_string())
            .replace("{article}", &article.to_string())
            .replace("{story}", &story.to_string())
            .replace("{edition}", "1")
            .replace("{follow}", &follow.to_string())
            .replace("{name}", "style.css")
    };
    (store, pages, reader, real)
}

async fn answer(pages: &Router, method: &str, path: &str, host: &str) -> axum::response::Response {
    let request = Request::builder().method(method).uri(path).header(header::HOST, host);
    let form = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    pages.clone().oneshot(form.body(Body::empty()).expect("a request")).await.expect("an answer")
}

fn without_numbers(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_answer_carries_every_header_also_those_that_say_no() {
    let (_, pages, _, real) = full_house().await;
    let mut paths: Vec<String> =
        vec!["/nonsense".into(), "/static/none".into(), "/image?k=card&u=x&s=0".into()];
    for (path, _) in routes() {
        paths.extend([real(&path), path.replace('{', "999999").replace('}', ""), without_numbers(&path)]);
    }
    for path in &paths {
        for method in ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
            for host in ["localhost:8700", "evil.example"] {
                let answer = answer(&pages, method, path, host).await;
                let what = format!("{method} {path} at {host}");
                assert!(answer.status().as_u16() < 500, "{what}: {}", answer.status());
                assert!(host != "evil.example" || answer.status() == StatusCode::FORBIDDEN, "{what}");
                carries_all(answer.headers(), &what);
            }
        }
    }
}

fn carries_all(headers: &axum::http::HeaderMap, what: &str) {
    let text = |name: &str| {
        let value = headers.get(name).unwrap_or_else(|| panic!("{what} has no {name}"));
        value.to_str().expect("text").to_owned()
    };
    let policy = text("content-security-policy");
    for part in ["default-src 'none'", "frame-ancestors 'none'"] {
        assert!(policy.contains(part), "{what}: {policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
        "{what}: {policy}"
    );
    // A page that may load nothing needs no such words.
    let is_bare = policy.contains("sandbox");
    for part in ["base-uri 'none'", "script-src 'self'", "require-trusted-types-for 'script'"] {
        assert!(is_bare || policy.contains(part), "{what}: {policy}");
    }
    assert_eq!(text("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(text("referrer-policy"), "no-referrer", "{what}");
    assert_eq!(text("cross-origin-opener-policy"), "same-origin", "{what}");
    assert_eq!(text("cross-origin-resource-policy"), "same-origin", "{what}");
    assert!(text("permissions-policy").contains("camera=()"), "{what}");
    let keeps = text("cache-control");
    let may_be_kept = what.contains("/static/") || what.contains("/favicon.ico") || what.contains("/image");
    assert!(may_be_kept || keeps == "no-store", "{what}: {keeps}");
    assert!(!headers.contains_key("server") && !headers.contains_key("x-powered-by"), "{what}");
}

/// What a page holds: scripts and styles from files of ours alone, nothing that runs where it stands.
#[tokio::test]
async fn no_page_has_a_script_or_a_style_in_it() {
    let (_, pages, _, real) = full_house().await;
    for (path, methods) in routes() {
        if !methods.contains(&"GET") {
            continue;
        }
        let (_, body) = ask(&pages, "GET", &real(&path), &[], "").await;
        if !body.trim_start().starts_with("<!") {
            continue;
        }
        for (at, _) in body.match_indices("<script") {
            assert!(
                body[at..].starts_with("<script src=\"/static/"),
                "{path}: {}",
                &body[at..body.floor_char_boundary(at + 80)]
            );
        }
        assert!(!body.contains("=\"javascript:") && !body.contains("<style"), "{path}");
        // Of each tag what stands outside of quotes: its own words.
        for tag in body.split('<').filter_map(|it| it.split_once('>')).map(|(tag, _)| tag) {
            let words: String = tag.split('"').step_by(2).collect();
            let odd = words
                .split_whitespace()
                .find(|it| it.starts_with("on") || ["style=", "srcdoc="].contains(it));
            assert_eq!(odd, None, "{path}: <{tag}>");
        }
    }
}

#[tokio::test]
async fn whatever_is_looked_at_nothing_of_the_reader_changes() {
    let (store, pages, reader, real) = full_house().await;
    let state = async || {
        let settings = store.reader(reader).await.expect("a reader");
        let signals = store.signals(reader, news::SignalId(0), 99).await.expect("signals");
        let follows = store.follows(reader).await.expect("follows");
        let sources = store.sources_of(reader).await.expect("sources");
        let sources: Vec<_> = sources.iter().map(|it| (it.source.id, it.source.health.next_due)).collect();
        format!("{settings:?} {signals:?} {follows:?} {sources:?}")
    };
    let before = state().await;
    for (path, methods) in routes() {
        for method in ["GET", "HEAD"] {
            let answer = answer(&pages, method, &real(&path), "localhost:8700").await;
            let is_page = methods.contains(&"GET");
            assert!(
                is_page || answer.status() == StatusCode::METHOD_NOT_ALLOWED,
                "{method} {path}: {}",
                answer.status()
            );
        }
    }
    assert_eq!(state().await, before);
}

#[tokio::test]
async fn no_way_back_leads_to_another_house() {
    let (_, pages, ..) = full_house().await;
    let values = |name: &str| -> Vec<String> {
        let Some(path) = testkit::data(&format!("hostile/url/{name}")) else { return Vec::new() };
        let lines = std::fs::read_to_string(path).expect("a file");
        let read = |line: &str| serde_json::from_str::<serde_json::Value>(line).ok();
        let text = |it: serde_json::Value| {
            ["value", "payload", "url", "input"].iter().find_map(|key| it[*key].as_str().map(str::to_owned))
        };
        lines.split('\n').filter_map(read).filter_map(text).collect()
    };
    let mut targets = values("open-redirect.jsonl");
    targets.extend(values("open-redirect-own.jsonl"));
    let own = [
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "http:///evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "/%0d%0aLocation:%20//evil.example",
        "/..//evil.example",
        "/.//evil.example",
        "",
        " //evil.example",
    ];
    targets.extend(own.map(str::to_owned));
    let house = url::Url::parse("https://reader.example/").expect("a constant");
    for target in &targets {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("what", "more"), ("return", target)])
            .finish();
        let (status, location) = ask(&pages, "POST", "/story/1/tell", &[], &form).await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{target}: {location}");
        let led = house.join(&location).unwrap_or_else(|_| panic!("{target} led to {location}"));
        assert_eq!(led.origin(), house.origin(), "{target} led to {location}");
        assert!(location.starts_with('/') && !location.starts_with("//"), "{target} led to {location}");
    }
}

/// As a name, a folder, a search, a follow, a belief, a list: whatever was typed is taken or refused, never a failure.
#[tokio::test]
async fn whatever_is_typed_is_taken_or_refused() {
    let (_, pages, _, real) = full_house().await;
    let mut strings: Vec<String> = match testkit::data("hostile/strings/blns.json") {
        Some(path) => serde_json::from_str(&std::fs::read_to_string(path).expect("a file")).expect("strings"),
        None => Vec::new(),
    };
    let own = [
        "\"",
        "' OR 1=1 --",
        "a AND",
        "NEAR(",
        "\u{0}",
        "\u{202e}abc",
        "𝒳",
        "*",
        "(((",
        "-",
        "\r\n\r\nx",
        "{{7*7}}",
    ];
    strings.extend(own.map(str::to_owned));
    strings.push("x".repeat(100_000));
    for text in &strings {
        let form = |pairs: &[(&str, &str)]| {
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
        };
        let query = form(&[("q", text)]);
        let about = form(&[("t", text)]);
        let folder = form(&[("folder", text)]);
        let asked = [
            ("GET", format!("/search?{query}"), String::new()),
            ("GET", format!("/about?{about}"), String::new()),
            ("GET", format!("/newest?{folder}"), String::new()),
            ("POST", real("/source/{source}/folder"), folder.clone()),
            (
                "POST",
                "/follows/add".into(),
                form(&[("target", &format!("words:{text}")), ("stance", "follow"), ("aliases", text)]),
            ),
            ("POST", "/follows/add".into(), form(&[("target", text), ("stance", text), ("days", text)])),
            ("POST", "/beliefs.txt".into(), form(&[("text", &format!("words:{text} = 0.5"))])),
            ("POST", "/beliefs/correct".into(), form(&[("target", text), ("value", text)])),
            ("POST", "/sources/add".into(), form(&[("address", text), ("folder", text)])),
            (
                "POST",
                "/settings".into(),
                form(&[("edition_length", "30"), ("explore", "10"), ("theme", text), ("time_zone", text)]),
            ),
            ("POST", "/signal".into(), text.clone()),
            ("POST", "/reader".into(), form(&[("reader", text)])),
        ];
        for (method, path, body) in asked {
            // What is no request line at all does not reach us.
            if 60_000 < path.len() {
                continue;
            }
            let (status, _) = ask(&pages, method, &path, &[], &body).await;
            assert!(status.as_u16() < 500, "{method} {path} {body}: {status}");
        }
    }
    for page in [
        "/follows",
        "/beliefs",
        "/beliefs.txt",
        "/sources",
        "/newest",
        "/settings",
        "/sources/export.opml",
        "/",
    ] {
        assert_eq!(ask(&pages, "GET", page, &[], "").await.0, StatusCode::OK, "{page}");
    }
}

#[tokio::test]
async fn no_list_is_longer_than_it_should_be_whatever_is_asked_for() {
    let (_, pages, ..) = full_house().await;
    for number in ["0", "-1", "9223372036854775808", "1e9", "", "NaN", "%00"] {
        for path in [
            "/newest?before=",
            "/newest?source=",
            "/newest?limit=",
            "/search?q=x&before=",
            "/search?q=x&limit=",
        ] {
            let (status, body) = ask(&pages, "GET", &format!("{path}{number}"), &[], "").await;
            assert!(status.as_u16() < 500, "{path}{number}: {status}");
            assert!(body.len() < 1 << 20, "{path}{number}");
        }
    }
}
