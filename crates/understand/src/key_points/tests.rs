use news::Language;

use super::{Told, key_points, story_key_points};

const BODY: &str = "The dam above Oberau gave way on Monday after a week of rain.\n\
    Nobody was hurt, the police said on Monday evening in the town hall.\n\
    “We were lucky,” said a neighbour who had come to look at the water.\n\
    The dam gave way on Monday after a week of rain above Oberau.\n\
    Engineers had warned of cracks in the wall of the dam since the spring.";

#[test]
fn points_are_word_for_word_and_stand_where_they_say() {
    let points = key_points("Dam gives way above Oberau", BODY, &[], &Language("en".into()));
    assert_eq!(points.len(), 3);
    for point in &points {
        let (from, to) = point.at.unwrap();
        assert_eq!(&BODY[from as usize..to as usize], point.says);
    }
}

#[test]
fn no_point_repeats_another() {
    let points = key_points("Dam gives way above Oberau", BODY, &[], &Language("en".into()));
    let dams = points.iter().filter(|point| point.says.contains("gave way")).count();
    assert_eq!(dams, 1);
}

#[test]
fn the_publishers_own_points_come_first() {
    let own = ["The dam broke".to_owned(), " ".to_owned()];
    let points = key_points("Dam gives way", BODY, &own, &Language("en".into()));
    assert_eq!(points.len(), 1);
    assert_eq!((points[0].says.as_str(), points[0].at), ("The dam broke", None));
}

#[test]
fn a_story_takes_its_points_from_all_its_articles() {
    let other = "Engineers had warned of cracks in the wall of the dam since the spring of last year.";
    let points = story_key_points(&[
        Told { title: "Dam gives way", body: BODY, own: &[] },
        Told { title: "Warnings before the dam broke", body: other, own: &[] },
    ]);
    assert!(points.iter().any(|(of, _)| *of == 1));
}

#[test]
fn a_storys_points_begin_with_what_publishers_set_apart_and_repeat_nothing() {
    let (own, same) =
        (["The dam above Oberau broke on Monday".to_owned()], ["The Oberau dam broke on Monday".to_owned()]);
    let points = story_key_points(&[
        Told { title: "Dam gives way", body: BODY, own: &own },
        Told { title: "Dam breaks", body: BODY, own: &same },
    ]);
    let says: Vec<&str> = points.iter().map(|(_, it)| it.says.as_str()).collect();
    assert_eq!(says.len(), 3, "{says:?}");
    assert_eq!(says[0], own[0]);
    assert!(!says.contains(&same[0].as_str()), "{says:?}");
}
