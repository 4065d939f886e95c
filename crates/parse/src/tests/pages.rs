//! Pages: what they offer, and what they list.

use super::*;

fn page(html: &str) -> Body<'_> {
    Body { address: "https://example.org/news/", content_type: None, bytes: html.as_bytes() }
}

#[test]
fn a_page_offers_the_feeds_that_it_names_those_of_comments_last() {
    let offers = discover(&page(
        "<html><head><title>The Day</title><link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed'>\
         <link rel='alternate' type='application/json' href='/wp-json/x'><link rel='alternate' hreflang='de' href='/de'>\
         <link rel=alternate type=application/atom+xml href=/atom.xml></head><body><a href='/rss'>RSS</a></body></html>",
    ));
    let found: Vec<String> = offers.iter().map(|it| format!("{} {}", it.address, it.title)).collect();
    let expected = [
        "https://example.org/atom.xml The Day",
        "https://example.org/comments/feed Comments",
        "https://example.org/rss The Day",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_feed_offers_itself_with_its_headlines() {
    let document = rss("<item><title>One</title></item><item><title>Two</title></item>");
    let offers = discover(&page(&document));
    assert_eq!(
        (offers.len(), offers[0].title.as_str(), offers[0].samples.join(",")),
        (1, "T", "One,Two".to_owned())
    );
}

const LIST: &str = "<html lang=en><head><title>The Day</title></head><body>\
    <nav><ul><li><a href='/section/politics-and-more'>Politics and more of it</a></ul></nav>\
    <main><div class='card'><h2><a href='/2024/dam-gives-way'>Dam gives way after a week of rain</a></h2><time datetime='2024-01-02'>2 Jan</time>\
    <p>Ten houses and a bridge were washed away in the night, says the mayor.</p></div>\
    <div class='card'><h2><a href='/2024/bridge-to-be-rebuilt'>Bridge to be rebuilt by the summer</a></h2></div>\
    <div class='card'><h2><a href='/2024/mayor-resigns'>Mayor resigns over the dam's failure</a></h2></div></main>\
    <footer><a href='/imprint-and-contact'>Imprint and contact</a></footer></body></html>";

#[test]
fn a_list_is_found_by_its_shape() {
    let parsed = parse_page(&page(LIST), None, Timestamp(1_700_000_000)).expect("a list");
    let titles: Vec<&str> = parsed.entries.iter().map(|it| it.title.as_str()).collect();
    let expected = [
        "Dam gives way after a week of rain",
        "Bridge to be rebuilt by the summer",
        "Mayor resigns over the dam's failure",
    ];
    assert_eq!((parsed.format, titles), ("page, by its shape", expected.to_vec()));
    assert_eq!(parsed.entries[0].url.as_deref(), Some("https://example.org/2024/dam-gives-way"));
    assert_eq!(parsed.entries[0].at, Some(Timestamp(1_704_153_600)));
    assert!(parsed.entries[0].summary.starts_with("Ten houses"));
}

#[test]
fn a_list_is_what_the_selector_picks() {
    for (selector, expected) in [
        ("div.card", 3),
        ("main > div.card > h2 > a", 3),
        ("nav a, footer a", 2),
        ("a[href^='/2024/dam']", 1),
        ("body h2 a", 3),
        ("main > a", 0),
        ("p > a", 0),
        (":hover", 0),
        ("", 0),
    ] {
        let found = parse_page(&page(LIST), Some(selector), Timestamp(0)).map_or(0, |it| it.entries.len());
        assert_eq!(found, expected, "{selector}");
    }
}

#[test]
fn microformats_say_more_than_the_shape() {
    let html = "<div class='h-feed'><div class='h-entry'><a class='u-url p-name' href='/1'>First</a>\
        <time class='dt-published' datetime='2024-01-02T00:00:00Z'></time><div class='e-content'><p>a &lt; b</p></div>\
        <span class='p-author h-card'>Jane Roe</span></div><div class='h-entry'><a class='u-url' href='/2'>x</a></div></div>";
    let parsed = parse_page(&page(html), None, Timestamp(0)).expect("a list");
    let first = &parsed.entries[0];
    assert_eq!((parsed.format, parsed.entries.len(), first.title.as_str()), ("h-feed", 2, "First"));
    assert_eq!(
        (first.content.as_str(), first.authors.as_slice()),
        ("<p>a &lt; b</p>", &["Jane Roe".to_owned()][..])
    );
    assert_eq!(first.at, Some(Timestamp(1_704_153_600)));
}

#[test]
fn a_page_with_nothing_to_follow_offers_nothing() {
    assert!(discover(&page("<p>hello <a href='/x'>x</a></p>")).is_empty());
}
