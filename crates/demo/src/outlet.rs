//! The eight outlets.

/// How an outlet's feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Rss,
    Atom,
    JsonFeed,
}

/// How an outlet's pages are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// `<article>` with JSON-LD and Open Graph.
    Semantic,
    /// Nested `<div>`s with Open Graph only.
    DivSoup,
    /// A layout table, as in 1998; says nothing of itself but a title.
    Nineties,
    /// schema.org microdata in the markup.
    Microdata,
}

/// An outlet that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub struct Outlet {
    /// What articles and readers call it by.
    pub key: &'static str,
    pub name: &'static str,
    /// The host that it would have; it is served at a number of its own on loopback.
    pub host_label: &'static str,
    pub tagline: &'static str,
    /// ISO 639-1.
    pub language: &'static str,
    pub format: Format,
    /// The feed carries whole articles; otherwise only summaries, so that the page must be fetched.
    pub full_text: bool,
    pub layout: Layout,
    pub feed_path: &'static str,
    /// What stands before and after the slug in the path of a page.
    pub page_path: (&'static str, &'static str),
    /// The colour of its pages.
    pub colour: &'static str,
}

impl Outlet {
    pub fn path_of(&self, slug: &str) -> String {
        format!("{}{slug}{}", self.page_path.0, self.page_path.1)
    }
}

pub fn outlets() -> &'static [Outlet] {
    &OUTLETS
}

pub(crate) fn named(key: &str) -> Option<&'static Outlet> {
    OUTLETS.iter().find(|outlet| outlet.key == key)
}

static OUTLETS: [Outlet; 8] = [
    Outlet {
        key: "courier",
        name: "The Eskhaven Courier",
        host_label: "eskhavencourier.example",
        tagline: "The paper of record for Aldmark since 1871",
        language: "en",
        format: Format::Rss,
        full_text: false,
        layout: Layout::Semantic,
        feed_path: "/feed.xml",
        page_path: ("/story/", ""),
        colour: "#7a1f2b",
    },
    Outlet {
        key: "ledger",
        name: "Harbour Ledger",
        host_label: "harbourledger.example",
        tagline: "Money, trade and the people who move them",
        language: "en",
        format: Format::Atom,
        full_text: true,
        layout: Layout::Microdata,
        feed_path: "/atom.xml",
        page_path: ("/markets/", "/"),
        colour: "#14532d",
    },
    Outlet {
        key: "lantern",
        name: "The Lantern",
        host_label: "thelantern.example",
        tagline: "A magazine of argument, owned by its readers",
        language: "en",
        format: Format::JsonFeed,
        full_text: true,
        layout: Layout::Semantic,
        feed_path: "/feed.json",
        page_path: ("/", ""),
        colour: "#b45309",
    },
    Outlet {
        key: "strandline",
        name: "Strandline Radio",
        host_label: "strandline.example",
        tagline: "News on the hour, from every coast of Aldmark",
        language: "en",
        format: Format::Rss,
        full_text: false,
        layout: Layout::DivSoup,
        feed_path: "/rss/news.xml",
        page_path: ("/news/", ".html"),
        colour: "#075985",
    },
    Outlet {
        key: "gazette",
        name: "Vale & Fell Gazette",
        host_label: "valeandfell.example",
        tagline: "Your valley, your hills, every Thursday and now every day",
        language: "en",
        format: Format::Rss,
        full_text: false,
        layout: Layout::Nineties,
        feed_path: "/gazette.rss",
        page_path: ("/gazette/", ".htm"),
        colour: "#4d5b1f",
    },
    Outlet {
        key: "orrery",
        name: "Orrery",
        host_label: "orrery.example",
        tagline: "How things work, and why we think so",
        language: "en",
        format: Format::Atom,
        full_text: false,
        layout: Layout::Semantic,
        feed_path: "/feeds/all.atom",
        page_path: ("/articles/", ""),
        colour: "#3730a3",
    },
    Outlet {
        key: "tageblatt",
        name: "Holmer Tageblatt",
        host_label: "holmer-tageblatt.example",
        tagline: "Die Zeitung für die Inseln und das Festland",
        language: "de",
        format: Format::Rss,
        full_text: true,
        layout: Layout::DivSoup,
        feed_path: "/nachrichten.rss",
        page_path: ("/artikel/", ".html"),
        colour: "#1e3a5f",
    },
    Outlet {
        key: "dziennik",
        name: "Dziennik Zatoki",
        host_label: "dziennikzatoki.example",
        tagline: "Wiadomości z obu brzegów morza",
        language: "pl",
        format: Format::Atom,
        full_text: false,
        layout: Layout::Microdata,
        feed_path: "/kanal.atom",
        page_path: ("/wiadomosci/", ".html"),
        colour: "#9f1239",
    },
];
