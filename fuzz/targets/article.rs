//! Any page: an article or none, and what there is of it is clean.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let html = extract::decode(bytes, Some("text/html"));
    // The same inside an article, so that there is something to find.
    let dressed =
        format!("<html><body><article>{html}<p>{}</p>", "Some words that an article has. ".repeat(20));
    for html in [&*html, dressed.as_str()] {
        let page = extract::Page { address: fuzz::ADDRESS, html, hint: None };
        if let Some(extracted) = extract::extract(&page) {
            if let Err(what) = testkit::is_clean(extracted.body.as_str()) {
                panic!("{what} is left");
            }
        }
    }
});
