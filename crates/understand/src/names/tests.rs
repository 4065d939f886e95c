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
fn without_capitals_what_stands_again_among_other_words_is_a_name() {
    // Our own sentences about people and places that are not.
    check_in(
        "zh",
        "林海生访问云河市",
        "市长林海生昨天到访。当地居民欢迎林海生的计划。云河市位于北方，去年云河市遭遇水灾。",
        &["林海生: Person", "云河市: Place"],
    );
    check_in(
        "ja",
        "川原健太選手が優勝",
        "川原健太選手は喜びを語った。監督は川原健太を高く評価した。",
        &["川原健太: Person"],
    );
    check_in(
        "ko",
        "한가람 장관 사임",
        "한가람 장관은 어제 물러났다. 야당은 한가람 장관을 비판했다.",
        &["한가람: Person"],
    );
    check_in(
        "hi",
        "मंत्री रोहन वर्धन का इस्तीफा",
        "कल मंत्री रोहन वर्धन ने पद छोड़ा। विपक्ष रोहन वर्धन से नाराज था।",
        &["रोहन वर्धन: Person"],
    );
    check_in(
        "ar",
        "استقالة الوزير سامر الخطيب",
        "أعلن الوزير سامر الخطيب استقالته. وانتقد النواب سامر الخطيب بشدة.",
        &["سامر الخطيب: Person"],
    );
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
