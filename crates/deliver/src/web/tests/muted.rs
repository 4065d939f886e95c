//! What is muted is nowhere: every route of the house is asked, whatever there is to be asked for.

use news::*;
use store::NewFollow;

use super::{
    super::render::encoded,
    world::{Draft, NOW, bring, bring_many, name, source},
    *,
};

/// Stands in everything that the muted article says, and in nothing else.
const CANARY: &str = "Zwanariko";

/// A house in which the canary was everywhere, before it was muted.
struct World {
    store: Arc<dyn Store>,
    pages: Router,
    app: Arc<App>,
    reader: ReaderId,
    sources: Vec<SourceId>,
    articles: Vec<ArticleId>,
    stories: Vec<StoryId>,
    editions: Vec<EditionId>,
    feeds: Vec<String>,
}

impl World {
    /// With the canary told alone, or beside others in one story.
    async fn with(canary: Draft, in_a_story_with_others: bool) -> World {
        let (store, pages, app) = house();
        let reader = store.add_reader("me", NOW).await.expect("a reader").id;
        let (good, bad) =
            (source(&*store, reader, "good.example").await, source(&*store, reader, "bad.example").await);
        let harbour = Draft {
            title: "Harbour council votes on the new ferry",
            author: "Ada Good",
            names: &["Harbour", "Ferry"],
            topic: "politics",
            at_the_end: "",
            story: None,
        };
        let first = bring(&*store, good, &harbour).await;
        let draft = Draft { story: in_a_story_with_others.then_some(first.1), ..canary };
        let second = bring(&*store, bad, &draft).await;
        let follow = NewFollow::new(Target::Name(name("Harbour")), Stance::Follow(Weight::Always));
        let follow = app.follow(reader, &follow).await.expect("a follow");
        app.alert_of(reader, follow.id, true).await.expect("alerts");
        let told = app.look_for_alerts().await.expect("alerts");
        assert!(0 < told, "an alert of it stands before it is muted");
        let feeds = vec![
            app.open_feed(reader, None).await.expect("a feed"),
            app.open_feed(reader, Some(follow.id)).await.expect("a feed"),
        ];
        // What was read leaves headlines behind.
        let centre = Centre {
            direction: Embedding::of(&[1.0, 0.0, 0.0, 0.5]),
            weight: 3.0,
            example: draft.title.into(),
        };
        // It is why another is there.
        let example = Example {
            story: second.1,
            at: NOW,
            headline: draft.title.into(),
            direction: Embedding::of(&[1.0, 1.0, -1.0, 0.5]),
            words: vec![],
            liking: 2.0,
            pull: 1.0,
            by_hand: 0.0,
            position: None,
            about: vec![],
            shown_with: vec![],
        };
        let interests = Interests {
            centres: vec![centre],
            taste: example.direction.direction().collect(),
            examples: vec![example],
            ..Interests::default()
        };
        store.record_interests(None, reader, &interests, SignalId(0)).await.expect("interests");
        let edition = app.edition(reader, app::Freshness::Anew).await.expect("an edition").edition.id;
        let mut stories = vec![first.1, second.1];
        stories.dedup();
        World {
            store,
            pages,
            app,
            reader,
            sources: vec![good, bad],
            articles: vec![first.0, second.0],
            stories,
            editions: vec![edition],
            feeds,
        }
    }

    /// Every address of every route that can be looked at, read off the table of routes itself.
    fn addresses(&self) -> Vec<String> {
        let table = include_str!("../mod.rs");
        let routes = table.split(".route(\"").skip(1).filter_map(|it| it.split_once("\", "));
        let looked_at = routes.filter(|(_, handler)| handler.starts_with("get("));
        let ids = |ids: Vec<i64>| ids.into_iter().map(|it| it.to_string()).collect::<Vec<_>>();
        let mut all = Vec::new();
        for (route, _) in looked_at {
            let filled =
                match route.split_once('{').map(|(_, rest)| rest.split('}').next().unwrap_or_default()) {
                    None => vec![route.to_string()],
                    Some(what) => {
                        let values = match (route, what) {
                            (_, "edition") => ids(self.editions.iter().map(|it| it.0).collect()),
                            (_, "story") => ids(self.stories.iter().map(|it| it.0).collect()),
                            (_, "article") => ids(self.articles.iter().map(|it| it.0).collect()),
                            (_, "source") => ids(self.sources.iter().map(|it| it.0).collect()),
                            ("/feed/{name}", _) => self
                                .feeds
                                .iter()
                                .flat_map(|it| [format!("{it}.atom"), format!("{it}.json")])
                                .collect(),
                            ("/static/{name}", _) => vec!["style.css".into()],
                            _ => panic!("this test does not know what to ask for at {route}: add it here"),
                        };
                        values.iter().map(|it| route.replace(&format!("{{{what}}}"), it)).collect()
                    }
                };
            all.extend(filled);
        }
        let abouts = [
            "name:Harbour",
            "topic:politics",
            "situation:Harbour+Ferry",
            "author:Ada Good",
            "words:in short",
        ];
        all.extend(abouts.iter().map(|it| format!("/about?t={}", encoded(it))));
        for more in
            ["/newest?unread=1", "/newest?saved=1", "/by-source?unread=1", "/search?q=short", "/search?q=Roe"]
        {
            all.push(more.into());
        }
        all.extend(self.sources.iter().map(|it| format!("/newest?source={it}")));
        all.push(format!("/search?q={CANARY}"));
        all.push(format!("/pair?a={}&b={}", self.articles[0], self.articles[1]));
        all
    }

