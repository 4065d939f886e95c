//! Reads a sentence-transformers folder, and says what is wrong with one that cannot be run.

use std::{borrow::Cow, path::Path};

use serde_json::Value;

use super::{
    MOST_PIECES, Tokenizer, Transformer,
    layers::{Bert, Pooling},
    safetensors::Tensors,
};
use crate::embed::{Unigram, Vocabulary, scale::Reading};

/// As many as the vocabulary can number.
const MOST_WORD_PIECES: usize = u16::MAX as usize - 1;

pub fn read(folder: &Path) -> Result<Transformer, String> {
    if !folder.is_dir() {
        return Err(
            "there is no such folder; name one with config.json, model.safetensors and vocab.txt or tokenizer.json in \
                    it, as sentence-transformers saves them"
                .into(),
        );
    }
    let file = |name: &str| std::fs::read(folder.join(name)).map_err(|error| missing(name, &error));
    let json = |name: &str| -> Result<Value, String> {
        serde_json::from_slice(&file(name)?).map_err(|error| format!("{name} cannot be read: {error}"))
    };
    let perhaps = |name: &str| if folder.join(name).exists() { json(name) } else { Ok(Value::Null) };

    let config = json("config.json")?;
    runs(&config)?;
    parts(&perhaps("modules.json")?)?;
    let pooling = pooling(&perhaps("1_Pooling/config.json")?)?;
    let (tokenizer, pieces) = if folder.join("vocab.txt").exists() {
        word_pieces(&perhaps("tokenizer_config.json")?, file("vocab.txt")?)?
    } else {
        unigram(folder, &file)?
    };
    let limit = perhaps("sentence_bert_config.json")?["max_seq_length"].as_u64().unwrap_or(256) as usize;
    let weights = file("model.safetensors")?;
    let bert = Bert::read(&config, &Tensors::read(&weights)?)?;
    if bert.words() < tokenizer.len() {
        return Err(format!(
            "its vocabulary has {} pieces and model.safetensors vectors for {}; they are not of one model",
            tokenizer.len(),
            bert.words()
        ));
    }
    let most_pieces = limit.min(bert.positions()).min(MOST_PIECES + 2).saturating_sub(2);
    let how =
        format!("{pooling:?} {most_pieces} {} {}", config["num_attention_heads"], config["layer_norm_eps"]);
    let stamp = [how.as_bytes(), &pieces, &weights].into_iter().fold(SEED, stamped);
    Ok(Transformer {
        name: format!("bert-{}-{:08x}", bert.width(), (stamp ^ stamp >> 32) as u32),
        tokenizer,
        most_pieces,
        bert,
        pooling,
        threads: 1,
        reading: Reading { times: 1.0, ..Reading::default() },
    })
}

fn missing(name: &str, error: &std::io::Error) -> String {
    let hint = match name {
        "model.safetensors" => {
            "; weights in another format (pytorch_model.bin, ONNX) must be saved as safetensors first"
        }
        _ => "",
    };
    format!("{name}: {error}{hint}")
}

/// Only what the layers were written for, so that nothing wrong is ever computed in silence.
fn runs(config: &Value) -> Result<(), String> {
    let known: [(&str, &[&str]); 3] = [
        ("model_type", &["bert", "xlm-roberta"]),
        ("hidden_act", &["gelu"]),
        ("position_embedding_type", &["absolute"]),
    ];
    for (key, wanted) in known {
        let found = config[key].as_str();
        let may_be_left_out = key != "model_type" && config[key].is_null();
        if found.is_none_or(|it| !wanted.contains(&it)) && !may_be_left_out {
            let found = found.unwrap_or("not told");
            return Err(format!("{key} is {found} in config.json; only {} can be run", wanted.join(" and ")));
        }
    }
    Ok(())
}

fn parts(modules: &Value) -> Result<(), String> {
    let known = ["Transformer", "Pooling", "Normalize"];
    for part in modules.as_array().into_iter().flatten() {
        let kind = part["type"].as_str().unwrap_or_default().rsplit('.').next().unwrap_or_default();
        if !known.contains(&kind) {
            return Err(format!(
                "modules.json names a part of kind {kind}; only {} can be run",
                known.join(", ")
            ));
        }
    }
    Ok(())
}

fn pooling(config: &Value) -> Result<Pooling, String> {
    let on = |way: &str| config[format!("pooling_mode_{way}")] == Value::Bool(true);
    match (on("mean_tokens") || config.is_null(), on("cls_token")) {
        (true, false) => Ok(Pooling::Mean),
        (false, true) => Ok(Pooling::First),
        _ => Err(
            "1_Pooling/config.json asks for a pooling that cannot be run: mean_tokens or cls_token alone can"
                .into(),
        ),
    }
}

/// With the bytes of its file, which say whether it is the same.
fn word_pieces(about: &Value, file: Vec<u8>) -> Result<(Tokenizer, Vec<u8>), String> {
    if about["do_lower_case"] == Value::Bool(false) {
        return Err("its vocabulary tells capitals from small letters (do_lower_case is false in tokenizer_config.json); \
                    of word pieces only uncased ones are run"
            .into());
    }
    let text = std::str::from_utf8(&file).map_err(|error| format!("vocab.txt: {error}"))?;
    let pieces: Vec<&str> = text.lines().collect();
    if MOST_WORD_PIECES < pieces.len() {
        return Err(format!("vocab.txt has {} pieces; {MOST_WORD_PIECES} at most can be used", pieces.len()));
    }
    let vocabulary = Vocabulary::new(Cow::Owned(Vocabulary::lay_out(&pieces)))
        .ok_or("vocab.txt is no vocabulary of word pieces: [UNK], [CLS] and [SEP] must be in it")?;
    Ok((Tokenizer::WordPieces(vocabulary), file))
}

/// What models of many languages have: a vocabulary of SentencePiece's kind, as `tokenizer.json` tells it.
fn unigram(
    folder: &Path,
    file: &dyn Fn(&str) -> Result<Vec<u8>, String>,
) -> Result<(Tokenizer, Vec<u8>), String> {
    if !folder.join("tokenizer.json").exists() {
        let others = ["sentencepiece.bpe.model", "spiece.model", "vocab.json"];
        return Err(match others.into_iter().find(|it| folder.join(it).exists()) {
            Some(other) => format!(
                "vocab.txt and tokenizer.json are missing, and its tokenizer is in {other}; have it saved as \
                 tokenizer.json too (transformers: AutoTokenizer.from_pretrained(…).save_pretrained(…))"
            ),
            None => {
                "vocab.txt and tokenizer.json are missing; one of them tells the pieces that the model knows"
                    .into()
            }
        });
    }
    let bytes = file("tokenizer.json")?;
    let told =
        serde_json::from_slice(&bytes).map_err(|error| format!("tokenizer.json cannot be read: {error}"))?;
    let unigram = Unigram::read(&told).map_err(|why| format!("tokenizer.json: {why}"))?;
    Ok((Tokenizer::Unigram(unigram), bytes))
}

const SEED: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, eight bytes at a time.
fn stamped(hash: u64, bytes: &[u8]) -> u64 {
    let (eights, rest) = bytes.as_chunks::<8>();
    let of = |hash: u64, it: u64| (hash ^ it).wrapping_mul(0x100_0000_01b3).rotate_left(29);
    let hash = eights.iter().fold(hash, |hash, it| of(hash, u64::from_le_bytes(*it)));
    rest.iter().fold(hash, |hash, &it| of(hash, u64::from(it)))
}
