use super::{Selector, Table};

/// The best first. Ties go by story, so that the same stories always make the same edition.
pub struct BestFirst;

impl Selector for BestFirst {
    fn select(&self, table: &mut Table<'_, '_>) {
        table.stories.sort_by(|a, b| {
            b.score.total_cmp(&a.score).then_with(|| a.candidate.story.story.cmp(&b.candidate.story.story))
        });
    }
}
