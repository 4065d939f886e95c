//! What becomes due by the clock: sources that are to be asked again, hubs that are to be asked to push.

use std::{sync::Arc, time::Duration};

use store::Gathering;

use crate::{Clocks, Stop};

/// Puts due sources on the queue until it is told to stop. `look` is how long it looks away at most.
pub async fn calendar(store: Arc<dyn Gathering>, clocks: Clocks, look: Duration, mut stop: Stop) {
    while !stop.is_told() {
        match store.enqueue_due(clocks.news.now()).await {
            Ok(0) => (),
            Ok(due) => tracing::debug!(due, "sources are due"),
            Err(error) => tracing::error!(%error, "cannot look at what is due"),
        }
        tokio::select! {
            () = stop.wait() => return,
            () = tokio::time::sleep(look) => (),
        }
    }
}

/// Puts sources on the queue whose hub is to be asked something, until it is told to stop.
pub async fn hubs(store: Arc<dyn Gathering>, clocks: Clocks, look: Duration, mut stop: Stop) {
    while !stop.is_told() {
        if let Err(error) = store.enqueue_subscriptions(clocks.news.now()).await {
            tracing::error!(%error, "cannot look at what hubs are to be asked");
        }
        tokio::select! {
            () = stop.wait() => return,
            () = tokio::time::sleep(look) => (),
        }
    }
}
