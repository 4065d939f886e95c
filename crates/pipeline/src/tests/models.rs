//! The model changes while the house is at work.

use std::sync::atomic::{AtomicUsize, Ordering};

use news::{Embedding, Model};
use store::ModelStep;
use understand::{BuiltIn, EmbedError, Embedder};

use super::*;

/// Another model: the built-in one, its places the other way round and fewer of them, so that nothing fits.
pub struct Other {
    built_in: BuiltIn,
    embedded: AtomicUsize,
}

impl Other {
    pub fn new() -> Other {
        Other { built_in: BuiltIn::new(), embedded: AtomicUsize::new(0) }
    }
}

impl Embedder for Other {
    fn model(&self) -> &str {
        "other-200"
    }

    fn embed(&self, texts: &[&str]) -> Result<Vec<Embedding>, EmbedError> {
        self.embedded.fetch_add(texts.len(), Ordering::Relaxed);
        let turned =
            |it: &Embedding| Embedding::of(&it.direction().take(200).map(|it| -it).collect::<Vec<_>>());
        Ok(self.built_in.embed(texts)?.iter().map(turned).collect())
    }
}

async fn wants(store: &Arc<dyn Store>, model: &dyn Embedder) {
    let built_in = BuiltIn::new().number();
    store.embed_by(model.model(), model.number(), built_in, Timestamp(0)).await.expect("said");
}

/// Four of the seven articles are placed, then the model changes, then the others come, understood by both.
async fn changed(workers: usize, crashes_every: usize) -> Arc<dyn Store> {
    let store = house().await;
    wants(&store, &BuiltIn::new()).await;
    drain(&store, Stage::Refresh, 1, 0).await;
    drain(&store, Stage::Extract, 1, 0).await;
    let understand = stages::Understand {
        store: store.clone(),
        embedder: Arc::new(BuiltIn::new()),
        own: Some(Arc::new(Other::new())),
    };
    let tasks = store.claim(Stage::Understand, 4, 4, NOW).await.expect("a claim");
    store.give_back(store.claim(Stage::Understand, 9, 9, NOW).await.expect("a claim")).await.expect("back");
    assert!(
        worker(&store, Stage::Understand, cluster::Policy::default())
            .work(tasks.into_iter().map(Held::lone).collect(), NOW)
            .await
            .is_empty()
    );
    drain(&store, Stage::Cluster, 1, 0).await;
    wants(&store, &Other::new()).await;
    drain(&store, Stage::Embed, workers, crashes_every).await;
    let tasks = store.claim(Stage::Understand, 9, 9, NOW).await.expect("a claim");
    assert_eq!(tasks.len(), 3);
    assert!(understand.work(tasks.into_iter().map(Held::lone).collect(), NOW).await.is_empty());
    drain(&store, Stage::Cluster, workers, crashes_every).await;
    store
}

#[tokio::test]
async fn one_worker_and_many_make_the_same_stories_of_another_model() {
    let alone = changed(1, 0).await;
    let stories = told(&alone).await;
    assert_eq!(stories.iter().map(Vec::len).sum::<usize>(), 7, "{stories:?}");
    assert_eq!(stories.len(), 4, "{stories:?}");
    let history = alone.history_after(Upto::default(), store::Lately::EVER, 100).await.expect("the history");
    let other = Model::named("other-200");
    assert_eq!(history.model, other);
    for step in history.steps {
        let store::Step::Placed(it) = step else { continue };
        assert_eq!(it.sketch.understanding.embedding.model(), other);
        let story = alone.story_sketches(&[it.story]).await.expect("a story").remove(0);
        assert_eq!(story.centre.model(), other);
    }
    for (workers, crashes_every) in [(2, 0), (5, 0), (2, 2), (5, 3)] {
        let many = told(&changed(workers, crashes_every).await).await;
        assert_eq!(many, stories, "{workers} workers, crash {crashes_every}");
    }
}

/// Whoever placed before the change and goes on, and whoever starts anew, see the same.
#[tokio::test]
async fn an_index_that_was_there_is_made_again_when_the_model_changes() {
    let store = house().await;
    wants(&store, &BuiltIn::new()).await;
    for stage in [Stage::Refresh, Stage::Extract, Stage::Understand] {
        drain(&store, stage, 1, 0).await;
    }
    let placer = worker(&store, Stage::Cluster, cluster::Policy::default());
    let tasks = store.claim(Stage::Cluster, 4, 4, NOW).await.expect("a claim");
    assert!(placer.work(tasks.into_iter().map(Held::lone).collect(), NOW).await.is_empty());
    wants(&store, &Other::new()).await;
    drain(&store, Stage::Embed, 1, 0).await;
    let tasks = store.claim(Stage::Cluster, 9, 9, NOW).await.expect("a claim");
    assert_eq!(tasks.len(), 3);
    assert!(placer.work(tasks.into_iter().map(Held::lone).collect(), NOW).await.is_empty());
    assert_eq!(told(&store).await.len(), 4);
    assert_eq!(store.change_of_model().await.expect("a change").step, ModelStep::Done);
}

/// A process that does not have the model leaves the work to another.
#[tokio::test]
async fn who_does_not_have_the_model_says_so() {
    let store = house().await;
    for stage in [Stage::Refresh, Stage::Extract, Stage::Understand] {
        drain(&store, stage, 1, 0).await;
    }
    wants(&store, &Other::new()).await;
    let without = stages::Embed { store: store.clone(), embedders: vec![Arc::new(BuiltIn::new())] };
    let tasks = store.claim(Stage::Embed, 1, 1, NOW).await.expect("a claim");
    let again = without.work(tasks.into_iter().map(Held::lone).collect(), NOW).await;
    assert!(again[0].1.0.contains("understand.model"), "{:?}", again[0].1);
}

/// What was embedded before a crash is not embedded again.
#[tokio::test]
async fn who_comes_after_a_crash_goes_on_from_there() {
    let store = house().await;
    for stage in [Stage::Refresh, Stage::Extract, Stage::Understand] {
        drain(&store, stage, 1, 0).await;
    }
    let other = Arc::new(Other::new());
    wants(&store, &*other).await;
    let embed = stages::Embed { store: store.clone(), embedders: vec![other.clone()] };
    let mut machine = NOW;
    for turn in 0.. {
        let tasks = store.claim(Stage::Embed, 1, 1, machine).await.expect("a claim");
        if tasks.is_empty() {
            break;
        }
        if turn % 2 == 1 {
            assert!(embed.work(tasks.into_iter().map(Held::lone).collect(), machine).await.is_empty());
        }
        machine = machine.after(store::LEASE * 2);
    }
    assert_eq!(store.change_of_model().await.expect("a change").step, ModelStep::Done);
    assert_eq!(other.embedded.load(Ordering::Relaxed), 2 * 7, "headline and lead of each, once");
}
