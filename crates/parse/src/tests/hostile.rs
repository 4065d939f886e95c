//! What is broken, mislabelled or meant to hurt.

use super::*;
use proptest::prelude::*;

fn titles(parsed: &Parsed) -> Vec<&str> {
    parsed.entries.iter().map(|it| it.title.as_str()).collect()
}

fn three(middle: &str) -> String {
    rss(&format!("<item><title>one</title></item>{middle}<item><title>three</title></item>"))
}

/// Whatever stands in the middle, what is around it is read.
#[test]
fn one_broken_entry_costs_at_most_itself() {
    for (middle, second) in [
        ("<item><title>D&D</title></item>", Some("D&D")),
        ("<item><title>a & b</title></item>", Some("a & b")),
        ("<item><title>&undefined; &#xZZ;</title></item>", Some("&undefined; &#xZZ;")),
        ("<item><title>a < b</title></item>", Some("a < b")),
        ("<item><title>I <3 you</title></item>", Some("I <3 you")),
        ("<item><title>two</title><description><p>a<br>b</i></description></item>", Some("two")),
        ("<item><title>two</title><description>never ends</item>", Some("two")),
        ("<item><title>two<link>https://example.org/2</link></item>", Some("two")),
        ("<item><title>two</title>", Some("two")),
        ("<ITEM><TITLE>two</TITLE></ITEM>", Some("two")),
        ("<item><title>two</title><x:y>u</x:y><a b=c d></item>", Some("two")),
        (
            "<item><title><![CDATA[two]]></title><description><![CDATA[a <![CDATA[b]]> c]]></description></item>",
            Some("two"),
        ),
        ("<item><title>two</title><link href=\"unquoted>x</link>\n</item>", Some("two")),
        ("<item><title>t\u{0}w\u{8}o</title></item>", Some("two")),
    ] {
        let parsed = read(&three(middle));
        let found = titles(&parsed);
        let expected: Vec<&str> = ["one"].into_iter().chain(second).chain(["three"]).collect();
        assert_eq!(found, expected, "{middle}");
    }
}

#[test]
fn warnings_before_the_prolog_are_passed_over() {
    let document = format!(
        "<br />\n<b>Warning</b>: include() in /x on line 3<br />\n{}",
        rss("<item><title>a</title></item>")
    );
    assert_eq!(titles(&read(&document)), ["a"]);
}

#[test]
fn a_truncated_document_gives_its_whole_entries_and_says_so() {
    let whole = rss(
        "<item><title>a</title><description>x</description></item><item><title>b</title><description>text that goes on",
    );
    let cut = whole.split("text that goes").next().unwrap_or("");
    let parsed = read(&format!("{cut}text that"));
    assert_eq!(titles(&parsed), ["a"]);
    assert!(parsed.troubles.iter().any(|it| it.word == "truncated"));
}

#[test]
fn nothing_can_be_made_to_blow_up() {
    let laughs = "<!DOCTYPE x [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;'>\
                  <!ENTITY f SYSTEM 'file:///etc/passwd'>]>";
    let parsed = read(&format!("{laughs}{}", rss("<item><title>&a; &c; &f;</title></item>")));
    assert_eq!(titles(&parsed), ["aaaaaaaaaa &c; &f;"]);
}

#[test]
fn depth_number_and_length_are_capped() {
    let deep = format!("<item><title>a</title>{}</item>", "<media:group>".repeat(100_000));
    assert_eq!(titles(&read(&rss(&deep))), ["a"]);
    let many = rss(&"<item><title>a</title></item>".repeat(MOST_ENTRIES + 10));
    assert_eq!(read(&many).entries.len(), MOST_ENTRIES);
    let long = item(&format!(
        "<title>{}</title><description>{}</description>",
        "ab ".repeat(9_000),
        "x".repeat(3 << 20)
    ));
    assert!(long.title.chars().count() <= LONGEST_TITLE && long.summary.len() <= LONGEST_HTML);
}

#[test]
fn the_charset_is_the_one_that_was_meant() {
    let document = |label: &str| {
        format!("<?xml version='1.0'{label}?>{}", &rss("<item><title>Łódź — ä</title></item>")[21..])
    };
    let utf_16: Vec<u8> = document("").encode_utf16().flat_map(u16::to_be_bytes).collect();
    let with_bom: Vec<u8> = [&[0xfe, 0xff][..], &utf_16].concat();
    let (latin_2, ..) = encoding_rs::ISO_8859_2.encode("<rss><item><title>Łódź ä</title></item></rss>");
    let (windows, ..) = encoding_rs::WINDOWS_1252.encode("<rss><item><title>“café”</title></item></rss>");
    let utf_8 = document("");
    let utf_8 = utf_8.as_bytes();
    for (bytes, header, expected) in [
        (utf_8, None, "Łódź — ä"),
        (utf_8, Some("text/xml; charset=iso-8859-1"), "Łódź — ä"),
        (&utf_16, None, "Łódź — ä"),
        (&with_bom, Some("text/xml; charset=utf-8"), "Łódź — ä"),
        (&latin_2, Some("text/xml; charset=\"iso-8859-2\""), "Łódź ä"),
        (&windows, None, "“café”"),
        (&windows, Some("text/xml; charset=utf-8"), "“café”"),
        (document(" encoding='utf-16'").as_bytes(), None, "Łódź — ä"),
    ] {
        let parsed = read_bytes(bytes, header).expect("a feed");
        assert_eq!(titles(&parsed), [expected], "{header:?}");
    }
}

