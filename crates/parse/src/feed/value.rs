//! The value of one element while it is read: text, HTML, or a tree that is HTML already.

use std::borrow::Cow;

use super::{Role, address, element::Element};
use crate::{
    LONGEST_HTML,
    text::{self, Meaning},
    xml::Tag,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Characters that mean themselves (`type="text"`).
    Text,
    /// Nothing was said: plain text in Atom, unless it plainly is not.
    Unsaid,
    /// HTML, escaped once (`type="html"`, everything in RSS).
    Html,
    /// Elements (`type="xhtml"`).
    Xhtml,
    /// Elements of some other vocabulary.
    Xml,
    Base64,
}

impl Kind {
    /// Its tags are its own, whatever they are called.
    pub fn is_tree(self) -> bool {
        matches!(self, Kind::Xhtml | Kind::Xml)
    }

    fn of(element: Element, tag: &Tag, is_atom: bool) -> Kind {
        let unsaid = if is_atom { Kind::Unsaid } else { Kind::Html };
        if !matches!(element, Element::Title | Element::Summary | Element::Content)
            || tag.attributes.is_empty()
        {
            return unsaid;
        }
        let mode = tag.attribute("mode").unwrap_or("");
        if mode.eq_ignore_ascii_case("base64") {
            return Kind::Base64;
        }
        let kind = tag.attribute("type").map(|kind| kind.trim().to_ascii_lowercase());
        let kind = kind.as_deref().map(|kind| kind.split(';').next().unwrap_or(kind).trim());
        match kind {
            None if mode.eq_ignore_ascii_case("escaped") => Kind::Unsaid,
            None | Some("") => unsaid,
            Some("text/html" | "html") if mode.eq_ignore_ascii_case("xml") => Kind::Xhtml,
            Some("text" | "text/plain" | "plain") => {
                if is_atom {
                    Kind::Text
                } else {
                    Kind::Html
                }
            }
            Some("xhtml" | "application/xhtml+xml" | "application/xhtml")
                if mode.eq_ignore_ascii_case("escaped") =>
            {
                Kind::Html
            }
            Some("xhtml" | "application/xhtml+xml" | "application/xhtml") => Kind::Xhtml,
            Some("html" | "text/html" | "text/x-html") => Kind::Html,
            Some(kind) if kind.ends_with("/xml") || kind.ends_with("+xml") => Kind::Xml,
            Some(kind) if kind.starts_with("text/") => Kind::Text,
            Some(kind) if is_atom && kind.contains('/') => Kind::Base64,
            Some(_) => unsaid,
        }
    }
}

#[derive(Debug)]
pub struct Capture<'a> {
    pub element: Element,
    pub rank: u8,
    pub role: Role,
    pub name: &'a str,
    pub attributes: Tag<'a>,
    pub kind: Kind,
    pub text: Cow<'a, str>,
    /// Elements of its own name that are open inside of it.
    pub nested: u32,
    /// It has elements inside.
    has_tags: bool,
    /// How many namespaces, bases and languages there were before it.
    pub spaces: usize,
    pub bases: usize,
    pub languages: usize,
}

