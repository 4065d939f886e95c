//! Whether a story shows itself under the headline that tells most plainly what happened: likeness of the one chosen to an
//! editor's own for the same story (ROUGE-1 F1; Lin 2004), and how many chosen ones call instead of telling.

use std::collections::HashMap;

use anyhow::Result;
use cluster::{Index, Policy, plainness};
use news::{Sketch, StoryId};
use serde_json::{Value, json};
use understand::BuiltIn;

use super::{
    Args,
    keypoints::{rouge, words},
    stories::told::{self, Told},
};
use crate::fit::hash;

/// A headline that is less plain calls, asks, judges or says too little.
const PLAIN: f32 = 0.75;

/// Articles of one story, in no order of their outlets, and the editor's headline.
struct Case {
    sketches: Vec<Sketch>,
    reference: Vec<String>,
}

pub fn run(args: &Args) -> Result<()> {
    for file in super::files(args, "keypoints", |name| name.contains("roundups-fit"))? {
        let lines = super::json_lines(&file)?;
        let cases: Vec<Case> = lines.iter().filter_map(|it| case(it).transpose()).collect::<Result<_>>()?;
        let telling = Telling::of(&cases);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        for (way, choose) in WAYS {
            let (mut alike, mut loud) = (0.0, 0.0);
            for case in &cases {
                let chosen = choose(case, &telling);
                let part = 1.0 / (chosen.len() * cases.len()) as f64;
                for title in chosen.into_iter().map(|at| &case.sketches[at].title) {
                    alike += part * rouge(&words(title), &case.reference)[0];
                    loud += part * f64::from(u8::from(plainness(title) < PLAIN));
                }
            }
            match args.json {
                true => println!(
                    "{}",
                    json!({"what": "faces", "file": name, "way": way, "n": cases.len(), "rouge1": alike, "loud": loud})
                ),
                false => println!(
                    "{name}: {way:<34} {:>5}  ROUGE-1 {alike:.4}, {:.1} % not plain",
                    cases.len(),
                    100.0 * loud
                ),
            }
        }
    }
    Ok(())
}

fn case(line: &Value) -> Result<Option<Case>> {
    let text = |value: &Value, name: &str| value[name].as_str().unwrap_or_default().to_owned();
    let articles = line["articles"].as_array().map(Vec::as_slice).unwrap_or_default();
    let reference = words(&text(line, "roundup_title"));
    if articles.len() < 2 || reference.is_empty() {
        return Ok(None);
    }
    let told = |it: &Value| Told { title: text(it, "title"), body: text(it, "lead"), ..Told::default() };
    let mut articles: Vec<Told> = articles.iter().map(told).collect();
    articles.sort_by_key(|it| hash(&it.title));
    Ok(Some(Case { sketches: told::sketches(&articles, &BuiltIn::new())?, reference }))
}

/// How much a headline tells of what the other articles say: rare words count more.
struct Telling {
    holding: HashMap<u32, f32>,
    all: f32,
}

impl Telling {
    fn of(cases: &[Case]) -> Telling {
        let mut holding = HashMap::new();
        let sketches = || cases.iter().flat_map(|it| &it.sketches);
        sketches()
            .flat_map(|it| &it.understanding.terms)
            .for_each(|it| *holding.entry(it.hash).or_default() += 1.0);
        Telling { holding, all: sketches().count() as f32 }
    }

    fn near(&self, case: &Case, at: usize) -> f32 {
        let others = || case.sketches.iter().enumerate().filter(|it| it.0 != at).map(|it| it.1);
        let (mut told, mut all) = (0.0, 0.0);
        for term in case.sketches[at].understanding.terms.iter().filter(|it| it.headline) {
            let rare = (1.0 + self.all / self.holding.get(&term.hash).copied().unwrap_or(1.0)).ln();
            let says = |it: &&Sketch| it.understanding.terms.iter().any(|its| its.hash == term.hash);
            told += rare * others().filter(says).count() as f32 / others().count().max(1) as f32;
            all += rare;
        }
        if all == 0.0 { 0.0 } else { told / all }
    }
}

type Choose = fn(&Case, &Telling) -> Vec<usize>;

/// Which articles' headlines are chosen: one, or each as often as the others.
const WAYS: [(&str, Choose); 7] = [
    ("as the product chooses", |case, _| {
        let mut index = Index::new(Policy::default());
        case.sketches.iter().for_each(|it| index.insert(it.clone(), StoryId(1)));
        let lead = index.face(StoryId(1)).map(|it| it.lead);
        (0..case.sketches.len()).filter(|&at| Some(case.sketches[at].article) == lead).collect()
    }),
    ("the first", |_, _| vec![0]),
    ("any", |case, _| (0..case.sketches.len()).collect()),
    ("the plainest", |case, _| best(case, |at| plain(case, at))),
    ("what most say", |case, telling| best(case, |at| telling.near(case, at))),
    ("plain, and what most say", |case, telling| best(case, |at| plain(case, at) + telling.near(case, at))),
    ("the best that there is", |case, _| {
        best(case, |at| rouge(&words(&case.sketches[at].title), &case.reference)[0] as f32)
    }),
];

fn plain(case: &Case, at: usize) -> f32 {
    plainness(&case.sketches[at].title)
}

/// Of equals the first.
fn best(case: &Case, value: impl Fn(usize) -> f32) -> Vec<usize> {
    let all = (0..case.sketches.len()).map(|at| (value(at), at));
    let best = all.reduce(|best, it| if best.0 < it.0 { it } else { best });
    best.into_iter().map(|it| it.1).collect()
}
