use news::Timestamp;

use super::ago;

#[test]
fn what_is_long_past_has_a_day() {
    let now = Timestamp(1_700_000_000);
    let before = |seconds: i64| ago(Timestamp(now.0 - seconds), now);
    assert_eq!(
        [before(-5), before(59), before(90), before(7_200), before(59 * 86_400), before(60 * 86_400)],
        ["just now", "just now", "1 min ago", "2 h ago", "59 days ago", "15 Sep 2023"]
    );
}
