use std::time::Duration;

use super::*;

mod dates;
mod hostile;
mod identity;
mod lenient;
mod lists;
mod mail;
mod pages;

fn read_bytes(bytes: &[u8], content_type: Option<&str>) -> Option<Parsed> {
    let body = Body { address: "https://example.org/feed", content_type, bytes };
    parse(&body, Timestamp(1_700_000_000))
}

fn read(text: &str) -> Parsed {
    read_bytes(text.as_bytes(), None).expect("a feed")
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
        "<?xml version='1.0'?><rss version='2.0' xmlns:dc='http://purl.org/dc/elements/1.1/' \
         xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:media='http://search.yahoo.com/mrss/' \
         xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'><channel><title>T</title>\
         <link>https://example.org/</link>{items}</channel></rss>"
    )
}

fn atom(inside: &str) -> String {
    format!("<feed xmlns='http://www.w3.org/2005/Atom'><title>T</title>{inside}</feed>")
}

/// The one entry of an RSS document with that in its item.
#[track_caller]
fn item(inside: &str) -> Published {
    read(&rss(&format!("<item>{inside}</item>"))).entries.pop().expect("an entry")
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
        &atom(
            "<entry><title type='html'>A &lt;b&gt;b&lt;/b&gt;</title><link rel='self' href='/x.atom'/><link href='/a'/>\
             <id>tag:a</id></entry>",
        ),
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
fn cdf_has_its_values_in_attributes() {
    check(
        "<CHANNEL HREF='https://example.org/'><TITLE>T</TITLE><ITEM HREF='/a' LASTMOD='2004-04-06T23:05:43-05:00'>\
         <TITLE>A</TITLE><ABSTRACT>s</ABSTRACT></ITEM></CHANNEL>",
        "CDF",
        "A | https://example.org/a | ",
    );
}

#[test]
fn json_feed_is_read_leniently() {
    check(
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[
            {"id":12,"title":"a &lt; b","url":"/a","content_text":"x"},null,"no",
            {"id":"s","url":"javascript:alert(1)","content_html":"<p>h</p>"},{}]} trailing"#,
        "JSON Feed 1.1",
        "a &lt; b | https://example.org/a | 12\n | - | s",
    );
}

#[test]
fn json_with_one_bad_item_gives_the_others() {
    let parsed = read(
        r#"{"version":"https://jsonfeed.org/version/1","items":[{"id":"1"},{"id":"2","n":1e999x},{"id":"3","title":"\ud83d"}]}"#,
    );
    assert_eq!(outline(&parsed), " | - | 1\n\u{fffd} | - | 3");
}

#[test]
fn a_news_sitemap_gives_headlines() {
    check(
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'>\
         <url><loc>https://example.org/a</loc><news:news><news:publication><news:name>The Day</news:name>\
         <news:language>en</news:language></news:publication><news:publication_date>2024-01-02</news:publication_date>\
         <news:title>Dam &amp; bridge</news:title></news:news></url></urlset>",
        "news sitemap",
        "Dam & bridge | https://example.org/a | ",
    );
}

#[test]
fn an_index_says_where_to_read_on_news_and_newest_first() {
    let parsed = read(
        "<sitemapindex><sitemap><loc>https://example.org/old.xml</loc><lastmod>2020-01-01</lastmod></sitemap>\
         <sitemap><loc>https://example.org/new.xml</loc><lastmod>2024-01-01</lastmod></sitemap>\
         <sitemap><loc>https://example.org/news.xml</loc></sitemap></sitemapindex>",
    );
    let expected =
        ["https://example.org/news.xml", "https://example.org/new.xml", "https://example.org/old.xml"];
    assert_eq!((parsed.format, parsed.read_on), ("sitemap index", expected.map(str::to_owned).to_vec()));
}

#[test]
fn a_web_page_is_no_feed() {
    let page = b"<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>";
    assert!(read_bytes(page, None).is_none());
}

#[test]
fn titles_are_plain_text() {
    for (xml, expected) in [
        ("<title>a &lt;b&gt;bold&lt;/b&gt;   word</title>", "a bold word"),
        ("<title><![CDATA[Q&amp;A: 5 < 6]]></title>", "Q&A: 5 < 6"),
        ("<title>AT&amp;amp;T</title>", "AT&T"),
        ("<title>it&amp;#8217;s</title>", "it’s"),
        ("<title>a<br/>b</title>", "a b"),
        ("<title> &nbsp; \n x\u{200b} </title>", "x"),
    ] {
        assert_eq!(item(xml).title, expected, "{xml}");
    }
}

#[test]
fn text_of_atom_means_itself() {
    let parsed = read(&atom(
        "<entry><title type='text'>1 &lt; 2 &amp;amp; <!-- c -->3</title><summary type='text'>a &lt;b&gt;</summary></entry>",
    ));
    assert_eq!(parsed.entries[0].title, "1 < 2 &amp; 3");
    assert_eq!(parsed.entries[0].summary, "a &lt;b&gt;");
}

#[test]
fn xhtml_keeps_its_markup_and_loses_its_wrapper() {
    let parsed = read(&atom(
        "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><p>a &amp; <title>t</title><b>b</b></p></div></content></entry>",
    ));
    assert_eq!(parsed.entries[0].content, "<p>a &amp; <title>t</title><b>b</b></p>");
}

