//! Whether the ranking does any good for this reader: a table, and a picture of it.

use std::path::Path;

use anyhow::{Context, Result};
use news::Timestamp;
use rank::{Method, Proof};
use serde_json::json;

use super::Out;
use crate::house::House;

pub async fn eval(house: &House, svg: Option<&Path>, out: &mut Out) -> Result<()> {
    let proof = house.app.prove(house.reader_id().await?).await?;
    if let Some(file) = svg {
        std::fs::write(file, picture(&proof)).with_context(|| file.display().to_string())?;
    }
    match out.json {
        true => out.json(&as_json(&proof)),
        false => print(&proof, out),
    }
    Ok(())
}

fn name(method: Method) -> &'static str {
    match method {
        Method::Tidings => "tidings",
        Method::NewestFirst => "newest first",
        Method::MostCoveredFirst => "most covered first",
        Method::SourceAverage => "source average",
    }
}

fn as_json(proof: &Proof) -> serde_json::Value {
    let by = proof.by.iter().map(|(method, it)| {
        json!({"by": name(*method), "auc": it.auc, "mrr": it.mrr, "ndcg5": it.ndcg5, "ndcg10": it.ndcg10})
    });
    let ahead = proof.ahead.iter();
    json!({
        "lists": proof.lists, "opened": proof.opened, "enough": proof.too_little.is_none(),
        "by": by.collect::<Vec<_>>(), "calibration_error": proof.calibration_error,
        "ahead": ahead
            .map(|(method, by, error)| json!({"of": name(*method), "ndcg10": by, "standard_error": error}))
            .collect::<Vec<_>>(),
        "calibration": proof.calibration.iter()
            .map(|it| json!({"thought": it.thought, "opened": it.opened, "stories": it.stories}))
            .collect::<Vec<_>>(),
        "over_time": proof.over_time.iter().map(|(at, it)| json!([at.0, it])).collect::<Vec<_>>(),
    })
}

fn print(proof: &Proof, out: &mut Out) {
    out.line(format!("{} editions with something to choose, {} stories opened.", proof.lists, proof.opened));
    if let Some((lists, opened)) = proof.too_little {
        out.line(format!(
            "That is too little to tell: with {lists} editions and {opened} opened stories it begins to."
        ));
    }
    if proof.lists == 0 {
        return;
    }
    out.line(format!("\n{:20} {:>7} {:>7} {:>7} {:>7}", "order", "AUC", "MRR", "nDCG@5", "nDCG@10"));
    for (method, it) in &proof.by {
        let name = name(*method);
        out.line(format!("{name:20} {:>7.3} {:>7.3} {:>7.3} {:>7.3}", it.auc, it.mrr, it.ndcg5, it.ndcg10));
    }
    if proof.too_little.is_none() {
        out.line("");
        proof.ahead.iter().for_each(|it| out.line(compared(*it)));
    }
    out.line(format!("\nThought likely, and opened (off by {:.3} on average):", proof.calibration_error));
    for it in proof.calibration.iter().filter(|it| 0 < it.stories) {
        let bar = "#".repeat((it.opened * 40.0).round() as usize);
        out.line(format!(
            "  {:>4.0} %  {:>4.0} %  {bar} ({} stories)",
            it.thought * 100.0,
            it.opened * 100.0,
            it.stories
        ));
    }
    out.line("\nnDCG@10 of each edition, in order of time:");
    let marks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
    let mark = |it: &(Timestamp, f64)| marks[((it.1 * 8.0) as usize).min(7)];
    out.line(format!("  {}", proof.over_time.iter().map(mark).collect::<String>()));
}

/// Twice the standard error is what chance alone would do in one case of twenty.
fn compared((method, by, error): (Method, f64, f64)) -> String {
    let verdict = match by {
        _ if by.abs() < 2.0 * error => "no difference that chance could not make",
        _ if 0.0 < by => "better",
        _ => "worse",
    };
    format!("Against {}: {by:+.3} ± {error:.3} nDCG@10, {verdict}.", name(method))
}

const WIDE: f64 = 640.0;
const HIGH: f64 = 220.0;
const EDGE: f64 = 44.0;
/// The line goes through the mean of so many editions.
const SMOOTH: usize = 10;

