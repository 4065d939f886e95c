//! Every way out of the house, in one list; and all of them tried with every spelling of an address that is none of a
//! stranger's business. The real house, the real guard; the name service and the sockets are fakes that count.
//!
//! To add a caller of the network: a line in [`CALLS`], a [`WayOut`] if it is a new one, and what leads there in
//! [`Lures::answer`].

mod outside;

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use fetch::{Message, Method, Web, WebPolicy};
use news::{Access, SourceKind};
use pipeline::Stop;
use store::{NewSource, Stage};
use tower::ServiceExt;

use crate::config::{self, Flags};
use crate::house::House;
use outside::{LOOP, Lures, Names, OUTSIDE, PUBLIC, Play, TURNING, Wires, plays};

/// What somebody outside can make us ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum WayOut {
    /// An address that a reader wants to follow is looked at, and what it may have meant.
    Following,
    /// A page without a feed is looked at before it is followed.
    Preview,
    /// A source is refreshed: as it was given, imported, offered by a page, or as it moved.
    Source,
    /// A source says where more of it is: next pages, sitemaps of an index.
    ReadingOn,
    /// The page of an entry.
    Page,
    /// Its site's robots.txt.
    Robots,
    /// A picture of an article.
    Picture,
    /// Where a reader wants to be told of news.
    Webhook,
    /// The hub that a source names.
    Hub,
    /// The mail server that the owner names.
    Mailbox,
}

/// File and call; and which way out each of these calls is. A caller that is not here fails the test below.
const CALLS: &[(&str, &str, &[WayOut])] = &[
    ("app/src/alerts.rs", "sender.send(", &[WayOut::Webhook]),
    ("app/src/sources.rs", "Request::feed(", &[WayOut::Following]),
    ("app/src/sources.rs", "Request::visit(", &[WayOut::Preview]),
    ("deliver/src/web/pictures/mod.rs", "Request::image(", &[WayOut::Picture]),
    ("fetch/src/web.rs", "Request::robots(", &[WayOut::Robots]),
    ("pipeline/src/mailbox.rs", "imap::open(", &[WayOut::Mailbox]),
    ("pipeline/src/stages/extract.rs", "Request::page(", &[WayOut::Page]),
    ("pipeline/src/stages/refresh.rs", "Request::feed(", &[WayOut::Source, WayOut::ReadingOn]),
    ("pipeline/src/stages/subscribe.rs", "sender.send(", &[WayOut::Hub]),
];

/// With these words something is asked of the network.
const WORDS: &[&str] = &[
    "Request::feed(",
    "Request::page(",
    "Request::visit(",
    "Request::image(",
    "Request::robots(",
    "fetch::Request {",
    "sender.send(",
    "imap::open(",
    "SystemDialer",
];

#[test]
fn whoever_asks_the_network_is_on_the_list() {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = BTreeMap::new();
    for file in sources(&crates) {
        let name = file.strip_prefix(&crates).expect("below it").to_string_lossy().replace('\\', "/");
        // Tests ask nobody; `fetch` itself makes the calls and the sockets; this is the list.
        let passed_over =
            name.contains("/tests") || name.ends_with("ways_out.rs") || name.contains("fetch/src/");
        let text = std::fs::read_to_string(&file).expect("a source file");
        for word in WORDS
            .iter()
            .filter(|word| !passed_over || **word == "Request::robots(" && name.ends_with("fetch/src/web.rs"))
        {
            let times = text.matches(word).count();
            if 0 < times {
                found.insert((name.clone(), (*word).to_owned()), times);
            }
        }
    }
    let listed =
        CALLS.iter().map(|(file, word, ways)| (((*file).to_owned(), (*word).to_owned()), ways.len()));
    assert_eq!(found, listed.collect(), "a new caller of the network: add it to CALLS, and what leads to it");
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|it| it == "rs")
            && path.components().any(|it| it.as_os_str() == "src")
        {
            found.push(path);
        }
    }
    found
}

