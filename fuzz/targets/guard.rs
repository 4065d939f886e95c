//! What the guard lets through is on the open internet, as the standard library sees it.
#![no_main]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let guard = fetch::Guard::default();
    let Ok(url) = guard.address(text) else { return };
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    let host = url.host_str().expect("it has a host").trim_matches(['[', ']']);
    match host.parse::<IpAddr>() {
        Ok(IpAddr::V4(v4)) => assert!(!is_inside(v4), "{url}"),
        Ok(IpAddr::V6(v6)) => assert!(!is_inside_6(v6), "{url}"),
        Err(_) => assert!(host.contains('.'), "{url}"),
    }
});

fn is_inside(v4: Ipv4Addr) -> bool {
    v4.is_private()
        || v4.is_loopback()
        || v4.is_link_local()
        || v4.is_unspecified()
        || v4.is_multicast()
        || v4.is_broadcast()
        || v4.is_documentation()
        || v4.octets()[0] == 0
        || v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64
}

fn is_inside_6(v6: Ipv6Addr) -> bool {
    v6.is_loopback()
        || v6.is_unspecified()
        || v6.is_multicast()
        || v6.is_unique_local()
        || v6.is_unicast_link_local()
        || v6.to_ipv4_mapped().is_some_and(is_inside)
}
