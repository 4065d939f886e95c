use news::{
    Because, Embedding, Interests, Name, NameKind, ReaderId, Reason, Signal, SignalId, SignalKind, StoryId,
    StorySketch, Target, Timestamp, Topic,
};

use proptest::prelude::*;

use crate::{Policy, absorb, correct, describe};

const DAY: i64 = 86_400;

pub fn story(id: i64, name: &str, direction: [f32; 3]) -> StorySketch {
    StorySketch {
        story: StoryId(id),
        headline: format!("{name} in story {id}"),
        language: None,
        centre: Embedding::of(&direction),
        names: vec![Name { text: name.into(), kind: NameKind::Person }],
        topics: vec![Topic("sport/football".into())],
        terms: vec![],
        authors: vec![],
        articles: 1,
        outlets: 1,
        sources: vec![],
        began: Timestamp(0),
        last_grew: Timestamp(0),
        words: 300,
        turns: 1,
        said: Default::default(),
    }
}

pub fn signal(story: i64, at: i64, kind: SignalKind) -> Signal {
    Signal {
        id: SignalId(0),
        reader: ReaderId(1),
        story: StoryId(story),
        article: None,
        at: Timestamp(at),
        kind,
        device: "web".into(),
        edition: None,
    }
}

fn shown_with(taste: f32) -> Vec<Because> {
    vec![
        Because { feature: "base".into(), reason: Reason::Base, value: 1.0, weight: -3.0 },
        Because {
            feature: "taste".into(),
            reason: Reason::LikeOneYouRead(StoryId(0)),
            value: taste,
            weight: 2.0,
        },
    ]
}

/// Folds what happened, in order: story, when, what. Odd stories are of Ada, even ones of Bob.
fn fold(believed: Interests, happened: &[(i64, i64, SignalKind)]) -> Interests {
    happened.iter().fold(believed, |believed, (id, at, kind)| {
        let (name, direction) = if id % 2 == 1 { ("Ada", [1.0, 0.2, 0.0]) } else { ("Bob", [0.0, 0.2, 1.0]) };
        let about = story(*id, name, direction);
        absorb(believed, &signal(*id, *at, *kind), &about, Some(&shown_with(0.5)), &Policy::default())
    })
}

fn after(happened: &[(i64, i64, SignalKind)]) -> Interests {
    fold(Interests::default(), happened)
}

fn belief(interests: &Interests, name: &str) -> (f32, f32) {
    let target = Target::Name(Name { text: name.into(), kind: NameKind::Person });
    interests.beliefs.get(&target).map_or((0.0, 0.0), |it| (it.liked, it.disliked))
}

#[track_caller]
fn check(happened: &[(i64, i64, SignalKind)], name: &str, liked: f32, disliked: f32) {
    let (for_it, against) = belief(&after(happened), name);
    assert!(
        (for_it - liked).abs() < 1e-3 && (against - disliked).abs() < 1e-3,
        "{name}: {for_it} for, {against} against"
    );
}

use SignalKind::{AlreadyKnew, LessLikeThis, MoreLikeThis, Opened, Read, Shown, Undo};

#[test]
fn what_is_opened_is_liked_and_other_things_are_not() {
    check(&[(1, 100, Opened)], "Ada", 1.0, 0.0);
    check(&[(1, 100, Opened)], "Bob", 0.0, 0.0);
}

#[test]
fn reading_to_the_end_says_more_and_closing_at_once_says_the_opposite() {
    check(&[(1, 100, Opened), (1, 160, Read { seconds: 200, depth: 1.0 })], "Ada", 1.5, 0.0);
    check(&[(1, 100, Opened), (1, 103, Read { seconds: 3, depth: 0.1 })], "Ada", 1.0, 0.7);
}

#[test]
fn what_stood_above_the_opened_one_was_passed_over_and_what_stood_below_was_not_seen() {
    let shown = |id, position| (id, 100, Shown { position });
    // 21/20 of 0.15: one place apart is nearly certain to have been looked at.
    check(&[shown(2, 0), shown(1, 1), (1, 130, Opened)], "Bob", 0.0, 0.15 * 20.0 / 21.0);
    check(&[shown(1, 0), shown(2, 1), (1, 130, Opened)], "Bob", 0.0, 0.0);
    check(&[shown(2, 0), shown(1, 1)], "Bob", 0.0, 0.0);
}

#[test]
fn what_stood_in_an_earlier_edition_was_not_passed_over_in_this_one() {
    check(
        &[(2, 100, Shown { position: 0 }), (1, DAY, Shown { position: 1 }), (1, DAY + 9, Opened)],
        "Bob",
        0.0,
        0.0,
    );
}

#[test]
fn evidence_fades_to_half_in_a_half_life() {
    check(&[(1, 100, Opened), (2, 100 + 90 * DAY, Opened)], "Ada", 0.5, 0.0);
}

#[test]
fn what_was_said_by_hand_counts_more_and_can_be_taken_back() {
    check(&[(1, 100, MoreLikeThis)], "Ada", 3.0, 0.0);
    check(&[(1, 100, LessLikeThis)], "Ada", 0.0, 3.0);
    check(&[(1, 100, MoreLikeThis), (1, 110, Undo)], "Ada", 0.0, 0.0);
    check(&[(1, 100, Opened), (1, 105, LessLikeThis), (1, 110, Undo), (1, 111, Undo)], "Ada", 1.0, 0.0);
}

