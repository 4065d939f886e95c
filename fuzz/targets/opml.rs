//! Lists of sources. What was read, written and read again is the same.
#![no_main]

use parse::opml;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(outlines) = opml::read(bytes) else { return };
    let again = opml::read(opml::write("list", &outlines).as_bytes()).expect("our own list can be read");
    let mut before: Vec<&str> = outlines.iter().map(|it| it.address.as_str()).collect();
    let mut after: Vec<&str> = again.iter().map(|it| it.address.as_str()).collect();
    before.sort_unstable();
    after.sort_unstable();
    assert_eq!(before, after);
});
