use crate::{ArticleId, KeyPoint, Language, Quote, Timestamp};

/// The clean, readable document behind one canonical address.
#[derive(Clone, Debug)]
pub struct Article {
    pub id: ArticleId,
    pub extracted: Extracted,
    /// The three sentences that say most, or the publisher's own points. These and the quotes are made from the text
    /// when somebody looks (`App::read`): most articles are never opened, and the store keeps neither.
    pub key_points: Vec<KeyPoint>,
    pub quotes: Vec<Quote>,
}

/// What was made of a page (or of a feed's own content): all of an article but its number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Extracted {
    /// Canonical address; unique among articles.
    pub address: String,
    pub title: String,
    /// The standfirst: one or two sentences under the headline.
    pub standfirst: Option<String>,
    /// The publisher's own bullets under the headline.
    pub key_points: Vec<String>,
    pub authors: Vec<Author>,
    /// The publication's name ("The Daily Example"), not its host.
    pub outlet: Option<String>,
    /// Section and topic labels, as the page has them.
    pub labels: Vec<String>,
    pub published: Option<Timestamp>,
    pub updated: Option<Timestamp>,
    pub language: Option<Language>,
    pub body: SafeHtml,
    /// The body's text: paragraphs separated by one `\n`. What is understood, searched and measured.
    pub text: String,
    pub completeness: Completeness,
    /// Can be read without paying or signing in, where known.
    pub free: Option<bool>,
    pub picture: Option<Picture>,
    pub media: Vec<Media>,
    /// Addresses that the text links to (outbound, canonical, at most 50).
    pub links: Vec<String>,
    /// The same article in other languages.
    pub alternates: Vec<(Language, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Author {
    pub name: String,
    pub kind: AuthorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthorKind {
    Person,
    /// A news agency or the outlet's own desk.
    Agency,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Completeness {
    /// The whole article.
    Full,
    /// A taste: the feed's summary, or what stands before a paywall.
    #[default]
    Excerpt,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    pub url: String,
    pub caption: Option<String>,
    pub credit: Option<String>,
    pub width: Option<u32>,
    pub height: Option<u32>,
}

/// Video or sound inside an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Media {
    pub url: String,
    pub title: Option<String>,
    pub seconds: Option<u32>,
    pub is_video: bool,
}

/// HTML that has been through the sanitiser. There is no other way to make one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SafeHtml(String);

impl SafeHtml {
    /// For the sanitiser (`extract::sanitize`), and for the store, which hands back what the sanitiser made.
    pub fn vouched_for(html: String) -> SafeHtml {
        SafeHtml(html)
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
