//! One walk over a page that notes every element that says something of the whole.

use std::collections::HashMap;

use crate::dom::{Dom, Id, Kind};

#[derive(Default)]
pub struct Survey {
    /// (name in lower case, content)
    metas: Vec<(String, String)>,
    pub json_ld: Vec<Id>,
    pub h1: Vec<Id>,
    pub title: Option<Id>,
    pub times: Vec<Id>,
    /// (what it is, element)
    pub properties: Vec<(String, Id)>,
    pub rel_author: Vec<Id>,
    /// Elements whose class or id speaks of an author or byline.
    pub bylines: Vec<Id>,
    /// Elements whose class or id speaks of a date.
    pub dates: Vec<Id>,
    pub figures: Vec<Id>,
    pub canonical: Option<String>,
    pub alternates: Vec<(String, String)>,
    pub language: Option<String>,
    /// Elements that are called posts of a live blog.
    pub live_posts: usize,
}

impl Survey {
    pub fn of(dom: &Dom) -> Survey {
        let mut survey = Survey::default();
        let mut said = HashMap::new();
        for id in dom.under(0) {
            if let Kind::Element { name, html: true, .. } = &dom.nodes[id as usize].kind {
                survey.note(dom, id, name, &mut said);
            }
        }
        survey
    }

    fn note<'a>(&mut self, dom: &'a Dom, id: Id, name: &str, said: &mut HashMap<&'a str, Speaks>) {
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
            "figure" => self.figures.push(id),
            "link" => self.link(dom, id),
            _ => {}
        }
        if let Some(property) = dom.attr(id, "itemprop") {
            self.properties.push((property.to_ascii_lowercase(), id));
        }
        if dom
            .attr(id, "rel")
            .is_some_and(|it| it.split_ascii_whitespace().any(|it| it.eq_ignore_ascii_case("author")))
        {
            self.rel_author.push(id);
        }
        if !matches!(name, "body" | "html" | "meta" | "script" | "article" | "main") {
            let class = dom.attr(id, "class").unwrap_or_default();
            let own_id = dom.attr(id, "id").unwrap_or_default();
            let marks = [class, own_id, dom.attr(id, "data-testid").unwrap_or_default()];
            let speaks = marks.iter().fold(Speaks::default(), |all, it| {
                all.and(*said.entry(it).or_insert_with(|| Speaks::of(it)))
            });
            self.live_posts += usize::from(speaks.of_live_post);
            if speaks.of_author && self.bylines.len() < 60 {
                self.bylines.push(id);
            }
            if speaks.of_date && self.dates.len() < 60 {
                self.dates.push(id);
            }
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

/// What a class name or id speaks of. Pages have few of them many times.
#[derive(Clone, Copy, Default)]
struct Speaks {
    of_author: bool,
    of_date: bool,
    of_live_post: bool,
}

const LIVE_POSTS: &[&str] = &[
    "live-blog-post",
    "liveblog-post",
    "live-post",
    "live-update",
    "liveblog__post",
    "liveblog-entry",
    "ticker-entry",
    "live-entry",
];

impl Speaks {
    fn of(mark: &str) -> Speaks {
        Speaks {
            of_author: speaks_of(&[mark], &["byline", "author", "autor", "writer", "contributor"]),
            of_date: speaks_of(&[mark], &["date", "time", "publish", "datum", "fecha"]),
            of_live_post: speaks_of(&[mark], LIVE_POSTS),
        }
    }

    fn and(self, other: Speaks) -> Speaks {
        Speaks {
            of_author: self.of_author | other.of_author,
            of_date: self.of_date | other.of_date,
            of_live_post: self.of_live_post | other.of_live_post,
        }
    }
}

fn speaks_of(marks: &[&str], words: &[&str]) -> bool {
    marks.iter().filter(|it| !it.is_empty() && it.len() < 300).any(|mark| {
        let mark = mark.to_ascii_lowercase();
        words.iter().any(|it| mark.contains(it))
    })
}

/// Caption and credit of the picture of that address, where a figure on the page shows it.
pub fn caption_of(dom: &Dom, survey: &Survey, address: &str) -> (Option<String>, Option<String>) {
    let file = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        path.rsplit('/').next().unwrap_or_default().to_owned()
    };
    let wanted = file(address);
    let shows = |figure: Id| {
        dom.under(figure).filter(|it| dom.name(*it).is_some_and(|name| &**name == "img")).any(|it| {
            crate::pictures::source(dom, it).is_some_and(|source| wanted.len() > 4 && file(&source) == wanted)
        })
    };
    let has_caption =
        |figure: Id| dom.under(figure).find(|it| dom.name(*it).is_some_and(|name| &**name == "figcaption"));
    let found = survey.figures.iter().copied().take(40).find(|it| shows(*it));
    let Some(caption) = found.and_then(has_caption) else { return (None, None) };
    let credit = dom.under(caption).find(|it| {
        speaks_of(
            &[dom.attr(*it, "class").unwrap_or_default()],
            &["credit", "copyright", "source", "photographer"],
        )
    });
    let credit = credit.map(|it| dom.text(it)).filter(|it| !it.is_empty());
    let mut text = dom.text(caption);
    if let Some(credit) = &credit {
        text = text.replace(credit, "").trim().to_owned();
    }
    (Some(text).filter(|it| !it.is_empty()), credit)
}
