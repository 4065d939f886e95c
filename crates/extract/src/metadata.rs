//! What a page says of itself, in order of trust: JSON-LD, microdata, Open Graph, meta, the page's own text.

use html5ever::local_name;
use news::{Completeness, Extracted, Language, Media, Picture, SafeHtml, Timestamp};

use crate::Page;
use crate::dom::Dom;
use crate::{authors, date};

/// Everything found, before it is put together with the body.
#[derive(Default)]
pub struct Said {
    pub title: String,
    pub standfirst: Option<String>,
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
}

pub fn read(dom: &Dom, page: &Page) -> Said {
    let mut said = Said::default();
    let metas: Vec<(String, String)> = dom
        .all(&local_name!("meta"))
        .filter_map(|it| {
            let name = dom.attr(it, "property").or(dom.attr(it, "name")).or(dom.attr(it, "itemprop"))?;
            let content = dom.attr(it, "content")?.trim();
            (!content.is_empty()).then(|| (name.to_ascii_lowercase(), content.to_owned()))
        })
        .collect();
    let meta = |name: &str| metas.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
    let h1 = dom.all(&local_name!("h1")).map(|it| dom.text(it)).find(|it| !it.is_empty());
    said.title = meta("og:title")
        .or(h1)
        .or_else(|| dom.all(&local_name!("title")).next().map(|it| dom.text(it)))
        .unwrap_or_default();
    said.standfirst = meta("og:description").or(meta("description"));
    said.outlet = meta("og:site_name");
    said.published = meta("article:published_time").and_then(|it| date::moment(&it));
    said.updated = meta("article:modified_time").and_then(|it| date::moment(&it));
    said.bylines.extend(meta("author"));
    said.picture = meta("og:image").map(|url| Picture { url, ..Picture::default() });
    let _ = page;
    said
}

impl Said {
    /// What helps to find the body: the headline, and the text as others have it.
    pub fn hints(&self, page: &Page) -> crate::readable::features::Hints {
        let mut body = self.body.clone().unwrap_or_default();
        if let Some(entry) = page.hint {
            body.push('\n');
            body.push_str(&crate::plain(if entry.content.is_empty() { &entry.summary } else { &entry.content }));
        }
        crate::readable::features::Hints {
            title: self.title.clone(),
            description: self.standfirst.clone().unwrap_or_default(),
            body,
        }
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
        Extracted {
            address: address.unwrap_or_else(|| page.address.to_owned()),
            title: self.title,
            standfirst: self.standfirst,
            key_points: self.key_points,
            authors: authors::authors(self.bylines.iter().map(String::as_str)),
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
