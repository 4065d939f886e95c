mod by_hand;
mod page;
mod proof;
mod properties;

use news::{
    Embedding, Follow, FollowId, Interests, Name, NameKind, Place, ReaderId, ReaderSettings, Retrieval,
    SourceId, Stance, StoryId, StorySketch, Target, Timestamp, Topic, Weight,
};

use crate::{Candidate, Policy, Profile, Verdict, compose, explain, is_about, pool};

pub const NOW: Timestamp = Timestamp(1_000_000);

pub fn name(text: &str) -> Name {
    Name { text: text.into(), kind: NameKind::Place }
}

pub fn story(id: i64, headline: &str, outlets: u32) -> StorySketch {
    StorySketch {
        story: StoryId(id),
        headline: headline.into(),
        language: None,
        centre: Embedding::of(&[1.0, id as f32, -(id as f32)]),
        names: vec![name("South Korea")],
        topics: vec![Topic("politics/defence".into())],
        terms: vec![],
        authors: vec!["Zoë Ames".into()],
        articles: outlets,
        turns: outlets,
        outlets,
        sources: vec![(SourceId(id), Timestamp(NOW.0 - 3600))],
        began: Timestamp(NOW.0 - 7200),
        last_grew: Timestamp(NOW.0 - 3600),
        words: 400,
        said: Default::default(),
    }
}

pub fn follow(target: Target, stance: Stance) -> Follow {
    Follow {
        id: FollowId(1),
        reader: ReaderId(1),
        target,
        stance,
        label: None,
        folder: None,
        aliases: vec![],
        since: Timestamp(0),
        until: None,
        place: Place::Everywhere,
        alerts: None,
        seen: None,
    }
}

pub fn profile(follows: Vec<Follow>) -> Profile {
    Profile {
        reader: ReaderId(1),
        follows,
        interests: Interests::default(),
        settings: ReaderSettings::default(),
        sources: vec![],
    }
}

pub fn found(stories: Vec<StorySketch>) -> Vec<Candidate> {
    pool(vec![(Retrieval::WidelyCovered, stories.into_iter().map(Into::into).collect())], vec![])
}

#[track_caller]
fn check_about(target: Target, expected: bool) {
    let story = story(1, "Seoul's minister meets the Łódź delegation", 1);
    assert_eq!(is_about(&story, &target, &[]), expected, "{target:?}");
}

#[test]
fn a_story_is_about_what_it_names_in_whatever_spelling() {
    let words = |text: &str| Target::Words(text.into());
    check_about(Target::Name(name("south korea")), true);
    check_about(Target::Name(name("Korea")), true);
    check_about(Target::Name(name("South Korean")), false);
    check_about(words("lodz delegation"), true);
    check_about(words("seoul minister"), true);
    check_about(words("minister delegation"), false);
    check_about(Target::Author("zoe ames".into()), true);
    check_about(Target::Author("Minister".into()), false);
    check_about(Target::Topic(Topic("politics".into())), true);
    check_about(Target::Topic(Topic("politic".into())), false);
    check_about(Target::Situation(vec![name("South Korea"), name("Seoul")]), true);
    check_about(Target::Situation(vec![name("South Korea"), name("Russia")]), false);
    check_about(words("…"), false);
}

#[test]
fn what_is_only_mentioned_counts_less_and_the_headline_says_why() {
    let follows = ["Bank of Aldmark", "Paylark"].map(|text| {
        let weight = if text == "Paylark" { Weight::More } else { Weight::Always };
        follow(Target::Name(name(text)), Stance::Follow(weight))
    });
    let names = ["Paylark", "Eskhaven", "Bank of Aldmark"].map(name).to_vec();
    let story = StorySketch { names, ..story(1, "Paylark's blackout explained", 1) };
    let edition = compose(&profile(follows.to_vec()), found(vec![story]), &Policy::default(), 1, NOW);
    let because = &edition.slots[0].because()[0];
    assert_eq!(because.reason, news::Reason::YouFollow(Target::Name(name("Paylark"))));
    assert_eq!(because.value, 1.0);
}

#[test]
fn a_new_reader_is_told_first_what_many_tell() {
    let stories = (1..60).map(|id| story(id, "News", if id % 10 == 0 { 3 + id as u32 } else { 1 })).collect();
    let edition = compose(&profile(vec![]), found(stories), &Policy::default(), 1, NOW);
    let first: Vec<i64> = edition.slots.iter().take(2).map(|it| it.story.0).collect();
    assert_eq!(edition.slots[0].section, news::Section::EveryoneCovers);
    assert_eq!(edition.slots.len(), 30);
    assert_eq!(first[0], 50);
}

#[test]
fn what_is_muted_is_hidden_and_says_by_what() {
    let mute = Target::Words("vault".into());
    let profile = profile(vec![follow(mute.clone(), Stance::Mute { except_big: true, in_text: false })]);
    let stories =
        vec![story(1, "The vault opens", 1), story(2, "Vault is big news", 30), story(3, "Rain", 1)];
    let edition = compose(&profile, found(stories.clone()), &Policy::default(), 1, NOW);
    let mut shown: Vec<i64> = edition.slots.iter().map(|it| it.story.0).collect();
    shown.sort();
    assert_eq!((shown, edition.hidden.clone()), (vec![2, 3], vec![(StoryId(1), mute.clone())]));
    let why = explain(&profile, &found(stories)[0], Some(&edition), &Policy::default(), NOW);
    assert_eq!(why.verdict, Verdict::Muted { by: mute });
}

#[test]
fn what_is_followed_comes_first_and_says_so() {
    let target = Target::Words("rain".into());
    let profile = profile(vec![follow(target.clone(), Stance::Follow(Weight::More))]);
    let stories = vec![story(1, "Elections", 5), story(2, "Rain", 1), story(3, "Markets", 1)];
    let edition = compose(&profile, found(stories), &Policy::default(), 1, NOW);
    assert_eq!(edition.slots[0].story, StoryId(2));
    assert_eq!(edition.slots[0].because()[0].reason, news::Reason::YouFollow(target));
}
