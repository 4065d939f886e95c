//! What a reader does, through the pages: each act is kept when it is acknowledged, and can be taken back.

use news::*;
use store::NewFollow;

use super::{
    world::{Draft, NOW, bring, name, source},
    *,
};

const DRAFT: Draft = Draft {
    title: "Harbour council votes on the new ferry",
    author: "Ada Good",
    names: &["Harbour", "Ferry"],
    topic: "politics",
    at_the_end: "",
    story: None,
};

async fn lived_in() -> (Arc<dyn Store>, Router, Arc<App>, ReaderId, (ArticleId, StoryId)) {
    let (store, pages, app) = house();
    let reader = store.add_reader("me", NOW).await.expect("a reader").id;
    let source = source(&*store, reader, "good.example").await;
    let brought = bring(&*store, source, &DRAFT).await;
    (store, pages, app, reader, brought)
}

async fn kinds(store: &dyn Store, reader: ReaderId) -> Vec<SignalKind> {
    let signals = store.signals(reader, SignalId(0), 99).await.expect("signals");
    signals.into_iter().map(|it| it.kind).collect()
}

#[tokio::test]
async fn each_signal_is_kept_as_it_was_sent() {
    let (store, pages, _, reader, (article, story)) = lived_in().await;
    let report = |kind: &str, more: &str| {
        format!("{{\"story\":{story},\"article\":{article},\"kind\":\"{kind}\"{more}}}")
    };
    let reports = [
        report("shown", ",\"position\":4"),
        report("opened", ""),
        report("read", ",\"seconds\":41,\"depth\":0.5"),
        report("shared", ""),
    ];
    let json = [("content-type", "application/json")];
    let (status, _) = ask_json(&pages, "/signal", &format!("[{}]", reports.join(",")), &json).await;
    assert_eq!(status, StatusCode::NO_CONTENT);
    for (what, told) in [
        ("save", SignalKind::Saved),
        ("unsave", SignalKind::Unsaved),
        ("share", SignalKind::Shared),
        ("more", SignalKind::MoreLikeThis),
        ("less", SignalKind::LessLikeThis),
        ("not_interested", SignalKind::NotInterested),
        ("already_knew", SignalKind::AlreadyKnew),
        ("undo", SignalKind::Undo),
    ] {
        let tell = ask(&pages, "POST", &format!("/story/{story}/tell"), &[], &format!("what={what}")).await;
        assert_eq!(tell.0, StatusCode::SEE_OTHER, "{what}");
        assert_eq!(kinds(&*store, reader).await.last(), Some(&told), "{what}");
    }
    let all = kinds(&*store, reader).await;
    assert_eq!(
        all[..4],
        [
            SignalKind::Shown { position: 4 },
            SignalKind::Opened,
            SignalKind::Read { seconds: 41, depth: 0.5 },
            SignalKind::Shared
        ]
    );
    assert_eq!(
        ask_json(&pages, "/signal", "[{\"story\":1,\"kind\":\"bribed\"}]", &json).await.0,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(kinds(&*store, reader).await.len(), all.len());

    let (_, lines) = ask(&pages, "GET", "/signals.jsonl", &[], "").await;
    assert_eq!(lines.lines().count(), all.len());
    let third: serde_json::Value = serde_json::from_str(lines.lines().nth(2).expect("a line")).expect("JSON");
    assert_eq!((third["kind"].as_str(), third["seconds"].as_i64()), (Some("read"), Some(41)));
    assert_eq!(ask(&pages, "POST", "/learning", &[], "what=forget_all").await.0, StatusCode::SEE_OTHER);
    assert!(kinds(&*store, reader).await.is_empty());
}

async fn ask_json(pages: &Router, path: &str, body: &str, headers: &[(&str, &str)]) -> (StatusCode, String) {
    let mut request = Request::builder().method("POST").uri(path).header(header::HOST, "localhost:8700");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Body::from(body.to_string())).expect("a request");
    let response = pages.clone().oneshot(request).await.expect("an answer");
    (response.status(), String::new())
}

#[tokio::test]
async fn without_our_script_opening_is_noted_and_leads_to_the_article() {
    let (store, pages, _, reader, (article, story)) = lived_in().await;
    let open = ask(&pages, "POST", &format!("/story/{story}/open"), &[], &format!("article={article}")).await;
    assert_eq!(open, (StatusCode::SEE_OTHER, format!("/article/{article}")));
    assert_eq!(kinds(&*store, reader).await, [SignalKind::Opened]);
}

