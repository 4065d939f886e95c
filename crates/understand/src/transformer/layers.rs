//! The forward pass of BERT (Devlin et al. 2019). Sequences of any length lie one below the other in one matrix,
//! so that nothing is computed for padding.

use ndarray::{Array1, Array2, Axis, s};
use serde_json::Value;

use super::safetensors::Tensors;

/// What stands for a sequence: all that its pieces became, or what the first (the mark of its beginning) did.
#[derive(Clone, Copy, Debug)]
pub enum Pooling {
    Mean,
    First,
}

pub struct Bert {
    words: Array2<f32>,
    positions: Array2<f32>,
    norm: Norm,
    layers: Vec<Layer>,
    heads: usize,
}

struct Layer {
    query: Linear,
    key: Linear,
    value: Linear,
    attended: Linear,
    attended_norm: Norm,
    up: Linear,
    down: Linear,
    norm: Norm,
}

impl Bert {
    pub fn read(config: &Value, tensors: &Tensors) -> Result<Bert, String> {
        let number = |name: &str| config[name].as_u64().ok_or(format!("config.json lacks {name}"));
        let epsilon = config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32;
        let words = tensors.matrix("embeddings.word_embeddings.weight")?;
        let width = words.ncols();
        let heads = number("num_attention_heads")? as usize;
        if heads == 0 || !width.is_multiple_of(heads) {
            return Err(format!("{width} places cannot be shared among {heads} heads"));
        }
        let norm = |name: &str| Norm::read(tensors, name, width, epsilon);
        let linear = |name: &str, from, to| Linear::read(tensors, name, from, to);
        let layer = |at: u64| -> Result<Layer, String> {
            let in_layer = |name: &str| format!("encoder.layer.{at}.{name}");
            let up = linear(&in_layer("intermediate.dense"), Some(width), None)?;
            Ok(Layer {
                query: linear(&in_layer("attention.self.query"), Some(width), Some(width))?,
                key: linear(&in_layer("attention.self.key"), Some(width), Some(width))?,
                value: linear(&in_layer("attention.self.value"), Some(width), Some(width))?,
                attended: linear(&in_layer("attention.output.dense"), Some(width), Some(width))?,
                attended_norm: norm(&in_layer("attention.output.LayerNorm"))?,
                down: linear(&in_layer("output.dense"), Some(up.bias.len()), Some(width))?,
                up,
                norm: norm(&in_layer("output.LayerNorm"))?,
            })
        };
        let positions = tensors.matrix("embeddings.position_embeddings.weight")?;
        // RoBERTa and its kin count places from behind the number that stands for nothing.
        let first = if config["model_type"] == "bert" {
            0
        } else {
            (number("pad_token_id")? as usize).saturating_add(1)
        };
        if positions.nrows() <= first {
            return Err("there are no embeddings of positions".into());
        }
        let positions = positions.slice(s![first.., ..]).to_owned();
        // All is of one segment, so its vector can be added to the positions' once.
        let segment = tensors.matrix("embeddings.token_type_embeddings.weight")?;
        if positions.ncols() != width || segment.ncols() != width || segment.nrows() == 0 {
            return Err("the embeddings of words, positions and segments are not of one width".into());
        }
        Ok(Bert {
            words,
            positions: positions + segment.row(0),
            norm: norm("embeddings.LayerNorm")?,
            layers: (0..number("num_hidden_layers")?).map(layer).collect::<Result<_, _>>()?,
            heads,
        })
    }

    pub fn words(&self) -> usize {
        self.words.nrows()
    }

    pub fn width(&self) -> usize {
        self.words.ncols()
    }

    pub fn positions(&self) -> usize {
        self.positions.nrows()
    }

    /// One row for each sequence: what its pieces became, taken together, of length one.
    pub fn pooled(&self, sequences: &[Vec<u32>], pooling: Pooling) -> Array2<f32> {
        let mut x = self.looked_up(sequences);
        for layer in &self.layers {
            x = layer.forward(x, sequences, self.heads);
        }
        let mut pooled = Array2::zeros((sequences.len(), x.ncols()));
        let mut from = 0;
        for (mut row, sequence) in pooled.rows_mut().into_iter().zip(sequences) {
            let to = from + sequence.len();
            match pooling {
                Pooling::Mean => row.assign(&x.slice(s![from..to, ..]).sum_axis(Axis(0))),
                Pooling::First => row.assign(&x.row(from)),
            }
            let length = row.dot(&row).sqrt().max(f32::MIN_POSITIVE);
            row /= length;
            from = to;
        }
        pooled
    }

