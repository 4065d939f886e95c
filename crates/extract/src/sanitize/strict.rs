//! The common simple case, read and written anew in one pass without a tree.
//!
//! It accepts only what every HTML parser reads the same way: known tags, properly nested in places where the HTML
//! standard moves nothing, attributes in quotes, entities that are complete. At the first doubt it gives up (`None`) and
//! the caller takes the long way. Nothing of the input is copied but text, which is escaped, and addresses, which have
//! been through the URL parser: whatever it answers has only our tags with our attributes in it.

use super::{LINK_ATTRS, escape_attr, tidy};
use crate::address::Base;
use crate::plain::entity;

/// Deeper than this, the long way.
const MAX_DEPTH: usize = 64;

/// Where an element may stand and what it may hold.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Holds blocks and text: the fragment itself, div, blockquote, figure, td…
    Flow,
    /// Holds text and inline elements only: p, headings, captions.
    Phrase,
    /// Stands in text and holds text: em, a, code…
    Inline,
    /// Holds only li.
    List,
    /// Holds only dt and dd.
    Terms,
    /// table, its parts, and rows: hold only each other.
    Table,
    Part,
    Row,
}

struct Tag {
    name: &'static str,
    class: Class,
    /// What it must stand in: anything that takes blocks (`Flow`) or text (`Phrase`: any of those), or one class.
    inside: Class,
}

const fn tag(name: &'static str, class: Class, inside: Class) -> Tag {
    Tag { name, class, inside }
}

static KNOWN: &[Tag] = &[
    tag("p", Class::Phrase, Class::Flow),
    tag("a", Class::Inline, Class::Phrase),
    tag("strong", Class::Inline, Class::Phrase),
    tag("em", Class::Inline, Class::Phrase),
    tag("b", Class::Inline, Class::Phrase),
    tag("i", Class::Inline, Class::Phrase),
    tag("li", Class::Flow, Class::List),
    tag("ul", Class::List, Class::Flow),
    tag("ol", Class::List, Class::Flow),
    tag("div", Class::Flow, Class::Flow),
    tag("blockquote", Class::Flow, Class::Flow),
    tag("h1", Class::Phrase, Class::Flow),
    tag("h2", Class::Phrase, Class::Flow),
    tag("h3", Class::Phrase, Class::Flow),
    tag("h4", Class::Phrase, Class::Flow),
    tag("h5", Class::Phrase, Class::Flow),
    tag("h6", Class::Phrase, Class::Flow),
    tag("figure", Class::Flow, Class::Flow),
    tag("figcaption", Class::Flow, Class::Flow),
    tag("code", Class::Inline, Class::Phrase),
    tag("pre", Class::Phrase, Class::Flow),
    tag("u", Class::Inline, Class::Phrase),
    tag("s", Class::Inline, Class::Phrase),
    tag("small", Class::Inline, Class::Phrase),
    tag("sub", Class::Inline, Class::Phrase),
    tag("sup", Class::Inline, Class::Phrase),
    tag("mark", Class::Inline, Class::Phrase),
    tag("q", Class::Inline, Class::Phrase),
    tag("cite", Class::Inline, Class::Phrase),
    tag("del", Class::Inline, Class::Phrase),
    tag("ins", Class::Inline, Class::Phrase),
    tag("kbd", Class::Inline, Class::Phrase),
    tag("samp", Class::Inline, Class::Phrase),
    tag("var", Class::Inline, Class::Phrase),
    tag("dfn", Class::Inline, Class::Phrase),
    tag("abbr", Class::Inline, Class::Phrase),
    tag("dl", Class::Terms, Class::Flow),
    tag("dt", Class::Phrase, Class::Terms),
    tag("dd", Class::Flow, Class::Terms),
    tag("table", Class::Table, Class::Flow),
    tag("thead", Class::Part, Class::Table),
    tag("tbody", Class::Part, Class::Table),
    tag("tfoot", Class::Part, Class::Table),
    tag("tr", Class::Row, Class::Part),
    tag("td", Class::Flow, Class::Row),
    tag("th", Class::Flow, Class::Row),
];

/// The fragment written anew, or `None` when it is not of the simple kind.
pub(super) fn strict(html: &str, base: &mut Base) -> Option<String> {
    let mut out = String::with_capacity(html.len() + 64);
    // (index into KNOWN or SPAN, whether its tags were written)
    let mut open: Vec<(&'static Tag, bool)> = Vec::with_capacity(16);
    let mut rest = html;
    loop {
        let end = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        text(&rest[..end], &open, &mut out)?;
        rest = &rest[end..];
        if rest.is_empty() {
            break;
        }
        rest = if rest.as_bytes().get(1) == Some(&b'/') {
            closing(rest, &mut open, &mut out)?
        } else {
            opening(rest, &mut open, &mut out, base)?
        };
    }
    open.is_empty().then_some(out)
}

static SPAN: Tag = tag("span", Class::Inline, Class::Phrase);

fn known(name: &str) -> Option<&'static Tag> {
    if name.eq_ignore_ascii_case("span") {
        return Some(&SPAN);
    }
    KNOWN.iter().find(|it| it.name.eq_ignore_ascii_case(name))
}

