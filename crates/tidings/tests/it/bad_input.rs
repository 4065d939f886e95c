//! What the web does to a reader: each with a clear word, nothing lost, nobody held up.

use serde_json::Value;

use crate::{
    home::Home,
    web::{Site, entry, nobody, rss},
};

const DATE: &str = "Mon, 02 Jan 2023 10:00:00 GMT";

#[test]
fn whatever_is_wrong_with_a_source_is_told_by_a_clear_word_and_holds_up_nobody() {
    let good = Site::feed(&(entry("1", "Ferry runs again", DATE) + &entry("2", "Fog lifts", DATE))).serve();
    let elsewhere = Site::feed(&entry("3", "Lighthouse painted", DATE)).serve();
    let half = rss(&(entry("4", "Herring are back", DATE) + &entry("5", "Nets are mended", DATE)));
    let half = &half[..half.len() - 300];
    let future = "Wed, 01 Jan 2098 00:00:00 GMT";
    let cases: Vec<(String, Option<&str>, u64)> = vec![
        (good.clone(), None, 2),
        (nobody(), Some("connect"), 0),
        (
            Site::says("200 OK", "text/html", "<!doctype html><html><body><p>Hello</p></body></html>")
                .serve(),
            Some("not_a_feed"),
            0,
        ),
        (Site::says("404 Not Found", "text/html", "Nothing here").serve(), Some("not_found"), 0),
        (Site::says("410 Gone", "text/html", "Gone").serve(), Some("gone"), 0),
        (Site::moved(&elsewhere).serve(), Some("moved"), 1),
        (Site::GoesOn(100_000_000).serve(), Some("too_big"), 0),
        (Site::says("200 OK", "application/rss+xml", half).serve(), Some("truncated"), 1),
        (
            Site::feed(&(entry("6", "Crane is lifted", DATE) + &entry("6", "Crane is sold", DATE))).serve(),
            Some("duplicate_id"),
            2,
        ),
        (Site::feed(&entry("7", "Bridge is finished", future)).serve(), Some("future_date"), 1),
    ];
    let home = Home::new();
    let mut add = vec!["add", "--unchecked"];
    add.extend(cases.iter().map(|(address, ..)| address.as_str()));
    assert!(home.run(&add).status.success());
    let refreshed = home.json(&["refresh"]);
    let sources = home.json(&["sources"]);
    let doctor = home.json(&["doctor"]);
    for (address, word, entries) in &cases {
        check(&sources, &doctor, address, *word, *entries);
    }
    let whole: u64 = cases.iter().map(|(.., entries)| entries).sum();
    assert_eq!(refreshed["new_entries"].as_u64(), Some(whole));
    assert_eq!(doctor["articles"].as_u64(), Some(whole), "an article is missing");
    assert_eq!(source(&sources, &cases[4].0)["ended"], true, "what is gone is not asked again");
    let found = home.json(&["search", "bridge"]);
    assert!(
        found["published"].as_i64().is_some_and(|at| at < 32_000_000_000),
        "dated by its arrival: {found}"
    );

    // Asked again, nothing comes twice.
    let again = home.json(&["refresh", "--all"]);
    assert_eq!(again["new_entries"].as_u64(), Some(0));
}

fn check(sources: &Value, doctor: &Value, address: &str, word: Option<&str>, entries: u64) {
    let source = source(sources, address);
    assert_eq!(source["entries"].as_u64(), Some(entries), "{source}");
    assert_eq!(source["trouble"]["word"].as_str(), word, "{source}");
    let complaints = doctor["complaints"].as_array().expect("complaints");
    let complaint =
        complaints.iter().find(|it| it["about"].as_str().is_some_and(|it| it.starts_with(address)));
    assert_eq!(complaint.and_then(|it| it["word"].as_str()), word, "{doctor}");
    let says = complaint
        .map_or("It says enough, for nothing is wrong.", |it| it["says"].as_str().unwrap_or_default());
    assert!(20 < says.len(), "{says}");
}

fn source<'a>(sources: &'a Value, address: &str) -> &'a Value {
    let sources = sources.as_array().expect("a list");
    let found = sources.iter().find(|it| it["address"].as_str().is_some_and(|it| it.starts_with(address)));
    found.unwrap_or_else(|| panic!("no source {address}"))
}
