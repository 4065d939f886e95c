//! A change of the model that articles are embedded by.

use news::*;

use super::contract;
use super::make::*;
use crate::*;

contract! {
    the_newest_are_embedded_first_and_all_change_at_once
    what_is_placed_by_vectors_that_are_no_longer_compared_is_refused
    back_to_the_model_of_the_understandings_nothing_is_embedded_again
    a_change_that_was_called_off_and_one_that_was_said_twice
    what_came_before_the_reach_of_a_change_is_left_as_it_is
    a_new_article_comes_with_its_own_vector
}

const OWN: &str = "bert-64-0001";
const ENTRIES: &[(&str, &str)] =
    &[("https://a.example/1", "One"), ("https://a.example/2", "Two"), ("https://a.example/3", "Three")];

/// By the owner's model, in a direction of the article's own.
fn by_own(article: ArticleId) -> Embedding {
    let values: Vec<f32> = (0..16).map(|at| if at == article.0 % 16 { 1.0 } else { 0.1 }).collect();
    Embedding::of(&values).by(Model::named(OWN))
}

async fn wants(house: &House, model: &str) {
    house.store.embed_by(model, Model::named(model), Model::named(BUILT_IN), at(-1_000)).await.unwrap();
}

/// A worker's turn; answers which articles it embedded, and how far the change is then.
async fn turn(house: &House, at_most: usize) -> (Vec<i64>, ModelStep) {
    let task = house.claim(Stage::Embed).await.remove(0);
    let (wanted, articles) = house.store.articles_to_embed(at_most).await.unwrap();
    assert!(articles.is_empty() || wanted == Model::named(OWN));
    let made: Vec<_> = articles.iter().map(|it| (it.id, by_own(it.id))).collect();
    let change = house.store.record_embeddings(&task, made, NOW).await.unwrap();
    (articles.iter().map(|it| it.id.0).collect(), change.step)
}

async fn turns(house: &House) {
    while turn(house, 2).await.1 != ModelStep::Done {}
    assert!(house.claim(Stage::Embed).await.is_empty());
}

/// Whose vectors the index of stories would be made of, and those of the articles.
async fn compared(house: &House) -> (Model, Vec<Embedding>) {
    let history = house.store.history_after(Upto::default(), Lately::EVER, 100).await.unwrap();
    let placed = history.steps.into_iter().filter_map(|it| match it {
        Step::Placed(it) => Some(it.sketch.understanding.embedding),
        Step::Mended(_) => None,
    });
    (history.model, placed.collect())
}

async fn the_newest_are_embedded_first_and_all_change_at_once(house: House) {
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, ENTRIES, true).await[0];
    let ada = house.reader_following("ada", &[source]).await;
    let last = house.acts(ada, story, SignalKind::Opened).await;
    let task = house.claim(Stage::Learn).await.remove(0);
    let learnt = Interests { signals: 1, ..Interests::default() };
    house.store.record_interests(Some(&task), ada, &learnt, last).await.unwrap();
    let before = compared(&house).await.1;
    assert_eq!(house.store.change_of_model().await.unwrap().step, ModelStep::Done);

    wants(&house, OWN).await;
    let change = house.store.change_of_model().await.unwrap();
    assert_eq!((change.name.as_str(), change.step, change.left), (OWN, ModelStep::Articles, 3));
    assert_eq!(turn(&house, 2).await, (vec![3, 2], ModelStep::Articles));
    assert_eq!(house.store.change_of_model().await.unwrap().left, 1);
    // Whoever began it may be gone; who comes too late is told so.
    let task = house.claim(Stage::Embed).await.remove(0);
    house.store.give_back(vec![task.clone()]).await.unwrap();
    let late = house.store.record_embeddings(&task, Vec::new(), NOW).await;
    assert!(matches!(late, Err(StoreError::LeaseLost)));
    assert_eq!(turn(&house, 2).await, (vec![1], ModelStep::Articles));
    assert_eq!(compared(&house).await, (Model::named(BUILT_IN), before), "nothing has changed yet");

    assert_eq!(turn(&house, 2).await, (vec![], ModelStep::Stories));
    let own: Vec<Embedding> = (1..=3).map(|it| by_own(ArticleId(it))).collect();
    assert_eq!(compared(&house).await, (Model::named(OWN), own.clone()));
    let centre = |it: &[StorySketch]| it[0].centre.clone();
    let sketches = house.store.story_sketches(&[story]).await.unwrap();
    assert_eq!(centre(&sketches).model(), Model::named(BUILT_IN), "its turn comes");
    assert_eq!(house.store.interests(ada).await.unwrap(), (learnt, last));

    turns(&house).await;
    let sketches = house.store.story_sketches(&[story]).await.unwrap();
    assert_eq!(centre(&sketches), Embedding::mean(&own));
    assert_eq!(house.store.interests(ada).await.unwrap(), (Interests::default(), SignalId(0)));
    assert_eq!(house.claim(Stage::Learn).await.len(), 1, "what was learnt is learnt anew");
    assert_eq!(house.store.check().await.unwrap(), Vec::<String>::new());
}

