//! Articles that go from one story to another: nothing that a reader did is lost on the way.

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    two_stories_become_one_and_the_old_number_leads_there
    what_was_joined_twice_leads_to_the_last
    placements_and_mendings_are_replayed_in_their_order_as_they_were_made
    a_mending_is_recorded_with_its_placement_or_not_at_all
    what_readers_did_follows_into_the_joined_story
    unread_stays_unread_when_stories_are_joined_and_read_stays_read
    what_is_joined_and_tells_the_same_is_nothing_new
    a_split_story_says_what_it_was_one_with_and_why
    what_leaves_takes_along_what_was_done_with_it
    a_join_that_is_taken_back_gives_back_what_was_done_before
    editions_follows_and_signals_lead_to_the_joined_story
    a_joined_story_is_found_no_more_and_what_it_became_is
    a_reader_has_their_own_stories_at_once_and_others_do_not
    a_story_that_the_reader_parted_or_joined_is_followed_on
    marks_of_a_story_are_of_its_articles_as_the_reader_has_them
    what_is_said_for_everybody_becomes_a_task_of_its_own
    repairs_are_taken_back_by_whoever_said_them
}

const A: &[(&str, &str)] = &[("https://a.example/1", "One"), ("https://a.example/2", "Two")];
const B: &[(&str, &str)] = &[("https://b.example/1", "Three"), ("https://b.example/2", "Four")];

struct Two {
    ada: ReaderId,
    one: StoryId,
    other: StoryId,
    sources: [SourceId; 2],
}

/// A story of two articles of one source, one of two articles of another, and a reader who follows both.
async fn two(house: &House) -> Two {
    let sources =
        [house.source("https://a.example/feed").await, house.source("https://b.example/feed").await];
    let one = house.brings(sources[0], A, true).await[0];
    let other = house.brings(sources[1], B, true).await[0];
    let ada = house.reader_following("ada", &sources).await;
    Two { ada, one, other, sources }
}

async fn titles(house: &House, story: StoryId) -> Vec<String> {
    house.store.story(story).await.unwrap().members.into_iter().map(|it| it.title).collect()
}

async fn state(house: &House, reader: ReaderId, story: StoryId) -> StoryState {
    house.store.story_states(reader, &[story]).await.unwrap().remove(0)
}

