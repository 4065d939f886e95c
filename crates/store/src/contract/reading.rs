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
    entries_come_newest_first_and_page_by_page
    entries_can_be_those_of_a_folder_a_source_unread_or_saved
    the_list_of_sources_counts
    any_text_is_a_query
    words_phrases_and_exclusions_are_searched_for
    scripts_without_spaces_are_found_by_two_characters
    a_search_goes_on_where_the_last_page_ended
    followed_names_topics_authors_words_and_stories_are_retrieved
    what_is_near_is_retrieved_first_and_the_rest_is_unfamiliar
    widely_covered_stories_are_told_by_two_or_more
    rare_sources_are_found_among_busy_ones
    retrieval_sees_what_was_just_recorded
    signals_are_kept_in_order_and_one_reader_never_sees_anothers
    reading_an_article_marks_its_entries_read
    a_copy_that_comes_later_is_nothing_new
    what_was_dismissed_by_mistake_comes_back
    forgotten_signals_leave_nothing_behind
    interests_and_editions_come_back_as_they_were
    marks_of_entries_make_the_state_of_their_story
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
        let mute =
            NewFollow { place, ..NewFollow::new(Target::Source(source), Stance::Mute { except_big: true }) };
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
    let alert = |story: i64, texts: u32| Alert {
        id: AlertId(0),
        reader: ada,
        follow,
        story: StoryId(story),
        at: at(story),
        texts,
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

async fn entries_come_newest_first_and_page_by_page(house: House) {
    let one = house.source("https://a.example/feed").await;
    let other = house.source("https://b.example/feed").await;
    let ada = house.reader_following("ada", &[one]).await;
    house
        .publishes(
            one,
            &[("https://a.example/1", "1"), ("https://a.example/2", "2"), ("https://a.example/3", "3")],
        )
        .await;
    house.publishes(other, &[("https://b.example/1", "not theirs")]).await;
    let all = EntryFilter::default();
    let first = house.store.entries(ada, &all, None, 2).await.unwrap();
    assert_eq!(first.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["3", "2"]);
    assert_eq!((first[0].teaser.as_str(), first[0].source_title.as_str()), ("3 & more", "The Example"));
    let second = house.store.entries(ada, &all, Some(first[1].id), 2).await.unwrap();
    assert_eq!(second.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["1"]);
}

async fn entries_can_be_those_of_a_folder_a_source_unread_or_saved(house: House) {
    let ada = house.reader_following("ada", &[]).await;
    // More sources than are asked one by one, so that both ways are gone.
    let mut sources = Vec::new();
    for number in 0..70 {
        let source = house.source(&format!("https://{number}.example/feed")).await;
        let folder = Some(if number == 0 { "few" } else { "many" }.to_owned());
        let follow =
            NewFollow { folder, ..NewFollow::new(Target::Source(source), Stance::Follow(Weight::More)) };
        house.store.add_follow(ada, &follow, NOW).await.unwrap();
        sources.push(source);
    }
    house.publishes(sources[0], &[("https://0.example/1", "a"), ("https://0.example/2", "b")]).await;
    house.publishes(sources[1], &[("https://1.example/1", "c")]).await;
    let folder = |name: &str| EntryFilter { folder: Some(name.into()), ..EntryFilter::default() };
    assert_eq!(house.titles(ada, EntryFilter::default()).await, ["c", "b", "a"]);
    assert_eq!(house.titles(ada, folder("few")).await, ["b", "a"]);
    assert_eq!(house.titles(ada, folder("many")).await, ["c"]);
    assert_eq!(
        house.titles(ada, EntryFilter { source: Some(sources[1]), ..EntryFilter::default() }).await,
        ["c"]
    );
    let all = house.store.entries(ada, &EntryFilter::default(), None, 9).await.unwrap();
    house.store.mark(ada, &[all[0].id, all[1].id], Mark::Read, NOW).await.unwrap();
    house.store.mark(ada, &[all[1].id], Mark::Saved, NOW).await.unwrap();
    assert_eq!(house.titles(ada, EntryFilter { unread_only: true, ..EntryFilter::default() }).await, ["a"]);
    assert_eq!(house.titles(ada, EntryFilter { unread_only: true, ..folder("few") }).await, ["a"]);
    assert_eq!(house.titles(ada, EntryFilter { saved_only: true, ..EntryFilter::default() }).await, ["b"]);
    assert_eq!(
        house.titles(ada, EntryFilter { saved_only: true, ..folder("many") }).await,
        Vec::<String>::new()
    );
    let head = house.store.entry(ada, all[1].id).await.unwrap();
    assert_eq!((head.read, head.saved), (true, true));
    let bob = house.reader_following("bob", &sources[..1]).await;
    assert_eq!(
        house.titles(bob, EntryFilter { unread_only: true, ..EntryFilter::default() }).await,
        ["b", "a"]
    );
}

async fn the_list_of_sources_counts(house: House) {
    let one = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[one]).await;
    house.reader_following("bob", &[one]).await;
    let stories =
        house.brings(one, &[("https://a.example/1", "1"), ("https://a.example/2", "2")], false).await;
    house.acts(ada, stories[0], SignalKind::Opened).await;
    house.store.mark_story(ada, stories[1], Mark::Read, NOW).await.unwrap();
    let view = house.store.sources_of(ada).await.unwrap().remove(0);
    assert_eq!((view.entries, view.unread, view.opened, view.last_week, view.readers), (2, 1, 1, 2, 2));
    assert_eq!(view.follow.unwrap().reader, ada);
    let view = house.store.all_sources().await.unwrap().remove(0);
    assert_eq!((view.entries, view.readers, view.follow), (2, 2, None));
}

