//! The plan of the crates, as a test. Changing this table is an architectural decision: say why in the commit and in
//! `docs/decisions/`.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Which of ours each crate may use. Where `ARCHITECTURE.md` and this table differ, the table is right.
const PLAN: &[(&str, &[&str])] = &[
    ("news", &[]),
    ("parse", &["news"]),
    ("extract", &["news"]),
    ("cluster", &["news"]),
    ("learn", &["news"]),
    ("rank", &["news"]),
    ("fetch", &["news"]),
    ("understand", &["news"]),
    ("store", &["news"]),
    ("app", &["news", "fetch", "parse", "understand", "cluster", "learn", "rank", "store"]),
    ("deliver", &["news", "parse", "extract", "learn", "rank", "fetch", "store", "app"]),
    ("pipeline", &["news", "fetch", "parse", "extract", "understand", "cluster", "learn", "store"]),
    ("demo", &["news"]),
    (
        "tidings",
        &[
            "news",
            "fetch",
            "parse",
            "extract",
            "understand",
            "cluster",
            "learn",
            "rank",
            "store",
            "app",
            "deliver",
            "pipeline",
            "demo",
        ],
    ),
    ("testkit", &["news"]),
];

/// Crates that decide. They may not so much as know of a network, a disk, a database or a clock.
const PURE: &[&str] = &["news", "parse", "extract", "cluster", "learn", "rank"];
const WORLDLY: &[&str] = &[
    "tokio",
    "async-trait",
    "reqwest",
    "hyper",
    "rusqlite",
    "postgres",
    "axum",
    "futures",
    "getrandom",
    "rand",
    "tempfile",
    "tracing",
];

#[test]
fn the_crates_lean_only_on_what_the_plan_allows() {
    for (name, allowed) in PLAN {
        for dependency in dependencies(name) {
            let ours = PLAN.iter().any(|(it, _)| *it == dependency);
            assert!(!ours || allowed.contains(&&*dependency), "{name} may not use {dependency}");
        }
    }
}

#[test]
fn crates_that_decide_cannot_act() {
    for name in PURE {
        for dependency in dependencies(name) {
            assert!(!WORLDLY.contains(&&*dependency), "{name} decides; {dependency} acts");
        }
    }
}

#[test]
fn every_crate_is_in_the_plan() {
    let found = fs::read_dir(root().join("crates")).expect("the crates lie beside xtask");
    for entry in found {
        let name = entry.expect("a folder").file_name().into_string().expect("plain names");
        assert!(PLAN.iter().any(|(it, _)| *it == name), "{name} is not in the plan");
    }
}

/// Sockets are opened in `fetch`, listened on where pages are served; nothing else touches the network.
#[test]
fn only_fetch_asks_the_network() {
    let asks = ["TcpStream", "reqwest", "UdpSocket", "hyper::client", "ToSocketAddrs", "lookup_host"];
    for name in PLAN.iter().map(|(name, _)| *name).filter(|name| *name != "fetch") {
        for file in sources(&root().join("crates").join(name).join("src")) {
            if file.components().any(|it| it.as_os_str() == "tests" || it.as_os_str() == "tests.rs") {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a source file");
            for word in asks {
                assert!(!text.contains(word), "{} speaks of {word}: the way out is fetch", file.display());
            }
        }
    }
}

/// SQL stays in the store; the sanitiser's word is given only where it is made or handed back; the roof alone listens.
#[test]
fn what_has_one_home_stays_there() {
    let homes = [
        ("rusqlite", "store"),
        ("postgres::Client", "store"),
        ("SafeHtml::vouched_for", "extract store"),
        ("TcpListener", "tidings demo"),
    ];
    for (word, at_home) in homes {
        for name in
            PLAN.iter().map(|(name, _)| *name).filter(|name| !at_home.split(' ').any(|it| it == *name))
        {
            for file in sources(&root().join("crates").join(name).join("src")) {
                let is_test = file.to_string_lossy().contains("tests");
                let text = fs::read_to_string(&file).expect("a source file");
                assert!(is_test || !text.contains(word), "{} speaks of {word}", file.display());
            }
        }
    }
}

/// The clock is read in one file; and by `fetch`, for answers that name a date and do not say what time it is.
#[test]
fn only_the_clock_asks_for_the_time() {
    for (name, _) in PLAN {
        for file in sources(&root().join("crates").join(name).join("src")) {
            let text = fs::read_to_string(&file).expect("a source file");
            let here = file.ends_with("tidings/src/clock.rs")
                || file.ends_with("fetch/src/web.rs")
                || file.to_string_lossy().contains("tests");
            assert!(here || !text.contains("SystemTime::now"), "{} asks for the time", file.display());
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// What a crate's manifest names under `[dependencies]`.
fn dependencies(name: &str) -> Vec<String> {
    let manifest = root().join("crates").join(name).join("Cargo.toml");
    let text = fs::read_to_string(&manifest).expect("every crate has a manifest");
    let section =
        text.split("[dependencies]").nth(1).unwrap_or_default().split("\n[").next().unwrap_or_default();
    let lines = section.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split(['=', '.', ' ']).next()).map(str::to_owned).collect()
}
