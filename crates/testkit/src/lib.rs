//! What tests share: where the measuring data lies, and a small world to test in. Never linked into the product.

mod clean;

use std::path::{Path, PathBuf};

pub use clean::is_clean;

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
    assert!(std::env::var_os("CI").is_none(), "{} should be there in CI", path.display());
    eprintln!("SKIPPED: no measuring data at {} (set TIDINGS_MEASURE)", path.display());
    None
}
