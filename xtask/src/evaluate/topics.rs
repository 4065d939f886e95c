//! Topics: AllSides' editors gave each article one of theirs; Reuters' indexers of 1987 gave codes. Of those that say the same
//! as one of ours, how often ours is found from the words alone (no section, no tag, no address), and how many topics an
//! article is given.

use std::collections::BTreeMap;

use anyhow::Result;
use news::Language;
use serde_json::json;

use super::Args;

/// Theirs, and which of ours mean it; a part of ours below one of these counts.
const SAME: &[(&str, &str)] = &[
    ("elections", "politics/elections"),
    ("presidential_elections", "politics/elections"),
    ("campaign_finance", "politics"),
    ("voting_rights_and_voter_fraud", "politics/elections"),
    ("politics", "politics"),
    ("white_house", "politics"),
    ("us_senate", "politics"),
    ("us_house", "politics"),
    ("us_congress", "politics"),
    ("immigration", "politics/immigration"),
    ("foreign_policy", "politics/international-relations"),
    ("coronavirus", "health"),
    ("healthcare", "health"),
    ("public_health", "health"),
    ("supreme_court", "crime/judiciary"),
    ("justice", "crime"),
    ("criminal_justice", "crime"),
    ("violence_in_america", "crime"),
    ("us_military", "conflict"),
    ("national_defense", "conflict"),
    ("terrorism", "conflict/terrorism"),
    ("trade", "economy"),
    ("economy_and_jobs", "economy labour"),
    ("banking_and_finance", "economy"),
    ("federal_budget", "economy"),
    ("business", "economy"),
    ("labor", "labour"),
    ("environment", "environment"),
    ("energy", "environment economy"),
    ("disaster", "disaster"),
    ("education", "education"),
    ("technology", "science/technology"),
    ("science", "science"),
    ("sports", "sport"),
    ("religion_and_faith", "religion"),
    ("arts_and_entertainment", "arts"),
    ("race_and_racism", "society"),
    ("abortion", "society"),
    ("gun_control_and_gun_rights", "society"),
    ("lgbt_rights", "society"),
];

/// All of Reuters' codes are of the economy: what a company earned or bought, money, goods, what a country trades and makes.
/// Work is a topic of its own here.
fn meant(label: &str) -> Option<&'static str> {
    match SAME.iter().find(|it| it.0 == label) {
        Some((_, ours)) => Some(ours),
        None => label
            .strip_prefix("reuters: ")
            .map(|code| if code == "jobs" { "labour economy" } else { "economy" }),
    }
}

/// Title, text and label. Of several codes the first is the one that is measured.
fn read(line: &serde_json::Value) -> Option<(String, String, String)> {
    let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
    let label = match line["topics"].as_array() {
        Some(codes) => format!("reuters: {}", codes.first()?.as_str()?),
        None => text("topic"),
    };
    Some((text("title"), text("text"), label))
}

/// Codes of fewer articles are told together.
const FEW: usize = 50;

pub fn run(args: &Args) -> Result<()> {
    let mut files = super::files(args, "stories", |name| name.starts_with("allsides-fit"))?;
    if args.files.is_empty() {
        files.extend(super::files(args, "ranking", |name| name.starts_with("reuters"))?);
    }
    for file in files {
        let mut counts: BTreeMap<String, [usize; 2]> = BTreeMap::new();
        let (mut all, mut given, mut none) = (0, 0, 0);
        for (title, body, label) in super::json_lines(&file)?.iter().filter_map(read) {
            let found = understand::topics(&title, &body, "", &[], &Language("en".into()));
            all += 1;
            given += found.len();
            none += usize::from(found.is_empty());
            let Some(ours) = meant(&label) else { continue };
            let is = |path: &str| {
                ours.split(' ')
                    .any(|it| path == it || path.strip_prefix(it).is_some_and(|rest| rest.starts_with('/')))
            };
            let count = counts.entry(label).or_default();
            count[0] += 1;
            count[1] += usize::from(found.iter().any(|it| is(&it.0)));
        }
        let few: Vec<String> = counts
            .iter()
            .filter(|it| it.1[0] < FEW && it.0.starts_with("reuters"))
            .map(|it| it.0.clone())
            .collect();
        for label in few {
            let Some([there, right]) = counts.remove(&label) else { continue };
            let others = counts.entry("reuters: (others)".into()).or_default();
            *others = [others[0] + there, others[1] + right];
        }
        let (there, right) = counts.values().fold((0, 0), |sum, it| (sum.0 + it[0], sum.1 + it[1]));
        let share = right as f64 / there.max(1) as f64;
        let each = f64::from(given as u32) / f64::from(all.max(1) as u32);
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if args.json {
            println!(
                "{}",
                json!({"what": "topics", "file": name, "n": there, "found": share, "each": each, "none": none})
            );
            continue;
        }
        println!(
            "{name}: {all} articles, {each:.2} topics each, {none} without any; {there} whose label is one of ours: found in {share:.3}"
        );
        for (topic, [there, right]) in counts {
            println!("  {topic:<32} {right:>4} of {there}");
        }
    }
    Ok(())
}
