//! The outside: a public server on which everything leads inside, and a name service that plays tricks.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use fetch::{Dialer, Resolver, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

pub const PUBLIC: [u8; 4] = [93, 184, 215, 14];
/// Names under this lead to the public server; those under the other one wherever a play says; all others lead inside.
pub const OUTSIDE: &str = ".outlet.example";
pub const TURNING: &str = ".turning.example";
/// A server that sends everybody back to where they are.
pub const LOOP: &str = "http://loop.outlet.example/loop";

/// What the name service answers, one time after the other and then from the beginning: numbers, another name, trouble,
/// or `TIMEOUT`.
pub type Play = Vec<Vec<String>>;

/// Plays of our own; the data has more.
pub fn plays() -> Vec<Play> {
    let own: [&[&[&str]]; 4] = [
        &[&["93.184.215.14"], &["127.0.0.1"]],
        &[&["10.0.0.1", "93.184.215.14"]],
        &[&["::ffff:169.254.169.254"]],
        &[&["SERVFAIL"], &["CNAME localhost"]],
    ];
    let mut plays: Vec<Play> = own
        .iter()
        .map(|play| play.iter().map(|it| it.iter().map(|it| (*it).to_owned()).collect()).collect())
        .collect();
    if let Some(path) = testkit::data("hostile/ssrf/scenarios.json") {
        let text = std::fs::read_to_string(path).expect("the plays");
        let scenes: Vec<serde_json::Value> = serde_json::from_str(&text).expect("JSON");
        // The others are about redirects, of which `Lures` has every kind.
        plays.extend(scenes.iter().filter_map(|it| serde_json::from_value(it["answers"].clone()).ok()));
    }
    plays
}

/// The public server: everything on it leads to one of the addresses.
pub struct Lures {
    pub addresses: Vec<String>,
    pub dialled: Mutex<BTreeSet<SocketAddr>>,
    pub asked: Mutex<BTreeSet<String>>,
}

impl Lures {
    pub fn new(addresses: Vec<String>) -> Arc<Lures> {
        Arc::new(Lures { addresses, dialled: Mutex::default(), asked: Mutex::default() })
    }

    /// Sources on the public server, and what each stands for.
    pub fn sources(&self) -> Vec<String> {
        let away = (0..self.addresses.len()).map(|n| format!("http://news{OUTSIDE}/away/{n}"));
        let next = (0..self.addresses.len()).map(|n| format!("http://next{OUTSIDE}/next/{n}"));
        let maps = (0..self.addresses.len().div_ceil(3)).map(|n| format!("http://maps{OUTSIDE}/maps/{n}"));
        let lists =
            ["entries", "gone", "robots", "pictures"].map(|it| format!("http://{it}{OUTSIDE}/list/{it}"));
        away.chain(next).chain(maps).chain(lists).collect()
    }

    pub fn offers(&self) -> Vec<String> {
        (0..self.addresses.len()).map(|n| format!("http://offers{OUTSIDE}/offer/{n}")).collect()
    }

    fn answer(&self, host: &str, path: &str) -> String {
        let mut parts = path.trim_start_matches('/').split('/');
        let (what, which) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
        let number: usize = which.parse().unwrap_or(0);
        let address = || escaped(self.addresses.get(number).map_or("", String::as_str));
        match what {
            // Each kind of redirect: of a source, of a page, of a picture.
            "away" | "gone" | "moved.png" => self.redirect(number),
            "loop" => status("302 Found", "Location: /loop\r\n", ""),
            "robots.txt" if host.starts_with('r') => self
                .redirect(host.trim_start_matches('r').split('.').next().unwrap_or("").parse().unwrap_or(0)),
            "robots.txt" => status("404 Not Found", "", ""),
            "next" => page(
                "application/rss+xml",
                &format!(
                    "<rss xmlns:atom=\"http://www.w3.org/2005/Atom\"><channel><title>t</title><atom:link rel=\"next\" href=\"{0}\"/>\
                 <atom:link rel=\"hub\" href=\"{0}\"/><item><title>a</title></item></channel></rss>",
                    address()
                ),
            ),
            "maps" => {
                let three = self.addresses.iter().skip(3 * number).take(3);
                let maps: String =
                    three.map(|it| format!("<sitemap><loc>{}</loc></sitemap>", escaped(it))).collect();
                page("application/xml", &format!("<sitemapindex>{maps}</sitemapindex>"))
            }
            "offer" => page(
                "text/html",
                &format!(
                    "<html><head><link rel=\"alternate\" type=\"application/rss+xml\" title=\"a\" href=\"{}\"></head></html>",
                    address()
                ),
            ),
            "list" => page("application/rss+xml", &self.list(which)),
            _ => page(
                "text/html",
                &format!(
                    "<html><head><meta http-equiv=\"refresh\" content=\"0;url={}\"></head><body><p>Nothing to read.",
                    escaped(&self.addresses[0])
                ),
            ),
        }
    }

