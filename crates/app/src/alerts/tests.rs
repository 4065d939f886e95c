use news::ArticleId;

use super::*;

fn member(number: i64, arrived: i64, title: &str, copy_of: Option<i64>) -> Member {
    Member {
        article: ArticleId(number),
        sources: Vec::new(),
        outlet: format!("outlet {number}"),
        address: String::new(),
        title: title.into(),
        standfirst: None,
        language: None,
        published: Timestamp(arrived),
        arrived: Timestamp(arrived),
        likeness: 1.0,
        evidence: Vec::new(),
        copy_of: copy_of.map(ArticleId),
        facts: 1,
        free: None,
    }
}

fn told(at: i64, texts: u32) -> Alert {
    Alert {
        id: AlertId(1),
        reader: ReaderId(1),
        follow: FollowId(1),
        story: StoryId(1),
        at: Timestamp(at),
        texts,
        seen: false,
    }
}

fn state(opened: Option<i64>, dismissed: bool) -> StoryState {
    StoryState {
        story: StoryId(1),
        opened: opened.map(Timestamp),
        turns: 1,
        read: opened.is_some(),
        saved: false,
        shown: 0,
        dismissed,
    }
}

#[test]
fn a_story_is_told_once_and_again_when_there_is_more_to_tell() {
    let first = member(1, 10, "Ferry runs aground off Aldmark", None);
    let copy = member(2, 20, "Ferry runs aground off Aldmark", Some(1));
    let retold = member(3, 30, "Aldmark ferry aground", None);
    let more = member(4, 40, "Captain arrested after ferry carrying 112 people hits Velle rock", None);
    let all = [first, copy, retold, more];
    for (members, told, state, expected) in [
        (1, None, None, true),
        (2, Some(told(15, 1)), None, false),
        (3, Some(told(15, 1)), None, false),
        (4, Some(told(15, 1)), None, true),
        (4, Some(told(45, 3)), None, false),
        (4, None, Some(state(Some(35), false)), true),
        (3, None, Some(state(Some(15), false)), false),
        (4, None, Some(state(None, true)), false),
    ] {
        let worth = is_worth_telling(&all[..members], told.as_ref(), state.as_ref());
        assert_eq!(worth, expected, "{members} articles, told {told:?}, {state:?}");
    }
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
