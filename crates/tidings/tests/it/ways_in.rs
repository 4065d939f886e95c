//! What comes by itself: a hub of our own that pushes, a newsletter that is mailed, a folder of mail that is read.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    home::{Home, Served},
    web::{Site, entry, get, rss},
};

/// Says it to a server and reads the answer to its end.
fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.write_all(request).expect("said");
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    answer
}

fn form(body: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((&first, others)) = rest.split_first() {
            let hex = (first == b'%')
                .then(|| u8::from_str_radix(std::str::from_utf8(&others[..2]).unwrap(), 16).unwrap());
            bytes.push(hex.unwrap_or(if first == b'+' { b' ' } else { first }));
            rest = if hex.is_some() { &others[2..] } else { others };
        }
        String::from_utf8(bytes).unwrap()
    };
    body.split('&')
        .filter_map(|it| it.split_once('='))
        .map(|(key, value)| (decoded(key), decoded(value)))
        .collect()
}

/// A hub: takes subscriptions for so many seconds, asks back at once, and tells the test of each that was verified.
fn hub(lease: u32) -> (String, mpsc::Receiver<Vec<(String, String)>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = format!("http://{}/", listener.local_addr().expect("an address"));
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut length, mut line) = (0, String::new());
            while reader.read_line(&mut line).is_ok() && line != "\r\n" && !line.is_empty() {
                if let Some(it) = line.to_lowercase().strip_prefix("content-length:") {
                    length = it.trim().parse().unwrap_or(0);
                }
                line.clear();
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            let mut asked = form(&String::from_utf8_lossy(&body));
            let of = |name: &str| {
                asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
            };
            // Asks back before it answers: the harder order of the two.
            let (host, path) = at(&of("hub.callback"));
            let query = format!(
                "hub.mode={}&hub.topic={}&hub.challenge=ch%26llenge&hub.lease_seconds={lease}",
                of("hub.mode"),
                of("hub.topic")
            );
            let answer =
                exchange(&host, format!("GET {path}?{query} HTTP/1.0\r\nhost: {host}\r\n\r\n").as_bytes());
            asked.push(("answer".into(), answer));
            let _ = tell.send(asked);
            let mut stream = stream;
            let _ = write!(stream, "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }
    });
    (address, told)
}

/// `http://host:port/path` in its two parts.
fn at(address: &str) -> (String, String) {
    let rest = address.strip_prefix("http://").expect("an address");
    let (host, path) = rest.split_once('/').expect("a path");
    (host.into(), format!("/{path}"))
}

fn post(address: &str, path: &str, signature: &str, body: &str) -> String {
    let head = format!(
        "POST {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: application/rss+xml\r\n{signature}content-length: {}\r\n\r\n",
        body.len()
    );
    let answer = exchange(address, format!("{head}{body}").as_bytes());
    answer.lines().next().unwrap_or_default().to_owned()
}

fn signed(secret: &str, body: &str) -> String {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let tag = ring::hmac::sign(&key, body.as_bytes());
    let hex: String = tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("X-Hub-Signature: sha256={hex}\r\n")
}

/// Looks again and again, for ten seconds, until it is there. Answers how long that took.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> (T, Duration) {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(20) {
        if let Some(found) = look() {
            return (found, begun.elapsed());
        }
        thread::yield_now();
    }
    panic!("never came: {what}");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").expect("loopback").local_addr().expect("an address").port()
}

impl Home {
    fn source(&self, source: i64) -> Value {
        let all = self.json(&["sources"]);
        all.as_array().expect("a list").iter().find(|it| it["source"] == source).expect("the source").clone()
    }
}

