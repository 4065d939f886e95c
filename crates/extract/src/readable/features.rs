//! What is measured of each block: of its text, its place, its neighbours, and of the page around it.

use std::collections::{HashMap, HashSet};

use super::blocks::{Block, Blocks, SEED, flag, hash, step};
use super::model::Tables;

/// What the page says of its article besides showing it.
#[derive(Default)]
pub struct Hints {
    pub title: String,
    pub description: String,
    /// The text as structured data or the feed have it; often cut, so a witness and not an answer.
    pub body: String,
}

/// Features of the first look at a block.
pub const FIRST: usize = 133;
/// Those of the second look, at a block among blocks that have been looked at.
pub const SECOND: usize = FIRST + 36;

/// No real page nests its text deeper; on others, looking further would take quadratic time.
const FAR: usize = 64;

/// Four words, hashed.
fn shingles(text: &str) -> HashSet<u32> {
    let words: Vec<u32> = words(text).collect();
    words.windows(4).map(|it| it.iter().fold(SEED, |hash, word| hash.rotate_left(7) ^ word)).collect()
}

fn words(text: &str) -> impl Iterator<Item = u32> + '_ {
    let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty());
    parts.map(|word| {
        word.chars().flat_map(char::to_lowercase).fold(SEED, |hash, c| {
            if (c as u32) < 128 { step(hash, c as u8) } else { (hash ^ c as u32).wrapping_mul(0x0100_0193) }
        })
    })
}

/// Hashes of what a short text says: its words, pairs of them, and the whole (numbers alike).
pub fn text_tokens(text: &str, out: &mut Vec<u32>) {
    out.clear();
    let (mut before, mut whole, mut count) = (SEED ^ 5, SEED ^ 9, 0);
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()) {
        count += 1;
        if 40 < count {
            break;
        }
        let is_number = word.bytes().all(|b| b.is_ascii_digit());
        let word = if is_number {
            hash(b"0", SEED ^ 3)
        } else {
            word.chars()
                .flat_map(char::to_lowercase)
                .fold(SEED ^ 3, |hash, c| (hash ^ c as u32).wrapping_mul(0x0100_0193))
        };
        out.push(word);
        out.push(before.rotate_left(5) ^ word);
        whole = (whole.rotate_left(5) ^ word).wrapping_mul(0x0100_0193);
        before = word;
    }
    if count <= 12 {
        out.push(whole);
    }
}

/// One block's own numbers, kept for its neighbours.
struct Own {
    words: f32,
    links: f32,
    is_long: bool,
    tag: u8,
    signature: u32,
}

fn tag_class(name: &str) -> u8 {
    match name {
        "p" => 0,
        "li" => 1,
        "h1" => 2,
        "h2" => 3,
        "h3" => 4,
        "h4" | "h5" | "h6" => 5,
        "td" | "th" => 6,
        "div" => 7,
        "blockquote" => 8,
        "figcaption" | "caption" => 9,
        "pre" => 10,
        "dt" | "dd" => 11,
        "section" | "article" | "main" => 12,
        "header" | "footer" | "aside" | "nav" => 13,
        _ => 14,
    }
}

/// Sums over a holder's blocks.
#[derive(Clone, Copy, Default)]
struct Sum {
    words: f32,
    link_words: f32,
    long_words: f32,
    blocks: f32,
    paragraphs: f32,
}

