//! What is gathered of a feed and of one entry; and what is made of it in the end.

use std::time::Duration;

use news::{Enclosure, Language, Pace, Published, Timestamp};

use super::{
    Role, address,
    element::Element,
    value::{Capture, Link},
};
use crate::{LONGEST_ADDRESS, Parsed, date, names, text, xml::Tag};

/// A value, and how much weight it has: a stronger one replaces it.
#[derive(Clone, Debug)]
struct Ranked<T> {
    rank: u8,
    value: Option<T>,
}

impl<T> Default for Ranked<T> {
    fn default() -> Self {
        Ranked { rank: 0, value: None }
    }
}

impl<T> Ranked<T> {
    /// As `offer`, but of equals the last counts: a date that is given twice was corrected.
    fn correct(&mut self, rank: u8, value: Option<T>) {
        if value.is_some() && (self.value.is_none() || self.rank <= rank) {
            *self = Ranked { rank, value };
        }
    }

    fn offer(&mut self, rank: u8, value: Option<T>) {
        if value.is_some() && (self.value.is_none() || self.rank < rank) {
            *self = Ranked { rank, value };
        }
    }
}

/// Text that is worth keeping.
fn some(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// A code that can be one of a language: `en-GB` is `en`.
pub fn language(code: &str) -> Option<Language> {
    let first = code.trim().split(['-', '_', ',', ';', ' ']).next().unwrap_or("").to_ascii_lowercase();
    let fits =
        matches!(first.len(), 2 | 3) && first.bytes().all(|b| b.is_ascii_lowercase()) && first != "und";
    fits.then_some(Language(first))
}

// -------------------------------------------------------------------------------------------------------- a person

#[derive(Debug, Default)]
pub struct Person {
    name: String,
    email: String,
    text: String,
}

impl Person {
    pub fn add_text(&mut self, text: &str) {
        if self.text.len() < 1_024 {
            self.text.push_str(text);
        }
    }

    pub fn put(&mut self, capture: &Capture) {
        match capture.element {
            Element::Name | Element::Title if self.name.is_empty() => self.name = text::plain(&capture.text),
            Element::Email if self.email.is_empty() => self.email = text::plain(&capture.text),
            _ => {}
        }
    }

    pub fn names(self) -> Vec<String> {
        let best = [&self.name, &self.text, &self.email].into_iter().find(|it| !it.trim().is_empty());
        best.map(|it| names::read(it)).unwrap_or_default()
    }
}

// -------------------------------------------------------------------------------------------------------- the feed

/// What a feed says of itself.
#[derive(Debug, Default)]
pub struct About {
    title: Ranked<String>,
    site: Ranked<String>,
    pub language: Option<Language>,
    pub authors: Vec<String>,
    hub: Option<String>,
    self_address: Option<String>,
    next: Option<String>,
    pace: Pace,
    period: Option<Duration>,
    frequency: Option<u32>,
}

impl About {
    /// CDF has the channel's page in an attribute.
    pub fn cdf_channel(&mut self, tag: &Tag, address: &str) -> Role {
        if let Some(page) =
            tag.attribute("href").and_then(|it| address::joined(&text::unescape(it), Some(address)))
        {
            self.site.offer(3, Some(page));
        }
        Role::Feed
    }

    pub fn put(&mut self, capture: &Capture, base: &str) {
        let plain = || text::plain(&capture.text);
        match capture.element {
            Element::Title => self.title.offer(capture.rank, some(capture.plain())),
            Element::Link => self.site.offer(capture.rank, address::joined(&capture.text, Some(base))),
            Element::Language => self.language = language(&capture.text).or(self.language.take()),
            Element::Ttl => {
                let minutes: Option<u64> = plain().parse().ok();
                self.pace.ttl =
                    minutes.filter(|it| (1..=43_200).contains(it)).map(|it| Duration::from_secs(60 * it));
            }
            Element::Hour => {
                let hour: Option<u8> = plain().parse().ok();
                // Some count from one.
                self.pace
                    .skip_hours
                    .extend(hour.filter(|it| *it <= 24 && self.pace.skip_hours.len() < 24).map(|it| it % 24));
            }
            Element::Day => {
                const DAYS: [&str; 7] =
                    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
                let day = plain().to_ascii_lowercase();
                let at = DAYS.iter().position(|it| *it == day).filter(|_| self.pace.skip_days.len() < 7);
                self.pace.skip_days.extend(at.map(|at| at as u8));
            }
            Element::UpdatePeriod => self.period = period(&plain()),
            Element::UpdateFrequency => {
                self.frequency = plain().parse().ok().filter(|it| (1..=10_000).contains(it))
            }
            _ => {}
        }
    }

    pub fn add_link(&mut self, link: Link) {
        match link.rel.as_str() {
            "alternate" => {
                let is_page = link.mime.as_deref().is_none_or(|mime| mime.contains("html"));
                self.site.offer(if is_page { 3 } else { 1 }, link.address);
            }
            "self" => self.self_address = self.self_address.take().or(link.address),
            "hub" => self.hub = self.hub.take().or(link.address),
            "next" => self.next = self.next.take().or(link.address),
            _ => {}
        }
    }

    pub fn parsed(
        self,
        format: &'static str,
        address: &str,
        is_atom: bool,
        mut entries: Vec<Published>,
    ) -> Parsed {
        if is_atom && !self.authors.is_empty() {
            // RFC 4287, 4.2.1: who wrote the feed wrote the entries that do not say.
            for entry in entries.iter_mut().filter(|entry| entry.authors.is_empty()) {
                entry.authors.clone_from(&self.authors);
            }
        }
        let every = self.period.map(|period| period / self.frequency.unwrap_or(1));
        let pace = Pace { update_every: every, ..self.pace };
        Parsed {
            format,
            title: self.title.value,
            site: self.site.value,
            language: self.language,
            entries,
            read_on: self.next.into_iter().filter(|next| next != address).collect(),
            hub: self.hub,
            self_address: self.self_address,
            pace,
            troubles: Vec::new(),
        }
    }
}

fn period(word: &str) -> Option<Duration> {
    let hours = match word.trim().to_ascii_lowercase().as_str() {
        "hourly" => 1,
        "daily" => 24,
        "weekly" => 168,
        "monthly" => 720,
        "yearly" => 8_760,
        _ => return None,
    };
    Some(Duration::from_secs(3_600 * hours))
}

// -------------------------------------------------------------------------------------------------------- an entry

/// An entry while it is read.
#[derive(Debug, Default)]
pub struct Draft {
    title: Ranked<String>,
    summary: Ranked<String>,
    content: Ranked<String>,
    id: Ranked<String>,
    link: Ranked<String>,
    orig_link: Option<String>,
    permalink: Option<String>,
    authors: Ranked<Vec<String>>,
    at: Ranked<Timestamp>,
    updated: Ranked<Timestamp>,
    categories: Vec<String>,
    pub language: Option<String>,
    image: Ranked<String>,
    enclosures: Vec<Enclosure>,
    seconds: Option<u32>,
    comments: Option<String>,
    via: String,
}

const MOST_CATEGORIES: usize = 64;
const MOST_ENCLOSURES: usize = 32;

impl Draft {
    /// `rdf:about`; CDF's `HREF` and `LASTMOD`.
    pub fn note_own_attributes(&mut self, tag: &Tag, base: &str, now: Timestamp) {
        for (name, value) in tag.attributes() {
            let value = text::unescape(value);
            match name.to_ascii_lowercase().as_str() {
                "rdf:about" | "about" => {
                    self.id.offer(1, some(value.trim().to_owned()));
                    self.link.offer(1, address::joined(&value, Some(base)));
                }
                "href" => self.link.offer(2, address::joined(&value, Some(base))),
                "lastmod" => self.updated.offer(1, date::read(&value, now)),
                _ => {}
            }
        }
    }

    pub fn put(
        &mut self,
        capture: &Capture,
        base: Option<&str>,
        own_language: Option<&str>,
        address: &str,
        now: Timestamp,
    ) {
        let rank = capture.rank;
        match capture.element {
            Element::Title => {
                self.title.offer(rank, some(capture.plain()));
                if let Some(language) = own_language {
                    self.language = self.language.take().or_else(|| Some(language.to_owned()));
                }
            }
            Element::Summary => {
                let html = some(self.html(capture, base, address));
                // An entry with `summary` and `description` has its text in one of them.
                if rank == self.summary.rank && html != self.summary.value && rank == 3 {
                    self.content.offer(1, html);
                } else {
                    self.summary.offer(rank, html);
                }
            }
            Element::Content => {
                if let Some(src) = capture.attributes.attribute("src") {
                    // The text is elsewhere: a link to it, where there is no other.
                    self.link.offer(1, address::joined(&text::unescape(src), Some(base.unwrap_or(address))));
                }
                self.content.offer(rank, some(self.html(capture, base, address)));
            }
            Element::Link => {
                self.link.offer(3, address::joined(&capture.text, Some(base.unwrap_or(address))))
            }
            Element::Id => self.put_id(capture, base.unwrap_or(address)),
            Element::OrigLink => {
                self.orig_link = address::joined(&capture.text, None).or(self.orig_link.take())
            }
            Element::Creator => self.add_authors(names::read(&capture.text), rank),
            Element::Published => self.at.correct(rank, date::read(&capture.text, now)),
            Element::Date => self.at.correct(1, date::read(&capture.text, now)),
            Element::Updated => self.updated.correct(rank, date::read(&capture.text, now)),
            Element::Category => self.add_category(capture),
            Element::Keywords => {
                for word in capture.text.split([',', ';']) {
                    self.add_label(&text::plain(word));
                }
            }
            Element::Language => self.language = some(text::plain(&capture.text)).or(self.language.take()),
            Element::Comments => {
                self.comments =
                    address::joined(&capture.text, Some(base.unwrap_or(address))).or(self.comments.take())
            }
            Element::Duration => self.seconds = duration(&capture.text),
            _ => {}
        }
    }

    /// Relative links are relative to the stated base, else to the entry's own page, else to the document.
    fn html(&self, capture: &Capture, base: Option<&str>, address: &str) -> String {
        capture.html(base.or(self.link.value.as_deref()).unwrap_or(address))
    }

    fn put_id(&mut self, capture: &Capture, base: &str) {
        let id = capture.text.trim();
        let says_no = capture
            .attributes
            .attribute("ispermalink")
            .is_some_and(|it| it.trim().eq_ignore_ascii_case("false"));
        if capture.rank == 3 && !says_no && (id.starts_with("http://") || id.starts_with("https://")) {
            self.permalink = self.permalink.take().or_else(|| address::joined(id, Some(base)));
        }
        // Atom's are addresses, and may be relative ones.
        let resolved =
            (id.starts_with('/') && capture.name == "id").then(|| address::joined(id, Some(base))).flatten();
        let mut id = resolved.unwrap_or_else(|| id.to_owned());
        id.truncate(id.floor_char_boundary(LONGEST_ADDRESS));
        self.id.offer(capture.rank, some(id));
    }

    pub fn add_authors(&mut self, names: Vec<String>, rank: u8) {
        if names.is_empty() || self.authors.value.is_some() && rank < self.authors.rank {
            return;
        }
        if self.authors.rank < rank {
            self.authors = Ranked { rank, value: Some(Vec::new()) };
        }
        let authors = self.authors.value.get_or_insert_default();
        for name in names {
            if !authors.contains(&name) && authors.len() < 32 {
                authors.push(name);
            }
        }
    }

    fn add_category(&mut self, capture: &Capture) {
        let attribute = |name| capture.attributes.attribute(name).map(|it| text::plain(&text::unescape(it)));
        let label =
            attribute("label").filter(|it| !it.is_empty()).or_else(|| attribute("term")).unwrap_or_default();
        let label = if label.is_empty() { text::plain(&capture.text) } else { label };
        self.add_label(&label);
    }

    pub fn add_label(&mut self, label: &str) {
        let label = label.trim();
        if !label.is_empty()
            && self.categories.len() < MOST_CATEGORIES
            && !self.categories.iter().any(|it| it == label)
        {
            self.categories.push(label.to_owned());
        }
    }

    pub fn add_link(&mut self, link: Link) {
        let Some(address) = link.address else { return };
        match link.rel.as_str() {
            "alternate" => {
                let is_page = link.mime.as_deref().is_none_or(|mime| mime.contains("html"));
                self.link.offer(if is_page { 3 } else { 2 }, Some(address));
            }
            "enclosure" => self.add_enclosure(Enclosure {
                url: address,
                mime: link.mime,
                bytes: link.bytes.filter(|&it| 0 < it),
                seconds: None,
                title: link.title,
            }),
            "replies" if link.mime.as_deref().is_none_or(|mime| mime.contains("html")) => {
                self.comments = self.comments.take().or(Some(address));
            }
            "image" | "thumbnail" => self.image.offer(1, Some(address)),
            "self" | "related" | "via" => self.link.offer(1, Some(address)),
            _ => {}
        }
    }

    pub fn add_media(&mut self, element: Element, tag: &Tag, base: &str) {
        let value =
            |name: &str| tag.attribute(name).map(text::unescape).filter(|value| !value.trim().is_empty());
        let address = value("url").or_else(|| value("href")).or_else(|| value("src"));
        let Some(url) = address.and_then(|it| address::joined(&it, Some(base))) else { return };
        let mime = value("type").map(|it| it.trim().to_ascii_lowercase());
        let medium = value("medium").unwrap_or_default();
        let is_image = medium == "image" || mime.as_deref().is_some_and(|it| it.starts_with("image"));
        match element {
            Element::MediaThumbnail => self.image.offer(2, Some(url)),
            Element::ItunesImage => self.image.offer(3, Some(url)),
            Element::MediaContent
                if is_image || mime.is_none() && medium.is_empty() && looks_like_image(&url) =>
            {
                self.image.offer(3, Some(url));
            }
            _ => {
                if is_image {
                    self.image.offer(2, Some(url.clone()));
                }
                let bytes =
                    value("length").or_else(|| value("filesize")).and_then(|it| it.trim().parse().ok());
                let seconds = value("duration").and_then(|it| duration(&it));
                let bytes = bytes.filter(|&it| 0 < it);
                self.add_enclosure(Enclosure {
                    url,
                    mime,
                    bytes,
                    seconds,
                    title: value("title").map(|it| text::fold(&it)),
                });
            }
        }
    }

    fn add_enclosure(&mut self, enclosure: Enclosure) {
        let is_room = self.enclosures.len() < MOST_ENCLOSURES;
        match self.enclosures.iter_mut().find(|it| it.url == enclosure.url) {
            Some(known) => {
                known.mime = known.mime.take().or(enclosure.mime);
                known.bytes = known.bytes.or(enclosure.bytes);
                known.seconds = known.seconds.or(enclosure.seconds);
            }
            None if is_room => self.enclosures.push(enclosure),
            None => {}
        }
    }

    pub fn add_image(&mut self, address: &str, base: &str, rank: u8) {
        self.image.offer(rank, address::joined(address, Some(base)));
    }

    pub fn add_source(&mut self, text: &str) {
        if self.via.len() < 512 {
            self.via.push_str(text);
        }
    }

    pub fn put_source(&mut self, capture: &Capture) {
        if self.via.trim().is_empty() {
            self.via = capture.plain();
        }
    }

    /// The entry, if there is anything in it.
    pub fn published(mut self) -> Option<Published> {
        if let (Some(seconds), Some(sound)) = (self.seconds, self.enclosures.first_mut()) {
            sound.seconds = sound.seconds.or(Some(seconds));
        }
        // The link that FeedBurner replaced is the true one.
        let url = self.orig_link.or(self.link.value).or(self.permalink).or_else(|| {
            let id = self.id.value.as_deref()?;
            address::joined(id, None).filter(|_| id.starts_with("http"))
        });
        let at = self.at.value.or(self.updated.value);
        let image = self.image.value.or_else(|| {
            let is_image =
                |it: &&Enclosure| it.mime.as_deref().is_some_and(|mime| mime.starts_with("image/"));
            self.enclosures.iter().find(is_image).map(|it| it.url.clone())
        });
        let published = Published {
            guid: self.id.value.unwrap_or_default(),
            url,
            title: self.title.value.unwrap_or_default(),
            summary: self.summary.value.unwrap_or_default(),
            content: self.content.value.unwrap_or_default(),
            authors: self.authors.value.unwrap_or_default(),
            categories: self.categories,
            at,
            updated: self.updated.value,
            language: self.language.as_deref().and_then(language),
            image,
            enclosures: self.enclosures,
            comments: self.comments,
            via: some(text::plain(&self.via)),
        };
        // An element that says nothing at all is no entry.
        (published != Published::default()).then_some(published)
    }
}

fn looks_like_image(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url).to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp"].iter().any(|end| path.ends_with(end))
}

/// `1:02:03`, `62:03`, `3723`, `3723.5`.
fn duration(text: &str) -> Option<u32> {
    let text = text.trim();
    let mut seconds = 0_u32;
    for part in text.splitn(4, ':') {
        let whole = part.split('.').next().unwrap_or(part).trim();
        seconds = seconds.checked_mul(60)?.checked_add(whole.parse().ok()?)?;
    }
    (0 < seconds).then_some(seconds)
}