    fn redirect(&self, number: usize) -> String {
        let kinds = ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"];
        let to = self.addresses.get(number).map_or("/", String::as_str);
        // No header can have these in it.
        let to: String = to.chars().filter(|c| !c.is_control()).collect();
        status(kinds[number % kinds.len()], &format!("Location: {to}\r\n"), "")
    }

    fn list(&self, which: &str) -> String {
        let numbers = 0..self.addresses.len();
        let item = |n: usize, link: &str, text: &str| {
            format!(
                "<item><guid isPermaLink=\"false\">{which}{n}</guid><title>Story {which} {n}</title><link>{link}</link><description>{text}</description></item>"
            )
        };
        let items: String = match which {
            "entries" => numbers.map(|n| item(n, &escaped(&self.addresses[n]), "short")).collect(),
            "gone" => numbers.map(|n| item(n, &format!("http://pages{OUTSIDE}/gone/{n}"), "short")).collect(),
            "robots" => numbers.map(|n| item(n, &format!("http://r{n}{OUTSIDE}/page"), "short")).collect(),
            _ => {
                let text = "The harbour was quiet in the morning, and so it stayed until the ferry came in. "
                    .repeat(20);
                let picture = |n: usize| {
                    let direct = escaped(&escaped(&self.addresses[n]));
                    let led = format!("http://pictures{OUTSIDE}/moved.png/{n}");
                    format!(
                        "&lt;img src=\"{direct}\" width=\"600\"&gt;&lt;img src=\"{led}\" width=\"600\"&gt;"
                    )
                };
                // A body may not be longer than a megabyte.
                let text = |n: usize| format!("&lt;p&gt;{text}&lt;/p&gt;{}", picture(n));
                numbers.map(|n| item(n, &format!("http://pictures{OUTSIDE}/article/{n}"), &text(n))).collect()
            }
        };
        format!("<rss version=\"2.0\"><channel><title>{which}</title>{items}</channel></rss>")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn page(kind: &str, body: &str) -> String {
    status("200 OK", &format!("Content-Type: {kind}\r\n"), body)
}

fn status(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n{body}", body.len())
}

pub struct Names {
    plays: Vec<Play>,
    asked: Mutex<BTreeMap<String, usize>>,
}

impl Names {
    pub fn new(plays: Vec<Play>) -> Names {
        Names { plays, asked: Mutex::default() }
    }
}

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        if host.ends_with(OUTSIDE) {
            return Ok(vec![IpAddr::from(PUBLIC)]);
        }
        let inside = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1"].map(str::to_owned).to_vec();
        let number = host.strip_suffix(TURNING).and_then(|it| it.parse::<usize>().ok());
        let answer = match number.and_then(|it| self.plays.get(it)) {
            Some(play) => {
                let mut asked = self.asked.lock().expect("a list");
                let times = asked.entry(host.to_owned()).or_default();
                *times += 1;
                play[(*times - 1) % play.len()].clone()
            }
            None => inside.clone(),
        };
        match answer.first().map(String::as_str) {
            Some("TIMEOUT") => std::future::pending().await,
            Some("SERVFAIL") => Err(io::ErrorKind::Other.into()),
            Some(name) if name.starts_with("CNAME") => {
                Ok(inside.iter().map(|it| it.parse().expect("a number")).collect())
            }
            _ => Ok(answer.iter().map(|it| it.parse().expect("a number")).collect()),
        }
    }
}

pub struct Wires(pub Arc<Lures>);

#[async_trait]
impl Dialer for Wires {
    async fn dial(&self, address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        self.0.dialled.lock().expect("a list").insert(address);
        if address.ip() != IpAddr::from(PUBLIC) {
            return Err(io::ErrorKind::ConnectionRefused.into());
        }
        let (ours, mut theirs) = tokio::io::duplex(64 << 10);
        let lures = self.0.clone();
        tokio::spawn(async move {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match theirs.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => return,
                }
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
            let host = head.lines().find_map(|it| it.strip_prefix("host: ")).unwrap_or("").to_owned();
            lures.asked.lock().expect("a list").insert(format!("{host}{path}"));
            let _ = theirs.write_all(lures.answer(&host, &path).as_bytes()).await;
            let _ = theirs.shutdown().await;
        });
        Ok(Box::new(ours))
    }
}
