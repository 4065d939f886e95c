//! Whatever is put together out of what breaks sanitisers and pages: clean, a fixed point, never a panic.

use proptest::prelude::*;

use crate::{Page, extract, images_through, sanitize};

/// Pieces that mean something to parsers, for putting together in any order.
const PIECES: &[&str] = &[
    "<p>",
    "</p>",
    "<b>",
    "</b>",
    "<i>",
    "<a href=\"/x\">",
    "<a href='javascript:alert(1)'>",
    "</a>",
    "<div>",
    "</div>",
    "<table>",
    "<tr>",
    "<td>",
    "</table>",
    "<ul>",
    "<li>",
    "</ul>",
    "<svg>",
    "<math>",
    "<mtext>",
    "</svg>",
    "<style>",
    "</style>",
    "<script>",
    "alert(1)",
    "</script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<title>",
    "</title>",
    "<textarea>",
    "<noscript>",
    "<template>",
    "<img src=x onerror=alert(1)>",
    "<img src=\"https://a.example/1.png\">",
    "<iframe src=\"//b.example/\">",
    "<details open ontoggle=x>",
    "<h1>",
    "</h1>",
    "<form action=x>",
    "<select>",
    "<option>",
    "<plaintext>",
    "<xmp>",
    "&lt;script&gt;",
    "&#x3c;",
    "&#0;",
    "&amp",
    "\"",
    "'",
    ">",
    "<",
    "=",
    "/",
    "\r\n",
    "\u{0}",
    "\u{202e}",
    "\u{a0}",
    "text and ",
    "<x-y z=\"1\">",
    "<p style=\"position:fixed\">",
    "<base href=//c.example>",
    "<time datetime=\"2024-01-01\">",
    "<q cite=\"d:e\">",
];

fn html() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
        1 => "[<>&;\"'=/a-z !-]{0,12}",
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn what_is_left_is_clean_and_stays_as_it_is(html in html()) {
        let clean = sanitize(&html, "https://news.example/a");
        prop_assert_eq!(testkit::is_clean(clean.as_str()), Ok(()), "{}", clean.as_str());
        let again = sanitize(clean.as_str(), "https://news.example/a");
        prop_assert_eq!(again.as_str(), clean.as_str());
        let shown = images_through(&clean, |_| "/image?u=1".to_owned());
        prop_assert!(!shown.as_str().contains("src=\"http"));
    }

    #[test]
    fn a_page_of_anything_gives_a_clean_article_or_none(html in html(), before in html()) {
        let words = "The ferry came in at noon and left again an hour later with nobody on board. ".repeat(12);
        for page in [html.clone(), format!("<html><body>{before}<article><h1>Ferry</h1>{html}<p>{words}</p>")] {
            let page = Page { address: "https://news.example/a", html: &page, hint: None };
            if let Some(article) = extract(&page) {
                prop_assert_eq!(testkit::is_clean(article.body.as_str()), Ok(()));
            }
        }
    }
}
