use news::Language;

use crate::{BuiltIn, Embedder, Text, Transformer, Vocabulary, understand};

fn text<'a>(title: &'a str, body: &'a str) -> Text<'a> {
    Text { title, standfirst: None, body, address: "", language: None, labels: &[] }
}

#[test]
fn texts_about_one_thing_lie_closer_than_texts_about_two() {
    let texts = [
        "Dam bursts after a week of rain",
        "Village flooded as reservoir wall collapses",
        "Striker signs new contract",
    ];
    let vectors = BuiltIn::new().embed(&texts).unwrap();
    assert!(vectors[0].likeness(&vectors[2]) + 0.1 < vectors[0].likeness(&vectors[1]));
}

#[test]
fn each_text_is_understood_in_order() {
    let texts = [
        text("Shin Won-sik visits Kyiv", "The minister arrived on Monday. He left again on Tuesday."),
        text("Regen in Berlin", "Der Regen war stark und die Feuerwehr hatte am Abend viel zu tun."),
    ];
    let understood = understand(&texts, &BuiltIn::new()).unwrap();
    assert_eq!(understood[0].language, Language("en".into()));
    assert_eq!(understood[1].language, Language("de".into()));
    assert!(understood.iter().all(|it| !it.embedding.is_empty()));
}

#[test]
fn pieces_are_the_longest_that_the_vocabulary_has() {
    let lines = ["[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "##a", "cafe", "!", "中"];
    let vocabulary = Vocabulary::new(Vocabulary::lay_out(&lines).into()).unwrap();
    let check = |text: &str, expected: &[&str]| {
        let mut ids = Vec::new();
        vocabulary.pieces(text, 100, &mut ids);
        let found: Vec<&str> = ids.iter().map(|&id| vocabulary.piece(id)).collect();
        assert_eq!(found, expected, "{text}");
    };
    check("Unaffable", &["un", "##aff", "##able"]);
    check("CAFÉ!", &["cafe", "!"]);
    check("中中 unx", &["中", "中", "[UNK]"]);
}

#[test]
fn bytes_that_are_no_vocabulary_are_refused() {
    assert!(Vocabulary::new(vec![1, 2, 3].into()).is_none());
    assert!(Vocabulary::new(vec![0xff; 400_000].into()).is_none());
}

#[test]
fn a_folder_without_a_model_says_what_is_missing() {
    let error = Transformer::from_folder(std::path::Path::new("/nowhere")).err().unwrap();
    assert!(error.to_string().contains("config.json"), "{error}");
}

#[test]
fn a_text_of_any_length_is_understood() {
    let long = "A. ".repeat(20_000);
    let quotes = "\"said\" ".repeat(1_000);
    let texts = [text(&long, &long), text("", ""), text(&quotes, &quotes)];
    assert_eq!(understand(&texts, &BuiltIn::new()).unwrap().len(), 3);
}
