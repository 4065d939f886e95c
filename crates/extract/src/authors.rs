//! Bylines to authors: one name each, agencies and desks told from people.

mod words;

use news::{Author, AuthorKind};

use words::{AGENCIES, BEGINNINGS, CREDITS, DESK, ENDS, MONTHS, ROLES};

/// Every author of a list of bylines, each once.
pub fn authors<'a>(bylines: impl IntoIterator<Item = &'a str>) -> Vec<Author> {
    let mut found: Vec<Author> = Vec::new();
    for byline in bylines {
        for name in names(byline) {
            if !found.iter().any(|it| it.name.eq_ignore_ascii_case(&name)) && found.len() < 20 {
                let kind = kind(&name);
                found.push(Author { name, kind });
            }
        }
    }
    found
}

fn kind(name: &str) -> AuthorKind {
    let lower = name.to_lowercase();
    let is_desk = lower.split([' ', '-', '/']).any(|word| DESK.contains(&word))
        || DESK.iter().any(|it| it.starts_with('.') && lower.ends_with(it));
    if AGENCIES.contains(&lower.as_str()) || is_desk { AuthorKind::Agency } else { AuthorKind::Person }
}

/// The names of one byline: "By Ann Lee and Bo Chen, Reuters" is three.
fn names(byline: &str) -> Vec<String> {
    // Mail addresses with the name beside them: "ann@example.org (Ann Lee)".
    let byline = match byline.split_once('(') {
        Some((before, inside)) if before.contains('@') => inside.trim_end_matches([')', ' ']),
        _ => byline,
    };
    let line = byline.lines().next().unwrap_or_default().replace('\u{a0}', " ");
    let line = without_beginning(line.trim());
    let mut names = Vec::new();
    for part in line.split([';', '|', '•', '·', '/', '\t']) {
        for part in split_words(part) {
            for name in part.split(',') {
                let name = clean(name);
                if is_name(&name) && (names.is_empty() || !is_appended(&name)) {
                    names.push(name);
                }
            }
        }
    }
    names
}

/// What stands behind a name: a degree ("MA", "Ph.D"), or what somebody is ("Staff Writer").
fn is_appended(name: &str) -> bool {
    let letters = || name.chars().filter(|c| c.is_alphabetic());
    let is_degree = letters().count() <= 5
        && !AGENCIES.contains(&name.to_lowercase().as_str())
        && (name.contains('.')
            || letters().all(char::is_uppercase)
            || letters().skip(1).any(char::is_uppercase));
    is_degree || name.to_lowercase().split([' ', '-']).any(|it| ROLES.contains(&it))
}

fn without_beginning(line: &str) -> &str {
    for beginning in BEGINNINGS {
        if line.is_char_boundary(beginning.len())
            && line.len() > beginning.len() + 1
            && line[..beginning.len()].eq_ignore_ascii_case(beginning)
            && (line[beginning.len()..].starts_with(char::is_whitespace) || beginning.ends_with(':'))
        {
            return line[beginning.len()..].trim_start_matches([' ', ':']);
        }
    }
    line
}

fn split_words(part: &str) -> Vec<&str> {
    let mut parts = vec![part];
    for word in
        [" and ", " und ", " et ", " y ", " e ", " en ", " och ", " og ", " & ", " i ", " with ", " mit "]
    {
        parts = parts.into_iter().flat_map(|it| it.split(word)).collect();
    }
    parts
}

fn clean(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    crate::dom::push_folded(&mut folded, name);
    let name = without_beginning(folded.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | '.' | ':' | '-' | '–' | '—' | '(' | ')' | '*')
    }));
    let name = name.split(" (").next().unwrap_or(name);
    // "Recipe by Ann Lee".
    let name = name.rsplit_once(" by ").map_or(name, |(_, who)| who);
    let name = match name.split_once(": ") {
        Some((what, _)) if CREDITS.contains(&what.to_lowercase().as_str()) => "",
        Some((what, who)) if what.split(' ').count() <= 2 => who,
        _ => name,
    };
    // What stands behind a name without a comma: the day, "Published", "Updated".
    let all: Vec<&str> = name.split(' ').collect();
    let has_digit = |it: &str| it.contains(|c: char| c.is_ascii_digit());
    let is_of_it = |at: usize| {
        let word = all[at].trim_end_matches('.').to_lowercase();
        // April Lee and Ann May are people.
        let is_date = is_month(all[at]) && (1 < at || all.get(at + 1).is_some_and(|it| has_digit(it)));
        !has_digit(all[at]) && !is_date && !(ENDS.contains(&word.as_str()) && (0 < at || !is_in_names(&word)))
    };
    let words: Vec<&str> =
        (0..all.len()).take_while(|it| is_of_it(*it)).map(|it| without_month(all[it])).collect();
    let words = &words[..ends_before_role(&words)];
    words[..ends_before_link(words)].join(" ")
}

