use news::{Because, Interests, Signal, SignalKind, StorySketch, Target};

use crate::{Policy, centres, effect, effect::Effect, examples, fading, ranker, subjects, taste};

/// Folds one signal in. `edition`: the reasons that the story was shown with, where it was shown.
pub fn absorb(
    mut believed: Interests,
    signal: &Signal,
    about: &StorySketch,
    edition: Option<&[Because]>,
    policy: &Policy,
) -> Interests {
    fading::fade_to(&mut believed, signal.at, policy);
    match signal.kind {
        SignalKind::Shown { position } => {
            let example = examples::of(&mut believed, about, signal.at);
            let shown_with = edition.unwrap_or_default();
            examples::wait(&mut believed.examples[example], position, signal.at, about, shown_with);
        }
        SignalKind::Undo => undo(&mut believed, signal, about, policy),
        kind => {
            if let Some(effect) = effect::of(kind) {
                said(&mut believed, signal, about, edition, effect, policy);
            }
            believed.signals += 1;
        }
    }
    examples::keep_few(&mut believed.examples, policy);
    believed
}

/// The reader did something that says what they think of the story.
fn said(
    believed: &mut Interests,
    signal: &Signal,
    story: &StorySketch,
    edition: Option<&[Because]>,
    effect: Effect,
    policy: &Policy,
) {
    let place = examples::of(believed, story, signal.at);
    settle_above(believed, place, policy);
    // A signal that comes late has faded already.
    let liking = effect.liking * fading::left(signal.at.age(believed.as_of), policy.half_life);

    let example = &mut believed.examples[place];
    let shown_with = match edition {
        Some(because) => examples::values(because),
        None => std::mem::take(&mut example.shown_with),
    };
    let first = example.liking == 0.0;
    example.liking = (example.liking.max(-1.0) + liking).clamp(-6.0, 6.0);
    example.by_hand = if effect.by_hand { liking } else { example.by_hand };
    example.at = example.at.max(signal.at);
    example.about.clear();
    example.shown_with.clear();
    if effect.story_only {
        return;
    }
    for target in subjects::of(story) {
        believe(believed, target, liking);
    }
    centres::like(believed, story, liking, policy);
    if first || effect.by_hand {
        ranker::update(&mut believed.ranker, &shown_with, 0.0 < liking, liking.abs().min(1.5), policy);
    }
    taste::fit(believed, policy);
}

/// What stood above in the same edition was seen, and passed over: weak evidence against it.
fn settle_above(believed: &mut Interests, opened: usize, policy: &Policy) {
    for (place, looked_at) in examples::passed_over(believed, opened, policy) {
        let against = policy.passed_over * looked_at;
        let example = &mut believed.examples[place];
        example.liking = -looked_at;
        let about = std::mem::take(&mut example.about);
        let shown_with = std::mem::take(&mut example.shown_with);
        for target in about {
            believe(believed, target, -against);
        }
        ranker::update(&mut believed.ranker, &shown_with, false, looked_at, policy);
    }
}

fn believe(believed: &mut Interests, target: Target, liking: f32) {
    let belief = believed.beliefs.entry(target).or_default();
    belief.liked += liking.max(0.0);
    belief.disliked += (-liking).max(0.0);
}

/// Takes back the last thing that was said by hand of this story: the evidence goes, the weights' lesson stays small.
fn undo(believed: &mut Interests, signal: &Signal, story: &StorySketch, policy: &Policy) {
    let Some(example) = believed.examples.iter_mut().find(|it| it.story == story.story) else { return };
    let said = std::mem::take(&mut example.by_hand);
    if said == 0.0 {
        return;
    }
    let left = said * fading::left(example.at.age(signal.at), policy.half_life);
    example.liking -= said;
    for target in subjects::of(story) {
        let belief = believed.beliefs.entry(target).or_default();
        belief.liked = (belief.liked - left.max(0.0)).max(0.0);
        belief.disliked = (belief.disliked - (-left).max(0.0)).max(0.0);
    }
    if 0.0 < left
        && let Some(centre) = centres::nearest(believed, story)
    {
        centre.weight = (centre.weight - left).max(0.0);
    }
    taste::fit(believed, policy);
}
