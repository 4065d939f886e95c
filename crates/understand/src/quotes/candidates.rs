//! For a word that may report: who would be its source, and what its content, by the build of the sentence.

use crate::names::training::Token;

/// Byte ranges in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribution {
    pub source: Option<(usize, usize)>,
    pub cue: (usize, usize),
    pub content: Vec<(usize, usize)>,
    pub build: Build,
    /// The cue, as a token of its paragraph.
    pub at: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// Mr Shin said (that) …
    Follows,
    /// "…," Mr Shin said. "…"
    QuoteBefore,
    /// …, Mr Shin said.
    ClauseBefore,
    /// According to Mr Shin, …
    AccordingBefore,
    /// …, according to Mr Shin.
    AccordingAfter,
    /// No word reports it: "…"
    Alone,
}

/// One paragraph in tokens, with its sentences and what stands between quotation marks.
pub struct Paragraph<'a> {
    text: &'a str,
    pub words: &'a [Token<'a>],
    /// Of each token: its sentence's first and one past its last.
    sentences: Vec<(usize, usize)>,
    /// Tokens of opening and closing marks.
    quoted: Vec<(usize, usize)>,
}

/// Verbs that name whom they are said to before what they say.
const TOLD: &[&str] =
    &["told", "tell", "tells", "telling", "reminded", "informed", "assured", "warned", "asked", "urged"];
const AUXILIARIES: &[&str] = &[
    "has",
    "have",
    "had",
    "is",
    "was",
    "are",
    "were",
    "be",
    "been",
    "will",
    "would",
    "also",
    "not",
    "n't",
    "did",
    "does",
    "do",
    "could",
    "can",
    "may",
    "might",
    "should",
    "later",
    "then",
    "recently",
    "repeatedly",
    "previously",
    "never",
    "already",
    "still",
    "reportedly",
    "publicly",
    "once",
    "now",
    "just",
    "only",
    "even",
    "simply",
    "further",
    "clearly",
    "often",
];
const PRONOUNS: &[&str] = &["he", "she", "they", "i", "we", "it", "you", "who"];
/// Words before which what is said about the source ends.
const BREAKS: &[&str] = &[
    "and", "but", "because", "while", "when", "after", "as", "if", "that", "although", "though", "since",
    "so", "or",
];

