use news::Language;

use super::quotes;

/// Quotations as "speaker (role): content".
fn check(text: &str, expected: &[&str]) {
    let found = quotes(text, &Language("en".into()));
    let told = found.iter().map(|quote| {
        let content = &text[quote.content.0 as usize..quote.content.1 as usize];
        let role = quote.role.as_ref().map(|role| format!(" ({role})")).unwrap_or_default();
        format!("{}{role}: {content}", quote.speaker.as_deref().unwrap_or("?"))
    });
    assert_eq!(told.collect::<Vec<_>>(), expected, "{text}");
}

#[test]
fn what_follows_said_is_told_by_who_stands_before_it() {
    check("Anna Weber said that the dam would hold.", &["Anna Weber: that the dam would hold"]);
}

#[test]
fn a_quotation_before_its_speaker_is_hers() {
    check("“The dam will hold,” Anna Weber said.", &["Anna Weber: “The dam will hold,”"]);
    check(
        "“The dam will hold,” said Anna Weber, the mayor.",
        &["Anna Weber (the mayor): “The dam will hold,”"],
    );
}

#[test]
fn she_is_who_spoke_last() {
    check(
        "Anna Weber said the dam would hold.\n“We checked it,” she added.",
        &["Anna Weber: the dam would hold", "Anna Weber: “We checked it,”"],
    );
}

#[test]
fn any_text_can_be_read() {
    for text in ["said", "\" said", "“” said.", "according to", "' ' said ' '", "He told", "haven’t said’ “a"]
    {
        quotes(&text.repeat(3), &Language("en".into()));
    }
}
