//! Good feeds on loopback, each on a host of its own; and a door on a host of its own to each hostile server.

use std::io::{BufRead, BufReader};
use std::net::Ipv4Addr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, UNIX_EPOCH};

use anyhow::{Context, Result};
use axum::{
    Router,
    extract::{Path as UrlPath, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use tokio::net::{TcpListener, TcpStream};

/// A new entry in each feed so often, in seconds of the news.
const EVERY: i64 = 20 * 60;
const SHOWN: i64 = 10;

pub struct World {
    port: u16,
    speed: f64,
    from: i64,
    began: Instant,
    /// By feed: when it is due, as the store last had it; 0 before that was seen.
    due: Mutex<Vec<i64>>,
    late: Mutex<Vec<f64>>,
}

impl World {
    pub async fn serve(feeds: usize, from: i64, speed: f64) -> Result<Arc<World>> {
        let first = TcpListener::bind((host(5, 0), 0)).await?;
        let port = first.local_addr()?.port();
        let world = Arc::new(World {
            port,
            speed,
            from,
            began: Instant::now(),
            due: Mutex::new(vec![0; feeds]),
            late: Mutex::default(),
        });
        let router = Router::new().route("/feed/{feed}", get(feed)).with_state(world.clone());
        let mut listeners = vec![first];
        for n in 1..feeds {
            listeners.push(TcpListener::bind((host(5, n), port)).await.context("cannot serve on loopback")?);
        }
        for listener in listeners {
            let router = router.clone();
            tokio::spawn(async move { axum::serve(listener, router).await });
        }
        Ok(world)
    }

    fn now(&self) -> f64 {
        self.from as f64 + self.began.elapsed().as_secs_f64() * self.speed
    }

    /// The setting that gives the program the same clock.
    pub fn clock(&self) -> String {
        format!("{}@{}", self.now() as i64, self.speed)
    }

    pub fn address(&self, feed: usize) -> String {
        format!("http://{}:{}/feed/{feed}", host(5, feed), self.port)
    }

    /// What the store says of when its sources are due.
    pub fn note_due(&self, due: &[(String, i64)]) {
        let mut known = self.due.lock().expect("nobody panics while holding it");
        for (address, at) in due {
            let feed = address.rsplit_once("/feed/").and_then(|(_, feed)| feed.parse::<usize>().ok());
            if let Some(slot) = feed.and_then(|feed| known.get_mut(feed)) {
                *slot = *at;
            }
        }
    }

    /// In seconds of the machine, for each time that a feed was asked.
    pub fn late(&self) -> Vec<f64> {
        self.late.lock().expect("nobody panics while holding it").clone()
    }
}

async fn feed(State(world): State<Arc<World>>, UrlPath(n): UrlPath<usize>, headers: HeaderMap) -> Response {
    let now = world.now();
    let due = world.due.lock().expect("nobody panics while holding it").get(n).copied().unwrap_or(0);
    if 0 < due {
        let late = ((now - due as f64) / world.speed).max(0.0);
        world.late.lock().expect("nobody panics while holding it").push(late);
    }
    // Not all feeds publish at the same moment.
    let newest = (now as i64 + n as i64 * 37) / EVERY;
    let tag = format!("\"{newest}\"");
    if headers.get(header::IF_NONE_MATCH).and_then(|it| it.to_str().ok()) == Some(&tag) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
    }
    let kind = "application/rss+xml; charset=utf-8".to_string();
    ([(header::ETAG, tag), (header::CONTENT_TYPE, kind)], document(&world, n, newest)).into_response()
}

fn document(world: &World, n: usize, newest: i64) -> String {
    let mut out = format!("<rss version=\"2.0\"><channel><title>Feed {n}</title><ttl>15</ttl>");
    for number in (newest - SHOWN..=newest).rev() {
        let at = (number * EVERY - n as i64 * 37).clamp(0, world.now() as i64);
        let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(at as u64));
        let text =
            format!("Harbour {n} reports that lot {number} was unloaded by crew {} today. ", number % 97)
                .repeat(12);
        out.push_str(&format!(
            "<item><title>Lot {number} unloaded at harbour {n}</title><guid isPermaLink=\"false\">{n}-{number}</guid>\
             <pubDate>{date}</pubDate><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
        ));
    }
    out.push_str("</channel></rss>");
    out
}

fn host(net: u8, n: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, net, (1 + n / 200) as u8, (1 + n % 200) as u8)
}

/// The data's own server, which plays all scenarios at one address.
pub struct Hostile {
    child: Child,
    port: u16,
    pub names: Vec<String>,
}

impl Hostile {
    pub fn start(data: &Path) -> Result<Hostile> {
        let script = super::script(data)?;
        let scenarios = std::fs::read_to_string(script.with_file_name("scenarios.json"))?;
        let scenarios: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&scenarios)?;
        let mut python = Command::new("python3");
        python.arg("-B").arg(script).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = python.spawn().context("the hostile servers need python3")?;
        let mut line = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut line)?;
        let port = line.trim().parse().context("the hostile servers did not say where they are")?;
        Ok(Hostile { child, port, names: scenarios.into_iter().map(|(name, _)| name).collect() })
    }

    /// An address for each, on a host of its own.
    pub async fn doors(&self) -> Result<Vec<(String, String)>> {
        let mut doors = Vec::new();
        for (n, name) in self.names.iter().enumerate() {
            let listener = TcpListener::bind((host(6, n), 0)).await?;
            doors.push((name.clone(), format!("http://{}/s/{name}", listener.local_addr()?)));
            tokio::spawn(stand_at(listener, self.port));
        }
        Ok(doors)
    }
}

/// Hands every byte through, and a broken connection as a broken one.
async fn stand_at(door: TcpListener, port: u16) {
    while let Ok((mut outside, _)) = door.accept().await {
        tokio::spawn(async move {
            #[allow(clippy::disallowed_methods)] // To our own child, on loopback.
            let Ok(mut inside) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await else { return };
            if tokio::io::copy_bidirectional(&mut outside, &mut inside).await.is_err() {
                let _ = outside.set_zero_linger();
            }
        });
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
