//! The text of a mail without what makes it a mail: layout tables, what is hidden, lines about the mail itself.
//!
//! The answer is HTML as it came, less all that; the sanitiser still has to make it safe.

use super::links::{self, Link};
use super::words;
use crate::html::Page;
use crate::text;

/// What came of it.
#[derive(Debug, Default)]
pub struct Body {
    pub html: String,
    pub text: String,
    pub links: Vec<Link>,
    pub on_the_web: Option<String>,
    pub unsubscribe: Option<String>,
}

/// A line about the mail is not longer than this.
const LONGEST_LINE: usize = 400;
/// The foot of a mail, from its first line about the mail on, is no larger a part of it than this.
const LARGEST_FOOT: f64 = 0.35;
const MOST_LINKS: usize = 2_000;

pub fn clean(html: &str) -> Body {
    let page = Page::of(html);
    let mut mail = Reading::of(&page);
    mail.drop_lines_about_the_mail();
    let mut body =
        Body { on_the_web: mail.on_the_web.take(), unsubscribe: mail.unsubscribe.take(), ..Body::default() };
    mail.write(&mut body);
    body.text = text::fold_all(&body.text);
    body
}

struct Reading<'a> {
    page: &'a Page,
    /// Neither it nor what it holds is part of the text.
    gone: Vec<bool>,
    /// Holds something that is seen.
    full: Vec<bool>,
    /// Holds an element that begins a line of its own and is full.
    holds_lines: Vec<bool>,
    on_the_web: Option<String>,
    unsubscribe: Option<String>,
}

