//! AUC, MRR and nDCG of one list, as the MIND competition counts them (Wu et al. 2020); ties are broken by a chance
//! that is fixed in advance.

/// How well one list, or the mean of many, puts first what was wanted. All from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Quality {
    pub auc: f64,
    pub mrr: f64,
    pub ndcg5: f64,
    pub ndcg10: f64,
}

impl Quality {
    pub fn mean(of: &[Quality]) -> Quality {
        let mean = |get: fn(&Quality) -> f64| of.iter().map(get).sum::<f64>() / of.len().max(1) as f64;
        Quality {
            auc: mean(|it| it.auc),
            mrr: mean(|it| it.mrr),
            ndcg5: mean(|it| it.ndcg5),
            ndcg10: mean(|it| it.ndcg10),
        }
    }
}

/// Of one list: each story's score, and whether it was wanted. `None` when all or none was: then there is nothing to
/// rank.
pub fn quality(list: &[(f32, bool)]) -> Option<Quality> {
    let relevant = list.iter().filter(|(_, relevant)| *relevant).count();
    if relevant == 0 || relevant == list.len() {
        return None;
    }
    let mut order: Vec<usize> = (0..list.len()).collect();
    order.sort_by(|&a, &b| list[b].0.total_cmp(&list[a].0).then_with(|| shuffled(a).cmp(&shuffled(b))));
    let hits: Vec<bool> = order.iter().map(|&at| list[at].1).collect();
    let places = || hits.iter().enumerate().filter(|(_, hit)| **hit).map(|(place, _)| place);
    Some(Quality {
        auc: auc(list, relevant),
        mrr: places().map(|place| 1.0 / (place as f64 + 1.0)).sum::<f64>() / relevant as f64,
        ndcg5: ndcg(places(), relevant, 5),
        ndcg10: ndcg(places(), relevant, 10),
    })
}

fn auc(list: &[(f32, bool)], relevant: usize) -> f64 {
    let mut won = 0.0;
    for (score, _) in list.iter().filter(|(_, relevant)| *relevant) {
        for (other, _) in list.iter().filter(|(_, relevant)| !*relevant) {
            won += if other < score {
                1.0
            } else if other == score {
                0.5
            } else {
                0.0
            };
        }
    }
    won / (relevant * (list.len() - relevant)) as f64
}

fn ndcg(places: impl Iterator<Item = usize>, relevant: usize, most: usize) -> f64 {
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let best: f64 = (0..relevant.min(most)).map(gain).sum();
    places.filter(|place| *place < most).map(gain).sum::<f64>() / best
}

fn shuffled(at: usize) -> u64 {
    (at as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23)
}
