//! A folder of one's own, and the program run in it.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use serde_json::Value;

pub struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub fn new() -> Home {
        Home { folder: tempfile::tempdir().expect("a folder for a test") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn data(&self) -> PathBuf {
        self.path("data")
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command.args(args).stdin(Stdio::null()).current_dir(self.folder.path());
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("TIDINGS_")) {
            command.env_remove(name);
        }
        command
            .env("HOME", self.folder.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("RUST_LOG")
            .env("TIDINGS_DATA", self.data())
            .env("TIDINGS_FETCH_ALLOW_NETWORKS", "127.0.0.0/8")
            .env("TIDINGS_FETCH_PAUSE_MS", "0");
        command
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().expect("the program starts")
    }

    /// Runs it with `--json`; it must succeed (perhaps with complaints).
    pub fn json(&self, args: &[&str]) -> Value {
        let output = self.run(&[&["--json"], args].concat());
        assert!(matches!(output.status.code(), Some(0 | 4)), "{args:?}: {}", said(&output));
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|why| panic!("{args:?}: {why}: {}", said(&output)))
    }

    /// Runs it with `--json`, where it prints one object a line.
    pub fn json_lines(&self, args: &[&str]) -> Vec<Value> {
        let output = self.run(&[&["--json"], args].concat());
        assert!(output.status.success(), "{args:?}: {}", said(&output));
        let lines = String::from_utf8(output.stdout).expect("JSON is UTF-8");
        lines.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
    }

    /// Starts the pages; answers when their address is printed.
    pub fn serve(&self) -> Served {
        self.serve_with(&["--listen", "127.0.0.1:0"])
    }

    pub fn serve_with(&self, args: &[&str]) -> Served {
        let mut command = self.command(&[&["serve"], args].concat());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("its output");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let heard: Arc<Mutex<String>> = Arc::default();
        let (stderr, also) = (child.stderr.take().expect("its complaints"), heard.clone());
        // Read to the end, so that it never waits for somebody to listen.
        thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                also.lock().expect("what was heard").push_str(&(line + "\n"));
            }
        });
        let heard_so_far = || heard.lock().expect("what was heard").clone();
        let address = match line.split_once("http://") {
            Some((_, address)) => address.trim().trim_end_matches('/').to_string(),
            None => {
                let status = child.wait();
                thread::sleep(Duration::from_millis(200));
                panic!("it does not serve ({status:?}): {line}{}", heard_so_far())
            }
        };
        Served { child, address, heard }
    }
}

pub fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

/// The program while it serves; it does not outlive the test.
pub struct Served {
    child: Child,
    pub address: String,
    heard: Arc<Mutex<String>>,
}

impl Served {
    /// What it has complained and logged so far.
    pub fn heard(&self) -> String {
        self.heard.lock().expect("what was heard").clone()
    }

    /// Where it takes mail in: `127.0.0.1:2525`.
    pub fn mail_address(&self) -> String {
        for _ in 0..600 {
            let heard = self.heard();
            if let Some((_, rest)) = heard.split_once("Mail for newsletters is taken in at ") {
                return rest.split_once(".\n").expect("a whole line").0.into();
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not say where it takes mail in")
    }

    pub fn stop(mut self, signal: &str) -> ExitStatus {
        let told =
            Command::new("kill").args([signal, &self.child.id().to_string()]).status().expect("kill runs");
        assert!(told.success());
        self.child.wait().expect("it ends")
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
