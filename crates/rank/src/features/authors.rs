use news::{Belief, Reason, Target};

use super::{often_read, strongest};
use crate::{
    Feature,
    view::{Look, View},
};

/// It is written by someone whom they often, or never, read.
pub struct Authors;

impl Authors {
    fn strongest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, (&'a Target, &'a Belief))> {
        strongest(look.story.authors.iter().take(3).filter_map(|author| Some((1.0, view.author(author)?))))
    }
}

impl Feature for Authors {
    fn name(&self) -> &'static str {
        "authors"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.strongest(view, look).map_or(0.0, |(leaning, _)| leaning)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        self.strongest(view, look).map_or(Reason::Base, |(_, it)| often_read(it))
    }
}