#[test]
fn what_a_hub_pushes_is_stored_within_seconds_and_only_what_it_signed() {
    let (hub, told) = hub(864_000);
    let first = entry("1", "Ferry runs again", "Mon, 02 Jan 2023 10:00:00 GMT");
    let links = format!("<link xmlns=\"http://www.w3.org/2005/Atom\" rel=\"hub\" href=\"{hub}\"/>");
    let document = |entries: &str| rss(&format!("{links}{entries}"));
    let feed = Site::says("200 OK", "application/rss+xml", document(&first)).serve();
    let port = free_port();
    let home = Home::new();
    let added = home.json(&["add", "--unchecked", &feed]);
    let source = added["source"].as_i64().expect("a number");
    let public = format!("http://127.0.0.1:{port}");
    let served = home.serve_with(&[
        "--set",
        &format!("server.public={public}"),
        "--listen",
        &format!("127.0.0.1:{port}"),
    ]);

    let asked = told.recv_timeout(Duration::from_secs(60)).expect("the hub is asked");
    let of = |name: &str| {
        asked.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    assert_eq!(
        (of("hub.mode").as_str(), of("hub.topic").as_str()),
        ("subscribe", format!("{feed}/").as_str())
    );
    let answer = of("answer");
    assert!(answer.contains(" 200 ") && answer.ends_with("\r\n\r\nch&llenge"), "{answer}");
    assert!(answer.contains("content-type: text/plain"), "{answer}");
    let (host, path) = at(&of("hub.callback"));
    assert_eq!(host, served.address);

    // Asked once more, when nothing is pending: not ours.
    let (status, _) = get(
        &host,
        &format!("{path}?hub.mode=subscribe&hub.topic={feed}/&hub.challenge=x&hub.lease_seconds=9"),
    );
    assert!(status.contains(" 404 "), "{status}");

    let second = entry("2", "Bridge is painted blue", "Mon, 02 Jan 2023 11:00:00 GMT");
    let body = document(&format!("{second}{first}"));
    for wrong in ["", "X-Hub-Signature: sha256=00\r\n", &signed("guessed", &body)] {
        let status = post(&host, &path, wrong, &body);
        assert!(status.contains(" 202 "), "who tries keys learns nothing: {status}");
    }
    let status = post(&host, &format!("{path}0"), &signed(&of("hub.secret"), &body), &body);
    assert!(status.contains(" 410 "), "{status}");
    assert_eq!(home.source(source)["entries"], 1, "nothing of that was believed");

    let begun = Instant::now();
    let status = post(&host, &path, &signed(&of("hub.secret"), &body), &body);
    let acknowledged = begun.elapsed();
    assert!(status.contains(" 202 "), "{status}");
    let (_, took) = until("the pushed entry", || {
        let (_, page) = get(&host, &format!("/newest?source={source}"));
        page.contains("Bridge is painted blue").then_some(())
    });
    eprintln!("acknowledged after {acknowledged:?}, on the page after another {took:?}");
    assert!(took < Duration::from_secs(10), "{took:?}");
    let known = home.source(source);
    assert!(known["last_pushed"].is_i64(), "{known}");

    // Nobody follows it any more: the hub is asked to stop.
    assert!(home.run(&["remove", &source.to_string()]).status.success());
    let asked = told.recv_timeout(Duration::from_secs(60)).expect("the hub is asked to stop");
    assert!(asked.contains(&("hub.mode".into(), "unsubscribe".into())), "{asked:?}");
    until("the end of it", || post(&host, &path, "", "x").contains(" 410 ").then_some(()));
}

#[test]
fn a_subscription_is_renewed_before_it_ends() {
    let (hub, told) = hub(3_600);
    let links = format!("<link xmlns=\"http://www.w3.org/2005/Atom\" rel=\"hub\" href=\"{hub}\"/>");
    let first = entry("1", "Ferry runs again", "Mon, 02 Jan 2023 10:00:00 GMT");
    let feed = Site::says("200 OK", "application/rss+xml", rss(&format!("{links}{first}"))).serve();
    let home = Home::new();
    // Ten minutes pass in a second, from a moment in the past on: half of the lease is over in three.
    let clock = ["--set", "clock=1672660800@600"];
    home.json(&[&clock[..], &["add", "--unchecked", &feed]].concat());
    let port = free_port();
    let (listen, public) = (format!("127.0.0.1:{port}"), format!("server.public=http://127.0.0.1:{port}"));
    let _served = home.serve_with(&[&clock[..], &["--set", &public, "--listen", &listen]].concat());
    let asked: Vec<_> =
        (0..3).map(|_| told.recv_timeout(Duration::from_secs(60)).expect("the hub is asked")).collect();
    let of = |n: usize, name: &str| {
        asked[n].iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()).unwrap_or_default()
    };
    for n in 0..3 {
        assert_eq!(of(n, "hub.mode"), "subscribe");
        assert!(of(n, "answer").ends_with("\r\n\r\nch&llenge"), "it is meant, each time: {asked:?}");
        assert_eq!(of(n, "hub.callback"), of(0, "hub.callback"), "what is pushed meanwhile still comes in");
    }
}

/// A served home that takes mail in, and where.
fn takes_mail(home: &Home) -> (Served, String) {
    let mail = ["--set", "mail.listen=127.0.0.1:0", "--set", "mail.domain=news.example"];
    let served = home.serve_with(&[&["--listen", "127.0.0.1:0"], &mail[..]].concat());
    let address = served.mail_address();
    (served, address)
}

fn send(server: &str, to: &str, mail: &str) -> String {
    let says = format!(
        "EHLO x\r\nMAIL FROM:<bounce@mailer.example>\r\nRCPT TO:<{to}>\r\nDATA\r\n{}\r\n.\r\nQUIT\r\n",
        mail.replace('\n', "\r\n")
    );
    exchange(server, says.as_bytes())
}