/// Leads a whole house to all of the addresses, on every way out.
async fn lead(lures: &Arc<Lures>, plays: Vec<Play>, allow: Vec<fetch::Network>) {
    let folder = tempfile::tempdir().expect("a folder");
    let flags = Flags::default().with("data", folder.path().display());
    // Hubs are asked only by whom they can reach.
    let flags = flags.with("server.public", "https://reader.example");
    let config = config::load(&flags).expect("a configuration");
    let wires = lures.clone();
    let house = House::with(config, |policy| {
        let connect_timeout = Duration::from_millis(300);
        let policy = WebPolicy { pause: Duration::ZERO, connect_timeout, allow_networks: allow, ..policy };
        Web::with(policy, Arc::new(Names::new(plays)), Arc::new(Wires(wires)))
    })
    .expect("a house");
    let reader = house.reader_id().await.expect("a reader");

    // Following: looked at first, or taken as it is, or offered by a page.
    for address in lures.addresses.iter().chain(&lures.offers()) {
        let _ = house.app.add(reader, address, None, false).await;
        let _ = house.app.add(reader, address, None, true).await;
        let _ = house.app.preview(address, None).await;
    }
    let lines = lures.addresses.join("\n");
    let _ = house.app.import(reader, lines.as_bytes(), true, &|_, _| ()).await;
    // Past the door at which addresses are looked at, as if it had been forgotten; and what lures.
    for address in lures.addresses.iter().chain(&lures.sources()) {
        let kind = SourceKind::Feed;
        let new = NewSource { address: address.clone(), kind, title: None, site: None, language: None };
        let source = house.store.add_source(&new, house.clocks.news.now()).await.expect("a source");
        house.app.subscribe(reader, source, None, None).await.expect("followed");
    }
    // As the proxy that a reader names for a source.
    for (n, address) in lures.addresses.iter().enumerate() {
        let (address, proxy) = (format!("http://proxied{OUTSIDE}/feed/{n}"), Some(address.clone()));
        let new = NewSource { address, kind: SourceKind::Feed, title: None, site: None, language: None };
        let source = house.store.add_source(&new, house.clocks.news.now()).await.expect("a source");
        house.app.subscribe(reader, source, None, None).await.expect("followed");
        let _ = house.app.set_access(reader, source, Access { proxy, ..Access::default() }).await;
    }
    work(&house).await;

    // The hubs that sources have named by now: each is written down, and none has been reached.
    let hubs = house.store.subscriptions().await.expect("subscriptions");
    let tried = hubs.iter().filter(|it| it.trouble.is_some() && it.until.is_none()).count();
    assert!(lures.addresses.len() / 2 < tried, "{tried} hubs were tried");
    // The mail server, by the host of each address: as it is written, and as it is read.
    for address in &lures.addresses {
        let written =
            address.split("//").nth(1).unwrap_or(address).split(['/', '?', '#']).next().unwrap_or("");
        for host in
            [written.rsplit('@').next().map(str::to_owned), news::host_of(address)].into_iter().flatten()
        {
            for cover in [fetch::imap::Cover::Tls, fetch::imap::Cover::StartTls, fetch::imap::Cover::Plain] {
                let (user, password, folder) = ("ann".into(), "s3cret".into(), "INBOX".into());
                let folder =
                    fetch::imap::Folder { host: host.clone(), port: 143, cover, user, password, folder };
                // What leads outside reaches a server that has nothing to say to a reader of mail.
                let opening = fetch::imap::open(&house.web, &folder, 0, 0, false);
                let _ = tokio::time::timeout(Duration::from_secs(1), opening).await;
            }
        }
    }

    // What is sent to webhooks, by the door that is handed to whoever sends it; redirects of every kind too.
    let hooks = (0..lures.addresses.len()).map(|n| format!("http://hooks{OUTSIDE}/away/{n}"));
    for address in lures.addresses.iter().cloned().chain(hooks) {
        let (method, content_type) = (Method::Post, "application/json".to_owned());
        let message = Message { method, address, content_type, headers: Vec::new(), body: b"{}".to_vec() };
        let _ = house.sender.send(&message).await;
    }

    // What the pages of articles show, through the pages themselves.
    let settings = deliver::web::Settings {
        hosts: Vec::new(),
        listen: ([127, 0, 0, 1], 8700).into(),
        reader: house.config.reader.clone(),
        data: None,
        repairs_for_everyone: false,
    };
    let pages = deliver::web::router(house.app.clone(), settings);
    let articles = house.store.counts().await.expect("counts").articles;
    for article in 1..=articles {
        let html = get(&pages, &format!("/article/{article}")).await;
        for (at, _) in html.match_indices("/image?") {
            let address =
                html[at..].split('"').next().unwrap_or("").replace("&amp;", "&").replace("&#38;", "&");
            get(&pages, &address).await;
        }
    }
}

async fn get(pages: &axum::Router, path: &str) -> String {
    let request = axum::http::Request::builder().uri(path).header("host", "localhost:8700");
    let request = request.body(axum::body::Body::empty()).expect("a request");
    let answer = pages.clone().oneshot(request).await.expect("an answer");
    let body = axum::body::to_bytes(answer.into_body(), 32 << 20).await.expect("a body");
    String::from_utf8_lossy(&body).into_owned()
}

