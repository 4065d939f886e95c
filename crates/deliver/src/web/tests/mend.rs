//! What a reader says of which articles belong together holds for them at once, everywhere, and for nobody else; an
//! address that once led to a story leads to it for ever.

use news::*;
use store::{ArticleDecision, NewFollow, NewSource, Stage};

use super::*;

const NOW: Timestamp = Timestamp(1_700_000_000);
const HOUR: i64 = 3600;

/// Articles as outlet, headline, text and the number of the story that they are in (its first article's).
const DAM: &[(&str, &str, &str, i64)] = &[
    ("one.de", "Dam above Varnholt bursts", "The dam burst on Tuesday. The lower town is flooded.", 1),
    ("two.fr", "Lower town of Varnholt flooded", "The lower town is flooded. The dam burst on Tuesday.", 1),
    (
        "three.example",
        "Pear trees want pruning",
        "Take out what is dead, then what crosses. “Never cut more than a third of the crown,” Anna Brodersen said.",
        1,
    ),
    ("four.de", "Varnholt under water", "Water stands in the streets of Varnholt. Boats bring bread.", 4),
];

struct Brought {
    store: Arc<dyn Store>,
    pages: Router,
    me: ReaderId,
    other: ReaderId,
}

async fn brought() -> Brought {
    let (store, pages) = pages();
    let me = store.add_reader("me", NOW).await.expect("a reader").id;
    let other = store.add_reader("other", NOW).await.expect("a reader").id;
    for (number, told) in (0..).zip(DAM) {
        bring(&*store, &[me, other], number, told).await;
    }
    Brought { store, pages, me, other }
}

async fn bring(store: &dyn Store, readers: &[ReaderId], number: i64, told: &(&str, &str, &str, i64)) {
    bring_and_mend(store, readers, number, told, Vec::new()).await;
}

async fn bring_and_mend(
    store: &dyn Store,
    readers: &[ReaderId],
    number: i64,
    &(outlet, title, text, story): &(&str, &str, &str, i64),
    mended: Vec<Mending>,
) {
    let new = NewSource {
        address: format!("https://{outlet}/feed"),
        kind: SourceKind::Feed,
        title: Some(outlet.into()),
        site: None,
        language: None,
    };
    let source = store.add_source(&new, NOW).await.expect("a source");
    for &reader in readers {
        let follow = NewFollow::new(Target::Source(source), Stance::Follow(Weight::More));
        store.add_follow(reader, &follow, NOW).await.expect("a follow");
    }
    let claim = async |stage| store.claim(stage, 9, 9, NOW).await.expect("tasks").remove(0);
    let at = Timestamp(NOW.0 - (20 - number) * HOUR);
    store.refresh_now(source, at).await.expect("due");
    let published = Published {
        guid: title.into(),
        url: Some(format!("https://{outlet}/{number}")),
        title: title.into(),
        at: Some(at),
        ..Published::default()
    };
    let health = Health { next_due: NOW.after(std::time::Duration::from_secs(9999)), ..Health::default() };
    let added = vec![NewEntry { identity: title.into(), fingerprint: 1, published }];
    let refreshed = Refreshed { added, ..Refreshed::nothing(source, health) };
    store.record_refreshed(vec![(claim(Stage::Refresh).await, refreshed)], at).await.expect("recorded");
    let task = claim(Stage::Extract).await;
    let extracted = Extracted {
        address: format!("https://{outlet}/{number}"),
        title: title.into(),
        published: Some(at),
        body: extract::sanitize(&format!("<p>{text}</p>"), &format!("https://{outlet}/")),
        text: text.into(),
        ..Extracted::default()
    };
    let decision = ArticleDecision::Article(Box::new(extracted));
    let entry = EntryId(task.about);
    store.record_articles(vec![(task, entry, decision)], at).await.expect("recorded");
    let task = claim(Stage::Understand).await;
    let article = ArticleId(task.about);
    let understanding = Understanding {
        model: "test".into(),
        language: Language("en".into()),
        embedding: Embedding::of(&[1.0; 8]),
        names: vec![Name { text: "Varnholt".into(), kind: NameKind::Place }],
        topics: Vec::new(),
        terms: Vec::new(),
        numbers: Vec::new(),
        shingles: Vec::new(),
    };
    store.record_understandings(vec![(task, article, understanding.clone())], at).await.expect("recorded");
    let task = claim(Stage::Cluster).await;
    let standing = store.story(StoryId(story)).await.ok();
    let articles = standing.as_ref().map_or(0, |it| it.face.articles) + 1;
    let face = Face {
        headline: standing.as_ref().map_or_else(|| title.to_string(), |it| it.face.headline.clone()),
        lead: ArticleId(story),
        language: Some(Language("en".into())),
        began: standing.as_ref().map_or(at, |it| it.face.began),
        last_grew: at,
        articles,
        outlets: articles,
        centre: understanding.embedding,
        names: understanding.names,
        ..Face::default()
    };
    let evidence = vec![Evidence { ground: "names".into(), says: "both name Varnholt".into(), part: 1.5 }];
    let placement = Placement { article, story: StoryId(story), likeness: 0.8, evidence, facts: 1, face };
    store.record_placements(vec![(task, placement, mended)], at).await.expect("recorded");
}

