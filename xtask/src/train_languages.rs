//! Makes the table of how likely runs of letters are in each language, from the models that the packages of lingua carry
//! (Apache-2.0): how often each run of up to four letters is followed by a letter, over a million sentences of news.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use fst::Streamer;
use understand::letters::{LONGEST, Letters, SCALE, hash};

/// Scripts that several languages share, and how many runs of each are kept.
const SCRIPTS: &[(usize, &str)] = &[
    (
        14_000,
        "afrikaans af, albanian sq, azerbaijani az, basque eu, bokmal no, nynorsk no, catalan ca, croatian hr, czech cs, \
         danish da, dutch nl, english en, estonian et, finnish fi, french fr, german de, hungarian hu, icelandic is, \
         indonesian id, italian it, latvian lv, lithuanian lt, malay ms, polish pl, portuguese pt, romanian ro, slovak sk, \
         slovene sl, spanish es, swahili sw, swedish sv, tagalog tl, turkish tr, vietnamese vi",
    ),
    (6_000, "belarusian be, bulgarian bg, kazakh kk, macedonian mk, russian ru, serbian sr, ukrainian uk"),
    (2_500, "arabic ar, persian fa, urdu ur"),
    (2_500, "hindi hi, marathi mr"),
];
/// The logarithm of how likely what was never met is.
const NEVER: f32 = -14.0;
/// What it costs that a run was not met, and a shorter one must do.
const SHORTER: f32 = 1.2;

#[derive(clap::Args)]
pub struct Args {
    /// The folder that holds the packages `lingua-…-language-model-…`.
    #[arg(long)]
    models: PathBuf,
    #[arg(long, default_value = "crates/understand/data/languages.bin")]
    to: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let mut bytes = Vec::new();
    for (most, languages) in SCRIPTS {
        let languages: Vec<(&str, &str)> =
            languages.split(',').filter_map(|it| it.trim().split_once(' ')).collect();
        let codes: Vec<&str> = languages.iter().map(|it| it.1).collect();
        let runs = runs(&args.models, &languages)?;
        let kept = telling(runs, *most);
        eprintln!("{}: {} runs", codes.join(" "), kept.len());
        bytes.extend(Letters::lay_out(&codes, &kept));
    }
    std::fs::write(&args.to, bytes)?;
    Ok(())
}

/// How likely each run's last letter is after the others, in each language, as a logarithm; NaN where it was never met.
type Runs = HashMap<Vec<char>, Vec<f32>>;

fn runs(folder: &Path, languages: &[(&str, &str)]) -> Result<Runs> {
    let mut runs = Runs::new();
    for (at, (name, _)) in languages.iter().enumerate() {
        let begins = format!("lingua-{name}-language-model-");
        let packages = std::fs::read_dir(folder)?.filter_map(|it| Some(it.ok()?.path()));
        let package = packages
            .filter(|it| it.file_name().is_some_and(|it| it.to_string_lossy().starts_with(&begins)))
            .max()
            .with_context(|| format!("no package {begins}… in {}", folder.display()))?;
        let model = fst::Map::new(std::fs::read(package.join("models/ngrams.fst"))?)?;
        let mut stream = model.stream();
        while let Some((run, logarithm)) = stream.next() {
            let run: Vec<char> = String::from_utf8_lossy(run).chars().collect();
            if run.len() <= LONGEST {
                let row = runs.entry(run).or_insert_with(|| vec![f32::NAN; languages.len()]);
                row[at] = f64::from_bits(logarithm) as f32;
            }
        }
    }
    Ok(runs)
}

/// The runs that tell most: common ones that change what a shorter one says. Shorter runs stand in where one is missing.
fn telling(mut runs: Runs, most: usize) -> Vec<(u32, Vec<u8>)> {
    let mut order: Vec<Vec<char>> = runs.keys().cloned().collect();
    order.sort_by(|a, b| a.len().cmp(&b.len()).then(a.cmp(b)));
    let mut shares: HashMap<Vec<char>, Vec<f32>> = HashMap::new();
    let mut worth: Vec<(f32, Vec<char>)> = Vec::new();
    for run in order {
        let many = runs[&run].len();
        let nothing = vec![NEVER; many];
        let shorter = runs.get(&run[1..]).filter(|_| 1 < run.len()).unwrap_or(&nothing);
        let before = shares.get(&run[..run.len() - 1]);
        let share: Vec<f32> = runs[&run]
            .iter()
            .enumerate()
            .map(|(at, it)| if it.is_nan() { 0.0 } else { it.exp() * before.map_or(1.0, |it| it[at]) })
            .collect();
        let filled: Vec<f32> = runs[&run]
            .iter()
            .zip(shorter)
            .map(|(it, shorter)| if it.is_nan() { (shorter - SHORTER).max(NEVER) } else { it.max(NEVER) })
            .collect();
        let mean = |row: &[f32]| row.iter().sum::<f32>() / many as f32;
        let (own, others) = (mean(&filled), mean(shorter));
        let change: f32 = filled.iter().zip(shorter).map(|(a, b)| (a - own - (b - others)).abs()).sum();
        let common: f32 = share.iter().sum();
        worth.push((if run.len() == 1 { f32::MAX } else { common * change }, run.clone()));
        shares.insert(run.clone(), share);
        runs.insert(run, filled);
    }
    worth.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    worth.truncate(most);
    let small = |row: &Vec<f32>| -> Vec<u8> {
        let likeliest = row.iter().fold(f32::NEG_INFINITY, |a, &b| a.max(b));
        row.iter().map(|it| ((likeliest - it) * SCALE).round().min(255.0) as u8).collect()
    };
    let mut kept: Vec<(u32, Vec<u8>)> = worth.iter().map(|(_, run)| (hash(run), small(&runs[run]))).collect();
    kept.sort();
    kept.dedup_by_key(|it| it.0);
    kept
}
