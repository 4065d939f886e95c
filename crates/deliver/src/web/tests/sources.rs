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

/// A form with files, as browsers send it.
async fn send(pages: &Router, parts: &[(&str, &str)]) -> (StatusCode, String) {
    let part = |(name, text): &(&str, &str)| {
        format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    let body = parts.iter().map(part).collect::<String>() + "--part--\r\n";
    let request = Request::builder()
        .method("POST")
        .uri("/sources/import")
        .header(header::HOST, "localhost:8700")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=part")
        .body(Body::from(body))
        .expect("a request");
    let response = pages.clone().oneshot(request).await.expect("an answer");
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
    (status, String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn very_many_sources_of_one_host_are_asked_about_before_they_are_added() {
    let (store, pages) = pages();
    let line = |n: usize| format!("https://many.example/feed/{n}?a=1&b=2\n");
    let list = (0..51).map(line).collect::<String>() + "https://few.example/feed\nhttps://few.example/two\n";
    let (status, body) = send(&pages, &[("file", &list)]).await;
    assert_eq!(status, StatusCode::OK);
    assert!(body.contains("2 sources added") && body.contains("51 sources of many.example"), "{body}");
    assert_eq!(mine(&store).await.len(), 2);
    let form = body.split("name=\"list\" hidden>").nth(1).and_then(|it| it.split("</textarea>").next());
    let list = form.expect("the list").replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"");
    let list = list.replace("&#38;", "&");
    let (status, _) = send(&pages, &[("many", "1"), ("list", &list)]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let all = mine(&store).await;
    assert_eq!(all.len(), 53);
    assert!(all.iter().any(|it| it.source.address == "https://many.example/feed/50?a=1&b=2"));

    // Fifty are not very many; typed ones are asked about too.
    let lines = (0..50).map(|n| format!("https://fifty.example/{n}\n")).collect::<String>();
    assert_eq!(send(&pages, &[("file", &lines)]).await.0, StatusCode::SEE_OTHER);
    let typed = (0..51).map(|n| format!("typed.example/{n}")).collect::<Vec<_>>().join("+");
    let (status, body) = ask(&pages, "POST", "/sources/add", &[], &format!("address={typed}")).await;
    assert!(status == StatusCode::OK && body.contains("51 sources of typed.example"), "{status} {body}");
    assert_eq!(mine(&store).await.len(), 103);
}

#[tokio::test]
async fn a_list_is_bounded_in_sources_and_in_bytes() {
    let (store, pages) = pages();
    let list = |many: usize| (0..many).map(|n| format!("https://h{n}.example/\n")).collect::<String>();
    let (status, body) = send(&pages, &[("file", &list(5_001))]).await;
    assert!(status == StatusCode::BAD_REQUEST && body.contains("5001 sources"), "{status} {body}");
    let comment = |bytes: usize| format!("#{}\nhttps://a.example/\n", "x".repeat(bytes));
    for bytes in [5 * 1024 * 1024, 6 * 1024 * 1024] {
        let (status, body) = send(&pages, &[("file", &comment(bytes))]).await;
        assert!(status == StatusCode::BAD_REQUEST && body.contains("5 MB"), "{status} {body}");
    }
    assert_eq!(mine(&store).await.len(), 0);
    let (status, _) = send(&pages, &[("file", &comment(5 * 1024 * 1024 - 100))]).await;
    assert_eq!((status, mine(&store).await.len()), (StatusCode::SEE_OTHER, 1));
    // All that may come at once does.
    let (status, _) = send(&pages, &[("file", &list(5_000))]).await;
    assert_eq!((status, mine(&store).await.len()), (StatusCode::SEE_OTHER, 5_001));
}
