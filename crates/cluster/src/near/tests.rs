use super::*;

const QUIET: Duration = Duration::from_secs(10 * 86_400);

/// Pseudo-random, another for each number.
fn vector(number: u64) -> Embedding {
    let values = (0..64).map(|at| spread(number * 64 + at) as i8 as f32);
    Embedding::of(&values.collect::<Vec<_>>())
}

fn check(kept: &[(u32, i64, u64)], at: i64, of: u64, expected: &[u32]) {
    let mut near = Near::default();
    for &(member, grew, number) in kept {
        near.keep(member, Timestamp(grew), &vector(number));
    }
    assert_eq!(near.nearest(Timestamp(at), QUIET, &vector(of), expected.len()), expected);
}

#[test]
fn the_story_of_the_same_meaning_comes_first() {
    let many: Vec<(u32, i64, u64)> = (1..300).map(|it| (it, 1_000, u64::from(it))).collect();
    check(&many, 1_000, 77, &[77]);
}

#[test]
fn of_equals_the_latest_comes_first_and_a_cell_keeps_only_so_many() {
    let same: Vec<(u32, i64, u64)> = (1..1_000).map(|it| (it, 1_000, 5)).collect();
    check(&same, 1_000, 5, &[999, 998, 997]);
    let mut near = Near::default();
    same.iter().for_each(|it| near.keep(it.0, Timestamp(it.1), &vector(it.2)));
    assert_eq!(near.nearest(Timestamp(1_000), QUIET, &vector(5), 10_000).len(), OF_CELL);
}

#[test]
fn stories_that_have_been_quiet_are_left_out() {
    check(&[(1, 1_000, 5), (2, 20 * 86_400, 6)], 21 * 86_400, 5, &[2]);
}

#[test]
fn vectors_of_another_model_are_not_compared() {
    let mut near = Near::default();
    let other = || vector(5).by(Model(2));
    near.keep(1, Timestamp(0), &vector(5));
    assert_eq!(near.nearest(Timestamp(0), QUIET, &other(), 3), Vec::<u32>::new());
    near.keep(2, Timestamp(0), &other());
    assert_eq!(near.nearest(Timestamp(0), QUIET, &other(), 3), [2]);
}
