//! The pieces of a Unigram vocabulary (Kudo 2018, "Subword Regularization"), as SentencePiece trains them and
//! `tokenizer.json` keeps them: what models of many languages use. Of all ways to cut a word into pieces the likeliest.

use std::collections::HashMap;

use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

/// What no piece covers costs so much more than the unlikeliest piece, as in the reference.
const UNKNOWN: f64 = 10.0;
/// Words longer than this are cut: nobody reads them, and their beginning says what they are.
const LONGEST_WORD: usize = 400;
/// Stands before each word.
const SPACE: char = '▁';

pub struct Unigram {
    pieces: HashMap<Box<str>, (u32, f64)>,
    count: usize,
    /// Bytes of the longest.
    longest: usize,
    /// Of a character that no piece covers.
    unlikely: f64,
    unknown: u32,
    pub begin: u32,
    pub end: u32,
}

impl Unigram {
    /// Reads a `tokenizer.json`; what it asks for and is not done here is refused, so that nothing wrong is computed in
    /// silence.
    pub fn read(tokenizer: &Value) -> Result<Unigram, String> {
        let model = &tokenizer["model"];
        let kind = model["type"].as_str().unwrap_or("not told");
        if kind != "Unigram" {
            return Err(format!("its tokenizer is of kind {kind}; Unigram alone can be read from there"));
        }
        if model["byte_fallback"] == Value::Bool(true) {
            return Err("its tokenizer falls back on bytes; that cannot be run".into());
        }
        known("normalizer", &tokenizer["normalizer"], &["Precompiled", "NFKC", "Replace", "Strip"])?;
        known("pre_tokenizer", &tokenizer["pre_tokenizer"], &["WhitespaceSplit", "Metaspace"])?;
        let rows = model["vocab"].as_array().ok_or("its vocabulary is missing")?;
        let mut pieces: HashMap<Box<str>, (u32, f64)> = HashMap::with_capacity(rows.len());
        for (id, row) in rows.iter().enumerate() {
            let (piece, score) = (row[0].as_str(), row[1].as_f64().filter(|it| it.is_finite()));
            let (piece, score) =
                piece.zip(score).ok_or("a piece without its likelihood is in its vocabulary")?;
            pieces.insert(piece.into(), (u32::try_from(id).map_err(|_| "too many pieces")?, score));
        }
        let mark = |names: [&str; 2]| {
            let found = names.iter().find_map(|it| pieces.get(*it));
            found.map(|it| it.0).ok_or(format!("{} is not in its vocabulary", names[0]))
        };
        let least = pieces.values().map(|it| it.1).fold(f64::INFINITY, f64::min);
        let unknown = model["unk_id"].as_u64().and_then(|it| u32::try_from(it).ok());
        Ok(Unigram {
            count: rows.len(),
            longest: pieces.keys().map(|it| it.len()).max().unwrap_or(0),
            unlikely: least - UNKNOWN,
            unknown: unknown
                .filter(|it| (*it as usize) < rows.len())
                .ok_or("it has no piece for the unknown")?,
            begin: mark(["<s>", "[CLS]"])?,
            end: mark(["</s>", "[SEP]"])?,
            pieces,
        })
    }

    pub fn len(&self) -> usize {
        self.count
    }

    /// Appends the pieces of the text, at most `limit` of them.
    pub fn pieces(&self, text: &str, limit: usize, ids: &mut Vec<u32>) {
        let limit = ids.len() + limit;
        // Characters that look alike are one; controls are no text, and some of them stand for spaces.
        let plain: String = text.chars().filter_map(seen).nfkc().collect();
        for word in plain.split_whitespace() {
            let word: String = std::iter::once(SPACE).chain(word.chars().take(LONGEST_WORD)).collect();
            self.split_word(&word, ids);
            if limit <= ids.len() {
                break;
            }
        }
        ids.truncate(limit);
    }

    fn split_word(&self, word: &str, ids: &mut Vec<u32>) {
        // The likeliest way to each place: how likely, from where, by which piece.
        let mut ways: Vec<Option<(f64, usize, u32)>> = vec![None; word.len() + 1];
        ways[0] = Some((0.0, 0, self.unknown));
        for (from, c) in word.char_indices() {
            let Some((so_far, ..)) = ways[from] else { continue };
            let mut covered = false;
            let ends = word[from..].char_indices().map(|(at, c)| at + c.len_utf8());
            for length in ends.take_while(|it| *it <= self.longest) {
                let Some(&(id, score)) = self.pieces.get(&word[from..from + length]) else { continue };
                better(&mut ways[from + length], (so_far + score, from, id));
                covered |= length == c.len_utf8();
            }
            if !covered {
                better(&mut ways[from + c.len_utf8()], (so_far + self.unlikely, from, self.unknown));
            }
        }
        let first = ids.len();
        let mut at = word.len();
        while let Some((_, from, id)) = ways[at].filter(|_| 0 < at) {
            // Unknown ones beside each other are one.
            if id != self.unknown || ids.len() == first || ids.last() != Some(&id) {
                ids.push(id);
            }
            at = from;
        }
        ids[first..].reverse();
    }
}

