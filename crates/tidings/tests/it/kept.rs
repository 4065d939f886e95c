//! What was answered is kept, whenever the power goes.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
};

use serde_json::Value;

use crate::{
    home::Home,
    web::{Site, entry},
};

/// Says it, and reads the first line of the answer and not a byte more: what comes after it may never come.
fn acknowledged(address: &str, path: &str, kind: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).expect("it listens");
    let length = body.len();
    let says = format!(
        "POST {path} HTTP/1.0\r\nhost: {address}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
    );
    stream.write_all(says.as_bytes()).expect("said");
    let mut status = String::new();
    BufReader::new(stream).read_line(&mut status).expect("answered");
    status
}

/// What is said of a story, as forms and the page's script say it, and the signal that it is.
fn said(story: i64, article: i64) -> Vec<(String, &'static str, String, &'static str)> {
    let form = "application/x-www-form-urlencoded";
    let tell = format!("/story/{story}/tell");
    let read = format!(
        r#"[{{"story":{story},"article":{article},"kind":"read","seconds":40,"depth":0.5}},
            {{"story":{story},"kind":"shown","position":3}}]"#
    );
    vec![
        (format!("/story/{story}/open"), form, format!("article={article}"), "opened"),
        (tell.clone(), form, "what=more".into(), "more"),
        (tell.clone(), form, "what=less".into(), "less"),
        (tell.clone(), form, "what=save".into(), "saved"),
        ("/signal".into(), "application/json", read, "read shown"),
        (tell, form, "what=not_interested".into(), "not_interested"),
    ]
}

#[test]
fn no_signal_that_was_acknowledged_is_lost_when_the_power_goes() {
    let date = "Mon, 02 Jan 2023 10:00:00 GMT";
    let feed =
        Site::feed(&(entry("1", "Ferry runs again", date) + &entry("2", "Bakers count their loaves", date)));
    let home = Home::new();
    home.json(&["add", &feed.serve()]);
    home.json(&["refresh"]);
    let mut expected: Vec<(i64, String)> = Vec::new();
    for word in ["ferry", "bakers"] {
        let found = home.json_lines(&["search", word]).remove(0);
        let [story, article] = ["story", "article"].map(|it| found[it].as_i64().expect("a number"));
        for (path, kind, body, signals) in said(story, article) {
            let served = home.serve();
            let status = acknowledged(&served.address, &path, kind, &body);
            // Right after the answer, before anything is learnt from it or written back.
            let ended = served.stop("-KILL");
            assert!(!ended.success(), "killed: {ended}");
            assert!([" 303 ", " 204 "].iter().any(|it| status.contains(it)), "{path} {body}: {status}");
            expected.extend(signals.split(' ').map(|it| (story, it.to_string())));
        }
    }
    let kept = home.json_lines(&["signals"]);
    let as_kept =
        |it: &Value| (it["story"].as_i64().expect("a story"), it["kind"].as_str().expect("a kind").into());
    assert_eq!(
        kept.iter().map(as_kept).collect::<Vec<(i64, String)>>(),
        expected,
        "all of it, once, in its order"
    );
    let doctor = home.json(&["doctor"]);
    assert_eq!(doctor["complaints"].as_array().map(Vec::len), Some(0), "{doctor}");
    // Learning from them is still to be done: what the killed processes had in hand is free when its lease runs out.
    let load = doctor["load"].as_array().expect("a list");
    let learn = load.iter().find(|it| it["stage"] == "learn").expect("the stage");
    let waiting: u64 =
        ["waiting", "leased", "later"].iter().map(|it| learn[it].as_u64().expect("a number")).sum();
    assert!(0 < waiting || home.json(&["beliefs"])["signals"] != 0, "{doctor}");
}
