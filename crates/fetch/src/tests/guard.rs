//! No connection to a forbidden address, whatever is asked for, on whatever way. The name service and the sockets are
//! fakes here, so every attempt is counted, also one that would fail.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use news::{Hub, SourceId, Subscription, Timestamp, Wish};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::plain;
use crate::{
    Dialer, Fetcher, Message, Method, Network, Outcome, Private, Request, Resolver, Sender, Stream, Web,
    WebPolicy, imap, websub,
};

const PUBLIC: &str = "93.184.215.14";

/// Answers in turn, the last one for ever; names that are not played get none.
#[derive(Default)]
struct Names(Mutex<VecDeque<Vec<String>>>);

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        let answer = {
            let mut answers = self.0.lock().unwrap();
            if 1 < answers.len() { answers.pop_front() } else { answers.front().cloned() }
        };
        let answer = answer.unwrap_or_default();
        match answer.first().map(String::as_str) {
            Some("SERVFAIL") => Err(io::Error::other("try again")),
            Some("TIMEOUT") => std::future::pending().await,
            // The system's resolver follows the alias by itself.
            Some(alias) if alias.starts_with("CNAME") => Ok(vec!["127.0.0.1".parse().unwrap()]),
            _ => Ok(answer.iter().map(|ip| ip.parse().unwrap()).collect()),
        }
    }
}

/// Counts; at public addresses stands a server that always gives the same answer, elsewhere nobody.
struct Sockets {
    answer: Vec<u8>,
    dialled: Mutex<Vec<SocketAddr>>,
    heard: Arc<Mutex<Vec<String>>>,
}

#[async_trait]
impl Dialer for Sockets {
    async fn dial(&self, address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        self.dialled.lock().unwrap().push(address);
        if self.answer.is_empty() || address.ip().to_string() != PUBLIC {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
        let (answer, heard) = (self.answer.clone(), self.heard.clone());
        tokio::spawn(async move {
            let mut head = vec![0; 8192];
            let read = theirs.read(&mut head).await.unwrap_or(0);
            heard.lock().unwrap().push(String::from_utf8_lossy(&head[..read]).into_owned());
            let _ = theirs.write_all(&answer).await;
        });
        Ok(Box::new(ours))
    }
}

struct Scene {
    web: Web,
    sockets: Arc<Sockets>,
}

/// `names`: what the name service answers, one after the other. `answer`: what the public server says.
fn scene(names: &[&[&str]], answer: &[u8], policy: WebPolicy) -> Scene {
    let names = names.iter().map(|answer| answer.iter().map(|ip| (*ip).to_owned()).collect()).collect();
    let sockets =
        Arc::new(Sockets { answer: answer.to_vec(), dialled: Mutex::default(), heard: Arc::default() });
    let policy = WebPolicy { pause: Duration::ZERO, ..policy };
    let web = Web::with(policy, Arc::new(Names(Mutex::new(names))), sockets.clone()).unwrap();
    Scene { web, sockets }
}

impl Scene {
    fn dialled(&self) -> Vec<String> {
        std::mem::take(&mut *self.sockets.dialled.lock().unwrap()).iter().map(SocketAddr::to_string).collect()
    }

