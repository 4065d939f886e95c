//! What stands under the lead picture, and who made it.
//!
//! The picture that a page names for sharing is mostly the one at its head, cut in another way; where none on the page
//! can be told to be the same, the caption of the figure at the head of the article is taken.

use std::sync::LazyLock;

use crate::dom::{Dom, Id, Kind};
use crate::pictures;
use crate::spotter::Spotter;

#[derive(Debug, Default, PartialEq)]
pub struct Caption {
    pub text: Option<String>,
    pub credit: Option<String>,
}

const OF_CAPTION: u32 = 1;
const OF_CREDIT: u32 = 2;

const SPEAK: &[(u32, &[&str])] = &[
    (OF_CAPTION, &["caption", "legend", "cutline", "bildunterschrift", "bildtext", "leyenda", "didascalia"]),
    (
        OF_CREDIT,
        &[
            "credit",
            "copyright",
            "source",
            "photographer",
            "fotograf",
            "bildquelle",
            "captionauthor",
            "rights",
        ],
    ),
];

/// Pictures of a page that are looked at.
const PICTURES: usize = 60;
/// What holds a picture and what belongs to it is no larger.
const NODES: usize = 150;
const WORDS: usize = 90;
/// A credit is no longer, in bytes.
const CREDIT: usize = 120;
/// A caption is no longer.
const TEXT: usize = 2_000;
/// After so many paragraphs of running text no picture stands at the head of the article.
const PARAGRAPHS: usize = 2;
const PARAGRAPH: usize = 150;

/// Of the picture at that address.
pub fn caption(dom: &Dom, address: &str) -> Caption {
    let Some(body) = dom.body() else { return Caption::default() };
    let shown = dom.under(body).filter(|it| dom.is_one_of(*it, &["img"])).take(PICTURES);
    let same = shown.filter(|it| {
        let sources = [pictures::source(dom, *it), dom.attr(*it, "src").map(str::to_owned)];
        sources.iter().flatten().any(|it| pictures::is_same(it, address))
    });
    let found = same.filter_map(|it| holder(dom, it)).map(|it| within(dom, it));
    found.into_iter().find(|it| *it != Caption::default()).or_else(|| at_head(dom, body)).unwrap_or_default()
}

/// Of the first picture that has any, unless the text has begun.
fn at_head(dom: &Dom, body: Id) -> Option<Caption> {
    let (mut paragraphs, mut pictures) = (0, 0);
    for id in dom.under(body) {
        if dom.is_one_of(id, &["p"]) {
            paragraphs += usize::from(dom.brief(id, PARAGRAPH).is_none());
        }
        if PARAGRAPHS <= paragraphs || PICTURES <= pictures {
            return None;
        }
        if dom.is_one_of(id, &["img"]) && !dom.ancestors(id).any(|it| is_foreign(dom, it)) {
            pictures += 1;
            let found = holder(dom, id).map(|it| within(dom, it)).unwrap_or_default();
            if found != Caption::default() {
                return Some(found);
            }
        }
    }
    None
}

fn is_foreign(dom: &Dom, id: Id) -> bool {
    dom.is_one_of(id, &["a", "aside", "nav", "footer", "li"])
}

/// The smallest element that holds a picture with its caption or credit.
fn holder(dom: &Dom, picture: Id) -> Option<Id> {
    let figure = dom.ancestors(picture).take(8).find(|it| dom.is_one_of(*it, &["figure"]));
    figure.or_else(|| {
        dom.ancestors(picture)
            .take(5)
            .take_while(|it| is_small(dom, *it))
            .find(|it| dom.under(*it).any(|it| speaks(dom, it) != 0))
    })
}

/// It holds one picture and what may be said of it.
fn is_small(dom: &Dom, id: Id) -> bool {
    let (mut nodes, mut words, mut pictures) = (0, 0, 0);
    for under in dom.under(id) {
        nodes += 1;
        match &dom.nodes[under as usize].kind {
            Kind::Text(text) => words += text.split_ascii_whitespace().count(),
            _ => pictures += usize::from(dom.is_one_of(under, &["img"]) && !is_without_script(dom, under)),
        }
        if NODES < nodes || WORDS < words || 1 < pictures {
            return false;
        }
    }
    true
}

