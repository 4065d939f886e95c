//! What the selectors do, and what is said of stories that are not there.

use news::{
    Embedding, Retrieval, Section, SourceId, Stance, StoryId, StorySketch, Target, Timestamp, Weight,
};

use super::{NOW, follow, found, name, profile, story};
use crate::{Candidate, Policy, State, Verdict, compose, explain};

fn many(count: i64) -> Vec<StorySketch> {
    (1..=count).map(|id| story(id, "Something", 1)).collect()
}

#[track_caller]
fn check_verdict(candidate: Candidate, expected: Verdict) {
    let mut profile = profile(vec![]);
    profile.settings.edition_length = 2;
    profile.settings.explore = 0.0;
    let policy = Policy::default();
    let mut candidates = found(vec![story(1, "One", 5), story(2, "Two", 4), story(3, "Three", 3)]);
    candidates.push(candidate.clone());
    let edition = compose(&profile, candidates, &policy, 1, NOW);
    assert_eq!(explain(&profile, &candidate, Some(&edition), &policy, NOW).verdict, expected);
}

fn candidate(state: State) -> Candidate {
    Candidate {
        story: story(9, "Nine", 9).into(),
        found_by: vec![Retrieval::FromSources],
        state: Some(state),
    }
}

#[test]
fn a_story_that_is_not_there_says_why() {
    let state = || State { story: StoryId(9), ..State::default() };
    check_verdict(candidate(State { dismissed: true, ..state() }), Verdict::Dismissed);
    check_verdict(
        candidate(State { read: true, opened: Some(NOW), turns: 9, ..state() }),
        Verdict::Read { at: Some(NOW) },
    );
    check_verdict(candidate(State { shown: 3, ..state() }), Verdict::ShownEnough { times: 3 });
    let mut old = candidate(state());
    std::sync::Arc::make_mut(&mut old.story).last_grew = Timestamp(NOW.0 - 80 * 3600);
    check_verdict(old.clone(), Verdict::TooOld { since: old.story.last_grew });
    check_verdict(candidate(state()), Verdict::Shown { at: 0, exploring: false });
}

#[test]
fn a_story_that_was_read_returns_when_it_tells_something_new() {
    // The story has nine articles and nine turns; then it is told once more.
    let read = State { story: StoryId(9), read: true, opened: None, turns: 9, ..State::default() };
    for (opened, turns, verdict) in [
        (None, 9, Verdict::Read { at: None }),
        (Some(NOW), 9, Verdict::Read { at: Some(NOW) }),
        (None, 10, Verdict::Shown { at: 0, exploring: false }),
        (Some(NOW), 10, Verdict::Shown { at: 0, exploring: false }),
    ] {
        let mut candidate = candidate(State { opened, ..read.clone() });
        let story = std::sync::Arc::make_mut(&mut candidate.story);
        (story.articles, story.turns) = (10, turns);
        check_verdict(candidate, verdict);
    }
}

#[test]
fn a_story_below_the_cut_says_how_much_is_missing() {
    let mut profile = profile(vec![]);
    profile.settings.edition_length = 2;
    profile.settings.explore = 0.0;
    let stories = vec![story(1, "One", 5), story(2, "Two", 4), story(3, "Three", 1)];
    let edition = compose(&profile, found(stories.clone()), &Policy::default(), 1, NOW);
    let third = &found(stories)[2];
    let verdict = explain(&profile, third, Some(&edition), &Policy::default(), NOW).verdict;
    let Verdict::BelowTheCut { needed, has } = verdict else { panic!("{verdict:?}") };
    // Four outlets against one: the whole difference is coverage, ln 4 / ln 20.
    assert!((needed - has - 4_f32.ln() / 20_f32.ln()).abs() < 1e-4, "{needed} {has}");
}

#[test]
fn an_edition_has_its_length_and_its_share_of_exploring() {
    let mut profile = profile(vec![]);
    profile.settings.edition_length = 20;
    profile.settings.explore = 0.2;
    let edition = compose(&profile, found(many(200)), &Policy::default(), 7, NOW);
    let exploring = edition.slots.iter().filter(|it| it.exploring).count();
    assert_eq!((edition.slots.len(), exploring), (20, 4));
    let says_so = |it: &&news::Slot| it.because().iter().any(|why| why.feature == "exploring");
    assert_eq!(edition.slots.iter().filter(says_so).count(), 4);
}

