//! Who wrote it: bylines cut into one name each.

use crate::text;

/// The names in one author element: "By Jane Roe and John Doe", "jane@example.org (Jane Roe)", "AP, Jane Roe".
pub fn read(byline: &str) -> Vec<String> {
    let byline = text::plain(byline);
    let byline = name_of_address(byline.trim());
    let byline = ["By ", "by ", "BY ", "By: ", "Von ", "Par "]
        .iter()
        .find_map(|by| byline.strip_prefix(by))
        .unwrap_or(byline);
    let mut names = Vec::new();
    for part in byline.split([';', '|', '\u{2022}']).flat_map(split_at_words).flat_map(split_at_commas) {
        let name = name_of_address(part.trim().trim_end_matches([',', '.']).trim());
        let name = if part.trim().ends_with("r.") { part.trim() } else { name };
        if !name.is_empty() && !names.iter().any(|it| it == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// RSS wants "address (name)"; mail programs write `name <address>`.
fn name_of_address(text: &str) -> &str {
    let Some(at) = text.find('@') else { return text };
    if let Some(open) = text.find('(').filter(|&open| at < open) {
        let name = text[open + 1..].trim_end_matches(')').trim();
        return if name.is_empty() { text[..open].trim() } else { name };
    }
    if let Some(open) = text.find('<').filter(|&open| open < at && 0 < open) {
        return text[..open].trim().trim_matches('"');
    }
    if let Some(open) = text.find('(').filter(|&open| open < at && 0 < open) {
        return text[..open].trim();
    }
    let machine = ["noreply@", "no-reply@", "donotreply@", "nospam@"];
    if machine.iter().any(|it| text.starts_with(it)) && !text.contains(' ') { "" } else { text }
}

fn split_at_words(text: &str) -> impl Iterator<Item = &str> {
    // "Roe and Doe Ltd" is rarer in bylines than two people.
    const WORDS: [&str; 6] = [" and ", " & ", " und ", " et ", " y ", " / "];
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let whole = rest?;
        let cut = WORDS.iter().filter_map(|word| Some((whole.find(word)?, word.len()))).min();
        // Both halves have to be names of people, who have at least two words; "Roe & Sons" is one.
        let cut =
            cut.filter(|&(at, length)| is_full_name(&whole[..at]) && is_full_name(&whole[at + length..]));
        match cut {
            Some((at, length)) => {
                rest = Some(&whole[at + length..]);
                Some(&whole[..at])
            }
            None => {
                rest = None;
                Some(whole)
            }
        }
    })
}

/// "Associated Press, Jane Roe" are two; "Roe, Jane" and "Jane Roe, PhD" are one.
fn split_at_commas(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
    let several = 1 < parts.len() && parts.iter().all(|part| is_full_name(part) && !is_title(part));
    if several { parts } else { vec![text] }
}

fn is_full_name(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (2..=6).contains(&words) || text.contains('@') || is_agency(text.trim())
}

fn is_agency(text: &str) -> bool {
    const AGENCIES: [&str; 18] = [
        "AP",
        "AFP",
        "Reuters",
        "Bloomberg",
        "dpa",
        "DPA",
        "PA",
        "ANSA",
        "EFE",
        "PAP",
        "TASS",
        "Xinhua",
        "Kyodo",
        "Yonhap",
        "PTI",
        "ANI",
        "UPI",
        "AAP",
    ];
    AGENCIES.contains(&text)
}

fn is_title(text: &str) -> bool {
    const TITLES: [&str; 12] =
        ["PhD", "Ph.D.", "Ph.D", "MD", "M.D.", "Jr.", "Jr", "Sr.", "Inc.", "Ltd", "LLC", "Esq."];
    TITLES.contains(&text) || text.split_whitespace().all(|word| TITLES.contains(&word))
}
