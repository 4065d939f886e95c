//! The articles, all of them, and which belong together.

use std::collections::BTreeMap;

use news::Timestamp;

use crate::article::{self, Article};

/// Every article as it stands at `now`, in the order of their slugs.
pub fn articles(now: Timestamp) -> Vec<Article> {
    FILES.iter().filter_map(|&(slug, file)| article::read(slug, file, now)).collect()
}

/// The true grouping: the slugs of each happening, in the order of their slugs.
pub fn happenings() -> Vec<Vec<&'static str>> {
    let mut happenings = BTreeMap::<_, Vec<_>>::new();
    for &(slug, file) in FILES {
        happenings.entry(article::value(file, "happening")).or_default().push(slug);
    }
    happenings.into_values().collect()
}

/// The happening that an article tells of, by the word that its file has for it.
pub fn happening_of(slug: &str) -> Option<&'static str> {
    FILES.iter().find(|file| file.0 == slug).and_then(|file| article::value(file.1, "happening"))
}

/// Pairs of happenings that are easily taken for one.
pub fn look_alikes() -> [(&'static str, &'static str); 2] {
    [("ferry-marieholm", "ferry-petrel"), ("rate-aldmark", "rate-vesland")]
}

macro_rules! files {
    ($($slug:literal)*) => {
        &[$(($slug, include_str!(concat!("../articles/", $slug, ".md")))),*]
    };
}

pub(crate) static FILES: &[(&str, &str)] = files! {
    "everyone-off-the-marieholm"
    "faehre-marieholm-gestrandet"
    "lake-ferries-to-be-inspected"
    "lake-steamer-drifted-towards-weir"
    "marieholm-aground-off-skarholm"
    "marieholm-freigeschleppt"
    "marieholm-officer-alone-on-bridge"
    "petrel-fire-on-lake-lorne"
    "prom-marieholm-na-mieliznie"
    "sundline-shares-fall-after-grounding"
};
