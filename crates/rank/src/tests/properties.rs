//! What must be true of every edition, whatever the reader and the stories.

use std::collections::HashSet;

use news::{
    Because, Belief, Centre, Embedding, Follow, FollowId, Interests, Name, NameKind, Retrieval, SourceId,
    Stance, StoryId, StorySketch, Target, Term, Timestamp, Topic, Weight,
};
use proptest::prelude::*;

use super::{NOW, profile, story};
use crate::{
    Candidate, Composer, Policy, Profile, State, compose, compose::score, is_about, select::over, view::View,
};

const WORDS: [&str; 6] = ["Dam", "Korea", "Vault", "Rain", "Łódź", "election"];

fn word() -> impl Strategy<Value = String> {
    prop::sample::select(&WORDS[..]).prop_map(str::to_owned)
}

fn some_name() -> impl Strategy<Value = Name> {
    word().prop_map(|text| Name { text, kind: NameKind::Other })
}

fn target() -> impl Strategy<Value = Target> {
    prop_oneof![
        (1..8_i64).prop_map(|id| Target::Source(SourceId(id))),
        word().prop_map(Target::Words),
        some_name().prop_map(Target::Name),
        prop::collection::vec(some_name(), 1..3).prop_map(Target::Situation),
        word().prop_map(|it| Target::Topic(Topic(it))),
        word().prop_map(Target::Author),
        (1..40_i64).prop_map(|id| Target::Story(StoryId(id))),
    ]
}

fn stance() -> impl Strategy<Value = Stance> {
    prop_oneof![
        prop::sample::select(&[Weight::Always, Weight::More, Weight::ALittle][..]).prop_map(Stance::Follow),
        any::<bool>().prop_map(|except_big| Stance::Mute { except_big, in_text: false }),
    ]
}

fn some_follow() -> impl Strategy<Value = Follow> {
    (target(), stance(), prop::option::of(-5..5_i64), prop::collection::vec(word(), 0..2)).prop_map(
        |(target, stance, until, aliases)| Follow {
            id: FollowId(1),
            aliases,
            until: until.map(|it| Timestamp(NOW.0 + it)),
            ..super::follow(target, stance)
        },
    )
}

fn direction() -> impl Strategy<Value = [f32; 3]> {
    prop::array::uniform3(-1.0..1.0_f32)
}

prop_compose! {
    fn some_story()(
        id in 1..40_i64, words in prop::collection::vec(word(), 0..4), names in prop::collection::vec(some_name(), 0..3),
        topic in word(), author in word(), outlets in 0..30_u32, source in 1..8_i64, age in -3..400_i64,
        direction in direction(), terms in prop::collection::vec((0..9_u32, 0.0..3.0_f32), 0..4),
    ) -> StorySketch {
        StorySketch {
            names,
            topics: vec![Topic(format!("{topic}/x"))],
            authors: vec![author],
            sources: vec![(SourceId(source), Timestamp(NOW.0 - age * 3600))],
            last_grew: Timestamp(NOW.0 - age * 3600),
            centre: Embedding::of(&direction),
            terms: terms.into_iter().map(|(hash, weight)| Term::new(hash, weight, false)).collect(),
            ..story(id, &words.join(" "), outlets)
        }
    }
}

prop_compose! {
    fn candidate()(
        story in some_story(), opened in any::<bool>(), turns in 0..9_u32, read in any::<bool>(), shown in 0..4_u32,
        dismissed in prop::bool::weighted(0.1), known in any::<bool>(),
    ) -> Candidate {
        let opened = opened.then_some(NOW);
        let state = State { story: story.story, opened, turns, read, saved: false, shown, dismissed };
        Candidate { story: story.into(), found_by: vec![Retrieval::FromSources], state: known.then_some(state) }
    }
}

proptest! {
    #[test]
    fn a_text_without_accents_is_read_as_any_other(headline in "[a-cS' -]{0,24}", phrase in "[a-cs' ]{0,6}") {
        let about = |headline: &str| {
            let story = StorySketch { names: vec![], ..story(1, headline, 1) };
            is_about(&story, &Target::Words(phrase.clone()), &[])
        };
        prop_assert_eq!(about(&headline), about(&format!("{headline} …")));
    }
}

prop_compose! {
    fn interests()(
        beliefs in prop::collection::btree_map(target(), (0.0..9.0_f32, 0.0..9.0_f32, prop::option::of(-1.0..1.0_f32)), 0..6),
        taste in direction(), centre in direction(), weight in -4.0..4.0_f32,
    ) -> Interests {
        let belief = |(liked, disliked, corrected)| Belief { liked, disliked, corrected };
        let mut interests = Interests {
            beliefs: beliefs.into_iter().map(|(target, it)| (target, belief(it))).collect(),
            taste: taste.to_vec(),
            words: vec![(3, 0.5)],
            centres: vec![Centre { direction: Embedding::of(&centre), weight: 2.0, example: "One".into() }],
            ..Interests::default()
        };
        interests.ranker.weights.insert("fresh".into(), (weight, 30.0));
        interests
    }
}

prop_compose! {
    fn reader()(
        follows in prop::collection::vec(some_follow(), 0..6), interests in interests(),
        length in 0..40_u16, explore in -0.5..1.5_f32,
    ) -> Profile {
        let mut profile = profile(follows);
        profile.interests = interests;
        profile.settings.edition_length = length;
        profile.settings.explore = explore;
        profile.sources = vec![(SourceId(1), 0.5), (SourceId(2), 90.0)];
        profile
    }
}

