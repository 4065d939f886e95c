//! Words of short texts (headlines, names) as hashes of their folded letters: two spellings of one word are one.

/// A word as the hash of its letters, in lower case and without common accents.
pub type Word = u64;

/// Letters and digits in lower case; 0 for all that stands between words.
pub const LETTERS: [u8; 256] = {
    let mut letters = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            letters[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    letters
};

/// The `s` after an apostrophe is no word.
pub fn is_possessive(text: &[u8], at: usize) -> bool {
    0 < at
        && text[at - 1] == b'\''
        && text[at].eq_ignore_ascii_case(&b's')
        && text.get(at + 1).is_none_or(|it| LETTERS[usize::from(*it)] == 0)
}

/// The next word of a text without accents, as [`each_word`] hashes it.
pub fn next_word(text: &[u8], at: &mut usize) -> Option<Word> {
    loop {
        while LETTERS[usize::from(*text.get(*at)?)] == 0 {
            *at += 1;
        }
        let (begins, mut hash) = (*at, EMPTY);
        while let Some(&byte) = text.get(*at)
            && LETTERS[usize::from(byte)] != 0
        {
            hash = (hash ^ u64::from(LETTERS[usize::from(byte)])).wrapping_mul(PRIME);
            *at += 1;
        }
        if !is_possessive(text, begins) {
            return Some(hash);
        }
    }
}

// FNV-1a.
const EMPTY: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0100_0000_01b3;

/// The key of a name by which beliefs are found: the same however it is spelt.
pub fn key(text: &str) -> u64 {
    let mut key = 0_u64;
    each_word(text, |word| key = key.rotate_left(7) ^ word);
    key
}

/// Hashes each word, folded as `Name::key` folds: lower case, without common accents. A possessive `'s` is no word.
pub fn each_word(text: &str, mut say: impl FnMut(Word)) {
    if text.is_ascii() {
        let mut at = 0;
        while let Some(word) = next_word(text.as_bytes(), &mut at) {
            say(word);
        }
        return;
    }
    let (mut hash, mut letters, mut after_apostrophe) = (EMPTY, 0, false);
    let mut end = |hash: &mut u64, letters: &mut u32, possessive: bool, just_s: bool| {
        if 0 < *letters && !(possessive && just_s) {
            say(*hash);
        }
        (*hash, *letters) = (EMPTY, 0);
    };
    let mut just_s = false;
    for c in text.chars() {
        if c.is_ascii() {
            let byte = c as u8;
            if byte.is_ascii_alphanumeric() {
                just_s = letters == 0 && byte.eq_ignore_ascii_case(&b's');
                hash = (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(PRIME);
                letters += 1;
                continue;
            }
        } else if c.is_alphanumeric() {
            just_s = false;
            for c in c.to_lowercase() {
                hash = (hash ^ plain(c) as u64).wrapping_mul(PRIME);
                letters += 1;
            }
            continue;
        }
        end(&mut hash, &mut letters, after_apostrophe, just_s);
        after_apostrophe = matches!(c, '\'' | '’');
    }
    end(&mut hash, &mut letters, after_apostrophe, just_s);
}

pub fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ą' | 'ă' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì' | 'í' | 'î' | 'ï' | 'ī' => 'i',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ł' => 'l',
        'ś' | 'š' | 'ș' | 'ş' => 's',
        'ź' | 'ż' | 'ž' => 'z',
        'ř' => 'r',
        'đ' | 'ď' => 'd',
        'ť' | 'ț' => 't',
        'ğ' => 'g',
        c => c,
    }
}
