//! One worker and many must make the same stories, whoever crashes at work; a clean stop loses nothing.

mod models;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use async_trait::async_trait;
use fetch::{Document, Fetcher, Outcome, Request, Schedule};
use news::{ArticleId, Clock, FixedClock, Mending, Says, SourceKind, Timestamp, Trouble};
use store::{NewSource, Stage, Store, Upto};

use crate::{Clocks, Held, Pace, Stop, Worker, run, stages};

const NOW: Timestamp = Timestamp(1_700_000_000);

/// Two outlets tell of each of three happenings; a third tells something of its own.
const NEWS: &[(&str, &[(&str, &str)])] = &[
    (
        "a.example",
        &[
            (
                "Dam above Varnholt gives way after a week of rain",
                "The Varnholt dam burst on Tuesday night and flooded the lower town of Varnholt; 300 people were brought to safety, said fire chief Anna Brodersen.",
            ),
            (
                "Chess: Ilka Moravec, 14, becomes champion of Ostravia",
                "Ilka Moravec beat Pavel Dorn in 41 moves on Sunday and is the youngest champion of Ostravia, the federation in Brennick said.",
            ),
            (
                "Harland Motors recalls 80,000 cars over brakes",
                "Harland Motors is calling back 80,000 cars of its Merlin line because the brakes may fail in the cold, the company said in Torvik.",
            ),
        ],
    ),
    (
        "b.example",
        &[
            (
                "Lower town of Varnholt flooded as dam bursts",
                "After a week of rain the dam above Varnholt burst on Tuesday night. Fire chief Anna Brodersen said 300 people in the lower town were brought to safety.",
            ),
            (
                "Fourteen-year-old Ilka Moravec wins Ostravian chess title",
                "With 41 moves against Pavel Dorn on Sunday, Ilka Moravec, 14, became the youngest chess champion that Ostravia has had, says the federation in Brennick.",
            ),
            (
                "Brakes may fail in the cold: Harland recalls 80,000 Merlin cars",
                "80,000 Merlin cars go back to the workshop. Harland Motors of Torvik says their brakes may fail in the cold.",
            ),
        ],
    ),
    (
        "c.example",
        &[(
            "How to prune an old pear tree",
            "Wait for a dry day in late winter, take out what is dead, then what crosses, and never more than a third of the crown.",
        )],
    ),
];

/// The outlets' feeds, from memory.
struct Feeds;

#[async_trait]
impl Fetcher for Feeds {
    async fn fetch(&self, request: &Request) -> Outcome {
        let host = news::host_of(&request.address).unwrap_or_default();
        let Some((_, items)) = NEWS.iter().find(|(name, _)| *name == host) else {
            return Outcome::Failed(Trouble::new("dns", "There is no such host."));
        };
        let items: String = items
            .iter()
            .enumerate()
            .map(|(n, (title, text))| {
                format!(
                    "<item><guid>{host}/{n}</guid><link>https://{host}/{n}</link><title>{title}</title>\
                     <pubDate>Tue, 14 Nov 2023 2{n}:00:00 GMT</pubDate><description>{text}</description></item>"
                )
            })
            .collect();
        let feed = format!("<rss version=\"2.0\"><channel><title>{host}</title>{items}</channel></rss>");
        Outcome::Fresh(Document {
            address: request.address.clone(),
            bytes: feed.into_bytes(),
            ..Document::default()
        })
    }
}

async fn house() -> Arc<dyn Store> {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    for (host, _) in NEWS {
        let source = NewSource {
            address: format!("https://{host}/feed"),
            kind: SourceKind::Feed,
            title: None,
            site: None,
            language: None,
        };
        store.add_source(&source, NOW).await.expect("a source");
    }
    store.enqueue_due(NOW).await.expect("due sources");
    store
}

/// Nothing joins a story when it is placed: what belongs together is left to mending.
fn only_mended() -> cluster::Policy {
    cluster::Policy { join_at: 1e6, ..cluster::Policy::default() }
}

/// Notes who was shown what was given.
struct Noting(std::sync::Mutex<Vec<(String, bool)>>);

