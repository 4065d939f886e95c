//! The loop of a stage.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use store::{Queue, Result, Stage, Task};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};

use crate::{Clocks, Worker};

/// How fast a stage goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Tasks in hand at once.
    pub in_hand: usize,
    /// Tasks of one claim at most; a claim waits until a quarter of this is free.
    pub batch: usize,
    /// Tasks of one key in one claim.
    pub per_key: usize,
    /// How long to look away when there is nothing to do (work that comes meanwhile wakes it).
    pub rest: Duration,
    /// How long before a task is tried again, times the attempt.
    pub retry_after: Duration,
    /// How long work in hand may go on once we were told to stop; then it is given back.
    pub grace: Duration,
}

/// A task in hand. Let it go (drop it, or call [`Held::done`]) as soon as it is recorded.
pub struct Held {
    pub task: Task,
    place: OwnedSemaphorePermit,
    ledger: Arc<Ledger>,
}

impl Held {
    /// It is recorded: room for another one.
    pub fn done(self) {
        self.ledger.done(&self.task);
        drop(self.place);
    }
}

#[cfg(test)]
impl Held {
    /// In the hands of a test.
    pub fn lone(task: Task) -> Held {
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().expect("a new one is free");
        Held { task, place, ledger: Arc::new(Ledger::default()) }
    }
}

/// What a stage has in hand, so that a clean stop can give it back.
#[derive(Default)]
struct Ledger {
    held: Mutex<HashMap<i64, Task>>,
    tally: Tally,
}

impl Ledger {
    fn done(&self, task: &Task) {
        self.held.lock().expect("no one panics while holding it").remove(&task.id);
        self.tally.done.fetch_add(1, Ordering::Relaxed);
    }

    fn left(&self) -> Vec<Task> {
        let mut left: Vec<Task> =
            self.held.lock().expect("no one panics while holding it").drain().map(|(_, task)| task).collect();
        left.sort_by_key(|task| task.id);
        left
    }
}

/// Counted by the runner alone; a stage has no metrics of its own.
#[derive(Debug, Default)]
pub struct Tally {
    pub claimed: AtomicU64,
    pub done: AtomicU64,
    pub again: AtomicU64,
}

/// What a stage did from start to stop.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub claimed: u64,
    pub done: u64,
    pub again: u64,
    pub given_back: u64,
}

/// Told to stop: every runner finishes or gives back what it has in hand.
#[derive(Clone)]
pub struct Stop {
    told: watch::Receiver<bool>,
}

impl Stop {
    /// The sender is held by whoever may stop it.
    pub fn new() -> (watch::Sender<bool>, Stop) {
        let (tell, told) = watch::channel(false);
        (tell, Stop { told })
    }

    pub fn is_told(&self) -> bool {
        *self.told.borrow()
    }

    /// Returns when it is told to, or when nobody is left who could tell.
    pub async fn wait(&mut self) {
        let _ = self.told.wait_for(|stop| *stop).await;
    }
}

/// Runs one stage until it is told to stop. A process with one of these for each stage is a whole house; twenty
/// processes are the same house, only faster.
pub async fn run(
    worker: Arc<dyn Worker>,
    queue: Arc<dyn Queue>,
    clocks: Clocks,
    pace: Pace,
    mut stop: Stop,
) -> Done {
    let stage = worker.stage();
    let ledger = Arc::new(Ledger::default());
    let places = Arc::new(Semaphore::new(pace.in_hand));
    let mut working: JoinSet<()> = JoinSet::new();
    while !stop.is_told() {
        let claimed = tokio::select! {
            () = stop.wait() => break,
            claimed = claim(&*queue, stage, &places, &ledger, &clocks, &pace) => claimed,
        };
        match claimed {
            Ok(held) if held.is_empty() => tokio::select! {
                () = stop.wait() => break,
                () = queue.wait_for_work(stage, pace.rest) => (),
            },
            Ok(held) => {
                let (worker, queue, clocks) = (worker.clone(), queue.clone(), clocks.clone());
                working.spawn(async move { work(&*worker, &*queue, held, &clocks, &pace).await });
            }
            Err(error) => {
                tracing::error!(stage = stage.word(), %error, "cannot claim work");
                tokio::time::sleep(pace.rest.max(Duration::from_secs(1))).await;
            }
        }
        while working.try_join_next().is_some() {}
    }
    finish(working, pace.grace).await;
    let left = ledger.left();
    let given_back = left.len() as u64;
    if let Err(error) = queue.give_back(left).await {
        tracing::warn!(stage = stage.word(), %error, "could not give work back; its leases will run out");
    }
    let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let Tally { claimed, done, again } = &ledger.tally;
    Done { claimed: read(claimed), done: read(done), again: read(again), given_back }
}

/// As many tasks as there is room for, once there is room for enough of them to be worth a claim.
async fn claim(
    queue: &dyn Queue,
    stage: Stage,
    places: &Arc<Semaphore>,
    ledger: &Arc<Ledger>,
    clocks: &Clocks,
    pace: &Pace,
) -> Result<Vec<Held>> {
    let enough = (pace.batch / 4).clamp(1, pace.in_hand) as u32;
    drop(places.acquire_many(enough).await.expect("never closed"));
    let room = places.available_permits().min(pace.batch).max(1);
    let tasks = queue.claim(stage, room, pace.per_key, clocks.machine.now()).await?;
    ledger.tally.claimed.fetch_add(tasks.len() as u64, Ordering::Relaxed);
    let mut held = Vec::with_capacity(tasks.len());
    for task in tasks {
        let place = places.clone().acquire_owned().await.expect("never closed");
        ledger.held.lock().expect("no one panics while holding it").insert(task.id, task.clone());
        held.push(Held { task, place, ledger: ledger.clone() });
    }
    Ok(held)
}

async fn work(worker: &dyn Worker, queue: &dyn Queue, held: Vec<Held>, clocks: &Clocks, pace: &Pace) {
    let stage = worker.stage();
    for (held, problem) in worker.work(held, clocks.news.now()).await {
        let task = held.task.clone();
        tracing::warn!(
            stage = stage.word(),
            task = task.id,
            attempt = task.attempt,
            why = problem.0,
            "again later"
        );
        held.ledger.tally.again.fetch_add(1, Ordering::Relaxed);
        let until = clocks.machine.now().after(pace.retry_after * task.attempt.max(1));
        match queue.retry_later(task, until, &problem.0).await {
            Ok(()) => held.ledger.held.lock().expect("no one panics while holding it").remove(&held.task.id),
            Err(error) => {
                tracing::warn!(stage = stage.word(), %error, "could not put it back; its lease will run out");
                None
            }
        };
    }
}

async fn finish(mut working: JoinSet<()>, grace: Duration) {
    let all = async { while working.join_next().await.is_some() {} };
    let _ = tokio::time::timeout(grace, all).await;
    working.shutdown().await;
}
