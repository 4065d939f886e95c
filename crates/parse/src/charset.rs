//! Bytes to text. What says which charset it is, strongest first: a byte order mark, the HTTP header (RFC 7303), the
//! document's own label, whether it is valid UTF-8, a guess.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use news::Trouble;

use crate::text;

/// The document as text, without a byte order mark and without the control characters that XML forbids.
pub fn decode<'a>(bytes: &'a [u8], content_type: Option<&str>, troubles: &mut Vec<Trouble>) -> Cow<'a, str> {
    clean(to_text(bytes, content_type, troubles))
}

fn to_text<'a>(bytes: &'a [u8], content_type: Option<&str>, troubles: &mut Vec<Trouble>) -> Cow<'a, str> {
    if let Some(text) = utf_32(bytes) {
        return Cow::Owned(text);
    }
    if let Some((encoding, length)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[length..]).0;
    }
    let header = content_type.and_then(charset_of_header).and_then(|label| named(label, bytes));
    let own = label(bytes).and_then(|label| named(label, bytes));
    let wide = wide_by_shape(bytes);
    // A document that shows its width cannot be what a narrow label says, and the other way round.
    let said = match (wide, header.or(own)) {
        (Some(wide), Some(said)) if is_wide(said) => Some(if header.is_some() { said } else { wide }),
        (Some(wide), _) => Some(wide),
        (None, Some(said)) if is_wide(said) && starts_narrow(bytes) => own.filter(|own| !is_wide(own)),
        (None, said) => said,
    };
    match said {
        Some(encoding) if encoding != UTF_8 => {
            // Servers put `charset=iso-8859-1` on everything; UTF-8 that has letters beyond ASCII never is it.
            if encoding == WINDOWS_1252 && has_utf_8_letters(bytes) {
                return String::from_utf8_lossy(bytes);
            }
            let (text, _, bad) = encoding.decode(bytes);
            if bad {
                troubles.push(Trouble::new(
                    "charset",
                    format!("It is not quite the charset that it says ({}).", encoding.name()),
                ));
            }
            text
        }
        // encoding_rs looks at sixteen bytes at once where the standard library looks at two words.
        said => match UTF_8.decode_without_bom_handling_and_without_replacement(bytes) {
            Some(text) => text,
            None => guessed(bytes, said.is_some(), troubles),
        },
    }
}

/// Not valid UTF-8, whatever it says.
fn guessed<'a>(bytes: &'a [u8], said_utf_8: bool, troubles: &mut Vec<Trouble>) -> Cow<'a, str> {
    let says = "It has bytes that are not UTF-8; they were read as they were most likely meant.";
    troubles.push(Trouble::new("charset", says));
    let (good, bad) = bytes.utf8_chunks().fold((0, 0), |(good, bad), chunk| {
        (
            good + chunk.valid().chars().filter(|c| !c.is_ascii()).count(),
            bad + usize::from(!chunk.invalid().is_empty()),
        )
    });
    if good < bad && !(said_utf_8 && bad < 4) {
        let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Allow);
        detector.feed(bytes, true);
        let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
        return guess.decode_without_bom_handling(bytes).0;
    }
    Cow::Owned(mixed(bytes))
}

/// UTF-8 with stray bytes of the most common other charset in it.
fn mixed(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.push_str(&WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    text
}

fn has_utf_8_letters(bytes: &[u8]) -> bool {
    !bytes.is_ascii() && std::str::from_utf8(bytes).is_ok()
}

fn is_wide(encoding: &'static Encoding) -> bool {
    encoding == UTF_16LE || encoding == UTF_16BE
}

fn starts_narrow(bytes: &[u8]) -> bool {
    bytes.iter().take(64).all(|&b| b != 0)
}

/// UTF-16 that begins with `<` (or white space) shows itself by its zero bytes.
fn wide_by_shape(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [a, 0, b, 0, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b, ..] if a.is_ascii() && b.is_ascii() && *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

/// Nobody's library reads it any more, but it costs ten lines.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let (big, skip) = match bytes {
        [0, 0, 0xfe, 0xff, ..] => (true, 4),
        [0xff, 0xfe, 0, 0, ..] => (false, 4),
        [0, 0, 0, b'<', 0, 0, 0, _, ..] => (true, 0),
        [b'<', 0, 0, 0, _, 0, 0, 0, ..] => (false, 0),
        _ => return None,
    };
    let units = bytes[skip..].as_chunks::<4>().0.iter();
    let code = |unit: &[u8; 4]| if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) };
    Some(units.map(|unit| char::from_u32(code(unit)).unwrap_or('\u{fffd}')).collect())
}

