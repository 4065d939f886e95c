//! Sources: adding, importing, exporting, asking, looking at them.

use std::{
    io::{IsTerminal, Read},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context, Result};
use app::{Added, SourceView};
use deliver::words;
use news::{SourceId, SourceKind, Timestamp};
use serde_json::json;

use super::Out;
use crate::{config::Config, house::House, progress::Progress};

pub async fn add(
    house: &House,
    addresses: &[String],
    folder: Option<&str>,
    unchecked: bool,
    pick: Option<usize>,
    out: &mut Out,
) -> Result<ExitCode> {
    let reader = house.reader_id().await?;
    let mut failed = false;
    for typed in addresses {
        let mut added = house.app.add(reader, typed, folder, unchecked).await;
        let address = app::shown_address(typed);
        if let (Ok(Added::Offers(offers)), Some(pick)) = (&added, pick) {
            let offer = offers.get(pick.wrapping_sub(1)).cloned();
            added = match offer {
                Some(offer) => house.app.take(reader, offer, folder).await,
                None => Err(app::AppError::Refused(format!("{address} offers {} feeds", offers.len()))),
            };
        }
        match added {
            Ok(Added::Source(id, title)) => match out.json {
                true => out.json(&json!({"address": address, "source": id.0, "title": title})),
                false => out.line(format!("Following {title} (source {id}).")),
            },
            Ok(Added::Offers(offers)) => {
                failed = true;
                if out.json {
                    let offers: Vec<_> = offers
                        .iter()
                        .map(|it| json!({"address": app::shown_address(&it.address), "title": it.title}))
                        .collect();
                    out.json(&json!({"address": address, "offers": offers}));
                    continue;
                }
                out.line(format!("{address} offers several; choose one with --pick N:"));
                for (n, offer) in offers.iter().enumerate() {
                    out.line(format!("  {}  {}  {}", n + 1, offer.title, app::shown_address(&offer.address)));
                    for sample in &offer.samples {
                        out.line(format!("       – {sample}"));
                    }
                }
            }
            Err(error) => {
                failed = true;
                match out.json {
                    true => out.json(&json!({"address": address, "error": error.to_string()})),
                    false => eprintln!("{address}: {error}"),
                }
            }
        }
    }
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Pages without a feed, followed by their links.
pub async fn add_pages(
    house: &House,
    addresses: &[String],
    folder: Option<&str>,
    selector: Option<&str>,
    only_look: bool,
    out: &mut Out,
) -> Result<ExitCode> {
    let reader = house.reader_id().await?;
    for address in addresses {
        let offer = house.app.preview(address, selector).await?;
        match out.json {
            true => out.json(
                &json!({"address": app::shown_address(&offer.address), "title": offer.title, "samples": offer.samples}),
            ),
            false => {
                out.line(format!("{}  {}", offer.title, app::shown_address(&offer.address)));
                offer.samples.iter().for_each(|it| out.line(format!("  – {it}")));
            }
        }
        if only_look {
            continue;
        }
        if let Added::Source(id, title) = house.app.take(reader, offer, folder).await?
            && !out.json
        {
            out.line(format!("Following the links of {title} (source {id})."));
        }
    }
    Ok(ExitCode::SUCCESS)
}

pub async fn stale(house: &House, out: &mut Out) -> Result<()> {
    let stale = house.app.stale(house.reader_id().await?).await?;
    let now = house.app.now();
    if stale.is_empty() && !out.json {
        out.line("All your sources are alive, and you have opened something of each.");
    }
    for (it, why) in &stale {
        let says = words::stale(why, now);
        match out.json {
            true => out.json(&json!({"source": it.source.id.0, "title": it.source.title, "why": says})),
            false => out.line(format!("{:>5}  {}\n       {says}", it.source.id, it.source.title)),
        }
    }
    if !stale.is_empty() && !out.json {
        out.line("`tidings remove SOURCE` for those that may go.");
    }
    Ok(())
}

/// Secrets come from standard input, where no list of processes shows them.
#[derive(clap::Args)]
pub struct AccessFor {
    source: i64,
    /// The user; the password is asked for, or read from standard input
    #[arg(long, conflicts_with_all = ["token", "forget"])]
    user: Option<String>,
    /// A bearer token, read from standard input
    #[arg(long, conflicts_with_all = ["cookie", "forget"])]
    token: bool,
    /// A cookie, read from standard input
    #[arg(long, conflicts_with_all = ["user", "forget"])]
    cookie: bool,
    /// A header, `Name: value` (several times for several)
    #[arg(long = "header", value_name = "LINE")]
    headers: Vec<String>,
    /// http://user:password@host:port
    #[arg(long)]
    proxy: Option<String>,
    /// Forget what was given
    #[arg(long, conflicts_with_all = ["headers", "proxy"])]
    forget: bool,
}

pub async fn access(house: &House, given: AccessFor, out: &mut Out) -> Result<()> {
    let secret = |what: &str| -> Result<String> {
        if std::io::stdin().is_terminal() {
            eprint!("{what}: ");
        }
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Ok(line.trim_end_matches(['\r', '\n']).to_owned())
    };
    let header = |line: &String| match line.split_once(':') {
        Some((name, value)) => Ok((name.trim().to_owned(), value.trim().to_owned())),
        None => Err(anyhow::anyhow!("“{line}” is no header: they are written like \"Name: value\"")),
    };
    let access = news::Access {
        login: given.user.map(|user| Ok::<_, anyhow::Error>((user, secret("Password")?))).transpose()?,
        token: given.token.then(|| secret("Token")).transpose()?,
        cookie: given.cookie.then(|| secret("Cookie")).transpose()?,
        headers: given.headers.iter().map(header).collect::<Result<_>>()?,
        proxy: given.proxy,
    };
    anyhow::ensure!(
        given.forget || access != news::Access::default(),
        "say what is given (--user, --token, --cookie, --header, --proxy), or --forget"
    );
    let source = house.app.set_access(house.reader_id().await?, SourceId(given.source), access).await?;
    match out.json {
        true => out.json(&json!({"source": source.0})),
        false if given.forget => out.line(format!("Forgotten. It is source {source} now.")),
        false => out.line(format!("Kept, for source {source} alone.")),
    }
    Ok(())
}

pub async fn newsletter(house: &House, name: &str, folder: Option<&str>, out: &mut Out) -> Result<()> {
    let (source, address) = house.app.add_letterbox(house.reader_id().await?, name, folder).await?;
    match out.json {
        true => out.json(&json!({"source": source.0, "address": address})),
        false => {
            out.line(&address);
            out.line("Give it to the newsletter. What is sent there comes in while tidings serves.");
        }
    }
    Ok(())
}

pub async fn import(house: &House, file: &Path, many: bool, out: &mut Out) -> Result<()> {
    let mut document = Vec::new();
    if file.as_os_str() == "-" {
        std::io::stdin().take(app::LIST_AT_MOST as u64 + 1).read_to_end(&mut document)?;
    } else {
        document = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    let reader = house.reader_id().await?;
    let progress = Progress::new("Importing", 0, out.json);
    let told = |done, total| progress.set(done as u64, total as u64);
    let import = house.app.import(reader, &document, many, &told).await?;
    progress.finish("read");
    if out.json {
        let refused: Vec<_> =
            import.refused.iter().map(|(it, why)| json!({"address": it, "why": why})).collect();
        out.json(&json!({"added": import.added, "already": import.already, "refused": refused,
            "held": import.held.iter().map(|(host, count)| json!({"host": host, "sources": count})).collect::<Vec<_>>(),
        }));
        return Ok(());
    }
    out.line(format!("{} sources added, {} were there already.", import.added, import.already));
    for (address, why) in &import.refused {
        out.line(format!("  left out: {address}: {why}"));
    }
    for (host, count) in &import.held {
        out.line(format!("  left out: {count} sources of {host}; with --many they are added too"));
    }
    Ok(())
}

pub async fn export(house: &House, file: Option<&Path>, out: &mut Out) -> Result<()> {
    let document = house.app.export(house.reader_id().await?).await?;
    match file {
        Some(file) => {
            std::fs::write(file, document).with_context(|| format!("cannot write {}", file.display()))?;
        }
        None => out.line(document),
    }
    Ok(())
}

pub async fn refresh(house: &House, all: bool, out: &mut Out) -> Result<()> {
    let reader = house.reader_id().await?;
    if all {
        house.app.refresh(reader, None).await?;
    }
    let before = house.store.counts().await?;
    if let Some(mailbox) = house.mailbox().await? {
        mailbox.look(house.app.now()).await?;
    }
    let progress = Progress::new("Refreshing", 0, out.json);
    house.run_until_quiet(&|done, total| progress.set(done, total)).await?;
    house.tell_alerts().await?;
    let after = house.store.counts().await?;
    progress.finish("done");
    let troubled: Vec<SourceView> = house
        .app
        .sources(reader)
        .await?
        .into_iter()
        .filter(|it| it.source.health.trouble.is_some())
        .collect();
    let new = after.entries - before.entries.min(after.entries);
    if out.json {
        out.json(&json!({
            "new_entries": new, "entries": after.entries, "articles": after.articles, "stories": after.stories,
            "grouped_stories": after.grouped_stories, "troubled": troubled.len(),
        }));
        return Ok(());
    }
    out.line(format!(
        "{new} new entries; {} articles in {} stories, {} of them told by several outlets.",
        after.articles, after.stories, after.grouped_stories
    ));
    if !troubled.is_empty() {
        out.line(format!("{} sources have a problem: `tidings sources --troubled`.", troubled.len()));
    }
    Ok(())
}

pub async fn sources(house: &House, troubled: bool, out: &mut Out) -> Result<()> {
    let sources = house.app.sources_counted(house.reader_id().await?).await?;
    let now = house.app.now();
    let wanted: Vec<&SourceView> =
        sources.iter().filter(|it| !troubled || it.source.health.trouble.is_some()).collect();
    if out.json {
        let list: Vec<_> = wanted.iter().map(|it| source_json(it)).collect();
        out.json(&json!(list));
        return Ok(());
    }
    if sources.is_empty() {
        out.line("You follow no source yet: `tidings add ADDRESS`, or `tidings import FILE.opml`.");
    } else if wanted.is_empty() {
        out.line("No source has a problem.");
    }
    for it in wanted {
        let health = &it.source.health;
        let folder = it.follow.as_ref().and_then(|it| it.folder.as_deref()).unwrap_or("–");
        out.line(format!(
            "{:>5}  {}  [{folder}]  {}",
            it.source.id,
            it.source.title,
            it.source.shown_address()
        ));
        out.line(format!("       {} entries, {}; {}", it.entries, words::unread(it), asked(it, now)));
        if let Some(trouble) = &health.trouble {
            out.line(format!("       problem: {} [{}]", trouble.says, trouble.word));
        }
    }
    Ok(())
}

/// When it was asked, or wrote, and when it is asked next.
fn asked(it: &SourceView, now: Timestamp) -> String {
    let health = &it.source.health;
    let ago = |at: Option<Timestamp>, none: &str| at.map_or(none.to_string(), |at| words::ago(at, now));
    if it.source.kind == SourceKind::Mail {
        return format!("last mail {}", ago(health.last_good, "not yet"));
    }
    let (asked, next) = (ago(health.last_asked, "never"), words::until(health.next_due, now));
    let pushed = health.pushed.map(|at| format!("; pushed {}", words::ago(at, now))).unwrap_or_default();
    format!("asked {asked}, next {next} ({}){pushed}", health.due_because)
}

fn source_json(it: &SourceView) -> serde_json::Value {
    let health = &it.source.health;
    let seconds = |at: Option<Timestamp>| at.map(|at| at.0);
    json!({
        "source": it.source.id.0,
        "title": it.source.title,
        "address": it.source.shown_address(),
        "own_access": it.source.access.is_some(),
        "folder": it.follow.as_ref().and_then(|it| it.folder.clone()),
        "entries": it.entries,
        "unread": it.unread,
        "more_unread": it.more_unread,
        "last_asked": seconds(health.last_asked),
        "last_good": seconds(health.last_good),
        "last_new": seconds(health.last_new),
        "last_pushed": seconds(health.pushed),
        "unsubscribe": it.source.mailing.as_ref().and_then(|it| it.unsubscribe.clone()),
        "confirm": it.source.mailing.as_ref().and_then(|it| it.confirm.clone()),
        "next_due": health.next_due.0,
        "due_because": health.due_because,
        "ended": health.ended,
        "trouble": health.trouble.as_ref().map(|it| json!({"word": it.word, "says": it.says})),
    })
}

pub async fn remove(house: &House, source: i64, out: &mut Out) -> Result<()> {
    house.app.unsubscribe(house.reader_id().await?, SourceId(source)).await?;
    out.line("No longer followed. What you read and saved of it stays.");
    Ok(())
}

pub async fn readers(house: &House, out: &mut Out) -> Result<()> {
    for reader in house.store.readers().await? {
        match out.json {
            true => out.json(&json!({"reader": reader.id.0, "name": reader.name})),
            false => out.line(format!("{:>4}  {}", reader.id, reader.name)),
        }
    }
    Ok(())
}

pub async fn delete_reader(house: &House, name: &str, yes: bool, out: &mut Out) -> Result<()> {
    let reader = house.store.reader_named(name).await?.ok_or(app::AppError::NotFound)?;
    let it = match yes {
        true => house.app.leave(reader.id, name).await?,
        false => house.app.leaving(reader.id).await?,
    };
    if out.json {
        out.json(&json!({
            "reader": it.name, "deleted": yes, "signals": it.signals, "follows": it.follows,
            "editions": it.editions, "alerts": it.alerts, "private_sources": it.private,
            "entries": it.entries, "resting_sources": it.resting,
        }));
        return Ok(());
    }
    let verb = if yes { "Deleted" } else { "Would be deleted" };
    out.line(format!(
        "{verb}: {}, with {} signals, {} follows and mutes, {} editions, {} alerts, and {} sources that come for them \
         alone ({} entries). {} sources that nobody else follows rest.",
        it.name, it.signals, it.follows, it.editions, it.alerts, it.private, it.entries, it.resting
    ));
    if !yes {
        out.line("Nothing was deleted yet. There is no way back: add --yes to do it.");
    }
    Ok(())
}

pub fn config(config: &Config, out: &mut Out) {
    for it in &config.values {
        match out.json {
            true => out.json(&json!({"key": it.key, "value": it.value, "from": it.from})),
            false => out.line(format!("# {}\n{} = {:?}  # from: {}\n", it.help, it.key, it.value, it.from)),
        }
    }
}