fn is_without_script(dom: &Dom, id: Id) -> bool {
    dom.parent(id).is_some_and(|it| dom.is_one_of(it, &["noscript"]))
}

fn speaks(dom: &Dom, id: Id) -> u32 {
    static SPOTTER: LazyLock<Spotter> = LazyLock::new(|| Spotter::of(SPEAK));
    let Some(name) = dom.name(id) else { return 0 };
    if matches!(&**name, "img" | "picture" | "source" | "figure" | "button" | "script" | "noscript") {
        return 0;
    }
    let names = ["class", "itemprop"].iter().filter_map(|it| dom.attr(id, it));
    let said = names.map(|it| SPOTTER.spot(it.to_ascii_lowercase().as_bytes())).fold(0, |all, it| all | it);
    if &**name == "figcaption" { said & OF_CREDIT | OF_CAPTION } else { said }
}

fn within(dom: &Dom, holder: Id) -> Caption {
    let speaking: Vec<(Id, u32)> =
        dom.under(holder).take(NODES).map(|it| (it, speaks(dom, it))).filter(|it| it.1 != 0).collect();
    let is_under = |id: Id, other: Id| dom.ancestors(id).take_while(|it| *it != holder).any(|it| it == other);
    // What speaks of a credit and holds the caption is no credit but the box around both.
    let credit = speaking
        .iter()
        .filter(|it| it.1 & OF_CREDIT != 0)
        .map(|it| it.0)
        .find(|it| !speaking.iter().any(|(other, said)| said & OF_CREDIT == 0 && is_under(*other, *it)));
    let caption = speaking.iter().map(|it| it.0).find(|it| Some(*it) != credit);
    // "Copyright" alone is a label: what it is of stands beside it.
    let is_labelled = |it: Id| dom.brief(it, CREDIT).is_some_and(|it| is_label(&it));
    let credit = credit.map(|it| dom.parent(it).filter(|_| is_labelled(it)).unwrap_or(it));
    let credit = credit.and_then(|it| dom.brief(it, CREDIT)).filter(|it| !is_label(it));
    let mut text = caption.and_then(|it| dom.brief(it, TEXT)).unwrap_or_default();
    if let Some(credit) = &credit {
        text = text.replacen(credit, "", 1);
    }
    split(text.trim(), credit)
}

fn is_label(text: &str) -> bool {
    let text = text.trim_matches(|c: char| !c.is_alphabetic());
    text.is_empty()
        || ["copyright", "credit", "source", "tous droits réservés"].contains(&text.to_lowercase().as_str())
}

/// Words with which a credit begins, in lower case as far as they are ASCII.
const BEGIN: &[&str] = &[
    "©",
    "(c)",
    "foto:",
    "fotos:",
    "foto :",
    "photo:",
    "photos:",
    "photo :",
    "photo by",
    "photos by",
    "photo credit:",
    "photograph:",
    "picture:",
    "pictures:",
    "image:",
    "images:",
    "image credit:",
    "bild:",
    "bildquelle:",
    "bildrechte:",
    "symbolfoto:",
    "symbolbild:",
    "archivfoto:",
    "quelle:",
    "credit:",
    "credits:",
    "crédit:",
    "crédit :",
    "crédits:",
    "Crédit:",
    "Crédit :",
    "Crédits:",
    "source:",
    "fuente:",
    "imagen:",
    "kuva:",
    "fot.",
    "фото:",
    "Фото:",
    "foto di",
];
/// Who ends a caption in brackets or behind a stroke made the picture.
const AGENCIES: &[&str] = &[
    "getty",
    "reuters",
    "afp",
    "ap photo",
    "associated press",
    "dpa",
    "epa",
    "imago",
    "picture alliance",
    "shutterstock",
    "keystone",
    "scanpix",
    "ansa",
    "xinhua",
    "istock",
    "alamy",
    "bloomberg",
    "pa images",
    "unsplash",
    "wikimedia",
    "anadolu",
    "press association",
    "pa wire",
];

