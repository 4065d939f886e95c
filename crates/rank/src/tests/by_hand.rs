//! Three stories, and every number of their "why" worked out by hand from the definitions in the features' files.

use news::{
    Because, Belief, Centre, Embedding, Example, Interests, Reason, SourceId, Stance, StoryId, StorySketch,
    Target, Term, Timestamp, Topic, Weight,
};

use super::{NOW, follow, found, name, profile, story};
use crate::{Candidate, Policy, Profile, State, Verdict, compose, explain, judge};

fn example(id: i64, direction: [f32; 3], liking: f32, pull: f32) -> Example {
    Example {
        story: StoryId(id),
        at: NOW,
        headline: "An older story".into(),
        direction: Embedding::of(&direction),
        words: vec![(7, 1.0)],
        liking,
        pull,
        by_hand: 0.0,
        position: None,
        about: vec![],
        shown_with: vec![],
    }
}

/// Follows the words "dam", has two sources, has opened six stories naming Korea and passed over a few on football.
fn reader() -> Profile {
    let mut profile = profile(vec![follow(Target::Words("dam".into()), Stance::Follow(Weight::More))]);
    profile.sources = vec![(SourceId(1), 0.25), (SourceId(2), 70.0)];
    let mut interests = Interests {
        taste: vec![0.5, -0.25, 0.0],
        words: vec![(7, 0.4)],
        centres: vec![Centre {
            direction: Embedding::of(&[1.0, 0.0, 0.0]),
            weight: 3.0,
            example: "A dam gives way".into(),
        }],
        examples: vec![example(90, [1.0, 0.0, 0.0], 1.0, 0.5), example(91, [0.0, 1.0, 0.0], -1.0, -0.5)],
        ..Interests::default()
    };
    let belief = |liked, disliked| Belief { liked, disliked, corrected: None };
    interests.beliefs.insert(Target::Name(name("South Korea")), belief(6.0, 0.5));
    interests.beliefs.insert(Target::Topic(Topic("sport".into())), belief(0.0, 3.0));
    interests
        .beliefs
        .insert(Target::Source(SourceId(2)), Belief { corrected: Some(-0.5), ..belief(1.0, 1.0) });
    // The ranker has learnt that this reader cares twice as much for coverage.
    interests.ranker.weights.insert("coverage".into(), (2.0, 50.0));
    profile.interests = interests;
    profile
}

fn hours_ago(hours: i64) -> Timestamp {
    Timestamp(NOW.0 - hours * 3600)
}

/// A dam, told by twenty outlets, of a source that publishes once a month, twelve hours ago.
fn dam() -> StorySketch {
    StorySketch {
        centre: Embedding::of(&[1.0, 0.0, 0.0]),
        terms: vec![Term::new(7, 3.0, true), Term::new(8, 4.0, false)],
        names: vec![],
        topics: vec![],
        authors: vec![],
        sources: vec![(SourceId(1), hours_ago(12))],
        last_grew: hours_ago(12),
        ..story(1, "Dam gives way", 20)
    }
}

/// Football, of the source that the reader thinks little of, now; shown twice before.
fn football() -> StorySketch {
    StorySketch {
        centre: Embedding::of(&[0.0, 1.0, 0.0]),
        names: vec![],
        topics: vec![Topic("sport/football".into())],
        authors: vec![],
        sources: vec![(SourceId(2), NOW)],
        last_grew: NOW,
        ..story(2, "Late winner", 1)
    }
}

/// Korea, of nobody the reader knows, a day old; opened when it had two of its five turns.
fn korea() -> StorySketch {
    StorySketch {
        centre: Embedding::default(),
        names: vec![name("Seoul"), name("south korea")],
        topics: vec![],
        authors: vec![],
        articles: 7,
        turns: 5,
        last_grew: hours_ago(24),
        ..story(3, "Minister resigns", 1)
    }
}

fn candidates() -> Vec<Candidate> {
    let mut candidates = found(vec![dam(), football(), korea()]);
    candidates[1].state = Some(State { story: StoryId(2), shown: 2, ..State::default() });
    candidates[2].state =
        Some(State { story: StoryId(3), opened: Some(hours_ago(30)), turns: 2, ..State::default() });
    candidates
}

