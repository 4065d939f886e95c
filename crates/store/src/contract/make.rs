//! Small things to put into a store, and the ways in which tests look at it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use news::*;

use crate::*;

pub type Test = fn(House) -> Pin<Box<dyn Future<Output = ()>>>;

/// The model of the understandings.
pub const BUILT_IN: &str = "test-1";
pub const NOW: Timestamp = Timestamp(1_700_000_000);

pub fn at(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds)
}

/// A store and what it takes to bring something all the way through it.
#[derive(Clone)]
pub struct House {
    pub store: Arc<dyn Store>,
}

pub fn on_sqlite(test: Test) {
    run(crate::sqlite::open_in_memory().unwrap(), test);
}

/// In a schema of the test's own, where `DATABASE_URL` or `TIDINGS_TEST_POSTGRES` names a PostgreSQL.
pub fn on_postgres(name: &str, test: Test) {
    let Some(url) = ["TIDINGS_TEST_POSTGRES", "DATABASE_URL"].iter().find_map(|it| std::env::var(it).ok())
    else {
        return testkit::skip("no PostgreSQL (set TIDINGS_TEST_POSTGRES=postgres://…)");
    };
    let schema = format!("t{:x}", crate::rows::hash(name));
    let mut client = ::postgres::Client::connect(&url, ::postgres::NoTls).unwrap();
    let anew = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    client.batch_execute(&anew).unwrap();
    let separator = if url.contains('?') { '&' } else { '?' };
    run(crate::postgres::open(&format!("{url}{separator}options=-csearch_path%3D{schema}")).unwrap(), test);
    client.batch_execute(&format!("DROP SCHEMA {schema} CASCADE")).unwrap();
}

pub fn run(store: Arc<dyn Store>, test: Test) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(test(House { store: store.clone() }));
}

pub fn published(title: &str, url: &str, content: &str) -> Published {
    Published {
        guid: url.into(),
        url: Some(url.into()),
        title: title.into(),
        summary: format!("<p>{title} &amp; more</p>"),
        content: content.into(),
        categories: vec!["world".into()],
        at: Some(at(-60)),
        ..Published::default()
    }
}

pub fn new_entry(url: &str, title: &str) -> NewEntry {
    NewEntry {
        identity: url.into(),
        fingerprint: rows_hash(title),
        published: published(title, url, &format!("<p>{title}</p>")),
    }
}

fn rows_hash(text: &str) -> i64 {
    crate::rows::hash(text) as i64
}

pub fn refreshed(source: SourceId, added: Vec<NewEntry>) -> Refreshed {
    Refreshed {
        source,
        title: Some("The Example".into()),
        site: None,
        language: Some(Language("en".into())),
        new_address: None,
        added,
        changed: Vec::new(),
        health: Health {
            next_due: at(3600),
            due_because: "publishes every hour".into(),
            ..Health::default()
        },
        mailing: None,
    }
}

pub fn extracted(address: &str, title: &str, text: &str) -> Extracted {
    Extracted {
        address: address.into(),
        title: title.into(),
        authors: vec![Author { name: "Jane Roe".into(), kind: AuthorKind::Person }],
        body: SafeHtml::vouched_for(format!("<p>{text}</p>")),
        text: text.into(),
        completeness: Completeness::Full,
        links: vec!["https://elsewhere.example/".into()],
        picture: Some(Picture {
            url: "https://a.example/p.jpg".into(),
            width: Some(3),
            ..Picture::default()
        }),
        ..Extracted::default()
    }
}

pub fn person(name: &str) -> Name {
    Name { text: name.into(), kind: NameKind::Person }
}

/// A direction of 64 places that leans to this one.
pub fn direction(place: usize) -> Embedding {
    let values: Vec<f32> = (0..64).map(|n| if n / 8 == place { 1.0 } else { -0.2 }).collect();
    Embedding::of(&values).by(Model::named(BUILT_IN))
}

pub fn understanding(names: &[Name], place: usize, text: &str) -> Understanding {
    Understanding {
        model: BUILT_IN.into(),
        language: Language("en".into()),
        embedding: direction(place),
        names: names.to_vec(),
        topics: vec![Topic("world/europe".into())],
        terms: vec![Term::new(7, 1.0, true), Term::new(90_000, 2.5, false), Term::new(u32::MAX, 1.0, false)],
        numbers: vec![3, 500, 70_000],
        shingles: (0..32).map(|n| crate::rows::hash(&format!("{n} {text}")) as u32).collect(),
    }
}

impl House {
    pub async fn source(&self, address: &str) -> SourceId {
        let new = NewSource {
            address: address.into(),
            kind: SourceKind::Feed,
            title: None,
            site: None,
            language: None,
        };
        self.store.add_source(&new, NOW).await.unwrap()
    }

