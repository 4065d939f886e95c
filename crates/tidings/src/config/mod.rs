//! What was meant: every setting, whole, checked and typed. The only place that reads files and the environment.
//!
//! A setting comes from its default, the file, the environment or a flag; the later one wins.

mod raw;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result, anyhow, bail};

/// One setting. Its environment variable is `TIDINGS_` and the key in capitals, dots as `_`.
struct Setting {
    key: &'static str,
    default: &'static str,
    help: &'static str,
}

/// In the order in which `tidings config` prints them.
const SETTINGS: &[Setting] = &[
    Setting {
        key: "data",
        default: "",
        help: "the folder of the database; ~/.local/share/tidings when empty",
    },
    Setting {
        key: "database",
        default: "",
        help: "a postgres://… address, for whoever outgrows the file; empty is one SQLite file in the data folder",
    },
    Setting { key: "server.listen", default: "127.0.0.1:8700", help: "the address of the web pages" },
    Setting {
        key: "server.hosts",
        default: "",
        help: "names under which the pages may be asked for besides localhost and the address, comma-separated",
    },
    Setting {
        key: "server.public",
        default: "",
        help: "the address at which the internet reaches the pages, as https://news.example.org: hubs then push news within seconds (WebSub)",
    },
    Setting { key: "reader", default: "me", help: "the reader whom commands are for" },
    Setting {
        key: "fetch.user_agent",
        default: concat!("tidings/", env!("CARGO_PKG_VERSION"), " (self-hosted news reader)"),
        help: "what servers are told of who asks",
    },
    Setting {
        key: "fetch.allow_networks",
        default: "",
        help: "private networks that may be asked all the same, as 192.168.1.0/24, comma-separated",
    },
    Setting { key: "fetch.proxy", default: "", help: "an HTTP proxy for everything that is fetched" },
    Setting {
        key: "fetch.pages",
        default: "true",
        help: "fetch the page of an entry whose feed gives only a taste",
    },
    Setting {
        key: "fetch.at_once",
        default: "64",
        help: "sources asked at the same time (one at a time a host)",
    },
    Setting {
        key: "fetch.pause_ms",
        default: "1000",
        help: "pause between two pages of one host, in milliseconds",
    },
    Setting {
        key: "schedule.shortest_minutes",
        default: "15",
        help: "no source is asked sooner again than this",
    },
    Setting { key: "schedule.longest_hours", default: "24", help: "every source is asked again after this" },
    Setting {
        key: "repairs.for_everyone",
        default: "false",
        help: "what one reader splits or merges is split or merged for all readers",
    },
    Setting {
        key: "mail.listen",
        default: "",
        help: "where mail for newsletters is taken in, as 127.0.0.1:2525; nowhere when empty",
    },
    Setting {
        key: "mail.domain",
        default: "localhost",
        help: "what comes behind the @ of the addresses that newsletters are given",
    },
    Setting {
        key: "mail.from_anywhere",
        default: "false",
        help: "take mail from the open internet too, not only from this machine and private networks",
    },
    Setting {
        key: "imap.host",
        default: "",
        help: "a mail server with a folder of newsletters that is to be read; none when empty",
    },
    Setting { key: "imap.port", default: "993", help: "its port: 993 for tls, 143 for starttls" },
    Setting {
        key: "imap.security",
        default: "tls",
        help: "tls, starttls, or plain (to a network of fetch.allow_networks only)",
    },
    Setting { key: "imap.user", default: "", help: "the user there" },
    Setting { key: "imap.password", default: "", help: "the password; better in a file of its own:" },
    Setting { key: "imap.password_file", default: "", help: "a file with the password and nothing else" },
    Setting { key: "imap.folder", default: "INBOX", help: "the folder whose mails are newsletters" },
    Setting { key: "imap.every_minutes", default: "10", help: "how often it is looked into" },
    Setting {
        key: "imap.mark_seen",
        default: "false",
        help: "mark what was read as seen on the server; nothing is ever deleted there",
    },
    Setting {
        key: "understand.model",
        default: "",
        help: "the folder of a sentence-transformers model (BERT or XLM-R, safetensors; of one language or many) that articles are compared by; the built-in one when empty",
    },
    Setting {
        key: "keep.days",
        default: "90",
        help: "articles that came longer ago are dropped, unless saved",
    },
    Setting { key: "workers", default: "0", help: "threads that think; 0 is one for each core" },
    Setting {
        key: "clock",
        default: "",
        help: "SECONDS@SPEED: another time than the machine's, to replay an archive",
    },
];

