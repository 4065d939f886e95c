//! Canonical addresses: of the web, and canonical already.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    news::host_of(text);
    news::outlet_of(text);
    parse::guesses(text);
    let Some(once) = news::canonical(text) else { return };
    assert!(once.starts_with("http://") || once.starts_with("https://"), "{once}");
    assert_eq!(news::canonical(&once).as_deref(), Some(once.as_str()), "canonical twice is another one");
});