#[test]
fn knowing_a_story_already_says_nothing_of_its_subject() {
    check(&[(1, 100, AlreadyKnew)], "Ada", 0.0, 0.0);
}

#[test]
fn taste_points_to_what_is_opened_and_away_from_what_is_passed_over() {
    let shown = |id, position| (id, 100, Shown { position });
    let interests = after(&[shown(2, 0), shown(4, 1), shown(1, 2), (1, 130, Opened), (3, 140, Opened)]);
    let along = |direction: [f32; 3]| interests.along(&Embedding::of(&direction));
    assert!(0.2 < along([1.0, 0.2, 0.0]), "{}", along([1.0, 0.2, 0.0]));
    assert!(along([0.0, 0.2, 1.0]) < -0.05, "{}", along([0.0, 0.2, 1.0]));
}

#[test]
fn what_was_opened_once_and_fits_with_nothing_else_counts_less() {
    let shown = |id, at, position| (id, at, Shown { position });
    // Ten editions: two of Bob are passed over, one of Ada is opened; then one of Bob is opened as well.
    let mut happened = Vec::new();
    for edition in 0..10 {
        let (at, first) = (edition * DAY, 100 + 10 * edition);
        happened.extend([shown(first, at, 0), shown(first + 2, at, 1), shown(first + 1, at, 2)]);
        happened.push((first + 1, at + 60, Opened));
    }
    happened.push((400, 10 * DAY, Opened));
    let of_bob = |by_chance: f32| {
        let policy = Policy { by_chance, ..Policy::default() };
        let interests = happened.iter().fold(Interests::default(), |believed, (id, at, kind)| {
            let (name, direction) =
                if id % 2 == 1 { ("Ada", [1.0, 0.2, 0.0]) } else { ("Bob", [0.0, 0.2, 1.0]) };
            absorb(believed, &signal(*id, *at, *kind), &story(*id, name, direction), None, &policy)
        });
        interests.examples.iter().find(|it| it.story == StoryId(400)).map_or(0.0, |it| it.pull)
    };
    assert!(0.0 < of_bob(0.2) && of_bob(0.2) < 0.7 * of_bob(1.0), "{} {}", of_bob(0.2), of_bob(1.0));
}

#[test]
fn the_ranker_trusts_a_feature_more_when_what_it_speaks_for_is_opened() {
    let weight = |it: &Interests| it.ranker.weights["taste"];
    let (liked, sure) = weight(&after(&[(1, 100, Opened), (3, 200, Opened)]));
    let (refused, _) = weight(&after(&[(1, 100, LessLikeThis), (3, 200, LessLikeThis)]));
    assert!(2.0 < liked && refused < 2.0 && Policy::default().sureness < sure, "{liked} {refused} {sure}");
}

#[test]
fn folding_in_parts_gives_the_same_as_folding_in_one_go() {
    let happened: Vec<_> = (0..60)
        .map(|i: i64| {
            let kind = match i % 5 {
                0 | 1 => Shown { position: (i % 7) as u16 },
                2 => Opened,
                3 => MoreLikeThis,
                _ => Undo,
            };
            (i % 11, i * 500, kind)
        })
        .collect();
    let whole = after(&happened);
    for cut in [1, 7, 30, 59] {
        assert_eq!(fold(after(&happened[..cut]), &happened[cut..]), whole, "cut at {cut}");
    }
}

#[test]
fn a_correction_outranks_the_guess_until_it_is_withdrawn() {
    let ada = Target::Name(Name { text: "Ada".into(), kind: NameKind::Person });
    let strength = |it: &Interests| {
        let views = describe(it, it.as_of, &Policy::default());
        views.into_iter().find(|view| view.target == ada).map(|view| view.strength)
    };
    let guessed = after(&[(1, 100, Opened)]);
    assert_eq!(strength(&guessed), Some(1.0 / 3.0));
    let corrected = correct(guessed.clone(), &ada, Some(-1.0));
    assert_eq!(strength(&corrected), Some(-1.0));
    assert_eq!(correct(corrected, &ada, None), guessed);
}

fn kind() -> impl Strategy<Value = SignalKind> {
    prop_oneof![
        (0..30_u16).prop_map(|position| Shown { position }),
        Just(Opened),
        (0..300_u32, 0.0..1.0_f32).prop_map(|(seconds, depth)| Read { seconds, depth }),
        Just(SignalKind::Saved),
        Just(MoreLikeThis),
        Just(LessLikeThis),
        Just(SignalKind::NotInterested),
        Just(AlreadyKnew),
        Just(Undo),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_happens_folding_in_parts_is_folding_in_one_go(
        happened in prop::collection::vec((0..12_i64, 0..90 * DAY, kind()), 0..60), cut in 0..60_usize,
    ) {
        let cut = cut.min(happened.len());
        let whole = after(&happened);
        prop_assert_eq!(fold(after(&happened[..cut]), &happened[cut..]), whole.clone());
        // Signals that come late, or twice, never make what is believed anything but numbers.
        let (means, beliefs) = (whole.ranker.weights.values(), whole.beliefs.values());
        prop_assert!(means.chain(&[]).all(|(mean, precision)| mean.is_finite() && 0.0 < *precision));
        prop_assert!(beliefs.into_iter().all(|it| it.liked.is_finite() && 0.0 <= it.liked && 0.0 <= it.disliked));
        prop_assert!(whole.taste.iter().all(|it| it.is_finite()));
    }
}
