use super::*;

#[test]
fn words_lose_case_and_accents_and_keep_their_script() {
    for (text, expected) in [
        ("Kraków, ŁÓDŹ!", "krakow lodz "),
        ("Straße ﬁn ½", "strasse fin 1 2 "),
        ("ÆØÅ", "aeoa "),
        ("Ελλάδα ёлка", "ελλαδα елка "),
        ("don't l'eau", "don t l eau "),
        ("中央银行", "中央 央银 银行 "),
        ("iPhone降息", "iphone 降息 "),
        ("한국은행 동결", "한국 국은 은행 동결 "),
        ("が", "が "),
        ("again Again AGAIN", "again "),
        ("", ""),
    ] {
        assert_eq!(tokens(&[text], &[], &[], &[]), expected, "{text}");
    }
}

#[test]
fn a_word_that_nobody_types_is_left_out() {
    assert_eq!(tokens(&[&"x".repeat(61), &"é".repeat(80)], &[], &[], &[]), "");
}

#[test]
fn queries_are_read_as_people_type_them() {
    let all = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for (text, wanted, unwanted, phrases) in [
        ("rate cut", vec!["rate", "cut"], vec![], vec![]),
        ("rate -\"cut\" -Fed", vec!["rate"], vec!["cut", "fed"], vec![]),
        ("\"Rate  Cut", vec!["rate", "cut"], vec![], vec![" rate cut "]),
        ("„zwei Wörter“ drei", vec!["zwei", "worter", "drei"], vec![], vec![" zwei worter "]),
        ("\"one\"", vec!["one"], vec![], vec![]),
        ("- \" -- ''", vec![], vec![], vec![]),
        ("\"银行降息\"", vec!["银行", "行降", "降息"], vec![], vec!["银行降息"]),
    ] {
        let expected = Query { wanted: all(&wanted), unwanted: all(&unwanted), phrases: all(&phrases) };
        assert_eq!(Query::read(text), expected, "{text}");
    }
}

#[test]
fn nothing_in_a_query_reaches_the_index_as_syntax() {
    for text in ["a\" OR \"b", "a' | 'b", "x\\", "NEAR(a b)", "a:*", "§n1"] {
        for dialect in [Dialect::Sqlite, Dialect::Postgres] {
            let query = Query::read(text);
            for token in query.wanted.iter().chain(&query.unwanted) {
                assert!(token.chars().all(char::is_alphanumeric), "{text}: {token}");
            }
            assert!(!query.text(dialect).contains('\\'));
        }
    }
}

#[test]
fn a_snippet_stands_around_the_hit() {
    let text = format!("{}the Dam gave way today. {}", "word ".repeat(40), "after ".repeat(90));
    let snippet = Query::read("dam").snippet(&text);
    assert!(
        snippet.starts_with("…word") && snippet.contains("the Dam gave way") && snippet.ends_with('…'),
        "{snippet}"
    );
    assert!(snippet.chars().count() <= 242);
    assert_eq!(Query::read("nothing").snippet("short text"), "short text");
    assert_eq!(Query::read("x").snippet(""), "");
}
