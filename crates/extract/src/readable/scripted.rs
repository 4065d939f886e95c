//! The text of a page that shows nothing, where its scripts carry it: as HTML in a string, for a script to put on the page.

use html5ever::local_name;

use crate::dom::{Dom, Id, Kind};

/// How paragraphs begin in such strings: as they are, or escaped.
const PARAGRAPH: [&[u8]; 2] = [b"<p", b"\\u003cp"];
/// A string may be in a string, and that in one more.
const DEEPEST: usize = 3;
/// A shorter text is a notice.
const LEAST: usize = 400;
/// More of them are not looked at.
const MOST: usize = 200;
/// Shorter words, in bytes, stand in every text.
const TELLING: usize = 6;
/// So many of a headline's words are looked for.
const HEADLINE: usize = 20;

/// The longest HTML in a string that has the words of the headline.
pub fn scripted(dom: &Dom, title: &str) -> Option<String> {
    let name = local_name!("script");
    let scripts = dom.all(&name).filter(|it| dom.attr(*it, "src").is_none());
    let mut waiting: Vec<(String, usize)> =
        scripts.flat_map(|it| dom.children(it)).filter_map(|it| source(dom, it)).map(|it| (it, 0)).collect();
    let (mut found, mut looked_at): (Option<String>, _) = (None, 0);
    while let Some((text, depth)) = waiting.pop() {
        for string in strings(&text) {
            looked_at += 1;
            if MOST < looked_at {
                return found;
            }
            if string.contains("\\u003cp") && depth < DEEPEST {
                waiting.push((string, depth + 1));
            } else if found.as_ref().is_none_or(|it| it.len() < string.len()) && is_about(&string, title) {
                found = Some(string);
            }
        }
    }
    found
}

fn source(dom: &Dom, id: Id) -> Option<String> {
    match &dom.nodes[id as usize].kind {
        Kind::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The strings in a script in which paragraphs begin, unescaped, so many at most. Each place is looked at once: a form that
/// does not come again is not looked for again.
fn strings(script: &str) -> Vec<String> {
    let bytes = script.as_bytes();
    let (mut found, mut from) = (Vec::new(), 0);
    let mut next = PARAGRAPH.map(|it| next_of(bytes, it, 0));
    while let Some(at) = next.iter().flatten().min().copied() {
        let is_quote = |it: &usize| bytes[*it] == b'"' && !is_escaped(bytes, *it);
        let open = (from..at).rev().find(is_quote);
        let close = (at..bytes.len()).find(is_quote);
        let (Some(open), Some(close)) = (open, close) else { break };
        from = close + 1;
        if LEAST <= close - open {
            found.extend(serde_json::from_str::<String>(&script[open..from]));
        }
        if MOST <= found.len() {
            break;
        }
        for (next, form) in next.iter_mut().zip(PARAGRAPH) {
            if next.is_some_and(|it| it < from) {
                *next = next_of(bytes, form, from);
            }
        }
    }
    found
}

fn next_of(bytes: &[u8], form: &[u8], from: usize) -> Option<usize> {
    Some(from + memchr::memmem::find(&bytes[from..], form)?)
}

fn is_escaped(bytes: &[u8], at: usize) -> bool {
    bytes[..at].iter().rev().take_while(|it| **it == b'\\').count() % 2 == 1
}

/// Half of the telling words of the headline stand in it, two at least.
fn is_about(html: &str, title: &str) -> bool {
    let telling = title.split(|c: char| !c.is_alphanumeric()).filter(|it| TELLING <= it.len());
    let words: Vec<&str> = telling.take(HEADLINE).collect();
    let there = words.iter().filter(|it| html.contains(**it)).count();
    2 <= there && words.len() <= there * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_with_paragraphs_are_found_in_either_form() {
        let long = "rain ".repeat(100);
        let script = r#"let a = "plain", b = "<p>LONG</p>", c = "\u003cp>\"LONG\"", d = "<p>short</p>";"#;
        let found = strings(&script.replace("LONG", &long));
        assert_eq!(found, [format!("<p>{long}</p>"), format!("<p>\"{long}\"")]);
    }

    #[test]
    fn very_many_strings_take_little_time() {
        assert_eq!(strings(&r#""<p","#.repeat(400_000)).len(), 0);
        let long = format!(r#""<p>{}","#, "x".repeat(LEAST));
        assert_eq!(strings(&long.repeat(5_000)).len(), MOST);
    }
}
