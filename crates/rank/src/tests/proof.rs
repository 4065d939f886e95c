use news::{Interests, StoryId, StorySketch, Timestamp};

use super::{NOW, found, profile, story};
use crate::{Looked, Method, Policy, Proof, proof, quality};

/// Lists of three: an old story in the direction that the reader opens, and two new ones that they do not.
fn history(lists: i64) -> Vec<Looked> {
    let look = |list: i64| {
        let at = Timestamp(NOW.0 + list * 86_400);
        let told = |id: i64, direction: f32, age: i64| StorySketch {
            centre: news::Embedding::of(&[direction, 0.5, 0.0]),
            last_grew: Timestamp(at.0 - age * 3600),
            ..story(list * 3 + id, "Something", 1)
        };
        let stories = found(vec![told(1, 1.0, 9), told(2, -1.0, 1), told(3, -1.0, 2)]);
        let mut profile = profile(vec![]);
        profile.interests = Interests { taste: vec![0.8, 0.0, 0.0], ..Interests::default() };
        let opened = |id: StoryId| id.0 == list * 3 + 1;
        Looked {
            at,
            profile,
            stories: stories.into_iter().map(|it| (it.clone(), opened(it.story.story))).collect(),
        }
    };
    (0..lists).map(look).collect()
}

fn auc(proof: &Proof, method: Method) -> f64 {
    proof.by.iter().find(|(it, _)| *it == method).map_or(f64::NAN, |(_, quality)| quality.auc)
}

#[test]
fn a_ranking_that_knows_the_reader_is_shown_to_be_better_than_newest_first() {
    let proof = proof(&history(50), &Policy::default());
    assert_eq!((auc(&proof, Method::Tidings), auc(&proof, Method::NewestFirst)), (1.0, 0.0));
    assert_eq!((auc(&proof, Method::MostCoveredFirst), auc(&proof, Method::SourceAverage)), (0.5, 0.5));
    assert_eq!((proof.lists, proof.opened, proof.too_little), (50, 50, None));
    // Ours stands first in every list, newest-first puts it last of three: 1 − 1/log2 4, always.
    assert_eq!(proof.ahead[0], (Method::NewestFirst, 0.5, 0.0));
    let stories: usize = proof.calibration.iter().map(|it| it.stories).sum();
    assert_eq!((stories, proof.over_time.len()), (150, 50));
}

#[test]
fn too_little_history_says_so() {
    assert_eq!(proof(&history(5), &Policy::default()).too_little, Some((20, 40)));
    assert_eq!(proof(&[], &Policy::default()).lists, 0);
}

#[track_caller]
fn check(list: &[(f32, bool)], auc: f64, mrr: f64, ndcg5: f64) {
    let found = quality(list).expect("something to rank");
    for (found, expected) in [(found.auc, auc), (found.mrr, mrr), (found.ndcg5, ndcg5)] {
        assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
    }
}

#[test]
fn metrics_are_counted_as_others_count_them() {
    check(&[(3.0, true), (2.0, false), (1.0, false)], 1.0, 1.0, 1.0);
    check(&[(3.0, false), (2.0, true), (1.0, false)], 0.5, 0.5, 1.0 / 3_f64.log2());
    // Two wanted, at the first and third place: (1 + 1/3) / 2, and (1 + 1/log2 4) / (1 + 1/log2 3).
    check(&[(3.0, true), (2.0, false), (1.0, true)], 0.5, 2.0 / 3.0, 1.5 / (1.0 + 1.0 / 3_f64.log2()));
    assert_eq!(quality(&[(1.0, true)]), None);
}
