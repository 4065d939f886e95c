//! Serving: the pages, and the work behind them, until it is told to stop.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use deliver::web;
use pipeline::{Done, Stop, mailbox::mailbox};
use store::Stage;
use tokio::{net::TcpListener, task::JoinSet};

use super::Out;
use crate::{config::Flags, house::House, post};

#[derive(clap::Args, Clone, Debug, Default)]
pub struct Serve {
    /// Where the pages are served [default: 127.0.0.1:8700]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Only the pages: the work is done by other processes (`tidings work`)
    #[arg(long)]
    pages_only: bool,
}

impl Serve {
    pub fn flags(&self, flags: Flags) -> Flags {
        match self.listen {
            Some(listen) => flags.with("server.listen", listen),
            None => flags,
        }
    }

    pub async fn run(&self, house: House, out: &mut Out) -> Result<()> {
        house.reader().await?;
        let stages: &[Stage] = if self.pages_only { &[] } else { &Stage::ALL };
        serve(&house, stages, out).await
    }
}

/// Serves until SIGTERM or SIGINT; then finishes or gives back what is in hand.
pub async fn serve(house: &House, stages: &[Stage], out: &mut Out) -> Result<()> {
    let listen = house.config.listen;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen at {listen}; another address: --listen ADDRESS:PORT"))?;
    let address = listener.local_addr()?;
    let (tell, stop) = Stop::new();
    let running = house.start(stages, &stop).await?;
    let keeping =
        tokio::spawn(keep(house.store.clone(), house.clocks.clone(), house.config.keep, stop.clone()));
    let receiving = receive(house, stages, &stop).await?;
    let settings = web::Settings {
        hosts: house.config.hosts.iter().cloned().chain(house.config.public_host()).collect(),
        listen: address,
        reader: house.config.reader.clone(),
        repairs_for_everyone: house.config.repairs_for_everyone,
        data: Some(house.config.data.clone()),
    };
    let pages = web::router(house.app.clone(), settings);
    out.line(format!("tidings is at http://{address}/"));
    out.flush();
    let mut told = stop.clone();
    let serving = axum::serve(listener, pages).with_graceful_shutdown(async move { told.wait().await });
    let serving = tokio::spawn(async move { serving.await });
    signalled().await;
    eprintln!("Stopping: what is in hand is finished or given back.");
    let _ = tell.send(true);
    report(running).await;
    // A page that is still being sent has a moment; whoever keeps a connection open does not hold up the end.
    let _ = tokio::time::timeout(Duration::from_secs(3), serving).await;
    // A mail that comes in just now is kept, or was never acknowledged.
    receiving.join_all().await;
    keeping.abort();
    Ok(())
}

/// Opens the ways in for mail, where the owner wants them: the receiver wherever pages are served, the folder wherever
/// sources are asked.
async fn receive(house: &House, stages: &[Stage], stop: &Stop) -> Result<JoinSet<()>> {
    let mut receiving = JoinSet::new();
    if let Some(mail) = &house.config.mail {
        let listener = TcpListener::bind(mail.listen).await.with_context(|| {
            format!("cannot take mail in at {}; another address: mail.listen", mail.listen)
        })?;
        eprintln!("Mail for newsletters is taken in at {}.", listener.local_addr()?);
        receiving.spawn(post::listen(listener, house.app.clone(), mail.from_anywhere, stop.clone()));
    }
    watch(house, stages, stop, &mut receiving).await?;
    Ok(receiving)
}

async fn watch(house: &House, stages: &[Stage], stop: &Stop, running: &mut JoinSet<()>) -> Result<()> {
    if let (Some(imap), Some(watched)) = (&house.config.imap, house.mailbox().await?)
        && stages.contains(&Stage::Refresh)
    {
        running.spawn(mailbox(Arc::new(watched), house.clocks.clone(), imap.every, stop.clone()));
    }
    Ok(())
}

/// The stages alone, without pages.
pub async fn work(house: House, stages: &[Stage]) -> Result<()> {
    let (tell, stop) = Stop::new();
    let running = house.start(stages, &stop).await?;
    let mut watching = JoinSet::new();
    watch(&house, stages, &stop, &mut watching).await?;
    let words: Vec<&str> = stages.iter().map(|it| it.word()).collect();
    eprintln!("Working: {}. Ctrl-C ends it.", words.join(", "));
    signalled().await;
    let _ = tell.send(true);
    report(running).await;
    watching.join_all().await;
    Ok(())
}

async fn report(running: JoinSet<(&'static str, Done)>) {
    for (stage, done) in running.join_all().await {
        if 0 < done.claimed {
            tracing::info!(stage, done.claimed, done.done, done.again, done.given_back, "stopped");
        }
    }
}

/// Drops what is old, once a day.
async fn keep(
    store: std::sync::Arc<dyn store::Store>,
    clocks: pipeline::Clocks,
    keep: Duration,
    mut stop: Stop,
) {
    loop {
        match store.drop_before(clocks.news.now().before(keep)).await {
            Ok(0) => (),
            Ok(dropped) => tracing::info!(dropped, "old articles dropped"),
            Err(error) => tracing::error!(%error, "cannot drop old articles"),
        }
        tokio::select! {
            () = stop.wait() => return,
            () = tokio::time::sleep(Duration::from_secs(24 * 3600)) => (),
        }
    }
}

async fn signalled() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => (),
            _ = terminate.recv() => (),
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
