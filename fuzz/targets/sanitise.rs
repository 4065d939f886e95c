//! Any text through the sanitiser: clean by a judge that shares nothing with it, a fixed point, and not swollen.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let html = String::from_utf8_lossy(bytes);
    let clean = extract::sanitize(&html, fuzz::ADDRESS);
    let text = clean.as_str();
    if let Err(what) = testkit::is_clean(text) {
        panic!("{what} is left in {text}");
    }
    assert_eq!(extract::sanitize(text, fuzz::ADDRESS).as_str(), text, "not a fixed point");
    assert!(text.len() <= 20 * html.len() + 4096, "{} became {}", html.len(), text.len());
    let shown = extract::images_through(&clean, |address| format!("/image?u={}", address.len()));
    // In text it may stand.
    let mut tags = shown.as_str().split('<').skip(1).filter_map(|it| it.split('>').next());
    assert!(!tags.any(|tag| tag.contains("src=\"http")));
});
