use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// Many outlets tell it.
pub struct Coverage;

impl Feature for Coverage {
    fn name(&self) -> &'static str {
        "coverage"
    }

    /// 1 at twenty outlets; ten times as many are not ten times as important.
    fn measure(&self, _: &View<'_>, look: &Look<'_>) -> f32 {
        (look.story.outlets.max(1) as f32).ln() / 20_f32.ln()
    }

    fn reason(&self, _: &View<'_>, look: &Look<'_>) -> Reason {
        Reason::WidelyCovered { outlets: look.story.outlets }
    }
}
