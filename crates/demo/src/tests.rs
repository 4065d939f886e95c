use std::{collections::BTreeSet, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, Response, StatusCode, header},
};
use news::Timestamp;
use tower::ServiceExt;

use crate::{
    article::Article,
    happenings, library, look_alikes, outlets,
    page::escape,
    readers,
    readers::DemoTarget,
    serve::{Site, routes},
};

const NOW: Timestamp = Timestamp(1_700_000_000);

fn articles() -> Vec<Article> {
    library::articles(NOW)
}

fn outlet(key: &str) -> Router {
    let outlet = outlets().iter().find(|outlet| outlet.key == key).expect("an outlet");
    let elsewhere =
        articles().iter().map(|article| (article.slug, format!("http://x/{}", article.slug))).collect();
    routes(Site::new(outlet, &articles(), Arc::new(elsewhere), "http://demo.example".into()))
}

async fn ask(outlet: &Router, path: &str, header: Option<(&str, &str)>) -> Response<Body> {
    let mut request = Request::get(path);
    if let Some((name, value)) = header {
        request = request.header(name, value);
    }
    outlet.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer")
}

async fn text(outlet: &Router, path: &str) -> String {
    let answer = ask(outlet, path, None).await;
    let bytes = to_bytes(answer.into_body(), 10_000_000).await.expect("a body");
    String::from_utf8(bytes.into()).expect("UTF-8")
}

fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

fn is_wire_copy(article: &Article) -> bool {
    article.by.iter().any(|by| by.is_agency)
}

#[test]
fn every_file_is_read() {
    let read: Vec<_> = articles().iter().map(|article| article.slug).collect();
    let files: Vec<_> = library::FILES.iter().map(|file| file.0).collect();
    assert_eq!(read, files);
}

#[test]
fn every_article_is_of_the_length_of_one() {
    for article in articles() {
        let count = words(&article.text());
        assert!((120..=400).contains(&count), "{}: {count} words", article.slug);
        assert!(!article.by.is_empty() && !article.standfirst.is_empty(), "{}", article.slug);
    }
}

#[test]
fn every_article_is_of_the_last_four_days() {
    for article in articles() {
        let age = article.published.age(NOW).as_secs() / 3600;
        assert!(article.published <= NOW && age < 97, "{}: {age} hours old", article.slug);
        assert!(article.updated.is_none_or(|at| article.published < at && at <= NOW), "{}", article.slug);
    }
}

#[test]
fn no_mark_of_the_file_format_is_left_in_a_text() {
    for article in articles() {
        let text = [article.title.clone(), article.standfirst.clone(), article.text()].join("\n");
        for mark in ["{", "}", "](", "##", " |", "**"] {
            assert!(!text.contains(mark), "{}: {mark}", article.slug);
        }
    }
}

#[test]
fn no_sentence_is_told_twice_but_in_wire_copy() {
    let mut seen = BTreeSet::new();
    for article in articles().iter().filter(|article| !is_wire_copy(article)) {
        for sentence in article.text().split(['.', '?', '!', '\n', '”', '“', '"']) {
            let sentence = sentence.trim().to_lowercase();
            if 5 < words(&sentence) {
                assert!(seen.insert(sentence.clone()), "{}: {sentence}", article.slug);
            }
        }
    }
}

#[test]
fn wire_copy_stands_nearly_word_for_word_in_three_outlets() {
    let copies: Vec<_> = articles().into_iter().filter(is_wire_copy).collect();
    let outlets: BTreeSet<_> = copies.iter().map(|copy| copy.outlet.key).collect();
    assert_eq!((copies.len(), outlets.len()), (3, 3));
    let sentences = |article: &Article| -> BTreeSet<String> {
        article.text().split(['.', '\n']).map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
    };
    let first = sentences(&copies[0]);
    for copy in &copies[1..] {
        let own = sentences(copy);
        let shared = first.intersection(&own).count();
        assert!(3 * own.len() < 4 * shared, "{}: {shared} of {}", copy.slug, own.len());
    }
}

