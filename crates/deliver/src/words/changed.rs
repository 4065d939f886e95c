//! What was changed between two texts, word by word.

use similar::{ChangeTag, TextDiff};

/// Words of a text that are compared; an article is seldom longer, and the cost grows with the square.
const WORDS: usize = 6_000;
/// Unchanged words that are shown beside what was changed.
const AROUND: usize = 14;

/// Words that stayed, came or went.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    pub kind: Kind,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Same,
    Gone,
    New,
}

/// The passages in which two texts differ, word by word, each with a few of the words around it.
pub fn changed(was: &str, is: &str) -> Vec<Vec<Run>> {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().take(WORDS).map(str::to_owned).collect() };
    let (was, is) = (words(was), words(is));
    let (was, is): (Vec<&str>, Vec<&str>) =
        (was.iter().map(String::as_str).collect(), is.iter().map(String::as_str).collect());
    let diff = TextDiff::from_slices(&was, &is);
    let mut passages = Vec::new();
    for group in diff.grouped_ops(AROUND) {
        let mut runs: Vec<Run> = Vec::new();
        for op in &group {
            for change in diff.iter_changes(op) {
                let kind = match change.tag() {
                    ChangeTag::Equal => Kind::Same,
                    ChangeTag::Delete => Kind::Gone,
                    ChangeTag::Insert => Kind::New,
                };
                match runs.last_mut() {
                    Some(last) if last.kind == kind => {
                        last.text.push(' ');
                        last.text.push_str(change.value());
                    }
                    _ => runs.push(Run { kind, text: change.value().to_owned() }),
                }
            }
        }
        passages.push(runs);
    }
    passages
}

/// For a terminal: `[-gone-]` and `[+new+]`.
pub fn marked(passage: &[Run]) -> String {
    let run = |it: &Run| match it.kind {
        Kind::Same => it.text.clone(),
        Kind::Gone => format!("[-{}-]", it.text),
        Kind::New => format!("[+{}+]", it.text),
    };
    passage.iter().map(run).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(was: &str, is: &str, expected: &[&str]) {
        let shown: Vec<String> = changed(was, is).iter().map(|it| marked(it)).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_was_changed_is_shown_word_by_word() {
        check("Minister to stay", "Minister to stay", &[]);
        check("Minister to stay", "Minister\n to  stay", &[]);
        check(
            "Minister says she will stay",
            "Minister says she will resign",
            &["Minister says she will [-stay-] [+resign+]"],
        );
        check(
            "Two dead in flood",
            "Two dead, many missing in flood",
            &["Two [-dead-] [+dead, many missing+] in flood"],
        );
        check("", "All new", &["[+All new+]"]);
    }

    #[test]
    fn only_the_words_around_a_change_are_shown() {
        let many = |n: usize| (0..n).map(|it| format!("w{it}")).collect::<Vec<_>>().join(" ");
        let (was, is) = (format!("{} old end", many(100)), format!("{} new end", many(100)));
        let shown = changed(&was, &is);
        assert_eq!(shown.len(), 1);
        assert_eq!(shown[0][0].text.split(' ').count(), AROUND);
    }
}
