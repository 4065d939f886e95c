//! Readers, what they follow, and what is made for them.

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    a_reader_is_added_once_and_keeps_their_settings
    a_target_is_followed_once
    what_is_followed_can_be_muted_as_well_in_several_places
    what_was_removed_comes_back_as_it_was
    an_output_feed_has_one_key_that_can_be_changed_and_taken_away
    an_alert_is_recorded_once_and_sent_on_every_channel
    whose_articles_are_is_told
    every_kind_of_target_comes_back_as_it_was
    what_one_reader_gives_for_a_source_serves_nobody_else
    a_source_that_nobody_follows_is_not_asked
}

async fn a_reader_is_added_once_and_keeps_their_settings(house: House) {
    let ada = house.store.add_reader("ada", NOW).await.unwrap();
    assert_eq!(house.store.add_reader("ada", at(9)).await.unwrap(), ada);
    let settings = ReaderSettings {
        edition_length: 7,
        explore: 0.25,
        edition_minutes: 15,
        learning_paused: true,
        theme: "dark".into(),
        quiet_hours: Some((22, 7)),
        webhook: "https://hook.example/".into(),
        left_out: vec!["tv".into()],
        ..ReaderSettings::default()
    };
    house.store.save_settings(ada.id, &settings).await.unwrap();
    assert_eq!(house.store.reader(ada.id).await.unwrap().settings, settings);
    assert_eq!(house.store.reader_named("bob").await.unwrap(), None);
    assert_eq!(house.store.readers().await.unwrap().len(), 1);
    assert!(matches!(house.store.reader(ReaderId(99)).await, Err(StoreError::NotFound)));
}

