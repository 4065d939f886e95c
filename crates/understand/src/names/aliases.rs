//! Other names of one person, body or place, across articles: by the lists, by spelling, and by what the news of the last
//! days call nobody else. A decision over the names of some stories; it keeps nothing.

use std::collections::BTreeMap;

use news::{Name, NameKind};

use super::gazetteer::gazetteer;

/// So many other names at most.
const MOST: usize = 12;
/// A surname stands for a person when at least so many stories name the person, and so many times as many as name somebody
/// else of that surname.
const STORIES: usize = 2;
const TIMES: usize = 4;

/// What else a name goes by in these stories (the names of each), most often met first. Every story that names somebody
/// alike should be among them: what they do not tell cannot be known.
pub fn also_called<'a>(name: &Name, stories: impl IntoIterator<Item = &'a [Name]>) -> Vec<String> {
    let key = name.key();
    let short = short_forms(name);
    let mut spelt: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut same = 0;
    let mut shorter = vec![(0_usize, 0_usize); short.len()];
    for names in stories {
        let is_same = |it: &Name| it.key() == key || is_spelt_alike(name, it);
        let named = names.iter().any(is_same);
        same += usize::from(named);
        for it in names.iter().filter(|it| it.key() != key && is_spelt_alike(name, it)) {
            spelt.entry(it.key()).or_insert_with(|| (0, it.text.clone())).0 += 1;
        }
        for (form, (alone, others)) in short.iter().zip(&mut shorter) {
            *alone += usize::from(names.iter().any(|it| it.key() == form.key()));
            let other = names.iter().any(|it| !is_same(it) && it.key() != form.key() && is_form_of(form, it));
            *others += usize::from(other && !named);
        }
    }
    let mut found: Vec<(usize, String)> = spelt.into_values().collect();
    for (form, (alone, others)) in short.into_iter().zip(shorter) {
        if STORIES <= same && TIMES * others <= same {
            found.push((alone, form.text));
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let listed = gazetteer().other_names(&name.text).map(str::to_owned);
    let mut seen = vec![key];
    let new = move |text: &String| {
        let key = Name { text: text.clone(), kind: name.kind }.key();
        let new = !key.is_empty() && !seen.contains(&key);
        seen.push(key);
        new
    };
    listed.chain(found.into_iter().map(|it| it.1)).filter(new).take(MOST).collect()
}

/// Forms under which stories must be looked for, beside the name itself, to know what it is also called.
pub fn short_forms(name: &Name) -> Vec<Name> {
    let words: Vec<&str> = name.text.split_whitespace().collect();
    let form = |text: String| Name { text, kind: name.kind };
    match (name.kind, &words[..]) {
        (NameKind::Person, [.., last]) if 1 < words.len() && 3 < last.chars().count() => {
            vec![form((*last).to_owned())]
        }
        (NameKind::Organisation, _) => {
            let capitals: String =
                words.iter().filter_map(|it| it.chars().next()).filter(|it| it.is_uppercase()).collect();
            if 2 < capitals.chars().count() { vec![form(capitals)] } else { Vec::new() }
        }
        _ => Vec::new(),
    }
}

/// "Hunter Biden" is another Biden.
fn is_form_of(form: &Name, longer: &Name) -> bool {
    let (form, longer) = (form.key(), longer.key());
    longer.strip_suffix(&form).is_some_and(|rest| rest.ends_with(' '))
}

/// "Zelensky", "Zelenskyy", "Zelenskiy": letters that transliterations differ in make no other name.
fn is_spelt_alike(a: &Name, b: &Name) -> bool {
    let (a, b) = (skeleton(&a.key()), skeleton(&b.key()));
    7 < a.len() && a == b
}

fn skeleton(key: &str) -> String {
    let mut text = key.to_owned();
    for (from, to) in [
        ("sch", "s"),
        ("sh", "s"),
        ("ch", "c"),
        ("kh", "h"),
        ("zh", "z"),
        ("ph", "f"),
        ("ck", "k"),
        ("tz", "z"),
        ("ts", "z"),
        ("ou", "u"),
        ("oo", "u"),
        ("ee", "i"),
        ("ij", "i"),
        ("iy", "i"),
        ("yi", "i"),
        ("ei", "e"),
        ("y", "i"),
        ("j", "i"),
        ("w", "v"),
        ("q", "k"),
        ("c", "k"),
        ("-", " "),
    ] {
        text = text.replace(from, to);
    }
    let mut skeleton = String::with_capacity(text.len());
    for c in text.chars() {
        if !skeleton.ends_with(c) {
            skeleton.push(c);
        }
    }
    skeleton
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, kind: NameKind, stories: &[&[&str]], expected: &[&str]) {
        let named = |text: &&str| Name { text: (*text).to_owned(), kind };
        let stories: Vec<Vec<Name>> = stories.iter().map(|it| it.iter().map(named).collect()).collect();
        let found = also_called(&named(&name), stories.iter().map(Vec::as_slice));
        assert_eq!(found, expected, "{name}");
    }

    #[test]
    fn a_surname_is_the_person_when_nobody_else_in_the_news_has_it() {
        let person = NameKind::Person;
        let weber: &[&[&str]] = &[&["Anna Weber", "Oberau"], &["Anna Weber"], &["Weber"]];
        check("Anna Weber", person, weber, &["Weber"]);
        let two: &[&[&str]] = &[&["Anna Weber"], &["Anna Weber"], &["Karl Weber"], &["Weber"]];
        check("Anna Weber", person, two, &[]);
        // One story is no evidence.
        check("Anna Weber", person, &[&["Anna Weber"]], &[]);
    }

    #[test]
    fn spellings_of_one_name_are_one_name() {
        let stories: &[&[&str]] = &[&["Yuri Kovalenski"], &["Yury Kovalensky"], &["Yuri Kovalenko"]];
        check("Yuri Kovalenski", NameKind::Person, stories, &["Yury Kovalensky", "Kovalenski"]);
    }

    #[test]
    fn a_body_goes_by_its_initials_and_by_what_the_lists_say() {
        let stories: &[&[&str]] = &[&["Oberau Dam Board"], &["Oberau Dam Board", "ODB"]];
        check("Oberau Dam Board", NameKind::Organisation, stories, &["ODB"]);
        let listed = "UN, U.N., Vereinte Nationen, Nations unies, Naciones Unidas, Nazioni Unite, ONZ, ONU";
        check("United Nations", NameKind::Organisation, &[], &listed.split(", ").collect::<Vec<_>>());
    }
}