#[test]
fn relative_links_become_absolute() {
    let parsed = read(
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://base.example/x/'><entry><link href='a'/>\
         <content type='html' xml:base='y/'>&lt;img src=\"p.png\"&gt;&lt;a href='#n'&gt;&lt;/a&gt;</content></entry></feed>",
    );
    assert_eq!(parsed.entries[0].url.as_deref(), Some("https://base.example/x/a"));
    assert_eq!(parsed.entries[0].content, "<img src=\"https://base.example/x/y/p.png\"><a href='#n'></a>");
}

#[test]
fn only_addresses_of_the_web_are_kept() {
    let entry = item(
        "<title>x</title><link>javascript:alert(1)</link><comments>data:text/html,x</comments>\
         <enclosure url='file:///etc/passwd' type='audio/mpeg' length='1'/>",
    );
    assert_eq!((entry.url, entry.comments, entry.enclosures.len()), (None, None, 0));
}

#[test]
fn an_enclosure_says_what_it_is() {
    let entry = item(
        "<enclosure url='/a.mp3' type='audio/mpeg' length='123'/><itunes:duration>1:02:03</itunes:duration>\
         <media:thumbnail url='/t.jpg'/><itunes:image href='/big.jpg'/>",
    );
    let expected = news::Enclosure {
        url: "https://example.org/a.mp3".to_owned(),
        mime: Some("audio/mpeg".to_owned()),
        bytes: Some(123),
        seconds: Some(3_723),
        title: None,
    };
    assert_eq!(
        (entry.enclosures, entry.image.as_deref()),
        (vec![expected], Some("https://example.org/big.jpg"))
    );
}

#[test]
fn the_feeds_own_word_weighs_more_than_an_extensions() {
    let entry = item(
        "<media:title>m</media:title><title>t</title><dc:date>2024-01-01</dc:date><pubDate>Tue, 02 Jan 2024 00:00:00 GMT</pubDate>\
         <itunes:summary>i</itunes:summary><description>d</description><content:encoded>c</content:encoded>",
    );
    assert_eq!((entry.title.as_str(), entry.summary.as_str(), entry.content.as_str()), ("t", "d", "c"));
    assert_eq!(entry.at, Some(Timestamp(1_704_153_600)));
}

#[test]
fn bylines_are_cut_into_names() {
    for (byline, expected) in [
        ("Associated Press, Jane Roe", vec!["Associated Press", "Jane Roe"]),
        ("By Jane Roe and John Doe", vec!["Jane Roe", "John Doe"]),
        ("Roe, Jane", vec!["Roe, Jane"]),
        ("Jane Roe, PhD", vec!["Jane Roe, PhD"]),
        ("jane@example.org (Jane Roe)", vec!["Jane Roe"]),
        ("Jane Roe &lt;jane@example.org&gt;", vec!["Jane Roe"]),
        ("noreply@example.org", vec![]),
        ("Reuters", vec!["Reuters"]),
        ("Roe &amp; Sons", vec!["Roe & Sons"]),
        ("Martin Luther King Jr.", vec!["Martin Luther King Jr."]),
    ] {
        assert_eq!(
            item(&format!("<title>x</title><dc:creator>{byline}</dc:creator>")).authors,
            expected,
            "{byline}"
        );
    }
}

#[test]
fn who_wrote_an_atom_feed_wrote_its_entries() {
    let parsed = read(&atom(
        "<author><name>Jane Roe</name></author><entry><title>a</title></entry>\
         <entry><title>b</title><author><name>John Doe</name><email>j@example.org</email></author></entry>",
    ));
    assert_eq!(parsed.entries[0].authors, ["Jane Roe"]);
    assert_eq!(parsed.entries[1].authors, ["John Doe"]);
}

#[test]
fn an_aggregators_source_is_not_the_entry() {
    let parsed = read(&atom(
        "<entry><source><title>Elsewhere</title><link href='https://e.example/'/><id>s</id></source><title>a</title><id>1</id></entry>",
    ));
    assert_eq!(outline(&parsed), "a | - | 1");
    assert_eq!(parsed.entries[0].via.as_deref(), Some("Elsewhere"));
}

#[test]
fn a_feed_says_how_often_it_wants_to_be_asked_and_by_whom_it_is_pushed() {
    let parsed = read(
        "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/' xmlns:atom='http://www.w3.org/2005/Atom'><channel>\
         <ttl>90</ttl><skipHours><hour>3</hour><hour>24</hour></skipHours><skipDays><day>Sunday</day></skipDays>\
         <sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency><language>en-GB</language>\
         <atom:link rel='hub' href='https://hub.example/'/><atom:link rel='self' href='https://example.org/f'/></channel></rss>",
    );
    let pace = Pace {
        ttl: Some(Duration::from_secs(5_400)),
        skip_hours: vec![3, 0],
        skip_days: vec![6],
        update_every: Some(Duration::from_secs(21_600)),
    };
    assert_eq!((parsed.pace, parsed.language), (pace, Some(Language("en".to_owned()))));
    assert_eq!(
        (parsed.hub.as_deref(), parsed.self_address.as_deref()),
        (Some("https://hub.example/"), Some("https://example.org/f"))
    );
}
