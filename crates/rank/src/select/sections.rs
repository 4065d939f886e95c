use news::Section;

use super::{Selector, Table};

/// Says where each story would stand: followed situations and big news have places of their own.
pub struct Sections;

impl Selector for Sections {
    fn select(&self, table: &mut Table<'_>) {
        let (situations, everyone) =
            (table.share(table.view.policy.situations), table.share(table.view.policy.everyone_covers));
        let for_you = table.length().saturating_sub(situations + everyone);
        let big = table.view.policy.big;
        let mut at_situation = 0;
        for it in table.stories.iter_mut().filter(|it| it.situation).take(situations) {
            it.section = Section::Situations;
            at_situation += 1;
        }
        // What is good enough for the reader by itself stays theirs; the rest of the big news has its own places.
        let rest = table.stories.iter_mut().filter(|it| it.section == Section::ForYou);
        let mut covered: Vec<_> = rest
            .skip(for_you + situations - at_situation)
            .filter(|it| big <= it.candidate.story.outlets)
            .collect();
        covered.sort_by_key(|it| (std::cmp::Reverse(it.candidate.story.outlets), it.candidate.story.story));
        for it in covered.into_iter().take(everyone) {
            it.section = Section::EveryoneCovers;
        }
    }
}
