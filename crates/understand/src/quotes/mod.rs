//! Who said what: every word that may report speech or opinion ("said", "according to") with what was said and who said
//! it, as the sentence's build suggests; then a logistic model that knows which of them do.

mod candidates;
mod roles;
pub mod score;

#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use news::{Language, Quote};

use crate::{
    names::training::{Token, tokens},
    sentences::up_to,
};
pub use candidates::{Attribution, Paragraph};
pub use score::Scores;

/// So much of an article is read for quotations.
const READ: usize = 20_000;
/// From this probability on it is taken for said; chosen on the building set.
const LIKELY: f32 = 0.3;
/// An article shows at most so many.
const MOST: usize = 60;

static WEIGHTS: &[u8] = include_bytes!("../../data/quotes.bin");

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
    static SCORES: OnceLock<Scores<'static>> = OnceLock::new();
    attributions(body, SCORES.get_or_init(|| Scores::new(WEIGHTS)), LIKELY)
        .into_iter()
        .map(|(said, _)| said)
        .collect()
}

/// All that is attributed to someone with at least this probability, in order.
pub fn attributions(body: &str, scores: &Scores, least: f32) -> Vec<(Attribution, f32)> {
    let mut found = Vec::new();
    let mut words: Vec<Token> = Vec::new();
    let mut from = 0;
    for line in body.split('\n') {
        words.clear();
        if 12 < line.len() && scores.may_report(line) {
            tokens(body, from, from + line.len(), &mut words);
            let paragraph = Paragraph::new(body, &words);
            for at in (0..words.len()).filter(|&at| scores.is_cue(words[at].text)) {
                let Some(said) = paragraph.attribution(at) else { continue };
                let score = scores.probability(&paragraph, &said);
                if least <= score {
                    keep_best(&mut found, said, score);
                }
            }
        }
        from += line.len() + 1;
    }
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
