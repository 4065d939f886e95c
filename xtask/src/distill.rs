//! Makes the built-in embedder's table again: each word piece alone through a sentence transformer, the 256
//! directions in which the pieces differ most, each piece weighted by how rare it is in news.

use std::{
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result};
use serde_json::Value;
use understand::{DIMENSIONS, Embedder, Table, Transformer, Vocabulary};

/// Pieces rarer than this count in full (Arora et al. 2017 find 1e-4 to 1e-3 for words; same-story pairs of AllSides
/// were told apart best with 2e-4 to 5e-4).
const RARE: f64 = 3e-4;

#[derive(clap::Args)]
pub struct Args {
    /// The folder of all-MiniLM-L6-v2: config.json, vocab.txt, model.safetensors.
    #[arg(long)]
    model: PathBuf,
    /// News to count word pieces in: JSON Lines with title, description, text.
    #[arg(long, num_args = 1.., required = true)]
    texts: Vec<PathBuf>,
    /// Where the table goes.
    #[arg(long, default_value = "crates/understand/data")]
    to: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    let began = Instant::now();
    let model = Transformer::from_folder(&args.model)?;
    let vocabulary =
        model.vocabulary().context("the table is made of word pieces, and this model has others")?;
    let raw = directions(&model, vocabulary);
    eprintln!("{} pieces through the model: {:.0?}", raw.len(), began.elapsed());
    let counts = counts(vocabulary, &args.texts)?;
    let total: f64 = counts.iter().sum();
    let weights: Vec<f64> = counts.iter().map(|count| RARE / (RARE + (count + 0.5) / total)).collect();
    let mut rows = reduced(&raw);
    for (id, row) in rows.iter_mut().enumerate() {
        let piece = vocabulary.piece(id as u16);
        let says_nothing = piece.starts_with('[') && 1 < piece.len();
        let weight = if says_nothing { 0.0 } else { weights[id] as f32 };
        row.iter_mut().for_each(|value| *value *= weight);
    }
    let pieces: Vec<&str> = (0..vocabulary.len()).map(|id| vocabulary.piece(id as u16)).collect();
    std::fs::write(args.to.join("vocabulary.bin"), Vocabulary::lay_out(&pieces))?;
    let table = Table::lay_out(&rows);
    // Its name changes when it does, so that no vector is compared with one of another table.
    let stamp =
        table.iter().fold(0x811c_9dc5_u32, |sum, &it| (sum ^ u32::from(it)).wrapping_mul(0x0100_0193));
    std::fs::write(args.to.join("vectors.bin"), table)?;
    let name = format!("static-{DIMENSIONS}-{stamp:08x}\n");
    let about = format!(
        "{name}from: {}, {} word pieces, each alone, mean pooled\nfrequencies: {total} pieces of news; weight a / (a + p), \
         a = {RARE}\n{DIMENSIONS} principal components of {}, each made equally long; int8 with a scale for each piece\n",
        model.model(),
        raw.len(),
        raw[0].len()
    );
    std::fs::write(args.to.join("model.txt"), name)?;
    std::fs::write(args.to.join("embedder.txt"), about)?;
    eprintln!("{} pieces counted in {} files; done in {:.0?}", total, args.texts.len(), began.elapsed());
    Ok(())
}

/// Each piece alone between the marks that begin and end a text.
fn directions(model: &Transformer, vocabulary: &Vocabulary) -> Vec<Vec<f32>> {
    let ids: Vec<u16> = (0..vocabulary.len() as u16).collect();
    let sequences = |ids: &[u16]| -> Vec<Vec<u32>> {
        let of = |id: u16| [vocabulary.begin, id, vocabulary.end].map(u32::from).to_vec();
        ids.iter().map(|&id| of(id)).collect()
    };
    let batches = ids.chunks(128).map(|some| model.directions(&sequences(some)));
    batches.flat_map(|batch| batch.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>()).collect()
}

fn counts(vocabulary: &Vocabulary, files: &[PathBuf]) -> Result<Vec<f64>> {
    let mut counts = vec![0.0; vocabulary.len()];
    for file in files {
        count_in(vocabulary, file, &mut counts).with_context(|| file.display().to_string())?;
    }
    Ok(counts)
}

