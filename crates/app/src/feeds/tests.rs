use super::*;

#[test]
fn only_addresses_of_the_public_web_go_out() {
    for (address, goes) in [
        ("https://a.example/1?x=1", true),
        ("http://a.example:8080/1", true),
        ("http://8.8.8.8/1", true),
        ("http://192.168.1.5/1", false),
        ("http://10.0.0.1:8700/story/1", false),
        ("http://127.0.0.1/1", false),
        ("http://[::1]/1", false),
        ("http://[fd00::1]/1", false),
        ("http://localhost:8700/", false),
        ("http://nas/feed/1", false),
        ("http://nas.local/1", false),
        ("https://me:secret@a.example/1", false),
        ("javascript:alert(1)", false),
        ("mailto:a@a.example", false),
        ("", false),
    ] {
        assert_eq!(link(address).is_some(), goes, "{address}");
    }
}

#[test]
fn keys_are_long_and_never_the_same() {
    let (one, other) = (new_key().expect("dice"), new_key().expect("dice"));
    assert!(one.len() == 40 && one != other);
}
