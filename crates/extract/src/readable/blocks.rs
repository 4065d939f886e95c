//! A page cut into blocks of text: what stands between two block-level boundaries, with what its place says of it.

mod called;
mod cut;
mod marks;

use html5ever::LocalName;

use crate::dom::{Dom, Id, NONE};
pub use marks::{Mark, SEED, hash, step};

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
    /// The mark of the inline element that its first text stands in, or `NONE`.
    pub inline: u32,
    pub line_breaks: u16,
    /// Blocks since the last picture.
    pub after_picture: u8,
}

/// An element that holds blocks.
#[derive(Clone)]
pub struct Holder {
    pub parent: u32,
    pub node: Id,
    pub tag: LocalName,
    pub depth: u16,
    pub flags: u32,
    /// What its tag and attributes say.
    pub mark: u32,
    /// Pictures in it.
    pub pictures: u32,
}

#[derive(Clone)]
pub struct Blocks {
    pub blocks: Vec<Block>,
    pub holders: Vec<Holder>,
    /// What elements say of themselves, each kind of element once.
    pub marks: Vec<Mark>,
    /// The marks' tokens, one after the other.
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
    /// Of the flags so far, which the trees ask for.
    pub const COUNT: u32 = 27;
    /// It is called a quotation.
    pub const QUOTED: u32 = 1 << 27;
}

/// Whether a class attribute or an id names the place of readers' comments.
pub fn is_of_comments(name: &str) -> bool {
    called::called(name) & flag::REPLIES != 0
}

impl Blocks {
    /// The page at that address, cut.
    pub fn of(dom: &Dom, address: &str) -> Blocks {
        cut::cut(dom, address)
    }

    /// Hashes of an element's tag, of its class names and their parts, and of other attributes that say what it is.
    pub fn tokens(&self, mark: u32) -> &[u32] {
        let Some(mark) = self.marks.get(mark as usize) else { return &[] };
        &self.tokens[mark.tokens.0 as usize..mark.tokens.1 as usize]
    }

    /// What a holder's element says.
    pub fn mark(&self, holder: &Holder) -> &Mark {
        &self.marks[holder.mark as usize]
    }

    /// A moment (`<time>`) and little else.
    pub fn is_time(&self, block: &Block) -> bool {
        block.words <= 8.0 && self.tokens(block.inline).first() == Some(&hash(b"time", SEED ^ 7))
    }

    /// The holder and those around it, innermost first.
    pub fn chain(&self, holder: u32) -> impl Iterator<Item = u32> + '_ {
        let some = |it: u32| (it != NONE).then_some(it);
        std::iter::successors(some(holder), move |&it| some(self.holders[it as usize].parent))
    }
}