    async fn word(&self, request: &Request) -> String {
        match self.web.fetch(request).await {
            Outcome::Fresh(_) | Outcome::NotModified { .. } => "fine".into(),
            Outcome::Gone(trouble) | Outcome::Busy { trouble, .. } | Outcome::Failed(trouble) => trouble.word,
        }
    }
}

impl Scene {
    /// Whether a hub at that address could be asked.
    async fn subscribes_at(&self, hub: &str) -> bool {
        let subscription = Subscription {
            source: SourceId(1),
            hub: Hub { address: hub.into(), topic: "https://news.example/feed".into() },
            key: "k3y".into(),
            secret: "s3cret".into(),
            pending: Some(Wish::Subscribe),
            until: None,
            due: Timestamp(0),
            asked: 1,
            trouble: None,
        };
        self.web.send(&websub::message(&subscription, "https://reader.example/websub/k3y")).await.is_ok()
    }
}

fn message(address: &str) -> Message {
    Message {
        method: Method::Post,
        address: address.into(),
        content_type: "application/json".into(),
        headers: Vec::new(),
        body: b"{}".to_vec(),
    }
}

/// The 235 addresses, each on every way out that there is.
#[tokio::test]
async fn no_spelling_of_a_forbidden_address_is_ever_connected_to() {
    let Some(path) = testkit::data("hostile/ssrf/urls.jsonl") else { return };
    let lines = std::fs::read_to_string(path).unwrap();
    let cases: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len(), 235);
    for case in &cases {
        let (url, expect) = (case["url"].as_str().unwrap(), case["expect"].as_str().unwrap());
        // Names that are only forbidden for where they lead lead there.
        let inside = scene(&[&["127.0.0.1", "10.0.0.1"]], b"", WebPolicy::default());
        for request in
            [Request::feed(url, None, None), Request::page(url), Request::visit(url), Request::image(url)]
        {
            let word = inside.word(&request).await;
            if expect != "allow" && expect != "allow-or-block" {
                let refused = ["refused_address", "bad_address", "robots"].contains(&word.as_str());
                assert!(refused, "{url}: {word}");
            }
        }
        let sent = inside.web.send(&message(url)).await;
        assert_eq!(inside.subscribes_at(url).await, sent.is_ok(), "a hub is asked as all others are: {url}");
        let dialled = inside.dialled();
        if expect == "allow" {
            let port = if url.starts_with("https") { 443 } else { 80 };
            let host: IpAddr = case["whatwg"][1].as_str().unwrap().trim_matches(['[', ']']).parse().unwrap();
            let wanted = SocketAddr::new(host, port).to_string();
            assert!(!dialled.is_empty() && dialled.iter().all(|it| *it == wanted), "{url}: {dialled:?}");
            continue;
        }
        if expect == "allow-or-block" {
            continue;
        }
        assert!(sent.is_err() && dialled.is_empty(), "{url}: {sent:?}, {dialled:?}");

        // As the target of a redirect, of each kind.
        for status in [301, 302, 303, 307, 308] {
            let answer = plain(&format!("{status} Go"), &format!("Location: {url}\r\n"), b"");
            let led = scene(&[&[PUBLIC], &["127.0.0.1"]], &answer, WebPolicy::default());
            let word = led.word(&Request::feed("http://news.example/", None, None)).await;
            assert_ne!(word, "fine", "{url}");
            let dialled = led.dialled();
            assert!(dialled.iter().all(|it| it.starts_with(PUBLIC)), "redirect to {url}: {dialled:?}");
        }

        // As a reader's own proxy.
        if let Ok(private) = Private::new().proxy(url) {
            let request = Request {
                private: Some(Arc::new(private)),
                ..Request::feed("http://news.example/", None, None)
            };
            let through = scene(&[&[PUBLIC], &["127.0.0.1"]], b"", WebPolicy::default());
            through.word(&request).await;
            if expect == "block" {
                assert_eq!(through.dialled(), [""; 0], "proxy {url}");
            }
        }
    }
}

#[tokio::test]
async fn names_of_the_house_are_refused_even_when_they_lead_outside() {
    for name in [
        "localhost",
        "db",
        "printer.local",
        "x.internal",
        "kubernetes.default.svc",
        "x.lan.",
        "1.in-addr.arpa",
    ] {
        let scene = scene(&[&[PUBLIC]], b"", WebPolicy::default());
        let word = scene.word(&Request::feed(&format!("http://{name}/"), None, None)).await;
        assert_eq!((word.as_str(), scene.dialled()), ("refused_address", vec![]), "{name}");
    }
}

/// The hosts of the 235 addresses, as that of a mail server, on the ports of mail and on the address's own.
#[tokio::test]
async fn no_mail_server_stands_at_a_forbidden_address() {
    let Some(path) = testkit::data("hostile/ssrf/urls.jsonl") else { return };
    let lines = std::fs::read_to_string(path).unwrap();
    let mut refused = 0;
    for line in lines.lines() {
        let case: Value = serde_json::from_str(line).unwrap();
        if matches!(case["expect"].as_str(), Some("allow" | "allow-or-block")) {
            continue;
        }
        let url = case["url"].as_str().unwrap();
        // As somebody would write it into the configuration; and as the address's own parser reads it.
        let written =
            url.split_once("://").map_or(url, |(_, rest)| rest).split(['/', '?', '#']).next().unwrap();
        let written = written.rsplit_once('@').map_or(written, |(_, host)| host);
        let read = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned));
        for host in [Some(written.to_owned()), read].into_iter().flatten() {
            for (port, cover) in [
                (993, imap::Cover::Tls),
                (143, imap::Cover::StartTls),
                (143, imap::Cover::Plain),
                (6379, imap::Cover::Tls),
            ] {
                let inside = scene(&[&["127.0.0.1", "10.0.0.1"]], b"", WebPolicy::default());
                let opened = inside.web.mail_stream(&host, port, cover).await;
                let dialled = inside.dialled();
                assert!(opened.is_err() && dialled.is_empty(), "{host}:{port}: {dialled:?}");
                refused += 1;
            }
        }
    }
    assert!(800 < refused, "{refused}");
}