async fn two_stories_become_one_and_the_old_number_leads_there(house: House) {
    let Two { one, other, sources, .. } = two(&house).await;
    house.joins(one, other).await;
    assert_eq!(titles(&house, one).await, ["One", "Two", "Three", "Four"]);
    let story = house.store.story(one).await.unwrap();
    assert_eq!((story.face.articles, story.members[2].likeness), (4, 0.9));
    assert_eq!(story.members[2].evidence[0].says, "alike");
    let sketch = house.store.story_sketches(&[one]).await.unwrap().remove(0);
    assert_eq!(sketch.sources.iter().map(|it| it.0).collect::<Vec<_>>(), sources);
    assert_eq!(sketch.authors, ["Jane Roe"]);
    assert!(matches!(house.store.story(other).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.leads_to(other).await.unwrap(), Some(one));
    assert_eq!(house.store.leads_to(one).await.unwrap(), None);
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn what_was_joined_twice_leads_to_the_last(house: House) {
    let Two { one, other, .. } = two(&house).await;
    let source = house.source("https://c.example/feed").await;
    let third = house.brings(source, &[("https://c.example/1", "Five")], false).await[0];
    house.joins(other, third).await;
    house.joins(one, other).await;
    assert_eq!(house.store.leads_to(third).await.unwrap(), Some(one));
    assert_eq!(house.store.leads_to(other).await.unwrap(), Some(one));
    assert_eq!(titles(&house, one).await.len(), 5);
    // It lives again, and its number is its own.
    let five = ArticleId(third.0);
    assert_eq!(house.splits(one, &[five]).await, third);
    assert_eq!(house.store.leads_to(third).await.unwrap(), None);
    assert_eq!(titles(&house, third).await, ["Five"]);
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn placements_and_mendings_are_replayed_in_their_order_as_they_were_made(house: House) {
    let Two { one, other, .. } = two(&house).await;
    house.joins(one, other).await;
    let left = house.splits(one, &[ArticleId(other.0)]).await;
    let expected = [
        format!("One in {one}"),
        format!("Two in {one}"),
        format!("Three in {other}"),
        format!("Four in {other}"),
        "Further 4 in 5".to_string(),
        format!("{other} > {one}"),
        "Further 5 in 6".to_string(),
        format!("{one} > {left}"),
    ];
    for at_most in [1, 2, 4, 5, 100] {
        assert_eq!(house.history(Lately::EVER, at_most).await, expected, "{at_most} at a time");
    }
}

async fn a_mending_is_recorded_with_its_placement_or_not_at_all(house: House) {
    let Two { one, other, .. } = two(&house).await;
    let source = house.source("https://c.example/feed").await;
    house.publishes(source, &[("https://c.example/1", "Five")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let (task, sketch) = house.store.sketches_to_place(&tasks).await.unwrap().remove(0);
    let face = Box::new(house.store.story(one).await.unwrap().face);
    let mending =
        Mending::Join { story: one, gone: other, likeness: 1.0, evidence: Vec::new(), facts: 1, face };
    let batch = vec![(task.clone(), placement(&sketch, StoryId(5), 1), vec![mending])];
    house.store.give_back(vec![task]).await.unwrap();
    let late = house.store.record_placements(batch.clone(), NOW).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    assert_eq!(titles(&house, other).await, ["Three", "Four"]);
    let task = house.claim(Stage::Cluster).await.remove(0);
    let batch = vec![(task, batch[0].1.clone(), batch[0].2.clone())];
    assert_eq!(
        house.store.record_placements(batch.clone(), NOW).await.unwrap(),
        Upto { placed: 5, mended: 1 }
    );
    let again = house.store.record_placements(batch, NOW).await;
    assert!(matches!(again, Err(StoreError::LeaseLost)));
    assert_eq!(house.history(Lately::EVER, 9).await.len(), 6);
}

async fn what_readers_did_follows_into_the_joined_story(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    house.acts(ada, other, SignalKind::Opened).await;
    house.acts(ada, other, SignalKind::Saved).await;
    house.acts(ada, one, SignalKind::Shown { position: 0 }).await;
    let bob = house.reader_following("bob", &[]).await;
    house.acts(bob, other, SignalKind::NotInterested).await;
    house.joins(one, other).await;
    let hers = state(&house, ada, one).await;
    assert_eq!((hers.opened, hers.turns, hers.saved, hers.shown, hers.read), (Some(NOW), 2, true, 1, false));
    assert!(state(&house, bob, one).await.dismissed);
    let saved = EntryFilter { saved_only: true, ..EntryFilter::default() };
    assert_eq!(house.titles(ada, saved).await.len(), 1);
    // Said of the old number, on a page from before; and taken back under the new one.
    house.acts(ada, other, SignalKind::NotInterested).await;
    assert!(state(&house, ada, one).await.dismissed);
    house.acts(ada, one, SignalKind::Undo).await;
    assert!(!state(&house, ada, one).await.dismissed);
    house.acts(bob, one, SignalKind::Undo).await;
    assert!(
        !state(&house, bob, one).await.dismissed,
        "what was said of the old number is taken back as well"
    );
}

async fn unread_stays_unread_when_stories_are_joined_and_read_stays_read(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let bob = house.reader_following("bob", &[]).await;
    for story in [one, other] {
        house.store.mark_story(bob, story, Mark::Read, NOW).await.unwrap();
    }
    house.store.mark_story(ada, one, Mark::Read, NOW).await.unwrap();
    house.joins(one, other).await;
    assert_eq!((state(&house, ada, one).await.read, state(&house, bob, one).await.read), (false, true));
    let unread = EntryFilter { unread_only: true, ..EntryFilter::default() };
    assert_eq!(house.titles(ada, unread.clone()).await, ["Four", "Three"]);
    let old = house.store.mark_story(ada, other, Mark::Read, NOW).await;
    assert!(old.is_ok(), "the old number is as good");
    assert_eq!((state(&house, ada, one).await.read, house.titles(ada, unread).await), (true, vec![]));
}

async fn what_is_joined_and_tells_the_same_is_nothing_new(house: House) {
    for facts in [0, 3] {
        let source = house.source(&format!("https://a{facts}.example/feed")).await;
        let address = |name: &str| format!("https://a{facts}.example/{name}");
        let one = house.brings(source, &[(&address("1"), "One"), (&address("2"), "Two")], true).await[0];
        let other = house.brings(source, &[(&address("3"), "Three"), (&address("4"), "Four")], true).await[0];
        let ada = house.reader_following(&format!("ada {facts}"), &[source]).await;
        let bob = house.reader_following(&format!("bob {facts}"), &[source]).await;
        house.acts(ada, one, SignalKind::Opened).await;
        house.acts(bob, other, SignalKind::Opened).await;
        house.joins_bringing(one, other, facts).await;
        let turns = house.store.story_sketches(&[one]).await.unwrap().remove(0).turns;
        let new = [state(&house, ada, one).await.new_of(turns), state(&house, bob, one).await.new_of(turns)];
        let expected = if facts == 0 { (2, [0, 2]) } else { (4, [2, 2]) };
        assert_eq!((turns, new), expected);
    }
}

async fn a_split_story_says_what_it_was_one_with_and_why(house: House) {
    let Two { one, other, .. } = two(&house).await;
    let members = house.store.story(one).await.unwrap().members;
    let into = house.splits(one, &[members[1].article]).await;
    let evidence = vec![Evidence { ground: "words".into(), says: "nothing alike".into(), part: 0.0 }];
    let from = async |story| house.store.parted_from(story).await.unwrap();
    let parts = |all: Vec<Parted>| all.into_iter().map(|it| (it.story, it.evidence)).collect::<Vec<_>>();
    assert_eq!(parts(from(one).await), [(into, evidence.clone())]);
    assert_eq!(parts(from(into).await), [(one, evidence.clone())]);
    assert_eq!(parts(from(other).await), []);
    // A part that was joined with another is found there; what is one again was not parted.
    house.joins(other, into).await;
    assert_eq!(parts(from(one).await), [(other, evidence)]);
    house.joins(other, one).await;
    assert_eq!(parts(from(other).await), []);
}

async fn what_leaves_takes_along_what_was_done_with_it(house: House) {
    let Two { ada, one, .. } = two(&house).await;
    let members = house.store.story(one).await.unwrap().members;
    house.acts(ada, one, SignalKind::Opened).await;
    let entries = house.store.entries(ada, &EntryFilter::default(), None, 9).await.unwrap();
    let second = entries.iter().find(|it| it.title == "Two").unwrap().id;
    house.store.mark(ada, &[second], Mark::Saved, NOW).await.unwrap();
    house.acts(ada, one, SignalKind::NotInterested).await;
    let left = house.splits(one, &[members[1].article]).await;
    assert_eq!(
        (titles(&house, one).await, titles(&house, left).await),
        (vec!["One".into()], vec!["Two".into()])
    );
    let (stays, went) = (state(&house, ada, one).await, state(&house, ada, left).await);
    assert_eq!((stays.opened, stays.turns, stays.saved, stays.dismissed), (Some(NOW), 1, false, true));
    assert_eq!((went.opened, went.turns, went.saved, went.dismissed), (Some(NOW), 1, true, false));
    assert_eq!(house.store.story_of(members[1].article).await.unwrap(), Some(left));
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn a_join_that_is_taken_back_gives_back_what_was_done_before(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    house.acts(ada, other, SignalKind::NotInterested).await;
    house.follow(ada, Target::Story(other)).await;
    let articles: Vec<ArticleId> =
        house.store.story(other).await.unwrap().members.iter().map(|it| it.article).collect();
    house.joins(one, other).await;
    assert_eq!(house.splits(one, &articles).await, other);
    assert!(state(&house, ada, other).await.dismissed);
    assert_eq!(house.store.follows(ada).await.unwrap().pop().unwrap().target, Target::Story(other));
    assert_eq!(house.store.signals(ada, SignalId(0), 9).await.unwrap()[0].story, other);
}

async fn editions_follows_and_signals_lead_to_the_joined_story(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let because = || vec![Because { feature: "base".into(), reason: Reason::Base, value: 1.0, weight: 0.5 }];
    let slot = |story| Slot::new(story, Section::ForYou, false, because()).unwrap();
    let edition = Edition {
        id: EditionId(0),
        reader: ada,
        at: NOW,
        slots: vec![slot(other), slot(one)],
        hidden: vec![(other, Target::Story(other))],
    };
    let id = house.store.record_edition(&edition).await.unwrap();
    house.follow(ada, Target::Story(other)).await;
    house.acts(ada, other, SignalKind::MoreLikeThis).await;
    house.joins(one, other).await;
    let now = house.store.edition(ada, id).await.unwrap();
    assert_eq!(now.slots.iter().map(|it| it.story).collect::<Vec<_>>(), [one]);
    assert_eq!(house.store.last_edition(ada).await.unwrap().unwrap().slots.len(), 1);
    assert_eq!(house.store.follows(ada).await.unwrap().pop().unwrap().target, Target::Story(one));
    let signals = house.store.signals(ada, SignalId(0), 9).await.unwrap();
    assert_eq!(signals.iter().map(|it| it.story).collect::<Vec<_>>(), [one]);
    let again = house.follow(ada, Target::Story(other)).await;
    assert_eq!(again.target, Target::Story(one));
    let followed = house.found(ada, Retrieval::Followed, Timestamp(0), 9).await;
    assert!(followed.iter().any(|it| it.story == one && it.articles == 4));
}

async fn a_joined_story_is_found_no_more_and_what_it_became_is(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let from = async || {
        let found = house.found(ada, Retrieval::FromSources, Timestamp(0), 9).await;
        let mut found: Vec<(i64, u32)> = found.iter().map(|it| (it.story.0, it.articles)).collect();
        found.sort_unstable();
        found
    };
    assert_eq!(from().await, [(one.0, 2), (other.0, 2)]);
    house.joins(one, other).await;
    assert_eq!(from().await, [(one.0, 4)]);
    assert_eq!(house.store.search("three", None, 9).await.unwrap()[0].story, Some(one));
    let heads = house.store.entries(ada, &EntryFilter::default(), None, 9).await.unwrap();
    assert!(heads.iter().all(|it| it.story == Some(one)), "{heads:?}");
    house.splits(one, &[ArticleId(other.0)]).await;
    assert_eq!(from().await, [(one.0, 3), (other.0, 1)]);
}

async fn a_reader_has_their_own_stories_at_once_and_others_do_not(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let bob = house.reader_following("bob", &[]).await;
    house.acts(ada, other, SignalKind::Opened).await;
    let (two, three) = (ArticleId(one.0 + 1), ArticleId(other.0));
    let apart = Says::Apart { articles: vec![two], from: ArticleId(one.0) };
    house.store.add_repair(ada, &apart, false, NOW).await.unwrap();
    let together = Says::Together { one: three, other: ArticleId(one.0) };
    house.store.add_repair(ada, &together, false, NOW).await.unwrap();
    let own = house.store.own(ada).await.unwrap();
    assert_eq!((own.story_of(two, one), own.story_of(three, other)), (StoryId(two.0), one));
    assert!(house.store.own(bob).await.unwrap().is_empty());
    let heads = house.store.entries(ada, &EntryFilter::default(), None, 9).await.unwrap();
    let hers: Vec<(&str, i64)> = heads.iter().map(|it| (it.title.as_str(), it.story.unwrap().0)).collect();
    assert_eq!(hers, [("Four", one.0), ("Three", one.0), ("Two", two.0), ("One", one.0)]);
    assert_eq!(state(&house, ada, one).await.turns, 2);
    let gone = Says::Together { one: ArticleId(99), other: three };
    assert!(matches!(house.store.add_repair(ada, &gone, false, NOW).await, Err(StoreError::NotFound)));
    assert_eq!(house.store.repairs(ada).await.unwrap().len(), 2);
    assert_eq!(house.store.all_repairs().await.unwrap(), house.store.repairs(ada).await.unwrap());
}

async fn a_story_that_the_reader_parted_or_joined_is_followed_on(house: House) {
    let Two { one, other, .. } = two(&house).await;
    let eve = house.reader_following("eve", &[]).await;
    let found = async || {
        let found = house.found(eve, Retrieval::Followed, Timestamp(0), 9).await;
        let mut stories: Vec<StoryId> = found.iter().map(|it| it.story).collect();
        stories.sort_unstable();
        stories
    };
    // Only she has a story of that number: it is found by the one that it left.
    let two = ArticleId(one.0 + 1);
    let apart = Says::Apart { articles: vec![two], from: ArticleId(one.0) };
    house.store.add_repair(eve, &apart, false, NOW).await.unwrap();
    house.follow(eve, Target::Story(StoryId(two.0))).await;
    assert_eq!(found().await, [one]);
    // It becomes one with another: whatever of both grows is found.
    let together = Says::Together { one: ArticleId(other.0), other: two };
    house.store.add_repair(eve, &together, false, NOW).await.unwrap();
    let followed = house.store.follows(eve).await.unwrap().remove(0).target;
    assert_eq!(followed, Target::Story(StoryId(two.0)));
    assert_eq!(found().await, [one, other]);
    // And when everybody's stories are joined it is still followed.
    house.joins(one, other).await;
    assert_eq!(found().await, [one]);
}

async fn marks_of_a_story_are_of_its_articles_as_the_reader_has_them(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let two = ArticleId(one.0 + 1);
    let apart = Says::Apart { articles: vec![two], from: ArticleId(one.0) };
    let first = house.store.add_repair(ada, &apart, false, NOW).await.unwrap();
    let unread = EntryFilter { unread_only: true, ..EntryFilter::default() };
    house.store.mark_story(ada, one, Mark::Read, NOW).await.unwrap();
    assert_eq!(house.titles(ada, unread.clone()).await, ["Four", "Three", "Two"]);
    house.acts(ada, StoryId(two.0), SignalKind::Saved).await;
    let saved = EntryFilter { saved_only: true, ..EntryFilter::default() };
    assert_eq!(house.titles(ada, saved).await, ["Two"]);
    let together = Says::Together { one: ArticleId(other.0), other: two };
    house.store.add_repair(ada, &together, false, NOW).await.unwrap();
    let read = Signal {
        id: SignalId(0),
        reader: ada,
        story: other,
        article: Some(two),
        edition: None,
        at: NOW,
        kind: SignalKind::Opened,
        device: "web".into(),
    };
    house.store.record_signals(&[read]).await.unwrap();
    assert_eq!(house.titles(ada, unread).await, Vec::<String>::new(), "the whole of it, as she has it");
    assert_eq!(state(&house, ada, StoryId(two.0)).await.turns, 3);
    assert_eq!(house.store.looks(ada, StoryId(two.0)).await.unwrap(), [(NOW, Some(two))]);
    house.store.undo_repair(ada, first.id, NOW).await.unwrap();
    assert!(house.store.own(ada).await.unwrap().story_of(two, one) == one);
}

async fn what_is_said_for_everybody_becomes_a_task_of_its_own(house: House) {
    let Two { ada, one, other, .. } = two(&house).await;
    let together = Says::Together { one: ArticleId(other.0), other: ArticleId(one.0) };
    let repair = house.store.add_repair(ada, &together, true, NOW).await.unwrap();
    assert!(house.store.own(ada).await.unwrap().differs(one), "for who said it at once");
    let task = house.claim(Stage::Cluster).await.remove(0);
    assert!(task.is_repair());
    let (task, asked) = house.store.repairs_to_make(&[task]).await.unwrap().remove(0);
    let told: Vec<(StoryId, usize)> = asked.stories.iter().map(|it| (it.0, it.1.len())).collect();
    assert_eq!((asked.undone, told), (false, vec![(one, 2), (other, 2)]));
    let face = Box::new(house.store.story(one).await.unwrap().face);
    let join = Mending::Join { story: one, gone: other, likeness: 1.0, evidence: Vec::new(), facts: 1, face };
    let upto = house.store.record_repair(&task, vec![join.clone()], NOW).await.unwrap();
    assert_eq!(upto, Upto { placed: 4, mended: 1 });
    let late = house.store.record_repair(&task, vec![join], NOW).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    assert_eq!(titles(&house, one).await.len(), 4);
    assert!(house.store.own(ada).await.unwrap().is_empty(), "everybody has it so now");
    house.store.undo_repair(ada, repair.id, NOW).await.unwrap();
    let task = house.claim(Stage::Cluster).await.remove(0);
    let (_, asked) = house.store.repairs_to_make(&[task]).await.unwrap().remove(0);
    let came = B.iter().zip(0..).map(|(_, n)| ArticleId(other.0 + n)).collect::<Vec<_>>();
    assert_eq!((asked.undone, asked.came), (true, came));
}

async fn repairs_are_taken_back_by_whoever_said_them(house: House) {
    let Two { ada, one, .. } = two(&house).await;
    let bob = house.reader_following("bob", &[]).await;
    let apart = Says::Apart { articles: vec![ArticleId(one.0 + 1)], from: ArticleId(one.0) };
    let repair = house.store.add_repair(ada, &apart, false, NOW).await.unwrap();
    let not_his = house.store.undo_repair(bob, repair.id, NOW).await;
    assert!(matches!(not_his, Err(StoreError::NotFound)));
    assert_eq!(house.store.undo_repair(ada, repair.id, at(5)).await.unwrap(), repair);
    assert_eq!(house.store.repairs(ada).await.unwrap(), []);
    assert!(house.claim(Stage::Cluster).await.is_empty(), "nothing is mended for others");
}