/// A value and where it comes from.
#[derive(Clone, Debug)]
pub struct Value {
    pub key: &'static str,
    pub value: String,
    pub from: String,
    pub help: &'static str,
}

/// All settings in force.
#[derive(Clone, Debug)]
pub struct Config {
    pub values: Vec<Value>,
    pub data: PathBuf,
    pub database: Option<String>,
    pub listen: SocketAddr,
    pub hosts: Vec<String>,
    pub reader: String,
    pub user_agent: String,
    pub allow_networks: Vec<String>,
    pub proxy: Option<String>,
    pub pages: bool,
    pub at_once: usize,
    pub pause: Duration,
    pub shortest: Duration,
    pub longest: Duration,
    pub repairs_for_everyone: bool,
    /// The folder of the owner's own model.
    pub model: Option<PathBuf>,
    pub keep: Duration,
    pub workers: usize,
    pub clock: String,
    /// Without a slash at its end.
    pub public: Option<String>,
    pub mail: Option<Mail>,
    pub imap: Option<Imap>,
}

/// Mail for newsletters is taken in.
#[derive(Clone, Debug)]
pub struct Mail {
    pub listen: SocketAddr,
    pub domain: String,
    pub from_anywhere: bool,
}

/// A folder of newsletters is read.
#[derive(Clone, Debug)]
pub struct Imap {
    pub folder: fetch::imap::Folder,
    pub every: Duration,
    pub mark_seen: bool,
}

impl Config {
    pub fn public_host(&self) -> Option<String> {
        news::host_of(self.public.as_deref()?)
    }
}

/// What the command line says of the configuration.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Flags {
    /// The configuration file [default: ~/.config/tidings/tidings.toml, if there is one]
    #[arg(long, global = true, env = "TIDINGS_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// The folder of the database [default: ~/.local/share/tidings]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<PathBuf>,
    /// The reader whom the command is for [default: me]
    #[arg(long, global = true, value_name = "NAME")]
    reader: Option<String>,
    /// Any setting, for this once: --set fetch.pages=false (`tidings config` lists them)
    #[arg(long = "set", global = true, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Flags {
    /// The same with one more setting.
    pub fn with(mut self, key: &str, value: impl std::fmt::Display) -> Flags {
        self.set.push(format!("{key}={value}"));
        self
    }
}

pub fn load(flags: &Flags) -> Result<Config> {
    let mut flagged: BTreeMap<String, String> = BTreeMap::new();
    for pair in &flags.set {
        let (key, value) =
            pair.split_once('=').with_context(|| format!("--set wants KEY=VALUE, not {pair}"))?;
        known(key, "--set")?;
        flagged.insert(key.to_string(), value.to_string());
    }
    if let Some(data) = &flags.data {
        flagged.insert("data".into(), data.display().to_string());
    }
    if let Some(reader) = &flags.reader {
        flagged.insert("reader".into(), reader.clone());
    }
    let file = raw::file(flags.config.as_deref())?;
    for key in file.values.keys() {
        known(key, &file.name)?;
    }
    let resolve = |setting: &Setting| {
        let variable = variable(setting.key);
        let (value, from) = if let Some(value) = flagged.get(setting.key) {
            (value.clone(), "command line".to_string())
        } else if let Ok(value) = std::env::var(&variable) {
            (value, format!("environment ({variable})"))
        } else if let Some(value) = file.values.get(setting.key) {
            (value.clone(), file.name.clone())
        } else {
            (setting.default.to_string(), "default".to_string())
        };
        Value { key: setting.key, value, from, help: setting.help }
    };
    check(SETTINGS.iter().map(resolve).collect())
}

fn variable(key: &str) -> String {
    format!("TIDINGS_{}", key.replace('.', "_").to_uppercase())
}

fn known(key: &str, wherefrom: &str) -> Result<()> {
    if SETTINGS.iter().any(|it| it.key == key) {
        return Ok(());
    }
    let ending = key.rsplit('.').next().unwrap_or(key);
    let near = SETTINGS.iter().find(|it| it.key.ends_with(ending));
    let hint = near.map_or_else(
        || "`tidings config` lists those that there are".to_string(),
        |it| format!("did you mean {}?", it.key),
    );
    Err(anyhow!("{wherefrom}: there is no setting {key}; {hint}"))
}

