use news::Reason;

use crate::{
    Feature,
    view::{Look, View},
};

/// Where every story begins: most are not opened.
pub struct Base;

impl Feature for Base {
    fn name(&self) -> &'static str {
        "base"
    }

    fn measure(&self, _: &View<'_>, _: &Look<'_>) -> f32 {
        1.0
    }

    fn reason(&self, _: &View<'_>, _: &Look<'_>) -> Reason {
        Reason::Base
    }
}
