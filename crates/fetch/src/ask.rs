//! What one can ask of the web.

use std::sync::Arc;

use crate::Private;

/// How much of a body is read when nothing else is said: 10 MB after unpacking.
const AT_MOST: usize = 10_000_000;

/// One document that is wanted.
#[derive(Clone, Debug)]
pub struct Request {
    pub address: String,
    /// As the last answer had them, byte for byte; always sent as a pair.
    pub etag: Option<String>,
    pub last_modified: Option<String>,
    pub accept: Accept,
    /// Bytes after unpacking; a longer body is trouble.
    pub at_most: usize,
    /// Ask robots.txt first. For pages that a program goes to by itself; not for feeds, which are there to be fetched,
    /// nor for a page that a person has just typed in.
    pub obey_robots: bool,
    /// What the owner gave for this source alone.
    pub private: Option<Arc<Private>>,
}

impl Request {
    pub fn feed(address: &str, etag: Option<String>, last_modified: Option<String>) -> Request {
        Request { etag, last_modified, ..Request::of(address, Accept::Feed) }
    }

    /// A page that the program goes to by itself: robots.txt is asked.
    pub fn page(address: &str) -> Request {
        Request { obey_robots: true, ..Request::of(address, Accept::Page) }
    }

    /// A page that a person asked for just now.
    pub fn visit(address: &str) -> Request {
        Request::of(address, Accept::Page)
    }

    pub fn image(address: &str) -> Request {
        Request::of(address, Accept::Image)
    }

    /// With what was given for the source alone.
    pub fn with(self, private: Option<Arc<Private>>) -> Request {
        Request { private, ..self }
    }

    fn of(address: &str, accept: Accept) -> Request {
        Request {
            address: address.to_owned(),
            etag: None,
            last_modified: None,
            accept,
            at_most: AT_MOST,
            obey_robots: false,
            private: None,
        }
    }

    pub(crate) fn robots(address: &str) -> Request {
        // RFC 9309, 2.5: at least 500 KiB have to be read.
        Request { at_most: 512_000, ..Request::of(address, Accept::Robots) }
    }

    pub(crate) fn is_conditional(&self) -> bool {
        self.etag.is_some() || self.last_modified.is_some()
    }
}

/// What kind of document it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Accept {
    Feed,
    Page,
    Image,
    Robots,
}

impl Accept {
    pub(crate) fn header(self) -> &'static str {
        match self {
            Accept::Feed => {
                "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, \
                 text/xml;q=0.9, application/json;q=0.8, text/html;q=0.5, */*;q=0.1"
            }
            Accept::Page => "text/html, application/xhtml+xml;q=0.9, */*;q=0.1",
            Accept::Image => "image/webp, image/png, image/jpeg, image/gif;q=0.9, */*;q=0.1",
            Accept::Robots => "text/plain, */*;q=0.1",
        }
    }
}

/// Something that is sent out: a webhook, a subscription, a push.
#[derive(Clone, Debug)]
pub struct Message {
    pub method: Method,
    pub address: String,
    pub content_type: String,
    /// More header lines; the reserved ones are refused, `Authorization` is not.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Post,
    Put,
    Delete,
}