impl Brought {
    /// As the first told it, half an hour later.
    async fn opens_the_first(&self) {
        let look = Signal {
            id: SignalId(0),
            reader: self.me,
            story: StoryId(1),
            article: Some(ArticleId(1)),
            edition: None,
            at: Timestamp(NOW.0 - 19 * HOUR - HOUR / 2),
            kind: SignalKind::Opened,
            device: "web".into(),
        };
        self.store.record_signals(&[look]).await.expect("recorded");
    }

    async fn page(&self, path: &str) -> String {
        let (status, body) = ask(&self.pages, "GET", path, &[], "").await;
        assert_eq!(status, StatusCode::OK, "{path}: {body}");
        body
    }

    async fn as_other(&self, path: &str) -> (StatusCode, String) {
        let cookie = format!("reader={}", self.other);
        ask(&self.pages, "GET", path, &[("cookie", &cookie)], "").await
    }

    async fn post(&self, path: &str, body: &str) -> String {
        let (status, answer) = ask(&self.pages, "POST", path, &[], body).await;
        assert!(status.is_redirection(), "{path}: {status} {answer}");
        answer
    }
}

#[tokio::test]
async fn a_story_says_who_told_it_first_from_where_and_why_each_is_here() {
    let it = brought().await;
    let page = it.page("/story/1").await;
    for says in [
        "3 articles of 3 outlets",
        "Told from France and Germany; of one outlet the country is not known",
        "first report",
        "here because both name Varnholt",
        "href=\"/pair?a=1&amp;b=2\"",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
}

#[tokio::test]
async fn what_a_reader_parts_is_two_stories_to_them_alone_until_they_take_it_back() {
    let it = brought().await;
    let to = it.post("/story/1/split", "article=3").await;
    assert!(to.starts_with("/story/1?told=split&of=1"), "{to}");
    let done = it.page(&to).await;
    assert!(!done.contains("href=\"/article/3\"") && done.contains("2 articles of 2 outlets"), "{done}");
    assert!(done.contains("action=\"/repairs/1/undo\"") && done.contains("“Pear trees want pruning”"));
    let own = it.page("/story/3").await;
    assert!(own.contains("<h1 lang=\"en\">Pear trees want pruning</h1>"), "{own}");
    let (status, _) = it.as_other("/story/3").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (_, theirs) = it.as_other("/story/1").await;
    assert!(theirs.contains("3 articles of 3 outlets"), "{theirs}");
    // Everywhere: the edition, search, and what is read.
    it.post("/edition", "").await;
    let edition = it.page("/").await;
    assert!(edition.contains("href=\"/story/3\"") && edition.contains("href=\"/story/1\""), "{edition}");
    assert!(it.page("/search?q=pruning").await.contains("/story/3"));
    it.post("/story/3/tell", "what=read").await;
    let states = it.store.story_states(it.me, &[StoryId(1), StoryId(3)]).await.expect("states");
    assert_eq!(states.iter().map(|it| it.read).collect::<Vec<_>>(), [false, true]);
    it.post("/follows/add", "target=story:3&stance=mute").await;
    it.post("/edition", "").await;
    let edition = it.page("/").await;
    assert!(edition.contains("href=\"/story/1\""), "{edition}");
    // Back.
    let to = it.post("/repairs/1/undo", "").await;
    assert!(it.page(&to).await.contains("3 articles of 3 outlets"));
}

#[tokio::test]
async fn a_story_that_was_split_says_so_with_the_reason_and_leads_to_the_other_part() {
    let it = brought().await;
    let face = it.store.story(StoryId(1)).await.expect("a story").face;
    let new_face = Box::new(Face {
        headline: "Pear trees want pruning".into(),
        lead: ArticleId(3),
        articles: 1,
        ..face.clone()
    });
    let face = Box::new(Face { articles: 2, outlets: 2, ..face });
    let says = "neither names whom the other names".to_string();
    let evidence = vec![Evidence { ground: "names".into(), says, part: 0.0 }];
    let (story, into, articles) = (StoryId(1), StoryId(3), vec![ArticleId(3)]);
    let split = Mending::Split { story, into, articles, evidence, face, new_face };
    let told = ("five.example", "Bread by boat", "Boats bring bread to Varnholt.", 4);
    bring_and_mend(&*it.store, &[it.me, it.other], 5, &told, vec![split]).await;
    let because = "the two have little in common: neither names whom the other names";
    let stays = it.page("/story/1").await;
    assert!(stays.contains("<a href=\"/story/3\">Pear trees want pruning</a>"), "{stays}");
    assert!(stays.contains(because) && stays.contains("2 articles of 2 outlets"), "{stays}");
    let left = it.page("/story/3").await;
    assert!(left.contains("<a href=\"/story/1\">Dam above Varnholt bursts</a>"), "{left}");
    assert!(left.contains(because), "{left}");
    // To whoever has both as one they are one.
    it.post("/story/3/merge", "with=1").await;
    assert!(!it.page("/story/1").await.contains(because));
}

#[tokio::test]
async fn what_a_reader_merges_is_one_story_to_them_and_its_address_leads_there() {
    let it = brought().await;
    let alike = it.page("/story/1/alike").await;
    assert!(alike.contains("Varnholt under water"), "{alike}");
    let to = it.post("/story/4/merge", "with=http%3A%2F%2Flocalhost%2Fstory%2F1").await;
    assert!(to.starts_with("/story/1?told=merged"), "{to}");
    let page = it.page(&to).await;
    assert!(page.contains("4 articles of 4 outlets") && page.contains("Varnholt under water"), "{page}");
    let (status, to) = ask(&it.pages, "GET", "/story/4", &[], "").await;
    assert_eq!((status, to.as_str()), (StatusCode::TEMPORARY_REDIRECT, "/story/1"));
    let (status, _) = it.as_other("/story/4").await;
    assert_eq!(status, StatusCode::OK);
    it.post("/edition", "").await;
    let edition = it.page("/").await;
    assert!(edition.contains("href=\"/story/1\"") && !edition.contains("href=\"/story/4\""), "{edition}");
    let again = ask(&it.pages, "POST", "/story/1/merge", &[], "with=4").await;
    assert_eq!(again.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn only_a_form_of_ours_mends_and_nonsense_is_refused() {
    let it = brought().await;
    let elsewhere = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")];
    for path in ["/story/1/split", "/story/1/merge", "/repairs/1/undo"] {
        let (status, _) = ask(&it.pages, "POST", path, &elsewhere, "article=3&with=4").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
    }
    for (path, body, expected) in [
        ("/story/1/split", "", StatusCode::BAD_REQUEST),
        ("/story/1/split", "article=1&article=2&article=3", StatusCode::BAD_REQUEST),
        ("/story/1/split", "article=4", StatusCode::BAD_REQUEST),
        ("/story/9/split", "article=4", StatusCode::NOT_FOUND),
        ("/story/1/merge", "with=nothing", StatusCode::BAD_REQUEST),
        ("/story/1/merge", "with=99", StatusCode::NOT_FOUND),
        ("/repairs/7/undo", "", StatusCode::NOT_FOUND),
    ] {
        let (status, answer) = ask(&it.pages, "POST", path, &[], body).await;
        assert_eq!(status, expected, "{path} {body}: {answer}");
    }
    let repairs = it.store.repairs(it.me).await.expect("repairs");
    assert_eq!(repairs, []);
}

#[tokio::test]
async fn any_two_articles_are_explained() {
    let it = brought().await;
    let together = it.page("/pair?a=1&b=2").await;
    assert!(together.contains("They are in one story") && together.contains("/story/1/split"), "{together}");
    let apart = it.page("/pair?a=1&b=4").await;
    assert!(apart.contains("They do not belong together") != apart.contains("They are the same story"));
    assert!(apart.contains("/story/1/merge"), "{apart}");
    let (status, _) = ask(&it.pages, "GET", "/pair?a=1&b=99", &[], "").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_new_since_one_looked_is_what_the_articles_read_did_not_say() {
    let it = brought().await;
    it.opens_the_first().await;
    let page = it.page("/story/1").await;
    let (_, new) = page.split_once("New since you looked").expect("something is new");
    let new = new.split_once("</section>").expect("its end").0;
    // The second article says nothing that the first did not.
    assert!(new.contains("Take out what is dead") && !new.contains("flooded"), "{new}");
    let never = it.page("/story/4").await;
    assert!(!never.contains("New since you looked"));
}

#[tokio::test]
async fn what_is_quoted_is_linked_to_where_it_stands() {
    let it = brought().await;
    it.opens_the_first().await;
    let page = it.page("/story/1").await;
    let links: Vec<&str> = page.split("href=\"").filter_map(|it| it.split('"').next()).collect();
    let places: Vec<&&str> = links.iter().filter(|it| it.contains("#said-")).collect();
    let of = |what: &str| {
        page.split_once(what)
            .is_some_and(|(_, it)| it.split("</section>").next().unwrap_or("").contains("#said-"))
    };
    for what in ["New since you looked", "Key points", "Who said what"] {
        assert!(of(what), "{what}: {places:?}");
    }
    for place in places {
        let (address, anchor) = place.split_once('#').expect("an anchor");
        let (anchor, text) = anchor.split_once(":~:text=").expect("what stands there");
        let article = it.page(address).await;
        let (_, behind) = article.split_once(&format!("<span id=\"{anchor}\"></span>")).expect(place);
        let first = text.split([',', '%']).next().unwrap_or_default();
        assert!(behind.starts_with(first), "{place}: {}", &behind[..80.min(behind.len())]);
    }
    // What is asked for by hand is a number or nothing.
    let odd = it.page("/article/1?at=5-99999").await;
    assert!(!odd.contains("said-5\""));
    assert!(it.page("/article/1?at=%22%3E-x").await.contains("data-article=\"1\""));
}
