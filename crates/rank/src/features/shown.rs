use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// It was in earlier editions, and was not opened.
pub struct Shown;

impl Shown {
    fn times(&self, look: &Look<'_>) -> u32 {
        let state = look.candidate.state.as_ref().filter(|state| state.opened.is_none() && !state.read);
        state.map_or(0, |state| state.shown)
    }
}

impl Feature for Shown {
    fn name(&self) -> &'static str {
        "shown"
    }

    fn measure(&self, _: &View<'_>, look: &Look<'_>) -> f32 {
        (self.times(look) as f32 / 2.0).min(2.0)
    }

    fn reason(&self, _: &View<'_>, look: &Look<'_>) -> Reason {
        Reason::ShownBefore { times: self.times(look) }
    }
}
