use news::{Language, ReaderId, StoryId};

use super::*;

const NASTY: &str = "A \u{b}\u{0}\u{fffe}<b>&amp; ]]> \"x\"</b> ü";

fn feed() -> OutFeed {
    let item = OutItem {
        story: StoryId(7),
        headline: NASTY.into(),
        standfirst: Some(NASTY.into()),
        language: Some(Language("en\"".into())),
        link: Some("https://a.example/?a=1&b=<".into()),
        began: Timestamp(0),
        last_turn: Timestamp(1_700_000_000),
        tellers: vec![("One".into(), "It".into(), None), ("Two".into(), NASTY.into(), None)],
    };
    OutFeed { reader: ReaderId(1), follow: None, items: vec![item], updated: Timestamp(1_700_000_000) }
}

#[test]
fn what_goes_out_can_be_read_by_our_own_reader() {
    let plain = "A <b>&amp; ]]> \"x\"</b> ü";
    let own = "https://news.example/feed/k.atom";
    for bytes in [atom(&feed(), NASTY, own, "key"), json_feed(&feed(), NASTY, own, "key")] {
        let body = parse::Body { address: own, content_type: None, bytes: bytes.as_bytes() };
        let parsed = parse::parse(&body, Timestamp(1_700_000_100)).expect("a feed");
        let entry = &parsed.entries[0];
        assert!(bytes.starts_with('{') || !bytes.contains("<b>"), "{bytes}");
        assert!(!bytes.contains(['\u{b}', '\u{0}', '\u{fffe}']), "{bytes}");
        assert_eq!(entry.url.as_deref(), Some("https://a.example/?a=1&b=<"), "{bytes}");
        assert_eq!(entry.guid.len(), "urn:uuid:".len() + 36);
        assert!(!bytes.contains("key"));
        assert!(entry.title.contains("ü") && plain.contains("ü"));
    }
}

#[test]
fn a_story_keeps_its_id_in_one_feed_and_has_another_in_another() {
    assert_eq!(id("one", 7), id("one", 7));
    assert_ne!(id("one", 7), id("other", 7));
    assert_ne!(id("one", 7), id("one", 8));
}
