use super::*;

#[track_caller]
fn check(address: &str, expected: &str) {
    let found = canonical(address);
    assert_eq!(found.as_deref().unwrap_or("none"), expected);
    // Canonical is a form, and not a journey.
    if let Some(found) = &found {
        assert_eq!(canonical(found).as_ref(), Some(found));
    }
}

#[test]
fn lists_are_sorted_so_that_they_can_be_searched() {
    // Shown by names at both ends and in the middle being found.
    for name in
        [".tsrc", "fbclid", "gclid", "ocid", "smid", "zanpid", "xtor", "cmp", "mkt_tok", "srnd", "yclid"]
    {
        assert!(parameters::is_noise(name, "x"), "{name}");
    }
    for value in ["amp", "rss", "twitter", "x", "feed"] {
        assert!(parameters::is_noise("ref", value) && parameters::is_noise("via", value), "{value}");
    }
}

#[test]
fn only_addresses_of_the_web_are_addresses() {
    for other in [
        "",
        "mailto:a@example.org",
        "javascript:alert(1)",
        "ftp://example.org/",
        "/story",
        "https://",
        "nonsense",
    ] {
        check(other, "none");
    }
}

#[test]
fn tracking_goes_and_the_page_stays() {
    check(
        "https://www.example.org/story?utm_source=rss&id=12&utm_medium=feed&fbclid=abc",
        "https://www.example.org/story?id=12",
    );
    check("https://example.org/story.html?partner=rss&emc=rss", "https://example.org/story.html");
    check("https://example.org/story?CMP=share_btn_tw", "https://example.org/story");
    check("https://example.org/story?at_medium=RSS&at_campaign=KARANGA", "https://example.org/story");
}

#[test]
fn parameters_that_make_the_page_stay_in_their_order() {
    check("https://example.org/?p=12", "https://example.org/?p=12");
    check("https://example.org/view?b=2&a=1", "https://example.org/view?b=2&a=1");
    check("https://example.org/view?12345", "https://example.org/view?12345");
    check("https://example.org/news?source=reuters&ref=42", "https://example.org/news?source=reuters&ref=42");
    check("https://example.org/show?cid=1", "https://example.org/show?cid=1");
    check("https://example.org/q?x=a%2Bb+c", "https://example.org/q?x=a%2Bb+c");
}

#[test]
fn an_ampersand_that_was_escaped_twice_is_one() {
    check("https://example.org/a?x=1&amp;y=2&amp;utm_source=z", "https://example.org/a?x=1&y=2");
}

#[test]
fn fragments_go_unless_they_are_pages() {
    check("https://example.org/story#comments", "https://example.org/story");
    check("https://example.org/#!/story/12", "https://example.org/#!/story/12");
}

#[test]
fn default_ports_passwords_and_case_of_the_host_make_no_difference() {
    check("HTTPS://User:pw@WWW.Example.ORG:443/Story", "https://www.example.org/Story");
    check("http://example.org:8080/a", "http://example.org:8080/a");
    check("https://example.org./a", "https://example.org/a");
}

#[test]
fn what_may_make_a_difference_stays() {
    check("http://example.org/a/", "http://example.org/a/");
    check("https://www.example.org/a", "https://www.example.org/a");
    check("http://127.0.0.1:8800/item/3", "http://127.0.0.1:8800/item/3");
}

#[test]
fn noise_behind_the_path_goes() {
    check("https://example.org/story%20?", "https://example.org/story");
    check("https://example.org/story;jsessionid=0A1B?id=3", "https://example.org/story?id=3");
    check("  https://example.org/story \n", "https://example.org/story");
}

#[test]
fn amp_pages_are_their_pages() {
    check("https://amp.example.co.uk/news/dam-gives-way", "https://www.example.co.uk/news/dam-gives-way");
    check(
        "https://example.org/2024/dam-gives-way-again/amp/",
        "https://example.org/2024/dam-gives-way-again/",
    );
    check("https://example.org/amp/dam-gives-way-again", "https://example.org/dam-gives-way-again");
    check("https://example.org/dam.amp.html", "https://example.org/dam.html");
    check("https://example.org/dam-gives-way?amp=1&outputType=amp", "https://example.org/dam-gives-way");
    check(
        "https://www-example-org.cdn.ampproject.org/c/s/www.example.org/dam?usqp=1",
        "https://www.example.org/dam",
    );
    check("https://www.google.com/amp/s/www.example.org/dam", "https://www.example.org/dam");
}

