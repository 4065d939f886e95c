//! Feeds as the outlets write them: RSS 2.0, Atom (RFC 4287) and JSON Feed 1.1.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::{
    article::Article,
    dates::{http, rfc3339},
    outlet::Format,
    page::{attribution, body, escape},
    serve::Site,
};

pub fn mime(format: Format) -> &'static str {
    match format {
        Format::Rss => "application/rss+xml; charset=utf-8",
        Format::Atom => "application/atom+xml; charset=utf-8",
        Format::JsonFeed => "application/feed+json; charset=utf-8",
    }
}

pub fn write(site: &Site, edited: bool) -> String {
    match site.outlet.format {
        Format::Rss => rss(site, edited),
        Format::Atom => atom(site, edited),
        Format::JsonFeed => json_feed(site, edited),
    }
}

fn rss(site: &Site, edited: bool) -> String {
    let outlet = site.outlet;
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<rss version=\"2.0\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"",
        " xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:media=\"http://search.yahoo.com/mrss/\">\n<channel>\n",
    ));
    element(&mut out, "title", outlet.name);
    element(&mut out, "link", &site.address("/"));
    element(&mut out, "description", outlet.tagline);
    element(&mut out, "language", outlet.language);
    element(&mut out, "ttl", "15");
    for article in &site.articles {
        out.push_str("<item>\n");
        element(&mut out, "title", headline(article, edited));
        element(&mut out, "link", &site.address_of(article));
        let _ = writeln!(out, "<guid isPermaLink=\"false\">{}:{}</guid>", outlet.host_label, article.slug);
        element(&mut out, "pubDate", &http(article.published));
        article.by.iter().for_each(|by| element(&mut out, "dc:creator", by.name));
        element(&mut out, "category", article.section);
        article.tags.iter().for_each(|tag| element(&mut out, "category", tag));
        element(&mut out, "description", &article.standfirst);
        if let Some(picture) = &article.picture {
            let address = site.address(&format!("/media/{}.png", picture.scene));
            let _ = writeln!(out, "<media:content url=\"{address}\" type=\"image/png\" medium=\"image\"/>");
        }
        if outlet.full_text {
            let _ = writeln!(out, "<content:encoded><![CDATA[{}]]></content:encoded>", body(site, article));
        }
        out.push_str("</item>\n");
    }
    out + "</channel>\n</rss>\n"
}

fn atom(site: &Site, edited: bool) -> String {
    let outlet = site.outlet;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n",
        outlet.language
    );
    element(&mut out, "title", outlet.name);
    element(&mut out, "subtitle", outlet.tagline);
    element(&mut out, "id", &format!("tag:{},2019:feed", outlet.host_label));
    element(&mut out, "updated", &rfc3339(site.newest()));
    let _ = writeln!(out, "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>", site.address("/"));
    let _ = writeln!(out, "<link rel=\"self\" href=\"{}\"/>", site.feed());
    for article in &site.articles {
        out.push_str("<entry>\n");
        element(&mut out, "title", headline(article, edited));
        element(&mut out, "id", &format!("tag:{},2019:{}", outlet.host_label, article.slug));
        let _ = writeln!(
            out,
            "<link rel=\"alternate\" type=\"text/html\" href=\"{}\"/>",
            site.address_of(article)
        );
        element(&mut out, "published", &rfc3339(article.published));
        element(&mut out, "updated", &rfc3339(article.updated.unwrap_or(article.published)));
        for by in &article.by {
            let _ = writeln!(out, "<author><name>{}</name></author>", escape(by.name));
        }
        for term in std::iter::once(&article.section).chain(&article.tags) {
            let _ = writeln!(out, "<category term=\"{}\"/>", escape(term));
        }
        element(&mut out, "summary", &article.standfirst);
        if outlet.full_text {
            let _ = writeln!(out, "<content type=\"html\">{}</content>", escape(&body(site, article)));
        }
        out.push_str("</entry>\n");
    }
    out + "</feed>\n"
}

fn json_feed(site: &Site, edited: bool) -> String {
    let outlet = site.outlet;
    let items: Vec<Value> = site.articles.iter().map(|article| json_item(site, article, edited)).collect();
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "description": outlet.tagline,
        "home_page_url": site.address("/"),
        "feed_url": site.feed(),
        "language": outlet.language,
        "items": items,
    });
    format!("{feed:#}\n")
}

fn json_item(site: &Site, article: &Article, edited: bool) -> Value {
    let mut item = json!({
        "id": format!("{}/{}", site.outlet.host_label, article.slug),
        "url": site.address_of(article),
        "title": headline(article, edited),
        "summary": article.standfirst,
        "date_published": rfc3339(article.published),
        "authors": article.by.iter().map(|by| json!({ "name": by.name })).collect::<Vec<_>>(),
        "tags": std::iter::once(&article.section).chain(&article.tags).collect::<Vec<_>>(),
    });
    if site.outlet.full_text {
        item["content_html"] = body(site, article).into();
    } else {
        item["content_text"] = format!("{} {}", article.standfirst, attribution(article)).into();
    }
    if let Some(updated) = article.updated {
        item["date_modified"] = rfc3339(updated).into();
    }
    if let Some(picture) = &article.picture {
        item["image"] = site.address(&format!("/media/{}.png", picture.scene)).into();
    }
    item
}

/// The headline as it stands: an edited one shows its first form until the outlet has thought again.
pub fn headline(article: &Article, edited: bool) -> &str {
    article.first_title.as_deref().filter(|_| !edited).unwrap_or(&article.title)
}

fn element(out: &mut String, name: &str, text: &str) {
    let _ = writeln!(out, "<{name}>{}</{name}>", escape(text));
}
