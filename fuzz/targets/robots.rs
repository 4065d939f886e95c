//! robots.txt: any bytes, any path.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: (&[u8], &str)| {
    let (bytes, path) = input;
    let robots = fetch::Robots::parse(bytes);
    let own = robots.for_agent("tidings/1.0");
    assert_eq!(robots.allows("tidings/1.0", path), own.allows("tidings/1.0", path));
    robots.crawl_delay("tidings/1.0");
    assert!(robots.allows("tidings/1.0", "/robots.txt"));
});
