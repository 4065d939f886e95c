//! The one maker of `SafeHtml`: the last thing before storing, so that every way out gets clean text.
//!
//! Three steps. Most fragments are of a tiny grammar that [`strict`] reads and writes anew, tag by tag. All others are
//! made into a tree, written out by our own allow-list ([`tidy`]: embeds become links, pictures that count readers go)
//! and then cleaned by ammonia. The answer is a fixed point: cleaning it again changes nothing, which is the guard
//! against text that a second parser would read differently. See `docs/decisions/sanitising.md`.

#[cfg(test)]
mod properties;
mod strict;
#[cfg(test)]
mod tests;
mod tidy;

use std::borrow::Cow;
use std::sync::OnceLock;

use news::SafeHtml;

use crate::address::Base;
use crate::dom::floor;
pub use tidy::{Keep, tidy_subtrees};

/// Raised when what is let through changes: bodies made by an older one are made again.
pub const SANITIZER_VERSION: u32 = 1;

const MAX_OUTPUT: usize = 5 << 20;
/// Text that markup could not be found safe in this often is shown without any.
const ROUNDS: usize = 3;

pub(crate) const LINK_ATTRS: &str = " rel=\"noopener noreferrer nofollow\" referrerpolicy=\"no-referrer\"";
pub(crate) const IMG_ATTRS: &str = " referrerpolicy=\"no-referrer\" loading=\"lazy\"";

/// Clean HTML, with addresses made absolute against `base`. What is not on the allow-lists is gone.
pub fn sanitize(html: &str, base: &str) -> SafeHtml {
    let folded = folded(html);
    let html = cut(&folded);
    let mut base = Base::new(base);
    if let Some(clean) = strict::strict(&html, &mut base) {
        return SafeHtml::vouched_for(clean);
    }
    let mut clean = round(&html, &mut base);
    for _ in 0..ROUNDS {
        if strict::strict(&clean, &mut base).is_some_and(|again| again == clean) {
            return SafeHtml::vouched_for(clean);
        }
        let again = round(&clean, &mut base);
        if again == clean && strict::strict(&clean, &mut base).is_none() {
            return SafeHtml::vouched_for(clean);
        }
        clean = again;
    }
    SafeHtml::vouched_for(paragraphs(&crate::plain(&clean)))
}

/// The same with every picture's address put through `proxy`.
pub fn images_through(html: &SafeHtml, proxy: impl Fn(&str) -> String) -> SafeHtml {
    let html = html.as_str();
    let mut out = String::with_capacity(html.len() + 256);
    let mut rest = html;
    // What the sanitiser writes has one shape: `<img src="…"`; a text can hold no bare `<`.
    while let Some(at) = memchr::memmem::find(rest.as_bytes(), b"<img src=\"") {
        let from = at + "<img src=\"".len();
        let Some(len) = rest[from..].find('"') else { break };
        out.push_str(&rest[..from]);
        let address = rest[from..from + len].replace("&amp;", "&");
        escape_attr(&proxy(&address), &mut out);
        rest = &rest[from + len..];
    }
    out.push_str(rest);
    SafeHtml::vouched_for(out)
}

fn round(html: &str, base: &mut Base) -> String {
    let tidied = tidy::tidy(html, base);
    ammonia().clean(&cut(&tidied)).to_string()
}

/// One kind of line end, no NUL: parsers disagree about the others.
fn folded(html: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\0', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    Cow::Owned(html.replace("\r\n", "\n").replace('\r', "\n").replace('\0', ""))
}

fn cut(html: &str) -> Cow<'_, str> {
    if html.len() <= MAX_OUTPUT {
        return Cow::Borrowed(html);
    }
    Cow::Owned(html[..floor(html, MAX_OUTPUT)].to_owned())
}

fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.lines() {
        out.push_str("<p>");
        escape_text(line, &mut out);
        out.push_str("</p>");
    }
    out
}

/// As HTML serialisers write text.
pub(crate) fn escape_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
}

/// As ammonia writes values: angle brackets are escaped too.
pub(crate) fn escape_attr(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            c => out.push(c),
        }
    }
}

/// Elements that a text may have. None that can run, load by itself, ask for input, or change how the rest is read.
pub(crate) const TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];

fn ammonia() -> &'static ammonia::Builder<'static> {
    static BUILDER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    BUILDER.get_or_init(|| {
        let mut builder = ammonia::Builder::empty();
        builder
            .tags(TAGS.iter().copied().collect())
            .clean_content_tags(tidy::GONE.iter().copied().filter(|it| !TAGS.contains(it)).collect())
            .add_tag_attributes("a", ["href", "rel", "referrerpolicy"])
            .add_tag_attributes("img", ["src", "alt", "width", "height", "referrerpolicy", "loading"])
            .add_tag_attributes("td", ["colspan", "rowspan"])
            .add_tag_attributes("th", ["colspan", "rowspan"])
            .add_tag_attributes("time", ["datetime"])
            .add_tag_attributes("ol", ["start"])
            .url_schemes(["http", "https", "mailto", "tel"].into())
            .url_relative(ammonia::UrlRelative::Deny)
            .link_rel(None)
            .attribute_filter(|element, attribute, value| match (element, attribute) {
                ("img", "src") => {
                    (value.starts_with("http://") || value.starts_with("https://")).then(|| value.into())
                }
                ("a", "rel") => Some("noopener noreferrer nofollow".into()),
                (_, "referrerpolicy") => Some("no-referrer".into()),
                ("img", "loading") => Some("lazy".into()),
                _ => Some(value.into()),
            });
        builder
    })
}
