use std::time::Duration;

use super::{Origin, plain, web};
use crate::{Document, Fetcher, Outcome, Request};

fn word(outcome: &Outcome) -> &str {
    outcome.trouble().map_or("fine", |trouble| &trouble.word)
}

fn fresh(outcome: Outcome) -> Document {
    match outcome {
        Outcome::Fresh(document) => document,
        other => panic!("not fresh: {other:?}"),
    }
}

#[tokio::test]
async fn a_document_comes_with_what_its_header_says() {
    let headers = "ETag: W/\"a b\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\nContent-Type: text/xml\r\n\
                   Cache-Control: public, max-age=900\r\nAge: 100\r\n\
                   Link: <https://hub.example/>; rel=\"hub\", </feed>; rel=self\r\n";
    let origin = Origin::plays(&[("/feed", &plain("200 OK", headers, b"<rss/>"))]).await;
    let document = fresh(web().fetch(&Request::feed(&origin.at("/feed"), None, None)).await);
    let expected = Document {
        address: origin.at("/feed"),
        content_type: Some("text/xml".into()),
        bytes: b"<rss/>".to_vec(),
        etag: Some("W/\"a b\"".into()),
        last_modified: Some("Wed, 21 Oct 2015 07:28:00 GMT".into()),
        cache_for: Some(Duration::from_secs(800)),
        moved: None,
        hub: Some("https://hub.example/".into()),
        topic: Some(origin.at("/feed")),
    };
    assert_eq!(document, expected);
}

#[tokio::test]
async fn validators_go_back_byte_for_byte_and_304_is_good_news() {
    let origin = Origin::plays(&[("/feed", &plain("304 Not Modified", "", b""))]).await;
    let request =
        Request::feed(&origin.at("/feed"), Some("\"x,  y\"".into()), Some("yesterday, more or less".into()));
    let outcome = web().fetch(&request).await;
    assert_eq!(outcome, Outcome::NotModified { cache_for: None, moved: None });
    let asked = origin.asked().remove(0);
    assert!(asked.contains("if-none-match: \"x,  y\"\r\n"), "{asked}");
    assert!(asked.contains("if-modified-since: yesterday, more or less\r\n"), "{asked}");
    for never in ["cookie", "referer", "authorization"] {
        assert!(!asked.to_ascii_lowercase().contains(never), "{asked}");
    }
}

#[tokio::test]
async fn lasting_moves_are_told_from_passing_ones() {
    let origin = Origin::plays(&[
        ("/a", &plain("301 Moved Permanently", "Location: /b\r\n", b"")),
        ("/b", &plain("308 Permanent Redirect", "Location: /c\r\n", b"")),
        ("/c", &plain("302 Found", "Location: /d\r\n", b"")),
        ("/d", &plain("301 Moved Permanently", "Location: /e\r\n", b"")),
        ("/e", &plain("200 OK", "", b"x")),
    ])
    .await;
    let web = web();
    let document = fresh(web.fetch(&Request::feed(&origin.at("/a"), None, None)).await);
    assert_eq!((document.address, document.moved), (origin.at("/e"), Some(origin.at("/c"))));
    let document = fresh(web.fetch(&Request::feed(&origin.at("/c"), None, None)).await);
    assert_eq!((document.address, document.moved), (origin.at("/e"), None));
}

#[tokio::test]
async fn each_refusal_has_a_word() {
    let cases = [
        ("401 Unauthorized", "unauthorised"),
        ("403 Forbidden", "forbidden"),
        ("404 Not Found", "not_found"),
        ("410 Gone", "gone"),
        ("429 Too Many Requests", "rate_limited"),
        ("500 Internal Server Error", "server_error"),
        ("503 Service Unavailable", "busy"),
        ("999 Denied", "bad_answer"),
        ("304 Not Modified", "bad_answer"),
        ("206 Partial Content", "bad_answer"),
        ("204 No Content", "empty"),
        ("302 Found", "bad_answer"),
    ];
    let web = web();
    for (status, expected) in cases {
        let origin = Origin::plays(&[("/", &plain(status, "", b""))]).await;
        assert_eq!(word(&web.fetch(&Request::feed(&origin.at("/"), None, None)).await), expected, "{status}");
    }
}
