use std::collections::HashSet;

use super::{Selector, Table};

/// A story stands once, however often it was handed in.
pub struct OnePerStory;

impl Selector for OnePerStory {
    fn select(&self, table: &mut Table<'_, '_>) {
        let mut met = HashSet::new();
        table.stories.retain(|it| met.insert(it.candidate.story.story));
    }
}
