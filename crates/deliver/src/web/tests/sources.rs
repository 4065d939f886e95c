//! Sources on the pages: pages without a feed, what is given for a source, those that may go.

use news::{Health, Refreshed, SourceId, SourceKind, Trouble};
use store::Stage;

use super::{world::NOW, *};

const PAGE: &[u8] = b"<title>Gazette</title><main>\
    <h2 class=head><a href=/1>Ferry runs aground off Lund Point in thick fog</a></h2>\
    <h2 class=head><a href=/2>Council votes to keep the night bus running</a></h2>\
    <h2 class=head><a href=/3>Beekeepers count their losses after a wet spring</a></h2></main>\
    <footer><a href=/imprint>Imprint</a></footer>";

async fn mine(store: &Arc<dyn Store>) -> Vec<store::SourceView> {
    let reader = store.reader_named("me").await.expect("a store").expect("made on the way").id;
    store.sources_of(reader).await.expect("sources")
}

#[tokio::test]
async fn a_page_without_a_feed_is_shown_before_it_is_followed() {
    let (store, pages) = pages_with(Arc::new(Always(PAGE.to_vec(), AtomicUsize::new(0))), None);
    let preview = async |form: &str| ask(&pages, "POST", "/sources/preview", &[], form).await;
    let (status, body) = preview("address=gazette.example&selector=.head+a&folder=Town").await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("Council votes to keep the night bus running") && !body.contains("Imprint"));
    let (status, body) = preview("address=gazette.example&selector=.nothing").await;
    assert!(status == StatusCode::BAD_REQUEST && body.contains(".nothing"), "{body}");
    assert!(body.contains("name=\"selector\""), "another one can be tried: {body}");

    let form = "address=https://gazette.example&folder=Town&kind=page&selector=.head+a&title=Gazette";
    ask(&pages, "POST", "/sources/add", &[], form).await;
    let it = mine(&store).await.remove(0);
    assert_eq!(it.source.kind, SourceKind::Page { selector: Some(".head a".into()) });
    assert_eq!(it.follow.and_then(|it| it.folder).as_deref(), Some("Town"));
}

#[tokio::test]
async fn what_is_given_for_a_source_is_kept_and_never_shown() {
    let (store, pages) = pages();
    ask(&pages, "POST", "/sources/add", &[], "address=https://a.example/feed&unchecked=1").await;
    let source = mine(&store).await[0].source.id;
    let give = async |form: &str| ask(&pages, "POST", &format!("/source/{source}/access"), &[], form).await;
    let (status, location) = give("user=ann&password=s3cret-7&headers=X-Key%3A+k3y-9%0D%0A").await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{location}");
    let access = store.source(source).await.expect("a source").access.expect("kept");
    assert_eq!(access.login, Some(("ann".into(), "s3cret-7".into())));
    assert_eq!(access.headers, [("X-Key".to_owned(), "k3y-9".to_owned())]);
    for page in
        [format!("/source/{source}"), "/sources".into(), "/sources/export.opml".into(), "/doctor".into()]
    {
        let (status, body) = ask(&pages, "GET", &page, &[], "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(!["s3cret-7", "k3y-9", "#reader-"].iter().any(|it| body.contains(it)), "{page}: {body}");
    }
    // A header that would make us somebody else, or more than one header.
    for refused in
        ["headers=Host%3A+x", "headers=Remote-User%3A+root", "headers=nonsense", "proxy=socks5://x"]
    {
        assert_eq!(give(refused).await.0, StatusCode::BAD_REQUEST, "{refused}");
    }
    assert_eq!(give("").await.0, StatusCode::SEE_OTHER);
    assert_eq!(mine(&store).await[0].source.access, None);
}

#[tokio::test]
async fn several_sources_are_let_go_at_once_and_come_back_as_they_were() {
    let (store, pages) = pages();
    for host in ["a", "b", "c"] {
        let form = format!("address=https://{host}.example/feed&unchecked=1&folder=Near+%26+far");
        ask(&pages, "POST", "/sources/add", &[], &form).await;
    }
    let ids: Vec<SourceId> = mine(&store).await.iter().map(|it| it.source.id).collect();
    let (_, location) =
        ask(&pages, "POST", "/sources/prune", &[], &format!("source={}&source={}", ids[0], ids[2])).await;
    let left: Vec<SourceId> = mine(&store).await.iter().map(|it| it.source.id).collect();
    assert_eq!(left, [ids[1]]);
    let (_, body) = ask(&pages, "GET", &location, &[], "").await;
    assert!(body.contains("2 sources are no longer followed") && body.contains("/sources/again"), "{body}");
    let word = location.split("word=").nth(1).expect("what to take back");
    ask(&pages, "POST", "/sources/again", &[], &format!("sources={word}")).await;
    let all = mine(&store).await;
    assert_eq!(all.len(), 3);
    let folders = all.iter().map(|it| it.follow.as_ref().and_then(|it| it.folder.as_deref()));
    assert!(folders.into_iter().all(|it| it == Some("Near & far")));
    assert_eq!(
        ask(&pages, "POST", "/sources/again", &[], "sources=nonsense").await.0,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_page_that_was_added_as_a_feed_can_be_followed_as_a_page() {
    let (store, pages) = pages();
    ask(&pages, "POST", "/sources/add", &[], "address=https://gazette.example/&unchecked=1&folder=Town")
        .await;
    let source = mine(&store).await.remove(0).source;
    let offers = "Follow the links of the page instead";
    let (_, body) = ask(&pages, "GET", &format!("/source/{}", source.id), &[], "").await;
    assert!(!body.contains(offers), "nothing is known to be wrong yet");

    store.enqueue_due(NOW).await.expect("due");
    let task = store.claim(Stage::Refresh, 1, 1, NOW).await.expect("claimed").remove(0);
    let health = Health { trouble: Some(Trouble::new("not_a_feed", "It is a page.")), ..source.health };
    store.record_refreshed(vec![(task, Refreshed::nothing(source.id, health))], NOW).await.expect("recorded");
    let (_, body) = ask(&pages, "GET", &format!("/source/{}", source.id), &[], "").await;
    assert!(body.contains(offers) && body.contains("name=\"folder\" value=\"Town\""), "{body}");
}
