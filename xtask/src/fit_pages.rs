//! Fits `crates/extract/src/readable/model.bin` to pages whose article people have marked, and says how well it does on
//! pages of outlets that it was not fitted to (cross-validation, folds by outlet).

mod forest;
mod labels;

use std::path::PathBuf;

use anyhow::{Context, Result};
use extract::fitting::{
    Blocks, Forest, Hints, Model, Seen, Tables, WIDTH, best, cut, table, text_tokens, words,
};

use crate::evaluate::pages::{Answer, Case, Scores, cases};
use forest::{Rows, fit};

#[derive(clap::Args)]
pub struct Args {
    /// Where the measuring data lies.
    #[arg(long, env = "TIDINGS_MEASURE", default_value = "../shared/data")]
    data: PathBuf,
    /// Where the model is written.
    #[arg(long, default_value = "crates/extract/src/readable/model.bin")]
    out: PathBuf,
    /// Trees.
    #[arg(long, default_value_t = 240)]
    trees: usize,
    /// Only cross-validate.
    #[arg(long)]
    dry: bool,
}

const FOLDS: usize = 6;
/// The building sets; reports are never fitted to.
const SETS: &[&str] = &["scrapinghub_aeb", "wcxb-articles", "readability_pages", "fundus_pages"];

/// What a page of each set counts: pages of news more than pages of everything.
const WEIGHTS: &[f32] = &[1.7, 0.8, 0.6, 1.0];

/// What a page that was made counts.
const MADE: f32 = 0.25;

struct Sample {
    set: usize,
    fold: usize,
    case: Case,
    page: Blocks,
    hints: Hints,
    /// Share of each block that belongs to the article.
    labels: Vec<f32>,
    true_words: f32,
    /// Made from another by cutting its article short: for fitting only.
    is_made: bool,
}

impl Sample {
    /// The same page with an article of a few paragraphs: short articles with much below them are rare in the sets, and
    /// not on the web.
    fn shortened(&self) -> Option<Sample> {
        if self.true_words < 250.0 {
            return None;
        }
        let enough = (self.true_words * 0.15).max(60.0);
        let mut so_far = 0.0;
        let stays: Vec<bool> = (self.page.blocks.iter().zip(&self.labels))
            .map(|(block, label)| {
                let stays = *label < 0.5 || so_far < enough;
                so_far += block.words * label;
                stays
            })
            .collect();
        let mut page = self.page.clone();
        let mut at = 0..;
        page.blocks.retain(|_| at.next().is_some_and(|it| stays[it]));
        let labels: Vec<f32> = self.labels.iter().zip(&stays).filter(|it| *it.1).map(|it| *it.0).collect();
        let true_words = page.blocks.iter().zip(&labels).map(|(it, label)| it.words * label).sum();
        Some(Sample {
            set: self.set,
            fold: self.fold,
            case: Case { html: String::new(), ..self.case.clone() },
            hints: Hints {
                title: self.hints.title.clone(),
                description: self.hints.description.clone(),
                body: String::new(),
            },
            page,
            labels,
            true_words,
            is_made: true,
        })
    }
}

pub fn run(args: &Args) -> Result<()> {
    let mut samples = Vec::new();
    for (set, name) in SETS.iter().enumerate() {
        for mut case in cases(&args.data.join("pages").join(format!("{name}.jsonl.zst")))? {
            if case.text.is_empty() {
                continue;
            }
            let page = extract::Page { address: &case.address, html: &case.html, hint: None };
            let (page, hints) = cut(&page);
            let labels = labels::labels(&page, &case.text, &hints.title);
            let true_words: f32 = page.blocks.iter().zip(&labels).map(|(it, label)| it.words * label).sum();
            // Where the address is not known, the publisher is the first word of the name.
            let publisher = case.id.split(' ').next().unwrap_or_default().to_owned();
            let outlet =
                news::outlet_of(&case.address).filter(|it| !it.ends_with(".example")).unwrap_or(publisher);
            let fold = outlet.bytes().fold(7_usize, |sum, b| sum.wrapping_mul(31).wrapping_add(b.into())) / 7
                % FOLDS;
            case.html = String::new();
            samples.push(Sample { set, fold, case, page, hints, labels, true_words, is_made: false });
        }
    }
    println!(
        "{} pages, {} blocks",
        samples.len(),
        samples.iter().map(|it| it.page.blocks.len()).sum::<usize>()
    );
    let shortened: Vec<Sample> = samples.iter().filter_map(Sample::shortened).collect();
    samples.extend(shortened);
    // The best that a choice of whole blocks could do, by the labels.
    let oracle: Vec<Vec<f32>> = samples.iter().map(|it| it.labels.clone()).collect();
    report("labels themselves", &samples, &oracle);

    let folds: Vec<Tables> =
        (0..FOLDS).map(|fold| tables(samples.iter().filter(|it| !it.is_made && it.fold != fold))).collect();
    let seen: Vec<Seen> = samples.iter().map(|it| table(&it.page, &it.hints, &folds[it.fold])).collect();
    let rows = rows(&samples, &seen);
    let held_out = crossed(&rows, &samples, &seen, args.trees);
    report("held out", &samples, &held_out);
    if let Ok(path) = std::env::var("TIDINGS_SHOW_PAGES") {
        show(&path, &samples, &held_out)?;
    }
    if args.dry {
        return Ok(());
    }
    let model = Model::of(tables(samples.iter().filter(|it| !it.is_made)), fit(&rows, None, args.trees));
    let fitted: Vec<Vec<f32>> =
        samples.iter().map(|it| extract::fitting::sure(&it.page, &it.hints, &model)).collect();
    report("fitted (seen before)", &samples, &fitted);
    std::fs::write(&args.out, model.write()).with_context(|| args.out.display().to_string())
}

