//! Pages as outlets make them: the text, and everything that stands around and within it.

mod furniture;

use std::fmt::Write;

use serde_json::json;

use crate::{
    article::{Article, Block},
    dates::{rfc3339, spoken},
    feed::headline,
    outlet::{Layout, Outlet},
    serve::Site,
};
use furniture::{Furniture, furniture};

/// The page of one article.
pub fn article(site: &Site, article: &Article, edited: bool) -> String {
    let (outlet, around) = (site.outlet, furniture(site.outlet));
    let title = headline(article, edited);
    let head = head(site, article, title);
    let inner = match outlet.layout {
        Layout::Semantic => semantic(site, article, title),
        Layout::DivSoup => div_soup(site, article, title),
        Layout::Nineties => return nineties(site, article, title),
        Layout::Microdata => microdata(site, article, title),
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n{head}</head>\n<body>\n\
         <div id=\"cookie-consent\" class=\"banner\" role=\"dialog\"><p>{}</p><button>{}</button></div>\n{}\n{inner}\n{}\n</body>\n</html>\n",
        outlet.language,
        around.cookies,
        around.agree,
        masthead(site),
        footer(outlet),
    )
}

/// The first page, which says where the feed is.
pub fn front(site: &Site, edited: bool) -> String {
    let outlet = site.outlet;
    let mime = crate::feed::mime(outlet.format).split(';').next().unwrap_or_default();
    let mut list = String::new();
    for article in &site.articles {
        let _ = writeln!(
            list,
            "<li><h2><a href=\"{}\">{}</a></h2><p>{}</p></li>",
            outlet.path_of(article.slug),
            escape(headline(article, edited)),
            escape(&article.standfirst)
        );
    }
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name}</title>\n\
         <link rel=\"alternate\" type=\"{mime}\" title=\"{name}\" href=\"{}\">\n{}</head>\n<body>\n{}\n\
         <main><ul class=\"front\">\n{list}</ul></main>\n{}\n</body>\n</html>\n",
        outlet.language,
        outlet.feed_path,
        style(outlet),
        masthead(site),
        footer(outlet),
        name = escape(outlet.name),
    )
}

/// A page of a list that has no feed anywhere: what a reader pastes and must be told about.
pub fn whats_on(site: &Site) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>What's on: {name}</title></head>\n<body>\n\
         <h1>What's on in the valley</h1>\n<ul>\n<li>Saturday: jumble sale, Upper Lorne chapel, 10am, bring a bag</li>\n\
         <li>Sunday: the Fell Runners' pie supper, The Drover's Rest</li>\n\
         <li>Wednesday: evening class in dry-stone walling (full)</li>\n</ul>\n</body>\n</html>\n",
        name = escape(site.outlet.name)
    )
}

/// The text as the outlet's own editors would put it into a feed: no boilerplate.
pub fn body(site: &Site, article: &Article) -> String {
    let mut out = figure(site, article);
    out.push_str(&key_points(article, furniture(site.outlet)));
    for block in &article.body {
        write_block(&mut out, site, block);
    }
    out.push_str(&attribution(article));
    out
}

/// An agency's text says whose it is.
pub fn attribution(article: &Article) -> String {
    let agencies = article.by.iter().filter(|by| by.is_agency);
    agencies.map(|by| format!("<p><em>{}</em></p>\n", escape(by.name))).collect()
}

/// Text with the addresses of its links taken out.
pub fn plain(text: &str) -> String {
    pieces(text).map(|(words, _)| words).collect()
}

pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

fn head(site: &Site, article: &Article, title: &str) -> String {
    let outlet = site.outlet;
    let address = site.address_of(article);
    let mut out = format!(
        "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{} | {}</title>\n<link rel=\"canonical\" href=\"{address}\">\n{}",
        escape(title),
        escape(outlet.name),
        style(outlet)
    );
    if outlet.layout != Layout::Microdata {
        let properties = [
            ("og:type", "article"),
            ("og:title", title),
            ("og:description", &article.standfirst),
            ("og:site_name", outlet.name),
            ("og:url", &address),
            ("article:published_time", &rfc3339(article.published)),
            ("article:section", article.section),
        ];
        for (property, content) in properties {
            let _ = writeln!(out, "<meta property=\"{property}\" content=\"{}\">", escape(content));
        }
        if let Some(picture) = &article.picture {
            let address = site.address(&format!("/media/{}.png", picture.scene));
            let _ = writeln!(out, "<meta property=\"og:image\" content=\"{address}\">");
        }
    }
    if outlet.layout == Layout::Semantic {
        let _ =
            writeln!(out, "<script type=\"application/ld+json\">{}</script>", json_ld(site, article, title));
    }
    out
}