fn better(way: &mut Option<(f64, usize, u32)>, other: (f64, usize, u32)) {
    if way.is_none_or(|it| it.0 < other.0) {
        *way = Some(other);
    }
}

/// As SentencePiece's `nmt_nfkc` has it, before the characters are made alike.
fn seen(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' | '\u{c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}'
        | '\u{feff}' | '\u{fffd}' => Some(' '),
        '\u{0}'..='\u{1f}' | '\u{7f}' | '\u{8f}' | '\u{9f}' => None,
        _ => Some(c),
    }
}

/// Steps before the pieces, each by itself or in a sequence.
fn known(what: &str, step: &Value, kinds: &[&str]) -> Result<(), String> {
    let inside = ["normalizers", "pretokenizers"].iter().find_map(|it| step[*it].as_array());
    let steps = inside.map_or(std::slice::from_ref(step), Vec::as_slice);
    for step in steps.iter().filter(|it| !it.is_null()) {
        let kind = step["type"].as_str().unwrap_or("not told");
        if !kinds.contains(&kind) {
            return Err(format!("its {what} has a step {kind}; only {} can be run", kinds.join(", ")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Pieces of our own, with how likely they are.
    fn tokenizer() -> Value {
        json!({
            "normalizer": {"type": "Sequence", "normalizers": [{"type": "Precompiled"}, {"type": "Replace"}]},
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Metaspace"}]},
            "model": {"type": "Unigram", "unk_id": 3, "vocab": [
                ["<s>", 0.0], ["<pad>", 0.0], ["</s>", 0.0], ["<unk>", 0.0],
                ["▁", -4.0], ["▁dam", -6.0], ["s", -3.0], ["▁d", -5.0], ["am", -5.5], ["ams", -7.0], ["雨", -6.0],
            ]},
        })
    }

    fn check(text: &str, expected: &[u32]) {
        let mut ids = Vec::new();
        Unigram::read(&tokenizer()).unwrap().pieces(text, 100, &mut ids);
        assert_eq!(ids, expected, "{text}");
    }

    #[test]
    fn a_word_is_cut_in_the_likeliest_way() {
        // "▁dam" and "s": -9; "▁d" and "ams": -12.
        check("dams  dam", &[5, 6, 5]);
        check("am\u{200b}\tdam", &[4, 8, 5]);
        check("", &[]);
        check(" \n", &[]);
    }

    #[test]
    fn what_no_piece_covers_is_unknown_once() {
        check("雨xyz雨", &[4, 10, 3, 10]);
        check("ｄａｍ", &[5]);
    }

    #[test]
    fn a_text_has_so_many_pieces_at_most_and_an_endless_word_ends() {
        let unigram = Unigram::read(&tokenizer()).unwrap();
        let mut ids = vec![unigram.begin];
        unigram.pieces(&"dam ".repeat(1_000), 7, &mut ids);
        assert_eq!(ids.len(), 8);
        ids.clear();
        unigram.pieces(&"s".repeat(1_000_000), 2_000, &mut ids);
        assert_eq!(ids.len(), 1 + LONGEST_WORD);
    }

    #[test]
    fn what_it_cannot_do_is_refused_in_words() {
        for (at, with, says) in [
            ("/model/type", json!("BPE"), "of kind BPE"),
            ("/model/vocab", json!(null), "vocabulary is missing"),
            ("/model/vocab/4", json!(["▁"]), "without its likelihood"),
            ("/model/vocab/0", json!(["<x>", 0.0]), "<s> is not in"),
            ("/model/unk_id", json!(70), "no piece for the unknown"),
            ("/normalizer", json!({"type": "Lowercase"}), "step Lowercase"),
            ("/pre_tokenizer/pretokenizers/0", json!({"type": "ByteLevel"}), "step ByteLevel"),
        ] {
            let mut changed = tokenizer();
            *changed.pointer_mut(at).unwrap() = with;
            let error = Unigram::read(&changed).err().unwrap_or_default();
            assert!(error.contains(says), "{at}: {error}");
        }
    }
}