#[async_trait]
impl Fetcher for Noting {
    async fn fetch(&self, request: &Request) -> Outcome {
        let seen = (request.address.clone(), request.private.is_some());
        self.0.lock().expect("nobody panicked").push(seen);
        let item = |n: u32, host: &str| {
            format!("<item><guid>{n}</guid><link>https://{host}/{n}</link><title>Short {n}</title></item>")
        };
        let items = item(1, "paid.example") + &item(2, "elsewhere.example");
        let feed = format!("<rss version=\"2.0\"><channel><title>Paid</title>{items}</channel></rss>");
        Outcome::Fresh(Document {
            address: request.address.clone(),
            bytes: feed.into_bytes(),
            ..Document::default()
        })
    }
}

#[tokio::test]
async fn what_is_given_for_a_source_is_shown_to_its_own_host_only() {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    let source = NewSource {
        address: "https://paid.example/feed".into(),
        kind: SourceKind::Feed,
        title: None,
        site: None,
        language: None,
    };
    let source = store.add_source(&source, NOW).await.expect("a source");
    let reader = store.add_reader("ada", NOW).await.expect("a reader").id;
    let follow = store::NewFollow {
        target: news::Target::Source(source),
        stance: news::Stance::Follow(news::Weight::More),
        label: None,
        folder: None,
        aliases: Vec::new(),
        until: None,
        place: news::Place::Everywhere,
    };
    store.add_follow(reader, &follow, NOW).await.expect("a follow");
    let access = news::Access { cookie: Some("session=1".into()), ..news::Access::default() };
    store.set_access(reader, source, Some(&access), NOW).await.expect("kept");
    let noting = Arc::new(Noting(Default::default()));
    let refresh = stages::Refresh::new(store.clone(), noting.clone(), Schedule::default());
    let extract = stages::Extract::new(store.clone(), noting.clone(), true);
    for worker in [Arc::new(refresh) as Arc<dyn Worker>, Arc::new(extract)] {
        let tasks = store.claim(worker.stage(), 9, 9, NOW).await.expect("a claim");
        assert!(!tasks.is_empty());
        let again = worker.work(tasks.into_iter().map(Held::lone).collect(), NOW).await;
        assert!(again.is_empty());
    }
    let mut seen = noting.0.lock().expect("nobody panicked").clone();
    seen.sort();
    let expected = [
        ("https://elsewhere.example/2".to_owned(), false),
        ("https://paid.example/1".to_owned(), true),
        ("https://paid.example/feed#reader-1".to_owned(), true),
    ];
    assert_eq!(seen, expected);
}

fn worker(store: &Arc<dyn Store>, stage: Stage, policy: cluster::Policy) -> Arc<dyn Worker> {
    let fetcher: Arc<dyn Fetcher> = Arc::new(Feeds);
    match stage {
        Stage::Refresh => Arc::new(stages::Refresh::new(store.clone(), fetcher, Schedule::default())),
        Stage::Extract => Arc::new(stages::Extract::new(store.clone(), fetcher, false)),
        Stage::Understand => {
            let embedder = Arc::new(understand::BuiltIn::new());
            Arc::new(stages::Understand { store: store.clone(), embedder, own: None })
        }
        Stage::Embed => {
            Arc::new(stages::Embed { store: store.clone(), embedders: vec![Arc::new(models::Other::new())] })
        }
        _ => Arc::new(stages::Cluster::new(store.clone(), policy)),
    }
}

const GATHERING: [Stage; 4] = [Stage::Refresh, Stage::Extract, Stage::Understand, Stage::Cluster];

/// Each story as the titles in it, after so many workers of each stage did all the work in small pieces; every so
/// often one of them crashes with work in hand, which comes back when its lease runs out.
async fn stories(workers: usize, crashes_every: usize) -> Vec<Vec<String>> {
    told(&placed(workers, crashes_every, cluster::Policy::default()).await).await
}

async fn placed(workers: usize, crashes_every: usize, policy: cluster::Policy) -> Arc<dyn Store> {
    let store = house().await;
    // Feeds and pages answer in no particular order, and articles are numbered as they come; from there on the order
    // is kept.
    drain(&store, Stage::Refresh, 1, 0).await;
    drain(&store, Stage::Extract, 1, 0).await;
    drain(&store, Stage::Understand, workers, crashes_every).await;
    place(&store, workers, crashes_every, policy).await;
    store
}

async fn drain(store: &Arc<dyn Store>, stage: Stage, workers: usize, crashes_every: usize) {
    work(store, stage, workers, crashes_every, cluster::Policy::default()).await;
}

async fn place(store: &Arc<dyn Store>, workers: usize, crashes_every: usize, policy: cluster::Policy) {
    work(store, Stage::Cluster, workers, crashes_every, policy).await;
}