fn json_ld(site: &Site, article: &Article, title: &str) -> String {
    let authors = article
        .by
        .iter()
        .map(|by| json!({ "@type": if by.is_agency { "Organization" } else { "Person" }, "name": by.name }));
    let said = json!({
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "description": article.standfirst,
        "datePublished": rfc3339(article.published),
        "dateModified": rfc3339(article.updated.unwrap_or(article.published)),
        "author": authors.collect::<Vec<_>>(),
        "articleSection": article.section,
        "keywords": article.tags,
        "inLanguage": site.outlet.language,
        "isAccessibleForFree": true,
        "mainEntityOfPage": site.address_of(article),
        "publisher": { "@type": "Organization", "name": site.outlet.name },
    });
    said.to_string().replace('<', "\\u003c")
}

fn semantic(site: &Site, article: &Article, title: &str) -> String {
    let around = furniture(site.outlet);
    format!(
        "<main>\n<article class=\"story\">\n<header>\n<p class=\"kicker\">{}</p>\n<h1>{}</h1>\n\
         <p class=\"standfirst\">{}</p>\n<p class=\"byline\">{}</p>\n<time datetime=\"{}\">{}</time>\n</header>\n{}\
         <div class=\"article-body\">\n{}</div>\n{}</article>\n<aside class=\"sidebar\">{}</aside>\n</main>",
        escape(article.section),
        escape(title),
        escape(&article.standfirst),
        escape(&byline(article, around)),
        rfc3339(article.published),
        spoken(article.published, site.outlet.language),
        figure(site, article),
        furnished(site, article),
        tail(around),
        most_read(site, article),
    )
}

fn div_soup(site: &Site, article: &Article, title: &str) -> String {
    let around = furniture(site.outlet);
    format!(
        "<div class=\"wrap\"><div class=\"col-8\"><div class=\"c-hd\"><div class=\"tag\">{}</div>\n<h1 class=\"t1\">{}</h1></div>\n\
         <div class=\"lead\">{}</div>\n<div class=\"meta\"><span class=\"who\">{}</span> <span class=\"when\">{}</span></div>\n\
         <div class=\"media\">{}</div>\n<div class=\"txt\"><div class=\"inner\">\n{}</div></div>\n{}</div>\n\
         <div class=\"col-4\"><div class=\"box\">{}</div></div></div>",
        escape(article.section),
        escape(title),
        escape(&article.standfirst),
        escape(&byline(article, around)),
        spoken(article.published, site.outlet.language),
        figure(site, article),
        furnished(site, article),
        tail(around),
        most_read(site, article),
    )
}

fn microdata(site: &Site, article: &Article, title: &str) -> String {
    let around = furniture(site.outlet);
    let mut people = String::new();
    for by in &article.by {
        let kind = if by.is_agency { "Organization" } else { "Person" };
        let _ = write!(
            people,
            "<span itemprop=\"author\" itemscope itemtype=\"https://schema.org/{kind}\"><span itemprop=\"name\">{}</span></span> ",
            escape(by.name)
        );
    }
    format!(
        "<div class=\"page\" itemscope itemtype=\"https://schema.org/NewsArticle\">\n\
         <span itemprop=\"articleSection\">{}</span>\n<h1 itemprop=\"headline\">{}</h1>\n\
         <p class=\"deck\" itemprop=\"description\">{}</p>\n<p class=\"byline\">{} {people}\
         <time itemprop=\"datePublished\" datetime=\"{}\">{}</time></p>\n{}\
         <section itemprop=\"articleBody\">\n{}</section>\n{}<div class=\"rail\">{}</div>\n</div>",
        escape(article.section),
        escape(title),
        escape(&article.standfirst),
        around.by,
        rfc3339(article.published),
        spoken(article.published, site.outlet.language),
        figure(site, article),
        furnished(site, article),
        tail(around),
        most_read(site, article),
    )
}

