//! Articles of several pages, from the feed to the store.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fetch::{Document, Fetcher, Outcome, Request, Schedule};
use news::{ArticleId, Completeness, SourceKind, Timestamp, Trouble};
use store::{NewSource, Stage, Store};

use crate::{Held, Worker, stages};

const NOW: Timestamp = Timestamp(1_700_000_000);

const FEED: &str = "<rss version=\"2.0\"><channel><title>A</title><item><guid>1</guid><link>https://a.example/dam</link>\
    <title>Dam gives way</title><description>Water reached the first houses.</description></item></channel></rss>";

/// What each page adds.
const PARTS: [&str; 3] = [
    "The old dam above the valley gave way early on Friday after a week of heavy rain, the fire service said.",
    "Engineers had warned of cracks in the wall two years ago, according to papers that the council keeps.",
    "The government has promised money for everybody who lost a home, and a new wall before the next winter.",
];

/// A feed and an article on so many pages of three.
struct Outlet {
    pages: usize,
    asked: Mutex<Vec<String>>,
}

#[async_trait]
impl Fetcher for Outlet {
    async fn fetch(&self, request: &Request) -> Outcome {
        self.asked.lock().expect("asked").push(request.address.clone());
        let number: usize = match request.address.split_once("?page=") {
            Some((_, number)) => number.parse().expect("a number"),
            None => 1,
        };
        let text = match request.address.ends_with("/feed") {
            true => FEED.to_owned(),
            false if self.pages < number => return Outcome::Failed(Trouble::new("down", "Nobody answers.")),
            false => page(number),
        };
        Outcome::Fresh(Document {
            address: request.address.clone(),
            bytes: text.into_bytes(),
            ..Document::default()
        })
    }
}

fn page(number: usize) -> String {
    let part = PARTS[number - 1];
    let onward: String =
        (1..=PARTS.len()).map(|it| format!("<a href=\"/dam?page={it}\">{it}</a> ")).collect();
    format!(
        "<html><head><title>Dam gives way</title></head><body><article><h1>Dam gives way</h1>\
         <p>{part}</p><p>{part} So says part {number} of the report, which is as long as a paragraph should be here.</p>\
         </article><div class=\"pagination\">{onward}</div></body></html>"
    )
}

async fn article_of(pages: usize) -> (news::Extracted, Vec<String>) {
    let store = store::sqlite::open_in_memory().expect("a store in memory");
    let source = NewSource {
        address: "https://a.example/feed".into(),
        kind: SourceKind::Feed,
        title: None,
        site: None,
        language: None,
    };
    store.add_source(&source, NOW).await.expect("a source");
    store.enqueue_due(NOW).await.expect("due sources");
    let outlet = Arc::new(Outlet { pages, asked: Mutex::default() });
    let refresh = stages::Refresh::new(store.clone(), outlet.clone(), Schedule::default());
    work(&store, &refresh, Stage::Refresh).await;
    work(&store, &stages::Extract::new(store.clone(), outlet.clone(), true), Stage::Extract).await;
    let article = store.article(ArticleId(1)).await.expect("an article");
    let asked = outlet.asked.lock().expect("asked").clone();
    (article.extracted, asked)
}

async fn work(store: &Arc<dyn Store>, worker: &dyn Worker, stage: Stage) {
    let tasks = store.claim(stage, 8, 8, NOW).await.expect("a claim");
    let again = worker.work(tasks.into_iter().map(Held::lone).collect(), NOW).await;
    assert!(again.is_empty(), "{:?}", again.iter().map(|(_, why)| why).collect::<Vec<_>>());
}

#[tokio::test]
async fn an_article_on_three_pages_is_read_as_one() {
    let (article, asked) = article_of(3).await;
    assert!(PARTS.iter().all(|it| article.text.contains(it)), "{}", article.text);
    assert!(PARTS.iter().all(|it| article.body.as_str().contains(it)), "{}", article.body.as_str());
    assert_eq!(article.completeness, Completeness::Full);
    assert_eq!(asked.len(), 4, "each page is asked once: {asked:?}");
}

#[tokio::test]
async fn an_article_whose_last_page_cannot_be_had_is_a_part() {
    let (article, _) = article_of(2).await;
    assert!(article.text.contains(PARTS[1]) && !article.text.contains(PARTS[2]), "{}", article.text);
    assert_eq!(article.completeness, Completeness::Excerpt);
}