    /// Where it is to be seen, drawers left out: they are there to say what is hidden.
    async fn sightings(&self) -> Vec<String> {
        let mut seen = Vec::new();
        for address in self.addresses() {
            let (status, body) = ask(&self.pages, "GET", &address, &[], "").await;
            assert!(!status.is_server_error(), "{address}: {status}");
            let open = body.split("<details class=\"hidden\">").enumerate().map(|(n, part)| match n {
                0 => part,
                _ => part.split_once("</details>").map_or("", |(_, rest)| rest),
            });
            // What was typed into the search is there to be typed again.
            let body = open.collect::<String>().replace(&format!("value=\"{CANARY}\""), "");
            let body = body.replace(&format!("words:{CANARY}"), "");
            if body.contains(CANARY) {
                seen.push(address);
            }
        }
        seen
    }

    async fn mute(&self, mute: NewFollow) -> Follow {
        self.app.follow(self.reader, &mute).await.expect("a mute")
    }
}

fn muting(target: Target) -> NewFollow {
    NewFollow::new(target, Stance::Mute { except_big: false, in_text: false })
}

const TOLD: Draft = Draft {
    title: "Zwanariko: ferry captain at the Harbour sells gossip",
    author: "Zed Bad",
    names: &["Harbour", "Max Gossip"],
    topic: "gossip/boats",
    at_the_end: "By then Olga Quibble had ordered the barnacle soup.",
    story: None,
};

async fn check(kind: &str, target: impl Fn(&World) -> Target, aliases: &[&str]) {
    check_mute(kind, |world| NewFollow {
        aliases: aliases.iter().map(|it| it.to_string()).collect(),
        ..muting(target(world))
    })
    .await;
}

async fn check_mute(kind: &str, mute: impl Fn(&World) -> NewFollow) {
    for with_others in [false, true] {
        let world = World::with(TOLD, with_others).await;
        let before = world.sightings().await;
        assert!(9 < before.len(), "the canary sang nowhere, so nothing is tried: {before:?}");
        let mute = world.mute(mute(&world)).await;
        let after = world.sightings().await;
        assert!(after.is_empty(), "{kind} (with others: {with_others}) is muted and is seen at {after:?}");
        // It can be looked at by whoever wants to, and is back when the mute is gone.
        let anyway = format!("/article/{}?anyway=1", world.articles[1]);
        assert!(ask(&world.pages, "GET", &anyway, &[], "").await.1.contains(CANARY), "{kind}");
        world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
        let back = world.sightings().await;
        assert!(before.iter().all(|it| back.contains(it)), "{kind} came back at {back:?} only");
    }
}

#[tokio::test]
async fn what_a_muted_source_says_is_nowhere() {
    check("source", |it| Target::Source(it.sources[1]), &[]).await;
}

#[tokio::test]
async fn what_names_a_muted_word_is_nowhere() {
    check("words", |_| Target::Words("sells gossip".into()), &[]).await;
    check("words by another name", |_| Target::Words("balderdash".into()), &["captain"]).await;
}

/// A mute that looks into texts.
fn in_texts(target: Target) -> NewFollow {
    NewFollow::new(target, Stance::Mute { except_big: false, in_text: true })
}

/// Of the canary's article only the end of its text says so.
fn said_at_the_end() -> Vec<(&'static str, NewFollow)> {
    let by_another_name =
        NewFollow { aliases: vec!["Barnacle soup".into()], ..in_texts(Target::Name(name("Chowder"))) };
    vec![
        ("words in the text", in_texts(Target::Words("barnacle SOUP".into()))),
        ("a name that nobody found", in_texts(Target::Name(name("Olga Quibble")))),
        ("a situation", in_texts(Target::Situation(vec![name("Quibble"), name("Barnacle Soup")]))),
        ("another name", by_another_name),
    ]
}

