//! OPML: lists of sources in folders, in and out.

use news::Trouble;

use crate::{
    charset,
    feed::joined,
    text,
    xml::{Token, Tokens},
};

/// Folders inside folders are joined with this.
const FOLDERS: &str = " / ";
const MOST_OUTLINES: usize = 20_000;

/// One source of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    pub address: String,
    pub title: Option<String>,
    pub site: Option<String>,
    /// The folder that it is in; folders inside folders as "news / local".
    pub folder: Option<String>,
}

/// The sources of a list, each address once, in their order.
pub fn read(bytes: &[u8]) -> Result<Vec<Outline>, Trouble> {
    let mut troubles = Vec::new();
    let text = charset::decode(&bytes[..bytes.len().min(crate::MOST_BYTES)], None, &mut troubles);
    let mut outlines = Vec::new();
    let mut seen = std::collections::HashSet::new();
    // One for each open outline: the folder's name, or nothing for a source.
    let mut open: Vec<Option<String>> = Vec::new();
    let mut is_opml = false;
    for token in Tokens::of(&text) {
        match token {
            Token::Start(tag) if tag.name.eq_ignore_ascii_case("opml") => is_opml = true,
            Token::Start(tag) if tag.name.eq_ignore_ascii_case("outline") => {
                let whole = |name| tag.attribute(name).map(text::unescape).filter(|it| !it.trim().is_empty());
                // As long as a title may be: not for addresses.
                let value = |name| whole(name).map(|it| text::fold(&it)).filter(|it| !it.is_empty());
                let title = value("title").or_else(|| value("text"));
                let is_link = value("type")
                    .is_some_and(|it| it.eq_ignore_ascii_case("link") || it.eq_ignore_ascii_case("include"));
                let address = whole("xmlurl").or_else(|| whole("url").filter(|_| !is_link));
                let source = address.and_then(|it| joined(&web_scheme(&it), None));
                let folder = if source.is_none() { title.clone() } else { None };
                if let Some(address) = source
                    && outlines.len() < MOST_OUTLINES
                    && seen.insert(address.clone())
                {
                    let folders: Vec<&str> = open.iter().flatten().map(String::as_str).collect();
                    let folder = (!folders.is_empty())
                        .then(|| folders.join(FOLDERS))
                        .or_else(|| category(value("category")));
                    let site = whole("htmlurl").and_then(|it| joined(&it, None));
                    outlines.push(Outline { address, title, site, folder });
                }
                if !tag.empty && open.len() < 64 {
                    open.push(folder);
                }
            }
            Token::End(name) if name.eq_ignore_ascii_case("outline") => {
                open.pop();
            }
            _ => {}
        }
    }
    if outlines.is_empty() && !is_opml {
        return Err(Trouble::new(
            "not_opml",
            "This is no OPML file: it has no outlines. Export your list of feeds as OPML and try again.",
        ));
    }
    Ok(outlines)
}

/// Some programs write `feed://example.org/rss` for an address that is fetched by http.
fn web_scheme(address: &str) -> String {
    let address = address.trim();
    match address.strip_prefix("feed://") {
        Some(rest) => format!("http://{rest}"),
        None => address.strip_prefix("feed:").unwrap_or(address).to_owned(),
    }
}

/// `/news/local,/world`: the first one.
fn category(categories: Option<String>) -> Option<String> {
    let categories = categories?;
    let first = categories.split(',').next()?.trim_matches('/').trim();
    (!first.is_empty()).then(|| first.split('/').collect::<Vec<_>>().join(FOLDERS))
}

/// The list as OPML 2.0, folder by folder.
pub fn write(title: &str, outlines: &[Outline]) -> String {
    let mut opml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n    <title>",
    );
    opml.push_str(&attribute(title));
    opml.push_str("</title>\n  </head>\n  <body>\n");
    let mut folders: Vec<&str> = Vec::new();
    for outline in outlines {
        let folder = outline.folder.as_deref().unwrap_or("");
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    for folder in folders {
        let levels: Vec<&str> = folder.split(FOLDERS).filter(|it| !it.is_empty()).collect();
        for (level, name) in levels.iter().enumerate() {
            let name = attribute(name);
            opml.push_str(&format!("{}<outline text=\"{name}\" title=\"{name}\">\n", indent(level)));
        }
        for outline in outlines.iter().filter(|it| it.folder.as_deref().unwrap_or("") == folder) {
            opml.push_str(&line(outline, levels.len()));
        }
        for level in (0..levels.len()).rev() {
            opml.push_str(&format!("{}</outline>\n", indent(level)));
        }
    }
    opml.push_str("  </body>\n</opml>\n");
    opml
}

fn indent(level: usize) -> String {
    "  ".repeat(level + 2)
}

fn line(outline: &Outline, level: usize) -> String {
    let title = attribute(outline.title.as_deref().unwrap_or(&outline.address));
    let address = attribute(&outline.address);
    let mut line = format!(
        "{}<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{address}\"",
        indent(level)
    );
    if let Some(site) = &outline.site {
        line.push_str(&format!(" htmlUrl=\"{}\"", attribute(site)));
    }
    line.push_str("/>\n");
    line
}

fn attribute(text: &str) -> String {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    text::escape(&clean)
}
