//! What pages of one outlet have in common is not what one of them is about.

use std::collections::HashMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

/// Blocks of text met on pages of one outlet, and on how many of them.
#[derive(Clone, Debug, Default)]
pub struct SiteMemory {
    blocks: HashMap<u64, u16>,
    pages: u16,
}

/// Outlets have a few hundred repeated blocks; everything else is forgotten from here on.
const MAX_BLOCKS: usize = 20_000;

impl SiteMemory {
    /// Remembers one page's blocks.
    pub fn absorb(&mut self, html: &str) {
        let dom = crate::dom::Dom::parse(html);
        let mut seen: Vec<u64> = crate::readable::texts(&dom).iter().map(|it| hash(it)).collect();
        seen.sort_unstable();
        seen.dedup();
        self.pages = self.pages.saturating_add(1);
        if MAX_BLOCKS < self.blocks.len() + seen.len() {
            self.blocks.retain(|_, count| 1 < *count);
        }
        for block in seen {
            let count = self.blocks.entry(block).or_default();
            *count = count.saturating_add(1);
        }
    }

    /// Share of the outlet's pages that had this very text; 0 while fewer than two were seen.
    pub(crate) fn repeats(&self, text: &str) -> f32 {
        match self.blocks.get(&hash(text)) {
            Some(&count) if 1 < count && 1 < self.pages => f32::from(count) / f32::from(self.pages),
            _ => 0.0,
        }
    }
}

fn hash(text: &str) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}