fn check(values: Vec<Value>) -> Result<Config> {
    let get = |key: &str| values.iter().find(|it| it.key == key).expect("every setting is in the table");
    let text = |key: &str| get(key).value.trim().to_string();
    let list = |key: &str| -> Vec<String> {
        text(key).split(',').map(str::trim).filter(|it| !it.is_empty()).map(str::to_owned).collect()
    };
    let wrong = |key: &str, wants: &str| {
        let it = get(key);
        anyhow!("{key} = {:?} (from {}): it must be {wants}", it.value, it.from)
    };
    let number = |key: &str| -> Result<u64> { text(key).parse().map_err(|_| wrong(key, "a whole number")) };
    let some = |text: String| (!text.is_empty()).then_some(text);
    let data = match text("data").as_str() {
        "" => raw::data_folder()?,
        folder => PathBuf::from(folder),
    };
    let flag = |key: &str| match text(key).as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        _ => Err(wrong(key, "true or false")),
    };
    let public = match text("server.public").trim_end_matches('/') {
        "" => None,
        it if (it.starts_with("https://") || it.starts_with("http://")) && news::host_of(it).is_some() => {
            Some(it.to_owned())
        }
        _ => return Err(wrong("server.public", "an address like https://news.example.org")),
    };
    let mail = match text("mail.listen").as_str() {
        "" => None,
        listen => Some(Mail {
            listen: listen.parse().map_err(|_| wrong("mail.listen", "ADDRESS:PORT"))?,
            domain: text("mail.domain").to_lowercase(),
            from_anywhere: flag("mail.from_anywhere")?,
        }),
    };
    let imap = match text("imap.host").as_str() {
        "" => None,
        host => Some(Imap {
            folder: fetch::imap::Folder {
                host: host.to_owned(),
                port: text("imap.port").parse().map_err(|_| wrong("imap.port", "a port"))?,
                cover: match text("imap.security").as_str() {
                    "tls" => fetch::imap::Cover::Tls,
                    "starttls" => fetch::imap::Cover::StartTls,
                    "plain" => fetch::imap::Cover::Plain,
                    _ => return Err(wrong("imap.security", "tls, starttls or plain")),
                },
                user: text("imap.user"),
                password: match text("imap.password_file").as_str() {
                    "" => get("imap.password").value.clone(),
                    file => raw::secret(file)?,
                },
                folder: text("imap.folder"),
            },
            every: Duration::from_secs(number("imap.every_minutes")?.max(1) * 60),
            mark_seen: flag("imap.mark_seen")?,
        }),
    };
    let config = Config {
        data,
        database: some(text("database")),
        listen: text("server.listen").parse().map_err(|_| wrong("server.listen", "ADDRESS:PORT"))?,
        hosts: list("server.hosts"),
        reader: text("reader"),
        user_agent: text("fetch.user_agent"),
        allow_networks: list("fetch.allow_networks"),
        proxy: some(text("fetch.proxy")),
        pages: flag("fetch.pages")?,
        repairs_for_everyone: flag("repairs.for_everyone")?,
        public,
        mail,
        imap,
        at_once: number("fetch.at_once")?.clamp(1, 1000) as usize,
        pause: Duration::from_millis(number("fetch.pause_ms")?),
        shortest: Duration::from_secs(number("schedule.shortest_minutes")? * 60),
        longest: Duration::from_secs(number("schedule.longest_hours")?.max(1) * 3600),
        model: some(text("understand.model")).map(PathBuf::from),
        keep: Duration::from_secs(number("keep.days")?.max(1) * 24 * 3600),
        workers: number("workers")? as usize,
        clock: text("clock"),
        values: values.iter().map(redacted).collect(),
    };
    if config.longest < config.shortest {
        bail!("schedule.longest_hours is shorter than schedule.shortest_minutes");
    }
    if config.reader.is_empty() {
        bail!("reader must be a name");
    }
    Ok(config)
}

/// As it may be shown and logged: secrets are left out, those inside of addresses too.
fn redacted(it: &Value) -> Value {
    let mut it = it.clone();
    if it.key == "imap.password" && !it.value.is_empty() {
        it.value = HIDDEN.into();
    }
    if let Some((scheme, rest)) = it.value.split_once("://")
        && let Some((login, host)) = rest.rsplit_once('@')
        && let Some((user, _)) = login.split_once(':')
    {
        it.value = format!("{scheme}://{user}:{HIDDEN}@{host}");
    }
    it
}

const HIDDEN: &str = "(hidden)";

#[cfg(test)]
mod tests;
