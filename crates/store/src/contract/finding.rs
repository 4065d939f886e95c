//! How readers find things: lists, search, and the ways in which stories are retrieved.

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    entries_come_newest_first_and_page_by_page
    entries_can_be_those_of_a_folder_a_source_unread_or_saved
    the_newest_unread_of_each_source_are_found_at_once
    texts_that_may_say_something_are_found_among_given_ones
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

async fn the_newest_unread_of_each_source_are_found_at_once(house: House) {
    let (one, other) =
        (house.source("https://a.example/feed").await, house.source("https://b.example/feed").await);
    let strange = house.source("https://c.example/feed").await;
    let ada = house.reader_following("ada", &[one, other]).await;
    let mute = NewFollow {
        place: Place::Section(Section::ForYou),
        ..NewFollow::new(Target::Source(one), Stance::Mute { except_big: false, in_text: false })
    };
    house.store.add_follow(ada, &mute, NOW).await.unwrap();
    house.brings(one, &[("https://a.example/1", "a1"), ("https://a.example/2", "a2")], false).await;
    house.publishes(one, &[("https://a.example/3", "a3"), ("https://a.example/4", "a4")]).await;
    house.publishes(other, &[("https://b.example/1", "b1")]).await;
    house.publishes(strange, &[("https://c.example/1", "c1")]).await;
    let which = EntryFilter { source: Some(one), ..EntryFilter::default() };
    let all = house.store.entries(ada, &which, None, 9).await.unwrap();
    house.store.mark(ada, &[all[1].id], Mark::Read, NOW).await.unwrap();
    let unread = async |source, of_each| {
        let mut found = house.store.newest_unread(ada, source, of_each).await.unwrap();
        found.sort_by_key(|it| it.id);
        found.into_iter().map(|it| it.title).collect::<Vec<_>>()
    };
    assert_eq!(unread(None, 2).await, ["a2", "a4", "b1"]);
    assert_eq!(unread(None, 9).await, ["a1", "a2", "a4", "b1"]);
    assert_eq!(unread(Some(other), 9).await, ["b1"]);
    assert_eq!(unread(Some(strange), 9).await, Vec::<String>::new());
    let found = house.store.newest_unread(ada, Some(one), 2).await.unwrap();
    assert!(found.iter().all(|it| all.iter().any(|its| format!("{its:?}") == format!("{it:?}"))));
}

async fn texts_that_may_say_something_are_found_among_given_ones(house: House) {
    let source = house.source("https://a.example/feed").await;
    let titles = ["Rate cut in Kraków", "Cut the rate of Øre", "The rate stays", "中央银行降息"];
    let urls = ["https://a.example/1", "https://a.example/2", "https://a.example/3", "https://a.example/4"];
    let entries: Vec<_> = urls.into_iter().zip(titles).collect();
    house.brings(source, &entries, false).await;
    let mut articles = Vec::new();
    for title in titles {
        articles.push(house.store.search(title, None, 1).await.unwrap().remove(0).article);
    }
    for (phrases, expected) in [
        (vec!["rate cut"], vec![0, 1]),
        (vec!["KRAKOW"], vec![0]),
        (vec!["krakow", "ore"], vec![0, 1]),
        (vec!["stays", "-rate"], vec![0, 1, 2]),
        (vec!["降息"], vec![3]),
        (vec!["went"], vec![]),
        (vec!["—", "\"'", ""], vec![]),
        (vec![], vec![]),
    ] {
        let phrases: Vec<String> = phrases.into_iter().map(str::to_owned).collect();
        let mut found = house.store.texts_that_may_say(&articles, &phrases).await.unwrap();
        found.sort_by_key(|it| it.0);
        let expected: Vec<(ArticleId, String)> = expected
            .into_iter()
            .map(|it: usize| (articles[it], format!("{}. It was so.", titles[it])))
            .collect();
        assert_eq!(found, expected, "{phrases:?}");
    }
    // Of few, those that say something else may come along.
    let few = house.store.texts_that_may_say(&articles[..2], &["krakow".into()]).await.unwrap();
    assert!(few.iter().any(|it| it.0 == articles[0]));
    let some = [articles[1], ArticleId(articles[3].0 + 1_000_000), ArticleId(99)];
    let found = house.store.texts_that_may_say(&some, &["rate".into()]).await.unwrap();
    assert_eq!(found.iter().map(|it| it.0).collect::<Vec<_>>(), [articles[1]]);
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