/// Tables within tables, capitals in the tags, and nothing that says what is what.
fn nineties(site: &Site, article: &Article, title: &str) -> String {
    let (outlet, around) = (site.outlet, furniture(site.outlet));
    let links =
        around.sections.split(' ').map(|word| format!("<A HREF=\"/\">{word}</A><BR>\n")).collect::<String>();
    format!(
        "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<HTML>\n<HEAD>\n\
         <META HTTP-EQUIV=\"Content-Type\" CONTENT=\"text/html; charset=utf-8\">\n\
         <META NAME=\"author\" CONTENT=\"{}\">\n<TITLE>{} - {}</TITLE>\n\
         <LINK REL=\"canonical\" HREF=\"{}\">\n</HEAD>\n\
         <BODY BGCOLOR=\"#fffff4\" LINK=\"{}\">\n<TABLE WIDTH=\"760\" BORDER=\"0\" CELLPADDING=\"6\"><TR><TD COLSPAN=\"2\">\n\
         <FONT SIZE=\"6\"><B>{}</B></FONT><BR><FONT SIZE=\"2\">{}</FONT><HR></TD></TR>\n\
         <TR><TD WIDTH=\"140\" VALIGN=\"top\" BGCOLOR=\"#e9ead8\">\n{links}<HR><FONT SIZE=\"1\">{}</FONT></TD>\n\
         <TD VALIGN=\"top\">\n<FONT SIZE=\"5\"><B>{}</B></FONT><BR>\n<FONT SIZE=\"2\">{}, {}</FONT>\n\
         <P><B>{}</B></P>\n{}{}{}</TD></TR>\n\
         <TR><TD COLSPAN=\"2\" ALIGN=\"center\"><HR><FONT SIZE=\"1\">&copy; {}. {}</FONT></TD></TR></TABLE>\n</BODY>\n</HTML>\n",
        escape(&article.by.iter().map(|by| by.name).collect::<Vec<_>>().join(", ")),
        escape(title),
        escape(outlet.name),
        site.address_of(article),
        outlet.colour,
        escape(outlet.name),
        escape(outlet.tagline),
        around.newsletter,
        escape(title),
        escape(&byline(article, around)),
        spoken(article.published, outlet.language),
        escape(&article.standfirst),
        figure(site, article),
        furnished(site, article),
        tail(around),
        escape(outlet.name),
        around.rights,
    )
}

/// The text with what outlets put between its paragraphs: a link elsewhere, an advert, a form.
fn furnished(site: &Site, article: &Article) -> String {
    let around = furniture(site.outlet);
    let mut out = key_points(article, around);
    for (at, block) in article.body.iter().enumerate() {
        write_block(&mut out, site, block);
        match at {
            1 => out.push_str(&related(site, article, around)),
            3 => {
                let _ = writeln!(
                    out,
                    "<div class=\"ad ad-slot\"><span>{}</span><a href=\"/click?campaign=7\">Brightwater Windows: 30% off</a></div>",
                    around.advertisement
                );
            }
            _ => {}
        }
    }
    out + &attribution(article)
}

fn write_block(out: &mut String, site: &Site, block: &Block) {
    let _ = match block {
        Block::Paragraph(text) => writeln!(out, "<p>{}</p>", inline(site, text)),
        Block::Heading(text) => writeln!(out, "<h2>{}</h2>", inline(site, text)),
        Block::Quote(text) => writeln!(out, "<blockquote><p>{}</p></blockquote>", inline(site, text)),
        Block::List(lines) => {
            let lines =
                lines.iter().map(|line| format!("<li>{}</li>\n", inline(site, line))).collect::<String>();
            writeln!(out, "<ul>\n{lines}</ul>")
        }
        Block::Table(rows) => writeln!(out, "<table class=\"data\">\n{}</table>", table_rows(site, rows)),
    };
}

