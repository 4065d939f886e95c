//! Which articles belong together, as a reader says; and why any two do or do not.

use std::path::Path;

use anyhow::{Context, Result, bail};
use app::Looking;
use deliver::words;
use news::{ArticleId, Extracted, RepairId, Says, StoryId};
use serde_json::{Value, json};

use super::Out;
use crate::house::House;

/// What to do with a story besides looking at it.
#[derive(clap::Args)]
pub struct Mend {
    /// These of its articles do not belong in it: they are a story of their own
    #[arg(long, value_name = "ARTICLES", value_delimiter = ',')]
    split: Vec<i64>,
    /// It is the same as that story
    #[arg(long, value_name = "STORY", conflicts_with = "split")]
    merge: Option<i64>,
    /// With --split or --merge: for every reader of this house (the setting repairs.for_everyone makes that usual)
    #[arg(long)]
    for_everyone: bool,
}

impl Mend {
    pub fn is_asked(&self) -> bool {
        !self.split.is_empty() || self.merge.is_some()
    }

    pub async fn run(&self, house: &House, story: i64, out: &mut Out) -> Result<()> {
        let reader = house.reader_id().await?;
        let for_all = self.for_everyone || house.config.repairs_for_everyone;
        let done = match self.merge {
            Some(other) => house.app.merge(reader, StoryId(story), StoryId(other), for_all).await?,
            None => {
                let articles: Vec<ArticleId> = self.split.iter().copied().map(ArticleId).collect();
                house.app.split(reader, StoryId(story), &articles, for_all).await?
            }
        };
        if for_all {
            house.run_until_quiet(&|_, _| ()).await?;
        }
        let (what, there) = match self.merge {
            Some(_) => ("One story", format!("tidings story {}", done.story)),
            None => ("Two stories", format!("tidings story {}; tidings story {}", done.story, done.other)),
        };
        match out.json {
            true => out.json(&json!({
                "repair": done.repair.id.0, "story": done.story.0, "other": done.other.0,
                "for_everyone": done.repair.for_all,
            })),
            false => out.line(format!(
                "{what} from now on: {there}. Undo: tidings repairs --undo {}",
                done.repair.id
            )),
        }
        Ok(())
    }
}

/// What the reader said so far, or one of it taken back.
pub async fn repairs(house: &House, undo: Option<i64>, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    if let Some(undo) = undo {
        let was = house.app.undo_repair(reader, RepairId(undo)).await?;
        if was.for_all {
            house.run_until_quiet(&|_, _| ()).await?;
        }
        out.line("Taken back: the stories are as they were.");
        return Ok(());
    }
    let repairs = house.app.repairs(reader).await?;
    for it in &repairs {
        let (word, articles, beside) = match &it.says {
            Says::Apart { articles, from } => ("apart", articles.clone(), *from),
            Says::Together { one, other } => ("together", vec![*one], *other),
        };
        let listed: Vec<String> = articles.iter().map(|it| it.to_string()).collect();
        match out.json {
            true => out.json(&json!({
                "repair": it.id.0, "at": it.at.0, "says": word, "for_everyone": it.for_all,
                "articles": articles.iter().map(|it| it.0).collect::<Vec<_>>(), "beside": beside.0,
            })),
            false => {
                let everyone = if it.for_all { ", for everybody" } else { "" };
                let with = if word == "apart" { "apart from" } else { "together with" };
                out.line(format!("{:>4}  article {} {with} {beside}{everyone}", it.id, listed.join(", ")));
            }
        }
    }
    if repairs.is_empty() && !out.json {
        out.line(
            "You have split and merged nothing: `tidings story 42 --split 7`, `tidings story 42 --merge 43`.",
        );
    }
    Ok(())
}

