use news::{Name, NameKind};

use super::*;

fn check(text: &str, expected: Option<&[(Target, f32)]>) {
    let sources = [(SourceId(7), "https://a.example/feed?a=b".to_string())];
    assert_eq!(read(text, &sources).ok().as_deref(), expected, "{text}");
}

#[test]
fn a_line_says_what_and_how_much() {
    let name = |text: &str| Target::Name(Name { text: text.into(), kind: NameKind::Other });
    check("name:Ukraine = 0.8", Some(&[(name("Ukraine"), 0.8)]));
    check("\n# name:A = 1\n\r\nB=-1\r\n", Some(&[(name("B"), -1.0)]));
    check("words:a = b = 0.5", Some(&[(Target::Words("a = b".into()), 0.5)]));
    check("source:https://a.example/feed?a=b = 1", Some(&[(Target::Source(SourceId(7)), 1.0)]));
    check("source:7 = 1", Some(&[(Target::Source(SourceId(7)), 1.0)]));
    check("", Some(&[]));
}

#[test]
fn a_line_that_says_something_else_changes_nothing() {
    for line in
        ["Ukraine", "Ukraine = much", "Ukraine = 2", "Ukraine = NaN", "= 1", "source:https://b.example/ = 1"]
    {
        check(line, None);
    }
    check(&"a = 1\n".repeat(LINES + 1), None);
}

#[test]
fn a_name_cannot_begin_a_line_of_its_own() {
    assert_eq!(one_line("name:A\nname:B = 1"), "name:A name:B = 1");
}