#[tokio::test]
async fn what_the_owner_allows_by_name_is_allowed_on_every_port_and_nothing_else_is() {
    let policy = || WebPolicy {
        allow_networks: vec!["192.168.7.0/24".parse::<Network>().unwrap()],
        ..WebPolicy::default()
    };
    let cases = [
        ("http://192.168.7.9:6379/", vec!["192.168.7.9:6379"]),
        ("http://192.168.8.9/", vec![]),
        ("http://127.0.0.1/", vec![]),
        ("http://[::ffff:192.168.7.9]/", vec!["[::ffff:192.168.7.9]:80"]),
        // The name service says 192.168.7.1.
        ("http://nas.lan:8123/", vec!["192.168.7.1:8123"]),
        ("http://nas/", vec!["192.168.7.1:80"]),
    ];
    for (url, expected) in cases {
        let scene = scene(&[&["192.168.7.1"]], b"", policy());
        scene.word(&Request::feed(url, None, None)).await;
        assert_eq!(scene.dialled(), expected, "{url}");
    }
}

#[tokio::test]
async fn this_server_is_not_made_to_ask_itself() {
    let policy = WebPolicy { own_hosts: vec!["tidings.example".into()], ..WebPolicy::default() };
    let scene = scene(&[&[PUBLIC]], b"", policy);
    let word = scene.word(&Request::feed("https://Tidings.Example./x", None, None)).await;
    assert_eq!((word.as_str(), scene.dialled()), ("refused_address", vec![]));
}

/// The plays in which the name service lies, changes its mind or says nothing.
#[tokio::test(start_paused = true)]
async fn the_number_that_was_checked_is_the_number_connected() {
    let Some(path) = testkit::data("hostile/ssrf/scenarios.json") else { return };
    let plays: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(plays.len(), 22);
    let expected = |id: &str| match id {
        "rebind-1" | "mixed-a" | "a-public-aaaa-private" | "1000-answers" => "connect",
        "rebind-2" | "aaaa-mapped" | "cname-localhost" => "refused_address",
        "nxdomain" | "servfail-then-ok" => "dns",
        "timeout" => "timeout",
        other => panic!("a new play: {other}"),
    };
    for play in plays.iter().filter(|play| play["answers"][0].is_array()) {
        let answers: Vec<Vec<&str>> = play["answers"].as_array().unwrap().iter().map(strings).collect();
        let answers: Vec<&[&str]> = answers.iter().map(Vec::as_slice).collect();
        let scene = scene(&answers, b"", WebPolicy::default());
        let id = play["id"].as_str().unwrap();
        let word = scene.word(&Request::feed("http://news.example/", None, None)).await;
        assert_eq!(word, expected(id), "{id}");
        let dialled = scene.dialled();
        assert!(dialled.len() <= 4 && dialled.iter().all(|it| it.starts_with(PUBLIC)), "{id}: {dialled:?}");
    }
}

fn strings(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().filter_map(Value::as_str).collect()
}

/// The plays with redirects (each `Location` in every play is tried).
#[tokio::test]
async fn each_hop_is_checked() {
    let Some(path) = testkit::data("hostile/ssrf/scenarios.json") else { return };
    let plays: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let expected = |id: &str| match id {
        "redirect-loop" | "redirect-auth-leak" | "redirect-https-to-http" => "too_many_redirects",
        _ => "refused_address",
    };
    let mut played = 0;
    for play in &plays {
        for answer in play["answers"].as_array().unwrap().iter().filter_map(Value::as_str) {
            let Some((status, location)) = answer.split_once(" Location: ") else { continue };
            let location = if location == "self" { "/" } else { location }.replace("https:", "http:");
            let answer = plain(&format!("{status} Go"), &format!("Location: {location}\r\n"), b"");
            let scene = scene(&[&[PUBLIC]], &answer, WebPolicy::default());
            let id = play["id"].as_str().unwrap();
            assert_eq!(
                scene.word(&Request::feed("http://news.example/", None, None)).await,
                expected(id),
                "{id}"
            );
            let dialled = scene.dialled();
            assert!(dialled.iter().all(|it| it.starts_with(PUBLIC)), "{id}: {dialled:?}");
            assert!(scene.sockets.heard.lock().unwrap().len() <= 11, "{id}");
            played += 1;
        }
    }
    assert_eq!(played, 11);
}

