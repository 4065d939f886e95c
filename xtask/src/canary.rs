//! `cargo xtask canary`: hostile payloads in our own pages, in a real browser, with canaries in place of what they call.
//!
//! The real program reads feeds of them on a scratch store: each is the body of an article, and its headline, author and
//! category. Chromium opens every article and every list, points at, focuses and clicks whatever is in the text. So that
//! silence means something, some payloads that are known to run are shown raw: without our policy they must run, with it
//! they must not.

mod serve;

use std::io::{BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::child::Tidings;
use crate::evaluate::json_lines;
use crate::http;
use crate::replay::{Folder, path};
use serve::Stage;

#[derive(clap::Args)]
pub struct Args {
    /// Where the measuring data lies
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    data: PathBuf,
    /// Only so many payloads, evenly taken; 0 are all
    #[arg(long, default_value_t = 0)]
    limit: usize,
    /// The pages of the first so many articles were opened by a run before, which was broken off
    #[arg(long, default_value_t = 0)]
    skip: usize,
    /// So many of those that are known to run are also shown raw
    #[arg(long, default_value_t = 200)]
    raw: usize,
    /// Tabs at once
    #[arg(long, default_value_t = 3)]
    tabs: usize,
    #[arg(long, default_value = "/usr/bin/chromium")]
    chromium: PathBuf,
    /// The program to run, instead of this workspace's release build
    #[arg(long)]
    binary: Option<PathBuf>,
    #[arg(long)]
    json: bool,
}

const ARTICLES: &str = "articles, cleaned";
const LISTS: &str = "lists and other pages";
const BARE: &str = "raw, no policy (teeth)";
const GUARDED: &str = "raw, under our policy";
/// All payloads take the better part of an hour: whoever waits is told after so many pages.
const TELL_EVERY: usize = 250;

pub struct Payload {
    pub id: String,
    pub text: String,
    /// A browser was seen to run it.
    pub runs: bool,
}

/// A page to open.
struct Visit {
    id: String,
    path: String,
    /// What in it is pointed at and clicked.
    scope: &'static str,
}

/// What became of the pages of one kind.
#[derive(Default)]
struct Seen {
    opened: usize,
    failed: usize,
    fired: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let payloads = every_so_many(payloads(&args.data)?, args.limit);
    let browser = Browser::install(args)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stage = runtime.block_on(Stage::open(payloads))?;

    let folder = Folder::new(None)?;
    let tidings = Tidings::new(args.binary.as_deref(), &folder.path)?
        .with("FETCH_PAGES", false)
        .with("FETCH_PAUSE_MS", 0);
    let list = folder.path.join("list.txt");
    std::fs::write(&list, stage.feeds().join("\n"))?;
    tidings.ask(&["import", path(&list)?])?;
    tidings.ask(&["refresh"])?;
    let served = tidings.serve()?;
    let base = format!("http://{}", served.address);
    let articles = articles(&folder.path)?;
    ensure!(!articles.is_empty(), "nothing was stored");

    let in_pages = browser.visit(
        ARTICLES,
        &base,
        articles.iter().skip(args.skip).map(|id| Visit {
            id: format!("article {id}"),
            path: format!("/article/{id}"),
            scope: ".body, .body *, h1, .meta *",
        }),
    )?;
    let in_lists = browser.visit(
        LISTS,
        &base,
        lists(&folder.path)?.into_iter().map(|path| Visit {
            id: path.clone(),
            path,
            scope: "main h1, main h2, main h3, main .outlet, main .meta",
        }),
    )?;

    // The teeth: the same, as they are, without the policy that every page of ours has and with it.
    stage.use_policy(&policy(served.address)?);
    let runs: Vec<usize> = stage.those_that_run(args.raw);
    let raw = |with: &'static str| {
        runs.iter().map(move |n| Visit {
            id: format!("raw {n}"),
            path: format!("/{with}/{n}"),
            scope: "body, body *",
        })
    };
    let bare = browser.visit(BARE, &stage.base(), raw("bare"))?;
    let guarded = browser.visit(GUARDED, &stage.base(), raw("guarded"))?;
    served.stop()?;

    let rows = [(ARTICLES, &in_pages), (LISTS, &in_lists), (BARE, &bare), (GUARDED, &guarded)];
    for (name, seen) in rows {
        match args.json {
            true => println!(
                "{}",
                json!({"what": "canary", "kind": name, "opened": seen.opened, "failed": seen.failed, "ran": seen.fired.len()})
            ),
            false => println!(
                "{name:<26} opened {:>6}  could not be opened {:>3}  ran {:>5}",
                seen.opened,
                seen.failed,
                seen.fired.len()
            ),
        }
        if name != BARE {
            seen.fired.iter().take(5).for_each(|it| println!("    {it}"));
        }
    }
    let ran = in_pages.fired.len() + in_lists.fired.len() + guarded.fired.len();
    ensure!(ran == 0, "{ran} pages ran a script that is not ours");
    ensure!(runs.is_empty() || !bare.fired.is_empty(), "no raw payload ran, so that silence means nothing");
    Ok(())
}

