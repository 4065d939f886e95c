//! Running cases in a process of their own, and outliving it.

use std::io::{BufRead, BufReader, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Args, SETS, Set, Verdict};

/// No case may take longer by the wall, however busy the machine.
const PATIENCE: Duration = Duration::from_secs(120);
/// Address space of a child, in kilobytes: who asks for more dies, and is seen to.
const ADDRESSES: u64 = 4 << 20;
/// A runtime's threads have two megabytes of stack; half of that must do.
const STACK: usize = 1 << 20;

pub enum Ended {
    Well { says: String, miss: Option<String> },
    Panicked(String),
    Died(String),
}

pub struct Outcome {
    pub name: String,
    pub ended: Ended,
    pub microseconds: u64,
    pub base_kb: u64,
    pub peak_kb: u64,
}

/// Has all cases of a set run by children.
pub fn parent(args: &Args, set: &Set) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Outcome> = Vec::new();
    loop {
        let mut child = Running::start(args, set, outcomes.len())?;
        match child.collect(&mut outcomes)? {
            Some(Died { name, why, base_kb }) => {
                let ended = Ended::Died(why);
                outcomes.push(Outcome { name, ended, microseconds: 0, base_kb, peak_kb: 0 });
            }
            None => return Ok(outcomes),
        }
    }
}

struct Died {
    name: String,
    why: String,
    base_kb: u64,
}

struct Running {
    child: Child,
    lines: Receiver<String>,
}

impl Running {
    fn start(args: &Args, set: &Set, from: usize) -> Result<Running> {
        let mut command = Command::new("sh");
        // Where no shell can limit it, it runs without that limit.
        command.args(["-c", &format!("ulimit -v {ADDRESSES} 2>/dev/null; exec \"$0\" \"$@\"")]);
        command.arg(std::env::current_exe()?);
        command.args(["evaluate", "hostile", "--only", set.name, "--child", &from.to_string(), "--data"]);
        command.arg(&args.data).args(args.files.iter().flat_map(|it| ["--file".as_ref(), it.as_os_str()]));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().context("cannot start a child")?;
        let output = child.stdout.take().context("no output")?;
        let (tell, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                let _ = tell.send(line);
            }
        });
        Ok(Running { child, lines })
    }

    /// `None` when all was done; else the case in which the child ended.
    fn collect(&mut self, outcomes: &mut Vec<Outcome>) -> Result<Option<Died>> {
        let mut begun: Option<String> = None;
        let mut base_kb = 0;
        loop {
            let line = match self.lines.recv_timeout(PATIENCE) {
                Ok(line) => line,
                Err(RecvTimeoutError::Timeout) => {
                    self.child.kill()?;
                    self.child.wait()?;
                    let name = begun.context("the child did nothing for a long time")?;
                    return Ok(Some(Died { name, why: "it hung".into(), base_kb }));
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = self.child.wait()?;
                    return match begun {
                        Some(name) => Ok(Some(Died { name, why: status.to_string(), base_kb })),
                        None if status.success() => Ok(None),
                        None => anyhow::bail!("the child ended before its first case: {status}"),
                    };
                }
            };
            let said: Value = serde_json::from_str(&line).with_context(|| line.clone())?;
            let number = |name: &str| said[name].as_u64().unwrap_or(0);
            let text = |name: &str| said[name].as_str().map(str::to_owned);
            if let Some(name) = text("begin") {
                base_kb = number("base_kb");
                begun = Some(name);
                continue;
            }
            let ended = match text("panic") {
                Some(why) => Ended::Panicked(why),
                None => Ended::Well { says: text("says").unwrap_or_default(), miss: text("miss") },
            };
            outcomes.push(Outcome {
                name: begun.take().unwrap_or_default(),
                ended,
                microseconds: number("microseconds"),
                base_kb,
                peak_kb: number("peak_kb"),
            });
        }
    }
}

/// The child: does the cases from that one on.
pub fn child(args: &Args, from: usize) -> Result<()> {
    let set =
        SETS.iter().find(|set| args.only.first().is_some_and(|it| it == set.name)).context("no such set")?;
    let data = args.files.first().unwrap_or(&args.data).clone();
    let cases = set.cases;
    let thread = std::thread::Builder::new().stack_size(STACK);
    std::panic::set_hook(Box::new(|_| {}));
    let done = std::thread::scope(|scope| {
        thread.spawn_scoped(scope, move || do_all(cases(&data)?, from)).map(|it| it.join())
    })?;
    done.map_err(|_| anyhow::anyhow!("the thread died"))?
}

fn do_all(cases: Vec<super::Case>, from: usize) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let base_kb = resident();
    for case in cases.into_iter().skip(from) {
        writeln!(out, "{}", json!({"begin": case.name, "base_kb": base_kb}))?;
        out.flush()?;
        forget_peak();
        let began = (Instant::now(), thread_cpu());
        let outcome = catch_unwind(AssertUnwindSafe(case.run));
        let microseconds = match (began.1, thread_cpu()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => began.0.elapsed(),
        };
        let mut said = match outcome {
            Ok(Verdict { says, miss }) => json!({"says": says, "miss": miss}),
            Err(panic) => {
                let why = panic.downcast_ref::<String>().cloned();
                let why = why.or_else(|| panic.downcast_ref::<&str>().map(|it| (*it).to_owned()));
                json!({"panic": why.unwrap_or_default()})
            }
        };
        said["microseconds"] = json!(microseconds.as_micros() as u64);
        said["peak_kb"] = json!(peak());
        writeln!(out, "{said}")?;
    }
    out.flush()?;
    Ok(())
}

/// What this thread has computed so far; `None` where the machine does not say.
pub fn thread_cpu() -> Option<Duration> {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    stat.split_whitespace().next()?.parse().ok().map(Duration::from_nanos)
}

fn forget_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn status(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name).map(str::trim));
    line.and_then(|it| it.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn peak() -> u64 {
    status("VmHWM:")
}

fn resident() -> u64 {
    status("VmRSS:")
}
