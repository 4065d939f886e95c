//! Builds the seams once and hands each part only what it needs.

use std::{sync::Arc, time::Duration};

use anyhow::{Context, Result};
use app::{App, Complaint, WaysIn};
use fetch::{Fetcher, Schedule, Sender, Web, WebPolicy};
use news::{Reader, ReaderId};
use pipeline::{Clocks, Done, Pace, Stop, Worker, mailbox::Watched, stages};
use store::{Gathering, Queue, Reading, Stage, Store};
use tokio::{sync::OnceCell, task::JoinSet};
use understand::{BuiltIn, Embedder, Transformer};

use crate::{clock, config::Config};

/// So far back articles are embedded again when the model changes (docs/decisions/embedder.md).
const EMBED_BACK: Duration = Duration::from_secs(30 * 24 * 3600);

pub struct House {
    pub config: Config,
    pub clocks: Clocks,
    pub store: Arc<dyn Store>,
    pub fetcher: Arc<dyn Fetcher>,
    pub sender: Arc<dyn Sender>,
    pub web: Arc<Web>,
    pub app: Arc<App>,
    /// The built-in one, then the owner's own; read when they are first needed.
    embedders: OnceCell<Vec<Arc<dyn Embedder>>>,
}

impl House {
    pub fn open(config: Config) -> Result<House> {
        House::with(config, Web::new)
    }

    /// With a door to the network of one's own: tests count who goes through it.
    pub fn with(
        config: Config,
        door: impl FnOnce(WebPolicy) -> std::result::Result<Web, fetch::PolicyError>,
    ) -> Result<House> {
        let clocks = clock::clocks(&config.clock)?;
        let store = open_store(&config)?;
        let policy = WebPolicy {
            user_agent: config.user_agent.clone(),
            allow_networks: networks(&config.allow_networks)?,
            proxy: config.proxy.clone(),
            pause: config.pause,
            own_hosts: config.hosts.iter().cloned().chain(config.public_host()).collect(),
            ..WebPolicy::default()
        };
        let web = Arc::new(door(policy)?);
        let (fetcher, sender): (Arc<dyn Fetcher>, Arc<dyn Sender>) = (web.clone(), web.clone());
        let app = Arc::new(App {
            store: store.clone(),
            keeping: store.clone(),
            queue: store.clone(),
            receiving: store.clone(),
            ways_in: ways_in(&config),
            fetcher: fetcher.clone(),
            clock: clocks.news.clone(),
            rank: rank::Policy::default(),
            learn: learn::Policy::default(),
        });
        let embedders = OnceCell::new();
        Ok(House { config, clocks, store, fetcher, sender, web, app, embedders })
    }

    /// The reader whom commands are for; made when there is none of that name.
    pub async fn reader(&self) -> Result<Reader> {
        Ok(self.store.add_reader(&self.config.reader, self.clocks.news.now()).await?)
    }

    pub async fn reader_id(&self) -> Result<ReaderId> {
        Ok(self.reader().await?.id)
    }

    /// Starts the calendar (with *refresh*) and these stages; each ends when it is told to.
    pub async fn start(&self, wanted: &[Stage], stop: &Stop) -> Result<JoinSet<(&'static str, Done)>> {
        let mut running = JoinSet::new();
        let embedders: &[_] = match wanted.iter().any(|it| matches!(it, Stage::Understand | Stage::Embed)) {
            true => self.embedders.get_or_try_init(|| self.embed_by()).await?,
            false => &[],
        };
        for &stage in wanted {
            let Some((worker, pace)) = self.worker(stage, embedders) else { continue };
            let queue: Arc<dyn Queue> = self.store.clone();
            let (clocks, stop) = (self.clocks.clone(), stop.clone());
            running
                .spawn(async move { (stage.word(), pipeline::run(worker, queue, clocks, pace, stop).await) });
        }
        if wanted.contains(&Stage::Send) {
            let alerting = alerting(self.app.clone(), self.sender.clone(), stop.clone());
            running.spawn(async move {
                alerting.await;
                ("alerts", Done::default())
            });
        }
        if wanted.contains(&Stage::Refresh) {
            let store: Arc<dyn Gathering> = self.store.clone();
            let calendar =
                pipeline::calendar(store, self.clocks.clone(), Duration::from_secs(1), stop.clone());
            running.spawn(async move {
                calendar.await;
                ("calendar", Done::default())
            });
        }
        if wanted.contains(&Stage::Subscribe) && self.config.public.is_some() {
            let store: Arc<dyn Gathering> = self.store.clone();
            let hubs = pipeline::hubs(store, self.clocks.clone(), Duration::from_secs(5), stop.clone());
            running.spawn(async move {
                hubs.await;
                ("hubs", Done::default())
            });
        }
        Ok(running)
    }

