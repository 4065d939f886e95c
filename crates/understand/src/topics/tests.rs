use news::Language;

use super::topics;

fn check(title: &str, address: &str, labels: &[&str], expected: &[&str]) {
    let labels: Vec<String> = labels.iter().map(|it| (*it).to_owned()).collect();
    let found = topics(title, "", address, &labels, &Language("en".into()));
    let found: Vec<&str> = found.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(found, expected, "{title} {address} {labels:?}");
}

#[test]
fn what_the_source_says_decides() {
    check("Something happened", "", &["Politics"], &["politics"]);
    check("Something happened", "", &["News / Football"], &["sport/football"]);
    check("Coś się stało", "", &["Gospodarka"], &["economy"]);
}

#[test]
fn the_folders_of_an_address_say_it_too() {
    check("Something happened", "https://a.example/climate-change/2022/a-b-c", &[], &["environment"]);
    check("Something happened", "https://a.example/politics", &[], &[]);
}

#[test]
fn without_either_the_words_do() {
    check("Striker scores twice as goalkeeper saves penalty", "", &[], &["sport/football"]);
    check("A day like any other", "", &[], &[]);
}
