//! A whole article, or as much of it as stands before a wall?

use super::blocks::{Block, Blocks};
use crate::metadata::Said;

/// A text of this many words has said what it has to say, wall or not.
const SURELY_MORE_THAN_A_TASTE: f32 = 450.0;
/// So far behind the text an invitation to pay may stand.
const LOOK_BEHIND: usize = 8;

const WALLS: &[&str] = &[
    "subscribe to continue",
    "subscribe to read",
    "to continue reading",
    "continue reading with",
    "already a subscriber",
    "this article is for subscribers",
    "for subscribers only",
    "subscriber-only",
    "subscribers only",
    "log in to continue",
    "sign in to continue",
    "create a free account to",
    "unlock this article",
    "become a member to",
    "to read the full",
    "read the full story",
    "keep reading for",
    "jetzt weiterlesen",
    "weiterlesen mit",
    "sie haben bereits ein",
    "mit abo",
    "jetzt abonnieren",
    "diesen artikel weiterlesen",
    "réservé aux abonnés",
    "la suite est réservée",
    "déjà abonné",
    "il vous reste",
    "solo para suscriptores",
    "contenido exclusivo",
    "ya eres suscriptor",
    "riservato agli abbonati",
    "sei già abbonato",
    "czytaj dalej z",
    "dla subskrybentów",
    "voor abonnees",
    "log in om verder",
    "för prenumeranter",
    "for abonnenter",
    "logga in för att",
    "exclusivo para assinantes",
];

/// What says in so many words that there is more than stands here, however much that is.
const REST: &[&str] = &["la suite est réservée", "il vous reste"];
/// It is said in a sentence or two.
const REST_WORDS: f32 = 24.0;

fn tells_of_rest(block: &Block) -> bool {
    block.words <= REST_WORDS && {
        let text = block.text.to_lowercase();
        REST.iter().any(|it| text.contains(it))
    }
}

/// A short text that invites to pay or to sign in.
pub fn is_wall(block: &Block) -> bool {
    block.words <= 10.0 && {
        let text = block.text.to_lowercase();
        WALLS.iter().any(|wall| text.starts_with(wall))
    } || tells_of_rest(block)
}

pub fn is_cut(page: &Blocks, kept: &[bool], text: &str, words: f32, said: &Said) -> bool {
    let end = text.trim_end();
    if said.words.is_some_and(|there_are| words * 1.7 < there_are) {
        return true;
    }
    let last = kept.iter().rposition(|it| *it);
    let behind = || page.blocks.iter().skip(last.map_or(0, |it| it + 1)).take(LOOK_BEHIND);
    if behind().any(tells_of_rest) {
        return true;
    }
    if SURELY_MORE_THAN_A_TASTE < words {
        return false;
    }
    let trails_off = end.ends_with('…') || end.ends_with("...");
    if said.free == Some(false) && words < SURELY_MORE_THAN_A_TASTE / 2.0 || trails_off {
        return true;
    }
    let short = behind().filter(|it| it.words < 40.0);
    short.map(|it| it.text.to_lowercase()).any(|it| WALLS.iter().any(|wall| it.contains(wall)))
}