async fn any_text_is_a_query(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.brings(source, &[("https://a.example/1", "It's a \"test\": AND/OR (near)")], false).await;
    for query in [
        "", " ", "\"", "-", "--", "\"\"", "a AND", "(", "NEAR(", "*", "a*", "-a", "'", "';--", "\\", ":",
        "a:b", "&", "|", "!", "<->", "金", "\0", "§n12", "\u{301}", "col : x", "^a", "{a b}",
    ] {
        house.store.search(query, None, 9).await.unwrap_or_else(|error| panic!("{query:?}: {error}"));
    }
    assert_eq!(house.finds("and near TEST").await.len(), 1);
}

async fn words_phrases_and_exclusions_are_searched_for(house: House) {
    let source = house.source("https://a.example/feed").await;
    let titles = ["Rate cut in Kraków", "Cut the rate of Øre", "The rate stays; a cut may come"];
    let urls = ["https://a.example/1", "https://a.example/2", "https://a.example/3"];
    let entries: Vec<_> = urls.into_iter().zip(titles).collect();
    house.brings(source, &entries, false).await;
    for (query, expected) in [
        ("rate cut", vec![2, 1, 0]),
        ("RATE Cut", vec![2, 1, 0]),
        ("\"rate cut\"", vec![0]),
        ("“rate cut”", vec![0]),
        ("\"cut the\" rate", vec![1]),
        ("rate -krakow", vec![2, 1]),
        ("krakow", vec![0]),
        ("KRAKÓW", vec![0]),
        ("ore", vec![1]),
        ("\"of ore\"", vec![1]),
        ("jane", vec![2, 1, 0]),
        ("rat", vec![]),
        ("-rate", vec![]),
    ] {
        let expected: Vec<&str> = expected.into_iter().map(|place: usize| titles[place]).collect();
        assert_eq!(house.finds(query).await, expected, "{query}");
    }
    let found = house.store.search("stays", None, 9).await.unwrap().remove(0);
    assert_eq!(found.snippet, "The rate stays; a cut may come. It was so.");
    assert!(found.story.is_some());
}

