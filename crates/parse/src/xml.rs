//! Tolerant XML: what quick-xml finds, and what can be made of the rest.
//!
//! Never fails. What is no markup is text; what was never closed ends where the document does.

use quick_xml::{Reader, events::Event};

/// After so many syntax errors the rest is not worth the time: each may cost a look at the whole rest.
const MOST_ERRORS: usize = 200;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Token<'a> {
    Start(Tag<'a>),
    /// Its name, prefix included.
    End(&'a str),
    /// Characters that mean themselves.
    Text(&'a str),
    /// A CDATA section's characters.
    CData(&'a str),
    /// `name` of `&name;`.
    Reference(&'a str),
    /// What stands inside `<!DOCTYPE …>`.
    DocType(&'a str),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tag<'a> {
    pub name: &'a str,
    /// Everything behind the name.
    pub attributes: &'a str,
    /// `<br/>`
    pub empty: bool,
}

impl<'a> Tag<'a> {
    pub fn attributes(&self) -> Attributes<'a> {
        Attributes::of(self.attributes)
    }

    /// The raw value of the attribute (names are compared without case).
    pub fn attribute(&self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// Names and raw values, quotes or not.
pub struct Attributes<'a> {
    rest: &'a str,
}

impl<'a> Attributes<'a> {
    pub fn of(rest: &'a str) -> Attributes<'a> {
        Attributes { rest }
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<(&'a str, &'a str)> {
        let rest = self
            .rest
            .trim_start_matches(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '"' | '\'' | '='));
        if rest.is_empty() {
            return None;
        }
        let end = rest.find(|c: char| c == '=' || c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.trim_ascii_start().strip_prefix('=') else {
            self.rest = after;
            return Some((name, ""));
        };
        let value = value.trim_ascii_start();
        let (value, after) = match value.as_bytes().first() {
            Some(quote @ (b'"' | b'\'')) => {
                let inside = &value[1..];
                let end = inside.find(*quote as char).unwrap_or(inside.len());
                (&inside[..end], inside.get(end + 1..).unwrap_or(""))
            }
            _ => value.split_at(value.find(|c: char| c.is_ascii_whitespace()).unwrap_or(value.len())),
        };
        self.rest = after;
        Some((name, value))
    }
}

/// The tokens of a document, in order.
pub struct Tokens<'a> {
    text: &'a str,
    /// Where the reader began in `text`: it is begun again behind a syntax error.
    offset: usize,
    reader: Reader<&'a [u8]>,
    errors: usize,
    /// The document stopped inside of a tag, comment or CDATA section.
    pub cut_off: bool,
}

impl<'a> Tokens<'a> {
    pub fn of(text: &'a str) -> Tokens<'a> {
        Tokens { text, offset: 0, reader: reader(text), errors: 0, cut_off: false }
    }

    /// How many places were not XML.
    pub fn errors(&self) -> usize {
        self.errors
    }

    fn reached(&self) -> usize {
        self.offset + self.reader.buffer_position() as usize
    }

    fn go_on_at(&mut self, position: usize) {
        self.offset = position;
        self.reader = reader(&self.text[position..]);
    }

    fn start(&mut self, from: usize, to: usize) -> Option<Token<'a>> {
        let inside = &self.text[from + 1..to - 1];
        if !inside.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | ':')) {
            // "a < b": no tag at all.
            self.errors += 1;
            self.go_on_at(from + 1);
            return Some(Token::Text("<"));
        }
        // An attribute that lost a quote would swallow the document up to the next one.
        if inside.contains('<')
            && let Some(swallowed) =
                ["\n<", "</item", "</entry"].iter().filter_map(|it| inside.find(it)).min()
            && let Some(end) = inside[..swallowed].find('>')
        {
            self.errors += 1;
            self.go_on_at(from + 1 + end + 1);
            return Some(Token::Start(tag(&inside[..end])));
        }
        Some(Token::Start(tag(inside)))
    }

    /// quick-xml gave up at `at`: something was begun there and never ended.
    fn repair(&mut self, at: usize) -> Option<Token<'a>> {
        self.errors += 1;
        let rest = &self.text[at..];
        if MOST_ERRORS < self.errors {
            self.cut_off = true;
            self.go_on_at(self.text.len());
            return None;
        }
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = ["</item", "</entry", "</ITEM"].iter().filter_map(|end| data.find(end)).min();
            self.cut_off |= end.is_none();
            let end = end.unwrap_or(data.len());
            self.go_on_at(at + 9 + end);
            return Some(Token::CData(&data[..end]));
        }
        if rest.starts_with("<!--") {
            self.go_on_at(at + 4);
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            self.go_on_at(at + end);
        } else if let Some(end) = rest.find('>')
            && !rest.starts_with('>')
        {
            // An attribute that lost a quote, with no other quote behind it.
            self.go_on_at(at + end + 1);
            let inside = rest.get(1..end).unwrap_or("");
            if let Some(name) = inside.strip_prefix('/') {
                return Some(Token::End(name.trim_ascii()));
            }
            return Some(Token::Start(tag(inside)));
        } else if rest.len() < 2 || rest[1..].starts_with(|c: char| c.is_alphabetic() || c == '/') {
            self.cut_off = true;
            self.go_on_at(self.text.len());
        } else {
            self.go_on_at(at + 1);
            return Some(Token::Text("<"));
        }
        self.next()
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let from = self.reached();
            let event = self.reader.read_event();
            let to = self.reached();
            return match event {
                Ok(Event::Start(_) | Event::Empty(_)) => self.start(from, to),
                Ok(Event::End(_)) => {
                    let name = self.text[from + 2..to - 1].trim_ascii();
                    Some(Token::End(name.split_ascii_whitespace().next().unwrap_or("")))
                }
                Ok(Event::Text(_)) => Some(Token::Text(&self.text[from..to])),
                Ok(Event::CData(_)) => Some(Token::CData(&self.text[from + 9..to - 3])),
                Ok(Event::GeneralRef(_)) => Some(Token::Reference(&self.text[from + 1..to - 1])),
                Ok(Event::DocType(_)) => Some(Token::DocType(&self.text[from..to])),
                Ok(Event::Comment(_) | Event::PI(_) | Event::Decl(_)) => continue,
                Ok(Event::Eof) => None,
                Err(_) => {
                    let at = self.offset + self.reader.error_position() as usize;
                    let at = if (from..self.text.len()).contains(&at) && self.text.is_char_boundary(at) {
                        at
                    } else {
                        from
                    };
                    if self.text.len() <= at { None } else { self.repair(at) }
                }
            };
        }
    }
}

fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    reader
}

fn tag(inside: &str) -> Tag<'_> {
    let (inside, empty) = match inside.strip_suffix('/') {
        Some(inside) => (inside, true),
        None => (inside, false),
    };
    let end = inside.find(|c: char| c.is_ascii_whitespace() || c == '/').unwrap_or(inside.len());
    let (name, attributes) = inside.split_at(end);
    Tag { name, attributes, empty }
}
