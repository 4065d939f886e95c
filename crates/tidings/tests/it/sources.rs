use std::collections::BTreeSet;

use crate::{
    home::{Home, read, said},
    web::{Site, entry, nobody},
};

const DATE: &str = "Mon, 02 Jan 2023 10:00:00 GMT";

#[test]
fn the_feed_of_a_page_is_found() {
    let feed = Site::feed(&entry("1", "Ferry runs again", DATE)).serve();
    let page = Site::says(
        "200 OK",
        "text/html",
        format!("<html><head><link rel=alternate type=application/rss+xml href=\"{feed}/feed.xml\"></head><body>Hello</body></html>"),
    )
    .serve();
    let home = Home::new();
    home.json(&["add", &page]);
    let sources = home.json(&["sources"]);
    assert_eq!(sources[0]["address"], format!("{feed}/feed.xml"));
    let refreshed = home.json(&["refresh"]);
    assert_eq!((refreshed["new_entries"].as_u64(), refreshed["articles"].as_u64()), (Some(1), Some(1)));
    assert_eq!(home.json(&["search", "ferry"])["title"], "Ferry runs again");
}

#[test]
fn an_address_where_nothing_can_be_followed_is_refused_with_a_reason() {
    let home = Home::new();
    let output = home.run(&["add", &nobody()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("127.9."), "{}", said(&output));
    assert_eq!(home.json(&["sources"]).as_array().map(Vec::len), Some(0));
}

#[test]
fn what_is_exported_and_imported_is_the_same_folders_and_all() {
    let list = r#"<opml version="2.0"><head><title>Mine</title></head><body>
        <outline text="Sea"><outline type="rss" text="Tides" xmlUrl="https://tides.example/feed"/>
        <outline type="rss" text="Fog &amp; Sons" xmlUrl="https://fog.example/rss?a=1&amp;b=2"/></outline>
        <outline type="rss" text="Alone" xmlUrl="https://alone.example/atom"/></body></opml>"#;
    let first = Home::new();
    std::fs::write(first.path("in.opml"), list).expect("written");
    let imported = first.json(&["import", "in.opml"]);
    assert_eq!((imported["added"].as_u64(), imported["already"].as_u64()), (Some(3), Some(0)));
    assert!(first.run(&["export", "out.opml"]).status.success());
    let second = Home::new();
    std::fs::write(second.path("in.opml"), read(&first.path("out.opml"))).expect("written");
    second.json(&["import", "in.opml"]);
    let followed = |home: &Home| -> BTreeSet<(String, String)> {
        let sources = home.json(&["sources"]);
        let sources = sources.as_array().expect("a list").iter();
        sources.map(|it| (it["address"].to_string(), it["folder"].to_string())).collect()
    };
    assert_eq!(followed(&first), followed(&second));
    assert!(followed(&first).contains(&("\"https://fog.example/rss?a=1&b=2\"".into(), "\"Sea\"".into())));
    let again = first.json(&["import", "in.opml"]);
    assert_eq!((again["added"].as_u64(), again["already"].as_u64()), (Some(0), Some(3)));
}

#[test]
fn every_setting_tells_where_it_comes_from() {
    let home = Home::new();
    std::fs::write(home.path("my.toml"), "reader = \"Ada\"\n[fetch]\nat_once = 7\n").expect("written");
    let args = ["--config", "my.toml", "--set", "keep.days=30", "config"];
    let settings = home.json_lines(&args);
    let from = |key: &str| {
        let it = settings.iter().find(|it| it["key"] == key).unwrap_or_else(|| panic!("no {key}"));
        (
            it["value"].as_str().expect("a value").to_string(),
            it["from"].as_str().expect("an origin").to_string(),
        )
    };
    assert_eq!(from("keep.days"), ("30".into(), "command line".into()));
    assert_eq!(from("fetch.pause_ms"), ("0".into(), "environment (TIDINGS_FETCH_PAUSE_MS)".into()));
    assert_eq!(from("fetch.at_once").0, "7");
    assert!(from("fetch.at_once").1.ends_with("my.toml"), "{:?}", from("fetch.at_once"));
    assert_eq!(from("workers"), ("0".into(), "default".into()));
}

#[test]
fn a_copy_opens_and_holds_the_same() {
    let feed = Site::feed(&(entry("1", "Ferry runs again", DATE) + &entry("2", "Fog lifts", DATE))).serve();
    let home = Home::new();
    home.json(&["add", &feed]);
    home.json(&["refresh"]);
    let copies = home.path("copies");
    std::fs::create_dir(&copies).expect("made");
    let copy = copies.join("tidings.db");
    let copy = copy.to_str().expect("Unicode");
    assert!(home.run(&["backup", copy]).status.success());
    let of_copy = home.json(&["--data", copies.to_str().expect("Unicode"), "doctor"]);
    let of_home = home.json(&["doctor"]);
    for count in ["sources", "entries", "articles", "stories", "readers"] {
        assert_eq!(of_copy[count], of_home[count], "{count}");
    }
    assert_eq!(of_copy["entries"], 2);
    assert!(!home.run(&["backup", copy]).status.success(), "a copy must never overwrite a file");
}

#[test]
fn very_many_sources_of_one_host_and_large_lists_are_not_taken_unasked() {
    let home = Home::new();
    let list: String = (0..51).map(|n| format!("https://many.example/{n}\n")).collect();
    std::fs::write(home.path("list.txt"), list + "https://one.example/\n").expect("written");
    let import = home.json(&["import", "list.txt"]);
    assert_eq!((import["added"].as_u64(), import["held"][0]["sources"].as_u64()), (Some(1), Some(51)));
    let import = home.json(&["import", "list.txt", "--many"]);
    assert_eq!((import["added"].as_u64(), import["already"].as_u64()), (Some(51), Some(1)));
    let large = format!("#{}\n", "x".repeat(5 * 1024 * 1024));
    std::fs::write(home.path("large.txt"), large).expect("written");
    assert!(said(&home.run(&["import", "large.txt"])).contains("5 MB"));
}

#[test]
fn a_reader_is_deleted_with_everything_of_theirs_when_that_is_confirmed() {
    let home = Home::new();
    home.json(&["add", "--unchecked", "https://a.example/feed"]);
    home.json(&["follow", "name:Harbour"]);
    let name = home.json(&["readers"])["name"].as_str().expect("a name").to_owned();
    let would = home.json(&["readers", "--delete", &name]);
    assert_eq!((would["deleted"].as_bool(), would["follows"].as_u64()), (Some(false), Some(2)));
    assert!(said(&home.run(&["readers", "--delete", &name])).contains("--yes"));
    assert_eq!(home.json(&["sources"]).as_array().map(Vec::len), Some(1));
    assert_eq!(home.run(&["readers", "--delete", "nobody"]).status.code(), Some(3));
    let done = home.json(&["readers", "--delete", &name, "--yes"]);
    assert_eq!((done["deleted"].as_bool(), done["resting_sources"].as_u64()), (Some(true), Some(1)));
    assert_eq!(home.json(&["sources"]).as_array().map(Vec::len), Some(0));
}
