//! Dates, as feeds and as pages say them.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    let feed = format!(
        "<rss><channel><item><title>a</title><pubDate>{escaped}</pubDate></item>\
         <item><title>b</title><atom:updated>{escaped}</atom:updated></item></channel></rss>"
    );
    fuzz::document(feed.as_bytes(), Some("text/xml; charset=utf-8"));
    let page = format!(
        "<title>A headline</title><meta property=\"article:published_time\" content=\"{escaped}\">\
         <article><h1>A headline</h1><time datetime=\"{escaped}\">{escaped}</time><p>{}</p></article>",
        "Some words of an article that has enough of them. ".repeat(12)
    );
    let page = extract::Page { address: fuzz::ADDRESS, html: &page, hint: None };
    extract::extract(&page);
});
