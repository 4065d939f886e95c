//! JSON as it was most likely meant: what no parser takes is made into what every parser takes, token by token.

use serde_json::Value;

/// Comments and commas too many go, odd words and numbers become `null`, strings get the escapes that they need.
/// What is JSON already means the same afterwards.
pub fn repaired(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '"' => string(rest, &mut out),
            '/' if rest.starts_with("//") || rest.starts_with("/*") => comment(rest),
            ',' if closes(&rest[1..]) => 1,
            '-' | '+' | '.' | '0'..='9' => number(rest, &mut out),
            c if c.is_ascii_alphabetic() => word(rest, &mut out),
            c => {
                out.push(c);
                c.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    out
}

/// Whether nothing but white space and comments stands before a closing bracket.
fn closes(mut rest: &str) -> bool {
    loop {
        rest = rest.trim_start();
        match comment(rest) {
            0 => return rest.starts_with(['}', ']']),
            length => rest = &rest[length..],
        }
    }
}

/// Bytes of the comment that begins here, 0 where none does.
fn comment(text: &str) -> usize {
    if text.starts_with("//") {
        text.find('\n').unwrap_or(text.len())
    } else if let Some(inside) = text.strip_prefix("/*") {
        inside.find("*/").map_or(text.len(), |at| at + 4)
    } else {
        0
    }
}

fn number(text: &str, out: &mut String) -> usize {
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.' | 'e' | 'E');
    let length = text.find(|c| !is_part(c)).unwrap_or(text.len());
    let token = &text[..length];
    // An id of more digits than a number has is a name.
    let is_name = (20..4_096).contains(&length) && token.bytes().all(|b| b.is_ascii_digit());
    if is_name {
        out.push('"');
        out.push_str(token);
        out.push('"');
    } else if serde_json::from_str::<Value>(token).is_ok() {
        out.push_str(token);
    } else {
        out.push_str("null");
    }
    length
}

fn word(text: &str, out: &mut String) -> usize {
    let length = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    out.push_str(match &text[..length] {
        "true" | "True" | "TRUE" => "true",
        "false" | "False" | "FALSE" => "false",
        _ => "null",
    });
    length
}

/// From quote to quote, or to the end.
fn string(text: &str, out: &mut String) -> usize {
    out.push('"');
    let mut at = 1;
    while let Some(c) = text[at..].chars().next() {
        at += c.len_utf8();
        match c {
            '"' => break,
            '\\' => at += escape(&text[at..], out),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {}
            c => out.push(c),
        }
    }
    out.push('"');
    at
}

/// What follows a backslash; answers how long it was.
fn escape(text: &str, out: &mut String) -> usize {
    let unit = |text: &str| {
        let hex = text.strip_prefix('u')?.get(..4)?;
        u32::from_str_radix(hex, 16).ok().filter(|_| hex.bytes().all(|b| b.is_ascii_hexdigit()))
    };
    match text.chars().next() {
        Some(c @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't')) => {
            out.push('\\');
            out.push(c);
            1
        }
        Some('u') => {
            let second = text.get(5..).and_then(|it| it.strip_prefix('\\')).and_then(unit);
            match (unit(text), second) {
                (Some(0xd800..0xdc00), Some(0xdc00..0xe000)) => {
                    out.push('\\');
                    out.push_str(&text[..11]);
                    11
                }
                // One half of a pair means nothing.
                (Some(0xd800..0xe000), _) => {
                    out.push_str("\\ufffd");
                    5
                }
                (Some(_), _) => {
                    out.push('\\');
                    out.push_str(&text[..5]);
                    5
                }
                (None, _) => {
                    out.push('u');
                    1
                }
            }
        }
        // `\'` and the like: the character itself.
        _ => 0,
    }
}