    /// The models that this process has; the store is told whose vectors are wanted.
    async fn embed_by(&self) -> Result<Vec<Arc<dyn Embedder>>> {
        let mut embedders: Vec<Arc<dyn Embedder>> = vec![Arc::new(BuiltIn::new())];
        if let Some(folder) = self.config.model.clone() {
            let began = std::time::Instant::now();
            let read = tokio::task::spawn_blocking(move || Transformer::from_folder(&folder)).await?;
            let own = read.context("the setting understand.model")?;
            let many_languages = own.number().knows_many_languages();
            tracing::info!(model = own.model(), many_languages, took = ?began.elapsed(), "the model is read");
            embedders.push(Arc::new(own));
        }
        let (built_in, wanted) = (&embedders[0], &embedders[embedders.len() - 1]);
        let since = self.clocks.news.now().before(EMBED_BACK);
        self.store.embed_by(wanted.model(), wanted.number(), built_in.number(), since).await?;
        Ok(embedders)
    }

    /// The folder of mail that is to be read, if there is one.
    pub async fn mailbox(&self) -> Result<Option<Watched>> {
        let Some(imap) = &self.config.imap else { return Ok(None) };
        Ok(Some(Watched {
            store: self.store.clone(),
            web: self.web.clone(),
            folder: imap.folder.clone(),
            mark_seen: imap.mark_seen,
            reader: self.reader_id().await?,
        }))
    }

    /// What is wrong with the owner's own model, if anything is: nothing works then that needs it.
    pub async fn complaint_of_model(&self) -> Option<Complaint> {
        let folder = self.config.model.clone()?;
        let read = tokio::task::spawn_blocking(move || Transformer::from_folder(&folder)).await.ok()?;
        let says = read.err()?.to_string();
        Some(Complaint { about: "understand.model".into(), word: "unusable".into(), says, since: None })
    }

    fn worker(&self, stage: Stage, embedders: &[Arc<dyn Embedder>]) -> Option<(Arc<dyn Worker>, Pace)> {
        let gathering: Arc<dyn Gathering> = self.store.clone();
        let usual = Pace {
            in_hand: 256,
            batch: 256,
            per_key: 256,
            rest: Duration::from_secs(5),
            retry_after: Duration::from_secs(30),
            grace: Duration::from_secs(8),
        };
        Some(match stage {
            Stage::Refresh => {
                let worker = stages::Refresh::new(gathering, self.fetcher.clone(), self.schedule());
                let at_once = self.config.at_once;
                (Arc::new(worker), Pace { in_hand: at_once, batch: at_once, per_key: 1, ..usual })
            }
            Stage::Extract => {
                let worker = stages::Extract::new(gathering, self.fetcher.clone(), self.config.pages);
                (Arc::new(worker), Pace { in_hand: 512, per_key: 64, ..usual })
            }
            Stage::Understand => {
                let (embedder, own) = (embedders.first()?.clone(), embedders.get(1).cloned());
                // A large transformer takes half a minute for what the built-in one does at once; the lease must hold.
                let batch = if own.is_some() { 16 } else { usual.batch };
                let worker = stages::Understand { store: gathering, embedder, own };
                (Arc::new(worker), Pace { in_hand: 2 * batch, batch, ..usual })
            }
            Stage::Cluster => {
                let worker = stages::Cluster::new(gathering, cluster::Policy::default());
                (Arc::new(worker), Pace { in_hand: 512, batch: 512, per_key: 512, ..usual })
            }
            Stage::Learn => {
                let reading: Arc<dyn Reading> = self.store.clone();
                let worker = stages::Learn { store: reading, policy: learn::Policy::default() };
                (Arc::new(worker), usual)
            }
            Stage::Send => return None,
            Stage::Receive => {
                let worker = stages::Receive { store: gathering, schedule: self.schedule() };
                (Arc::new(worker), Pace { per_key: 1, ..usual })
            }
            Stage::Embed => {
                let worker = stages::Embed { store: gathering, embedders: embedders.to_vec() };
                (Arc::new(worker), Pace { in_hand: 1, batch: 1, per_key: 1, ..usual })
            }
            Stage::Subscribe => {
                let public = self.config.public.as_ref()?;
                let worker = stages::Subscribe {
                    gathering,
                    receiving: self.store.clone(),
                    sender: self.web.clone(),
                    guard: self.web.guard().clone(),
                    callback: format!("{public}/websub/"),
                };
                (Arc::new(worker), Pace { in_hand: 16, batch: 16, per_key: 1, ..usual })
            }
        })
    }

