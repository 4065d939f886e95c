//! The table of features: one row for each block.

use super::super::blocks::{Blocks, SEED, flag};
use super::super::completeness::is_wall;
use super::super::model::Tables;
use super::place::{
    Own, Place, Stretches, beginnings, headings, inherit, records, replies, spread, sums, title_block,
};
use super::words::{MOST_WORDS, runs, runs_of, shape, shared, text_tokens, words};
use super::{Hints, labels};
use crate::dom::NONE;
use crate::hashes::{Counts, Hashes};

/// Features of a block.
pub const WIDTH: usize = 167;

/// Each block's words, one after the other in one list.
struct Texts {
    all: Vec<u32>,
    ends: Vec<usize>,
}

impl Texts {
    fn lists(&self) -> Vec<&[u32]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).map(|(from, to)| &self.all[from..*to]).collect()
    }
}

/// What each block's text says, read once.
fn read(page: &Blocks, tables: &Tables) -> (Texts, Vec<Own>) {
    let mut texts = Texts { all: Vec::new(), ends: Vec::with_capacity(page.blocks.len()) };
    let mut own = Vec::with_capacity(page.blocks.len());
    let (mut own_words, mut tokens) = (Vec::new(), Vec::new());
    for block in &page.blocks {
        own_words.clear();
        own_words.extend(words(&block.text).take(MOST_WORDS));
        text_tokens(own_words.iter().copied(), &mut tokens);
        own.push(Own::of(page, block, &tokens, &tables.texts));
        texts.all.extend(own_words.iter().map(|it| it.0));
        texts.ends.push(texts.all.len());
    }
    (texts, own)
}

/// A page measured.
pub struct Seen {
    /// The table of features, row after row; one row for each block.
    pub rows: Vec<f32>,
    /// Blocks that need not be judged: readers' comments, labels, datelines, invitations to pay.
    pub never: Vec<bool>,
}

