use serde_json::Value;

use crate::{
    home::{Home, read, said},
    web::Site,
};

/// Two outlets tell of a dam in words of their own, a third of something else, all of it today: what is years old when it
/// comes is near only to what is placed along with it.
fn told() -> Home {
    let home = Home::new();
    let item = |title: &str, text: &str| {
        format!(
            "<item><guid isPermaLink=\"false\">{title}</guid><title>{title}</title><link>https://outlet.example/{}</link>\
             <description>{text}</description></item>",
            title.replace(' ', "-").to_lowercase()
        )
    };
    let dam = "Dam above Varnholt gives way after a week of rain";
    let lower = "Dam above Varnholt gives way after a week of rain: lower town is flooded";
    for (title, text) in [
        (
            dam,
            "The Varnholt dam gave way on Tuesday night and flooded the lower town of Varnholt after a week of rain; 300 people were brought to safety, said fire chief Anna Brodersen.",
        ),
        (
            lower,
            "The Varnholt dam gave way on Tuesday night after a week of rain and flooded the lower town of Varnholt; fire chief Anna Brodersen said 300 people were brought to safety in boats.",
        ),
        (
            "How to prune an old pear tree",
            "Wait for a dry day in late winter, take out what is dead, then what crosses, and never more than a third of the crown.",
        ),
    ] {
        let address = Site::feed(&item(title, text)).serve();
        let added = home.run(&["add", "--unchecked", &format!("{address}/feed.xml")]);
        assert!(added.status.success(), "{}", said(&added));
    }
    let refreshed = home.run(&["refresh"]);
    assert!(refreshed.status.success(), "{}", said(&refreshed));
    home
}

/// The stories of a search as (article, story, headline).
fn found(home: &Home, query: &str) -> Vec<(i64, i64, String)> {
    let all = home.json_lines(&["search", query]);
    let number = |it: &Value, key: &str| it[key].as_i64().expect("a number");
    let told = |it: &Value| {
        (number(it, "article"), number(it, "story"), it["title"].as_str().unwrap_or_default().to_string())
    };
    all.iter().map(told).collect()
}

#[test]
fn a_story_can_be_split_and_merged_at_the_command_line_and_that_be_taken_back_and_passed_on() {
    let home = told();
    let dam = found(&home, "varnholt");
    let [(one, story, _), (other, its, _)] = &dam[..] else { panic!("{dam:?}") };
    assert_eq!(story, its, "both tell of the dam");
    let (article, stays) = (one.max(other).to_string(), one.min(other).to_string());

    let why = home.json(&["why", &stays, &article]);
    assert_eq!(why["together"], true);
    assert!(why["evidence"].as_array().is_some_and(|it| !it.is_empty()), "{why}");

    let split = home.json(&["story", &story.to_string(), "--split", &article]);
    assert_eq!((split["story"].as_i64(), split["for_everyone"].as_bool()), (Some(*story), Some(false)));
    let mine = found(&home, "varnholt");
    assert_ne!(mine[0].1, mine[1].1);
    let of_other = home.json_lines(&["search", "varnholt", "--reader", "other"]);
    assert_eq!(of_other[0]["story"], of_other[1]["story"], "nobody else has it so");

    let listed = home.json_lines(&["repairs"]);
    assert_eq!((listed.len(), listed[0]["says"].as_str()), (1, Some("apart")));
    let file = home.path("pairs.jsonl");
    let written = home.run(&["export", "--pairs", file.to_str().expect("a path")]);
    assert!(written.status.success(), "{}", said(&written));
    let pair: Value = serde_json::from_str(read(&file).trim()).expect("one pair");
    assert_eq!(pair["together"], false);
    assert!(pair["a"]["body"].as_str().is_some_and(|it| it.contains("Brodersen")), "{pair}");

    let undone = home.run(&["repairs", "--undo", &listed[0]["repair"].to_string()]);
    assert!(undone.status.success(), "{}", said(&undone));
    let mine = found(&home, "varnholt");
    assert_eq!(mine[0].1, mine[1].1);

    // For everybody: the stories themselves are one, and the other's number leads there.
    let pears = found(&home, "pear")[0].1;
    let merged = home.json(&["story", &story.to_string(), "--merge", &pears.to_string(), "--for-everyone"]);
    assert_eq!(merged["for_everyone"], true);
    let of_other = home.json_lines(&["search", "pear", "--reader", "other"]);
    assert_eq!(of_other[0]["story"], merged["story"]);
    let whole = home.json(&["story", &merged["other"].to_string(), "--reader", "other"]);
    assert_eq!(whole["story"], merged["story"]);
    assert_eq!(whole["members"].as_array().map(Vec::len), Some(3));
    let doctor = home.json(&["doctor"]);
    let complaints = doctor["complaints"].as_array().expect("complaints");
    assert!(complaints.iter().all(|it| it["word"] != "store"), "{complaints:?}");
    let missing = home.run(&["story", &story.to_string(), "--split", "99"]);
    assert_eq!(missing.status.code(), Some(1), "{}", said(&missing));
}
