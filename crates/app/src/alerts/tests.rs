use news::ArticleId;

use super::*;

fn member(number: i64, arrived: i64, facts: u32) -> Member {
    Member {
        article: ArticleId(number),
        sources: Vec::new(),
        outlet: format!("outlet {number}"),
        address: String::new(),
        title: String::new(),
        standfirst: None,
        language: None,
        published: Timestamp(arrived),
        arrived: Timestamp(arrived),
        likeness: 1.0,
        evidence: Vec::new(),
        copy_of: None,
        facts,
        free: None,
    }
}

fn told(at: i64, turns: u32) -> Alert {
    Alert {
        id: AlertId(1),
        reader: ReaderId(1),
        follow: FollowId(1),
        story: StoryId(1),
        at: Timestamp(at),
        turns,
        seen: false,
    }
}

fn state(opened: Option<i64>, turns: u32, dismissed: bool) -> StoryState {
    StoryState {
        story: StoryId(1),
        opened: opened.map(Timestamp),
        turns,
        read: opened.is_some(),
        saved: false,
        shown: 0,
        dismissed,
    }
}

#[test]
fn a_story_is_told_once_and_again_with_each_turn_that_is_not_known() {
    let all = [member(1, 10, 5), member(2, 20, 0), member(3, 30, 0), member(4, 40, 3)];
    let read = StoryState { read: true, ..state(None, 1, false) };
    for (members, told, state, expected) in [
        (1, None, None, true),
        (2, Some(told(15, 1)), None, false),
        (3, Some(told(15, 1)), None, false),
        (4, Some(told(15, 1)), None, true),
        (4, Some(told(45, 2)), None, false),
        // Shown, and neither opened nor read.
        (4, Some(told(15, 1)), Some(state(None, 0, false)), true),
        (4, None, Some(state(Some(35), 1, false)), true),
        (4, None, Some(state(Some(45), 2, false)), false),
        (4, Some(told(15, 1)), Some(state(Some(45), 2, false)), false),
        (3, None, Some(state(Some(15), 1, false)), false),
        (3, None, Some(read.clone()), false),
        (4, None, Some(read), true),
        (4, None, Some(state(None, 0, true)), false),
    ] {
        let members = all[..members].to_vec();
        let story = Story { id: StoryId(1), face: news::Face::default(), members };
        let due = Due { follow: FollowId(1), turns: story.turns(), story };
        let worth = is_worth_telling(&due, told.as_ref(), state.as_ref());
        assert_eq!(worth, expected, "{} articles, told {told:?}, {state:?}", due.story.members.len());
    }
}

#[test]
fn a_turn_that_is_muted_is_not_told() {
    let seen = vec![member(1, 10, 5), member(2, 20, 0)];
    let story = Story { id: StoryId(1), face: news::Face::default(), members: seen };
    let due = Due { follow: FollowId(1), turns: 2, story };
    assert!(!is_worth_telling(&due, Some(&told(15, 1)), None));
    assert!(is_worth_telling(&due, None, None));
}

#[test]
fn quiet_hours_are_those_of_the_readers_day_and_may_go_over_midnight() {
    // 2023-11-14 22:13:20 UTC is 23:13 in Berlin.
    let now = Timestamp(1_700_000_000);
    for (hours, zone, quiet) in [
        (None, "", false),
        (Some((22, 7)), "", true),
        (Some((23, 7)), "", false),
        (Some((23, 7)), "Europe/Berlin", true),
        (Some((9, 17)), "", false),
        (Some((9, 23)), "", true),
        (Some((0, 0)), "", false),
    ] {
        let settings =
            ReaderSettings { quiet_hours: hours, time_zone: zone.into(), ..ReaderSettings::default() };
        assert_eq!(is_quiet(&settings, now), quiet, "{hours:?} {zone}");
    }
}
