//! A page cut into blocks of text: what stands between two block-level boundaries, with what its place says of it.

use std::collections::HashMap;

use html5ever::{LocalName, local_name};

use crate::dom::{Dom, Id, Kind, NONE, is_block, push_folded};

/// A page with more blocks than this is read so far.
const MAX_BLOCKS: usize = 20_000;

/// A run of text.
#[derive(Clone)]
pub struct Block {
    /// The block-level element that it stands in.
    pub holder: u32,
    /// White space folded.
    pub text: String,
    pub words: f32,
    pub link_chars: u32,
    pub bold_chars: u32,
    pub italic_chars: u32,
    pub chars: u32,
    pub links: u16,
    /// Of these, those that lead to the page's own outlet, and those that lead to others.
    pub links_home: u16,
    pub links_away: u16,
    /// Hashes of the classes of the inline element that its first text stands in.
    pub inline_classes: Vec<u32>,
    pub line_breaks: u16,
    /// Blocks since the last picture.
    pub after_picture: u8,
}

impl Block {
    /// It is a moment (`<time>`) and little else.
    pub fn is_time(&self) -> bool {
        self.words <= 8.0 && self.inline_classes.first() == Some(&hash(b"time", SEED ^ 7))
    }
}

/// An element that holds blocks.
#[derive(Clone)]
pub struct Holder {
    pub parent: u32,
    pub node: Id,
    pub tag: LocalName,
    pub depth: u16,
    pub flags: u32,
    /// Hashes of its class names, of their parts, and of other attributes that say what it is.
    pub classes: (u32, u32),
    /// Of its tag and whole class attribute.
    pub signature: u32,
    /// Pictures in it.
    pub pictures: u32,
}

#[derive(Clone)]
pub struct Blocks {
    pub blocks: Vec<Block>,
    pub holders: Vec<Holder>,
    pub tokens: Vec<u32>,
    /// For each node of the page: the block that its text belongs to, or `NONE`.
    pub block_of: Vec<u32>,
}

pub mod flag {
    pub const ARTICLE: u32 = 1;
    pub const MAIN: u32 = 2;
    pub const ASIDE: u32 = 4;
    pub const NAV: u32 = 8;
    pub const FOOTER: u32 = 16;
    pub const HEADER: u32 = 32;
    pub const FORM: u32 = 64;
    pub const FIGURE: u32 = 128;
    pub const LIST: u32 = 256;
    pub const TABLE: u32 = 512;
    pub const HIDDEN: u32 = 1024;
    pub const QUOTE: u32 = 2048;
    pub const SECTION: u32 = 4096;
    pub const ARTICLE_BODY: u32 = 8192;
    pub const IN_LINK: u32 = 16384;
    pub const NESTED_ARTICLE: u32 = 32768;
    pub const DETAILS: u32 = 65536;
    pub const COMMENTS: u32 = 1 << 17;
    pub const RELATED: u32 = 1 << 18;
    pub const PROMOTION: u32 = 1 << 19;
    pub const CAPTION: u32 = 1 << 20;
    pub const ABOUT_AUTHOR: u32 = 1 << 21;
    pub const SHARING: u32 = 1 << 22;
    pub const OVERLAY: u32 = 1 << 23;
    pub const SIDE: u32 = 1 << 24;
    pub const TEXT: u32 = 1 << 25;
    /// What readers wrote below it.
    pub const REPLIES: u32 = 1 << 26;
    pub const COUNT: u32 = 27;
}

impl Blocks {
    /// The page at that address, cut.
    pub fn of(dom: &Dom, address: &str) -> Blocks {
        let mut cutter = Cutter {
            dom,
            home: news::outlet_of(address).unwrap_or_default(),
            out: Blocks {
                blocks: Vec::new(),
                holders: Vec::new(),
                tokens: Vec::new(),
                block_of: vec![NONE; dom.nodes.len()],
            },
            stack: Vec::new(),
            now: Run::default(),
            since_picture: 99,
            inline: Vec::new(),
            said: HashMap::new(),
        };
        if let Some(body) = dom.body() {
            cutter.walk(body);
        }
        cutter.out
    }

    pub fn tokens(&self, holder: &Holder) -> &[u32] {
        &self.tokens[holder.classes.0 as usize..holder.classes.1 as usize]
    }

    /// The holder and those around it, innermost first.
    pub fn chain(&self, holder: u32) -> impl Iterator<Item = u32> + '_ {
        let some = |it: u32| (it != NONE).then_some(it);
        std::iter::successors(some(holder), move |&it| some(self.holders[it as usize].parent))
    }
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

#[derive(Default)]
struct Run {
    text: String,
    nodes: Vec<Id>,
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
    inline_classes: Vec<u32>,
}