#[tokio::test]
async fn a_browser_that_is_left_out_is_noted_and_not_learnt_from() {
    let (store, pages, _, reader, (_, story)) = lived_in().await;
    let named = ask(&pages, "POST", "/device", &[], "name=Living room!").await;
    assert!(named.1.contains("living-room"), "{}", named.1);
    let tv = [("cookie", "device=living-room")];
    let more = async |headers: &[(&str, &str)]| {
        ask(&pages, "POST", &format!("/story/{story}/tell"), headers, "what=more").await;
    };
    more(&tv).await;
    ask(&pages, "POST", "/learning", &tv, "what=leave_out").await;
    more(&tv).await;
    more(&[]).await;
    ask(&pages, "POST", "/learning", &tv, "what=take_in").await;
    more(&tv).await;
    let signals = store.signals(reader, SignalId(0), 99).await.expect("signals");
    let learnt: Vec<bool> = signals.iter().map(Signal::is_learnt_from).collect();
    assert_eq!(learnt, [true, false, true, true]);
    assert_eq!(signals[0].device, "living-room");
    assert_eq!(signals[2].device, "web");
}

#[tokio::test]
async fn a_follow_is_changed_alerts_and_is_seen_and_all_of_it_comes_back_when_it_was_taken_away() {
    let (store, pages, _, reader, _) = lived_in().await;
    ask(&pages, "POST", "/follows/add", &[], "target=name%3AHarbour&stance=more&aliases=Quay,Port").await;
    let the = async || store.follows(reader).await.expect("follows").pop().expect("a follow");
    let id = the().await.id;
    let post =
        async |what: &str, form: &str| ask(&pages, "POST", &format!("/follows/{id}/{what}"), &[], form).await;
    assert_eq!(post("change", "stance=always&label=My+port&aliases=Quay").await.0, StatusCode::SEE_OTHER);
    assert_eq!(post("alerts", "what=on").await.0, StatusCode::SEE_OTHER);
    let (_, told) = post("seen", "").await;
    let follow = the().await;
    assert_eq!(follow.stance, Stance::Follow(Weight::Always));
    assert_eq!(
        (follow.label.as_deref(), follow.aliases.as_slice()),
        (Some("My port"), &["Quay".to_string()][..])
    );
    assert_eq!((follow.alerts, follow.seen), (Some(NOW), Some(NOW)));
    assert!(told.contains("word=never"), "{told}");
    post("seen", "at=never").await;
    assert_eq!(the().await.seen, None, "marking as seen can be taken back");

    // A click on "Follow" elsewhere keeps what was said of it.
    ask(&pages, "POST", "/follows/add", &[], "target=person%3AHARBOUR&stance=little").await;
    let again = the().await;
    assert_eq!((again.id, again.aliases.len(), again.stance), (id, 1, Stance::Follow(Weight::ALittle)));

    let (_, told) = post("remove", "return=/about%3Ft=name:Harbour").await;
    assert!(told.starts_with("/about?t=name:Harbour&told=unfollowed"), "{told}");
    assert!(ask(&pages, "GET", &told, &[], "").await.1.contains(&format!("/follows/{id}/restore")));
    assert_eq!(post("restore", "").await.0, StatusCode::SEE_OTHER);
    assert_eq!(the().await, again);
    let (status, _) = post("change", "stance=always&label=&aliases=").await;
    assert_eq!((status, the().await.label), (StatusCode::SEE_OTHER, None));
}

#[tokio::test]
async fn muting_what_is_followed_keeps_the_follow_for_when_the_mute_ends() {
    let (store, pages, _, reader, _) = lived_in().await;
    let stances = async || -> Vec<bool> {
        let all = store.follows(reader).await.expect("follows");
        let harbour = all.iter().filter(|it| matches!(it.target, Target::Name(_)));
        harbour.map(|it| matches!(it.stance, Stance::Mute { .. })).collect()
    };
    let add = async |stance: &str| {
        ask(&pages, "POST", "/follows/add", &[], &format!("target=name%3AHarbour&stance={stance}")).await;
    };
    add("more").await;
    add("mute").await;
    assert_eq!(stances().await, [false, true]);
    add("always").await;
    assert_eq!(stances().await, [false], "whoever follows it wants to see it");
}

