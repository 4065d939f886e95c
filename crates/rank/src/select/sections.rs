use news::Section;

use super::{Scored, Selector, Table};

/// Says where each story would stand: followed situations and what everyone is covering have places of their own.
pub struct Sections;

impl Selector for Sections {
    fn select(&self, table: &mut Table<'_, '_>) {
        let (situations, everyone) =
            (table.share(table.view.policy.situations), table.share(table.view.policy.everyone_covers));
        let for_you = table.length().saturating_sub(situations + everyone);
        let mut at_situation = 0;
        for it in table.stories.iter_mut().filter(|it| it.situation).take(situations) {
            it.section = Section::Situations;
            at_situation += 1;
        }
        let own = for_you + situations - at_situation;
        // Of a new reader we know nothing better than what many tell.
        let (own, everyone) = if table.view.is_new() { (0, 2 * everyone) } else { (own, everyone) };
        cover(table, own, everyone);
    }
}

/// What is good enough for the reader by itself (the first `own`) stays theirs as long as others are widely covered
/// too; what they follow stays in any case.
fn cover(table: &mut Table<'_, '_>, own: usize, places: usize) {
    let (many, alike) = (table.view.policy.many, table.view.policy.alike);
    let rest = table.stories.iter_mut().filter(|it| it.section == Section::ForYou);
    let mut covered: Vec<(bool, &mut Scored<'_>)> = rest
        .enumerate()
        .filter(|(place, it)| many <= it.candidate.story.outlets && (own <= *place || !it.followed))
        .map(|(place, it)| (place < own, it))
        .collect();
    covered.sort_by_key(|(theirs, it)| {
        (*theirs, std::cmp::Reverse(it.candidate.story.outlets), it.candidate.story.story)
    });
    let Some(theirs) = covered.first().map(|(theirs, _)| *theirs) else { return };
    let mut chosen: Vec<&mut Scored<'_>> = Vec::new();
    for (_, it) in covered.into_iter().take_while(|(it, _)| *it == theirs) {
        let centre = &it.candidate.story.centre;
        let is_like = |other: &&mut Scored<'_>| alike <= other.candidate.story.centre.likeness(centre);
        if chosen.len() < places && !chosen.iter().any(is_like) {
            it.section = Section::EveryoneCovers;
            chosen.push(it);
        }
    }
}