    fn looked_up(&self, sequences: &[Vec<u32>]) -> Array2<f32> {
        let pieces: usize = sequences.iter().map(Vec::len).sum();
        let mut x = Array2::zeros((pieces, self.words.ncols()));
        let places = sequences.iter().flat_map(|sequence| sequence.iter().enumerate());
        for (mut row, (at, &id)) in x.rows_mut().into_iter().zip(places) {
            row.assign(&self.words.row(id as usize));
            row += &self.positions.row(at);
        }
        self.norm.apply(&mut x);
        x
    }
}

impl Layer {
    fn forward(&self, x: Array2<f32>, sequences: &[Vec<u32>], heads: usize) -> Array2<f32> {
        let (query, key, value) = (self.query.of(&x), self.key.of(&x), self.value.of(&x));
        let width = x.ncols() / heads;
        let scale = 1.0 / (width as f32).sqrt();
        let mut seen = Array2::zeros(x.raw_dim());
        let mut from = 0;
        for sequence in sequences {
            let to = from + sequence.len();
            for head in 0..heads {
                let part = s![from..to, head * width..(head + 1) * width];
                let mut weights = query.slice(part).dot(&key.slice(part).t());
                softmax(&mut weights, scale);
                seen.slice_mut(part).assign(&weights.dot(&value.slice(part)));
            }
            from = to;
        }
        let mut x = self.attended.of(&seen) + x;
        self.attended_norm.apply(&mut x);
        let mut wide = self.up.of(&x);
        wide.mapv_inplace(gelu);
        let mut x = self.down.of(&wide) + x;
        self.norm.apply(&mut x);
        x
    }
}

struct Linear {
    weights: Array2<f32>,
    bias: Array1<f32>,
}

impl Linear {
    /// From and to so many places, where that is known.
    fn read(tensors: &Tensors, name: &str, from: Option<usize>, to: Option<usize>) -> Result<Linear, String> {
        // Kept as outputs × inputs on disk; laid out the other way round here, once.
        let weights = tensors.matrix(&format!("{name}.weight"))?;
        let bias = tensors.vector(&format!("{name}.bias"))?;
        let is = |wanted: Option<usize>, found: usize| wanted.is_none_or(|it| it == found);
        if !is(from, weights.ncols()) || !is(to, weights.nrows()) || bias.len() != weights.nrows() {
            return Err(format!("{name} is {} × {}, which does not fit", weights.nrows(), weights.ncols()));
        }
        Ok(Linear { weights: weights.t().as_standard_layout().into_owned(), bias })
    }

    fn of(&self, x: &Array2<f32>) -> Array2<f32> {
        let mut y = x.dot(&self.weights);
        y += &self.bias;
        y
    }
}

struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    epsilon: f32,
}

impl Norm {
    fn read(tensors: &Tensors, name: &str, width: usize, epsilon: f32) -> Result<Norm, String> {
        let (weight, bias) =
            (tensors.vector(&format!("{name}.weight"))?, tensors.vector(&format!("{name}.bias"))?);
        if weight.len() != width || bias.len() != width {
            return Err(format!("{name} has {} places of {width}", weight.len()));
        }
        Ok(Norm { weight, bias, epsilon })
    }

    fn apply(&self, x: &mut Array2<f32>) {
        for mut row in x.rows_mut() {
            let mean = row.sum() / row.len() as f32;
            row -= mean;
            let spread = (row.dot(&row) / row.len() as f32 + self.epsilon).sqrt();
            row /= spread;
            row *= &self.weight;
            row += &self.bias;
        }
    }
}

fn softmax(weights: &mut Array2<f32>, scale: f32) {
    for mut row in weights.rows_mut() {
        let most = row.fold(f32::MIN, |most, &it| most.max(it));
        row.mapv_inplace(|it| ((it - most) * scale).exp());
        let sum = row.sum();
        row /= sum;
    }
}

fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// Abramowitz and Stegun 7.1.26: right to 1.5e-7.
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series =
        t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    (1.0 - series * (-x * x).exp()).copysign(x)
}
