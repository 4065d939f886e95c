use news::{Belief, Reason, Target};

use super::{often_read, strongest};
use crate::{
    Feature,
    view::{Look, View},
};

/// It names someone or something of which they often, or never, read.
pub struct Names;

impl Names {
    fn strongest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, (&'a Target, &'a Belief))> {
        let known = look.story.said().names().iter().enumerate();
        strongest(known.filter_map(|(rank, key)| Some((1.0 / (1.0 + 0.1 * rank as f32), view.name(*key)?))))
    }
}

impl Feature for Names {
    fn name(&self) -> &'static str {
        "names"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.strongest(view, look).map_or(0.0, |(leaning, _)| leaning)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        self.strongest(view, look).map_or(Reason::Base, |(_, it)| often_read(it))
    }
}
