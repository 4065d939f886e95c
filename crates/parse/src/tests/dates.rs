use super::*;

/// 2023-11-14, where the year is not said.
const NOW: Timestamp = Timestamp(1_700_000_000);

#[track_caller]
fn check(text: &str, expected: &str) {
    let shown = match date::read(text, NOW) {
        Some(moment) => jiff::Timestamp::from_second(moment.0).map(|it| it.to_string()).unwrap_or_default(),
        None => "none".to_owned(),
    };
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn rfc_822_and_what_became_of_it() {
    for text in [
        "Thu, 01 Jan 2004 19:48:21 GMT",
        "Thu, 1 Jan 2004 19:48:21 +0000",
        "Thu,01 Jan 2004 19:48:21 GMT",
        "01 Jan 2004 19:48:21 UT",
        "Thu, 01 Jan 04 19:48:21 GMT",
        "Thursday, January 01, 2004 19:48:21 GMT",
        "Thu, 01 Jan 2004 14:48:21 EST",
        "Thu, 01 Jan 2004 20:48:21 +01:00",
        "Thu, 01 Jan 2004 21:48:21 GMT+2",
        "Thu Jan  1 19:48:21 2004",
        "Thu Jan 01 19:48:21 GMT 2004",
        "jan 1, 2004 7:48:21 PM",
        "Thu, 01-Jan-2004 19:48:21 GMT",
        "Do, 01 Jän 2004 20:48:21 MEZ",
        "jeu., 1 janv. 2004 20:48:21 +0100",
        "czw, 01 sty 2004 20:48:21 +0100",
        "1 января 2004 19:48:21 GMT",
        "2004年1月1日 19:48:21",
    ] {
        check(text, "2004-01-01T19:48:21Z");
    }
}

#[test]
fn iso_8601_and_its_fragments() {
    for (text, expected) in [
        ("2003-12-31T10:14:55Z", "2003-12-31T10:14:55Z"),
        ("2003-12-31T10:14:55.123+05:30", "2003-12-31T04:44:55Z"),
        ("2003-12-31 10:14:55", "2003-12-31T10:14:55Z"),
        ("2003-12-31 10:14:55 -0800", "2003-12-31T18:14:55Z"),
        ("20031231T101455Z", "2003-12-31T10:14:55Z"),
        ("2003-12-31T10:14Z", "2003-12-31T10:14:00Z"),
        ("2003-12-31", "2003-12-31T00:00:00Z"),
        ("20031231", "2003-12-31T00:00:00Z"),
        ("2003-12", "2003-12-01T00:00:00Z"),
        ("2003", "2003-01-01T00:00:00Z"),
        ("2003-335", "2003-12-01T00:00:00Z"),
        ("2003-12-31T24:00:00Z", "2004-01-01T00:00:00Z"),
        ("2004/01/02 03:04", "2004-01-02T03:04:00Z"),
    ] {
        check(text, expected);
    }
}

#[test]
fn days_with_slashes_and_dots_are_read_as_they_can_only_be_meant() {
    check("12/31/2003", "2003-12-31T00:00:00Z");
    check("31/12/2003 10:14", "2003-12-31T10:14:00Z");
    check("31.12.2003", "2003-12-31T00:00:00Z");
    check("07-Nov-22", "2022-11-07T00:00:00Z");
}

#[test]
fn seconds_and_milliseconds_since_1970() {
    check("1072865695", "2003-12-31T10:14:55Z");
    check("1072865695000", "2003-12-31T10:14:55Z");
}

#[test]
fn a_day_without_a_year_is_the_last_one_that_was() {
    check("14 March 10:00", "2023-03-14T10:00:00Z");
    check("24 December", "2022-12-24T00:00:00Z");
}

#[test]
fn no_belief_no_date() {
    for text in [
        "",
        "yesterday",
        "0000-00-00",
        "Mon, 00 Jan 0000 00:00:00 GMT",
        "2003-13-01",
        "31 February 2003",
        "1",
        "99999999999999",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "---",
        "25:61",
        "Thu, 01 Jan 2004 99:99:99 GMT",
        "+",
        "T",
        "2003-W99-9",
        "年月日",
        "Jan-",
        "-Jan-",
        "12-",
        "1/",
        "a:b:c",
        "2004-01-01T00:00:00+99:99x",
    ] {
        let read = date::read(text, NOW);
        assert!(read.is_none() || text.starts_with("2004"), "{text}: {read:?}");
    }
}

#[test]
fn the_future_is_kept_as_it_was_said() {
    check("2031-01-01T00:00:00Z", "2031-01-01T00:00:00Z");
}