#[tokio::test]
async fn an_alert_is_shown_once_is_marked_as_seen_and_waits_for_quiet_hours_to_end() {
    let (store, pages, app, reader, _) = lived_in().await;
    let follow = NewFollow::new(Target::Name(name("Harbour")), Stance::Follow(Weight::More));
    let follow = app.follow(reader, &follow).await.expect("a follow").id;
    ask(&pages, "POST", &format!("/follows/{follow}/alerts"), &[], "what=on").await;
    // The moment of these tests is 22:13 UTC.
    let settings = "edition_length=30&explore=10&theme=auto&webhook=&edition_minutes=0";
    ask(&pages, "POST", "/settings", &[], &format!("{settings}&quiet_from=22&quiet_to=7")).await;
    assert_eq!(app.look_for_alerts().await.expect("alerts"), 0);
    ask(&pages, "POST", "/settings", &[], &format!("{settings}&quiet_from=0&quiet_to=0")).await;
    assert_eq!(app.look_for_alerts().await.expect("alerts"), 1);
    assert_eq!(app.look_for_alerts().await.expect("alerts"), 0, "once for each story");
    let (_, page) = ask(&pages, "GET", "/alerts", &[], "").await;
    assert!(page.contains(DRAFT.title) && page.contains("class=\"badge\">1"), "{page}");
    let upto = store.alerts(reader, 1).await.expect("alerts")[0].id;
    ask(&pages, "POST", "/alerts/seen", &[], &format!("upto={upto}")).await;
    let (_, page) = ask(&pages, "GET", "/alerts", &[], "").await;
    assert!(page.contains(DRAFT.title) && !page.contains("class=\"badge\""), "{page}");
}

/// Takes messages, and says yes to each or to none.
struct Hook(std::sync::Mutex<Vec<fetch::Message>>, u16);

#[async_trait]
impl fetch::Sender for Hook {
    async fn send(&self, message: &fetch::Message) -> Result<fetch::Answer, Trouble> {
        self.0.lock().expect("one at a time").push(message.clone());
        Ok(fetch::Answer { status: self.1, bytes: Vec::new(), wait: None })
    }
}

#[tokio::test]
async fn a_webhook_is_told_once_and_again_later_when_it_did_not_take_it() {
    for (status, still_waiting) in [(204, false), (500, true)] {
        let (store, pages, app, reader, _) = lived_in().await;
        let settings = "edition_length=30&explore=10&theme=auto&webhook=https%3A%2F%2Fhook.example%2F";
        ask(&pages, "POST", "/settings", &[], settings).await;
        let follow = NewFollow::new(Target::Name(name("Harbour")), Stance::Follow(Weight::More));
        let follow = app.follow(reader, &follow).await.expect("a follow").id;
        app.alert_of(reader, follow, true).await.expect("on");
        app.look_for_alerts().await.expect("alerts");
        let hook = Hook(Default::default(), status);
        app.send_alerts(&hook).await.expect("sent");
        app.send_alerts(&hook).await.expect("nothing left now");
        let sent = hook.0.lock().expect("all").clone();
        assert_eq!((sent.len(), sent[0].address.as_str()), (1, "https://hook.example/"));
        let body: serde_json::Value = serde_json::from_slice(&sent[0].body).expect("JSON");
        assert_eq!(body["alerts"][0]["headline"], DRAFT.title);
        let later = Timestamp(NOW.0 + 3600);
        assert_eq!(
            !store.alerts_to_send("webhook", later, 9).await.expect("waiting").is_empty(),
            still_waiting
        );
    }
}

