//! Going out through somebody else's door: `CONNECT` through an HTTP proxy (RFC 9110, 9.3.6).
//!
//! The tunnel is asked for by number, after our own check: so the guard holds behind a proxy too, and the proxy need
//! not be trusted to have one.

use std::io;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use url::Url;

use crate::connect::Stream;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Proxy {
    pub host: String,
    pub port: u16,
    login: Option<String>,
}

impl Proxy {
    pub fn parse(address: &str) -> Result<Proxy, String> {
        let url = Url::parse(address.trim())
            .map_err(|_| "cannot be read; write it like http://proxy:3128".to_owned())?;
        if url.scheme() != "http" {
            return Err("has to begin with http://".to_owned());
        }
        let host = url.host_str().ok_or_else(|| "names no host".to_owned())?.to_owned();
        let login = (!url.username().is_empty()).then(|| {
            let password = percent_decoded(url.password().unwrap_or(""));
            STANDARD.encode([percent_decoded(url.username()), b":".to_vec(), password].concat())
        });
        Ok(Proxy { host, port: url.port().unwrap_or(3128), login })
    }

    /// Asks for a tunnel to that address; afterwards the stream is as if we had connected there.
    pub async fn tunnel(&self, stream: &mut Box<dyn Stream>, to: SocketAddr) -> io::Result<()> {
        let login =
            self.login.as_ref().map_or(String::new(), |it| format!("Proxy-Authorization: Basic {it}\r\n"));
        let ask = format!("CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{login}\r\n");
        stream.write_all(ask.as_bytes()).await?;
        let mut answer = Vec::with_capacity(256);
        // Byte for byte, so that nothing of what comes through the tunnel is swallowed.
        while !answer.ends_with(b"\r\n\r\n") {
            if answer.len() == 8192 {
                return Err(io::Error::other("its answer does not end"));
            }
            answer.push(stream.read_u8().await?);
        }
        let status = answer.split(|&b| b == b' ').nth(1).unwrap_or_default();
        match status {
            [b'2', _, _] => Ok(()),
            _ => Err(io::Error::other(format!("it answered {}", String::from_utf8_lossy(status)))),
        }
    }
}

pub fn percent_decoded(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(bytes[at]);
                at += 1;
            }
        }
    }
    decoded
}
