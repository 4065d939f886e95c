//! What a body of news and lists of facts know of words.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use understand::names::training::{
    BEGINS_TOWN, FAMILY_NAME, GIVEN_NAME, Known, Lexicon, TOWN, fold_hash, joined, tokens,
};

use super::Table;

/// Smaller towns are called like anything.
const LARGE_TOWN: u32 = 20_000;

pub fn read_texts(files: &[PathBuf]) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    for file in files {
        for line in crate::evaluate::json_lines(file).with_context(|| file.display().to_string())? {
            let body =
                ["text", "description"].iter().find_map(|field| line.get(field).and_then(Value::as_str));
            let body = crate::distill::without_tags(body.unwrap_or_default());
            if 80 < body.len() {
                texts.push(body);
            }
        }
    }
    Ok(texts)
}

/// How words are written inside sentences: small, capital first, all capitals.
pub fn cases(texts: &[String]) -> Table<Known> {
    let mut counts: Table<[u32; 3]> = Table::default();
    let mut found = Vec::new();
    for text in texts {
        for line in text.lines() {
            found.clear();
            tokens(line, 0, line.len(), &mut found);
            let mut begins = true;
            for token in &found {
                let word = token.text;
                let starts = begins;
                begins = matches!(word, "." | "!" | "?" | "\"" | "“" | "”" | ":" | "…" | "•");
                if starts || !word.starts_with(char::is_alphabetic) {
                    continue;
                }
                let case = match (word.starts_with(char::is_uppercase), word.chars().any(char::is_lowercase))
                {
                    (false, _) => 0,
                    (true, true) => 1,
                    (true, false) => 2,
                };
                counts.entry(fold_hash(word)).or_default()[case] += 1;
            }
        }
    }
    let mut by_count: Vec<(u32, u32, [u32; 3])> = counts
        .into_iter()
        .map(|(hash, counts)| (counts.iter().sum(), hash, counts))
        .filter(|it| 4 <= it.0)
        .collect();
    by_count.sort_unstable_by(|a, b| b.cmp(a));
    by_count.truncate(80_000);
    let case = |all: u32, [small, first, capitals]: [u32; 3]| {
        if 9 * all < 10 * small {
            1
        } else if 8 * all < 10 * capitals {
            4
        } else if 8 * all < 10 * (first + capitals) {
            3
        } else {
            2
        }
    };
    by_count
        .into_iter()
        .map(|(all, hash, counts)| (hash, Known { case: case(all, counts), ..Known::default() }))
        .collect()
}

/// Names of people, one a line, and of towns: name, tab, how many live there.
pub fn facts(
    given: Option<&Path>,
    family: Option<&Path>,
    towns: Option<&Path>,
    words: &mut Table<Known>,
) -> Result<()> {
    for (list, bit) in [(given, GIVEN_NAME), (family, FAMILY_NAME)] {
        for name in list.map(std::fs::read_to_string).transpose()?.unwrap_or_default().lines() {
            words.entry(fold_hash(name)).or_default().listed |= bit;
        }
    }
    for line in towns.map(std::fs::read_to_string).transpose()?.unwrap_or_default().lines() {
        let (name, people) = line.split_once('\t').unwrap_or((line, "0"));
        if people.parse::<u32>().unwrap_or(0) < LARGE_TOWN {
            continue;
        }
        let parts: Vec<u32> = name.split_whitespace().map(fold_hash).collect();
        let Some(whole) = parts.iter().copied().reduce(joined).filter(|_| parts.len() <= 4) else { continue };
        words.entry(whole).or_default().listed |= TOWN;
        if 1 < parts.len() {
            words.entry(parts[0]).or_default().listed |= BEGINS_TOWN;
        }
    }
    Ok(())
}

pub fn lexicon(words: &Table<Known>) -> Vec<u8> {
    let mut words: Vec<(u32, Known)> = words.iter().map(|(hash, known)| (*hash, *known)).collect();
    // Those of which more is known first, so that they are kept; then by hash, so that it is the same every time.
    words.sort_unstable_by_key(|(hash, known)| {
        let parts = [known.case.into(), known.class, known.listed.into()];
        let parts = parts.iter().filter(|it| **it != 0).count();
        (std::cmp::Reverse(parts), *hash)
    });
    words.truncate(180_000);
    words.sort_unstable_by_key(|it| it.0);
    Lexicon::lay_out(&words)
}
