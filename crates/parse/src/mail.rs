//! A mail to an entry: headers and charsets by `mail-parser`, its text as that of a clean article, the newsletter that
//! it is of, and what else readers want of it (where it is on the web, where to confirm, where to end it).

mod body;
mod links;
mod plain;
mod words;

use mail_parser::{Address, HeaderName, Message, MessageParser, MimeHeaders, PartType};
use news::{Mailing, Published, Timestamp};

use crate::{LONGEST_ADDRESS, LONGEST_HTML, identity, text};

/// Bytes of a mail that are looked at.
pub const LARGEST_MAIL: usize = 10_000_000;
/// Mails inside of mails and parts inside of parts: the parser goes down them by recursion, and no newsletter has more.
const MOST_PARTS: usize = 300;
/// Attachments that are named.
const MOST_NAMED: usize = 20;

/// The newsletter of mails that do not say whose they are.
const UNSIGNED: &str = "unsigned";

/// What a mail says.
#[derive(Clone, Debug)]
pub struct Mail {
    pub published: Published,
    /// Tells newsletters apart: the `List-Id`, else the sender's address. Lower case.
    pub newsletter: String,
    /// What the newsletter calls itself.
    pub title: String,
    /// `None` when the mail could not be read.
    pub mailing: Option<Mailing>,
}

/// Reads a mail, however broken. What has not even a header is shown as it came.
pub fn parse_mail(bytes: &[u8]) -> Mail {
    read(bytes).unwrap_or_else(|| unreadable_mail(bytes))
}

/// A mail that nobody can make sense of, as the text that it is: what was taken in is not lost.
pub fn unreadable_mail(bytes: &[u8]) -> Mail {
    let bytes = &bytes[..bytes.len().min(LONGEST_HTML / 8)];
    let text: String = String::from_utf8_lossy(bytes)
        .chars()
        .map(|c| if c.is_control() && c != '\n' { ' ' } else { c })
        .collect();
    let mut published = Published {
        title: "(a mail that could not be read)".into(),
        summary: text::escape(&beginning(&text)),
        content: format!("<p>This mail could not be read. It came as:</p><pre>{}</pre>", text::escape(&text)),
        ..Published::default()
    };
    published.guid = identity::by_content(&published);
    Mail {
        published,
        newsletter: "unreadable".into(),
        title: "Mails that could not be read".into(),
        mailing: None,
    }
}

fn read(bytes: &[u8]) -> Option<Mail> {
    let bytes = &bytes[..bytes.len().min(LARGEST_MAIL)];
    let message = match is_too_nested(bytes) {
        false => MessageParser::default().parse(bytes)?,
        true => MessageParser::default().parse_headers(headers_of(bytes))?,
    };
    if message.headers().is_empty() {
        return None;
    }
    let title = message.subject().map(text::fold).filter(|it| !it.is_empty());
    let title = title.unwrap_or_else(|| "(without a subject)".into());
    let body = body::clean(&html_of(&message));
    let (sender, name) = sender(&message);
    let unsubscribe = unsubscribe(&message).or(body.unsubscribe);
    let confirm = links::confirmation(&title, &body.links, &body.text);
    let list = list(&message);
    let mailing = Mailing { sender: sender.clone(), unsubscribe, confirm };
    let mut content = body.html;
    text::cap_html(&mut content, LONGEST_HTML);
    content.push_str(&attachments(&message));
    let mut published = Published {
        guid: message.message_id().map(|id| format!("<{id}>")).unwrap_or_default(),
        url: archived_at(&message)
            .or(body.on_the_web)
            .filter(|url| links::is_theirs(url, &sender, list.as_ref())),
        title,
        summary: text::escape(&beginning(&body.text)),
        content,
        authors: vec![name.clone()],
        at: message.date().map(|date| Timestamp(date.to_timestamp())),
        ..Published::default()
    };
    if published.guid.is_empty() || 900 < published.guid.len() {
        published.guid = identity::by_content(&published);
    }
    let newsletter = list.as_ref().map_or(sender, |(id, _)| id.clone());
    let title = list.and_then(|(_, called)| called).unwrap_or(name);
    let (newsletter, title) = match newsletter.is_empty() {
        true => (UNSIGNED.to_owned(), "Mails without a sender".to_owned()),
        false => (newsletter, title),
    };
    Some(Mail { published, newsletter, title, mailing: Some(mailing) })
}

fn is_too_nested(bytes: &[u8]) -> bool {
    let count = |word: &[u8]| {
        let lower = word[0];
        memchr::memchr2_iter(lower, lower.to_ascii_uppercase(), bytes)
            .filter(|&at| bytes[at..].get(..word.len()).is_some_and(|it| it.eq_ignore_ascii_case(word)))
            .take(MOST_PARTS + 1)
            .count()
    };
    MOST_PARTS < count(b"message/") + count(b"multipart/")
}

