use std::time::Duration;

use news::{Reason, SourceId};

use crate::{
    Feature,
    view::{Look, View},
};

/// One of the reader's sources tells it that seldom says anything: a monthly essay is not drowned by a wire's
/// hundred items, because what is new is measured against each source's own rate.
pub struct RareSource;

const WEEK: f32 = 7.0 * 86_400.0;

impl RareSource {
    fn rarest(&self, view: &View<'_>, look: &Look<'_>) -> Option<(f32, SourceId, f32)> {
        let own = look.story.sources.iter().filter_map(|(source, at)| {
            let (a_week, _) = *view.sources.get(source)?;
            (a_week.is_finite() && 0.0 <= a_week).then_some((*source, a_week, at.age(view.now)))
        });
        own.map(|(source, a_week, age)| (self.novelty(view, a_week, age), source, a_week))
            .max_by(|(a, ..), (b, ..)| a.total_cmp(b))
    }

    /// The rarer the source, the more it counts and the longer it stays new: half its usual gap, a fortnight at most.
    fn novelty(&self, view: &View<'_>, a_week: f32, age: Duration) -> f32 {
        let rarity = 1.0 / (1.0 + a_week / view.policy.rare);
        let half = (WEEK / a_week.max(0.01) / 2.0).clamp(6.0 * 3600.0, view.policy.rare_keeps.as_secs_f32());
        rarity * (-age.as_secs_f32() / half).exp2()
    }
}

impl Feature for RareSource {
    fn name(&self) -> &'static str {
        "rare_source"
    }

    fn measure(&self, view: &View<'_>, look: &Look<'_>) -> f32 {
        self.rarest(view, look).map_or(0.0, |(novelty, ..)| novelty)
    }

    fn reason(&self, view: &View<'_>, look: &Look<'_>) -> Reason {
        match self.rarest(view, look) {
            Some((_, source, a_week)) => Reason::SeldomPublishes { source, a_week },
            None => Reason::Base,
        }
    }
}
