use news::Section;

use super::{Scored, Selector, Table};
use crate::{dice, features::FEATURES};

/// Gives a share of the places, set by the reader, to stories that might turn out to be liked: Thompson sampling
/// (Chapelle & Li 2011). Each story draws a score from what is believed of it; the less is known, the wider it draws.
pub struct Exploring;

impl Selector for Exploring {
    fn select(&self, table: &mut Table<'_>) {
        let places = table.share(table.view.profile.settings.explore.clamp(0.0, 0.5));
        if places == 0 {
            return;
        }
        let certain = table.length().saturating_sub(places);
        let (seed, view) = (table.seed, table.view);
        let precision: Vec<f32> = FEATURES.iter().map(|it| view.weight(it.name()).1).collect();
        let mut rest: Vec<(f32, &mut Scored<'_>)> = (table.stories.iter_mut())
            .filter(|it| it.section == Section::ForYou)
            .skip(certain)
            .map(|it| {
                let spread = spread(it, &precision, view.policy.unknown);
                (it.score + spread * dice::normal(seed, it.candidate.story.story.0), it)
            })
            .collect();
        rest.sort_by(|(a, x), (b, y)| {
            b.total_cmp(a).then_with(|| x.candidate.story.story.cmp(&y.candidate.story.story))
        });
        for (_, it) in rest.into_iter().take(places) {
            it.section = Section::SomethingDifferent;
            it.exploring = true;
        }
    }
}

/// How unsure the score is: the features' weights are, and more so what is like nothing the reader met.
fn spread(story: &Scored<'_>, precision: &[f32], unknown: f32) -> f32 {
    let of_weights: f32 =
        story.values.iter().zip(precision).map(|(value, precision)| value * value / precision).sum();
    let familiar = (FEATURES.iter().zip(&story.values))
        .find(|(feature, _)| feature.name() == "centre")
        .map_or(0.0, |(_, value)| value.clamp(0.0, 1.0));
    (of_weights + unknown * unknown * (1.0 - familiar)).sqrt()
}