impl<'a> Reading<'a> {
    fn of(page: &'a Page) -> Reading<'a> {
        let count = page.nodes.len();
        let mut gone = vec![false; count];
        let mut at = 0;
        while at < count {
            if is_unseen(page, at) {
                let end = page.nodes[at].end.max(at + 1);
                gone[at..end].fill(true);
                at = end;
            } else {
                at += 1;
            }
        }
        let mut reading = Reading {
            page,
            gone,
            full: vec![false; count],
            holds_lines: vec![false; count],
            on_the_web: None,
            unsubscribe: None,
        };
        reading.look();
        reading
    }

    /// What holds something, from the inside out.
    fn look(&mut self) {
        self.full.fill(false);
        self.holds_lines.fill(false);
        for at in (0..self.page.nodes.len()).rev() {
            let node = &self.page.nodes[at];
            if self.gone[at] {
                continue;
            }
            let shows = match node.tag.as_str() {
                "" => !text::fold(&node.text).is_empty(),
                "img" | "hr" => true,
                _ => false,
            };
            self.full[at] |= shows;
            if let Some(parent) = node.parent.filter(|_| self.full[at]) {
                self.full[parent] = true;
                if is_line(&node.tag) || self.holds_lines[at] {
                    self.holds_lines[parent] = true;
                }
            }
        }
    }

    /// "View this mail in your browser", "Unsubscribe": noted, and left out, with the line that they stand in; and what
    /// comes after the first of them at the end of the mail.
    fn drop_lines_about_the_mail(&mut self) {
        let count = self.page.nodes.len();
        let before = running_lengths(self.page, &self.gone);
        let all = before.last().copied().unwrap_or_default();
        let mut foot: Option<usize> = None;
        for at in 0..count {
            if self.page.nodes[at].tag != "a" || self.gone[at] {
                continue;
            }
            let line = self.line_of(at);
            let whole = self.page.text(line);
            let label = self.label(at);
            let Some(kind) = kind(&label, &self.address(at).unwrap_or_default(), &whole) else { continue };
            self.note(kind, at);
            let left = all.saturating_sub(before[line]);
            let is_foot = kind == Kind::Unsubscribe && (left as f64) < LARGEST_FOOT * all as f64;
            // A line that is most of the mail is no line about it.
            let is_part = whole.len() * 2 < all && !words::is_confirm(&whole);
            let from = match is_part && (whole.len() <= LONGEST_LINE || is_foot) {
                true => line,
                false if whole.len() <= LONGEST_LINE => at,
                false => continue,
            };
            let end = self.page.nodes[from].end;
            self.gone[from..end].fill(true);
            foot = foot.or(is_foot.then_some(end));
        }
        if let Some(foot) = foot {
            for at in foot..count {
                self.gone[at] |= self.page.nodes[at].parent.is_none_or(|parent| self.gone[parent])
                    || is_text(self.page, at);
            }
        }
        self.look();
    }

    fn note(&mut self, kind: Kind, link: usize) {
        let Some(address) = self.address(link) else { return };
        match kind {
            Kind::OnTheWeb if self.on_the_web.is_none() => self.on_the_web = links::on_the_web(&address),
            // The last one is at the foot.
            Kind::Unsubscribe if address.starts_with("http") => {
                self.unsubscribe = Some(address);
            }
            _ => {}
        }
    }

    fn label(&self, link: usize) -> String {
        let mut label = self.page.text(link);
        for image in self.page.tagged(link, "img") {
            label.push(' ');
            label.push_str(self.page.nodes[image].attribute("alt").unwrap_or_default());
        }
        label
    }

    fn address(&self, link: usize) -> Option<String> {
        let address = self.page.nodes[link].attribute("href")?.trim();
        Some(news::unwrapped(address).unwrap_or_else(|| address.to_owned()))
    }

    /// The nearest element around it that makes a line of its own.
    fn line_of(&self, at: usize) -> usize {
        let is_it = |it: &usize| is_line(&self.page.nodes[*it].tag);
        self.page.ancestors(at).find(is_it).unwrap_or(at)
    }

    fn write(&self, body: &mut Body) {
        let page = self.page;
        // Elements that are open, and what closes them.
        let mut open: Vec<(usize, String)> = Vec::new();
        let mut at = 0;
        while at < page.nodes.len() {
            while let Some((end, _)) = open.last()
                && *end <= at
            {
                let (_, close) = open.pop().unwrap_or_default();
                body.html.push_str(&close);
            }
            let node = &page.nodes[at];
            if self.gone[at] || !self.full[at] && node.tag != "br" {
                at = if node.tag.is_empty() || self.gone[at] { at + 1 } else { node.end.max(at + 1) };
                continue;
            }
            match node.tag.as_str() {
                "" => {
                    body.html.push_str(&text::escape(&node.text));
                    body.text.push_str(&node.text);
                }
                "br" | "hr" => body.html.push_str(if node.tag == "br" { "<br>" } else { "<hr>" }),
                "img" => self.picture(at, body),
                "a" => {
                    let address = self.address(at).unwrap_or_default();
                    if body.links.len() < MOST_LINKS {
                        body.links.push(Link { address: address.clone(), text: self.label(at) });
                    }
                    body.html.push_str(&format!("<a href=\"{}\">", text::escape(&address)));
                    open.push((node.end, "</a>".into()));
                }
                tag => {
                    if is_line(tag) {
                        body.text.push('\n');
                    }
                    if let Some(tag) = self.kept(at, tag) {
                        body.html.push_str(&format!("<{tag}>"));
                        open.push((node.end, format!("</{tag}>")));
                    }
                }
            }
            at += 1;
        }
        while let Some((_, close)) = open.pop() {
            body.html.push_str(&close);
        }
    }

    fn picture(&self, at: usize, body: &mut Body) {
        let node = &self.page.nodes[at];
        body.html.push_str("<img");
        for name in ["src", "alt", "width", "height"] {
            if let Some(value) = node.attribute(name) {
                body.html.push_str(&format!(" {name}=\"{}\"", text::escape(value)));
            }
        }
        body.html.push('>');
    }

    /// The element as which it is kept; `None` where only what it holds is.
    fn kept(&self, at: usize, tag: &'a str) -> Option<&'a str> {
        let in_table = || self.page.ancestors(at).find(|&it| self.page.nodes[it].tag == "table");
        match tag {
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "li" | "blockquote" | "pre"
            | "figure" | "figcaption" | "b" | "strong" | "i" | "em" | "u" | "s" | "code" | "sup" | "sub"
            | "small" | "dl" | "dt" | "dd" | "del" | "ins" | "mark" | "q" | "cite" => Some(tag),
            "table" => self.is_data(at).then_some(tag),
            "thead" | "tbody" | "tfoot" | "tr" | "td" | "th" | "caption"
                if in_table().is_some_and(|it| self.is_data(it)) =>
            {
                Some(tag)
            }
            // Layout: the innermost is a line of text, all around it is nothing.
            "td" | "th" | "div" | "center" | "section" | "article" | "header" | "footer" | "main"
            | "address" | "caption" => (!self.holds_lines[at]).then_some("p"),
            _ => None,
        }
    }

    /// A table that has columns with names, and no table inside.
    fn is_data(&self, table: usize) -> bool {
        let node = &self.page.nodes[table];
        node.attribute("role").is_none_or(|it| it != "presentation" && it != "none")
            && self.page.tagged(table, "th").next().is_some()
            && self.page.tagged(table, "table").next().is_none()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    OnTheWeb,
    Unsubscribe,
    Other,
}

/// What a link is for, if it is about the mail: by its own words, by its address, or ("view it in your browser: here") by
/// those of its line.
fn kind(label: &str, address: &str, line: &str) -> Option<Kind> {
    let address = address.to_lowercase();
    if label.len() <= 120 {
        // A link in running text may well be about leaving lists.
        let is_own_line = line.len() <= LONGEST_LINE;
        let leaves = address.contains("unsubscribe") || address.contains("/optout");
        if words::is_unsubscribe(label) || is_own_line && leaves {
            return Some(Kind::Unsubscribe);
        }
        if words::is_on_the_web(label) {
            return Some(Kind::OnTheWeb);
        }
        if words::is_other(label) {
            return Some(Kind::Other);
        }
    }
    let is_bare = label.len() <= 20 && line.len() <= 200;
    match is_bare {
        true if words::is_on_the_web(line) => Some(Kind::OnTheWeb),
        true if words::is_unsubscribe(line) => Some(Kind::Unsubscribe),
        _ => None,
    }
}

fn is_unseen(page: &Page, at: usize) -> bool {
    let node = &page.nodes[at];
    if matches!(
        node.tag.as_str(),
        "head" | "script" | "style" | "title" | "noscript" | "template" | "meta" | "link"
    ) {
        return true;
    }
    if node.tag == "img" {
        return is_pixel(node.attribute("width"))
            || is_pixel(node.attribute("height"))
            || node.attribute("src").is_none();
    }
    let style: String =
        node.attribute("style").unwrap_or_default().split_whitespace().collect::<String>().to_lowercase();
    let hides = [
        "display:none",
        "visibility:hidden",
        "mso-hide:all",
        "opacity:0;",
        "max-height:0;",
        "max-height:0px",
    ];
    node.attribute("hidden").is_some()
        || hides.iter().any(|it| style.contains(it))
        || style.ends_with("opacity:0")
}

fn is_pixel(size: Option<&str>) -> bool {
    size.is_some_and(|it| matches!(it.trim().trim_end_matches("px"), "0" | "1" | "2"))
}

fn is_text(page: &Page, at: usize) -> bool {
    matches!(page.nodes[at].tag.as_str(), "" | "img" | "hr" | "br")
}

/// Begins a line of its own.
fn is_line(tag: &str) -> bool {
    matches!(
        tag,
        "p" | "div"
            | "td"
            | "th"
            | "tr"
            | "table"
            | "center"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "ul"
            | "ol"
            | "li"
            | "blockquote"
            | "pre"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "main"
            | "figure"
            | "dl"
            | "dt"
            | "dd"
            | "address"
            | "hr"
            | "caption"
    )
}

/// How much text stands before each node.
fn running_lengths(page: &Page, gone: &[bool]) -> Vec<usize> {
    let mut sum = 0;
    let mut lengths = Vec::with_capacity(page.nodes.len() + 1);
    for (node, gone) in page.nodes.iter().zip(gone) {
        lengths.push(sum);
        if !gone {
            sum += node.text.trim().len();
        }
    }
    lengths.push(sum);
    lengths
}
