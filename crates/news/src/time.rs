use std::time::Duration;

/// Seconds since 1970, in UTC. Local time begins and ends in `deliver`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Timestamp(pub i64);

impl Timestamp {
    pub fn after(self, wait: Duration) -> Timestamp {
        Timestamp(self.0.saturating_add(wait.as_secs().min(i64::MAX as u64) as i64))
    }

    pub fn before(self, wait: Duration) -> Timestamp {
        Timestamp(self.0.saturating_sub(wait.as_secs().min(i64::MAX as u64) as i64))
    }

    /// How long before `now` this was; nothing, if it is still to come.
    pub fn age(self, now: Timestamp) -> Duration {
        Duration::from_secs(now.0.saturating_sub(self.0).max(0) as u64)
    }

    /// How far apart two moments are, whichever came first.
    pub fn apart(self, other: Timestamp) -> Duration {
        Duration::from_secs(self.0.abs_diff(other.0))
    }
}

/// The only way to learn what time it is. Decisions take a `Timestamp` instead.
pub trait Clock: Send + Sync {
    fn now(&self) -> Timestamp;
}

/// A clock that stands still, for tests and for `--at`.
#[derive(Clone, Copy, Debug)]
pub struct FixedClock(pub Timestamp);

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        self.0
    }
}
