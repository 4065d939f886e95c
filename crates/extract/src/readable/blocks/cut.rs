//! The walk that cuts a page at its block-level boundaries.

use html5ever::{LocalName, local_name};

use super::marks::Marks;
use super::{Block, Blocks, Holder, flag};
use crate::dom::{Dom, Id, Kind, NONE, is_block, push_folded};

/// A page with more blocks than this is read so far.
const MAX_BLOCKS: usize = 20_000;

pub fn cut(dom: &Dom, address: &str) -> Blocks {
    let mut cutter = Cutter {
        dom,
        home: news::outlet_of(address).unwrap_or_default(),
        out: Blocks {
            blocks: Vec::new(),
            holders: Vec::new(),
            marks: Vec::new(),
            tokens: Vec::new(),
            block_of: vec![NONE; dom.nodes.len()],
        },
        stack: Vec::new(),
        now: Run::default(),
        nodes: Vec::new(),
        since_picture: 99,
        inline: Vec::new(),
        marks: Marks::default(),
    };
    if let Some(body) = dom.body() {
        cutter.walk(body);
    }
    let (marks, tokens) = cutter.marks.into_lists();
    Blocks { marks, tokens, ..cutter.out }
}

/// Elements whose text nobody reads.
pub fn is_silent(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "math"
            | "iframe"
            | "object"
            | "embed"
            | "select"
            | "option"
            | "textarea"
            | "button"
            | "input"
            | "head"
            | "audio"
            | "video"
            | "canvas"
            | "map"
            | "title"
            | "noframes"
            | "dialog"
            | "meta"
            | "link"
            | "datalist"
            | "progress"
            | "meter"
    )
}

struct Run {
    text: String,
    link_chars: u32,
    bold_chars: u32,
    italic_chars: u32,
    chars: u32,
    links: u16,
    links_home: u16,
    links_away: u16,
    breaks_in_a_row: u8,
    line_breaks: u16,
    last_link: Id,
    inline: u32,
}

impl Default for Run {
    fn default() -> Run {
        Run {
            text: String::new(),
            link_chars: 0,
            bold_chars: 0,
            italic_chars: 0,
            chars: 0,
            links: 0,
            links_home: 0,
            links_away: 0,
            breaks_in_a_row: 0,
            line_breaks: 0,
            last_link: 0,
            inline: NONE,
        }
    }
}

struct Cutter<'a> {
    dom: &'a Dom,
    /// The outlet's own domain.
    home: String,
    out: Blocks,
    stack: Vec<u32>,
    now: Run,
    /// The texts of the run.
    nodes: Vec<Id>,
    since_picture: u8,
    /// Inline elements that are open: (node, what it is).
    inline: Vec<(Id, Inline)>,
    marks: Marks,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Inline {
    Link,
    Bold,
    Italic,
    Other,
}

