//! Which language a text is in: by its script, its commonest words and its own letters; where these do not settle it, by
//! how likely its runs of letters are in each language. What the page or feed claims counts for as much as a few words.

pub mod letters;

#[cfg(test)]
mod tests;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::OnceLock};

use letters::Letters;
use news::Language;

use crate::{
    names::training::{Hashed, fold_hash},
    sentences::up_to,
};

/// So much of the body decides.
const READ: usize = 400;
const LISTS: &str = include_str!("../../data/stop-words.txt");
/// From this much evidence of words on, and nearly twice as much as any other language has, nothing else is asked.
const CLEAR: f32 = 4.0;
/// So many letters are read for their runs.
const RUNS: usize = 160;
/// What a word that only one language has counts for, what the claim does, and what it costs to have no table of letters;
/// chosen on pairs of words.
const WORD: f32 = 4.0;
const CLAIM: f32 = 8.0;
const UNKNOWN: f32 = 8.0;
/// Letters that few languages have.
const LETTERS: &[(&str, &str)] = &[
    ("pl", "ąęłńśźżĄĘŁŃŚŹŻ"),
    ("de", "ßäöüÄÖÜ"),
    ("fr", "çœèêùëïûàÇÈÊÀ"),
    ("es", "ñ¿¡Ñ"),
    ("pt", "ãõçÃÕÇ"),
    ("it", "èàòùìÈ"),
    ("sv", "åäöÅÄÖ"),
    ("da", "æøåÆØÅ"),
    ("no", "æøåÆØÅ"),
    ("fi", "äöÄÖ"),
    ("cs", "ěřůčšžýŘŠČŽ"),
    ("sk", "ľĺŕôčšžýŠČŽ"),
    ("hu", "őűöüŐŰ"),
    ("ro", "ășțâîşţĂȘȚÎ"),
    ("tr", "ğışçİŞĞ"),
    ("vi", "đơưạảấầẩậắằặẹẻẽếềểệịọỏốồổộớờởợụủứừửựỳỹĐ"),
    ("hr", "čćžšđČĆŽŠĐ"),
    ("sl", "čžšČŽŠ"),
    ("lt", "ėųūįčšžąęŽŠČ"),
    ("lv", "āēīūņļķģŠŽČ"),
    ("et", "õäöüÕÄÖÜ"),
    ("ca", "çŀòÇ"),
    ("sq", "ëçËÇ"),
    ("uk", "іїєґІЇЄҐ"),
    ("ru", "ыэъёЫЭЁ"),
    ("be", "ўЎі"),
    ("sr", "ђћџљњјЂЋЏЉЊЈ"),
    ("mk", "ѓќѕјљњЃЌ"),
    ("bg", "ъщЪЩ"),
    ("fa", "پچژگ"),
    ("ur", "ٹڈڑےںہ"),
];

pub fn language(title: &str, body: &str, claimed: Option<&Language>) -> Language {
    let body = up_to(body, READ);
    let claimed = claimed.map(plain);
    let scripts = Scripts::of(title, body);
    if let Some(code) = scripts.decides(claimed.as_deref()) {
        return Language(code.to_owned());
    }
    let found = lists().evidence(title, body);
    let (best, most) = found.first().copied().unwrap_or(("", 0.0));
    let second = found.get(1).map_or(0.0, |it| it.1);
    // Words of a language without a list count for those like it: only the commonest may be told by words alone.
    let contradicted = claimed.as_deref().is_some_and(|it| it != best);
    if best == "en" && CLEAR <= most && 1.6 * second <= most && (!contradicted || 2.0 * CLEAR <= most) {
        return Language(best.to_owned());
    }
    Language(likeliest(title, body, claimed.as_deref(), scripts.most, &found))
}

