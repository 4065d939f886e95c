//! The forward pass of BERT (Devlin et al. 2019). Sequences of any length lie one below the other in one matrix,
//! so that nothing is computed for padding.

use ndarray::{Array1, Array2, Axis, s};
use serde_json::Value;

use super::safetensors::Tensors;

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
        if config["model_type"].as_str() != Some("bert") {
            return Err("only models of type bert can be run".into());
        }
        let epsilon = config["layer_norm_eps"].as_f64().unwrap_or(1e-12) as f32;
        let norm = |name: &str| Norm::read(tensors, name, epsilon);
        let linear = |name: &str| Linear::read(tensors, name);
        let layer = |at: u64| -> Result<Layer, String> {
            let in_layer = |name: &str| format!("encoder.layer.{at}.{name}");
            Ok(Layer {
                query: linear(&in_layer("attention.self.query"))?,
                key: linear(&in_layer("attention.self.key"))?,
                value: linear(&in_layer("attention.self.value"))?,
                attended: linear(&in_layer("attention.output.dense"))?,
                attended_norm: norm(&in_layer("attention.output.LayerNorm"))?,
                up: linear(&in_layer("intermediate.dense"))?,
                down: linear(&in_layer("output.dense"))?,
                norm: norm(&in_layer("output.LayerNorm"))?,
            })
        };
        // All is of one segment, so its vector can be added to the positions' once.
        let segment = tensors.matrix("embeddings.token_type_embeddings.weight")?;
        let positions = tensors.matrix("embeddings.position_embeddings.weight")? + segment.row(0);
        Ok(Bert {
            words: tensors.matrix("embeddings.word_embeddings.weight")?,
            positions,
            norm: norm("embeddings.LayerNorm")?,
            layers: (0..number("num_hidden_layers")?).map(layer).collect::<Result<_, _>>()?,
            heads: number("num_attention_heads")? as usize,
        })
    }

    pub fn positions(&self) -> usize {
        self.positions.nrows()
    }

    /// One row for each sequence: the mean of what its pieces became, of length one.
    pub fn mean_pooled(&self, sequences: &[Vec<u16>]) -> Array2<f32> {
        let mut x = self.looked_up(sequences);
        for layer in &self.layers {
            x = layer.forward(x, sequences, self.heads);
        }
        let mut pooled = Array2::zeros((sequences.len(), x.ncols()));
        let mut from = 0;
        for (mut row, sequence) in pooled.rows_mut().into_iter().zip(sequences) {
            let to = from + sequence.len();
            row.assign(&x.slice(s![from..to, ..]).sum_axis(Axis(0)));
            let length = row.dot(&row).sqrt().max(f32::MIN_POSITIVE);
            row /= length;
            from = to;
        }
        pooled
    }

    fn looked_up(&self, sequences: &[Vec<u16>]) -> Array2<f32> {
        let pieces: usize = sequences.iter().map(Vec::len).sum();
        let mut x = Array2::zeros((pieces, self.words.ncols()));
        let places = sequences.iter().flat_map(|sequence| sequence.iter().enumerate());
        for (mut row, (at, &id)) in x.rows_mut().into_iter().zip(places) {
            row.assign(&self.words.row(usize::from(id)));
            row += &self.positions.row(at);
        }
        self.norm.apply(&mut x);
        x
    }
}

impl Layer {
    fn forward(&self, x: Array2<f32>, sequences: &[Vec<u16>], heads: usize) -> Array2<f32> {
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
    fn read(tensors: &Tensors, name: &str) -> Result<Linear, String> {
        // Kept as outputs × inputs on disk; laid out the other way round here, once.
        let weights = tensors.matrix(&format!("{name}.weight"))?;
        Ok(Linear {
            weights: weights.t().as_standard_layout().into_owned(),
            bias: tensors.vector(&format!("{name}.bias"))?,
        })
    }

    fn of(&self, x: &Array2<f32>) -> Array2<f32> {
        x.dot(&self.weights) + &self.bias
    }
}

struct Norm {
    weight: Array1<f32>,
    bias: Array1<f32>,
    epsilon: f32,
}

impl Norm {
    fn read(tensors: &Tensors, name: &str, epsilon: f32) -> Result<Norm, String> {
        let weight = tensors.vector(&format!("{name}.weight"))?;
        Ok(Norm { weight, bias: tensors.vector(&format!("{name}.bias"))?, epsilon })
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
