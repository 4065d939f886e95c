//! Reading in the terminal: the edition, a story, an article, the reasons, the doctor.

use std::process::ExitCode;

use anyhow::Result;
use app::{EditionPage, Freshness, Looking};
use deliver::words::{self, Words};
use news::{ArticleId, Slot, Story, StoryId, Timestamp};
use serde_json::{Value, json};

use super::Out;
use crate::house::House;

pub async fn edition(house: &House, new: bool, why: bool, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let freshness = if new { Freshness::Anew } else { Freshness::AsItStands };
    let page = house.app.edition(reader, freshness).await?;
    let words = Words::of_edition(&house.app, &page.edition).await?;
    if out.json {
        out.json(&edition_json(&page, &words));
        return Ok(());
    }
    if page.edition.slots.is_empty() {
        out.line("Nothing is here yet. Follow sources (`tidings add ADDRESS`), then `tidings refresh`.");
        return Ok(());
    }
    print_edition(&page, &words, house.app.now(), why, out);
    Ok(())
}

/// An edition for people; with `why`, every reason and its part.
pub fn print_edition(page: &EditionPage, words: &Words, now: Timestamp, why: bool, out: &mut Out) {
    let mut section = None;
    for (n, slot) in page.edition.slots.iter().enumerate() {
        let Some(story) = page.stories.get(&slot.story) else { continue };
        if section != Some(slot.section) {
            section = Some(slot.section);
            out.line(format!("\n{}", words::section(slot.section).to_uppercase()));
        }
        let told = words::told_by(story);
        out.line(format!(
            "\n{:>3}. {}  ({told}, {}; story {})",
            n + 1,
            story.face.headline,
            words::ago(story.face.last_grew, now),
            slot.story
        ));
        let reasons = if why { slot.because() } else { &slot.because()[..1] };
        for because in reasons {
            match why {
                true => out.line(format!("     {:+.2}  {}", because.share(), words.reason(&because.reason))),
                false => out.line(format!("     {}", words.reason(&because.reason))),
            }
        }
    }
    if !page.edition.hidden.is_empty() {
        out.line(format!("\nHidden by what you mute: {}.", page.edition.hidden.len()));
    }
    out.line("\nThat is all for now.");
}

/// An edition for scripts.
pub fn edition_json(page: &EditionPage, words: &Words) -> Value {
    let slot = |slot: &Slot| {
        let story = page.stories.get(&slot.story)?;
        Some(json!({
            "story": slot.story.0,
            "headline": story.face.headline,
            "section": words::section_word(slot.section),
            "score": slot.score,
            "exploring": slot.exploring,
            "outlets": story.face.outlets,
            "because": slot.because().iter().map(|it| json!({
                "feature": it.feature, "says": words.reason(&it.reason), "value": it.value, "weight": it.weight,
                "share": it.share(),
            })).collect::<Vec<_>>(),
            "members": members_json(story),
        }))
    };
    json!({
        "edition": page.edition.id.0,
        "at": page.edition.at.0,
        "stories": page.edition.slots.iter().filter_map(slot).collect::<Vec<_>>(),
        "hidden": page.edition.hidden.iter().map(|(story, target)| json!({
            "story": story.0, "headline": page.hidden.get(story).map(|it| &it.headline), "muted": app::target_word(target),
        })).collect::<Vec<_>>(),
    })
}

fn members_json(story: &Story) -> Vec<Value> {
    let member = |it: &news::Member| {
        json!({
            "article": it.article.0, "outlet": it.outlet, "title": it.title, "address": it.address,
            "published": it.published.0, "language": it.language.as_ref().map(|it| it.0.clone()),
            "copy_of": it.copy_of.map(|it| it.0), "facts": it.facts, "likeness": it.likeness,
            "evidence": it.evidence.iter().map(|it| json!({"ground": it.ground, "says": it.says, "part": it.part}))
                .collect::<Vec<_>>(),
        })
    };
    story.members.iter().map(member).collect()
}

