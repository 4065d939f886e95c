//! Progress of long work: a bar on a terminal, a plain line now and then otherwise, nothing under `--json`.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

pub struct Progress {
    bar: Option<ProgressBar>,
    what: String,
    quiet: bool,
}

impl Progress {
    pub fn new(what: &str, total: u64, quiet: bool) -> Progress {
        let on_terminal = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let bar = (on_terminal && !quiet).then(|| {
            let bar = ProgressBar::new(total);
            let style = ProgressStyle::with_template("{msg:20} {bar:40.cyan} {pos}/{len} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(what.to_string());
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        if bar.is_none() && !quiet {
            eprintln!("{what} …");
        }
        Progress { bar, what: what.to_string(), quiet }
    }

    pub fn set(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_length(total);
            bar.set_position(done);
        }
    }

    pub fn finish(self, words: &str) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
        if !self.quiet {
            eprintln!("{}: {words}", self.what);
        }
    }
}
