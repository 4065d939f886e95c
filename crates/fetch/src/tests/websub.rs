use std::time::Duration;

use crate::websub::{Subscription, Verification, is_usable};

fn subscription() -> Subscription {
    Subscription {
        hub: "https://hub.example/".into(),
        topic: "https://news.example/feed?a=1&b=2".into(),
        callback: "https://reader.example/websub/k3y".into(),
        secret: "not to be told".into(),
    }
}

#[test]
fn a_subscription_is_asked_for_in_the_words_of_the_standard() {
    let message = subscription().subscribe();
    let expected = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2\
                    &hub.callback=https%3A%2F%2Freader.example%2Fwebsub%2Fk3y&hub.lease_seconds=604800\
                    &hub.secret=not+to+be+told";
    assert_eq!(
        (message.address.as_str(), String::from_utf8(message.body).unwrap().as_str()),
        ("https://hub.example/", expected)
    );
}

#[test]
fn the_secret_is_not_sent_in_the_clear() {
    let message = Subscription { hub: "http://hub.example/".into(), ..subscription() }.subscribe();
    assert!(!String::from_utf8(message.body).unwrap().contains("secret"));
    assert!(
        !is_usable("http://hub.example/") && !is_usable("mailto:a@b") && is_usable("https://hub.example/")
    );
}

#[test]
fn a_hub_is_told_yes_only_for_what_we_want() {
    let ours =
        "hub.mode=subscribe&hub.topic=https%3A%2F%2Fnews.example%2Ffeed%3Fa%3D1%26b%3D2&hub.challenge=x%26y";
    let yes = |days: u64| Verification::Yes {
        challenge: "x&y".into(),
        renew_after: Duration::from_secs(days * 24 * 3600 / 2),
    };
    let cases = [
        (ours.to_owned(), true, yes(7)),
        (format!("{ours}&hub.lease_seconds=172800"), true, yes(2)),
        (format!("{ours}&hub.lease_seconds=99999999999"), true, yes(28)),
        (ours.to_owned(), false, Verification::NotOurs),
        (ours.replace("b%3D2", "b%3D3"), true, Verification::NotOurs),
        (ours.replace("=subscribe", "=denied"), true, Verification::Denied),
        (ours.replace("=subscribe", "=unsubscribe"), true, Verification::NotOurs),
        (String::new(), true, Verification::NotOurs),
    ];
    for (query, wanted, expected) in cases {
        assert_eq!(subscription().verify(&query, wanted), expected, "{query}");
    }
}

#[test]
fn only_what_is_signed_with_the_secret_is_believed() {
    // RFC 2202 and RFC 4231, test case 2.
    let known = Subscription { secret: "Jefe".into(), ..subscription() };
    let body = b"what do ya want for nothing?";
    let sha1 = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79";
    let sha256 = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let cases = [
        (Some(format!("sha1={sha1}")), true),
        (Some(format!("sha256={sha256}")), true),
        (Some(format!("SHA256={}", sha256.to_uppercase())), true),
        (Some(format!("sha256={sha1}")), false),
        (Some(format!("md5={sha1}")), false),
        (Some("sha256=".to_owned()), false),
        (Some("sha1=zz".to_owned()), false),
        (Some(sha256.replace('5', "6")), false),
        (None, false),
    ];
    for (signature, expected) in cases {
        assert_eq!(known.is_signed(signature.as_deref(), body), expected, "{signature:?}");
    }
    assert!(!known.is_signed(Some(&format!("sha256={sha256}")), b"what do ya want"));
}
