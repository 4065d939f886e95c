use std::time::Duration;

use news::{Hub, SourceId, Subscription, Timestamp, Trouble, Wish};

use crate::websub::{
    Step, Verification, answered, asked, hub_of, in_private, is_signed, message, plan, verify,
};
use crate::{Answer, Document, Guard, Network};

const NOW: Timestamp = Timestamp(1_700_000_000);
const DAY: i64 = 24 * 3600;

fn hub(address: &str) -> Hub {
    Hub { address: address.into(), topic: "https://news.example/feed?a=1&b=2".into() }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(NOW.0 + seconds)
}

fn subscription() -> Subscription {
    Subscription {
        source: SourceId(1),
        hub: hub("https://hub.example/"),
        key: "k3y".into(),
        secret: "not to be told".into(),
        pending: None,
        until: Some(at(DAY)),
        due: at(DAY / 2),
        asked: 0,
        trouble: None,
    }
}

fn pending(wish: Wish) -> Subscription {
    Subscription { pending: Some(wish), ..subscription() }
}

#[test]
fn a_subscription_is_asked_for_in_the_words_of_the_standard() {
    let callback = "https://reader.example/websub/k3y";
    let asks = |wish| String::from_utf8(message(&pending(wish), callback).body).unwrap();
    let both = "hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2\
                &hub.callback=https%3A%2F%2Freader.example%2Fwebsub%2Fk3y";
    assert_eq!(
        asks(Wish::Subscribe),
        format!("hub.mode=subscribe&{both}&hub.lease_seconds=604800&hub.secret=not+to+be+told")
    );
    assert_eq!(asks(Wish::Unsubscribe), format!("hub.mode=unsubscribe&{both}"));
}

#[test]
fn the_secret_is_told_under_cover_or_at_home() {
    let home = Guard { allow: Network::loopback(), ..Guard::default() };
    let cases = [
        ("https://hub.example/a", Some("https://hub.example/a")),
        ("http://hub.example/a", Some("https://hub.example/a")),
        ("http://hub.example:8080/", None),
        ("http://127.0.0.1:9/", Some("http://127.0.0.1:9/")),
        ("http://10.0.0.1/", Some("https://10.0.0.1/")),
        ("mailto:a@b.example", None),
        ("file:///etc/passwd", None),
        ("hub", None),
    ];
    for (address, expected) in cases {
        assert_eq!(in_private(address, &home).as_deref(), expected, "{address}");
    }
}

#[test]
fn what_the_header_names_goes_before_what_the_document_names() {
    let document = |hub: Option<&str>, topic: Option<&str>| Document {
        address: "https://news.example/f".into(),
        hub: hub.map(str::to_owned),
        topic: topic.map(str::to_owned),
        ..Document::default()
    };
    let check = |document: Document, said: (Option<&str>, Option<&str>), expected: Option<(&str, &str)>| {
        let found = hub_of(&document, (said.0.map(str::to_owned), said.1.map(str::to_owned)));
        assert_eq!(found, expected.map(|(a, t)| Hub { address: a.into(), topic: t.into() }));
    };
    check(document(None, None), (None, Some("s")), None);
    check(document(Some("h"), Some("t")), (Some("x"), Some("y")), Some(("h", "t")));
    check(document(Some("h"), None), (Some("x"), Some("y")), Some(("h", "y")));
    check(document(None, Some("t")), (Some("x"), Some("y")), Some(("x", "y")));
    check(document(None, None), (Some("x"), None), Some(("x", "https://news.example/f")));
}

#[test]
fn a_hub_is_asked_when_there_is_something_to_ask() {
    let (ours, other) = (hub("https://hub.example/"), hub("https://other.example/"));
    let due = Subscription { due: NOW, ..subscription() };
    let over = Subscription { until: Some(at(-1)), ..subscription() };
    let tired = Subscription { asked: 3, due: NOW, ..pending(Wish::Unsubscribe) };
    let cases: [(Option<&Hub>, bool, Option<Subscription>, Step); 13] = [
        (None, true, None, Step::Nothing),
        (Some(&ours), false, None, Step::Nothing),
        (Some(&ours), true, None, Step::Begin(ours.clone())),
        (Some(&ours), true, Some(subscription()), Step::Nothing),
        (Some(&ours), true, Some(due), Step::Ask(Wish::Subscribe)),
        (Some(&other), true, Some(subscription()), Step::Begin(other.clone())),
        (Some(&ours), true, Some(pending(Wish::Unsubscribe)), Step::Ask(Wish::Subscribe)),
        (Some(&ours), false, Some(subscription()), Step::Ask(Wish::Unsubscribe)),
        (None, true, Some(subscription()), Step::Ask(Wish::Unsubscribe)),
        (Some(&ours), false, Some(pending(Wish::Unsubscribe)), Step::Nothing),
        (Some(&ours), false, Some(over), Step::Forget),
        (Some(&ours), false, Some(tired), Step::Forget),
        (None, false, None, Step::Nothing),
    ];
    for (n, (offered, wanted, standing, expected)) in cases.into_iter().enumerate() {
        assert_eq!(plan(offered, wanted, standing.as_ref(), NOW), expected, "case {n}");
    }
}