#[tokio::test]
async fn secrets_stay_with_the_site_they_were_given_for() {
    let private =
        Private::new().login("ann", "s3cret").cookie("session=1").unwrap().header("X-Key", "k").unwrap();
    let cases = [
        // (where it sends us, whether the second request carries the secrets)
        ("/other", true),
        ("http://news.example:8080/", false),
        ("http://other.example/", false),
        ("http://user:word@other.example/", false),
    ];
    for (location, carried) in cases {
        let answer = plain("302 Found", &format!("Location: {location}\r\n"), b"");
        let scene = scene(&[&[PUBLIC]], &answer, WebPolicy { redirects: 1, ..WebPolicy::default() });
        let request = Request {
            private: Some(Arc::new(private.clone())),
            ..Request::feed("http://news.example/", None, None)
        };
        scene.word(&request).await;
        let heard = scene.sockets.heard.lock().unwrap().clone();
        assert_eq!(heard.len(), 2, "{location}");
        let carries = |request: &str| {
            ["authorization: Basic YW5uOnMzY3JldA==\r\n", "cookie: session=1\r\n", "x-key: k\r\n"]
                .map(|line| request.contains(line))
        };
        assert_eq!(carries(&heard[0]), [true; 3]);
        assert_eq!(carries(&heard[1]), [carried; 3], "{location}");
        assert!(carried || !heard[1].contains("authorization"), "{location}");
    }
}

#[tokio::test]
async fn a_login_in_the_address_is_sent_as_a_login_and_not_as_an_address() {
    let scene = scene(&[&[PUBLIC]], &plain("200 OK", "", b"x"), WebPolicy::default());
    let outcome = scene.web.fetch(&Request::feed("http://ann:p%40ss@news.example/f#top", None, None)).await;
    let Outcome::Fresh(document) = outcome else { panic!("{outcome:?}") };
    assert_eq!(document.address, "http://news.example/f");
    let heard = scene.sockets.heard.lock().unwrap().clone();
    assert!(
        heard[0].starts_with("GET /f HTTP/1.1\r\n") && heard[0].contains("host: news.example\r\n"),
        "{}",
        heard[0]
    );
    assert!(heard[0].contains("authorization: Basic YW5uOnBAc3M=\r\n"), "{}", heard[0]);
}

#[test]
fn headers_with_which_one_could_be_somebody_else_are_refused() {
    let reserved = [
        "Host",
        "Remote-User",
        "X-WebAuth-User",
        "X-Forwarded-For",
        "x_forwarded_user",
        "Forwarded",
        "Authorization",
        "Cookie",
        "Connection",
        "Transfer-Encoding",
        "Proxy-Authorization",
        "X-Real-IP",
        "Content-Length",
        "X-Auth-Request-Email",
        "Tailscale-User-Login",
        "X-authentik-username",
        "Cf-Access-Authenticated-User-Email",
    ];
    for name in reserved {
        assert!(Private::new().header(name, "root").is_err(), "{name}");
    }
    for name in ["User-Agent", "X-Api-Key", "Accept-Language", "X-Csrf-Token"] {
        assert!(Private::new().header(name, "x").is_ok(), "{name}");
    }
    for (name, value) in [("X-A", "a\r\nHost: b"), ("X-A", "a\0"), ("X A", "a"), ("X-A:", "a"), ("", "a")] {
        assert!(Private::new().header(name, value).is_err(), "{name:?}: {value:?}");
    }
}

#[tokio::test]
async fn a_proxy_is_asked_for_the_number_that_was_checked() {
    let policy = WebPolicy { proxy: Some(format!("http://u:p@{PUBLIC}:3128")), ..WebPolicy::default() };
    let scene = scene(&[&["1.1.1.1"]], &plain("200 OK", "", b"x"), policy);
    scene.word(&Request::feed("http://news.example/", None, None)).await;
    assert_eq!(scene.dialled(), [format!("{PUBLIC}:3128")]);
    let heard = scene.sockets.heard.lock().unwrap().clone();
    assert_eq!(
        heard[0],
        "CONNECT 1.1.1.1:80 HTTP/1.1\r\nHost: 1.1.1.1:80\r\nProxy-Authorization: Basic dTpw\r\n\r\n"
    );
}