fn text(text: &str, open: &[(&'static Tag, bool)], out: &mut String) -> Option<()> {
    let holder = open.last().map_or(Class::Flow, |(tag, _)| tag.class);
    if matches!(holder, Class::List | Class::Terms | Class::Table | Class::Part | Class::Row) {
        // Other text in a table is moved out of it by parsers.
        if !text.bytes().all(|b| matches!(b, b' ' | b'\n' | b'\t')) {
            return None;
        }
        out.push_str(text);
        return Some(());
    }
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| matches!(b, b'&' | b'>' | 0xc2)) {
        out.push_str(&rest[..at]);
        rest = match rest.as_bytes()[at] {
            b'>' => {
                out.push_str("&gt;");
                &rest[at + 1..]
            }
            b'&' => {
                let len = character(&rest[at..], out)?;
                &rest[at + len..]
            }
            _ if rest[at..].starts_with('\u{a0}') => {
                out.push_str("&nbsp;");
                &rest[at + 2..]
            }
            _ => {
                out.push_str(&rest[at..at + 2]);
                &rest[at + 2..]
            }
        };
    }
    out.push_str(rest);
    Some(())
}

/// Writes the entity at the beginning as serialisers would; answers with its length.
fn character(text: &str, out: &mut String) -> Option<usize> {
    let next = text.as_bytes().get(1).copied().unwrap_or(b' ');
    if !next.is_ascii_alphanumeric() && next != b'#' {
        out.push_str("&amp;");
        return Some(1);
    }
    let (Some(c), None, len) = entity(text) else { return None };
    if text.as_bytes()[len - 1] != b';'
        || matches!(c, '\r' | '\0' | '\u{fffd}')
        || c.is_control() && c != '\n' && c != '\t'
    {
        return None;
    }
    super::escape_text(c.encode_utf8(&mut [0; 4]), out);
    Some(len)
}

fn closing<'a>(rest: &'a str, open: &mut Vec<(&'static Tag, bool)>, out: &mut String) -> Option<&'a str> {
    let end = memchr::memchr(b'>', rest.as_bytes())?;
    let name = rest[2..end].trim_end_matches([' ', '\n', '\t']);
    let (tag, written) = open.pop()?;
    if !tag.name.eq_ignore_ascii_case(name) {
        return None;
    }
    if written {
        out.push_str("</");
        out.push_str(tag.name);
        out.push('>');
    }
    Some(&rest[end + 1..])
}

fn opening<'a>(
    rest: &'a str,
    open: &mut Vec<(&'static Tag, bool)>,
    out: &mut String,
    base: &mut Base,
) -> Option<&'a str> {
    let bytes = rest.as_bytes();
    let name_end = 1 + bytes[1..].iter().position(|b| !b.is_ascii_alphanumeric())?;
    let name = &rest[1..name_end];
    let attrs = Attrs::read(rest, name_end)?;
    let after = &rest[attrs.end..];
    let holder = open.last().map_or(Class::Flow, |(tag, _)| tag.class);
    let takes_text = matches!(holder, Class::Flow | Class::Phrase | Class::Inline);
    match name {
        _ if name.eq_ignore_ascii_case("br") && takes_text => {
            out.push_str("<br>");
            return Some(after);
        }
        _ if name.eq_ignore_ascii_case("hr") && holder == Class::Flow => {
            out.push_str("<hr>");
            return Some(after);
        }
        _ if name.eq_ignore_ascii_case("img") && takes_text => {
            img(&attrs, base, out)?;
            return Some(after);
        }
        _ => {}
    }
    let tag = known(name)?;
    let fits = match tag.inside {
        Class::Flow => holder == Class::Flow,
        Class::Phrase => takes_text,
        other => holder == other,
    };
    if !fits || attrs.closed || MAX_DEPTH <= open.len() {
        return None;
    }
    let written = match tag.name {
        "a" => {
            // Parsers close an open link at the next one.
            if open.iter().any(|(it, _)| it.name == "a") {
                return None;
            }
            link(&attrs, base, out)?
        }
        "span" => false,
        // The first line end in it is dropped by some and kept by others; no attribute of these is kept by us alone.
        "pre" if after.starts_with('\n') => return None,
        "td" | "th" => {
            out.push('<');
            out.push_str(tag.name);
            for wanted in ["colspan", "rowspan"] {
                number(&attrs, wanted, out)?;
            }
            out.push('>');
            true
        }
        "ol" => {
            out.push_str("<ol");
            number(&attrs, "start", out)?;
            out.push('>');
            true
        }
        name => {
            out.push('<');
            out.push_str(name);
            out.push('>');
            true
        }
    };
    open.push((tag, written));
    Some(after)
}

fn number(attrs: &Attrs, wanted: &str, out: &mut String) -> Option<()> {
    let Some(value) = attrs.get(wanted) else { return Some(()) };
    if tidy::is_number(value) {
        out.push(' ');
        out.push_str(wanted);
        out.push_str("=\"");
        out.push_str(value);
        out.push('"');
    }
    Some(())
}

/// Writes the tag of a link; false when it leads nowhere that we allow, and its text stands alone.
fn link(attrs: &Attrs, base: &mut Base, out: &mut String) -> Option<bool> {
    let Some(href) = attrs.get("href") else { return Some(false) };
    let Some(href) = base.link(&value(href)?) else { return Some(false) };
    out.push_str("<a href=\"");
    escape_attr(&href, out);
    out.push('"');
    out.push_str(LINK_ATTRS);
    out.push('>');
    Some(true)
}

fn img(attrs: &Attrs, base: &mut Base, out: &mut String) -> Option<()> {
    // Pictures that wait to be scrolled to need the long way.
    if attrs
        .names()
        .any(|it| it.starts_with("data-") && it.contains("src") || it.starts_with("data-original"))
    {
        return None;
    }
    let source = value(attrs.get("src").filter(|it| !it.trim().is_empty())?)?;
    if source.starts_with("data:")
        || source.contains("placeholder")
        || source.contains("lazyload")
        || source.contains("/blank.")
        || source.contains("/spacer.")
        || source.contains("/grey.")
        || source.contains("/loading.")
    {
        return None;
    }
    let alt = value(attrs.get("alt").unwrap_or_default())?;
    let [width, height] = ["width", "height"].map(|it| attrs.get(it).unwrap_or_default());
    if let Some(html) = tidy::img(Some(&source), &alt, width, height, base) {
        out.push_str(&html);
    }
    Some(())
}

/// A value with its entities resolved; `None` at one that is not complete.
fn value(raw: &str) -> Option<std::borrow::Cow<'_, str>> {
    if !raw.contains('&') {
        return Some(raw.into());
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let (c, second, len) = entity(&rest[at..]);
        // In values, an entity without its `;` may be a parameter: parsers have rules for it, we do not.
        if c.is_some() && rest.as_bytes()[at + len - 1] != b';' {
            return None;
        }
        out.extend([c.or(Some('&')), second].into_iter().flatten());
        rest = &rest[at + len..];
    }
    out.push_str(rest);
    Some(out.into())
}

