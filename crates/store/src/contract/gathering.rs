use std::time::Duration;

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    an_entry_goes_all_the_way_to_a_story
    what_a_source_says_is_given_back_word_for_word
    an_entry_that_is_known_is_told_by_its_identity
    a_changed_entry_keeps_its_number_and_is_extracted_again
    two_entries_of_one_address_meet_in_one_article
    a_whole_article_takes_the_place_of_a_taste_and_not_the_other_way_round
    another_source_of_a_placed_article_joins_its_story
    everything_of_an_article_comes_back_as_it_was
    a_sketch_says_what_was_understood
    placements_come_back_in_their_order
    stories_that_grew_lately_are_those_of_late_and_those_placed_last
    a_batch_of_placements_is_written_whole_or_not_at_all
    a_source_is_due_when_its_health_says_so_and_never_once_it_has_ended
    a_source_that_moved_is_asked_at_its_new_address
    a_part_that_came_too_late_is_dropped_and_the_rest_recorded
}

async fn an_entry_goes_all_the_way_to_a_story(house: House) {
    let source = house.source("https://a.example/feed").await;
    let stories = house.brings(source, &[("https://a.example/1", "Dam gives way")], false).await;
    let story = house.store.story(stories[0]).await.unwrap();
    assert_eq!((story.face.headline.as_str(), story.members.len()), ("Dam gives way", 1));
    assert_eq!(story.members[0].sources, [source]);
    let counts = house.store.counts().await.unwrap();
    assert_eq!((counts.sources, counts.entries, counts.articles, counts.stories), (1, 1, 1, 1));
    assert!(house.store.load(NOW).await.unwrap().iter().all(|load| load.waiting + load.leased == 0));
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn what_a_source_says_is_given_back_word_for_word(house: House) {
    let source = house.source("https://a.example/feed").await;
    let mut entry = new_entry("https://a.example/1", "T <b> & “ü” 降息");
    entry.published.authors = vec!["Jane".into(), String::new()];
    entry.published.updated = Some(at(-5));
    entry.published.language = Some(Language("pl".into()));
    entry.published.image = Some("https://a.example/i.png".into());
    entry.published.enclosures = vec![Enclosure {
        url: "https://a.example/a.mp3".into(),
        bytes: Some(1 << 40),
        ..Enclosure::default()
    }];
    entry.published.comments = Some("https://a.example/c".into());
    entry.published.via = Some("Elsewhere".into());
    entry.published.content = "<p>long text</p>".repeat(500);
    let task = house.due(source).await;
    house.store.record_refreshed(vec![(task, refreshed(source, vec![entry.clone()]))], NOW).await.unwrap();
    let tasks = house.claim(Stage::Extract).await;
    let found = house.store.entries_to_extract(&tasks).await.unwrap();
    assert_eq!(found[0].1.entry.published, entry.published);
    assert_eq!(found[0].1.source.title, "The Example");
}

async fn an_entry_that_is_known_is_told_by_its_identity(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One")]).await;
    // The same again, as when two arrive at the same moment.
    assert_eq!(
        house.publishes(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")]).await,
        1
    );
    let ask = ["https://a.example/2".to_owned(), "https://a.example/3".into(), "https://a.example/1".into()];
    let known = house.store.known(source, &ask).await.unwrap();
    let identities: Vec<&str> = known.iter().map(|it| it.identity.as_str()).collect();
    assert_eq!(identities, ["https://a.example/2", "https://a.example/1"]);
    assert_eq!(known[0].fingerprint, new_entry("https://a.example/2", "Two").fingerprint);
    let other = house.source("https://b.example/feed").await;
    assert_eq!(house.store.known(other, &ask).await.unwrap(), []);
    assert_eq!(house.store.counts().await.unwrap().entries, 2);
}

async fn a_changed_entry_keeps_its_number_and_is_extracted_again(house: House) {
    let source = house.source("https://a.example/feed").await;
    let reader = house.reader_following("ada", &[source]).await;
    let story = house.brings(source, &[("https://a.example/1", "Old title")], false).await[0];
    let was = house.store.entries(reader, &EntryFilter::default(), None, 9).await.unwrap().remove(0);
    let task = house.due(source).await;
    let changed = Refreshed {
        changed: vec![(was.id, new_entry("https://a.example/1", "New title"))],
        ..refreshed(source, vec![])
    };
    house.store.record_refreshed(vec![(task, changed)], NOW).await.unwrap();
    let is = house.store.entry(reader, was.id).await.unwrap();
    assert_eq!((is.title.as_str(), is.edited, was.edited), ("New title", true, false));
    house.extract_all().await;
    house.understand_all().await;
    // It keeps its place, and shows its new words there.
    assert_eq!(house.claim(Stage::Cluster).await, []);
    assert_eq!(house.store.story(story).await.unwrap().members[0].title, "New title");
    assert_eq!(house.finds("new title").await, ["New title"]);
    assert_eq!(house.finds("old").await, Vec::<String>::new());
    assert_eq!(house.store.counts().await.unwrap().articles, 1);
    let article = is.article.unwrap();
    let leading = house.store.entries_of(reader, article).await.unwrap();
    assert_eq!(leading.iter().map(|it| (it.id, it.edited)).collect::<Vec<_>>(), [(was.id, true)]);
    let revisions = house.store.revisions(reader, was.id).await.unwrap();
    assert_eq!(
        revisions.iter().map(|it| (it.title.as_str(), it.text.as_str())).collect::<Vec<_>>(),
        [("Old title", "Old title. It was so.")]
    );
}

async fn two_entries_of_one_address_meet_in_one_article(house: House) {
    let one = house.source("https://a.example/feed").await;
    let two = house.source("https://b.example/feed").await;
    house.publishes(one, &[("https://a.example/1", "One")]).await;
    house.publishes(two, &[("https://a.example/1", "One")]).await;
    house.extract_all().await;
    assert_eq!(house.store.counts().await.unwrap().articles, 1);
    let found =
        house.store.articles_at(&["https://a.example/1".into(), "https://a.example/2".into()]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(house.claim(Stage::Understand).await.len(), 1);
}

async fn a_whole_article_takes_the_place_of_a_taste_and_not_the_other_way_round(house: House) {
    let taste = |text: &str| Extracted {
        completeness: Completeness::Excerpt,
        ..extracted("https://a.example/1", "One", text)
    };
    let whole = |text: &str| extracted("https://a.example/1", "One", text);
    let mut number = 0;
    let mut check = async |versions: [Extracted; 2], expected: &str| {
        let mut id = ArticleId(0);
        for mut version in versions {
            version.address = format!("https://a.example/{number}");
            let source = house.source(&format!("https://{number}.example/{}", version.text.len())).await;
            let url = format!("https://{number}.example/{}", version.text.len());
            house.publishes(source, &[(url.as_str(), "One")]).await;
            let tasks = house.claim(Stage::Extract).await;
            let (task, it) = house.store.entries_to_extract(&tasks).await.unwrap().remove(0);
            let address = version.address.clone();
            house
                .store
                .record_articles(vec![(task, it.entry.id, ArticleDecision::Article(Box::new(version)))], NOW)
                .await
                .unwrap();
            id = house.store.articles_at(&[address]).await.unwrap()[0].1;
        }
        number += 1;
        assert_eq!(house.store.article(id).await.unwrap().extracted.text, expected);
    };
    check([taste("a taste of it, long as it is"), whole("all")], "all").await;
    check([whole("all"), taste("a taste of it, long as it is")], "all").await;
    check([taste("short"), taste("a good deal longer")], "a good deal longer").await;
    check([whole("a good deal longer"), whole("a good deal longe")], "a good deal longer").await;
}

async fn another_source_of_a_placed_article_joins_its_story(house: House) {
    let one = house.source("https://a.example/feed").await;
    let two = house.source("https://b.example/feed").await;
    let story = house.brings(one, &[("https://a.example/1", "One")], false).await[0];
    let reader = house.reader_following("ada", &[two]).await;
    let from = async || house.found(reader, Retrieval::FromSources, Timestamp(0), 9).await;
    assert_eq!(from().await.len(), 0);
    house.publishes(two, &[("https://a.example/1", "One")]).await;
    house.extract_all().await;
    assert_eq!(house.store.story(story).await.unwrap().members[0].sources, [one, two]);
    let sketch = from().await.remove(0);
    assert_eq!(sketch.sources.iter().map(|it| it.0).collect::<Vec<_>>(), [one, two]);
}

async fn everything_of_an_article_comes_back_as_it_was(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One")]).await;
    let full = Extracted {
        standfirst: Some("Under the headline".into()),
        key_points: vec!["A".into(), "B".into()],
        outlet: Some("The Daily Example".into()),
        labels: vec!["World".into()],
        published: Some(at(-900)),
        updated: Some(at(-300)),
        language: Some(Language("de".into())),
        free: Some(false),
        media: vec![Media {
            url: "https://a.example/v".into(),
            seconds: Some(9),
            is_video: true,
            title: None,
        }],
        alternates: vec![(Language("fr".into()), "https://a.example/fr".into())],
        ..extracted("https://a.example/1", "One", "Erster Absatz über Köln.\nZweiter.")
    };
    let tasks = house.claim(Stage::Extract).await;
    let decision = ArticleDecision::Article(Box::new(full.clone()));
    house
        .store
        .record_articles(vec![(tasks[0].clone(), EntryId(tasks[0].about), decision)], NOW)
        .await
        .unwrap();
    let tasks = house.claim(Stage::Understand).await;
    let (task, asked) = house.store.articles_to_understand(&tasks).await.unwrap().remove(0);
    assert_eq!((&asked.extracted, asked.categories), (&full, vec!["world".to_owned()]));
    let understood = understanding(&[person("Jane Roe")], 1, &full.text);
    house.store.record_understandings(vec![(task, asked.id, understood.clone())], NOW).await.unwrap();
    let article = house.store.article(asked.id).await.unwrap();
    assert_eq!(article.extracted, full);
}

async fn a_sketch_says_what_was_understood(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://news.a.example/1", "Jane Roe speaks")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let sketch = house.store.sketches_to_place(&tasks).await.unwrap().remove(0).1;
    let text = "Jane Roe speaks. It was so.";
    let expected = understanding(&[person("Jane Roe")], "Jane Roe speaks".len() % 8, text);
    assert_eq!(sketch.understanding, expected);
    assert_eq!((sketch.source, sketch.title.as_str(), sketch.at), (source, "Jane Roe speaks", at(-60)));
    assert_eq!(sketch.links, [crate::rows::hash("https://elsewhere.example/")]);
    assert_eq!(sketch.address, crate::rows::hash("https://news.a.example/1"));
}

async fn placements_come_back_in_their_order(house: House) {
    let source = house.source("https://a.example/feed").await;
    let entries =
        [("https://a.example/1", "One"), ("https://a.example/2", "Two"), ("https://a.example/3", "Three")];
    let story = house.brings(source, &entries, true).await[0];
    let placed = ["One", "Two", "Three"].map(|title| format!("{title} in {story}"));
    for at_most in [1, 2, 10] {
        assert_eq!(house.history(Lately::EVER, at_most).await, placed, "{at_most} at a time");
    }
    // They are of other moments, but their story is that of the latest: it comes back whole, not as what is young of it.
    let lately = Lately { within: Duration::ZERO, grown: (u32::MAX, Duration::ZERO), placed: 0 };
    assert_eq!(house.history(lately, 10).await, placed);
}

async fn stories_that_grew_lately_are_those_of_late_and_those_placed_last(house: House) {
    let source = house.source("https://a.example/feed").await;
    let entries =
        [("https://a.example/1", "One"), ("https://a.example/2", "Two"), ("https://a.example/3", "Three")];
    house.publishes(source, &entries).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let sketches = house.store.sketches_to_place(&tasks).await.unwrap();
    let placed = sketches.into_iter().enumerate().map(|(number, (task, sketch))| {
        let mut placement = placement(&sketch, StoryId(sketch.article.0), 1);
        // The first is of this minute, the archive that comes after it is older.
        placement.face.last_grew = at(-86_400 * 30 * number as i64);
        (task, placement, Vec::new())
    });
    house.store.record_placements(placed.collect(), NOW).await.unwrap();
    let all = house.history(Lately::EVER, 10).await;
    assert_eq!(all.len(), 3);
    let within = |days: u64| Duration::from_secs(days * 86_400);
    for (days, last, expected) in [(1, 0, &all[..1]), (31, 0, &all[..2]), (90, 0, &all[..])] {
        let lately = Lately { within: within(days), grown: (2, Duration::ZERO), placed: last };
        assert_eq!(house.history(lately, 10).await, expected, "{days} days");
    }
    for (articles, expected) in [(1, &all[..2]), (2, &all[..1])] {
        let lately = Lately { within: within(1), grown: (articles, within(31)), placed: 0 };
        assert_eq!(house.history(lately, 10).await, expected, "of {articles} articles");
    }
    let lately = Lately { within: within(1), grown: (2, Duration::ZERO), placed: 1 };
    assert_eq!(house.history(lately, 10).await, [all[0].clone(), all[2].clone()]);
}

async fn a_batch_of_placements_is_written_whole_or_not_at_all(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let found = house.store.sketches_to_place(&tasks).await.unwrap();
    house.store.give_back(vec![tasks[1].clone()]).await.unwrap();
    let batch = found
        .iter()
        .map(|(task, it)| (task.clone(), placement(it, StoryId(it.article.0), 1), Vec::new()))
        .collect();
    let error = house.store.record_placements(batch, NOW).await.unwrap_err();
    assert!(matches!(error, StoreError::LeaseLost));
    assert_eq!(house.store.counts().await.unwrap().stories, 0);
}

async fn a_source_is_due_when_its_health_says_so_and_never_once_it_has_ended(house: House) {
    let source = house.source("https://a.example/feed").await;
    assert_eq!(house.store.next_due().await.unwrap(), Some(NOW));
    let task = house.due(source).await;
    assert_eq!(house.store.next_due().await.unwrap(), None);
    let health = Health {
        etag: Some("\"x\"".into()),
        usual_gap: Some(std::time::Duration::from_secs(60)),
        trouble: Some(Trouble::new("timeout", "It took too long.")),
        moved_to: Some(("https://b.example/".into(), 2)),
        next_due: at(500),
        due_because: "publishes about every minute".into(),
        pace: news::Pace {
            ttl: Some(std::time::Duration::from_secs(3600)),
            skip_hours: vec![3, 4],
            skip_days: vec![0],
            update_every: None,
        },
        ..Health::default()
    };
    let report = Refreshed { health: health.clone(), ..refreshed(source, vec![]) };
    house.store.record_refreshed(vec![(task, report)], NOW).await.unwrap();
    assert_eq!(house.store.source(source).await.unwrap().health, health);
    assert_eq!(house.store.next_due().await.unwrap(), Some(at(500)));
    assert_eq!(house.store.enqueue_due(at(499)).await.unwrap(), 0);
    assert_eq!(house.store.enqueue_due(at(500)).await.unwrap(), 1);
    let task = house.store.claim(Stage::Refresh, 1, 1, at(500)).await.unwrap().remove(0);
    let ended = Refreshed { health: Health { ended: true, ..health }, ..refreshed(source, vec![]) };
    house.store.record_refreshed(vec![(task, ended)], at(500)).await.unwrap();
    assert_eq!(house.store.enqueue_due(at(9000)).await.unwrap(), 0);
    assert_eq!(house.store.next_due().await.unwrap(), None);
}

async fn a_source_that_moved_is_asked_at_its_new_address(house: House) {
    let source = house.source("https://a.example/feed").await;
    let other = house.source("https://c.example/feed").await;
    let moved = |from, to: &str| Refreshed { new_address: Some(to.into()), ..refreshed(from, vec![]) };
    let task = house.due(source).await;
    house.store.record_refreshed(vec![(task, moved(source, "https://b.example/feed"))], NOW).await.unwrap();
    let task = house.due(source).await;
    assert_eq!((task.key.as_str(), house.source("https://b.example/feed").await), ("b.example", source));
    // Where another stands already it does not go.
    house.store.record_refreshed(vec![(task, moved(source, "https://c.example/feed"))], NOW).await.unwrap();
    assert_eq!(house.source("https://c.example/feed").await, other);
    assert_eq!(house.store.source(source).await.unwrap().address, "https://b.example/feed");
}

async fn a_part_that_came_too_late_is_dropped_and_the_rest_recorded(house: House) {
    let one = house.source("https://a.example/feed").await;
    let two = house.source("https://b.example/feed").await;
    let (late, good) = (house.due(one).await, house.due(two).await);
    house.store.give_back(vec![late.clone()]).await.unwrap();
    let entry = |url: &str| vec![new_entry(url, "News")];
    let batch = vec![
        (late, refreshed(one, entry("https://a.example/1"))),
        (good, refreshed(two, entry("https://b.example/1"))),
    ];
    assert_eq!(house.store.record_refreshed(batch, NOW).await.unwrap(), 1);
    assert_eq!(house.store.counts().await.unwrap().entries, 1);
}
