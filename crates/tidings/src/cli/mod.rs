//! The command line. One file for one family of commands; each prints for people, or JSON for scripts.

mod ask;
mod demo;
mod eval;
mod lists;
mod mend;
mod serve;
mod tell;

use std::{
    io::{BufWriter, Write},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::Result;
use clap::{CommandFactory, Parser, Subcommand};
use store::Stage;

use crate::{
    config::{self, Config, Flags},
    house::House,
};

/// A news reader of your own: groups the articles of your sources into stories, and shows those that matter to you,
/// each with the reason why.
#[derive(Parser)]
#[command(name = "tidings", version, about, after_help = AFTER)]
struct Args {
    #[command(flatten)]
    flags: Flags,
    /// JSON instead of words, where there is something to say
    #[arg(long, global = true)]
    json: bool,
    /// Say more about what goes on (twice: everything); RUST_LOG works as well
    #[arg(long, short, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Option<Command>,
}

const AFTER: &str = "\
To begin:
  tidings demo                       see it work, without any network
  tidings                            serve the pages at http://127.0.0.1:8700 and keep reading your sources
  tidings add https://example.org    follow a site; its feed is found
  tidings import feeds.opml          bring your sources along
  tidings edition                    what matters now, in the terminal

More ways in, off until the configuration turns them on:
  tidings newsletter \"Harbour Post\"  an address of its own for a newsletter (mail.listen); or a mail folder (imap.host)
  server.public                      where hubs reach you: sources that have one are pushed within seconds

Exit codes: 0 done, 1 something went wrong, 2 the command line or configuration is wrong, 3 not found,
4 done, but with complaints (doctor).";

#[derive(Subcommand)]
enum Command {
    /// Serve the pages and keep reading the sources (what `tidings` alone does)
    Serve(serve::Serve),
    /// A little internet and three readers of its own: see it work, without any network
    Demo(demo::Demo),
    /// Follow sources: a feed's address, a page's (its feed is found), a channel's
    Add {
        /// Addresses
        #[arg(required = true)]
        addresses: Vec<String>,
        /// The folder to put them in
        #[arg(long, short)]
        folder: Option<String>,
        /// Add the address as it is, without asking it first
        #[arg(long)]
        unchecked: bool,
        /// When a page offers several feeds, take that one (1 is the first)
        #[arg(long, value_name = "N")]
        pick: Option<usize>,
        /// Follow the links of the page itself, for one that has no feed
        #[arg(long, conflicts_with_all = ["pick", "unchecked"])]
        page: bool,
        /// Which links of it, as a CSS selector (`--selector '.headline a'`); goes with --page
        #[arg(long, value_name = "CSS", requires = "page")]
        selector: Option<String>,
        /// With --page: only show what would come
        #[arg(long, requires = "page")]
        preview: bool,
    },
    /// Make an address for a newsletter: what is mailed there comes in as a source (wants mail.listen, see the guide)
    Newsletter {
        /// What it is called
        name: String,
        /// The folder to put it in
        #[arg(long, short)]
        folder: Option<String>,
    },
    /// Follow all sources of an OPML file, or of a list of addresses (`-`: from standard input)
    Import {
        file: PathBuf,
        /// Also more than fifty sources of one host
        #[arg(long)]
        many: bool,
    },
    /// Print what you follow as OPML, folders and all
    Export {
        /// Write it to that file instead
        file: Option<PathBuf>,
        /// Not what you follow, but which articles readers said belong together or apart, a pair on each line: grouping
        /// can be taught by it
        #[arg(long)]
        pairs: bool,
    },
    /// Ask sources now, and work until there is nothing left to do
    Refresh {
        /// Ask every source, not only those that are due
        #[arg(long)]
        all: bool,
    },
    /// What matters to you now
    Edition {
        /// Compose a new one, even if the last one is young
        #[arg(long)]
        new: bool,
        /// Give every reason, with its part of the score
        #[arg(long)]
        why: bool,
    },
    /// One story: who tells it, how it unfolded, what is new; or split it, or merge it with another
    Story {
        story: i64,
        #[command(flatten)]
        mend: mend::Mend,
        /// Also when you mute it
        #[arg(long)]
        anyway: bool,
    },
    /// Read one article
    Article {
        article: i64,
        /// Also when you mute it
        #[arg(long)]
        anyway: bool,
        /// What was changed in it since it was published
        #[arg(long)]
        changes: bool,
    },
    /// Which articles you said belong together or apart
    Repairs {
        /// Take that one back
        #[arg(long, value_name = "N")]
        undo: Option<i64>,
    },
    /// Why a story is in your edition, or why it is not; of two articles, why they are in one story or not
    Why {
        /// A story; with a second number, an article
        story: i64,
        /// Another article
        other: Option<i64>,
        /// Also when you mute it
        #[arg(long)]
        anyway: bool,
    },
    /// Search everything that was ever gathered
    Search {
        /// Words are and-ed; "in quotation marks" is a phrase; -word excludes (after `--`: tidings search -- ferry -lake)
        #[arg(required = true)]
        query: Vec<String>,
    },
    /// What you follow and how it is doing
    Sources {
        /// Only those with a problem
        #[arg(long)]
        troubled: bool,
        /// Only those that may no longer be worth following: dead, silent for long, never opened
        #[arg(long, conflicts_with = "troubled")]
        stale: bool,
    },
    /// What a source wants of you: a password, a token, a cookie, headers, a proxy; kept for it alone, never shown again
    Access(lists::AccessFor),
    /// No longer follow a source
    Remove { source: i64 },
    /// Follow a name, topic, author, word or situation: `name:Ukraine`, `topic:sport`, `situation:Seoul+Moscow`
    Follow(tell::Follow),
    /// Never show what is about a name, topic, author or word
    Mute(tell::Mute),
    /// Take back a follow or a mute (`tidings follows` shows the numbers)
    Unfollow { follow: i64 },
    /// Bring back what you just took back, as it was
    Refollow { follow: i64 },
    /// What you follow and mute besides sources
    Follows,
    /// Change a follow: its weight, your name for it, its other names; whether it alerts you; its output feed
    Change(tell::Change),
    /// What you wished to be told at once
    Alerts {
        /// Mark all of them as seen
        #[arg(long)]
        seen: bool,
    },
    /// The secret address of your edition's output feed (of a follow: `tidings change N --feed on`)
    Feed {
        #[arg(value_enum)]
        what: tell::Feed,
    },
    /// Everything that you ever did, one line of JSON each
    Signals {
        /// Forget all that you did in the last so many hours instead
        #[arg(long, value_name = "HOURS")]
        forget: Option<u32>,
        /// Forget all that you ever did instead
        #[arg(long, conflicts_with = "forget")]
        forget_all: bool,
    },
    /// Say what you think of a story: more, less, save, unsave, read, not-interested, already-knew, undo
    Tell {
        story: i64,
        #[arg(value_enum)]
        what: tell::What,
    },
    /// Everything that tidings believes of you, and on what evidence
    Beliefs {
        /// As a text that can be kept, edited and brought back
        #[arg(long)]
        export: bool,
        /// Take over such a text (`-`: from standard input): all that it names is set, all else is guessed
        #[arg(long, value_name = "FILE", conflicts_with = "export")]
        import: Option<PathBuf>,
    },
    /// Does the ranking do any good for you? Your own history, replayed beside simpler orders
    Eval {
        /// Draw it into this file as well: each edition in order of time, and how far the odds were right
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// Do the work of these stages only; many processes may share one PostgreSQL database
    Work {
        #[arg(value_enum, required = true)]
        stages: Vec<StageName>,
    },
    /// Is everything well? The store, the work, every source
    Doctor {
        /// Try again what was set aside
        #[arg(long)]
        retry: bool,
    },
    /// A consistent copy of the database, made while everything goes on
    Backup { file: PathBuf },
    /// The settings in force, and where each comes from
    Config,
    /// The readers of this house; or delete one, with everything of theirs
    Readers {
        /// Say what would be deleted with that reader
        #[arg(long, value_name = "NAME")]
        delete: Option<String>,
        /// Delete it: there is no way back
        #[arg(long, requires = "delete")]
        yes: bool,
    },
    /// Completions for your shell: `tidings completions bash > ~/.local/share/bash-completion/completions/tidings`
    Completions { shell: clap_complete::Shell },
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum StageName {
    Refresh,
    Extract,
    Understand,
    Cluster,
    Learn,
    Receive,
    Subscribe,
    Embed,
}

impl From<StageName> for Stage {
    fn from(name: StageName) -> Stage {
        match name {
            StageName::Refresh => Stage::Refresh,
            StageName::Extract => Stage::Extract,
            StageName::Understand => Stage::Understand,
            StageName::Cluster => Stage::Cluster,
            StageName::Learn => Stage::Learn,
            StageName::Receive => Stage::Receive,
            StageName::Subscribe => Stage::Subscribe,
            StageName::Embed => Stage::Embed,
        }
    }
}

/// Where the answer goes; errors and progress go to standard error.
pub struct Out {
    pub json: bool,
    to: BufWriter<std::io::Stdout>,
}

impl Out {
    pub fn line(&mut self, text: impl std::fmt::Display) {
        // Whoever closed the pipe has read enough.
        let _ = writeln!(self.to, "{text}");
    }

    pub fn json(&mut self, value: &serde_json::Value) {
        self.line(value);
    }

    pub fn flush(&mut self) {
        let _ = self.to.flush();
    }
}

pub fn main() -> ExitCode {
    let args = Args::parse();
    log(args.verbose);
    let mut out = Out { json: args.json, to: BufWriter::new(std::io::stdout()) };
    let command = args.command.unwrap_or(Command::Serve(serve::Serve::default()));
    if let Command::Completions { shell } = command {
        clap_complete::generate(shell, &mut Args::command(), "tidings", &mut std::io::stdout());
        return ExitCode::SUCCESS;
    }
    let flags = match &command {
        Command::Serve(serve) => serve.flags(args.flags),
        _ => args.flags,
    };
    let config = match config::load(&flags) {
        Ok(config) => config,
        Err(error) => {
            eprintln!("tidings: {error:#}");
            return ExitCode::from(2);
        }
    };
    let outcome = runtime(config.workers).and_then(|runtime| {
        let outcome = runtime.block_on(run(command, config, flags, &mut out));
        // Work on threads of its own is not waited for: what was not recorded was not acknowledged.
        runtime.shutdown_background();
        outcome
    });
    out.flush();
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("tidings: {error:#}");
            let missing = matches!(error.downcast_ref::<app::AppError>(), Some(app::AppError::NotFound));
            ExitCode::from(if missing { 3 } else { 1 })
        }
    }
}

fn runtime(workers: usize) -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    if 0 < workers {
        builder.worker_threads(workers);
    }
    let thinking = std::thread::available_parallelism().map_or(2, usize::from).max(2);
    Ok(builder.max_blocking_threads(thinking).enable_all().build()?)
}

