//! Any HTML to our allow-list, by way of a tree: depth and size are bounded, embeds become links, what counts readers
//! goes. Its answer is cleaned by ammonia again, which is the wall; this is the housekeeping.

use html5ever::LocalName;

use super::{IMG_ATTRS, LINK_ATTRS, MAX_OUTPUT, TAGS, escape_attr, escape_text};
use crate::address::Base;
use crate::dom::{Dom, Id, Kind, NONE};

/// Elements that go with all that they hold.
pub(super) const GONE: &[&str] = &[
    "script",
    "style",
    "template",
    "noscript",
    "noembed",
    "noframes",
    "title",
    "textarea",
    "xmp",
    "plaintext",
    "select",
    "option",
    "button",
    "input",
    "form",
    "svg",
    "math",
    "iframe",
    "object",
    "embed",
    "applet",
    "frameset",
    "frame",
    "canvas",
    "audio",
    "video",
    "link",
    "meta",
    "base",
    "head",
    "dialog",
    "map",
    "area",
    "datalist",
    "marquee",
];

const MAX_OPEN: usize = 128;

/// The fragment, tidied.
pub(super) fn tidy(html: &str, base: &mut Base) -> String {
    let dom = Dom::parse(html);
    match dom.body() {
        Some(body) => tidy_subtrees(&dom, body, base, &|_| Keep::Yes),
        None => String::new(),
    }
}

/// What a chooser says of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    Yes,
    /// What it holds, but not the element itself.
    Inside,
    /// Neither it nor what it holds.
    No,
}

/// All under `root` that `keep` keeps, written by the allow-list.
pub fn tidy_subtrees(dom: &Dom, root: Id, base: &mut Base, keep: &dyn Fn(Id) -> Keep) -> String {
    let mut out = String::new();
    // (element, tag to close or none)
    let mut open: Vec<(Id, Option<&str>)> = Vec::new();
    let mut at = dom.nodes[root as usize].first;
    while at != NONE && out.len() <= MAX_OUTPUT {
        let goes_in = match keep(at) {
            Keep::Yes => enter(dom, at, base, &mut open, &mut out),
            Keep::Inside => true,
            Keep::No => false,
        };
        let first = dom.nodes[at as usize].first;
        if goes_in && first != NONE {
            at = first;
            continue;
        }
        // On to the next, closing all that we come out of.
        loop {
            if open.last().is_some_and(|&(element, _)| element == at) {
                let tag = open.pop().and_then(|(_, tag)| tag);
                close(tag, &mut out);
                // On pages a style sets a time apart from what follows; we have none.
                if tag == Some("time") && is_element(dom, dom.nodes[at as usize].next) {
                    out.push(' ');
                }
            }
            let node = &dom.nodes[at as usize];
            at = if node.next != NONE { node.next } else { node.parent };
            if node.next != NONE || at == root || at == NONE {
                break;
            }
        }
        if at == root {
            break;
        }
    }
    while let Some((_, tag)) = open.pop() {
        close(tag, &mut out);
    }
    out
}

fn is_element(dom: &Dom, id: Id) -> bool {
    dom.nodes.get(id as usize).is_some_and(|it| matches!(it.kind, Kind::Element { .. }))
}

fn close(tag: Option<&str>, out: &mut String) {
    if let Some(tag) = tag {
        out.push_str("</");
        out.push_str(tag);
        out.push('>');
    }
}

/// Writes a node's beginning; false when what it holds is to be passed by.
fn enter<'a>(
    dom: &'a Dom,
    id: Id,
    base: &mut Base,
    open: &mut Vec<(Id, Option<&'a str>)>,
    out: &mut String,
) -> bool {
    match &dom.nodes[id as usize].kind {
        Kind::Text(text) => escape_text(text, out),
        // Deeper than this there is only text: what comes after us takes quadratic time in depth.
        Kind::Element { name, html: true, .. } if MAX_OPEN <= open.len() => return !GONE.contains(&&**name),
        Kind::Element { name, html: true, .. } => return element(dom, id, name, base, open, out),
        _ => {}
    }
    false
}

