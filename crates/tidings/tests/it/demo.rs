use std::collections::BTreeSet;

use serde_json::Value;

use crate::home::Home;

#[test]
fn the_demo_gathers_stories_of_several_outlets_and_three_different_editions_each_with_its_reasons() {
    let demo = Home::new().json(&["demo", "--once"]);
    assert!(60 <= demo["articles"].as_u64().expect("a count"), "{}", demo["articles"]);
    let editions = demo["editions"].as_array().expect("editions");
    assert_eq!(editions.len(), 3);
    let mut orders = BTreeSet::new();
    for edition in editions {
        let stories = edition["stories"].as_array().expect("stories");
        assert!(5 <= stories.len(), "{}: {} stories", edition["reader"], stories.len());
        let several = stories.iter().filter(|it| 2 <= outlets(it).len());
        assert!(2 <= several.count(), "{}: hardly a story is told by several outlets", edition["reader"]);
        for story in stories {
            let because = story["because"].as_array().expect("reasons");
            assert!(because.iter().any(|it| it["says"].as_str().is_some_and(|it| !it.is_empty())), "{story}");
        }
        orders.insert(stories.iter().map(|it| it["story"].as_u64()).collect::<Vec<_>>());
    }
    assert_eq!(orders.len(), 3, "two readers have the same edition");
}

fn outlets(story: &Value) -> BTreeSet<&str> {
    let members = story["members"].as_array().expect("members");
    members.iter().filter_map(|it| it["outlet"].as_str()).collect()
}
