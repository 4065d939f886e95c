use news::Language;

use super::*;

fn language(code: &str) -> Language {
    Language(code.into())
}

fn check_words(code: &str, text: &str, expected: &[&str]) {
    let words: Vec<&str> = tokens(text, &language(code)).map(|token| token.word).collect();
    assert_eq!(words, expected);
}

/// How many words two texts share.
fn shared(code: &str, a: &str, b: &str) -> usize {
    let all: Vec<u32> = tokens(a, &language(code)).map(|token| token.hash).collect();
    tokens(b, &language(code)).filter(|token| all.contains(&token.hash)).count()
}

#[test]
fn words_come_in_their_order_without_those_that_tell_nothing() {
    check_words("en", "The dam of Aruba gave way; it wasn't old.", &["dam", "Aruba", "gave", "old"]);
    check_words("de", "Der Damm von Aruba ist gebrochen", &["Damm", "Aruba", "gebrochen"]);
    check_words("en", "", &[]);
    check_words("xx", "— … !", &[]);
}

#[test]
fn scripts_without_spaces_are_cut_into_pairs() {
    check_words("zh", "大坝崩溃", &["大坝", "坝崩", "崩溃"]);
    check_words("ja", "G7首脳", &["G7", "首脳"]);
    check_words("zh", "王 said", &["王", "said"]);
}

#[test]
fn forms_of_one_word_count_as_one() {
    assert_eq!(shared("en", "flooding villages", "Villages flooded"), 2);
    assert_eq!(shared("pl", "prezydentem", "prezydenta"), 1);
    assert_eq!(shared("pl", "Łódź", "Lodz"), 1);
    assert_eq!(shared("en", "dam", "dame"), 0);
}

#[test]
fn a_word_of_the_headline_weighs_more_than_one_of_the_text() {
    let terms = terms("Dam bursts", "A village was flooded. The dam is old.", &language("en"));
    let weight = |word: &str| {
        let hash = tokens(word, &language("en")).next().unwrap().hash;
        let term = terms.iter().find(|term| term.hash == hash).unwrap();
        (term.weight, term.headline)
    };
    assert!(weight("village").0 < weight("bursts").0 && weight("bursts").0 < weight("dam").0);
    assert!(weight("dam").1 && !weight("village").1);
    assert!(terms.is_sorted_by_key(|term| term.hash));
}

#[test]
fn an_endless_text_has_a_bounded_number_of_terms() {
    let body: String = (0..100_000).map(|i| format!("word{i} ")).collect();
    assert_eq!(terms("", &body, &language("en")).len(), MOST_TERMS);
}

fn check_numbers(a: &str, b: &str, expected: usize) {
    let all = numbers("", a);
    let shared = numbers("", b).iter().filter(|number| all.contains(number)).count();
    assert_eq!(shared, expected, "{a} / {b}");
}

#[test]
fn one_sum_is_one_number_however_it_is_written() {
    check_numbers("326,000 people", "claims at 326K", 1);
    check_numbers("$72 billion", "72bn dollars", 1);
    check_numbers("3.5 percent", "up 3.5%", 1);
    check_numbers("1.500 Menschen", "1,500 people", 1);
    check_numbers("killed 43", "43 dead", 1);
}

#[test]
fn one_day_is_one_number_however_it_is_written() {
    let alone = numbers("", "June 5, 2013");
    assert_eq!(alone, numbers("", "5 Jun. 2013"));
    assert_eq!(alone, numbers("", "2013-06-05"));
    assert_ne!(alone, numbers("", "June 6, 2013"));
    assert_eq!(alone.len(), 1);
    assert!(numbers("", "March 5 people").is_empty());
}

#[test]
fn small_numbers_years_and_parts_of_words_say_nothing() {
    check_numbers("2 men in 2022", "2 women in 2022", 0);
    check_numbers("G20", "the 20", 0);
    check_numbers("5%", "5", 0);
}

#[test]
fn shingles_tell_how_much_text_two_share() {
    let words = |from: usize, to: usize| (from..to).map(|i| format!("w{i} ")).collect::<String>();
    let likeness = |a: &str, b: &str| {
        let (a, b) = (shingles(a), shingles(b));
        a.iter().zip(&b).filter(|(a, b)| a == b).count() as f32 / a.len() as f32
    };
    assert_eq!(likeness(&words(0, 300), &words(0, 300)), 1.0);
    assert_eq!(likeness(&words(0, 300), &words(300, 600)), 0.0);
    let half = likeness(&words(0, 300), &words(100, 400));
    assert!((0.3..0.7).contains(&half), "{half}");
}

#[test]
fn a_few_words_have_no_shingles() {
    assert!(shingles("Dam bursts in the night").is_empty());
    assert!(shingles("").is_empty());
}
