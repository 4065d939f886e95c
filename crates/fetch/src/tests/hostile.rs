//! Servers that mean harm, or are broken: each ends soon, with a word, and takes little memory.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::web;
use crate::{Fetcher, Network, Outcome, Request, Web, WebPolicy};

/// The stand-alone server of the data, on loopback; stopped with the test.
struct Server(Child, String);

impl Server {
    fn start() -> Option<Server> {
        let script = testkit::data("hostile/http/server.py")?;
        let started = Command::new("python3")
            .arg("-B")
            .arg(script)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = started else {
            testkit::skip("no python3 to play the hostile servers");
            return None;
        };
        let mut line = String::new();
        BufReader::new(child.stdout.take()?).read_line(&mut line).ok()?;
        let port: String = line.chars().filter(char::is_ascii_digit).collect();
        Some(Server(child, port))
    }

    fn at(&self, play: &str) -> String {
        format!("http://127.0.0.1:{}/s/{play}", self.1)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What has to come of a play; several words where the network decides which.
fn expected(play: &str) -> &'static [&'static str] {
    match play {
        "ok" | "etag" | "301" | "302" | "308" | "html-200" | "set-cookie" | "hsts" | "header-obsfold"
        | "ct-charset-bad" | "ct-long" | "expires-past" | "max-age-century" | "date-future" | "etag-1mb"
        | "etag-quote" | "link-hub-private" | "refresh-header" | "deflate-raw" | "103-early-hints"
        | "guid-churn" | "date-churn" | "edit-churn" | "torn-item" | "flap" | "empty-then-back" => &["fine"],
        "429-seconds" | "429-date" | "429-negative" | "429-huge" => &["rate_limited"],
        "503-retry" => &["busy"],
        "410" => &["gone"],
        "404" | "redirect-crlf" => &["not_found"],
        "403" => &["forbidden"],
        "401" => &["unauthorised"],
        "500" => &["server_error"],
        "204" => &["empty"],
        "301-private" | "redirect-file" => &["refused_address"],
        "redirect-loop" | "redirect-chain" => &["too_many_redirects"],
        "redirect-long" => &["bad_address"],
        "gzip-bomb" | "gzip-bomb-stream" | "endless" | "length-huge" => &["too_big"],
        "slow-body" | "slow-headers" | "silent" => &["timeout"],
        "reset" | "close-at-once" | "length-too-long" => &["broken_off"],
        // Half an answer more or less: what the wire had brought decides.
        "100-continue-flood" | "chunk-trailer-flood" => &["bad_answer", "broken_off", "timeout"],
        "length-and-chunked" => &["fine", "bad_answer", "broken_off"],
        "tls-on-plain" => &["bad_answer", "broken_off"],
        _ => &["bad_answer"],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_servers_end_soon_and_with_a_word() {
    let Some(server) = Server::start() else { return };
    let scenarios = testkit::data("hostile/http/scenarios.json").unwrap();
    let plays: Value = serde_json::from_str(&std::fs::read_to_string(scenarios).unwrap()).unwrap();
    let plays: Vec<String> = plays.as_object().unwrap().keys().cloned().collect();
    assert_eq!(plays.len(), 77);
    let mut wrong = Vec::new();
    let mut running = tokio::task::JoinSet::new();
    for play in plays {
        // Those that never end by themselves are given little time; the others as much as a busy machine may need.
        let endless = ["slow-body", "slow-headers", "silent", "100-continue-flood", "chunk-trailer-flood"];
        let seconds = if endless.contains(&play.as_str()) { 3 } else { 60 };
        let policy = WebPolicy {
            allow_networks: Network::loopback(),
            connect_timeout: Duration::from_secs(seconds),
            total_timeout: Duration::from_secs(seconds),
            ..WebPolicy::default()
        };
        // One door each: else they would wait for one another, being one host.
        let web = Web::new(policy).unwrap();
        let mut request = Request::feed(&server.at(&play), None, None);
        request.at_most = 2_000_000;
        running.spawn(async move { (play, web.fetch(&request).await) });
    }
    while let Some(done) = running.join_next().await {
        let (play, outcome) = done.unwrap();
        let word = outcome.trouble().map_or("fine", |trouble| &trouble.word).to_owned();
        if !expected(&play).contains(&word.as_str()) {
            wrong.push(format!("{play}: {word} instead of {:?}", expected(&play)));
        }
    }
    wrong.sort();
    assert_eq!(wrong, [""; 0]);
}

#[tokio::test]
async fn a_host_that_asks_us_to_wait_is_left_alone_by_those_it_spoke_to() {
    use super::{Origin, plain};
    let answer = plain("429 Too Many Requests", "Retry-After: 120\r\n", b"");
    let origin = Origin::plays(&[("/a", &answer), ("/b", &plain("200 OK", "", b"x"))]).await;
    let web = web();
    let first = web.fetch(&Request::feed(&origin.at("/a"), None, None)).await;
    assert!(
        matches!(first, Outcome::Busy { wait: Some(wait), .. } if wait == Duration::from_secs(120)),
        "{first:?}"
    );
    let second = web.fetch(&Request::feed(&origin.at("/b"), None, None)).await;
    assert_eq!(second.trouble().map(|trouble| trouble.word.as_str()), Some("host_busy"));
    // A source with a password of its own is somebody else.
    let private = crate::Private::new().login("ann", "x");
    let own = Request { private: Some(private.into()), ..Request::feed(&origin.at("/b"), None, None) };
    assert!(matches!(web.fetch(&own).await, Outcome::Fresh(_)));
    assert_eq!(origin.asked().len(), 2);
}
