//! Who said what: every word that may report speech or opinion ("said", "according to") with what was said and who said
//! it, as the sentence's build suggests; a logistic model that knows which of them do; then a chain over the words that,
//! looking at these readings, marks what is said from its first word to its last.

mod candidates;
mod roles;
pub mod score;
pub mod sequence;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use news::{Language, Quote};

use crate::{
    names::training::{Token, tokens},
    sentences::up_to,
};
pub use candidates::{Attribution, Build, Paragraph};
pub use score::Scores;
pub use sequence::Sequence;

/// So much of an article is read for quotations.
const READ: usize = 20_000;
/// Readings less likely than this are not looked at.
const PERHAPS: f32 = 0.05;
/// From this on a reading within what another says is taken for true; chosen on the building set.
const LIKELY: f32 = 0.5;
/// An article shows at most so many.
const MOST: usize = 60;

static WEIGHTS: &[u8] = include_bytes!("../../data/quotes.bin");
static SEQUENCE: &[u8] = include_bytes!("../../data/quotes-sequence.bin");

/// The quotations of an English text; other languages' verbs are not known yet.
pub fn quotes(body: &str, language: &Language) -> Vec<Quote> {
    let mut quotes = Vec::new();
    if language.0 != "en" {
        return quotes;
    }
    let body = up_to(body, READ);
    let mut people = roles::People::default();
    for said in of_repository(body) {
        let (speaker, role) = people.speaker(body, &said);
        for &(from, to) in &said.content {
            let text = &body[from..to];
            let direct =
                text.starts_with(['"', '“', '‘', '\'']) && text.ends_with(['"', '”', '’', '\'', ',', '.']);
            let cue = body[said.cue.0..said.cue.1].to_owned();
            let content = (from as u32, to as u32);
            quotes.push(Quote { speaker: speaker.clone(), role: role.clone(), cue, direct, content });
        }
    }
    quotes.truncate(MOST);
    quotes
}

/// All that the repository's weights take for attributed, in order.
pub fn of_repository(body: &str) -> Vec<Attribution> {
    static SCORES: OnceLock<(Scores<'static>, Sequence<'static>)> = OnceLock::new();
    let (scores, sequence) = SCORES.get_or_init(|| (Scores::new(WEIGHTS), Sequence::new(SEQUENCE)));
    attributions(body, scores, sequence)
}

/// All that is attributed to someone, in order.
pub fn attributions(body: &str, scores: &Scores, sequence: &Sequence) -> Vec<Attribution> {
    let mut found = Vec::new();
    let mut goes_on = false;
    each_paragraph(body, |words| {
        let paragraph = Paragraph::new(body, words);
        let readings = readings(&paragraph, scores);
        if readings.is_empty() && paragraph.quoted().is_empty() {
            goes_on = false;
            return;
        }
        let labels = sequence.labels(&sequence::features(&paragraph, &readings, goes_on));
        goes_on = labels.iter().rev().take(2).any(|label| *label != 0);
        found.extend(put_together(&paragraph, readings, &sequence::spans(&labels)));
    });
    found
}

/// The tokens of each line that is long enough to say something.
pub fn each_paragraph(body: &str, mut tell: impl FnMut(&[Token])) {
    let mut words: Vec<Token> = Vec::new();
    let mut from = 0;
    for line in body.split('\n') {
        if 12 < line.len() {
            words.clear();
            tokens(body, from, from + line.len(), &mut words);
            if !words.is_empty() {
                tell(&words);
            }
        }
        from += line.len() + 1;
    }
}

/// What each word that may report would make of the paragraph.
pub fn readings(paragraph: &Paragraph, scores: &Scores) -> Vec<(Attribution, f32)> {
    let mut found = Vec::new();
    for at in (0..paragraph.words.len()).filter(|&at| scores.is_cue(paragraph.words[at].text)) {
        let Some(said) = paragraph.attribution(at) else { continue };
        let score = scores.probability(paragraph, &said);
        if PERHAPS <= score {
            keep_best(&mut found, said, score);
        }
    }
    found
}

/// What is said goes to the reading that covers most of it; what no reading covers is somebody's if it stands between
/// quotation marks. Likely readings within what another says stay as they are.
fn put_together(
    paragraph: &Paragraph,
    readings: Vec<(Attribution, f32)>,
    spans: &[(usize, usize)],
) -> Vec<Attribution> {
    let mut of_reading: Vec<Vec<(usize, usize)>> = vec![Vec::new(); readings.len()];
    let mut alone = Vec::new();
    for &(from, to) in spans {
        let span = paragraph.bytes(from, to);
        let worth = |(said, likely): &(Attribution, f32)| {
            let common: usize =
                said.content.iter().map(|it| it.1.min(span.1).saturating_sub(it.0.max(span.0))).sum();
            let all = said.content.iter().map(|it| it.1 - it.0).sum::<usize>().max(span.1 - span.0);
            // A word that reports nothing within what is said is none.
            let inside = span.0 <= said.cue.0 && said.cue.1 <= span.1;
            if inside { 0.0 } else { likely * common as f32 / all.max(1) as f32 }
        };
        let best = (0..readings.len()).max_by(|&a, &b| worth(&readings[a]).total_cmp(&worth(&readings[b])));
        match best.filter(|&at| 0.0 < worth(&readings[at])) {
            Some(at) => of_reading[at].push(span),
            None => alone.push((from, to)),
        }
    }
    let covered = |range: &(usize, usize)| {
        spans.iter().map(|&(from, to)| paragraph.bytes(from, to)).any(|it| it.0 <= range.0 && range.1 <= it.1)
    };
    let mut found: Vec<Attribution> = Vec::new();
    for ((mut said, likely), spans) in readings.into_iter().zip(of_reading) {
        if !spans.is_empty() {
            said.content = spans;
            found.push(said);
        } else if LIKELY <= likely && said.content.iter().all(covered) {
            found.push(said);
        }
    }
    for (from, to) in alone.into_iter().filter(|&(from, to)| 3 < to - from) {
        let quoted = paragraph.quoted().iter().any(|quote| quote.0 <= from + 1 && to <= quote.1 + 2);
        let cue = (paragraph.bytes(from, to).0, paragraph.bytes(from, to).0);
        if quoted {
            let content = vec![paragraph.bytes(from, to)];
            found.push(Attribution { source: None, cue, content, build: Build::Alone, at: from });
        }
    }
    found.sort_by_key(|it| it.content.first().copied());
    found
}

/// Of two readings of the same words only the likelier stays.
fn keep_best(found: &mut Vec<(Attribution, f32)>, said: Attribution, score: f32) {
    let same = found.iter().position(|(other, _)| other.content == said.content);
    match same {
        Some(at) if found[at].1 < score => found[at] = (said, score),
        Some(_) => {}
        None => found.push((said, score)),
    }
}