#[tokio::test]
async fn what_says_it_in_its_text_only_is_nowhere_where_a_mute_looks_into_texts() {
    for (kind, mute) in said_at_the_end() {
        check_mute(kind, |_| mute.clone()).await;
    }
    check_mute("words in the text, in one source", |world| NewFollow {
        place: Place::Within(Target::Source(world.sources[1])),
        ..in_texts(Target::Words("barnacle soup".into()))
    })
    .await;
}

#[tokio::test]
async fn a_text_hides_nothing_where_a_mute_looks_in_headlines_or_elsewhere() {
    for with_others in [false, true] {
        let world = World::with(TOLD, with_others).await;
        // What a search shows of a text is looked at like a summary.
        let seen = async || {
            let mut seen = world.sightings().await;
            seen.retain(|it| !it.starts_with("/search"));
            seen
        };
        let before = seen().await;
        let good = Place::Within(Target::Source(world.sources[0]));
        for (kind, mute) in said_at_the_end() {
            let headlines =
                NewFollow { stance: Stance::Mute { except_big: false, in_text: false }, ..mute.clone() };
            for mute in [headlines, NewFollow { place: good.clone(), ..mute }] {
                let mute = world.mute(mute).await;
                assert_eq!(seen().await, before, "{kind}: {mute:?}");
                world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
            }
        }
        // All of its words, but not one after the other; and nothing at all.
        for words in ["soup barnacle", "barnacle stew", "—"] {
            let mute = world.mute(in_texts(Target::Words(words.into()))).await;
            assert_eq!(seen().await, before, "{words}");
            world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
        }
    }
}

#[tokio::test]
async fn what_was_split_off_is_not_named_when_it_is_muted() {
    let world = World::with(TOLD, true).await;
    world.app.split(world.reader, world.stories[0], &[world.articles[1]], false).await.expect("split");
    let address = format!("/story/{}", world.stories[0]);
    let said = async || ask(&world.pages, "GET", &address, &[], "").await.1;
    assert!(said().await.contains(CANARY), "it says what was split off");
    for mute in [in_texts(Target::Words("barnacle soup".into())), muting(Target::Source(world.sources[1]))] {
        let mute = world.mute(mute).await;
        assert!(!said().await.contains(CANARY), "{mute:?}");
        world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
    }
}

#[tokio::test]
async fn where_a_mute_of_words_looks_is_asked_in_its_form_and_told_in_the_drawer() {
    let world = World::with(TOLD, false).await;
    for (target, look_in, tag) in [
        ("words:barnacle+soup", "", "muted, in texts too"),
        ("words:barnacle+soup", "headlines", "muted"),
        // What was chosen stays until something else is.
        ("words:barnacle+soup", "", "muted"),
        ("Olga+Quibble", "", "muted"),
        ("Olga+Quibble", "text", "muted, in texts too"),
        ("words:captain", "", "muted, in texts too"),
    ] {
        let form = format!("target={target}&stance=mute&look_in={look_in}");
        assert_eq!(ask(&world.pages, "POST", "/follows/add", &[], &form).await.0, StatusCode::SEE_OTHER);
        let (_, page) = ask(&world.pages, "GET", "/follows", &[], "").await;
        let text = target.trim_start_matches("words:").replace('+', " ");
        let row = page.split("<li>").find(|it| it.contains("/remove") && it.contains(&text)).expect("it");
        assert!(row.contains(&format!("<span class=\"tag\">{tag}</span>")), "{target} {look_in}: {row}");
    }
    let (_, front) = ask(&world.pages, "GET", "/", &[], "").await;
    let drawer = front.split("<details class=\"hidden\">").nth(1).expect("a drawer");
    assert!(!drawer.contains("its text says"), "the headline says captain: {drawer}");
    let form = |stance| format!("target=words:captain&stance={stance}&days=");
    ask(&world.pages, "POST", "/follows/add", &[], &form("more")).await;
    let (_, front) = ask(&world.pages, "GET", "/", &[], "").await;
    let drawer = front.split("<details class=\"hidden\">").nth(1).expect("a drawer");
    assert!(drawer.contains("because you mute Olga Quibble, which its text says"), "{drawer}");
}

