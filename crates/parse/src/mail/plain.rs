//! Plain text mails: lines that were broken for the way are joined again, addresses become links.

use crate::text;

/// Lines this long were broken by a program, not by a person.
const BROKEN_FROM: usize = 55;

/// The text as HTML paragraphs. `flowed`: lines that end in a space go on (RFC 3676); `delsp`: that space is not theirs.
pub fn paragraphs(text: &str, flowed: bool, delsp: bool) -> String {
    let mut html = String::with_capacity(text.len() + text.len() / 8);
    let mut lines: Vec<(usize, String)> = Vec::new();
    let mut goes_on = false;
    for line in text.lines() {
        // What comes after a signature's mark is no part of the text.
        if line == "-- " || line == "--" {
            break;
        }
        let (depth, line) = quoted(line);
        let line = if flowed { line.strip_prefix(' ').unwrap_or(line) } else { line };
        let continues = flowed && line.ends_with(' ');
        let kept = if delsp && continues { &line[..line.len() - 1] } else { line.trim_end_matches('\r') };
        match lines.last_mut() {
            Some((before, last)) if goes_on && *before == depth => last.push_str(kept),
            _ => lines.push((depth, kept.to_owned())),
        }
        goes_on = continues;
    }
    let mut paragraph: Vec<&str> = Vec::new();
    for (depth, line) in &lines {
        let line = line.trim_end();
        if line.trim().is_empty() || 0 < *depth {
            write(&mut paragraph, flowed, &mut html);
        }
        if 0 < *depth && !line.trim().is_empty() {
            html.push_str("<blockquote><p>");
            link(line.trim(), &mut html);
            html.push_str("</p></blockquote>");
        } else if !line.trim().is_empty() && !is_rule(line) {
            paragraph.push(line);
        }
    }
    write(&mut paragraph, flowed, &mut html);
    html
}

fn quoted(line: &str) -> (usize, &str) {
    let rest = line.trim_start_matches('>');
    (line.len() - rest.len(), if rest.len() < line.len() { rest.trim_start() } else { rest })
}

/// `-----`, `=====`, `*****`: a line between two parts.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    4 <= line.len() && line.chars().all(|c| matches!(c, '-' | '=' | '*' | '_' | '~' | '#' | '+'))
}

/// Long lines in a row are one running text; short ones stand for themselves (addresses, lists, poems).
fn write(paragraph: &mut Vec<&str>, flowed: bool, html: &mut String) {
    if paragraph.is_empty() {
        return;
    }
    html.push_str("<p>");
    let mut long = false;
    for (n, line) in paragraph.iter().enumerate() {
        if 0 < n {
            html.push_str(if long && !flowed && !begins_anew(line) { " " } else { "<br>" });
        }
        link(line.trim(), html);
        long = BROKEN_FROM <= line.chars().count();
    }
    html.push_str("</p>");
    paragraph.clear();
}

fn begins_anew(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with(['*', '-', '•', '·', '+', '#']) || line.starts_with("http")
}

/// Addresses become links that show themselves.
fn link(line: &str, html: &mut String) {
    let mut rest = line;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|it| rest.find(it)).min() {
        let ends =
            |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '|' | '\\' | '^' | '`' | '{' | '}');
        let end = rest[at..].find(ends).map_or(rest.len(), |length| at + length);
        let mut address = rest[at..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ']', '*', '_']);
        if address.ends_with(')') && address.matches('(').count() < address.matches(')').count() {
            address = &address[..address.len() - 1];
        }
        html.push_str(&text::escape(&rest[..at]));
        let escaped = text::escape(address);
        html.push_str(&format!("<a href=\"{escaped}\">{escaped}</a>"));
        rest = &rest[at + address.len()..];
    }
    html.push_str(&text::escape(rest));
}
