use super::*;

struct Old {
    name: String,
}
struct New {
    name: String,
    more: Option<u32>,
}
packs! {
    Old { name }
    New { name, more }
}

#[test]
fn a_field_that_was_added_is_empty_in_old_rows_and_skipped_by_old_programs() {
    let old = vec![Old { name: "a".into() }, Old { name: "b".into() }];
    let read: Vec<New> = unpack(&pack(&old));
    assert_eq!(
        read.iter().map(|it| (it.name.as_str(), it.more)).collect::<Vec<_>>(),
        [("a", None), ("b", None)]
    );
    let new = vec![New { name: "a".repeat(300), more: Some(7) }, New { name: "b".into(), more: None }];
    let read: Vec<Old> = unpack(&pack(&new));
    assert_eq!(read.iter().map(|it| it.name.len()).collect::<Vec<_>>(), [300, 1]);
    let read: Vec<New> = unpack(&pack(&new));
    assert_eq!(read.iter().map(|it| it.more).collect::<Vec<_>>(), [Some(7), None]);
}

#[test]
fn numbers_of_every_size_come_back() {
    for number in [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN] {
        assert_eq!(unpack::<i64>(&pack(&number)), number);
    }
    assert_eq!(unpack::<u64>(&pack(&u64::MAX)), u64::MAX);
}

#[test]
fn damaged_bytes_are_read_without_harm() {
    let good = pack(&vec![(String::from("text"), Some(1.5_f32)), (String::new(), None)]);
    for cut in 0..good.len() {
        unpack::<Vec<(String, Option<f32>)>>(&good[..cut]);
        let mut wrong = good.clone();
        wrong[cut] ^= 0xff;
        unpack::<Vec<(String, Option<f32>)>>(&wrong);
    }
    assert!(unpack::<Vec<u64>>(&[0xff; 40]).len() <= 40);
    assert!(unsqueeze(&[0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2]).is_empty());
    assert!(unsqueeze(&[200, 1, 9, 9, 9]).is_empty());
}

#[test]
fn texts_come_back_whole_and_smaller() {
    for text in [String::new(), "short".into(), "long enough to be squeezed ".repeat(50)] {
        let squeezed = squeeze(text.as_bytes());
        assert_eq!(unsqueeze(&squeezed), text.as_bytes());
        assert!(squeezed.len() <= text.len() + 1);
    }
}

#[test]
fn a_vector_of_the_days_when_rows_did_not_tell_their_model_is_the_first_models() {
    use crate::rows::FIRST_MODEL;
    use news::{Embedding, Interests, Model};
    // As they were written then: the number of places, then the places.
    let old: Embedding = unpack(&[3, 5, 251, 0]);
    assert_eq!(old, Embedding::from_values(vec![5, -5, 0]).by(FIRST_MODEL));
    assert_eq!(pack(&old), [3, 5, 251, 0]);
    for other in [old.clone().by(Model(7)), old.by(Model::default()), Embedding::default()] {
        assert_eq!(unpack::<Embedding>(&pack(&other)), other);
    }
    let learnt = Interests { taste: vec![1.0], taste_by: Model(7), ..Interests::default() };
    assert_eq!(unpack::<Interests>(&pack(&learnt)), learnt);
    let mut then = pack(&learnt);
    then.truncate(then.len() - 8);
    then[0] -= 8;
    assert_eq!(unpack::<Interests>(&then), Interests { taste_by: FIRST_MODEL, ..learnt });
}
