use news::{Centre, Embedding, Retrieval, Section};

use super::{Scored, Selector, Table};
use crate::{dice, features::FEATURES, view::View};

/// Gives a share of the places, set by the reader, to stories that might turn out to be liked: Thompson sampling
/// (Chapelle & Li 2011). Each story draws a score from what is believed of it; the less is known, the wider it draws.
/// The more the reader has told us by what they did, the smaller the share.
pub struct Exploring;

/// Stories just below the edition that draw too; of what is unfamiliar all do.
const NEAR: usize = 150;

impl Selector for Exploring {
    fn select(&self, table: &mut Table<'_, '_>) {
        let places = table.share(share(table.view));
        if places == 0 {
            return;
        }
        let certain = table.length().saturating_sub(places);
        let (seed, view) = (table.seed, table.view);
        let precision: Vec<f32> = FEATURES.iter().map(|it| view.weight(it.name()).1).collect();
        let mut rest: Vec<(f32, &mut Scored<'_>)> = (table.stories.iter_mut())
            .filter(|it| it.section == Section::ForYou)
            .skip(certain)
            .enumerate()
            .filter(|(place, it)| *place < NEAR || it.candidate.found_by.contains(&Retrieval::Unfamiliar))
            .map(|(_, it)| {
                let spread = spread(it, view, &precision);
                (it.score + spread * dice::normal(seed, it.candidate.story.story.0), it)
            })
            .collect();
        rest.sort_by(|(a, x), (b, y)| {
            b.total_cmp(a).then_with(|| x.candidate.story.story.cmp(&y.candidate.story.story))
        });
        // Two of a kind ask the same question: the second only where there is no other.
        let mut asked: Vec<&Embedding> = Vec::new();
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for (_, it) in rest {
            let centre = &it.candidate.story.centre;
            if asked.len() == places || asked.iter().any(|other| ALIKE <= other.likeness(centre)) {
                second.push(it);
            } else {
                asked.push(centre);
                first.push(it);
            }
        }
        for it in first.into_iter().chain(second).take(places) {
            it.section = Section::SomethingDifferent;
            it.exploring = true;
        }
    }
}

/// Likeness that any two stories have, and that of two which ask the same question.
const NOTHING: f32 = 0.2;
const ALIKE: f32 = 0.6;

fn share(view: &View<'_>) -> f32 {
    let known = view.profile.interests.signals as f32;
    let left = view.policy.explores_after / (view.policy.explores_after + known);
    let least = view.policy.explores_always;
    view.profile.settings.explore.clamp(0.0, 0.5) * (least + (1.0 - least) * left)
}

/// How unsure the score is: the features' weights are, and more so what is like nothing the reader met.
fn spread(story: &Scored<'_>, view: &View<'_>, precision: &[f32]) -> f32 {
    let of_weights: f32 =
        story.values.iter().zip(precision).map(|(value, precision)| value * value / precision).sum();
    let unknown = view.policy.unknown;
    (of_weights + unknown * unknown * (1.0 - familiar(story, view))).sqrt()
}

/// From 0 to 1: how near it is to one of the sides of the reader's interest, as far as that is sure.
fn familiar(story: &Scored<'_>, view: &View<'_>) -> f32 {
    let near = |centre: &Centre| {
        let sure = centre.weight / (centre.weight + 1.0);
        (centre.direction.likeness(&story.candidate.story.centre) - NOTHING) * sure
    };
    view.profile.interests.centres.iter().map(near).fold(0.0, f32::max).min(1.0)
}