#[test]
fn a_page_about_amplifiers_is_not_an_amp_page() {
    check("https://example.org/tag/amp", "https://example.org/tag/amp");
    check("https://example.org/amp/", "https://example.org/amp/");
    check("https://amp.dev/about", "https://amp.dev/about");
    check("https://example.org/champ", "https://example.org/champ");
}

#[test]
fn mobile_hosts_are_the_outlet() {
    check("https://m.example.org/a", "https://www.example.org/a");
    check("https://mobile.example.com/a", "https://www.example.com/a");
    check("https://en.m.wikipedia.org/wiki/Dam", "https://en.wikipedia.org/wiki/Dam");
    check("https://m.blog.example.org/a", "https://m.blog.example.org/a");
}

#[test]
fn redirectors_that_carry_their_target_are_undone() {
    check("https://www.google.com/url?rct=j&url=https://example.org/dam&ct=ga", "https://example.org/dam");
    check(
        "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2Fdam%3Ffbclid%3Dx",
        "https://example.org/dam",
    );
    check("https://out.reddit.com/t3?url=https%3A%2F%2Fexample.org%2Fdam&token=x", "https://example.org/dam");
    check(
        "https://web.archive.org/web/20200102030405/https://example.org/dam?x=1",
        "https://example.org/dam?x=1",
    );
    check("https://href.li/?https://example.org/dam", "https://example.org/dam");
    check(
        "https://www.google.com/url?q=https%3A%2F%2Fl.facebook.com%2Fl.php%3Fu%3Dhttps%253A%252F%252Fexample.org%252Fdam",
        "https://example.org/dam",
    );
}

#[test]
fn a_redirector_without_a_target_stays() {
    check("https://www.google.com/url?sa=t", "https://www.google.com/url?sa=t");
    check("https://news.google.com/rss/articles/CBMi", "https://news.google.com/rss/articles/CBMi");
    check(
        "https://www.google.com/url?q=javascript:alert(1)",
        "https://www.google.com/url?q=javascript:alert(1)",
    );
}

#[test]
fn videos_have_one_address() {
    check("https://youtu.be/abc123?si=x", "https://www.youtube.com/watch?v=abc123");
    check("https://m.youtube.com/watch?v=abc123&feature=youtu.be", "https://www.youtube.com/watch?v=abc123");
}

#[track_caller]
fn check_outlet(address: &str, outlet: Option<&str>) {
    assert_eq!(outlet_of(address).as_deref(), outlet, "{address}");
}

#[test]
fn an_outlet_is_a_registrable_domain() {
    check_outlet("https://News.Example.co.uk/a", Some("example.co.uk"));
    check_outlet("http://localhost:8080/", Some("localhost"));
    check_outlet("mailto:someone@example.org", None);
    assert_eq!(host_of("https://EXAMPLE.org:8443/x").as_deref(), Some("example.org"));
}

#[test]
fn numbers_are_outlets_by_themselves_and_by_port() {
    check_outlet("http://127.0.77.1:7717/x", Some("127.0.77.1:7717"));
    check_outlet("http://127.0.0.1:4000/", Some("127.0.0.1:4000"));
    check_outlet("http://10.0.1.1/", Some("10.0.1.1"));
    check_outlet("http://[::1]:80/", Some("[::1]"));
}

