use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// It is near one of the sides of the reader's interest.
pub struct Centre;

/// Likeness that any two stories have.
const NOTHING: f32 = 0.2;

impl Centre {
    fn nearest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, &'a news::Centre)> {
        let centres = view.profile.interests.centres.iter();
        let sure = |it: &news::Centre| it.weight / (it.weight + 1.0);
        centres
            .map(|it| ((it.direction.likeness(&look.story.centre) - NOTHING) * sure(it), it))
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
    }
}

impl Feature for Centre {
    fn name(&self) -> &'static str {
        "centre"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.nearest(view, look).map_or(0.0, |(likeness, _)| likeness.max(0.0))
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        match self.nearest(view, look) {
            Some((_, centre)) => Reason::LikeWhatYouRead {
                example: centre.example.clone(),
                likeness: centre.direction.likeness(&look.story.centre),
            },
            None => Reason::Base,
        }
    }
}
