//! What an element means, whatever it is called and wherever its name comes from.

use std::borrow::Cow;

use super::{Role, local};
use crate::xml::Tag;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Element {
    // Containers.
    Feed,
    Entry,
    /// Says nothing itself; its children mean what they would mean outside of it.
    Transparent,
    Author,
    Contributor,
    Source,
    Image,
    // Values in attributes.
    MediaContent,
    MediaThumbnail,
    Enclosure,
    ItunesImage,
    ItunesCategory,
    Link,
    /// The feed's own picture.
    Logo,
    // Values in text.
    Title,
    Id,
    Summary,
    Content,
    Creator,
    Published,
    /// `dc:date`: published, where nothing else says when.
    Date,
    Updated,
    Category,
    Keywords,
    Language,
    Comments,
    OrigLink,
    Duration,
    Name,
    Email,
    Uri,
    Ttl,
    Hour,
    Day,
    UpdatePeriod,
    UpdateFrequency,
    Unknown,
}

impl Element {
    /// Whether its text is a value that is kept of such a thing.
    pub fn is_value_in(self, role: Role) -> bool {
        use Element::*;
        match role {
            Role::Feed => matches!(
                self,
                Title
                    | Summary
                    | Link
                    | Id
                    | Language
                    | Ttl
                    | Hour
                    | Day
                    | UpdatePeriod
                    | UpdateFrequency
                    | Category
                    | Creator
                    | Updated
                    | Published
            ),
            Role::Entry => matches!(
                self,
                Title
                    | Link
                    | Id
                    | Summary
                    | Content
                    | Creator
                    | Published
                    | Date
                    | Updated
                    | Category
                    | Keywords
                    | Language
                    | Comments
                    | OrigLink
                    | Duration
            ),
            Role::Person { .. } => matches!(self, Name | Email | Uri | Title | Link),
            Role::Source => matches!(self, Title),
            Role::Image => matches!(self, Uri),
            Role::Skip => false,
        }
    }

    /// Whether its start shows that the value it stands in has ended: no HTML has such a tag.
    pub fn ends(self, value: Element, tag: &Tag) -> bool {
        use Element::*;
        match self {
            Entry | Published | Updated | Date | Id | Content | Creator | Category | Enclosure | Comments
            | OrigLink => !matches!((self, value), (Id, Id)) && self != value,
            Link => value != Link && !matches!(value, Summary | Content if tag.attribute("href").is_some()),
            Summary => matches!(value, Title | Link) && !local(tag.name).eq_ignore_ascii_case("summary"),
            Title => matches!(value, Link | Id | Published),
            _ => false,
        }
    }
}

/// Where names come from, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    /// RSS, Atom, CDF, no namespace at all, and namespaces that only repeat those.
    Core,
    Rdf,
    Dc,
    Content,
    Media,
    Itunes,
    Xhtml,
    Thr,
    Sy,
    Feedburner,
    Other,
}

/// The namespaces that are in force.
#[derive(Debug, Default)]
pub struct Spaces<'a> {
    known: Vec<(&'a str, Space)>,
}

impl<'a> Spaces<'a> {
    pub fn len(&self) -> usize {
        self.known.len()
    }

    pub fn truncate(&mut self, length: usize) {
        self.known.truncate(length);
    }

    pub fn note(&mut self, tag: &Tag<'a>) {
        // Some thousands of declarations on one element are an attack, not a feed.
        for (name, value) in tag.attributes().filter(|(name, _)| name.starts_with("xmlns")).take(100) {
            let prefix = name[5..].strip_prefix(':').unwrap_or("");
            self.known.push((prefix, by_address(value).unwrap_or_else(|| by_prefix(prefix))));
        }
    }

    /// What the element means, and how much weight its saying so has (3: the format's own word).
    pub fn element(&self, name: &str) -> (Element, u8) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let declared = self.known.iter().rev().find(|(known, _)| *known == prefix).map(|(_, space)| *space);
        let space = declared.unwrap_or_else(|| by_prefix(prefix));
        let local = if local.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(local.to_ascii_lowercase())
        } else {
            Cow::Borrowed(local)
        };
        meaning(space, &local)
    }
}

/// By how the address of a namespace begins or what it contains: feeds spell them in many ways.
fn by_address(address: &str) -> Option<Space> {
    const KNOWN: [(&str, Space); 17] = [
        ("w3.org/2005/atom", Space::Core),
        ("purl.org/atom/", Space::Core),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/rss/1.0/modules/syndication", Space::Sy),
        ("purl.org/rss/1.0/modules/", Space::Other),
        ("purl.org/rss/", Space::Core),
        ("purl.org/net/rss1.1", Space::Core),
        ("my.netscape.com", Space::Core),
        ("backend.userland.com", Space::Core),
        ("blogs.law.harvard.edu/tech/rss", Space::Core),
        ("purl.org/dc/", Space::Dc),
        ("search.yahoo.com/mrss", Space::Media),
        ("itunes.com/dtds/podcast", Space::Itunes),
        ("w3.org/1999/xhtml", Space::Xhtml),
        ("w3.org/1999/02/22-rdf-syntax", Space::Rdf),
        ("purl.org/syndication/thread", Space::Thr),
        ("rssnamespace.org/feedburner", Space::Feedburner),
    ];
    let address = address.to_ascii_lowercase();
    KNOWN.iter().find(|(part, _)| address.contains(part)).map(|(_, space)| *space)
}