async fn what_is_placed_by_vectors_that_are_no_longer_compared_is_refused(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.brings(source, ENTRIES, false).await;
    wants(&house, OWN).await;
    house.publishes(source, &[("https://a.example/4", "Four")]).await;
    house.extract_all().await;
    house.understand_all().await;
    let tasks = house.claim(Stage::Cluster).await;
    let (task, sketch) = house.store.sketches_to_place(&tasks).await.unwrap().remove(0);
    assert_eq!(sketch.understanding.embedding.model(), Model::named(BUILT_IN));
    while turn(&house, 9).await.1 == ModelStep::Articles {}
    let placed = placement(&sketch, StoryId(sketch.article.0), 1);
    let refused = house.store.record_placements(vec![(task.clone(), placed, Vec::new())], NOW).await;
    assert!(matches!(refused, Err(StoreError::LeaseLost)));
    // Asked again, it has no vector that could be compared, and is placed by what else it says.
    let (task, sketch) = house.store.sketches_to_place(&[task]).await.unwrap().remove(0);
    assert!(sketch.understanding.embedding.is_empty());
    let placed = placement(&sketch, StoryId(sketch.article.0), 1);
    house.store.record_placements(vec![(task, placed, Vec::new())], NOW).await.unwrap();
}

async fn back_to_the_model_of_the_understandings_nothing_is_embedded_again(house: House) {
    let source = house.source("https://a.example/feed").await;
    let story = house.brings(source, ENTRIES, true).await[0];
    let before = compared(&house).await.1;
    wants(&house, OWN).await;
    turns(&house).await;
    wants(&house, BUILT_IN).await;
    assert_eq!(turn(&house, 9).await, (vec![], ModelStep::Stories));
    assert_eq!(compared(&house).await, (Model::named(BUILT_IN), before.clone()));
    turns(&house).await;
    let sketches = house.store.story_sketches(&[story]).await.unwrap();
    assert_eq!(sketches[0].centre, Embedding::mean(&before));
    // And there again: its vectors are kept as long as the articles are.
    wants(&house, OWN).await;
    assert_eq!(turn(&house, 9).await, (vec![], ModelStep::Stories));
}

async fn a_change_that_was_called_off_and_one_that_was_said_twice(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.brings(source, ENTRIES, true).await;
    wants(&house, OWN).await;
    assert_eq!(turn(&house, 2).await.0, [3, 2]);
    wants(&house, OWN).await;
    assert_eq!(turn(&house, 2).await.0, [1], "it goes on where it was");
    wants(&house, BUILT_IN).await;
    turns(&house).await;
    let change = house.store.change_of_model().await.unwrap();
    assert_eq!((change.name.as_str(), change.step, change.left), (BUILT_IN, ModelStep::Done, 0));
    assert_eq!(compared(&house).await.0, Model::named(BUILT_IN));
    wants(&house, BUILT_IN).await;
    assert!(house.claim(Stage::Embed).await.is_empty(), "there is nothing to do");
}

async fn what_came_before_the_reach_of_a_change_is_left_as_it_is(house: House) {
    let source = house.source("https://a.example/feed").await;
    house.brings(source, ENTRIES, true).await;
    house.store.embed_by(OWN, Model::named(OWN), Model::named(BUILT_IN), at(1)).await.unwrap();
    turns(&house).await;
    let (model, vectors) = compared(&house).await;
    assert_eq!(model, Model::named(OWN));
    assert!(vectors.iter().all(Embedding::is_empty), "they are not compared");
}

async fn a_new_article_comes_with_its_own_vector(house: House) {
    let source = house.source("https://a.example/feed").await;
    wants(&house, OWN).await;
    turns(&house).await;
    house.publishes(source, ENTRIES).await;
    house.extract_all().await;
    let ids = || (1..=3).map(ArticleId);
    house.store.keep_embeddings(ids().map(|it| (it, by_own(it))).collect()).await.unwrap();
    house.understand_all().await;
    house.place_all(true).await;
    assert_eq!(compared(&house).await.1, ids().map(by_own).collect::<Vec<_>>());
    // What is dropped takes its vector along.
    house.store.drop_before(at(100 * 86_400)).await.unwrap();
    wants(&house, BUILT_IN).await;
    turns(&house).await;
    assert_eq!(house.store.counts().await.unwrap().articles, 0);
}
