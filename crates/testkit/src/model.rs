//! A sentence-transformers folder of our own making: weights by dice, letters for a vocabulary.

use std::path::Path;

const WIDTH: usize = 8;
const INNER: usize = 16;
const POSITIONS: usize = 64;

/// Writes a BERT of one layer and eight places. Another seed is another model.
pub fn write_model(folder: &Path, seed: u64) {
    let letters: Vec<char> = ('a'..='z').chain('0'..='9').collect();
    let mut pieces: Vec<String> = ["[UNK]", "[CLS]", "[SEP]"].map(str::to_owned).to_vec();
    pieces.extend(letters.iter().flat_map(|it| [it.to_string(), format!("##{it}")]));
    let config = r#"{"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2}"#;
    let write =
        |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).expect("a file of a model");
    std::fs::create_dir_all(folder).expect("a folder for a model");
    write("config.json", config.as_bytes());
    write("vocab.txt", pieces.join("\n").as_bytes());
    write("model.safetensors", &weights(pieces.len(), seed));
}

fn weights(pieces: usize, seed: u64) -> Vec<u8> {
    let mut shapes: Vec<(String, Vec<usize>)> = Vec::new();
    for (name, rows) in [("word", pieces), ("position", POSITIONS), ("token_type", 2)] {
        shapes.push((format!("embeddings.{name}_embeddings.weight"), vec![rows, WIDTH]));
    }
    let mut part = |name: &str, to: usize, from: Option<usize>| {
        shapes.push((format!("{name}.weight"), [Some(to), from].into_iter().flatten().collect()));
        shapes.push((format!("{name}.bias"), vec![to]));
    };
    part("embeddings.LayerNorm", WIDTH, None);
    for (name, to, from) in [
        ("attention.self.query", WIDTH, Some(WIDTH)),
        ("attention.self.key", WIDTH, Some(WIDTH)),
        ("attention.self.value", WIDTH, Some(WIDTH)),
        ("attention.output.dense", WIDTH, Some(WIDTH)),
        ("attention.output.LayerNorm", WIDTH, None),
        ("intermediate.dense", INNER, Some(WIDTH)),
        ("output.dense", WIDTH, Some(INNER)),
        ("output.LayerNorm", WIDTH, None),
    ] {
        part(&format!("encoder.layer.0.{name}"), to, from);
    }
    let (mut about, mut numbers, mut dice) = (Vec::new(), Vec::<u8>::new(), seed | 1);
    for (name, shape) in shapes {
        let from = numbers.len();
        for _ in 0..shape.iter().product() {
            // Xorshift (Marsaglia, 2003).
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            let value = (dice >> 40) as f32 / (1 << 23) as f32 - 1.0;
            numbers.extend(value.to_le_bytes());
        }
        let to = numbers.len();
        about.push(format!(r#""{name}":{{"dtype":"F32","shape":{shape:?},"data_offsets":[{from},{to}]}}"#));
    }
    let header = format!("{{{}}}", about.join(","));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(numbers);
    bytes
}
