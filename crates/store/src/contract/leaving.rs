//! A reader leaves: nothing of theirs is left, and nothing of anybody else's is touched.

use news::*;

use super::contract;
use super::make::*;
use crate::sql::leaving::OF_READER;
use crate::*;

contract! {
    whoever_leaves_leaves_nothing
    a_story_that_others_tell_goes_on_without_what_came_for_one_alone
    leaving_that_was_broken_off_goes_on
    what_somebody_else_follows_stays_whatever_its_address
}

/// Every table with a column that says whose a row is, read off the steps that make the tables.
#[test]
fn every_table_with_rows_of_a_reader_is_known() {
    let steps = crate::sql::schema::both();
    let mut tables: Vec<String> = Vec::new();
    for made in steps.split("CREATE TABLE ").skip(1) {
        let (name, rest) = made.split_once(" (").expect("a name");
        let columns =
            rest.split("{table}").next().and_then(|it| it.split("{clustered}").next()).expect("columns");
        if columns.lines().any(|it| it.trim_start().starts_with("reader ")) {
            tables.push(name.to_owned());
        }
    }
    tables.sort();
    let mut known: Vec<&str> = OF_READER.to_vec();
    known.sort_unstable();
    assert!(tables.contains(&"signal".to_owned()), "{tables:?}");
    assert_eq!(tables, known);
}

/// A reader who did everything that there is to do.
async fn lived(house: &House, name: &str, sources: &[SourceId], story: StoryId) -> ReaderId {
    let store = &house.store;
    let reader = house.reader_following(name, sources).await;
    let follow = house.follow(reader, Target::Words("korea".into())).await.id;
    let gone = house.follow(reader, Target::Author("Jane Roe".into())).await.id;
    store.remove_follow(reader, gone).await.unwrap();
    store.open_feed(reader, Some(follow), &format!("key-{name}"), NOW).await.unwrap();
    let alert = Alert { id: AlertId(0), reader, follow, story, at: NOW, turns: 1, seen: false };
    store.record_alerts(&[alert], &["webhook".into()]).await.unwrap();
    house.acts(reader, story, SignalKind::Opened).await;
    store.mark_story(reader, story, Mark::Saved, NOW).await.unwrap();
    store.record_interests(None, reader, &Interests::default(), SignalId(1)).await.unwrap();
    let edition = Edition { id: EditionId(0), reader, at: NOW, slots: vec![], hidden: vec![] };
    store.record_edition(&edition).await.unwrap();
    let says = Says::Apart { articles: vec![ArticleId(story.0 + 1)], from: ArticleId(story.0) };
    store.add_repair(reader, &says, true, NOW).await.unwrap();
    reader
}

fn newsletter(address: &str) -> NewSource {
    NewSource {
        address: format!("mailto:{address}"),
        kind: SourceKind::Mail,
        title: Some("Post".into()),
        site: None,
        language: None,
    }
}

async fn mailed(house: &House, source: SourceId, entries: &[(&str, &str)]) {
    let mail = Arrival { source, kind: ArrivalKind::Mail, at: NOW, bytes: vec![1] };
    house.store.keep_arrivals(vec![mail]).await.unwrap();
    let task = house.claim(Stage::Receive).await.remove(0);
    let added = entries.iter().map(|(url, title)| new_entry(url, title)).collect();
    house.store.record_refreshed(vec![(task, refreshed(source, added))], NOW).await.unwrap();
}

