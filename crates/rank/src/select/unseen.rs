use news::Timestamp;

use super::{Selector, Table};
use crate::{Candidate, Verdict, view::View};

/// Drops what was read, waved away, shown often enough, or is too old.
pub struct Unseen;

impl Selector for Unseen {
    fn select(&self, table: &mut Table<'_, '_>) {
        let view = table.view;
        table.stories.retain(|it| over(view, it.candidate).is_none());
    }
}

/// Why the reader is done with a story, if they are. One that they read returns when it tells something new.
pub fn over(view: &View<'_>, candidate: &Candidate) -> Option<Verdict> {
    let story = &candidate.story;
    if let Some(state) = &candidate.state {
        if state.dismissed {
            return Some(Verdict::Dismissed);
        }
        if (state.read || state.opened.is_some()) && state.new_turns(story) == 0 {
            return Some(Verdict::Read { at: state.opened });
        }
        if state.opened.is_none() && view.policy.shown_enough <= state.shown {
            return Some(Verdict::ShownEnough { times: state.shown });
        }
    }
    let keeps = keeps(view, candidate);
    (keeps < story.last_grew.age(view.now)).then_some(Verdict::TooOld { since: story.last_grew })
}

fn keeps(view: &View<'_>, candidate: &Candidate) -> std::time::Duration {
    let own =
        candidate.story.sources.iter().filter_map(|(source, _): &(_, Timestamp)| view.sources.get(source));
    let rare = own.map(|(a_week, _)| *a_week).any(|a_week| a_week < view.policy.rare);
    if rare { view.policy.rare_keeps } else { view.policy.too_old }
}