/// Logs go to standard error; never what someone reads, never a secret.
fn log(verbose: u8) {
    let usual = match verbose {
        0 => "warn",
        1 => "info",
        2 => "debug",
        _ => "trace",
    };
    let filter = std::env::var("RUST_LOG").unwrap_or_else(|_| usual.to_string());
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(
            std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none(),
        )
        .init();
}

fn looking(anyway: bool) -> app::Looking {
    if anyway { app::Looking::Anyway } else { app::Looking::AsMuted }
}

async fn run(command: Command, config: Config, flags: Flags, out: &mut Out) -> Result<ExitCode> {
    let done = ExitCode::SUCCESS;
    match command {
        Command::Completions { .. } => Ok(done),
        Command::Config => {
            lists::config(&config, out);
            Ok(done)
        }
        Command::Demo(demo) => demo.run(flags, out).await.map(|()| done),
        Command::Serve(serve) => serve.run(House::open(config)?, out).await.map(|()| done),
        Command::Work { stages } => {
            let stages: Vec<Stage> = stages.into_iter().map(Stage::from).collect();
            serve::work(House::open(config)?, &stages).await.map(|()| done)
        }
        command => {
            let house = House::open(config)?;
            match command {
                Command::Add { addresses, folder, page: true, selector, preview, .. } => {
                    let by = selector.as_deref();
                    return lists::add_pages(&house, &addresses, folder.as_deref(), by, preview, out).await;
                }
                Command::Add { addresses, folder, unchecked, pick, .. } => {
                    return lists::add(&house, &addresses, folder.as_deref(), unchecked, pick, out).await;
                }
                Command::Newsletter { name, folder } => {
                    lists::newsletter(&house, &name, folder.as_deref(), out).await?;
                }
                Command::Import { file, many } => lists::import(&house, &file, many, out).await?,
                Command::Export { file, pairs: true } => mend::pairs(&house, file.as_deref(), out).await?,
                Command::Export { file, .. } => lists::export(&house, file.as_deref(), out).await?,
                Command::Repairs { undo } => mend::repairs(&house, undo, out).await?,
                Command::Refresh { all } => lists::refresh(&house, all, out).await?,
                Command::Sources { stale: true, .. } => lists::stale(&house, out).await?,
                Command::Sources { troubled, .. } => lists::sources(&house, troubled, out).await?,
                Command::Access(given) => lists::access(&house, given, out).await?,
                Command::Remove { source } => lists::remove(&house, source, out).await?,
                Command::Readers { delete: None, .. } => lists::readers(&house, out).await?,
                Command::Readers { delete: Some(name), yes } => {
                    lists::delete_reader(&house, &name, yes, out).await?;
                }
                Command::Edition { new, why } => ask::edition(&house, new, why, out).await?,
                Command::Story { story, mend, .. } if mend.is_asked() => mend.run(&house, story, out).await?,
                Command::Story { story, anyway, .. } => {
                    ask::story(&house, story, looking(anyway), out).await?
                }
                Command::Article { article, anyway, changes: true } => {
                    ask::changes(&house, article, looking(anyway), out).await?;
                }
                Command::Article { article, anyway, .. } => {
                    ask::article(&house, article, looking(anyway), out).await?;
                }
                Command::Why { story, other: Some(other), .. } => {
                    mend::pair(&house, story, other, out).await?
                }
                Command::Why { story, anyway, .. } => ask::why(&house, story, looking(anyway), out).await?,
                Command::Search { query } => ask::search(&house, &query.join(" "), out).await?,
                Command::Beliefs { export: true, .. } => tell::export_beliefs(&house, out).await?,
                Command::Beliefs { import: Some(file), .. } => {
                    tell::import_beliefs(&house, &file, out).await?;
                }
                Command::Beliefs { .. } => ask::beliefs(&house, out).await?,
                Command::Refollow { follow } => tell::refollow(&house, follow, out).await?,
                Command::Change(change) => change.run(&house, out).await?,
                Command::Alerts { seen } => ask::alerts(&house, seen, out).await?,
                Command::Feed { what } => tell::feed(&house, None, what, out).await?,
                Command::Signals { forget, forget_all } => {
                    tell::signals(&house, forget, forget_all, out).await?;
                }
                Command::Eval { svg } => eval::eval(&house, svg.as_deref(), out).await?,
                Command::Doctor { retry } => return ask::doctor(&house, retry, out).await,
                Command::Follow(follow) => follow.run(&house, out).await?,
                Command::Mute(mute) => mute.run(&house, out).await?,
                Command::Unfollow { follow } => tell::unfollow(&house, follow, out).await?,
                Command::Follows => tell::follows(&house, out).await?,
                Command::Tell { story, what } => tell::tell(&house, story, what, out).await?,
                Command::Backup { file } => {
                    house.store.backup(&file).await?;
                    out.line(format!("Copied to {}.", file.display()));
                }
                Command::Serve(_) | Command::Demo(_) | Command::Work { .. } => {
                    unreachable!("dealt with above")
                }
                Command::Config | Command::Completions { .. } => unreachable!("dealt with above"),
            }
            Ok(done)
        }
    }
}