#[test]
fn the_seed_decides_what_is_explored_and_nothing_else() {
    let profile = profile(vec![]);
    let slots = |seed, exploring| {
        let edition = compose(&profile, found(many(300)), &Policy::default(), seed, NOW);
        let mut slots: Vec<i64> =
            edition.slots.iter().filter(|it| it.exploring == exploring).map(|it| it.story.0).collect();
        slots.sort();
        slots
    };
    assert_eq!((slots(1, true), slots(1, false)), (slots(1, true), slots(2, false)));
    assert_ne!(slots(1, true), slots(2, true));
}

#[test]
fn followed_situations_and_big_news_have_sections_of_their_own() {
    let situation = Target::Situation(vec![name("North Korea"), name("Russia")]);
    let mut profile = profile(vec![follow(situation, Stance::Follow(Weight::More))]);
    profile.settings.edition_length = 10;
    // Nothing would bring the big news up but that everyone covers it.
    profile.interests.ranker.weights.insert("coverage".into(), (-1.0, 1000.0));
    let mut stories = many(30);
    stories.push(StorySketch { names: vec![name("North Korea"), name("Russia")], ..story(50, "A pact", 1) });
    stories.push(story(60, "A king dies", 40));
    let edition = compose(&profile, found(stories), &Policy::default(), 1, NOW);
    let section = |id| edition.slots.iter().find(|it| it.story == StoryId(id)).map(|it| it.section);
    assert_eq!(section(50), Some(Section::Situations));
    assert_eq!(section(60), Some(Section::EveryoneCovers));
}

#[test]
fn stories_that_are_alike_do_not_crowd_out_the_others() {
    let mut profile = profile(vec![]);
    profile.settings.edition_length = 3;
    profile.settings.explore = 0.0;
    let alike =
        |id| StorySketch { centre: Embedding::of(&[1.0, 0.0, 0.0]), ..story(id, "The same again", 3) };
    let other = StorySketch { centre: Embedding::of(&[0.0, 1.0, 0.0]), ..story(9, "Something else", 2) };
    let stories = vec![alike(1), alike(2), alike(3), other];
    let edition = compose(&profile, found(stories), &Policy::default(), 1, NOW);
    assert_eq!(edition.slots[1].story, StoryId(9));
}

#[test]
fn a_monthly_essay_is_not_drowned_by_a_wire() {
    let mut profile = profile(vec![]);
    profile.sources = vec![(SourceId(1), 0.25), (SourceId(2), 700.0)];
    profile.settings.edition_length = 5;
    profile.settings.explore = 0.0;
    let four_days = Timestamp(NOW.0 - 4 * 86_400);
    let essay = StorySketch {
        sources: vec![(SourceId(1), four_days)],
        last_grew: four_days,
        ..story(1000, "On mills", 1)
    };
    let wire = |id| StorySketch { sources: vec![(SourceId(2), NOW)], last_grew: NOW, ..story(id, "Wire", 1) };
    let mut stories: Vec<StorySketch> = (1..=100).map(wire).collect();
    stories.push(essay);
    let edition = compose(&profile, found(stories), &Policy::default(), 1, NOW);
    assert_eq!(edition.slots[0].story, StoryId(1000));
}

#[test]
fn a_mute_until_friday_ends_on_friday() {
    let mut mute = follow(Target::Words("vault".into()), Stance::Mute { except_big: false, in_text: false });
    mute.until = Some(NOW);
    let stories = vec![story(1, "The vault opens", 1)];
    let shown = |until| {
        let mute = news::Follow { until, ..mute.clone() };
        compose(&profile(vec![mute]), found(stories.clone()), &Policy::default(), 1, NOW).slots.len()
    };
    assert_eq!((shown(Some(NOW)), shown(Some(Timestamp(NOW.0 + 1))), shown(None)), (1, 0, 0));
}

#[test]
fn what_is_always_wanted_comes_before_what_is_wanted_a_little() {
    let wants = |words: &str, weight| follow(Target::Words(words.into()), Stance::Follow(weight));
    let profile = profile(vec![wants("rain", Weight::ALittle), wants("snow", Weight::Always)]);
    let stories = vec![story(1, "Rain", 1), story(2, "Snow", 1)];
    let edition = compose(&profile, found(stories), &Policy::default(), 1, NOW);
    assert_eq!(edition.slots[0].story, StoryId(2));
}