#[test]
fn there_is_as_much_to_read_as_the_demo_promises() {
    let articles = articles();
    let foreign = articles.iter().filter(|article| article.outlet.language != "en").count();
    let follow_ups = happenings().iter().filter(|it| 1 < it.len()).count();
    assert!(64 <= articles.len() && 8 <= foreign, "{} articles, {foreign} foreign", articles.len());
    assert!(12 <= follow_ups && 3 <= happenings().len() - follow_ups);
    assert_eq!(happenings().iter().map(Vec::len).sum::<usize>(), articles.len());
    assert_eq!(articles.iter().filter(|article| article.first_title.is_some()).count(), 1);
}

#[test]
fn look_alikes_are_two_happenings() {
    let known: BTreeSet<_> = articles().iter().map(|article| article.happening).collect();
    for (one, other) in look_alikes() {
        assert!(one != other && known.contains(one) && known.contains(other));
    }
}

#[test]
fn readers_speak_of_what_there_is() {
    let articles = articles();
    let all =
        articles.iter().map(|it| format!("{} {}", it.title, it.text())).collect::<String>().to_lowercase();
    for reader in readers() {
        for signal in &reader.history {
            let article = articles.iter().find(|article| article.slug == signal.slug);
            let article = article.unwrap_or_else(|| panic!("{}: no article {}", reader.name, signal.slug));
            let at = Timestamp(NOW.0 - (signal.hours_ago * 3600.0) as i64);
            assert!(article.published < at, "{} read {} before it was there", reader.name, signal.slug);
        }
        for target in reader.follows.iter().map(|follow| &follow.target).chain(&reader.mutes) {
            match target {
                DemoTarget::Outlet(key) => assert!(outlets().iter().any(|outlet| outlet.key == *key)),
                DemoTarget::Name(it) | DemoTarget::Words(it) => {
                    assert!(all.contains(&it.to_lowercase()), "{it}")
                }
            }
        }
    }
}

#[test]
fn links_and_pictures_lead_somewhere() {
    let articles = articles();
    for article in &articles {
        if let Some(picture) = &article.picture {
            assert!(crate::picture::png(picture.scene).is_some(), "{}: {}", article.slug, picture.scene);
        }
        for block in &article.body {
            for part in block.texts().into_iter().flat_map(|text| text.split("](").skip(1)) {
                let slug = part.split(')').next().unwrap_or_default();
                assert!(articles.iter().any(|other| other.slug == slug), "{}: {slug}", article.slug);
            }
        }
    }
}

#[tokio::test]
async fn every_feed_names_every_article_of_its_outlet() {
    for outlet_ in outlets() {
        let feed = text(&outlet(outlet_.key), outlet_.feed_path).await;
        for article in articles().iter().filter(|article| article.outlet == outlet_) {
            let address = format!("http://demo.example{}", outlet_.path_of(article.slug));
            assert!(feed.contains(&address), "{}: {address}", outlet_.key);
        }
    }
}

#[tokio::test]
async fn every_feed_is_read_by_others_as_it_was_meant() {
    for outlet_ in outlets() {
        let feed = text(&outlet(outlet_.key), outlet_.feed_path).await;
        let feed = feed_rs::parser::parse(feed.as_bytes()).expect("a feed");
        let own: Vec<_> = articles().into_iter().filter(|article| article.outlet == outlet_).collect();
        assert_eq!(feed.entries.len(), own.len(), "{}", outlet_.key);
        for article in own {
            let title = article.first_title.as_ref().unwrap_or(&article.title);
            let entry =
                feed.entries.iter().find(|entry| entry.title.as_ref().is_some_and(|it| it.content == *title));
            let entry = entry.unwrap_or_else(|| panic!("{}: {title}", outlet_.key));
            assert_eq!(entry.published.map(|at| at.timestamp()), Some(article.published.0), "{title}");
            assert_eq!(entry.authors.len(), article.by.len(), "{title}");
        }
    }
}

