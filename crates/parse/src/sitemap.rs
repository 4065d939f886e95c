//! News sitemaps, and indexes of sitemaps.

use news::{Published, Timestamp, Trouble};

use crate::{
    MOST_ENTRIES, Parsed, date,
    feed::{joined, language},
    text,
    xml::{Tag, Token, Tokens},
};

/// One `<url>` or `<sitemap>` while it is read.
#[derive(Default)]
struct Place {
    loc: String,
    lastmod: String,
    title: String,
    publication: String,
    date: String,
    language: String,
    keywords: String,
    image: String,
    is_news: bool,
}

pub fn read(root: Tag, tokens: Tokens, address: &str, now: Timestamp) -> Option<Parsed> {
    let is_index = root.name.to_ascii_lowercase().ends_with("sitemapindex");
    let mut places = places(tokens);
    let cut_off = places.1;
    let is_news = !is_index && places.0.iter().any(|place| place.is_news);
    let mut parsed = Parsed {
        format: if is_index {
            "sitemap index"
        } else if is_news {
            "news sitemap"
        } else {
            "sitemap"
        },
        title: news::host_of(address),
        ..Parsed::default()
    };
    if is_index {
        // Those that changed last, and those that are for news, are worth reading first.
        places.0.sort_by_key(|place| {
            (!place.loc.contains("news"), std::cmp::Reverse(date::read(&place.lastmod, now)))
        });
        parsed.read_on = places.0.iter().filter_map(|place| joined(&place.loc, Some(address))).collect();
    } else {
        parsed.title =
            places.0.iter().map(|it| it.publication.clone()).find(|it| !it.is_empty()).or(parsed.title);
        parsed.language = places.0.iter().find_map(|place| language(&place.language));
        parsed.entries = places.0.into_iter().filter_map(|place| place.entry(address, now)).collect();
    }
    if cut_off {
        parsed.troubles.push(Trouble::new(
            "truncated",
            "The document stops in the middle; its whole entries were read.",
        ));
    }
    Some(parsed)
}

fn places(mut tokens: Tokens) -> (Vec<Place>, bool) {
    let mut found = Vec::new();
    let mut place: Option<Place> = None;
    let mut path = String::new();
    let mut in_image = false;
    for token in tokens.by_ref() {
        match token {
            Token::Start(tag) => {
                let local = local(tag.name);
                match local.as_str() {
                    "url" | "sitemap" => place = Some(Place::default()),
                    "image" => in_image = true,
                    "news" => {
                        if let Some(place) = &mut place {
                            place.is_news = true;
                        }
                    }
                    _ => {}
                }
                path = if tag.empty { String::new() } else { local };
            }
            Token::End(name) => {
                path.clear();
                match local(name).as_str() {
                    "url" | "sitemap" => found.extend(place.take()),
                    "image" => in_image = false,
                    _ => {}
                }
                if MOST_ENTRIES <= found.len() {
                    break;
                }
            }
            Token::Text(piece) | Token::CData(piece) => {
                if let Some(field) = place.as_mut().and_then(|place| place.field(&path, in_image)) {
                    field.push_str(piece);
                }
            }
            Token::Reference(name) => {
                if let Some(field) = place.as_mut().and_then(|place| place.field(&path, in_image)) {
                    crate::feed::resolve(name, None, field);
                }
            }
            Token::DocType(_) => {}
        }
    }
    let cut_off = tokens.cut_off || place.is_some();
    (found, cut_off)
}

fn local(name: &str) -> String {
    name.rsplit_once(':').map_or(name, |(_, local)| local).to_ascii_lowercase()
}

impl Place {
    fn field(&mut self, name: &str, in_image: bool) -> Option<&mut String> {
        let field = match (name, in_image) {
            ("loc", false) => &mut self.loc,
            ("loc", true) => &mut self.image,
            ("lastmod", _) => &mut self.lastmod,
            ("title", false) => &mut self.title,
            ("name", _) => &mut self.publication,
            ("publication_date", _) => &mut self.date,
            ("language", _) => &mut self.language,
            ("keywords", _) => &mut self.keywords,
            _ => return None,
        };
        (field.len() < 8_192).then_some(field)
    }

    fn entry(self, address: &str, now: Timestamp) -> Option<Published> {
        let url = joined(&self.loc, Some(address))?;
        let updated = date::read(&self.lastmod, now);
        let keywords = self.keywords.split(',').map(text::plain).filter(|it| !it.is_empty()).take(64);
        Some(Published {
            guid: String::new(),
            title: text::plain(&self.title),
            categories: keywords.collect(),
            at: date::read(&self.date, now).or(updated),
            updated,
            language: language(&self.language),
            image: joined(&self.image, Some(address)),
            url: Some(url),
            ..Published::default()
        })
    }
}
