//! A page as a tree in one flat vector: parsed once, walked without recursion.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElemName, TreeBuilderOpts};
use html5ever::{Attribute, LocalName, Namespace, ParseOpts, QualName, local_name, ns};

/// A page is not read beyond this.
const MAX_BYTES: usize = 8 << 20;
/// html5ever takes quadratic time in the depth of a page (servo/html5ever#788); browsers stop at this depth too.
const MAX_DEPTH: u16 = 512;
/// A page of news has some thousands; a quarter of a million take some fifty megabytes.
const MAX_NODES: usize = 1 << 18;
/// After so many bytes we look whether it has become too deep.
const PIECE: usize = 4 << 10;

pub type Id = u32;
pub const NONE: Id = u32::MAX;

pub struct Node {
    pub parent: Id,
    pub first: Id,
    pub last: Id,
    pub prev: Id,
    pub next: Id,
    depth: u16,
    pub kind: Kind,
}

pub enum Kind {
    Document,
    Element { name: LocalName, html: bool, attrs: Vec<Attribute> },
    Text(StrTendril),
    Other,
}

pub struct Dom {
    pub nodes: Vec<Node>,
}

impl Dom {
    /// Never fails; what is too long or too deep is cut off.
    pub fn parse(html: &str) -> Dom {
        let opts = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..Default::default() },
            ..Default::default()
        };
        let mut parser = html5ever::parse_document(Sink::new(), opts);
        let mut rest = &html[..floor(html, MAX_BYTES)];
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(floor(rest, PIECE));
            parser.process(StrTendril::from_slice(piece));
            rest = after;
            let sink = &parser.tokenizer.sink.sink;
            if MAX_DEPTH < sink.deepest.get() || MAX_NODES < sink.nodes.borrow().len() {
                break;
            }
        }
        parser.finish()
    }

    /// Element by its id: its name, or nothing for texts.
    pub fn name(&self, id: Id) -> Option<&LocalName> {
        match &self.nodes[id as usize].kind {
            Kind::Element { name, html: true, .. } => Some(name),
            _ => None,
        }
    }

    pub fn is(&self, id: Id, name: &LocalName) -> bool {
        self.name(id) == Some(name)
    }

    pub fn is_one_of(&self, id: Id, names: &[&str]) -> bool {
        self.name(id).is_some_and(|name| names.contains(&&**name))
    }

    pub fn attr(&self, id: Id, wanted: &str) -> Option<&str> {
        let Kind::Element { attrs, .. } = &self.nodes[id as usize].kind else { return None };
        attrs.iter().find(|it| &*it.name.local == wanted).map(|it| &*it.value)
    }

    pub fn parent(&self, id: Id) -> Option<Id> {
        some(self.nodes[id as usize].parent)
    }

    pub fn children(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(some(self.nodes[id as usize].first), |&it| some(self.nodes[it as usize].next))
    }

    pub fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        std::iter::successors(self.parent(id), |&it| self.parent(it))
    }

    /// All that lies under `root`, in the order of the page, without `root`.
    pub fn under(&self, root: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = some(self.nodes[root as usize].first);
        std::iter::from_fn(move || {
            let now = at?;
            let first = self.nodes[now as usize].first;
            at = if first != NONE { Some(first) } else { self.after(now, root) };
            Some(now)
        })
    }

    /// The next in the order of the page that does not lie under `id`.
    pub fn after(&self, id: Id, root: Id) -> Option<Id> {
        let mut at = id;
        while at != root {
            let node = &self.nodes[at as usize];
            if node.next != NONE {
                return Some(node.next);
            }
            at = some(node.parent)?;
        }
        None
    }

    /// All elements of that name.
    pub fn all<'a>(&'a self, name: &'a LocalName) -> impl Iterator<Item = Id> + 'a {
        self.under(0).filter(move |&it| self.is(it, name))
    }

    pub fn body(&self) -> Option<Id> {
        let html = self.children(0).find(|&it| self.is(it, &local_name!("html")))?;
        self.children(html).find(|&it| self.is(it, &local_name!("body")))
    }

    /// The text under a node, unless it is longer than `most` bytes: a page can put anything anywhere, and as often as it
    /// likes.
    pub fn brief(&self, id: Id, most: usize) -> Option<String> {
        let mut left = most;
        for (at, under) in std::iter::once(id).chain(self.under(id)).enumerate() {
            if let Kind::Text(own) = &self.nodes[under as usize].kind {
                left = left.checked_sub(own.trim().len())?;
            }
            if most.max(64) < at {
                return None;
            }
        }
        Some(self.text(id)).filter(|it| it.len() <= most)
    }

    /// The text under a node, white space folded.
    pub fn text(&self, id: Id) -> String {
        let mut text = String::new();
        if let Kind::Text(own) = &self.nodes[id as usize].kind {
            push_folded(&mut text, own);
        }
        for under in self.under(id) {
            if let Kind::Text(own) = &self.nodes[under as usize].kind {
                push_folded(&mut text, own);
            } else if matches!(self.name(under), Some(name) if is_block(name) || *name == local_name!("br")) {
                push_folded(&mut text, " ");
            }
        }
        text.truncate(text.trim_end().len());
        text
    }
}