#[tokio::test]
async fn an_edition_is_as_long_as_asked_whatever_turns_out_to_be_muted_late() {
    let world = World::with(TOLD, false).await;
    let titles: Vec<String> = (0..24)
        .map(|n| format!("Harbour news, part {n}{}", if n % 2 == 0 { ", at the pier" } else { "" }))
        .collect();
    for title in &titles {
        let draft = Draft {
            title: Box::leak(title.clone().into_boxed_str()),
            at_the_end: if title.len() % 3 == 0 { "There was barnacle soup." } else { "" },
            names: &["Harbour"],
            ..TOLD
        };
        bring(&*world.store, world.sources[0], &draft).await;
    }
    let settings = ReaderSettings { edition_length: 5, explore: 0.0, ..ReaderSettings::default() };
    world.store.save_settings(world.reader, &settings).await.expect("settings");
    let composed = async || {
        let page = world.app.edition(world.reader, app::Freshness::Anew).await.expect("an edition");
        let told = |it: &Slot| page.stories[&it.story].face.headline.clone();
        (page.edition.slots.iter().map(told).collect::<Vec<_>>(), page.edition.hidden.len())
    };
    assert_eq!(composed().await.0.len(), 5);
    world.mute(in_texts(Target::Words("barnacle soup".into()))).await;
    let within = Place::Within(Target::Name(name("Harbour")));
    world.mute(NewFollow { place: within, ..muting(Target::Words("at the pier".into())) }).await;
    let (shown, hidden) = composed().await;
    assert_eq!(shown.len(), 5, "{shown:?}");
    assert!(shown.iter().all(|it| !it.contains("pier") && it.len() % 3 != 0), "{shown:?}");
    assert!(0 < hidden);
    // As it stands, it is the same.
    let page = world.app.edition(world.reader, app::Freshness::AsItStands).await.expect("an edition");
    assert_eq!((page.edition.slots.len(), page.edition.hidden.len()), (5, hidden));
}

#[tokio::test]
async fn what_is_about_a_muted_name_topic_or_situation_is_nowhere() {
    check("name", |_| Target::Name(name("Max Gossip")), &["captain"]).await;
    check("topic", |_| Target::Topic(Topic("gossip".into())), &["captain"]).await;
    check("situation", |_| Target::Situation(vec![name("Captain"), name("Harbour")]), &[]).await;
}

#[tokio::test]
async fn what_a_muted_author_wrote_is_nowhere() {
    check("author", |_| Target::Author("Zed Bad".into()), &[]).await;
}

#[tokio::test]
async fn a_muted_story_is_nowhere() {
    check("story", |it| Target::Story(*it.stories.last().expect("a story")), &[]).await;
}

#[tokio::test]
async fn the_drawer_says_what_is_hidden_and_why_and_gives_it_back() {
    let world = World::with(TOLD, false).await;
    let mute = world.mute(muting(Target::Words("sells gossip".into()))).await;
    let (_, front) = ask(&world.pages, "GET", "/", &[], "").await;
    let drawer = front.split("<details class=\"hidden\">").nth(1).expect("a drawer");
    assert!(drawer.contains("Hidden today: 1") && drawer.contains(CANARY), "{drawer}");
    assert!(drawer.contains("sells gossip") && drawer.contains(&format!("/follows/{}/remove", mute.id)));
    let (_, told) = ask(&world.pages, "POST", &format!("/follows/{}/remove", mute.id), &[], "return=/").await;
    let (_, back) = ask(&world.pages, "GET", &told, &[], "").await;
    assert!(back.contains(CANARY) && back.contains(&format!("/follows/{}/restore", mute.id)));
    ask(&world.pages, "POST", &format!("/follows/{}/restore", mute.id), &[], "return=/").await;
    assert!(world.sightings().await.is_empty(), "taken back, and taken back again");
}

#[tokio::test]
async fn a_mute_can_hold_in_one_place_only() {
    let world = World::with(TOLD, false).await;
    let everywhere = world.sightings().await;
    let words = || muting(Target::Words("sells gossip".into()));
    let elsewhere =
        world.mute(NewFollow { place: Place::Within(Target::Source(world.sources[0])), ..words() }).await;
    assert_eq!(world.sightings().await, everywhere, "another source than that tells it");
    world.app.unfollow(world.reader, elsewhere.id).await.expect("unmuted");

    world.mute(NewFollow { place: Place::Within(Target::Name(name("Harbour"))), ..words() }).await;
    let left = world.sightings().await;
    let gone: Vec<&String> = everywhere.iter().filter(|it| !left.contains(it)).collect();
    assert!(
        gone.iter().all(|it| {
            it.contains("Harbour")
                || ["/feed/", "/edition/"].iter().any(|its| it.starts_with(its))
                || ["/", "/alerts"].contains(&it.as_str())
        }),
        "{gone:?}"
    );
    assert!(3 <= gone.len() && left.iter().any(|it| it == "/newest"), "{gone:?}");

    let of_source =
        world.mute(NewFollow { place: Place::Within(Target::Source(world.sources[1])), ..words() }).await;
    assert!(world.sightings().await.is_empty(), "only that source tells it");
    world.app.unfollow(world.reader, of_source.id).await.expect("unmuted");

    for (_, section) in app::SECTIONS {
        world.mute(NewFollow { place: Place::Section(section), ..words() }).await;
    }
    let left = world.sightings().await;
    // That another is there because they read it may be said: a reason stands in no section.
    let shown = world.app.edition(world.reader, app::Freshness::AsItStands).await.expect("an edition");
    assert!(shown.edition.slots.iter().all(|it| it.story != world.stories[1]), "{:?}", shown.edition.slots);
    assert!(left.iter().any(|it| it == "/newest"), "{left:?}");
}

