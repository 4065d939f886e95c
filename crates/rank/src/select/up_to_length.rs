use news::Section;

use super::{Selector, Table};

/// An edition ends. Sections stand together, and the general one gives way to the others.
pub struct UpToLength;

impl Selector for UpToLength {
    fn select(&self, table: &mut Table<'_, '_>) {
        let length = table.length();
        let others = table.stories.iter().filter(|it| it.section != Section::ForYou).count().min(length);
        let mut for_you = length - others;
        table.stories.retain(|it| {
            let stays = it.section != Section::ForYou || 0 < for_you;
            for_you -= usize::from(stays && it.section == Section::ForYou);
            stays
        });
        // What many tell comes first for whom nothing better is known.
        let new = table.view.is_new();
        table.stories.sort_by_key(|it| (!new || it.section != Section::EveryoneCovers, it.section));
        table.stories.truncate(length);
    }
}