async fn work(
    store: &Arc<dyn Store>,
    stage: Stage,
    workers: usize,
    crashes_every: usize,
    policy: cluster::Policy,
) {
    let hands: Vec<Arc<dyn Worker>> = (0..workers).map(|_| worker(store, stage, policy.clone())).collect();
    let mut machine = NOW;
    for turn in 1_usize.. {
        // Two sources asked at once would be recorded in whichever order they answer.
        let at_most = if stage == Stage::Refresh { 1 } else { 2 };
        let tasks = store.claim(stage, at_most, 2, machine).await.expect("a claim");
        if tasks.is_empty() {
            let load = store.load(machine).await.expect("the load");
            let left =
                load.iter().find(|it| it.stage == stage).map_or(0, |it| it.waiting + it.leased + it.later);
            if left == 0 {
                return;
            }
            machine = machine.after(store::LEASE * 2);
            continue;
        }
        let crashes = crashes_every != 0 && turn.is_multiple_of(crashes_every) && tasks[0].attempt < 3;
        if !crashes {
            let held = tasks.into_iter().map(Held::lone).collect();
            let again = hands[turn % workers].work(held, NOW).await;
            assert!(again.is_empty(), "{:?}", again.iter().map(|(_, why)| why).collect::<Vec<_>>());
        }
    }
}

async fn told(store: &Arc<dyn Store>) -> Vec<Vec<String>> {
    let history = store.history_after(Upto::default(), store::Lately::EVER, 100).await.expect("the history");
    let mut stories: BTreeMap<i64, Vec<String>> = BTreeMap::new();
    for step in history.steps {
        let store::Step::Placed(it) = step else { continue };
        let story = store.story_of(it.sketch.article).await.expect("a place").expect("a place");
        stories.entry(story.0).or_default().push(it.sketch.title);
    }
    stories.into_values().collect()
}

#[tokio::test]
async fn many_workers_make_the_same_stories_as_one() {
    let alone = stories(1, 0).await;
    assert_eq!(alone.iter().map(Vec::len).sum::<usize>(), 7, "{alone:?}");
    for workers in [2, 5] {
        for crashes_every in [0, 2, 3] {
            assert_eq!(
                stories(workers, crashes_every).await,
                alone,
                "{workers} workers, crash {crashes_every}"
            );
        }
    }
}

#[tokio::test]
async fn many_workers_mend_the_same_as_one() {
    let alone = placed(1, 0, only_mended()).await;
    let (stories, history) = (told(&alone).await, mended(&alone).await);
    assert_eq!((stories.len(), history.len()), (4, 3), "{stories:?}");
    for workers in [2, 5] {
        for crashes_every in [0, 2, 3] {
            let many = placed(workers, crashes_every, only_mended()).await;
            let case = format!("{workers} workers, crash {crashes_every}");
            assert_eq!(
                (told(&many).await, mended(&many).await),
                (stories.clone(), history.clone()),
                "{case}"
            );
            assert_eq!(many.check().await.expect("a look"), Vec::<String>::new(), "{case}");
        }
    }
}

/// All comes into one story as it is placed: what does not belong together is left to mending.
fn only_parted() -> cluster::Policy {
    cluster::Policy { join_at: -1e6, mend_at: 1e6, ..cluster::Policy::default() }
}

#[tokio::test]
async fn many_workers_part_the_same_as_one() {
    let alone = placed(1, 0, only_parted()).await;
    let (stories, history) = (told(&alone).await, mended(&alone).await);
    let parted = |it: &Mending| matches!(it, Mending::Split { evidence, .. } if !evidence.is_empty());
    assert!(!history.is_empty() && history.iter().all(parted), "{stories:?} {history:?}");
    for workers in [2, 5] {
        for crashes_every in [0, 2, 3] {
            let many = placed(workers, crashes_every, only_parted()).await;
            let case = format!("{workers} workers, crash {crashes_every}");
            assert_eq!(
                (told(&many).await, mended(&many).await),
                (stories.clone(), history.clone()),
                "{case}"
            );
            assert_eq!(many.check().await.expect("a look"), Vec::<String>::new(), "{case}");
        }
    }
}

async fn mended(store: &Arc<dyn Store>) -> Vec<Mending> {
    let history = store.history_after(Upto::default(), store::Lately::EVER, 100).await.expect("the history");
    let mended = history.steps.into_iter().filter_map(|step| match step {
        store::Step::Mended(it) => Some(*it),
        store::Step::Placed(_) => None,
    });
    mended.collect()
}

