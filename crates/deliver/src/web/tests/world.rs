//! Small things to put into a store, all the way through it, for tests of pages.

use news::*;
use store::{ArticleDecision, NewFollow, NewSource, Stage, Store};

pub const NOW: Timestamp = Timestamp(1_700_000_000);

/// Longer than what a search shows of a text.
const ON: &str = "More was said, and more again. ";

/// An article as a test wants it; each is of an outlet of its own.
#[derive(Clone, Default)]
pub struct Draft {
    pub title: &'static str,
    pub author: &'static str,
    pub names: &'static [&'static str],
    pub topic: &'static str,
    /// Stands at the end of its text, and nowhere else.
    pub at_the_end: &'static str,
    /// The story that it joins; one of its own otherwise.
    pub story: Option<StoryId>,
}

pub async fn source(store: &dyn Store, reader: ReaderId, host: &str) -> SourceId {
    let new = NewSource {
        address: format!("https://{host}/feed"),
        kind: SourceKind::Feed,
        title: Some(host.into()),
        site: None,
        language: None,
    };
    let source = store.add_source(&new, NOW).await.expect("a source");
    let follow = NewFollow::new(Target::Source(source), Stance::Follow(Weight::More));
    store.add_follow(reader, &follow, NOW).await.expect("a follow");
    source
}

pub fn name(text: &str) -> Name {
    Name { text: text.into(), kind: NameKind::Other }
}

fn refreshed(source: SourceId, title: &str, added: Vec<NewEntry>) -> Refreshed {
    let health = Health { next_due: NOW.after(std::time::Duration::from_secs(3600)), ..Health::default() };
    let language = Some(Language("en".into()));
    Refreshed { title: Some(title.into()), language, added, ..Refreshed::nothing(source, health) }
}

/// Many entries at once, which are nothing else yet.
pub async fn bring_many(
    store: &dyn Store,
    source: SourceId,
    how_many: usize,
    title: impl Fn(usize) -> String,
) {
    let entry = |n: usize| NewEntry {
        identity: format!("many:{n}"),
        fingerprint: n as i64,
        published: Published {
            guid: format!("many:{n}"),
            title: title(n),
            at: Some(NOW),
            ..Published::default()
        },
    };
    store.refresh_now(source, NOW).await.expect("due");
    let task = store.claim(Stage::Refresh, 99, 99, NOW).await.expect("tasks").remove(0);
    let all = refreshed(source, "many", (0..how_many).map(entry).collect());
    store.record_refreshed(vec![(task, all)], NOW).await.expect("recorded");
}

/// From the source to its story; answers where it is now.
pub async fn bring(store: &dyn Store, source: SourceId, draft: &Draft) -> (ArticleId, StoryId) {
    let claim = async |stage| store.claim(stage, 99, 99, NOW).await.expect("tasks").remove(0);
    let host = host_of(&store.source(source).await.expect("the source").address).expect("a host");
    let path: String = draft.title.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let address = format!("https://{host}/{path}");

    store.refresh_now(source, NOW).await.expect("due");
    let published = Published {
        guid: address.clone(),
        url: Some(address.clone()),
        title: draft.title.into(),
        summary: format!("{} in short", draft.title),
        authors: vec![draft.author.into()],
        at: Some(NOW),
        ..Published::default()
    };
    let added = vec![NewEntry { identity: address.clone(), fingerprint: 1, published }];
    let refreshed = refreshed(source, &host, added);
    store.record_refreshed(vec![(claim(Stage::Refresh).await, refreshed)], NOW).await.expect("recorded");

    let task = claim(Stage::Extract).await;
    let entry =
        store.entries_to_extract(std::slice::from_ref(&task)).await.expect("entries").remove(0).1.entry;
    let text = format!(
        "{0}. “{0} is so,” said Jane Roe of {host}. It went on for long. {1}{2}",
        draft.title,
        ON.repeat(12),
        draft.at_the_end
    );
    let extracted = Extracted {
        address,
        title: draft.title.into(),
        standfirst: Some(format!("More of {}.", draft.title)),
        key_points: vec![format!("Point: {}", draft.title)],
        authors: vec![Author { name: draft.author.into(), kind: AuthorKind::Person }],
        published: Some(NOW),
        language: Some(Language("en".into())),
        body: SafeHtml::vouched_for(format!("<p>{}</p>", draft.title)),
        text: text.clone(),
        picture: Some(Picture {
            url: format!("https://{host}/{path}.jpg"),
            caption: Some(draft.title.into()),
            ..Picture::default()
        }),
        ..Extracted::default()
    };
    let decision = ArticleDecision::Article(Box::new(extracted.clone()));
    store.record_articles(vec![(task, entry.id, decision)], NOW).await.expect("recorded");

    let task = claim(Stage::Understand).await;
    let article = ArticleId(task.about);
    let names: Vec<Name> = draft.names.iter().map(|it| name(it)).collect();
    let topics: Vec<Topic> =
        Some(draft.topic).filter(|it| !it.is_empty()).map(|it| Topic(it.into())).into_iter().collect();
    let direction = Embedding::of(&[1.0, article.0 as f32, -(article.0 as f32), 0.5]);
    let understanding = Understanding {
        model: "test".into(),
        language: Language("en".into()),
        embedding: direction.clone(),
        names: names.clone(),
        topics: topics.clone(),
        terms: Vec::new(),
        numbers: Vec::new(),
        shingles: vec![article.0 as u32; 32],
    };
    store.record_understandings(vec![(task, article, understanding)], NOW).await.expect("recorded");

    let story = draft.story.unwrap_or(StoryId(article.0));
    let mut face = Face {
        headline: draft.title.into(),
        lead: article,
        standfirst: extracted.standfirst,
        picture: extracted.picture,
        language: Some(Language("en".into())),
        began: NOW,
        last_grew: NOW,
        articles: 1,
        outlets: 1,
        centre: direction,
        names,
        topics,
        terms: Vec::new(),
    };
    if draft.story.is_some() {
        // The newest shows it, as the worst case: what it says is on the face of the whole story.
        let was = store.story(story).await.expect("the story").face;
        face.articles = was.articles + 1;
        face.outlets = was.outlets + 1;
        face.names.extend(was.names);
        face.topics.extend(was.topics);
    }
    let placement = Placement { article, story, likeness: 1.0, evidence: Vec::new(), facts: 1, face };
    store
        .record_placements(vec![(claim(Stage::Cluster).await, placement, Vec::new())], NOW)
        .await
        .expect("recorded");
    (article, story)
}