#[tokio::test]
async fn an_output_feed_is_at_a_secret_address_that_can_be_changed_and_says_when_nothing_is_new() {
    let (store, pages, app, reader, _) = lived_in().await;
    let follow = NewFollow::new(Target::Name(name("Harbour")), Stance::Follow(Weight::More));
    let follow = app.follow(reader, &follow).await.expect("a follow").id;
    let before = store.counts().await.expect("counts");
    for which in [FollowId(0), follow] {
        let switch = async |what: &str| {
            ask(&pages, "POST", &format!("/follows/{which}/feed"), &[], &format!("what={what}")).await
        };
        let key = async || {
            let which = Some(which).filter(|it| it.0 != 0);
            store.feed_key(reader, which).await.expect("keys")
        };
        assert_eq!(switch("open").await.0, StatusCode::SEE_OTHER);
        let first = key().await.expect("a key");
        for (kind, mime) in [("atom", "application/atom+xml"), ("json", "application/feed+json")] {
            let address = format!("/feed/{first}.{kind}");
            let response = look(&pages, &address).await;
            assert_eq!(response.status(), StatusCode::OK);
            let headers = response.headers().clone();
            assert!(headers[header::CONTENT_TYPE].to_str().expect("text").starts_with(mime));
            assert!(headers[header::CACHE_CONTROL].to_str().expect("text").contains("private"));
            let tag = headers[header::ETAG].to_str().expect("text").to_string();
            let known = [("if-none-match", tag.as_str())];
            assert_eq!(
                ask(&pages, "GET", &address, &known, "").await,
                (StatusCode::NOT_MODIFIED, String::new())
            );
            let (_, body) = ask(&pages, "GET", &address, &[], "").await;
            assert!(body.contains(DRAFT.title) && body.contains("https://good.example/"), "{body}");
        }
        for wrong in [format!("/feed/{first}.html"), "/feed/guess.atom".into(), "/feed/.atom".into()] {
            assert_eq!(look(&pages, &wrong).await.status(), StatusCode::NOT_FOUND, "{wrong}");
        }
        switch("open").await;
        let second = key().await.expect("another");
        assert_eq!(look(&pages, &format!("/feed/{first}.atom")).await.status(), StatusCode::NOT_FOUND);
        assert_eq!(look(&pages, &format!("/feed/{second}.atom")).await.status(), StatusCode::OK);
        switch("close").await;
        assert_eq!(look(&pages, &format!("/feed/{second}.atom")).await.status(), StatusCode::NOT_FOUND);
    }
    let after = store.counts().await.expect("counts");
    assert_eq!(before.signals, after.signals);
    assert!(store.last_edition(reader).await.expect("a store").is_none(), "nobody has looked at an edition");
    // Whoever no longer follows it has no feed of it.
    let key = app.open_feed(reader, Some(follow)).await.expect("a key");
    app.unfollow(reader, follow).await.expect("gone");
    assert_eq!(look(&pages, &format!("/feed/{key}.atom")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_edition_is_as_long_as_the_reader_has_minutes_and_says_when_they_are_done() {
    let (store, pages, _, reader, (_, first)) = lived_in().await;
    let sources = store.sources_of(reader).await.expect("sources");
    for title in ["Two", "Three", "Four", "Five", "Six", "Seven"] {
        bring(&*store, sources[0].source.id, &Draft { title, ..DRAFT }).await;
    }
    ask(&pages, "POST", "/settings", &[], "edition_length=30&explore=0&theme=auto&edition_minutes=2").await;
    let (_, front) = ask(&pages, "GET", "/", &[], "").await;
    assert_eq!(front.matches("data-position=").count(), 3, "two minutes are three stories");
    assert!(front.contains("3 to go") && !front.contains("You are done"));
    let shown: Vec<i64> =
        front.split("data-story=\"").skip(1).filter_map(|it| it.split('"').next()?.parse().ok()).collect();
    ask(&pages, "POST", &format!("/story/{}/tell", shown[0]), &[], "what=not_interested").await;
    let (_, front) = ask(&pages, "GET", "/", &[], "").await;
    assert!(
        front.contains("Waved away:") && front.contains("2 to go"),
        "it can be taken back where it stood"
    );
    for story in &shown[1..] {
        ask(&pages, "POST", &format!("/story/{story}/tell"), &[], "what=read").await;
    }
    let (_, front) = ask(&pages, "GET", "/", &[], "").await;
    assert!(front.contains("You are done"), "{front}");
    ask(&pages, "POST", "/edition", &[], "").await;
    let (_, front) = ask(&pages, "GET", "/", &[], "").await;
    assert!(front.contains("since the one before"), "it says what is new since");
    assert!(first.0 != 0);
}

#[tokio::test]
async fn whoever_leaves_is_told_what_goes_and_has_to_give_their_name() {
    let (store, pages, _, reader, _) = lived_in().await;
    let (_, page) = ask(&pages, "GET", "/settings", &[], "").await;
    assert!(page.contains("href=\"/leave\""));
    let (_, page) = ask(&pages, "GET", "/leave", &[], "").await;
    assert!(page.contains("follows and mutes (1)") && page.contains("type the name me"), "{page}");
    let leave = async |name: &str| ask(&pages, "POST", "/leave", &[], &format!("name={name}")).await.0;
    assert_eq!(leave("Me").await, StatusCode::BAD_REQUEST);
    assert!(store.reader(reader).await.is_ok());
    assert_eq!(leave("me").await, StatusCode::SEE_OTHER);
    assert!(matches!(store.reader(reader).await, Err(store::StoreError::NotFound)));
    // The house goes on, with a reader who begins anew.
    let (status, _) = ask(&pages, "GET", "/", &[], "").await;
    assert!(status.is_success() || status.is_redirection(), "{status}");
    assert!(store.reader_named("me").await.expect("a store").is_some_and(|it| it.id != reader));
}
