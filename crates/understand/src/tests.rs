use news::Language;

use crate::{BuiltIn, Embedder, Text, understand};

fn text<'a>(title: &'a str, body: &'a str) -> Text<'a> {
    Text { title, standfirst: None, body, address: "", language: None, labels: &[], own_key_points: &[] }
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
