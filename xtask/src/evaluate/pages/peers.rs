//! Others, run on the same pages in the same run: trafilatura, newspaper4k and htmldate (PyPI), readability.js (npm).

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{Answer, Args, Case};

const TRAFILATURA: &str = r#"
import sys, json, time
import trafilatura
for line in sys.stdin:
    page = json.loads(line)
    began = time.process_time()
    try:
        got = trafilatura.bare_extraction(page["html"], url=page["url"], with_metadata=True, include_comments=False)
    except Exception:
        got = None
    spent = time.process_time() - began
    if got is not None and not isinstance(got, dict):
        got = got.as_dict()
    got = got or {}
    print(json.dumps({"text": got.get("text") or "", "title": got.get("title"), "authors": got.get("author"), "day": got.get("date"), "spent": spent}))
"#;

const NEWSPAPER: &str = r#"
import sys, json, time, warnings
warnings.filterwarnings("ignore")
import newspaper
for line in sys.stdin:
    page = json.loads(line)
    began = time.process_time()
    got = {}
    try:
        article = newspaper.Article(page["url"], fetch_images=False, memorize_articles=False)
        article.download(input_html=page["html"])
        article.parse()
        day = article.publish_date
        got = {"text": article.text or "", "title": article.title, "authors": "; ".join(article.authors), "day": day.strftime("%Y-%m-%d") if day else None}
    except Exception:
        pass
    got["spent"] = time.process_time() - began
    print(json.dumps(got))
"#;

/// Days only.
const HTMLDATE: &str = r#"
import sys, json, time
from htmldate import find_date
for line in sys.stdin:
    page = json.loads(line)
    began = time.process_time()
    try:
        day = find_date(page["html"], url=page["url"], original_date=True)
    except Exception:
        day = None
    print(json.dumps({"day": day, "spent": time.process_time() - began}))
"#;

const READABILITY: &str = r#"
const { JSDOM, VirtualConsole } = require("jsdom");
const { Readability } = require("@mozilla/readability");
const lines = require("readline").createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const page = JSON.parse(line);
  const began = process.cpuUsage();
  let got = null;
  try {
    const dom = new JSDOM(page.html, { url: page.url, virtualConsole: new VirtualConsole() });
    got = new Readability(dom.window.document).parse();
    dom.window.close();
  } catch (e) {}
  const used = process.cpuUsage(began);
  const day = got && got.publishedTime ? got.publishedTime.slice(0, 10) : null;
  let text = got ? got.content.replace(/<\/(p|div|li|h[1-6]|blockquote|tr|td)>|<br ?\/?>/g, "\n$&") : "";
  text = got ? new JSDOM(text).window.document.body.textContent : "";
  console.log(JSON.stringify({ text, title: got && got.title, authors: got && got.byline, day, spent: (used.user + used.system) / 1e6 }));
});
"#;

/// Each peer's name, answers and CPU time. They are installed under the build folder when they are not there yet.
pub fn run(_: &Args, cases: &[Case]) -> Result<Vec<(&'static str, Vec<Answer>, Duration)>> {
    let folder = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from("target"), PathBuf::from)
        .join("peers");
    std::fs::create_dir_all(&folder)?;
    let folder = folder.canonicalize()?;
    let python = folder.join("venv/bin/python");
    if !python.exists() {
        sh(Command::new("python3").args(["-m", "venv"]).arg(folder.join("venv")))?;
        sh(Command::new(&python).args(["-m", "pip", "install", "-q", "--upgrade", "pip"]))?;
        sh(Command::new(&python).args([
            "-m",
            "pip",
            "install",
            "-q",
            "trafilatura",
            "htmldate",
            "newspaper4k",
            "lxml_html_clean",
        ]))?;
    }
    if !folder.join("node_modules/@mozilla/readability").exists() {
        sh(Command::new("npm").current_dir(&folder).args([
            "install",
            "--silent",
            "@mozilla/readability",
            "jsdom@24",
        ]))?;
    }
    let in_python = |name: &'static str, script: &str| {
        let file = folder.join(format!("{name}-peer.py"));
        std::fs::write(&file, script)?;
        answers(name, Command::new(&python).arg(file), cases)
    };
    let js = folder.join("peer.js");
    std::fs::write(&js, READABILITY)?;
    Ok(vec![
        in_python("trafilatura", TRAFILATURA)?,
        in_python("newspaper4k", NEWSPAPER)?,
        in_python("htmldate", HTMLDATE)?,
        answers("readability.js", Command::new("node").current_dir(&folder).arg(js), cases)?,
    ])
}

fn sh(command: &mut Command) -> Result<()> {
    ensure!(command.status().with_context(|| format!("{command:?}"))?.success(), "failed: {command:?}");
    Ok(())
}

fn answers(
    name: &'static str,
    command: &mut Command,
    cases: &[Case],
) -> Result<(&'static str, Vec<Answer>, Duration)> {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().context(name)?;
    let mut input = child.stdin.take().context("no stdin")?;
    let lines: Vec<String> =
        cases.iter().map(|it| json!({ "url": it.address, "html": it.html }).to_string()).collect();
    let writer = std::thread::spawn(move || lines.iter().try_for_each(|line| writeln!(input, "{line}")));
    let output = child.wait_with_output()?;
    let _ = writer.join();
    let mut spent = 0.0;
    let mut answers = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).split('\n').filter(|it| !it.is_empty()) {
        let said: Value = serde_json::from_str(line)?;
        spent += said["spent"].as_f64().unwrap_or(0.0);
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        answers.push(Answer {
            text: text("text").unwrap_or_default(),
            title: text("title"),
            authors: text("authors").map(|it| super::metadata::byline(&it)).unwrap_or_default(),
            day: text("day"),
            whole: None,
        });
    }
    ensure!(answers.len() == cases.len(), "{name} answered {} of {} pages", answers.len(), cases.len());
    Ok((name, answers, Duration::from_secs_f64(spent)))
}
