use std::time::Duration;

use crate::Robots;

fn check(file: &str, agent: &str, path: &str, expected: bool) {
    assert_eq!(
        Robots::parse(file.as_bytes()).allows(agent, path),
        expected,
        "{path} for {agent} by {file:?}"
    );
}

#[test]
fn the_longest_rule_decides_and_allowing_wins_a_tie() {
    let file = "User-agent: *\nDisallow: /news\nAllow: /news/free\nDisallow: /same\nAllow: /same";
    for (path, expected) in
        [("/", true), ("/news/x", false), ("/news/free/x", true), ("/same", true), ("/new", true)]
    {
        check(file, "tidings/1.0", path, expected);
    }
}

#[test]
fn stars_and_the_end_mean_what_the_rfc_says() {
    let cases = [
        ("/*.php", "/a/b.php?c", true),
        ("/*.php$", "/a/b.php?c", false),
        ("/*.php$", "/a/b.php", true),
        ("/a*b*c", "/a1b2c3", true),
        ("/a*b*c", "/a1c2b3", false),
        ("/a*b$", "/abab", true),
        ("/a*b$", "/aba", false),
        ("*", "/anything", true),
        ("/$", "/", true),
        ("/$", "/x", false),
        ("*/end", "/some/end/", true),
        ("/p*", "/p", true),
        ("/a**b", "/a-b", true),
        ("/ab*b$", "/ab", false),
    ];
    for (pattern, path, fits) in cases {
        check(&format!("User-agent: *\nDisallow: {pattern}"), "tidings", path, !fits);
    }
}

#[test]
fn our_own_group_stands_before_everyones() {
    let file = "User-agent: *\nDisallow: /\n\nUser-Agent: Tidings\nUser-agent: other\nDisallow: /a\n\n\
                User-agent: third\nDisallow: /c\n\nuser-agent: tidings/2.0 # again\nDisallow: /b";
    for (agent, path, expected) in [
        ("tidings/0.1 (x)", "/c", true),
        ("tidings/0.1 (x)", "/a", false),
        ("TIDINGS", "/b", false),
        ("tiding", "/c", false),
        ("other", "/b", true),
        ("nobody", "/c", false),
    ] {
        check(file, agent, path, expected);
    }
}

#[test]
fn encoding_makes_no_difference_where_it_means_none() {
    let cases = [
        ("/a%3cd.html", "/a%3Cd.html", true),
        ("/a%7Eb", "/a~b", true),
        ("/ツ", "/%E3%83%84", true),
        ("/a%2Fb", "/a/b", false),
        ("/%", "/%", true),
    ];
    for (pattern, path, fits) in cases {
        check(&format!("User-agent: *\nDisallow: {pattern}"), "tidings", path, !fits);
    }
}

#[test]
fn files_as_they_are_found() {
    let cases = [
        ("", "/", true),
        ("<html>404</html>", "/", true),
        ("Disallow: /", "/", true),
        ("User-agent: *\nDisallow:", "/", true),
        ("\u{feff}User-agent: *\r\nDisallow: / # all\r\n", "/", false),
        ("User-agent: *\rDisallow: /", "/", false),
        ("  user-agent :  *  \n  DISALLOW :  /x  ", "/x", false),
        ("User-agent: *\nSitemap: https://a/\nDisallow: /x", "/x", false),
        ("User-agent: *\nDisallow: /", "/robots.txt", true),
    ];
    for (file, path, expected) in cases {
        check(file, "tidings", path, expected);
    }
}

#[test]
fn the_pause_that_is_asked_for_is_kept_within_reason() {
    let delay = |value: &str| {
        Robots::parse(format!("User-agent: *\nCrawl-delay: {value}").as_bytes()).crawl_delay("x")
    };
    assert_eq!(delay("2.5"), Some(Duration::from_millis(2500)));
    assert_eq!(delay("86400"), Some(Duration::from_secs(60)));
    assert_eq!([delay("-1"), delay("NaN"), delay("soon"), delay("")], [None; 4]);
}

#[test]
fn a_file_made_to_be_slow_is_not() {
    // 200 rules that a backtracking matcher would need for ever for; nothing after 500 KiB counts.
    let rule = format!("Disallow: /{}c$\n", "a*".repeat(1000));
    let file = format!("User-agent: *\n{}Disallow: /after\n", rule.repeat(260));
    let path = format!("/{}b", "a".repeat(4000));
    let robots = Robots::parse(file.as_bytes());
    assert!(robots.allows("tidings", &path));
    assert!(robots.allows("tidings", "/after"));
}