fn payloads(data: &Path) -> Result<Vec<Payload>> {
    let known =
        std::fs::read_to_string(data.join("hostile/xss-lists/fires-in-chromium-156.txt")).unwrap_or_default();
    let known: std::collections::HashSet<&str> = known.lines().map(str::trim).collect();
    let mut found = Vec::new();
    for folder in ["h5sc", "owasp-xss", "xss-lists", "ammonia", "feedparser"] {
        let folder = data.join("hostile").join(folder);
        let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
            .with_context(|| format!("no payloads at {}", folder.display()))?
            .filter_map(|it| Some(it.ok()?.path()))
            .filter(|it| {
                it.extension().is_some_and(|it| it == "jsonl") && !it.to_string_lossy().contains("manifest")
            })
            .collect();
        files.sort();
        for file in files {
            for line in json_lines(&file)? {
                let (Some(id), Some(text)) = (line["id"].as_str(), line["payload"].as_str()) else {
                    continue;
                };
                found.push(Payload { id: id.to_owned(), text: text.to_owned(), runs: known.contains(id) });
            }
        }
    }
    Ok(found)
}

fn every_so_many<T>(all: Vec<T>, limit: usize) -> Vec<T> {
    if limit == 0 || all.len() <= limit {
        return all;
    }
    let step = all.len().div_ceil(limit);
    all.into_iter().step_by(step).collect()
}

fn articles(folder: &Path) -> Result<Vec<i64>> {
    let database = database(folder)?;
    let mut query = database.prepare("SELECT id FROM article ORDER BY id")?;
    let ids = query.query_map([], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

fn database(folder: &Path) -> Result<rusqlite::Connection> {
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    Ok(rusqlite::Connection::open_with_flags(folder.join("tidings.db"), flags)?)
}

/// Every other page on which words of the feeds are shown.
fn lists(folder: &Path) -> Result<Vec<String>> {
    let database = database(folder)?;
    let number = |sql: &str| {
        database.query_row(sql, [], |row| row.get::<_, Option<i64>>(0)).map(Option::unwrap_or_default)
    };
    let newest = number("SELECT max(id) FROM entry")?;
    let stories: Vec<i64> = database
        .prepare("SELECT id FROM story ORDER BY id DESC LIMIT 300")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let sources = number("SELECT max(id) FROM source")?;
    let mut pages: Vec<String> =
        ["/", "/newest", "/sources", "/follows", "/beliefs", "/doctor", "/welcome", "/settings"]
            .map(str::to_owned)
            .into();
    pages.extend((0..newest).rev().step_by(50).map(|before| format!("/newest?before={before}")));
    pages.extend(stories.iter().flat_map(|story| [format!("/story/{story}"), format!("/why/{story}")]));
    pages.extend((1..=sources).map(|source| format!("/source/{source}")));
    pages.extend(["alert", "script", "onerror", "svg", "javascript"].map(|word| format!("/search?q={word}")));
    pages.push("/search?q=%3Cscript%3Ealert(1)%3C/script%3E".into());
    pages.push("/about?t=topic:%3Cimg%20src=x%20onerror=alert(1)%3E".into());
    Ok(pages)
}

/// The policy that the program's own pages have.
fn policy(server: SocketAddr) -> Result<String> {
    let answer = http::get(server, "/sources")?;
    Ok(answer.header("content-security-policy").context("a page without a policy")?.to_owned())
}

/// Chromium, steered by playwright-core, which is installed where builds go.
struct Browser {
    home: PathBuf,
    chromium: PathBuf,
    tabs: usize,
}

impl Browser {
    fn install(args: &Args) -> Result<Browser> {
        ensure!(args.chromium.exists(), "no Chromium at {} (--chromium)", args.chromium.display());
        let home = std::path::absolute("target/canary")?;
        std::fs::create_dir_all(&home)?;
        if !home.join("node_modules/playwright-core").exists() {
            let npm = Command::new("npm")
                .args(["install", "--silent", "--prefix"])
                .arg(&home)
                .arg("playwright-core")
                .status();
            ensure!(npm.context("the canary needs npm")?.success(), "playwright-core could not be installed");
        }
        std::fs::write(home.join("visit.mjs"), include_str!("canary/visit.mjs"))?;
        Ok(Browser { home, chromium: args.chromium.clone(), tabs: args.tabs })
    }

    fn visit(&self, what: &str, base: &str, pages: impl Iterator<Item = Visit>) -> Result<Seen> {
        let mut node = Command::new("node");
        node.arg(self.home.join("visit.mjs"))
            .arg(&self.home)
            .arg(&self.chromium)
            .arg(base)
            .arg(self.tabs.to_string());
        let mut child =
            node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().context("the canary needs node")?;
        let mut input = child.stdin.take().context("no input")?;
        let mut asked = 0;
        for it in pages {
            writeln!(input, "{}", json!({"id": it.id, "path": it.path, "scope": it.scope}))?;
            asked += 1;
        }
        drop(input);
        let mut seen = Seen::default();
        for line in BufReader::new(child.stdout.take().context("no output")?).lines() {
            let said: Value = serde_json::from_str(&line?)?;
            match said["status"].as_u64() {
                Some(200) => seen.opened += 1,
                _ => {
                    seen.failed += 1;
                    eprintln!("{}: {}", said["id"], said["status"]);
                }
            }
            if said["fired"].as_array().is_some_and(|it| !it.is_empty()) {
                seen.fired.push(said["id"].as_str().unwrap_or_default().to_owned());
            }
            let so_far = seen.opened + seen.failed;
            if so_far % TELL_EVERY == 0 || so_far == asked {
                eprintln!("{what}: {so_far} of {asked} pages, {} ran", seen.fired.len());
            }
        }
        if !child.wait()?.success() || seen.opened + seen.failed != asked {
            bail!("the browser gave up after {} of {asked} pages", seen.opened + seen.failed);
        }
        Ok(seen)
    }
}
