//! How the members of a story say a word, a name or a number: eight bytes each.

/// So many words, names and numbers a story keeps: those that weigh most. Never more, so that an allocation has a size
/// of which there are many.
pub const WORDS: usize = 96;
pub const NAMES: usize = 40;
pub const NUMBERS: usize = 24;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Said {
    pub hash: u32,
    /// Its weight in a member's vector of length 1, mean of all members. Of a name: how many say it as a person's.
    weight: u16,
    /// Its share of a headline (of the names), mean of all members.
    told: u8,
    /// The share of members that say it.
    share: u8,
}

/// Of one article, before it is packed.
pub struct Telling {
    pub hash: u32,
    pub weight: f32,
    pub told: f32,
}

const WEIGHTS: f32 = 65_535.0;
const SHARES: f32 = 255.0;
/// Little beside what is told of a name, which alone decides whether it is kept.
const PERSON: u16 = 127;

impl Said {
    pub fn weight(&self) -> f32 {
        f32::from(self.weight) / WEIGHTS
    }

    pub fn told(&self) -> f32 {
        f32::from(self.told) / SHARES
    }

    pub fn share(&self) -> f32 {
        f32::from(self.share) / SHARES
    }

    /// Whether most of those who say the name say it as a person's.
    pub fn is_person(&self) -> bool {
        let (person, said) = (u32::from(self.weight), u32::from(self.share));
        0 < person && said * u32::from(PERSON) <= 2 * person * u32::from(u8::MAX)
    }

    /// What keeps it when there are too many.
    fn counts(&self) -> u32 {
        u32::from(self.weight) + 128 * u32::from(self.told)
    }
}

/// By hash.
pub fn of_one(mut all: Vec<Telling>) -> Box<[Said]> {
    let length = all.iter().map(|it| it.weight * it.weight).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
    let told = all.iter().map(|it| it.told).sum::<f32>().max(f32::MIN_POSITIVE);
    all.sort_unstable_by_key(|it| it.hash);
    all.dedup_by_key(|it| it.hash);
    let said = |it: Telling| Said {
        hash: it.hash,
        weight: (it.weight / length * WEIGHTS).round() as u16,
        told: (it.told / told * SHARES).round() as u8,
        share: u8::MAX,
    };
    all.into_iter().map(said).collect()
}

/// A name's words, its weight among the names, and whether it is a person's.
pub fn names_of_one(all: Vec<(u32, f32, bool)>) -> Box<[Said]> {
    let people: Vec<u32> = all.iter().filter(|it| it.2).map(|it| it.0).collect();
    let telling = |(hash, told, _)| Telling { hash, weight: 0.0, told };
    let mut names = of_one(all.into_iter().map(telling).collect());
    for name in names.iter_mut().filter(|it| people.contains(&it.hash)) {
        name.weight = PERSON;
    }
    names
}

/// What `of` members say and what `more` others say; the `most` most telling.
pub fn together(a: &[Said], of: u32, b: &[Said], more: u32, most: usize) -> Box<[Said]> {
    const NOT: Said = Said { hash: 0, weight: 0, told: 0, share: 0 };
    let mut all: Vec<Said> = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    loop {
        let hash = match (a.peek(), b.peek()) {
            (Some(a), Some(b)) => a.hash.min(b.hash),
            (Some(it), None) | (None, Some(it)) => it.hash,
            (None, None) => break,
        };
        let mine = a.next_if(|it| it.hash == hash).unwrap_or(&NOT);
        let its = b.next_if(|it| it.hash == hash).unwrap_or(&NOT);
        let mean = |mine: u32, its: u32| {
            (u64::from(mine) * u64::from(of) + u64::from(its) * u64::from(more), u64::from(of + more).max(1))
        };
        let fair = |mine: u8, its: u8| {
            let (sum, all) = mean(mine.into(), its.into());
            fairly_rounded(sum, all, hash) as u8
        };
        let (sum, count) = mean(mine.weight.into(), its.weight.into());
        all.push(Said {
            hash,
            weight: ((2 * sum + count) / (2 * count)) as u16,
            told: fair(mine.told, its.told),
            share: fair(mine.share, its.share),
        });
    }
    if most < all.len() {
        // Ties go by hash.
        all.select_nth_unstable_by(most, |a, b| b.counts().cmp(&a.counts()).then(a.hash.cmp(&b.hash)));
        all.truncate(most);
        all.sort_unstable_by_key(|it| it.hash);
    }
    // Copied: an allocation that is only made shorter keeps its room.
    all.as_slice().into()
}

/// Up as often as the rest says, by a rule that is the same in every run: always to the nearest, a share among very many
/// members would never change again.
fn fairly_rounded(sum: u64, count: u64, hash: u32) -> u64 {
    let spread = (u64::from(hash) ^ count).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    let (whole, rest) = (sum / count, sum % count);
    whole + u64::from((spread * count) >> 24 < rest)
}

pub fn length(all: &[Said]) -> f32 {
    all.iter().map(|it| it.weight() * it.weight()).sum::<f32>().sqrt()
}

/// Those that both say, and where the first has it; both are sorted by hash.
pub fn shared<'a>(a: &'a [Said], b: &'a [Said]) -> impl Iterator<Item = (usize, &'a Said, &'a Said)> {
    let mut other = b.iter().peekable();
    a.iter().enumerate().filter_map(move |(at, mine)| {
        while other.next_if(|it| it.hash < mine.hash).is_some() {}
        other.next_if(|it| it.hash == mine.hash).map(|its| (at, mine, its))
    })
}