async fn scripts_without_spaces_are_found_by_two_characters(house: House) {
    let source = house.source("https://a.example/feed").await;
    house
        .brings(
            source,
            &[
                ("https://a.example/1", "中央银行降息"),
                ("https://a.example/2", "日銀、金利を据え置き"),
                ("https://a.example/3", "한국은행 기준금리 동결"),
            ],
            false,
        )
        .await;
    for (query, expected) in [
        ("降息", "中央银行降息"),
        ("金利", "日銀、金利を据え置き"),
        ("据え置き", "日銀、金利を据え置き"),
        ("기준금리", "한국은행 기준금리 동결"),
        ("降", "中央银行降息"),
        ("\"银行降息\"", "中央银行降息"),
    ] {
        assert_eq!(house.finds(query).await, [expected], "{query}");
    }
    assert_eq!(house.finds("银降").await, Vec::<String>::new());
}

async fn a_search_goes_on_where_the_last_page_ended(house: House) {
    let source = house.source("https://a.example/feed").await;
    house
        .brings(
            source,
            &[
                ("https://a.example/1", "news 1"),
                ("https://a.example/2", "news 2"),
                ("https://a.example/3", "news 3"),
            ],
            false,
        )
        .await;
    let first = house.store.search("news", None, 2).await.unwrap();
    assert_eq!(first.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["news 3", "news 2"]);
    let second = house.store.search("news", Some(first[1].article), 2).await.unwrap();
    assert_eq!(second.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["news 1"]);
}

async fn followed_names_topics_authors_words_and_stories_are_retrieved(house: House) {
    let source = house.source("https://a.example/feed").await;
    let entries = [
        ("https://a.example/1", "Shin Won meets envoy"),
        ("https://a.example/2", "Storm hits coast"),
        ("https://a.example/3", "Shin Won and Kim Lee agree"),
    ];
    let stories = house.brings(source, &entries, false).await;
    let place = |name: &str| Name { text: name.into(), kind: NameKind::Other };
    for (number, (target, mut expected)) in [
        (Target::Name(place("shin won")), vec![stories[0], stories[2]]),
        (Target::Situation(vec![person("Shin Won"), person("Kim Lee")]), vec![stories[2]]),
        (Target::Topic(Topic("world".into())), stories.clone()),
        (Target::Topic(Topic("world/europe".into())), stories.clone()),
        (Target::Topic(Topic("sport".into())), vec![]),
        (Target::Author("jane roe".into()), stories.clone()),
        (Target::Words("hits coast".into()), vec![stories[1]]),
        (Target::Words("coast hits".into()), vec![]),
        (Target::Story(stories[1]), vec![stories[1]]),
        (Target::Source(source), stories.clone()),
    ]
    .into_iter()
    .enumerate()
    {
        let reader = house.reader_following(&format!("reader {number}"), &[]).await;
        house.follow(reader, target.clone()).await;
        let ids = |found: &mut dyn Iterator<Item = StoryId>| {
            let mut ids: Vec<StoryId> = found.collect();
            ids.sort();
            ids
        };
        expected.sort();
        let found = house.found(reader, Retrieval::Followed, Timestamp(0), 50).await;
        assert_eq!(ids(&mut found.iter().map(|it| it.story)), expected, "{target:?}");
        let about = house.store.stories_about(&target, &[], Timestamp(0), 50).await.unwrap();
        assert_eq!(ids(&mut about.iter().map(|it| it.story)), expected, "{target:?}");
        assert_eq!(house.found(reader, Retrieval::Followed, at(1), 50).await.len(), 0);
    }
}

