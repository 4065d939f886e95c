//! RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, and documents that are a bit of each: one walk over the tokens with
//! an explicit stack. Elements are known by what they mean, wherever they come from (see `element`).

mod address;
mod element;
mod entry;
mod value;

use news::{Published, Timestamp, Trouble};

use crate::{
    MOST_DEPTH, MOST_ENTRIES, Parsed, sitemap,
    xml::{Tag, Token, Tokens},
};
pub use address::{absolute_links, joined};
use element::{Element, Spaces};
pub use entry::language;
use entry::{About, Draft, Person};
use value::Capture;
pub use value::resolve;

/// So many tokens may come before the first element of a feed: warnings of a server, an HTML wrapper.
const LONGEST_PREAMBLE: usize = 400;

pub fn read(text: &str, address: &str, now: Timestamp) -> Option<Parsed> {
    let mut tokens = Tokens::of(text);
    let mut entities = Vec::new();
    let root = root(&mut tokens, &mut entities)?;
    match root.local() {
        name if name.eq_ignore_ascii_case("urlset") || name.eq_ignore_ascii_case("sitemapindex") => {
            sitemap::read(root, tokens, address, now)
        }
        _ => Reading::of(tokens, entities, address, now).read(root),
    }
}

/// The first element that a document of ours can begin with.
fn root<'a>(tokens: &mut Tokens<'a>, entities: &mut Vec<(&'a str, &'a str)>) -> Option<Tag<'a>> {
    const ROOTS: [&str; 8] = ["rss", "feed", "rdf", "channel", "urlset", "sitemapindex", "item", "entry"];
    let mut in_page = false;
    for token in tokens.take(LONGEST_PREAMBLE) {
        match token {
            Token::Start(tag) => {
                let local = tag.local();
                in_page |= local.eq_ignore_ascii_case("html");
                let at = ROOTS.iter().position(|root| root.eq_ignore_ascii_case(local));
                // A page may have something that it calls an item.
                if at.is_some_and(|at| at < 3 || !in_page) {
                    return Some(tag);
                }
            }
            Token::DocType(inside) => value::declared_entities(inside, entities),
            _ => {}
        }
    }
    None
}

/// What the innermost open element is about: where its children's values go.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Role {
    Feed,
    Entry,
    Person { contributor: bool },
    Source,
    Image,
    Skip,
}

struct Open<'a> {
    name: &'a str,
    role: Role,
    /// How many namespaces, bases and languages were known before it.
    spaces: usize,
    bases: usize,
    languages: usize,
}

struct Reading<'a> {
    tokens: Tokens<'a>,
    address: &'a str,
    now: Timestamp,
    open: Vec<Open<'a>>,
    capture: Option<Capture<'a>>,
    spaces: Spaces<'a>,
    bases: Vec<String>,
    languages: Vec<&'a str>,
    entities: Vec<(&'a str, &'a str)>,
    is_atom: bool,
    about: About,
    entry: Option<Draft>,
    person: Person,
    entries: Vec<Published>,
    too_many: bool,
}

