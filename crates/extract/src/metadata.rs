//! What a page says of itself, in order of trust: JSON-LD, microdata, Open Graph, meta, the page's own text.

mod byline;
mod caption;
mod headline;
mod json_ld;
mod key_points;
mod published;
mod standfirst;
mod survey;

use news::{AuthorKind, Completeness, Extracted, Language, Media, Picture, SafeHtml, Timestamp};

use crate::Page;
use crate::authors;
use crate::dom::Dom;
use crate::readable::features::Hints;
use json_ld::Linked;
pub use json_ld::Post;
use survey::Survey;

/// Everything found, before it is put together with the body.
#[derive(Default)]
pub struct Said {
    pub title: String,
    pub standfirst: Option<String>,
    /// What it says of itself for searches and for sharing.
    pub description: Option<String>,
    /// `articleBody` of structured data.
    pub body: Option<String>,
    pub key_points: Vec<String>,
    pub bylines: Vec<String>,
    pub outlet: Option<String>,
    pub labels: Vec<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub language: Option<Language>,
    pub free: Option<bool>,
    pub picture: Option<Picture>,
    pub media: Vec<Media>,
    pub canonical: Option<String>,
    pub alternates: Vec<(Language, String)>,
    /// How many words it says that it has.
    pub words: Option<f32>,
    /// A live blog: what its posts were written at belongs to it.
    pub is_live: bool,
    /// It says that it is an article.
    pub is_article: bool,
    pub posts: Vec<Post>,
}

pub fn read(dom: &Dom, page: &Page) -> Said {
    let survey = Survey::of(dom);
    let linked = Linked::of(dom, &survey);
    let outlet =
        linked.publisher.clone().or_else(|| survey.meta(&["og:site_name", "application-name", "publisher"]));
    let title = headline::headline(dom, &survey, &linked, outlet.as_deref(), page);
    let (published, updated) = published::moments(dom, &survey, &linked, &title, page);
    let description = description(&survey, &linked, &title);
    Said {
        standfirst: standfirst::shown(dom, &survey.h1, &title).or_else(|| description.clone()),
        description,
        key_points: key_points::key_points(dom),
        bylines: byline::bylines(dom, &survey, &linked, &title, page.address),
        labels: labels(&survey, &linked),
        language: language(&survey, &linked),
        free: free(&survey, &linked),
        picture: picture(dom, &survey, &linked, page),
        media: linked.media.clone(),
        canonical: canonical(&survey, page),
        alternates: alternates(&survey),
        words: linked.words,
        is_article: linked.is_article || survey.meta(&["og:type"]).is_some_and(|it| it == "article"),
        is_live: linked.is_live || survey.live_posts > 2,
        posts: linked.posts,
        body: linked.body,
        title,
        outlet: outlet.map(|it| crate::plain(&it)).filter(|it| !it.is_empty() && !it.starts_with("http")),
        published,
        updated,
    }
}

fn description(survey: &Survey, linked: &Linked, title: &str) -> Option<String> {
    let said = linked
        .description
        .clone()
        .or_else(|| survey.meta(&["og:description", "description", "twitter:description"]))?;
    let text = crate::plain(&said).replace('\n', " ");
    (!text.is_empty() && text != title && text.chars().count() <= 1000).then_some(text)
}

fn labels(survey: &Survey, linked: &Linked) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut add = |label: &str| {
        let label = crate::plain(label.trim_matches(|c: char| c.is_whitespace() || matches!(c, '#' | '"')));
        let fits = (2..=50).contains(&label.chars().count()) && !label.contains("http");
        if fits && labels.len() < 24 && !labels.iter().any(|it| it.eq_ignore_ascii_case(&label)) {
            labels.push(label);
        }
    };
    let sections = linked.sections.iter().cloned().chain(survey.metas(&["article:section"]));
    sections.for_each(|it| add(&it));
    linked.keywords.iter().for_each(|it| add(it));
    survey.metas(&["article:tag"]).for_each(|it| add(&it));
    let lists: Vec<String> =
        survey.metas(&["news_keywords", "keywords", "parsely-tags", "sailthru.tags"]).collect();
    lists.iter().flat_map(|it| it.split([',', ';'])).for_each(&mut add);
    labels
}

