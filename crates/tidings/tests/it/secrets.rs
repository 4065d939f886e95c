//! Passwords, tokens and cookies of sources go to their sources and nowhere else: not into what is printed, logged,
//! shown, or exported. (The database and its copies hold them; those are their owner's alone.)

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::Stdio,
    sync::{Arc, Mutex},
    thread,
};

use crate::{
    home::{Home, said},
    web::{entry, get, nobody, rss},
};

/// A feed that is given to everybody; at `/locked` it is given to nobody. Remembers what it was told.
fn gate() -> (String, Arc<Mutex<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback");
    let address = listener.local_addr().expect("an address").to_string();
    let heard: Arc<Mutex<String>> = Arc::default();
    let told = heard.clone();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(stream.try_clone().expect("a stream")).lines();
            let head: Vec<String> =
                lines.by_ref().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            told.lock().expect("a list").push_str(&head.join("\n"));
            let asked = head.first().map_or("", String::as_str);
            let (status, body) = match asked {
                _ if asked.contains("/locked") => ("401 Unauthorized", String::new()),
                _ if asked.contains("/page") => ("200 OK", PAGE.into()),
                _ => ("200 OK", rss(&entry("1", "Ferry runs again", "Mon, 02 Jan 2023 10:00:00 GMT"))),
            };
            let kind = if body == PAGE { "text/html" } else { "application/rss+xml" };
            let _ = write!(
                &stream,
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
        }
    });
    (address, heard)
}

const PAGE: &str = "<title>Gazette</title><main><h2><a href=/1>Ferry runs aground off Lund Point in thick fog</a></h2>\
    <h2><a href=/2>Council votes to keep the night bus running</a></h2>\
    <h2><a href=/3>Beekeepers count their losses after a wet spring</a></h2></main>";

const SECRETS: &[&str] = &[
    "canary-in-address",
    "canary-password",
    "canary-token",
    "canary-cookie",
    "canary-header",
    "canary-proxy",
    "canary-mail",
    // As a login is sent: `ann:canary-in-address`, `ann:canary-password`.
    "YW5uOmNhbmFyeS1pbi1hZGRyZXNz",
    "YW5uOmNhbmFyeS1wYXNzd29yZA",
];

#[test]
fn what_a_source_wants_is_told_to_nobody_else() {
    let (gate, heard) = gate();
    let home = Home::new();
    let mut shown = String::new();
    let mut run = |args: &[&str], input: &str| {
        let mut command = home.command(&[&["-vvv"], args].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("it starts");
        child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("told");
        let output = child.wait_with_output().expect("it ends");
        let before = shown.len();
        shown.push_str(&said(&output));
        shown[before..].to_owned()
    };
    run(&["add", &format!("http://ann:canary-in-address@{gate}/open")], "");
    // What cannot be followed, and what is only looked at, is spoken of without it.
    run(&["add", &format!("http://ann:canary-in-address@{gate}/locked/open")], "");
    for words in [&["--selector", "h2 a"][..], &["--selector", "h2 a", "--json"], &["--selector", ".none"]] {
        run(
            &[
                &["add", "--page", "--preview"],
                words,
                &[&format!("http://ann:canary-in-address@{gate}/page")],
            ]
            .concat(),
            "",
        );
    }
    for path in ["password", "locked/password", "token", "locked/cookie", "header", "proxy"] {
        run(&["add", "--unchecked", &format!("http://{gate}/{path}")], "");
    }
    let numbers = home.json(&["sources"]);
    let number_of = |path: &str| {
        let found = numbers
            .as_array()
            .expect("a list")
            .iter()
            .find(|it| it["address"].as_str().is_some_and(|it| it.ends_with(&format!("{gate}/{path}"))));
        found.unwrap_or_else(|| panic!("{path}: {numbers}"))["source"].to_string()
    };
    let away = nobody().replace("http://", "http://ann:canary-proxy@");
    run(&["access", &number_of("password"), "--user", "ann"], "canary-password\n");
    run(&["access", &number_of("locked/password"), "--user", "ann"], "canary-password\n");
    run(&["access", &number_of("token"), "--token"], "canary-token\n");
    run(&["access", &number_of("locked/cookie"), "--cookie"], "session=canary-cookie\n");
    run(&["access", &number_of("header"), "--header", "X-Key: canary-header"], "");
    run(&["access", &number_of("proxy"), "--proxy", &away], "");
    let mail =
        ["--set", "imap.host=127.0.0.1", "--set", "imap.user=ann", "--set", "imap.password=canary-mail"];
    run(&[&mail[..], &["refresh", "--all"]].concat(), "");
    for words in [&["sources"][..], &["doctor"], &["config"], &["export"], &["signals"], &["edition"]] {
        run(&[&mail[..], words].concat(), "");
        run(&[&mail[..], &["--json"], words].concat(), "");
    }

    let served = home.serve_with(&["-vvv", "--listen", "127.0.0.1:0"]);
    for page in ["/", "/newest", "/sources", "/sources/export.opml", "/beliefs", "/follows"] {
        shown.push_str(&get(&served.address, page).1);
    }
    for source in numbers.as_array().expect("a list") {
        let (status, page) = get(&served.address, &format!("/source/{}", source["source"]));
        assert!(status.contains(" 200 "), "{status}");
        shown.push_str(&page);
    }
    shown.push_str(&served.heard());
    served.stop("-TERM");

    // They were really used, and there was really something to look through.
    let heard = heard.lock().expect("a list").clone();
    for sent in [
        "YW5uOmNhbmFyeS1pbi1hZGRyZXNz",
        "YW5uOmNhbmFyeS1wYXNzd29yZA",
        "canary-token",
        "canary-cookie",
        "canary-header",
    ] {
        assert!(heard.contains(sent), "{sent} was never sent: {heard}");
    }
    assert!(shown.contains("Beekeepers count their losses") && shown.contains("picks nothing"), "{shown}");
    assert!(50_000 < shown.len() && shown.contains("TRACE"), "{} bytes: {shown}", shown.len());
    for secret in SECRETS {
        let at = shown.find(secret);
        assert_eq!(
            at,
            None,
            "{secret}: {}",
            at.map_or("", |at| &shown[at.saturating_sub(200)..(at + 300).min(shown.len())])
        );
    }
}
