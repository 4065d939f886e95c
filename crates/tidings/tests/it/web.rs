//! A little web of our own on loopback: each site on a host of its own, answering one thing to everybody.

use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    sync::atomic::{AtomicU8, Ordering},
    thread,
};

static HOSTS: AtomicU8 = AtomicU8::new(1);

/// What a site answers, whatever it is asked for.
pub enum Site {
    Says {
        status: &'static str,
        headers: String,
        body: String,
    },
    /// Says that it goes on for so many bytes, all inside of one entry.
    GoesOn(usize),
}

impl Site {
    pub fn feed(entries: &str) -> Site {
        Site::says("200 OK", "application/rss+xml", rss(entries))
    }

    pub fn says(status: &'static str, kind: &str, body: impl Into<String>) -> Site {
        Site::Says { status, headers: format!("Content-Type: {kind}\r\n"), body: body.into() }
    }

    pub fn moved(to: &str) -> Site {
        Site::Says {
            status: "301 Moved Permanently",
            headers: format!("Location: {to}\r\n"),
            body: String::new(),
        }
    }

    /// Serves until the test binary ends; answers the site's root, `http://127.…:port`.
    pub fn serve(self) -> String {
        let listener = TcpListener::bind((next_host(), 0)).expect("loopback");
        let root = format!("http://{}", listener.local_addr().expect("an address"));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let _ = self.answer(stream);
            }
        });
        root
    }

    fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut asked = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        while asked.read_line(&mut line)? != 0 && line != "\r\n" {
            line.clear();
        }
        let mut stream = stream;
        match self {
            Site::Says { status, headers, body } => write!(
                stream,
                "HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            ),
            Site::GoesOn(bytes) => {
                write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nConnection: close\r\n\r\n"
                )?;
                write!(
                    stream,
                    "<rss version=\"2.0\"><channel><title>Endless</title><item><title>On and on</title><description>"
                )?;
                let more = [b'x'; 65_536];
                (0..bytes / more.len()).try_for_each(|_| stream.write_all(&more))?;
                write!(stream, "</description></item></channel></rss>")
            }
        }
    }
}

/// A place at which nobody listens.
pub fn nobody() -> String {
    let listener = TcpListener::bind((next_host(), 0)).expect("loopback");
    format!("http://{}", listener.local_addr().expect("an address"))
}

fn next_host() -> Ipv4Addr {
    Ipv4Addr::new(127, 9, 0, HOSTS.fetch_add(1, Ordering::Relaxed))
}

pub fn rss(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Harbour Post</title>\
         <link>https://harbour-post.example/</link><description>News</description>{entries}</channel></rss>"
    )
}

/// An entry with a text that is long enough to be a whole article.
pub fn entry(id: &str, title: &str, date: &str) -> String {
    let text = format!("{title}, people at the quay say. ").repeat(40);
    format!(
        "<item><guid isPermaLink=\"false\">{id}</guid><title>{title}</title>\
         <link>https://harbour-post.example/{}</link><pubDate>{date}</pubDate><description>{text}</description></item>",
        title.replace(' ', "-").to_lowercase()
    )
}

/// The status and body of a page.
pub fn get(address: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(address).expect("it listens");
    write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").expect("it is asked");
    let mut answer = String::new();
    std::io::Read::read_to_string(&mut stream, &mut answer).expect("it answers");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    (head.lines().next().unwrap_or_default().to_string(), body.to_string())
}
