//! Whatever the web says of itself is text on our pages, and no reader sees another's things.

use news::*;
use store::{ArticleDecision, NewFollow, NewSource, Stage};

use super::*;

const NASTY: &str = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{7*7}}";
const NOW: Timestamp = Timestamp(1_700_000_000);

/// One story whose every word is hostile, all the way through the store.
pub async fn bring(store: &dyn Store, reader: ReaderId) -> (SourceId, ArticleId, StoryId) {
    let text = || NASTY.to_string();
    let new = NewSource {
        address: "https://evil.example/feed".into(),
        kind: SourceKind::Feed,
        title: Some(text()),
        site: None,
        language: None,
    };
    let source = store.add_source(&new, NOW).await.expect("a source");
    let follow = NewFollow {
        folder: Some(text()),
        ..NewFollow::new(Target::Source(source), Stance::Follow(Weight::Always))
    };
    store.add_follow(reader, &follow, NOW).await.expect("a follow");
    let claim = async |stage| store.claim(stage, 9, 9, NOW).await.expect("tasks").remove(0);

    store.enqueue_due(NOW).await.expect("due");
    let published = Published {
        guid: "1".into(),
        url: Some("https://evil.example/1".into()),
        title: text(),
        summary: text(),
        content: text(),
        at: Some(NOW),
        ..Published::default()
    };
    let refreshed = Refreshed {
        source,
        title: Some(text()),
        site: None,
        language: Some(Language(text())),
        new_address: None,
        added: vec![NewEntry { identity: "1".into(), fingerprint: 1, published }],
        changed: Vec::new(),
        health: Health {
            next_due: NOW.after(std::time::Duration::from_secs(3600)),
            trouble: Some(Trouble::new("http", text())),
            ..Health::default()
        },
        mailing: Some(Mailing { sender: text(), unsubscribe: Some(text()), confirm: Some(text()) }),
    };
    store.record_refreshed(vec![(claim(Stage::Refresh).await, refreshed)], NOW).await.expect("recorded");

    let task = claim(Stage::Extract).await;
    let entry =
        store.entries_to_extract(std::slice::from_ref(&task)).await.expect("entries").remove(0).1.entry;
    let said = format!("“{NASTY},” said Jane {NASTY} Roe. It was so.");
    let picture = Picture {
        url: format!("https://evil.example/{NASTY}"),
        caption: Some(text()),
        credit: Some(text()),
        ..Picture::default()
    };
    let extracted = Extracted {
        address: "https://evil.example/1".into(),
        title: text(),
        standfirst: Some(text()),
        key_points: vec![text()],
        authors: vec![Author { name: text(), kind: AuthorKind::Person }],
        outlet: Some(text()),
        labels: vec![text()],
        published: Some(NOW),
        language: Some(Language(text())),
        body: SafeHtml::vouched_for("<p>clean</p>".into()),
        text: said,
        picture: Some(picture.clone()),
        ..Extracted::default()
    };
    let decision = ArticleDecision::Article(Box::new(extracted));
    store.record_articles(vec![(task, entry.id, decision)], NOW).await.expect("recorded");

    let task = claim(Stage::Understand).await;
    let article = ArticleId(task.about);
    let name = Name { text: text(), kind: NameKind::Person };
    let understanding = Understanding {
        model: "test".into(),
        language: Language(text()),
        embedding: Embedding::of(&[1.0; 8]),
        names: vec![name.clone()],
        topics: vec![Topic(text())],
        terms: Vec::new(),
        numbers: Vec::new(),
        shingles: Vec::new(),
    };
    store.record_understandings(vec![(task, article, understanding)], NOW).await.expect("recorded");

    let story = StoryId(article.0);
    let face = Face {
        headline: text(),
        lead: article,
        standfirst: Some(format!("{NASTY} too")),
        picture: Some(picture),
        language: Some(Language(text())),
        began: NOW,
        last_grew: NOW,
        articles: 1,
        outlets: 1,
        centre: Embedding::of(&[1.0; 8]),
        names: vec![name],
        topics: vec![Topic(text())],
        terms: Vec::new(),
    };
    let placement = Placement { article, story, likeness: 1.0, evidence: Vec::new(), facts: 1, face };
    store
        .record_placements(vec![(claim(Stage::Cluster).await, placement, Vec::new())], NOW)
        .await
        .expect("recorded");
    (source, article, story)
}