fn table_rows(site: &Site, rows: &[Vec<String>]) -> String {
    let mut out = String::new();
    for (at, row) in rows.iter().enumerate() {
        let tag = if at == 0 { "th" } else { "td" };
        let cells =
            row.iter().map(|cell| format!("<{tag}>{}</{tag}>", inline(site, cell))).collect::<String>();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    out
}

fn inline(site: &Site, text: &str) -> String {
    let mut out = String::new();
    for (words, slug) in pieces(text) {
        match slug.and_then(|slug| site.elsewhere.get(slug)) {
            Some(address) => {
                let _ = write!(out, "<a href=\"{address}\">{}</a>", escape(words));
            }
            None => out.push_str(&escape(words)),
        }
    }
    out
}

/// The text in pieces, each with the slug that it links to.
fn pieces(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let mut rest = text;
    let mut link = None;
    std::iter::from_fn(move || {
        if let Some(link) = link.take() {
            return Some(link);
        }
        if rest.is_empty() {
            return None;
        }
        let found = rest.split_once('[').and_then(|(before, after)| {
            let (words, after) = after.split_once("](")?;
            let (slug, after) = after.split_once(')')?;
            Some((before, words, slug, after))
        });
        let Some((before, words, slug, after)) = found else {
            return Some((std::mem::take(&mut rest), None));
        };
        link = Some((words, Some(slug)));
        rest = after;
        Some((before, None))
    })
}

fn figure(site: &Site, article: &Article) -> String {
    let Some(picture) = &article.picture else { return String::new() };
    format!(
        "<figure><img src=\"{}\" alt=\"\" width=\"{}\" height=\"{}\"><figcaption>{} <span class=\"credit\">{}</span></figcaption></figure>\n",
        site.address(&format!("/media/{}.png", picture.scene)),
        crate::picture::WIDTH,
        crate::picture::HEIGHT,
        escape(&picture.caption),
        escape(picture.credit)
    )
}

fn key_points(article: &Article, around: &Furniture) -> String {
    if article.key_points.is_empty() {
        return String::new();
    }
    let points =
        article.key_points.iter().map(|point| format!("<li>{}</li>\n", escape(point))).collect::<String>();
    format!("<div class=\"key-points\"><h3>{}</h3><ul>\n{points}</ul></div>\n", around.key_points)
}

fn byline(article: &Article, around: &Furniture) -> String {
    let names = article.by.iter().map(|by| by.name).collect::<Vec<_>>().join(", ");
    format!("{} {names}", around.by)
}

/// Another article of the same outlet; not of the same happening, or there would be nothing to it.
fn related(site: &Site, article: &Article, around: &Furniture) -> String {
    let others = site.articles.iter().filter(|other| other.happening != article.happening);
    others
        .take(1)
        .map(|other| {
            format!(
                "<div class=\"related\"><strong>{}</strong> <a href=\"{}\">{}</a></div>\n",
                around.related,
                site.outlet.path_of(other.slug),
                escape(&other.title)
            )
        })
        .collect()
}

fn most_read(site: &Site, article: &Article) -> String {
    let others = site.articles.iter().rev().filter(|other| other.slug != article.slug).take(4);
    let links = others.map(|other| {
        format!("<li><a href=\"{}\">{}</a></li>\n", site.outlet.path_of(other.slug), escape(&other.title))
    });
    format!("<ol>\n{}</ol>", links.collect::<String>())
}

fn tail(around: &Furniture) -> String {
    format!(
        "<div class=\"share-bar\">{}</div>\n<div class=\"newsletter-signup\"><p>{}</p><form><input type=\"email\"></form></div>\n\
         <div id=\"comments\" class=\"comments\"><h3>{}</h3><p>{}</p></div>\n",
        around.share, around.newsletter, around.comments, around.comment
    )
}

fn masthead(site: &Site) -> String {
    let outlet = site.outlet;
    let links =
        furniture(outlet).sections.split(' ').map(|word| format!("<li><a href=\"/\">{word}</a></li>"));
    format!(
        "<header class=\"masthead\"><a href=\"/\">{}</a><p>{}</p><nav><ul>{}</ul></nav></header>",
        escape(outlet.name),
        escape(outlet.tagline),
        links.collect::<String>()
    )
}

fn footer(outlet: &Outlet) -> String {
    format!("<footer><p>&copy; {}. {}</p></footer>", escape(outlet.name), furniture(outlet).rights)
}

fn style(outlet: &Outlet) -> String {
    format!(
        "<style>body{{font:17px/1.55 Georgia,serif;max-width:46rem;margin:0 auto;padding:1rem}}\
         .masthead a,h1{{color:{}}}nav ul{{display:flex;gap:.8rem;list-style:none;padding:0;flex-wrap:wrap}}\
         .ad,.related,.newsletter-signup,.share-bar,.comments,.banner,footer{{font:14px sans-serif;color:#666}}\
         .ad{{border:1px dashed #bbb;padding:1rem;margin:1rem 0}}figure{{margin:1rem 0}}img{{max-width:100%;height:auto}}</style>\n",
        outlet.colour
    )
}