impl<'a> Reading<'a> {
    fn of(
        tokens: Tokens<'a>,
        entities: Vec<(&'a str, &'a str)>,
        address: &'a str,
        now: Timestamp,
    ) -> Reading<'a> {
        Reading {
            tokens,
            address,
            now,
            open: Vec::new(),
            capture: None,
            spaces: Spaces::default(),
            bases: Vec::new(),
            languages: Vec::new(),
            entities,
            is_atom: false,
            about: About::default(),
            entry: None,
            person: Person::default(),
            entries: Vec::new(),
            too_many: false,
        }
    }

    fn read(mut self, root: Tag<'a>) -> Option<Parsed> {
        self.is_atom =
            root.local().eq_ignore_ascii_case("feed") || root.local().eq_ignore_ascii_case("entry");
        let format = element::format(&root);
        self.start(root);
        self.about.language = self.languages.first().and_then(|it| language(it));
        while !self.too_many
            && let Some(token) = self.tokens.next()
        {
            match token {
                Token::Start(tag) => self.start(tag),
                Token::End(name) => self.end(name),
                Token::Text(text) => self.text(text),
                Token::CData(text) => self.cdata(text),
                Token::Reference(name) => self.reference(name),
                Token::DocType(_) => {}
            }
        }
        self.finish(format)
    }

    fn finish(mut self, format: &'static str) -> Option<Parsed> {
        let cut_off = self.tokens.cut_off || self.capture.is_some();
        if let Some(draft) = self.entry.take() {
            // Half an entry would look edited when the whole one comes. The only one is better than nothing.
            let whole = !cut_off || self.entries.is_empty();
            if whole && !self.too_many {
                self.finish_capture();
                self.keep(draft);
            }
        }
        self.finish_capture();
        let mut parsed = self.about.parsed(format, self.address, self.is_atom, self.entries);
        if cut_off {
            let says = "The document stops in the middle; its whole entries were read.";
            parsed.troubles.push(Trouble::new("truncated", says));
        }
        if 0 < self.tokens.errors() {
            let says = format!(
                "It is not well-formed XML ({} faults); it was read as it was most likely meant.",
                self.tokens.errors()
            );
            parsed.troubles.push(Trouble::new("bad_xml", says));
        }
        if self.too_many {
            parsed.troubles.push(Trouble::new(
                "too_many",
                format!("It has more than {MOST_ENTRIES} entries; the first were read."),
            ));
        }
        Some(parsed)
    }

    fn role(&self) -> Role {
        self.open.last().map_or(Role::Feed, |open| open.role)
    }

    fn base(&self) -> Option<&str> {
        self.bases.last().map(String::as_str)
    }

    // ------------------------------------------------------------------------------------------------- elements

    fn start(&mut self, tag: Tag<'a>) {
        if self.capture.is_some() && self.start_inside_capture(tag) {
            return;
        }
        let before = (self.spaces.len(), self.bases.len(), self.languages.len());
        self.note_common_attributes(&tag);
        let (element, rank) = self.spaces.element(tag.name);
        if element == Element::Entry && self.role() != Role::Source {
            self.begin_entry(&tag);
        }
        let role = match (self.role(), element) {
            (_, Element::Entry) => Role::Entry,
            (Role::Feed, Element::Feed) => self.about.cdf_channel(&tag, self.address),
            (role @ (Role::Feed | Role::Entry), Element::Transparent) => role,
            (Role::Feed | Role::Entry, Element::Author | Element::Contributor) => {
                self.person = Person::default();
                Role::Person { contributor: element == Element::Contributor }
            }
            (Role::Entry, Element::Source) => Role::Source,
            (Role::Feed | Role::Entry, Element::Image) => Role::Image,
            (
                Role::Entry,
                Element::MediaContent | Element::MediaThumbnail | Element::Enclosure | Element::ItunesImage,
            ) => {
                self.note_media(element, &tag);
                Role::Entry
            }
            (Role::Entry, Element::ItunesCategory) => {
                if let (Some(draft), Some(label)) = (&mut self.entry, tag.attribute("text")) {
                    draft.add_label(&crate::text::plain(&crate::text::unescape(label)));
                }
                Role::Entry
            }
            (Role::Feed | Role::Entry, Element::Link) if tag.attribute("href").is_some() => {
                self.note_link(&tag);
                Role::Skip
            }
            (Role::Feed | Role::Entry, Element::Logo) if tag.attribute("href").is_some() => Role::Skip,
            (role, element) if element.is_value_in(role) => {
                self.begin_capture(element, rank, tag, before);
                return;
            }
            _ => Role::Skip,
        };
        if !tag.empty && self.open.len() < MOST_DEPTH {
            let (spaces, bases, languages) = before;
            self.open.push(Open { name: tag.name, role, spaces, bases, languages });
        } else {
            self.forget(before);
            if tag.empty && element == Element::Entry {
                self.end_entry();
            }
        }
    }

    /// `xml:base`, `xml:lang`, `xmlns`: they hold for the element and all inside.
    fn note_common_attributes(&mut self, tag: &Tag<'a>) {
        if tag.attributes.len() < 5 {
            return;
        }
        if tag.attributes.contains("xmlns") {
            self.spaces.note(tag);
        }
        if !tag.attributes.contains(":base")
            && !tag.attributes.contains(":lang")
            && !tag.attributes.contains("BASE")
        {
            return;
        }
        for (name, value) in tag.attributes() {
            match name {
                "xml:base" | "BASE" => {
                    let base = crate::text::unescape(value);
                    let outer = self.base().unwrap_or(self.address);
                    self.bases.extend(address::joined(&base, Some(outer)));
                }
                "xml:lang" => self.languages.push(value),
                _ => {}
            }
        }
    }

    fn forget(&mut self, (spaces, bases, languages): (usize, usize, usize)) {
        self.spaces.truncate(spaces);
        self.bases.truncate(bases);
        self.languages.truncate(languages);
    }

    fn end(&mut self, name: &'a str) {
        if let Some(capture) = &mut self.capture {
            if capture.name.eq_ignore_ascii_case(name) {
                if 0 < capture.nested {
                    capture.nested -= 1;
                    capture.markup("</", local(name), ">");
                } else {
                    self.finish_capture();
                }
                return;
            }
            let ends_an_outer = !capture.kind.is_tree() && self.open.iter().any(|open| open.name == name);
            if !ends_an_outer {
                capture.markup("</", local(name), ">");
                return;
            }
            self.finish_capture();
        }
        let Some(at) = self.open.iter().rposition(|open| open.name.eq_ignore_ascii_case(name)) else {
            return;
        };
        while at < self.open.len() {
            self.close();
        }
    }

    /// The innermost open element ends.
    fn close(&mut self) {
        let Some(open) = self.open.pop() else { return };
        match open.role {
            Role::Entry if self.role() != Role::Entry => self.end_entry(),
            Role::Person { contributor } if !matches!(self.role(), Role::Person { .. }) => {
                self.end_person(contributor)
            }
            _ => {}
        }
        self.forget((open.spaces, open.bases, open.languages));
    }

    // ------------------------------------------------------------------------------------------------- entries

    fn begin_entry(&mut self, tag: &Tag<'a>) {
        // The one before it never ended.
        if let Some(at) = self.open.iter().position(|open| open.role == Role::Entry) {
            while at < self.open.len() {
                self.close();
            }
        }
        if MOST_ENTRIES <= self.entries.len() {
            self.too_many = true;
        }
        let mut draft = Draft::default();
        draft.note_own_attributes(tag, self.base().unwrap_or(self.address), self.now);
        self.entry = Some(draft);
    }

    fn end_entry(&mut self) {
        if let Some(mut draft) = self.entry.take() {
            let languages = self.open.last().map_or(0, |_| self.languages.len());
            draft.language =
                draft.language.or_else(|| self.languages[..languages].last().map(|it| (*it).to_owned()));
            self.keep(draft);
        }
    }

    fn keep(&mut self, draft: Draft) {
        if let Some(published) = draft.published() {
            self.entries.push(published);
        }
    }

    fn end_person(&mut self, contributor: bool) {
        let names = std::mem::take(&mut self.person).names();
        if contributor {
            return;
        }
        match &mut self.entry {
            Some(draft) => draft.add_authors(names, 3),
            None => self.about.authors.extend(names),
        }
    }

    fn note_link(&mut self, tag: &Tag<'a>) {
        let base = self.bases.last().map_or(self.address, String::as_str);
        let link = value::Link::of(tag, base);
        match &mut self.entry {
            Some(draft) => draft.add_link(link),
            None => self.about.add_link(link),
        }
    }

    fn note_media(&mut self, element: Element, tag: &Tag<'a>) {
        let base = self.bases.last().map_or(self.address, String::as_str);
        if let Some(draft) = &mut self.entry {
            draft.add_media(element, tag, base);
        }
    }

    // ------------------------------------------------------------------------------------------------- values

    fn begin_capture(&mut self, element: Element, rank: u8, tag: Tag<'a>, before: (usize, usize, usize)) {
        // Its base and language hold for its value, and are gone when it ends.
        let (spaces, bases, languages) = before;
        let mut capture = Capture::of(element, rank, tag, self.is_atom);
        capture.role = self.role();
        (capture.spaces, capture.bases, capture.languages) = (spaces, bases, languages);
        self.capture = Some(capture);
        if tag.empty {
            self.finish_capture();
        }
    }

    /// Whether the tag belongs to the value; otherwise the value has ended without saying so.
    fn start_inside_capture(&mut self, tag: Tag<'a>) -> bool {
        let (element, _) = self.spaces.element(tag.name);
        let Some(capture) = &mut self.capture else { return false };
        if tag.name == capture.name {
            capture.nested += u32::from(!tag.empty);
            capture.tag(&tag);
            return true;
        }
        if !capture.kind.is_tree() && element.ends(capture.element, &tag) {
            self.finish_capture();
            return false;
        }
        capture.tag(&tag);
        true
    }

    fn text(&mut self, text: &'a str) {
        if let Some(capture) = &mut self.capture {
            capture.text(text);
        } else if matches!(self.role(), Role::Person { .. } | Role::Source | Role::Image) {
            self.loose_text(text);
        }
    }

    fn cdata(&mut self, text: &'a str) {
        if let Some(capture) = &mut self.capture {
            capture.cdata(text);
        } else if matches!(self.role(), Role::Person { .. } | Role::Source | Role::Image) {
            self.loose_text(text);
        }
    }

    fn reference(&mut self, name: &'a str) {
        let declared = self.entities.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        if let Some(capture) = &mut self.capture {
            capture.reference(name, declared);
        } else if matches!(self.role(), Role::Person { .. } | Role::Source) {
            let mut resolved = String::new();
            value::resolve(name, declared, &mut resolved);
            self.loose_text(&resolved);
        }
    }

    /// Text right inside of an element that may also have children.
    fn loose_text(&mut self, text: &str) {
        match (self.role(), &mut self.entry) {
            (Role::Person { .. }, _) => self.person.add_text(text),
            (Role::Source, Some(draft)) => draft.add_source(text),
            (Role::Image, Some(draft)) => {
                draft.add_image(text.trim(), self.bases.last().map_or(self.address, String::as_str), 2)
            }
            _ => {}
        }
    }

    fn finish_capture(&mut self) {
        let Some(capture) = self.capture.take() else { return };
        let base = self.bases.last().map(String::as_str);
        match capture.role {
            Role::Person { .. } => self.person.put(&capture),
            Role::Source => {
                if let Some(draft) = &mut self.entry {
                    draft.put_source(&capture);
                }
            }
            Role::Image => {
                if let Some(draft) = &mut self.entry {
                    draft.add_image(capture.text.trim(), base.unwrap_or(self.address), 2);
                }
            }
            Role::Entry => {
                if let Some(draft) = &mut self.entry {
                    let language = self.languages.get(capture.languages..).and_then(|own| own.last());
                    draft.put(&capture, base, language.copied(), self.address, self.now);
                }
            }
            Role::Feed => self.about.put(&capture, base.unwrap_or(self.address)),
            Role::Skip => {}
        }
        self.forget((capture.spaces, capture.bases, capture.languages));
    }
}

fn local(name: &str) -> &str {
    name.rsplit_once(':').map_or(name, |(_, local)| local)
}

impl Tag<'_> {
    fn local(&self) -> &str {
        local(self.name)
    }
}
