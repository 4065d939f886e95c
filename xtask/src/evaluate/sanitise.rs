//! Hostile HTML through the sanitiser, judged by what is left: read anew by an HTML parser, element by element.

mod robust;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use extract::{fitting, sanitize};
use serde_json::{Value, json};

use super::Args;
use super::pages::cpu_time;

/// Elements that may be left; everything else is dangerous or has no place in a text.
const MAY_BE: &[&str] = &[
    "html",
    "head",
    "body",
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "samp",
    "small",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
];
const ATTRIBUTES: &[&str] = &[
    "href",
    "src",
    "alt",
    "width",
    "height",
    "rel",
    "referrerpolicy",
    "loading",
    "colspan",
    "rowspan",
    "datetime",
    "start",
];
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel"];
/// What one payload may take.
const SLOW: Duration = Duration::from_millis(100);

#[derive(Default)]
struct Verdict {
    n: usize,
    dangerous: Vec<String>,
    changed: Vec<String>,
    slow: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    let mut all = Verdict::default();
    for file in payload_files(args)? {
        let verdict = judge(&file)?;
        if args.json {
            println!(
                "{}",
                json!({"what": "sanitise", "file": file, "n": verdict.n, "dangerous": verdict.dangerous.len(),
                       "not_idempotent": verdict.changed.len(), "slow_or_swollen": verdict.slow.len()})
            );
        } else {
            let name = file.iter().rev().take(2).collect::<Vec<_>>();
            println!(
                "{:<60} n {:>5}  dangerous {}  not idempotent {}  slow or swollen {}",
                name.iter().rev().collect::<PathBuf>().display(),
                verdict.n,
                verdict.dangerous.len(),
                verdict.changed.len(),
                verdict.slow.len()
            );
        }
        for (what, ids) in
            [("dangerous", &verdict.dangerous), ("changed", &verdict.changed), ("slow", &verdict.slow)]
        {
            ids.iter().take(5).for_each(|it| eprintln!("  {what}: {it}"));
        }
        all.n += verdict.n;
        all.dangerous.extend(verdict.dangerous);
    }
    if args.files.is_empty() {
        robust::run(args)?;
    }
    if !args.json {
        println!("all: n {}  dangerous {}", all.n, all.dangerous.len());
    }
    Ok(())
}

fn payload_files(args: &Args) -> Result<Vec<PathBuf>> {
    if !args.files.is_empty() {
        return Ok(args.files.clone());
    }
    let mut found = Vec::new();
    for folder in ["h5sc", "owasp-xss", "xss-lists", "ammonia", "feedparser"] {
        let is_payloads = |name: &str| name.ends_with(".jsonl") && !name.contains("manifest");
        found.extend(super::files(args, &format!("hostile/{folder}"), is_payloads)?);
    }
    Ok(found)
}

fn judge(file: &Path) -> Result<Verdict> {
    let mut verdict = Verdict::default();
    for line in super::json_lines(file)? {
        let id = line["id"].as_str().unwrap_or("?").to_owned();
        let Some(payload) = payload(&line) else { continue };
        // As it is, and where a feed would put it.
        let dressed = [
            payload.clone(),
            format!("<a href=\"{payload}\">x</a>"),
            format!("<img src=\"{payload}\">"),
            format!("<div style=\"{payload}\">x</div>"),
            format!("<p>{payload}</p><p>behind</p>"),
        ];
        verdict.n += 1;
        let mut found = [false; 3];
        for payload in dressed {
            let began = cpu_time();
            let clean = sanitize(&payload, "https://news.example/a");
            let spent = cpu_time() - began;
            found[0] |= danger(clean.as_str()).is_some();
            found[1] |= sanitize(clean.as_str(), "https://news.example/a") != clean;
            found[2] |= SLOW < spent || 20 * payload.len() + 4096 < clean.as_str().len();
        }
        for (is, list) in
            found.into_iter().zip([&mut verdict.dangerous, &mut verdict.changed, &mut verdict.slow])
        {
            if is {
                list.push(id.clone());
            }
        }
    }
    Ok(verdict)
}

fn payload(line: &Value) -> Option<String> {
    if let Some(repeat) = line["payload_repeat"].as_array() {
        return Some(repeat.first()?.as_str()?.repeat(usize::try_from(repeat.get(1)?.as_u64()?).ok()?));
    }
    line["payload"].as_str().map(str::to_owned)
}

/// What in it should not be there.
fn danger(html: &str) -> Option<String> {
    for (element, attributes) in fitting::elements(html) {
        if !MAY_BE.contains(&element.as_str()) {
            return Some(element);
        }
        for (name, value) in attributes {
            let is_address = matches!(name.as_str(), "href" | "src");
            if !ATTRIBUTES.contains(&name.as_str())
                || is_address && !SCHEMES.contains(&scheme(&value).as_str())
            {
                return Some(format!("{element} {name}={value}"));
            }
        }
    }
    None
}

/// As browsers read it: white space and control characters before it and line ends within it do not count.
fn scheme(address: &str) -> String {
    let clean: String = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).collect();
    let clean = clean.trim_start_matches(|c: char| c <= ' ');
    clean.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase()).unwrap_or_default()
}
