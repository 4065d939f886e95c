//! What was written: the file as it stands, every value as text.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};

#[derive(Default)]
pub struct File {
    /// For messages: "/etc/tidings.toml".
    pub name: String,
    /// `server.listen` → `127.0.0.1:8700`.
    pub values: BTreeMap<String, String>,
}

/// The file that was named, else the usual one when it is there.
pub fn file(named: Option<&Path>) -> Result<File> {
    let path = match named {
        Some(path) => path.to_path_buf(),
        None => match folder("XDG_CONFIG_HOME", ".config").map(|it| it.join("tidings.toml")) {
            Some(usual) if usual.exists() => usual,
            _ => return Ok(File::default()),
        },
    };
    let name = path.display().to_string();
    let text =
        std::fs::read_to_string(&path).with_context(|| format!("cannot read the configuration {name}"))?;
    let table: toml::Table = text.parse().with_context(|| format!("{name} is not valid TOML"))?;
    let mut values = BTreeMap::new();
    flatten("", &table, &mut values).with_context(|| name.clone())?;
    Ok(File { name, values })
}

fn flatten(prefix: &str, table: &toml::Table, values: &mut BTreeMap<String, String>) -> Result<()> {
    for (key, value) in table {
        let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        let text = match value {
            toml::Value::Table(inner) => {
                flatten(&key, inner, values)?;
                continue;
            }
            toml::Value::String(text) => text.clone(),
            toml::Value::Integer(number) => number.to_string(),
            toml::Value::Float(number) => number.to_string(),
            toml::Value::Boolean(flag) => flag.to_string(),
            toml::Value::Array(items) => {
                let texts = items.iter().map(|it| it.as_str().map(str::to_owned));
                match texts.collect::<Option<Vec<String>>>() {
                    Some(texts) => texts.join(","),
                    None => bail!("{key}: a list of texts is wanted"),
                }
            }
            toml::Value::Datetime(_) => bail!("{key}: a date is not wanted here"),
        };
        values.insert(key, text);
    }
    Ok(())
}

/// What a file holds, without the line end that editors put behind it.
pub fn secret(file: &str) -> Result<String> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read the password in {file}"))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

pub fn data_folder() -> Result<PathBuf> {
    folder("XDG_DATA_HOME", ".local/share")
        .context("there is no home folder to keep the data in: name one with --data FOLDER")
}

/// `$variable/tidings`, else `~/usual/tidings`.
fn folder(variable: &str, usual: &str) -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|it| !it.is_empty()).map(PathBuf::from);
    let base = set(variable).or_else(|| Some(set("HOME")?.join(usual)))?;
    Some(base.join("tidings"))
}