    pub async fn reader_following(&self, name: &str, sources: &[SourceId]) -> ReaderId {
        let reader = self.store.add_reader(name, NOW).await.unwrap().id;
        for &source in sources {
            self.follow(reader, Target::Source(source)).await;
        }
        reader
    }

    pub async fn follow(&self, reader: ReaderId, target: Target) -> Follow {
        let new = NewFollow::new(target, Stance::Follow(Weight::More));
        self.store.add_follow(reader, &new, NOW).await.unwrap()
    }

    pub async fn claim(&self, stage: Stage) -> Vec<Task> {
        self.store.claim(stage, 100, 100, NOW).await.unwrap()
    }

    /// The refresh task of this source.
    pub async fn due(&self, source: SourceId) -> Task {
        self.store.refresh_now(source, NOW).await.unwrap();
        let mut tasks = self.claim(Stage::Refresh).await;
        let place = tasks.iter().position(|task| task.about == source.0).unwrap();
        let task = tasks.swap_remove(place);
        self.store.give_back(tasks).await.unwrap();
        task
    }

    /// The source publishes these; answers how many parts were recorded.
    pub async fn publishes(&self, source: SourceId, entries: &[(&str, &str)]) -> usize {
        let task = self.due(source).await;
        let added = entries.iter().map(|(url, title)| new_entry(url, title)).collect();
        self.store.record_refreshed(vec![(task, refreshed(source, added))], NOW).await.unwrap()
    }

    /// Entries become articles of the same address and title.
    pub async fn extract_all(&self) {
        let tasks = self.claim(Stage::Extract).await;
        let found = self.store.entries_to_extract(&tasks).await.unwrap();
        let decisions = found
            .into_iter()
            .map(|(task, it)| {
                let address = it.entry.published.url.clone().unwrap_or_default();
                let title = &it.entry.published.title;
                let article = extracted(&address, title, &format!("{title}. It was so."));
                (task, it.entry.id, ArticleDecision::Article(Box::new(article)))
            })
            .collect();
        self.store.record_articles(decisions, NOW).await.unwrap();
    }

    /// Articles are understood by the words of their titles: capitalised pairs are names.
    pub async fn understand_all(&self) {
        let tasks = self.claim(Stage::Understand).await;
        let found = self.store.articles_to_understand(&tasks).await.unwrap();
        let understood = found.into_iter().map(|(task, it)| {
            let words: Vec<&str> = it.extracted.title.split_whitespace().collect();
            let upper = |word: &str| word.starts_with(char::is_uppercase);
            let names: Vec<Name> = words
                .windows(2)
                .filter(|pair| upper(pair[0]) && upper(pair[1]))
                .map(|pair| person(&pair.join(" ")))
                .collect();
            (task, it.id, understanding(&names, it.extracted.title.len() % 8, &it.extracted.text))
        });
        self.store.record_understandings(understood.collect(), NOW).await.unwrap();
    }

    /// Places each article by itself, or all together in the story of the first.
    pub async fn place_all(&self, together: bool) -> Vec<StoryId> {
        let tasks = self.claim(Stage::Cluster).await;
        let found = self.store.sketches_to_place(&tasks).await.unwrap();
        let mut placements: Vec<(Task, Placement, Vec<Mending>)> = Vec::new();
        for (task, sketch) in found {
            let story = match placements.first() {
                Some((_, first, _)) if together => first.story,
                _ => StoryId(sketch.article.0),
            };
            let articles = if together { placements.len() as u32 + 1 } else { 1 };
            placements.push((task, placement(&sketch, story, articles), Vec::new()));
        }
        let stories = placements.iter().map(|(_, it, _)| it.story).collect();
        self.store.record_placements(placements, NOW).await.unwrap();
        stories
    }

    /// What was placed and mended so far: the titles placed with their stories, and `from > to` for each mending.
    pub async fn history(&self, lately: Lately, at_most: usize) -> Vec<String> {
        let (mut told, mut upto) = (Vec::new(), Upto::default());
        loop {
            let page = self.store.history_after(upto, lately, at_most).await.unwrap();
            told.extend(page.steps.iter().map(|step| match step {
                Step::Placed(it) => format!("{} in {}", it.sketch.title, it.story),
                Step::Mended(it) => match &**it {
                    Mending::Join { story, gone, .. } => format!("{gone} > {story}"),
                    Mending::Split { story, into, .. } => format!("{story} > {into}"),
                },
            }));
            upto = page.upto;
            if !page.more {
                return told;
            }
        }
    }

