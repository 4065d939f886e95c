//! Where sentences begin and end.

/// The beginning of a text, cut at a character.
pub(crate) fn up_to(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    &text[..text.floor_char_boundary(bytes)]
}

/// Shortened words whose full stop ends no sentence.
const SHORTENED: &[&str] = &[
    "mr", "mrs", "ms", "dr", "prof", "sen", "rep", "gov", "gen", "col", "lt", "capt", "sgt", "cpl", "maj",
    "adm", "rev", "hon", "st", "jr", "sr", "inc", "ltd", "co", "corp", "vs", "no", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "u.s", "u.k", "u.n", "e.u", "d.c", "a.m",
    "p.m", "e.g", "i.e", "messrs", "mme", "insp", "supt", "hr", "fr", "bzw", "usw", "ca", "nr", "str",
    "pres", "del", "atty", "ave", "blvd", "rd", "mt", "ft",
];

/// `[start, end)` of each sentence: ends at full stops that end one, and at each end of a paragraph.
pub(crate) fn sentences(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut start = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[start..];
            start += rest.len() - rest.trim_start().len();
            if text.len() <= start {
                return None;
            }
            let end = end_of_sentence(text, start);
            let from = start;
            start = end;
            let length = text[from..end].trim_end().len();
            if 0 < length {
                return Some((from, from + length));
            }
        }
    })
}

fn end_of_sentence(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while let Some(offset) = text[at..].find(['.', '!', '?', '\n', '…', '。', '！', '？', '।', '؟', '۔'])
    {
        let mark = at + offset;
        let c = text[mark..].chars().next().unwrap_or('\n');
        let mut after = mark + c.len_utf8();
        if c == '\n' {
            return mark;
        }
        // Whatever closes belongs to the sentence before.
        while let Some(close) = text[after..]
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '”' | '’' | '\'' | ')' | ']' | '»' | '.' | '!' | '?' | '」' | '』'))
        {
            after += close.len_utf8();
        }
        if !matches!(c, '.' | '!' | '?' | '…') {
            return after;
        }
        let next = text[after..].chars().next();
        let spaced = next.is_none_or(char::is_whitespace);
        if spaced
            && !(c == '.' && after == mark + 1 && is_shortened(&text[start..mark]))
            && begins_new(&text[after..])
        {
            return after;
        }
        at = after.max(at + 1).min(bytes.len());
    }
    text.len()
}

/// The word before a full stop is one that is written with one: a title, an initial, a month.
fn is_shortened(before: &str) -> bool {
    let word = before
        .rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '“' | '"' | '-' | '—'))
        .next()
        .unwrap_or("");
    let letters = word.chars().count();
    if letters == 1 && word.chars().all(char::is_uppercase) {
        return true;
    }
    letters <= 6 && SHORTENED.iter().any(|it| it.eq_ignore_ascii_case(word))
}

fn begins_new(rest: &str) -> bool {
    let first = rest
        .trim_start()
        .chars()
        .find(|c| !matches!(c, '"' | '“' | '‘' | '\'' | '(' | '[' | '«' | '„' | '—' | '-' | '–'));
    first.is_none_or(|c| !c.is_lowercase())
}
