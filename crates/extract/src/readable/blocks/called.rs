//! What an element's name, class names and ids say in so many words; the model's tables know the rest.

use std::sync::LazyLock;

use super::flag;
use crate::dom::{Dom, Id, Kind};
use crate::spotter::Spotter;

const CALLED: &[(u32, &[&str])] = &[
    (flag::COMMENTS, &["comment", "disqus", "discussion", "respond", "replies", "kommentar", "comentario"]),
    (
        flag::RELATED,
        &[
            "related",
            "recommend",
            "recirc",
            "read-more",
            "readmore",
            "more-from",
            "morefrom",
            "most-",
            "popular",
            "trending",
            "teaser",
            "outbrain",
            "taboola",
            "also-",
            "next-article",
            "you-may",
            "similar",
        ],
    ),
    (
        flag::PROMOTION,
        &[
            "promo",
            "newsletter",
            "subscri",
            "signup",
            "sign-up",
            "sponsor",
            "advert",
            "banner",
            "donat",
            "paywall",
            "affiliate",
            "cta",
            "commerce",
        ],
    ),
    (flag::CAPTION, &["caption", "credit", "copyright", "gallery", "slide", "wp-caption"]),
    (flag::ABOUT_AUTHOR, &["author", "byline", "bio", "contributor"]),
    (flag::QUOTED, &["quote", "zitat", "citat"]),
    (flag::SHARING, &["share", "social", "follow", "toolbar"]),
    (flag::OVERLAY, &["cookie", "consent", "modal", "popup", "overlay", "gdpr", "lightbox"]),
    (
        flag::SIDE,
        &[
            "sidebar",
            "side-bar",
            "widget",
            "rail",
            "breadcrumb",
            "menu",
            "footer",
            "masthead",
            "navbar",
            "header",
        ],
    ),
    (
        flag::TEXT,
        &[
            "articlebody",
            "article-body",
            "article_body",
            "article-content",
            "article__body",
            "article-text",
            "articletext",
            "entry-content",
            "post-content",
            "story-body",
            "storybody",
            "post-body",
            "story-content",
            "body-copy",
            "article__content",
            "post_content",
            "richtext",
            "rich-text",
            "td-post-content",
            "articlecontent",
        ],
    ),
];

/// Of a class attribute or an id.
pub fn called(value: &str) -> u32 {
    if value.is_empty() || 400 <= value.len() {
        return 0;
    }
    static SPOTTER: LazyLock<Spotter> = LazyLock::new(|| Spotter::of(CALLED));
    let value = value.to_ascii_lowercase();
    let mut flags = SPOTTER.spot(value.as_bytes());
    if flags & flag::COMMENTS != 0 && value.split_ascii_whitespace().any(holds_replies) {
        flags |= flag::REPLIES;
    }
    flags
}

/// A class name or id, in lower case, that names the place of readers' comments, rather than a link to it or a count.
fn holds_replies(name: &str) -> bool {
    let mut parts = name.split(|c: char| !c.is_ascii_alphabetic()).filter(|it| !it.is_empty());
    const OTHER: &[&str] = &[
        "no", "has", "open", "closed", "count", "counter", "link", "with", "num", "number", "button", "btn",
        "icon", "off", "on",
    ];
    const PLACE: &[&str] = &[
        "list", "body", "content", "text", "area", "thread", "respond", "form", "section", "wrapper", "box",
        "reply",
    ];
    if parts.clone().any(|it| OTHER.contains(&it)) {
        return false;
    }
    let place = |it: &str| {
        ["comment", "comments"]
            .iter()
            .any(|head| it.strip_prefix(head).is_some_and(|rest| PLACE.contains(&rest)))
    };
    parts
        .clone()
        .any(|it| matches!(it, "comments" | "disqus" | "commentscontainer" | "fbcomments") || place(it))
        || parts.clone().any(|it| it == "comment") && parts.any(|it| PLACE.contains(&it))
}

/// Of an element's name, its role and its property.
pub fn named(name: &str, role: Option<&str>, property: Option<&str>) -> u32 {
    let mut flags = match name {
        "article" => flag::ARTICLE,
        "main" => flag::MAIN,
        "aside" => flag::ASIDE,
        "nav" => flag::NAV,
        "footer" => flag::FOOTER,
        "header" => flag::HEADER,
        "form" | "fieldset" => flag::FORM,
        "figure" => flag::FIGURE,
        "ul" | "ol" => flag::LIST,
        "table" => flag::TABLE,
        "blockquote" => flag::QUOTE,
        "section" => flag::SECTION,
        "details" => flag::DETAILS,
        _ => 0,
    };
    match role {
        Some("main") => flags |= flag::MAIN,
        Some("navigation") => flags |= flag::NAV,
        Some("complementary") => flags |= flag::ASIDE,
        Some("contentinfo") => flags |= flag::FOOTER,
        Some("article") => flags |= flag::ARTICLE,
        Some("dialog" | "alertdialog") => flags |= flag::HIDDEN,
        _ => {}
    }
    if property.is_some_and(|it| it.eq_ignore_ascii_case("articleBody")) {
        flags |= flag::ARTICLE_BODY;
    }
    flags
}

/// It says that it is not shown.
pub fn is_hidden(dom: &Dom, id: Id) -> bool {
    let Kind::Element { attrs, .. } = &dom.nodes[id as usize].kind else { return false };
    attrs.iter().any(|attr| match &*attr.name.local {
        "hidden" => true,
        "aria-hidden" => &*attr.value == "true",
        "style" => {
            attr.value.bytes().any(|b| matches!(b, b'y' | b'Y')) && {
                let style = attr.value.to_ascii_lowercase().replace(' ', "");
                style.contains("display:none") || style.contains("visibility:hidden")
            }
        }
        _ => false,
    })
}
