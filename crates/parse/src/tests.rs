use super::*;

fn read(text: &str) -> Parsed {
    let body = Body { address: "https://example.org/feed", content_type: None, bytes: text.as_bytes() };
    parse(&body, Timestamp(1_700_000_000)).expect("a feed")
}

/// Says, a line for each entry, what was read: `title | url | guid`.
fn outline(parsed: &Parsed) -> String {
    let line = |it: &Published| format!("{} | {} | {}", it.title, it.url.as_deref().unwrap_or("-"), it.guid);
    parsed.entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn check(document: &str, format: &str, expected: &str) {
    let parsed = read(document);
    assert_eq!((parsed.format, outline(&parsed).as_str()), (format, expected));
}

fn rss(items: &str) -> String {
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>T</title><link>https://example.org/</link>{items}</channel></rss>"
    )
}

#[test]
fn rss_gives_title_link_and_guid() {
    check(
        &rss(
            "<item><title>Dam &amp; bridge</title><link>https://example.org/a?x=1&amp;y=2</link><guid>7</guid></item>",
        ),
        "RSS 2.0",
        "Dam & bridge | https://example.org/a?x=1&y=2 | 7",
    );
}

#[test]
fn atom_gives_title_link_and_id() {
    check(
        "<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title><entry><title type='html'>A &lt;b&gt;b&lt;/b&gt;</title>\
         <link rel='self' href='/x.atom'/><link href='/a'/><id>tag:a</id></entry></feed>",
        "Atom 1.0",
        "A b | https://example.org/a | tag:a",
    );
}

#[test]
fn rdf_items_stand_beside_their_channel() {
    check(
        "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'>\
         <channel rdf:about='x'><title>T</title><items><rdf:Seq><rdf:li resource='u'/></rdf:Seq></items></channel>\
         <item rdf:about='https://example.org/a'><title>A</title><link>https://example.org/a</link></item></rdf:RDF>",
        "RSS 1.0",
        "A | https://example.org/a | https://example.org/a",
    );
}

#[test]
fn a_web_page_is_no_feed() {
    let page = b"<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>";
    assert!(
        parse(&Body { address: "https://example.org/", content_type: None, bytes: page }, Timestamp(0))
            .is_none()
    );
}