#[test]
fn links_of_mails_lead_where_they_say() {
    let cases = [
        // The last part, or one in the middle, is the address in base64.
        (
            "https://click.convertkit-mail2.com/8kuqw/o8/aHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvYS9iP2M9ZA==",
            Some("https://harbour.example/a/b?c=d"),
        ),
        (
            "https://link.harbour.example/click/1234.56/aHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk/5f3a",
            Some("https://harbour.example/ferry"),
        ),
        (
            "http://x1.mjt.lu/lnk/AUUA/1/k3y/aHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk",
            Some("https://harbour.example/ferry"),
        ),
        // A record with the address in it.
        (
            "https://substack.com/redirect/2/eyJlIjoiaHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnkiLCJuIjoxfQ.sig?r=1",
            Some("https://harbour.example/ferry"),
        ),
        (
            "https://e.customeriomail.com/e/c/eyJlbWFpbF9pZCI6IngiLCJocmVmIjoiaHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk_YVx1MDAyNmIifQ/5f3a",
            Some("https://harbour.example/ferry?a&b"),
        ),
        (
            "https://abc.r.us-east-1.awstrack.me/L0/https:%2F%2Fharbour.example%2Fferry%3Fa=1/1/0100/x=1",
            Some("https://harbour.example/ferry?a=1"),
        ),
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fharbour.example%2Fferry&data=05",
            Some("https://harbour.example/ferry"),
        ),
        (
            "https://urldefense.com/v3/__https://harbour.example/ferry__;!!k3y!x$",
            Some("https://harbour.example/ferry"),
        ),
        (
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__harbour.example_ferry&d=x",
            Some("https://harbour.example/ferry"),
        ),
        (
            "https://click.mailer.example/track?to=https%3A%2F%2Fharbour.example%2Fferry",
            Some("https://harbour.example/ferry"),
        ),
        // One inside of the other.
        (
            "https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fx.mjt.lu%2Flnk%2Fa%2FaHR0cHM6Ly9oYXJib3VyLmV4YW1wbGUvZmVycnk",
            Some("https://harbour.example/ferry"),
        ),
        // They do not say; or they are no redirectors.
        ("https://harbour.us1.list-manage.com/track/click?u=1&id=2&e=3", None),
        ("https://u1.ct.sendgrid.net/ls/click?upn=u001.abc", None),
        ("https://harbour.example/share?url=https%3A%2F%2Felsewhere.example", None),
        ("https://harbour.example/ferry", None),
        ("https://click.mailer.example/x?url=javascript:alert(1)", None),
        ("https://harbour.example/aHR0cCBpcyBub3QgYW4gYWRkcmVzcw", None),
        ("mailto:a@b.example?body=https://harbour.example", None),
    ];
    for (link, expected) in cases {
        assert_eq!(crate::unwrapped(link).as_deref(), expected, "{link}");
    }
}

#[test]
fn a_host_with_a_dot_at_its_end_is_the_host() {
    check("http://m.example.org./a", "http://www.example.org/a");
    check("https://old.reddit.com./r/news", "https://www.reddit.com/r/news");
}

#[test]
fn what_is_behind_one_decoration_may_be_another_one() {
    check("http://a.example/amp/story-of-the-dam/amp", "http://a.example/story-of-the-dam");
    check("http://a.example/story-of-the-dam%20/amp", "http://a.example/story-of-the-dam");
}

#[test]
fn a_long_chain_of_redirectors_is_left_alone() {
    let through = |address: &str| {
        format!("https://www.google.com/url?q={}", address.replace('&', "%26").replace('?', "%3F"))
    };
    let three = through(&through(&through("https://a.example/1")));
    check(&three, "https://a.example/1");
    let four = through(&three);
    check(&four, &four);
}

#[test]
fn a_secret_goes_to_its_own_door_and_never_into_the_clear() {
    for (given, asked, may) in [
        ("https://a.example/feed", "https://a.example/page?x", true),
        ("https://a.example/feed#reader-3", "https://A.example:443/", true),
        ("http://a.example/feed", "https://a.example/page", true),
        ("https://a.example/feed", "http://a.example/page", false),
        ("https://a.example/feed", "https://a.example:8443/", false),
        ("http://a.example:8080/feed", "https://a.example/", false),
        ("http://a.example/feed", "https://b.a.example/", false),
        ("mailto:a@b.example", "mailto:a@b.example", false),
        ("nonsense", "nonsense", false),
    ] {
        assert_eq!(may_be_told(given, asked), may, "{given} {asked}");
    }
}
