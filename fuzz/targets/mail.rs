//! Any bytes as a mail, and as the HTML of one.
#![no_main]

const HEAD: &[u8] =
    b"From: Post <post@a.example>\r\nSubject: =?utf-8?q?=C3=A4?=\r\nContent-Type: text/html\r\n\r\n";

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for bytes in [bytes, &[HEAD, bytes].concat()] {
        let mail = parse::parse_mail(bytes);
        assert!(!mail.newsletter.is_empty() && !mail.published.guid.is_empty());
        fuzz::entry_holds(&mail.published);
    }
});