#[tokio::test]
async fn what_somebody_says_for_everybody_is_made_true_and_stays_so() {
    let store = placed(1, 0, cluster::Policy::default()).await;
    let ada = store.add_reader("ada", NOW).await.expect("a reader").id;
    let members = |title: &'static str| {
        let store = store.clone();
        async move {
            let all = told(&store).await;
            all.into_iter().find(|titles| titles.iter().any(|it| it.contains(title))).map_or(0, |it| it.len())
        }
    };
    let article = |title: &'static str| {
        let store = store.clone();
        async move {
            let history =
                store.history_after(Upto::default(), store::Lately::EVER, 100).await.expect("history");
            let found = history.steps.into_iter().find_map(|step| match step {
                store::Step::Placed(it) if it.sketch.title.contains(title) => Some(it.sketch.article),
                _ => None,
            });
            found.expect("an article of that title")
        }
    };
    let (dam, lower, pears) =
        (article("Dam above").await, article("Lower town").await, article("pear").await);
    let (from, apart) = (dam.min(lower), dam.max(lower));
    let parted = Says::Apart { articles: vec![apart], from };
    let joined = Says::Together { one: pears, other: from };
    // What was said, and how many articles the stories of the dam and of the pear tree have then.
    let parted = store.add_repair(ada, &parted, true, NOW).await.expect("a repair");
    place(&store, 1, 0, cluster::Policy::default()).await;
    assert_eq!((members("Dam above").await, members("pear").await), (1, 1));
    let joined = store.add_repair(ada, &joined, true, NOW).await.expect("a repair");
    place(&store, 1, 0, cluster::Policy::default()).await;
    assert_eq!(store.story_of(pears).await.expect("a place"), store.story_of(from).await.expect("a place"));
    for repair in [joined, parted] {
        store.undo_repair(ada, repair.id, NOW).await.expect("taken back");
        place(&store, 1, 0, cluster::Policy::default()).await;
    }
    assert_eq!((members("Dam above").await, members("pear").await), (2, 1));
    assert_eq!(store.check().await.expect("a look"), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_happening_told_twice_is_one_story() {
    let stories = stories(1, 0).await;
    let dam = stories.iter().find(|titles| titles[0].contains("Varnholt")).expect("a story of the dam");
    assert_eq!(dam.len(), 2, "{stories:?}");
    let pears = stories.iter().find(|titles| titles[0].contains("pear")).expect("a story of the pear tree");
    assert_eq!(pears.len(), 1, "{stories:?}");
}

#[tokio::test]
async fn a_stage_that_is_told_to_stop_leaves_nothing_in_hand() {
    let store = house().await;
    let clock: Arc<dyn Clock> = Arc::new(FixedClock(NOW));
    let clocks = Clocks { news: clock.clone(), machine: clock };
    let pace = Pace {
        in_hand: 8,
        batch: 8,
        per_key: 8,
        rest: Duration::from_millis(5),
        retry_after: Duration::from_secs(1),
        grace: Duration::from_secs(5),
    };
    let (tell, stop) = Stop::new();
    let running = tokio::spawn(run(
        worker(&store, Stage::Refresh, cluster::Policy::default()),
        store.clone(),
        clocks,
        pace,
        stop,
    ));
    while store.counts().await.expect("counts").entries < 7 {
        tokio::task::yield_now().await;
    }
    tell.send(true).expect("somebody listens");
    let done = running.await.expect("a clean end");
    assert_eq!((done.done, done.given_back, done.again), (3, 0, 0));
    let load = store.load(NOW).await.expect("the load");
    assert!(load.iter().all(|it| it.leased == 0), "{load:?}");
}

#[tokio::test]
async fn what_is_read_twice_is_stored_once() {
    let store = house().await;
    for stage in GATHERING {
        drain(&store, stage, 1, 0).await;
    }
    let before = store.counts().await.expect("counts");
    let later = NOW.after(Duration::from_secs(48 * 3600));
    assert_eq!(store.enqueue_due(later).await.expect("due sources"), 3);
    for stage in GATHERING {
        drain(&store, stage, 1, 0).await;
    }
    let after = store.counts().await.expect("counts");
    assert_eq!((before.entries, before.articles), (7, 7));
    assert_eq!(
        (after.entries, after.articles, after.stories),
        (before.entries, before.articles, before.stories)
    );
    assert!(store.article(ArticleId(1)).await.is_ok());
}
