//! Does the ranking do any good for this reader? Their own history is replayed: every edition that they looked at is
//! ranked again by what was known just before it, and compared with simpler orders.

use std::collections::HashMap;

use news::{Because, SourceId, Timestamp};

use crate::{Candidate, Policy, Profile, Quality, judge, quality};

/// One edition (or list) that the reader looked at.
#[derive(Clone, Debug)]
pub struct Looked {
    pub at: Timestamp,
    /// As it was known before: interests folded from earlier signals only.
    pub profile: Profile,
    /// What was in it, and whether it was opened.
    pub stories: Vec<(Candidate, bool)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Tidings,
    NewestFirst,
    MostCoveredFirst,
    /// By the share that the reader opened of the source's earlier stories.
    SourceAverage,
}

impl Method {
    pub const ALL: [Method; 4] =
        [Method::Tidings, Method::NewestFirst, Method::MostCoveredFirst, Method::SourceAverage];
}

#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// Editions with something to rank in them: some stories opened, and some not.
    pub lists: usize,
    pub opened: usize,
    /// How many of each there should be before the figures mean anything, when there are too few.
    pub too_little: Option<(usize, usize)>,
    pub by: Vec<(Method, Quality)>,
    /// By how much our nDCG@10 is above that of each simpler order, on the same lists, and the standard error of that.
    pub ahead: Vec<(Method, f64, f64)>,
    /// What was thought likely, and what came of it.
    pub calibration: Vec<Bin>,
    /// The mean distance of the two, weighted by how many stories there are (expected calibration error).
    pub calibration_error: f64,
    /// nDCG@10 of each list, in order of time: for the plot.
    pub over_time: Vec<(Timestamp, f64)>,
}

/// Stories whose odds were thought to be about the same.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    pub thought: f64,
    pub opened: f64,
    pub stories: usize,
}

/// Below these a difference between two orders is more likely chance than not.
const LISTS: usize = 20;
const OPENED: usize = 40;
const BINS: usize = 10;

/// `history` in order of time.
pub fn proof(history: &[Looked], policy: &Policy) -> Proof {
    let mut lists: HashMap<usize, Vec<Quality>> = HashMap::new();
    let (mut over_time, mut opened, mut thought) = (Vec::new(), 0, Vec::new());
    let mut sources = Sources::default();
    for looked in history {
        let wanted: Vec<bool> = looked.stories.iter().map(|(_, opened)| *opened).collect();
        let ours = ours(looked, policy);
        for (number, method) in Method::ALL.into_iter().enumerate() {
            let scores = match method {
                Method::Tidings => ours.clone(),
                Method::NewestFirst => each(looked, |it| it.story.last_grew.0 as f32 - looked.at.0 as f32),
                Method::MostCoveredFirst => each(looked, |it| it.story.outlets as f32),
                Method::SourceAverage => each(looked, |it| sources.average(it)),
            };
            let list: Vec<(f32, bool)> = scores.into_iter().zip(wanted.iter().copied()).collect();
            let Some(quality) = quality(&list) else { continue };
            lists.entry(number).or_default().push(quality);
            if method == Method::Tidings {
                over_time.push((looked.at, quality.ndcg10));
            }
        }
        opened += wanted.iter().filter(|it| **it).count();
        thought.extend(ours.iter().map(|score| likely(*score)).zip(wanted));
        sources.learn(looked);
    }
    let (calibration, calibration_error) = calibrate(&thought);
    let by = |(number, method)| (method, Quality::mean(lists.get(&number).map_or(&[], Vec::as_slice)));
    Proof {
        lists: over_time.len(),
        opened,
        too_little: (over_time.len() < LISTS || opened < OPENED).then_some((LISTS, OPENED)),
        ahead: (1..Method::ALL.len())
            .map(|number| {
                let (ahead, error) = ahead(&lists, number);
                (Method::ALL[number], ahead, error)
            })
            .collect(),
        by: Method::ALL.into_iter().enumerate().map(by).collect(),
        calibration,
        calibration_error,
        over_time,
    }
}

/// The mean difference of ours (the first method) and another on the same lists, with its standard error.
fn ahead(lists: &HashMap<usize, Vec<Quality>>, other: usize) -> (f64, f64) {
    let of = |number: usize| lists.get(&number).map_or(&[][..], Vec::as_slice);
    let apart: Vec<f64> = of(0).iter().zip(of(other)).map(|(a, b)| a.ndcg10 - b.ndcg10).collect();
    let all = apart.len() as f64;
    let mean = apart.iter().sum::<f64>() / all.max(1.0);
    let square = apart.iter().map(|it| (it - mean).powi(2)).sum::<f64>();
    (mean, (square / (all - 1.0).max(1.0) / all.max(1.0)).sqrt())
}

fn ours(looked: &Looked, policy: &Policy) -> Vec<f32> {
    let candidates: Vec<Candidate> = looked.stories.iter().map(|(candidate, _)| candidate.clone()).collect();
    let judged = judge(&looked.profile, &candidates, policy, looked.at);
    judged.iter().map(|because| because.iter().map(Because::share).sum()).collect()
}

fn each(looked: &Looked, score: impl Fn(&Candidate) -> f32) -> Vec<f32> {
    looked.stories.iter().map(|(candidate, _)| score(candidate)).collect()
}

fn likely(score: f32) -> f64 {
    1.0 / (1.0 + f64::from(-score).exp())
}

/// What was opened of each source, up to now.
#[derive(Default)]
struct Sources(HashMap<SourceId, (f32, f32)>);

impl Sources {
    fn average(&self, candidate: &Candidate) -> f32 {
        let of = |source: &SourceId| {
            self.0.get(source).map_or(0.0, |(opened, shown)| (opened + 1.0) / (shown + 10.0))
        };
        candidate.story.sources.iter().map(|(source, _)| of(source)).fold(0.0, f32::max)
    }

    fn learn(&mut self, looked: &Looked) {
        for (candidate, opened) in &looked.stories {
            for (source, _) in &candidate.story.sources {
                let counts = self.0.entry(*source).or_default();
                *counts = (counts.0 + f32::from(u8::from(*opened)), counts.1 + 1.0);
            }
        }
    }
}

/// Ten bins of as many stories each.
fn calibrate(thought: &[(f64, bool)]) -> (Vec<Bin>, f64) {
    let mut thought = thought.to_vec();
    thought.sort_by(|a, b| a.0.total_cmp(&b.0));
    let bins: Vec<Bin> = thought.chunks(thought.len().div_ceil(BINS).max(1)).map(bin).collect();
    let off: f64 = bins.iter().map(|it| (it.thought - it.opened).abs() * it.stories as f64).sum();
    (bins, off / thought.len().max(1) as f64)
}

fn bin(stories: &[(f64, bool)]) -> Bin {
    let all = stories.len() as f64;
    Bin {
        thought: stories.iter().map(|(thought, _)| thought).sum::<f64>() / all,
        opened: stories.iter().filter(|(_, opened)| *opened).count() as f64 / all,
        stories: stories.len(),
    }
}