fn element<'a>(
    dom: &'a Dom,
    id: Id,
    name: &'a LocalName,
    base: &mut Base,
    open: &mut Vec<(Id, Option<&'a str>)>,
    out: &mut String,
) -> bool {
    match &**name {
        "img" | "amp-img" => {
            picture(dom, id, base, out);
            false
        }
        "br" | "hr" | "wbr" => {
            out.push('<');
            out.push_str(name);
            out.push('>');
            false
        }
        "iframe" | "embed" | "object" | "video" | "audio" => {
            embed(dom, id, base, out);
            false
        }
        "a" => {
            let Some(href) = dom.attr(id, "href").and_then(|it| base.link(it)) else { return true };
            // A link in a link cannot be written down.
            if open.iter().any(|&(_, tag)| tag == Some("a")) {
                return true;
            }
            out.push_str("<a href=\"");
            escape_attr(&href, out);
            out.push('"');
            out.push_str(LINK_ATTRS);
            out.push('>');
            open.push((id, Some("a")));
            true
        }
        gone if GONE.contains(&gone) => false,
        // These are no more than a change of line to us.
        "section" | "article" | "main" | "header" | "footer" | "aside" | "center" | "address"
        | "fieldset" => {
            out.push_str("<div>");
            open.push((id, Some("div")));
            true
        }
        "strike" => open_as(id, "s", open, out),
        "font" | "span" | "tt" | "big" | "body" | "html" => true,
        tag if TAGS.contains(&tag) => {
            out.push('<');
            out.push_str(tag);
            for wanted in match tag {
                "td" | "th" => &["colspan", "rowspan"][..],
                "ol" => &["start"],
                "time" => &["datetime"],
                _ => &[],
            } {
                let Some(value) = dom.attr(id, wanted).map(str::trim) else { continue };
                let fits = *wanted == "datetime" && value.len() < 40 || is_number(value);
                if fits {
                    attr(wanted, value, out);
                }
            }
            out.push('>');
            open.push((id, Some(tag)));
            true
        }
        _ => true,
    }
}

fn open_as<'a>(id: Id, tag: &'a str, open: &mut Vec<(Id, Option<&'a str>)>, out: &mut String) -> bool {
    out.push('<');
    out.push_str(tag);
    out.push('>');
    open.push((id, Some(tag)));
    true
}

fn attr(name: &str, value: &str, out: &mut String) {
    out.push(' ');
    out.push_str(name);
    out.push_str("=\"");
    escape_attr(value, out);
    out.push('"');
}

pub(super) fn is_number(value: &str) -> bool {
    !value.is_empty() && value.len() <= 4 && value.bytes().all(|b| b.is_ascii_digit())
}

fn picture(dom: &Dom, id: Id, base: &mut Base, out: &mut String) {
    let source = crate::pictures::source(dom, id);
    let [width, height] = ["width", "height"].map(|it| dom.attr(id, it).unwrap_or_default());
    if let Some(html) = img(source.as_deref(), dom.attr(id, "alt").unwrap_or_default(), width, height, base) {
        out.push_str(&html);
    }
}

/// One picture, or nothing where it has no address we may load or is a pixel.
pub(super) fn img(
    source: Option<&str>,
    alt: &str,
    width: &str,
    height: &str,
    base: &mut Base,
) -> Option<String> {
    let [width, height] = [width, height].map(|it| it.trim().trim_end_matches("px"));
    let is_pixel = |it: &str| matches!(it, "0" | "1" | "2");
    if is_pixel(width) || is_pixel(height) {
        return None;
    }
    let source = base.picture(source?)?;
    let mut out = String::with_capacity(source.len() + alt.len() + 96);
    out.push_str("<img src=\"");
    escape_attr(&source, &mut out);
    out.push('"');
    attr("alt", alt, &mut out);
    for (name, value) in [("width", width), ("height", height)] {
        if is_number(value) {
            attr(name, value, &mut out);
        }
    }
    out.push_str(IMG_ATTRS);
    out.push('>');
    Some(out)
}

/// What would ask another host as soon as it is shown becomes a link that says whom.
fn embed(dom: &Dom, id: Id, base: &mut Base, out: &mut String) {
    let Some(address) = crate::pictures::embed_address(dom, id) else { return };
    let Some(address) = base.link(&address).filter(|it| it.starts_with("http")) else { return };
    let Some(host) = news::host_of(&address) else { return };
    let host = host.trim_start_matches("www.");
    if crate::pictures::is_advert_host(host) {
        return;
    }
    out.push_str("<p><a href=\"");
    escape_attr(&address, out);
    out.push('"');
    out.push_str(LINK_ATTRS);
    out.push('>');
    escape_text(host, out);
    out.push_str("</a></p>");
}
