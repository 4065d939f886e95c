//! What is muted is in the answer of no command; and what happens to what one follows is told.

use crate::{
    home::{Home, said},
    web::{Site, entry},
};

const DATE: &str = "Mon, 02 Jan 2023 10:00:00 GMT";
/// An hour later.
const NOW: &str = "clock=1672657200@1";
/// Stands in the headline and the text of one entry.
const CANARY: &str = "Zwanariko";

const HEADLINE: &str = "Zwanariko ferry captain sells gossip";

fn house() -> Home {
    let entries = entry("1", "Harbour council votes on the ferry", DATE) + &entry("2", HEADLINE, DATE);
    let feed = Site::feed(&entries).serve();
    let home = Home::new();
    home.json(&["--set", NOW, "add", &feed]);
    home.json(&["--set", NOW, "refresh"]);
    home
}

/// Every command that shows something, but those that show what the reader typed.
fn sightings(home: &Home) -> Vec<String> {
    let mut commands: Vec<Vec<String>> = Vec::new();
    for words in [
        "edition",
        "edition --why",
        "edition --new",
        "beliefs",
        "beliefs --export",
        "alerts",
        "signals",
        "sources",
        "export",
        "follows",
        "readers",
        "eval",
        "doctor",
        "search ferry",
        "search quay",
    ] {
        commands.push(words.split(' ').map(str::to_owned).collect());
    }
    for number in 1..=2 {
        for what in ["story", "article", "why"] {
            commands.push(vec![what.into(), number.to_string()]);
        }
    }
    let mut seen = Vec::new();
    for command in commands {
        for json in [false, true] {
            let mut args = vec!["--set", NOW];
            args.extend(json.then_some("--json"));
            args.extend(command.iter().map(String::as_str));
            let answer = said(&home.run(&args));
            // The drawer of an edition says what is hidden.
            let shown = answer.split("\"hidden\":[").enumerate().map(|(n, part)| match n {
                0 => part,
                _ => part.split_once(']').map_or("", |(_, rest)| rest),
            });
            if shown.collect::<String>().contains(CANARY) {
                seen.push(args[2..].join(" "));
            }
        }
    }
    seen
}

#[test]
fn what_is_muted_is_in_the_answer_of_no_command() {
    let home = house();
    home.run(&["--set", NOW, "follow", "name:Ferry"]);
    assert!(home.run(&["--set", NOW, "change", "2", "--alerts", "on"]).status.success());
    let before = sightings(&home);
    assert!(8 < before.len(), "it was nowhere, so nothing is tried: {before:?}");
    let unread = || home.json(&["--set", NOW, "sources"])[0]["unread"].as_u64();
    assert_eq!(unread(), Some(2));
    let story = home.json(&["--set", NOW, "search", CANARY])["story"].to_string();
    let other = home.json(&["--set", NOW, "search", "council"])["story"].to_string();
    home.run(&["--set", NOW, "mute", "words:sells gossip"]);
    let after = sightings(&home);
    assert!(after.is_empty(), "{after:?}");
    // Words hide all of a story: the other entry stays unless it is in the same one.
    assert_eq!(unread(), Some(u64::from(other != story)), "what is muted is not among the unread");
    let drawer = said(&home.run(&["--set", NOW, "--json", "edition"]));
    assert!(drawer.contains("words:sells gossip") && drawer.contains(CANARY), "{drawer}");
    let why = home.run(&["--set", NOW, "why", &story]);
    assert!(said(&why).contains("because you mute"), "{}", said(&why));
    assert!(said(&home.run(&["--set", NOW, "story", &story, "--anyway"])).contains(CANARY));
    let follows = home.json_lines(&["--set", NOW, "follows"]);
    let mute = follows.iter().find(|it| it["stance"] == "mute").expect("the mute")["follow"].to_string();
    assert!(home.run(&["--set", NOW, "unfollow", &mute]).status.success());
    assert_eq!(unread(), Some(2));
    let back = sightings(&home);
    let gone: Vec<&String> = before.iter().filter(|it| !back.contains(it)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}

#[test]
fn a_follow_is_changed_alerts_and_comes_back_at_the_command_line() {
    let home = house();
    home.run(&["--set", NOW, "follow", "words:ferry", "--alias", "quay"]);
    let changed = home.json_lines(&[
        "--set", NOW, "change", "2", "--label", "Ferries", "--weight", "always", "--feed", "on",
    ]);
    assert!(changed[0]["atom"].as_str().is_some_and(|it| it.starts_with("/feed/") && 45 < it.len()));
    assert_eq!(
        (changed[1]["label"].as_str(), changed[1]["stance"].as_str()),
        (Some("Ferries"), Some("follow always"))
    );
    assert_eq!(changed[1]["aliases"][0], "quay");
    home.run(&["--set", NOW, "unfollow", "2"]);
    assert!(home.json_lines(&["--set", NOW, "follows"]).is_empty());
    home.run(&["--set", NOW, "refollow", "2"]);
    assert_eq!(home.json_lines(&["--set", NOW, "follows"])[0]["label"], "Ferries");

    std::fs::write(home.path("me.txt"), "words:ferry = 0.8\n").expect("written");
    assert_eq!(home.json(&["--set", NOW, "beliefs", "--import", "me.txt"])["set"], 1);
    assert!(said(&home.run(&["--set", NOW, "beliefs", "--export"])).contains("words:ferry = 0.80"));
    home.run(&["--set", NOW, "tell", "1", "share"]);
    let signals = home.json_lines(&["--set", NOW, "signals"]);
    assert_eq!((signals.len(), signals[0]["kind"].as_str()), (1, Some("shared")));
    assert_eq!(home.json(&["--set", NOW, "signals", "--forget-all"])["forgotten"], 1);
}

#[test]
fn what_is_followed_and_muted_is_answered_as_json_too() {
    let home = Home::new();
    let with = |command: &[&str]| home.json(&[&["--set", NOW], command].concat());
    let follow = with(&["follow", "name:Ferry", "--alias", "Ferries"]);
    assert_eq!((follow["target"].as_str(), follow["stance"].as_str()), (Some("name:Ferry"), Some("follow")));
    let mute = with(&["mute", "words:gossip", "--within", "name:Ferry"]);
    assert_eq!((mute["stance"].as_str(), mute["place"].as_str()), (Some("mute"), Some("name:Ferry")));
    assert_eq!(mute["looks_in"], "text");
    assert_eq!(with(&["mute", "words:gossip", "--look-in", "headlines"])["looks_in"], "headlines");
    assert_eq!(with(&["mute", "name:Gossip"])["looks_in"], "headlines");
    let number = mute["follow"].to_string();
    assert_eq!(with(&["unfollow", &number])["follow"], mute["follow"]);
    assert_eq!(with(&["refollow", &number]), mute);
}