fn count_in(vocabulary: &Vocabulary, file: &Path, counts: &mut [f64]) -> Result<()> {
    let mut ids = Vec::new();
    for line in crate::evaluate::json_lines(file)? {
        for field in ["title", "description", "text"] {
            ids.clear();
            let text = line.get(field).and_then(Value::as_str).unwrap_or_default();
            vocabulary.pieces(&without_tags(text), 512, &mut ids);
            ids.iter().for_each(|&id| counts[usize::from(id)] += 1.0);
        }
    }
    Ok(())
}

pub fn without_tags(html: &str) -> String {
    let mut inside = false;
    html.chars()
        .filter(|&c| {
            let tag = inside || c == '<';
            inside = tag && c != '>';
            !tag
        })
        .collect()
}

/// Principal components: the mean taken off, then the directions of greatest variance, each made equally long, because
/// the first few of them say more about the model than about the news.
fn reduced(rows: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let width = rows[0].len();
    let mut mean = vec![0.0_f64; width];
    for row in rows {
        mean.iter_mut().zip(row).for_each(|(mean, &it)| *mean += f64::from(it) / rows.len() as f64);
    }
    let mut covariance = vec![vec![0.0_f64; width]; width];
    for row in rows {
        let off: Vec<f64> = row.iter().zip(&mean).map(|(&it, mean)| f64::from(it) - mean).collect();
        for (line, &a) in covariance.iter_mut().zip(&off) {
            line.iter_mut().zip(&off).for_each(|(sum, &b)| *sum += a * b / rows.len() as f64);
        }
    }
    let axes = eigenvectors(covariance);
    let axes: Vec<Vec<f64>> = axes
        .into_iter()
        .map(|(variance, axis)| axis.iter().map(|it| it / variance.max(1e-12).sqrt()).collect())
        .collect();
    let project = |row: &Vec<f32>| -> Vec<f32> {
        let along = |axis: &Vec<f64>| -> f64 {
            row.iter().zip(&mean).zip(axis).map(|((&it, mean), axis)| (f64::from(it) - mean) * axis).sum()
        };
        axes.iter().take(DIMENSIONS).map(|axis| along(axis) as f32).collect()
    };
    rows.iter().map(project).collect()
}

/// Of a symmetric matrix, by Jacobi's rotations, greatest eigenvalue first; signs are fixed, so that the same model
/// always makes the same table.
fn eigenvectors(mut a: Vec<Vec<f64>>) -> Vec<(f64, Vec<f64>)> {
    let n = a.len();
    // Row i of `v` becomes the vector of the i-th eigenvalue.
    let mut v: Vec<Vec<f64>> =
        (0..n).map(|i| (0..n).map(|j| f64::from(u8::from(i == j))).collect()).collect();
    let size: f64 = (0..n).map(|i| a[i][i] * a[i][i]).sum::<f64>().sqrt();
    for _ in 0..30 {
        let off: f64 = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).map(|(i, j)| a[i][j] * a[i][j]).sum();
        if off.sqrt() < 1e-12 * size {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[j][j].total_cmp(&a[i][i]));
    for row in &mut v {
        let most = row.iter().fold(0.0_f64, |most, &it| if most.abs() < it.abs() { it } else { most });
        row.iter_mut().for_each(|it| *it *= most.signum());
    }
    order.into_iter().map(|i| (a[i][i], v[i].clone())).collect()
}

fn rotate(a: &mut [Vec<f64>], v: &mut [Vec<f64>], p: usize, q: usize) {
    if a[p][q].abs() < 1e-300 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = 1.0_f64.copysign(theta) / (theta.abs() + (theta * theta + 1.0).sqrt());
    let cosine = 1.0 / (t * t + 1.0).sqrt();
    let sine = t * cosine;
    for row in a.iter_mut() {
        (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
    }
    for matrix in [a, v] {
        let (head, tail) = matrix.split_at_mut(q);
        for (x, y) in head[p].iter_mut().zip(tail[0].iter_mut()) {
            (*x, *y) = (cosine * *x - sine * *y, sine * *x + cosine * *y);
        }
    }
}
