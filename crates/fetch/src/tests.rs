//! A loopback server that plays what it is told, and the real [`crate::Web`] against it.

mod body;
mod guard;
mod headers;
mod hostile;
mod hosts;
mod network;
mod robots;
mod schedule;
mod web;
mod websub;

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::{Network, Web, WebPolicy};

/// Answers with the first play whose path fits; remembers what it was asked, word for word.
pub struct Origin {
    pub port: u16,
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Origin {
    /// Plays: path → the whole answer as bytes.
    pub async fn plays(plays: &[(&str, &[u8])]) -> Origin {
        let plays: Vec<(String, Vec<u8>)> =
            plays.iter().map(|(path, answer)| ((*path).to_owned(), answer.to_vec())).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::<Mutex<Vec<String>>>::default();
        let heard = asked.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let (plays, heard) = (plays.clone(), heard.clone());
                tokio::spawn(async move {
                    let mut head = Vec::new();
                    while !head.ends_with(b"\r\n\r\n") {
                        match stream.read_u8().await {
                            Ok(byte) => head.push(byte),
                            Err(_) => return,
                        }
                    }
                    let head = String::from_utf8_lossy(&head).into_owned();
                    // A body that is left unread would reset the connection under the answer.
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                    let mut body = vec![0; length.and_then(|it| it.parse().ok()).unwrap_or(0)];
                    let _ = stream.read_exact(&mut body).await;
                    let path = head.split(' ').nth(1).unwrap_or("").to_owned();
                    heard.lock().unwrap().push(head);
                    let answer = plays.iter().find(|(it, _)| *it == path).map(|(_, answer)| answer.clone());
                    let answer = answer.unwrap_or_else(|| plain("404 Not Found", "", b""));
                    let _ = stream.write_all(&answer).await;
                    let _ = stream.shutdown().await;
                });
            }
        });
        Origin { port, asked }
    }

    pub fn at(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// A whole answer: status, more header lines (each with its line end), body.
pub fn plain(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The real one; loopback is allowed by name.
pub fn web() -> Web {
    Web::new(WebPolicy { allow_networks: Network::loopback(), ..WebPolicy::default() }).unwrap()
}
