//! Pages: h-feed, lists of links found by their shape or by a selector (the first line), and what they offer.
#![no_main]

use parse::Body;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (selector, html) = match bytes.iter().position(|b| *b == b'\n') {
        Some(at) if at < 80 => (std::str::from_utf8(&bytes[..at]).ok(), &bytes[at + 1..]),
        _ => (None, bytes),
    };
    let body = Body { address: fuzz::ADDRESS, content_type: Some("text/html"), bytes: html };
    for selector in [selector, None] {
        if let Some(parsed) = parse::parse_page(&body, selector, fuzz::NOW) {
            fuzz::holds(&parsed);
        }
    }
    parse::discover(&body);
});