fn by_prefix(prefix: &str) -> Space {
    match prefix {
        "" | "atom" | "a10" | "atom10" | "atom03" | "rss" | "rss1" => Space::Core,
        "rdf" => Space::Rdf,
        "dc" | "dcterms" => Space::Dc,
        "content" => Space::Content,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        "xhtml" | "html" => Space::Xhtml,
        "thr" => Space::Thr,
        "sy" => Space::Sy,
        "feedburner" => Space::Feedburner,
        _ => Space::Other,
    }
}

fn meaning(space: Space, local: &str) -> (Element, u8) {
    use Element::*;
    let own = match space {
        Space::Core => core(local),
        Space::Rdf => match local {
            "rdf" => Transparent,
            _ => Unknown,
        },
        Space::Content => match local {
            "encoded" => Content,
            _ => Unknown,
        },
        Space::Xhtml => match local {
            "body" | "div" => Content,
            _ => Unknown,
        },
        Space::Feedburner => match local {
            "origlink" => OrigLink,
            _ => Unknown,
        },
        Space::Sy => match local {
            "updateperiod" => UpdatePeriod,
            "updatefrequency" => UpdateFrequency,
            _ => Unknown,
        },
        Space::Dc => return (dublin_core(local), 2),
        Space::Media => return (media(local), 1),
        Space::Itunes => return (itunes(local), 1),
        Space::Thr | Space::Other => Unknown,
    };
    (own, 3)
}

fn core(local: &str) -> Element {
    use Element::*;
    match local {
        "item" | "entry" => Entry,
        "rss" | "feed" | "channel" => Feed,
        "skiphours" | "skipdays" => Transparent,
        "title" => Title,
        "link" => Link,
        "guid" | "id" => Id,
        "description" | "summary" | "abstract" | "tagline" | "subtitle" => Summary,
        "content" | "body" | "fulltext" | "full-text" | "fullitem" => Content,
        "encoded" => Content,
        "author" | "managingeditor" => Author,
        "contributor" => Contributor,
        "pubdate" | "published" | "issued" | "pubdata" => Published,
        "date" | "created" => Date,
        "updated" | "modified" | "lastbuilddate" => Updated,
        "category" => Category,
        "keywords" | "tags" => Keywords,
        "language" => Language,
        "enclosure" => Enclosure,
        "comments" => Comments,
        "source" => Source,
        "image" => Image,
        "logo" => Logo,
        "name" => Name,
        "email" => Email,
        "uri" | "url" => Uri,
        "ttl" => Ttl,
        "hour" => Hour,
        "day" => Day,
        _ => Unknown,
    }
}

fn dublin_core(local: &str) -> Element {
    use Element::*;
    match local {
        "title" => Title,
        "creator" | "author" => Creator,
        "date" | "created" => Date,
        "issued" | "available" => Published,
        "modified" => Updated,
        "description" | "abstract" => Summary,
        "subject" => Category,
        "language" => Language,
        "identifier" => Id,
        _ => Unknown,
    }
}

fn media(local: &str) -> Element {
    use Element::*;
    match local {
        "group" => Transparent,
        "content" => MediaContent,
        "thumbnail" => MediaThumbnail,
        "title" => Title,
        "description" | "text" => Summary,
        "keywords" => Keywords,
        "category" => Category,
        "credit" => Creator,
        _ => Unknown,
    }
}

fn itunes(local: &str) -> Element {
    use Element::*;
    match local {
        "title" => Title,
        "summary" | "subtitle" => Summary,
        "author" => Creator,
        "image" => ItunesImage,
        "duration" => Duration,
        "keywords" => Keywords,
        "category" => ItunesCategory,
        _ => Unknown,
    }
}

/// What a document that begins with this element calls itself.
pub fn format(root: &Tag) -> &'static str {
    let version = root.attribute("version").unwrap_or("");
    let version = version.trim();
    match local(root.name).to_ascii_lowercase().as_str() {
        "rss" => match version {
            "0.90" => "RSS 0.90",
            "0.91" => "RSS 0.91",
            "0.92" => "RSS 0.92",
            "0.93" => "RSS 0.93",
            "0.94" => "RSS 0.94",
            "1.0" => "RSS 1.0",
            "2.0" | "2" | "2.0.1" | "2.00" | "2.01" | "" => "RSS 2.0",
            _ => "RSS",
        },
        "rdf" => match root.attributes {
            it if it.contains("my.netscape.com") => "RSS 0.90",
            it if it.contains("net/rss1.1") => "RSS 1.1",
            _ => "RSS 1.0",
        },
        "feed" | "entry" if version.starts_with("0.") || root.attributes.contains("purl.org/atom/") => {
            "Atom 0.3"
        }
        "feed" | "entry" => "Atom 1.0",
        "channel" if root.attributes.contains("net/rss1.1") => "RSS 1.1",
        "channel" if root.attribute("href").is_some() || root.attribute("lastmod").is_some() => "CDF",
        "channel" if root.name == "CHANNEL" => "CDF",
        _ => "RSS",
    }
}
