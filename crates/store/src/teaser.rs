//! The beginning of a text, for a line in a list.

/// The first so many characters of HTML as plain text: enough for a line in a list, never shown as HTML.
pub(crate) fn teaser(html: &str, at_most: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    let mut rest = html;
    while count < at_most {
        let Some(at) = rest.find(['<', '&']) else {
            push_words(rest, &mut text, &mut count, at_most);
            break;
        };
        push_words(&rest[..at], &mut text, &mut count, at_most);
        rest = &rest[at..];
        if rest.starts_with('<') {
            let inside = ["script", "style"].iter().find(|name| starts_with(&rest[1..], name));
            let closed = match inside {
                Some(name) => find_closing(rest, name),
                None => rest.find('>').map(|end| end + 1),
            };
            // A lone `<` (a < b) is text.
            let is_tag =
                rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
            match closed.filter(|_| is_tag) {
                Some(end) => {
                    push_words(" ", &mut text, &mut count, at_most);
                    rest = &rest[end..];
                }
                None if is_tag => break,
                None => {
                    push_words("<", &mut text, &mut count, at_most);
                    rest = &rest[1..];
                }
            }
            continue;
        }
        let (character, used) = entity(rest);
        let mut utf8 = [0; 4];
        push_words(character.encode_utf8(&mut utf8), &mut text, &mut count, at_most);
        rest = &rest[used..];
    }
    text.truncate(text.trim_end().len());
    text
}

fn starts_with(text: &str, name: &str) -> bool {
    text.as_bytes().get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
}

fn find_closing(rest: &str, name: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = rest[from..].find("</") {
        from += at + 2;
        if starts_with(&rest[from..], name) {
            return rest[from..].find('>').map(|end| from + end + 1);
        }
    }
    None
}

/// The commonest entities; others stay as they are written.
fn entity(rest: &str) -> (char, usize) {
    let Some(end) = rest.bytes().take(12).position(|byte| byte == b';') else { return ('&', 1) };
    let name = &rest[1..end];
    let number = name.strip_prefix('#').and_then(|number| match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    });
    let known = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" | "rsquo" => Some('’'),
        "lsquo" => Some('‘'),
        "ldquo" => Some('“'),
        "rdquo" => Some('”'),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        "hellip" => Some('…'),
        _ => number.and_then(char::from_u32).filter(|c| !c.is_control()),
    };
    known.map_or(('&', 1), |character| (character, end + 1))
}

fn push_words(from: &str, text: &mut String, count: &mut usize, at_most: usize) {
    for c in from.chars() {
        if at_most <= *count {
            return;
        }
        let c = if c.is_whitespace() { ' ' } else { c };
        if c != ' ' || !text.is_empty() && !text.ends_with(' ') {
            text.push(c);
            *count += 1;
        }
    }
}
