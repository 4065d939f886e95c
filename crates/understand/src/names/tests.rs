use news::Language;

use super::names;

/// Names of an English headline and text, as "name: kind".
fn check(title: &str, body: &str, expected: &[&str]) {
    check_in("en", title, body, expected);
}

fn check_in(language: &str, title: &str, body: &str, expected: &[&str]) {
    let found = names(title, body, &Language(language.into()));
    let found: Vec<String> = found.iter().map(|name| format!("{}: {:?}", name.text, name.kind)).collect();
    assert_eq!(found, expected, "{title}");
}

#[test]
fn names_of_several_words_are_found_in_headlines() {
    check(
        "South Korea warns of more tests as Joe Biden calls leaders",
        "",
        &["South Korea: Place", "Joe Biden: Person"],
    );
    check("Bank of England raises interest rates again", "", &["Bank of England: Organisation"]);
}

#[test]
fn headlines_with_capitals_throughout_are_no_names_throughout() {
    check("Police Say Two People Died After Storm Hits New Jersey", "", &["New Jersey: Place"]);
}

#[test]
fn a_surname_is_the_person_named_in_full_elsewhere() {
    check(
        "Shin visits the front",
        "The minister, Shin Won-sik, arrived on Monday. Mr Shin left again on Tuesday.",
        &["Shin Won-sik: Person"],
    );
}

#[test]
fn other_names_of_a_body_or_country_are_one_name() {
    check("UK and U.N. in talks", "", &["United Kingdom: Place", "United Nations: Organisation"]);
}

#[test]
fn german_nouns_are_no_names() {
    check_in(
        "de",
        "Bundeskanzler Olaf Scholz reist mit einer Delegation nach Polen",
        "",
        &["Olaf Scholz: Person", "Poland: Place"],
    );
}

#[test]
fn countries_are_known_in_scripts_without_capitals() {
    check_in("ja", "ウクライナ大統領、米国を訪問", "", &["Ukraine: Place", "United States: Place"]);
}

#[test]
fn nothing_is_found_in_nothing_and_anything_can_be_read() {
    check("", "", &[]);
    for text in ["“", "A", "- - ' '", "İİİ’s ’s", "𝒳 of 𝒳", "Ａ．Ｂ", "A’", "\u{301}A\u{301}"]
    {
        names(text, text, &Language("en".into()));
        names(text, text, &Language("de".into()));
        names(text, text, &Language("zh".into()));
    }
}