#[track_caller]
fn check(which: usize, expected: &[(&str, f32, f32)], score: f32) {
    let why = &judge(&reader(), &candidates(), &Policy::default(), NOW)[which];
    let told: Vec<(&str, f32, f32)> =
        why.iter().map(|it| (it.feature.as_str(), it.value, it.weight)).collect();
    assert_eq!(told.len(), expected.len(), "{told:?}");
    for ((feature, value, weight), (other, should, weigh)) in told.iter().zip(expected) {
        assert_eq!((feature, weight), (other, weigh));
        assert!((value - should).abs() < 2e-3, "{feature}: {value}, by hand {should}");
    }
    let sum: f32 = why.iter().map(Because::share).sum();
    assert!((sum - score).abs() < 0.02, "{sum}, by hand {score}");
}

#[test]
fn the_dam_by_hand() {
    // Taste: along [0.5, −0.25, 0] for direction [1, 0, 0] is 0.5; its words have length √(3² + 4²) = 5, and word 7
    // says 0.4 · 3/5 = 0.24. Coverage: ln 20 / ln 20. Fresh: twelve hours are half.
    // Rare: a quarter of an entry a week: 1/(1 + 0.25/3) = 0.9231; half of its four weeks is a fortnight, of which
    // half a day is 1/28: 2^(−1/28) = 0.9755; together 0.9005.
    let expected = [
        ("base", 1.0, -3.0),
        ("follow", 1.0, 3.0),
        ("your_sources", 1.0, 0.6),
        ("taste", 0.74, 9.0),
        ("coverage", 1.0, 2.0),
        ("fresh", 0.5, 0.8),
        ("rare_source", 0.9005, 1.5),
    ];
    // −3 + 3 + 0.6 + 6.66 + 2 + 0.4 + 1.3508
    check(0, &expected, 11.0108);
}

#[test]
fn the_football_by_hand() {
    // Taste: −0.25, no words. Topic: "sport" is the nearest wider one: ln(0.5 / 3.5) / 2 = −0.973. Source: the reader
    // said −0.5, which counts one and a half times. Rare: 1/(1 + 70/3) = 0.0411, at this moment. Shown: two halves.
    let expected = [
        ("base", 1.0, -3.0),
        ("your_sources", 1.0, 0.6),
        ("taste", -0.25, 9.0),
        ("topics", -0.973, 0.8),
        ("source", -0.75, 0.3),
        ("fresh", 1.0, 0.8),
        ("rare_source", 0.0411, 1.5),
        ("shown", 1.0, -0.8),
    ];
    // −3 + 0.6 − 2.25 − 0.7784 − 0.225 + 0.8 + 0.0617 − 0.8
    check(1, &expected, -5.5917);
}

#[test]
fn korea_by_hand() {
    // Name: second of its names, so 1/1.1 of ln(6.5 / 1) / 2 = 0.9359: 0.8508. Fresh: a day is a quarter. Grown: three
    // turns are new: 3/(3 + 2).
    let expected = [("base", 1.0, -3.0), ("names", 0.8508, 1.0), ("fresh", 0.25, 0.8), ("grown", 0.6, 0.8)];
    // −3 + 0.8508 + 0.2 + 0.48
    check(2, &expected, -1.4692);
}

#[test]
fn what_is_said_of_a_story_is_what_the_edition_was_made_with() {
    let (profile, policy) = (reader(), Policy::default());
    let edition = compose(&profile, candidates(), &policy, 1, NOW);
    let first = &edition.slots[0];
    assert_eq!(first.because()[0].reason, Reason::LikeOneYouRead(StoryId(90)));
    for candidate in candidates() {
        let why = explain(&profile, &candidate, Some(&edition), &policy, NOW);
        let Verdict::Shown { at, .. } = why.verdict else { panic!("{:?}", why.verdict) };
        assert_eq!(
            (why.score, why.because.as_slice()),
            (edition.slots[at].score, edition.slots[at].because())
        );
    }
}
