//! Stories that the reader met, kept as long as something can be learnt from them.

use std::time::Duration;

use news::{Because, Example, Interests, StorySketch, Timestamp};

use crate::{Policy, subjects};

/// Words that are kept of an example.
const WORDS: usize = 40;
/// Stories shown within so long of each other were in one edition.
const ONE_LOOK: Duration = Duration::from_secs(600);

/// The place of the story's example; a new one when there is none.
pub fn of(believed: &mut Interests, story: &StorySketch, at: Timestamp) -> usize {
    if let Some(at) = believed.examples.iter().position(|it| it.story == story.story) {
        return at;
    }
    believed.examples.push(Example {
        story: story.story,
        at,
        headline: story.headline.chars().take(200).collect(),
        direction: story.centre.clone(),
        words: words_of(story),
        liking: 0.0,
        pull: 0.0,
        by_hand: 0.0,
        position: None,
        about: Vec::new(),
        shown_with: Vec::new(),
    });
    believed.examples.len() - 1
}

/// The telling words of a story as a direction of length 1.
fn words_of(story: &StorySketch) -> Vec<(u32, f32)> {
    let terms = || story.terms.iter().take(WORDS).filter(|it| it.weight.is_finite());
    let length = terms().map(|it| it.weight * it.weight).sum::<f32>().sqrt().max(1e-6);
    terms().map(|it| (it.hash, it.weight / length)).collect()
}

/// Shown: nothing is learnt yet. Whether it was seen and passed over is known when one further down is opened.
pub fn wait(
    example: &mut Example,
    position: u16,
    at: Timestamp,
    story: &StorySketch,
    shown_with: &[Because],
) {
    example.at = at;
    example.position = Some(position);
    if example.liking == 0.0 {
        example.about = subjects::of(story);
        example.shown_with = values(shown_with);
    }
}

pub fn values(shown_with: &[Because]) -> Vec<(String, f32, f32)> {
    shown_with.iter().map(|it| (it.feature.clone(), it.value, it.weight)).collect()
}

/// Those that stood above the opened one in the same edition, were not opened, and so were refused, a little:
/// their places, and how surely they were looked at. (Joachims et al. 2005, "click > skip above".)
pub fn passed_over(believed: &Interests, opened: usize, policy: &Policy) -> Vec<(usize, f32)> {
    let Example { position: Some(below), at, .. } = believed.examples[opened] else { return Vec::new() };
    let waiting =
        believed.examples.iter().enumerate().filter(|(_, it)| it.liking == 0.0 && !it.about.is_empty());
    waiting
        .filter(|(_, it)| it.at.apart(at) <= ONE_LOOK)
        .filter_map(|(place, it)| Some((place, it.position.filter(|above| *above < below)?)))
        .map(|(place, above)| (place, policy.glance / (policy.glance + f32::from(below - above))))
        .collect()
}

/// Drops the oldest of each sort where there are too many.
pub fn keep_few(examples: &mut Vec<Example>, policy: &Policy) {
    for (most, sort) in [
        (policy.liked, (|it: &Example| 0.0 < it.liking) as fn(&Example) -> bool),
        (policy.refused, |it| it.liking < 0.0),
        (policy.waiting, |it| it.liking == 0.0),
    ] {
        let mut times: Vec<Timestamp> = examples.iter().filter(|it| sort(it)).map(|it| it.at).collect();
        if times.len() <= most {
            continue;
        }
        times.sort();
        let mut excess = times.len() - most;
        let oldest = times[excess - 1];
        examples.retain(|it| {
            let goes = 0 < excess && sort(it) && it.at <= oldest;
            excess -= usize::from(goes);
            !goes
        });
    }
}
