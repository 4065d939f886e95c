//! Key points against what people wrote or chose: ROUGE-1, -2 and -L (F1; Lin 2004) beside the first three sentences.

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use serde_json::{Value, json};
use understand::{Told, story_key_points};

use super::Args;

/// Titles and texts of what is summed up, and how people summed it up.
pub struct Case {
    pub articles: Vec<(String, String)>,
    pub reference: String,
}

pub fn run(args: &Args) -> Result<()> {
    let files = super::files(args, "keypoints", |name| name.contains(".jsonl"))?;
    for file in files {
        let cases: Vec<Case> = super::json_lines(&file)?.iter().filter_map(case).collect();
        print(args, &file, &cases);
    }
    Ok(())
}

/// A round-up of several articles, a summary of one, or answers to who, what, when, where, why and how.
pub fn case(line: &Value) -> Option<Case> {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    if let Some(articles) = line["articles"].as_array() {
        let articles = articles.iter().map(|it| (text(it, "title"), text(it, "lead"))).collect();
        return Some(Case { articles, reference: text(line, "roundup") });
    }
    let articles = vec![(text(line, "title"), text(line, "text"))];
    if line["summary"].is_string() {
        return Some(Case { articles, reference: text(line, "summary") });
    }
    let answers = line["fiveWoneH"].as_object()?.values().filter_map(|it| it["annotated"].as_array());
    let most = |it: &&Value| it["coderPhraseCount"].as_u64().unwrap_or(0);
    let best: Vec<String> =
        answers.filter_map(|it| it.iter().max_by_key(most)).map(|it| text(it, "text")).collect();
    (!best.is_empty()).then(|| Case { articles, reference: best.join(" ") })
}

fn print(args: &Args, file: &Path, cases: &[Case]) {
    let (mut ours, mut lead) = ([0.0; 3], [0.0; 3]);
    for case in cases {
        let reference = words(&case.reference);
        for (sums, text) in [(&mut ours, points(case)), (&mut lead, first_three(case))] {
            let scores = rouge(&words(&text), &reference);
            sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += score / cases.len() as f64);
        }
    }
    if args.json {
        println!(
            "{}",
            json!({
                "what": "keypoints", "file": file.display().to_string(), "n": cases.len(),
                "rouge1": ours[0], "rouge2": ours[1], "rougeL": ours[2],
                "lead3": {"rouge1": lead[0], "rouge2": lead[1], "rougeL": lead[2]},
            })
        );
        return;
    }
    println!("{}: {} cases", file.file_name().unwrap_or_default().to_string_lossy(), cases.len());
    for (what, it) in [("ours", ours), ("lead-3", lead)] {
        println!("  {what:<7} ROUGE-1 {:.4}  ROUGE-2 {:.4}  ROUGE-L {:.4}", it[0], it[1], it[2]);
    }
}

fn points(case: &Case) -> String {
    let told: Vec<Told> =
        case.articles.iter().map(|it| Told { title: &it.0, body: &it.1, own: &[] }).collect();
    let says: Vec<String> = story_key_points(&told).into_iter().map(|(_, it)| it.says).collect();
    says.join(" ")
}

pub fn first_three(case: &Case) -> String {
    let text: Vec<&str> = case.articles.iter().map(|it| it.1.as_str()).collect();
    let text = text.join("\n");
    let three: Vec<&str> = understand::sentences_of(&text).take(3).collect();
    three.join(" ")
}

pub fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    words.map(str::to_lowercase).collect()
}

pub fn rouge(said: &[String], reference: &[String]) -> [f64; 3] {
    let f1 = |common: usize, a: usize, b: usize| {
        if common == 0 { 0.0 } else { 2.0 * common as f64 / (a + b) as f64 }
    };
    let of_size = |size: usize| {
        let mut counts: HashMap<&[String], usize> = HashMap::new();
        reference.windows(size).for_each(|it| *counts.entry(it).or_default() += 1);
        let mut common = 0;
        for it in said.windows(size) {
            if let Some(left) = counts.get_mut(it).filter(|left| 0 < **left) {
                *left -= 1;
                common += 1;
            }
        }
        f1(common, (said.len() + 1).saturating_sub(size), (reference.len() + 1).saturating_sub(size))
    };
    [of_size(1), of_size(2), f1(longest_common(said, reference), said.len(), reference.len())]
}

fn longest_common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for a in a {
        let mut before = 0;
        for (at, b) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if a == b { before + 1 } else { above.max(row[at]) };
            before = above;
        }
    }
    row[b.len()]
}
