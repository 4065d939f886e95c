use news::Reason;

use super::wanted;
use crate::{
    Feature,
    view::{Look, View},
};

/// How many of the reader's own sources tell it.
pub struct YourSources;

impl Feature for YourSources {
    fn name(&self) -> &'static str {
        "your_sources"
    }

    /// The most wanted source, and a little more for each further one.
    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        let own = || look.story.sources.iter().filter_map(|(source, _)| view.sources.get(source));
        let most = own().map(|(_, weight)| wanted(*weight)).fold(0.0, f32::max);
        most * (1.0 + 0.5 * (own().count().max(1) as f32).ln())
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        let own = look.story.sources.iter().filter(|(source, _)| view.sources.contains_key(source));
        Reason::YourSources { sources: own.count() as u32 }
    }
}