/// The table of first features, row after row; one row for each block.
pub fn first(page: &Blocks, hints: &Hints, tables: &Tables) -> Vec<f32> {
    let own: Vec<Own> = page.blocks.iter().map(|it| own(page, it)).collect();
    let sums = sums(page, &own);
    let classes: Vec<[f32; 3]> =
        page.holders.iter().map(|it| spread(page.tokens(it), &tables.classes)).collect();
    let inherited = inherit(page, &classes);
    let top = top_candidate(page, &own);
    let total: f32 = own.iter().map(|it| it.words).sum::<f32>().max(1.0);
    let long_total: f32 = own.iter().filter(|it| it.is_long).map(|it| it.words).sum::<f32>().max(1.0);
    let mut by_signature: HashMap<u32, f32> = HashMap::new();
    for it in own.iter().filter(|it| it.is_long) {
        *by_signature.entry(it.signature).or_default() += it.words;
    }
    let title_words: HashSet<u32> = words(&hints.title).collect();
    let description = shingles(&hints.description);
    let body = shingles(&hints.body);
    let title_at = title_block(page, &title_words);
    let mut seen: HashSet<u32> = HashSet::new();
    let mut tokens = Vec::new();
    let (mut before, mut headlines) = (0.0, 0.0);
    let mut rows = Vec::with_capacity(page.blocks.len() * FIRST);
    let blank = Own { words: 0.0, links: 0.0, is_long: false, tag: 15, signature: 0 };
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
        push(block.bold_chars as f32 / chars);
        push(block.italic_chars as f32 / chars);
        push(f32::from(block.line_breaks.min(20)));
        for value in shape(&block.text, chars) {
            push(value);
        }
        text_tokens(&block.text, &mut tokens);
        let [mean, least, most] = spread(&tokens, &tables.texts);
        push(mean);
        push(least);
        push(most);
        push(if block.words <= 12.0 {
            tokens.last().map_or(0.0, |it| Tables::of(&tables.texts, *it))
        } else {
            0.0
        });
        let [mean, least, most] = spread(&block.inline_classes, &tables.classes);
        push(mean);
        push(least);
        push(most);
        // What else says it.
        let own_words: Vec<u32> = words(&block.text).take(400).collect();
        let in_title = own_words.iter().filter(|it| title_words.contains(it)).count() as f32;
        push(in_title / own_words.len().max(1) as f32);
        push(in_title / title_words.len().max(1) as f32);
        push(shared(&own_words, &description));
        push(if body.len() < 30 { -1.0 } else { shared(&own_words, &body) });
        let id = own_words.iter().fold(SEED, |hash, word| hash.rotate_left(5) ^ word);
        push(f32::from(u8::from(!seen.insert(id))));
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
        push(page.tokens(holder).len() as f32);
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
            for value in classes[up as usize] {
                push(value);
            }
        }
        for value in inherited[block.holder as usize] {
            push(value);
        }
        let mut chain = page.chain(block.holder);
        for _ in 0..3 {
            push(chain.next().map_or(-1.0, |it| page.holders[it as usize].pictures as f32));
        }
        push(f32::from(block.after_picture.min(9)));
        push(page.blocks.get(at + 1).map_or(9.0, |it| f32::from(it.after_picture.min(9))));
        let (levels_up, share) = top.relation(page, block.holder);
        push(levels_up);
        push(share);
        // Who stands beside it.
        for step in [-2_isize, -1, 1, 2] {
            let beside = at.checked_add_signed(step).and_then(|it| own.get(it)).unwrap_or(&blank);
            push((1.0 + beside.words).ln());
            push(beside.links);
            push(f32::from(u8::from(beside.signature == mine.signature)));
        }
        let around = &own[at.saturating_sub(5)..(at + 6).min(own.len())];
        let words: f32 = around.iter().map(|it| it.words).sum();
        push(around.iter().filter(|it| it.is_long).map(|it| it.words).sum::<f32>() / words.max(1.0));
        push(around.iter().map(|it| it.words * it.links).sum::<f32>() / words.max(1.0));
        debug_assert_eq!(rows.len() - start, FIRST);
    }
    rows
}

fn own(page: &Blocks, block: &Block) -> Own {
    let links = block.link_chars as f32 / block.chars.max(1) as f32;
    let holder = &page.holders[block.holder as usize];
    let parent = page.holders.get(holder.parent as usize);
    Own {
        words: block.words,
        links,
        is_long: block.words >= 20.0 && links < 0.5,
        tag: tag_class(&holder.tag),
        signature: holder.signature.rotate_left(9) ^ parent.map_or(0, |it| it.signature),
    }
}

fn sums(page: &Blocks, own: &[Own]) -> Vec<Sum> {
    let mut sums = vec![Sum::default(); page.holders.len()];
    for (block, own) in page.blocks.iter().zip(own) {
        let sum = &mut sums[block.holder as usize];
        sum.words += own.words;
        sum.link_words += own.words * own.links;
        sum.long_words += if own.is_long { own.words } else { 0.0 };
        sum.blocks += 1.0;
        sum.paragraphs += f32::from(u8::from(own.tag == 0));
    }
    // Holders come after those that they stand in.
    for at in (1..page.holders.len()).rev() {
        let (sum, parent) = (sums[at], page.holders[at].parent as usize);
        if let Some(to) = sums.get_mut(parent) {
            to.words += sum.words;
            to.link_words += sum.link_words;
            to.long_words += sum.long_words;
            to.blocks += sum.blocks;
            to.paragraphs += sum.paragraphs;
        }
    }
    sums
}

/// Mean, least and most of what a table knows of some tokens.
fn spread(tokens: &[u32], table: &[i8]) -> [f32; 3] {
    let (mut sum, mut least, mut most) = (0.0, 0.0_f32, 0.0_f32);
    for &token in tokens {
        let value = Tables::of(table, token);
        sum += value;
        least = least.min(value);
        most = most.max(value);
    }
    [sum / tokens.len().max(1) as f32, least, most]
}