/// The same story under another number.
fn twin(it: &Candidate) -> Candidate {
    let number = StoryId(it.story.story.0 + 100);
    let state = it.state.clone().map(|state| State { story: number, ..state });
    Candidate { story: StorySketch { story: number, ..(*it.story).clone() }.into(), state, ..it.clone() }
}

/// Said anew, without the machinery of `compose`.
fn is_muted(profile: &Profile, story: &StorySketch) -> bool {
    profile.follows.iter().any(|follow| {
        let Stance::Mute { except_big, .. } = follow.stance else { return false };
        let lasts = follow.until.is_none_or(|until| NOW < until);
        let excepted = except_big && Policy::default().big <= story.outlets;
        lasts && !excepted && is_about(story, &follow.target, &follow.aliases)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn nothing_muted_nothing_twice_nothing_without_a_reason(
        profile in reader(), candidates in prop::collection::vec(candidate(), 0..60), seed in any::<u64>(),
    ) {
        let policy = Policy::default();
        let view = View::new(&profile, &policy, NOW);
        let ranked_by = score(&view, &candidates);
        let edition = compose(&profile, candidates.clone(), &policy, seed, NOW);
        prop_assert!(edition.slots.len() <= usize::from(profile.settings.edition_length).max(1));
        let shown: HashSet<StoryId> = edition.slots.iter().map(|it| it.story).collect();
        prop_assert_eq!(shown.len(), edition.slots.len());
        for slot in &edition.slots {
            // Two candidates may carry one number here; what is shown is one that is not muted.
            let told = candidates.iter().filter(|it| it.story.story == slot.story);
            prop_assert!(told.into_iter().any(|it| !is_muted(&profile, &it.story)));
            prop_assert!(!slot.because().is_empty());
            let sum: f32 = slot.because().iter().map(Because::share).sum();
            prop_assert!((sum - slot.score).abs() < 1e-3);
            prop_assert!(slot.score.is_finite());
            // What is told is what it was ranked by.
            let by = ranked_by.iter().filter(|it| it.candidate.story.story == slot.story);
            prop_assert!(by.into_iter().any(|it| (it.score - slot.score).abs() < 1e-3));
        }
        for (story, _) in &edition.hidden {
            prop_assert!(candidates.iter().any(|it| it.story.story == *story && is_muted(&profile, &it.story)));
        }
    }

    #[test]
    fn the_order_in_which_stories_come_does_not_matter(
        profile in reader(), candidates in prop::collection::vec(candidate(), 0..60), seed in any::<u64>(),
    ) {
        let mut met = HashSet::new();
        let mut once: Vec<Candidate> = candidates.into_iter().filter(|it| met.insert(it.story.story)).collect();
        // Some score the same.
        let twins: Vec<Candidate> = once.iter().step_by(3).map(twin).collect();
        once.extend(twins);
        let backwards = once.iter().rev().cloned().collect();
        let policy = Policy::default();
        let edition = compose(&profile, once.clone(), &policy, seed, NOW);
        prop_assert_eq!(&edition, &compose(&profile, backwards, &policy, seed, NOW));
        // Nothing is left out but for a reason: it is full, or there is no more.
        let view = View::new(&profile, &policy, NOW);
        let wanted = |it: &&Candidate| !is_muted(&profile, &it.story) && over(&view, it).is_none();
        let length = usize::from(profile.settings.edition_length).max(1);
        prop_assert_eq!(edition.slots.len(), once.iter().filter(wanted).count().min(length));
        // What turns out to be muted later gives its place to another.
        let later: Vec<(StoryId, Target)> =
            edition.slots.iter().step_by(2).map(|it| (it.story, Target::Words("late".into()))).collect();
        let without = Composer::new(&profile, &once, &policy, seed, NOW).edition(&later);
        let left = once.iter().filter(wanted).filter(|it| later.iter().all(|(story, _)| *story != it.story.story));
        prop_assert_eq!(without.slots.len(), left.count().min(length));
        prop_assert!(without.slots.iter().all(|it| later.iter().all(|(story, _)| *story != it.story)));
        prop_assert!(later.iter().all(|it| without.hidden.contains(it)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// What is new is measured against each source's own rate.
    #[test]
    fn a_monthly_essay_is_not_drowned_by_a_wires_hundred_items(
        wire in prop::collection::vec((0..48_i64, direction()), 1..150), essay_age in 0..60_i64,
        a_week in 0.05..0.5_f32, length in 5..40_u16, seed in any::<u64>(),
    ) {
        let told = |id: i64, source: i64, age: i64, direction: &[f32; 3]| StorySketch {
            centre: Embedding::of(direction),
            sources: vec![(SourceId(source), Timestamp(NOW.0 - age * 3600))],
            last_grew: Timestamp(NOW.0 - age * 3600),
            ..story(id, "Something", 1)
        };
        let essay = told(1, 1, essay_age, &[0.0, 1.0, 0.0]);
        let items = wire.iter().zip(2..).map(|((age, direction), id)| told(id, 2, *age, direction));
        let mut profile = profile(vec![]);
        profile.settings.edition_length = length;
        profile.sources = vec![(SourceId(1), a_week), (SourceId(2), 700.0)];
        let stories = super::found([essay].into_iter().chain(items).collect());
        let edition = compose(&profile, stories, &Policy::default(), seed, NOW);
        prop_assert!(edition.slots.iter().any(|it| it.story == StoryId(1)));
    }
}