/// Where words alone do not settle it: words, runs of letters and the claim together, as logarithms of chances.
fn likeliest(
    title: &str,
    body: &str,
    claimed: Option<&str>,
    script: Script,
    found: &[(&'static str, f32)],
) -> String {
    let words = |code: &str| found.iter().find(|it| it.0 == code).map_or(0.0, |it| it.1);
    let said = |code: &str| if claimed == Some(code) { CLAIM } else { 0.0 };
    let mut best: Option<(f32, &str)> = None;
    let mut offer = |code, score| {
        if best.is_none_or(|(most, _)| most < score) {
            best = Some((score, code));
        }
    };
    let table = match script {
        Script::Latin => tables().first(),
        Script::Cyrillic => tables().get(1),
        Script::Arabic => tables().get(2),
        Script::Devanagari => tables().get(3),
        _ => None,
    };
    let unlikely = table.map(|table| table.unlikely([title, body], RUNS)).unwrap_or_default();
    let least = unlikely.iter().copied().fold(f32::MAX, f32::min);
    let codes = table.map_or(&[][..], |table| &table.codes[..]);
    for (code, unlikely) in codes.iter().zip(&unlikely) {
        offer(code, WORD * words(code) + said(code) + common(code) - (unlikely - least));
    }
    // Languages of which only words are known must have more of them to show.
    for (code, words) in found.iter().filter(|(code, _)| !codes.iter().any(|it| it == code)) {
        offer(code, WORD * words + said(code) - UNKNOWN);
    }
    // A claimed language that we know nothing of.
    if let Some(claimed) = claimed.filter(|it| words(it) == 0.0 && !codes.iter().any(|code| code == it)) {
        offer(claimed, CLAIM - UNKNOWN);
    }
    best.map_or("en", |it| it.1).to_owned()
}

/// What most news is in is likelier before anything is read.
fn common(code: &str) -> f32 {
    match code {
        "en" => 2.0,
        "es" | "fr" | "de" | "pt" | "it" | "ru" | "id" => 1.0,
        "hi" => 3.0,
        "af" | "eu" | "ca" => -1.0,
        "ms" => -3.0,
        _ => 0.0,
    }
}

/// "en-GB" is English.
fn plain(language: &Language) -> String {
    let code = language.0.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
    match code.as_str() {
        "nb" | "nn" => "no".into(),
        "iw" => "he".into(),
        "in" => "id".into(),
        "fil" => "tl".into(),
        _ => code,
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Latin,
    Cyrillic,
    Arabic,
    Devanagari,
    Kana,
    Han,
    /// Of one language.
    Own(&'static str),
    None,
}

struct Scripts {
    most: Script,
    kana: u32,
    han: u32,
}

impl Scripts {
    fn of(title: &str, body: &str) -> Scripts {
        let mut counts: Vec<(Script, u32)> = vec![(Script::Latin, 0)];
        for text in [title, body] {
            let ascii = text.bytes().filter(u8::is_ascii_alphabetic).count() as u32;
            counts[0].1 += ascii;
            if text.is_ascii() {
                continue;
            }
            for script in text.chars().filter(|c| !c.is_ascii()).map(script) {
                match counts.iter_mut().find(|it| it.0 == script) {
                    Some(count) => count.1 += 1,
                    None => counts.push((script, 1)),
                }
            }
        }
        let count = |sought: Script| counts.iter().find(|it| it.0 == sought).map_or(0, |it| it.1);
        // A sign of a script without spaces says as much as several letters.
        let weight = |it: &(Script, u32)| match it.0 {
            Script::None => 0,
            Script::Han | Script::Kana => 3 * it.1,
            Script::Own("ko" | "th") => 2 * it.1,
            _ => it.1,
        };
        let most = counts
            .iter()
            .max_by_key(|it| weight(it))
            .filter(|it| 0 < weight(it))
            .map_or(Script::None, |it| it.0);
        Scripts { most, kana: count(Script::Kana), han: count(Script::Han) }
    }

    fn decides<'a>(&self, claimed: Option<&'a str>) -> Option<&'a str> {
        match self.most {
            Script::Own(code) => Some(code),
            // Japanese mixes both; kana are never in Chinese, but for a quoted name.
            Script::Kana | Script::Han if self.han < 12 * self.kana => Some("ja"),
            Script::Kana => Some("ja"),
            Script::Han if claimed == Some("ja") && self.han + self.kana < 12 => Some("ja"),
            Script::Han => Some("zh"),
            Script::None => claimed.or(Some("en")),
            Script::Latin | Script::Cyrillic | Script::Arabic | Script::Devanagari => None,
        }
    }
}

fn script(c: char) -> Script {
    match c {
        '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' => Script::Latin,
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' | '\u{fb50}'..='\u{fdff}' => Script::Arabic,
        '\u{900}'..='\u{97f}' => Script::Devanagari,
        '\u{3041}'..='\u{30ff}' => Script::Kana,
        '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}' => Script::Han,
        '\u{ac00}'..='\u{d7a3}' | '\u{1100}'..='\u{11ff}' => Script::Own("ko"),
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Script::Own("el"),
        '\u{590}'..='\u{5ff}' => Script::Own("he"),
        '\u{e00}'..='\u{e7f}' => Script::Own("th"),
        '\u{980}'..='\u{9ff}' => Script::Own("bn"),
        '\u{a00}'..='\u{a7f}' => Script::Own("pa"),
        '\u{a80}'..='\u{aff}' => Script::Own("gu"),
        '\u{b00}'..='\u{b7f}' => Script::Own("or"),
        '\u{b80}'..='\u{bff}' => Script::Own("ta"),
        '\u{c00}'..='\u{c7f}' => Script::Own("te"),
        '\u{c80}'..='\u{cff}' => Script::Own("kn"),
        '\u{d00}'..='\u{d7f}' => Script::Own("ml"),
        '\u{d80}'..='\u{dff}' => Script::Own("si"),
        '\u{e80}'..='\u{eff}' => Script::Own("lo"),
        '\u{1000}'..='\u{109f}' => Script::Own("my"),
        '\u{10a0}'..='\u{10ff}' => Script::Own("ka"),
        '\u{530}'..='\u{58f}' => Script::Own("hy"),
        '\u{1200}'..='\u{137f}' => Script::Own("am"),
        '\u{1780}'..='\u{17ff}' => Script::Own("km"),
        _ => Script::None,
    }
}

fn tables() -> &'static [Letters] {
    static TABLES: OnceLock<Vec<Letters>> = OnceLock::new();
    TABLES.get_or_init(letters::of_repository)
}

/// For each common word the languages it is common in, as bits.
struct Lists {
    codes: Vec<&'static str>,
    words: HashMap<u32, u64, BuildHasherDefault<Hashed>>,
    letters: HashMap<char, u64>,
}

fn lists() -> &'static Lists {
    static READ: OnceLock<Lists> = OnceLock::new();
    READ.get_or_init(|| {
        let mut lists = Lists { codes: Vec::new(), words: HashMap::default(), letters: HashMap::new() };
        for line in LISTS.lines().filter(|line| !line.starts_with('#')) {
            let mut words = line.split(' ');
            let bit = 1_u64 << lists.codes.len();
            lists.codes.extend(words.next());
            words.for_each(|word| *lists.words.entry(fold_hash(word)).or_default() |= bit);
        }
        for (code, letters) in LETTERS {
            let place = lists.codes.iter().position(|it| it == code);
            let bit = place.map_or(0, |place| 1_u64 << place);
            letters.chars().for_each(|letter| *lists.letters.entry(letter).or_default() |= bit);
        }
        lists
    })
}

