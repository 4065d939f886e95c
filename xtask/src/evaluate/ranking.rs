//! How well editions put first what a reader opens.
//!
//! Labelled articles (Reuters' topic codes, AllSides' topics) carry *simulated* readers: each is interested in a few
//! labels, sees the articles in lists of twenty as they came, opens most of what carries their labels and a little of
//! the rest. What they did before a moment is learnt from; what came after it is ranked and compared. Real impressions
//! (MIND) are read as they are. The first half of a labelled file is the one that weights were fitted on
//! (see `docs/decisions/ranking.md`); what is printed is of the second half only.

pub mod corpus;
mod mind;
mod oracle;
pub mod readers;

use std::path::Path;

use anyhow::{Result, ensure};
use rank::Quality;
use serde_json::{Value, json};

use self::{
    corpus::Corpus,
    readers::{Judge, SIGNALS},
};
use super::Args;

pub fn run(args: &Args) -> Result<()> {
    let mut files = super::files(args, "ranking", |name| !name.contains("news"))?;
    if args.files.is_empty() {
        files.extend(super::files(args, "articles", |_| true)?);
    }
    for file in &files {
        if is_labelled(file)? { simulated(file, args)? } else { mind::run(file, args.json)? }
    }
    Ok(())
}

/// Lines of JSON; impressions, and the texts that come with them, are tables.
fn is_labelled(file: &Path) -> Result<bool> {
    Ok(super::read(file)?.trim_start().starts_with('{'))
}

fn simulated(file: &Path, args: &Args) -> Result<()> {
    let corpus = Corpus::read(file)?;
    let (fitted, report) = corpus.halves();
    let report = if args.fitted { fitted } else { report };
    let readers = readers::make(report, 30);
    ensure!(!readers.is_empty(), "{}: no label that enough articles carry", file.display());
    let all = readers::judge_all(report, &readers);
    let of = |judge: Judge, signals: usize| {
        all.iter().find(|it| it.judge == judge && it.signals == signals).map(|it| it.quality)
    };
    let most = *SIGNALS.last().unwrap_or(&0);
    if args.json {
        let rows: Vec<_> = all
            .iter()
            .map(|it| {
                let mut row = json_of(it.quality);
                row["by"] = json!(it.judge.name());
                row["signals"] = json!(it.signals);
                row
            })
            .collect();
        let mut line = json_of(of(Judge::Tidings, most).unwrap_or_default());
        line["what"] = json!("ranking");
        line["file"] = json!(file.display().to_string());
        line["n"] = json!(report.len());
        line["readers"] = json!(readers.len());
        line["simulated"] = json!(true);
        line["all"] = json!(rows);
        println!("{line}");
        return Ok(());
    }
    println!(
        "{}: {} simulated readers, {} articles ({} half), mean over readers",
        file.display(),
        readers.len(),
        report.len(),
        if args.fitted { "first" } else { "second" }
    );
    println!(
        "  {:<24} {:>7}  {:>6} {:>6} {:>6} {:>7}",
        "ranked by", "signals", "AUC", "MRR", "nDCG@5", "nDCG@10"
    );
    for it in &all {
        print_row(&it.judge.name(), &it.signals.to_string(), it.quality);
    }
    Ok(())
}

pub fn print_row(name: &str, signals: &str, quality: Quality) {
    let Quality { auc, mrr, ndcg5, ndcg10 } = quality;
    println!("  {name:<24} {signals:>7}  {auc:>6.3} {mrr:>6.3} {ndcg5:>6.3} {ndcg10:>7.3}");
}

pub fn json_of(quality: Quality) -> Value {
    let round = |it: f64| (it * 1e4).round() / 1e4;
    let Quality { auc, mrr, ndcg5, ndcg10 } = quality;
    json!({"auc": round(auc), "mrr": round(mrr), "ndcg5": round(ndcg5), "ndcg10": round(ndcg10)})
}
