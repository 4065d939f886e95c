//! A web page as a flat tree: enough of HTML to find links, lists and microformats, in one pass, without recursion.

use crate::{text, xml::Attributes};

/// More elements than this are not looked at.
const MOST_NODES: usize = 100_000;

/// The nodes of a page in document order; what is inside of node `i` are the nodes from `i + 1` to `nodes[i].end`.
#[derive(Debug, Default)]
pub struct Page {
    pub nodes: Vec<Node>,
}

#[derive(Debug, Default)]
pub struct Node {
    /// Lower case; empty for text.
    pub tag: String,
    pub attributes: Vec<(String, String)>,
    /// Of a text node, entities resolved.
    pub text: String,
    pub parent: Option<usize>,
    pub end: usize,
}

impl Node {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|it| it.split_ascii_whitespace().any(|it| it == class))
    }
}

impl Page {
    pub fn of(html: &str) -> Page {
        let mut page = Page::default();
        let mut open: Vec<usize> = Vec::new();
        let mut rest = html;
        while !rest.is_empty() && page.nodes.len() < MOST_NODES {
            let at = rest.find('<').unwrap_or(rest.len());
            if 0 < at {
                page.add_text(&rest[..at], &open);
                rest = &rest[at..];
                continue;
            }
            let Some(length) = text::tag_length(rest) else {
                page.add_text("<", &open);
                rest = &rest[1..];
                continue;
            };
            let tag = &rest[1..length - usize::from(rest[..length].ends_with('>'))];
            rest = &rest[length..];
            if let Some(name) = tag.strip_prefix('/') {
                page.close(&name.trim().to_ascii_lowercase(), &mut open);
            } else if !tag.starts_with(['!', '?']) {
                let name = page.start(tag, &mut open);
                if matches!(
                    name.as_str(),
                    "script" | "style" | "textarea" | "title" | "noscript" | "template"
                ) {
                    rest = page.raw(rest, &name, &mut open);
                }
            }
        }
        let end = page.nodes.len();
        for node in open {
            page.nodes[node].end = end;
        }
        page
    }

    fn add_text(&mut self, raw: &str, open: &[usize]) {
        let end = self.nodes.len() + 1;
        let text = text::unescape(raw).into_owned();
        self.nodes.push(Node { text, parent: open.last().copied(), end, ..Node::default() });
    }

    fn start(&mut self, tag: &str, open: &mut Vec<usize>) -> String {
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let cut = tag.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(tag.len());
        let name = tag[..cut].to_ascii_lowercase();
        self.close_implied(&name, open);
        let attributes = Attributes::of(&tag[cut..]).take(64);
        let attributes =
            attributes.map(|(key, value)| (key.to_ascii_lowercase(), text::unescape(value).into_owned()));
        let at = self.nodes.len();
        self.nodes.push(Node {
            attributes: attributes.collect(),
            parent: open.last().copied(),
            end: at + 1,
            tag: name.clone(),
            text: String::new(),
        });
        let is_foreign_end = closed && !matches!(name.as_str(), "div" | "p" | "a" | "span" | "li");
        if !is_void(&name) && !is_foreign_end && open.len() < crate::MOST_DEPTH {
            open.push(at);
        }
        name
    }

    /// `<li>` ends the `<li>` before it, and so on.
    fn close_implied(&mut self, name: &str, open: &mut Vec<usize>) {
        let Some(&last) = open.last() else { return };
        let implied = match name {
            "li" => &["li"][..],
            "tr" => &["tr", "td", "th"],
            "td" | "th" => &["td", "th"],
            "dt" | "dd" => &["dt", "dd"],
            "option" => &["option"],
            "a" => &["a"],
            "p" | "div" | "ul" | "ol" | "table" | "h1" | "h2" | "h3" | "h4" | "section" | "article" => &["p"],
            "body" => &["head"],
            _ => return,
        };
        if implied.contains(&self.nodes[last].tag.as_str()) {
            let tag = self.nodes[last].tag.clone();
            self.close(&tag, open);
        }
    }

    fn close(&mut self, name: &str, open: &mut Vec<usize>) {
        let Some(at) = open.iter().rposition(|&node| self.nodes[node].tag == name) else { return };
        let end = self.nodes.len();
        for node in open.drain(at..) {
            self.nodes[node].end = end;
        }
    }

    /// Up to its end tag, all is text (and only a title's is wanted).
    fn raw<'a>(&mut self, html: &'a str, name: &str, open: &mut Vec<usize>) -> &'a str {
        let mut from = 0;
        let end = loop {
            let Some(at) = html[from..].find("</").map(|at| from + at) else { break html.len() };
            if html.get(at + 2..at + 2 + name.len()).is_some_and(|it| it.eq_ignore_ascii_case(name)) {
                break at;
            }
            from = at + 2;
        };
        if name == "title" {
            self.add_text(&html[..end], open);
        }
        self.close(name, open);
        let behind = html[end..].find('>').map_or(html.len(), |close| end + close + 1);
        &html[behind..]
    }

    /// The nodes inside of this one.
    pub fn inside(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        node + 1..self.nodes[node].end
    }

    /// The elements inside of this one that have the tag.
    pub fn tagged<'a>(&'a self, node: usize, tag: &'a str) -> impl Iterator<Item = usize> + 'a {
        self.inside(node).filter(move |&it| self.nodes[it].tag == tag)
    }

    /// All text inside, on one line.
    pub fn text(&self, node: usize) -> String {
        let mut text = self.nodes[node].text.clone();
        for inner in self.inside(node) {
            let inner = &self.nodes[inner];
            match inner.tag.as_str() {
                "" => text.push_str(&inner.text),
                "b" | "i" | "em" | "strong" | "span" | "a" | "u" | "mark" | "small" | "sup" | "sub"
                | "code" => {}
                _ => text.push(' '),
            }
            if 64 * 1_024 < text.len() {
                break;
            }
        }
        text::fold(&text)
    }

    pub fn ancestors(&self, node: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.nodes[node].parent, |&it| self.nodes[it].parent)
    }

    pub fn title(&self) -> Option<String> {
        let named = |name: &str| {
            let is_it = |node: &&Node| {
                node.tag == "meta"
                    && (node.attribute("property") == Some(name) || node.attribute("name") == Some(name))
            };
            self.nodes.iter().find(is_it).and_then(|node| node.attribute("content")).map(text::fold)
        };
        let title = || {
            let at = self.nodes.iter().position(|node| node.tag == "title")?;
            Some(self.text(at))
        };
        named("og:site_name").filter(|it| !it.is_empty()).or_else(title).filter(|it| !it.is_empty())
    }

    /// What relative links are relative to.
    pub fn base(&self, address: &str) -> String {
        let base = self.nodes.iter().find(|node| node.tag == "base").and_then(|node| node.attribute("href"));
        base.and_then(|base| crate::feed::joined(base, Some(address))).unwrap_or_else(|| address.to_owned())
    }

    pub fn language(&self) -> Option<news::Language> {
        let html = self.nodes.iter().find(|node| node.tag == "html")?;
        crate::feed::language(html.attribute("lang")?)
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}
