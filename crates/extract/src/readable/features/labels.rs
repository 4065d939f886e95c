//! Short texts that are no part of any article, word for word: labels of advertisements, invitations to go on.

/// Lower case, without what stands around them.
const LABELS: &[&str] = &[
    "advertisement",
    "advertisements",
    "advertising",
    "advertisement continue reading below",
    "advertisement article continues below",
    "article content",
    "article continues below",
    "article continues after advertisement",
    "article continues below advertisement",
    "story continues below",
    "story continues below advertisement",
    "continue reading below",
    "continue reading the main story",
    "scroll to continue",
    "skip advertisement",
    "skip ad",
    "ad",
    "sponsored",
    "sponsored content",
    "paid content",
    "promoted",
    "anzeige",
    "werbung",
    "publicité",
    "la suite après cette publicité",
    "publicidad",
    "publicidade",
    "pubblicità",
    "advertentie",
    "reklama",
    "reklam",
    "reklame",
    "annonse",
    "annons",
    "annonce",
    "mainos",
    "реклама",
    "広告",
    "광고",
    "share this",
    "share this article",
    "share this story",
    "share on facebook",
    "tweet",
    "read more",
    "read also",
    "see also",
    "related articles",
    "related stories",
    "recommended stories",
    "mehr zum thema",
    "lesen sie auch",
    "lire aussi",
    "à lire aussi",
    "leggi anche",
    "lee también",
    "leia também",
    "leia mais",
    "czytaj też",
    "czytaj także",
    "zobacz też",
    "les også",
    "läs mer",
    "lees ook",
    "sign up for our newsletter",
    "subscribe to our newsletter",
    "newsletter",
    "this slideshow requires javascript",
    "loading",
    "you must be logged in to post a comment",
    "leave a comment",
    "leave a reply",
    "comments",
    "no comments",
];

pub fn is_label(text: &str) -> bool {
    if 80 < text.len() {
        return false;
    }
    let mut letters = String::with_capacity(text.len());
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|it| !it.is_empty()) {
        if !letters.is_empty() {
            letters.push(' ');
        }
        if word.is_ascii() {
            letters.push_str(word);
        } else {
            letters.extend(word.chars().flat_map(char::to_lowercase));
        }
    }
    letters.make_ascii_lowercase();
    LABELS.contains(&letters.as_str())
}