pub fn table(page: &Blocks, hints: &Hints, tables: &Tables) -> Seen {
    let (texts, own) = read(page, tables);
    let texts = texts.lists();
    let sums = sums(page, &own);
    let classes: Vec<[f32; 3]> =
        (0..page.marks.len()).map(|it| spread(page.tokens(it as u32), &tables.classes)).collect();
    let inherited = inherit(page, &classes);
    let begins = beginnings(page);
    let under = headings(page, &own, &sums);
    let top = Place::of_most_text(page, &own);
    let stretches = Stretches::of(&own);
    let total: f32 = own.iter().map(|it| it.words).sum::<f32>().max(1.0);
    let long_total: f32 = own.iter().filter(|it| it.is_long).map(|it| it.words).sum::<f32>().max(1.0);
    let mut by_signature: Counts<f32> = Counts::default();
    for it in own.iter().filter(|it| it.is_long) {
        *by_signature.entry(it.signature).or_default() += it.words;
    }
    let title_words: Hashes = words(&hints.title).map(|it| it.0).collect();
    let description = runs_of(&hints.description);
    let body = runs_of(&hints.body);
    let title_at = title_block(page, &own, &texts, &title_words);
    let headline = Place::of_block(page, title_at);
    let mut never = replies(page, &own, title_at);
    for (never, block) in never.iter_mut().zip(&page.blocks) {
        *never |= page.is_time(block) || labels::is_label(&block.text) || is_wall(block);
    }
    let records = records(page, &sums);
    let mut said: Counts<u8> = Counts::default();
    said.reserve(texts.iter().map(|it| it.len()).sum());
    for run in texts.iter().filter(|it| it.len() >= 6).flat_map(|it| runs(it)) {
        let count = said.entry(run).or_default();
        *count = count.saturating_add(1);
    }
    let told: Vec<f32> = texts.iter().map(|it| shared(it, &body)).collect();
    let is_told = |at: &usize| told[*at] > 0.6 && texts[*at].len() >= 8;
    let told_first = (0..told.len()).find(is_told);
    let told_last = (0..told.len()).rev().find(is_told);
    let mut seen = Hashes::default();
    let (mut before, mut headlines) = (0.0, 0.0);
    // Signs that something else begins: short texts that hardly ever belong.
    let (mut signs, mut since_sign) = (0.0_f32, 1e3_f32);
    let mut rows = Vec::with_capacity(page.blocks.len() * WIDTH);
    let blank = Own::blank();
    let last = page.blocks.len().saturating_sub(1).max(1) as f32;
    for (at, block) in page.blocks.iter().enumerate() {
        let start = rows.len();
        let mut push = |value: f32| rows.push(value);
        let holder = &page.holders[block.holder as usize];
        let mine = &own[at];
        let chars = block.chars.max(1) as f32;
        // Its text.
        push((1.0 + block.words).ln());
        push(chars / block.words.max(1.0));
        push(block.link_chars as f32 / chars);
        push(f32::from(block.links.min(30)));
        push(f32::from(block.links_home.min(30)));
        push(f32::from(block.links_away.min(30)));
        push(block.bold_chars as f32 / chars);
        push(block.italic_chars as f32 / chars);
        push(f32::from(block.line_breaks.min(20)));
        for value in shape(&block.text, chars) {
            push(value);
        }
        mine.text.into_iter().for_each(&mut push);
        push(mine.whole);
        classes.get(block.inline as usize).copied().unwrap_or_default().into_iter().for_each(&mut push);
        // What else says it.
        let own_words = texts[at];
        let in_title = own_words.iter().filter(|it| title_words.contains(it)).count() as f32;
        push(in_title / own_words.len().max(1) as f32);
        push(in_title / title_words.len().max(1) as f32);
        push(shared(own_words, &description));
        push(if body.len() < 30 { -1.0 } else { told[at] });
        push(match (told_first, told_last) {
            (Some(first), Some(last)) => f32::from(u8::from(first <= at)) + f32::from(u8::from(last < at)),
            _ => -1.0,
        });
        let id = own_words.iter().fold(SEED, |hash, word| hash.rotate_left(5) ^ word);
        push(f32::from(u8::from(!seen.insert(id))));
        let repeated = runs(own_words).filter(|it| said.get(it).is_some_and(|it| 1 < *it)).count() as f32;
        push(if own_words.len() < 6 { -1.0 } else { repeated / (own_words.len() - 3) as f32 });
        // Its place.
        for tag in 0..15 {
            push(f32::from(u8::from(mine.tag == tag)));
        }
        for bit in 0..flag::COUNT {
            push(f32::from(u8::from(holder.flags & (1 << bit) != 0)));
        }
        push(f32::from(holder.depth));
        push(at as f32 / last);
        push(before / total);
        before += mine.words;
        push(title_at.map_or(-2.0, |it| ((at as f32 - it as f32) / 10.0).clamp(-20.0, 50.0)));
        push(headlines);
        headlines += f32::from(u8::from(mine.tag == 2));
        push(page.tokens(holder.mark).len() as f32);
        push(by_signature.get(&mine.signature).copied().unwrap_or(0.0) / long_total);
        // What it stands in.
        let mut chain = page.chain(block.holder);
        for _ in 0..4 {
            let Some(up) = chain.next() else {
                for _ in 0..7 {
                    push(-1.0);
                }
                continue;
            };
            let sum = &sums[up as usize];
            push((1.0 + sum.words).ln());
            push(sum.link_words / sum.words.max(1.0));
            push(sum.long_words / long_total);
            push(sum.words / sum.blocks.max(1.0));
            classes[page.holders[up as usize].mark as usize].into_iter().for_each(&mut push);
        }
        inherited[block.holder as usize].into_iter().for_each(&mut push);
        let mut chain = page.chain(block.holder);
        for _ in 0..3 {
            push(chain.next().map_or(-1.0, |it| page.holders[it as usize].pictures as f32));
        }
        push(f32::from(block.after_picture.min(9)));
        push(page.blocks.get(at + 1).map_or(9.0, |it| f32::from(it.after_picture.min(9))));
        for place in [&top, &headline] {
            let (levels_up, share) = place.relation(page, block.holder);
            push(levels_up);
            push(share);
        }
        let stretch = stretches.of[at];
        push(stretches.words[stretch] / long_total);
        push(stretch as f32 - stretches.largest as f32);
        push(stretch as f32);
        // How the boxes that it stands in begin ("Related", "Read more", "About the author").
        let boxes = page.chain(block.holder).take(7).filter(|it| sums[*it as usize].words < total * 0.5);
        let (mut mean, mut whole) = (0.0_f32, 0.0_f32);
        for begin in boxes.map(|it| begins[it as usize]).filter(|it| *it != NONE && *it != at as u32) {
            mean = mean.min(own[begin as usize].text[0]);
            whole = whole.min(own[begin as usize].whole);
        }
        push(mean);
        push(whole);
        // Signs before it.
        if title_at.is_none_or(|it| it < at) {
            push(signs.min(30.0));
            push((1.0 + since_sign).ln());
        } else {
            push(-1.0);
            push(-1.0);
        }
        push(own[at.saturating_sub(8)..at].iter().map(|it| it.whole).fold(0.0, f32::min));
        since_sign += mine.words;
        if mine.words <= 8.0 && mine.whole < -1.5 {
            signs += 1.0;
            since_sign = 0.0;
        }
        // Of which list it is a part.
        let list = page.chain(block.holder).take(10).enumerate().map(|(up, it)| (up, records[it as usize]));
        let list = list.filter(|(_, it)| 3.0 <= it.count && 1.8 * it.count <= it.blocks);
        match list.max_by(|a, b| a.1.count.total_cmp(&b.1.count)) {
            Some((up, it)) => {
                push(it.count.ln());
                push(it.blocks / it.count);
                push((it.words / it.count).ln());
                push(up as f32);
                push(it.words / total);
            }
            None => [-1.0, -1.0, -1.0, -1.0, -1.0].into_iter().for_each(&mut push),
        }
        // Under which heading it stands.
        match under[at] {
            Some((heading, up)) => {
                let it = &own[heading as usize];
                push(it.text[0]);
                push(it.whole);
                push(it.text[1]);
                push(f32::from(it.tag));
                push(f32::from(up));
                push((at as f32 - heading as f32).ln());
            }
            None => [0.0, 0.0, 0.0, -1.0, -1.0, -1.0].into_iter().for_each(&mut push),
        }
        // Who stands beside it.
        for step in [-2_isize, -1, 1, 2] {
            let beside = at.checked_add_signed(step).and_then(|it| own.get(it)).unwrap_or(&blank);
            push((1.0 + beside.words).ln());
            push(beside.links);
            push(f32::from(u8::from(beside.signature == mine.signature)));
            push(beside.text[0]);
        }
        let around = &own[at.saturating_sub(5)..(at + 6).min(own.len())];
        let words: f32 = around.iter().map(|it| it.words).sum();
        push(around.iter().filter(|it| it.is_long).map(|it| it.words).sum::<f32>() / words.max(1.0));
        push(around.iter().map(|it| it.words * it.links).sum::<f32>() / words.max(1.0));
        // The page.
        push(total.ln());
        push(long_total.ln());
        push(sums.first().map_or(0.0, |it| it.paragraphs / it.blocks.max(1.0)));
        push((body.len() as f32 / long_total).min(3.0));
        debug_assert_eq!(rows.len() - start, WIDTH);
    }
    Seen { rows, never }
}
