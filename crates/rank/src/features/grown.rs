use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// The reader read it, and it tells something new since.
pub struct Grown;

impl Grown {
    fn new_articles(&self, look: &Look<'_>) -> u32 {
        look.candidate.state.as_ref().map_or(0, |state| state.new_turns(look.story))
    }
}

impl Feature for Grown {
    fn name(&self) -> &'static str {
        "grown"
    }

    fn measure(&self, _: &View<'_>, look: &Look<'_>) -> f32 {
        let new = self.new_articles(look) as f32;
        new / (new + 2.0)
    }

    fn reason(&self, _: &View<'_>, look: &Look<'_>) -> Reason {
        Reason::NewSince { articles: self.new_articles(look) }
    }
}