    /// The second becomes a part of the first.
    pub async fn joins(&self, story: StoryId, gone: StoryId) {
        self.joins_bringing(story, gone, 1).await;
    }

    /// With so many things that the first had not told.
    pub async fn joins_bringing(&self, story: StoryId, gone: StoryId, facts: u32) {
        let mut face = self.store.story(story).await.unwrap().face;
        face.articles += self.store.story(gone).await.unwrap().face.articles;
        let evidence = vec![Evidence { ground: "words".into(), says: "alike".into(), part: 2.0 }];
        self.mends(Mending::Join { story, gone, likeness: 0.9, evidence, facts, face: Box::new(face) }).await;
    }

    /// The article, with a later one if there are two, leaves the story.
    pub async fn splits(&self, story: StoryId, articles: &[ArticleId]) -> StoryId {
        let mut face = self.store.story(story).await.unwrap().face;
        face.articles -= articles.len() as u32;
        let into = StoryId(articles[0].0);
        let new_face = Face {
            lead: articles[0],
            headline: "Apart".into(),
            articles: articles.len() as u32,
            ..face.clone()
        };
        let (face, new_face) = (Box::new(face), Box::new(new_face));
        self.mends(Mending::Split {
            story,
            into,
            articles: articles.to_vec(),
            evidence: vec![Evidence { ground: "words".into(), says: "nothing alike".into(), part: 0.0 }],
            face,
            new_face,
        })
        .await;
        into
    }

    /// Behind the placement of one more article.
    async fn mends(&self, mending: Mending) {
        let source = self.source("https://elsewhere.example/feed").await;
        let number = self.store.counts().await.unwrap().articles;
        let address = format!("https://elsewhere.example/{number}");
        self.publishes(source, &[(&address, &format!("Further {number}"))]).await;
        self.extract_all().await;
        self.understand_all().await;
        let tasks = self.claim(Stage::Cluster).await;
        let (task, sketch) = self.store.sketches_to_place(&tasks).await.unwrap().remove(0);
        let placement = placement(&sketch, StoryId(sketch.article.0), 1);
        self.store.record_placements(vec![(task, placement, vec![mending])], NOW).await.unwrap();
    }

    /// All the way through; answers the stories.
    pub async fn brings(&self, source: SourceId, entries: &[(&str, &str)], together: bool) -> Vec<StoryId> {
        self.publishes(source, entries).await;
        self.extract_all().await;
        self.understand_all().await;
        self.place_all(together).await
    }

    pub async fn acts(&self, reader: ReaderId, story: StoryId, kind: SignalKind) -> SignalId {
        let signal = Signal {
            id: SignalId(0),
            reader,
            story,
            article: None,
            edition: None,
            at: NOW,
            kind,
            device: "web".into(),
        };
        self.store.record_signals(&[signal]).await.unwrap()[0]
    }

    pub async fn titles(&self, reader: ReaderId, filter: EntryFilter) -> Vec<String> {
        let heads = self.store.entries(reader, &filter, None, 100).await.unwrap();
        heads.into_iter().map(|head| head.title).collect()
    }

    /// What one way of finding finds.
    pub async fn found(
        &self,
        reader: ReaderId,
        how: Retrieval,
        since: Timestamp,
        at_most: usize,
    ) -> Vec<std::sync::Arc<StorySketch>> {
        let mut found = self.store.retrieve(reader, &[(how, at_most)], since).await.unwrap();
        let (by, stories) = found.remove(0);
        assert_eq!((by, found.len()), (how, 0));
        stories
    }

    pub async fn finds(&self, query: &str) -> Vec<String> {
        self.store.search(query, None, 100).await.unwrap().into_iter().map(|found| found.title).collect()
    }
}

pub fn placement(sketch: &Sketch, story: StoryId, articles: u32) -> Placement {
    let began = story.0 == sketch.article.0;
    let ground = |ground: &str, says: &str| Evidence { ground: ground.into(), says: says.into(), part: 1.5 };
    let evidence = vec![ground("names", "both name it"), ground("same text", "some of the text is the same")];
    Placement {
        article: sketch.article,
        story,
        likeness: if began { 1.0 } else { 0.8 },
        evidence: if began { Vec::new() } else { evidence },
        facts: 1,
        face: Face {
            headline: sketch.title.clone(),
            lead: sketch.article,
            standfirst: None,
            picture: sketch.picture.clone(),
            language: Some(sketch.understanding.language.clone()),
            began: sketch.at,
            last_grew: NOW,
            articles,
            outlets: articles,
            centre: sketch.understanding.embedding.clone(),
            names: sketch.understanding.names.clone(),
            topics: sketch.understanding.topics.clone(),
            terms: sketch.understanding.terms.clone(),
        },
    }
}