const NEWSLETTER: &str = "From: The Harbour Post <post@harbour.example>
Subject: =?utf-8?q?F=C3=A4hre?= runs again
Date: Mon, 02 Jan 2023 10:00:00 GMT
Message-ID: <1@harbour.example>
List-Unsubscribe: <https://harbour.example/leave>
Content-Type: text/html; charset=utf-8

<table><tr><td>Trouble? <a href='https://mailer.example/ls/click?upn=x'>View in your browser</a></td></tr>
<tr><td><p>The ferry <a href='https://click.mailer.example/1/aHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk_dXRtX3NvdXJjZT1t'>runs again</a>.</p>
<script>alert(1)</script><p onclick='alert(1)'>Nine times a day, the harbour says, and twice at night.</p></td></tr>
<tr><td><img src='https://mailer.example/open.gif' width='1' height='1'><a href='https://harbour.example/u'>Unsubscribe</a></td></tr></table>";

#[test]
fn a_newsletter_that_is_mailed_is_an_article_like_any_other() {
    let home = Home::new();
    let mail = ["--set", "mail.listen=127.0.0.1:0", "--set", "mail.domain=news.example"];
    let made = home.json(&[&mail[..], &["newsletter", "Harbour Post", "--folder", "Letters"]].concat());
    let address = made["address"].as_str().expect("an address").to_owned();
    let source = made["source"].as_i64().expect("a number");
    let (served, server) = takes_mail(&home);

    let answers = send(&server, &address, NEWSLETTER);
    assert!(answers.contains("\r\n250 kept\r\n"), "{answers}");
    let (page, _) = until("the mail", || {
        let (_, page) = get(&served.address, &format!("/newest?source={source}"));
        page.contains("/article/").then_some(page)
    });
    assert!(page.contains("Fähre runs again"), "{page}");
    let article = page.split("/article/").nth(1).and_then(|it| it.split('"').next()).expect("a number");
    let (status, page) = get(&served.address, &format!("/article/{article}"));
    assert!(status.contains(" 200 ") && page.contains("Nine times a day"), "{page}");
    assert!(page.contains("href=\"https://harbour.example/ferry\""), "the counter is undone: {page}");
    for gone in ["alert(1)", "open.gif", "View in your browser", "Unsubscribe", "mail://", "click.mailer"] {
        assert!(!page.contains(gone), "{gone}: {page}");
    }
    assert!(page.contains("The Harbour Post"), "{page}");
    let (_, page) = get(&served.address, &format!("/source/{source}"));
    for shown in ["https://harbour.example/leave", "post@harbour.example", &address, "Last mail"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let (_, list) = get(&served.address, "/sources/export.opml");
    assert!(!list.contains(&address), "an address that can be written to is given to nobody: {list}");

    // The same mail once more is no news; a mail to nobody is refused.
    assert!(send(&server, &address, NEWSLETTER).contains("250 kept"));
    assert!(send(&server, "someone@news.example", NEWSLETTER).contains("\r\n550 "));
    let question = "From: post@harbour.example\nSubject: Please confirm your subscription\n\nOpen this:\nhttps://harbour.example/confirm/7\n";
    assert!(send(&server, &address, question).contains("250 kept"));
    let (known, _) = until("the question", || {
        let known = home.source(source);
        known["confirm"].is_string().then_some(known)
    });
    assert_eq!(
        (&known["entries"], known["confirm"].as_str()),
        (&2.into(), Some("https://harbour.example/confirm/7"))
    );
    let (_, page) = get(&served.address, &format!("/source/{source}"));
    assert!(page.contains("href=\"https://harbour.example/confirm/7\""), "{page}");
    // Asking all sources does not stumble over one that is never asked.
    home.json(&["refresh", "--all"]);
    let doctor = home.json(&["doctor"]);
    assert_eq!(doctor["complaints"].as_array().map(Vec::len), Some(0), "{doctor}");
}

#[test]
fn nothing_that_was_acknowledged_is_lost_when_the_power_goes() {
    let home = Home::new();
    let mail = ["--set", "mail.listen=127.0.0.1:0", "--set", "mail.domain=news.example"];
    let made = home.json(&[&mail[..], &["newsletter", "Harbour Post"]].concat());
    let address = made["address"].as_str().expect("an address").to_owned();
    let source = made["source"].as_i64().expect("a number");
    let mut acknowledged = 0u64;
    for round in 0..6 {
        let (served, server) = takes_mail(&home);
        // Killed right after an acknowledgement, or somewhere between DATA and it.
        let mut stream = TcpStream::connect(&server).expect("it listens");
        let mail = NEWSLETTER.replace("<1@", &format!("<{round}@")).replace('\n', "\r\n");
        let says =
            format!("EHLO x\r\nMAIL FROM:<a@b.example>\r\nRCPT TO:<{address}>\r\nDATA\r\n{mail}\r\n.\r\n");
        let cut = if round % 2 == 0 { says.len() } else { says.len() - 3 - round };
        stream.write_all(&says.as_bytes()[..cut]).expect("said");
        if round % 2 == 0 {
            let mut heard = String::new();
            let mut answers = BufReader::new(stream.try_clone().expect("a stream"));
            while !heard.contains("250 kept\r\n") && answers.read_line(&mut heard).expect("heard") != 0 {}
            assert!(heard.contains("250 kept"), "{heard}");
            acknowledged += 1;
        }
        served.stop("-KILL");
    }
    // What the killed process had in hand is still on the queue, until its lease has run out.
    let entries = home.source(source)["entries"].as_u64().expect("a number");
    let doctor = home.json(&["doctor"]);
    assert_eq!(doctor["complaints"].as_array().map(Vec::len), Some(0), "{doctor}");
    let load = doctor["load"].as_array().expect("a list");
    let receive = load.iter().find(|it| it["stage"] == "receive").expect("the stage");
    let waiting = ["waiting", "leased", "later"].map(|it| receive[it].as_u64().expect("a number"));
    assert_eq!(entries + waiting.iter().sum::<u64>(), acknowledged, "{doctor}");
}

/// A mail server with one folder that anybody may read, three mails in it; remembers what it was told.
fn mail_server() -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let port = listener.local_addr().expect("an address").port();
    let heard = Arc::<Mutex<Vec<String>>>::default();
    let ears = heard.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let ears = ears.clone();
            thread::spawn(move || serve_mail(stream, &ears));
        }
    });
    (port, heard)
}

