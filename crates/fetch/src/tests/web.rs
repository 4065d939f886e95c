use std::time::Duration;

use super::{Origin, plain, web};
use crate::{Document, Fetcher, Message, Method, Outcome, Request, Sender};

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

#[tokio::test]
async fn pages_that_a_program_goes_to_are_read_only_where_robots_txt_lets_it() {
    let robots = plain("200 OK", "", b"User-agent: *\nDisallow: /private\n");
    let page = plain("200 OK", "", b"<html>");
    let plays: [(&str, &[u8]); 3] = [("/robots.txt", &robots), ("/private/a", &page), ("/open", &page)];
    let origin = Origin::plays(&plays).await;
    let web = web();
    assert_eq!(word(&web.fetch(&Request::page(&origin.at("/private/a"))).await), "robots");
    assert_eq!(word(&web.fetch(&Request::page(&origin.at("/open"))).await), "fine");
    // Who is sent there by a person, or fetches a feed, does not ask.
    assert_eq!(word(&web.fetch(&Request::visit(&origin.at("/private/a"))).await), "fine");
    assert_eq!(word(&web.fetch(&Request::feed(&origin.at("/private/a"), None, None)).await), "fine");
    let asked: Vec<_> = origin.asked().iter().map(|it| it.split(' ').nth(1).unwrap().to_owned()).collect();
    assert_eq!(asked, ["/robots.txt", "/open", "/private/a", "/private/a"], "asked for once");
}

#[tokio::test]
async fn without_a_robots_txt_all_may_be_read_and_while_it_cannot_be_had_nothing() {
    for (status, expected) in [("404 Not Found", "fine"), ("403 Forbidden", "fine"), ("500 Oh", "robots")] {
        let plays = [("/robots.txt", plain(status, "", b"")), ("/a", plain("200 OK", "", b"x"))];
        let origin = Origin::plays(&plays.each_ref().map(|(path, answer)| (*path, answer.as_slice()))).await;
        assert_eq!(word(&web().fetch(&Request::page(&origin.at("/a"))).await), expected, "{status}");
    }
}

#[tokio::test]
async fn what_is_sent_out_arrives_and_any_answer_is_one() {
    let origin = Origin::plays(&[("/hook", &plain("418 I am", "Retry-After: 9\r\n", b"no tea"))]).await;
    let mut message = Message {
        method: Method::Post,
        address: origin.at("/hook"),
        content_type: "application/json".into(),
        headers: vec![("Authorization".into(), "Bearer t".into()), ("X-Topic".into(), "news".into())],
        body: b"{}".to_vec(),
    };
    let answer = web().send(&message).await.unwrap();
    assert_eq!((answer.status, answer.bytes.as_slice(), answer.is_yes()), (418, b"no tea".as_slice(), false));
    assert_eq!(answer.wait, Some(Duration::from_secs(9)));
    let asked = origin.asked().remove(0);
    for line in
        ["POST /hook HTTP/1.1\r\n", "content-type: application/json\r\n", "authorization: Bearer t\r\n"]
    {
        assert!(asked.contains(line), "{asked}");
    }
    message.headers.push(("Remote-User".into(), "root".into()));
    assert_eq!(web().send(&message).await.unwrap_err().word, "bad_address");
}