/// Names begin so ("Jan Lee").
fn is_in_names(word: &str) -> bool {
    matches!(word, "jan" | "mar" | "jun")
}

/// "Ann Lee at", where what followed was cut off.
fn ends_before_link(words: &[&str]) -> usize {
    let is_link = |it: &&&str| matches!(**it, "at" | "in" | "for" | "via" | "of");
    words.len() - words.iter().rev().take_while(is_link).count()
}

fn is_month(word: &str) -> bool {
    MONTHS.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// "Ann LeeDecember": two elements without a space between them.
fn without_month(word: &str) -> &str {
    // "LeMay" is a name.
    let name = MONTHS.iter().filter(|it| **it != "May").find_map(|it| word.strip_suffix(it));
    name.filter(|it| it.ends_with(char::is_lowercase)).unwrap_or(word)
}

/// "Ann Lee Marketing Director": a first name, what may stand between, a last name; what else there is says what
/// somebody is where it ends so.
fn ends_before_role(words: &[&str]) -> usize {
    let is_role = |it: &&str| ROLES.contains(&it.to_lowercase().as_str());
    if words.len() < 3 || !words.last().is_some_and(is_role) {
        return words.len();
    }
    let is_between = |it: &&&str| it.ends_with('.') || it.starts_with(char::is_lowercase);
    let between = words[1..].iter().take_while(is_between).count();
    (2 + between).min(words.len())
}

fn is_name(name: &str) -> bool {
    let words = name.split(' ').count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    (2..=60).contains(&name.chars().count())
        && words <= 7
        && letters * 10 >= name.chars().filter(|c| !c.is_whitespace()).count() * 7
        && !name.contains("http")
        && !name.contains('@')
        && (name.contains(' ') || name.matches('.').count() < 3)
        && !matches!(
            name.to_lowercase().as_str(),
            "null"
                | "none"
                | "undefined"
                | "unknown"
                | "anonymous"
                | "author"
                | "jr"
                | "md"
                | "phd"
                | "rd"
                | "dr"
                | "updated"
                | "share"
                | "the author"
                | "about the author"
                | "author bio"
                | "written by"
                | "kommentar von"
                | "facebook"
                | "twitter facebook"
                | "editor"
                | "editors"
                | "full bio"
                | "learn more"
                | "sign in"
                | "log in"
                | "read more"
                | "view more posts"
                | "your name"
                | "home"
        )
}

#[cfg(test)]
mod tests {
    use super::authors;
    use news::AuthorKind::{Agency, Person};

    #[test]
    fn a_byline_is_its_names_and_nothing_else() {
        for (byline, expected) in [
            (
                "By Ann Lee and Bo Chen, Reuters",
                vec![("Ann Lee", Person), ("Bo Chen", Person), ("Reuters", Agency)],
            ),
            ("Ann Lee, MA, Ph.D", vec![("Ann Lee", Person)]),
            ("Ann Lee, Staff Writer", vec![("Ann Lee", Person)]),
            ("Ann Lee Marketing Director", vec![("Ann Lee", Person)]),
            ("Ann B. de Lee Staff Writer", vec![("Ann B. de Lee", Person)]),
            ("Text by Ann LeeDecember 3, 2024", vec![("Ann Lee", Person)]),
            ("Written By: Ann Lee", vec![("Ann Lee", Person)]),
            ("Author Ann Lee", vec![("Ann Lee", Person)]),
            ("Image: A Picture Agency", vec![]),
            ("Kommentar von", vec![]),
            ("April Lee", vec![("April Lee", Person)]),
            ("Ann May", vec![("Ann May", Person)]),
            ("Ann Lee May 3", vec![("Ann Lee", Person)]),
            ("Dec. 19, 2025 · Ann Lee on behalf of the others", vec![("Ann Lee", Person)]),
            ("Jan Lee", vec![("Jan Lee", Person)]),
            ("이안나 기자", vec![("이안나", Person)]),
            ("Recipe by Ann Lee", vec![("Ann Lee", Person)]),
            ("Ann Lee at 3 pm", vec![("Ann Lee", Person)]),
            ("Institute for Water", vec![("Institute for Water", Agency)]),
            ("page.head.extra.author", vec![]),
            ("Von Ann Lee (dpa)", vec![("Ann Lee", Person)]),
            ("Ann Lee on May 3, 2024", vec![("Ann Lee", Person)]),
            ("AFP", vec![("AFP", Agency)]),
            ("Redaktion", vec![("Redaktion", Agency)]),
        ] {
            let found = authors([byline]);
            let found: Vec<_> = found.iter().map(|it| (it.name.as_str(), it.kind)).collect();
            assert_eq!(found, expected, "{byline}");
        }
    }
}
