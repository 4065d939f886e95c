//! The several sides of a reader: what they liked, gathered around centres as it comes (leader clustering).

use news::{Centre, Embedding, Interests, StorySketch};

use crate::Policy;

pub fn like(believed: &mut Interests, story: &StorySketch, liking: f32, policy: &Policy) {
    if story.centre.is_empty() || liking <= 0.0 {
        return;
    }
    match nearest(believed, story) {
        Some(centre) if policy.centre_likeness <= centre.direction.likeness(&story.centre) => {
            join(centre, story, liking)
        }
        _ => begin(believed, story, liking, policy),
    }
}

pub fn nearest<'a>(believed: &'a mut Interests, story: &StorySketch) -> Option<&'a mut Centre> {
    let likeness = |centre: &Centre| centre.direction.likeness(&story.centre);
    believed.centres.iter_mut().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

fn join(centre: &mut Centre, story: &StorySketch, liking: f32) {
    let likeness = centre.direction.likeness(&story.centre);
    let share = liking / (centre.weight + liking);
    let moved: Vec<f32> = (centre.direction.direction().zip(story.centre.direction()))
        .map(|(centre, story)| centre * (1.0 - share) + story * share)
        .collect();
    centre.direction = Embedding::of(&moved).by(story.centre.model());
    centre.weight += liking;
    // The name of a centre is the last headline that was as near to it as most are, so it stays of today.
    if 0.7 <= likeness || centre.example.is_empty() {
        centre.example = name(story);
    }
}

fn begin(believed: &mut Interests, story: &StorySketch, liking: f32, policy: &Policy) {
    if policy.centres <= believed.centres.len()
        && let Some(weakest) = weakest(&believed.centres)
    {
        believed.centres.remove(weakest);
    }
    believed.centres.push(Centre { direction: story.centre.clone(), weight: liking, example: name(story) });
}

fn weakest(centres: &[Centre]) -> Option<usize> {
    (0..centres.len()).min_by(|&a, &b| centres[a].weight.total_cmp(&centres[b].weight))
}

fn name(story: &StorySketch) -> String {
    story.headline.chars().take(200).collect()
}
