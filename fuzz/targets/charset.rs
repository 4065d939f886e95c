//! Bytes of any charset, with a header (the first line) that may lie about it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let (header, rest) = match bytes.iter().position(|b| *b == b'\n') {
        Some(at) => (std::str::from_utf8(&bytes[..at]).ok(), &bytes[at + 1..]),
        None => (None, bytes),
    };
    fuzz::document(rest, header);
    extract::decode(rest, header);
});
