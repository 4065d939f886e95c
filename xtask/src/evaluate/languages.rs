//! Languages: of each sentence of a file `xx.txt` (one a line, in the language `xx`) and of its first seven words, as
//! short as a headline, whether we tell the language; for archives of feed items, of titles and descriptions whose
//! language the feed declares, with and without being told.

use std::{collections::HashMap, path::Path};

use anyhow::Result;
use news::Language;
use serde_json::json;

use super::Args;

/// So many words are as long as a short headline.
const SHORT: usize = 7;

pub fn run(args: &Args) -> Result<()> {
    let mut means: Vec<[f64; 2]> = Vec::new();
    for file in super::files(args, "languages", |name| name.ends_with(".txt") || name.contains(".jsonl"))? {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.contains(".jsonl") {
            archive(args, &file)?;
            continue;
        }
        let expected = name.split(['.', '-']).next().unwrap_or_default();
        let text = super::read(&file)?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let mut right = [0_usize; 2];
        let mut instead: HashMap<String, usize> = HashMap::new();
        for line in &lines {
            for (length, text) in [*line, &shortened(line)].into_iter().enumerate() {
                let found = understand::language(text, "", None).0;
                if found == expected {
                    right[length] += 1;
                } else if length == 1 {
                    *instead.entry(found).or_default() += 1;
                }
            }
        }
        let share = right.map(|it| it as f64 / lines.len().max(1) as f64);
        means.push(share);
        let mut instead: Vec<(String, usize)> = instead.into_iter().collect();
        instead.sort_by_key(|it| std::cmp::Reverse(it.1));
        instead.truncate(4);
        if args.json {
            println!(
                "{}",
                json!({"what": "languages", "file": name, "n": lines.len(), "whole": share[0], "short": share[1]})
            );
            continue;
        }
        let instead: Vec<String> = instead.iter().map(|(code, count)| format!("{code} {count}")).collect();
        println!(
            "{name:<12} {:>5}  whole {:.3}  short {:.3}  taken for: {}",
            lines.len(),
            share[0],
            share[1],
            instead.join(", ")
        );
    }
    if !args.json && !means.is_empty() {
        let mean = |at: usize| means.iter().map(|it| it[at]).sum::<f64>() / means.len() as f64;
        println!("mean of {} languages: whole {:.4}, short {:.4}", means.len(), mean(0), mean(1));
    }
    Ok(())
}

/// The first words; in scripts without spaces the first signs.
fn shortened(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().take(SHORT).collect();
    words.join(" ").chars().take(60).collect()
}

fn archive(args: &Args, file: &Path) -> Result<()> {
    let (mut all, mut alone, mut told) = (0_u32, 0, 0);
    for line in super::json_lines(file)? {
        let text = |name: &str| line[name].as_str().unwrap_or_default();
        let declared = text("lang").split(['-', '_']).next().unwrap_or_default().to_lowercase();
        if declared.is_empty() || text("title").is_empty() {
            continue;
        }
        all += 1;
        let is = |claimed: Option<&Language>| {
            understand::language(text("title"), text("description"), claimed).0 == declared
        };
        alone += usize::from(is(None));
        told += usize::from(is(Some(&Language(declared.clone()))));
    }
    let share = |it: usize| it as f64 / f64::from(all.max(1));
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    if args.json {
        println!(
            "{}",
            json!({"what": "languages", "file": name, "n": all, "alone": share(alone), "told": share(told)})
        );
    } else {
        println!(
            "{name}: {all} items, as declared without being told {:.4}, being told {:.4}",
            share(alone),
            share(told)
        );
    }
    Ok(())
}