struct Cutter<'a> {
    dom: &'a Dom,
    /// The outlet's own domain.
    home: String,
    out: Blocks,
    stack: Vec<u32>,
    now: Run,
    since_picture: u8,
    /// Inline elements that are open: (node, what it is).
    inline: Vec<(Id, Inline)>,
    /// What class attributes were found to say: pages have few of them many times.
    said: HashMap<&'a str, u32>,
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
                self.now.nodes.push(id);
            }
            return;
        }
        let before = self.now.text.len();
        if self.now.nodes.is_empty()
            && let Some(&(inline, _)) = self.inline.last()
        {
            attribute_tokens(self.dom, inline, &mut self.now.inline_classes);
        }
        push_folded(&mut self.now.text, text);
        let chars =
            self.now.text[before.min(self.now.text.len())..].chars().filter(|c| !c.is_whitespace()).count()
                as u32;
        if chars == 0 {
            return;
        }
        self.now.breaks_in_a_row = 0;
        self.now.nodes.push(id);
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
        let (Some(&holder), true) = (self.stack.last(), run.chars > 0) else { return };
        let index = self.out.blocks.len() as u32;
        for node in run.nodes {
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
            inline_classes: run.inline_classes,
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
        let mut flags = inherited | own_flags(dom, id, name);
        if inherited & flag::ARTICLE != 0 && *name == local_name!("article") {
            flags |= flag::NESTED_ARTICLE;
        }
        if self.inline.iter().any(|&(_, kind)| kind == Inline::Link) {
            flags |= flag::IN_LINK;
        }
        let from = self.out.tokens.len() as u32;
        if *name != local_name!("body") {
            attribute_tokens(dom, id, &mut self.out.tokens);
            flags |= self.called(id);
        }
        let class = dom.attr(id, "class").unwrap_or_default();
        let mut signature = hash(name.as_bytes(), SEED);
        for part in class.split_ascii_whitespace().filter(|it| !it.bytes().any(|b| b.is_ascii_digit())) {
            signature = hash(part.as_bytes(), signature);
        }
        self.stack.push(self.out.holders.len() as u32);
        self.out.holders.push(Holder {
            parent,
            node: id,
            tag: name.clone(),
            depth,
            flags,
            classes: (from, self.out.tokens.len() as u32),
            signature,
            pictures: 0,
        });
    }
}

/// What class names and ids say in so many words; the tables know the rest.
const CALLED: &[(u32, &[&str])] = &[
    (flag::COMMENTS, &["comment", "disqus", "discussion", "respond", "replies", "kommentar", "comentario"]),
    (
        flag::RELATED,
        &[
            "related",
            "recommend",
            "recirc",
            "read-more",
            "readmore",
            "more-from",
            "morefrom",
            "most-",
            "popular",
            "trending",
            "teaser",
            "outbrain",
            "taboola",
            "also-",
            "next-article",
            "you-may",
            "similar",
        ],
    ),
    (
        flag::PROMOTION,
        &[
            "promo",
            "newsletter",
            "subscri",
            "signup",
            "sign-up",
            "sponsor",
            "advert",
            "banner",
            "donat",
            "paywall",
            "affiliate",
            "cta",
            "commerce",
        ],
    ),
    (flag::CAPTION, &["caption", "credit", "copyright", "gallery", "slide", "wp-caption"]),
    (flag::ABOUT_AUTHOR, &["author", "byline", "bio", "contributor"]),
    (flag::SHARING, &["share", "social", "follow", "toolbar"]),
    (flag::OVERLAY, &["cookie", "consent", "modal", "popup", "overlay", "gdpr", "lightbox"]),
    (
        flag::SIDE,
        &[
            "sidebar",
            "side-bar",
            "widget",
            "rail",
            "breadcrumb",
            "menu",
            "footer",
            "masthead",
            "navbar",
            "header",
        ],
    ),
    (
        flag::TEXT,
        &[
            "articlebody",
            "article-body",
            "article_body",
            "article-content",
            "article__body",
            "article-text",
            "articletext",
            "entry-content",
            "post-content",
            "story-body",
            "storybody",
            "post-body",
            "story-content",
            "body-copy",
            "article__content",
            "post_content",
            "richtext",
            "rich-text",
            "td-post-content",
            "articlecontent",
        ],
    ),
];

impl<'a> Cutter<'a> {
    fn called(&mut self, id: Id) -> u32 {
        let dom: &'a Dom = self.dom;
        let flags = |name: &str| dom.attr(id, name).map(called).unwrap_or_default();
        let class = dom.attr(id, "class").unwrap_or_default();
        *self.said.entry(class).or_insert_with(|| called(class)) | flags("id")
    }
}

fn called(value: &str) -> u32 {
    if value.is_empty() || 400 <= value.len() {
        return 0;
    }
    let value = value.to_ascii_lowercase();
    let mut flags = 0;
    for (flag, words) in CALLED {
        if words.iter().any(|it| value.contains(it)) {
            flags |= flag;
        }
    }
    if flags & flag::COMMENTS != 0 && value.split_ascii_whitespace().any(holds_replies) {
        flags |= flag::REPLIES;
    }
    flags
}

