//! A story that was read comes back with what is new, and not because it is told again.

use serde_json::Value;

use crate::{
    home::{Home, said},
    web::Site,
};

/// The clock stands still, so that nothing is too old.
const NOW: &str = "clock=1700000000@0";

const FIRST: (&str, &str) = (
    "Dam above Varnholt gives way after a week of rain",
    "The Varnholt dam gave way on Tuesday night and flooded the lower town of Varnholt after a week of rain; 300 people \
     were brought to safety, said fire chief Anna Brodersen.",
);
const AGAIN: (&str, &str) = (
    "Lower town of Varnholt flooded as dam gives way",
    "After a week of rain the dam above Varnholt gave way on Tuesday night. Fire chief Anna Brodersen said that 300 people \
     in the lower town had been brought to safety from the flood.",
);
const TURN: (&str, &str) = (
    "Varnholt dam: engineer Ilka Moravec warned of cracks before it gave way",
    "Ilka Moravec, an engineer of the Torvik works, wrote of cracks in the Varnholt dam 18 months before it gave way on \
     Tuesday night and flooded the lower town. Repairs would have cost 4.2 million, says her letter to minister Pavel Dorn.",
);

fn brings(home: &Home, number: usize, (title, text): (&str, &str)) {
    let item = format!(
        "<item><guid isPermaLink=\"false\">{number}</guid><title>{title}</title><link>https://outlet{number}.example/dam</link>\
         <pubDate>Tue, 14 Nov 2023 20:0{number}:00 GMT</pubDate><description>{text}</description></item>"
    );
    let address = Site::feed(&item).serve();
    for args in [&["add", "--unchecked", &format!("{address}/feed.xml")][..], &["refresh"]] {
        let done = home.run(&[&["--set", NOW], args].concat());
        assert!(done.status.success(), "{}", said(&done));
    }
}

/// Of an edition made now: the dam's reasons, if it is there.
fn edition(home: &Home) -> Option<Vec<String>> {
    let edition = home.json(&["--set", NOW, "edition", "--new"]);
    let stories = edition["stories"].as_array().expect("stories").clone();
    let dam =
        stories.into_iter().find(|it| it["headline"].as_str().is_some_and(|it| it.contains("Varnholt")))?;
    let because = dam["because"].as_array().expect("reasons");
    Some(because.iter().filter_map(|it| it["says"].as_str()).map(str::to_owned).collect())
}

#[test]
fn a_story_that_was_read_comes_back_only_with_new_facts() {
    let home = Home::new();
    brings(&home, 1, FIRST);
    assert!(edition(&home).is_some(), "it is new");
    let story = home.json_lines(&["search", "varnholt"])[0]["story"].to_string();
    let read = home.run(&["--set", NOW, "tell", &story, "read"]);
    assert!(read.status.success(), "{}", said(&read));
    assert_eq!(edition(&home), None, "it was read");

    brings(&home, 2, AGAIN);
    let facts = |home: &Home| -> Vec<u64> {
        let story = home.json(&["--set", NOW, "story", &story]);
        story["members"].as_array().expect("members").iter().filter_map(|it| it["facts"].as_u64()).collect()
    };
    let told = facts(&home);
    assert!(told.len() == 2 && 0 < told[0] && told[1] == 0, "one story, told again: {told:?}");
    assert_eq!(edition(&home), None, "told again in other words");
    let why: Value = home.json(&["--set", NOW, "why", &story]);
    assert!(why.to_string().contains("read"), "{why}");

    brings(&home, 3, TURN);
    let told = facts(&home);
    assert!(told.len() == 3 && 0 < told[2], "{told:?}");
    let because = edition(&home).expect("there is something new");
    assert!(because.contains(&"One article since you looked says something new".to_owned()), "{because:?}");
}