async fn a_target_is_followed_once(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let first = house.store.follows(ada).await.unwrap().remove(0);
    let again = NewFollow {
        stance: Stance::Follow(Weight::Always),
        label: Some("Mine".into()),
        folder: Some("News".into()),
        aliases: vec!["A".into()],
        until: Some(at(60)),
        ..NewFollow::from(&first)
    };
    let second = house.store.add_follow(ada, &again, at(5)).await.unwrap();
    assert_eq!((second.id, second.stance, second.since), (first.id, again.stance, first.since));
    assert_eq!(NewFollow::from(&second), again);
    let bob = house.reader_following("bob", &[]).await;
    assert!(matches!(house.store.remove_follow(bob, first.id).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.remove_follow(ada, first.id).await.unwrap(), second);
    assert_eq!(house.store.follows(ada).await.unwrap(), []);
}

async fn what_is_followed_can_be_muted_as_well_in_several_places(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let mut mutes = Vec::new();
    for place in [
        Place::Everywhere,
        Place::Within(Target::Name(person("Shin Won-sik"))),
        Place::Section(Section::EveryoneCovers),
    ] {
        let mute = NewFollow {
            place,
            ..NewFollow::new(Target::Source(source), Stance::Mute { except_big: true, in_text: true })
        };
        let kept = house.store.add_follow(ada, &mute, NOW).await.unwrap();
        assert_eq!(NewFollow::from(&kept), mute);
        assert_eq!(house.store.add_follow(ada, &mute, NOW).await.unwrap().id, kept.id);
        mutes.push(kept);
    }
    assert_eq!(house.store.follows(ada).await.unwrap()[1..], mutes[..]);
    assert_eq!(house.store.sources_of(ada).await.unwrap().len(), 1);
}

async fn what_was_removed_comes_back_as_it_was(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    let new = NewFollow {
        aliases: vec!["Seoul".into()],
        label: Some("Korea".into()),
        ..NewFollow::new(Target::Words("korea".into()), Stance::Follow(Weight::ALittle))
    };
    let follow = house.store.add_follow(ada, &new, NOW).await.unwrap();
    house.store.mark_follow(ada, follow.id, FollowMark::Alerts(Some(at(7)))).await.unwrap();
    let follow = house.store.mark_follow(ada, follow.id, FollowMark::Seen(Some(at(9)))).await.unwrap();
    assert_eq!((follow.alerts, follow.seen), (Some(at(7)), Some(at(9))));
    house.store.remove_follow(ada, follow.id).await.unwrap();
    let bob = house.reader_following("bob", &[]).await;
    assert!(matches!(house.store.restore_follow(bob, follow.id).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.restore_follow(ada, follow.id).await.unwrap(), follow);
    assert_eq!(house.store.follows(ada).await.unwrap(), std::slice::from_ref(&follow));
    // Removed, followed anew, and only then brought back: the new one stands.
    house.store.remove_follow(ada, follow.id).await.unwrap();
    let anew = house.store.add_follow(ada, &new, at(20)).await.unwrap();
    assert!(matches!(house.store.restore_follow(ada, follow.id).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.follows(ada).await.unwrap(), [anew]);
}

async fn an_output_feed_has_one_key_that_can_be_changed_and_taken_away(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    let follow = house.follow(ada, Target::Words("korea".into())).await.id;
    let store = &house.store;
    for which in [None, Some(follow)] {
        assert_eq!(store.feed_key(ada, which).await.unwrap(), None);
        store.open_feed(ada, which, &format!("one{which:?}"), NOW).await.unwrap();
        store.open_feed(ada, which, &format!("two{which:?}"), NOW).await.unwrap();
        assert_eq!(store.feed_of(&format!("one{which:?}")).await.unwrap(), None);
        assert_eq!(store.feed_of(&format!("two{which:?}")).await.unwrap(), Some((ada, which)));
    }
    assert_eq!(store.feed_keys(ada).await.unwrap().len(), 2);
    store.close_feed(ada, None).await.unwrap();
    assert_eq!(store.feed_key(ada, None).await.unwrap(), None);
    assert_eq!(store.feed_key(ada, Some(follow)).await.unwrap(), Some(format!("two{:?}", Some(follow))));
    let bob = house.reader_following("bob", &[]).await;
    assert!(matches!(store.open_feed(bob, Some(follow), "x", NOW).await, Err(StoreError::NotFound)));
}

async fn an_alert_is_recorded_once_and_sent_on_every_channel(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    let follow = house.follow(ada, Target::Words("korea".into())).await.id;
    let alert = |story: i64, turns: u32| Alert {
        id: AlertId(0),
        reader: ada,
        follow,
        story: StoryId(story),
        at: at(story),
        turns,
        seen: false,
    };
    let store = &house.store;
    let channels = ["webhook".to_string(), "push".to_string()];
    let new = store.record_alerts(&[alert(1, 1), alert(2, 1)], &channels).await.unwrap();
    assert_eq!(new.len(), 2);
    assert_eq!(store.record_alerts(&[alert(1, 1)], &channels).await.unwrap(), []);
    let grown = store.record_alerts(&[alert(1, 3)], &[]).await.unwrap();
    assert_eq!(store.alerts_of(ada, &[StoryId(1), StoryId(9)]).await.unwrap(), grown);
    assert_eq!(store.alerts(ada, 2).await.unwrap(), [grown[0].clone(), new[1].clone()]);

    store.alerts_seen(ada, new[1].id).await.unwrap();
    let seen: Vec<bool> = store.alerts(ada, 9).await.unwrap().iter().map(|it| it.seen).collect();
    assert_eq!(seen, [false, true, true]);

    let waiting = async |channel: &str, now| store.alerts_to_send(channel, now, 9).await.unwrap();
    assert_eq!(waiting("webhook", at(0)).await, []);
    assert_eq!(waiting("webhook", at(2)).await.len(), 2);
    store.alerts_sent("webhook", &[new[0].id], None).await.unwrap();
    store.alerts_sent("webhook", &[new[1].id], Some(at(60))).await.unwrap();
    assert_eq!(waiting("webhook", at(59)).await, []);
    assert_eq!(waiting("webhook", at(60)).await[0].attempt, 1);
    assert_eq!(waiting("push", at(60)).await.len(), 2);
}

async fn whose_articles_are_is_told(house: House) {
    let (one, other) =
        (house.source("https://a.example/feed").await, house.source("https://b.example/feed").await);
    house.reader_following("ada", &[one, other]).await;
    house.publishes(other, &[("https://a.example/1", "the same")]).await;
    let stories = house.brings(one, &[("https://a.example/1", "the same")], false).await;
    let article = ArticleId(stories[0].0);
    let byline = Byline { article, sources: vec![one, other], authors: vec!["Jane Roe".into()] };
    let mut found = house.store.bylines(&[article, ArticleId(99)]).await.unwrap();
    found[0].sources.sort();
    assert_eq!(found, [byline]);
}

async fn every_kind_of_target_comes_back_as_it_was(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    let targets = [
        Target::Source(SourceId(3)),
        Target::Topic(Topic("sport/football".into())),
        Target::Name(person("Shin Won-sik")),
        Target::Author("Jane Roe".into()),
        Target::Story(StoryId(12)),
        Target::Situation(vec![
            person("South \"Korea\""),
            Name { text: "Russia".into(), kind: NameKind::Place },
        ]),
        Target::Words("rate cut".into()),
    ];
    for target in &targets {
        assert_eq!(house.follow(ada, target.clone()).await.target, *target);
    }
    let follows = house.store.follows(ada).await.unwrap();
    assert_eq!(follows.into_iter().map(|it| it.target).collect::<Vec<_>>(), targets);
}

async fn what_one_reader_gives_for_a_source_serves_nobody_else(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let bob = house.reader_following("bob", &[source]).await;
    let access = Access {
        login: Some(("ada".into(), "a:b c".into())),
        cookie: Some("session=1".into()),
        headers: vec![("X-Key".into(), "1: 2".into()), ("X-Other".into(), "3".into())],
        ..Access::default()
    };
    // Others have it as well: she gets one of her own, in the same place.
    let own = house.store.set_access(ada, source, Some(&access), NOW).await.unwrap();
    assert_ne!(own, source);
    let is = house.store.source(own).await.unwrap();
    assert_eq!((is.access.as_deref(), is.shown_address()), (Some(&access), "https://a.example/feed"));
    let of = async |reader| {
        let sources = house.store.sources_of(reader).await.unwrap();
        sources.into_iter().map(|it| it.source.id).collect::<Vec<_>>()
    };
    assert_eq!((of(ada).await, of(bob).await), (vec![own], vec![source]));
    assert!(house.store.source(source).await.unwrap().access.is_none());
    // Whoever adds the address afterwards does not get hers.
    assert_eq!(house.source("https://a.example/feed").await, source);
    // What is not followed cannot be given anything.
    let refused = house.store.set_access(bob, own, Some(&access), NOW).await;
    assert!(matches!(refused, Err(StoreError::NotFound)));
    // Taken back, she reads what everybody reads.
    assert_eq!(house.store.set_access(ada, own, None, NOW).await.unwrap(), source);
    assert!(house.store.source(own).await.unwrap().access.is_none());
    // A source that only one reader has is kept, with all its entries.
    let alone = house.source("https://b.example/feed").await;
    let eve = house.reader_following("eve", &[alone]).await;
    assert_eq!(house.store.set_access(eve, alone, Some(&access), NOW).await.unwrap(), alone);
    assert_ne!(house.source("https://b.example/feed").await, alone);
}

async fn a_source_that_nobody_follows_is_not_asked(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let bob = house.reader_following("bob", &[source]).await;
    let leaves = async |reader| {
        let follow = house.store.follows(reader).await.unwrap().remove(0);
        house.store.remove_follow(reader, follow.id).await.unwrap();
    };
    leaves(ada).await;
    assert_eq!(house.store.enqueue_due(NOW).await.unwrap(), 1, "bob has it still");
    leaves(bob).await;
    assert_eq!(house.claim(Stage::Refresh).await, [], "nor what was on the queue already");
    assert_eq!(house.store.enqueue_due(at(1_000_000)).await.unwrap(), 0);
    house.follow(ada, Target::Source(source)).await;
    assert_eq!(house.store.enqueue_due(NOW).await.unwrap(), 1);
}
