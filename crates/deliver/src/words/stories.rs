//! Who tells a story, from where, and why two articles are together.

use news::Evidence;

/// What stands before all grounds for two articles being of one story.
pub const TO_BEGIN_WITH: &str = "to begin with: two articles seldom tell of the same";

/// "5 articles of 4 outlets, 3 different texts".
pub fn told_by_so_many(articles: u32, outlets: u32, texts: usize) -> String {
    let many = |count: u32, one: &str| format!("{count} {one}{}", if count == 1 { "" } else { "s" });
    let told = format!("{} of {}", many(articles, "article"), many(outlets, "outlet"));
    match texts as u32 {
        0 => told,
        texts if articles <= texts => told,
        texts => format!(
            "{told}, {}",
            if texts == 1 { "all the same text".into() } else { many(texts, "different text") }
        ),
    }
}

/// "Told from Germany (3), India and 2 more countries; of one outlet the country is not known".
pub fn seats(countries: &[(&'static str, usize)], unknown: usize) -> String {
    const NAMED: usize = 4;
    let unknown = match (unknown, countries.is_empty()) {
        (0, _) | (_, true) => String::new(),
        (1, _) => "; of one outlet the country is not known".to_string(),
        (many, _) => format!("; of {many} outlets the country is not known"),
    };
    if countries.is_empty() {
        return String::new();
    }
    let named = countries.iter().take(NAMED).map(|it| match it.1 {
        1 => it.0.to_string(),
        outlets => format!("{} ({outlets})", it.0),
    });
    let mut named: Vec<String> = named.collect();
    match countries.len().saturating_sub(NAMED) {
        0 => (),
        1 => named.push("one more country".into()),
        more => named.push(format!("{more} more countries")),
    }
    let last = named.pop().unwrap_or_default();
    let listed = if named.is_empty() { last } else { format!("{} and {last}", named.join(", ")) };
    format!("Told from {listed}{unknown}")
}

/// Why an article is in its story, in one line: what people would say first, not what weighs most in numbers.
pub fn here_because(evidence: &[Evidence]) -> String {
    const FIRST: [&str; 6] = ["same text", "names", "headline words", "links", "numbers", "words"];
    let speaks = |ground: &str| evidence.iter().find(|it| it.ground == ground && 0.0 < it.part);
    let mut says: Vec<&str> =
        FIRST.iter().filter_map(|it| speaks(it)).map(|it| it.says.as_str()).take(2).collect();
    if says.is_empty() {
        says.extend(evidence.first().map(|it| it.says.as_str()));
    }
    says.extend(evidence.iter().find(|it| it.ground == "time apart").map(|it| it.says.as_str()));
    says.dedup();
    says.join(", ")
}

/// Why a story was split.
pub fn parted(evidence: &[Evidence]) -> String {
    let says: Vec<&str> = evidence.iter().map(|it| it.says.as_str()).collect();
    match says.is_empty() {
        true => "somebody said that it is two".into(),
        false => format!("the two have little in common: {}", says.join("; ")),
    }
}

/// Why two articles are together, or why not, in a sentence.
pub fn pair(pair: &app::Pair) -> String {
    let grounds = |speaks_for: bool| -> Vec<&str> {
        let evidence = pair.comparison.evidence.iter().filter(|it| (0.0 < it.part) == speaks_for);
        evidence.take(3).map(|it| it.says.as_str()).collect()
    };
    let (fors, against) = (grounds(true), grounds(false));
    let listed = |grounds: &[&str], none: &str| match grounds.is_empty() {
        true => none.to_string(),
        false => grounds.join(", "),
    };
    match (pair.together, 0.5 <= pair.comparison.likeness) {
        (true, true) => format!("They are in one story: {}.", listed(&fors, "they are alike")),
        (true, false) => format!(
            "They are in one story, by what its other articles say; the two alone are not much alike: {}.",
            listed(&against, &listed(&fors, "they have little in common"))
        ),
        (false, false) => format!(
            "They are not in one story: {}{}.",
            match fors.is_empty() {
                true => "they have nothing telling in common".to_string(),
                false => format!("there is only this in common: {}", fors.join(", ")),
            },
            if against.is_empty() { String::new() } else { format!("; and {}", against.join(", ")) }
        ),
        (false, true) => format!(
            "They are in two stories, though alike: {}. Something else was more alike when each came, or somebody parted them.",
            listed(&fors, "in words")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_an_article_is_here_is_said_as_people_would() {
        let ground =
            |ground: &str, says: &str, part: f32| Evidence { ground: ground.into(), says: says.into(), part };
        let words = || ground("words", "44 % alike in words, rare ones counting more", 3.5);
        let names = || ground("names", "both name Shin Won-sik and Ukraine", 1.6);
        let headline = || ground("headline words", "71 % of the headlines' rare words", 1.6);
        let time = || ground("time apart", "3 hours apart", -0.3);
        for (evidence, says) in [
            (vec![], ""),
            (vec![words()], "44 % alike in words, rare ones counting more"),
            (
                vec![words(), headline(), names(), time()],
                "both name Shin Won-sik and Ukraine, 71 % of the headlines' rare words, 3 hours apart",
            ),
            (vec![time()], "3 hours apart"),
        ] {
            assert_eq!(here_because(&evidence), says);
        }
    }

    #[test]
    fn who_tells_it_is_said_in_words() {
        for ((articles, outlets, texts), says) in [
            ((1, 1, 1), "1 article of 1 outlet"),
            ((5, 4, 5), "5 articles of 4 outlets"),
            ((5, 4, 3), "5 articles of 4 outlets, 3 different texts"),
            ((5, 5, 1), "5 articles of 5 outlets, all the same text"),
        ] {
            assert_eq!(told_by_so_many(articles, outlets, texts), says);
        }
    }

    #[test]
    fn where_it_is_told_is_said_and_what_is_not_known_too() {
        let five = [("France", 3), ("India", 2), ("Chile", 1), ("Ghana", 1), ("Japan", 1)];
        for (countries, unknown, says) in [
            (&[][..], 3, ""),
            (&[("France", 1)][..], 0, "Told from France"),
            (&five[..2], 1, "Told from France (3) and India (2); of one outlet the country is not known"),
            (
                &five[..],
                2,
                "Told from France (3), India (2), Chile, Ghana and one more country; of 2 outlets the country is not known",
            ),
        ] {
            assert_eq!(seats(countries, unknown), says);
        }
    }
}
