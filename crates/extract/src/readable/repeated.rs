//! What a page says twice is kept once: quotations set large beside the text that they are from, and whole texts in two
//! forms.

use super::blocks::{Block, Blocks, flag};
use super::features::{runs, words};
use crate::hashes::Counts;

/// Shorter texts may come twice.
const MAY_REPEAT: usize = 8;
/// Shorter ones are no sentence, unless they are set in quotation marks.
const SENTENCE: usize = 5;
/// Runs are of so many words.
const RUN: usize = 4;
/// What stands below a quotation and says whose it is.
const ATTRIBUTION: f32 = 10.0;

/// A kept text.
struct Text {
    at: usize,
    words: Vec<u32>,
    is_display: bool,
}

/// Where a run of words stands among the kept texts.
#[derive(Clone, Copy, Default)]
struct Said {
    times: u16,
    first: u32,
    last: u32,
    /// In running text, and not only in quotations set apart from it.
    is_running: bool,
}

/// Drops what the rest of the kept blocks says already. The longest is looked at first, so that of a text in one piece and
/// in paragraphs the paragraphs stay. Paragraphs that are repeated where they stand (refrains, forms) are the author's own.
pub fn drop_repeated(page: &Blocks, kept: &mut [bool]) {
    let mut texts: Vec<Text> = (0..kept.len()).filter(|it| kept[*it]).map(|it| text(page, it)).collect();
    texts.retain(|it| RUN <= it.words.len());
    let mut said: Counts<Said> = Counts::default();
    said.reserve(texts.iter().map(|it| it.words.len()).sum());
    for it in &texts {
        for run in runs(&it.words) {
            let said = said.entry(run).or_insert(Said { first: it.at as u32, ..Said::default() });
            (said.times, said.last) = (said.times.saturating_add(1), it.at as u32);
            said.is_running |= !it.is_display;
        }
    }
    texts.sort_by(|a, b| b.words.len().cmp(&a.words.len()).then(b.at.cmp(&a.at)));
    for it in &texts {
        let is_pulled = it.is_display && is_pulled(it, &page.blocks[it.at], &said);
        if !is_pulled && !is_again(page, it, &said) {
            continue;
        }
        kept[it.at] = false;
        if is_pulled {
            drop_attribution(page, it.at, kept);
        }
        for run in runs(&it.words) {
            if let Some(said) = said.get_mut(&run) {
                said.times = said.times.saturating_sub(1);
            }
        }
    }
}

fn text(page: &Blocks, at: usize) -> Text {
    let block = &page.blocks[at];
    let holder = &page.holders[block.holder as usize];
    let is_display = holder.flags & (flag::QUOTE | flag::QUOTED | flag::ASIDE) != 0 && !is_part(&holder.tag);
    Text { at, words: words(&block.text).map(|it| it.0).collect(), is_display }
}

/// Headings often quote the text that they stand over, and what stands in lists and tables comes twice by its nature.
fn is_part(tag: &str) -> bool {
    matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "li" | "dt" | "dd" | "td" | "th" | "pre")
}

/// A quotation set apart from the running text, which has it word for word; of a long one, nearly.
fn is_pulled(text: &Text, block: &Block, said: &Counts<Said>) -> bool {
    let is_quoted = block.text.starts_with(['"', '“', '”', '„', '«', '»', '‘', '\'']);
    let in_text = |run: u32| said.get(&run).is_some_and(|it| it.is_running && 1 < it.times);
    let again = runs(&text.words).filter(|it| in_text(*it)).count();
    let all = text.words.len() - (RUN - 1);
    if text.words.len() < MAY_REPEAT {
        again == all && (SENTENCE <= text.words.len() || is_quoted)
    } else {
        all * 9 <= again * 10
    }
}

/// A text that stands in another part of the page too.
fn is_again(page: &Blocks, text: &Text, said: &Counts<Said>) -> bool {
    if text.words.len() < MAY_REPEAT {
        return false;
    }
    let section = |at: usize| page.chain(page.blocks[at].holder).nth(1);
    let elsewhere = |run: u32| {
        let Said { times, first, last, .. } = said.get(&run).copied().unwrap_or_default();
        1 < times
            && [first as usize, last as usize]
                .into_iter()
                .any(|it| it != text.at && section(it) != section(text.at))
    };
    let again = runs(&text.words).filter(|it| elsewhere(*it)).count();
    (text.words.len() - (RUN - 1)) * 9 <= again * 10
}