/// A caption without the credit that it ends with.
fn split(text: &str, credit: Option<String>) -> Caption {
    let (text, credit) = match credit {
        Some(it) => (text, Some(it)),
        None => match begin_of_credit(text) {
            Some(at) => (text[..at].trim_end_matches(is_between), Some(text[at..].to_owned())),
            None => (text, None),
        },
    };
    Caption {
        text: Some(text.trim_matches(is_separator).to_owned())
            .filter(|it| it.chars().any(char::is_alphabetic)),
        credit: credit.map(|it| bare(&it).to_owned()).filter(|it| it.chars().any(char::is_alphabetic)),
    }
}

fn begin_of_credit(text: &str) -> Option<usize> {
    let lower = text.to_ascii_lowercase();
    let is_word = |at: usize| !lower[..at].ends_with(char::is_alphanumeric);
    let said = BEGIN.iter().filter_map(|it| lower.find(it).filter(|at| is_word(*at))).min();
    let behind = || {
        let at =
            [" | ", " / ", "/ ", " – ", " - ", " (", ". "].iter().filter_map(|it| lower.rfind(it)).max()?;
        let is_agency = AGENCIES.iter().any(|it| lower[at..].contains(it));
        let in_brackets = lower[at..].starts_with(" (") && lower[at..].contains('/') && lower.ends_with(')');
        (is_agency || in_brackets).then_some(at + usize::from(lower[at..].starts_with('.')))
    };
    said.or_else(behind).filter(|at| text.len() - at <= CREDIT)
}

fn bare(credit: &str) -> &str {
    let mut credit = credit.trim_matches(is_between);
    while let Some(begin) =
        BEGIN.iter().find(|it| credit.get(..it.len()).is_some_and(|head| head.to_ascii_lowercase() == **it))
    {
        credit = credit[begin.len()..].trim_matches(is_between);
    }
    credit
}

/// What stands around a credit.
fn is_between(c: char) -> bool {
    is_separator(c) || matches!(c, '(' | ')' | '[' | ']')
}

/// What stands between a caption and its credit.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '|' | '/' | '•' | '·' | '–' | '—' | ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, text: &str, credit: &str) {
        let found = caption(&Dom::parse(html), "https://a.example/pictures/440913/harbour-1200x675.jpg");
        let some = |it: &str| Some(it.to_owned()).filter(|it| !it.is_empty());
        assert_eq!(found, Caption { text: some(text), credit: some(credit) });
    }

    const IMG: &str = "<img src='/pictures/440913/harbour-640.webp'>";

    #[test]
    fn caption_and_credit_are_told_apart() {
        let figure = |caption: &str| format!("<figure>{IMG}<figcaption>{caption}</figcaption></figure>");
        check(&figure("The harbour at dawn."), "The harbour at dawn.", "");
        check(&figure("The harbour. <span class='credit'>Ann Lee</span>"), "The harbour.", "Ann Lee");
        check(&figure("The harbour, Foto: Ann Lee"), "The harbour", "Ann Lee");
        check(
            &figure("<span>The harbour.</span> <span>&copy; Ann Lee | AP</span>"),
            "The harbour.",
            "Ann Lee | AP",
        );
        check(&figure("The harbour (Ann Lee/Reuters)"), "The harbour", "Ann Lee/Reuters");
        check(&figure("The harbour (and the mole)"), "The harbour (and the mole)", "");
        check(&figure("Photo by Ann Lee"), "", "Ann Lee");
    }

    #[test]
    fn without_a_figure_the_box_around_it_says_it() {
        check(
            &format!(
                "<div><div>{IMG}</div><p class='wp-caption-text'>The harbour | Bildquelle: Port</p></div><p>Text</p>"
            ),
            "The harbour",
            "Port",
        );
        check(&format!("<div>{IMG}<p>Nothing that says what it is.</p></div>"), "", "");
    }

    #[test]
    fn the_figure_at_the_head_speaks_for_a_picture_that_is_nowhere() {
        let figure = "<figure><img src='/other.jpg'><figcaption>At the head</figcaption></figure>";
        let long = format!("<p>{}</p>", "Long text. ".repeat(30));
        check(&format!("<main><h1>A</h1>{figure}{long}</main>"), "At the head", "");
        check(&format!("<main><h1>A</h1>{long}{long}{figure}</main>"), "", "");
        check(&format!("<aside>{figure}</aside>{long}"), "", "");
    }
}
