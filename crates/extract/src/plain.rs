//! HTML to plain text without making a tree of it: one pass, blocks become lines, entities characters.

use html5ever::data::NAMED_ENTITIES;

/// The text of a fragment: entities resolved, white space folded, blocks separated by one `\n`.
pub fn plain(html: &str) -> String {
    let mut text = Lines { text: String::with_capacity(html.len() / 2), line_due: false, space_due: false };
    let mut rest = html;
    while !rest.is_empty() {
        let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        text.push(&rest[..end]);
        rest = &rest[end..];
        if rest.is_empty() {
            break;
        }
        rest = tag(rest, &mut text);
    }
    text.text.truncate(text.text.trim_end().len());
    text.text
}

/// Reads one tag (or what only looks like one) and answers with what comes after.
fn tag<'a>(rest: &'a str, text: &mut Lines) -> &'a str {
    let bytes = rest.as_bytes();
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.find("-->").map_or("", |end| &comment[end + 3..]);
    }
    if matches!(bytes.get(1), Some(b'!' | b'?')) {
        return memchr::memchr(b'>', bytes).map_or("", |end| &rest[end + 1..]);
    }
    let closes = bytes.get(1) == Some(&b'/');
    let from = 1 + usize::from(closes);
    if !bytes.get(from).is_some_and(u8::is_ascii_alphabetic) {
        text.push("<");
        return &rest[1..];
    }
    let name_end =
        bytes[from..].iter().position(|b| !b.is_ascii_alphanumeric()).map_or(bytes.len(), |n| from + n);
    let name = &rest[from..name_end];
    let after = &rest[tag_end(bytes, name_end)..];
    if is_line(name) {
        text.line_due = true;
    }
    if !closes
        && ["script", "style", "noscript", "template", "title", "textarea", "iframe", "svg"]
            .iter()
            .any(|it| name.eq_ignore_ascii_case(it))
    {
        return past_closing(after, name);
    }
    after
}

/// Behind the `>` of a tag, quotes respected; an unclosed quote ends at the first `>` instead.
fn tag_end(bytes: &[u8], from: usize) -> usize {
    let mut quote = 0;
    for (at, &b) in bytes.iter().enumerate().skip(from) {
        match b {
            b'>' if quote == 0 => return at + 1,
            b'"' | b'\'' if quote == 0 && bytes[at - 1] == b'=' => quote = b,
            _ if b == quote => quote = 0,
            _ => {}
        }
    }
    memchr::memchr(b'>', &bytes[from..]).map_or(bytes.len(), |n| from + n + 1)
}

fn past_closing<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&rest.as_bytes()[from..], b"</").map(|n| n + from) {
        let after = &rest.as_bytes()[at + 2..];
        if after.len() >= name.len() && after[..name.len()].eq_ignore_ascii_case(name.as_bytes()) {
            return &rest[tag_end(rest.as_bytes(), at + 2)..];
        }
        from = at + 2;
    }
    ""
}

fn is_line(name: &str) -> bool {
    if name.len() > 10 {
        return false;
    }
    let mut lower = [0; 10];
    for (to, b) in lower.iter_mut().zip(name.bytes()) {
        *to = b.to_ascii_lowercase();
    }
    matches!(
        &lower[..name.len()],
        b"p" | b"div"
            | b"br"
            | b"li"
            | b"ul"
            | b"ol"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"tr"
            | b"td"
            | b"th"
            | b"table"
            | b"blockquote"
            | b"figure"
            | b"figcaption"
            | b"pre"
            | b"hr"
            | b"dl"
            | b"dt"
            | b"dd"
            | b"section"
            | b"article"
            | b"header"
            | b"footer"
            | b"aside"
            | b"details"
            | b"summary"
            | b"caption"
            | b"main"
            | b"nav"
            | b"address"
    )
}

struct Lines {
    text: String,
    line_due: bool,
    space_due: bool,
}

impl Lines {
    fn push(&mut self, piece: &str) {
        let mut rest = piece;
        while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
            self.push_text(&rest[..at]);
            let (c, second, len) = entity(&rest[at..]);
            for c in [c, second].into_iter().flatten() {
                self.push_text(c.encode_utf8(&mut [0; 4]));
            }
            if c.is_none() {
                self.push_text("&");
            }
            rest = &rest[at + len..];
        }
        self.push_text(rest);
    }

    fn push_text(&mut self, piece: &str) {
        for word in piece.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end_matches(char::is_whitespace);
            if !bare.is_empty() {
                if !self.text.is_empty() && self.line_due {
                    self.text.push('\n');
                } else if !self.text.is_empty() && self.space_due {
                    self.text.push(' ');
                }
                (self.line_due, self.space_due) = (false, false);
                if bare.contains(['\u{ad}', '\u{200b}', '\u{feff}', '\0']) {
                    self.text.extend(
                        bare.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\0')),
                    );
                } else {
                    self.text.push_str(bare);
                }
            }
            self.space_due |= bare.len() < word.len();
        }
    }
}

/// One or two characters for the entity at the beginning, and its length; none for a bare `&`.
pub fn entity(text: &str) -> (Option<char>, Option<char>, usize) {
    let bytes = text.as_bytes();
    if bytes.get(1) == Some(&b'#') {
        let (radix, from) = if matches!(bytes.get(2), Some(b'x' | b'X')) { (16, 3) } else { (10, 2) };
        let digits = bytes[from.min(bytes.len())..]
            .iter()
            .take(8)
            .take_while(|b| (**b as char).is_digit(radix))
            .count();
        let end = from + digits;
        if digits == 0 {
            return (None, None, 1);
        }
        let code = u32::from_str_radix(&text[from..end], radix).unwrap_or(0xfffd);
        return (Some(character(code)), None, end + usize::from(bytes.get(end) == Some(&b';')));
    }
    let name = bytes.iter().skip(1).take(32).take_while(|b| b.is_ascii_alphanumeric()).count();
    if name == 0 {
        return (None, None, 1);
    }
    let with_end = if bytes.get(1 + name) == Some(&b';') { name + 1 } else { name };
    match NAMED_ENTITIES.get(&text[1..1 + with_end]) {
        Some(&(first, second)) if first != 0 => {
            (char::from_u32(first), char::from_u32(second).filter(|_| second != 0), 1 + with_end)
        }
        _ => (None, None, 1),
    }
}

/// Code points as HTML reads them: the C1 range is Windows-1252, surrogates and the like are U+FFFD.
fn character(code: u32) -> char {
    if (0x80..=0x9f).contains(&code) {
        let decoded = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&[code as u8]).0.chars().next();
        return decoded.unwrap_or('\u{fffd}');
    }
    char::from_u32(code).filter(|c| *c != '\0').unwrap_or('\u{fffd}')
}
