//! Prints every article with the happening that it tells of, as JSON lines: golden data for whoever measures grouping.
//! `cargo run -p demo --example golden -- de` prints one language only.

use serde_json::json;

/// 2 January 2023, noon: the same lines in every run.
const NOW: news::Timestamp = news::Timestamp(1_672_660_800);

fn main() {
    let language = std::env::args().nth(1);
    for article in demo::articles(NOW) {
        if language.as_deref().is_some_and(|language| language != article.outlet.language) {
            continue;
        }
        let line = json!({
            "id": article.slug,
            "story": article.happening,
            "title": article.title,
            "description": article.standfirst,
            "text": article.text(),
            "date": demo::rfc3339(article.published),
            "source": article.outlet.host_label,
            "url": format!("https://{}{}", article.outlet.host_label, article.outlet.path_of(article.slug)),
            "language": article.outlet.language,
        });
        println!("{line}");
    }
}
