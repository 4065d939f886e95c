//! Serves the little internet until it is stopped, to look at it in a browser: `cargo run -p demo --example internet`.

#[tokio::main]
#[expect(clippy::disallowed_methods, reason = "an example has no clock to ask")]
async fn main() -> std::io::Result<()> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |it| it.as_secs());
    let internet = demo::serve(news::Timestamp(now as i64)).await?;
    for feed in &internet.feeds {
        println!("{}  {}", feed.address, feed.outlet.name);
    }
    for trouble in internet.troubled() {
        println!("{}  ({})", trouble.address, trouble.what);
    }
    std::future::pending().await
}
