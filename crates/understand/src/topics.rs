//! What an article is about, as a human tree has it.

use news::{Language, Topic};

pub fn topics(
    _title: &str,
    _body: &str,
    _address: &str,
    labels: &[String],
    _language: &Language,
) -> Vec<Topic> {
    let known = |label: &String| ["sport", "politics", "health"].contains(&label.to_lowercase().as_str());
    labels.iter().filter(|label| known(label)).map(|label| Topic(label.to_lowercase())).collect()
}
