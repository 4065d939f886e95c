//! What is not quite what it should be, and is read all the same; and what is said of what is not.

use super::*;

#[test]
fn json_that_no_parser_takes_is_read_as_it_was_meant() {
    let wrapped = |items: &str| {
        format!(r#"{{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{items}]}}"#)
    };
    for (document, expected) in [
        (wrapped(r#"{"id":"1","title":"a",},"#), "a | - | 1"),
        (
            wrapped(
                r#"/* one */ {"id":"1", // its id
            "title":"a // b /* c */"}"#,
            ),
            "a // b /* c */ | - | 1",
        ),
        (
            wrapped(
                r#"{"id":"1","title":"a","attachments":[{"url":"https://example.org/a","size_in_bytes":1e400}]}"#,
            ),
            "a | - | 1",
        ),
        (
            wrapped(r#"{"id":12345678901234567890123456789012345,"title":NaN}"#),
            " | - | 12345678901234567890123456789012345",
        ),
        (wrapped("{\"id\":\"1\",\"title\":\"two\nlines\tand\u{1} a bell\"}"), "two lines and a bell | - | 1"),
        (
            wrapped(r#"{"id":"1","title":"half \ud83d of a pair, \\ud83d as it is, it\'s \x"}"#),
            "half \u{fffd} of a pair, \\ud83d as it is, it's x | - | 1",
        ),
        (
            wrapped(r#"{"id":"1","title":"\ud83d\ude00"}, {"id":"2","broken" 1}, {"id":"3","title":"c"}"#),
            "😀 | - | 1\nc | - | 3",
        ),
        (
            r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a"},{"id":"2","ti"#
                .to_owned(),
            "a | - | 1",
        ),
        (r#"{/* c */"version":"https://jsonfeed.org/version/1.1","title":"t","items":[]}"#.to_owned(), ""),
    ] {
        let parsed = read(&document);
        assert_eq!(outline(&parsed), expected, "{document}");
        assert!(parsed.troubles.iter().any(|it| it.word == "bad_json"), "{document}");
    }
}

#[test]
fn what_never_was_base64_is_text_and_what_is_no_text_is_nothing() {
    let title = |kind: &str, text: &str| {
        let entry = format!("<entry><id>1</id><title {kind}>{text}</title></entry>");
        read(&atom(&entry)).entries[0].title.clone()
    };
    assert_eq!(title("type='application/x-custom'", "test"), "test");
    assert_eq!(title("type='application/x-custom'", "A title with words"), "A title with words");
    assert_eq!(title("mode='base64'", "QSB0aXRsZQ=="), "A title");
    assert_eq!(title("type='image/png'", &"iVBORw0KGgoAAAANSUhEUgAA".repeat(9)), "");
}

#[test]
fn marks_where_a_line_may_break_are_no_part_of_a_word() {
    let title = |text: &str| item(&format!("<title>{text}</title>")).title;
    assert_eq!(title("Donau\u{ad}dampf\u{200b}schiff"), "Donaudampfschiff");
    assert_eq!(title("a \u{ad} b &shy; c"), "a b c");
    assert_eq!(title("\u{feff}a\u{a0}b"), "a b");
}

#[test]
fn a_comment_that_never_ends_costs_its_own_tag_only() {
    assert_eq!(
        item("<title>sa&lt;!-- -- x &gt;fe&lt;script&gt;alert(1)&lt;/script&gt;</title>").title,
        "safe"
    );
    assert_eq!(item("<title>a&lt;!-- b --&gt;c</title>").title, "ac");
}

#[test]
fn what_is_no_declaration_is_text() {
    let html = |text: &str| item(&format!("<description>{text}</description>")).summary;
    assert_eq!(html("a &lt;!' &lt;b&gt;c&lt;/b&gt;"), "a &lt;!' <b>c</b>");
    assert_eq!(html("&lt;!-- a --&gt;b"), "<!-- a -->b");
}

#[test]
fn an_id_that_is_a_relative_address_is_made_absolute_in_atom_alone() {
    let id = |document: &str| read(document).entries[0].guid.clone();
    assert_eq!(
        id(&atom("<entry xml:base='https://a.example/x/'><id>/1</id></entry>")),
        "https://a.example/1"
    );
    assert_eq!(id(&atom("<entry><id>tag:1</id></entry>")), "tag:1");
    assert_eq!(id(&rss("<item><guid>/1</guid></item>")), "/1");
}

#[test]
fn what_is_no_feed_is_told_what_it_is() {
    for (document, expected) in [
        (&b" \n"[..], "There is nothing in it."),
        (b"<!doctype html><title>Log in</title>", "It is a web page."),
        (b"<opml><body/></opml>", "It is a list of feeds (OPML), which can be imported."),
        (
            b"<kml xmlns='x'><Placemark/></kml>",
            "Its outermost element, \u{201c}kml\u{201d}, is none with which a feed begins.",
        ),
        (b"{\"a\":1}", "It is JSON, but not a JSON Feed: it has no list of items."),
        (b"[1,2]", "It is JSON, but not a JSON Feed: it has no list of items."),
        (b"{\"a\":", "It begins like JSON and cannot be read as such (line 1, column 5)."),
        (b"just words", "It is neither XML nor JSON."),
        (b"%PDF-1.7 x", "It is a PDF file."),
        (b"\x89PNG\r\n", "It is a picture."),
        (b"\x1f\x8b\x08", "It is packed (gzip) without saying so."),
    ] {
        let body = Body { address: "https://example.org/", content_type: None, bytes: document };
        assert!(parse(&body, Timestamp(0)).is_none(), "{expected}");
        assert_eq!(why_not(&body).says, expected);
    }
}