impl<'a> Paragraph<'a> {
    pub fn new(text: &'a str, words: &'a [Token<'a>]) -> Paragraph<'a> {
        let quoted = quoted(words);
        let sentences = sentences(words, &quoted);
        Paragraph { text, words, sentences, quoted }
    }

    /// First token of its sentence, and one past the last.
    pub fn sentence(&self, at: usize) -> (usize, usize) {
        self.sentences[at]
    }

    /// Tokens of opening and closing quotation marks.
    pub fn quoted(&self) -> &[(usize, usize)] {
        &self.quoted
    }

    /// The tokens that stand in a range of bytes.
    pub fn tokens_of(&self, (from, to): (usize, usize)) -> (usize, usize) {
        let first = self.words.partition_point(|it| it.at < from);
        (first, self.words.partition_point(|it| it.at < to).max(first))
    }

    pub fn word(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |token| token.text)
    }

    pub fn attribution(&self, at: usize) -> Option<Attribution> {
        // What is said inside a quotation is not told by the writer.
        let (begin, end) = self.sentences[at];
        if self.word(at).eq_ignore_ascii_case("according") {
            return self.according(at, begin, end);
        }
        let source = self.source_before(at, begin);
        let first = source.map_or(at, |source| source.0);
        let closing = first.checked_sub(1).and_then(|before| self.quote_ending_at(before));
        let after = at + 1;
        if let Some(quote) = closing.filter(|_| source.is_some()) {
            return Some(self.quote_before(at, quote, source, at + 1, end));
        }
        // "…," said Mr Shin.
        let closing = at.checked_sub(1).and_then(|before| self.quote_ending_at(before));
        if let Some(quote) = closing {
            let inverted = self.source_after(at, end);
            let past = inverted.map_or(at + 1, |source| source.1);
            return Some(self.quote_before(at, quote, inverted, past, end));
        }
        // …, Mr Shin said.   …, said Mr Shin.
        let short = end <= after || is_end(self.word(after)) || self.is_adjunct(after, end);
        let comma =
            |at: usize| at.checked_sub(1).is_some_and(|before| self.word(before) == "," && begin < before);
        if short && source.is_some() && comma(first) {
            return self.clause_before(at, begin, first - 1, source);
        }
        if source.is_none()
            && comma(at)
            && let Some(inverted) = self.source_after(at, end)
        {
            return self.clause_before(at, begin, at - 1, Some(inverted));
        }
        self.follows(at, end, source)
    }

    fn follows(&self, at: usize, end: usize, source: Option<(usize, usize)>) -> Option<Attribution> {
        let mut from = at + 1;
        let lower = self.word(at).to_lowercase();
        if TOLD.contains(&lower.as_str()) {
            from = self.past_listener(from, end);
        }
        while from < end && matches!(self.word(from), "," | ":" | "-" | "—") {
            from += 1;
        }
        // A quotation is taken whole, even over several sentences.
        let quote = self.quoted.iter().find(|quote| quote.0 == from);
        if let Some(&(open, close)) = quote {
            let rest = self.word(close + 1);
            let to = if is_end(rest) || rest.is_empty() || self.sentences[close].1 <= close + 1 {
                close + 1
            } else {
                end
            };
            return self.made(at, source, vec![(open, to.max(close + 1))], Build::Follows);
        }
        let mut to = end;
        while from < to && matches!(self.word(to - 1), "." | "!" | "?" | ";" | ":") {
            to -= 1;
        }
        // Another speaker's clause ends this one: "…, said Mr Shin", "…, but …".
        for stop in from + 3..to {
            let breaks = self.word(stop) == ","
                && matches!(
                    self.word(stop + 1),
                    "but" | "adding" | "according" | "saying" | "citing" | "noting" | "calling"
                );
            if (breaks || self.word(stop) == ";") && self.outside_quotes(stop) {
                to = stop;
                break;
            }
        }
        (from < to).then(|| self.made(at, source, vec![(from, to)], Build::Follows)).flatten()
    }

    /// Whom it was told: up to "that", a quotation or a pronoun that begins the next clause; else one short name.
    fn past_listener(&self, from: usize, end: usize) -> usize {
        for at in from..end.min(from + 9) {
            let word = self.word(at);
            let begins = word == "that" || self.quoted.iter().any(|quote| quote.0 == at);
            if begins || matches!(word, "to" | ":" | "not" | "how" | "why" | "what" | "whether") && from < at
            {
                return at;
            }
            if from < at && PRONOUNS.contains(&word.to_lowercase().as_str()) {
                return at;
            }
        }
        let mut at = from + 1;
        while at < end
            && self.word(at - 1).starts_with(char::is_uppercase)
            && self.word(at).starts_with(char::is_uppercase)
        {
            at += 1;
        }
        at.min(end)
    }

    fn quote_before(
        &self,
        at: usize,
        quote: (usize, usize),
        source: Option<(usize, usize)>,
        past: usize,
        end: usize,
    ) -> Attribution {
        let mut content = vec![(quote.0, quote.1 + 1)];
        // What stands before the quotation in its sentence is his too, if the quotation only ends it.
        let begin = self.sentences[quote.0].0;
        if begin < quote.0 && self.word(quote.0 - 1) != "," && self.word(quote.0 - 1) != ":" {
            content[0].0 = begin;
        }
        // The same speaker goes on: «…," he said. "…»
        let next = self.quoted.iter().find(|next| past <= next.0 && next.0 <= end.max(past) + 1);
        if let Some(next) = next
            && self.words[past..next.0].iter().all(|word| !word.text.eq_ignore_ascii_case("and"))
            && next.0 <= past + 12
        {
            content.push((next.0, next.1 + 1));
        }
        let content = content.into_iter().map(|(from, to)| self.bytes(from, to)).collect();
        let source = source.map(|source| self.bytes(source.0, source.1));
        Attribution { source, cue: self.bytes(at, at + 1), content, build: Build::QuoteBefore, at }
    }

    fn clause_before(
        &self,
        at: usize,
        begin: usize,
        to: usize,
        source: Option<(usize, usize)>,
    ) -> Option<Attribution> {
        self.made(at, source, vec![(begin, to)], Build::ClauseBefore)
    }

    fn according(&self, at: usize, begin: usize, end: usize) -> Option<Attribution> {
        if self.word(at + 1) != "to" {
            return None;
        }
        let from = at + 2;
        let to = (from..end).find(|&it| matches!(self.word(it), "," | "." | ";" | "?" | "!")).unwrap_or(end);
        let source = (from < to).then_some((from, to));
        let mut said = if at <= begin + 1 {
            let rest = end - usize::from(is_end(self.word(end - 1)));
            (to + 1 < rest)
                .then(|| self.made(at, source, vec![(to + 1, rest)], Build::AccordingBefore))
                .flatten()?
        } else {
            let before = at - usize::from(self.word(at - 1) == ",");
            (begin < before)
                .then(|| self.made(at, source, vec![(begin, before)], Build::AccordingAfter))
                .flatten()?
        };
        said.cue = self.bytes(at, at + 2);
        Some(said)
    }

    /// The words before the verb that name who speaks, back to where the clause begins.
    fn source_before(&self, at: usize, begin: usize) -> Option<(usize, usize)> {
        let mut to = at;
        while begin < to && AUXILIARIES.contains(&self.word(to - 1).to_lowercase().as_str()) {
            to -= 1;
        }
        // "Smith, a teacher, said": back over what is set in commas.
        let aside = begin + 1 < to && self.word(to - 1) == ",";
        let mut from = if aside { self.before_aside(to - 1, begin)? } else { to };
        let floor = begin.max(from.saturating_sub(25));
        while floor < from {
            let word = self.word(from - 1);
            let lower = word.to_lowercase();
            let stops = matches!(
                word,
                "," | ";" | ":" | "\"" | "“" | "”" | "—" | "–" | "(" | ")" | "''" | "``" | "." | "?" | "!"
            );
            if stops || BREAKS.contains(&lower.as_str()) {
                break;
            }
            from -= 1;
            if PRONOUNS.contains(&lower.as_str()) {
                break;
            }
        }
        (from < to).then_some((from, to))
    }

    fn before_aside(&self, comma: usize, begin: usize) -> Option<usize> {
        let open = (begin + 1..comma).rev().take(30).find(|&at| self.word(at) == ",")?;
        self.word(open - 1).starts_with(char::is_alphanumeric).then_some(open)
    }

    /// "said Mr Shin, the minister".
    fn source_after(&self, at: usize, end: usize) -> Option<(usize, usize)> {
        let from = at + 1;
        let first = self.word(from);
        let begins = first.starts_with(char::is_uppercase)
            || ["the", "a", "an", "one", "his", "her", "their"].contains(&first);
        let to = (from..end)
            .find(|&it| matches!(self.word(it), "." | ";" | "\"" | "“" | "''" | "``" | "!" | "?" | ":"))
            .unwrap_or(end);
        let to = (from..to)
            .find(|&it| self.word(it) == "," && self.word(it + 1).starts_with(['"', '“']))
            .unwrap_or(to);
        (begins && from < to).then_some((from, to))
    }

    /// "on Monday", "in a statement", "during the debate": nothing that was said.
    fn is_adjunct(&self, from: usize, end: usize) -> bool {
        let first = self.word(from);
        let preposition = matches!(
            first,
            "on" | "in"
                | "during"
                | "at"
                | "after"
                | "last"
                | "this"
                | "earlier"
                | "Monday"
                | "Tuesday"
                | "Wednesday"
                | "Thursday"
                | "Friday"
                | "Saturday"
                | "Sunday"
                | "of"
                | "before"
                | "by"
                | "to"
                | "when"
                | "as"
        );
        preposition && end <= from + 14
    }

    fn quote_ending_at(&self, at: usize) -> Option<(usize, usize)> {
        let at = if self.word(at) == "," { at.checked_sub(1)? } else { at };
        self.quoted.iter().copied().find(|quote| quote.1 == at)
    }

    fn outside_quotes(&self, at: usize) -> bool {
        !self.quoted.iter().any(|quote| quote.0 < at && at < quote.1)
    }

    fn made(
        &self,
        at: usize,
        source: Option<(usize, usize)>,
        content: Vec<(usize, usize)>,
        build: Build,
    ) -> Option<Attribution> {
        let content: Vec<(usize, usize)> =
            content.into_iter().map(|(from, to)| self.bytes(from, to)).collect();
        let source = source.map(|source| self.bytes(source.0, source.1));
        Some(Attribution { source, cue: self.bytes(at, at + 1), content, build, at })
    }

    /// Where the tokens `from..to` stand in the text.
    pub fn bytes(&self, from: usize, to: usize) -> (usize, usize) {
        let last = &self.words[(to - 1).min(self.words.len() - 1)];
        (self.words[from].at, last.at + last.text.len())
    }

    pub fn text(&self, (from, to): (usize, usize)) -> &'a str {
        &self.text[from..to]
    }
}

