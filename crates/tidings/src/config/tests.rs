use super::{Flags, SETTINGS, load};

fn check(flags: Flags, key: &str, expected: Result<(&str, &str), &str>) {
    let file = Flags { config: Some("/dev/null".into()), ..flags };
    match (load(&file), expected) {
        (Ok(config), Ok((value, from))) => {
            let found = config.values.iter().find(|it| it.key == key).expect("a known key");
            assert_eq!((found.value.as_str(), found.from.as_str()), (value, from));
        }
        (Err(error), Err(says)) => assert!(format!("{error:#}").contains(says), "{error:#}"),
        (found, expected) => panic!("{found:?} instead of {expected:?}"),
    }
}

#[test]
fn a_setting_has_its_default() {
    check(Flags::default(), "server.listen", Ok(("127.0.0.1:8700", "default")));
}

#[test]
fn a_flag_wins_and_says_so() {
    let flags = Flags::default().with("server.listen", "127.0.0.1:9");
    check(flags, "server.listen", Ok(("127.0.0.1:9", "command line")));
}

#[test]
fn a_setting_that_there_is_not_is_refused_with_a_hint() {
    check(Flags::default().with("listen", "x"), "", Err("did you mean server.listen?"));
    check(Flags::default().with("nonsense", "x"), "", Err("`tidings config` lists"));
}

#[test]
fn a_wrong_value_is_refused_with_its_origin() {
    check(
        Flags::default().with("fetch.at_once", "many"),
        "",
        Err("(from command line): it must be a whole number"),
    );
    check(Flags::default().with("server.listen", "here"), "", Err("ADDRESS:PORT"));
}

#[test]
fn every_setting_says_what_it_is_for() {
    assert!(SETTINGS.iter().all(|it| 10 < it.help.len()));
}

#[test]
fn secrets_are_not_shown() {
    let flags = || Flags::default().with("imap.password", "s3cret").with("imap.host", "mail.example");
    check(flags(), "imap.password", Ok(("(hidden)", "command line")));
    let address = "postgres://ann:s3cret@db.example/tidings";
    check(
        Flags::default().with("database", address),
        "database",
        Ok(("postgres://ann:(hidden)@db.example/tidings", "command line")),
    );
    let config = load(&Flags { config: Some("/dev/null".into()), ..flags() }).expect("it is well");
    assert!(!format!("{config:?}").contains("s3cret"));
    assert_eq!(config.imap.expect("a folder").folder.password, "s3cret");
}

#[test]
fn ways_in_are_closed_until_they_are_opened() {
    let config = load(&Flags { config: Some("/dev/null".into()), ..Flags::default() }).expect("it is well");
    assert!(config.mail.is_none() && config.imap.is_none() && config.public.is_none());
    check(Flags::default().with("server.public", "news.example"), "", Err("https://news.example.org"));
    let listens = Flags::default().with("mail.listen", "127.0.0.1:2525");
    check(listens.with("mail.from_anywhere", "perhaps"), "", Err("true or false"));
    let reads = Flags::default().with("imap.host", "mail.example");
    check(reads.with("imap.security", "ssl"), "", Err("tls, starttls or plain"));
}