/// Over all that a holder stands in: least, most, sum of means.
fn inherit(page: &Blocks, classes: &[[f32; 3]]) -> Vec<[f32; 3]> {
    let mut all: Vec<[f32; 3]> = Vec::with_capacity(classes.len());
    for (holder, own) in page.holders.iter().zip(classes) {
        let above = all.get(holder.parent as usize).copied().unwrap_or_default();
        all.push([above[0].min(own[1]), above[1].max(own[2]), above[2] * 0.8 + own[0]]);
    }
    all
}

/// Counts and shares of characters.
fn shape(text: &str, chars: f32) -> [f32; 14] {
    let [mut upper, mut digits, mut ends, mut commas, mut odd, mut quotes] = [0.0_f32; 6];
    for c in text.chars() {
        match c {
            '.' | '!' | '?' | '。' | '！' | '？' => ends += 1.0,
            ',' | '、' | '，' | ';' => commas += 1.0,
            '|' | '©' | '»' | '›' | '•' | '→' | '@' | '#' | '/' => odd += 1.0,
            '"' | '“' | '”' | '„' | '«' | '‘' | '’' => quotes += 1.0,
            c if c.is_ascii_digit() => digits += 1.0,
            c if c.is_uppercase() => upper += 1.0,
            _ => {}
        }
    }
    let words = text.split(' ').count() as f32;
    let capitals = text.split(' ').filter(|it| it.starts_with(char::is_uppercase)).count() as f32;
    let last = text.chars().next_back().unwrap_or(' ');
    let first = text.chars().next().unwrap_or(' ');
    let yes = |it: bool| f32::from(u8::from(it));
    [
        upper / chars,
        digits / chars,
        ends / words,
        commas / words,
        odd,
        quotes.min(8.0),
        capitals / words,
        yes(matches!(last, '.' | '!' | '?' | '"' | '”' | '’' | ')' | '。')),
        yes(last == ':'),
        yes(last == '…' || text.ends_with("...")),
        yes(first.is_lowercase()),
        yes(first.is_uppercase()),
        yes(first.is_numeric()),
        yes(text.contains("http") || text.contains("www.")),
    ]
}

fn shared(words: &[u32], with: &HashSet<u32>) -> f32 {
    if words.len() < 4 || with.is_empty() {
        return 0.0;
    }
    let hits = words
        .windows(4)
        .filter(|it| with.contains(&it.iter().fold(SEED, |hash, word| hash.rotate_left(7) ^ word)));
    hits.count() as f32 / (words.len() - 3) as f32
}

/// The block that is the headline: the `h1` most like the title, else any block like it.
fn title_block(page: &Blocks, title: &HashSet<u32>) -> Option<usize> {
    let mut best: Option<(f32, usize)> = None;
    for (at, block) in page.blocks.iter().enumerate().filter(|(_, it)| it.words <= 40.0) {
        let tag = &*page.holders[block.holder as usize].tag;
        let own: HashSet<u32> = words(&block.text).collect();
        let both = own.intersection(title).count() as f32;
        let like = both / (own.len() + title.len()).max(1) as f32 * 2.0;
        let score = like
            + if tag == "h1" {
                0.4
            } else if tag == "h2" {
                0.1
            } else {
                0.0
            };
        if score > 0.55 && best.is_none_or(|(most, _)| most < score) {
            best = Some((score, at));
        }
    }
    best.map(|(_, at)| at)
}

/// The holder that gathers most running text close beneath it (the idea of reader modes since 2009).
struct Top {
    chain: Vec<u32>,
}

impl Top {
    /// How many levels above the block's holder the first common holder is, and how far down the top's chain it lies.
    fn relation(&self, page: &Blocks, holder: u32) -> (f32, f32) {
        for (up, it) in page.chain(holder).take(FAR).enumerate() {
            if let Some(at) = self.chain.iter().position(|top| *top == it) {
                return (up as f32, at as f32);
            }
        }
        (30.0, 30.0)
    }
}

fn top_candidate(page: &Blocks, own: &[Own]) -> Top {
    let mut scores: HashMap<u32, f32> = HashMap::new();
    for (block, own) in page.blocks.iter().zip(own).filter(|(_, own)| own.is_long) {
        let score = own.words * (1.0 - own.links);
        for (up, holder) in page.chain(block.holder).take(5).enumerate() {
            *scores.entry(holder).or_default() += score * [0.3, 1.0, 0.7, 0.45, 0.3][up];
        }
    }
    let best = scores.iter().max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0))).map(|(holder, _)| *holder);
    Top { chain: best.map(|it| page.chain(it).take(FAR).collect()).unwrap_or_default() }
}

