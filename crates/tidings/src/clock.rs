//! What time it is. The only place of the program that asks the machine.

use std::{
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use news::{Clock, Timestamp};
use pipeline::Clocks;

/// The machine's own.
pub struct MachineClock;

impl Clock for MachineClock {
    #[allow(clippy::disallowed_methods)] // This is the system clock.
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(since.as_secs() as i64)
    }
}

/// Starts at a moment of its own and goes faster than the machine's: for archives that are replayed.
struct FastClock {
    from: Timestamp,
    speed: f64,
    began: Instant,
}

impl Clock for FastClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.from.0 + (self.began.elapsed().as_secs_f64() * self.speed) as i64)
    }
}

/// `setting` is empty for the machine's time, else `SECONDS@SPEED`: starts then (seconds since 1970), runs so fast.
pub fn clocks(setting: &str) -> Result<Clocks> {
    let machine: Arc<dyn Clock> = Arc::new(MachineClock);
    if setting.is_empty() {
        return Ok(Clocks { news: machine.clone(), machine });
    }
    let (from, speed) = setting.split_once('@').unwrap_or((setting, "1"));
    let from = Timestamp(from.parse().context("a clock is SECONDS@SPEED, for example 1667779200@600")?);
    let speed = speed.parse().context("the speed of a clock is a number")?;
    Ok(Clocks { news: Arc::new(FastClock { from, speed, began: Instant::now() }), machine })
}
