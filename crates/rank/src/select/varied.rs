use news::{Section, SourceId};

use super::{Scored, Selector, Table};
use crate::Policy;

/// Keeps like from standing beside like: each place goes to the best that is left, less something for a story
/// like it above, and for its only source standing there already (Carbonell & Goldstein 1998, greedily).
pub struct Varied;

impl Selector for Varied {
    fn select(&self, table: &mut Table<'_, '_>) {
        let (length, policy) = (table.length(), table.view.policy);
        // Only what might still get in is looked at, so that the work does not grow with the pool.
        let contenders = 2 * length + 20;
        let mut left: Vec<(f32, Scored<'_>)> = Vec::new();
        let mut others = Vec::new();
        for story in table.stories.drain(..) {
            if story.section == Section::ForYou && left.len() < contenders {
                left.push((story.score, story));
            } else if story.section != Section::ForYou {
                others.push(story);
            }
        }
        for story in others.iter().filter(|it| it.section == Section::EveryoneCovers) {
            give_way(&mut left, story, policy);
        }
        let mut chosen = Vec::with_capacity(length);
        while chosen.len() < length
            && let Some(best) =
                (0..left.len()).max_by(|&a, &b| left[a].0.total_cmp(&left[b].0).then(b.cmp(&a)))
        {
            let (_, story) = left.remove(best);
            give_way(&mut left, &story, policy);
            chosen.push(story);
        }
        chosen.append(&mut others);
        table.stories = chosen;
    }
}

/// What is like a story that stands there already is worth less.
fn give_way(left: &mut [(f32, Scored<'_>)], story: &Scored<'_>, policy: &Policy) {
    for (worth, other) in left {
        let alike = other.candidate.story.centre.likeness(&story.candidate.story.centre);
        if policy.alike <= alike {
            *worth -= policy.alike_costs;
        }
        if only_source(other).is_some() && only_source(other) == only_source(story) {
            *worth -= policy.same_source_costs;
        }
    }
}

fn only_source(story: &Scored<'_>) -> Option<SourceId> {
    match story.candidate.story.sources.as_slice() {
        [(source, _)] => Some(*source),
        _ => None,
    }
}
