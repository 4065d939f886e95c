//! Bytes to text: what the byte order mark says, then the header, then the page, then what the bytes look like.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into a page its `<meta charset>` may stand (the HTML standard says 1024; real pages are late).
const LOOK_FOR_META: usize = 4096;
/// So many bytes are enough to guess by.
const GUESS_BY: usize = 64 * 1024;

/// The text of a page. Never fails: what cannot be read becomes U+FFFD.
pub fn decode(bytes: &[u8], content_type: Option<&str>) -> String {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned();
    }
    // Text that is valid UTF-8 and not plain ASCII is UTF-8, whatever was declared.
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!text.is_ascii() || !text.contains('\u{1b}'))
    {
        return text.to_owned();
    }
    let declared = content_type.and_then(charset_of_header).or_else(|| charset_of_page(bytes));
    let encoding = match declared {
        // A declared UTF-8 with a few broken bytes is UTF-8; with many it is a lie.
        Some(encoding) if encoding == UTF_8 && mostly_utf8(bytes) => UTF_8,
        Some(encoding) if encoding != UTF_8 => encoding,
        _ => guess(bytes),
    };
    encoding.decode_without_bom_handling(bytes).0.into_owned()
}

fn charset_of_header(content_type: &str) -> Option<&'static Encoding> {
    let lower = content_type.to_ascii_lowercase();
    let (_, after) = lower.split_once("charset=")?;
    let label = after.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(['"', '\'', ';', ' ', ',']).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// `<meta charset=…>`, `<meta http-equiv … content="…charset=…">` or `<?xml encoding="…"?>`.
fn charset_of_page(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK_FOR_META)]).to_ascii_lowercase();
    for mark in ["charset=", "encoding="] {
        for (at, _) in head.match_indices(mark) {
            let label = head[at + mark.len()..].trim_start_matches(['"', '\'', ' ']);
            let end = label
                .find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c))
                .unwrap_or(label.len());
            if let Some(encoding) = Encoding::for_label(&label.as_bytes()[..end]) {
                // A page that we can read byte by byte is not UTF-16, whatever it says (the HTML standard).
                return Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 });
            }
        }
    }
    None
}

fn mostly_utf8(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let broken = text.matches('\u{fffd}').count();
    let good = text.chars().filter(|c| !c.is_ascii() && *c != '\u{fffd}').count();
    broken * 4 <= good || broken <= 8
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let sample = &bytes[..bytes.len().min(GUESS_BY)];
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let found = detector.guess(None, chardetng::Utf8Detection::Allow);
    if found.is_ascii_compatible() { found } else { WINDOWS_1252 }
}