#[tokio::test]
async fn what_the_web_says_of_itself_is_text_on_every_page() {
    let (store, pages) = pages();
    let reader = store.add_reader("me", NOW).await.expect("a reader").id;
    let (source, article, story) = bring(&*store, reader).await;
    let about = super::super::render::encoded(&format!("person:{NASTY}"));
    let topic = super::super::render::encoded(&format!("topic:{NASTY}"));
    for page in [
        "/".to_string(),
        "/newest".into(),
        format!("/story/{story}"),
        format!("/article/{article}"),
        format!("/why/{story}"),
        format!("/source/{source}"),
        format!("/about?t={about}"),
        format!("/about?t={topic}"),
        "/sources".into(),
        "/follows".into(),
        "/doctor".into(),
        "/beliefs".into(),
        "/search?q=alert".into(),
        "/sources/export.opml".into(),
    ] {
        let (status, body) = ask(&pages, "GET", &page, &[], "").await;
        assert_eq!(status, StatusCode::OK, "{page}");
        assert!(!body.contains("<script>alert") && !body.contains("<img src=x"), "{page}: {body}");
        let shows = ["/follows", "/beliefs"].contains(&&*page) || body.contains("alert(1)");
        assert!(shows, "{page} shows nothing of it, so nothing was tried");
    }
}

#[tokio::test]
async fn a_reader_sees_nothing_of_another_readers() {
    let (store, pages) = pages();
    let me = store.add_reader("me", NOW).await.expect("a reader").id;
    let (_, _, story) = bring(&*store, me).await;
    let edition = Edition { id: EditionId(0), reader: me, at: NOW, slots: Vec::new(), hidden: Vec::new() };
    let edition = store.record_edition(&edition).await.expect("an edition");
    ask(&pages, "POST", &format!("/story/{story}/tell"), &[], "what=save").await;
    ask(&pages, "POST", "/follows/add", &[], "target=name%3ASecret&stance=mute").await;
    ask(&pages, "POST", "/beliefs.txt", &[], "text=name:Secret+%3D+1").await;
    let mute = store.follows(me).await.expect("follows").pop().expect("the mute").id;

    let other = store.add_reader("other", NOW).await.expect("a reader").id;
    let cookie = format!("reader={other}");
    let other = [("cookie", cookie.as_str())];
    let unknown = ask(&pages, "GET", "/edition/999", &other, "").await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);
    assert_eq!(ask(&pages, "GET", &format!("/edition/{edition}"), &other, "").await, unknown);
    let marked = format!("/edition/{edition}/mark");
    assert_eq!(ask(&pages, "POST", &marked, &other, "section=for_you&mark=read").await, unknown);
    assert_eq!(ask(&pages, "POST", &format!("/follows/{mute}/remove"), &other, "").await, unknown);
    assert_eq!(store.follows(me).await.expect("follows").len(), 2);
    for page in ["/follows", "/beliefs", "/beliefs.txt", "/newest?saved=1"] {
        let (_, body) = ask(&pages, "GET", page, &other, "").await;
        assert!(!body.contains("Secret") && !body.contains("alert(1)"), "{page}: {body}");
    }
    assert_eq!(ask(&pages, "GET", &format!("/edition/{edition}"), &[], "").await.0, StatusCode::OK);
}

#[tokio::test]
async fn what_is_muted_leaves_the_edition_that_stands_and_comes_back_with_the_mute() {
    let (store, pages) = pages();
    let me = store.add_reader("me", NOW).await.expect("a reader").id;
    let (_, _, story) = bring(&*store, me).await;
    let card = format!("id=\"story-{story}\"");
    let front = async || ask(&pages, "GET", "/", &[], "").await.1;
    assert!(front().await.contains(&card));
    let (_, told) = ask(&pages, "POST", "/follows/add", &[], "target=words%3Ascript&stance=mute").await;
    let muted = front().await;
    assert!(!muted.contains(&card), "{told}");
    assert!(muted.contains("Hidden today: 1") && muted.contains("Unmute"));
    let mute = store.follows(me).await.expect("follows").pop().expect("the mute").id;
    ask(&pages, "POST", &format!("/follows/{mute}/remove"), &[], "").await;
    assert!(front().await.contains(&card));
}

#[tokio::test]
async fn a_section_is_marked_as_read_at_once_and_back_and_nothing_is_learnt_from_it() {
    let (store, pages) = pages();
    let me = store.add_reader("me", NOW).await.expect("a reader").id;
    let (_, _, story) = bring(&*store, me).await;
    let (_, front) = ask(&pages, "GET", "/", &[], "").await;
    let after = |mark: &str| front.split(mark).nth(1).and_then(|it| it.split('"').next()).expect("a section");
    let action = after("<form method=\"post\" action=\"/edition/");
    let section = after("name=\"section\" value=\"");
    let mark = async |mark: &str| {
        let form = format!("section={section}&mark={mark}");
        ask(&pages, "POST", &format!("/edition/{action}"), &[], &form).await.1
    };
    let read = async || store.story_states(me, &[story]).await.expect("states")[0].read;
    assert!(!read().await);
    let location = mark("read").await;
    assert!(read().await);
    assert!(
        location.starts_with("/?told=section&") && location.ends_with(&format!("#{section}")),
        "{location}"
    );
    mark("unread").await;
    assert!(!read().await);
    assert!(store.signals(me, SignalId(0), 9).await.expect("signals").is_empty());
}