/// Each sample judged by a forest that has not seen its outlet.
fn crossed(rows: &Rows, samples: &[Sample], seen: &[Seen], trees: usize) -> Vec<Vec<f32>> {
    let forests: Vec<Forest> = std::thread::scope(|scope| {
        let fits: Vec<_> =
            (0..FOLDS).map(|fold| scope.spawn(move || fit(rows, Some(fold as u8), trees))).collect();
        fits.into_iter().map(|it| it.join().expect("fitting")).collect()
    });
    let judge = |(sample, seen): (&Sample, &Seen)| {
        let asked = seen.rows.chunks_exact(WIDTH).zip(&seen.never);
        asked.map(|(row, never)| if *never { 0.0 } else { forests[sample.fold].ask(row) }).collect()
    };
    samples.iter().zip(seen).map(judge).collect()
}

/// Rows to fit to: weighted by what a mistake costs on their page.
fn rows(samples: &[Sample], seen: &[Seen]) -> Rows {
    let (mut values, mut labels, mut weights, mut folds) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (at, (sample, seen)) in samples.iter().zip(seen).enumerate() {
        if sample.true_words < 20.0 {
            continue;
        }
        for (n, (block, row)) in sample.page.blocks.iter().zip(seen.rows.chunks_exact(WIDTH)).enumerate() {
            if seen.never[n] || is_unsaid(sample, n) {
                continue;
            }
            let mut weight = if sample.is_made { MADE } else { 1.0 };
            weight *= WEIGHTS[sample.set] * ((block.words + 2.0) / sample.true_words.max(80.0)).min(1.0);
            // Links in menus are many and all alike: a fifth of them will do.
            if block.words <= 5.0 && block.link_chars * 10 > block.chars * 9 && sample.labels[n] == 0.0 {
                if (at * 31 + n * 17) % 5 != 0 {
                    continue;
                }
                weight *= 5.0;
            }
            values.extend_from_slice(row);
            labels.push(sample.labels[n]);
            weights.push(weight);
            folds.push(sample.fold as u8);
        }
    }
    Rows::of(WIDTH, &values, labels, weights, folds)
}

/// The rules of the publishers' set read paragraphs: of a list, a quotation or a table among them they say nothing.
fn is_unsaid(sample: &Sample, at: usize) -> bool {
    let holder = &sample.page.holders[sample.page.blocks[at].holder as usize];
    if SETS[sample.set] != "fundus_pages" || sample.labels[at] > 0.0 || holder.flags & (256 | 512 | 2048) == 0
    {
        return false;
    }
    let is_near = |range: std::ops::Range<usize>| sample.labels[range].iter().any(|it| *it > 0.5);
    is_near(at.saturating_sub(12)..at) && is_near(at + 1..(at + 13).min(sample.labels.len()))
}