/// What the two pages of a source say of how much is unread.
async fn unread(world: &World, source: SourceId) -> [String; 2] {
    let (_, list) = ask(&world.pages, "GET", "/sources", &[], "").await;
    let said = list.split(&format!("<a href=\"/source/{source}\">")).nth(1).expect("the source");
    let in_list = said.split("class=\"quiet\">").nth(1).and_then(|it| it.split(" of ").next()).expect("it");
    let (_, page) = ask(&world.pages, "GET", &format!("/source/{source}"), &[], "").await;
    let said = page.split("<dt>Entries</dt><dd>").nth(1).and_then(|it| it.split("</dd>").next()).expect("it");
    [in_list.into(), said.split_once(", ").expect("two numbers").1.into()]
}

#[tokio::test]
async fn what_is_muted_is_not_among_the_unread() {
    for with_others in [false, true] {
        let world = World::with(TOLD, with_others).await;
        let [good, bad] = [world.sources[0], world.sources[1]];
        let both = async || [unread(&world, good).await, unread(&world, bad).await];
        let says = |good: &str, bad: &str| [good, bad].map(|it| [it.to_string(), it.to_string()]);
        let words = Target::Words("sells gossip".into());
        // Words hide all of the story, also as the others tell it; sources and authors hide what is theirs.
        let others = if with_others { "0 unread" } else { "1 unread" };
        for (target, others) in [
            (words, others),
            (Target::Source(bad), "1 unread"),
            (Target::Author("Zed Bad".into()), "1 unread"),
            (Target::Story(world.stories[world.stories.len() - 1]), others),
        ] {
            assert_eq!(both().await, says("1 unread", "1 unread"), "before {target:?}");
            let mute = world.mute(muting(target)).await;
            assert_eq!(both().await, says(others, "0 unread"), "{:?}", mute.target);
            world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
            assert_eq!(both().await, says("1 unread", "1 unread"), "without {:?}", mute.target);
        }
    }
}

#[tokio::test]
async fn where_not_all_unread_are_looked_at_for_mutes_the_number_is_said_to_be_the_least() {
    let world = World::with(TOLD, false).await;
    let source = world.sources[0];
    bring_many(&*world.store, source, 1_200, |n| match n % 4 {
        0 => format!("Gossip number {n}"),
        _ => format!("Minutes of the council, part {n}"),
    })
    .await;
    assert_eq!(unread(&world, source).await, ["1201 unread", "1201 unread"]);
    let mute = world.mute(muting(Target::Words("gossip number".into()))).await;
    assert_eq!(unread(&world, source).await, ["at least 750 unread", "at least 750 unread"]);
    world.app.unfollow(world.reader, mute.id).await.expect("unmuted");
    assert_eq!(unread(&world, source).await, ["1201 unread", "1201 unread"]);
}

#[tokio::test]
async fn big_news_gets_through_where_the_reader_wishes_so() {
    let world = World::with(TOLD, true).await;
    let big = App { rank: rank::Policy { big: 2, ..rank::Policy::default() }, ..app_of(&world.store) };
    for (except_big, seen) in [(false, false), (true, true)] {
        let mute =
            NewFollow::new(Target::Words("sells gossip".into()), Stance::Mute { except_big, in_text: false });
        world.mute(mute).await;
        let story = big.story(world.reader, world.stories[0], app::Looking::AsMuted).await;
        assert_eq!(story.is_ok_and(|it| it.story.members.len() == 2), seen);
    }
}

#[tokio::test]
async fn a_mute_that_has_ended_hides_nothing() {
    let world = World::with(TOLD, true).await;
    let before = world.sightings().await;
    world.mute(NewFollow { until: Some(NOW), ..muting(Target::Words("sells gossip".into())) }).await;
    assert_eq!(world.sightings().await, before);
}
