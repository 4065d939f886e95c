//! What tests share: where the measuring data lies, and a small world to test in. Never linked into the product.

mod clean;
mod model;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub use clean::is_clean;
pub use model::write_model;

/// The folder (or file) of measuring data of that name, or `None` when this machine does not have it: then the test
/// says so and passes, except where `CI` is set and the data should be there.
///
/// The data is looked for in `$TIDINGS_MEASURE`, else in `../shared/data` beside the repository.
pub fn data(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("TIDINGS_MEASURE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(name);
    if path.exists() {
        return Some(path);
    }
    skip(&format!("no measuring data at {} (set TIDINGS_MEASURE)", path.display()));
    None
}

/// Says, once and past the harness that keeps what tests print to itself, that something is not tested here. Where `CI`
/// is set everything should be: there it fails.
pub fn skip(why: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(std::env::var_os("CI").is_none(), "in CI nothing is skipped: {why}");
    if SAID.lock().unwrap_or_else(PoisonError::into_inner).insert(why.to_owned()) {
        let _ = writeln!(std::io::stderr(), "SKIPPED: {why}");
    }
}
