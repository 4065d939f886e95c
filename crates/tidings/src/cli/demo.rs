//! `tidings demo`: a little internet and three readers of its own, read by the ordinary pipeline.

use std::{collections::HashMap, path::PathBuf, time::Duration};

use anyhow::{Context, Result};
use app::{Act, App, Freshness, NewFollow};
use deliver::words::Words;
use demo::{DemoReader, DemoTarget, Internet};
use news::{ArticleId, Name, NameKind, ReaderId, SourceId, Stance, Target};
use serde_json::json;
use store::Stage;

use super::{Out, ask, serve};
use crate::{
    config::{self, Flags},
    house::House,
    progress::Progress,
};

#[derive(clap::Args, Clone, Debug)]
pub struct Demo {
    /// Where the pages are served
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8700")]
    listen: std::net::SocketAddr,
    /// Gather everything, print the editions, and end
    #[arg(long)]
    once: bool,
    /// Keep the demo's data in that folder instead of one that is thrown away
    #[arg(long, value_name = "FOLDER")]
    keep: Option<PathBuf>,
}

impl Demo {
    pub async fn run(self, flags: Flags, out: &mut Out) -> Result<()> {
        let folder = Folder::new(self.keep)?;
        let flags = flags
            .with("data", folder.path.display())
            .with("database", "")
            .with("reader", demo::readers()[0].name)
            .with("fetch.allow_networks", "127.0.0.0/8")
            .with("fetch.pause_ms", 0)
            .with("server.listen", self.listen);
        let house = House::open(config::load(&flags)?)?;
        let internet =
            demo::serve(house.clocks.news.now()).await.context("cannot serve the little internet")?;
        let progress = Progress::new("Reading the little internet", 0, out.json);
        let readers = settle(&house, &internet).await?;
        house.run_until_quiet(&|done, total| progress.set(done, total)).await?;
        for (reader, demo) in &readers {
            live(&house, *reader, demo, &internet).await?;
        }
        house.run_until_quiet(&|_, _| ()).await?;
        let counts = house.store.counts().await?;
        progress.finish(&format!(
            "{} articles of {} outlets in {} stories, {} of them told by several",
            counts.articles,
            demo::outlets().len(),
            counts.stories,
            counts.grouped_stories
        ));
        if self.once {
            return print(&house, &readers, out).await;
        }
        let names: Vec<&str> = readers.iter().map(|(_, it)| it.name).collect();
        eprintln!(
            "Three readers live here: {}. Switch between them at the top of the page.",
            names.join(", ")
        );
        serve::serve(&house, &Stage::ALL, out).await
    }
}

/// The readers follow their outlets; nothing was read yet.
async fn settle(house: &House, internet: &Internet) -> Result<Vec<(ReaderId, DemoReader)>> {
    let now = house.clocks.news.now();
    let mut readers = Vec::new();
    let mut sources: HashMap<&str, SourceId> = HashMap::new();
    for demo in demo::readers() {
        let reader = house.store.add_reader(demo.name, now).await?.id;
        for follow in &demo.follows {
            if let DemoTarget::Outlet(key) = follow.target {
                let feed = internet.feeds.iter().find(|it| it.outlet.key == key);
                let feed = feed.with_context(|| format!("the little internet has no outlet {key}"))?;
                house.app.add(reader, &feed.address, follow.folder, true).await?;
                let added = house.app.sources(reader).await?;
                let added = added.iter().find(|it| it.source.address == feed.address);
                sources.insert(key, added.context("a source that was just added")?.source.id);
            }
        }
        for follow in &demo.follows {
            if !matches!(follow.target, DemoTarget::Outlet(_)) {
                ask_for(&house.app, reader, target(follow.target, &sources)?, Stance::Follow(follow.weight))
                    .await?;
            }
        }
        for mute in &demo.mutes {
            let target = target(*mute, &sources)?;
            let stance = Stance::Mute { except_big: false, in_text: app::looks_into_texts(&target) };
            ask_for(&house.app, reader, target, stance).await?;
        }
        readers.push((reader, demo));
    }
    // Somebody must show what a source in trouble looks like.
    if let Some((reader, _)) = readers.first() {
        for troubled in internet.troubled() {
            house.app.add(*reader, &troubled.address, Some("In trouble"), true).await?;
        }
    }
    Ok(readers)
}

fn target(target: DemoTarget, sources: &HashMap<&str, SourceId>) -> Result<Target> {
    Ok(match target {
        DemoTarget::Name(text) => Target::Name(Name { text: text.into(), kind: NameKind::Other }),
        DemoTarget::Words(words) => Target::Words(words.into()),
        DemoTarget::Outlet(key) => {
            Target::Source(*sources.get(key).context("an outlet that nobody follows")?)
        }
    })
}

async fn ask_for(app: &App, reader: ReaderId, target: Target, stance: Stance) -> Result<()> {
    app.follow(reader, &NewFollow::new(target, stance)).await?;
    Ok(())
}

/// What the reader did in the last days, noted as it happened.
async fn live(house: &House, reader: ReaderId, demo: &DemoReader, internet: &Internet) -> Result<()> {
    let app = &house.app;
    let now = app.now();
    let addresses: Vec<String> =
        demo.history.iter().filter_map(|it| internet.address_of(it.slug).and_then(news::canonical)).collect();
    let articles: HashMap<String, ArticleId> =
        house.store.articles_at(&addresses).await?.into_iter().collect();
    let mut history = demo.history.clone();
    history.sort_by(|a, b| b.hours_ago.total_cmp(&a.hours_ago));
    for signal in history {
        let address = internet.address_of(signal.slug).and_then(news::canonical);
        let article = address.and_then(|it| articles.get(&it).copied());
        let story = match article {
            Some(article) => app.story_of(article).await?,
            None => None,
        };
        let (Some(article), Some(story)) = (article, story) else {
            tracing::warn!(slug = signal.slug, "the history speaks of an article that is not there");
            continue;
        };
        let at = now.before(Duration::from_secs_f64(signal.hours_ago * 3600.0));
        let act = Act { story, article: Some(article), edition: None, kind: signal.kind };
        app.note_at(reader, &[act], "demo", at).await?;
    }
    Ok(())
}

async fn print(house: &House, readers: &[(ReaderId, DemoReader)], out: &mut Out) -> Result<()> {
    let mut editions = Vec::new();
    for (reader, demo) in readers {
        let page = house.app.edition(*reader, Freshness::Anew).await?;
        let words = Words::of_edition(&house.app, &page.edition).await?;
        if out.json {
            let mut edition = ask::edition_json(&page, &words);
            edition["reader"] = json!(demo.name);
            edition["about"] = json!(demo.about);
            editions.push(edition);
            continue;
        }
        out.line(format!("\n=== {} — {}", demo.name, demo.about));
        ask::print_edition(&page, &words, house.app.now(), false, out);
    }
    if out.json {
        let counts = house.store.counts().await?;
        out.json(&json!({
            "entries": counts.entries, "articles": counts.articles, "stories": counts.stories,
            "grouped_stories": counts.grouped_stories, "editions": editions,
        }));
    }
    Ok(())
}

/// Where the demo's data lies: a folder of its own that goes when the demo ends, unless it is to be kept.
struct Folder {
    path: PathBuf,
    keep: bool,
}

impl Folder {
    fn new(keep: Option<PathBuf>) -> Result<Folder> {
        if let Some(path) = keep {
            return Ok(Folder { path, keep: true });
        }
        let path = std::env::temp_dir().join(format!("tidings-demo-{}", std::process::id()));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Folder { path, keep: false })
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.keep {
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}
