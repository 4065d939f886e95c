//! What readers did, and what follows from it.

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    signals_are_kept_in_order_and_one_reader_never_sees_anothers
    reading_an_article_marks_its_entries_read
    a_copy_that_comes_later_is_nothing_new
    what_says_the_same_again_is_read_by_whoever_reads_stories_whole
    what_was_dismissed_by_mistake_comes_back
    forgotten_signals_leave_nothing_behind
    interests_and_editions_come_back_as_they_were
    marks_of_entries_make_the_state_of_their_story
}

async fn signals_are_kept_in_order_and_one_reader_never_sees_anothers(house: House) {
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, &[("https://a.example/1", "One")], false).await[0];
    let (ada, bob) = (house.reader_following("ada", &[]).await, house.reader_following("bob", &[]).await);
    let kinds = [
        SignalKind::Shown { position: 3 },
        SignalKind::Read { seconds: 40, depth: 0.5 },
        SignalKind::Shared,
        SignalKind::MoreLikeThis,
        SignalKind::LessLikeThis,
        SignalKind::AlreadyKnew,
    ];
    let mut ids = Vec::new();
    for kind in kinds {
        ids.push(house.acts(ada, story, kind).await);
        house.acts(bob, story, SignalKind::Opened).await;
    }
    let kept = house.store.signals(ada, ids[0], 99).await.unwrap();
    assert_eq!(
        kept.iter().map(|it| (it.id, it.kind)).collect::<Vec<_>>(),
        ids.into_iter().zip(kinds).skip(1).collect::<Vec<_>>()
    );
    let learn = house.claim(Stage::Learn).await;
    assert_eq!(learn.iter().map(|task| task.about).collect::<Vec<_>>(), [ada.0, bob.0]);
    let state = house.store.story_states(ada, &[story, StoryId(77)]).await.unwrap();
    assert_eq!(
        (state[0].shown, state[0].opened, state[0].turns, state[0].dismissed),
        (1, Some(NOW), 1, true)
    );
    assert_eq!((state[1].story, state[1].shown), (StoryId(77), 0));
    let nobody = Signal { reader: ReaderId(99), ..kept[0].clone() };
    assert!(matches!(house.store.record_signals(&[nobody]).await, Err(StoreError::NotFound)));
}

async fn reading_an_article_marks_its_entries_read(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let entries =
        [("https://a.example/1", "One"), ("https://a.example/2", "Two"), ("https://b.example/2", "Two")];
    let story = house.brings(source, &entries, true).await[0];
    let members = house.store.story(story).await.unwrap().members;
    assert_eq!(members[2].copy_of, Some(members[1].article));
    let unread = EntryFilter { unread_only: true, ..EntryFilter::default() };
    let read = async |article| {
        let signal = Signal {
            id: SignalId(0),
            reader: ada,
            story,
            article: Some(article),
            edition: None,
            at: NOW,
            kind: SignalKind::Opened,
            device: "web".into(),
        };
        house.store.record_signals(&[signal]).await.unwrap();
    };
    let settings = ReaderSettings { read_whole_story: false, ..ReaderSettings::default() };
    house.store.save_settings(ada, &settings).await.unwrap();
    read(members[2].article).await;
    assert_eq!(house.titles(ada, unread.clone()).await, ["One"]);
    assert!(!house.store.story_states(ada, &[story]).await.unwrap()[0].read);
    house.store.save_settings(ada, &ReaderSettings::default()).await.unwrap();
    read(members[2].article).await;
    assert_eq!(house.titles(ada, unread).await, Vec::<String>::new());
    assert!(house.store.story_states(ada, &[story]).await.unwrap()[0].read);
}

