use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    what_is_old_goes_and_its_identity_stays
    what_someone_saved_stays
    what_was_old_when_it_came_stays_as_long_as_the_rest
    counts_name_the_engine
}

async fn what_is_old_goes_and_its_identity_stays(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let story = house
        .brings(source, &[("https://a.example/1", "One"), ("https://a.example/2", "Two")], true)
        .await[0];
    house.publishes(source, &[("https://a.example/3", "Never extracted")]).await;
    house.acts(ada, story, SignalKind::Opened).await;
    assert_eq!(house.store.drop_before(NOW).await.unwrap(), 0);
    assert_eq!(house.store.drop_before(at(1)).await.unwrap(), 3);
    let counts = house.store.counts().await.unwrap();
    assert_eq!((counts.entries, counts.articles, counts.stories, counts.signals), (0, 0, 0, 1));
    assert_eq!(house.finds("one").await, Vec::<String>::new());
    assert_eq!(house.found(ada, Retrieval::FromSources, Timestamp(0), 9).await.len(), 0);
    assert_eq!(house.titles(ada, EntryFilter::default()).await, Vec::<String>::new());
    assert_eq!(house.claim(Stage::Extract).await, []);
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
    // It comes back, and is not news again.
    assert_eq!(house.store.known(source, &["https://a.example/1".into()]).await.unwrap().len(), 1);
    house.publishes(source, &[("https://a.example/1", "One")]).await;
    assert_eq!(house.claim(Stage::Extract).await, []);
}

async fn what_someone_saved_stays(house: House) {
    let source = house.source("https://a.example/feed").await;
    let ada = house.reader_following("ada", &[source]).await;
    let stories = house
        .brings(
            source,
            &[
                ("https://a.example/1", "One"),
                ("https://a.example/2", "Two"),
                ("https://a.example/3", "Three"),
            ],
            false,
        )
        .await;
    house.store.mark_story(ada, stories[0], Mark::Saved, NOW).await.unwrap();
    let entries = house.store.entries(ada, &EntryFilter::default(), None, 9).await.unwrap();
    house.store.mark(ada, &[entries[0].id], Mark::Saved, NOW).await.unwrap();
    house.store.drop_before(at(1)).await.unwrap();
    assert_eq!(house.titles(ada, EntryFilter::default()).await, ["Three", "One"]);
    assert!(house.store.story(stories[0]).await.is_ok());
    assert!(matches!(house.store.story(stories[1]).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.stories(&stories).await.unwrap().len(), 2);
}

async fn what_was_old_when_it_came_stays_as_long_as_the_rest(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.publishes(source, &[("https://a.example/essay", "Years ago")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let (task, sketch) = house.store.sketches_to_place(&tasks).await.unwrap().remove(0);
    let mut placement = placement(&sketch, StoryId(sketch.article.0), 1);
    placement.face.last_grew = at(-900 * 86_400);
    house.store.record_placements(vec![(task, placement, Vec::new())], NOW).await.unwrap();
    assert_eq!(house.store.drop_before(NOW).await.unwrap(), 0);
    assert_eq!(house.store.drop_before(at(1)).await.unwrap(), 1);
}

async fn counts_name_the_engine(house: House) {
    let counts = house.store.counts().await.unwrap();
    assert!(
        counts.engine.starts_with("SQLite 3.") || counts.engine.starts_with("PostgreSQL "),
        "{}",
        counts.engine
    );
    assert!(0 < counts.bytes);
}
