//! Pages against the text and the metadata that people (or hand-written rules) found in them.

mod cases;
mod fields;
mod metadata;
mod metrics;
mod peers;

use std::path::Path;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use super::Args;
pub use cases::{Case, Kind, cases};
use extract::Page;
use fields::{Found, judged};
use metadata::Metadata;
pub use metrics::{Scores, words};

/// What an extractor made of one page.
#[derive(Default)]
pub struct Answer {
    pub text: String,
    pub title: Option<String>,
    pub authors: Vec<String>,
    /// `YYYY-MM-DD`.
    pub day: Option<String>,
    /// All of it, where we made it.
    pub whole: Option<news::Extracted>,
}

pub fn run(args: &Args) -> Result<()> {
    for file in super::files(args, "pages", |name| name.ends_with(".jsonl.zst") && !name.contains("report"))?
    {
        let cases = cases(&file)?;
        let began = cpu_time();
        let answers: Vec<Answer> = cases.iter().map(ours).collect();
        let spent = cpu_time() - began;
        let began = cpu_time();
        cases.iter().for_each(|it| {
            extract::fitting::parse_alone(&it.html);
        });
        let parsing = cpu_time() - began;
        report(args, "tidings", &file, &cases, &answers, Some((spent, parsing)));
        if args.peers {
            for (name, answers, spent) in peers::run(args, &cases)? {
                report(args, name, &file, &cases, &answers, Some((spent, parsing)));
            }
        }
    }
    Ok(())
}

fn ours(case: &Case) -> Answer {
    let page = Page { address: &case.address, html: &case.html, hint: None };
    let Some(it) = extract::extract(&page) else { return Answer::default() };
    Answer {
        text: it.text.clone(),
        title: Some(it.title.clone()),
        authors: it.authors.iter().map(|it| it.name.clone()).collect(),
        day: it.published.map(|it| metadata::day_of(it, &case.html)),
        whole: Some(it),
    }
}

fn report(
    args: &Args,
    who: &str,
    file: &Path,
    cases: &[Case],
    answers: &[Answer],
    time: Option<(Duration, Duration)>,
) {
    let mut scores = Scores::default();
    let mut said = Metadata::default();
    let mut found = Found::default();
    for (case, answer) in cases.iter().zip(answers) {
        scores.add(case, answer);
        said.add(case, answer);
        if let Some(whole) = &answer.whole {
            found.add(&judged(&case.fields, whole));
        }
    }
    let total = scores.total().filter(|_| answers.iter().any(|it| !it.text.is_empty()));
    let [p, r, f1] = total.unwrap_or([f64::NAN; 3]);
    let (spent, parsing) = time.unwrap_or_default();
    let speed = cases.len() as f64 / spent.as_secs_f64().max(1e-9);
    let ratio = parsing.as_secs_f64() / spent.as_secs_f64().max(1e-9);
    if args.json {
        let mut line = json!({
            "what": "pages", "file": file, "by": who, "n": cases.len(), "empty": answers.iter().filter(|it| it.text.is_empty()).count(),
            "pages_a_cpu_second": speed, "share_of_parsing_speed": ratio,
        });
        if total.is_some() {
            (line["p"], line["r"], line["f1"]) = (json!(p), json!(r), json!(f1));
        }
        said.into_json(&mut line);
        found.into_json(&mut line);
        println!("{line}");
        return;
    }
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    print!("{name:<32} {who:<14} n {:>4}", cases.len());
    if total.is_some() {
        print!("  P {p:.4}  R {r:.4}  F1 {f1:.4}");
    }
    println!("  {said}  {speed:.0} pages/CPU-s ({ratio:.2} of parsing alone)");
    let found = found.to_string();
    if !found.is_empty() {
        println!("{:32} {found}", "");
    }
    if let Ok(path) = std::env::var("TIDINGS_SHOW_PAGES")
        && who == "tidings"
    {
        let lines = cases.iter().zip(answers).map(|(case, answer)| {
            let [p, r, f1] = Scores::of(case, answer).unwrap_or_default();
            let wrong = answer.whole.iter().flat_map(|it| judged(&case.fields, it)).filter(|it| !it.right);
            let wrong: String = wrong.map(|it| format!("\n  {it}")).collect();
            format!(
                "{f1:.3} {p:.3} {r:.3} {} {}\n  title {:?} / {:?}\n  day {:?} / {:?}\n  authors {:?} / {:?}{wrong}",
                case.id,
                case.address,
                case.title,
                answer.title,
                case.day,
                answer.day,
                case.authors,
                answer.authors
            )
        });
        let _ = std::fs::write(format!("{path}.{name}.txt"), lines.collect::<Vec<_>>().join("\n"));
    }
}

/// CPU time of this process so far: a busy machine does not change it much.
pub fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after.split_whitespace().skip(11).take(2).filter_map(|it| it.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
