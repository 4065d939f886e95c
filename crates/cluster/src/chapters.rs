//! A story that moves on: the chapters in which it unfolded. Decided from its articles alone, whenever somebody looks.

use std::collections::BTreeSet;

use news::{ArticleId, Sketch, Timestamp};

use crate::{
    face::plainness,
    likeness::is_copy,
    rarity::{Kind, Rarity},
    table::hash,
};

/// After so much silence whatever comes is a new chapter.
const LONG: i64 = 36 * 3_600;
/// After so much, what says new things is.
const PAUSE: i64 = 5 * 3_600;
/// So large a part of what the next articles tell must be new; less than half of most follow-ups repeats.
const NEW: f32 = 0.6;
/// So many of the next articles are heard: one alone may only be odd.
const HEARD: usize = 3;
/// Of each article so many of its rarest words.
const WORDS: usize = 16;

/// A part of a story, with its own headline and time.
#[derive(Clone, Debug, PartialEq)]
pub struct Chapter {
    /// The article whose headline it has.
    pub lead: ArticleId,
    pub headline: String,
    pub began: Timestamp,
    pub ended: Timestamp,
    /// In the order in which they were published.
    pub articles: Vec<ArticleId>,
}

/// In the order in which it unfolded. A copy of a text belongs to the chapter of the text, however late it comes.
pub fn chapters(sketches: &[Sketch]) -> Vec<Chapter> {
    let mut order: Vec<&Sketch> = sketches.iter().collect();
    order.sort_by_key(|it| (it.at, it.article));
    let mut texts: Vec<(&Sketch, Vec<&Sketch>)> = Vec::new();
    for sketch in order {
        match texts.iter_mut().find(|(text, _)| is_copy(text, sketch)) {
            Some((_, copies)) => copies.push(sketch),
            None => texts.push((sketch, Vec::new())),
        }
    }
    let told: Vec<Vec<(u32, f32)>> = texts.iter().map(|(text, _)| telling(text)).collect();
    let mut begins = vec![0];
    let mut said: BTreeSet<u32> = BTreeSet::new();
    for at in 1..texts.len() {
        said.extend(told[at - 1].iter().map(|it| it.0));
        let silence = texts[at].0.at.0 - texts[at - 1].0.at.0;
        let next = &told[at..told.len().min(at + HEARD)];
        if LONG <= silence || PAUSE <= silence && NEW <= share_unsaid(next, &said) {
            begins.push(at);
            said.clear();
        }
    }
    let ends = begins.iter().skip(1).copied().chain([texts.len()]);
    begins
        .iter()
        .zip(ends)
        .filter(|_| !texts.is_empty())
        .map(|(&from, to)| chapter(&texts[from..to]))
        .collect()
}

fn chapter(texts: &[(&Sketch, Vec<&Sketch>)]) -> Chapter {
    let originals = texts.iter().map(|it| it.0);
    // Of equally plain ones the first.
    let lead = originals.reduce(|best, it| match plainness(&best.title) + 0.05 < plainness(&it.title) {
        true => it,
        false => best,
    });
    let mut all: Vec<&Sketch> =
        texts.iter().flat_map(|(text, copies)| [text].into_iter().chain(copies)).copied().collect();
    all.sort_by_key(|it| (it.at, it.article));
    let lead = lead.unwrap_or(all[0]);
    Chapter {
        lead: lead.article,
        headline: lead.title.clone(),
        began: all[0].at,
        ended: texts.iter().map(|it| it.0.at).max().unwrap_or(all[0].at),
        articles: all.iter().map(|it| it.article).collect(),
    }
}

/// The words that say what an article tells, with how much each tells.
fn telling(sketch: &Sketch) -> Vec<(u32, f32)> {
    let (rarity, language) = (Rarity::default(), hash(&sketch.understanding.language.0));
    let terms = sketch.understanding.terms.iter();
    let mut words: Vec<(u32, f32)> = terms
        .map(|it| {
            let rare = rarity.of(Kind::Word, it.hash, language);
            (it.hash, it.weight * rare * if it.headline { 1.5 } else { 1.0 })
        })
        .collect();
    words.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    words.truncate(WORDS);
    words
}

fn share_unsaid(told: &[Vec<(u32, f32)>], said: &BTreeSet<u32>) -> f32 {
    let all: f32 = told.iter().flatten().map(|it| it.1).sum();
    let unsaid: f32 = told.iter().flatten().filter(|it| !said.contains(&it.0)).map(|it| it.1).sum();
    if all <= 0.0 { 0.0 } else { unsaid / all }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::sketch;

    const FLOOD: &str = "Dam above Varnholt bursts and floods the lower town";
    const FLOODED: &str = "Lower town of Varnholt flooded as dam bursts";
    const CHIEF: &str = "Chief engineer arrested over neglected cracks in masonry";
    const ARREST: &str = "Police arrest engineer who neglected cracks in masonry";

    /// Articles as hours and headlines; the chapters as their headlines, each with how many articles it has.
    fn check(articles: &[(i64, &str)], expected: &[(&str, usize)]) {
        let sketches: Vec<Sketch> = (1..)
            .zip(articles)
            .map(|(number, (hours, title))| sketch((number, *hours, "o", title)))
            .collect();
        let found = chapters(&sketches);
        let found: Vec<(&str, usize)> =
            found.iter().map(|it| (it.headline.as_str(), it.articles.len())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_says_new_things_after_a_pause_is_a_new_chapter() {
        check(&[(0, FLOOD), (2, FLOODED), (12, CHIEF), (13, ARREST)], &[(FLOOD, 2), (CHIEF, 2)]);
    }

    #[test]
    fn what_repeats_after_a_pause_is_not() {
        check(&[(0, FLOOD), (12, FLOODED)], &[(FLOOD, 2)]);
        // Nor what says new things at once: that is another side of the same.
        check(&[(0, FLOOD), (1, CHIEF)], &[(FLOOD, 2)]);
    }

    #[test]
    fn after_days_of_silence_everything_is() {
        check(&[(0, FLOOD), (50, FLOODED)], &[(FLOOD, 1), (FLOODED, 1)]);
    }

    #[test]
    fn a_chapter_has_the_plainest_of_its_headlines() {
        check(&[(0, "You won't believe what this dam did!"), (1, FLOOD)], &[(FLOOD, 2)]);
        check(&[], &[]);
    }

    #[test]
    fn a_late_copy_stays_in_the_chapter_of_its_text() {
        let told = |number, hours, title| {
            let mut sketch = sketch((number, hours, "o", title));
            sketch.understanding.shingles = vec![hash(title) as u32; 32];
            sketch
        };
        let found = chapters(&[told(1, 0, FLOOD), told(2, 60, FLOOD), told(3, 61, CHIEF)]);
        let articles: Vec<Vec<i64>> =
            found.iter().map(|it| it.articles.iter().map(|it| it.0).collect()).collect();
        assert_eq!(articles, [vec![1, 2], vec![3]]);
        assert_eq!(found[0].ended, found[0].began, "nothing new was said with the copy");
    }
}