/// Elements that end the line before them and after them.
pub fn is_block(name: &LocalName) -> bool {
    matches!(
        &**name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "legend"
            | "li"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
    )
}

/// Appends with runs of white space made one space; none at the beginning.
pub fn push_folded(to: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|b| b <= b' ' || 0x7f < b) {
        // Most of a text is letters and single spaces.
        let (plain, after) = rest.split_at(at);
        to.push_str(plain);
        let c = after.chars().next().unwrap_or(' ');
        rest = &after[c.len_utf8()..];
        if c.is_whitespace() {
            if !to.is_empty() && !to.ends_with([' ', '\n']) {
                to.push(' ');
            }
        } else if !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}' | '\0') {
            to.push(c);
        }
    }
    to.push_str(rest);
}

fn some(id: Id) -> Option<Id> {
    (id != NONE).then_some(id)
}

/// The largest place at or below `at` that does not split a character.
pub fn floor(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}

struct Sink {
    nodes: RefCell<Vec<Node>>,
    deepest: Cell<u16>,
}

#[derive(Debug)]
struct Named {
    ns: Namespace,
    local: LocalName,
}

impl ElemName for Named {
    fn ns(&self) -> &Namespace {
        &self.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.local
    }
}

impl Sink {
    fn new() -> Sink {
        let sink = Sink { nodes: RefCell::new(Vec::with_capacity(4096)), deepest: Cell::new(0) };
        sink.make(Kind::Document);
        sink
    }

    fn make(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: NONE, first: NONE, last: NONE, prev: NONE, next: NONE, depth: 0, kind });
        (nodes.len() - 1) as Id
    }

    fn unlink(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let Node { parent, prev, next, .. } = nodes[id as usize];
        if parent == NONE {
            return;
        }
        match prev {
            NONE => nodes[parent as usize].first = next,
            prev => nodes[prev as usize].next = next,
        }
        match next {
            NONE => nodes[parent as usize].last = prev,
            next => nodes[next as usize].prev = prev,
        }
        let node = &mut nodes[id as usize];
        (node.parent, node.prev, node.next) = (NONE, NONE, NONE);
    }

    /// Puts `id` under `parent`, before `next` or at the end.
    fn link(&self, id: Id, parent: Id, next: Id) {
        self.unlink(id);
        let mut nodes = self.nodes.borrow_mut();
        let prev = if next == NONE { nodes[parent as usize].last } else { nodes[next as usize].prev };
        let depth = nodes[parent as usize].depth.saturating_add(1);
        let node = &mut nodes[id as usize];
        (node.parent, node.prev, node.next, node.depth) = (parent, prev, next, depth);
        self.deepest.set(self.deepest.get().max(depth));
        match prev {
            NONE => nodes[parent as usize].first = id,
            prev => nodes[prev as usize].next = id,
        }
        match next {
            NONE => nodes[parent as usize].last = id,
            next => nodes[next as usize].prev = id,
        }
    }

    fn put(&self, child: NodeOrText<Id>, parent: Id, next: Id) {
        match child {
            NodeOrText::AppendNode(id) => self.link(id, parent, next),
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let before =
                    if next == NONE { nodes[parent as usize].last } else { nodes[next as usize].prev };
                if before != NONE
                    && let Kind::Text(own) = &mut nodes[before as usize].kind
                {
                    own.push_tendril(&text);
                    return;
                }
                drop(nodes);
                let id = self.make(Kind::Text(text));
                self.link(id, parent, next);
            }
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Dom;
    type ElemName<'a> = Named;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner() }
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Named {
        match &self.nodes.borrow()[*target as usize].kind {
            Kind::Element { name, html: true, .. } => Named { ns: ns!(html), local: name.clone() },
            Kind::Element { name, .. } => Named { ns: ns!(svg), local: name.clone() },
            _ => Named { ns: ns!(), local: local_name!("") },
        }
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Id {
        self.make(Kind::Element { html: name.ns == ns!(html), name: name.local, attrs })
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.make(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.put(child, *parent, NONE);
    }

    fn append_based_on_parent_node(&self, element: &Id, prev: &Id, child: NodeOrText<Id>) {
        if self.nodes.borrow()[*element as usize].parent == NONE {
            self.append(prev, child);
        } else {
            self.append_before_sibling(element, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    /// What a template holds lies under it, and whoever walks the tree passes it by.
    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.nodes.borrow()[*sibling as usize].parent;
        if parent != NONE {
            self.put(child, parent, *sibling);
        }
    }

    fn add_attrs_if_missing(&self, target: &Id, more: Vec<Attribute>) {
        if let Kind::Element { attrs, .. } = &mut self.nodes.borrow_mut()[*target as usize].kind {
            for attr in more {
                if !attrs.iter().any(|it| it.name == attr.name) {
                    attrs.push(attr);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.unlink(*target);
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        loop {
            let child = self.nodes.borrow()[*node as usize].first;
            if child == NONE {
                return;
            }
            self.link(child, *new_parent, NONE);
        }
    }
}