fn named(label: &str, bytes: &[u8]) -> Option<&'static Encoding> {
    let label = label.trim().trim_matches(['"', '\'']);
    let unusual = match label.to_ascii_lowercase().as_str() {
        // Byte order unstated and unshown: the standard says little, the bytes may say otherwise.
        "utf-16" | "utf16" | "ucs-2" | "iso-10646-ucs-2" | "csunicode" | "unicode" => {
            return wide_by_shape(bytes).or(Some(UTF_16LE));
        }
        "u16" | "utf_16_be" => "utf-16be",
        "utf_16_le" => "utf-16le",
        "cp949" | "uhc" => "euc-kr",
        "cp932" | "ms932" => "shift_jis",
        "cp936" => "gbk",
        "cp950" => "big5",
        "utf_8" | "utf8mb4" | "u8" => "utf-8",
        "latin" | "latin-1" | "iso8859_1" => "iso-8859-1",
        _ => label,
    };
    Encoding::for_label(unusual.as_bytes())
}

fn charset_of_header(content_type: &str) -> Option<&str> {
    let at = find_ignoring_case(content_type.as_bytes(), b"charset")?;
    let value = content_type.get(at + 7..)?.trim_start().strip_prefix(['=', ':'])?.trim_start();
    let value = value.strip_prefix(['"', '\'']).unwrap_or(value);
    let end = value.find([';', '"', '\'', ' ', ',']).unwrap_or(value.len());
    Some(&value[..end]).filter(|value| !value.is_empty())
}

/// `encoding="…"` of the XML declaration, `charset=…` of an HTML page: both stand at the beginning.
fn label(bytes: &[u8]) -> Option<&str> {
    let start = &bytes[..bytes.len().min(1_024)];
    let declaration = find_ignoring_case(start, b"<?xml").and_then(|at| {
        let rest = &start[at..];
        let end = rest.iter().position(|&b| b == b'>').unwrap_or(rest.len());
        value_after(&rest[..end], b"encoding")
    });
    declaration.or_else(|| {
        let meta = find_ignoring_case(start, b"<meta")?;
        value_after(&start[meta..], b"charset")
    })
}

fn value_after<'a>(bytes: &'a [u8], name: &[u8]) -> Option<&'a str> {
    let at = find_ignoring_case(bytes, name)? + name.len();
    let rest = bytes[at..].trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let end = rest.iter().position(|b| b"\"' >;?/".contains(b)).unwrap_or(rest.len());
    std::str::from_utf8(&rest[..end]).ok().filter(|label| !label.is_empty())
}

fn find_ignoring_case(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window.eq_ignore_ascii_case(what))
}

/// Takes out what XML 1.0 does not allow anywhere; most documents have none of it.
fn clean(text: Cow<'_, str>) -> Cow<'_, str> {
    // Bytes of a block are or-ed together, and not searched: that way the compiler takes sixteen at once. 0xC2 begins
    // U+0080 to U+00BF.
    let suspicious = |block: &[u8]| {
        block.iter().fold(0, |any, &b| {
            any | u8::from(((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r')) | (b == 0xc2))
        })
    };
    let any =
        text.as_bytes().chunks(4_096).any(|block| suspicious(block) != 0) && text.chars().any(is_control);
    if !any {
        return match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.strip_prefix('\u{feff}').unwrap_or(text)),
            owned => owned,
        };
    }
    let clean = text.chars().filter_map(|c| match c {
        // Control characters of Latin-1 are the letters of Windows, decoded by someone who did not know.
        '\u{80}'..='\u{9f}' => Some(text::windows(c as u32)).filter(|it| !('\u{80}'..='\u{9f}').contains(it)),
        c => (!is_control(c)).then_some(c),
    });
    Cow::Owned(clean.collect())
}

fn is_control(c: char) -> bool {
    matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{80}'..='\u{9f}')
}