/// Two plots: nDCG@10 of each edition in order of time, and what was thought likely beside what came of it.
fn picture(proof: &Proof) -> String {
    let last = proof.over_time.len().saturating_sub(1).max(1) as f64;
    let values: Vec<f64> = proof.over_time.iter().map(|(_, it)| *it).collect();
    let place = |number: usize| EDGE + (WIDE - 2.0 * EDGE) * number as f64 / last;
    let dots: String = values.iter().enumerate().map(|(n, it)| dot(place(n), level(0.0, *it), 2.5)).collect();
    let smooth = (0..values.len()).map(|n| {
        let near = &values[n.saturating_sub(SMOOTH - 1)..=n];
        format!("{:.1},{:.1}", place(n), level(0.0, near.iter().sum::<f64>() / near.len() as f64))
    });
    let smooth = smooth.collect::<Vec<_>>().join(" ");
    let across = |share: f64| EDGE + (WIDE - 2.0 * EDGE) * share;
    let bins: String = (proof.calibration.iter().filter(|it| 0 < it.stories))
        .map(|it| dot(across(it.thought), level(HIGH, it.opened), 4.0))
        .collect();
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall}" font-family="sans-serif" font-size="12" fill="#444">
<rect width="{WIDE}" height="{tall}" fill="#fff"/>
<text x="{EDGE}" y="18">nDCG@10 of {editions} editions in order of time, and the mean of the last {SMOOTH}</text>
{first}<g fill="#9bb">{dots}</g><polyline points="{smooth}" fill="none" stroke="#066" stroke-width="2"/>
<text x="{EDGE}" y="{below}">Thought likely (across) and opened (up), off by {off:.3} on average</text>
{second}<line x1="{left}" y1="{bottom}" x2="{right}" y2="{top}" stroke="#bbb" stroke-dasharray="4"/><g fill="#066">{bins}</g>
</svg>
"##,
        tall = 2.0 * HIGH,
        editions = values.len(),
        first = frame(0.0),
        second = frame(HIGH),
        below = HIGH + 18.0,
        off = proof.calibration_error,
        left = across(0.0),
        right = across(1.0),
        bottom = level(HIGH, 0.0),
        top = level(HIGH, 1.0),
    )
}

/// How high something from 0 to 1 stands in the plot that begins there.
fn level(begins: f64, share: f64) -> f64 {
    begins + HIGH - 28.0 - (HIGH - 60.0) * share
}

fn dot(x: f64, y: f64, r: f64) -> String {
    format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="{r}"/>"#)
}

/// Lines at 0, ½ and 1, with their numbers.
fn frame(begins: f64) -> String {
    let line = |share: f64| {
        let (y, right) = (level(begins, share), WIDE - EDGE);
        format!(
            r##"<line x1="{EDGE}" y1="{y:.1}" x2="{right}" y2="{y:.1}" stroke="#ddd"/><text x="14" y="{:.1}">{share}</text>"##,
            y + 4.0
        )
    };
    [0.0, 0.5, 1.0].map(line).concat()
}

#[cfg(test)]
mod tests {
    use rank::{Bin, Quality};

    use super::*;

    #[test]
    fn the_picture_has_a_dot_for_each_edition_and_each_bin() {
        let bin = |thought, opened| Bin { thought, opened, stories: 5 };
        let proof = Proof {
            lists: 3,
            opened: 3,
            too_little: Some((20, 40)),
            by: vec![(Method::Tidings, Quality::default())],
            ahead: vec![],
            calibration: vec![bin(0.0, 0.0), bin(1.0, 0.5)],
            calibration_error: 0.25,
            over_time: vec![(Timestamp(1), 0.0), (Timestamp(2), 1.0), (Timestamp(3), 0.5)],
        };
        let svg = picture(&proof);
        assert_eq!(svg.matches("<circle").count(), 5, "{svg}");
        // 1 stands at the top of the first plot, in the middle of the time: 220 − 28 − 160.
        assert!(svg.contains(r#"<circle cx="320.0" cy="32.0" r="2.5"/>"#), "{svg}");
    }

    #[test]
    fn a_difference_that_chance_could_make_is_none() {
        let says = |by, error| compared((Method::NewestFirst, by, error));
        assert!(says(0.1, 0.02).ends_with("better."), "{}", says(0.1, 0.02));
        assert!(says(-0.1, 0.02).ends_with("worse."));
        assert!(says(0.03, 0.02).ends_with("could not make."));
    }
}
