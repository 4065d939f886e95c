use super::*;

/// Letters of one kind belong together; expected: BCubed p and r, pairwise p and r.
fn check(truth: &str, placed: &str, expected: [f64; 4]) {
    let (truth, placed): (Vec<char>, Vec<char>) = (truth.chars().collect(), placed.chars().collect());
    let Measured { bcubed, pairwise } = measure(&truth, &placed);
    for (got, expected) in [bcubed.p, bcubed.r, pairwise.p, pairwise.r].into_iter().zip(expected) {
        assert!((got - expected).abs() < 1e-9, "{bcubed:?} {pairwise:?}");
    }
}

#[test]
fn a_perfect_grouping_scores_one_whatever_it_calls_the_groups() {
    check("aabbc", "xxyyz", [1.0, 1.0, 1.0, 1.0]);
}

#[test]
fn one_great_heap_has_all_recall_and_little_precision() {
    // Each of four: 2 of 4 in its group are of its story. Pairs: 2 right of 6.
    check("aabb", "xxxx", [0.5, 1.0, 2.0 / 6.0, 1.0]);
}

#[test]
fn every_article_alone_has_all_precision_and_little_recall() {
    check("aabb", "wxyz", [1.0, 0.5, 1.0, 0.0]);
}

#[test]
fn a_mixed_case_is_what_a_hand_computes() {
    // Groups {a a b} and {b c}. p: a 2/3, a 2/3, b 1/3, b 1/2, c 1/2 → 8/3 of 5. r: 1, 1, 1/2, 1/2, 1 → 4 of 5.
    // Pairs: together in both 1 (aa); placed 3 + 1; true 1 (aa) + 1 (bb).
    check("aabbc", "xxxyy", [8.0 / 15.0, 0.8, 0.25, 0.5]);
}

#[test]
fn f1_lies_between_both_and_nothing_is_nothing() {
    assert_eq!(Score { p: 0.5, r: 1.0 }.f1(), 2.0 / 3.0);
    assert_eq!(Score { p: 0.0, r: 0.0 }.f1(), 0.0);
}