/// Why two articles are together, or why not.
pub async fn pair(house: &House, one: i64, other: i64, out: &mut Out) -> Result<()> {
    let pair = house.app.pair(house.reader_id().await?, ArticleId(one), ArticleId(other)).await?;
    if out.json {
        out.json(&json!({
            "together": pair.together, "likeness": pair.comparison.likeness,
            "articles": pair.articles.iter().map(|it| json!({
                "article": it.article.0, "title": it.title, "outlet": it.outlet, "story": it.story.map(|it| it.0),
            })).collect::<Vec<_>>(),
            "evidence": pair.comparison.evidence.iter()
                .map(|it| json!({"ground": it.ground, "says": it.says, "part": it.part})).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    for it in &pair.articles {
        let story = it.story.map(|it| format!("; story {it}")).unwrap_or_default();
        out.line(format!("{}  ({}{story})", it.title, it.outlet));
    }
    out.line(format!("\n{}\n", words::pair(&pair)));
    for it in &pair.comparison.evidence {
        out.line(format!("  {:+.2}  {}  ({})", it.part, it.says, it.ground));
    }
    out.line(format!("  {:+.2}  {}", pair.to_begin_with, words::TO_BEGIN_WITH));
    out.line(format!("\nBy these two texts alone: {:.0} %.", pair.comparison.likeness * 100.0));
    Ok(())
}

/// All that readers said, one pair of articles on each line: `cargo xtask fit stories --pairs FILE` learns from it.
pub async fn pairs(house: &House, file: Option<&Path>, out: &mut Out) -> Result<()> {
    let taught = house.app.taught().await?;
    let article = |it: &Extracted| -> Value {
        json!({
            "title": it.title, "body": it.text, "url": it.address, "at": it.published.map_or(0, |it| it.0),
            "outlet": news::outlet_of(&it.address).unwrap_or_default(),
        })
    };
    let lines = taught.iter().map(|it| {
        let [one, other] = &it.articles;
        json!({"together": it.together, "said": it.at.0, "a": article(one), "b": article(other)}).to_string()
    });
    let lines: Vec<String> = lines.collect();
    match file {
        Some(file) => {
            let text: String = lines.iter().map(|it| format!("{it}\n")).collect();
            std::fs::write(file, text).with_context(|| format!("cannot write {}", file.display()))?;
            eprintln!("{} pairs written.", lines.len());
        }
        None if lines.is_empty() => bail!("nobody has split or merged a story yet, or its articles are gone"),
        None => lines.into_iter().for_each(|it| out.line(it)),
    }
    Ok(())
}

/// The story for people: what is new, chapters, who told it first.
pub async fn story(house: &House, story: i64, looking: Looking, out: &mut Out) -> Result<()> {
    let page = house.app.story(house.reader_id().await?, StoryId(story), looking).await?;
    let (face, telling, now) = (&page.story.face, &page.telling, house.app.now());
    out.line(&face.headline);
    if let Some(standfirst) = &face.standfirst {
        out.line(format!("\n{standfirst}"));
    }
    let told_by = words::told_by_so_many(face.articles, face.outlets, telling.texts);
    out.line(format!("\n{told_by}; began {}.", words::ago(face.began, now)));
    let seats = words::seats(&telling.countries, telling.unknown);
    if !seats.is_empty() {
        out.line(format!("{seats}."));
    }
    if !face.names.is_empty() {
        let names: Vec<&str> = face.names.iter().take(8).map(|it| it.text.as_str()).collect();
        out.line(format!("About {}.", names.join(", ")));
    }
    if !telling.fresh.is_empty() {
        out.line("\nNew since you looked:");
        telling.fresh.iter().for_each(|it| out.line(format!("  {} ({})", it.says, it.outlet)));
    }
    out.line("\nHow it unfolded:");
    let members = app::unfolded(&page.story.members);
    let chapter_of = |article| telling.chapters.iter().position(|it| it.articles.contains(&article));
    let mut chapter = None;
    for it in &members {
        if 1 < telling.chapters.len() && chapter != chapter_of(it.article) {
            chapter = chapter_of(it.article);
            if let Some(at) = chapter {
                out.line(format!("\n {}. {}", at + 1, telling.chapters[at].headline));
            }
        }
        let copy = if it.copy_of.is_some() { " (the same text)" } else { "" };
        let first = telling.original == Some(it.article) && 1 < members.len();
        let first = match (&telling.agency, first) {
            (Some(agency), true) => format!(" (first report, from {agency})"),
            (None, true) => " (first report)".to_string(),
            (_, false) => String::new(),
        };
        out.line(format!(
            "  {}  {}: {}{first}{copy}  [article {}]",
            words::ago(it.published, now),
            it.outlet,
            it.title,
            it.article
        ));
        if !it.evidence.is_empty() {
            out.line(format!("      here because {}", words::here_because(&it.evidence)));
        }
    }
    Ok(())
}
