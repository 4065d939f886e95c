//! How well a text was found, by each set's own measure.

use std::collections::HashMap;

use super::{Answer, Case, Kind};

/// Precision, recall and F1.
pub type Score = [f64; 3];

/// Runs of letters, digits and underscores, as `\w+` finds them.
pub fn words(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|it| !it.is_empty()).collect()
}

#[derive(Default)]
pub struct Scores {
    pages: Vec<(Kind, Score)>,
    segments: [f64; 3],
}

impl Scores {
    pub fn add(&mut self, case: &Case, answer: &Answer) {
        if case.kind == Kind::Segments {
            for (sum, it) in self.segments.iter_mut().zip(segments(case, &answer.text)) {
                *sum += it;
            }
        } else if let Some(score) = Scores::of(case, answer) {
            self.pages.push((case.kind, score));
        }
    }

    /// Of one page.
    pub fn of(case: &Case, answer: &Answer) -> Option<Score> {
        match case.kind {
            Kind::Shingles => Some(shingles(&case.text, &answer.text)),
            Kind::Bag if case.text.is_empty() => None,
            Kind::Bag => Some(bag(&case.text, &answer.text)),
            Kind::Segments => {
                let [hit, missed, wrong] = segments(case, &answer.text);
                Some(f1(hit / (hit + wrong).max(1.0), hit / (hit + missed).max(1.0)))
            }
            Kind::MetadataOnly => None,
        }
    }

    pub fn total(&self) -> Option<Score> {
        let [hit, missed, wrong] = self.segments;
        if 0.0 < hit + missed + wrong {
            return Some(f1(hit / (hit + wrong).max(1.0), hit / (hit + missed).max(1.0)));
        }
        let (kind, _) = self.pages.first()?;
        let mean = |at: usize| {
            let values: Vec<f64> =
                self.pages.iter().map(|(_, it)| it[at]).filter(|it| !it.is_nan()).collect();
            values.iter().sum::<f64>() / values.len().max(1) as f64
        };
        Some(match kind {
            // F1 of the means, pages without an answer left out of precision: as the set's script has it.
            Kind::Shingles => f1(mean(0), mean(1)),
            _ => [mean(0), mean(1), mean(2)],
        })
    }
}

fn f1(p: f64, r: f64) -> Score {
    [p, r, if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 }]
}

fn count<T: std::hash::Hash + Eq>(of: impl Iterator<Item = T>) -> HashMap<T, f64> {
    let mut counts = HashMap::new();
    for it in of {
        *counts.entry(it).or_default() += 1.0;
    }
    counts
}

fn shingles(truth: &str, answer: &str) -> Score {
    let runs = |text| {
        let words: Vec<String> = words(text).into_iter().map(str::to_owned).collect();
        if words.is_empty() {
            return HashMap::new();
        }
        let n = words.len().min(4);
        count(words.windows(n).map(<[String]>::to_vec))
    };
    let (truth, answer) = (runs(truth), runs(answer));
    let hit: f64 = truth.iter().map(|(it, n)| n.min(*answer.get(it).unwrap_or(&0.0))).sum();
    let (all, said) = (truth.values().sum::<f64>(), answer.values().sum::<f64>());
    if said == 0.0 {
        return [f64::NAN, 0.0, 0.0];
    }
    f1(hit / said, hit / all.max(1.0))
}

pub fn bag(truth: &str, answer: &str) -> Score {
    let (truth, answer) = (truth.to_lowercase(), answer.to_lowercase());
    let (truth, answer) = (words(&truth), words(&answer));
    if truth.is_empty() || answer.is_empty() {
        return if truth.len() == answer.len() { [1.0; 3] } else { [0.0; 3] };
    }
    let said = count(answer.iter());
    let hit: f64 = count(truth.iter()).iter().map(|(it, n)| n.min(*said.get(it).unwrap_or(&0.0))).sum();
    f1(hit / answer.len() as f64, hit / truth.len() as f64)
}

/// Found, missed, wrongly there.
fn segments(case: &Case, answer: &str) -> [f64; 3] {
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let answer = fold(answer);
    let found = |of: &[String]| of.iter().filter(|it| answer.contains(&fold(it))).count() as f64;
    let hit = found(&case.with);
    [hit, case.with.len() as f64 - hit, found(&case.without)]
}
