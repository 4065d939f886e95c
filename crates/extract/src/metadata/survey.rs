//! One walk over a page that notes every element that says something of the whole.

use std::sync::LazyLock;

use crate::dom::{Dom, Id, Kind};
use crate::hashes::{ByName, mix};
use crate::spotter::Spotter;

#[derive(Default)]
pub struct Survey {
    /// (name in lower case, content)
    pub metas: Vec<(String, String)>,
    pub json_ld: Vec<Id>,
    pub h1: Vec<Id>,
    pub title: Option<Id>,
    pub times: Vec<Id>,
    /// (what it is, element)
    pub properties: Vec<(String, Id)>,
    pub rel_author: Vec<Id>,
    /// Links to where a site keeps what one author wrote.
    pub author_links: Vec<Id>,
    /// Elements whose class or id speaks of an author or byline.
    pub bylines: Vec<Id>,
    /// Elements whose class or id speaks of a date.
    pub dates: Vec<Id>,
    pub canonical: Option<String>,
    pub alternates: Vec<(String, String)>,
    pub language: Option<String>,
    /// Elements that are called posts of a live blog.
    pub live_posts: usize,
}

impl Survey {
    pub fn of(dom: &Dom) -> Survey {
        let mut survey = Survey::default();
        let mut said = ByName::default();
        for id in dom.under(0) {
            if let Kind::Element { name, html: true, attrs } = &dom.nodes[id as usize].kind {
                survey.note_name(dom, id, name);
                if !attrs.is_empty() {
                    survey.note_attributes(dom, id, &mut said);
                }
            }
        }
        survey
    }

    fn note_name(&mut self, dom: &Dom, id: Id, name: &str) {
        match name {
            "html" => {
                self.language = dom
                    .attr(id, "lang")
                    .or(dom.attr(id, "xml:lang"))
                    .map(str::to_owned)
                    .filter(|it| !it.is_empty())
            }
            "meta" => self.meta_element(dom, id),
            "script"
                if dom.attr(id, "type").is_some_and(|it| it.to_ascii_lowercase().contains("ld+json")) =>
            {
                self.json_ld.push(id)
            }
            "h1" => self.h1.push(id),
            "title" if self.title.is_none() => self.title = Some(id),
            "time" => self.times.push(id),
            "link" => self.link(dom, id),
            _ => {}
        }
    }

    /// `said` remembers what names speak of: pages have few of them many times.
    fn note_attributes(&mut self, dom: &Dom, id: Id, said: &mut ByName<u32>) {
        let Kind::Element { name, attrs, .. } = &dom.nodes[id as usize].kind else { return };
        let mut speaks = 0;
        for attr in attrs {
            match &*attr.name.local {
                "itemprop" => self.properties.push((attr.value.to_ascii_lowercase(), id)),
                "rel" if names_author(&attr.value) => self.rel_author.push(id),
                "href" if &**name == "a" && self.author_links.len() < 60 && leads_to_author(&attr.value) => {
                    self.author_links.push(id);
                }
                "class" | "id" | "data-testid" if attr.value.len() < LONGEST_NAME => {
                    let key = mix(0, attr.value.as_bytes());
                    speaks |= *said.entry(key).or_insert_with(|| speaks_of(&attr.value));
                }
                _ => {}
            }
        }
        if speaks == 0 || matches!(&**name, "body" | "html" | "meta" | "script" | "article" | "main") {
            return;
        }
        self.live_posts += usize::from(speaks & OF_LIVE_POST != 0);
        if speaks & OF_AUTHOR != 0 && self.bylines.len() < 60 {
            self.bylines.push(id);
        }
        if speaks & OF_DATE != 0 && self.dates.len() < 60 {
            self.dates.push(id);
        }
    }

    fn meta_element(&mut self, dom: &Dom, id: Id) {
        let names = ["property", "name", "itemprop", "http-equiv"];
        let Some(name) = names.iter().find_map(|it| dom.attr(id, it)) else { return };
        let Some(content) = dom.attr(id, "content").map(str::trim).filter(|it| !it.is_empty()) else {
            return;
        };
        self.metas.push((name.trim().to_ascii_lowercase(), content.to_owned()));
    }

    fn link(&mut self, dom: &Dom, id: Id) {
        let (Some(rel), Some(href)) = (dom.attr(id, "rel"), dom.attr(id, "href")) else { return };
        if rel.eq_ignore_ascii_case("canonical") && self.canonical.is_none() {
            self.canonical = Some(href.to_owned());
        } else if rel.eq_ignore_ascii_case("alternate")
            && let Some(language) = dom.attr(id, "hreflang")
        {
            self.alternates.push((language.to_owned(), href.to_owned()));
        }
    }

    /// The first of these names that the page has, in the order of the names.
    pub fn meta(&self, names: &[&str]) -> Option<String> {
        names
            .iter()
            .find_map(|name| self.metas.iter().find(|(it, _)| it == name))
            .map(|(_, value)| value.clone())
    }

    /// All values under these names.
    pub fn metas<'a>(&'a self, names: &[&'a str]) -> impl Iterator<Item = String> + 'a {
        let names = names.to_vec();
        self.metas.iter().filter(move |(it, _)| names.contains(&it.as_str())).map(|(_, value)| value.clone())
    }
}

fn names_author(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("author"))
}

/// `/author/ann-lee`, `/staff/12/ann-lee/`; not the list of all of them.
fn leads_to_author(address: &str) -> bool {
    const PLACES: &[&str] = &[
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "auteur",
        "auteurs",
        "autore",
        "contributor",
        "contributors",
        "staff",
        "people",
        "journalist",
        "journalists",
        "journaliste",
        "reporter",
        "reporters",
        "writer",
        "writers",
        "producers",
        "profile",
        "profiles",
        "redakteur",
        "redaktion",
        "columnist",
        "columnists",
        "by",
    ];
    let path = address.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/');
    let mut parts = path.split('/');
    parts.next_back();
    address.len() < 200 && parts.any(|it| PLACES.iter().any(|place| it.eq_ignore_ascii_case(place)))
}

const OF_AUTHOR: u32 = 1;
const OF_DATE: u32 = 2;
const OF_LIVE_POST: u32 = 4;
/// Longer ones are lists of styles.
const LONGEST_NAME: usize = 300;

const SPEAK: &[(u32, &[&str])] = &[
    (OF_AUTHOR, &["byline", "author", "autor", "writer", "contributor"]),
    (OF_DATE, &["date", "time", "publish", "datum", "fecha"]),
    (
        OF_LIVE_POST,
        &[
            "live-blog-post",
            "liveblog-post",
            "live-post",
            "live-update",
            "liveblog__post",
            "liveblog-entry",
            "ticker-entry",
            "live-entry",
        ],
    ),
];

/// What a class name or id speaks of.
fn speaks_of(name: &str) -> u32 {
    static SPOTTER: LazyLock<Spotter> = LazyLock::new(|| Spotter::of(SPEAK));
    SPOTTER.spot(name.to_ascii_lowercase().as_bytes())
}