fn language(survey: &Survey, linked: &Linked) -> Option<Language> {
    let meta = || survey.meta(&["og:locale", "content-language", "language", "dc.language"]);
    let said = survey.language.clone().or_else(|| linked.language.clone()).or_else(meta)?;
    let code = said.split(['-', '_', ',']).next()?.trim().to_ascii_lowercase();
    (matches!(code.len(), 2 | 3) && code.bytes().all(|b| b.is_ascii_lowercase())).then_some(Language(code))
}

fn free(survey: &Survey, linked: &Linked) -> Option<bool> {
    if linked.free.is_some() {
        return linked.free;
    }
    let tier = survey.meta(&["article:content_tier", "og:article:content_tier", "cxenseparse:access"])?;
    match tier.to_ascii_lowercase().as_str() {
        "free" | "public" => Some(true),
        "locked" | "premium" | "paid" | "subscriber" | "subscribers" => Some(false),
        _ => None,
    }
}

fn picture(dom: &Dom, survey: &Survey, linked: &Linked, page: &Page) -> Option<Picture> {
    let number = |name: &str| survey.meta(&[name]).and_then(|it| it.parse().ok());
    let open_graph = survey.meta(&[
        "og:image",
        "og:image:url",
        "og:image:secure_url",
        "twitter:image",
        "twitter:image:src",
    ]);
    let mut picture = linked.picture.clone().unwrap_or_default();
    if picture.url.is_empty() {
        picture = Picture {
            url: open_graph?,
            caption: None,
            credit: None,
            width: number("og:image:width"),
            height: number("og:image:height"),
        };
    }
    picture.url = crate::address::Base::new(page.address).picture(&picture.url)?;
    if picture.caption.is_none() || picture.credit.is_none() {
        let shown = caption::caption(dom, &picture.url);
        picture.caption = picture.caption.or(shown.text);
        picture.credit = picture.credit.or(shown.credit);
    }
    Some(picture)
}

/// The address that the page itself goes by: its own outlet's, and not its front page.
fn canonical(survey: &Survey, page: &Page) -> Option<String> {
    let own = news::outlet_of(page.address);
    let said = survey.canonical.clone().into_iter().chain(survey.metas(&["og:url"]));
    said.into_iter().filter_map(|it| crate::address::Base::new(page.address).link(&it)).find(|it| {
        let is_front = it.splitn(4, '/').nth(3).is_none_or(|path| path.is_empty() || path == "index.html");
        it.starts_with("http")
            && news::outlet_of(it) == own
            && (!is_front || page.address.matches('/').count() <= 3)
    })
}

fn alternates(survey: &Survey) -> Vec<(Language, String)> {
    let mut found = Vec::new();
    for (language, address) in &survey.alternates {
        let code = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
        if matches!(code.len(), 2 | 3) && code != "x" && address.starts_with("http") && found.len() < 60 {
            let alternate = (Language(code), address.clone());
            if !found.contains(&alternate) {
                found.push(alternate);
            }
        }
    }
    found
}

impl Said {
    /// What helps to find the body: the headline, and the text as others have it.
    pub fn hints(&self, page: &Page) -> Hints {
        let mut body = self.body.clone().unwrap_or_default();
        if let Some(entry) = page.hint {
            body.push('\n');
            body.push_str(&crate::plain(if entry.content.is_empty() {
                &entry.summary
            } else {
                &entry.content
            }));
        }
        Hints { title: self.title.clone(), description: self.description.clone().unwrap_or_default(), body }
    }

    pub fn into_extracted(
        self,
        page: &Page,
        body: SafeHtml,
        text: String,
        completeness: Completeness,
    ) -> Extracted {
        let address =
            self.canonical.as_deref().and_then(news::canonical).or_else(|| news::canonical(page.address));
        let mut authors = authors::authors(self.bylines.iter().map(String::as_str));
        for author in &mut authors {
            if self.outlet.as_ref().is_some_and(|it| it.eq_ignore_ascii_case(&author.name)) {
                author.kind = AuthorKind::Agency;
            }
        }
        Extracted {
            address: address.unwrap_or_else(|| page.address.to_owned()),
            title: self.title,
            standfirst: self.standfirst,
            key_points: self.key_points,
            authors,
            outlet: self.outlet,
            labels: self.labels,
            published: self.published,
            updated: self.updated,
            language: self.language,
            links: crate::feed::links(body.as_str()),
            body,
            text,
            completeness,
            free: self.free,
            picture: self.picture,
            media: self.media,
            alternates: self.alternates,
        }
    }
}