impl Lists {
    /// Languages by how much speaks for them, most first. A word of many languages says little.
    fn evidence(&self, title: &str, body: &str) -> Vec<(&'static str, f32)> {
        let mut sums = [0.0_f32; 64];
        let mut vote = |languages: u64, weight: f32| {
            let weight = weight / (languages.count_ones() as f32).sqrt();
            let mut left = languages;
            while left != 0 {
                sums[left.trailing_zeros() as usize] += weight;
                left &= left - 1;
            }
        };
        for text in [title, body] {
            for word in
                text.split(|c: char| !c.is_alphanumeric() && !is_mark(c)).filter(|word| !word.is_empty())
            {
                if let Some(&languages) = self.words.get(&fold_hash(word)) {
                    vote(languages, 1.0);
                }
            }
            if !text.is_ascii() {
                for letter in text.chars().filter(|c| !c.is_ascii()) {
                    if let Some(&languages) = self.letters.get(&letter) {
                        vote(languages, 0.4);
                    }
                }
            }
        }
        let mut found: Vec<(&'static str, f32)> =
            self.codes.iter().zip(sums).filter(|it| 0.0 < it.1).map(|(code, sum)| (*code, sum)).collect();
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }
}

/// Vowel signs of Indic scripts belong to their word.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{64b}'..='\u{65f}' | '\u{300}'..='\u{36f}')
}
