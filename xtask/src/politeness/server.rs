//! Servers in memory: one wire for each connection, one answer for each request, by the feed's nature.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use fetch::{Dialer, Resolver, Stream};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream};

use super::judge::{Answered, Seen};
use super::world::{Fault, Validators, World};

/// Every name leads to one public number.
pub struct Names;

#[async_trait]
impl Resolver for Names {
    async fn resolve(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        Ok(vec![IpAddr::from([93, 184, 215, 14])])
    }
}

pub struct Wires(pub Arc<World>);

#[async_trait]
impl Dialer for Wires {
    async fn dial(&self, _address: SocketAddr) -> io::Result<Box<dyn Stream>> {
        let (ours, theirs) = tokio::io::duplex(4096);
        tokio::spawn(serve(self.0.clone(), theirs));
        Ok(Box::new(ours))
    }
}

async fn serve(world: Arc<World>, mut wire: DuplexStream) {
    let mut buffer = vec![0; 4096];
    let mut have = 0;
    loop {
        match wire.read(&mut buffer[have..]).await {
            Ok(read) if 0 < read => have += read,
            _ => return,
        }
        if !buffer[..have].ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&buffer[..have]).into_owned();
        have = 0;
        let Some(seen) = Seen::read(&head, world.elapsed()) else { return };
        let turn = world.judge.lock().unwrap().asked(&world.feeds[seen.feed], &seen);
        let silent = matches!(world.feeds[seen.feed].fault, Fault::Silent { from, to }
            if (from..to).contains(&world.days()));
        // Between 20 and 2,000 milliseconds, or longer than anybody waits.
        let latency = if silent { 3600 * 1000 } else { 20 + (turn * 7919 + seen.feed as u64 * 31) % 1980 };
        tokio::select! {
            () = tokio::time::sleep(Duration::from_millis(latency)) => {}
            // The asker has gone away.
            _ = wire.read(&mut buffer) => {
                world.judge.lock().unwrap().hung_up(&seen, world.elapsed());
                return;
            }
        }
        let (answer, answered) = answer(&world, &seen, turn);
        world.judge.lock().unwrap().answered(&seen, answered, world.elapsed());
        if wire.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn answer(world: &World, seen: &Seen, turn: u64) -> (String, Answered) {
    let feed = &world.feeds[seen.feed];
    let days = world.days();
    let status = |status: u16, headers: &str| {
        (write(world, status, headers, ""), Answered { status, ..Answered::default() })
    };
    let away = |code: u16, to: &str| {
        let (text, answered) = status(code, &format!("Location: /{to}/{}\r\n", seen.feed));
        (text, Answered { moved: matches!(code, 301 | 308).then(|| to.to_owned()), ..answered })
    };
    if seen.place == "page" {
        return (
            write(world, 200, "Content-Type: text/html\r\n", "<html>"),
            Answered { status: 200, ..Answered::default() },
        );
    }
    if seen.place == "feed" {
        match feed.fault {
            Fault::Flaky(every) if turn.is_multiple_of(every) => return status(500, ""),
            Fault::Missing { from, to } if (from..to).contains(&days) => return status(404, ""),
            Fault::Gone { from } if from <= days => return status(410, ""),
            Fault::Limited { every, wait, as_date } if turn.is_multiple_of(every) => {
                let code = if turn.is_multiple_of(2) { 429 } else { 503 };
                let value =
                    if as_date { http_date(world, wait.min(8_000_000_000)) } else { wait.to_string() };
                let (text, answered) = status(code, &format!("Retry-After: {value}\r\n"));
                return (text, Answered { wait: Some(Duration::from_secs(wait)), ..answered });
            }
            Fault::Moved { from, status } if from <= days => return away(status, "new"),
            Fault::Wavering if !turn.is_multiple_of(3) => return away(301, "new"),
            Fault::MovedToPage { from } if from <= days => return away(301, "page"),
            Fault::Elsewhere => return away(302, "new"),
            _ => {}
        }
    }
    document(world, seen)
}

fn document(world: &World, seen: &Seen) -> (String, Answered) {
    let feed = &world.feeds[seen.feed];
    let (entries, newest) = world.entries(seen.feed);
    // Validators as they are found: weak ones, with blanks and commas, without quotes.
    let etag = match seen.feed % 3 {
        0 => format!("W/\"{entries}, a b\""),
        1 => format!("{entries}-no-quotes"),
        _ => format!("\"{entries:x}\""),
    };
    let modified =
        httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(newest.max(0) as u64));
    let pair = (
        matches!(feed.validators, Validators::Both | Validators::Etag).then_some(etag),
        matches!(feed.validators, Validators::Both | Validators::LastModified).then_some(modified),
    );
    let mut headers = String::new();
    if let Some(age) = feed.max_age {
        headers.push_str(&format!("Cache-Control: max-age={age}\r\n"));
    }
    let same = (pair.0.is_some() || pair.1.is_some()) && seen.pair == pair;
    if same {
        return (write(world, 304, &headers, ""), Answered { status: 304, ..Answered::default() });
    }
    if let Some(etag) = &pair.0 {
        headers.push_str(&format!("ETag: {etag}\r\n"));
    }
    if let Some(modified) = &pair.1 {
        headers.push_str(&format!("Last-Modified: {modified}\r\n"));
    }
    let body = format!("feed {entries} {newest}");
    (write(world, 200, &headers, &body), Answered { status: 200, pair: Some(pair), ..Answered::default() })
}

fn write(world: &World, status: u16, headers: &str, body: &str) -> String {
    let length = if status == 304 { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
    format!(
        "HTTP/1.1 {status} So\r\nDate: {}\r\nSet-Cookie: track=1; Max-Age=99999\r\n{length}{headers}\r\n{body}",
        http_date(world, 0)
    )
}

fn http_date(world: &World, later: u64) -> String {
    httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(world.now().0 as u64 + later))
}
