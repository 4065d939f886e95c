//! Sitemaps of news and indexes of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (root, inside) = match bytes.split_first() {
        Some((first, inside)) if first % 2 == 0 => ("sitemapindex", inside),
        _ => ("urlset", bytes),
    };
    let document = [format!("<{root}>").as_bytes(), inside, format!("</{root}>").as_bytes()].concat();
    fuzz::document(&document, Some("text/xml; charset=utf-8"));
});
