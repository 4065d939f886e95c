//! Which of many words stand anywhere in a short text, in one pass over it.

/// Words in order, found by their first letter.
pub struct Spotter {
    /// For each first letter where its words begin; they end where the next letter's begin.
    begins: [u16; 257],
    /// For each first letter which letters come second, a bit for each: most places are passed by.
    seconds: Vec<[u64; 4]>,
    words: Vec<(&'static [u8], u32)>,
}

impl Spotter {
    /// Each group of words, of two letters at least, under the flag that finding one of them raises.
    pub fn of(groups: &[(u32, &[&'static str])]) -> Spotter {
        let all = groups.iter().flat_map(|(flag, words)| words.iter().map(|it| (it.as_bytes(), *flag)));
        let mut words: Vec<(&[u8], u32)> = all.filter(|(it, _)| 1 < it.len()).collect();
        words.sort();
        let mut begins = [0; 257];
        for (byte, begin) in begins.iter_mut().enumerate() {
            *begin = words.partition_point(|(it, _)| usize::from(it[0]) < byte) as u16;
        }
        let mut seconds = vec![[0; 4]; 256];
        for (word, _) in &words {
            seconds[usize::from(word[0])][usize::from(word[1] / 64)] |= 1 << (word[1] % 64);
        }
        Spotter { begins, seconds, words }
    }

    /// The flags of all words that stand in it.
    pub fn spot(&self, text: &[u8]) -> u32 {
        let mut flags = 0;
        for (at, two) in text.windows(2).enumerate() {
            let (first, second) = (usize::from(two[0]), two[1]);
            if self.seconds[first][usize::from(second / 64)] >> (second % 64) & 1 == 0 {
                continue;
            }
            let from_here = &text[at..];
            for (word, flag) in &self.words[self.begins[first].into()..self.begins[first + 1].into()] {
                if from_here.starts_with(word) {
                    flags |= flag;
                }
            }
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::Spotter;

    #[test]
    fn words_are_found_anywhere_and_only_whole() {
        let spotter = Spotter::of(&[(1, &["byline", "author"]), (2, &["date"]), (4, &["live-post"])]);
        for (text, expected) in [
            ("", 0),
            ("c-byline__name", 1),
            ("update", 2),
            ("author-and-date", 3),
            ("live-pos", 0),
            ("a-live-post", 4),
            ("älive-post", 4),
        ] {
            assert_eq!(spotter.spot(text.as_bytes()), expected, "{text}");
        }
    }
}