impl Cutter<'_> {
    fn walk(&mut self, body: Id) {
        let dom = self.dom;
        self.open(body, &local_name!("body"));
        let mut at = dom.nodes[body as usize].first;
        while at != NONE && self.out.blocks.len() < MAX_BLOCKS {
            if self.enter(at) && dom.nodes[at as usize].first != NONE {
                at = dom.nodes[at as usize].first;
                continue;
            }
            loop {
                self.leave(at);
                let node = &dom.nodes[at as usize];
                at = if node.next != NONE { node.next } else { node.parent };
                if node.next != NONE || at == body || at == NONE {
                    break;
                }
            }
            if at == body {
                break;
            }
        }
        self.flush();
        self.stack.clear();
    }

    fn enter(&mut self, id: Id) -> bool {
        match &self.dom.nodes[id as usize].kind {
            Kind::Text(text) => self.text(id, text),
            Kind::Element { name, html: true, .. } => {
                if is_silent(name) {
                    return false;
                }
                if *name == local_name!("img") {
                    self.since_picture = 0;
                    if let Some(&holder) = self.stack.last() {
                        self.out.holders[holder as usize].pictures += 1;
                    }
                }
                if *name == local_name!("br") {
                    self.line_break();
                } else if is_block(name) || name.contains('-') {
                    self.flush();
                    self.open(id, name);
                    return true;
                } else {
                    let kind = match &**name {
                        "a" => Inline::Link,
                        "b" | "strong" => Inline::Bold,
                        "i" | "em" | "cite" => Inline::Italic,
                        _ => Inline::Other,
                    };
                    self.inline.push((id, kind));
                }
                return true;
            }
            _ => {}
        }
        false
    }

    fn leave(&mut self, id: Id) {
        if self.inline.last().is_some_and(|&(it, _)| it == id) {
            self.inline.pop();
        } else if let Some(&holder) = self.stack.last()
            && self.out.holders[holder as usize].node == id
        {
            self.flush();
            self.stack.pop();
            let (pictures, parent) =
                (self.out.holders[holder as usize].pictures, self.out.holders[holder as usize].parent);
            if let Some(parent) = self.out.holders.get_mut(parent as usize) {
                parent.pictures += pictures;
            }
        }
    }

    fn line_break(&mut self) {
        self.now.breaks_in_a_row += 1;
        if self.now.breaks_in_a_row == 2 {
            self.flush();
        } else {
            push_folded(&mut self.now.text, " ");
            self.now.line_breaks += 1;
        }
    }

    fn text(&mut self, id: Id, text: &str) {
        if text.bytes().all(|b| b.is_ascii_whitespace()) {
            if !self.now.text.is_empty() {
                push_folded(&mut self.now.text, " ");
                self.nodes.push(id);
            }
            return;
        }
        let before = self.now.text.len();
        if self.nodes.is_empty()
            && let Some(&(inline, _)) = self.inline.last()
        {
            self.now.inline = self.marks.of(self.dom, inline);
        }
        push_folded(&mut self.now.text, text);
        // White space is folded: characters are counted by the bytes that they begin with.
        let begins = |b: &u8| *b != b' ' && *b & 0xc0 != 0x80;
        let chars = self.now.text.as_bytes()[before..].iter().filter(|it| begins(it)).count() as u32;
        if chars == 0 {
            return;
        }
        self.now.breaks_in_a_row = 0;
        self.nodes.push(id);
        self.now.chars += chars;
        for kind in [Inline::Link, Inline::Bold, Inline::Italic] {
            let Some(&(node, _)) = self.inline.iter().rev().find(|&&(_, it)| it == kind) else { continue };
            match kind {
                Inline::Link => {
                    self.now.link_chars += chars;
                    if self.now.last_link != node {
                        self.now.last_link = node;
                        self.now.links = self.now.links.saturating_add(1);
                        match self.leads_home(node) {
                            Some(true) => self.now.links_home = self.now.links_home.saturating_add(1),
                            Some(false) => self.now.links_away = self.now.links_away.saturating_add(1),
                            None => {}
                        }
                    }
                }
                Inline::Bold => self.now.bold_chars += chars,
                _ => self.now.italic_chars += chars,
            }
        }
    }

    /// Whether a link leads to the page's own outlet; nothing for what leads nowhere.
    fn leads_home(&self, link: Id) -> Option<bool> {
        let href = self.dom.attr(link, "href")?.trim();
        let rest = href.strip_prefix("https:").or_else(|| href.strip_prefix("http:")).unwrap_or(href);
        let Some(rest) = rest.strip_prefix("//") else {
            let names_scheme = href.bytes().take(12).any(|b| b == b':');
            let leads = !href.is_empty() && !href.starts_with('#') && !names_scheme;
            return leads.then_some(true);
        };
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let before = host.strip_suffix(&*self.home);
        Some(before.is_some_and(|it| it.is_empty() || it.ends_with('.')))
    }

    fn flush(&mut self) {
        let run = std::mem::take(&mut self.now);
        let (Some(&holder), true) = (self.stack.last(), run.chars > 0) else {
            self.nodes.clear();
            return;
        };
        let index = self.out.blocks.len() as u32;
        for node in self.nodes.drain(..) {
            self.out.block_of[node as usize] = index;
        }
        let mut text = run.text;
        text.truncate(text.trim_end().len());
        self.out.blocks.push(Block {
            holder,
            words: count_words(&text),
            text,
            link_chars: run.link_chars,
            bold_chars: run.bold_chars,
            italic_chars: run.italic_chars,
            chars: run.chars,
            links: run.links,
            links_home: run.links_home,
            links_away: run.links_away,
            inline: run.inline,
            line_breaks: run.line_breaks,
            after_picture: self.since_picture,
        });
        self.since_picture = self.since_picture.saturating_add(1);
    }

    fn open(&mut self, id: Id, name: &LocalName) {
        let dom = self.dom;
        let parent = self.stack.last().copied().unwrap_or(NONE);
        let (inherited, depth) = match self.out.holders.get(parent as usize) {
            Some(it) => (it.flags, it.depth + 1),
            None => (0, 0),
        };
        let is_body = *name == local_name!("body");
        let mark = if is_body { self.marks.of_body(dom, id) } else { self.marks.of(dom, id) };
        let mut flags = inherited | self.marks.flags(mark);
        if super::called::is_hidden(dom, id) {
            flags |= flag::HIDDEN;
        }
        if inherited & flag::ARTICLE != 0 && *name == local_name!("article") {
            flags |= flag::NESTED_ARTICLE;
        }
        if self.inline.iter().any(|&(_, kind)| kind == Inline::Link) {
            flags |= flag::IN_LINK;
        }
        self.stack.push(self.out.holders.len() as u32);
        self.out.holders.push(Holder {
            parent,
            node: id,
            tag: name.clone(),
            depth,
            flags,
            mark,
            pictures: 0,
        });
    }
}

/// Words; in scripts without spaces, two characters for one.
fn count_words(text: &str) -> f32 {
    let words = 1 + text.bytes().filter(|b| *b == b' ').count();
    // How such characters begin.
    if !text.bytes().any(|b| matches!(b, 0xe0 | 0xe3..=0xe9)) {
        return words as f32;
    }
    let unspaced = text
        .chars()
        .filter(|c| matches!(*c as u32, 0x3040..=0x30ff | 0x3400..=0x9fff | 0xe00..=0xe7f))
        .count();
    words as f32 + unspaced as f32 / 2.0
}