/// A class name or id, in lower case, that names the place of readers' comments, rather than a link to it or a count.
fn holds_replies(name: &str) -> bool {
    let mut parts = name.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    const OTHER: &[&str] = &[
        "no", "has", "open", "closed", "count", "counter", "link", "with", "num", "number", "button", "btn",
        "icon", "off", "on",
    ];
    const PLACE: &[&str] = &[
        "list", "body", "content", "text", "area", "thread", "respond", "form", "section", "wrapper", "box",
        "reply",
    ];
    if parts.clone().any(|it| OTHER.contains(&it)) {
        return false;
    }
    let place = |it: &str| {
        ["comment", "comments"]
            .iter()
            .any(|head| it.strip_prefix(head).is_some_and(|rest| PLACE.contains(&rest)))
    };
    parts
        .clone()
        .any(|it| matches!(it, "comments" | "disqus" | "commentscontainer" | "fbcomments") || place(it))
        || parts.clone().any(|it| it == "comment") && parts.any(|it| PLACE.contains(&it))
}

fn own_flags(dom: &Dom, id: Id, name: &LocalName) -> u32 {
    let mut flags = match &**name {
        "article" => flag::ARTICLE,
        "main" => flag::MAIN,
        "aside" => flag::ASIDE,
        "nav" => flag::NAV,
        "footer" => flag::FOOTER,
        "header" => flag::HEADER,
        "form" | "fieldset" => flag::FORM,
        "figure" => flag::FIGURE,
        "ul" | "ol" => flag::LIST,
        "table" => flag::TABLE,
        "blockquote" => flag::QUOTE,
        "section" => flag::SECTION,
        "details" => flag::DETAILS,
        _ => 0,
    };
    match dom.attr(id, "role") {
        Some("main") => flags |= flag::MAIN,
        Some("navigation") => flags |= flag::NAV,
        Some("complementary") => flags |= flag::ASIDE,
        Some("contentinfo") => flags |= flag::FOOTER,
        Some("article") => flags |= flag::ARTICLE,
        Some("dialog" | "alertdialog") => flags |= flag::HIDDEN,
        _ => {}
    }
    if dom.attr(id, "itemprop").is_some_and(|it| it.eq_ignore_ascii_case("articleBody")) {
        flags |= flag::ARTICLE_BODY;
    }
    let hidden = dom.attr(id, "hidden").is_some()
        || dom.attr(id, "aria-hidden") == Some("true")
        || dom.attr(id, "style").is_some_and(|it| {
            let it = it.to_ascii_lowercase().replace(' ', "");
            it.contains("display:none") || it.contains("visibility:hidden")
        });
    if hidden {
        flags |= flag::HIDDEN;
    }
    flags
}

/// Class names whole and in parts, the id's parts, and attributes by which pages name their components.
fn attribute_tokens(dom: &Dom, id: Id, out: &mut Vec<u32>) {
    let Kind::Element { attrs, name, .. } = &dom.nodes[id as usize].kind else { return };
    out.push(hash(name.as_bytes(), SEED ^ 7));
    for attr in attrs {
        let seed = match &*attr.name.local {
            "class" | "id" => SEED,
            "itemprop" | "role" | "data-testid" | "data-component" | "data-qa" | "data-type"
            | "data-module" | "data-block" | "aria-label" | "data-gu-name" | "data-element" | "data-name" => {
                SEED ^ 1
            }
            _ => continue,
        };
        for word in attr.value.split_ascii_whitespace().take(12) {
            word_tokens(word.as_bytes(), seed, out);
        }
    }
}

fn word_tokens(word: &[u8], seed: u32, out: &mut Vec<u32>) {
    if 64 < word.len() {
        return;
    }
    let (mut whole, mut part, mut length, mut parts) = (seed ^ 2, seed, 0, 0);
    let mut was_lower = false;
    for &b in word {
        let lower = b.to_ascii_lowercase();
        let breaks = !b.is_ascii_alphabetic() || was_lower && b.is_ascii_uppercase();
        if breaks && length > 1 {
            out.push(part);
            parts += 1;
        }
        if breaks {
            (part, length) = (seed, 0);
        }
        if b.is_ascii_alphabetic() {
            part = step(part, lower);
            length += 1;
        }
        if !b.is_ascii_digit() {
            whole = step(whole, lower);
        }
        was_lower = b.is_ascii_lowercase();
    }
    if length > 1 {
        out.push(part);
        parts += 1;
    }
    if parts > 1 {
        out.push(whole);
    }
}

pub const SEED: u32 = 0x811c_9dc5;

pub fn step(hash: u32, b: u8) -> u32 {
    (hash ^ u32::from(b)).wrapping_mul(0x0100_0193)
}

/// FNV-1a: the same in every run, and fast on short words.
pub fn hash(bytes: &[u8], seed: u32) -> u32 {
    bytes.iter().fold(seed, |hash, &b| step(hash, b))
}

/// Words; in scripts without spaces, two characters for one.
fn count_words(text: &str) -> f32 {
    let words = text.split(' ').count();
    let unspaced = text
        .chars()
        .filter(|c| matches!(*c as u32, 0x3040..=0x30ff | 0x3400..=0x9fff | 0xe00..=0xe7f))
        .count();
    words as f32 + unspaced as f32 / 2.0
}
