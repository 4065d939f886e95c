//! Three readers with different pasts, so that one sees at once that an edition is personal.

use news::{SignalKind, Weight};

/// One of the demo's readers.
#[derive(Clone, Debug)]
pub struct DemoReader {
    pub name: &'static str,
    pub about: &'static str,
    pub follows: Vec<DemoFollow>,
    pub mutes: Vec<DemoTarget>,
    pub history: Vec<DemoSignal>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct DemoFollow {
    pub target: DemoTarget,
    pub weight: Weight,
    pub folder: Option<&'static str>,
}

/// What a reader of the demo follows or mutes, before there are numbers for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoTarget {
    /// An outlet by its key.
    Outlet(&'static str),
    /// A proper name, as the articles have it.
    Name(&'static str),
    /// A word or phrase in headline or text.
    Words(&'static str),
}

/// Something a reader did: on the story that has the article of that slug among its members.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DemoSignal {
    pub slug: &'static str,
    pub kind: SignalKind,
    /// Never before the article was published.
    pub hours_ago: f64,
}

pub fn readers() -> Vec<DemoReader> {
    vec![ines(), tomasz(), maud()]
}

fn ines() -> DemoReader {
    DemoReader {
        name: "Ines",
        about: "Runs a small shipping office in Eskhaven. Reads about money and the sea before breakfast; has had enough of football.",
        follows: follows(
            &["ledger", "courier", "strandline", "orrery", "lantern", "gazette"],
            &[
                (DemoTarget::Name("Bank of Aldmark"), Weight::Always),
                (DemoTarget::Words("ferry"), Weight::More),
                (DemoTarget::Name("Paylark"), Weight::ALittle),
            ],
        ),
        mutes: vec![DemoTarget::Words("Cup final")],
        history: history(&[
            (
                "bank-of-aldmark-raises-to-four-and-a-half",
                SignalKind::Read { seconds: 190, depth: 1.0 },
                66.0,
            ),
            ("bank-of-aldmark-raises-to-four-and-a-half", SignalKind::Saved, 65.9),
            ("paylark-outage-cost-shops", SignalKind::Read { seconds: 140, depth: 0.9 }, 49.0),
            ("vesland-cuts-rate-by-half-a-point", SignalKind::Read { seconds: 120, depth: 0.8 }, 40.0),
            ("sundline-shares-fall-after-grounding", SignalKind::MoreLikeThis, 62.0),
            ("marieholm-aground-off-skarholm", SignalKind::Read { seconds: 100, depth: 1.0 }, 80.0),
            ("rovers-win-cup-in-extra-time", SignalKind::NotInterested, 50.0),
            ("what-a-lost-hour-is-for", SignalKind::LessLikeThis, 29.0),
        ]),
    }
}

fn tomasz() -> DemoReader {
    DemoReader {
        name: "Tomasz",
        about: "Teaches physics in Gdynia, reads three languages, and would rather be looking at Jupiter through a telescope.",
        follows: follows(
            &["orrery", "dziennik", "tageblatt", "strandline", "lantern", "courier"],
            &[(DemoTarget::Name("Kittiwake"), Weight::Always), (DemoTarget::Words("vaccine"), Weight::More)],
        ),
        mutes: vec![DemoTarget::Name("Sverre Aldane")],
        history: history(&[
            ("kittiwake-tastes-an-ocean", SignalKind::Read { seconds: 260, depth: 1.0 }, 55.0),
            ("kittiwake-tastes-an-ocean", SignalKind::Shared, 54.8),
            ("sonda-kittiwake-znalazla-sol", SignalKind::Read { seconds: 150, depth: 1.0 }, 52.0),
            ("nasal-spray-rsv-trial", SignalKind::Read { seconds: 170, depth: 0.9 }, 33.0),
            ("the-yeast-in-the-shipwreck", SignalKind::Saved, 60.0),
            ("why-one-certificate-stopped-a-country", SignalKind::Opened, 45.0),
            ("aldane-resigns-over-dam-report", SignalKind::NotInterested, 84.0),
        ]),
    }
}

fn maud() -> DemoReader {
    DemoReader {
        name: "Maud",
        about: "Keeps sheep above Upper Lorne, sits on the parish council, sings alto, and never misses the football.",
        follows: follows(
            &["gazette", "strandline", "courier", "lantern", "tageblatt", "ledger"],
            &[
                (DemoTarget::Name("Upper Lorne"), Weight::Always),
                (DemoTarget::Words("Cup final"), Weight::More),
                (DemoTarget::Name("Elin Tarrow"), Weight::ALittle),
            ],
        ),
        mutes: vec![DemoTarget::Name("Paylark")],
        history: history(&[
            ("lorne-breaks-its-banks", SignalKind::Read { seconds: 200, depth: 1.0 }, 70.0),
            ("storm-ottilie-night-in-upper-lorne", SignalKind::Saved, 68.0),
            ("petrel-fire-on-lake-lorne", SignalKind::Read { seconds: 110, depth: 1.0 }, 36.0),
            ("rovers-win-cup-in-extra-time", SignalKind::Read { seconds: 180, depth: 1.0 }, 50.5),
            ("net-menders-found-in-a-hayloft", SignalKind::MoreLikeThis, 43.0),
            ("library-cat-outlasts-the-library", SignalKind::Shared, 20.0),
            ("vesland-cuts-rate-by-half-a-point", SignalKind::NotInterested, 39.0),
        ]),
    }
}

fn follows(outlets: &[&'static str], others: &[(DemoTarget, Weight)]) -> Vec<DemoFollow> {
    let outlets = outlets.iter().map(|key| (DemoTarget::Outlet(key), Weight::More, Some("News")));
    let others = others.iter().map(|&(target, weight)| (target, weight, None));
    outlets.chain(others).map(|(target, weight, folder)| DemoFollow { target, weight, folder }).collect()
}

fn history(acts: &[(&'static str, SignalKind, f64)]) -> Vec<DemoSignal> {
    acts.iter().map(|&(slug, kind, hours_ago)| DemoSignal { slug, kind, hours_ago }).collect()
}