fn is_end(word: &str) -> bool {
    matches!(word, "." | "," | "!" | "?" | ";" | ":" | "—" | "–")
}

/// Pairs of quotation marks. Straight ones take turns; an opening one without end lasts for the paragraph.
fn quoted(words: &[Token]) -> Vec<(usize, usize)> {
    let mut quoted = Vec::new();
    let mut open: Option<usize> = None;
    let mut at = 0;
    while at < words.len() {
        let doubled = words[at].text == "'"
            && words.get(at + 1).is_some_and(|next| next.text == "'" && next.at == words[at].at + 1);
        match (words[at].text, open) {
            ("“" | "„" | "«", None) => open = Some(at),
            ("”" | "»", Some(from)) => {
                quoted.push((from, at));
                open = None;
            }
            ("\"", None) => open = Some(at),
            ("\"", Some(from)) => {
                quoted.push((from, at));
                open = None;
            }
            ("'", None) if doubled => open = Some(at),
            ("'", Some(from)) if doubled => {
                quoted.push((from, at + 1));
                open = None;
            }
            _ => {}
        }
        at += if doubled { 2 } else { 1 };
    }
    if let Some(from) = open.filter(|&from| from + 1 < words.len()) {
        quoted.push((from, words.len() - 1));
    }
    quoted
}

/// Sentences end at full stops; one inside a quotation ends a sentence only together with it.
fn sentences(words: &[Token], quoted: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // Two more, so that the next words can be asked without care.
    let mut closes = vec![false; words.len() + 2];
    quoted.iter().for_each(|quote| closes[quote.1] = true);
    let mut sentences = vec![(0, 0); words.len()];
    let mut begin = 0;
    for at in 0..words.len() {
        let next = words.get(at + 1).map_or("", |next| next.text);
        let stop = matches!(words[at].text, "." | "!" | "?");
        let after_stop = closes[at] && 0 < at && matches!(words[at - 1].text, "." | "!" | "?");
        let closing_next = closes[at + 1] || next == "'" && closes[at + 2];
        let new = next.starts_with(|c: char| c.is_uppercase() || matches!(c, '"' | '“' | '\'' | '‘'));
        if at + 1 == words.len() || stop && !closing_next && new || after_stop && new {
            sentences[begin..=at].fill((begin, at + 1));
            begin = at + 1;
        }
    }
    sentences
}
