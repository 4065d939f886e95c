//! The feed farm, the limit of the machine, and a load generator: programs of their own, built and run here.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

/// Where the farm answers to whoever steers it.
const CONTROL: &str = "127.0.0.1";

pub struct Tools {
    built: PathBuf,
    port: u16,
}

impl Tools {
    /// Builds what lies in `sources` into `target`; the sources are left as they are.
    pub fn build(sources: &Path, target: &Path, port: u16) -> Result<Tools> {
        for name in ["feedfarm", "limits"] {
            let folder = sources.join(name);
            let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
            cargo
                .args(["build", "--release", "--locked", "--quiet"])
                .current_dir(&folder)
                .env("CARGO_TARGET_DIR", target);
            let status = cargo.status().with_context(|| format!("no {name} in {}", sources.display()))?;
            ensure!(status.success(), "{name} does not build");
        }
        Ok(Tools { built: target.join("release"), port })
    }

    fn tool(&self, name: &str) -> Command {
        Command::new(self.built.join(name))
    }

    /// A farm of its own, ready when this returns.
    pub fn farm(&self, feeds: usize, entries: usize) -> Result<Farm> {
        let port = self.port.to_string();
        let mut farm = self.tool("feedfarm");
        farm.args(["--feeds", &feeds.to_string(), "--entries", &entries.to_string(), "--port", &port]);
        let mut child =
            farm.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().context("cannot start the farm")?;
        let said = BufReader::new(child.stdout.take().context("no output")?);
        let ready = said.lines().map_while(std::result::Result::ok).any(|line| line == "ready");
        let farm = Farm { child, port: self.port };
        ensure!(ready, "the farm did not start (is port {port} taken?)");
        Ok(farm)
    }

    /// What the machine itself allows: lines of name, wall and processor seconds; then the same as one program.
    pub fn limits(&self, feeds: usize, folder: &Path) -> Result<Limits> {
        let feeds = feeds.to_string();
        let folder = folder.to_str().context("a path that is not Unicode")?;
        let farm = format!("http://{CONTROL}:{}", self.port);
        let common = ["--farm", &farm, "--feeds", &feeds, "--dir", folder];
        let steps = self.tool("limits").args(common).output()?;
        ensure!(steps.status.success(), "limits failed: {}", String::from_utf8_lossy(&steps.stderr));
        let whole = self.tool("limits").arg("pipeline").args(common).arg("--fts").output()?;
        let whole: Value =
            serde_json::from_slice(&whole.stdout).context("limits pipeline printed no JSON")?;
        let steps = String::from_utf8_lossy(&steps.stdout).lines().filter_map(step).collect();
        Ok(Limits { steps, whole: whole["cpu_s"].as_f64().context("no cpu_s")? })
    }

    /// Latencies of a page, asked for so often by so many at once.
    pub fn load(&self, url: &str, times: usize, clients: usize) -> Result<Value> {
        let (times, clients) = (times.to_string(), clients.to_string());
        let mut tool = self.tool("loadgen");
        tool.args(["--url", url, "-n", &times, "-c", &clients, "--header", "accept-encoding: gzip"]);
        let answer = tool.output()?;
        let load: Value = serde_json::from_slice(&answer.stdout).context("loadgen printed no JSON")?;
        let codes = load["codes"].as_object().context("no codes")?;
        ensure!(codes.len() == 1 && codes.contains_key("200"), "{url} answered {codes:?}");
        Ok(load)
    }
}

/// What the bare work costs on this machine, now.
pub struct Limits {
    /// Name and processor seconds of each step.
    pub steps: Vec<(String, f64)>,
    /// Download, parse, sanitise, insert and index as one program.
    pub whole: f64,
}

impl Limits {
    pub fn step(&self, beginning: &str, holds: &str) -> Option<f64> {
        self.steps
            .iter()
            .find(|(name, _)| name.starts_with(beginning) && name.contains(holds))
            .map(|(_, cpu)| *cpu)
    }
}

/// `download 1000 feeds + gunzip, 4 at once     wall    1.234 s   cpu    0.789 s`
fn step(line: &str) -> Option<(String, f64)> {
    let (name, rest) = line.split_once(" wall ")?;
    let (_, cpu) = rest.split_once(" cpu ")?;
    Some((name.trim().to_string(), cpu.trim().trim_end_matches('s').trim().parse().ok()?))
}

/// The farm while it runs. It does not outlive this.
pub struct Farm {
    child: Child,
    port: u16,
}

impl Farm {
    /// The next poll of each feed shows so many new entries.
    pub fn advance(&self, entries: usize) -> Result<()> {
        self.control(&format!("advance?k={entries}")).map(drop)
    }

    pub fn opml(&self) -> Result<String> {
        self.control("opml")
    }

    /// How many entries whoever polled everything has now.
    pub fn expected(&self) -> Result<u64> {
        let said: Value = serde_json::from_str(&self.control("expected")?)?;
        said["entries"].as_u64().context("no entries")
    }

    #[allow(clippy::disallowed_methods)] // To our own child, on loopback.
    fn control(&self, what: &str) -> Result<String> {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect((CONTROL, self.port))?;
        // HTTP/1.0: it closes when it is done, and sends nothing in chunks.
        write!(stream, "GET /_ctl/{what} HTTP/1.0\r\nhost: {CONTROL}\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let (head, body) = answer.split_once("\r\n\r\n").context("the farm answered strangely")?;
        ensure!(head.contains(" 200 "), "the farm refused {what}");
        Ok(body.to_string())
    }
}

impl Drop for Farm {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