#[test]
fn a_hub_that_does_not_come_back_is_asked_less_and_less_often() {
    let mut it = subscription();
    let mut waits = Vec::new();
    for _ in 0..7 {
        it = asked(&it, Wish::Subscribe, NOW);
        waits.push((it.due.0 - NOW.0) / 3600);
    }
    assert_eq!(waits, [1, 2, 4, 8, 16, 24, 24]);
    assert_eq!(asked(&it, Wish::Unsubscribe, NOW).asked, 1, "another wish begins anew");

    let answer = |status, wait| Ok(Answer { status, bytes: Vec::new(), wait });
    let first = asked(&subscription(), Wish::Subscribe, NOW);
    assert_eq!(answered(&first, &answer(202, None), NOW), (at(3600), None));
    let (due, trouble) = answered(&first, &answer(503, Some(Duration::from_secs(7200))), NOW);
    assert_eq!((due, trouble.unwrap().word.as_str()), (at(7200), "hub_refused"));
    let (due, trouble) = answered(&first, &Err(Trouble::new("dns", "no")), NOW);
    assert_eq!((due, trouble.unwrap().word.as_str()), (at(3600), "dns"));
}

#[test]
fn a_hub_is_told_yes_only_for_what_we_asked_for() {
    let ours =
        "hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2&hub.challenge=x%26y";
    let (join, leave) = (pending(Wish::Subscribe), pending(Wish::Unsubscribe));
    // What is answered: the days of the lease; "over"; "denied"; "no".
    let cases = [
        (&join, ours.to_owned(), "7"),
        (&join, format!("{ours}&hub.lease_seconds=172800"), "2"),
        (&join, format!("{ours}&hub.lease_seconds=99999999999"), "28"),
        (&join, format!("{ours}&hub.lease_seconds=0"), "no"),
        (&join, format!("{ours}&hub.lease_seconds=-5"), "no"),
        (&subscription(), ours.to_owned(), "no"),
        (&leave, ours.to_owned(), "no"),
        (&leave, ours.replace("=subscribe", "=unsubscribe"), "over"),
        (&join, ours.replace("=subscribe", "=unsubscribe"), "no"),
        (&join, ours.replace("b%3D2", "b%3D3"), "no"),
        (&join, ours.replace("x%26y", ""), "no"),
        (&join, ours.replace("x%26y", &"x".repeat(2000)), "no"),
        (&join, ours.replace("=subscribe", "=denied"), "denied"),
        (&subscription(), ours.replace("=subscribe", "=denied"), "denied"),
        (&join, String::new(), "no"),
    ];
    for (it, query, expected) in cases {
        let told = match verify(it, &query, NOW) {
            Verification::Yes { challenge, after: Some(after) } => {
                assert_eq!((challenge.as_str(), after.pending, after.asked), ("x&y", None, 0));
                let lease = after.until.unwrap().0 - NOW.0;
                assert_eq!(after.due.0 - NOW.0, lease / 2, "renewed when half of it is over");
                (lease / DAY).to_string()
            }
            Verification::Yes { after: None, .. } => "over".into(),
            Verification::Denied(after) => {
                assert_eq!((after.until, after.trouble.unwrap().word.as_str()), (None, "hub_denied"));
                "denied".into()
            }
            Verification::NotOurs => "no".into(),
        };
        assert_eq!(told, expected, "{query}");
    }
}

#[test]
fn only_what_is_signed_with_the_secret_is_believed() {
    // RFC 2202 and RFC 4231, test case 2.
    let body = b"what do ya want for nothing?";
    let sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let sha384 =
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649";
    let sha512 = "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737";
    let cases = [
        (Some(format!("sha1={sha1}")), true),
        (Some(format!("sha256={sha256}")), true),
        (Some(format!("sha384={sha384}")), true),
        (Some(format!("sha512={sha512}")), true),
        (Some(format!("SHA256={}", sha256.to_uppercase())), true),
        (Some(format!("sha256={sha1}")), false),
        (Some(format!("md5={sha1}")), false),
        (Some("sha256=".to_owned()), false),
        (Some("sha1=zz".to_owned()), false),
        (Some(sha256.replace('5', "6")), false),
        (None, false),
    ];
    for (signature, expected) in cases {
        assert_eq!(is_signed("Jefe", signature.as_deref(), body), expected, "{signature:?}");
    }
    assert!(!is_signed("Jefe", Some(&format!("sha256={sha256}")), b"what do ya want"));
}
