//! A good document with anything at all in the middle of it: what stood before it is read as if nothing had happened.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (is_atom, middle) = match bytes.split_first() {
        Some((first, rest)) => (first % 2 == 0, rest),
        None => (false, bytes),
    };
    let (before, after) = match is_atom {
        true => (
            "<?xml version='1.0' encoding='utf-8'?><feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>\
             <entry><id>urn:one</id><title>one</title><link href='https://news.example/1'/></entry>",
            "<entry><id>urn:three</id><title>three</title></entry></feed>",
        ),
        false => (
            "<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>t</title>\
             <item><guid>urn:one</guid><title>one</title><link>https://news.example/1</link></item>",
            "<item><guid>urn:three</guid><title>three</title></item></channel></rss>",
        ),
    };
    let document = [before.as_bytes(), middle, after.as_bytes()].concat();
    let parsed = fuzz::document(&document, Some("application/xml; charset=utf-8")).expect("it begins as a feed");
    let first = &parsed.entries[0];
    assert_eq!((first.guid.as_str(), first.title.as_str()), ("urn:one", "one"));
    assert_eq!(first.url.as_deref(), Some("https://news.example/1"));
});
