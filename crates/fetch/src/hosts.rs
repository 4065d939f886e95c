//! One request at a time for a host, and a pause before the next.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

/// Who is being asked just now, and who was asked a moment ago. One for a process; [`crate::Web`] keeps one and goes by
/// it on every hop, so nobody else needs to.
pub struct Hosts {
    pause: Duration,
    lanes: Mutex<Lanes>,
}

#[derive(Default)]
struct Lanes {
    /// By host: when the last request ended; locked while one is under way.
    by_host: HashMap<String, Arc<Lane>>,
    /// Forgotten ones are swept out when there are so many.
    sweep_at: usize,
    /// By host and by who asks: not before then, it has said.
    held: HashMap<(String, u64), Instant>,
}

type Lane = tokio::sync::Mutex<Option<Instant>>;

/// The right to ask a host; it is given back when this is dropped.
pub struct Permit {
    ended: OwnedMutexGuard<Option<Instant>>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        *self.ended = Some(Instant::now());
    }
}

impl Hosts {
    pub fn new(pause: Duration) -> Hosts {
        Hosts { pause, lanes: Mutex::default() }
    }

    /// Waits for its turn, in the order of asking.
    pub async fn acquire(&self, host: &str) -> Permit {
        self.acquire_after(host, self.pause).await
    }

    /// The same with a pause of one's own (`Crawl-delay`, or none at home).
    pub async fn acquire_after(&self, host: &str, pause: Duration) -> Permit {
        let ended = self.lane(host).lock_owned().await;
        if let Some(last) = *ended {
            tokio::time::sleep_until(last + pause).await;
        }
        Permit { ended }
    }

    pub(crate) fn pause(&self) -> Duration {
        self.pause
    }

    /// The host has asked (this one) to stay away for so long.
    pub(crate) fn hold(&self, host: &str, who: u64, wait: Duration) {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        lanes.held.retain(|_, until| now < *until);
        lanes.held.insert((host.to_owned(), who), now + wait);
    }

    /// How much longer it has asked us to stay away.
    pub(crate) fn held(&self, host: &str, who: u64) -> Option<Duration> {
        let lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if lanes.held.is_empty() {
            return None;
        }
        let until = lanes.held.get(&(host.to_owned(), who))?;
        until.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }

    /// How many hosts are remembered.
    #[cfg(test)]
    pub(crate) fn known(&self) -> usize {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner).by_host.len()
    }

    fn lane(&self, host: &str) -> Arc<Lane> {
        let mut lanes = self.lanes.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lane) = lanes.by_host.get(host) {
            return lane.clone();
        }
        if lanes.sweep_at.max(1024) <= lanes.by_host.len() {
            let long_ago = Instant::now().checked_sub(self.pause.max(Duration::from_secs(60)));
            lanes.by_host.retain(|_, lane| {
                let busy = 1 < Arc::strong_count(lane);
                busy || lane
                    .try_lock()
                    .is_ok_and(|ended| long_ago.is_none_or(|ago| ended.is_some_and(|it| ago < it)))
            });
            lanes.sweep_at = 2 * lanes.by_host.len();
        }
        let lane = Arc::<Lane>::default();
        lanes.by_host.insert(host.to_owned(), lane.clone());
        lane
    }
}
