//! Ranges of addresses: those that the owner allows by name, and those that nobody outside may make us connect to.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// A range of addresses ("127.0.0.0/8", "fd00::/8", "192.168.1.5").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Network {
    address: IpAddr,
    prefix: u8,
}

impl Network {
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, plain(address)) {
            (IpAddr::V4(net), IpAddr::V4(it)) => same_v4(net, it, self.prefix),
            (IpAddr::V6(net), IpAddr::V6(it)) => same_v6(net, it, self.prefix),
            _ => false,
        }
    }

    /// This machine itself, under all of its loopback addresses: for the demo, tests and replays.
    pub fn loopback() -> Vec<Network> {
        vec![
            Network { address: Ipv4Addr::new(127, 0, 0, 0).into(), prefix: 8 },
            Network { address: Ipv6Addr::LOCALHOST.into(), prefix: 128 },
        ]
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotANetwork(String);

impl fmt::Display for NotANetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}” is not a network; write it like 192.168.0.0/16 or fd00::/8", self.0)
    }
}

impl std::error::Error for NotANetwork {}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Network, NotANetwork> {
        let wrong = || NotANetwork(text.to_owned());
        let (address, prefix) =
            text.trim().split_once('/').map_or((text.trim(), None), |(a, p)| (a, Some(p)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = prefix.map_or(Ok(most), |p| p.parse().map_err(|_| wrong()))?;
        if most < prefix { Err(wrong()) } else { Ok(Network { address, prefix }) }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.address, self.prefix)
    }
}

/// Whether an address belongs to the open internet. Everything that does not is refused: a feed must not be able to
/// make us knock at our own doors, at the neighbours', or at a cloud's metadata service.
pub fn is_public(address: IpAddr) -> bool {
    match plain(address) {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

/// IPv4 that travels inside IPv6 is judged as what it is: mapped (`::ffff:a.b.c.d`) and NAT64 (`64:ff9b::a.b.c.d`,
/// RFC 6052). The other disguises (compatible, 6to4, Teredo) are not public in any case.
fn plain(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else { return address };
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => IpAddr::V4(last_four(v6)),
        _ => address,
    }
}

fn last_four(v6: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = v6.octets();
    Ipv4Addr::new(a, b, c, d)
}

/// The IANA special-purpose registry for IPv4, and one public address that answers inside of Azure only.
const SPECIAL_V4: &[([u8; 4], u8)] = &[
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
    ([168, 63, 129, 16], 32),
];

fn is_public_v4(address: Ipv4Addr) -> bool {
    !SPECIAL_V4.iter().any(|&(net, prefix)| same_v4(net.into(), address, prefix))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let global_unicast = segments[0] & 0xe000 == 0x2000;
    // 2001::/23 are protocols (Teredo, benchmarking, ORCHID), 2002::/16 is 6to4.
    let protocol = segments[0] == 0x2001 && segments[1] < 0x200 || segments[0] == 0x2002;
    let documentation =
        segments[0] == 0x2001 && segments[1] == 0xdb8 || segments[0] == 0x3fff && segments[1] < 0x1000;
    // ISATAP (RFC 5214) hides an IPv4 address behind 0:5efe or 200:5efe.
    let isatap = segments[5] == 0x5efe && segments[4] & !0x200 == 0;
    let hides_private = isatap && !is_public_v4(last_four(address));
    global_unicast && !protocol && !documentation && !hides_private
}

fn same_v4(net: Ipv4Addr, address: Ipv4Addr, prefix: u8) -> bool {
    let mask = u32::MAX.checked_shl(32 - u32::from(prefix)).unwrap_or(0);
    u32::from(net) & mask == u32::from(address) & mask
}

fn same_v6(net: Ipv6Addr, address: Ipv6Addr, prefix: u8) -> bool {
    let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
    u128::from(net) & mask == u128::from(address) & mask
}