/// One more article of that story, by another source.
async fn told_again(house: &House, story: StoryId, by: SourceId, title: &str, facts: u32) {
    house.publishes(by, &[(&format!("https://b.example/{title}"), title)]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let (task, sketch) = house.store.sketches_to_place(&tasks).await.unwrap().remove(0);
    let placement = Placement { facts, ..placement(&sketch, story, 2) };
    house.store.record_placements(vec![(task, placement, Vec::new())], NOW).await.unwrap();
}

async fn a_copy_that_comes_later_is_nothing_new(house: House) {
    let one = house.source("https://a.example/feed").await;
    let other = house.source("https://b.example/feed").await;
    let (ada, bob) = (
        house.reader_following("ada", &[one, other]).await,
        house.reader_following("bob", &[one, other]).await,
    );
    let story = house.brings(one, &[("https://a.example/1", "One")], false).await[0];
    house.acts(ada, story, SignalKind::Opened).await;
    house.store.mark_story(ada, story, Mark::Read, NOW).await.unwrap();
    let state = async |reader| house.store.story_states(reader, &[story]).await.unwrap().remove(0);
    let turns = async || house.store.story_sketches(&[story]).await.unwrap().remove(0).turns;
    let unread = EntryFilter { unread_only: true, ..EntryFilter::default() };
    for (title, facts, new, left) in [("One", 0, 0, vec![]), ("Two", 4, 1, vec!["Two"])] {
        told_again(&house, story, other, title, facts).await;
        assert_eq!(
            (state(ada).await.opened, state(ada).await.new_of(turns().await)),
            (Some(NOW), new),
            "{title}"
        );
        assert_eq!(house.titles(ada, unread.clone()).await, left, "{title}");
    }
    assert_eq!(house.titles(bob, unread).await, ["Two", "One", "One"]);
    assert_eq!(state(bob).await.new_of(turns().await), 0, "all of it is new to bob");
    house.acts(ada, story, SignalKind::Opened).await;
    assert_eq!(state(ada).await.new_of(turns().await), 0);
}

async fn what_says_the_same_again_is_read_by_whoever_reads_stories_whole(house: House) {
    let one = house.source("https://a.example/feed").await;
    let other = house.source("https://b.example/feed").await;
    let story = house.brings(one, &[("https://a.example/1", "One")], false).await[0];
    let mut readers = Vec::new();
    for (name, whole) in [("ada", true), ("bob", false)] {
        let reader = house.reader_following(name, &[one, other]).await;
        let settings = ReaderSettings { read_whole_story: whole, ..ReaderSettings::default() };
        house.store.save_settings(reader, &settings).await.unwrap();
        house.store.mark_story(reader, story, Mark::Read, NOW).await.unwrap();
        readers.push(reader);
    }
    let unread = async |reader| {
        house.titles(reader, EntryFilter { unread_only: true, ..EntryFilter::default() }).await
    };
    let members = async || house.store.story(story).await.unwrap();
    told_again(&house, story, other, "In other words", 0).await;
    assert_eq!(
        (unread(readers[0]).await, unread(readers[1]).await),
        (vec![], vec!["In other words".to_owned()])
    );
    assert_eq!((members().await.turns(), members().await.members[1].facts), (1, 0));
    told_again(&house, story, other, "And this too", 3).await;
    assert_eq!(unread(readers[0]).await, ["And this too"]);
    let state = house.store.story_states(readers[0], &[story]).await.unwrap().remove(0);
    assert_eq!(
        (state.read, state.new_of(members().await.turns())),
        (true, 1),
        "marked read counts as looking"
    );
}

async fn what_was_dismissed_by_mistake_comes_back(house: House) {
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, &[("https://a.example/1", "One")], false).await[0];
    let ada = house.reader_following("ada", &[source]).await;
    let state = async || house.store.story_states(ada, &[story]).await.unwrap().remove(0);
    house.acts(ada, story, SignalKind::Saved).await;
    house.acts(ada, story, SignalKind::NotInterested).await;
    assert_eq!((state().await.dismissed, state().await.saved), (true, true));
    house.acts(ada, story, SignalKind::Undo).await;
    assert_eq!((state().await.dismissed, state().await.saved), (false, true));
    house.acts(ada, story, SignalKind::Undo).await;
    assert!(!state().await.saved);
    house.acts(ada, story, SignalKind::Undo).await;
}

async fn forgotten_signals_leave_nothing_behind(house: House) {
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, &[("https://a.example/1", "One")], false).await[0];
    let ada = house.reader_following("ada", &[source]).await;
    house.acts(ada, story, SignalKind::Opened).await;
    house.acts(ada, story, SignalKind::NotInterested).await;
    let by_hand = |liked| {
        let belief = Belief { liked, disliked: 0.0, corrected: Some(-1.0) };
        (Target::Name(person("Jane Roe")), belief)
    };
    let guessed = (Target::Name(person("John Roe")), Belief { liked: 1.0, disliked: 0.0, corrected: None });
    let believed =
        Interests { beliefs: [by_hand(2.0), guessed].into(), taste: vec![1.0], ..Interests::default() };
    house.store.record_interests(None, ada, &believed, SignalId(2)).await.unwrap();
    let in_hand = house.claim(Stage::Learn).await.remove(0);
    assert_eq!(house.store.forget_signals(ada, at(1), at(9)).await.unwrap(), 0);
    assert_eq!(house.store.interests(ada).await.unwrap(), (believed.clone(), SignalId(2)));
    assert_eq!(house.store.forget_signals(ada, NOW, at(1)).await.unwrap(), 2);
    assert_eq!(house.store.signals(ada, SignalId(0), 9).await.unwrap(), []);
    let state = house.store.story_states(ada, &[story]).await.unwrap().remove(0);
    assert_eq!((state.opened, state.dismissed, state.shown), (None, false, 0));
    let late = house.store.record_interests(Some(&in_hand), ada, &believed, SignalId(2)).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)), "what is forgotten does not come back");
    let left = Interests { beliefs: [by_hand(0.0)].into(), ..Interests::default() };
    assert_eq!(house.store.interests(ada).await.unwrap(), (left, SignalId(0)));
    assert_eq!(house.claim(Stage::Learn).await.len(), 1);
}