/// Log-odds of tokens, counted by pages and drawn towards nothing where they are rare.
fn tables<'a>(samples: impl Iterator<Item = &'a Sample>) -> Tables {
    let mut tables = Tables::blank();
    let mut classes = vec![(0.0_f32, 0.0_f32); tables.classes.len()];
    let mut texts = vec![(0.0_f32, 0.0_f32); tables.texts.len()];
    let (mut base_classes, mut base_texts) = ((0.0, 0.0), (0.0, 0.0));
    let mut tokens = Vec::new();
    for sample in samples {
        // slot → (words kept, words) on this page
        let mut by_class: std::collections::HashMap<usize, (f32, f32)> = Default::default();
        let mut by_text: std::collections::HashMap<usize, (f32, f32)> = Default::default();
        for (block, label) in sample.page.blocks.iter().zip(&sample.labels) {
            let mut add = |token: u32| {
                let sum = by_class.entry(Tables::slot(&tables.classes, token)).or_default();
                sum.0 += label * block.words;
                sum.1 += block.words;
            };
            sample.page.tokens(block.inline).iter().for_each(|it| add(*it));
            for holder in sample.page.chain(block.holder) {
                sample.page.tokens(sample.page.holders[holder as usize].mark).iter().for_each(|it| add(*it));
            }
            text_tokens(words(&block.text), &mut tokens);
            for &token in &tokens {
                let sum = by_text.entry(Tables::slot(&tables.texts, token)).or_default();
                sum.0 += label;
                sum.1 += 1.0;
            }
        }
        for (from, to, base) in
            [(by_class, &mut classes, &mut base_classes), (by_text, &mut texts, &mut base_texts)]
        {
            for (slot, (kept, all)) in from {
                let share = kept / all.max(1e-6);
                to[slot].0 += share;
                to[slot].1 += 1.0 - share;
                base.0 += share;
                base.1 += 1.0 - share;
            }
        }
    }
    for (from, to, base) in
        [(classes, &mut tables.classes, base_classes), (texts, &mut tables.texts, base_texts)]
    {
        let share = base.0 / (base.0 + base.1).max(1.0);
        let odds = (share / (1.0 - share)).ln();
        for (slot, (kept, lost)) in from.into_iter().enumerate() {
            let own = ((kept + 2.0 * share) / (lost + 2.0 * (1.0 - share))).ln() - odds;
            to[slot] = (own * 16.0).clamp(-127.0, 127.0) as i8;
        }
    }
    tables
}

fn chosen(sample: &Sample, sure: &[f32]) -> String {
    let kept = best(&sample.page, sure);
    let texts = sample.page.blocks.iter().zip(kept).filter(|(_, kept)| *kept).map(|(it, _)| it.text.as_str());
    texts.collect::<Vec<_>>().join("\n")
}

fn report(what: &str, samples: &[Sample], sure: &[Vec<f32>]) {
    print!("{what:<24}");
    for (set, name) in SETS.iter().enumerate() {
        let mut scores = Scores::default();
        for (sample, sure) in samples.iter().zip(sure).filter(|(it, _)| it.set == set && !it.is_made) {
            scores.add(&sample.case, &Answer { text: chosen(sample, sure), ..Answer::default() });
        }
        let [p, r, f1] = scores.total().unwrap_or_default();
        print!("  {} {f1:.4} ({p:.3} {r:.3})", &name[..6]);
    }
    println!();
}

/// Every block of every page with its label and how sure the held-out forest was, worst pages first.
fn show(path: &str, samples: &[Sample], sure: &[Vec<f32>]) -> Result<()> {
    let mut pages: Vec<(f64, String)> = Vec::new();
    for (sample, sure) in samples.iter().zip(sure).filter(|(it, _)| !it.is_made) {
        let answer = Answer { text: chosen(sample, sure), ..Answer::default() };
        let [p, r, f1] = Scores::of(&sample.case, &answer).unwrap_or_default();
        let mut page = format!(
            "##### {} {} f1 {f1:.3} p {p:.3} r {r:.3} {}\n",
            SETS[sample.set], sample.case.id, sample.case.address
        );
        for ((block, label), sure) in sample.page.blocks.iter().zip(&sample.labels).zip(sure) {
            if (label - sure).abs() > 0.4 && block.words > 2.0 {
                let holder = &sample.page.holders[block.holder as usize];
                let end = block.text.floor_char_boundary(100.min(block.text.len()));
                page.push_str(&format!(
                    "   {label:.2} {sure:.2} w{} <{}> {}\n",
                    block.words,
                    holder.tag,
                    &block.text[..end]
                ));
            }
        }
        pages.push((f1, page));
    }
    pages.sort_by(|a, b| a.0.total_cmp(&b.0));
    Ok(std::fs::write(path, pages.into_iter().map(|(_, it)| it).collect::<String>())?)
}
