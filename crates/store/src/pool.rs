//! Where questions are asked: plain threads, each with a connection of its own; whoever asks waits without a thread.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{Notify, oneshot};

use crate::conn::Conn;
use crate::{Result, Stage, StoreError};

/// A question or a piece of writing, and where its answer goes.
pub(crate) trait Job: Send {
    /// May be called again when the database asks to try once more. True: it may be committed.
    fn run(&mut self, conn: &mut dyn Conn) -> bool;
    /// Tells the caller, who is told of success only when that is durable.
    fn answer(self: Box<Self>, committed: Result<()>);
    /// What went wrong in the last run can go right in another (a lock, a deadlock).
    fn may_pass(&self) -> bool;
    /// Is asked outside of any transaction.
    fn alone(&self) -> bool;
}

struct Asked<T, F> {
    ask: F,
    alone: bool,
    answer: Option<Result<T>>,
    to: oneshot::Sender<Result<T>>,
}

impl<T: Send, F: Fn(&mut dyn Conn) -> Result<T> + Send> Job for Asked<T, F> {
    fn run(&mut self, conn: &mut dyn Conn) -> bool {
        let answer = (self.ask)(conn);
        let fine = answer.is_ok();
        self.answer = Some(answer);
        fine
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let answer = match (self.answer, committed) {
            (Some(Err(error)), _) | (_, Err(error)) => Err(error),
            (Some(answer), Ok(())) => answer,
            (None, Ok(())) => Err(closed()),
        };
        // Whoever asked may have gone away; what was written is written.
        let _ = self.to.send(answer);
    }

    fn may_pass(&self) -> bool {
        matches!(&self.answer, Some(Err(StoreError::Again(_))))
    }

    fn alone(&self) -> bool {
        self.alone
    }
}

/// Who waits for work is told here, by stage.
#[derive(Default)]
pub(crate) struct Wakes([Notify; Stage::ALL.len()]);

impl Wakes {
    pub fn wake(&self, stages: u16) {
        for stage in Stage::ALL {
            if stages & bit(stage) != 0 {
                let notify = &self.0[stage as usize];
                notify.notify_waiters();
                // For someone who found nothing a moment ago and is about to wait.
                notify.notify_one();
            }
        }
    }

    pub async fn wait(&self, stage: Stage, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.0[stage as usize].notified()).await;
    }
}

pub(crate) fn bit(stage: Stage) -> u16 {
    1 << stage as u8
}

pub(crate) type Jobs = Arc<Mutex<Receiver<Box<dyn Job>>>>;

/// The next job, or `None` when the store was closed.
pub(crate) fn next(jobs: &Jobs) -> Option<Box<dyn Job>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

pub(crate) fn next_if_any(jobs: &Jobs) -> Option<Box<dyn Job>> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).try_recv().ok()
}

/// The threads of one store. Readers and writers may be the same ones.
pub(crate) struct Pool {
    write: Option<Sender<Box<dyn Job>>>,
    read: Option<Sender<Box<dyn Job>>>,
    threads: Vec<JoinHandle<()>>,
    /// For threads that wait for something else than a question.
    closed: Arc<AtomicBool>,
}

impl Pool {
    pub fn lines() -> (Sender<Box<dyn Job>>, Jobs) {
        let (to, from) = channel();
        (to, Arc::new(Mutex::new(from)))
    }

    pub fn new(
        write: Sender<Box<dyn Job>>,
        read: Sender<Box<dyn Job>>,
        threads: Vec<JoinHandle<()>>,
    ) -> Pool {
        Pool { write: Some(write), read: Some(read), threads, closed: Arc::default() }
    }

    /// Sets this when the store is closed.
    pub fn telling(mut self, closed: Arc<AtomicBool>) -> Pool {
        self.closed = closed;
        self
    }

    pub async fn write<T: Send + 'static>(
        &self,
        ask: impl Fn(&mut dyn Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        send(self.write.as_ref(), false, ask).await
    }

    pub async fn read<T: Send + 'static>(
        &self,
        ask: impl Fn(&mut dyn Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        send(self.read.as_ref(), false, ask).await
    }

    /// For what cannot be asked inside a transaction.
    pub async fn read_alone<T: Send + 'static>(
        &self,
        ask: impl Fn(&mut dyn Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        send(self.read.as_ref(), true, ask).await
    }
}

async fn send<T: Send + 'static>(
    line: Option<&Sender<Box<dyn Job>>>,
    alone: bool,
    ask: impl Fn(&mut dyn Conn) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (to, answer) = oneshot::channel();
    line.and_then(|line| line.send(Box::new(Asked { ask, alone, answer: None, to })).ok())
        .ok_or_else(closed)?;
    answer.await.map_err(|_| closed())?
}

fn closed() -> StoreError {
    StoreError::Broken("the store's thread has ended".into())
}

impl Drop for Pool {
    /// What was asked is still answered; then the connections are closed, so that the file is whole and can be moved.
    fn drop(&mut self) {
        self.write = None;
        self.read = None;
        self.closed.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

/// Answers a question at one moment, whatever is written meanwhile.
pub(crate) fn read(conn: &mut dyn Conn, mut job: Box<dyn Job>) {
    if job.alone() {
        job.run(conn);
        return job.answer(Ok(()));
    }
    let begun = conn.batch("BEGIN");
    if begun.is_ok() {
        job.run(conn);
        let _ = conn.batch("COMMIT");
    }
    job.answer(begun);
}

/// Does one piece of writing, and with it in one commit what others wait to have written meanwhile. Nothing is held
/// back for company: a lone writer waits for no one.
pub(crate) fn write_together(
    conn: &mut dyn Conn,
    first: Box<dyn Job>,
    mut more: impl FnMut() -> Option<Box<dyn Job>>,
) {
    const AT_MOST: usize = 64;
    const FOR: Duration = Duration::from_millis(5);
    let started = Instant::now();
    let mut first = first;
    if first.alone() {
        return read(conn, first);
    }
    if let Err(error) = conn.batch("BEGIN IMMEDIATE") {
        return first.answer(Err(error));
    }
    if !first.run(conn) {
        let undone = conn.batch("ROLLBACK");
        return first.answer(undone);
    }
    let mut done = vec![first];
    let mut left_alone = None;
    while done.len() < AT_MOST && started.elapsed() < FOR {
        let Some(mut next) = more() else { break };
        if next.alone() {
            left_alone = Some(next);
            break;
        }
        match in_savepoint(conn, &mut next) {
            Ok(true) => done.push(next),
            Ok(false) => next.answer(Ok(())),
            Err(error) => {
                next.answer(Err(error));
                break;
            }
        }
    }
    match conn.batch("COMMIT") {
        Ok(()) => done.into_iter().for_each(|job| job.answer(Ok(()))),
        Err(error) => {
            let _ = conn.batch("ROLLBACK");
            done.into_iter().for_each(|job| job.answer(Err(error.again())));
        }
    }
    if let Some(job) = left_alone {
        read(conn, job);
    }
}

fn in_savepoint(conn: &mut dyn Conn, job: &mut Box<dyn Job>) -> Result<bool> {
    conn.batch("SAVEPOINT one")?;
    let fine = job.run(conn);
    if !fine {
        conn.batch("ROLLBACK TO one")?;
    }
    conn.batch("RELEASE one")?;
    Ok(fine)
}
