//! Hostile HTML through the sanitiser, judged by what is left: read anew by an HTML parser, element by element.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use extract::sanitize;
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::{Value, json};

use super::Args;
use super::pages::cpu_time;

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

/// What in it should not be there: as its letters are, and as the tree that a parser makes of them.
fn danger(html: &str) -> Option<String> {
    testkit::is_clean(html).err().or_else(|| danger_in_tree(html))
}

/// What the data's README forbids, in whatever place a parser finds it.
const NEVER: &[&str] = &[
    "script",
    "style",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "button",
    "link",
    "meta",
    "base",
    "svg",
    "math",
    "template",
    "noscript",
    "title",
    "textarea",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "frame",
    "frameset",
    "applet",
    "audio",
    "video",
    "source",
    "track",
    "portal",
    "select",
    "keygen",
    "isindex",
    "marquee",
    "animate",
    "set",
    "use",
];

fn danger_in_tree(html: &str) -> Option<String> {
    use html5ever::tendril::TendrilSink;
    let context = html5ever::QualName::new(None, html5ever::ns!(html), html5ever::local_name!("div"));
    let dom =
        html5ever::parse_fragment(RcDom::default(), Default::default(), context, Vec::new(), false).one(html);
    let mut open: Vec<Handle> = vec![dom.document];
    while let Some(node) = open.pop() {
        open.extend(node.children.borrow().iter().cloned());
        let NodeData::Element { name, attrs, .. } = &node.data else {
            if matches!(node.data, NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. }) {
                return Some("a comment".into());
            }
            continue;
        };
        if NEVER.contains(&&*name.local) || name.ns != html5ever::ns!(html) {
            return Some(format!("<{}>", name.local));
        }
        for attribute in attrs.borrow().iter() {
            let (key, value) = (&*attribute.name.local, &*attribute.value);
            let never = key.starts_with("on")
                || key.starts_with("xmlns")
                || ["style", "srcdoc", "id", "name"].contains(&key);
            if never || leads(key) && !is_web(value) {
                return Some(format!("<{} {key}={value}>", name.local));
            }
        }
    }
    None
}

fn leads(attribute: &str) -> bool {
    [
        "href",
        "src",
        "poster",
        "srcset",
        "action",
        "formaction",
        "background",
        "cite",
        "data",
        "ping",
        "xlink:href",
    ]
    .contains(&attribute)
}

/// As browsers resolve it on a page of ours.
fn is_web(address: &str) -> bool {
    let page = url::Url::parse("https://reader.example/article/1").expect("a constant");
    page.join(address).is_ok_and(|it| matches!(it.scheme(), "http" | "https" | "mailto" | "tel"))
}
