//! Many hands finish one by one; their decisions are written down together. While one batch is being committed the
//! next one gathers, so under load a commit is shared by many and an idle house still commits at once.

use std::{future::Future, sync::Arc};

use tokio::sync::{mpsc, oneshot};

/// Where decisions of one kind are handed in.
pub struct Recorder<T> {
    door: mpsc::Sender<(T, Answer)>,
}

/// Tells whoever handed a decision in what became of its batch.
type Answer = oneshot::Sender<Result<(), Arc<String>>>;

impl<T: Send + 'static> Recorder<T> {
    /// `record` writes a batch of at most `at_most`; it lives as long as the recorder.
    pub fn new<F, W>(at_most: usize, record: F) -> Recorder<T>
    where
        F: Fn(Vec<T>) -> W + Send + 'static,
        W: Future<Output = Result<(), String>> + Send,
    {
        let (door, mut arrivals) = mpsc::channel::<(T, Answer)>(at_most);
        tokio::spawn(async move {
            let mut batch = Vec::with_capacity(at_most);
            while arrivals.recv_many(&mut batch, at_most).await != 0 {
                let (decisions, answers): (Vec<T>, Vec<_>) = batch.drain(..).unzip();
                let outcome = record(decisions).await.map_err(Arc::new);
                for answer in answers {
                    let _ = answer.send(outcome.clone());
                }
            }
        });
        Recorder { door }
    }

    /// Returns when it is written down for good.
    pub async fn record(&self, decision: T) -> Result<(), String> {
        let (answer, outcome) = oneshot::channel();
        self.door.send((decision, answer)).await.map_err(|_| "the recorder has stopped".to_string())?;
        match outcome.await {
            Ok(outcome) => outcome.map_err(|why| why.to_string()),
            Err(_) => Err("the recorder has stopped".into()),
        }
    }
}
