//! The publisher's own bullets under the headline.

use std::sync::LazyLock;

use html5ever::local_name;

use crate::dom::{Dom, Id};
use crate::spotter::Spotter;

const CALLED: &[&str] = &[
    "keypoint",
    "key-point",
    "key_point",
    "keytakeaway",
    "key-takeaway",
    "takeaway",
    "highlights",
    "bullet-summary",
    "articlesummary",
    "article-summary",
    "summary-list",
    "key-facts",
    "keyfacts",
    "at-a-glance",
    "tldr",
    "in-brief",
    "summarylist",
    "story-highlights",
];
const HEADED: &[&str] = &[
    "key points",
    "key takeaways",
    "takeaways",
    "the takeaways",
    "highlights",
    "at a glance",
    "in brief",
    "in short",
    "what to know",
    "summary",
    "tl;dr",
    "das wichtigste in kürze",
    "auf einen blick",
    "das wichtigste",
    "zusammenfassung",
    "in kürze",
    "darum geht's",
    "darum gehts",
    "l'essentiel",
    "en bref",
    "puntos clave",
    "claves",
    "in breve",
    "punti chiave",
    "de kern",
    "in het kort",
    "i korthet",
    "kort fortalt",
    "w skrócie",
];

pub fn key_points(dom: &Dom) -> Vec<String> {
    dom.all(&local_name!("ul")).take(200).find_map(|list| points(dom, list)).unwrap_or_default()
}

fn points(dom: &Dom, list: Id) -> Option<Vec<String>> {
    if !is_called(dom, list) && !is_headed(dom, list) {
        return None;
    }
    let items = dom.children(list).filter(|it| dom.is(*it, &local_name!("li"))).map(|it| dom.text(it));
    let items: Vec<String> = items.filter(|it| !it.is_empty()).collect();
    let is_sentence = |it: &String| (4..=60).contains(&it.split(' ').count());
    ((2..=10).contains(&items.len()) && items.iter().all(is_sentence)).then_some(items)
}

fn is_called(dom: &Dom, list: Id) -> bool {
    static SPOTTER: LazyLock<Spotter> = LazyLock::new(|| Spotter::of(&[(1, CALLED)]));
    std::iter::once(list).chain(dom.ancestors(list).take(3)).any(|it| {
        ["class", "id", "data-testid", "data-component"]
            .iter()
            .filter_map(|name| dom.attr(it, name))
            .any(|it| SPOTTER.spot(it.to_ascii_lowercase().as_bytes()) != 0)
    })
}

fn is_headed(dom: &Dom, list: Id) -> bool {
    let before = |id: Id| Some(dom.nodes[id as usize].prev).filter(|it| *it != crate::dom::NONE);
    let mut at = Some(list);
    for _ in 0..2 {
        let Some(here) = at else { return false };
        let mut sibling = before(here);
        for _ in 0..3 {
            let Some(it) = sibling else { break };
            if dom.name(it).is_some() {
                let text = dom.text(it).to_lowercase();
                return HEADED.contains(&text.trim_end_matches([':', '.', ' ']));
            }
            sibling = before(it);
        }
        at = dom.parent(here);
    }
    false
}