/// Who said it goes with the quotation: a short text or two behind it in the same box.
fn drop_attribution(page: &Blocks, quotation: usize, kept: &mut [bool]) {
    let is_box = |it: &u32| {
        let holder = &page.holders[*it as usize];
        matches!(&*holder.tag, "blockquote" | "aside" | "figure")
            || page.mark(holder).flags & flag::QUOTED != 0
    };
    let Some(outer) = page.chain(page.blocks[quotation].holder).take(4).filter(is_box).last() else { return };
    for at in (quotation + 1..kept.len()).take(2) {
        let block = &page.blocks[at];
        if ATTRIBUTION < block.words || !page.chain(block.holder).take(6).any(|it| it == outer) {
            return;
        }
        kept[at] = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dom::Dom;

    /// What is left of a page of which all was kept.
    fn left(body: &str) -> Vec<String> {
        let dom = Dom::parse(&format!("<article>{body}</article>"));
        let page = Blocks::of(&dom, "https://daily.example/news/dam");
        let mut kept = vec![true; page.blocks.len()];
        drop_repeated(&page, &mut kept);
        page.blocks.into_iter().zip(kept).filter(|it| it.1).map(|it| it.0.text).collect()
    }

    const TEXT: &str = "Nobody was hurt. “We were lucky this time,” the mayor said in front of the town hall, “and we know it.”";

    #[test]
    fn a_quotation_set_large_goes_where_the_text_has_it() {
        for quotation in [
            "<blockquote>“We were lucky this time”</blockquote>",
            "<aside><p>We were lucky this time, the mayor said</p></aside>",
            "<div class=\"pull-quote\"><p>“We were lucky this time”</p><p>The mayor of the village</p></div>",
            "<figure><blockquote><p>“We were lucky this time, the mayor said in front of the town hall”</p><footer>Ann Lee</footer></blockquote></figure>",
        ] {
            let (before, after) = (format!("{quotation}<p>{TEXT}</p>"), format!("<p>{TEXT}</p>{quotation}"));
            assert_eq!(left(&before), [TEXT], "{quotation}");
            assert_eq!(left(&after), [TEXT], "{quotation}");
        }
    }

    #[test]
    fn what_is_no_repeated_quotation_stays() {
        for other in [
            // It stands nowhere else, or not in these words.
            "<blockquote>“The river will come back next year”</blockquote>",
            "<blockquote>“We were never lucky this time”</blockquote>",
            // A few words that any text may have.
            "<aside><p>the town hall</p></aside>",
            "<blockquote>of the town hall</blockquote>",
            // A heading, an element of a list, a cell, a plain paragraph.
            "<aside><h3>“We were lucky this time”</h3></aside>",
            "<ul class=\"quotes\"><li>We were lucky this time</li></ul>",
            "<p>We were lucky this time.</p>",
        ] {
            assert_eq!(left(&format!("<p>{TEXT}</p>{other}")).len(), 2, "{other}");
        }
        // Of two that are alike one stays, if no text has it.
        let twice = "<blockquote>“The river will come back to us in the next year”</blockquote>";
        assert_eq!(left(&format!("<p>{TEXT}</p><section><div>{twice}</div></section>{twice}")).len(), 2);
        // What follows a quotation in another box is not its attribution.
        let beside =
            format!("<p>{TEXT}</p><blockquote>“We were lucky this time”</blockquote><p>Rain is to come.</p>");
        assert_eq!(left(&beside), [TEXT, "Rain is to come."]);
    }

    #[test]
    fn many_quotations_take_little_time() {
        let quotations = "<blockquote>We were lucky this time, the mayor said</blockquote>".repeat(9_000);
        assert_eq!(left(&format!("<p>{}</p>{quotations}", TEXT.repeat(2_000))).len(), 1);
    }
}
