//! feedparser 6 itself, from PyPI, beside us on the same documents and the same expectations.

use std::{
    collections::BTreeMap,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use super::{super::documents::Document, expect};

const VERSION: &str = "feedparser>=6,<7";

/// Evaluates each expectation as Python, on what feedparser found; answers "group`TAB`held" lines.
const SCRIPT: &str = r#"
import sys, os, re, feedparser
folder = sys.argv[1]
for name in sorted(os.listdir(folder)):
    if name.endswith('.expect'): continue
    group, expect = open(os.path.join(folder, name + '.expect'), encoding='utf-8').read().split('\n', 1)
    body = open(os.path.join(folder, name), 'rb').read()
    headers = {'content-location': 'http://127.0.0.1:8097/tests/document.xml', 'content-type': 'application/xml'}
    for key, value in re.findall(r'^\s*Header:\s*([^:]+):(.*)$', body[:2000].decode('latin-1'), re.M):
        headers[key.strip().lower()] = value.strip()
    try:
        found = feedparser.parse(body, response_headers=headers)
        held = bool(eval(expect, {}, dict(found)))
    except Exception:
        held = False
    print(group, int(held), sep='\t')
"#;

/// By group: how many expectations held, of how many that are about what we keep.
pub fn feedparser(documents: &[Document], data: &Path) -> Result<BTreeMap<String, (usize, usize)>> {
    let work = std::env::temp_dir().join(format!("tidings-peer-{}", std::process::id()));
    let with: Vec<(&Document, String)> = documents
        .iter()
        .filter_map(|it| Some((it, expect::of(it)?)))
        .filter(|(_, expectation)| expect::judge(expectation, None) != expect::Verdict::NotAboutUs)
        .collect();
    if with.is_empty() {
        return Ok(BTreeMap::new());
    }
    let folder = work.join("documents");
    std::fs::create_dir_all(&folder).with_context(|| format!("no room beside {}", data.display()))?;
    for (at, (document, expectation)) in with.iter().enumerate() {
        std::fs::write(folder.join(format!("{at:05}")), &document.bytes)?;
        let said = format!("{}\n{expectation}", document.group());
        std::fs::write(folder.join(format!("{at:05}.expect")), said)?;
    }
    let answer = python(&work).and_then(|python| {
        let output = Command::new(python).args(["-c", SCRIPT]).arg(&folder).stderr(Stdio::null()).output()?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    });
    std::fs::remove_dir_all(&work)?;
    let mut held = BTreeMap::<String, (usize, usize)>::new();
    for (group, one) in answer?.lines().filter_map(|line| line.split_once('\t')) {
        let counts = held.entry(group.to_owned()).or_default();
        *counts = (counts.0 + usize::from(one == "1"), counts.1 + 1);
    }
    Ok(held)
}

/// A Python of its own, with feedparser in it.
fn python(work: &Path) -> Result<std::path::PathBuf> {
    let home = work.join("python");
    let made =
        Command::new("python3").args(["-m", "venv"]).arg(&home).status().context("--peers needs python3")?;
    let installed = Command::new(home.join("bin/pip")).args(["install", "--quiet", VERSION]).status();
    if !made.success() || !installed.is_ok_and(|it| it.success()) {
        bail!("feedparser could not be installed from PyPI");
    }
    Ok(home.join("bin/python"))
}