async fn interests_and_editions_come_back_as_they_were(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    assert_eq!(house.store.interests(ada).await.unwrap(), (Interests::default(), SignalId(0)));
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, &[("https://a.example/1", "One")], false).await[0];
    let last = house.acts(ada, story, SignalKind::Opened).await;
    let interests = Interests {
        beliefs: [(
            Target::Name(person("Jane Roe")),
            Belief { liked: 1.5, disliked: 0.5, corrected: Some(-1.0) },
        )]
        .into(),
        centres: vec![Centre { direction: direction(2), weight: 1.0, example: "x".into() }],
        ranker: Ranker { weights: [("covered".to_owned(), (0.5, 9.0))].into() },
        examples: vec![Example {
            story,
            at: NOW,
            headline: "One".into(),
            direction: direction(3),
            words: vec![(5, 0.25)],
            liking: -1.0,
            pull: 0.125,
            by_hand: 0.0,
            position: Some(2),
            about: vec![Target::Source(source)],
            shown_with: vec![("fresh".into(), 0.5, 0.25)],
        }],
        taste: vec![0.5; 64],
        taste_by: Model(9),
        words: vec![(u32::MAX, 1.0)],
        constant: 0.5,
        as_of: NOW,
        signals: 4,
    };
    let task = house.claim(Stage::Learn).await.remove(0);
    house.store.record_interests(Some(&task), ada, &interests, last).await.unwrap();
    assert_eq!(house.store.interests(ada).await.unwrap(), (interests.clone(), last));
    let late = house.store.record_interests(Some(&task), ada, &interests, last).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));

    let reasons = [
        Reason::YouFollow(Target::Topic(Topic("sport".into()))),
        Reason::YouOftenRead { target: Target::Author("J".into()), liked: 1.0, disliked: 0.5 },
        Reason::LikeWhatYouRead { example: "e".into(), likeness: 0.5 },
        Reason::LikeOneYouRead(story),
        Reason::LikeOneYouPassedOver(story),
        Reason::WidelyCovered { outlets: 3 },
        Reason::YourSources { sources: 2 },
        Reason::JustHappened { hours: 4 },
        Reason::NewSince { articles: 5 },
        Reason::SeldomPublishes { source, a_week: 0.5 },
        Reason::Exploring { odds: -1.0 },
        Reason::From(source),
        Reason::YourLanguage,
        Reason::NotYourLanguage,
        Reason::ShownBefore { times: 2 },
        Reason::FoundBy(Retrieval::Unfamiliar),
        Reason::Base,
    ];
    let because =
        reasons.map(|reason| Because { feature: "f".into(), reason, value: 1.0, weight: 0.5 }).to_vec();
    let slot = Slot::new(story, Section::EveryoneCovers, true, because).unwrap();
    let edition = Edition {
        id: EditionId(0),
        reader: ada,
        at: NOW,
        slots: vec![slot],
        hidden: vec![(StoryId(9), Target::Words("w".into()))],
    };
    assert_eq!(house.store.last_edition(ada).await.unwrap(), None);
    let id = house.store.record_edition(&edition).await.unwrap();
    let edition = Edition { id, ..edition };
    assert_eq!(house.store.edition(ada, id).await.unwrap(), edition);
    assert_eq!(house.store.last_edition(ada).await.unwrap(), Some(edition));
    assert!(matches!(house.store.edition(ReaderId(99), id).await, Err(StoreError::NotFound)));
}

async fn marks_of_entries_make_the_state_of_their_story(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let story = house
        .brings(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")], true)
        .await[0];
    let entries: Vec<EntryId> = house
        .store
        .entries(ada, &EntryFilter::default(), None, 9)
        .await
        .unwrap()
        .iter()
        .map(|it| it.id)
        .collect();
    let state = async || house.store.story_states(ada, &[story]).await.unwrap().remove(0);
    house.store.mark(ada, &entries[..1], Mark::Read, NOW).await.unwrap();
    assert!(!state().await.read);
    house.store.mark(ada, &entries, Mark::Read, NOW).await.unwrap();
    assert!(state().await.read);
    house.store.mark(ada, &entries[1..], Mark::Unread, NOW).await.unwrap();
    assert!(!state().await.read);
    house.store.mark(ada, &entries, Mark::Saved, NOW).await.unwrap();
    house.store.mark(ada, &entries[1..], Mark::Unsaved, NOW).await.unwrap();
    assert!(state().await.saved);
    house.store.mark_story(ada, story, Mark::Unsaved, NOW).await.unwrap();
    assert!(!state().await.saved);
    assert_eq!(
        house.titles(ada, EntryFilter { saved_only: true, ..EntryFilter::default() }).await,
        Vec::<String>::new()
    );
    house.store.mark_story(ada, story, Mark::Saved, NOW).await.unwrap();
    assert_eq!(house.titles(ada, EntryFilter { saved_only: true, ..EntryFilter::default() }).await, ["Two"]);
    house.store.mark(ada, &[EntryId(99)], Mark::Read, NOW).await.unwrap();
}
