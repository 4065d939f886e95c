use super::{Selector, Table};

/// Drops what the reader muted, whatever its score, and says so in `hidden`.
pub struct NotMuted;

impl Selector for NotMuted {
    fn select(&self, table: &mut Table<'_, '_>) {
        for story in &table.stories {
            if let Some(target) = story.muted {
                table.hidden.push((story.candidate.story.story, target.clone()));
            }
        }
        table.stories.retain(|it| it.muted.is_none());
    }
}
