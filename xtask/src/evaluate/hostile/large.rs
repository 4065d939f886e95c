//! The large documents that the data's own generator writes: long, deep, endless, packed.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::{Case, Verdict, documents, folder};

/// How large: 1.0 are 180 MB in 26 files. `TIDINGS_LARGE` says otherwise.
const SCALE: &str = "1.0";

pub fn cases(data: &Path) -> Result<Vec<Case>> {
    let scale = std::env::var("TIDINGS_LARGE").unwrap_or_else(|_| SCALE.into());
    let made = std::env::temp_dir().join(format!("tidings-large-{scale}"));
    // A child that goes on behind a case finds what the first one made.
    if !made.join("manifest.json").exists() {
        let script = folder(data, "xml").join("gen_large.py");
        let status = Command::new("python3").arg("-B").arg(script).arg(&made).arg(&scale).output();
        let status = status.context("the large documents need python3")?.status;
        ensure!(status.success(), "the large documents could not be made");
    }
    let mut files: Vec<_> = std::fs::read_dir(&made)?.filter_map(|it| Some(it.ok()?.path())).collect();
    files.sort();
    let case = |path: std::path::PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Case::new(name.clone(), move || {
            let Ok(bytes) = std::fs::read(&path) else { return Verdict::miss("", "the file can be read") };
            // The door hands on at most ten megabytes of a document.
            let (parsed, says) = documents::read(&bytes[..bytes.len().min(::parse::MOST_BYTES)], None);
            let too_many = parsed.is_some_and(|it| ::parse::MOST_ENTRIES < it.entries.len());
            if too_many { Verdict::miss(says, "entries are capped") } else { Verdict::fine(says) }
        })
    };
    Ok(files.into_iter().filter(|it| !it.ends_with("manifest.json")).map(case).collect())
}