async fn what_is_near_is_retrieved_first_and_the_rest_is_unfamiliar(house: House) {
    let source = house.source("https://a.example/feed").await;
    // Directions go by the length of the title.
    let stories = house
        .brings(
            source,
            &[
                ("https://a.example/1", "12345678"),
                ("https://a.example/2", "123456789"),
                ("https://a.example/3", "1234567890"),
            ],
            false,
        )
        .await;
    let ada = house.reader_following("ada", &[]).await;
    let interests = Interests {
        centres: vec![Centre { direction: direction(1), weight: 2.0, example: "x".into() }],
        ..Interests::default()
    };
    house.store.record_interests(None, ada, &interests, SignalId(0)).await.unwrap();
    let near = house.found(ada, Retrieval::Similar, Timestamp(0), 1).await;
    assert_eq!(near.iter().map(|it| it.story).collect::<Vec<_>>(), [stories[1]]);
    let far = house.found(ada, Retrieval::Unfamiliar, Timestamp(0), 9).await;
    assert!(!far.iter().any(|it| it.story == stories[1]));
}

async fn widely_covered_stories_are_told_by_two_or_more(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.brings(source, &[("https://a.example/1", "alone")], false).await;
    let three = house
        .brings(
            source,
            &[("https://a.example/2", "x"), ("https://a.example/3", "y"), ("https://a.example/4", "z")],
            true,
        )
        .await[0];
    let two =
        house.brings(source, &[("https://a.example/5", "x"), ("https://a.example/6", "y")], true).await[0];
    let ada = house.reader_following("ada", &[]).await;
    let found = house.found(ada, Retrieval::WidelyCovered, Timestamp(0), 9).await;
    assert_eq!(found.iter().map(|it| (it.story, it.outlets)).collect::<Vec<_>>(), [(three, 3), (two, 2)]);
    assert_eq!(house.store.counts().await.unwrap().grouped_stories, 2);
    assert_eq!(found[0].authors, ["Jane Roe"]);
    assert_eq!(found[0].words, 4);
}

async fn rare_sources_are_found_among_busy_ones(house: House) {
    let rare = house.source("https://rare.example/feed").await;
    let busy = house.source("https://busy.example/feed").await;
    let ada = house.reader_following("ada", &[rare, busy]).await;
    let story = house.brings(rare, &[("https://rare.example/1", "At last")], false).await[0];
    let urls: Vec<String> = (0..9).map(|n| format!("https://busy.example/{n}")).collect();
    let entries: Vec<(&str, &str)> = urls.iter().map(|url| (url.as_str(), "And more")).collect();
    house.brings(busy, &entries, false).await;
    let found = house.found(ada, Retrieval::RareSources, Timestamp(0), 9).await;
    assert_eq!(found.iter().map(|it| it.story).collect::<Vec<_>>(), [story]);
}

async fn retrieval_sees_what_was_just_recorded(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    for number in 1..4 {
        house.brings(source, &[(format!("https://a.example/{number}").as_str(), "News")], false).await;
        let found = house.found(ada, Retrieval::FromSources, Timestamp(0), 9).await;
        assert_eq!(found.len(), number);
    }
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
    assert_eq!((state[0].shown, state[0].opened, state[0].dismissed), (1, Some((NOW, 1)), true));
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
    let unread = EntryFilter { unread_only: true, ..EntryFilter::default() };
    for (title, seen, left) in [("One", 2, vec![]), ("Two", 2, vec!["Two"])] {
        house.publishes(other, &[(&format!("https://b.example/{title}"), title)]).await;
        house.extract_all().await;
        house.understand_all().await;
        let tasks = house.claim(Stage::Cluster).await;
        let (task, sketch) = house.store.sketches_to_place(&tasks).await.unwrap().remove(0);
        let batch = vec![(task, placement(&sketch, story, 2), Vec::new())];
        house.store.record_placements(batch, NOW).await.unwrap();
        assert_eq!(state(ada).await.opened, Some((NOW, seen)), "{title}");
        assert_eq!(house.titles(ada, unread.clone()).await, left, "{title}");
    }
    assert_eq!(house.titles(bob, unread).await, ["Two", "One", "One"]);
    assert_eq!(state(bob).await.opened, None);
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
