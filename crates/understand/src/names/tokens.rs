//! Words and marks of a text, cut as annotators of names cut them: hyphens and full stops inside a word stay, a
//! possessive 's is a word of its own.

/// A word or a mark, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub text: &'a str,
    pub at: usize,
}

/// Appends the tokens of one sentence; `from` is where it begins in its text.
pub fn tokens<'a>(text: &'a str, from: usize, to: usize, found: &mut Vec<Token<'a>>) {
    let sentence = &text[from..to];
    let mut word: Option<usize> = None;
    let mut chars = sentence.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inside =
            word.is_some() && joins(c) && chars.peek().is_some_and(|&(_, next)| next.is_alphanumeric());
        if c.is_alphanumeric() || inside || is_mark(c) && word.is_some() {
            word.get_or_insert(at);
            continue;
        }
        if let Some(begin) = word.take() {
            let stop = c == '.' && keeps_stop(&sentence[begin..at]);
            push_word(&sentence[begin..at + usize::from(stop)], from + begin, found);
            if stop {
                continue;
            }
        }
        if !c.is_whitespace() {
            found.push(Token { text: &sentence[at..at + c.len_utf8()], at: from + at });
        }
    }
    if let Some(begin) = word {
        push_word(&sentence[begin..], from + begin, found);
    }
}

fn push_word<'a>(word: &'a str, at: usize, found: &mut Vec<Token<'a>>) {
    let ending = ["'s", "’s", "'S", "’S"].into_iter().find(|ending| word.ends_with(ending));
    let length = word.len() - ending.map_or(0, str::len);
    if 0 < length {
        found.push(Token { text: &word[..length], at });
    }
    if length < word.len() {
        found.push(Token { text: &word[length..], at: at + length });
    }
}

/// Marks that hold a word together when a letter follows.
fn joins(c: char) -> bool {
    matches!(c, '.' | '-' | '\'' | '’' | '&' | '\u{2010}' | '\u{2011}' | '@')
}

/// Combining marks, which are no letters by themselves.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}' | '\u{64b}'..='\u{65f}' | '\u{200c}' | '\u{200d}')
}

/// "Mr.", "J.", "U.S.": the full stop is theirs.
fn keeps_stop(word: &str) -> bool {
    let inner = word.rsplit(['.', '-']).next().unwrap_or(word);
    let initial = inner.chars().count() == 1 && inner.chars().all(char::is_uppercase);
    initial
        || [
            "Mr", "Mrs", "Ms", "Dr", "Sen", "Rep", "Gov", "Gen", "Lt", "Col", "Sgt", "Capt", "Prof", "Rev",
            "St", "Jr", "Sr",
        ]
        .contains(&word)
}