#[tokio::test]
async fn every_feed_is_read_by_us_without_a_complaint() {
    for outlet_ in outlets() {
        let feed = text(&outlet(outlet_.key), outlet_.feed_path).await;
        let address = format!("http://demo.example{}", outlet_.feed_path);
        let body = parse::Body { address: &address, content_type: None, bytes: feed.as_bytes() };
        let parsed = parse::parse(&body, NOW).expect("a feed");
        assert_eq!(parsed.troubles, [], "{}", outlet_.key);
        assert_eq!(parsed.title.as_deref(), Some(outlet_.name));
        let read: BTreeSet<_> = parsed.entries.iter().map(|it| (it.url.clone(), it.at)).collect();
        let own = articles().into_iter().filter(|article| article.outlet == outlet_);
        let own = own
            .map(|it| (Some(format!("http://demo.example{}", outlet_.path_of(it.slug))), Some(it.published)));
        assert_eq!(read, own.collect(), "{}", outlet_.key);
    }
}

#[tokio::test]
async fn a_feed_of_whole_articles_holds_them() {
    for outlet_ in outlets().iter().filter(|outlet| outlet.full_text) {
        let feed = text(&outlet(outlet_.key), outlet_.feed_path).await;
        let feed = feed_rs::parser::parse(feed.as_bytes()).expect("a feed");
        let all =
            feed.entries.iter().filter_map(|entry| entry.content.as_ref()?.body.clone()).collect::<String>();
        for article in articles().iter().filter(|article| article.outlet == outlet_) {
            let last = article.body.last().and_then(|block| block.texts().last().map(|text| escape(text)));
            assert!(last.is_some_and(|last| all.contains(&last)), "{}", article.slug);
        }
    }
}

#[tokio::test]
async fn every_page_holds_the_whole_text() {
    for outlet_ in outlets() {
        let asked = outlet(outlet_.key);
        for article in articles().iter().filter(|article| article.outlet == outlet_) {
            let page = text(&asked, &outlet_.path_of(article.slug)).await;
            let pieces = article.body.iter().flat_map(|block| block.texts());
            for piece in pieces.filter(|text| !text.contains("](")) {
                assert!(page.contains(&escape(piece)), "{}: {piece}", article.slug);
            }
        }
    }
}

#[tokio::test]
async fn front_pages_say_where_the_feed_is() {
    for outlet_ in outlets() {
        let page = text(&outlet(outlet_.key), "/").await;
        assert!(
            page.contains("rel=\"alternate\"") && page.contains(&format!("href=\"{}\"", outlet_.feed_path))
        );
    }
}

#[tokio::test]
async fn an_unchanged_feed_is_not_sent_again() {
    let ledger = outlet("ledger");
    let first = ask(&ledger, "/atom.xml", None).await;
    for (asked, told) in [("if-none-match", header::ETAG), ("if-modified-since", header::LAST_MODIFIED)] {
        let value = first.headers()[told].to_str().expect("text");
        let again = ask(&ledger, "/atom.xml", Some((asked, value))).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{asked}");
    }
    let other = ask(&ledger, "/atom.xml", Some(("if-none-match", "\"else\""))).await;
    assert_eq!(other.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_headline_is_edited_after_the_first_look() {
    let edited = articles().into_iter().find(|article| article.first_title.is_some()).expect("one");
    let outlet_ = outlet(edited.outlet.key);
    let (before, after) = (escape(edited.first_title.as_deref().unwrap_or_default()), escape(&edited.title));
    let first = text(&outlet_, edited.outlet.feed_path).await;
    let second = text(&outlet_, edited.outlet.feed_path).await;
    assert!(first.contains(&before) && !first.contains(&after));
    assert!(second.contains(&after) && !second.contains(&before));
}

#[tokio::test]
async fn ill_addresses_answer_as_announced() {
    for (key, path, status) in [
        ("courier", "/rss.php", 301),
        ("strandline", "/rss/podcasts.xml", 404),
        ("gazette", "/farming.rss", 410),
        ("gazette", "/whats-on.htm", 200),
    ] {
        assert_eq!(ask(&outlet(key), path, None).await.status(), status, "{path}");
    }
}

#[tokio::test]
async fn pictures_are_png() {
    let answer = ask(&outlet("courier"), "/media/ferry.png", None).await;
    let bytes = to_bytes(answer.into_body(), 1_000_000).await.expect("a body");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.ends_with(b"IEND\xae\x42\x60\x82"));
}
