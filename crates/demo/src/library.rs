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
    "aldane-resigns-over-dam-report"
    "aldane-tritt-zurueck"
    "aldmark-norway-agree-cod-cut"
    "babies-vaccine-up-the-nose"
    "bank-of-aldmark-raises-to-four-and-a-half"
    "brackel-painting-recovered-after-31-years"
    "cod-norway-deal"
    "coffee-at-a-record"
    "dorsz-mniejsze-polowy"
    "eskhaven-trams-to-stop"
    "europa-probe-finds-phosphate"
    "everyone-off-the-marieholm"
    "faehre-marieholm-gestrandet"
    "government-survives-by-one-vote"
    "honesty-box-beats-card-reader"
    "insurers-count-cost-of-ottilie"
    "kittiwake-second-pass-confirms-vents"
    "kittiwake-tastes-an-ocean"
    "lake-ferries-to-be-inspected"
    "lake-steamer-drifted-towards-weir"
    "leitzins-steigt-auf-viereinhalb"
    "less-cod-next-year"
    "letzte-leuchtturmwaerterin"
    "library-cat-outlasts-the-library"
    "lorne-breaks-its-banks"
    "marieholm-aground-off-skarholm"
    "marieholm-freigeschleppt"
    "marieholm-officer-alone-on-bridge"
    "minister-out-dam-water-going-down"
    "ministry-knew-of-cracks-in-lorne-dam"
    "minutes-show-bank-weighed-half-point"
    "missing-farm-worker-found-alive"
    "mortgage-holders-brace-for-rate-rise"
    "nasal-spray-rsv-trial"
    "net-menders-found-in-a-hayloft"
    "netzflickerinnen-wieder-da"
    "nissen-fuenf-spiele-gesperrt"
    "one-vote-is-enough-and-not-enough"
    "ottilie-power-cuts-roads-shut"
    "paylark-outage-cost-shops"
    "paylark-outage-not-an-attack"
    "paylark-payments-down"
    "petrel-fire-on-lake-lorne"
    "pokalfinale-holm-verliert-in-letzter-minute"
    "prom-marieholm-na-mieliznie"
    "rates-up-again-in-short"
    "rovers-lift-cup-at-last"
    "rovers-win-cup-in-extra-time"
    "rsv-spray-could-empty-wards"
    "salt-from-another-sea"
    "skradziony-obraz-brackel-odnaleziony"
    "sonda-kittiwake-znalazla-sol"
    "spray-przeciw-rsv-skuteczny"
    "storm-ottilie-night-in-upper-lorne"
    "sturm-ottilie-deich-haelt"
    "sundline-shares-fall-after-grounding"
    "szachistka-z-pucka"
    "tarrow-calls-confidence-vote"
    "the-governor-is-right-and-it-is-unfair"
    "the-women-who-waited-in-the-dark"
    "the-yeast-in-the-shipwreck"
    "tram-strike-costs-shops"
    "trams-back-after-rest-deal"
    "trams-off-walk-to-work"
    "trawler-owners-face-lean-year"
    "twelve-hours-is-not-a-luxury"
    "two-neighbours-two-rates"
    "valley-lad-okoro-scores-twice-in-cup"
    "vesland-cuts-rate-by-half-a-point"
    "veslanders-get-cheaper-loans"
    "what-a-lost-hour-is-for"
    "who-gets-the-spray-first"
    "why-one-certificate-stopped-a-country"
};