impl<'a> Capture<'a> {
    pub fn of(element: Element, rank: u8, tag: Tag<'a>, is_atom: bool) -> Capture<'a> {
        let kind = match tag.name.split_once(':') {
            Some(("xhtml" | "html", _)) => Kind::Xhtml,
            _ if element == Element::Content && matches!(tag.name, "body" | "div") => Kind::Xhtml,
            _ => Kind::of(element, &tag, is_atom && 3 == rank),
        };
        Capture {
            element,
            rank,
            role: Role::Skip,
            name: tag.name,
            attributes: tag,
            kind,
            text: Cow::Borrowed(""),
            nested: 0,
            has_tags: false,
            spaces: 0,
            bases: 0,
            languages: 0,
        }
    }

    fn push(&mut self, text: &'a str) {
        if self.text.is_empty() {
            self.text = Cow::Borrowed(text);
        } else if self.text.len() < 2 * LONGEST_HTML {
            self.text.to_mut().push_str(text);
        }
    }

    pub fn text(&mut self, text: &'a str) {
        self.push(text);
    }

    pub fn cdata(&mut self, text: &'a str) {
        if self.kind == Kind::Xhtml {
            let text = text::escape(text);
            if self.text.len() < 2 * LONGEST_HTML {
                self.text.to_mut().push_str(&text);
            }
        } else {
            self.push(text);
        }
    }

    pub fn reference(&mut self, name: &'a str, declared: Option<&str>) {
        if 2 * LONGEST_HTML <= self.text.len() {
            return;
        }
        let text = self.text.to_mut();
        if self.kind == Kind::Xhtml && declared.is_none() {
            text.push('&');
            text.push_str(name);
            text.push(';');
        } else {
            resolve(name, declared, text);
        }
    }

    /// A tag inside of the value is part of it, where a value can have tags.
    pub fn tag(&mut self, tag: &Tag<'a>) {
        self.has_tags = true;
        if !self.keeps_tags() {
            return;
        }
        let text = self.text.to_mut();
        text.push('<');
        text.push_str(super::local(tag.name));
        text.push_str(tag.attributes.trim_ascii_end());
        text.push_str(if tag.empty { " />" } else { ">" });
    }

    pub fn markup(&mut self, before: &str, name: &str, after: &str) {
        if self.keeps_tags() {
            let text = self.text.to_mut();
            text.push_str(before);
            text.push_str(name);
            text.push_str(after);
        }
    }

    fn keeps_tags(&self) -> bool {
        matches!(self.element, Element::Title | Element::Summary | Element::Content)
            && self.text.len() < 2 * LONGEST_HTML
    }

    /// As plain text on one line.
    pub fn plain(&self) -> String {
        match self.kind {
            Kind::Text => text::fold(&self.text),
            Kind::Unsaid if !self.is_html() => text::fold(&text::unescape(&self.text)),
            Kind::Base64 => match base64(&self.text) {
                Ok(text) => text::plain(&text),
                Err(as_it_is) => text::fold(as_it_is),
            },
            _ => text::plain(&self.text),
        }
    }

    /// As HTML, its links absolute.
    pub fn html(&self, base: &str) -> String {
        let mut html = match self.kind {
            Kind::Text => text_as_html(&self.text),
            Kind::Unsaid if !self.is_html() => text_as_html(&self.text),
            Kind::Base64 => base64(&self.text).unwrap_or_else(text_as_html),
            Kind::Xml => String::new(),
            Kind::Xhtml => without_wrapper(self.text.trim()).to_owned(),
            Kind::Html | Kind::Unsaid => odd_declarations_escaped(self.text.trim()),
        };
        text::cap_html(&mut html, LONGEST_HTML);
        address::absolute_links(&html, base).unwrap_or(html)
    }

    /// Atom says that nothing said means plain text; half of its writers do not know.
    fn is_html(&self) -> bool {
        const SIGNS: [&str; 9] = ["</", "<br", "<p>", "<img ", "/>", "<a ", "<BR", "<P>", "<li>"];
        self.has_tags || self.text.contains('<') && SIGNS.iter().any(|sign| self.text.contains(sign))
    }
}

/// `<!'` begins neither a comment nor a doctype; a parser would take what follows it for one.
fn odd_declarations_escaped(html: &str) -> String {
    let is_odd = |at: usize| {
        !html[at + 2..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '-' | '[' | '>'))
    };
    let odd: Vec<usize> =
        memchr::memmem::find_iter(html.as_bytes(), b"<!").filter(|at| is_odd(*at)).collect();
    if odd.is_empty() {
        return html.to_owned();
    }
    let mut escaped = String::with_capacity(html.len() + 3 * odd.len());
    let mut done = 0;
    for at in odd {
        escaped.push_str(&html[done..at]);
        escaped.push_str("&lt;");
        done = at + 1;
    }
    escaped.push_str(&html[done..]);
    escaped
}