/// The table of second features: the first ones, and how sure the first look was of the block and those around it.
pub fn second(page: &Blocks, first: &[f32], sure: &[f32]) -> Vec<f32> {
    let blocks = &page.blocks;
    let mut sums = vec![(0.0_f32, 0.0_f32); page.holders.len()];
    let mut by_signature: HashMap<u32, (f32, f32)> = HashMap::new();
    for (block, p) in blocks.iter().zip(sure) {
        for sum in [
            &mut sums[block.holder as usize],
            by_signature.entry(page.holders[block.holder as usize].signature).or_default(),
        ] {
            sum.0 += p * block.words;
            sum.1 += block.words;
        }
    }
    for at in (1..page.holders.len()).rev() {
        let (sum, parent) = (sums[at], page.holders[at].parent as usize);
        if let Some(to) = sums.get_mut(parent) {
            to.0 += sum.0;
            to.1 += sum.1;
        }
    }
    // The smallest holders that have nearly all of what we are sure of.
    let smallest = |share: f32| {
        let fits = (0..page.holders.len()).filter(|it| sums[*it].0 >= share * sums[0].0);
        fits.max_by_key(|it| page.holders[*it].depth)
    };
    let homes = [smallest(0.75), smallest(0.95)];
    let is_strong = |at: usize| sure[at] > 0.7 && blocks[at].words >= 12.0;
    let strong_first = (0..blocks.len()).find(|&at| is_strong(at));
    let strong_last = (0..blocks.len()).rev().find(|&at| is_strong(at));
    let mass: f32 = blocks.iter().zip(sure).map(|(it, p)| it.words * p).sum::<f32>().max(1.0);
    let mut nearest_before = vec![f32::MAX; blocks.len()];
    let mut nearest_after = vec![f32::MAX; blocks.len()];
    let mut gap = 1e6;
    for at in 0..blocks.len() {
        nearest_before[at] = gap;
        gap = if is_strong(at) { 0.0 } else { gap + blocks[at].words };
    }
    gap = 1e6;
    for at in (0..blocks.len()).rev() {
        nearest_after[at] = gap;
        gap = if is_strong(at) { 0.0 } else { gap + blocks[at].words };
    }
    let mut so_far = 0.0;
    let mut rows = Vec::with_capacity(blocks.len() * SECOND);
    for (at, block) in blocks.iter().enumerate() {
        let start = rows.len();
        rows.extend_from_slice(&first[at * FIRST..(at + 1) * FIRST]);
        rows.push(sure[at]);
        for step in [-4_isize, -3, -2, -1, 1, 2, 3, 4] {
            rows.push(at.checked_add_signed(step).and_then(|it| sure.get(it)).copied().unwrap_or(-0.5));
        }
        for reach in [3, 8] {
            let range = at.saturating_sub(reach)..(at + reach + 1).min(blocks.len());
            let words: f32 = blocks[range.clone()].iter().map(|it| it.words).sum();
            let kept: f32 = range.map(|it| blocks[it].words * sure[it]).sum();
            rows.push(kept / words.max(1.0));
        }
        let mut chain = page.chain(block.holder);
        for _ in 0..5 {
            let (kept, words) = chain.next().map_or((-1.0, 1.0), |it| sums[it as usize]);
            rows.push(kept / words.max(1.0));
            rows.push(kept / mass);
        }
        let (kept, words) = by_signature[&page.holders[block.holder as usize].signature];
        rows.push(kept / words.max(1.0));
        rows.push(kept / mass);
        rows.push(so_far / mass);
        so_far += block.words * sure[at];
        rows.push(1.0 - so_far / mass);
        rows.push(strong_first.map_or(99.0, |it| (at as f32 - it as f32).clamp(-30.0, 60.0)));
        rows.push(strong_last.map_or(99.0, |it| (it as f32 - at as f32).clamp(-30.0, 60.0)));
        rows.push((1.0 + nearest_before[at]).ln());
        rows.push((1.0 + nearest_after[at]).ln());
        for home in homes {
            let up =
                home.and_then(|home| page.chain(block.holder).take(FAR).position(|it| it as usize == home));
            rows.push(up.map_or(-1.0, |it| it as f32));
        }
        let article =
            page.chain(block.holder).take(FAR).find(|it| &*page.holders[*it as usize].tag == "article");
        let (kept, words) = article.map_or((-1.0, 1.0), |it| sums[it as usize]);
        rows.push(kept / mass);
        rows.push(kept / words.max(1.0));
        let home_share = homes[0].map_or(0.0, |it| sums[it].0 / sums[it].1.max(1.0));
        rows.push(home_share);
        rows.push((1.0 + mass).ln());
        rows.push(sums[0].0 / sums[0].1.max(1.0));
        debug_assert_eq!(rows.len() - start, SECOND);
    }
    rows
}
