//! Any bytes as a document: RSS, RDF, Atom, CDF, or none of them.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    fuzz::document(bytes, None);
});
