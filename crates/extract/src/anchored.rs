//! Anchors in an article's body, so that what was said of it can be linked to where it stands.

use news::SafeHtml;

/// So much of a place is compared to find it.
const COMPARED: usize = 32;

/// The body with an anchor before each of these places of its text (where they begin and end in it, in bytes):
/// `said-120` for the one that begins at 120. A place that does not stand in the body, in a caption say, gets none.
pub fn anchored(body: &SafeHtml, text: &str, places: &[(u32, u32)]) -> SafeHtml {
    let html = body.as_str();
    let there = letters(html);
    let mut anchors: Vec<(usize, u32)> = places
        .iter()
        .filter_map(|&(from, to)| {
            let said = text.get(from as usize..to as usize)?;
            let before = text[..from as usize].chars().filter(|c| !c.is_whitespace()).count();
            Some((find(&there, said, before)?, from))
        })
        .collect();
    anchors.sort_unstable();
    anchors.dedup();
    let mut out = String::with_capacity(html.len() + 32 * anchors.len());
    let mut upto = 0;
    for (at, from) in anchors {
        out.push_str(&html[upto..at]);
        out.push_str(&format!("<span id=\"said-{from}\"></span>"));
        upto = at;
    }
    out.push_str(&html[upto..]);
    SafeHtml::vouched_for(out)
}

/// Where it stands; of several places the one next to where it stands in the text. White space differs between the two
/// and is passed over.
fn find(there: &[(usize, char)], said: &str, expected: usize) -> Option<usize> {
    let said: Vec<char> = said.chars().filter(|c| !c.is_whitespace()).take(COMPARED).collect();
    let is_at = |at: usize| {
        let here = there.get(at..at + said.len());
        here.is_some_and(|here| here.iter().zip(&said).all(|((_, a), b)| a == b))
    };
    if said.is_empty() {
        return None;
    }
    if is_at(expected) {
        return Some(there[expected].0);
    }
    let found = (0..there.len()).filter(|&at| is_at(at)).min_by_key(|at| at.abs_diff(expected))?;
    Some(there[found].0)
}

/// Every letter outside of tags, and where it stands. The sanitiser writes the HTML: attributes stand in double quotes, a
/// text has no bare `<`.
pub fn letters(html: &str) -> Vec<(usize, char)> {
    let mut letters = Vec::with_capacity(html.len());
    let (mut in_tag, mut in_quotes, mut entity) = (false, false, None);
    for (at, c) in html.char_indices() {
        match c {
            '"' if in_tag => in_quotes = !in_quotes,
            '>' if in_tag && !in_quotes => in_tag = false,
            _ if in_tag => {}
            '<' => in_tag = true,
            '&' => entity = Some(at),
            ';' if let Some(from) = entity.take() => letters.push((from, meant(&html[from + 1..at]))),
            _ if entity.is_some() || c.is_whitespace() => {}
            _ => letters.push((at, c)),
        }
    }
    letters.retain(|it| !it.1.is_whitespace());
    letters
}

fn meant(entity: &str) -> char {
    match entity {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "nbsp" => ' ',
        _ => entity
            .strip_prefix('#')
            .and_then(|it| it.parse().ok().and_then(char::from_u32))
            .unwrap_or(char::REPLACEMENT_CHARACTER),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, said: &str, expected: &str) {
        let body = crate::sanitize(html, "https://a.example/");
        let text = crate::plain(body.as_str());
        let from = text.find(said).expect("it is said") as u32;
        let html = anchored(&body, &text, &[(from, from + said.len() as u32)]);
        assert!(html.as_str().contains(expected), "{}", html.as_str());
        assert_eq!(crate::plain(html.as_str()), text, "nothing else is changed");
    }

    #[test]
    fn an_anchor_stands_before_what_was_said() {
        check("<p>One. Two came.</p>", "Two came.", "One. <span id=\"said-5\"></span>Two came.");
        check("<p>One.</p><p>Two <em>came</em>.</p>", "Two came.", "<p><span id=\"said-5\"></span>Two <em>");
        check(
            "<p>One. <a href=\"https://a.example/?a=1&b=>\">Two</a> came.</p>",
            "Two came.",
            "</span>Two</a> came.",
        );
        check("<p>A &amp; B &lt; C.  D\n said.</p>", "D said.", "<span id=\"said-11\"></span>D");
        check("<p>„Ä&nbsp;ß“, sagt er. Dann ging er.</p>", "Dann ging er.", "</span>Dann ging er.");
    }

    #[test]
    fn what_is_said_twice_is_found_where_it_was_said() {
        let body =
            crate::sanitize("<p>So it was. And so on.</p><p>So it was. The end.</p>", "https://a.example/");
        let text = crate::plain(body.as_str());
        let second = text.rfind("So it was.").expect("twice") as u32;
        let html = anchored(&body, &text, &[(second, second + 10), (0, 10), (0, 10)]);
        assert!(html.as_str().contains(&format!("<span id=\"said-{second}\"></span>So it was. The end.")));
        assert_eq!(html.as_str().matches("<span").count(), 2);
    }

    #[test]
    fn what_does_not_stand_there_gets_no_anchor() {
        let body = crate::sanitize("<p>So it was.</p>", "https://a.example/");
        for (text, place) in
            [("Another text.", (0, 13)), ("So it was.", (3, 99)), ("So it was.", (4, 4)), ("", (0, 0))]
        {
            assert_eq!(anchored(&body, text, &[place]).as_str(), body.as_str());
        }
    }
}
