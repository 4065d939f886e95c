use std::net::IpAddr;

use crate::Network;
use crate::network::is_public;

#[test]
fn a_network_is_written_as_owners_write_it() {
    let cases = [
        ("192.168.0.0/16", "192.168.255.1", true),
        ("192.168.0.0/16", "192.169.0.1", false),
        ("192.168.0.0/16", "::ffff:192.168.3.4", true),
        ("10.1.2.3", "10.1.2.3", true),
        ("10.1.2.3", "10.1.2.4", false),
        ("fd00::/8", "fd12::1", true),
        ("fd00::/8", "fe80::1", false),
        ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false),
        ("::/0", "::1", true),
    ];
    for (network, address, expected) in cases {
        let network: Network = network.parse().unwrap();
        assert_eq!(network.contains(address.parse().unwrap()), expected, "{network} {address}");
    }
    for wrong in ["", "localhost", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0/8", "10.0.0.0/8/8"] {
        assert!(wrong.parse::<Network>().is_err(), "{wrong}");
    }
}

#[test]
fn four_hidden_in_six_is_judged_as_four() {
    let cases = [
        ("64:ff9b::7f00:1", false),
        ("64:ff9b::808:808", true),
        ("64:ff9b:1::1", false),
        ("2002:7f00:1::", false),
        ("2001:0:1::", false),
        ("::7f00:1", false),
        ("2a00:1450::5efe:10.0.0.1", false),
        ("2a00:1450::200:5efe:10.0.0.1", false),
        ("2a00:1450:4001:80b::200e", true),
        ("168.63.129.16", false),
    ];
    for (address, expected) in cases {
        assert_eq!(is_public(address.parse::<IpAddr>().unwrap()), expected, "{address}");
    }
}