/// Up to the first empty line.
fn headers_of(bytes: &[u8]) -> &[u8] {
    let end =
        memchr::memmem::find(bytes, b"\n\r\n").into_iter().chain(memchr::memmem::find(bytes, b"\n\n")).min();
    &bytes[..end.map_or(bytes.len(), |at| at + 1)]
}

/// The HTML parts; where there is none, the plain text as paragraphs.
fn html_of(message: &Message) -> String {
    let mut html = String::new();
    for part in message.html_bodies().filter(|it| it.is_text_html()) {
        html.push_str(part.text_contents().unwrap_or_default());
    }
    if !html.trim().is_empty() {
        return html;
    }
    for part in message.text_bodies() {
        let PartType::Text(text) = &part.body else { continue };
        let asks = |name: &str| part.content_type().and_then(|it| it.attribute(name)).unwrap_or_default();
        let flowed = asks("format").eq_ignore_ascii_case("flowed");
        html.push_str(&plain::paragraphs(text, flowed, asks("delsp").eq_ignore_ascii_case("yes")));
    }
    html
}

fn first<'a>(address: Option<&'a Address<'a>>) -> Option<&'a mail_parser::Addr<'a>> {
    address.and_then(Address::first)
}

/// Address and name of whoever sends it: the name in `From`, else in `Reply-To`, else the address.
fn sender(message: &Message) -> (String, String) {
    let (from, reply) = (first(message.from()), first(message.reply_to()));
    let address = from.or(reply).and_then(|it| it.address.clone()).unwrap_or_default();
    let address: String =
        address.trim().to_lowercase().chars().filter(|c| !c.is_whitespace()).take(320).collect();
    let name = |it: Option<&mail_parser::Addr>| {
        let name = it?.name.as_deref().map(text::fold)?;
        (!name.is_empty() && !name.contains('@')).then_some(name)
    };
    let name = name(from).or_else(|| name(reply)).unwrap_or_else(|| match address.split_once('@') {
        Some((_, host)) => host.to_owned(),
        None => "unknown sender".into(),
    });
    (address, name)
}

/// `The Harbour Post <post.harbour.example>`: the part in brackets stays, the words are for people (RFC 2919).
fn list(message: &Message) -> Option<(String, Option<String>)> {
    let raw = message.header_raw(HeaderName::ListId)?;
    let (words, id) = raw.rsplit_once('<')?;
    let id = id.split('>').next()?.trim().to_lowercase();
    let is_id = id.contains('.') && id.len() <= 255 && id.bytes().all(|b| b.is_ascii_graphic());
    let words = text::fold(words.trim().trim_matches('"'));
    // Encoded words are left to the name in `From`; many mailers put a number or an id there.
    let is_name = 3 < words.len() && !words.contains("=?") && words.contains(char::is_whitespace);
    is_id.then(|| (id, is_name.then_some(words)))
}

/// `List-Unsubscribe: <https://…>, <mailto:…>` (RFC 2369): what can be clicked goes first.
fn unsubscribe(message: &Message) -> Option<String> {
    let raw = message.header_raw(HeaderName::ListUnsubscribe)?;
    let unfolded: String = raw.chars().filter(|c| !c.is_whitespace()).collect();
    let addresses: Vec<&str> = unfolded
        .split('<')
        .skip(1)
        .filter_map(|it| it.split_once('>').map(|(address, _)| address))
        .filter(|it| it.len() <= LONGEST_ADDRESS)
        .collect();
    let begins = |scheme: &str| {
        addresses.iter().find(|it| it.get(..scheme.len()).is_some_and(|s| s.eq_ignore_ascii_case(scheme)))
    };
    let found = begins("https://").or_else(|| begins("http://")).or_else(|| begins("mailto:"))?;
    url::Url::parse(found).ok().map(Into::into)
}

/// `Archived-At: <https://…>` (RFC 5064).
fn archived_at(message: &Message) -> Option<String> {
    let raw = message.header_raw("Archived-At")?;
    let address = raw.trim().trim_start_matches('<').trim_end_matches('>');
    links::on_the_web(address)
}

fn attachments(message: &Message) -> String {
    let is_shown = |part: &mail_parser::MessagePart| {
        part.content_id().is_some() && part.content_type().is_some_and(|it| it.ctype() == "image")
    };
    let names = message.attachments().filter(|it| !is_shown(it)).map(|part| match part.attachment_name() {
        Some(name) => text::fold(name),
        None => "a part without a name".into(),
    });
    let names: Vec<String> = names.take(MOST_NAMED).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("<p>Attached, and not kept: {}</p>", text::escape(&names.join(", "))),
    }
}

/// A few hundred characters of the text, for lists.
fn beginning(text: &str) -> String {
    let mut beginning: String = text.chars().take(400).collect();
    if beginning.len() < text.len() {
        beginning.truncate(beginning.rfind(' ').unwrap_or(beginning.len()));
    }
    beginning
}