/// Documents that we know to be good, for spoiling.
fn good() -> impl Strategy<Value = Vec<u8>> {
    let documents = [
        three("<item><title>b</title><guid>1</guid><dc:creator>Jane Roe</dc:creator><pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate>\
               <content:encoded><![CDATA[<p>x <a href='/y'>z</a></p>]]></content:encoded><enclosure url='/a' length='1'/></item>"),
        atom("<entry xml:base='/b'><title type='xhtml'><div>a<b>c</b></div></title><link href='x'/><author><name>n</name></author></entry>"),
        r#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","title":"a","authors":[{"name":"b"}],"date_published":"2024-01-02"}]}"#.to_owned(),
        "<urlset><url><loc>https://example.org/a</loc><lastmod>2024-01-01</lastmod></url></urlset>".to_owned(),
        "<html><head><link rel=alternate type=application/rss+xml href=/f></head><body><ul><li><a href=/story-1>A headline that is long</a></ul></body></html>".to_owned(),
        "<opml><body><outline text='a'><outline xmlUrl='https://example.org/f'/></outline></body></opml>".to_owned(),
    ];
    proptest::sample::select(documents.map(String::into_bytes).to_vec())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_document_however_spoilt_makes_us_panic(
        mut bytes in good(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, any::<u8>()), 0..12),
        cut in any::<prop::sample::Index>(),
    ) {
        const MARKUP: &[u8] = b"<>&;'\"=/![]-:{}\0\xff\xc3 ";
        for (place, kind, byte) in edits {
            let at = place.index(bytes.len().max(1)).min(bytes.len());
            match kind {
                0 if at < bytes.len() => bytes[at] = MARKUP[byte as usize % MARKUP.len()],
                1 => bytes.insert(at, MARKUP[byte as usize % MARKUP.len()]),
                2 if at < bytes.len() => { bytes.remove(at); }
                _ => { let piece = bytes[at..].to_vec(); bytes.extend(piece.iter().take(40)); }
            }
        }
        let bytes = if cut.index(3) == 0 { &bytes[..cut.index(bytes.len().max(1)).min(bytes.len())] } else { &bytes[..] };
        let body = Body { address: "https://example.org/", content_type: None, bytes };
        if let Some(parsed) = parse(&body, Timestamp(0)) {
            for entry in &parsed.entries {
                prop_assert!(entry.url.as_deref().is_none_or(|it| it.starts_with("http")));
            }
            identify(parsed.entries);
        }
        discover(&body);
        parse_page(&body, Some("li > a[href]"), Timestamp(0));
        let _ = opml::read(bytes);
    }

    #[test]
    fn no_text_is_a_date_that_panics(text in "\\PC{0,60}") {
        date::read(&text, Timestamp(0));
    }

    #[test]
    fn no_text_is_a_date_that_panics_near_the_shapes(text in "[0-9TZ:/. +-]{0,24}(Jan|PM|GMT|年)?[0-9:+-]{0,6}") {
        date::read(&text, Timestamp(0));
    }

    /// feed-rs is another reader, by other people: where a document is well-formed, both find the same.
    #[test]
    fn a_well_formed_document_says_the_same_to_another_reader(
        entries in prop::collection::vec(("[A-Za-zäöü0-9 ,.!?-]{1,40}", "[a-z0-9]{1,12}", "[A-Za-z &<>\"']{0,40}", 0_i64..1_900_000_000), 1..6),
        as_atom in any::<bool>(),
    ) {
        let moment = |seconds: i64| jiff::Timestamp::from_second(seconds.max(400_000_000)).map(|it| it.to_string()).unwrap_or_default();
        let items: String = entries.iter().map(|(title, path, text, at)| {
            let (title, text, at) = (text::escape(title), text::escape(&text::escape(text)), moment(*at));
            if as_atom {
                format!("<entry><title>{title}</title><id>urn:{path}</id><link href='https://example.org/{path}'/><updated>{at}</updated><summary type='html'>{text}</summary></entry>")
            } else {
                format!("<item><title>{title}</title><guid isPermaLink='false'>urn:{path}</guid><link>https://example.org/{path}</link><dc:date>{at}</dc:date><description>{text}</description></item>")
            }
        }).collect();
        let document = if as_atom { atom(&items) } else { rss(&items) };
        let ours = read(&document);
        let other = feed_rs::parser::Builder::new().sanitize_content(false).build();
        let theirs = other.parse(document.as_bytes()).expect("well-formed");
        prop_assert_eq!(ours.entries.len(), theirs.entries.len());
        for (ours, theirs) in ours.entries.iter().zip(&theirs.entries) {
            let title = theirs.title.as_ref().map(|it| text::fold(&it.content)).unwrap_or_default();
            prop_assert_eq!(&ours.title, &title);
            prop_assert_eq!(&ours.guid, &theirs.id);
            prop_assert_eq!(ours.url.as_deref(), theirs.links.first().map(|it| it.href.as_str()));
            let at = theirs.published.or(theirs.updated).map(|it| it.timestamp());
            prop_assert_eq!(ours.at.map(|it| it.0), at);
        }
    }
}
