use news::{Belief, Reason, Target};

use super::{often_read, strongest};
use crate::{
    Feature,
    view::{Look, View},
};

/// It belongs to a topic of which they often, or never, read.
pub struct Topics;

impl Topics {
    fn strongest<'a>(&self, view: &View<'a>, look: &Look<'_>) -> Option<(f32, (&'a Target, &'a Belief))> {
        strongest(look.story.topics.iter().take(4).filter_map(|topic| Some((1.0, view.topic(&topic.0)?))))
    }
}

impl Feature for Topics {
    fn name(&self) -> &'static str {
        "topics"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.strongest(view, look).map_or(0.0, |(leaning, _)| leaning)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        self.strongest(view, look).map_or(Reason::Base, |(_, it)| often_read(it))
    }
}
