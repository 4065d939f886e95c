//! One question to a server of our own on loopback, as bare as it can be asked.

use std::io::{Read, Write};
use std::net::ToSocketAddrs;

use anyhow::{Context, Result};

/// What a server answered.
pub struct Answer {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Asks, and reads until the server closes: HTTP/1.0 knows no chunks and no second question.
#[allow(clippy::disallowed_methods)] // To what a measurement started, on loopback.
pub fn get(server: impl ToSocketAddrs, path: &str) -> Result<Answer> {
    let mut stream = std::net::TcpStream::connect(server)?;
    let host = stream.peer_addr()?;
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {host}\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|it| it == b"\r\n\r\n").context("no HTTP answer")?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8_lossy(&answer).into_owned();
    let status = head.split(' ').nth(1).and_then(|it| it.parse().ok()).context("no status")?;
    Ok(Answer { status, head, body })
}
