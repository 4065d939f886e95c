//! OPML, and addresses worth trying.

use super::*;

#[test]
fn opml_comes_back_as_it_went_out() {
    let outline = |address: &str, folder: Option<&str>| opml::Outline {
        address: address.to_owned(),
        title: Some("A & \"B\" <c>".to_owned()),
        site: Some("https://example.org/".to_owned()),
        folder: folder.map(str::to_owned),
    };
    let outlines = [
        outline("https://example.org/1?a=1&b=2", None),
        outline("https://example.org/2", Some("News")),
        outline("https://example.org/3", Some("News / Local")),
    ];
    assert_eq!(opml::read(opml::write("Mine", &outlines).as_bytes()).as_deref(), Ok(&outlines[..]));
}

#[test]
fn opml_of_other_programs_is_understood() {
    let found = opml::read(
        b"<?xml version='1.0'?><opml version='1.1'><body><outline title='F'><OUTLINE TEXT='a & b' XMLURL='feed://example.org/a'/>\
          <outline text='dir'><outline text='c' type='rss' url='https://example.org/c'/></outline></outline>\
          <outline text='note'/><outline text='d' xmlUrl='https://example.org/d' category='/x/y,/z'/></body></opml>",
    );
    let found: Vec<String> = found
        .unwrap_or_default()
        .into_iter()
        .map(|it| {
            format!("{} {} {}", it.address, it.title.unwrap_or_default(), it.folder.unwrap_or_default())
        })
        .collect();
    assert_eq!(
        found,
        ["http://example.org/a a & b F", "https://example.org/c c F / dir", "https://example.org/d d x / y"]
    );
}

#[test]
fn what_is_no_list_is_refused_in_words() {
    assert_eq!(opml::read(b"hello").map_err(|it| it.word), Err("not_opml".to_owned()));
}

#[test]
fn platforms_keep_their_feeds_where_they_do() {
    for (address, expected) in [
        (
            "https://www.youtube.com/channel/UC123",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UC123",
        ),
        (
            "https://www.youtube.com/playlist?list=PL1",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PL1",
        ),
        ("reddit.com/r/rust", "https://www.reddit.com/r/rust/.rss"),
        ("https://github.com/rust-lang/rust", "https://github.com/rust-lang/rust/releases.atom"),
        ("https://mastodon.social/@jane", "https://mastodon.social/@jane.rss"),
        ("https://mastodon.social/@jane@elsewhere.example", "https://elsewhere.example/@jane.rss"),
        ("https://bsky.app/profile/jane.example", "https://bsky.app/profile/jane.example/rss"),
        ("https://jane.substack.com/p/story", "https://jane.substack.com/feed"),
        ("https://medium.com/@jane", "https://medium.com/feed/@jane"),
        ("example.org", "https://example.org/feed"),
        ("https://example.org/blog", "https://example.org/blog/feed"),
    ] {
        assert_eq!(guesses(address).first().map(String::as_str), Some(expected), "{address}");
    }
    assert!(guesses("javascript:alert(1)").is_empty() && guesses("").is_empty());
}

#[test]
fn addresses_are_kept_at_their_whole_length() {
    let long =
        |path: String| format!("<opml><body><outline xmlUrl='https://a.example/{path}'/></body></opml>");
    let kept = |path: String| opml::read(long(path).as_bytes()).expect("a list").len();
    let read = opml::read(long("é".repeat(600)).as_bytes()).expect("a list");
    assert_eq!(read[0].address.len(), "https://a.example/".len() + 600 * "é".len());
    let again = opml::read(opml::write("list", &read).as_bytes()).expect("a list");
    assert_eq!(again[0].address, read[0].address);
    // With spaces in it, it is written out: then what has become too long is none.
    assert_eq!([kept("a é".repeat(300)), kept("a é".repeat(600))], [1, 0]);
}
