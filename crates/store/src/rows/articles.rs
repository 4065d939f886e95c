//! Articles as rows keep them.

use news::{Author, Completeness, Extracted, Language, Media, Picture};

use crate::pack::{In, Pack, packs, put_number, put_record, squeeze, unpack, unsqueeze};

packs! {
    More { key_points, authors, labels, picture, media, links, alternates }
}

/// What no question about articles looks into.
#[derive(Default)]
pub(crate) struct More {
    key_points: Vec<String>,
    pub authors: Vec<Author>,
    labels: Vec<String>,
    pub picture: Option<Picture>,
    media: Vec<Media>,
    pub links: Vec<String>,
    alternates: Vec<(Language, String)>,
}

impl More {
    /// The same fields in the same order, without copying them first.
    pub fn pack(it: &Extracted) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        put_record(&mut out, |out| {
            it.key_points.put(out);
            it.authors.put(out);
            it.labels.put(out);
            it.picture.put(out);
            it.media.put(out);
            it.links.put(out);
            it.alternates.put(out);
        });
        out
    }
}

/// Columns in the order of [`EXTRACTED`].
pub(crate) const EXTRACTED: &str = "a.address, a.title, a.standfirst, a.outlet_name, a.published, a.updated, a.language, a.is_full, a.free, a.more, t.body";

pub(crate) fn extracted(row: &dyn crate::conn::Row, first: usize) -> Extracted {
    let More { key_points, authors, labels, picture, media, links, alternates } = unpack(row.blob(first + 9));
    let (html, text) = body(row.blob(first + 10));
    Extracted {
        address: row.text(first),
        title: row.text(first + 1),
        standfirst: row.maybe_text(first + 2),
        key_points,
        authors,
        outlet: row.maybe_text(first + 3),
        labels,
        published: row.maybe_time(first + 4),
        updated: row.maybe_time(first + 5),
        language: row.maybe_text(first + 6).map(Language),
        body: news::SafeHtml::vouched_for(html),
        text,
        completeness: if row.flag(first + 7) { Completeness::Full } else { Completeness::Excerpt },
        free: row.maybe_int(first + 8).map(|free| free != 0),
        picture,
        media,
        links,
        alternates,
    }
}

/// HTML and text in one frame: the text says the same words again, which costs next to nothing.
pub(crate) fn squeeze_body(extracted: &Extracted) -> Vec<u8> {
    let html = extracted.body.as_str();
    let mut out = Vec::with_capacity(html.len() + extracted.text.len() + 4);
    put_number(html.len() as u64, &mut out);
    out.extend(html.as_bytes());
    out.extend(extracted.text.as_bytes());
    squeeze(&out)
}

pub(crate) fn body(bytes: &[u8]) -> (String, String) {
    let bytes = unsqueeze(bytes);
    let mut from = In(&bytes);
    let html: String = Pack::take(&mut from);
    (html, String::from_utf8_lossy(from.0).into_owned())
}

/// Words as a reader counts them; where words are not spaced, two characters make one.
pub(crate) fn words(text: &str) -> u32 {
    let spaced = text.split_ascii_whitespace().count();
    let unspaced =
        if text.is_ascii() { 0 } else { text.chars().filter(|&c| crate::search::is_cjk(c)).count() / 2 };
    u32::try_from(spaced.max(unspaced)).unwrap_or(u32::MAX)
}