pub async fn story(house: &House, story: i64, looking: Looking, out: &mut Out) -> Result<()> {
    let page = house.app.story(house.reader_id().await?, StoryId(story), looking).await?;
    if out.json {
        out.json(&json!({
            "story": page.story.id.0, "headline": page.story.face.headline, "outlets": page.story.face.outlets,
            "began": page.story.face.began.0, "last_grew": page.story.face.last_grew.0,
            "names": page.story.face.names.iter().map(|it| it.text.clone()).collect::<Vec<_>>(),
            "topics": page.story.face.topics.iter().map(|it| it.0.clone()).collect::<Vec<_>>(),
            "members": members_json(&page.story),
            "texts": page.telling.texts, "original": page.telling.original.map(|it| it.0),
            "agency": page.telling.agency, "free": page.telling.free.map(|it| it.0),
            "countries": page.telling.countries.iter().map(|it| json!({"country": it.0, "outlets": it.1}))
                .collect::<Vec<_>>(),
            "countries_unknown": page.telling.unknown,
            "chapters": page.telling.chapters.iter().map(|it| json!({
                "headline": it.headline, "lead": it.lead.0, "began": it.began.0, "ended": it.ended.0,
                "articles": it.articles.iter().map(|it| it.0).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
            "new": page.telling.fresh.iter().map(|it| json!({"article": it.article.0, "says": it.says}))
                .collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    super::mend::story(house, story, looking, out).await
}

pub async fn article(house: &House, article: i64, looking: Looking, out: &mut Out) -> Result<()> {
    let page = house.app.article(house.reader_id().await?, ArticleId(article), looking).await?;
    let it = &page.article.extracted;
    if out.json {
        out.json(&json!({
            "article": page.article.id.0, "title": it.title, "address": it.address, "outlet": it.outlet,
            "authors": it.authors.iter().map(|it| it.name.clone()).collect::<Vec<_>>(),
            "published": it.published.map(|it| it.0), "text": it.text, "html": it.body.as_str(),
            "story": page.story.map(|it| it.id.0),
        }));
        return Ok(());
    }
    out.line(&it.title);
    let authors: Vec<&str> = it.authors.iter().map(|it| it.name.as_str()).collect();
    out.line(format!("{}  {}", it.outlet.as_deref().unwrap_or(""), authors.join(", ")));
    out.line(format!("{}\n", it.address));
    out.line(it.text.replace('\n', "\n\n"));
    Ok(())
}

pub async fn changes(house: &House, article: i64, looking: Looking, out: &mut Out) -> Result<()> {
    let page = house.app.article(house.reader_id().await?, ArticleId(article), looking).await?;
    if out.json {
        let said = |it: &app::Said| json!({"title": it.title, "text": it.text});
        let version = |it: &app::Version| json!({"at": it.at.0, "source": it.source, "was": said(&it.was), "is": said(&it.is)});
        out.json(&json!(page.versions.iter().map(version).collect::<Vec<_>>()));
        return Ok(());
    }
    out.line(&page.article.extracted.title);
    if page.versions.is_empty() {
        out.line("As far as we know, this article says what it has always said.");
    }
    let now = house.app.now();
    for it in &page.versions {
        out.line(format!("\n{}, in {}:", words::ago(it.at, now), it.source));
        let parts = [(&it.was.title, &it.is.title, "headline"), (&it.was.text, &it.is.text, "text")];
        for (was, is, what) in parts {
            for passage in words::changed(was, is) {
                out.line(format!("  {what}: {}", words::marked(&passage)));
            }
        }
    }
    Ok(())
}

pub async fn why(house: &House, story: i64, looking: Looking, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let why = house.app.why(reader, StoryId(story), looking).await?;
    let words = Words::of(&house.app, reader, why.explanation.because.iter()).await?;
    let verdict = words.verdict(&why.explanation.verdict);
    if out.json {
        out.json(&json!({
            "story": story, "headline": why.sketch.headline, "verdict": verdict, "score": why.explanation.score,
            "because": why.explanation.because.iter().map(|it| json!({
                "feature": it.feature, "says": words.reason(&it.reason), "value": it.value, "weight": it.weight,
                "share": it.share(),
            })).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    out.line(&why.sketch.headline);
    out.line(format!("{verdict}\n"));
    for it in &why.explanation.because {
        out.line(format!(
            "  {:+.3} = {:.3} × {:+.3}  {}  ({})",
            it.share(),
            it.value,
            it.weight,
            words.reason(&it.reason),
            it.feature
        ));
    }
    out.line(format!("  {:+.3}   together", why.explanation.score));
    Ok(())
}

pub async fn search(house: &House, query: &str, out: &mut Out) -> Result<()> {
    let (found, _) = house.app.search(house.reader_id().await?, query, None, 30).await?;
    let now = house.app.now();
    for it in &found {
        match out.json {
            true => out.json(&json!({
                "article": it.article.0, "story": it.story.map(|it| it.0), "title": it.title, "outlet": it.outlet,
                "published": it.published.0, "snippet": it.snippet,
            })),
            false => {
                out.line(format!("{}  ({}, {}; article {})", it.title, it.outlet, words::ago(it.published, now), it.article));
                out.line(format!("    {}", it.snippet));
            }
        }
    }
    if found.is_empty() && !out.json {
        out.line("Nothing was found. Try fewer words, or a part of the name.");
    }
    Ok(())
}

pub async fn beliefs(house: &House, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let beliefs = house.app.beliefs(reader).await?;
    let words = Words::load(&house.app, reader).await?;
    if out.json {
        out.json(&json!({
            "signals": beliefs.signals,
            "beliefs": beliefs.beliefs.iter().map(|it| json!({
                "target": app::target_word(&it.target), "strength": it.strength, "uncertainty": it.uncertainty,
                "liked": it.liked, "disliked": it.disliked, "corrected": it.corrected,
            })).collect::<Vec<_>>(),
            "weights": beliefs.weights.iter().map(|(feature, mean, sure)| json!({
                "feature": feature, "mean": mean, "sure": sure,
            })).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    out.line(format!("From {} signals:", beliefs.signals));
    for it in beliefs.beliefs.iter().take(40) {
        out.line(format!(
            "  {:+.2} ± {:.2}  {}  (for {:.1}, against {:.1}{})",
            it.strength,
            it.uncertainty,
            words.target(&it.target),
            it.liked,
            it.disliked,
            if it.corrected.is_some() { ", set by you" } else { "" },
        ));
    }
    if beliefs.beliefs.is_empty() {
        out.line("  Nothing yet: read, save, or say more or less, and it will show here.");
    }
    Ok(())
}

pub async fn alerts(house: &House, seen: bool, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    let words = Words::load(&house.app, reader).await?;
    let (alerts, now) = (house.app.alerts(reader).await?, house.app.now());
    for it in &alerts {
        let new = if it.alert.seen { " " } else { "*" };
        match out.json {
            true => out.json(&json!({
                "alert": it.alert.id.0, "story": it.story.id.0, "headline": it.story.face.headline,
                "because": words.label(&it.follow), "follow": it.follow.id.0, "at": it.alert.at.0,
                "seen": it.alert.seen,
            })),
            false => out.line(format!(
                "{new} {}  ({}, {}; story {})",
                it.story.face.headline,
                words.label(&it.follow),
                words::ago(it.alert.at, now),
                it.story.id
            )),
        }
    }
    if alerts.is_empty() && !out.json {
        out.line("Nothing: `tidings change N --alerts on` tells you at once what happens to follow N.");
    }
    if let Some(newest) = alerts.iter().map(|it| it.alert.id).max().filter(|_| seen) {
        house.app.alerts_seen(reader, newest).await?;
    }
    Ok(())
}

pub async fn doctor(house: &House, retry: bool, out: &mut Out) -> Result<ExitCode> {
    if retry {
        let again = house.store.try_again(house.clocks.machine.now()).await?;
        eprintln!("{again} tasks will be tried again.");
    }
    let mut report = house.app.doctor().await?;
    report.complaints.extend(house.complaint_of_model().await);
    let code = if report.complaints.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(4) };
    let counts = &report.counts;
    if out.json {
        out.json(&json!({
            "engine": counts.engine, "bytes": counts.bytes, "sources": counts.sources, "entries": counts.entries,
            "articles": counts.articles, "stories": counts.stories, "grouped_stories": counts.grouped_stories,
            "readers": counts.readers, "signals": counts.signals,
            "load": report.load.iter().map(|it| json!({
                "stage": it.stage.word(), "waiting": it.waiting, "leased": it.leased, "later": it.later,
                "set_aside": it.set_aside,
            })).collect::<Vec<_>>(),
            "complaints": report.complaints.iter().map(|it| json!({
                "about": it.about, "word": it.word, "says": it.says, "since": it.since.map(|it| it.0),
            })).collect::<Vec<_>>(),
            "notes": report.notes,
        }));
        return Ok(code);
    }
    out.line(format!("{}, {:.1} MB", counts.engine, counts.bytes as f64 / 1e6));
    out.line(format!(
        "{} sources, {} entries, {} articles, {} stories ({} told by several outlets), {} readers, {} signals",
        counts.sources, counts.entries, counts.articles, counts.stories, counts.grouped_stories, counts.readers,
        counts.signals
    ));
    for it in &report.load {
        if 0 < it.waiting + it.leased + it.later + it.set_aside {
            out.line(format!(
                "{}: {} waiting, {} in hand, {} for later, {} set aside",
                it.stage.word(),
                it.waiting,
                it.leased,
                it.later,
                it.set_aside
            ));
        }
    }
    for it in &report.complaints {
        out.line(format!("! {}: {} [{}]", it.about, it.says, it.word));
    }
    if report.complaints.is_empty() {
        out.line("All is well.");
    }
    report.notes.iter().for_each(|note| out.line(note));
    Ok(code)
}
