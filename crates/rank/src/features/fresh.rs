use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// It happened, or grew, just now.
pub struct Fresh;

impl Feature for Fresh {
    fn name(&self) -> &'static str {
        "fresh"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        let age = look.story.last_grew.age(view.now).as_secs_f32();
        (-age / view.policy.fresh.as_secs_f32().max(1.0)).exp2()
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        Reason::JustHappened { hours: (look.story.last_grew.age(view.now).as_secs() / 3600) as u32 }
    }
}
