use std::path::{Path, PathBuf};

use super::Transformer;
use crate::Embedder;

const WIDTH: usize = 4;

/// A model of our own making: five pieces, one layer that adds nothing, in a folder that goes away with it.
struct Folder(PathBuf);

impl Folder {
    fn with(name: &str, words: &[[f32; WIDTH]; 5]) -> Folder {
        let folder = std::env::temp_dir().join(format!("tidings-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let config = r#"{"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 2}"#;
        std::fs::write(folder.join("config.json"), config).unwrap();
        std::fs::write(folder.join("vocab.txt"), "[UNK]\n[CLS]\n[SEP]\ndam\nrain\n").unwrap();
        std::fs::write(folder.join("model.safetensors"), weights(words)).unwrap();
        Folder(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn weights(words: &[[f32; WIDTH]; 5]) -> Vec<u8> {
    let mut tensors: Vec<(String, Vec<usize>, Vec<f32>)> = vec![
        ("embeddings.word_embeddings.weight".into(), vec![5, WIDTH], words.concat()),
        ("embeddings.position_embeddings.weight".into(), vec![8, WIDTH], vec![0.0; 8 * WIDTH]),
        ("embeddings.token_type_embeddings.weight".into(), vec![2, WIDTH], vec![0.0; 2 * WIDTH]),
    ];
    let mut norms = vec!["embeddings.LayerNorm".to_owned()];
    for name in [
        "attention.self.query",
        "attention.self.key",
        "attention.self.value",
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
    ] {
        let name = format!("encoder.layer.0.{name}");
        tensors.push((format!("{name}.weight"), vec![WIDTH, WIDTH], vec![0.0; WIDTH * WIDTH]));
        tensors.push((format!("{name}.bias"), vec![WIDTH], vec![0.0; WIDTH]));
    }
    norms
        .extend(["attention.output.LayerNorm", "output.LayerNorm"].map(|it| format!("encoder.layer.0.{it}")));
    for name in norms {
        tensors.push((format!("{name}.weight"), vec![WIDTH], vec![1.0; WIDTH]));
        tensors.push((format!("{name}.bias"), vec![WIDTH], vec![0.0; WIDTH]));
    }
    let (mut about, mut numbers) = (serde_json::Map::new(), Vec::new());
    for (name, shape, values) in tensors {
        let from = numbers.len();
        numbers.extend(values.iter().flat_map(|it| it.to_le_bytes()));
        let range = [from, numbers.len()];
        about.insert(name, serde_json::json!({"dtype": "F32", "shape": shape, "data_offsets": range}));
    }
    let header = serde_json::Value::Object(about).to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.bytes());
    bytes.extend(numbers);
    bytes
}

const WORDS: [[f32; WIDTH]; 5] =
    [[0.0; WIDTH], [0.0; WIDTH], [0.0; WIDTH], [3.0, -1.0, -1.0, -1.0], [-1.0, -1.0, -1.0, 3.0]];

fn model(folder: &Path) -> Transformer {
    Transformer::from_folder(folder).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn a_model_from_a_folder_embeds_what_its_weights_say() {
    let folder = Folder::with("tiny", &WORDS);
    let found = model(&folder.0).embed(&["dam", "dam dam", "rain", "dam rain", ""]).unwrap();
    assert!(found[4].is_empty());
    assert!(0.999 < found[0].likeness(&found[1]), "{}", found[0].likeness(&found[1]));
    assert!(found[0].likeness(&found[2]) < 0.0, "{}", found[0].likeness(&found[2]));
    let between = found[0].likeness(&found[3]);
    assert!(found[0].likeness(&found[2]) < between && between < 0.999, "{between}");
}

/// The same five pieces as a model of many languages has them; its places are counted from 2 on.
#[test]
fn a_model_of_many_languages_reads_its_pieces_from_tokenizer_json() {
    let folder = Folder::with("many", &WORDS);
    let write = |file: &str, text: String| std::fs::write(folder.0.join(file), text).unwrap();
    let vocabulary = [("<s>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁dam", -2.0), ("▁雨", -2.0)];
    let model_of = serde_json::json!({"type": "Unigram", "unk_id": 2, "vocab": vocabulary});
    std::fs::remove_file(folder.0.join("vocab.txt")).unwrap();
    write("tokenizer.json", serde_json::json!({"model": model_of}).to_string());
    let config = r#"{"model_type": "xlm-roberta", "pad_token_id": 1, "num_hidden_layers": 1, "num_attention_heads": 2}"#;
    write("config.json", config.into());
    let found = model(&folder.0).embed(&["dam", "dam dam", "雨", ""]).unwrap();
    assert!(found[3].is_empty());
    assert!(0.999 < found[0].likeness(&found[1]) && found[0].likeness(&found[2]) < 0.0);
    // Eight places less the two that are not counted: what is longer is cut there.
    let long = model(&folder.0).embed(&[&"dam ".repeat(99)]).unwrap();
    assert!(0.999 < found[0].likeness(&long[0]));
    write("tokenizer.json", r#"{"model": {"type": "BPE"}}"#.into());
    let error = Transformer::from_folder(&folder.0).err().unwrap().to_string();
    assert!(error.contains("tokenizer.json: its tokenizer is of kind BPE"), "{error}");
}

#[test]
fn other_weights_are_another_model() {
    let mut other = WORDS;
    other[3][0] = 2.0;
    let (a, b) = (Folder::with("one", &WORDS), Folder::with("two", &other));
    let stamp = |folder: &Folder| model(&folder.0).model().rsplit('-').next().map(str::to_owned);
    assert_ne!(stamp(&a), stamp(&b));
}

#[test]
fn weights_that_are_cut_off_are_refused_in_words() {
    let folder = Folder::with("cut", &WORDS);
    let file = folder.0.join("model.safetensors");
    let bytes = std::fs::read(&file).unwrap();
    std::fs::write(&file, &bytes[..bytes.len() - 40]).unwrap();
    let error = Transformer::from_folder(&folder.0).err().unwrap().to_string();
    assert!(error.contains("cut off"), "{error}");
}

/// What is said of a folder after this file in it was changed, or taken away.
fn refused(name: &str, file: &str, with: Option<&str>) -> String {
    let folder = Folder::with(name, &WORDS);
    let file = folder.0.join(file);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    match with {
        Some(text) => std::fs::write(&file, text).unwrap(),
        None => std::fs::remove_file(&file).unwrap(),
    }
    Transformer::from_folder(&folder.0).err().map(|it| it.to_string()).unwrap_or_default()
}

#[test]
fn a_folder_that_cannot_be_run_is_refused_in_words() {
    let nowhere = Transformer::from_folder(Path::new("/nowhere/at/all")).err().unwrap().to_string();
    assert!(nowhere.contains("there is no such folder"), "{nowhere}");
    let bert = r#""num_hidden_layers": 1, "num_attention_heads": 2"#;
    for (file, with, says) in [
        ("config.json", None, "config.json: "),
        ("config.json", Some("{"), "config.json cannot be read"),
        ("config.json", Some(r#"{"model_type": "mpnet"}"#), "model_type is mpnet"),
        (
            "config.json",
            Some(&format!(r#"{{"model_type": "bert", "hidden_act": "relu", {bert}}}"#)),
            "hidden_act is relu",
        ),
        (
            "config.json",
            Some(r#"{"model_type": "bert", "num_hidden_layers": 1, "num_attention_heads": 3}"#),
            "3 heads",
        ),
        ("vocab.txt", None, "vocab.txt and tokenizer.json are missing"),
        ("vocab.txt", Some("dam\nrain\n"), "[UNK]"),
        ("vocab.txt", Some("[UNK]\n[CLS]\n[SEP]\ndam\nrain\nwind\n"), "not of one model"),
        ("model.safetensors", None, "safetensors first"),
        ("tokenizer_config.json", Some(r#"{"do_lower_case": false}"#), "only uncased"),
        ("modules.json", Some(r#"[{"type": "sentence_transformers.models.Dense"}]"#), "kind Dense"),
        ("1_Pooling/config.json", Some(r#"{"pooling_mode_max_tokens": true}"#), "pooling"),
    ] {
        let error = refused("refused", file, with);
        assert!(error.contains(says), "{file} {with:?}: {error}");
    }
}

#[test]
fn many_texts_on_many_threads_come_back_in_order() {
    let folder = Folder::with("threads", &WORDS);
    let texts: Vec<String> =
        (0..200).map(|it| if it % 3 == 0 { "dam ".repeat(it) } else { "rain".into() }).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let alone = model(&folder.0).embed(&texts).unwrap();
    assert_eq!(model(&folder.0).on_threads(3).embed(&texts).unwrap(), alone);
    assert!(alone[1].likeness(&alone[3]) < alone[1].likeness(&alone[2]));
}

#[test]
fn the_first_piece_stands_for_all_where_the_model_says_so() {
    let folder = Folder::with("first", &WORDS);
    let mean = model(&folder.0);
    std::fs::create_dir_all(folder.0.join("1_Pooling")).unwrap();
    std::fs::write(folder.0.join("1_Pooling/config.json"), r#"{"pooling_mode_cls_token": true}"#).unwrap();
    let first = model(&folder.0);
    assert_ne!(first.model(), mean.model());
    // All of the first piece's places are nought in this one.
    assert!(first.embed(&["dam"]).unwrap()[0].is_empty());
}
