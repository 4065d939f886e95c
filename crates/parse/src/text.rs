//! Marked-up text to plain text, entities to characters, white space to single spaces.

use std::borrow::Cow;

use crate::{LONGEST_TITLE, entities};

/// Plain text of HTML: tags out, entities resolved, white space folded, at most so many characters as a title has.
pub fn plain(html: &str) -> String {
    if memchr::memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return fold(html);
    }
    fold(&unescape(&without_tags(html)))
}

/// White space folded and cut to a title's length; characters mean themselves.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4 * LONGEST_TITLE));
    // Hardly any text has them, and most are ASCII.
    let marked = !text.is_ascii() && text.contains(is_unseen_mark);
    let is_mark = |word: &str| marked && word.trim_start_matches(is_unseen_mark).is_empty();
    let is_seen = |word: &&str| !(word.is_empty() || is_mark(word));
    for (count, word) in text.split(is_space).filter(is_seen).enumerate() {
        if LONGEST_TITLE <= folded.len() && LONGEST_TITLE <= folded.chars().count() {
            break;
        }
        if 0 < count {
            folded.push(' ');
        }
        match marked {
            true => folded.extend(word.chars().filter(|c| !is_unseen_mark(*c))),
            false => folded.push_str(word),
        }
    }
    if let Some((cut, _)) = folded.char_indices().nth(LONGEST_TITLE) {
        folded.truncate(cut);
    }
    folded
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_space).filter(|word| !word.trim_start_matches(is_unseen_mark).is_empty())
}

/// White space folded, lines kept, no line empty.
pub fn fold_all(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.lines() {
        let mut words = words(line).peekable();
        if words.peek().is_some() && !folded.is_empty() {
            folded.push('\n');
        }
        for (n, word) in words.enumerate() {
            if 0 < n {
                folded.push(' ');
            }
            folded.push_str(word);
        }
    }
    folded
}

fn is_space(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Where a line may be broken, and byte order marks: within a word they are no part of it.
fn is_unseen_mark(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}')
}

/// A tag's place is white space only where the tag breaks the line.
fn without_tags(html: &str) -> Cow<'_, str> {
    if !html.contains('<') {
        return Cow::Borrowed(html);
    }
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(length) = tag_length(rest) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        let name = rest[1..length].trim_start_matches('/');
        let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
        if breaks_line(name) {
            text.push(' ');
        }
        rest = &rest[length..];
        if is_unseen(name) && !name.is_empty() {
            rest = behind_end_of(rest, name);
        }
    }
    text.push_str(rest);
    Cow::Owned(text)
}

/// Bytes of the tag or comment that begins here; `None` when this `<` begins none.
pub fn tag_length(html: &str) -> Option<usize> {
    let bytes = html.as_bytes();
    if html.starts_with("<!--") {
        // One that never ends was meant to end with its tag.
        let end = html.find("-->").map(|end| end + 3).or_else(|| html.find('>').map(|end| end + 1));
        return Some(end.unwrap_or(html.len()));
    }
    match bytes.get(1)? {
        b'/' if bytes.get(2).is_some_and(u8::is_ascii_alphabetic) => {}
        b'!' | b'?' => {}
        first if first.is_ascii_alphabetic() => {}
        _ => return None,
    }
    // Most tags have no quotes, or no `>` and `<` in them.
    let end = memchr::memchr2(b'>', b'<', &bytes[1..])? + 1;
    let is_quoted = memchr::memchr2(b'"', b'\'', &bytes[..end]).is_some();
    if !is_quoted {
        return (bytes[end] == b'>').then_some(end + 1);
    }
    let mut quote = None;
    // Not for long: a page of tags whose quotes never end would cost the square of its length.
    for (at, &b) in bytes.iter().enumerate().take(1_024).skip(1) {
        match (quote, b) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if bytes[at - 1] == b'=' => quote = Some(b),
            (Some(open), b) if open == b => quote = None,
            _ => {}
        }
    }
    let end = memchr::memchr(b'>', bytes.get(..1 << 16).unwrap_or(bytes))?;
    Some(end + 1)
}

fn breaks_line(name: &str) -> bool {
    const BREAKING: [&str; 22] = [
        "br",
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "td",
        "th",
        "tr",
        "table",
        "hr",
        "dt",
        "dd",
        "blockquote",
        "pre",
        "img",
    ];
    BREAKING.iter().any(|it| it.eq_ignore_ascii_case(name))
}

fn is_unseen(name: &str) -> bool {
    ["script", "style"].iter().any(|it| it.eq_ignore_ascii_case(name))
}

fn behind_end_of<'a>(html: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(at) = html[from..].find("</") {
        let start = from + at + 2;
        if html.get(start..start + name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)) {
            let end = html[start..].find('>').map_or(html.len(), |end| start + end + 1);
            return &html[end..];
        }
        from = start;
    }
    html
}

/// `&amp;`, `&#8217;`, `&eacute;` to what they stand for; what stands for nothing stays.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut resolved = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        resolved.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(40).position(|b| b == b';');
        match end.and_then(|end| Some((end, reference(&rest[1..end])?))) {
            Some((end, what)) => {
                what.push_to(&mut resolved);
                rest = &rest[end + 1..];
            }
            None => {
                resolved.push('&');
                rest = &rest[1..];
            }
        }
    }
    resolved.push_str(rest);
    Cow::Owned(resolved)
}

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    Char(char),
    /// A character that no document may have (`&#0;`).
    Nothing,
}

impl Meaning {
    pub fn push_to(self, text: &mut String) {
        match self {
            Meaning::Char(c) => text.push(c),
            Meaning::Nothing => {}
        }
    }
}

/// The meaning of `name` in `&name;`, as HTML has it.
pub fn reference(name: &str) -> Option<Meaning> {
    if let Some(number) = name.strip_prefix('#') {
        let number = number.trim();
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return Some(character(code.ok()?));
    }
    match name {
        "amp" => return Some(Meaning::Char('&')),
        "lt" => return Some(Meaning::Char('<')),
        "gt" => return Some(Meaning::Char('>')),
        "quot" => return Some(Meaning::Char('"')),
        "apos" => return Some(Meaning::Char('\'')),
        "nbsp" => return Some(Meaning::Char('\u{a0}')),
        _ => {}
    }
    entities::named(name).map(Meaning::Char)
}

/// HTML reads 128 to 159 as Windows does: that is what their writers meant.
fn character(code: u32) -> Meaning {
    match code {
        0x80..=0x9f => Meaning::Char(windows(code)),
        9 | 10 | 13 => Meaning::Char(char::from(code as u8)),
        0..0x20 | 0x7f => Meaning::Nothing,
        _ => char::from_u32(code).map_or(Meaning::Nothing, Meaning::Char),
    }
}

/// Of 128 to 159.
pub fn windows(code: u32) -> char {
    const WINDOWS: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    WINDOWS[code.saturating_sub(0x80).min(31) as usize]
}

/// Plain text as HTML.
pub fn escape(text: &str) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            c => html.push(c),
        }
    }
    html
}

/// Cut to so many bytes, at a character and outside of a tag.
pub fn cap_html(html: &mut String, most: usize) {
    if html.len() <= most {
        return;
    }
    let mut end = html.floor_char_boundary(most);
    if let Some(open) = html[..end].rfind('<')
        && !html[open..end].contains('>')
    {
        end = open;
    }
    html.truncate(end);
}
