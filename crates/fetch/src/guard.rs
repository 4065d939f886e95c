//! Which addresses may be asked for, and which may be connected to.
//!
//! Asked twice for every hop: when the address is read (scheme, length, host), and at the last moment before the
//! connection is made, with the number that will be connected to. So neither a redirect, nor an answer of the name
//! service that changes, nor a spelling of a number gets past it.

use std::net::{IpAddr, SocketAddr};

use news::Trouble;
use url::{Host, Url};

use crate::network::{Network, is_public};
use crate::trouble;

/// Longer addresses are not asked for.
const LONGEST_ADDRESS: usize = 8192;

#[derive(Clone, Debug)]
pub struct Guard {
    /// Networks that the owner allows by name; every port may be used there.
    pub allow: Vec<Network>,
    /// Ports that may be used elsewhere.
    pub ports: Vec<u16>,
    /// Hosts under which the owner's readers reach us: nobody makes us ask ourselves.
    pub own_hosts: Vec<String>,
}

impl Default for Guard {
    fn default() -> Guard {
        Guard { allow: Vec::new(), ports: vec![80, 443, 8080, 8443], own_hosts: Vec::new() }
    }
}

impl Guard {
    /// An address that may be asked for, as far as one can tell before its name is looked up.
    pub fn address(&self, address: &str) -> Result<Url, Trouble> {
        if LONGEST_ADDRESS < address.len() {
            return Err(trouble::bad_address("is longer than 8,192 characters"));
        }
        let url = Url::parse(address.trim()).map_err(|_| trouble::bad_address("cannot be read"))?;
        self.url(url)
    }

    pub(crate) fn url(&self, url: Url) -> Result<Url, Trouble> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(trouble::refused_scheme(url.scheme()));
        }
        if LONGEST_ADDRESS < url.as_str().len() {
            return Err(trouble::bad_address("is longer than 8,192 characters"));
        }
        let port = url.port_or_known_default().unwrap_or(0);
        match url.host() {
            None => return Err(trouble::bad_address("names no host")),
            Some(Host::Ipv4(v4)) => self.connect(SocketAddr::new(v4.into(), port), "")?,
            Some(Host::Ipv6(v6)) => self.connect(SocketAddr::new(v6.into(), port), "")?,
            Some(Host::Domain(name)) => self.name(name, port)?,
        }
        Ok(url)
    }

    pub(crate) fn name(&self, name: &str, port: u16) -> Result<(), Trouble> {
        let name = name.trim_end_matches('.');
        if self.own_hosts.iter().any(|own| own.eq_ignore_ascii_case(name)) {
            return Err(trouble::refused_self(name));
        }
        if self.allow.is_empty() && is_local_name(name) {
            return Err(trouble::refused_name(name));
        }
        if self.allow.is_empty() && !self.ports.contains(&port) {
            return Err(trouble::refused_port(port));
        }
        Ok(())
    }

    /// The last word, just before connecting: `host` is the name that led to the address, empty where there was none.
    pub fn connect(&self, address: SocketAddr, host: &str) -> Result<(), Trouble> {
        if self.allows(address.ip()) {
            return Ok(());
        }
        if !is_public(address.ip()) || is_local_name(host.trim_end_matches('.')) && !host.is_empty() {
            return Err(trouble::refused_address(address.ip()));
        }
        if !self.ports.contains(&address.port()) {
            return Err(trouble::refused_port(address.port()));
        }
        Ok(())
    }

    /// The owner allowed it by name.
    pub fn allows(&self, address: IpAddr) -> bool {
        self.allow.iter().any(|network| network.contains(address))
    }

    /// A host in the owner's own networks, as far as its name tells: no pause is owed there.
    pub(crate) fn is_at_home(&self, url: &Url) -> bool {
        match url.host() {
            Some(Host::Ipv4(v4)) => self.allows(v4.into()),
            Some(Host::Ipv6(v6)) => self.allows(v6.into()),
            Some(Host::Domain(name)) => name == "localhost" && self.allows(IpAddr::from([127, 0, 0, 1])),
            None => false,
        }
    }
}

/// Names that mean something inside of a house or a cloud only (RFC 6761, RFC 6762, RFC 8375, and habits).
fn is_local_name(name: &str) -> bool {
    const LOCAL: &[&str] = &[
        "localhost",
        "local",
        "internal",
        "intranet",
        "lan",
        "home",
        "corp",
        "private",
        "arpa",
        "localdomain",
        "svc",
        "test",
        "invalid",
        "onion",
        "docker",
    ];
    let name = name.to_ascii_lowercase();
    name.rsplit_once('.').is_none_or(|(_, last)| LOCAL.contains(&last))
}