async fn whoever_leaves_leaves_nothing(house: House) {
    let store = &house.store;
    let (shared, alone) =
        (house.source("https://a.example/feed").await, house.source("https://b.example/feed").await);
    let titles = [("https://a.example/1", "One"), ("https://a.example/2", "Two")];
    let bob = house.reader_following("bob", &[shared]).await;
    let story = house.brings(shared, &titles, true).await[0];
    let post = store.add_source(&newsletter("post-1@news.example"), NOW).await.unwrap();
    let ann = lived(&house, "ann", &[shared, alone, post], story).await;
    lived(&house, "cid", &[shared], story).await;
    mailed(&house, post, &[("mailto:post-1#1", "A letter to ann")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await.into_iter().filter(|it| 0 < it.about).collect::<Vec<_>>();
    let placed = store.sketches_to_place(&tasks).await.unwrap().into_iter();
    let placed = placed.map(|(task, it)| (task, placement(&it, StoryId(it.article.0), 1), Vec::new()));
    store.record_placements(placed.collect(), NOW).await.unwrap();
    let given = Access { token: Some("s3cret".into()), ..Access::default() };
    let own = store.set_access(ann, shared, Some(&given), NOW).await.unwrap();
    assert_ne!(own, shared);
    // More mail, not read yet.
    let mail = Arrival { source: post, kind: ArrivalKind::Mail, at: NOW, bytes: vec![2] };
    store.keep_arrivals(vec![mail]).await.unwrap();

    let leaving = store.leaving(ann).await.unwrap();
    let expected = Leaving {
        name: "ann".into(),
        signals: 1,
        follows: 4,
        editions: 1,
        alerts: 1,
        private: 2,
        entries: 1,
        resting: 1,
    };
    assert_eq!(leaving, expected);
    assert!(
        store.rows_of(ann).await.unwrap().values().all(|rows| 0 < *rows),
        "{:?}",
        store.rows_of(ann).await.unwrap()
    );
    assert_eq!(house.finds("letter").await.len(), 1);
    let others = (store.rows_of(bob).await.unwrap(), store.story(story).await.unwrap());
    store.leave(ann, NOW).await.unwrap();

    assert!(
        store.rows_of(ann).await.unwrap().values().all(|rows| *rows == 0),
        "{:?}",
        store.rows_of(ann).await.unwrap()
    );
    assert!(matches!(store.reader(ann).await, Err(StoreError::NotFound)));
    assert!(matches!(store.leaving(ann).await, Err(StoreError::NotFound)));
    assert!(matches!(store.leave(ann, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(house.finds("letter").await, Vec::<String>::new());
    let mut left: Vec<SourceId> = store.all_sources().await.unwrap().iter().map(|it| it.source.id).collect();
    left.sort();
    assert_eq!(left, [shared, alone]);
    assert_eq!(store.source(alone).await.unwrap().health.due_because, "nobody follows it");
    assert_ne!(store.source(shared).await.unwrap().health.due_because, "nobody follows it");
    assert_eq!(store.feed_of("key-ann").await.unwrap(), None);
    assert!(store.feed_of("key-cid").await.unwrap().is_some());
    assert_eq!(house.claim(Stage::Receive).await, []);
    assert!(house.claim(Stage::Learn).await.iter().all(|it| it.about != ann.0));
    let same = |it: &Story| format!("{it:?}");
    assert_eq!(
        (store.rows_of(bob).await.unwrap(), same(&store.story(story).await.unwrap())),
        (others.0, same(&others.1))
    );
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

async fn a_story_that_others_tell_goes_on_without_what_came_for_one_alone(house: House) {
    let store = &house.store;
    let open = house.source("https://a.example/feed").await;
    let post = store.add_source(&newsletter("post-2@news.example"), NOW).await.unwrap();
    let ann = house.reader_following("ann", &[open, post]).await;
    house.reader_following("bob", &[open]).await;
    house.publishes(open, &[("https://a.example/1", "Storm hits coast")]).await;
    mailed(
        &house,
        post,
        &[("mailto:post-2#1", "Only for ann: storm"), ("https://a.example/1", "Storm hits coast")],
    )
    .await;
    house.extract_all().await;
    house.understand_all().await;
    // The newest shows the story.
    let story = house.place_all(true).await[0];
    let was = store.story(story).await.unwrap();
    assert_eq!((was.members.len(), was.face.headline.as_str()), (2, "Only for ann: storm"));

    store.leave(ann, NOW).await.unwrap();
    let is = store.story(story).await.unwrap();
    assert_eq!(is.members.iter().map(|it| it.title.as_str()).collect::<Vec<_>>(), ["Storm hits coast"]);
    assert_eq!(is.members[0].sources, [open]);
    assert_eq!((is.face.headline.as_str(), is.face.articles, is.face.outlets), ("Storm hits coast", 1, 1));
    assert_eq!(is.face.lead, is.members[0].article);
    assert_eq!(house.finds("ann").await, Vec::<String>::new());
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

async fn leaving_that_was_broken_off_goes_on(house: House) {
    let store = &house.store;
    let post = store.add_source(&newsletter("post-3@news.example"), NOW).await.unwrap();
    let ann = house.reader_following("ann", &[post]).await;
    let many: Vec<(String, String)> =
        (0..450).map(|n| (format!("mailto:post-3#{n}"), format!("Letter {n}"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    mailed(&house, post, &many).await;
    house.extract_all().await;
    assert_eq!(store.leaving(ann).await.unwrap().entries, 450);
    store.leave(ann, NOW).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.sources, counts.entries, counts.articles, counts.readers), (0, 0, 0, 0));
    assert_eq!(store.check().await.unwrap(), Vec::<String>::new());
}

/// Addresses come from outside: one may be written as if it were another reader's own.
async fn what_somebody_else_follows_stays_whatever_its_address(house: House) {
    let store = &house.store;
    let shared = house.source("https://a.example/feed").await;
    let ann = house.reader_following("ann", &[shared]).await;
    let alike = house.source(&format!("https://b.example/feed#reader-{ann}")).await;
    let bob = house.reader_following("bob", &[alike]).await;
    assert_eq!(store.leaving(ann).await.unwrap().private, 0);
    store.leave(ann, NOW).await.unwrap();
    assert_eq!(store.sources_of(bob).await.unwrap().len(), 1);
    assert_eq!(store.source(alike).await.unwrap().id, alike);
}