fn text_as_html(text: &str) -> String {
    let text = text.trim();
    if text.contains(['<', '>', '&', '"']) { text::escape(text) } else { text.to_owned() }
}

/// The `div` that Atom puts around XHTML is no part of the text.
fn without_wrapper(html: &str) -> &str {
    let inside = html.strip_prefix("<div").and_then(|rest| {
        let end = rest.find('>')?;
        (!rest[..end].ends_with('/')).then(|| rest[end + 1..].strip_suffix("</div>"))?
    });
    inside.filter(|inside| !inside.contains("<div") || balanced(inside)).map_or(html, str::trim)
}

/// No `</div>` before its `<div>`.
fn balanced(html: &str) -> bool {
    let mut depth = 0;
    for (at, _) in html.match_indices("div") {
        if html[..at].ends_with("</") {
            depth -= 1;
        } else if html[..at].ends_with('<') {
            depth += 1;
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// Appends what `&name;` stands for; what stands for nothing stays as it is.
pub fn resolve(name: &str, declared: Option<&str>, text: &mut String) {
    match (text::reference(name), declared) {
        (Some(Meaning::Nothing), _) => {}
        (Some(meaning), _) => meaning.push_to(text),
        (None, Some(value)) => text.push_str(value),
        (None, None) => {
            text.push('&');
            text.push_str(name);
            text.push(';');
        }
    }
}

/// `<!ENTITY name "text">`: plain ones only, never expanded again, so that nothing can blow up.
pub fn declared_entities<'a>(doctype: &'a str, entities: &mut Vec<(&'a str, &'a str)>) {
    for (at, _) in doctype.match_indices("<!ENTITY").take(64) {
        let rest = doctype[at + 8..].trim_ascii_start();
        let Some((name, rest)) = rest.split_once(|c: char| c.is_ascii_whitespace()) else { continue };
        let rest = rest.trim_ascii_start();
        let Some(quote) = rest.chars().next().filter(|it| matches!(it, '"' | '\'')) else { continue };
        if let Some((value, _)) = rest[1..].split_once(quote)
            && value.len() <= 1_024
            && !value.contains('&')
        {
            entities.push((name, value));
        }
    }
}

/// What base64 stands for, where that is text. Else what is to be shown in its place: what never was base64 is text as
/// it is, a picture is nothing.
fn base64(text: &str) -> Result<String, &str> {
    const SHORTEST_FILE: usize = 64;
    let Some(bytes) = base64_bytes(text) else { return Err(text) };
    match String::from_utf8(bytes) {
        Ok(decoded) if !decoded.contains('\0') => Ok(decoded),
        _ if text.len() < SHORTEST_FILE => Err(text),
        _ => Err(""),
    }
}

fn base64_bytes(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for b in text.bytes().filter(|b| !b.is_ascii_whitespace() && *b != b'=') {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if 8 <= held {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    Some(bytes)
}

/// One `<link …>` with an address in an attribute.
#[derive(Clone, Debug, Default)]
pub struct Link {
    pub address: Option<String>,
    /// Lower case; `alternate` when it does not say.
    pub rel: String,
    pub mime: Option<String>,
    pub title: Option<String>,
    pub bytes: Option<u64>,
}

impl Link {
    pub fn of(tag: &Tag, base: &str) -> Link {
        let value =
            |name: &str| tag.attribute(name).map(text::unescape).filter(|value| !value.trim().is_empty());
        Link {
            address: value("href").and_then(|it| address::joined(&it, Some(base))),
            rel: value("rel").map_or_else(|| "alternate".to_owned(), |rel| relation(&rel)),
            mime: value("type").map(|it| it.trim().to_ascii_lowercase()),
            title: value("title").map(|it| text::fold(&it)),
            bytes: value("length").and_then(|it| it.trim().parse().ok()),
        }
    }
}

fn relation(rel: &str) -> String {
    let rel = rel.trim().to_ascii_lowercase();
    rel.strip_prefix("http://www.iana.org/assignments/relation/").map_or(rel.clone(), str::to_owned)
}