fn serve_mail(mut stream: TcpStream, heard: &Mutex<Vec<String>>) -> Option<()> {
    let mails: Vec<String> = (1..=3)
        .map(|n| {
            let list = if n == 3 { "List-Id: Bridge News <bridge.example>\n" } else { "" };
            format!("{list}{}", NEWSLETTER.replace("<1@", &format!("<imap{n}@"))).replace('\n', "\r\n")
        })
        .collect();
    stream.write_all(b"* OK ready\r\n").ok()?;
    let mut lines = BufReader::new(stream.try_clone().ok()?);
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line).ok()? == 0 {
            return None;
        }
        heard.lock().unwrap().push(line.trim_end().to_owned());
        let words: Vec<&str> = line.split_whitespace().collect();
        let mut answer = String::new();
        match words[1..] {
            ["EXAMINE", ..] => answer.push_str("* OK [UIDVALIDITY 42] valid\r\n"),
            ["UID", "FETCH", set, ..] if line.contains("BODY") => {
                let n: usize = set.parse().expect("a number");
                let mail = &mails[n - 1];
                answer = format!("* {n} FETCH (UID {n} BODY[] {{{}}}\r\n{mail})\r\n", mail.len());
            }
            ["UID", "FETCH", set, ..] => {
                let first: usize = set.split(':').next()?.parse().expect("a number");
                for n in first.min(mails.len())..=mails.len() {
                    answer.push_str(&format!("* {n} FETCH (UID {n} RFC822.SIZE {})\r\n", mails[n - 1].len()));
                }
            }
            _ => (),
        }
        stream.write_all(format!("{answer}{} OK done\r\n", words[0]).as_bytes()).ok()?;
    }
}

#[test]
fn newsletters_in_a_folder_of_mail_become_sources_and_are_read_once() {
    let (port, heard) = mail_server();
    let home = Home::new();
    let password = home.path("password");
    std::fs::write(&password, "s3cret\n").expect("written");
    let port = format!("imap.port={port}");
    let file = format!("imap.password_file={}", password.display());
    let folder = [
        "--set",
        "imap.host=127.0.0.1",
        "--set",
        &port,
        "--set",
        "imap.security=plain",
        "--set",
        "imap.user=ann",
        "--set",
        &file,
        "--set",
        "imap.folder=News",
    ];
    let refresh = || home.json(&[&folder[..], &["refresh"]].concat());
    assert_eq!(refresh()["new_entries"], 3);
    let mut titles: Vec<String> = home
        .json(&["sources"])
        .as_array()
        .expect("a list")
        .iter()
        .map(|it| format!("{}: {}", it["title"], it["entries"]))
        .collect();
    titles.sort();
    assert_eq!(titles, ["\"Bridge News\": 1", "\"The Harbour Post\": 2"]);
    heard.lock().unwrap().clear();
    assert_eq!(refresh()["new_entries"], 0);
    let told = heard.lock().unwrap().join("\n");
    assert!(told.contains("UID FETCH 4:*") && !told.contains("BODY"), "nothing is read twice: {told}");
    assert!(told.contains("LOGIN ann s3cret"), "{told}");
    let shown = home.run(&[&folder[..], &["config"]].concat());
    assert!(!String::from_utf8_lossy(&shown.stdout).contains("s3cret"));
}
