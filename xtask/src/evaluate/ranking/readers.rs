//! Simulated readers: what they want is known, so every list can be judged.

use std::collections::HashMap;

use news::{Because, Interests, ReaderId, ReaderSettings, Signal, SignalId, SignalKind, Timestamp};
use rank::{Candidate, Profile, Quality, quality};

use super::{corpus::Item, oracle::Batch};

/// How much is known of a reader when the future is ranked: so many stories were opened.
pub const SIGNALS: [usize; 5] = [0, 3, 10, 30, 100];
/// Articles in one list, both those learnt from and those judged.
const LIST: usize = 20;
const JUDGED: usize = 50;
/// A reader opens so much of what they care for, and of the rest, when they look at a list.
const OPENS: f64 = 0.8;
const STRAYS: f64 = 0.02;

pub struct SimulatedReader {
    pub labels: Vec<String>,
    seed: u64,
}

impl SimulatedReader {
    pub fn wants(&self, item: &Item) -> bool {
        item.labels.iter().any(|label| self.labels.contains(label))
    }

    fn opens(&self, item: &Item) -> bool {
        let chance = if self.wants(item) { OPENS } else { STRAYS };
        dice(self.seed ^ item.sketch.story.0 as u64) < chance
    }
}

/// Readers with one to three labels each, of those that 0.5 % to 35 % of the articles carry.
pub fn make(items: &[Item], count: u64) -> Vec<SimulatedReader> {
    let mut often: HashMap<&str, usize> = HashMap::new();
    for label in items.iter().flat_map(|it| &it.labels) {
        *often.entry(label).or_default() += 1;
    }
    let usable = |n: usize| (items.len() / 200).max(5) <= n && n <= items.len() * 35 / 100;
    let mut labels: Vec<&str> = often.iter().filter(|(_, n)| usable(**n)).map(|(label, _)| *label).collect();
    labels.sort();
    let pick = |seed: u64| labels.get((dice(seed) * labels.len() as f64) as usize).map(|it| (*it).to_owned());
    let readers = (0..count).map(|seed| {
        let mut labels: Vec<String> = (0..=seed % 3).filter_map(|n| pick(seed * 7 + n)).collect();
        labels.sort();
        labels.dedup();
        SimulatedReader { labels, seed: seed.wrapping_mul(0xA076_1D64_78BD_642F) }
    });
    readers.filter(|it| !it.labels.is_empty()).collect()
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Judge {
    Newest,
    /// By how many of the other simulated readers opened it.
    Popularity,
    /// By the angle to the mean TF-IDF vector of what was opened.
    TextSimilarity,
    Tidings,
    /// A ceiling: all that the reader met in one batch, with what they did of it.
    Batch,
    /// A higher one: the same, told what they truly want.
    Told,
    Without(&'static str),
}

impl Judge {
    pub fn name(self) -> String {
        match self {
            Judge::Newest => "newest".into(),
            Judge::Popularity => "popularity".into(),
            Judge::TextSimilarity => "text similarity".into(),
            Judge::Tidings => "tidings".into(),
            Judge::Batch => "batch, all at once".into(),
            Judge::Told => "batch, told the truth".into(),
            Judge::Without(feature) => format!("  without {feature}"),
        }
    }
}

pub struct Row {
    pub judge: Judge,
    pub signals: usize,
    pub quality: Quality,
}

/// Every way of ranking, after each number of signals: the mean over readers of the mean over lists.
pub fn judge_all(items: &[Item], readers: &[SimulatedReader]) -> Vec<Row> {
    let (past, future) = items.split_at(items.len() * 6 / 10);
    let similarity = TextSimilarity::new(past);
    let mut found: HashMap<(usize, usize), Vec<Quality>> = HashMap::new();
    let judges = judges();
    for reader in readers {
        for (s, &signals) in SIGNALS.iter().enumerate() {
            let seen = history(past, reader, signals);
            let learnt = profile(learn(&seen));
            for (j, &judge) in judges.iter().enumerate() {
                let once = matches!(judge, Judge::Newest | Judge::Popularity);
                let detail = matches!(judge, Judge::Without(_));
                let ceiling = matches!(judge, Judge::Batch | Judge::Told);
                if once && s != 0 || ceiling && signals < 30 || detail && s != SIGNALS.len() - 2 {
                    continue;
                }
                let batch = ceiling.then(|| {
                    let truth = |item: &Item, opened: bool| match judge {
                        Judge::Told => reader.wants(item),
                        _ => opened,
                    };
                    let met = seen.iter().map(|(item, opened)| (*item, truth(item, *opened)));
                    Batch::fit(&met.collect::<Vec<_>>(), &similarity)
                });
                let lists = future.chunks(JUDGED).filter_map(|list| {
                    let scores = match &batch {
                        Some(batch) => list.iter().map(|it| batch.score(it, &similarity)).collect(),
                        None => score(judge, list, reader, readers, &seen, &learnt, &similarity),
                    };
                    let wanted = list.iter().map(|it| reader.wants(it));
                    quality(&scores.into_iter().zip(wanted).collect::<Vec<_>>())
                });
                let lists: Vec<Quality> = lists.collect();
                if !lists.is_empty() {
                    found.entry((j, s)).or_default().push(Quality::mean(&lists));
                }
            }
        }
    }
    let mut rows: Vec<_> = found.into_iter().collect();
    rows.sort_by_key(|(at, _)| *at);
    let row = |((j, s), all): ((usize, usize), Vec<Quality>)| Row {
        judge: judges[j],
        signals: SIGNALS[s],
        quality: Quality::mean(&all),
    };
    rows.into_iter().map(row).collect()
}

fn judges() -> Vec<Judge> {
    let mut judges = vec![
        Judge::Newest,
        Judge::Popularity,
        Judge::TextSimilarity,
        Judge::Tidings,
        Judge::Batch,
        Judge::Told,
    ];
    // Only what single articles of a labelled file can have; the others say nothing here.
    judges.extend(["taste", "names", "topics", "source", "fresh"].map(Judge::Without));
    judges
}

/// The lists that the reader looked at last, until they had opened so many stories.
pub fn history<'a>(past: &'a [Item], reader: &SimulatedReader, signals: usize) -> Vec<(&'a Item, bool)> {
    let (mut seen, mut opened) = (Vec::new(), 0);
    for item in past.iter().rev() {
        if opened == signals {
            break;
        }
        let opens = reader.opens(item);
        opened += usize::from(opens);
        seen.push((item, opens));
    }
    seen.reverse();
    seen
}

/// Folds the history as the pipeline would: shown in lists, with the reasons of that moment, and opened or not.
pub fn learn(seen: &[(&Item, bool)]) -> Interests {
    let (learning, ranking) = (learn::Policy::default(), rank::Policy::default());
    let mut interests = Interests::default();
    for list in seen.chunks(LIST) {
        let at = list.last().map_or(Timestamp(0), |(it, _)| it.sketch.last_grew);
        let candidates: Vec<Candidate> = list.iter().map(|(it, _)| candidate(it)).collect();
        let because = rank::judge(&profile(interests.clone()), &candidates, &ranking, at);
        for (position, ((item, _), because)) in list.iter().zip(&because).enumerate() {
            let shown = SignalKind::Shown { position: position as u16 };
            interests = absorb(interests, item, at, shown, because, &learning);
        }
        for ((item, opened), because) in list.iter().zip(&because) {
            if *opened {
                interests =
                    absorb(interests, item, Timestamp(at.0 + 60), SignalKind::Opened, because, &learning);
            }
        }
    }
    interests
}

fn absorb(
    interests: Interests,
    item: &Item,
    at: Timestamp,
    kind: SignalKind,
    because: &[Because],
    policy: &learn::Policy,
) -> Interests {
    let signal = Signal {
        id: SignalId(0),
        reader: ReaderId(1),
        story: item.sketch.story,
        article: None,
        edition: None,
        at,
        kind,
        device: "web".into(),
    };
    learn::absorb(interests, &signal, &item.sketch, Some(because), policy)
}

pub fn candidate(item: &Item) -> Candidate {
    Candidate { story: item.sketch.clone().into(), found_by: vec![news::Retrieval::FromSources], state: None }
}

pub fn profile(interests: Interests) -> Profile {
    Profile {
        reader: ReaderId(1),
        follows: vec![],
        interests,
        settings: ReaderSettings::default(),
        sources: vec![],
    }
}

fn score(
    judge: Judge,
    list: &[Item],
    reader: &SimulatedReader,
    readers: &[SimulatedReader],
    seen: &[(&Item, bool)],
    learnt: &Profile,
    similarity: &TextSimilarity,
) -> Vec<f32> {
    let ranked = |policy: &rank::Policy| {
        let candidates: Vec<Candidate> = list.iter().map(candidate).collect();
        let now = list.iter().map(|it| it.sketch.last_grew).max().unwrap_or_default();
        let judged = rank::judge(learnt, &candidates, policy, now);
        judged.iter().map(|because| because.iter().map(Because::share).sum()).collect()
    };
    match judge {
        Judge::Newest => (0..list.len()).map(|place| place as f32).collect(),
        Judge::Popularity => {
            let others = || readers.iter().filter(|it| it.seed != reader.seed);
            list.iter().map(|item| others().filter(|it| it.opens(item)).count() as f32).collect()
        }
        Judge::TextSimilarity => similarity.score(seen, list),
        Judge::Tidings | Judge::Batch | Judge::Told => ranked(&rank::Policy::default()),
        Judge::Without(feature) => {
            ranked(&rank::Policy { left_out: vec![feature], ..rank::Policy::default() })
        }
    }
}

/// The comparison: TF-IDF, cosine, the mean of what was opened.
pub struct TextSimilarity {
    rarity: HashMap<u32, f32>,
    unknown: f32,
}

impl TextSimilarity {
    fn new(past: &[Item]) -> TextSimilarity {
        let mut often: HashMap<u32, usize> = HashMap::new();
        for term in past.iter().flat_map(|it| &it.terms) {
            *often.entry(term.hash).or_default() += 1;
        }
        let all = past.len() as f32;
        let rarity = often.into_iter().map(|(hash, n)| (hash, (all / n as f32).ln())).collect();
        TextSimilarity { rarity, unknown: all.ln() }
    }

    pub fn vector<'a>(&'a self, item: &'a Item) -> impl Iterator<Item = (u32, f32)> + 'a {
        let weigh = |hash: u32| self.rarity.get(&hash).copied().unwrap_or(self.unknown);
        let length: f32 =
            item.terms.iter().map(|it| (it.weight * weigh(it.hash)).powi(2)).sum::<f32>().sqrt();
        item.terms.iter().map(move |it| (it.hash, it.weight * weigh(it.hash) / length.max(1e-6)))
    }

    fn score(&self, seen: &[(&Item, bool)], list: &[Item]) -> Vec<f32> {
        let mut centre: HashMap<u32, f32> = HashMap::new();
        for (item, _) in seen.iter().filter(|(_, opened)| *opened) {
            for (hash, weight) in self.vector(item) {
                *centre.entry(hash).or_default() += weight;
            }
        }
        let along =
            |item| self.vector(item).map(|(hash, weight)| weight * centre.get(&hash).unwrap_or(&0.0)).sum();
        list.iter().map(along).collect()
    }
}

/// In [0, 1), from a seed.
pub fn dice(seed: u64) -> f64 {
    let z = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
