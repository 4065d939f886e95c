//! JSON Feed; what does not begin like JSON is put where an item's members are.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if bytes.trim_ascii_start().first() == Some(&b'{') {
        fuzz::document(bytes, Some("application/feed+json"));
        return;
    }
    let before: &[u8] = br#"{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"one"},{"id":"two","#;
    let document = [before, bytes, b"}]}"].concat();
    fuzz::document(&document, Some("application/feed+json"));
});