/// The attributes of one tag: names, and values in quotes.
struct Attrs<'a> {
    pairs: [(&'a str, &'a str); 12],
    len: usize,
    /// Behind the `>`.
    end: usize,
    /// It ended in `/>`.
    closed: bool,
}

impl<'a> Attrs<'a> {
    fn read(rest: &'a str, from: usize) -> Option<Attrs<'a>> {
        let bytes = rest.as_bytes();
        let mut attrs = Attrs { pairs: [("", ""); 12], len: 0, end: 0, closed: false };
        let mut at = from;
        loop {
            let before = at;
            at += bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\n' | b'\t')).count();
            match bytes.get(at)? {
                b'>' => {
                    attrs.end = at + 1;
                    return Some(attrs);
                }
                b'/' if bytes.get(at + 1) == Some(&b'>') => {
                    (attrs.end, attrs.closed) = (at + 2, true);
                    return Some(attrs);
                }
                b if before < at && b.is_ascii_alphabetic() => {}
                _ => return None,
            }
            let name_len = bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':'))
                .count();
            let name = &rest[at..at + name_len];
            at += name_len;
            let mut value = "";
            if bytes.get(at) == Some(&b'=') {
                let quote = *bytes.get(at + 1).filter(|b| matches!(b, b'"' | b'\''))?;
                let len = memchr::memchr(quote, &bytes[at + 2..])?;
                value = &rest[at + 2..at + 2 + len];
                at += 2 + len + 1;
            } else if !matches!(bytes.get(at), Some(b' ' | b'\n' | b'\t' | b'>' | b'/')) {
                return None;
            }
            if attrs.len == attrs.pairs.len() {
                return None;
            }
            attrs.pairs[attrs.len] = (name, value);
            attrs.len += 1;
        }
    }

    /// The first of that name, as parsers take it.
    fn get(&self, name: &str) -> Option<&'a str> {
        self.pairs[..self.len].iter().find(|(it, _)| it.eq_ignore_ascii_case(name)).map(|&(_, value)| value)
    }

    fn names(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.pairs[..self.len].iter().map(|&(name, _)| name)
    }
}