    /// Looks once for what readers wish to be told at once, and sends it.
    pub async fn tell_alerts(&self) -> Result<()> {
        Ok(tell(&self.app, &*self.sender).await?)
    }

    fn schedule(&self) -> Schedule {
        Schedule { shortest: self.config.shortest, longest: self.config.longest, ..Schedule::default() }
    }

    /// Returns when there is nothing to do at once. What waits for a later try does not count, nor does a change of
    /// model, which may take hours and holds up nobody.
    pub async fn until_quiet(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<()> {
        let (mut most, mut left, mut quiet) = (0, 0, 0);
        while quiet < 2 {
            // Counting a long queue costs something; a short one is soon done.
            let wait = if left < 1000 { Duration::from_millis(100) } else { Duration::from_secs(1) };
            tokio::time::sleep(wait).await;
            let load = self.store.load(self.clocks.machine.now()).await?;
            let due = self.store.next_due().await?.is_some_and(|due| due <= self.clocks.news.now());
            left = load
                .iter()
                .filter(|it| it.stage != Stage::Embed)
                .map(|it| it.waiting + it.leased)
                .sum::<u64>()
                + u64::from(due);
            most = most.max(left);
            progress(most - left, most);
            quiet = if left == 0 { quiet + 1 } else { 0 };
        }
        Ok(())
    }

    /// Runs every stage until there is nothing left to do, then stops them.
    pub async fn run_until_quiet(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<()> {
        let (tell, stop) = Stop::new();
        let running = self.start(&Stage::ALL, &stop).await?;
        let outcome = self.until_quiet(progress).await;
        let _ = tell.send(true);
        running.join_all().await;
        outcome
    }
}

/// Between two looks for what is to be told at once.
const LOOK_FOR_ALERTS: Duration = Duration::from_secs(20);

/// Tells readers at once what they wish to be told at once, until it is told to stop.
async fn alerting(app: Arc<App>, sender: Arc<dyn Sender>, mut stop: Stop) {
    loop {
        if let Err(error) = tell(&app, &*sender).await {
            tracing::error!(%error, "alerts could not be looked for");
        }
        tokio::select! {
            () = stop.wait() => return,
            () = tokio::time::sleep(LOOK_FOR_ALERTS) => (),
        }
    }
}

async fn tell(app: &App, sender: &dyn Sender) -> app::Result<()> {
    app.look_for_alerts().await?;
    app.send_alerts(sender).await?;
    Ok(())
}

fn ways_in(config: &Config) -> WaysIn {
    WaysIn {
        mail_domain: config.mail.as_ref().map(|it| it.domain.clone()),
        hubs: config.public.is_some(),
        mailbox: config.imap.as_ref().map(|it| it.folder.name()),
        ..WaysIn::default()
    }
}

fn open_store(config: &Config) -> Result<Arc<dyn Store>> {
    match &config.database {
        Some(address) => Ok(store::postgres::open(address)
            .with_context(|| "cannot open the PostgreSQL database that the setting `database` names")?),
        None => {
            let file = config.data.join("tidings.db");
            Ok(store::sqlite::open(&file).with_context(|| {
                format!("cannot open the database {} (another folder: --data)", file.display())
            })?)
        }
    }
}

fn networks(written: &[String]) -> Result<Vec<fetch::Network>> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|_| anyhow::anyhow!("fetch.allow_networks: {text} is not a network like 192.168.1.0/24"))
    };
    written.iter().map(parse).collect()
}