/// Refreshes and extracts until nothing is left to do.
async fn work(house: &House) {
    let stages = [Stage::Refresh, Stage::Extract, Stage::Subscribe];
    let (tell, stop) = Stop::new();
    let running = house.start(&stages, &stop).await.expect("stages");
    loop {
        tokio::time::sleep(Duration::from_millis(20)).await;
        let load = house.store.load(house.clocks.machine.now()).await.expect("a load");
        let left: u64 =
            load.iter().filter(|it| stages.contains(&it.stage)).map(|it| it.waiting + it.leased).sum();
        let due = house.store.next_due().await.expect("a date");
        let hubs = house.store.enqueue_subscriptions(house.clocks.news.now()).await.expect("hubs");
        if hubs == 0 && left == 0 && due.is_none_or(|due| house.clocks.news.now() < due) {
            break;
        }
    }
    let _ = tell.send(true);
    running.join_all().await;
}

/// Spellings of what is inside, in our own words; the data has many more.
const INSIDE: &[&str] = &[
    "http://127.0.0.1/",
    "http://127.1/",
    "http://0/",
    "http://2130706433/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://localhost/",
    "http://printer.local/",
    "http://inside.example/",
    "http://10.1.2.3/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[::1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[fd00::1]/",
    "http://[fe80::1]/",
    "http://user:secret@127.0.0.1/",
    "http://127.0.0.1:6379/",
    "https://127.0.0.1/",
    "file:///etc/passwd",
    "gopher://127.0.0.1/",
    "ftp://127.0.0.1/",
    "//127.0.0.1/x",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_way_out_leads_inside() {
    let mut addresses: Vec<String> = INSIDE.iter().map(|it| (*it).to_owned()).collect();
    if let Some(path) = testkit::data("hostile/ssrf/urls.jsonl") {
        let lines = std::fs::read_to_string(path).expect("the addresses");
        for line in lines.lines() {
            let case: serde_json::Value = serde_json::from_str(line).expect("JSON");
            let (url, expect) =
                (case["url"].as_str().expect("an address"), case["expect"].as_str().unwrap_or(""));
            // What leads outside may be asked.
            if !expect.starts_with("allow") {
                addresses.push(url.to_owned());
            }
        }
    }
    let plays = plays();
    assert!(testkit::data("hostile/ssrf/scenarios.json").is_none() || 10 < plays.len(), "{plays:?}");
    addresses.push(LOOP.into());
    addresses.extend((0..plays.len()).map(|n| format!("http://{n}{TURNING}/")));
    let lures = Lures::new(addresses);
    lead(&lures, plays, Vec::new()).await;
    let inside: Vec<SocketAddr> = lures
        .dialled
        .lock()
        .expect("a list")
        .iter()
        .filter(|it| it.ip() != IpAddr::from(PUBLIC))
        .copied()
        .collect();
    assert_eq!(inside, [], "somebody was connected to");
    let asked = lures.asked.lock().expect("a list").clone();
    // The first play leads outside every other time, so those are really played.
    assert!(
        asked.iter().any(|it| it.starts_with(&format!("0{TURNING}/")))
            && asked.contains("loop.outlet.example/loop")
    );
    for n in 0..lures.addresses.len() {
        for lure in [
            format!("news{OUTSIDE}/away/{n}"),
            format!("next{OUTSIDE}/next/{n}"),
            format!("maps{OUTSIDE}/maps/{}", n / 3),
            format!("offers{OUTSIDE}/offer/{n}"),
            format!("pages{OUTSIDE}/gone/{n}"),
            format!("r{n}{OUTSIDE}/robots.txt"),
            format!("pictures{OUTSIDE}/moved.png/{n}"),
            format!("hooks{OUTSIDE}/away/{n}"),
        ] {
            assert!(asked.contains(&lure), "{lure} was not asked for, so nothing was tried there");
        }
    }
}

/// The same with loopback allowed by name: then somebody is connected to, so the test above can fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_owner_allows_it_they_lead_inside() {
    let lures = Lures::new(vec!["http://127.0.0.1:4001/".into()]);
    lead(&lures, Vec::new(), fetch::Network::loopback()).await;
    let dialled = lures.dialled.lock().expect("a list").clone();
    assert!(dialled.contains(&"127.0.0.1:4001".parse().expect("an address")), "{dialled:?}");
}
