use news::{Belief, Reason, Target};

use super::{often_read, strongest};
use crate::{
    Feature,
    view::{Look, View},
};

/// It is told by a source that they often, or never, read.
pub struct Source;

impl Source {
    fn strongest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, (&'a Target, &'a Belief))> {
        strongest(
            look.story.sources.iter().take(8).filter_map(|(source, _)| Some((1.0, view.told_by(*source)?))),
        )
    }
}

impl Feature for Source {
    fn name(&self) -> &'static str {
        "source"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.strongest(view, look).map_or(0.0, |(leaning, _)| leaning)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        self.strongest(view, look).map_or(Reason::Base, |(_, it)| often_read(it))
    }
}
