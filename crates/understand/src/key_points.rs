//! The three sentences that say most, word for word, with where they stand.

use news::{KeyPoint, Language};

use crate::sentences::sentences;

const POINTS: usize = 3;

pub fn key_points(_title: &str, body: &str, own: &[String], _language: &Language) -> Vec<KeyPoint> {
    if !own.is_empty() {
        let own = own.iter().map(|it| it.trim()).filter(|it| !it.is_empty());
        return own.take(2 * POINTS).map(|says| KeyPoint { says: says.to_owned(), at: None }).collect();
    }
    let point = |(from, to): (usize, usize)| KeyPoint {
        says: body[from..to].to_owned(),
        at: Some((from as u32, to as u32)),
    };
    sentences(body).filter(|(from, to)| 20 <= to - from).take(POINTS).map(point).collect()
}
