//! The real program as a child: started, asked, measured from outside, stopped or killed.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

/// How `/proc` counts processor time: a hundred ticks a second on every Linux that there is.
const TICKS: f64 = 100.0;

/// The program, and the settings under which it is run.
#[derive(Clone)]
pub struct Tidings {
    binary: PathBuf,
    settings: Vec<(String, String)>,
}

/// What a run cost, seen from outside.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub wall: f64,
    /// User and system seconds.
    pub cpu: f64,
    /// The most that was resident (VmHWM), in MB.
    pub peak: f64,
    /// The most of it that was its own share (PSS), looked at now and then, in MB.
    pub peak_pss: f64,
}

impl Tidings {
    /// The release build of this workspace: built now unless it is named.
    pub fn new(binary: Option<&Path>, data: &Path) -> Result<Tidings> {
        let binary = match binary {
            Some(binary) => binary.to_path_buf(),
            None => build()?,
        };
        std::fs::create_dir_all(data)?;
        let tidings = Tidings { binary, settings: Vec::new() };
        Ok(tidings.with("DATA", data.display()).with("FETCH_ALLOW_NETWORKS", "127.0.0.0/8"))
    }

    /// One more setting, by the name of its environment variable without `TIDINGS_`.
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Tidings {
        self.settings.push((format!("TIDINGS_{name}"), value.to_string()));
        self
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(args).stdin(Stdio::null());
        // Nothing of whoever measures may leak in.
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TIDINGS_")) {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Asks one thing and waits for the answer: the JSON that it prints.
    pub fn ask(&self, args: &[&str]) -> Result<Value> {
        let answer = self.command(&[args, &["--json"]].concat()).output().context("cannot start tidings")?;
        let said = String::from_utf8_lossy(&answer.stderr);
        // 4: done, but with complaints.
        let done = answer.status.success() || answer.status.code() == Some(4);
        ensure!(done, "tidings {} failed: {said}", args.join(" "));
        serde_json::from_slice(&answer.stdout)
            .with_context(|| format!("tidings {} printed no JSON", args.join(" ")))
    }

    /// The same, measured. Its processor time is what the machine says of children that ended.
    pub fn measure(&self, args: &[&str]) -> Result<(Value, Cost)> {
        let before = ended_children()?;
        let began = Instant::now();
        let mut command = self.command(&[args, &["--json"]].concat());
        let mut child = command.stdout(Stdio::piped()).spawn().context("cannot start tidings")?;
        let mut watch = Watch::default();
        while child.try_wait()?.is_none() {
            watch.look(child.id());
            std::thread::sleep(Duration::from_millis(50));
        }
        let wall = began.elapsed().as_secs_f64();
        let answer = child.wait_with_output()?;
        ensure!(answer.status.success(), "tidings {} failed", args.join(" "));
        let cost = Cost { wall, cpu: ended_children()? - before, peak: watch.peak, peak_pss: watch.peak_pss };
        let said = serde_json::from_slice(&answer.stdout).context("tidings printed no JSON")?;
        Ok((said, cost))
    }

    /// Starts the pages and the work behind them, and waits until they answer.
    #[allow(clippy::disallowed_methods)] // To our own child, on loopback.
    pub fn serve(&self) -> Result<Served> {
        let address = free_address()?;
        let listen = address.to_string();
        let child = self.command(&["serve", "--listen", &listen]).stdout(Stdio::null()).spawn();
        let mut served = Served { child: child.context("cannot start tidings")?, address };
        let patience = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            if let Some(status) = served.child.try_wait()? {
                bail!("tidings serve ended at once: {status}");
            }
            ensure!(patience.elapsed() < Duration::from_secs(60), "tidings serve does not answer");
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(served)
    }
}

/// The program while it serves. It does not outlive this.
pub struct Served {
    child: Child,
    pub address: SocketAddr,
}

impl Served {
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// No warning, no chance to tidy up.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Told to stop, and waited for; answers how long that took.
    pub fn stop(mut self) -> Result<Duration> {
        let began = Instant::now();
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        ensure!(told.success(), "cannot tell tidings to stop");
        let status = self.child.wait()?;
        ensure!(status.success(), "tidings did not stop cleanly: {status}");
        Ok(began.elapsed())
    }

    pub fn is_alive(&mut self) -> Result<bool> {
        Ok(self.child.try_wait()?.is_none())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Looks at a process's memory now and then, and keeps the most.
#[derive(Clone, Copy, Debug, Default)]
pub struct Watch {
    pub peak: f64,
    pub peak_pss: f64,
}

impl Watch {
    pub fn look(&mut self, process: u32) {
        let file =
            |name: &str| std::fs::read_to_string(format!("/proc/{process}/{name}")).unwrap_or_default();
        self.peak = self.peak.max(megabytes(&file("status"), "VmHWM:").unwrap_or(0.0));
        self.peak_pss = self.peak_pss.max(megabytes(&file("smaps_rollup"), "Pss:").unwrap_or(0.0));
    }
}

/// What a process holds now, its share of what is shared counted in part.
pub fn pss(process: u32) -> Result<f64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/smaps_rollup"))?;
    megabytes(&text, "Pss:").context("no Pss")
}

/// User and system seconds of a process that runs.
pub fn cpu(process: u32) -> Result<f64> {
    times(&std::fs::read_to_string(format!("/proc/{process}/stat"))?, 11)
}

/// User and system seconds of all children that ended and were waited for.
fn ended_children() -> Result<f64> {
    times(&std::fs::read_to_string("/proc/self/stat")?, 13)
}

/// Two neighbouring fields of `stat`, counted after the name (which may hold anything).
fn times(stat: &str, at: usize) -> Result<f64> {
    let (_, after) = stat.rsplit_once(") ").context("a strange /proc/…/stat")?;
    let fields: Vec<&str> = after.split(' ').collect();
    let ticks: f64 = fields[at].parse::<f64>()? + fields[at + 1].parse::<f64>()?;
    Ok(ticks / TICKS)
}

fn megabytes(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}

fn free_address() -> Result<SocketAddr> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn build() -> Result<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).args(["build", "--release", "--quiet", "-p", "tidings"]).status()?;
    ensure!(status.success(), "tidings does not build");
    // This program lies in the same target folder, whatever its own profile.
    let here = std::env::current_exe()?;
    let target = here.ancestors().nth(2).context("a strange place for xtask")?;
    Ok(target.join("release/tidings"))
}

/// Bytes of the database, its log included.
pub fn size(data: &Path) -> u64 {
    let files = std::fs::read_dir(data).into_iter().flatten().flatten();
    files.filter_map(|file| file.metadata().ok()).filter(|it| it.is_file()).map(|it| it.len()).sum()
}
